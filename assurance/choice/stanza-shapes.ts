import { sha256Hex } from '../../__tests__/making/signed-archive.ts'
import type { Random } from '../random.ts'

/** A file that the made archives speak of; its bytes do not matter, so that its name stands for them. */
export interface MadeFile {
  readonly name: string
  readonly version: string
  readonly architecture: string
  readonly sha256: string
  /** What the upstream signed under this name, version and architecture. */
  readonly isGenuine: boolean
}

export const NAMES = ['hello', 'libworld1'] as const
const VERSIONS = ['1.0-1', '1.0-1', '1.0-1', '2.0-1', '1:0.5-1'] as const

/** The file that the upstream has under this name, version and architecture. */
export function genuine(name: string, version: string, architecture: string): MadeFile {
  const sha256 = sha256Hex(`genuine ${name} ${version} ${architecture}`)
  return { name, version, architecture, sha256, isGenuine: true }
}

/** Every file of the upstream. */
export function upstreamFiles(): MadeFile[] {
  return NAMES.flatMap((name) =>
    [...new Set(VERSIONS)].flatMap((version) =>
      ['amd64', 'all', 'i386'].map((architecture) => genuine(name, version, architecture)),
    ),
  )
}

/** A file of the upstream's, or the adversary's own under the same name, version and architecture. */
export function drawFile(random: Random, architecture: string): MadeFile {
  const file = genuine(random.pick(NAMES), random.pick(VERSIONS), architecture)
  if (random.chance(0.5)) return file
  const sha256 = sha256Hex(`evil ${random.next()} ${file.name} ${file.version} ${architecture}`)
  return { ...file, sha256, isGenuine: false }
}

/** The fields of a stanza in the order in which archives write them. */
export function plainStanza(file: MadeFile): string[] {
  return [
    `Package: ${file.name}`,
    `Version: ${file.version}`,
    `Architecture: ${file.architecture}`,
    `Filename: pool/main/${file.name}_${file.version.replace(':', '%3a')}_${file.architecture}.deb`,
    `Size: ${1000 + Number.parseInt(file.sha256.slice(0, 4), 16)}`,
    `SHA256: ${file.sha256}`,
    'Description: made',
  ]
}

/** A way in which a stanza may be written otherwise. */
interface Variation {
  readonly name: string
  readonly weight?: number
  readonly apply: (lines: string[], random: Random, file: MadeFile) => string[]
}

const field =
  (name: string, change: (value: string) => string): Variation['apply'] =>
  (lines) =>
    lines.map((line) => (line.startsWith(`${name}: `) ? change(line.slice(name.length + 2)) : line))

const after =
  (name: string, added: (file: MadeFile) => string): Variation['apply'] =>
  (lines, _random, file) =>
    lines.flatMap((line) => (line.startsWith(`${name}: `) ? [line, added(file)] : [line]))

const other = (file: MadeFile): string => sha256Hex(`second ${file.sha256}`)

