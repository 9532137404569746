import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { ArchiveReader } from '../../src/archive/archive-reader.ts'
import { parseArchitecture } from '../../src/archive/identity.ts'
import { parseBinaryEntry } from '../../src/archive/index-entry.ts'
import { WantedNames } from '../../src/archive/stanza-scanner.ts'
import { type Claim, claimOfListing } from '../../src/identical/claim.ts'
import { proveIdentical } from '../../src/identical/prove.ts'
import { SnapshotService } from '../../src/identical/snapshot-service.ts'
import type { Witness, WitnessSource } from '../../src/identical/witness.ts'
import type { Proof } from '../../src/judge/candidate.ts'
import {
  HINT_SPAN,
  MAX_FILE_HINTS,
  MAX_HINTED_CLAIMS,
  MAX_HINTED_RUNS,
  MAX_RUN_LIST,
  MAX_SNAPSHOT_RUNS,
  RUNS_PER_HINT,
} from '../../src/limits.ts'
import { Cache } from '../../src/net/cache.ts'
import type { Downloads, DownloadsOptions } from '../../src/net/downloads.ts'
import { deb, type MadeDeb, upstreamKey } from '../making/archive-folder.ts'
import { closeAll, downloads, serve } from '../making/loopback-server.ts'
import { AT, keyringOf, newKey } from '../making/signed-archive.ts'
import {
  type MadeHint,
  type MadeService,
  type MadeSnapshots,
  madeRun,
  serveSnapshots,
  timestamp,
} from '../making/snapshot-service.ts'
import { vouchers } from './listings.ts'

afterEach(async () => {
  await closeAll()
})

const INDEX = 'dists/made/main/binary-amd64/Packages'
const hello = deb('hello')
const other = deb('hello', { content: 'made anew' })
const world = deb('world')

/** So many hours before or after the clock. */
const at = (hours: number): string => timestamp(AT, hours)

/** Runs at these hours, each with its packages. */
async function runsOf(runs: Readonly<Record<number, readonly MadeDeb[]>>): Promise<MadeService['runs']> {
  const made = Object.entries(runs).map(async ([hours, debs]) => {
    const run = at(Number(hours))
    return [run, await madeRun(run, await upstreamKey(), debs)] as const
  })
  return Object.fromEntries(await Promise.all(made))
}

function claimOf({ name, version, architecture, sha256 }: MadeDeb): Claim {
  const text = `Package: ${name}\nVersion: ${version}\nArchitecture: ${architecture}\nFilename: pool/x.deb\nSize: 1\nSHA256: ${sha256}\n`
  return claimOfListing({ entry: parseBinaryEntry(text), suite: 'made', evidence: [] })
}

interface Asking {
  readonly services: readonly URL[]
  /** Hours. */
  readonly window?: number
  readonly suites?: readonly string[]
  readonly client?: Downloads
  readonly options?: Partial<DownloadsOptions>
  readonly progress?: (step: string) => void
}

async function source({ services, window = 24, suites = ['made'], options, client, progress }: Asking) {
  const amd64 = parseArchitecture('amd64')
  if (amd64 === undefined) throw new Error('amd64 is an architecture')
  const used = client ?? downloads({ requestInterval: 0, ...options })
  const wanted = new WantedNames(['hello', 'world', ...Array.from({ length: 300 }, (_, index) => `p${index}`)])
  const upstream = {
    kind: 'snapshots' as const,
    services,
    archive: 'made',
    area: { suites, components: ['main'], architectures: [amd64] },
    keyring: await keyringOf([await upstreamKey()]),
    at: AT,
    window: window * 3_600_000,
  }
  const reader = new ArchiveReader({ downloads: used, at: AT, wanted, kinds: ['Packages'] })
  return new SnapshotService(upstream, { reader, downloads: used, progress: progress ?? (() => {}) })
}

async function prove(debs: readonly MadeDeb[], asking: Asking): Promise<Proof[]> {
  const claims = debs.map(claimOf)
  const proofs = await proveIdentical(claims, vouchers(await source(asking)))
  return claims.map((claim) => proofs.get(claim) ?? { outcome: 'unproven' })
}

async function outcomes(debs: readonly MadeDeb[], asking: Asking): Promise<string[]> {
  return (await prove(debs, asking)).map(({ outcome }) => outcome)
}

