import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { readCleartextMessage, verify } from 'openpgp'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type RebuildOptions, type RebuildResult, rebuild } from '../../src/rebuild/rebuild.ts'
import { rebuildJson, rebuildText } from '../../src/rebuild/text.ts'
import { parseWish } from '../../src/rebuild/wish.ts'
import { closeAll } from '../making/loopback-server.ts'
import { AT, newKey, once, sha256Hex } from '../making/signed-archive.ts'
import {
  buildinfoText,
  contentOf,
  fileOf,
  type MadeBinary,
  type MadeProject,
  makeProject,
  newFolder,
  policyOf,
  removeProjects,
} from './made-project.ts'

const HELLO = { name: 'hello', source: 'hello' }
const DATA = { name: 'hello-data', architecture: 'all', source: 'hello' }
const SYMBOLS = { name: 'hello-dbgsym' }
const TOOL = { name: 'tool', source: 'tool' }
const ALL = [HELLO, DATA, SYMBOLS]
const key = once(() => newKey())

/** Writes down how it was called, and puts the files of a folder where debrebuild would. */
const DEBREBUILD = `#!/bin/sh
printf '%s\\n' "$@" > "$FAKE/args"
env > "$FAKE/environment"
ls > "$FAKE/input"
for argument in "$@"; do
  case $argument in --buildresult=*) output=\${argument#*=} ;; esac
  buildinfo=$argument
done
cp "$buildinfo" "$FAKE/buildinfo"
cp "$DEBPROOF_BUILD_SOURCES" "$FAKE/sources"
echo "building $buildinfo"
source=$(basename "$buildinfo" | sed 's/^original-//; s/_.*//')
if [ -d "$FAKE/$source" ]; then cp "$FAKE/$source"/* "$output"; fi
exit $(cat "$FAKE/exit")
`

let fake: string
let project: MadeProject

beforeAll(async () => {
  project = await makeProject(
    [
      { name: 'hello', binaries: ['hello', 'hello-data'] },
      { name: 'tool', binaries: ['tool'] },
    ],
    [HELLO, DATA, TOOL],
    {
      'hello_1.0_amd64.buildinfo': buildinfoText('hello', '1.0', ALL),
      'tool_1.0_amd64.buildinfo': buildinfoText('tool', '1.0', [TOOL]),
    },
  )
})

afterAll(async () => {
  await closeAll()
  removeProjects()
})

beforeEach(() => {
  fake = newFolder()
  writeFileSync(path.join(fake, 'debrebuild'), DEBREBUILD.replaceAll('$FAKE', fake), { mode: 0o755 })
  exitWith(0)
})

function exitWith(code: number): void {
  writeFileSync(path.join(fake, 'exit'), String(code))
}

/** What the build of a source package will make. */
function makes(source: string, binaries: readonly MadeBinary[], buildinfo: string | undefined = undefined): void {
  mkdirSync(path.join(fake, source), { recursive: true })
  for (const item of binaries) writeFileSync(path.join(fake, source, fileOf(item)), contentOf(item))
  const text = buildinfo ?? buildinfoText(source, '1.0', binaries, { 'Build-Date': 'Mon, 23 Nov 2026 10:00:00 +0000' })
  writeFileSync(path.join(fake, source, `${source}_1.0_amd64.buildinfo`), text)
}

interface Run extends RebuildResult {
  readonly output: string
  readonly text: string
  /** The files of the output folder, without logs. */
  readonly files: string[]
}

async function run(
  names: readonly string[],
  { unsigned = false, ...options }: Partial<RebuildOptions> & { readonly unsigned?: boolean } = {},
): Promise<Run> {
  const output = options.output ?? path.join(fake, 'output')
  const result = await rebuild(
    {
      policy: await policyOf(project),
      wishes: names.map(parseWish),
      at: AT,
      output,
      buildinfos: [],
      timeout: 20_000,
      ...(unsigned ? {} : { signing: { armored: (await key()).armor(), source: 'a test' } }),
      environment: { PATH: `${fake}:/usr/bin:/bin`, HOME: fake, TMPDIR: fake, CFLAGS: '-O3', LANG: 'de_DE.UTF-8' },
      signal: new AbortController().signal,
      ...options,
    },
    { progress: () => {} },
    async () => ({ sbuild: '/usr/bin/sbuild', diffoscope: undefined }),
  )
  const files = readdirSync(output, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(output, path.join(entry.parentPath, entry.name)))
    .filter((file) => !file.startsWith('logs/'))
  return { ...result, output, text: rebuildText(result, output), files: files.sort() }
}

