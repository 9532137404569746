import { UNUSED, USED } from './debs.ts'
import type { FieldArchive } from './field-archive.ts'
import { ftparchive } from './ftparchive.ts'

function odd(
  name: string,
  change: (stanza: string) => string,
  of: string = UNUSED.name,
  stricter?: string,
): FieldArchive {
  return {
    name,
    by: 'apt-ftparchive, gpg',
    ...(stricter === undefined ? {} : { stricter }),
    make: async (workplace, folder) =>
      await ftparchive(workplace, folder, { index: (text) => text.replace(stanzaOf(of), change) }),
  }
}

function stanzaOf(name: string): RegExp {
  return new RegExp(`^Package: ${name}\\n(?:.+\\n)+`, 'm')
}

const noBlank = (stanza: string): string => stanza.replace(/^Version: /m, 'Version:')
const noBlanks = (stanza: string): string => stanza.replaceAll(/^([A-Z][A-Za-z0-9-]+): /gm, '$1:')
const twice = (stanza: string): string =>
  stanza.replace(/^(Maintainer: .*)$/m, '$1\nMaintainer: Other <other@example.org>')
const without = (...fields: readonly string[]) => {
  const lines = new RegExp(`^(?:${fields.join('|')}): .*\\n`, 'gm')
  return (stanza: string): string => stanza.replaceAll(lines, '')
}
const upperCase = (stanza: string): string =>
  stanza.replace(/^SHA256: .*$/m, (line) => `SHA256: ${line.slice(8).toUpperCase()}`)

/** Before the stanza, one of an earlier version that is changed: it has a file of its own. */
function earlier(change: (stanza: string) => string): (stanza: string) => string {
  return (stanza) =>
    `${change(stanza.replace(/^Version: .*$/m, 'Version: 0.1').replace('_1.0-1_', '_0.1_'))}\n${stanza}`
}

/** Stanzas of a package that the build does not use, of one that it does, and of an earlier version of that. */
export const ODD_STANZAS: readonly FieldArchive[] = [
  odd('Version:1.0, used', noBlank, USED[0].name),
  odd(
    'no blank after any colon, used',
    noBlanks,
    USED[0].name,
    'debootstrap finds no SHA256 that has no blank before it',
  ),
  odd('a field twice, used', twice, USED[0].name),
  odd('no blank after any colon, unused', noBlanks),
  odd('a field twice, unused', twice),
  odd('no SHA256, unused', without('SHA256')),
  odd('no SHA256 and no Size, unused', without('SHA256', 'Size')),
  odd('SHA256 in upper case, unused', upperCase),
  odd('a blank before a colon, unused', (stanza) => stanza.replace(/^Section:/m, 'Section :')),
  odd('a comment, unused', (stanza) => stanza.replace(/^Section:/m, '# made by: a script\nSection:')),
  odd(
    'no SHA256, an earlier version',
    earlier(without('SHA256', 'SHA512', 'SHA1', 'MD5sum')),
    USED[0].name,
    'debootstrap takes the hash of the stanza before, and a list of names does not say which file was used',
  ),
  odd('SHA256 in upper case, an earlier version', earlier(upperCase), USED[0].name),
]