/** All witnesses that are asked while these claims stay open. */
async function everything(service: WitnessSource, open: readonly Claim[] = []) {
  const notes: string[] = []
  const failures: string[] = []
  const names: string[] = []
  const heard = async ({ name, testify }: Witness): Promise<void> => {
    const testimony = await testify()
    names.push(name)
    notes.push(...testimony.notes)
    failures.push(...testimony.failures.map(({ what, error }) => `${what}: ${error.code} ${error.message}`))
  }
  for await (const witness of service.witnesses(() => open)) await heard(witness)
  return { notes, failures, names }
}

const releases = (server: MadeSnapshots): string[] =>
  server.files().flatMap((file) => /^(\S+) .*InRelease$/.exec(file)?.[1] ?? [])

describe('the runs of a window', () => {
  it('are read from the nearest on, and no further than is needed', async () => {
    const server = await serveSnapshots({
      runs: await runsOf({ [-9]: [hello], [-2]: [hello], 3: [world], 8: [hello] }),
    })
    const [proof] = await prove([hello], { services: [server.base] })
    expect(proof).toMatchObject({
      outcome: 'identical',
      upstream: `the upstream at ${server.base.href}archive/made/${at(-2)}/`,
    })
    expect(server.files()).toEqual([`${at(-2)} dists/made/InRelease`, `${at(-2)} ${INDEX}.gz`])
  })

  it('are stepped through outward until all is found', async () => {
    const server = await serveSnapshots({
      runs: await runsOf({ [-30]: [hello], [-20]: [hello], [-2]: [], 3: [world], 8: [], 30: [hello] }),
    })
    expect(await outcomes([hello, world], { services: [server.base] })).toEqual(['identical', 'identical'])
    expect(releases(server)).toEqual([at(-2), at(3), at(8), at(-20)])
  })

  it('say "unproven" where all were read, and "mismatch" where one signed other bytes and none these', async () => {
    const runs = await runsOf({ [-2]: [world], 3: [world, other] })
    const { base } = await serveSnapshots({ runs })
    expect(await outcomes([hello, deb('world', { version: '2' })], { services: [base] })).toEqual([
      'mismatch',
      'unproven',
    ])
    const both = { ...runs, ...(await runsOf({ 5: [hello] })) }
    expect(await outcomes([hello], { services: [(await serveSnapshots({ runs: both })).base] })).toEqual(['identical'])
  })

  it('cost a release file each where the index stays the same', async () => {
    const server = await serveSnapshots({
      runs: await runsOf({ [-6]: [world], [-2]: [world], 3: [world], 8: [world, hello] }),
    })
    expect(await outcomes([hello], { services: [server.base] })).toEqual(['identical'])
    expect(server.files().filter((file) => file.includes('Packages'))).toEqual([
      `${at(-2)} ${INDEX}.gz`,
      `${at(8)} ${INDEX}.gz`,
    ])
    expect(releases(server)).toHaveLength(4)
  })

  it('are read once, whoever asks', async () => {
    const server = await serveSnapshots({ runs: await runsOf({ [-2]: [world], 3: [world] }) })
    const service = await source({ services: [server.base] })
    const first = await everything(service)
    const asked = server.asked.length
    expect(await everything(service)).toEqual(first)
    expect(server.asked).toHaveLength(asked)
  })

  it('come with redirects as well, to content and from times between runs', async () => {
    const { base } = await serveSnapshots({ runs: await runsOf({ [-2]: [hello] }), redirects: true })
    expect(await outcomes([hello], { services: [base] })).toEqual(['identical'])
    const between = await downloads().bytes(new URL(`archive/made/${at(-1)}/dists/made/InRelease`, base), 100_000)
    expect(Buffer.from(between).toString()).toContain('Codename: made')
  })

  it('that are none within the window leave everything undecided', async () => {
    const { base } = await serveSnapshots({ runs: await runsOf({ [-40]: [hello], 40: [hello] }) })
    expect(await prove([hello], { services: [base] })).toMatchObject([
      { outcome: 'undecided', why: expect.stringContaining('no run within 24 hours of 2026-06-01T12:00:00.000Z') },
    ])
    const far = await everything(await source({ services: [base], window: 48 }))
    expect(far.notes).toContain(`The run nearest to 2026-06-01T12:00:00.000Z is ${at(-40)}.`)
  })

  it('tell when the keys end that signed them, once', async () => {
    const key = await newKey({ name: 'Ending', expiresAfter: 2 * 365 * 24 * 3600 })
    const made = [at(-2), at(3)].map(async (run) => [run, await madeRun(run, key, [])] as const)
    const { base } = await serveSnapshots({ runs: Object.fromEntries(await Promise.all(made)) })
    const amd64 = parseArchitecture('amd64')
    if (amd64 === undefined) throw new Error('amd64 is an architecture')
    const used = downloads({ requestInterval: 0 })
    const service = new SnapshotService(
      {
        kind: 'snapshots',
        services: [base],
        archive: 'made',
        area: { suites: ['made'], components: ['main'], architectures: [amd64] },
        keyring: await keyringOf([key]),
        at: AT,
        window: 24 * 3_600_000,
      },
      {
        reader: new ArchiveReader({ downloads: used, at: AT, wanted: new WantedNames([]), kinds: ['Packages'] }),
        downloads: used,
        progress: () => {},
      },
    )
    const { notes, failures } = await everything(service)
    expect(failures).toEqual([])
    expect(notes).toEqual([
      expect.stringMatching(/^Signed by [0-9A-F]{40} \(Ending <.*>\), which is valid until 2027-06-01\.$/),
    ])
  })
})

