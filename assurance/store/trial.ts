import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { projectKey } from '../../__tests__/making/archive-folder.ts'
import {
  checkStore,
  filesOf,
  type MovingArchive,
  movingArchive,
  record,
  recordWords,
  storeOf,
} from '../../__tests__/making/recorded.ts'
import { AT, ago, DAY, HOUR } from '../../__tests__/making/signed-archive.ts'
import { archivePolicy, listText, newSite, policyText, runSite, type Site } from '../../__tests__/making/site.ts'
import { Random } from '../random.ts'
import { ADDITIONS, type Addition } from './additions.ts'
import { DEBS, type DebName, STATES, type StateName, shown } from './states.ts'

/** What was recorded, in this order; a state again is a server that fell back. */
const HISTORIES: readonly (readonly StateName[])[] = [
  ['first', 'second', 'third'],
  ['first', 'second', 'third'],
  ['first', 'third'],
  ['first', 'third', 'second'],
  ['first', 'second', 'third', 'second'],
  ['first', 'second', 'second, forked', 'third'],
  ['first', 'second, of another Origin', 'third'],
  ['second'],
  [],
]
/** What the server shows to the build; null where the policy asks the store alone. */
const SHOWN: readonly (StateName | null)[] = [
  null,
  null,
  'third',
  'fourth',
  'second',
  'first',
  'third, forked',
  'second, forked',
  'fourth, of another Origin',
]

/** What a trial found. */
export interface Trial {
  readonly seed: number
  readonly additions: readonly string[]
  readonly before: string
  readonly after: string
  /** Why it must not be so. */
  readonly problems: readonly string[]
}

/** What a report says, in as much as the store may change it. */
interface Judged {
  readonly verdict: string
  readonly reason: string
  /** Why the server was not believed as it is now. */
  readonly liveFailure: string | undefined
  /** Whether the archive under test was read: otherwise nobody is asked about what it lists. */
  readonly isRead: boolean
  /** All that it tells of the upstreams and archives. */
  readonly told: string
}

/** Attacks stores by adding files, and never by removing any. Closed by `removeSites` and `closeAll`. */
export class StoreAttack {
  readonly #archive: MovingArchive
  readonly #sites = new Map<string, Promise<Site>>()
  readonly #judged = new Map<string, Promise<Judged>>()

  private constructor(archive: MovingArchive) {
    this.#archive = archive
  }

  static async begin(): Promise<StoreAttack> {
    return new StoreAttack(await movingArchive())
  }

