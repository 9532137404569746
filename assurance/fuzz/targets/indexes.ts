import { parseArchiveDate } from '../../../src/archive/archive-date.ts'
import { parseStanza, type Stanza } from '../../../src/archive/deb822.ts'
import { parseVersion, type Version } from '../../../src/archive/identity.ts'
import { StanzaScanner, WantedNames } from '../../../src/archive/stanza-scanner.ts'
import type { IndexKind } from '../../../src/archive/suite-layout.ts'
import { certainName } from '../../../src/archive/unclear-stanza.ts'
import { compareVersions } from '../../../src/archive/version-order.ts'
import { type WantedFacts, WantedStanzas } from '../../../src/archive/wanted-stanzas.ts'
import { DebproofError } from '../../../src/errors.ts'
import { parseRetryAfter } from '../../../src/net/retry-after.ts'
import { canonicalText, latin1, type Outcome, promise, type Target, unlessRefusedNow } from '../target.ts'
import { EXAMPLE, file, fileSeeds, LISTS, REBUILDS, textSeeds } from './files.ts'

const deb822: Target = {
  name: 'deb822',
  promise: 'a stanza that is read can be written and read again, and no field is lost',
  seeds: () => [
    ...fileSeeds(
      `${EXAMPLE}/own/dists/example/main/binary-amd64/Packages`,
      `${REBUILDS}/debproof-demo_1.0-1.dsc`,
      `${REBUILDS}/orig.buildinfo`,
    ),
    ...latin1(file(`${LISTS}/mmdebstrap.dpkg-status.head`))
      .split('\n\n')
      .slice(0, 3)
      .map((text, index) => ({ name: `status ${index}`, bytes: Buffer.from(text, 'latin1') })),
  ],
  tokens: ['\n ', '\n .\n', ':', '\nPackage: ', '\n#', '\n-', '\n\t'],
  run(bytes) {
    const stanza = unlessRefusedNow(['INDEX_MALFORMED'], () => parseStanza(latin1(bytes)))
    if (stanza === undefined) return 'refused'
    const again = parseStanza(printed(stanza))
    promise(canonicalText(again) === canonicalText(stanza), 'it reads another stanza than it wrote')
    const colons = latin1(bytes)
      .split('\n')
      .filter((line) => /^[^ \t]/.test(line))
    promise(stanza.size === colons.length, `of ${colons.length} fields ${stanza.size} were read`)
    return 'accepted'
  },
}

function printed(stanza: Stanza): string {
  return [...stanza].map(([name, value]) => `${name}: ${value.replaceAll('\n', '\n ')}\n`).join('')
}

/** The first bytes say where the rest is cut, how it is scanned, and what is looked for. */
const index: Target = {
  name: 'index-scanner',
  promise: 'an index gives the same however it is cut, and what a reader of whole stanzas finds',
  seeds: () => {
    const whole = file(`${EXAMPLE}/snapshot/dists/trixie-security/main/binary-amd64/Packages`).subarray(0, 2500)
    const small = file(`${EXAMPLE}/own/dists/example/main/binary-amd64/Packages`)
    const sources = Buffer.from(
      `Package: hello\nBinary: hello\nVersion: 1.0-1\nDirectory: pool/main/h/hello\nChecksums-Sha256:\n ${'a'.repeat(64)} 12 hello_1.0-1.dsc\n ${'b'.repeat(64)} 34 hello_1.0.orig.tar.gz\nFiles:\n ${'c'.repeat(32)} 12 hello_1.0-1.dsc\n`,
    )
    const heads = [
      [0, 0, 0],
      [1, 1, 1],
      [7, 64, 1],
      [255, 3, 0],
    ]
    return [whole, small, Buffer.concat([small, Buffer.from('\n\n'), small]), sources].flatMap((bytes, number) =>
      heads.map((head) => ({
        name: `${number} in pieces of ${head.join(' and ')}`,
        bytes: Buffer.concat([Buffer.from([...head, number === 3 ? 1 : 0]), bytes]),
      })),
    )
  },
  tokens: [
    '\n\n',
    '\n\n\n',
    'Package: a\n',
    'package: a\n',
    '\npackage\t: a\n',
    'Package:a\n',
    'SHA256: ',
    'Filename: ../',
    'Size: ',
  ],
  run(bytes) {
    const [first = 0, second = 0, flags = 0, kind = 0] = bytes
    const text = bytes.subarray(4)
    const refuseHidden = (flags & 1) === 1
    const indexKind = (kind & 1) === 1 ? 'Sources' : 'Packages'
    const names = namesIn(latin1(text))
    const whole = scanned([text], names, refuseHidden, indexKind)
    const cut = scanned(pieces(text, first + 1, second + 1), names, refuseHidden, indexKind)
    promise(canonicalText(whole) === canonicalText(cut), 'it depends on where the index is cut')
    if (typeof whole === 'string') return 'refused'
    const reference = readWhole(latin1(text), names, new WantedStanzas(indexKind, refuseHidden))
    promise(canonicalText(whole) === canonicalText(reference), 'a reader of whole stanzas finds something else')
    return 'accepted'
  },
}

