import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { ar, arMember, controlMember, DEBIAN_BINARY, tarEntry } from '../__tests__/packages/deb-bytes.ts'
import { readDebDirectory } from '../src/packages/deb-directory.ts'
import { median, numberOption, printRows } from './measure.ts'
import { CACHE } from './sets.ts'
import { save } from './setup.ts'

const FOLDER = path.join(CACHE, 'debs')
/** Megabytes of each file: most packages are small, and most bytes are in large ones. */
const SIZES = [...Array(120).fill(0.1), ...Array(60).fill(1), ...Array(12).fill(10), ...Array(3).fill(60)]

/** A folder of .debs, read and hashed by one thread, beside `openssl dgst` over the same files in one process. */
makeDebs()
const rounds = numberOption('rounds', 9)
const debs = readdirSync(FOLDER).map((name) => path.join(FOLDER, name))
const times = { debproof: [] as number[], openssl: [] as number[] }
for (let round = -1; round < rounds; round++) {
  const debproof = await timed(() => readDebDirectory(FOLDER))
  const openssl = await timed(() => execFileSync('openssl', ['dgst', '-sha256', '-r', ...debs]))
  if (round < 0) continue
  times.debproof.push(debproof)
  times.openssl.push(openssl)
}
const bytes = SIZES.reduce((sum, size) => sum + size, 0) * 1e6
const speed = (values: readonly number[]): string =>
  `${(bytes / median(values) / 1e6).toFixed(2)} GB/s (${median(values).toFixed(0)} ms)`
const relative = median(times.openssl.map((time, index) => time / (times.debproof[index] ?? 1)))
printRows(`hashing ${(bytes / 1e6).toFixed(0)} MB in ${debs.length} .debs, medians of ${rounds}`, [
  { what: 'debproof, one thread, without the start of Node', figure: speed(times.debproof), goal: '' },
  { what: 'openssl dgst -sha256, one process', figure: speed(times.openssl), goal: '' },
  { what: 'speed of debproof / openssl', figure: relative.toFixed(2), goal: '>= 0.95' },
])

async function timed(way: () => unknown): Promise<number> {
  const start = performance.now()
  await way()
  return performance.now() - start
}

function makeDebs(): void {
  if (existsSync(FOLDER)) return
  for (const [number, megabytes] of SIZES.entries()) {
    const control = `Package: bench-${number}\nVersion: 1.0\nArchitecture: all\n`
    const members = [
      DEBIAN_BINARY,
      controlMember(tarEntry('./control', control)),
      arMember('data.tar', Buffer.alloc(megabytes * 1e6, `${number} `)),
    ]
    save(path.join(FOLDER, `bench-${number}_1.0_all.deb`), ar(...members))
  }
}
