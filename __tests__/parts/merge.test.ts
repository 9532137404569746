import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { createMessage, readSignature, verify } from 'openpgp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mergeCommand } from '../../src/commands/merge.ts'
import { filesOf, parseIndex } from '../../src/evidence/bundle-index.ts'
import { shardOfName } from '../../src/parts/shard.ts'
import { recheck } from '../../src/recheck.ts'
import type { Report } from '../../src/report/report-schema.ts'
import { readSigningKey } from '../../src/report/sign.ts'
import { serializeReport } from '../../src/report/statement.ts'
import type { RunOptions } from '../../src/run.ts'
import { call, cli } from '../commands/cli.ts'
import { keyringOf, newKey, once, sha256Hex } from '../making/signed-archive.ts'
import { removeSites, runSite, type Site, type SiteRun } from '../making/site.ts'
import {
  copyParts,
  FINE,
  mergeParts,
  mixedSite,
  partKey,
  readReport,
  rewrite,
  runPart,
  runParts,
  USED,
  useDebs,
  wholeKey,
} from './made-parts.ts'

let site: Site
let unread: Site

beforeAll(async () => {
  site = await mixedSite()
  unread = await mixedSite({ unread: true })
})

afterAll(removeSites)

/** The report of one run over everything, with the bundle of another: what is left must be the same byte for byte. */
async function wholeBytes(from: Site, bundle: Report['predicate']['bundle']): Promise<string> {
  const { report } = await runWhole(from, { output: path.join(from.folder, 'unsharded') })
  return Buffer.from(serializeReport({ ...report, predicate: { ...report.predicate, bundle } })).toString()
}

/** One run over everything, signed as the merged report is. */
async function runWhole(from: Site, options: Partial<RunOptions> = {}): Promise<SiteRun> {
  return await runSite(from, { signing: { armored: (await wholeKey()).armor(), source: 'a test' }, ...options })
}

