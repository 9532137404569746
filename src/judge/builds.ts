/** Which build a statement is the record of. */
export interface BuildRecord {
  /**
   * All that the record is known by: its place, what was signed. Statements that have one of these in common are of
   * one build, whoever signed them.
   */
  readonly names: readonly string[]
  /**
   * `sums`: a list of sums, which every builder of the same bytes writes alike, so that several may sign one text for
   * a build of their own each; where they do, the policy says so (`cosigned`). `build`: of one build, always.
   */
  readonly kind: 'build' | 'sums'
}

/** A party, and the records that it signed. */
export interface Signing {
  readonly party: string
  /** The policy's word that it built what the sums list that it signs together with others. */
  readonly cosigned: boolean
  readonly records: readonly BuildRecord[]
}

/** A party that signed nothing but what others signed too, and counts together with one of them. */
export interface Follower {
  readonly party: string
  /** Who signed the same. */
  readonly others: readonly string[]
  /** Whether what they share is a list of sums: the policy could say that each built it. */
  readonly isSums: boolean
}

export interface Builders {
  /** As many as built at least, each named by one of those who may have: sorted. */
  readonly counted: readonly string[]
  readonly followers: readonly Follower[]
  /** Of those counted, who counts since the policy says `cosigned`: sorted. */
  readonly cosigned: readonly string[]
}

/** Who signed one record. */
interface Signed {
  readonly parties: ReadonlySet<string>
  readonly isSums: boolean
}

/**
 * How many parties built at least, where each record is of one build and any of those who signed it may be the one
 * who did it. Pure.
 *
 * A party counts that signed a record which no other party signed, or sums for which the policy says `cosigned`.
 * Records that none of these signed make one more for all that are connected by a party. So a party that countersigns
 * whatever another one signs adds nothing, however many documents there are; this never is more than the least number
 * of builders who could have made all records.
 */
export function countBuilders(signings: readonly Signing[]): Builders {
  const records = recordsOf(signings)
  const own = new Set(records.flatMap(({ parties: [one = ''], parties }) => (parties.size === 1 ? [one] : [])))
  const cosigned = signings
    .filter((each) => !own.has(each.party) && each.cosigned && each.records.some(({ kind }) => kind === 'sums'))
    .map(({ party }) => party)
  const counting = new Set([...own, ...cosigned])
  const open = records.filter(({ parties }) => ![...parties].some((party) => counting.has(party)))
  for (const group of joined(open.map(({ parties }) => [...parties]))) counting.add([...group].sort()[0] ?? '')
  return {
    counted: [...counting].sort(),
    followers: signings
      .filter(({ party }) => !counting.has(party))
      .map(({ party }) => {
        const shared = records.filter(({ parties }) => parties.has(party))
        const others = new Set(shared.flatMap(({ parties }) => [...parties]).filter((other) => other !== party))
        return { party, others: [...others].sort(), isSums: shared.some(({ isSums }) => isSums) }
      }),
    cosigned: cosigned.sort(),
  }
}

function recordsOf(signings: readonly Signing[]): Signed[] {
  const records = signings.flatMap(({ party, records: signed }) => signed.map((record) => ({ party, ...record })))
  const groups = joined(records.map(({ names }) => names))
  const groupOf = new Map(groups.flatMap((group) => [...group].map((name) => [name, group] as const)))
  const byGroup = new Map<ReadonlySet<string>, { parties: Set<string>; isSums: boolean }>()
  for (const { party, names, kind } of records) {
    const [name] = names
    const group = name === undefined ? undefined : groupOf.get(name)
    if (group === undefined) throw new Error('a record has a name')
    const signed = byGroup.get(group) ?? { parties: new Set(), isSums: true }
    byGroup.set(group, signed)
    signed.parties.add(party)
    signed.isSums &&= kind === 'sums'
  }
  return [...byGroup.values()]
}

/** What is connected: lists that share an item, or that share one with a list that does, are in one set. */
function joined(lists: readonly (readonly string[])[]): ReadonlySet<string>[] {
  const setOf = new Map<string, Set<string>>()
  for (const list of lists) {
    const touched = new Set(list.map((item) => setOf.get(item)).filter((set) => set !== undefined))
    // The smaller sets go into the largest, so that no item moves often.
    const [largest = new Set<string>(), ...others] = [...touched].sort((a, b) => b.size - a.size)
    for (const item of [...others.flatMap((set) => [...set]), ...list]) {
      largest.add(item)
      setOf.set(item, largest)
    }
  }
  return [...new Set(setOf.values())]
}
