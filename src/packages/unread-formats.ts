import { firstEntryLine } from './list-entry.ts'

/**
 * What people are likely to pass as a package list that cannot serve as one: recognised only to say what to
 * do instead.
 */
interface UnreadFormat {
  /** Whether a file of this name that starts like this is one. */
  detect(start: string, fileName: string): boolean
  /** What it is and what to pass instead; follows the file's name and a colon. */
  readonly hint: string
}

const TAKE_STATUS = "pass the image's /var/lib/dpkg/status instead"

const UNREAD_FORMATS: readonly UnreadFormat[] = [
  {
    detect: (start) => /^[a-z0-9][a-z0-9+._:-]*\t+(?:install|hold|deinstall|purge)$/m.test(start),
    hint: 'the output of "dpkg --get-selections" has no versions: use "dpkg-query -W"',
  },
  {
    detect: (start) => /^(?:Desired=Unknown\/|\|\|\/ Name |[a-z]i {2}\S)/m.test(start),
    hint: 'the output of "dpkg -l" is cut off at the width of the terminal: use "dpkg-query -W"',
  },
  {
    detect: (start, fileName) =>
      /\.(?:contents|files)$/.test(fileName) || /^(?:total \d+|[d-][rwxsStT-]{9} )/m.test(start),
    hint: "this is a list of files, not of packages: pass live-build's .packages instead",
  },
  {
    detect: (_, fileName) => /(?:^|\/)versions-mirror[^/]*$/.test(fileName),
    hint: "SONiC's versions-mirror holds time stamps of mirrors: pass its versions-deb-* instead",
  },
  {
    detect: (start) => /^\s*[{[]/.test(start),
    hint: `JSON (mkosi manifests, SBOMs) is not read: ${TAKE_STATUS}`,
  },
  { detect: (start) => /pkg:deb\//.test(start), hint: `package URLs are not read: ${TAKE_STATUS}` },
  {
    detect: (start) => /^[^|\n]+\|[^|\n]+\|[^|\n]+\|[^|\n]+$/m.test(start),
    hint: `ISAR's .manifest is not read: pass its .dpkg_status instead`,
  },
  {
    detect: (start) => /^Installed-Build-Depends:/m.test(start),
    hint: 'a .buildinfo says what one package was built with, not what an image is made of',
  },
  {
    detect: (start) => /^(?:Start-Date: |Log started: |\d{4}-\d\d-\d\d \d\d:\d\d:\d\d )/m.test(start),
    hint: `logs of apt and dpkg are not read: ${TAKE_STATUS}`,
  },
  {
    detect: (start) => /^[a-z0-9][a-z0-9+._-]*$/.test(firstEntryLine(start) ?? ''),
    hint: 'a list of names without versions says what was wished for, not what was used: use "dpkg-query -W"',
  },
]

/** What to do instead of passing this file, where that is known. */
export function hintForUnread(start: string, fileName: string): string | undefined {
  return UNREAD_FORMATS.find((format) => format.detect(start, fileName))?.hint
}