const VARIATIONS: readonly Variation[] = [
  { name: 'plain', weight: 60, apply: (lines) => lines },
  { name: 'fields in another order', weight: 4, apply: (lines, random) => shuffled(lines, random) },
  { name: 'Package in another case', apply: field('Package', (value) => `Package: ${value.toUpperCase()}`) },
  { name: 'field names in another case', apply: (lines) => lines.map(upperName) },
  { name: 'no blank after the colon', apply: (lines) => lines.map((line) => line.replace(': ', ':')) },
  { name: 'blanks around values', apply: (lines) => lines.map((line) => `${line.replace(': ', ': \t ')} \t`) },
  { name: 'blank before the colon', apply: (lines) => lines.map((line) => line.replace(': ', ' : ')) },
  { name: 'a second Package field', weight: 2, apply: after('Version', () => 'Package: hello') },
  { name: 'Package in the middle', weight: 2, apply: after('Version', () => 'package:libworld1') },
  { name: 'a second Version', apply: after('Version', () => 'Version: 2.0-1') },
  { name: 'a second SHA256', apply: after('SHA256', (file) => `SHA256: ${other(file)}`) },
  { name: 'a second Architecture', apply: after('Architecture', () => 'Architecture: all') },
  { name: 'no SHA256', apply: (lines) => lines.filter((line) => !line.startsWith('SHA256')) },
  { name: 'an empty SHA256', apply: field('SHA256', () => 'SHA256:') },
  { name: 'SHA256 in upper case', apply: field('SHA256', (value) => `SHA256: ${value.toUpperCase()}`) },
  { name: 'SHA512 beside it', apply: after('SHA256', () => `SHA512: ${'ab'.repeat(64)}`) },
  { name: 'folded SHA256', apply: field('SHA256', (value) => `SHA256:\n ${value}`) },
  { name: 'folded Package', apply: field('Package', (value) => `Package:\n ${value}`) },
  { name: 'Package of two lines', apply: field('Package', (value) => `Package: ${value}\n more`) },
  { name: 'no Architecture', apply: (lines) => lines.filter((line) => !line.startsWith('Architecture')) },
  { name: 'Architecture of another index', weight: 3, apply: field('Architecture', () => 'Architecture: arm64') },
  { name: 'Architecture i386', weight: 2, apply: field('Architecture', () => 'Architecture: i386') },
  { name: 'Architecture all', weight: 3, apply: field('Architecture', () => 'Architecture: all') },
  {
    name: 'Architecture in upper case',
    apply: field('Architecture', (value) => `Architecture: ${value.toUpperCase()}`),
  },
  { name: 'Architecture any', apply: field('Architecture', () => 'Architecture: any') },
  { name: 'no Version', apply: (lines) => lines.filter((line) => !line.startsWith('Version')) },
  { name: 'an epoch of zero', apply: field('Version', (value) => `Version: 0:${value.replace(/^\d+:/, '')}`) },
  { name: 'Version with a blank', apply: field('Version', (value) => `Version: ${value} x`) },
  { name: 'Filename with ./', apply: field('Filename', (value) => `Filename: ./${value}`) },
  { name: 'Filename with //', apply: field('Filename', (value) => `Filename: ${value.replace('/', '//')}`) },
  { name: 'absolute Filename', apply: field('Filename', (value) => `Filename: /${value}`) },
  { name: 'Filename with ..', apply: field('Filename', (value) => `Filename: x/../${value}`) },
  { name: 'no Filename', apply: (lines) => lines.filter((line) => !line.startsWith('Filename')) },
  { name: 'size zero', apply: field('Size', () => 'Size: 0') },
  { name: 'no size', apply: (lines) => lines.filter((line) => !line.startsWith('Size')) },
  { name: 'Multi-Arch: same', apply: after('Architecture', () => 'Multi-Arch: same') },
  { name: 'Multi-Arch: foreign', apply: after('Architecture', () => 'Multi-Arch: foreign') },
  { name: 'Essential', apply: after('Architecture', () => 'Essential: yes') },
  { name: 'Provides', apply: after('Architecture', () => 'Provides: hello, libworld1 (= 9)') },
  { name: 'an Architecture-Variant', apply: after('Architecture', () => 'Architecture-Variant: amd64v3') },
  { name: 'a Phased-Update-Percentage', apply: after('Architecture', () => 'Phased-Update-Percentage: 0') },
  { name: 'a line of blanks', weight: 2, apply: after('Architecture', () => ' ') },
  { name: 'a line of a tab', apply: after('Version', () => '\t') },
  { name: 'a line of blanks before Package', weight: 2, apply: (lines) => [' ', ...lines] },
  { name: 'a comment', apply: (lines) => ['# Package: hello', ...lines] },
  { name: 'a line without a colon', apply: after('Version', () => 'nothing') },
  { name: 'a line without a colon first', apply: (lines) => ['nothing', ...lines] },
  { name: 'carriage returns', apply: (lines) => lines.map((line) => `${line}\r`) },
  { name: 'a form feed', apply: field('Package', (value) => `Package: \f${value}`) },
  { name: 'a vertical tab after the name', apply: field('Package', (value) => `Package: ${value}\v`) },
  { name: 'a no-break space', apply: field('Package', (value) => `Package: ${value}\u00a0`) },
  { name: 'Package and architecture', apply: field('Package', (value) => `Package: ${value}:amd64`) },
  { name: 'no Package', apply: (lines) => lines.filter((line) => !line.startsWith('Package')) },
]

/** The stanzas of an index, with what separates them, and what is odd about them. */
export function drawIndex(random: Random, files: readonly MadeFile[], oddity: number): { text: string; odd: string[] } {
  const odd: string[] = []
  const stanzas = files.map((file) => {
    const variation = random.chance(oddity) ? random.weighted(VARIATIONS) : VARIATIONS[0]
    if (variation === undefined || variation.name === 'plain') return plainStanza(file).join('\n')
    odd.push(`stanza: ${variation.name}`)
    return variation.apply(plainStanza(file), random, file).join('\n')
  })
  const between = random.weighted<{ text: string; name?: string; weight?: number }>([
    { text: '\n\n', weight: 40 },
    { text: '\n\n\n\n', name: 'more empty lines' },
    { text: '\n \n', name: 'a line of blanks between' },
    { text: '\n', name: 'nothing between' },
  ])
  const around = random.weighted<{ start: string; end: string; name?: string; weight?: number }>([
    { start: '', end: '\n', weight: 30 },
    { start: '', end: '', name: 'no line end' },
    { start: '\n\n', end: '\n\n\n', name: 'empty lines around' },
  ])
  if (between.name !== undefined && stanzas.length > 1) odd.push(`index: ${between.name}`)
  if (around.name !== undefined) odd.push(`index: ${around.name}`)
  return { text: stanzas.length === 0 ? '' : around.start + stanzas.join(between.text) + around.end, odd }
}

function shuffled(lines: readonly string[], random: Random): string[] {
  return lines
    .map((line) => ({ line, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ line }) => line)
}

function upperName(line: string): string {
  const colon = line.indexOf(':')
  return line.slice(0, colon).toUpperCase() + line.slice(colon)
}