describe('a merged report', () => {
  it('has something of every verdict in these tests', async () => {
    const { predicate } = await runSite(site)
    expect(predicate.counts).toMatchObject({
      total: USED.length + 1,
      reproduced: 1,
      excepted: 2,
      forbidden: 1,
    })
    for (const verdict of ['identical', 'mismatch', 'unproven'] as const) {
      expect(predicate.counts[verdict]).toBeGreaterThan(0)
    }
    expect((await runSite(unread)).predicate.archives.at(-1)?.unread).toHaveLength(1)
  })

  it('is that of one run over everything, byte for byte, however the packages are split', async () => {
    const split = fc.record({
      of: fc.integer({ min: 1, max: 9 }),
      used: fc.shuffledSubarray([...USED], { minLength: 1 }),
      source: fc.boolean(),
      where: fc.constantFrom(0, 1),
    })
    await fc.assert(
      fc.asyncProperty(split, async ({ of, used, source, where }) => {
        const from = [site, unread][where] ?? site
        useDebs(from, used, { source })
        const folders = await runParts(from, of)
        const { code, err, output } = await mergeParts(from, folders.reverse())
        expect(err).toBe('')
        const merged = readFileSync(path.join(output, 'report.json'), 'utf8')
        const { predicate } = readReport(output)
        expect(merged).toBe(await wholeBytes(from, predicate.bundle))
        expect(code).toBe({ pass: 0, fail: 1, undecided: 3 }[predicate.verdict])
        for (const folder of folders) rmSync(folder, { recursive: true })
      }),
      { numRuns: 10, endOnFailure: true },
    )
  }, 120_000)

  it.each([
    ['pass', FINE, () => site],
    ['fail', USED, () => site],
    ['undecided', FINE, () => unread],
  ] as const)('says %s as one run does, with the summary of that', async (verdict, used, from) => {
    useDebs(from(), used)
    const { code, out, output } = await mergeParts(from(), await runParts(from(), 3))
    const whole = await runWhole(from())
    expect(whole.predicate.verdict).toBe(verdict)
    expect(code).toBe({ pass: 0, fail: 1, undecided: 3 }[verdict])
    expect(out).toMatch(new RegExp(`^${verdict.toUpperCase()}: `))
    expect(readFileSync(path.join(output, 'summary.md'), 'utf8')).toBe(whole.summary)
    useDebs(from(), USED)
  })

  it('passes though parts of it are empty, and each of those says so', async () => {
    useDebs(site, FINE.slice(0, 1), { source: false })
    const folders = await runParts(site, 5)
    const empty = folders.filter((folder) => readReport(folder).predicate.counts.total === 0)
    expect(empty).toHaveLength(4)
    for (const folder of empty) {
      expect(readReport(folder).predicate.verdict).toBe('pass')
      expect(readFileSync(path.join(folder, 'summary.md'), 'utf8')).toMatch(
        /PASS, part \d of 5: there is no package in it/,
      )
    }
    expect(await mergeParts(site, folders)).toMatchObject({ code: 0, out: 'PASS: 1 package proven (1 identical).\n' })
    useDebs(site, USED)
  })

  it('is signed by the key that is given, over every byte', async () => {
    const { output } = await mergeParts(site, await copyParts(site, 2))
    const { signatures } = await verify({
      message: await createMessage({ binary: readFileSync(path.join(output, 'report.json')) }),
      signature: await readSignature({ armoredSignature: readFileSync(path.join(output, 'report.json.asc'), 'utf8') }),
      verificationKeys: (await wholeKey()).toPublic(),
    })
    expect(await signatures[0]?.verified).toBe(true)
  })

  it('may be unsigned when that is said, and its parts may not', async () => {
    const folders = await copyParts(site, 2)
    const output = path.join(site.folder, 'unsigned')
    const words = [...folders, '--signed-by', path.join(site.folder, 'keys/machine.asc'), '--output', output]
    expect(await call(mergeCommand, words)).toMatchObject({ code: 2, err: expect.stringContaining('say --unsigned') })
    expect(await call(mergeCommand, [...words, '--unsigned'])).toMatchObject({
      code: 1,
      out: expect.stringContaining('(UNSIGNED)'),
    })
    expect(readdirSync(output).sort()).toEqual([
      'evidence',
      'junit.xml',
      'recheck.sh',
      'report.json',
      'summary.md',
      'verdict.env',
    ])
    expect(readReport(output).predicate.unsigned).toBe('requested')
    rmSync(path.join(folders[1] ?? '', 'report.json.asc'))
    expect(await call(mergeCommand, [...words, '--unsigned'])).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(/parts-of-2\/2 is not signed: there is no report\.json\.asc/),
    })
  })

  it('is made by a command of the command line', async () => {
    await copyParts(site, 2)
    const words = ['merge', 'parts-of-2/1', 'parts-of-2/2', '--signed-by', 'keys/machine.asc', '--json', '--quiet']
    const { code, out, err } = await cli(site.folder, [
      ...words,
      '--signing-key',
      'keys/whole-secret.asc',
      '--output',
      'by-cli',
    ])
    expect([code, err]).toEqual([1, ''])
    expect(JSON.parse(out)).toEqual(readReport(path.join(site.folder, 'by-cli')))
  })
})

