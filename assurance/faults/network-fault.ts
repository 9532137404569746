import type { Interference } from './proxy.ts'

/**
 * What a fault may do to a package that is good, when it lasts:
 * - `none`: nothing; a sound archive may answer so.
 * - `transport`: it may become undecided.
 * - `absence`: as `transport`, and what a server says it has not counts as not there.
 * - `replay`: other signed content is served, in which the package may really not be listed.
 */
export type Effect = 'none' | 'transport' | 'absence' | 'replay'

export interface NetworkFault extends Interference {
  readonly name: string
  readonly effect: Effect
  /** Whether the download is tried again, so that it does nothing where it happens once. */
  readonly retried?: boolean
  /** How often it is drawn; 1 where it is not said. */
  readonly weight?: number
  /** Takes half a minute and more: only in runs that have the time. */
  readonly slow?: boolean
}