describe('a gap', () => {
  /** The run of two hours ago, damaged; a later one is whole. */
  async function damaged(
    damage: (files: Record<string, Buffer | number>) => void,
    whole: readonly MadeDeb[] = [hello],
  ) {
    const runs = await runsOf({ [-2]: [hello, world], 3: whole })
    const files: Record<string, Buffer | number> = { ...(await runsOf({ [-2]: [hello, world] }))[at(-2)] } as never
    damage(files)
    return await serveSnapshots({ runs: { ...runs, [at(-2)]: files } })
  }

  const damages: readonly (readonly [name: string, damage: (files: Record<string, Buffer | number>) => void])[] = [
    ['without a release file', (files) => delete files['dists/made/InRelease']],
    ['without the index', (files) => [`${INDEX}.gz`, INDEX].map((name) => delete files[name])],
    ['with the index of another state', (files) => (files[`${INDEX}.gz`] = Buffer.from('another'))],
    ['with an index that is longer', (files) => (files[`${INDEX}.gz`] = Buffer.alloc(100_000))],
    [
      'with half an index',
      (files) => (files[`${INDEX}.gz`] = Buffer.from(files[`${INDEX}.gz`] as Buffer).subarray(0, 40)),
    ],
    [
      'with half a release file',
      (files) => (files['dists/made/InRelease'] = (files['dists/made/InRelease'] as Buffer).subarray(0, 200)),
    ],
    [
      'with an unsigned release file',
      (files) => {
        files['dists/made/Release'] = Buffer.from('Codename: made\n')
        delete files['dists/made/InRelease']
      },
    ],
  ]

  it.each(damages)('%s: is no evidence, a note and no failure; the next run decides', async (_name, damage) => {
    const { base } = await damaged(damage)
    expect(await outcomes([hello], { services: [base] })).toEqual(['identical'])
    const { notes, failures } = await everything(await source({ services: [base] }))
    expect(failures).toEqual([])
    expect(notes).toEqual([expect.stringContaining(`No evidence of made`)])
    expect(notes[0]).toContain(at(-2))
  })

  it.each(damages)('%s: is never a mismatch, and the rest says "unproven"', async (_name, damage) => {
    const { base } = await damaged(damage, [world])
    expect(await outcomes([hello], { services: [base] })).toEqual(['unproven'])
  })

  it.each(damages)('%s, in every run: nothing is decided', async (_name, damage) => {
    const runs = await runsOf({ [-2]: [hello], 3: [hello], 6: [hello] })
    const broken = Object.entries(runs).map(([run, files]) => {
      const copy = { ...files } as Record<string, Buffer | number>
      damage(copy)
      return [run, copy] as const
    })
    const { base } = await serveSnapshots({ runs: Object.fromEntries(broken) })
    expect(await prove([hello], { services: [base] })).toMatchObject([
      {
        outcome: 'undecided',
        why: expect.stringContaining(`the upstream's history at ${base.href}archive/made/ could not be read`),
      },
    ])
  })

  it('of one suite in every run leaves undecided what the others do not list', async () => {
    const { base } = await serveSnapshots({ runs: await runsOf({ [-2]: [hello], 3: [hello] }) })
    const asking = { services: [base], suites: ['made', 'missing'] }
    expect(await outcomes([hello, world], asking)).toEqual(['identical', 'undecided'])
  })

  it('at one service is filled by another with the same content', async () => {
    const runs = await runsOf({ [-2]: [hello] })
    const holey = await serveSnapshots({ runs: { [at(-2)]: {}, [at(60)]: {} } })
    const whole = await serveSnapshots({ runs })
    expect(await outcomes([hello], { services: [holey.base, whole.base] })).toEqual(['undecided'])
    const lagging = await serveSnapshots({ runs: { [at(-2)]: {} } })
    expect(await outcomes([hello], { services: [lagging.base, whole.base] })).toEqual(['identical'])
  })
})

