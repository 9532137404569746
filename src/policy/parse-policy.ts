import * as v from 'valibot'
import { type Document, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml'
import { DebproofError } from '../errors.ts'
import { MAX_POLICY, MAX_POLICY_ALIASES, MAX_YAML_ALIASES } from '../limits.ts'
import { closest } from '../spelling.ts'
import {
  archiveSchema,
  exceptionSchema,
  layoutSchema,
  packageListSchema,
  partySchema,
  policySchema,
  type RawPolicy,
  rebuildersSchema,
  upstreamSchema,
} from './policy-schema.ts'

/**
 * Parses a policy: YAML 1.2, every key known, every value of its type.
 *
 * @param file its name, for errors
 * @throws DebproofError POLICY that names each mistake with its line
 */
export function parsePolicy(text: string, file: string): RawPolicy {
  if (text.length > MAX_POLICY) throw new DebproofError('POLICY', `${file} is larger than ${MAX_POLICY} bytes.`)
  const lineCounter = new LineCounter()
  // The parser's own ways of looking for keys given twice and of showing mistakes take quadratic time.
  const options = { version: '1.2', schema: 'core', uniqueKeys: false, prettyErrors: false, lineCounter } as const
  const document = parseDocument(text, options)
  const [yamlError = toPlain(() => slowOrTwofold(document), file)] = document.errors.map(({ pos, message }) => {
    return { position: pos[0], message: firstLine(message) }
  })
  if (yamlError !== undefined) {
    const { line } = lineCounter.linePos(yamlError.position)
    // The parser's messages quote what they are about behind a colon.
    const what = looksLikePolicy(text) ? yamlError.message : yamlError.message.split(/: |["'`\\]/)[0]
    throw new DebproofError('POLICY', `${file}:${line || 1}: this is not valid YAML: ${what}`)
  }
  const content: unknown = toPlain(() => document.toJS({ maxAliasCount: MAX_YAML_ALIASES }), file)
  if (content === null || content === undefined) throw new DebproofError('POLICY', `${file} is empty.`)
  const result = v.safeParse(policySchema, content, { abortPipeEarly: true })
  if (result.success) {
    refuseLostNames(content, result.output, file)
    return result.output
  }
  if (isObjectWithout(content, 'version', 'archives')) throw new DebproofError('POLICY', `${file}:1: ${NO_POLICY}`)
  const mistakes = result.issues.slice(0, 10).map((issue) => {
    const path = (issue.path ?? []).map((item) => (typeof item.key === 'number' ? item.key : String(item.key)))
    return `${file}:${lineOf(path)}: ${path.join('.') || 'the policy'} ${explain(issue)}`
  })
  throw new DebproofError('POLICY', mistakes.join('\n'))

  function lineOf(path: readonly (string | number)[]): number {
    for (let depth = path.length; depth >= 0; depth--) {
      const node: unknown = document.getIn(path.slice(0, depth), true)
      if (isNode(node) && node.range) return lineCounter.linePos(node.range[0]).line
    }
    return 1
  }
}

/** What the parser would take, and should not: a key given twice, and aliases for each of which it reads all again. */
function slowOrTwofold(document: Document): { position: number; message: string } | undefined {
  let found: { position: number; message: string } | undefined
  let aliases = 0
  visit(document, {
    Alias(_, { range }) {
      aliases += 1
      if (aliases <= MAX_POLICY_ALIASES) return
      found = { position: range?.[0] ?? 0, message: `There are more than ${MAX_POLICY_ALIASES} aliases` }
      return visit.BREAK
    },
    Map(_, { items }) {
      const keys = new Set<string>()
      for (const { key } of items) {
        if (!isScalar(key)) continue
        // As an object has them: 1 and "1" are one key there.
        const name = String(key.value ?? '')
        if (keys.has(name)) {
          found = { position: key.range?.[0] ?? 0, message: 'Map keys must be unique' }
          return visit.BREAK
        }
        keys.add(name)
      }
      return undefined
    },
  })
  return found
}

/** valibot's records leave out a few names, such as `constructor`, without a word; nothing may get lost so. */
function refuseLostNames(content: unknown, { archives }: RawPolicy, file: string): void {
  const refuse = (written: unknown, kept: object, what: string): void => {
    const lost = Object.getOwnPropertyNames(written ?? {}).find((name) => !Object.hasOwn(kept, name))
    if (lost === undefined) return
    throw new DebproofError(
      'POLICY',
      `${file}: ${what}: ${JSON.stringify(lost)} cannot be a name here; choose another.`,
    )
  }
  const written = memberOf(content, 'archives')
  refuse(written, archives, 'archives')
  for (const [name, { rebuilders }] of Object.entries(archives)) {
    const parties = memberOf(memberOf(memberOf(written, name), 'rebuilders'), 'parties')
    refuse(parties, rebuilders?.parties ?? {}, `archives.${name}.rebuilders.parties`)
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined
}

function toPlain<T>(convert: () => T, file: string): T {
  try {
    return convert()
  } catch (error) {
    throw new DebproofError('POLICY', `${file} cannot be read`, { cause: error })
  }
}

function explain(issue: v.BaseIssue<unknown>): string {
  const last = issue.path?.at(-1)
  if (issue.type === 'strict_object' && issue.expected === 'never' && last !== undefined) {
    const known = knownKeys(issue)
    const suggestion = closest(String(last.key), known)
    if (suggestion !== undefined) return `is not known; did you mean ${suggestion}?`
    return `is not known; here may stand: ${known.join(', ')}.`
  }
  if (issue.input === undefined) return 'is missing.'
  if (issue.type === 'min_length') return 'must not be empty.'
  if (issue.kind === 'schema' && issue.message.startsWith('Invalid')) {
    return `must be ${/[Ss]tring/.test(issue.expected ?? '') ? 'text; put it in quotes' : (issue.expected ?? 'something else')}.`
  }
  return `${issue.message}.`
}

/** The keys that the object schema of an issue knows. */
function knownKeys(issue: v.BaseIssue<unknown>): string[] {
  const path = (issue.path ?? []).slice(0, -1).map((item) => String(item.key))
  const [first, , third, fourth] = path
  if (first === undefined) return Object.keys(policySchema.entries)
  if (first === 'packages') return Object.keys(packageListSchema.entries)
  if (first === 'exceptions') return Object.keys(exceptionSchema.entries)
  if (third === 'upstream') return Object.keys(upstreamSchema.entries)
  if (third !== 'rebuilders') return Object.keys(archiveSchema.entries)
  if (fourth === 'layout') return Object.keys(layoutSchema.entries)
  return Object.keys((fourth === 'parties' ? partySchema : rebuildersSchema).entries)
}

/** Whatever the file is that somebody calls a policy, nothing of it is shown unless it is one. */
const NO_POLICY = 'this is no policy, which has `version:` and `archives:`.'

function isObjectWithout(content: unknown, ...names: readonly string[]): boolean {
  const isObject = typeof content === 'object' && content !== null && !Array.isArray(content)
  return isObject && names.every((name) => !Object.hasOwn(content, name))
}

function looksLikePolicy(text: string): boolean {
  return /^["']?(?:archives|version)["']?[ \t]*:/m.test(text) || /^\s*\{\s*["'](?:archives|version)["']\s*:/.test(text)
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text
}
