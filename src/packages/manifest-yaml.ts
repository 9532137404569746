import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import { MAX_LIST_YAML } from '../limits.ts'
import { listError, quote } from './list-entry.ts'
import type { WrittenManifest } from './manifest-lines.ts'

const FIELDS = { binary: ['package', 'version', 'arch'], source: ['package', 'version'] } as const

/**
 * Reads a build manifest in any YAML: `origin_references.<origin>.reference`, `packages.binary[{arch, package,
 * version}]` and `packages.source[{package, version}]`. Every scalar is text (the schema `failsafe`). Aliases, tags,
 * keys given twice and keys that are not known here are refused: they could name packages.
 *
 * @throws DebproofError PACKAGE_LIST that names file and line
 */
export function readAnyYaml(text: string, file: string): WrittenManifest {
  if (text.length > MAX_LIST_YAML) throw listError(file, undefined, `a build manifest may have ${MAX_LIST_YAML} bytes`)
  const { root, lineOf } = parse(text, file)

  const mapping = (node: unknown, what: string, known?: readonly string[]): Map<string, unknown> => {
    if (!isMap(node)) throw listError(file, lineOf(node), `${what} must be a mapping`)
    const result = new Map<string, unknown>()
    for (const { key, value } of node.items) {
      const name = scalar(key, 'a key')
      if (known?.includes(name) === false) {
        throw listError(file, lineOf(key), `${what} has ${quote(name)}, not only ${known.join(', ')}`)
      }
      if (result.has(name)) throw listError(file, lineOf(key), `the key ${quote(name)} is there twice`)
      result.set(name, value)
    }
    return result
  }
  const scalar = (node: unknown, what: string): string => {
    if (isScalar(node) && typeof node.value === 'string') return node.value
    throw listError(file, lineOf(node), `${what} must be a text`)
  }
  const sequence = (node: unknown, what: string): readonly unknown[] => {
    if (node === undefined || (isScalar(node) && node.value === '')) return []
    if (!isSeq(node)) throw listError(file, lineOf(node), `${what} must be a list`)
    return node.items
  }

  const top = mapping(root, 'the manifest', ['origin_references', 'packages'])
  const origins = top.get('origin_references')
  const references = [...(origins === undefined ? [] : mapping(origins, 'origin_references'))].map(([origin, node]) => {
    const reference = scalar(
      mapping(node, quote(origin), ['reference']).get('reference'),
      `the reference of ${quote(origin)}`,
    )
    return { origin, reference, line: lineOf(node) ?? 1 }
  })
  const packages = mapping(top.get('packages'), 'packages', ['binary', 'source'])
  const entriesOf = (kind: 'binary' | 'source'): WrittenManifest['entries'] =>
    sequence(packages.get(kind), `packages.${kind}`).map((node) => {
      const entry = mapping(node, 'a package', FIELDS[kind])
      // A field that is missing is reported at its entry.
      const field = (name: string): string => scalar(entry.get(name) ?? node, `the ${name} of a ${kind} package`)
      const written = { kind, name: field('package'), version: field('version'), line: lineOf(node) ?? 1 }
      return kind === 'binary' ? { ...written, architecture: field('arch') } : written
    })
  return { references, entries: [...entriesOf('binary'), ...entriesOf('source')] }
}

function parse(text: string, file: string): { root: unknown; lineOf: (node: unknown) => number | undefined } {
  const lineCounter = new LineCounter()
  const lineOf = (node: unknown): number | undefined => {
    const start = isNode(node) ? node.range?.[0] : undefined
    return start === undefined ? undefined : lineCounter.linePos(start).line
  }
  // Keys given twice are looked for above: the parser's own way takes quadratic time.
  const options = { schema: 'failsafe', stringKeys: true, uniqueKeys: false, prettyErrors: false, lineCounter } as const
  try {
    const document = parseDocument(text, options)
    const [problem] = [...document.errors, ...document.warnings]
    if (problem === undefined) return { root: document.contents, lineOf }
    throw listError(file, lineCounter.linePos(problem.pos[0]).line, 'this is not a YAML document', problem)
  } catch (error) {
    // Deep nesting exhausts the parser's stack.
    if (error instanceof RangeError) throw listError(file, undefined, 'this is not a YAML document', error)
    throw error
  }
}