describe('several services', () => {
  it('are asked for their runs in turn where one fails, or lists nothing after the window', async () => {
    const stopped = await serveSnapshots({ runs: await runsOf({ [-20]: [world] }) })
    const current = await serveSnapshots({ runs: await runsOf({ [-2]: [hello], 40: [] }) })
    const dead = await serve((_request, response) => response.writeHead(500).end())
    const spare = await serveSnapshots({ runs: {} })
    const services = [dead.base, stopped.base, current.base, spare.base]
    expect(await outcomes([hello, world], { services })).toEqual(['identical', 'identical'])
    expect(spare.asked).toEqual([])
  })

  it('leave everything undecided where none answers', async () => {
    const dead = await serve((_request, response) => response.writeHead(500).end())
    expect(await prove([hello], { services: [dead.base] })).toMatchObject([
      { outcome: 'undecided', why: expect.stringContaining('HTTP 500') },
    ])
    const client = downloads({ offline: true })
    expect(await prove([hello], { services: [dead.base], client })).toMatchObject([
      { outcome: 'undecided', why: expect.stringContaining('--offline') },
    ])
  })

  it('step in for one that fails in the middle; where none does, that is a failure and no gap', async () => {
    const runs = await runsOf({ [-2]: [world], 3: [hello] })
    const failing = { runs, fault: failFrom(`/archive/made/${at(-2)}/`) }
    const [first, second] = [await serveSnapshots(failing), await serveSnapshots({ runs })]
    expect(await outcomes([world], { services: [first.base, second.base] })).toEqual(['identical'])
    expect(await outcomes([hello, world], { services: [first.base] })).toEqual(['identical', 'undecided'])
  })
})

function failFrom(start: string): NonNullable<MadeService['fault']> {
  return (path, response) => {
    if (path.startsWith(start)) response.writeHead(503).end()
    return path.startsWith(start)
  }
}

