import type { Wait } from '../net/downloads.ts'

/** Waits that are not worth a line. Milliseconds. */
const SHORT_WAIT = 2000

/** Says which run of how many is read, what is waited for, and how long it may still take. */
export class SnapshotProgress {
  readonly #tell: (step: string) => void
  #step = ''
  #left = 0
  #started = 0
  /** Milliseconds of the run that took longest. */
  #slowest: number

  /** @param usual milliseconds that a run takes where nothing is waited for */
  constructor(tell: (step: string) => void, usual: number) {
    this.#tell = tell
    this.#slowest = usual
  }

  /** @param left runs that may still be read after this one */
  begin(step: string, left: number): void {
    this.#step = step
    this.#left = left
    this.#started = performance.now()
    this.#say('', 0)
  }

  end(): void {
    this.#slowest = Math.max(this.#slowest, performance.now() - this.#started)
  }

  readonly wait = ({ milliseconds, why }: Wait): void => {
    if (milliseconds < SHORT_WAIT) return
    this.#say(`, waiting ${Math.ceil(milliseconds / 1000)} s (${why})`, milliseconds)
  }

  #say(what: string, wait: number): void {
    const left = wait + (this.#left + 1) * this.#slowest
    const estimate = left < 60_000 ? 'less than a minute' : `about ${Math.ceil(left / 60_000)} min`
    this.#tell(`Snapshot service: ${this.#step}${what}, ${estimate} left at most`)
  }
}
