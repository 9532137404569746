import { MAX_UNCLEAR_TOLD } from '../limits.ts'
import type { IndexEntry } from './index-entry.ts'
import type { UnclearStanza } from './unclear-stanza.ts'

/** The unclear stanzas of one index and one package. */
export interface UnclearListing extends UnclearStanza {
  readonly kind: IndexEntry['kind']
  /** Such as `bookworm main/binary-amd64/Packages`. */
  readonly index: string
}

/** Says where it is and what is wrong with it: a sentence that begins with the index. */
export function describeUnclear({ index, number, name, problem, count }: UnclearListing): string {
  const more = count === 1 ? '' : ` ${count - 1} more of its stanzas there are not read alike either.`
  return `${index} has a stanza of ${name}, its number ${number}, that not everybody reads alike. ${problem}${more}`
}

/** What is told of one archive: the first ones of each index. */
export function unclearNotes(unclear: readonly UnclearListing[]): string[] {
  const told = unclear.slice(0, MAX_UNCLEAR_TOLD).map(describeUnclear)
  const rest = unclear.length - told.length
  return rest === 0 ? told : [...told, `${unclear[0]?.index} has such stanzas of ${rest} more packages.`]
}