describe('what the service says of one package', () => {
  const hint = (hours: number, more: Partial<MadeHint> = {}): MadeHint => {
    return { firstSeen: at(hours), architecture: 'amd64', ...more }
  }
  const HELLO = 'binary/hello/1.0-1/binfiles'

  const WIDE = 1000
  /** As many runs near the clock as are looked at: one that is whole, and gaps. */
  const crowd: MadeService['runs'] = Object.fromEntries(
    Array.from({ length: MAX_SNAPSHOT_RUNS - 1 }, (_, index) => [at(-30 - index / 8), {}]),
  )
  const beyond = (server: MadeSnapshots): string[] =>
    [...new Set(releases(server))].filter((run) => run < at(-100) || run > at(100))

  /** A wide window with more runs than are looked at, these among those that are not. */
  async function crowded(
    runs: Readonly<Record<number, readonly MadeDeb[]>>,
    more: Omit<MadeService, 'runs'> = {},
  ): Promise<[server: MadeSnapshots, asking: Asking]> {
    const server = await serveSnapshots({ runs: { ...crowd, ...(await runsOf({ [-2]: [world], ...runs })) }, ...more })
    return [server, { services: [server.base], window: WIDE }]
  }

  it('leads to no run outside of the window: what was signed long ago proves nothing, and the reason says where it is', async () => {
    const years = Math.round(-2.5 * 365 * 24)
    const runs = await runsOf({ [years]: [hello], [-2]: [world], [-23]: [deb('hello', { version: '2' })] })
    const server = await serveSnapshots({ runs, hints: { [HELLO]: [hint(years)] } })
    const [old, fine] = await prove([hello, world], { services: [server.base] })
    expect(fine).toMatchObject({ outcome: 'identical' })
    expect(old).toEqual({
      outcome: 'unproven',
      hint: expect.stringContaining(`first saw it at ${at(years)}, outside of`),
    })
    expect(old).toMatchObject({ hint: expect.stringMatching(/the window of 1d around .* widen `window`\.$/) })
    expect(releases(server)).toEqual([at(-2), at(-23)])
  })

  it('proves where the window is widened to it', async () => {
    const runs = await runsOf({ [-400]: [hello], [-2]: [world] })
    const { base } = await serveSnapshots({ runs, hints: { [HELLO]: [hint(-400)] } })
    expect(await outcomes([hello], { services: [base], window: 401 })).toEqual(['identical'])
    expect(await outcomes([hello], { services: [base], window: 399 })).toEqual(['unproven'])
  })

  it('leads to runs of a wide window that are too many to be read one by one; the file may come later than it', async () => {
    const [server, asking] = await crowded({ [-400]: [], [-394]: [hello] }, { hints: { [HELLO]: [hint(-400)] } })
    expect(await outcomes([hello, world], asking)).toEqual(['identical', 'identical'])
    expect(beyond(server)).toEqual([at(-400), at(-394)])
  })

  it('leads to the beginning of the window where it was seen before', async () => {
    const [server, asking] = await crowded({ [-1400]: [hello], [-990]: [hello] }, { hints: { [HELLO]: [hint(-1400)] } })
    expect(await outcomes([hello], asking)).toEqual(['identical'])
    expect(beyond(server)).toEqual([at(-990)])
  })

  it('is asked for only where the window says nothing, and of whoever is still unproven', async () => {
    const server = await serveSnapshots({ runs: await runsOf({ [-2]: [hello, world] }) })
    await outcomes([hello, world], { services: [server.base] })
    expect(server.asked.filter((path) => path.startsWith('/mr/binary'))).toEqual([])
    await outcomes([hello, deb('world', { version: '1:2.0+x~1' })], { services: [server.base] })
    expect(server.asked.filter((path) => path.startsWith('/mr/binary'))).toEqual([
      '/mr/binary/world/1:2.0%2Bx~1/binfiles?fileinfo=1',
    ])
  })

  it('is not asked for what a run proved that it led to for another package', async () => {
    const [server, asking] = await crowded({ [-400]: [hello, world], [-2]: [] }, { hints: { [HELLO]: [hint(-400)] } })
    expect(await outcomes([hello, world], asking)).toEqual(['identical', 'identical'])
    expect(server.asked.filter((path) => path.startsWith('/mr/binary'))).toHaveLength(1)
  })

  it('is no evidence: a SHA-1, however right, proves nothing', async () => {
    const { createHash } = await import('node:crypto')
    const sha1 = createHash('sha1').update(hello.bytes).digest('hex')
    const runs = await runsOf({ [-20]: [], [-2]: [world] })
    const { base } = await serveSnapshots({ runs, hints: { [HELLO]: [hint(-20, { sha1 })] } })
    expect(await outcomes([hello], { services: [base] })).toEqual(['unproven'])
  })

  it('is taken for the architecture and the archive in question only', async () => {
    const hints = { [HELLO]: [hint(-400, { architecture: 'i386' }), hint(-300, { archive: 'other' })] }
    const [server, asking] = await crowded({ [-400]: [hello], [-300]: [hello] }, { hints })
    expect(await outcomes([hello], asking)).toEqual(['undecided'])
    expect(beyond(server)).toEqual([])
  })

  it('that cannot be had leaves the package undecided: the list of runs may have lacked one', async () => {
    const runs = await runsOf({ [-2]: [world] })
    const { base } = await serveSnapshots({ runs, fault: failFrom('/mr/binary/') })
    expect(await prove([hello], { services: [base] })).toMatchObject([
      { outcome: 'undecided', why: expect.stringContaining('binfiles') },
    ])
  })

  it('is looked into no further than a few runs after each', async () => {
    const hours = Array.from({ length: RUNS_PER_HINT + 2 }, (_, index) => [-400 + 6 * index, [world]] as const)
    const [server, asking] = await crowded(Object.fromEntries(hours), { hints: { [HELLO]: [hint(-400)] } })
    expect(await outcomes([hello], asking)).toEqual(['undecided'])
    expect(beyond(server)).toHaveLength(RUNS_PER_HINT)
  })

  it('is looked into no further than a span after it was first seen', async () => {
    const span = HINT_SPAN / 3_600_000
    const proven = async (hours: number): Promise<string[]> => {
      const [, asking] = await crowded({ [hours]: [hello] }, { hints: { [HELLO]: [hint(-400)] } })
      return await outcomes([hello], asking)
    }
    expect(await proven(-400 + span)).toEqual(['identical'])
    expect(await proven(-400 + span + 1)).toEqual(['undecided'])
  })

  it('is read up to the limit', async () => {
    const asked = async (size: number): Promise<Proof[]> => {
      const fault: MadeService['fault'] = (path, response) => {
        if (!path.startsWith('/mr/binary/')) return false
        response.end('{"result": [], "fileinfo": {}}'.padEnd(size))
        return true
      }
      const [, asking] = await crowded({ [-400]: [] }, { fault })
      return await prove([hello], asking)
    }
    expect(await asked(MAX_FILE_HINTS)).toMatchObject([
      { outcome: 'undecided', why: expect.not.stringContaining(`larger than`) },
    ])
    expect(await asked(MAX_FILE_HINTS + 1)).toMatchObject([
      { outcome: 'undecided', why: expect.stringContaining(`larger than ${MAX_FILE_HINTS} bytes`) },
    ])
  })

  it('is bounded in runs, and says so', async () => {
    const many = Array.from({ length: MAX_HINTED_RUNS + 1 }, (_, index) => -400 - index * 100)
    const empty = Object.fromEntries(many.map((hours) => [hours, []]))
    const [server, asking] = await crowded(empty, { hints: { [HELLO]: many.map((hours) => hint(hours)) } })
    expect(await prove([hello], { ...asking, window: 10_000 })).toMatchObject([
      { outcome: 'undecided', why: expect.stringContaining(`more than ${MAX_HINTED_RUNS} further runs`) },
    ])
    expect(beyond(server)).toHaveLength(MAX_HINTED_RUNS)
  })

  it('is bounded in packages, and says so', async () => {
    const [server, asking] = await crowded({ [-400]: [] })
    const claims = Array.from({ length: MAX_HINTED_CLAIMS + 1 }, (_, index) => deb(`p${index}`))
    const proofs = await prove(claims, asking)
    expect(proofs.at(-1)).toMatchObject({
      outcome: 'undecided',
      why: expect.stringContaining(`${MAX_HINTED_CLAIMS} packages`),
    })
    expect(server.asked.filter((path) => path.startsWith('/mr/binary'))).toHaveLength(MAX_HINTED_CLAIMS)
    const { base } = await serveSnapshots({ runs: await runsOf({ [-2]: [world] }) })
    // Every run of the window was read, so what is not asked would be advice.
    expect(new Set(await outcomes(claims, { services: [base] }))).toEqual(new Set(['unproven']))
  })
})

