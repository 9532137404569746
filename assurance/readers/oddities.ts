import { createHash } from 'node:crypto'
import { sha256Hex } from '../../__tests__/making/signed-archive.ts'

export const NAMES = ['before', 'hello', 'behind'] as const

/** The files in the pool, by what they are called in the table. */
export const BYTES: Readonly<Record<string, string>> = {
  own: 'the file of hello',
  other: 'another file, of the same archive',
  before: 'the file of before',
  behind: 'the file of behind',
}

const hashOf = (file: string): string => sha256Hex(BYTES[file] ?? '')

function stanza(name: string, file: string): string[] {
  return [
    `Package: ${name}`,
    'Version: 1.0-1',
    'Architecture: amd64',
    'Maintainer: Nobody <nobody@example.org>',
    `Filename: pool/${file}.deb`,
    `Size: ${BYTES[file]?.length ?? 0}`,
    `SHA256: ${hashOf(file)}`,
    `Description: ${name}`,
  ]
}

/** The index in which the stanza of `hello` is written so. */
export function indexWith(apply: Oddity['apply']): string {
  const stanzas = [stanza('before', 'before'), apply(stanza('hello', 'own')), stanza('behind', 'behind')]
  return `${stanzas.map((lines) => lines.join('\n')).join('\n\n')}\n\n`
}

export interface Oddity {
  readonly name: string
  readonly apply: (lines: string[]) => string[]
}

const field =
  (name: string, change: (value: string) => string[]): Oddity['apply'] =>
  (lines) =>
    lines.flatMap((line) => (line.startsWith(`${name}: `) ? change(line.slice(name.length + 2)) : [line]))

const also = (name: string, ...added: string[]): Oddity['apply'] =>
  field(name, (value) => [`${name}: ${value}`, ...added])

const before = (name: string, ...added: string[]): Oddity['apply'] =>
  field(name, (value) => [...added, `${name}: ${value}`])

const without = (name: string): Oddity['apply'] => field(name, () => [])

/** Several changes, one after another. */
const all =
  (...steps: Oddity['apply'][]): Oddity['apply'] =>
  (lines) =>
    steps.reduce((made, step) => step(made), lines)

const OTHER = [`Filename: pool/other.deb`, `Size: ${BYTES['other']?.length}`, `SHA256: ${hashOf('other')}`]

export const ODDITIES: readonly Oddity[] = [
  { name: 'SHA256 in upper case', apply: field('SHA256', (value) => [`SHA256: ${value.toUpperCase()}`]) },
  { name: 'SHA256 absent, no other hash', apply: without('SHA256') },
  { name: 'SHA256 absent, MD5sum', apply: field('SHA256', () => [`MD5sum: ${'0'.repeat(32)}`]) },
  {
    name: 'SHA256 absent, SHA512',
    apply: field('SHA256', () => [
      `SHA512: ${createHash('sha512')
        .update(BYTES['own'] ?? '')
        .digest('hex')}`,
    ]),
  },
  { name: 'SHA256 empty', apply: field('SHA256', () => ['SHA256:']) },
  { name: 'SHA256 too short', apply: field('SHA256', (value) => [`SHA256: ${value.slice(1)}`]) },
  { name: 'SHA256 no hex', apply: field('SHA256', (value) => [`SHA256: ${value.slice(1)}g`]) },
  { name: 'SHA256 twice, the same', apply: field('SHA256', (value) => [`SHA256: ${value}`, `SHA256: ${value}`]) },
  { name: 'SHA256, then another file', apply: also('SHA256', ...OTHER) },
  { name: 'another file, then SHA256', apply: before('Filename', ...OTHER) },
  { name: 'sha256 in small letters', apply: field('SHA256', (value) => [`sha256: ${value}`]) },
  { name: 'SHA256 without a blank', apply: field('SHA256', (value) => [`SHA256:${value}`]) },
  { name: 'SHA256 behind two blanks', apply: field('SHA256', (value) => [`SHA256:  ${value}`]) },
  { name: 'SHA256 with a blank behind', apply: field('SHA256', (value) => [`SHA256: ${value} `]) },
  { name: 'SHA256 folded', apply: field('SHA256', (value) => ['SHA256:', ` ${value}`]) },
  { name: 'a blank before the colon of SHA256', apply: field('SHA256', (value) => [`SHA256 : ${value}`]) },
  { name: 'a line without a colon before SHA256', apply: before('SHA256', 'nothing') },
  { name: 'the same, and another file first', apply: all(before('Filename', ...OTHER), before('SHA256', 'nothing')) },
  { name: 'a line without a colon before Description', apply: before('Description', 'nothing') },
  { name: 'a line without a colon at the end', apply: (lines) => [...lines, 'nothing'] },
  { name: 'the same, which goes on', apply: (lines) => [...lines, 'nothing', ' more'] },
  { name: 'a line of blanks', apply: before('Filename', ' ') },
  { name: 'a comment', apply: before('Filename', '# nothing') },
  { name: 'Version twice, the same', apply: field('Version', (value) => [`Version: ${value}`, `Version: ${value}`]) },
  { name: 'Version twice', apply: also('Version', 'Version: 1.0-2') },
  { name: 'Version absent', apply: without('Version') },
  { name: 'Version with an underscore', apply: field('Version', () => ['Version: 1.0_beta']) },
  { name: 'Architecture twice', apply: also('Architecture', 'Architecture: all') },
  { name: 'Architecture absent', apply: without('Architecture') },
  { name: 'Architecture x86_64', apply: field('Architecture', () => ['Architecture: x86_64']) },
  { name: 'Size twice', apply: also('Size', 'Size: 1') },
  { name: 'Size absent', apply: without('Size') },
  { name: 'Size with letters', apply: field('Size', (value) => [`Size: ${value}abc`]) },
  { name: 'Filename absent', apply: without('Filename') },
  { name: 'Filename twice', apply: also('Filename', 'Filename: pool/other.deb') },
  { name: 'Filename with ..', apply: field('Filename', (value) => [`Filename: x/../${value}`]) },
  { name: 'Filename with ./', apply: field('Filename', (value) => [`Filename: ./${value}`]) },
  { name: 'Filename with //', apply: field('Filename', (value) => [`Filename: ${value.replace('/', '//')}`]) },
  { name: 'Depends twice', apply: also('Architecture', 'Depends: a', 'Depends: b') },
  { name: 'Description twice', apply: also('Description', 'Description: again') },
  { name: 'Maintainer empty', apply: field('Maintainer', () => ['Maintainer:']) },
  { name: 'an unknown field with an underscore', apply: also('Architecture', 'Build_Date: today') },
  { name: 'a field that begins with -', apply: also('Architecture', '-Build: today') },
  { name: 'a blank before the colon of Vendor', apply: also('Architecture', 'Vendor : nobody') },
  { name: 'the whole stanza twice', apply: (lines) => [...lines, '', ...lines] },
  { name: 'Package last', apply: (lines) => [...lines.slice(1), lines[0] ?? ''] },
  {
    name: 'Package last, Depends twice',
    apply: (lines) => [...lines.slice(1), 'Depends: a', 'Depends: b', lines[0] ?? ''],
  },
  { name: 'Package twice, the same', apply: also('Package', 'Package: hello') },
  { name: 'Package twice', apply: also('Package', 'Package: world') },
]
