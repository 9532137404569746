import { spawn } from 'node:child_process'
import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { CODENAME, mirrorOfThisMachine, sha256Of } from './mirror.ts'
import { cleanEnvironment, debproof, PROJECT, scratchFolder, succeed } from './running.ts'

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'
/** Where the hook lies on this machine and in the chroot: mmdebstrap runs apt on both sides. */
const HOOK = path.join(scratchFolder(), 'apt-hook')

/** Made by dpkg-deb below: versions of a package, and one that apt must not get to install. */
const MADE = { first: ['made', '1.0-1'], second: ['made', '1:1.1-1'], refused: ['refused', '1'] } as const

interface Listed {
  readonly name: string
  readonly version: string
  readonly sha256: string | null
}

describe('the hook for apt, in a chroot that mmdebstrap builds from the mirror', () => {
  const scratch = scratchFolder()
  const list = path.join(scratch, 'build.list')
  const status = path.join(scratch, 'root/var/lib/dpkg/status')

  beforeAll(async () => {
    const { debian } = mirrorOfThisMachine()
    const tarball = path.join(scratch, 'root.tar')
    for (const folder of [scratch, path.dirname(HOOK)]) await chmod(folder, 0o755)
    await copyFile(path.join(PROJECT, 'hooks/apt-hook'), HOOK)
    for (const [file, [name, version]] of Object.entries(MADE)) {
      const control = path.join(scratch, file, 'DEBIAN/control')
      await mkdir(path.dirname(control), { recursive: true })
      const fields = [
        `Package: ${name}`,
        `Version: ${version}`,
        'Architecture: all',
        'Maintainer: Made <made@example.org>',
      ]
      await writeFile(control, `${fields.join('\n')}\nDescription: ${file}\n`)
      await succeed('dpkg-deb', ['--root-owner-group', '--build', path.join(scratch, file), debOf(file)])
    }
    const apt = (words: string): string => `--customize-hook=chroot "$1" apt-get -y ${words}`
    const options = [
      '--variant=apt',
      '--include=ca-certificates',
      `--keyring=${KEYRING}`,
      `--aptopt=DPkg::Pre-Install-Pkgs:: "${HOOK} >&9"`,
      `--aptopt=DPkg::Tools::Options::${HOOK}::Version "3"`,
      '--aptopt=APT::Keep-Fds:: "9"',
      `--setup-hook=mkdir -p "$1${path.dirname(HOOK)}"`,
      `--setup-hook=copy-in ${HOOK} ${path.dirname(HOOK)}`,
      ...Object.keys(MADE).map((file) => `--customize-hook=copy-in ${debOf(file)} /`),
      apt('install /first.deb'),
      apt('install /second.deb'),
      apt('install --reinstall /second.deb'),
      // The list is closed: apt must stop, and nothing may be installed.
      `${apt('install /refused.deb')} 9>&- && exit 1 || true`,
    ]
    const args = [...options, CODENAME, tarball, `deb [signed-by=${KEYRING}] ${debian} ${CODENAME} main`]
    await writeFile(list, await listOf('mmdebstrap', args, scratch))
    await mkdir(path.join(scratch, 'root'))
    const unpack = ['--extract', '--file', tarball, '--directory', path.join(scratch, 'root'), './var/lib/dpkg']
    await succeed('tar', [...unpack, '--no-same-owner', '--no-same-permissions'])
  })

  function debOf(file: string): string {
    return path.join(scratch, `${file}.deb`)
  }

  async function hashOf(file: keyof typeof MADE): Promise<string> {
    return sha256Of(await readFile(debOf(file)))
  }

  async function packages(...lists: readonly string[]): Promise<Listed[]> {
    const { code, stdout } = await debproof(['packages', '--json', ...lists])
    expect(code).toBe(0)
    return JSON.parse(stdout).packages
  }

  it('lists every package that is installed in the end, from the first stage on, with its hash', async () => {
    const installed = await packages(status)
    expect(installed.length).toBeGreaterThan(80)
    const merged = await packages(list, status)
    expect(merged.filter(({ sha256 }) => sha256 === null)).toEqual([])
    // Nothing beside what is installed, but the version that was upgraded.
    expect(merged).toHaveLength(installed.length + 1)
  })

  it('lists both versions of what was upgraded, with the hashes of their files', async () => {
    const made = (await packages(list)).filter(({ name }) => name === 'made')
    expect(made).toMatchObject([
      { version: '1.0-1', sha256: await hashOf('first') },
      { version: '1:1.1-1', sha256: await hashOf('second') },
    ])
  })

  it('stops apt where the list cannot be written', async () => {
    expect(await readFile(status, 'utf8')).not.toContain('Package: refused\n')
  })

  it('gives the list that is published beside a release', async () => {
    const { code, stdout } = await debproof(['packages', list, '--format', 'sha256sums'])
    expect(code).toBe(0)
    expect(stdout.split('\n')).toContain(`${await hashOf('second')}  made_1%3a1.1-1_all.deb`)
  })
})

/** Runs a program that must succeed, and returns what it writes to file descriptor 9. */
async function listOf(program: string, args: readonly string[], folder: string): Promise<Buffer> {
  // It works below its TMPDIR, which must be open to the users that it may work as.
  const child = spawn('sh', ['-c', 'exec 9>&3 3>&-; exec "$@"', 'sh', program, ...args], {
    env: { ...cleanEnvironment(), TMPDIR: folder },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    timeout: 540_000,
  })
  const written: Buffer[] = []
  const errors: Buffer[] = []
  child.stdio[3]?.on('data', (chunk: Buffer) => written.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk))
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
  if (code !== 0) throw new Error(`${program}: exit code ${code}\n${Buffer.concat(errors)}`)
  return Buffer.concat(written)
}