describe('with a cache', () => {
  const folders: string[] = []

  afterEach(async () => {
    await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })))
  })

  async function cacheFolder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'debproof-snapshots-'))
    folders.push(folder)
    return folder
  }

  it('what was read once is proven offline', async () => {
    const cache = new Cache(await cacheFolder())
    const server = await serveSnapshots({ runs: await runsOf({ [-2]: [world], 3: [hello], 30: [] }) })
    expect(await outcomes([hello], { services: [server.base], options: { cache } })).toEqual(['identical'])
    const asked = server.asked.length
    const offline = { services: [server.base], options: { cache, offline: true } }
    expect(await outcomes([hello], offline)).toEqual(['identical'])
    expect(await outcomes([world, deb('world', { version: '2' })], offline)).toEqual(['identical', 'undecided'])
    expect(server.asked).toHaveLength(asked)
  })

  it.each([
    ['of these days', { [-2]: [world], 30: [] }],
    ['that a service which lags behind gave', { [-2]: [world] }],
  ])('a list of runs %s is asked for again: there may be more', async (_name, listed) => {
    const cache = new Cache(await cacheFolder())
    const runs = await runsOf(listed)
    const { base } = await serveSnapshots({ runs })
    expect(await outcomes([hello], { services: [base], options: { cache } })).toEqual(['unproven'])
    Object.assign(runs, await runsOf({ 3: [hello] }))
    expect(await outcomes([hello], { services: [base], options: { cache } })).toEqual(['identical'])
  })

  it('a release file that is forged is not kept', async () => {
    const cache = new Cache(await cacheFolder())
    const runs = await runsOf({ [-2]: [hello] })
    const forged = { ...runs[at(-2)], 'dists/made/InRelease': 'a captive portal' }
    const service: MadeService = { runs: { [at(-2)]: forged } }
    const { base } = await serveSnapshots(service)
    expect(await outcomes([hello], { services: [base], options: { cache } })).toEqual(['undecided'])
    Object.assign(service.runs, runs)
    expect(await outcomes([hello], { services: [base], options: { cache } })).toEqual(['identical'])
  })

  it('nor is one with its signature beside it, as old ones have it', async () => {
    const cache = new Cache(await cacheFolder())
    const { 'dists/made/InRelease': signed, ...files } = (await runsOf({ [-2]: [hello] }))[at(-2)] ?? {}
    const [, text = '', signature = ''] = /\n\n(.*)\n(-----BEGIN PGP SIGNATURE.*)$/s.exec(String(signed)) ?? []
    const pair = { 'dists/made/Release': text, 'dists/made/Release.gpg': signature }
    const service: MadeService = {
      runs: {
        [at(-2)]: { ...files, ...pair, 'dists/made/Release': text.replace('Label: Made', 'Label: Evil') },
        [at(30)]: {},
      },
    }
    const { base, asked } = await serveSnapshots(service)
    const asking = { services: [base], options: { cache } }
    expect(await outcomes([hello], asking)).toEqual(['undecided'])
    service.runs[at(-2)] = { ...files, ...pair }
    expect(await outcomes([hello], asking)).toEqual(['identical'])
    const before = asked.filter((path) => path.includes('Release.gpg')).length
    expect(await outcomes([hello], asking)).toEqual(['identical'])
    expect(asked.filter((path) => path.includes('Release.gpg'))).toHaveLength(before)
  })
})

