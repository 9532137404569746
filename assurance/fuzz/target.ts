import { DebproofError, type ErrorCode } from '../../src/errors.ts'
import { MAX_MESSAGE } from '../../src/limits.ts'

export interface Seed {
  readonly name: string
  readonly bytes: Uint8Array
}

export type Outcome = 'accepted' | 'refused'

/** A parser with its promises. */
export interface Target {
  readonly name: string
  /** What an input must never do, in a few words: what the oracle looks at beside crashes, time and memory. */
  readonly promise: string
  /** Real files, most of which the parser accepts. */
  seeds(): readonly Seed[] | Promise<readonly Seed[]>
  /** Pieces of the grammar; those that stand in the source as texts are known anyway. */
  readonly tokens?: readonly string[]
  /** Makes an input sound again where nearly every mutation breaks it, such as in a checksum. */
  repair?(bytes: Uint8Array): Uint8Array
  /** Throws for what breaks a promise. */
  run(bytes: Uint8Array): Outcome | Promise<Outcome>
  /** A slower look at what was accepted and went a new way, such as with another program. */
  confirm?(bytes: Uint8Array): void | Promise<void>
  /** Larger inputs are not made; 64 KiB unless said otherwise. */
  readonly limit?: number
  /** That an input may take; a second unless said otherwise. More for what may grow a thousandfold. */
  readonly milliseconds?: number
}

/** A promise that was broken. */
export class BrokenPromise extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'BrokenPromise'
  }
}

export function promise(holds: boolean, message: string): asserts holds {
  if (!holds) throw new BrokenPromise(message)
}

/** Undefined where the input was refused with an error of these codes; any other error passes through. */
export async function unlessRefused<T>(
  codes: readonly ErrorCode[],
  read: () => T | Promise<T>,
): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    checkRefusal(codes, error)
    return undefined
  }
}

/** The same for what does not wait. */
export function unlessRefusedNow<T>(codes: readonly ErrorCode[], read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    checkRefusal(codes, error)
    return undefined
  }
}

function checkRefusal(codes: readonly ErrorCode[], error: unknown): void {
  if (!(error instanceof DebproofError)) throw error
  promise(codes.includes(error.code), `it was refused as ${error.code}: ${error.message.slice(0, 200)}`)
  promise(error.message.length <= MAX_MESSAGE, `the message has ${error.message.length} characters`)
}

/** One character for each byte. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

/** The same for two values of JSON, maps and sets, dates and bytes, whatever the order of an object's members. */
export function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (part instanceof Map) return { map: [...part] }
    if (part instanceof Set) return { set: [...part] }
    if (part instanceof Uint8Array) return { bytes: latin1(part) }
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part
    return Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
  })
}
