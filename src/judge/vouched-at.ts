import type { Proof } from './candidate.ts'

/** The Date of the signed state that proves a file identical: of the oldest, where several were needed. */
export interface Vouched {
  readonly vouchedAt?: Date
}

/** Taken from what the proof rests on: its release file, and the indexes that this lists. */
export function vouched(proof: Proof): Vouched {
  return proof.outcome === 'identical' ? oldest(proof.evidence.map(({ date }) => date)) : {}
}

/** Of several files of which any may have been used: one that is older says more. */
export function vouchedForAll(files: readonly Vouched[]): Vouched {
  return oldest(files.map(({ vouchedAt }) => vouchedAt))
}

function oldest(dates: readonly (Date | undefined)[]): Vouched {
  const [first] = dates.filter((date) => date !== undefined).sort((a, b) => a.getTime() - b.getTime())
  return first === undefined ? {} : { vouchedAt: first }
}
