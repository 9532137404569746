import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseVersion, type Version } from '../../src/archive/identity.ts'
import type { IndexEntry } from '../../src/archive/index-entry.ts'
import { sourceOf } from '../../src/archive/index-entry.ts'
import { compareVersions } from '../../src/archive/version-order.ts'
import { Random } from '../random.ts'
import type { Comparison } from './comparison.ts'
import { succeed } from './tools.ts'

type Pair = readonly [a: string, b: string]

/** One Perl for all pairs: Dpkg::Version is what Debian's own tools compare with where they do not call dpkg. */
const PERL = `
use Dpkg::Version;
while (<STDIN>) {
  chomp;
  my ($a, $b) = split /\\t/;
  print version_compare($a, $b), "\\n";
}`

/** One process of dpkg for each pair, asked for debproof's answer and, where that is wrong, for the others. */
const DPKG = `
my %order = (lt => -1, eq => 0, gt => 1);
while (<STDIN>) {
  chomp;
  my ($a, $b, $expected) = split /\\t/;
  my $order = 'none';
  for ($expected, 'lt', 'eq', 'gt') {
    if (system('dpkg', '--compare-versions', $a, $_, $b) == 0) { $order = $order{$_}; last; }
  }
  print "$order\\n";
}`

/** Whether dpkg takes it for a version. */
const VALIDATE = `
while (<STDIN>) {
  chomp;
  print system('dpkg', '--validate-version', '--', $_) == 0 ? 1 : 0, "\\n";
}`

/** Every distinct version that these entries name, also of the source packages that they were built from. */
export function versionsOf(entries: Iterable<IndexEntry>, versions: Set<Version>): void {
  for (const entry of entries) {
    versions.add(entry.version)
    if (entry.kind === 'binary') versions.add(sourceOf(entry).version)
  }
}

/** Real versions in debproof's order: each pair of neighbours, then as many pairs of any two. */
export function realPairs(versions: ReadonlySet<Version>): Pair[] {
  const sorted = [...versions].sort(compareVersions)
  const random = new Random(sorted.length)
  const neighbours = sorted.slice(1).map((version, index): Pair => [sorted[index] ?? version, version])
  const others = sorted.map((version): Pair => [version, random.pick(sorted)])
  return [...neighbours, ...others]
}

/** Versions that are made to be read wrongly, each beside one that differs little. */
export function nastyPairs(number: number): Pair[] {
  const random = new Random(number)
  const pieces = [
    '0',
    '00',
    '1',
    '9',
    '10',
    '09',
    '1000000000000000000000',
    'a',
    'A',
    'z',
    '+',
    '~',
    '~~',
    '.',
    '-',
    'rc',
  ]
  const part = (): string => Array.from({ length: 1 + random.below(5) }, () => random.pick(pieces)).join('')
  const epoch = (): string => (random.below(4) === 0 ? `${random.pick(['0', '00', '1', '2', '10', '01'])}:` : '')
  const make = (): string => `${epoch()}${random.below(10)}${part()}${random.below(2) === 0 ? `-${part()}` : ''}`
  const near = (version: string): string => {
    const at = 1 + random.below(version.length)
    return version.slice(0, at) + (random.pick([...pieces, '']) ?? '') + version.slice(at + random.below(2))
  }
  return Array.from({ length: number }, (): Pair => {
    const version = make()
    return [version, random.below(3) === 0 ? make() : near(version)]
  })
}

/** Perl counts with doubles: digits beyond these are lost to Dpkg::Version, and not to dpkg. */
const BEYOND_DOUBLES = /\d{16,}/

/** The order of each pair as a tool says it. Every text must be a version for debproof. */
export async function comparePairs(
  comparison: Comparison,
  pairs: readonly Pair[],
  asked: 'Dpkg::Version' | 'dpkg',
  scratch: string,
): Promise<void> {
  const orders = pairs.map(([a, b]) => Math.sign(compareVersions(version(a), version(b))))
  const rows = pairs.map(([a, b], index) => [a, b, ['lt', 'eq', 'gt'][1 + (orders[index] ?? 0)]].join('\t'))
  const program = path.join(scratch, 'compare.pl')
  writeFileSync(program, asked === 'dpkg' ? DPKG : PERL)
  const answers = (await succeed(['perl'], [program], `${rows.join('\n')}\n`)).split('\n')
  comparison.count(`pairs by ${asked}`, pairs.length)
  for (const [index, [a, b]] of pairs.entries()) {
    const ours = orders[index] ?? 0
    if (ours + Math.sign(compareVersions(version(b), version(a))) !== 0) {
      comparison.differ(`${a} and ${b}: the other way round does not fit`)
    }
    const differs = String(ours) !== answers[index]
    if (differs && asked === 'Dpkg::Version' && (BEYOND_DOUBLES.test(a) || BEYOND_DOUBLES.test(b))) {
      comparison.explain('numbers of more than 15 digits, which Perl rounds: dpkg itself is asked about the same pairs')
    } else comparison.same(`${a} and ${b}, ${asked}`, String(ours), answers[index] ?? '')
  }
}

function version(text: string): Version {
  const parsed = parseVersion(text)
  if (parsed === undefined) throw new Error(`${text} is no version`)
  return parsed
}

/** Whether a text is a version: what dpkg takes debproof takes. Returns what both take. */
export async function compareValidity(
  comparison: Comparison,
  texts: readonly string[],
  scratch: string,
): Promise<Set<string>> {
  const program = path.join(scratch, 'validate.pl')
  writeFileSync(program, VALIDATE)
  const answers = (await succeed(['perl'], [program], `${texts.join('\n')}\n`)).split('\n')
  const valid = new Set<string>()
  comparison.count('texts by dpkg --validate-version', texts.length)
  for (const [index, text] of texts.entries()) {
    const theirs = answers[index] === '1'
    const ours = parseVersion(text) !== undefined
    if (ours && theirs) valid.add(text)
    else if (theirs) comparison.differ(`${text}: a version for dpkg, none for debproof`)
    else if (ours) comparison.explain('taken as a version, as apt takes it, and refused by dpkg --validate-version')
  }
  return valid
}
