import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { DEBOOTSNAP, SBUILD, SBUILD_CONFIG } from '../../src/rebuild/stand-ins.ts'
import { buildinfoText, newFolder, removeProjects } from './made-project.ts'

let folder: string
let environment: Record<string, string>

/** Writes down what it is called with, and the pins that the hook would copy; makes the tar file. */
const MMDEBSTRAP = `#!/bin/sh
for argument in "$@"; do
  printf '%s\\n' "$argument" >> "$FOLDER/mmdebstrap.args"
  case $argument in
    --setup-hook=*) file=\${argument#*"'"}; cp "\${file%%"'"*}" "$FOLDER/preferences" ;;
    *.part) echo chroot > "$argument" ;;
  esac
done
`

beforeEach(() => {
  folder = newFolder()
  for (const name of ['bin', 'chroots', 'tmp']) mkdirSync(path.join(folder, name))
  writeFileSync(path.join(folder, 'bin/mmdebstrap'), MMDEBSTRAP, { mode: 0o755 })
  writeFileSync(path.join(folder, 'bin/debootsnap'), DEBOOTSNAP, { mode: 0o755 })
  writeFileSync(path.join(folder, 'bin/sbuild'), SBUILD, { mode: 0o755 })
  writeFileSync(path.join(folder, 'build.sources'), 'Types: deb\n')
  writeFileSync(
    path.join(folder, 'x.buildinfo'),
    buildinfoText('hello', '1.0', [{ name: 'hello' }], {
      'Installed-Build-Depends': '\n base-files (= 12.4),\n gcc:i386 (= 4:12.2.0-3),\n libc6 (= 2.36-9+deb12u1)',
    }),
  )
  environment = {
    PATH: `${folder}/bin:/usr/bin:/bin`,
    FOLDER: folder,
    TMPDIR: path.join(folder, 'tmp'),
    DEBPROOF_BUILD_SOURCES: path.join(folder, 'build.sources'),
    DEBPROOF_CHROOT_CACHE: path.join(folder, 'chroots'),
  }
})

afterAll(removeProjects)

function debootsnap(...args: string[]): string {
  return execFileSync(path.join(folder, 'bin/debootsnap'), args, { env: environment, encoding: 'utf8', stdio: 'pipe' })
}

test.each([
  ['debootsnap', DEBOOTSNAP],
  ['sbuild', SBUILD],
])('%s is a script that a POSIX shell can read', (_, text) => {
  execFileSync('sh', ['-n'], { input: text })
})

describe('debootsnap', () => {
  const call = (output = 'out.tar'): string =>
    debootsnap(`--buildinfo=${folder}/x.buildinfo`, '--cache=/nowhere', path.join(folder, output))

  test('has mmdebstrap install each build dependency in its version, from the given sources', () => {
    call()
    const args = readFileSync(path.join(folder, 'mmdebstrap.args'), 'utf8').split('\n')
    expect(args).toContain('--include=apt,fakeroot,base-files=12.4,gcc:i386=4:12.2.0-3,libc6=2.36-9+deb12u1')
    expect(args).toContain('--architectures=amd64,i386')
    expect(args).toContain('--variant=essential')
    expect(args.at(-2)).toBe(path.join(folder, 'build.sources'))
    expect(readFileSync(path.join(folder, 'out.tar'), 'utf8')).toBe('chroot\n')
  })

  test('pins the same versions, for the essential packages are chosen before all others', () => {
    call()
    expect(readFileSync(path.join(folder, 'preferences'), 'utf8')).toBe(
      [
        ['base-files', '12.4'],
        ['gcc:i386', '4:12.2.0-3'],
        ['libc6', '2.36-9+deb12u1'],
      ]
        .map(([name, version]) => `Package: ${name}\nPin: version ${version}\nPin-Priority: 1001\n\n`)
        .join(''),
    )
  })

  test('makes the same chroot once, and another one for other packages or other sources', () => {
    const calls = (): number =>
      readFileSync(path.join(folder, 'mmdebstrap.args'), 'utf8')
        .split('\n')
        .filter((line) => line === '--format=tar').length
    call('one.tar')
    call('two.tar')
    expect(calls()).toBe(1)
    expect(existsSync(path.join(folder, 'two.tar'))).toBe(true)
    writeFileSync(path.join(folder, 'build.sources'), 'Types: deb\nSuites: other\n')
    call('three.tar')
    expect(calls()).toBe(2)
  })

  test('prints the sources where only they are asked for', () => {
    expect(debootsnap(`--buildinfo=${folder}/x.buildinfo`, '--sources-list-only')).toBe('Types: deb\n')
  })

  test('leaves nothing behind, and fails where mmdebstrap fails', () => {
    writeFileSync(path.join(folder, 'bin/mmdebstrap'), '#!/bin/sh\nexit 7\n', { mode: 0o755 })
    expect(() => call()).toThrow()
    expect(existsSync(path.join(folder, 'out.tar'))).toBe(false)
    expect(
      execFileSync('ls', [path.join(folder, 'tmp'), path.join(folder, 'chroots')], { encoding: 'utf8' }),
    ).not.toMatch(/tmp\.|\.tar/)
  })

  test('refuses what it does not know', () => {
    expect(() => debootsnap('--packages=x', 'out.tar')).toThrow(/unknown option --packages=x/)
    expect(() => debootsnap('out.tar')).toThrow(/is missing/)
  })
})

test('sbuild hands over every argument as it is, and the checked .dsc as the last', () => {
  writeFileSync(path.join(folder, 'real'), '#!/bin/sh\nfor a in "$@"; do printf "<%s>" "$a"; done\n', { mode: 0o755 })
  const changelog = '--binNMU-changelog=hello (1.0+b1) sid; binary-only=yes\n\n  * $(x) `y` "z"\n'
  const { stdout } = spawnSync(path.join(folder, 'bin/sbuild'), ['--chroot=a b', changelog, '', 'hello_1.0'], {
    env: { ...environment, DEBPROOF_SBUILD: path.join(folder, 'real'), DEBPROOF_DSC: '/in/hello_1.0.dsc' },
    encoding: 'utf8',
  })
  expect(stdout).toBe(`<--chroot=a b><${changelog}><></in/hello_1.0.dsc>`)
})

test('the configuration of sbuild ends true, and has nothing fetched', () => {
  expect(SBUILD_CONFIG).toContain('$apt_update = 0;')
  expect(SBUILD_CONFIG.trimEnd().endsWith('\n1;')).toBe(true)
})