describe('a hostile service', () => {
  const listing = (body: string): NonNullable<MadeService['fault']> => {
    return (path, response) => {
      if (!path.startsWith('/mr/timestamp/')) return false
      response.end(body)
      return true
    }
  }

  it.each([
    ['no JSON', '<html>'],
    ['half of it', '{"result": {"made": ["20260601T1'],
    ['no list', '{"result": {"made": "20260601T120000Z"}}'],
    ['a timestamp that leads elsewhere', '{"result": {"made": ["20260601T120000Z/../../../file"]}}'],
    ['a day that does not exist', '{"result": {"made": ["20260231T120000Z"]}}'],
    ['a list without end', `{"result": {"made": [${'"20260601T120000Z",'.repeat(300_000)}"20260601T120000Z"]}}`],
    ['arrays without end', '['.repeat(4_000_000)],
  ])('that lists %s is not believed', async (_name, body) => {
    const server = await serveSnapshots({ runs: await runsOf({ 0: [hello] }), fault: listing(body) })
    expect(await outcomes([hello], { services: [server.base] })).toEqual(['undecided'])
    expect(server.asked).toHaveLength(1)
  })

  it('has a list of runs no larger than the limit', async () => {
    const body = JSON.stringify({ result: { made: [at(0), at(30)] } })
    const proven = async (size: number): Promise<Proof[]> => {
      const server = await serveSnapshots({ runs: await runsOf({ 0: [hello] }), fault: listing(body.padEnd(size)) })
      return await prove([hello], { services: [server.base] })
    }
    expect(await proven(MAX_RUN_LIST)).toMatchObject([{ outcome: 'identical' }])
    expect(await proven(MAX_RUN_LIST + 1)).toMatchObject([
      { outcome: 'undecided', why: expect.stringContaining(`larger than ${MAX_RUN_LIST} bytes`) },
    ])
  })

  it('that lists runs outside of what was asked, or one twice, is asked for no more than the window', async () => {
    const body = JSON.stringify({ result: { made: [at(0), at(0), at(900), at(-900), at(2)] } })
    const server = await serveSnapshots({
      runs: await runsOf({ 0: [world], 2: [world], 900: [hello] }),
      fault: listing(body),
    })
    expect(await outcomes([hello], { services: [server.base] })).toEqual(['unproven'])
    expect(releases(server)).toEqual([at(0), at(2)])
  })

  it('that lists thousands of runs is asked for the nearest, and what they do not list is undecided', async () => {
    const made = Array.from({ length: 5000 }, (_, index) => timestamp(AT, index / 3600))
    const server = await serveSnapshots({
      runs: await runsOf({ 0: [world] }),
      fault: listing(JSON.stringify({ result: { made } })),
    })
    expect(await prove([hello], { services: [server.base] })).toMatchObject([
      { outcome: 'undecided', why: expect.stringContaining('5000 runs') },
    ])
    expect(new Set(releases(server)).size).toBe(MAX_SNAPSHOT_RUNS)
  })
})