function namesIn(text: string): string[] {
  return [
    ...new Set([...text.matchAll(/^package[ \t]*:[ \t]*(\S+)/gim)].map(([, name = '']) => name.toLowerCase())),
  ].slice(0, 20)
}

function scanned(
  chunks: Iterable<Uint8Array>,
  names: readonly string[],
  refuseHidden: boolean,
  kind: IndexKind,
): WantedFacts | string {
  const stanzas = new WantedStanzas(kind, refuseHidden)
  const scanner = new StanzaScanner({
    wanted: new WantedNames(names),
    refuseHidden,
    onStanza: (text, number) => stanzas.add(text, number),
  })
  try {
    // What was handed over may be written over.
    for (const chunk of chunks) {
      const lent = Uint8Array.from(chunk)
      scanner.push(lent)
      lent.fill(0x58)
    }
    scanner.end()
    return stanzas.facts()
  } catch (error) {
    if (!(error instanceof DebproofError)) throw error
    promise(error.code === 'INDEX_MALFORMED', `it was refused as ${error.code}`)
    return error.code
  }
}

function* pieces(bytes: Uint8Array, first: number, second: number): Generator<Uint8Array> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = turn % 2 === 0 ? first : second
    yield bytes.subarray(at, at + size)
    at += size
  }
}

/** Stanzas that start with `Package:` are not parsed by the scanner unless wanted, so a reference parses only those too. */
function readWhole(text: string, names: readonly string[], stanzas: WantedStanzas): WantedFacts {
  const wanted = new Set(names)
  const whole = text
    .split(/\n\n+/)
    .map((stanza) => stanza.replace(/^\n+/, '').replace(/\n+$/, ''))
    .filter((stanza) => stanza !== '')
  for (const [index, stanza] of whole.entries()) {
    const plain = /^Package: ([!-\xff]*)(?:\n(?![ \t])|$)/.exec(stanza)?.[1]
    const name = plain ?? certainName(stanza) ?? parseStanza(stanza).get('package') ?? ''
    if (wanted.has(name.toLowerCase())) stanzas.add(stanza, index + 1)
  }
  return stanzas.facts()
}

const versions: Target = {
  name: 'version-order',
  promise: 'versions are in one order: none is before itself, and no three run in a circle',
  seeds: () =>
    textSeeds({
      three: '1.0-1\n1.0-01\n1:0.9~rc1',
      tilde: '1.0~~\n1.0~\n1.0',
      epochs: '0:1\n2:1-1-1\n1:1+b2',
      letters: '1.0a\n1.0+\n1.0-0',
    }),
  run(bytes): Outcome {
    const [a, b, c] = latin1(bytes)
      .split('\n')
      .map((text) => parseVersion(text))
    if (a === undefined || b === undefined || c === undefined) return 'refused'
    const order = (one: Version, other: Version): number => {
      const result = compareVersions(one, other)
      promise(!Number.isNaN(result), `${one} and ${other} cannot be compared`)
      return Math.sign(result)
    }
    promise(order(a, a) === 0, `${a} is not equal to itself`)
    promise(order(a, b) === -order(b, a), `${a} and ${b} are not compared the same both ways`)
    if (order(a, b) <= 0 && order(b, c) <= 0) promise(order(a, c) <= 0, `${a} ${b} ${c} run in a circle`)
    if (order(a, b) === 0) promise(order(a, c) === order(b, c), `${a} and ${b} are equal and ${c} tells them apart`)
    return 'accepted'
  },
  limit: 800,
}

const dates: Target = {
  name: 'dates',
  promise: 'a date is read as what it says, and what cannot be read is no error',
  seeds: () =>
    textSeeds({
      release: 'Sat, 21 Nov 2026 00:53:03 UTC',
      retry: 'Sun, 06 Nov 1994 08:49:37 GMT',
      asctime: 'Sun Nov  6 08:49:37 1994',
      rfc850: 'Sunday, 06-Nov-94 08:49:37 GMT',
      seconds: '120',
    }),
  tokens: ['Mon, ', ' Feb ', ' 29 ', ' UTC', ' GMT', '+0000', '-0000', ':60', ' 24:'],
  run(bytes): Outcome {
    const text = latin1(bytes)
    const date = parseArchiveDate(text)
    if (date !== undefined) {
      promise(!Number.isNaN(date.getTime()), 'a date is none')
      // A leap second is of the next year, and RFC 850 has two digits.
      const years = [date, new Date(date.getTime() - 1000)].map((one) => String(one.getUTCFullYear()))
      promise(
        years.some((year) => text.includes(year) || text.includes(`-${year.slice(2)}`)),
        'the year is another',
      )
    }
    const wait = parseRetryAfter(text, text, 0)
    promise(wait === undefined || (Number.isFinite(wait) && wait >= 0), `it asks to wait ${wait} seconds`)
    return date === undefined && wait === undefined ? 'refused' : 'accepted'
  },
  limit: 200,
}

export const INDEX_TARGETS: readonly Target[] = [deb822, index, versions, dates]
