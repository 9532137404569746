import type { WrittenEntry } from './list-entry.ts'

/** A build manifest as written: nothing but its shape is checked. Lines are counted from 1. */
export interface WrittenManifest {
  readonly references: readonly { readonly origin: string; readonly reference: string; readonly line: number }[]
  readonly entries: readonly (WrittenEntry & { readonly line: number })[]
}

/** Plain or in single quotes, of characters that mean nothing else in YAML; text in every schema that keeps text. */
const SCALAR = "('[A-Za-z0-9.+~:-]+'|[A-Za-z0-9](?:[A-Za-z0-9.+~:-]*[A-Za-z0-9.+~-])?)"

const REFERENCE = new RegExp(`^  ([a-z0-9][a-z0-9-]*):\n    reference: ${SCALAR}\n`, 'my')
const BINARY = new RegExp(`^  - arch: ${SCALAR}\n    package: ${SCALAR}\n    version: ${SCALAR}\n`, 'my')
const SOURCE = new RegExp(`^  - package: ${SCALAR}\n    version: ${SCALAR}\n`, 'my')

/**
 * Reads a build manifest that is written line for line as Tails' generator does it (block style, the keys in
 * order), which every one of its releases is. Whatever it accepts, a YAML parser reads as the same.
 *
 * @returns undefined for any other way of writing, which is not an error
 */
export function readManifestLines(text: string): WrittenManifest | undefined {
  const references: WrittenManifest['references'][number][] = []
  const entries: WrittenManifest['entries'][number][] = []
  let at = 0
  let line = 1
  const literal = (expected: string): boolean => {
    if (!text.startsWith(expected, at)) return false
    at += expected.length
    line += 1
    return true
  }
  const match = (pattern: RegExp, lines: number): string[] | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found === null) return undefined
    at = pattern.lastIndex
    line += lines
    return found.slice(1).map((scalar) => scalar.replaceAll("'", ''))
  }

  literal('---\n')
  if (literal('origin_references:\n')) {
    for (let found = match(REFERENCE, 2); found !== undefined; found = match(REFERENCE, 2)) {
      const [origin = '', reference = ''] = found
      references.push({ origin, reference, line: line - 1 })
    }
    if (references.length === 0) return undefined
  }
  if (!literal('packages:\n') || !literal('  binary:\n')) return undefined
  for (let found = match(BINARY, 3); found !== undefined; found = match(BINARY, 3)) {
    const [architecture = '', name = '', version = ''] = found
    entries.push({ kind: 'binary', name, version, architecture, line: line - 3 })
  }
  if (literal('  source:\n')) {
    for (let found = match(SOURCE, 2); found !== undefined; found = match(SOURCE, 2)) {
      const [name = '', version = ''] = found
      entries.push({ kind: 'source', name, version, line: line - 2 })
    }
  }
  return at === text.length ? { references, entries } : undefined
}
