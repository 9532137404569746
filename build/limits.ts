import { readFileSync, writeFileSync } from 'node:fs'
import * as limits from '../src/limits.ts'

/** One comment of src/limits.ts, and the constants behind it. */
export interface DescribedLimit {
  readonly names: readonly string[]
  readonly values: readonly string[]
  readonly what: string
  readonly crossed: string
}

/** docs/limits.md: every limit with its reason, from the comments and the values of src/limits.ts. */
export function limitsTable(): string {
  const rows = describedLimits().map(({ names, values, what, crossed }) =>
    [names.map((name) => `\`${name}\``).join('<br>'), values.join('<br>'), what, crossed].join(' | '),
  )
  return `${[
    '# Limits',
    '',
    'Everything that comes from outside has a limit: bytes, counts, depth and time. None of them cuts in silence. Where',
    'one says `TOO_LARGE` and the like, this is the code of the error, which names the file or the URL; an error while',
    'something is read never makes a package pass.',
    '',
    'Made by `npm run reference` from src/limits.ts. A test holds that each of them is crossed by a test.',
    '',
    '| limit | value | what it is of, and why | when it is crossed |',
    '|---|---|---|---|',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n')}\n`
}

/** @throws Error for a limit without a comment that says what happens when it is crossed */
export function describedLimits(): DescribedLimit[] {
  const source = readFileSync('src/limits.ts', 'utf8')
  const values = new Map<string, unknown>(Object.entries(limits))
  const groups = source.matchAll(/\/\*\*((?:(?!\*\/).)*)\*\/\n((?:export const [^\n]*\n)+)/gs)
  const described = [...groups].map(([, comment = '', constants = '']): DescribedLimit => {
    const text = comment.replaceAll(/\n \*/g, ' ').replaceAll(/\s+/g, ' ').trim()
    const [what = '', crossed = ''] = text.split(' Crossed: ')
    const found = [...constants.matchAll(/^export const (\w+) = (.*)$/gm)]
    if (what === '' || crossed === '') throw new Error(`nothing says what happens when this is crossed: ${constants}`)
    return {
      names: found.map(([, name = '']) => name),
      values: found.map(([, name = '', expression = '']) => inWords(values.get(name), expression, what)),
      what,
      crossed: crossed.charAt(0).toUpperCase() + crossed.slice(1),
    }
  })
  const missing = [...values.keys()].filter((name) => !described.some(({ names }) => names.includes(name)))
  if (missing.length > 0) throw new Error(`nothing is said of ${missing.join(', ')}`)
  return described
}

/** Bytes are written as multiples of 1024 or 1000 in the source; a comment that begins otherwise says what it counts. */
function inWords(value: unknown, expression: string, what: string): string {
  if (typeof value !== 'number') throw new Error(`${expression} is no number`)
  if (what.startsWith('Milliseconds')) return duration(value / 1000)
  if (what.startsWith('Seconds')) return duration(value)
  const isBytes = /\* (?:1024|1000)\b/.test(expression) && !what.startsWith('Characters')
  if (!isBytes) return grouped(value)
  for (const [unit, size] of BYTES) if (value >= size && value % size === 0) return `${grouped(value / size)} ${unit}`
  return `${grouped(value)} bytes`
}

const BYTES = [
  ['GiB', 1024 ** 3],
  ['MiB', 1024 ** 2],
  ['KiB', 1024],
  ['MB', 1_000_000],
  ['kB', 1000],
] as const

const SECONDS = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
] as const

function duration(seconds: number): string {
  for (const [unit, size] of SECONDS) {
    if (seconds >= size && seconds % size === 0) return `${grouped(seconds / size)} ${unit}`
  }
  return `${seconds} s`
}

function grouped(value: number): string {
  return String(value).replaceAll(/\B(?=(?:\d{3})+$)/g, ' ')
}

if (import.meta.main) writeFileSync('docs/limits.md', limitsTable())