describe('a package that comes out the same', () => {
  test('is stated in a signed .buildinfo and in links, where others look for them', async () => {
    makes('hello', ALL)
    const { packages, output, files, text, fingerprint } = await run(['hello'])
    expect(packages.map(({ outcome }) => outcome)).toEqual(['same'])
    const keyid8 = (await key()).getFingerprint().slice(0, 8)
    expect(files).toEqual([
      'buildinfo/hello_1.0_amd64.buildinfo',
      'sources/hello-data/1.0/metadata',
      'sources/hello/1.0/metadata',
      `sources/hello/1.0/rebuild.${keyid8}.amd64.link`,
    ])
    expect(fingerprint).toBe((await key()).getFingerprint().toUpperCase())
    expect(text).toMatch(/^SAME: of 1 source packages 1 came out the same\.\n/)
    const signed = readFileSync(path.join(output, 'buildinfo/hello_1.0_amd64.buildinfo'), 'utf8')
    const message = await readCleartextMessage({ cleartextMessage: signed })
    const { signatures } = await verify({ message, verificationKeys: (await key()).toPublic() })
    expect(await signatures[0]?.verified).toBe(true)
    expect(signed).toContain('Build-Date: Mon, 23 Nov 2026')
  })

  test('has what the archive lists in its link, and of what it was built', async () => {
    makes('hello', ALL)
    const { output } = await run(['hello'])
    const { signed } = JSON.parse(readFileSync(path.join(output, 'sources/hello-data/1.0/metadata'), 'utf8'))
    expect(signed.products).toEqual(
      Object.fromEntries([DATA, HELLO].map((item) => [fileOf(item), { sha256: sha256Hex(contentOf(item)) }])),
    )
    const dsc = readFileSync(path.join(project.archive, 'pool/hello_1.0.dsc'), 'utf8')
    expect(signed.materials).toEqual({
      'hello_1.0.dsc': { sha256: sha256Hex(dsc) },
      'hello_1.0_amd64.buildinfo': { sha256: sha256Hex(buildinfoText('hello', '1.0', ALL)) },
    })
  })

  test('says so when debrebuild fails all the same', async () => {
    makes('hello', ALL)
    exitWith(9)
    const { packages, text } = await run(['hello'])
    expect(packages[0]?.outcome).toBe('same')
    expect(text).toContain('debrebuild ended with exit code 9. Yet every .deb has the bytes')
  })

  test('is only compared without a key', async () => {
    makes('hello', ALL)
    const { packages, files, text } = await run(['hello'], { unsigned: true })
    expect(packages).toMatchObject([{ outcome: 'same', statements: [] }])
    expect(files).toEqual([])
    expect(text).toContain('(nothing was signed)')
  })
})

describe('a package of which something differs', () => {
  /** As long as the original: the hash alone tells them apart. */
  const CHANGED = { ...DATA, content: contentOf(DATA).toUpperCase() }

  test('has no .buildinfo signed, and only what is the same in its link', async () => {
    makes('hello', [HELLO, CHANGED, SYMBOLS])
    const { packages, output, files, text } = await run(['hello'])
    expect(packages[0]?.outcome).toBe('different')
    expect(files.filter((file) => file.startsWith('buildinfo/'))).toEqual([])
    expect(files).toContain(`different/hello_1.0_amd64/${fileOf(DATA)}`)
    const { signed } = JSON.parse(readFileSync(path.join(output, 'sources/hello/1.0/metadata'), 'utf8'))
    expect(Object.keys(signed.products)).toEqual([fileOf(HELLO)])
    expect(text).toContain(`rebuilt as ${sha256Hex(contentOf(CHANGED))}`)
    expect(text).toContain('debrebuild found no difference, but the hashes differ.')
  })

  test('has nothing stated at all where nothing is the same, and what an earlier run stated is withdrawn', async () => {
    makes('tool', [TOOL])
    expect((await run(['tool'])).files).toHaveLength(3)
    makes('tool', [{ ...TOOL, content: 'else' }])
    exitWith(2)
    const { files, packages } = await run(['tool'])
    expect(packages[0]?.outcome).toBe('different')
    expect(files).toEqual(['different/tool_1.0_amd64/tool_1.0_amd64.deb'])
  })

  test('is not failed by what the archive does not list, but its .buildinfo is not signed', async () => {
    makes('hello', [HELLO, DATA, { ...SYMBOLS, content: 'other symbols' }])
    const { packages, files, text } = await run(['hello'])
    expect(packages[0]?.outcome).toBe('same')
    expect(files.filter((file) => file.startsWith('buildinfo/'))).toEqual([])
    expect(text).toContain('The new .buildinfo was not signed: it would vouch for what did not come out the same.')
  })

  test('is a package that the original build did not make, too', async () => {
    makes('hello', [...ALL, { name: 'hello-extra' }])
    const { files, text } = await run(['hello'])
    expect(files.filter((file) => file.startsWith('buildinfo/'))).toEqual([])
    expect(text).toContain('additional hello-extra_1.0_amd64.deb')
  })
})

