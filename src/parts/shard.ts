import { createHash, randomBytes } from 'node:crypto'
import { DebproofError } from '../errors.ts'
import { MAX_PLAN_ID, MAX_SHARDS } from '../limits.ts'

/** One of the parts that the packages of a verification are split into, so that many machines can share them. */
export interface Shard {
  /** From 1 to `of`. */
  readonly index: number
  /** How many parts there are: at most MAX_SHARDS. */
  readonly of: number
}

/** A part of a verification that was planned: all of its parts carry the same name of the plan. */
export interface PlannedShard extends Shard {
  /** What `parsePlanId` takes. */
  readonly plan: string
}

/** Of letters and digits, so that it can be a name of a file and an argument, and of nothing that a shell reads. */
export const PLAN_ID = /^[A-Za-z0-9][A-Za-z0-9._-]*$/

/** 128 bits that nobody has used before, nor will. */
export function newPlanId(): string {
  return randomBytes(16).toString('hex')
}

/**
 * @param option where it was given, for errors
 * @throws DebproofError USAGE
 */
export function parsePlanId(text: string, option = '--plan-id'): string {
  if (!PLAN_ID.test(text) || text.length > MAX_PLAN_ID) {
    throw new DebproofError(
      'USAGE',
      `${option} ${JSON.stringify(text.slice(0, 200))} is no name of a plan: it begins with a letter or a digit and has ` +
        `only letters, digits and . _ -, at most ${MAX_PLAN_ID} in all.`,
    )
  }
  return text
}

/**
 * Parses `i/n`, as test runners write it.
 *
 * @param option where it was given, for errors
 * @throws DebproofError USAGE
 */
export function parseShard(text: string, option = '--shard'): Shard {
  const [, first = '', second = ''] = /^([1-9]\d{0,3})\/([1-9]\d{0,3})$/.exec(text) ?? []
  const [index, of] = [Number(first), Number(second)]
  if (first === '' || index > of || of > MAX_SHARDS) {
    throw new DebproofError(
      'USAGE',
      `${option} ${JSON.stringify(text)} is no part: write 2/4 for the second of four, with at most ${MAX_SHARDS} parts.`,
    )
  }
  return { index, of }
}

/** `2/4`, which parseShard reads. */
export function formatShard({ index, of }: Shard): string {
  return `${index}/${of}`
}

/** All parts, in order. */
export function shards(of: number): Shard[] {
  return Array.from({ length: of }, (_, index) => ({ index: index + 1, of }))
}

/**
 * The packages of one part, in the order in which they were given. Each package is in exactly one part.
 *
 * The SHA-256 of the name alone decides: so every machine comes to the same parts, whatever the order of its lists,
 * all versions of a name are judged together, and a package that is added moves no other.
 */
export function partOf<Use extends { readonly name: string }>(uses: readonly Use[], { index, of }: Shard): Use[] {
  return uses.filter(({ name }) => shardOfName(name, of) === index)
}

/** From 1 to `of`. The first 48 bits of a hash are a number that a double holds exactly. */
export function shardOfName(name: string, of: number): number {
  return (createHash('sha256').update(name).digest().readUIntBE(0, 6) % of) + 1
}
