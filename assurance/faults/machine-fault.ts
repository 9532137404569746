import type { Random } from '../random.ts'
import type { Running, Start } from './child.ts'
import type { FaultProxy } from './proxy.ts'

/** The folders of one run. */
export interface Place {
  /** Policy, keys, lists; the working folder. */
  readonly site: string
  readonly output: string
  readonly cache: string
  readonly home: string
  readonly temporary: string
  readonly store: string
}

/** What goes wrong with the machine that debproof runs on. */
export interface MachineFault {
  readonly name: string
  readonly weight?: number
  /** Whether this machine and this user can have it. */
  readonly isPossible?: () => boolean
  /** Before anything is in the folders. */
  readonly prepare?: (place: Place, random: Random) => void
  /** When an earlier report is in the output folder. */
  readonly seal?: (place: Place, random: Random) => void
  readonly start?: (start: Start, place: Place, random: Random) => Start
  readonly during?: (running: Running, place: Place, proxy: FaultProxy, random: Random) => () => void
  readonly after?: (place: Place) => void
  /** Options beside those of the world. */
  readonly options?: (random: Random) => readonly string[]
  /** It changes no verdict and no exit code. */
  readonly isHarmless?: boolean
  /** The output cannot be written, or the result not be told: 2, whatever the verdict. */
  readonly isRefused?: boolean
  /** Signals that may end it. */
  readonly signals?: readonly string[]
  /** Node itself may end: any way, and in its own words. */
  readonly aborts?: boolean
  /** Nothing can be told: who would read it is not there, or it was killed. */
  readonly isSilent?: boolean
  /** An earlier report cannot be removed. */
  readonly keepsEarlier?: boolean
  /** What was being written may be left, under names that say so. */
  readonly leavesParts?: boolean
}