describe('the .buildinfo that a build writes', () => {
  test.each([
    [
      'names other hashes than those of its files',
      buildinfoText('hello', '1.0', [HELLO, { ...DATA, content: 'lie' }, SYMBOLS]),
    ],
    ['names files that are not there', buildinfoText('hello', '1.0', [...ALL, { name: 'bonus' }])],
    ['is of another source package', buildinfoText('other', '1.0', ALL)],
    ['is none', 'nothing'],
  ])('is not signed when it %s', async (_, text) => {
    makes('hello', ALL, text)
    const result = await run(['hello'])
    expect(result.files.filter((file) => file.startsWith('buildinfo/'))).toEqual([])
    expect(result.text).toContain('its hashes are not those of its files')
  })
})

describe('a build that comes to no end', () => {
  test('is undone, with the end of its log, and the others are built', async () => {
    makes('tool', [TOOL])
    const { packages, text } = await run(['hello', 'tool'])
    expect(packages.map(({ outcome }) => outcome)).toEqual(['undone', 'same'])
    expect(text).toMatch(/^UNDONE: of 2 source packages 1 came out the same, 1 could not be built\.\n/)
    expect(text).toMatch(/\| building .*hello_1\.0_amd64\.buildinfo/)
  })

  test('is given up at its time limit', async () => {
    writeFileSync(path.join(fake, 'debrebuild'), '#!/bin/sh\nsleep 60\n', { mode: 0o755 })
    const { packages, text } = await run(['tool'], { timeout: 300 })
    expect(packages[0]?.outcome).toBe('undone')
    expect(text).toContain('--timeout gives it more')
  })

  test('is undone where its .buildinfo cannot be found', async () => {
    const bare = await makeProject([{ name: 'tool', binaries: ['tool'] }], [TOOL])
    const { packages } = await run(['tool'], { policy: await policyOf(bare) })
    expect(packages[0]).toMatchObject({
      outcome: 'undone',
      problem: expect.stringContaining('has no .buildinfo of tool 1.0'),
    })
  })

  test('is undone where a source file is not what the index says', async () => {
    const changed = await makeProject([{ name: 'tool', binaries: ['tool'] }], [TOOL], {
      'tool_1.0_amd64.buildinfo': buildinfoText('tool', '1.0', [TOOL]),
      'tool_1.0.tar.xz': 'the source of evil',
    })
    const { packages } = await run(['tool'], { policy: await policyOf(changed) })
    expect(packages[0]).toMatchObject({
      outcome: 'undone',
      problem: expect.stringContaining('tool_1.0.tar.xz is not what'),
    })
    expect(existsSync(path.join(fake, 'args'))).toBe(false)
  })
})

