import type { Report } from './report-schema.ts'

/** What of a report says who vouches for what. */
interface Vouched {
  readonly vouchedBy?: readonly string[] | undefined
}

/**
 * Packages of which it is open who vouches for what was used: how many, by the archives that may have delivered them
 * (`debian or vendor`). Archives whose upstreams are trusted by the same keys are one and the same word.
 */
export function openVouchers(
  packages: readonly Vouched[],
  archives: Report['predicate']['archives'],
): Map<string, number> {
  const keys = new Map(archives.map((archive) => [archive.name, keysOf(archive)]))
  const found = new Map<string, number>()
  for (const { vouchedBy = [] } of packages) {
    if (new Set(vouchedBy.map((name) => keys.get(name) ?? name)).size < 2) continue
    const names = vouchedBy.join(' or ')
    found.set(names, (found.get(names) ?? 0) + 1)
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Archives that vouch for packages: one of those that are trusted by the same keys. */
export function differentVouchers(archives: Report['predicate']['archives']): string[] {
  const byKeys = new Map<string, string>()
  for (const archive of archives) {
    const { name, upstreams = [], rebuilders } = archive
    if (upstreams.length === 0 && rebuilders === undefined) continue
    const keys = keysOf(archive)
    if (!byKeys.has(keys)) byKeys.set(keys, name)
  }
  return [...byKeys.values()]
}

/** What its own word rests on; that of an archive with rebuilders is nobody else's. */
function keysOf({ name, upstreams = [], rebuilders }: Report['predicate']['archives'][number]): string {
  const keys = new Set(upstreams.flatMap((upstream) => upstream.keys))
  return rebuilders !== undefined || keys.size === 0 ? name : [...keys].sort().join(' ')
}