describe('a service that is away', () => {
  it('is waited for once, whichever of its archives is asked for', async () => {
    const { base, close } = await serveSnapshots({ runs: {} })
    await close()
    const steps: string[] = []
    const client = downloads({ retryDelay: 1, requestInterval: 1 })
    const paced = [1, 2].map(() => client.paced(base, () => steps.push('wait')))
    for (const one of paced) await expect(one.bytes(base, 100)).rejects.toMatchObject({ code: 'FETCH' })
    const waits = steps.length
    expect(waits).toBeGreaterThan(2)
    await expect(paced[0]?.bytes(base, 100)).rejects.toThrow(/was not asked: at .* there was no answer before/)
    expect(steps).toHaveLength(waits)
  })
})

describe('a service that is busy', () => {
  it('is asked one thing at a time, with some time between the starts', async () => {
    const server = await serveSnapshots({
      runs: await runsOf({ [-2]: [world], 3: [world], 6: [hello] }),
      redirects: true,
    })
    await outcomes([hello], {
      services: [server.base],
      suites: ['made', 'other', 'third'],
      options: { requestInterval: 100 },
    })
    const { starts } = server
    expect(starts.length).toBeGreaterThan(10)
    // In all, for the way there may take longer for the one than for the other.
    expect((starts.at(-1) ?? 0) - (starts[0] ?? 0)).toBeGreaterThan((starts.length - 1) * 100 - 80)
    expect(server.most()).toBe(1)
  })

  const trouble: readonly (readonly [name: string, fail: (response: import('node:http').ServerResponse) => void])[] = [
    ['HTTP 429', (response) => response.writeHead(429).end()],
    ['HTTP 500', (response) => response.writeHead(500).end()],
    ['HTTP 509', (response) => response.writeHead(509).end()],
    ['a reset', (response) => response.destroy()],
    [
      'a short body',
      (response) => {
        response.writeHead(200, { 'content-length': 1000 })
        response.write('x', () => response.destroy())
      },
    ],
  ]

  it.each(trouble)('%s: is tried again, with the same outcome', async (_name, fail) => {
    const seen = new Map<string, number>()
    const fault: MadeService['fault'] = (path, response) => {
      const times = (seen.get(path) ?? 0) + 1
      seen.set(path, times)
      if (times > 4) return false
      fail(response)
      return true
    }
    const { base } = await serveSnapshots({ runs: await runsOf({ [-2]: [world, hello] }), fault })
    const asking = { services: [base], options: { retryDelay: 1 } }
    expect(await outcomes([hello, deb('world', { version: '2' })], asking)).toEqual(['identical', 'unproven'])
  })

  it('says what it waits for and how long it may take', async () => {
    const steps: string[] = []
    let asked = 0
    const fault: MadeService['fault'] = (path, response) => {
      if (!path.includes('InRelease') || asked++ > 0) return false
      response.writeHead(429, { 'retry-after': '3' }).end()
      return true
    }
    const { base } = await serveSnapshots({ runs: await runsOf({ [-2]: [hello], 3: [world] }), fault })
    const start = performance.now()
    await outcomes([hello], { services: [base], progress: (step) => steps.push(step) })
    expect(performance.now() - start).toBeGreaterThan(2950)
    expect(steps).toContain(`made at ${base.host}: run 1 of 2, waiting 3 s (HTTP 429), less than a minute left at most`)
  })
})