describe('debrebuild', () => {
  test('is called with a plain .buildinfo beside the source files, and nothing of the caller’s environment', async () => {
    makes('tool', [TOOL])
    await run(['tool'])
    const args = readFileSync(path.join(fake, 'args'), 'utf8').trim().split('\n')
    expect(args).toEqual([
      expect.stringMatching(/^--buildresult=\//),
      '--builder=sbuild+unshare',
      expect.stringMatching(/\/original-tool_1\.0_amd64\.buildinfo$/),
    ])
    expect(readFileSync(path.join(fake, 'input'), 'utf8').trim().split('\n')).toEqual([
      'original-tool_1.0_amd64.buildinfo',
      'tool_1.0.dsc',
      'tool_1.0.tar.xz',
    ])
    expect(readFileSync(path.join(fake, 'buildinfo'), 'utf8')).toBe(buildinfoText('tool', '1.0', [TOOL]))
    const environment = readFileSync(path.join(fake, 'environment'), 'utf8')
    expect(environment).not.toMatch(/CFLAGS|de_DE|DEBPROOF_SIGNING/)
    expect(environment).toMatch(/^PATH=.*debproof-rebuild-[^:]*\/bin:/m)
    expect(readFileSync(path.join(fake, 'sources'), 'utf8')).toContain(`URIs: copy://${project.archive}/`)
  })

  test('leaves nothing behind', async () => {
    makes('tool', [TOOL])
    await run(['tool'])
    expect(readdirSync(fake).filter((name) => name.startsWith('debproof-rebuild-'))).toEqual([])
  })
})

test('what was built is also put where it is wanted, the same or not, and nothing else', async () => {
  makes('hello', [HELLO, { ...DATA, content: 'else' }, SYMBOLS])
  const debs = path.join(fake, 'debs')
  await run(['hello'], { debs })
  expect(readdirSync(debs).sort()).toEqual(ALL.map(fileOf).sort())
  expect(readFileSync(path.join(debs, fileOf(DATA)), 'utf8')).toBe('else')
})

test('a .buildinfo of the user’s own names the package, where nothing else does', async () => {
  makes('tool', [TOOL])
  const file = path.join(fake, 'tool_own.buildinfo')
  writeFileSync(file, buildinfoText('tool', '1.0', [TOOL]))
  const { packages } = await run([], { buildinfos: [file] })
  expect(packages).toMatchObject([{ source: 'tool', outcome: 'same', builds: [{ buildinfo: 'tool_own.buildinfo' }] }])
})

test('a .buildinfo of the user’s own is for one source package', async () => {
  const file = path.join(fake, 'tool_own.buildinfo')
  writeFileSync(file, buildinfoText('tool', '1.0', [TOOL]))
  await expect(run(['tool', 'hello'], { buildinfos: [file] })).rejects.toMatchObject({ code: 'USAGE' })
})

test('as JSON, the result has each file with both hashes', async () => {
  makes('tool', [{ ...TOOL, content: 'else' }])
  const result = JSON.parse(rebuildJson(await run(['tool'])))
  expect(result).toMatchObject({
    outcome: 'different',
    signedBy: (await key()).getFingerprint().toUpperCase(),
    packages: [
      {
        source: 'tool',
        version: '1.0',
        builds: [
          {
            log: 'logs/tool_1.0_amd64.log',
            debs: [
              {
                file: fileOf(TOOL),
                outcome: 'different',
                sha256: sha256Hex(contentOf(TOOL)),
                rebuiltSha256: sha256Hex('else'),
                listed: true,
              },
            ],
          },
        ],
      },
    ],
  })
})

describe('a -dbgsym package that the signed index lists', () => {
  const listed = { ...SYMBOLS, source: 'hello' }

  async function projectWith(symbols: MadeBinary): Promise<MadeProject> {
    return await makeProject([{ name: 'hello', binaries: ['hello', 'hello-data'] }], [HELLO, DATA, symbols], {
      'hello_1.0_amd64.buildinfo': buildinfoText('hello', '1.0', ALL),
    })
  }

  test('is compared and stated like the others, though the .dsc does not name it', async () => {
    makes('hello', ALL)
    const policy = await policyOf(await projectWith(listed))
    const { packages, text, output } = await run(['hello'], { policy })
    expect(packages.map(({ outcome }) => outcome)).toEqual(['same'])
    expect(text).not.toContain('not in the archive')
    const link = JSON.parse(readFileSync(path.join(output, 'sources/hello/1.0/metadata'), 'utf8'))
    expect(Object.keys(link.signed.products)).toContain('hello-dbgsym_1.0_amd64.deb')
  })

  test('that was swapped in the archive is not called the same', async () => {
    makes('hello', ALL)
    const policy = await policyOf(await projectWith({ ...listed, content: 'swapped' }))
    const { packages } = await run(['hello'], { policy })
    expect(packages.map(({ outcome, problem }) => [outcome, problem])).toEqual([
      ['undone', expect.stringMatching(/hello-dbgsym_1\.0_amd64\.deb is .*it is the record of another build/)],
    ])
  })
})