describe('the evidence of a merged report', () => {
  const below = (folder: string, ...names: string[]): string => path.join(folder, 'evidence', ...names)

  it('is that of all parts, each file once under its hash, with the index of each part', async () => {
    const folders = await copyParts(site, 3)
    const { output } = await mergeParts(site, folders.toReversed())
    const index = readFileSync(below(output, 'index.json'))
    const parts = folders.map((folder) => sha256Hex(readFileSync(below(folder, 'index.json'))))
    expect(parseIndex(index, 'index.json')).toMatchObject({ version: 1, parts })
    const expected = new Set([
      ...parts,
      ...folders.flatMap((folder) => [
        ...filesOf(parseIndex(readFileSync(below(folder, 'index.json')), 'a test')).keys(),
      ]),
    ])
    const names = readdirSync(below(output, 'sha256'))
    expect(new Set(names)).toEqual(expected)
    let size = index.length
    for (const name of names) {
      const bytes = readFileSync(below(output, 'sha256', name))
      expect(sha256Hex(bytes)).toBe(name)
      size += bytes.length
    }
    expect(readReport(output).predicate.bundle).toEqual({
      index: `sha256:${sha256Hex(index)}`,
      kept: 'needed',
      files: names.length + 1,
      size,
    })
  })

  it('derives every verdict of the merged report again', async () => {
    const { output } = await mergeParts(site, await copyParts(site, 3))
    const keyring = await keyringOf([(await wholeKey()).toPublic()])
    const { problems, report } = await recheck({ folder: output, keyring, now: new Date(), progress: () => {} })
    expect(problems).toEqual([])
    expect(report).toEqual(readReport(output))
  })

  it('says that all was kept only where every part kept all', async () => {
    const folders = [await runPart(site, 1, 2, { evidence: 'all' }), await runPart(site, 2, 2)]
    expect(readReport((await mergeParts(site, folders)).output).predicate.bundle?.kept).toBe('needed')
    const all = await runParts(site, 2, { evidence: 'all' })
    expect(readReport((await mergeParts(site, all)).output).predicate.bundle?.kept).toBe('all')
  })

  it('is none where a part has none: half of it derives nothing again', async () => {
    const folders = [await runPart(site, 1, 2, { evidence: 'none' }), await runPart(site, 2, 2)]
    const { code, output } = await mergeParts(site, folders)
    expect(code).toBe(1)
    expect(readReport(output).predicate.bundle).toBeNull()
    expect(existsSync(below(output))).toBe(false)
  })

  const aFile = (folder: string): string =>
    below(folder, 'sha256', readdirSync(below(folder, 'sha256')).sort()[0] ?? '')

  it.each<[string, (folder: string) => void, RegExp]>([
    [
      'a file is missing',
      (folder) => rmSync(aFile(folder)),
      /1\/evidence is not that of its report: [0-9a-f]{64} is missing\. Get/,
    ],
    ['a file was changed', (folder) => flip(aFile(folder)), /[0-9a-f]{64} has other bytes/],
    [
      'a file is longer',
      (folder) => writeFileSync(aFile(folder), Buffer.concat([readFileSync(aFile(folder)), Buffer.from('x')])),
      /is larger than it says/,
    ],
    ['a file is shorter', (folder) => writeFileSync(aFile(folder), ''), /has other bytes/],
    [
      'a file is a folder',
      (folder) => {
        const file = aFile(folder)
        rmSync(file)
        mkdirSync(file)
      },
      /is missing/,
    ],
    ['the index is missing', (folder) => rmSync(below(folder, 'index.json')), /index\.json is missing/],
    ['the index was changed', (folder) => flip(below(folder, 'index.json')), /index\.json has other bytes/],
  ])('is refused where %s, and leaves nothing behind', async (_, spoil, message) => {
    rmSync(path.join(site.folder, 'merged'), { recursive: true, force: true })
    const [alone = ''] = await copyParts(site, 1)
    spoil(alone)
    const { code, out, err, output } = await mergeParts(site, [alone])
    expect([code, out, err]).toEqual([2, '', expect.stringMatching(message)])
    expect(existsSync(path.join(output, 'report.json'))).toBe(false)
    expect(existsSync(below(output))).toBe(false)
  })

  it('is refused where one part has other bytes of a file that both have', async () => {
    const folders = await copyParts(site, 2)
    const [first = '', second = ''] = folders
    const names = (folder: string): string[] => readdirSync(below(folder, 'sha256'))
    const shared = names(second).find((name) => names(first).includes(name)) ?? 'none'
    flip(below(second, `sha256/${shared}`))
    for (const order of [folders, folders.toReversed()]) {
      expect(await mergeParts(site, order)).toMatchObject({ code: 2, err: expect.stringMatching(/has other bytes/) })
    }
  })

  it('that another report of the same keys has is refused', async () => {
    const folders = await copyParts(site, 2)
    const [first = '', second = ''] = folders
    cpSync(below(first), below(second), { recursive: true })
    await rewrite(second, ({ predicate }) => {
      predicate.bundle = readReport(first).predicate.bundle ?? null
    })
    expect(await mergeParts(site, folders)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/it is not of part 2 of 2/),
    })
  })
})

