import type { PackageList } from '../packages/read-list.ts'
import type { ClockSource } from '../policy/policy.ts'
import type { Report, ReportedPackage } from './report-schema.ts'

type Predicate = Report['predicate']
type Trust = Predicate['trust'][number]

/** What of a report says which time it was judged for. */
type Timed = Pick<Predicate, 'at' | 'clock' | 'packages' | 'archives'>

/** Where the clock comes from, and which package lists told it. */
export function reportClock(clock: ClockSource, lists: readonly PackageList[]): NonNullable<Predicate['clock']> {
  return clock.from === 'list' ? { from: 'list', lists: tellers(clock.origins, lists) } : { from: clock.from }
}

/** The names of the package lists that say which snapshot of one of these origins was used. */
export function tellers(origins: readonly string[], lists: readonly PackageList[]): string[] {
  const telling = lists.filter(({ content }) => origins.some((one) => Object.hasOwn(content.references ?? {}, one)))
  return [...new Set(telling.map(({ name }) => name))].sort()
}

/** How far the dates of the signed states that prove packages identical are from the clock. */
export interface SignedStates {
  readonly packages: number
  readonly first: string
  readonly last: string
  /** From the clock to the farthest of them, rounded up. */
  readonly days: number
}

/** Undefined where no package is proven by a dated state. */
export function signedStates({ at, packages }: Pick<Timed, 'at' | 'packages'>): SignedStates | undefined {
  const dates = packages.flatMap(({ vouchedAt }) => vouchedAt ?? []).sort()
  const [first, last] = [dates[0], dates.at(-1)]
  if (first === undefined || last === undefined) return undefined
  const distance = (time: string): number => Math.abs(Date.parse(time) - Date.parse(at)) / 86_400_000
  return { packages: dates.length, first, last, days: Math.ceil(Math.max(distance(first), distance(last))) }
}

/** `from … to …`, and how many days lie between them and the clock. */
export function describeStates({ first, last, days }: SignedStates, at: string): string {
  const dated = first === last ? `dated ${first}` : `dated ${first} to ${last}`
  return `${dated}; the clock is ${at}: at most ${days} day${days === 1 ? '' : 's'} apart`
}

/** Which package list set the clock, in a sentence; undefined where none did. */
export function toldClock({ clock }: Pick<Timed, 'clock'>): string | undefined {
  return clock?.lists === undefined ? undefined : `The clock was set by ${named(clock.lists)}, as the policy has it.`
}

/** What a reader still has to believe of the time that was judged for. */
export function clockTrust({ at, clock, packages, archives }: Timed): Trust[] {
  const trust: Trust[] = []
  const add = (items: readonly ReportedPackage[], of: string, trusts: string): void => {
    if (items.length > 0) trust.push({ packages: items.length, of, trusts })
  }
  const dated = packages.filter(({ vouchedAt }) => vouchedAt !== undefined)
  const states = signedStates({ at, packages })
  if (states !== undefined) {
    const what = 'That what was signed then is what the build was meant to use'
    add(dated, 'identical, by the date of the signed state', `${what}: it is ${describeStates(states, at)}.`)
  }
  if (clock?.lists !== undefined) {
    add(packages, 'all', `That ${named(clock.lists)} tells the time of the build truthfully: it set the clock.`)
  }
  for (const { name, upstreams = [] } of archives) {
    const own = packages.filter(({ archive, vouchedAt }) => archive === name && vouchedAt !== undefined)
    for (const { place, at: instant, lists } of upstreams) {
      if (lists === undefined || instant === undefined) continue
      const asked = `it chose ${instant}, around which ${place} was asked for`
      add(own, `identical, from ${name}`, `That ${named(lists)} tells truthfully which snapshot was used: ${asked}.`)
    }
  }
  return trust
}

function named(lists: readonly string[]): string {
  return `the package list${lists.length === 1 ? '' : 's'} ${lists.join(', ')}`
}
