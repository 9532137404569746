import { dateWords } from './dates-in-words.ts'
import type { FieldArchive } from './field-archive.ts'
import { ftparchive, type Shape } from './ftparchive.ts'

type Edit = (text: string) => string

const HOUR = 3_600_000

function odd(name: string, shape: Shape, stricter?: string): FieldArchive {
  return {
    name,
    by: 'apt-ftparchive, gpg',
    ...(stricter === undefined ? {} : { stricter }),
    make: async (workplace, folder) => await ftparchive(workplace, folder, shape),
  }
}

/** With another Date. */
function dated(date: string): Edit {
  return (text) => text.replace(/^Date: .*$/m, `Date: ${date}`)
}

/** With lines before the hashes. */
function withLines(...lines: readonly string[]): Edit {
  return (text) => text.replace(/^MD5Sum:/m, [...lines, 'MD5Sum:'].join('\n'))
}

const crlf = (text: string): string => text.replaceAll(/\r?\n/g, '\r\n')
const past = dateWords(new Date(Date.now() - HOUR))
const future = dateWords(new Date(Date.now() + 240 * HOUR))

/** Every row of `Packages.xz` twice. */
function rowsTwice(change: (row: string) => string = (row) => row): Edit {
  return (text) =>
    text.replaceAll(/^ [0-9a-f]+ +\d+ main\/binary-amd64\/Packages\.xz\n/gm, (row) => `${row}${change(row)}`)
}

/** Release files that no tool of Debian's writes so, and people serve. */
export const ODD_RELEASES: readonly FieldArchive[] = [
  odd('CRLF in the text, as gpg leaves it', { edit: crlf }),
  odd('CRLF throughout', { form: 'InRelease', edit: crlf, written: crlf }),
  odd('CRLF in Release, with Release.gpg', { form: 'Release.gpg', edit: crlf }),
  odd(
    'CRLF in some lines',
    { edit: (text) => text.replace(/^(Suite: .*)$/m, '$1\r') },
    'who does not know CRLF reads a part',
  ),
  odd('Date of asctime', { edit: dated(past.asctime) }),
  odd('Date of RFC 850', { edit: dated(past.rfc850) }),
  odd('Date in small letters', { edit: dated(past.rfc1123.toLowerCase().replace('gmt', 'GMT')) }),
  odd(
    'Date of date(1), which apt cannot read and passes over',
    { edit: dated(past.date1) },
    'a state without a date cannot be judged at a clock',
  ),
  odd(
    'no Date',
    { edit: (text) => text.replace(/^Date: .*\n/m, '') },
    'a state without a date cannot be judged at a clock',
  ),
  odd('Valid-Until of asctime', { edit: withLines(`Valid-Until: ${future.asctime}`) }),
  odd('Valid-Until of RFC 850', { edit: withLines(`Valid-Until: ${future.rfc850}`) }),
  odd('Valid-Until empty', { edit: withLines('Valid-Until:') }),
  odd(
    'Valid-Until of RFC 850, past',
    { edit: withLines(`Valid-Until: ${past.rfc850}`) },
    'apt takes it for 1926, and that for no end',
  ),
  odd('Valid-Until past', { edit: withLines(`Valid-Until: ${past.rfc1123}`) }),
  odd('Date twice', { edit: withLines(`Date: ${past.rfc1123}`) }),
  odd('Suite twice, the same', { edit: withLines('Suite: stable') }),
  odd('Suite twice, not the same', { edit: withLines('Suite: other') }, 'debootstrap takes neither, others the first'),
  odd('a blank before the colon', { edit: (text) => text.replaceAll(/^(Suite|Codename|SHA256):/gm, '$1 :') }),
  odd('a comment with a colon first', { edit: (text) => `# made by: a script\n${text}` }),
  odd('a comment without a colon first', { edit: (text) => `# made by a script\n${text}` }),
  odd('an empty line first', { edit: (text) => `\n${text}` }),
  odd('rows twice', { edit: rowsTwice() }),
  odd(
    'rows twice, the second of another hash',
    { edit: rowsTwice((row) => row.replace(/[0-9a-f]{8}/, 'ffffffff')) },
    'who reads into a table takes the last',
  ),
  odd('hashes in upper case', { edit: (text) => text.replaceAll(/^ [0-9a-f]+ /gm, (hash) => hash.toUpperCase()) }),
  odd(
    'neither Suite nor Codename',
    { edit: (text) => text.replaceAll(/^(?:Suite|Codename): .*\n/gm, '') },
    'nothing in it tells of which suite it is',
  ),
  odd(
    'Suite and Codename of other names',
    { release: { Suite: 'stable', Codename: 'jammy' }, suite: 'any' },
    'the policy does not say its release-name',
  ),
  odd('MD5 and SHA1 alone for an index that nobody asks for', {
    edit: (text) => text.replace(/^SHA1:\n/m, `SHA1:\n ${'d'.repeat(40)} 5 main/i18n/Translation-en\n`),
  }),
  odd('SHA512 alone', { options: ['-o', 'APT::FTPArchive::SHA256=no'] }, 'identity is the SHA-256'),
]
