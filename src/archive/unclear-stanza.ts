import { DebproofError } from '../errors.ts'
import { MAX_UNCLEAR_NAMES } from '../limits.ts'
import { parseStanza } from './deb822.ts'
import { type PackageName, parsePackageName } from './identity.ts'

/**
 * A stanza of which it is certain which package it is about, and not which file: a field that not every reader takes
 * alike, or that is missing. Only its own package is in doubt.
 */
export interface UnclearStanza {
  readonly name: PackageName
  /** Its place among the stanzas of the index, counted from 1: `awk -v RS= 'NR == 7'` shows the seventh. */
  readonly number: number
  /** What is wrong with it: a sentence. */
  readonly problem: string
  /** How many such stanzas of this name the index has; the first is told. */
  readonly count: number
}

/** Those of one index: the first of each name, and how many there are. */
export class UnclearStanzas {
  readonly #byName = new Map<PackageName, UnclearStanza>()

  /** @throws DebproofError INDEX_MALFORMED where they are too many for one index */
  add(name: PackageName, number: number, problem: string): void {
    const known = this.#byName.get(name)
    this.#byName.set(
      name,
      known === undefined ? { name, number, problem, count: 1 } : { ...known, count: known.count + 1 },
    )
    if (this.#byName.size <= MAX_UNCLEAR_NAMES) return
    throw new DebproofError(
      'INDEX_MALFORMED',
      `The index has stanzas of more than ${MAX_UNCLEAR_NAMES} packages that are looked for and that not everybody ` +
        `reads alike; stanza ${number}: ${problem}`,
    )
  }

  all(): UnclearStanza[] {
    return [...this.#byName.values()]
  }
}

/**
 * The package that a stanza is about to every reader, whatever is wrong with its other fields; undefined where one may
 * take it for another package, or for the end of one and the beginning of the next.
 *
 * There must be one line that any reader may take for a Package field, it must be one to all of them, and nothing
 * before it may swallow it, as a line without a colon does for apt: the name of a field goes to the next colon, wherever
 * that is, so that such a line at the end of a stanza joins it to the next one. Some end a stanza at a line of blanks,
 * some leave out comments, some end lines at other characters: nothing of that may be there.
 *
 * @param text the stanza without the blank lines around it
 */
export function certainName(text: string): PackageName | undefined {
  const lines = (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n')
  if (OTHER_ENDS.test(text) || lines.some((line) => BOUND.test(line))) return undefined
  if (STARTS_FIELD.test(text.slice(text.lastIndexOf(':')))) return undefined
  const places = lines.flatMap((line, place) => (MAY_BE_PACKAGE.test(line) ? [place] : []))
  const [place] = places
  if (place === undefined || places.length > 1 || GOES_ON.test(lines[place + 1] ?? '')) return undefined
  try {
    const stanza = parseStanza(lines.slice(0, place + 1).join('\n'), () => true)
    return parsePackageName(stanza.get('package') ?? '')
  } catch (error) {
    if (!(error instanceof DebproofError)) throw error
    return undefined
  }
}

/** Control characters: some end a line to some readers, or a text. */
const OTHER_ENDS = /[^\t\n -~\x80-\xff]/
/** A comment, or white space alone, which ends a stanza to some. */
const BOUND = /^(?:#|\s*$)/
const MAY_BE_PACKAGE = /^package(?:[\s:]|$)/i
const GOES_ON = /^[ \t]/
const STARTS_FIELD = /\n[^ \t\n]/
