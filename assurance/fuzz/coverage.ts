/**
 * What one execution of instrumented code went through. A transition from one block to the next has a place in a
 * table, as in AFL; how often it was taken is kept in steps (1, 2, 3, 4, 8, 16, 32, 128), so that a loop that runs
 * longer than ever before counts as new, and one that runs once more does not.
 */
const TABLE = 1 << 16
const BLOCKS = 1 << 18

const counts = new Uint16Array(TABLE)
const touched = new Uint32Array(TABLE)
const known = new Uint8Array(TABLE)
const reached = new Uint8Array(BLOCKS)
let touchedCount = 0
let previous = 0

/** The name by which instrumented code calls `enter`. */
export const HOOK = '__fuzzBlock'

function enter(block: number): void {
  const place = ((block * 0x9e35) ^ previous) & (TABLE - 1)
  const count = counts[place] ?? 0
  if (count === 0) touched[touchedCount++] = place
  if (count < 0xffff) counts[place] = count + 1
  reached[block] = 1
  previous = (block * 0x4f1b) & (TABLE - 1)
}

/** Must be called before instrumented code is loaded. */
export function installHook(): void {
  Reflect.set(globalThis, HOOK, enter)
}

/** Forgets everything that was ever seen, for another target. */
export function forgetAll(): void {
  startExecution()
  known.fill(0)
  reached.fill(0)
}

/** Forgets the execution before. */
export function startExecution(): void {
  for (let index = 0; index < touchedCount; index++) counts[touched[index] ?? 0] = 0
  touchedCount = 0
  previous = 0
}

/** How many transitions, or steps of their counts, were never seen before; they are known from now on. */
export function learn(): number {
  let news = 0
  for (let index = 0; index < touchedCount; index++) {
    const place = touched[index] ?? 0
    const step = stepOf(counts[place] ?? 0)
    const before = known[place] ?? 0
    if ((before & step) !== 0) continue
    known[place] = before | step
    news += 1
  }
  return news
}

/** The places of the table that the last execution touched, each with its step: what a distilled corpus must keep. */
export function footprint(): number[] {
  return Array.from(touched.subarray(0, touchedCount), (place) => place * 256 + stepOf(counts[place] ?? 0))
}

function stepOf(count: number): number {
  if (count < 4) return count < 3 ? count : 4
  if (count < 16) return count < 8 ? 8 : 16
  return count < 32 ? 32 : count < 128 ? 64 : 128
}

export function edgesKnown(): number {
  return known.reduce((sum, steps) => sum + (steps === 0 ? 0 : 1), 0)
}

/** The numbers of the blocks that were ever entered. */
export function blocksReached(): number[] {
  return [...reached.keys()].filter((block) => reached[block] === 1)
}