/** Reports of parts that a machine of the project's signed and that are not what they should be. */
describe('parts', () => {
  const strange = once(() => newKey({ name: 'Stranger' }))

  it.each<[string, (folders: string[]) => Promise<string[]>, RegExp]>([
    [
      'one is missing',
      async ([a = '', , c = '']) => [a, c],
      /^Of 3 parts part 2 is missing: name the folder of every part\.$/,
    ],
    ['two are missing', async ([a = '']) => [a], /^Of 3 parts parts 2, 3 are missing/],
    [
      'one is there twice',
      async ([a = '', b = '', c = '']) => [a, b, c, b],
      /3\/2 and .*3\/2 are both part 2\/3: leave out one of them\.$/,
    ],
    [
      'one was changed after it was signed',
      async (folders) => {
        flip(path.join(folders[1] ?? '', 'report.json'), 'identical', 'identicaI')
        return folders
      },
      /3\/2\/report\.json was changed after it was signed, .*BAD signature/,
    ],
    [
      'the signature is of another part',
      async (folders) => {
        cpSync(path.join(folders[0] ?? '', 'report.json.asc'), path.join(folders[1] ?? '', 'report.json.asc'))
        return folders
      },
      /3\/2\/report\.json .* beside it is the signature of another report/,
    ],
    [
      'one is signed by another key',
      async (folders) => {
        await rewrite(folders[1] ?? '', () => {}, strange)
        return folders
      },
      /3\/2\/report\.json is not signed by a key that --signed-by names, and is not believed: There is no valid signature/,
    ],
    [
      'the signature is none',
      async (folders) => {
        writeFileSync(path.join(folders[1] ?? '', 'report.json.asc'), 'signed, honestly\n')
        return folders
      },
      /is not signed by a key that --signed-by names, and is not believed: report\.json\.asc has text outside/,
    ],
    [
      'the signature is very long',
      async (folders) => {
        writeFileSync(path.join(folders[1] ?? '', 'report.json.asc'), '\n'.repeat(70_000))
        return folders
      },
      /report\.json\.asc is larger than the 65536 bytes that it may have\.$/,
    ],
    [
      'one is no folder of a report',
      async ([a = '']) => [a, path.dirname(a)],
      /^There is no report\.json in .*parts-of-3: name the output folder of `verify`\.$/,
    ],
    [
      'one is not a part',
      async (folders) => {
        const signing = { armored: (await partKey()).armor(), source: 'a test' }
        await runSite(site, { output: path.join(site.folder, 'whole'), signing })
        return [...folders.slice(1), path.join(site.folder, 'whole')]
      },
      /whole is not that of a part: leave it out, or make it with --shard\.$/,
    ],
  ])('are refused where %s', async (_, spoil, message) => {
    useDebs(site, USED)
    const folders = await spoil(await copyParts(site, 3))
    const result = await mergeParts(site, folders)
    expect([result.code, result.out, result.err]).toEqual([2, '', expect.stringMatching(message)])
  })

  it.each<[string, (at: Site) => Promise<string>, RegExp]>([
    [
      'policy',
      async (at) => {
        const policy = readFileSync(path.join(at.folder, 'debproof.yml'), 'utf8')
        at.put({ 'other.yml': `${policy}# another\n` })
        return await runPart(at, 2, 2, { policy: path.join(at.folder, 'other.yml') })
      },
      /not the same policy as that in .*\/1: verify every part with the same policy file\.$/,
    ],
    [
      'clock',
      async (at) => await runPart(at, 2, 2, { at: new Date('2026-06-01T12:00:01Z') }),
      /not the same clock as .*: give every part the same --at; without it/,
    ],
    ['release', async (at) => await runPart(at, 2, 2, { release: '7.1' }), /not the same release/],
    [
      'package lists',
      async (at) => {
        useDebs(at, USED.slice(1))
        const folder = await runPart(at, 2, 2)
        useDebs(at, USED)
        return folder
      },
      /not the same package lists as .*: give every part all package lists\.$/,
    ],
    [
      'subjects',
      async (at) => await runPart(at, 2, 2, { images: [path.join(at.folder, 'live.iso')] }),
      /not the same subjects as .*: give every part the same --image\.$/,
    ],
    [
      'number of parts',
      async (at) => await runPart(at, 2, 3),
      /not the same number of parts as .*: give every part the same N in --shard i\/N\.$/,
    ],
  ])('are refused where they have not the same %s', async (_, other, message) => {
    const folders = [await runPart(site, 1, 2), await other(site)]
    const result = await mergeParts(site, folders)
    expect([result.code, result.out, result.err]).toEqual([2, '', expect.stringMatching(message)])
  })

  it.each<[string, (predicate: Report['predicate']) => void, RegExp]>([
    [
      'another version',
      ({ tool }) => {
        tool.version = '0.0.1'
      },
      /was made by debproof 0\.0\.1, and this is .*: make and merge all parts with one version\.$/,
    ],
    [
      'packages of another part',
      ({ packages }) => {
        for (const item of packages) item.name = foreignName(item.name)
      },
      /judges .*, which is not in part 2\/2: make it again/,
    ],
    [
      'a package less, and the counts of that',
      (predicate) => {
        const gone = predicate.packages.findIndex(({ verdict }) => verdict === 'forbidden' || verdict === 'mismatch')
        const [removed] = predicate.packages.splice(Math.max(gone, 0), 1)
        predicate.counts.total -= 1
        if (removed !== undefined) predicate.counts[removed.verdict] -= 1
        predicate.trust = []
      },
      /says other things of what has to be trusted|says fail where its packages say|The parts have \d+ packages together and say that there are/,
    ],
    [
      'wrong counts',
      ({ counts }) => {
        counts.identical += 1
      },
      /counts its packages wrongly/,
    ],
    [
      'another verdict',
      (predicate) => {
        predicate.verdict = predicate.verdict === 'fail' ? 'pass' : 'fail'
      },
      /says (?:pass|fail) where its packages say/,
    ],
    [
      'nothing to be trusted',
      (predicate) => {
        predicate.trust = []
      },
      /says other things of what has to be trusted/,
    ],
    [
      'other archives',
      ({ archives }) => {
        for (const archive of archives) archive.url = 'http://elsewhere.example/'
      },
      /not the same archives as .*: give every part the same variables/,
    ],
    [
      'other exceptions',
      ({ exceptions }) => {
        for (const exception of exceptions) exception.reason = 'issue 2'
      },
      /not the same exceptions/,
    ],
    [
      'another total',
      (predicate) => {
        if (predicate.shard) predicate.shard.total += 1
      },
      /not the same number of packages in all/,
    ],
    [
      'a place beyond the last part',
      (predicate) => {
        if (predicate.shard) predicate.shard.index = 3
      },
      /says that it is 3\/2/,
    ],
    [
      'another size of a file',
      ({ evidence }) => {
        for (const file of Object.values(evidence)) file.size += 1
      },
      /says another size of sha256:/,
    ],
    [
      'another shape',
      (predicate) => {
        Object.assign(predicate, { more: 1 })
      },
      /is no report of this version of debproof: predicate\.more: /,
    ],
  ])('are refused where one has %s', async (_, change, message) => {
    const folders = await copyParts(site, 2)
    await rewrite(folders[1] ?? '', ({ predicate }) => change(predicate))
    const result = await mergeParts(site, folders)
    expect([result.code, result.out, result.err]).toEqual([2, '', expect.stringMatching(message)])
  })

  it('are refused where all of them say of themselves that there are more packages', async () => {
    const folders = await copyParts(site, 2)
    for (const folder of folders) {
      await rewrite(folder, ({ predicate }) => {
        if (predicate.shard !== undefined) predicate.shard.total += 1
      })
    }
    expect(await mergeParts(site, folders)).toMatchObject({
      code: 2,
      err: expect.stringMatching(
        /^The parts have \d+ packages together and say that there are \d+: make all of them again\.$/,
      ),
    })
  })

  it.each([
    [
      'two items of one name',
      (text: string) => text.replace('"release": null,', '"release": null,\n  "release": "7.1",'),
    ],
    ['other blanks', (text: string) => text.replaceAll('\n', '\r\n')],
    ['a byte order mark', (text: string) => `\ufeff${text}`],
    ['half of it', (text: string) => text.slice(0, text.length / 2)],
    ['a byte that is no UTF-8', (text: string) => text.replace('"release"', '"rel\xffease"')],
  ])('are refused that were written by somebody else and signed: %s', async (what, change) => {
    const folders = await copyParts(site, 1)
    const file = path.join(folders[0] ?? '', 'report.json')
    const bytes = Buffer.from(change(readFileSync(file, 'utf8')), what.includes('UTF-8') ? 'latin1' : 'utf8')
    await signAnew(file, bytes)
    expect(await mergeParts(site, folders)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/report\.json is (?:no report|not written as debproof writes reports)/),
    })
  })

  it('are not written over', async () => {
    const [first = ''] = await copyParts(site, 1)
    const before = readFileSync(path.join(first, 'report.json'), 'utf8')
    expect(await mergeParts(site, [first], ['--signed-by', path.join(site.folder, 'keys/whole.asc')])).toMatchObject({
      code: 1,
    })
    const words = [first, '--signed-by', path.join(site.folder, 'keys/machine.asc'), '--unsigned', '--output', first]
    expect(await call(mergeCommand, words)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/is a part and cannot be the output too/),
    })
    expect(readFileSync(path.join(first, 'report.json'), 'utf8')).toBe(before)
  })

  it('that are refused leave no report of an earlier run, which might be taken for theirs', async () => {
    const folders = await copyParts(site, 2)
    const { output } = await mergeParts(site, folders)
    expect((await mergeParts(site, folders.slice(1))).code).toBe(2)
    expect(readdirSync(output)).toEqual([])
  })

  it.each([
    [[], /^merge: DIR… --signed-by KEYRING is missing/],
    [['a'], /^merge: --signed-by is missing: a file with the keys that signed the parts\.$/],
    [['a', '--signed-by', 'no.asc', '--unsigned'], /no\.asc/],
  ])('%j are refused', async (words, message) => {
    expect(await call(mergeCommand, words)).toEqual({ code: 2, out: '', err: expect.stringMatching(message) })
  })
})

/** Another name, which is in the other of two parts. */
function foreignName(name: string): string {
  const other = ['x', 'y', 'z', 'xy', 'xz', 'yz'].map((end) => name + end)
  return other.find((one) => shardOfName(one, 2) !== shardOfName(name, 2)) ?? name
}

async function signAnew(file: string, bytes: Uint8Array): Promise<void> {
  writeFileSync(file, bytes)
  writeFileSync(`${file}.asc`, await (await readSigningKey((await partKey()).armor(), undefined, 'a test')).sign(bytes))
}

/** Changes one bit, or one text for another of the same length. */
function flip(file: string, from?: string, to = ''): void {
  const bytes = readFileSync(file)
  const at = from === undefined ? Math.floor(bytes.length / 2) : bytes.indexOf(from)
  if (from === undefined) bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
  else bytes.write(to, at)
  writeFileSync(file, bytes)
}
