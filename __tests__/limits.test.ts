import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { describedLimits, limitsTable } from '../build/limits.ts'
import * as limits from '../src/limits.ts'

const NAMES = Object.keys(limits)

/** What is beside this file and does not run without a network counts for nothing here. */
function sourcesBelow(
  folder: string,
  ending: RegExp,
): { readonly file: string; readonly words: ReadonlySet<string> }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => ending.test(file) && file !== 'limits.test.ts' && file !== 'limits.ts')
    .map((file) => ({ file, words: new Set(readFileSync(path.join(folder, file), 'utf8').match(/\w+/g)) }))
}

describe('the limits', () => {
  test('are listed in docs/limits.md as src/limits.ts has them (npm run reference)', () => {
    expect(readFileSync('docs/limits.md', 'utf8')).toBe(limitsTable())
    expect(
      describedLimits()
        .flatMap(({ names }) => names)
        .toSorted(),
    ).toEqual(NAMES.toSorted())
  })

  test('are each crossed by a hermetic test that names it', () => {
    const tests = sourcesBelow('__tests__', /(?<!\.live)\.test\.ts$/).filter(({ file }) => !file.startsWith('e2e'))
    expect(NAMES.filter((name) => !tests.some(({ words }) => words.has(name)))).toEqual([])
  })

  test('are each in use', () => {
    const sources = sourcesBelow('src', /\.ts$/)
    expect(NAMES.filter((name) => !sources.some(({ words }) => words.has(name)))).toEqual([])
  })

  test('have all a value, and say what they are of and what happens when they are crossed', () => {
    for (const { what, crossed, values } of describedLimits()) {
      expect(what).toMatch(/\.$/)
      expect(crossed).toMatch(/\.$/)
      for (const value of values) expect(value).toMatch(/^[\d .]+(?: (?:GiB|MiB|KiB|MB|kB|bytes|d|h|min|s))?$/)
    }
  })
})
