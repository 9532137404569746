/**
 * What apt says beside the URLs of `--print-uris`, in English, as apt 2.6 (Debian 12) and 3.0 (Debian 13) say it while
 * they install, upgrade, download, or get sources. Source: `apt-private/` of apt's source, and what the two print.
 *
 * Nothing else is passed over: a line that apt does not say belongs to another list. Nor is what apt says where it
 * prints less than was used: its errors (`E:`), and `Skipping already downloaded file`.
 */
export class AptChatter {
  /** What may follow the line before. */
  #expected: Expected | undefined

  /** Whether apt says this line at this place. To be asked about every line without a URL, in their order. */
  passes(line: string): boolean {
    if (this.#expected !== undefined && FOLLOWING[this.#expected].test(line)) {
      if (this.#expected === 'url' || this.#expected === 'command') this.#expected = undefined
      return true
    }
    this.#expected = startedBy(line)
    return this.#expected !== undefined || SENTENCES.some((sentence) => sentence.test(line))
  }
}

const NAME = '[a-z0-9][a-z0-9+.-]*(?::[a-z0-9-]+)?'
const VERSION = '[A-Za-z0-9.+~:-]+'
/** Of a list of packages: `|` between alternatives, `*` for what is purged, versions with `-V`. */
const WORD = `(?:\\||${NAME}\\*?|\\(${VERSION}(?: => ${VERSION})?\\)|\\(due to ${NAME}\\))`
const SIZE = '\\d+(?:\\.\\d+)? [kMGTPEZY]?B'

const FOLLOWING = {
  names: new RegExp(`^ {2,}${WORD}(?: +${WORD})*$`),
  summary: new RegExp(
    '^ {2}(?:Upgrading: \\d+, Installing: \\d+, (?:Reinstalling: \\d+, )?(?:Downgrading: \\d+, )?' +
      `Removing: \\d+, Not Upgrading: \\d+|Download size: ${SIZE}(?: / ${SIZE})?|Freed space: ${SIZE}|` +
      `Space needed: ${SIZE}(?: / ${SIZE} available)?|\\d+ not fully installed or removed\\.)$`,
  ),
  // A source package's field Vcs-*, and how to use it.
  url: /^(?:[a-z+]+:\/\/|lp:)[^\s'"]+(?: -b [^\s'"]+)?(?: \[[^\s'"]+\])?$/,
  command: /^(?:git clone|bzr branch) [^'"]+$/,
} as const satisfies Record<string, RegExp>

type Expected = keyof typeof FOLLOWING

/** Above a list of packages. */
const HEADINGS: ReadonlySet<string> = new Set([
  'The following additional packages will be installed:',
  'The following NEW packages will be installed:',
  'The following packages will be upgraded:',
  'The following packages will be DOWNGRADED:',
  'The following packages will be REMOVED:',
  'The following packages have been kept back:',
  'The following held packages will be changed:',
  'The following upgrades have been deferred due to phasing:',
  'The following package was automatically installed and is no longer required:',
  'The following packages were automatically installed and are no longer required:',
  'Suggested packages:',
  'Recommended packages:',
  'This should NOT be done unless you know exactly what you are doing!',
  'WARNING: The following packages cannot be authenticated!',
  // apt(8) since 3.0.
  'Installing:',
  'Installing dependencies:',
  'Upgrading:',
  'DOWNGRADING:',
  'REMOVING:',
  'Changing held packages:',
  'Not upgrading:',
  'Not upgrading yet due to phasing:',
])

function startedBy(line: string): Expected | undefined {
  if (HEADINGS.has(line)) return 'names'
  if (line === 'Summary:') return 'summary'
  if (line === 'Please use:') return 'command'
  return /^NOTICE: '[^']+' packaging is maintained in the '[^']+' version control system at:$/.test(line)
    ? 'url'
    : undefined
}

const SENTENCES: readonly RegExp[] = [
  /^(?:Reading package lists|Building dependency tree|Reading state information|Calculating upgrade|Solving dependencies|Correcting dependencies)\.\.\.(?: Done)?$/,
  /^\d+ upgraded, \d+ newly installed, (?:\d+ reinstalled, )?(?:\d+ downgraded, )?\d+ to remove and \d+ not upgraded\.$/,
  /^\d+ not fully installed or removed\.$/,
  /^\d+ packages? (?:was|were) automatically installed and (?:is|are) no longer required\.$/,
  /^Use '[^']+' to remove (?:it|them)\.$/,
  new RegExp(`^Need to get ${SIZE}(?:/${SIZE})? of (?:source )?archives\\.$`),
  new RegExp(`^After this operation, ${SIZE} (?:of additional disk space will be used|disk space will be freed)\\.$`),
  new RegExp(`^${NAME} is already the newest version \\(${VERSION}\\)\\.$`),
  new RegExp(`^${NAME} set to manually installed\\.$`),
  new RegExp(`^${NAME} has no build depends\\.$`),
  new RegExp(`^Reinstallation of ${NAME} is not possible, it cannot be downloaded\\.$`),
  new RegExp(
    `^Skipping ${NAME}, it is (?:already installed and upgrade is not set|not installed and only upgrades are requested)\\.$`,
  ),
  new RegExp(`^Package '${NAME}' is not installed, so not removed(?:\\. Did you mean '${NAME}'\\?)?$`),
  /^Note, selecting '[^']+' (?:instead of|for task|for glob|for regex) '[^']+'$/,
  /^Note, using (?:file|directory) '[^']+' to get the build dependencies$/,
  /^Selected version '[^']+' \([^'"]*\) for '?[^']+'?(?: because of '[^']+')?$/,
  /^Picking '[^']+' as source package instead of '[^']+'$/,
  /^to retrieve the latest \(possibly unreleased\) updates to the package\.$/,
  /^WARNING: The following essential packages will be removed\.$/,
  /^WARNING: apt does not have a stable CLI interface\. Use with caution in scripts\.$/,
  /^Authentication warning overridden\.$/,
  /^[WN]: \S/,
]

/** Whether apt says that of what it would get a part is at hand, in its cache: of that it prints nothing. */
export function saysPartIsAtHand(line: string): boolean {
  const sizes = /^(?:Need to get| {2}Download size:) (.+?) ?\/ ?(.+?)(?: of archives\.)?$/.exec(line)
  return sizes !== null && sizes[1] !== sizes[2]
}
