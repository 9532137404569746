/**
 * Dates as release files have them and nearly have them, read by apt's own parser and by debproof: what apt refuses is
 * refused, and what both read is the same instant, but for the century of RFC 850 (see `parseArchiveDate`).
 *
 *   node assurance/field/dates.ts [--count=N] [--seed=N] [--root=FOLDER]
 *
 * FOLDER is another Debian, whose apt is asked instead of this one's. Needs g++. Prints how many each of them reads, and
 * exits with 1 where debproof reads what apt does not, or another instant.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { parseArchiveDate } from '../../src/archive/archive-date.ts'
import { type Program, programOf, succeed } from '../differential/tools.ts'
import { Random } from '../random.ts'
import { dateWords } from './dates-in-words.ts'

/** Reads a date a line, by the libapt-pkg that is there, whichever its version. */
const SOURCE = `
#include <dlfcn.h>
#include <ctime>
#include <iostream>
#include <string>
int main() {
  void *library = dlopen("libapt-pkg.so.7.0", RTLD_NOW);
  if (library == nullptr) library = dlopen("libapt-pkg.so.6.0", RTLD_NOW);
  if (library == nullptr) { std::cerr << dlerror() << "\\n"; return 1; }
  auto const name = "_Z16RFC1123StrToTimeRKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEERl";
  auto const parse = reinterpret_cast<bool (*)(std::string const &, time_t &)>(dlsym(library, name));
  if (parse == nullptr) { std::cerr << dlerror() << "\\n"; return 1; }
  for (std::string line; std::getline(std::cin, line);) {
    time_t time = 0;
    if (parse(line, time)) std::cout << static_cast<long long>(time) << "\\n";
    else std::cout << "refused\\n";
  }
}
`

const PIECES = [
  ...[
    'GMT',
    'UTC',
    'Z',
    '+0000',
    '-0000',
    '0',
    '+0200',
    'gmt',
    'CET',
    '',
    ' ',
    '  ',
    '\t',
    ',',
    '-',
    ':',
    '+',
    '.5',
    'x',
  ],
  ...[
    'Sunday,',
    'Sun,',
    'Sun',
    'SUN',
    'May',
    'may',
    'June',
    'Foo',
    '00',
    '31',
    '1',
    '60',
    '61',
    '24',
    '2026',
    '26',
    '99999',
  ],
]

function draw(random: Random): string {
  const [first, last] = [Date.UTC(1969, 0, 2), Date.UTC(2068, 11, 30)]
  const words = dateWords(new Date(random.between(first / 1000, last / 1000) * 1000))
  let text = random.pick([words.rfc1123, words.rfc850, words.asctime, words.date1])
  if (random.once(4)) text = random.pick([text.toLowerCase(), text.toUpperCase()]).replace(/gmt$/, 'GMT')
  if (random.once(3)) text = text.replace(/GMT$/, random.pick(PIECES))
  for (let changes = random.pick([0, 0, 1, 1, 2, 3]); changes > 0; changes--) text = changed(text, random)
  // Blanks around a value are no part of it.
  return text.replaceAll('\n', ' ').trim()
}

function changed(text: string, random: Random): string {
  const at = random.below(text.length + 1)
  const words = text.split(' ')
  const word = random.below(words.length)
  switch (random.below(5)) {
    case 0:
      return text.slice(0, at) + text.slice(at + 1)
    case 1:
      return text.slice(0, at) + random.pick(PIECES) + text.slice(at)
    case 2:
      return text.slice(0, at) + random.pick(['0', '1', '9', 'a', ':', '-', ' ']) + text.slice(at + 1)
    case 3:
      return words.with(word, random.pick(PIECES)).join(' ')
    default:
      return words.toSpliced(word, random.below(2), random.pick(words)).join(' ')
  }
}

/** What debproof makes of a text that apt reads as `time`. */
function judge(text: string, time: string): 'alike' | 'stricter' | 'of another century' | 'LOOSER' | 'ANOTHER INSTANT' {
  const own = parseArchiveDate(text)
  if (own === undefined) return time === 'refused' ? 'alike' : 'stricter'
  if (time === 'refused') return 'LOOSER'
  if (own.getTime() === Number(time) * 1000) return 'alike'
  const before = new Date(own)
  before.setUTCFullYear(own.getUTCFullYear() - 100)
  const isShort = /^[A-Za-z]{5,},.*-\d\d[ \t]/.test(text)
  return isShort && before.getTime() === Number(time) * 1000 ? 'of another century' : 'ANOTHER INSTANT'
}

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '200000' },
    seed: { type: 'string', default: '1' },
    root: { type: 'string' },
  },
})
const random = new Random(Number(values.seed))
const texts = Array.from({ length: Number(values.count) }, () => draw(random))
const folder = mkdtempSync(path.join(tmpdir(), 'debproof-dates-'))
try {
  const [source, binary] = [path.join(folder, 'dates.cc'), path.join(folder, 'dates')]
  writeFileSync(source, SOURCE)
  await succeed(['g++'], ['-O1', '-o', binary, source, '-ldl'])
  const ofRoot = values.root === undefined ? undefined : programOf('apt-get', path.resolve(values.root))
  const program: Program = ofRoot === undefined ? [binary] : [ofRoot[0], ...ofRoot.slice(1, -1), binary]
  const times = (await succeed(program, [], `${texts.join('\n')}\n`)).trimEnd().split('\n')
  if (times.length !== texts.length) throw new Error(`${times.length} answers to ${texts.length} dates`)
  const counts = new Map<string, number>()
  const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1)
  for (const [index, text] of texts.entries()) {
    const time = times[index] ?? ''
    const found = judge(text, time)
    count(time === 'refused' ? 'refused by apt' : 'read by apt')
    count(found)
    if (found !== 'LOOSER' && found !== 'ANOTHER INSTANT') continue
    if (process.exitCode === undefined) console.error(`${found}: ${JSON.stringify(text)}, for apt ${time}`)
    process.exitCode = 1
  }
  console.log([...counts].map(([what, number]) => `${number} ${what}`).join(', '))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