  /** One after another: the server shows one state at a time. */
  async run(seed: number): Promise<Trial> {
    const random = new Random(seed)
    const history = random.pick(HISTORIES)
    const live = random.pick(SHOWN)
    const used = random.pick(Object.keys(DEBS) as DebName[])
    const at =
      live === null ? new Date(random.pick([59, 51, 49, 41, 39.5, 37, 20, 0].map((days) => ago(days * DAY)))) : AT
    const window = random.pick(['1h', '3d', '15d', '90d'])
    const site = await this.#recorded(history)
    const judge = async (): Promise<Judged> => await this.#judge(site, { live, used, at, window })
    const key = JSON.stringify([history, live, used, at, window])
    const pristine = this.#judged.get(key) ?? judge()
    this.#judged.set(key, pristine)
    const before = await pristine

    const backup = mkdtempSync(path.join(tmpdir(), 'debproof-attack-'))
    const store = storeOf(site)
    try {
      cpSync(store, path.join(backup, 'store'), { recursive: true })
      const additions = Array.from({ length: random.between(1, 3) }, () => random.weighted(ADDITIONS))
      const outside = { file: path.join(backup, 'victim'), folder: path.join(backup, 'outside') }
      mkdirSync(outside.folder)
      const sightings = filesOf(site, 'sightings')
      for (const { add } of additions)
        await add({ random, store, archive: this.#archive.server.base, sightings, outside })
      const after = await judge()
      const names = additions.map(({ name }) => name)
      const told = ({ verdict, reason }: Judged): string => `${verdict}: ${reason}`
      const problems = problemsOf(before, after, additions, store)
      if (isWorse(before, after)) problems.push(...(await this.#checked(site)))
      return {
        seed,
        additions: [
          `${JSON.stringify(history)}, shown ${live}, used ${used}, at ${at.toISOString()}, ${window}`,
          ...names,
        ],
        before: told(before),
        after: told(after),
        problems,
      }
    } finally {
      rmSync(store, { recursive: true, force: true })
      cpSync(path.join(backup, 'store'), store, { recursive: true })
      rmSync(backup, { recursive: true, force: true })
    }
  }

  /** A site whose store was made by `record`, of a server that showed these states. */
  #recorded(history: readonly StateName[]): Promise<Site> {
    const key = history.join()
    let site = this.#sites.get(key)
    if (site === undefined) {
      site = this.#record(history)
      this.#sites.set(key, site)
    }
    return site
  }

  async #record(history: readonly StateName[]): Promise<Site> {
    const site = await newSite()
    for (const part of ['objects', 'sightings', 'incoming'])
      mkdirSync(path.join(storeOf(site), part), { recursive: true })
    let seen = 0
    for (const name of history) {
      await this.#archive.show(await shown(name))
      seen = Math.max(seen + HOUR * 1000, STATES[name].date.getTime() + HOUR * 1000)
      const { code, out, err } = await record(site, this.#archive, new Date(seen))
      if (code !== 0 && code !== 1)
        throw new Error(`it was not recorded: ${recordWords(site, this.#archive, AT).join(' ')}: ${out}${err}`)
    }
    return site
  }

  async #judge(
    site: Site,
    { live, used, at, window }: { live: StateName | null; used: DebName; at: Date; window: string },
  ): Promise<Judged> {
    const { base } = this.#archive.server
    if (live !== null) await this.#archive.show(await shown(live))
    const upstream = [
      ...(live === null ? [] : [`      - { url: "${base.href}", signed-by: keys/upstream.asc }`]),
      `      - { store: evidence, signed-by: keys/upstream.asc, at: "${at.toISOString()}", window: ${window} }`,
    ]
    await site.archive('snapshot', { key: await projectKey(), debs: [DEBS[used]] })
    site.put({
      'debproof.yml': policyText([`${archivePolicy({ upstream: null })}    upstream:\n${upstream.join('\n')}\n`]),
      'build.packages': listText([DEBS[used]]),
    })
    const { of, predicate } = await runSite(site)
    const { verdict, reason } = of('hello')
    const failures = (predicate.upstreams ?? [])
      .filter(({ name }) => name === `the upstream at ${base.href}`)
      .flatMap(({ unread }) => unread)
    return {
      verdict,
      reason,
      liveFailure: failures.length === 0 ? undefined : JSON.stringify(failures),
      isRead: predicate.archives.every(({ unread }) => unread.length === 0),
      told: JSON.stringify([predicate.upstreams, predicate.archives, reason]),
    }
  }

  /** What spoils a verdict must be seen by whoever checks the store. */
  async #checked(site: Site): Promise<string[]> {
    const { code, out } = await checkStore(site)
    return code === 1 || /older than that of|two release files/.test(out)
      ? []
      : [`record --verify says nothing of it: ${out}`]
  }
}

/** How strict a verdict is. Nothing but `identical` passes. */
const STRICTNESS: Readonly<Record<string, number>> = { identical: 0, undecided: 1, unproven: 2, mismatch: 2 }

function strictness({ verdict }: Judged): number {
  const found = STRICTNESS[verdict]
  if (found === undefined) throw new Error(`the verdict ${verdict} is not expected`)
  return found
}

function isWorse(before: Judged, after: Judged): boolean {
  return strictness(before) === 0 && strictness(after) > 0
}

function problemsOf(before: Judged, after: Judged, additions: readonly Addition[], store: string): string[] {
  const problems: string[] = []
  const isGenuine = additions.some((one) => one.isGenuine === true)
  const namesStore = after.told.includes(store)
  if (before.liveFailure !== undefined && after.liveFailure === undefined && after.isRead) {
    problems.push(`the server is believed again, which was not: ${before.liveFailure}`)
  }
  if (strictness(after) < strictness(before)) {
    const byStore = after.verdict === 'identical' && after.reason.includes(`the upstream in the store ${store}`)
    // What the upstream signed proves, whoever brings it; what is not known makes nothing known.
    const isUnknown = after.verdict === 'undecided' && namesStore
    const isAllowed = isGenuine ? byStore || isUnknown : isUnknown && (before.verdict === 'unproven' || !after.isRead)
    if (!isAllowed) problems.push('the verdict is more lenient')
  }
  if (isWorse(before, after) && (after.verdict !== 'undecided' || !namesStore)) {
    problems.push('the verdict is stricter, and no failure of the store is named')
  }
  return problems
}
