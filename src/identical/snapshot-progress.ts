import type { Wait } from '../net/downloads.ts'

/** Waits that are not worth a line. Milliseconds. */
const SHORT_WAIT = 2000

/** Says which run of how many is read, what is waited for, and how long it may still take. */
export class SnapshotProgress {
  readonly #tell: (step: string) => void
  readonly #name: string
  #step = ''
  #left = 0
  #started = 0
  /** Milliseconds of the run that took longest. */
  #slowest: number

  /**
   * @param name of the service and the archive
   * @param usual milliseconds that a run takes where nothing is waited for
   */
  constructor(tell: (step: string) => void, name: string, usual: number) {
    this.#tell = tell
    this.#name = name
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
    // Before the list of runs is there nobody knows how many they are.
    if (this.#step === '') {
      this.#tell(`${this.#name}: asking for its runs${what}`)
      return
    }
    const left = wait + (this.#left + 1) * this.#slowest
    const estimate = left < 60_000 ? 'less than a minute' : `about ${Math.ceil(left / 60_000)} min`
    this.#tell(`${this.#name}: ${this.#step}${what}, ${estimate} left at most`)
  }
}
