/**
 * Measures what a package index of ten million stanzas costs: a snapshot lists them all under one signature, and a
 * build used one of them. The index is handed to its reader piece by piece, plain and gzipped, and is nowhere whole.
 *
 *   node assurance/load/stanzas.ts [STANZAS]      10 000 000 unless said otherwise
 *
 * Prints a Markdown table: bytes, seconds of the processor, and the most memory that the process held. Exits with 1 where the package is
 * not found identical, where an index beyond the limit of 4 GiB is read, or where the memory grows with the index:
 * where the process holds more than 400 MiB.
 */

import { fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { scanIndex } from '../../src/archive/read-index.ts'
import { WantedNames } from '../../src/archive/stanza-scanner.ts'
import { MAX_PLAIN_INDEX } from '../../src/limits.ts'

const LIMIT_MIB = 400
const PIECE = 2000

/** Stanzas of packages `name0`, `name1`, …, with a hash each, of at least `size` bytes. */
function stanzas(name: string, count: number, size: number): Buffer {
  const all = Array.from({ length: count }, (_, index) => {
    const hash = createHash('sha256').update(`${name}${index}`).digest('hex')
    const start =
      `Package: ${name}${index}\nVersion: 1.0-1\nArchitecture: amd64\n` +
      `Filename: pool/${name}${index}_1.0-1_amd64.deb\nSize: 1\nSHA256: ${hash}\n`
    return `${start}Description: ${'x'.repeat(Math.max(0, size - start.length))}\n\n`
  })
  return Buffer.from(all.join(''))
}

/** The same two thousand packages over and over, and at the end the one that is looked for: making them costs nothing. */
async function* served(count: number, size: number, form: 'plain' | 'gz'): AsyncGenerator<Uint8Array> {
  const inPiece = size > 100_000 ? 1 : PIECE
  const inForm = (bytes: Buffer): Buffer => (form === 'gz' ? gzipSync(bytes) : bytes)
  const piece = inForm(stanzas('p', inPiece, size))
  for (let made = 0; made < count - 1; made += inPiece) yield piece
  yield inForm(stanzas('wanted', 1, size))
}

interface Answer {
  readonly found: number
  /** Of the processor, which other programs do not change. */
  readonly seconds: number
  readonly bytes: number
  readonly peak: number
  readonly error: string | null
}

async function measure(count: number, size: number, form: 'plain' | 'gz'): Promise<Answer> {
  let bytes = 0
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of served(count, size, form)) {
      bytes += chunk.length
      yield chunk
    }
  }
  const request = { kind: 'Packages', wanted: new WantedNames(['wanted0']), refuseHidden: true } as const
  let found = 0
  let error: string | null = null
  try {
    found = (await scanIndex(counted(), form, {}, request, 'http://example.org/Packages')).entries.length
  } catch (failure) {
    error = failure instanceof Error ? failure.message : String(failure)
  }
  const { user, system } = process.cpuUsage()
  const peak = Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024
  return { found, seconds: (user + system) / 1e6, bytes, peak, error }
}

/** Each in a process of its own, whose memory is nobody else's. */
async function apart(words: readonly string[]): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    const child = fork(path.resolve(import.meta.dirname, 'stanzas.ts'), ['--measure', ...words])
    let answer: Answer | undefined
    child.on('message', (message) => {
      answer = message as Answer
    })
    child.on('error', reject)
    child.on('close', (code) => (answer === undefined ? reject(new Error(`it ended with ${code}`)) : resolve(answer)))
  })
}

async function main(count: number): Promise<boolean> {
  let holds = true
  console.log('| index | bytes read | CPU seconds | peak memory | outcome |\n|---|---|---|---|---|')
  const cases: readonly [string, readonly string[], boolean][] = [
    [`${count} stanzas, plain`, [`${count}`, '200', 'plain'], true],
    [`${count} stanzas, gzip in ${Math.ceil(count / PIECE)} members`, [`${count}`, '200', 'gz'], true],
    [`${Math.ceil(count / 1000)} stanzas`, [`${Math.ceil(count / 1000)}`, '200', 'plain'], true],
    ['stanzas of 1 MiB, plain, more than 4 GiB', [`${MAX_PLAIN_INDEX / 2 ** 20 + 1}`, `${2 ** 20}`, 'plain'], false],
  ]
  for (const [name, words, isRead] of cases) {
    const { found, seconds, bytes, peak, error } = await apart(words)
    if (found !== (isRead ? 1 : 0) || peak > LIMIT_MIB || (error === null) !== isRead) holds = false
    const outcome = error === null ? `${found} found` : 'refused: more than 4 GiB'
    console.log(`| ${name} | ${bytes} | ${seconds.toFixed(1)} | ${peak.toFixed(0)} MiB | ${outcome} |`)
  }
  return holds
}

const [first, ...rest] = process.argv.slice(2)
if (first === '--measure') {
  const [count, size, form] = rest
  process.send?.(await measure(Number(count), Number(size), form === 'gz' ? 'gz' : 'plain'))
  process.disconnect?.()
} else if (!(await main(Number(first ?? 10_000_000)))) {
  console.error('The memory grew with the index, or what it lists was not found.')
  process.exitCode = 1
}
