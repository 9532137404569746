import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { type IndexEntry, parseBinaryEntry } from '../src/archive/index-entry.ts'
import { StanzaScanner, WantedNames } from '../src/archive/stanza-scanner.ts'
import { median, numberOption, printRows } from './measure.ts'
import { files, indexFile, TRIXIE_MAIN } from './sets.ts'
import { setUp } from './setup.ts'

/** As decompress.ts hands them on. */
const CHUNK = 256 * 1024

await setUp()
const plain = gunzipSync(readFileSync(indexFile(TRIXIE_MAIN, '.gz')))
const few = namesOf('2000.txt')

if (process.argv.includes('--once')) {
  console.log(timed(() => scan(few)))
} else {
  measure(numberOption('rounds', 15))
}

function measure(rounds: number): void {
  const all = namesOf('all.txt')
  const ways: Record<string, () => unknown> = {
    'floor: Buffer.indexOf of an empty line, nothing else': () => searchEmptyLines(),
    'scan, 2 000 wanted, warm': () => scan(few),
    'scan that refuses hidden fields, warm': () => scan(few, { refuseHidden: true }),
    'scan and parse, 2 000 wanted, warm': () => parse(few),
    'scan and parse, all wanted, warm': () => parse(all),
  }
  const times = new Map(Object.keys(ways).map((name) => [name, [] as number[]]))
  for (let round = -3; round < rounds; round++) {
    for (const [name, way] of Object.entries(ways)) {
      const time = timed(way)
      if (round >= 0) times.get(name)?.push(time)
    }
  }
  const first = Array.from({ length: rounds }, () =>
    Number(execFileSync(process.execPath, [import.meta.filename, '--once'], { encoding: 'utf8' })),
  )
  times.set('scan, 2 000 wanted, first run of a process', first)
  const goals = new Map([
    ['scan, 2 000 wanted, warm', '>= 2 GB/s'],
    ['scan, 2 000 wanted, first run of a process', '>= 1.5 GB/s'],
  ])
  printRows(
    `scanning ${(plain.length / 1e6).toFixed(1)} MB, medians of ${rounds}`,
    [...times].map(([what, values]) => {
      const time = median(values)
      return {
        what,
        figure: `${(plain.length / time / 1e6).toFixed(2)} GB/s (${time.toFixed(0)} ms, best ${Math.min(...values).toFixed(0)})`,
        goal: goals.get(what) ?? '',
      }
    }),
  )
}

function namesOf(list: string): WantedNames {
  return new WantedNames(
    readFileSync(files.list(list), 'utf8')
      .split('\n')
      .flatMap((line) => line.split(':', 1)),
  )
}

function scan(wanted: WantedNames, { refuseHidden = false, onStanza = (_: string): void => {} } = {}): void {
  const scanner = new StanzaScanner({ wanted, refuseHidden, onStanza })
  for (let start = 0; start < plain.length; start += CHUNK) scanner.push(plain.subarray(start, start + CHUNK))
  scanner.end()
}

function parse(wanted: WantedNames): IndexEntry[] {
  const entries: IndexEntry[] = []
  scan(wanted, { onStanza: (text) => entries.push(parseBinaryEntry(text)) })
  return entries
}

function searchEmptyLines(): number {
  let count = 0
  for (let at = plain.indexOf('\n\n'); at !== -1; at = plain.indexOf('\n\n', at + 2)) count++
  return count
}

function timed(way: () => unknown): number {
  const start = performance.now()
  way()
  return performance.now() - start
}
