import * as v from 'valibot'
import { DebproofError, ERROR_CODES } from '../errors.ts'
import { MAX_BUNDLE_INDEX, MAX_SHARDS } from '../limits.ts'

/**
 * The shape of `evidence/index.json`: what a run was given and what it read, so that its verdicts can be derived again.
 * The report names its SHA-256, so the report's signature covers it and every file that it names.
 */

const hex256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))
const size = v.pipe(v.number(), v.integer(), v.minValue(0))
const look = v.picklist([1, 2])
const failure = { code: v.picklist(ERROR_CODES), message: v.string(), cause: v.nullable(v.string()) }

const fileOutcome = v.strictObject({
  url: v.string(),
  look,
  sha256: hex256,
  size,
  complete: v.boolean(),
  kept: v.boolean(),
})
const failureOutcome = v.strictObject({ url: v.string(), look, ...failure, status: v.nullable(v.number()) })
const namesOutcome = v.strictObject({
  folder: v.string(),
  names: v.nullable(v.array(v.string())),
  failure: v.nullable(v.strictObject(failure)),
})

/** What the policy is called among the inputs; every other one has a whole path. */
export const POLICY = 'policy'

// Earlier versions planned nothing.
const shard = v.strictObject({ index: v.number(), of: v.number(), plan: v.optional(v.string()) })

const keptList = v.strictObject({
  path: v.string(),
  format: v.string(),
  sha256: hex256,
  size,
  debs: v.optional(
    v.array(v.strictObject({ path: v.string(), name: v.string(), version: v.string(), architecture: v.string() })),
  ),
})

/** The apt sources of a system, which have no policy file: what was made of them. */
const systemArchive = v.strictObject({
  name: v.string(),
  url: v.string(),
  suites: v.array(v.string()),
  components: v.array(v.string()),
  architectures: v.array(v.string()),
  keyring: v.nullable(hex256),
  only: v.array(v.strictObject({ fingerprint: v.string(), exact: v.boolean() })),
  aptLists: v.nullable(v.string()),
})

const tool = v.strictObject({ name: v.string(), version: v.string() })

export const runIndexSchema = v.strictObject({
  version: v.literal(1),
  tool,
  run: v.strictObject({
    folder: v.string(),
    release: v.nullable(v.string()),
    at: v.pipe(v.string(), v.isoTimestamp()),
    // Whether that was given, or what the machine said; in that case a policy may have said otherwise.
    clock: v.optional(v.picklist(['option', 'now'])),
    /** By which the last days of public keys were judged, where not by `at`. */
    keysDay: v.optional(v.pipe(v.string(), v.isoDate())),
    environment: v.record(v.string(), v.string()),
    offline: v.boolean(),
    deep: v.boolean(),
    // Absent in what earlier versions wrote.
    hashesRequired: v.optional(v.boolean()),
    shard: v.nullable(shard),
    system: v.nullable(v.strictObject({ archives: v.array(systemArchive) })),
  }),
  inputs: v.array(v.strictObject({ path: v.string(), sha256: hex256, size })),
  lists: v.array(keptList),
  images: v.array(v.strictObject({ name: v.string(), sha256: hex256 })),
  fetched: v.array(v.union([fileOutcome, failureOutcome, namesOutcome])),
  keys: v.array(v.strictObject({ fingerprint: v.string(), sha256: hex256, size })),
  signed: v.array(v.strictObject({ document: hex256, text: hex256, signature: hex256 })),
})

export const mergedIndexSchema = v.strictObject({
  version: v.literal(1),
  tool,
  parts: v.pipe(v.array(hex256), v.minLength(1), v.maxLength(MAX_SHARDS)),
})

/** What one run was given and read. */
export type RunIndex = v.InferOutput<typeof runIndexSchema>

/** The index of a merged report: those of its parts, in their order. */
export type MergedIndex = v.InferOutput<typeof mergedIndexSchema>

export type KeptSystem = NonNullable<RunIndex['run']['system']>

/** One value a line: two can be compared by eye, and awk can read it. */
export function serializeIndex(index: RunIndex | MergedIndex): Uint8Array {
  return Buffer.from(`${JSON.stringify(index, null, 1)}\n`)
}

/** @throws DebproofError EVIDENCE */
export function parseIndex(bytes: Uint8Array, name: string): RunIndex | MergedIndex {
  if (bytes.length > MAX_BUNDLE_INDEX) {
    throw new DebproofError('EVIDENCE', `${name} is larger than ${MAX_BUNDLE_INDEX} bytes.`)
  }
  const json = jsonOf(bytes, name)
  const result = v.safeParse(v.union([runIndexSchema, mergedIndexSchema]), json)
  if (result.success) {
    // Two readers may take one of two items of the same name each; what is written here has none.
    if (!Buffer.from(`${JSON.stringify(json, null, 1)}\n`).equals(bytes)) {
      throw new DebproofError('EVIDENCE', `${name} is not written as debproof writes an index.`)
    }
    return result.output
  }
  const [issue] = result.issues
  // Both quote the file.
  const where = (issue.path?.map(({ key }) => String(key)).join('.') ?? '').slice(0, 200)
  throw new DebproofError('EVIDENCE', `${name} is no index of evidence: ${where} ${issue.message.slice(0, 200)}.`)
}

function jsonOf(bytes: Uint8Array, name: string): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch (error) {
    throw new DebproofError('EVIDENCE', `${name} is not JSON`, { cause: error })
  }
}

/** The files below `sha256/` that an index names, with their sizes where it states them. */
export function filesOf(index: RunIndex | MergedIndex): Map<string, number | undefined> {
  const files = new Map<string, number | undefined>()
  if ('parts' in index) {
    for (const part of index.parts) files.set(part, undefined)
    return files
  }
  const { fetched, inputs, lists, keys, signed, run } = index
  for (const { sha256, size: bytes } of [...inputs, ...lists, ...keys]) files.set(sha256, bytes)
  for (const outcome of fetched) if ('sha256' in outcome && outcome.kept) files.set(outcome.sha256, outcome.size)
  for (const { text, signature } of signed) {
    for (const sha256 of [text, signature]) files.set(sha256, files.get(sha256))
  }
  for (const { keyring } of run.system?.archives ?? []) {
    if (keyring !== null) files.set(keyring, files.get(keyring))
  }
  return files
}
