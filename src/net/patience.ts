import { DebproofError } from '../errors.ts'
import { MAX_FAILURES_IN_A_ROW, PATIENCE, PATIENCE_PER_DOWNLOAD } from '../limits.ts'

export interface PatienceLimits {
  /** Downloads that may fail one after another, with all their tries. */
  readonly failures: number
  /** Milliseconds that all downloads may take: so many, and so many more for each of them. */
  readonly total: number
  readonly perDownload: number
}

const USUAL: PatienceLimits = {
  failures: MAX_FAILURES_IN_A_ROW,
  total: PATIENCE,
  perDownload: PATIENCE_PER_DOWNLOAD,
}

/** How long one place is asked that fails, or that is slow on purpose. */
export class Patience {
  readonly #place: URL
  readonly #limits: PatienceLimits
  #failures = 0
  #isAway = false
  #downloads = 0
  /** Milliseconds. */
  #spent = 0

  constructor(place: URL, limits: PatienceLimits = USUAL) {
    this.#place = place
    this.#limits = limits
  }

  /** @throws DebproofError FETCH once it is lost */
  check(url: URL): void {
    const gaveUp = (why: string): DebproofError =>
      new DebproofError('FETCH', `${url.href} was not asked: at ${this.#place.href} ${why}.`)
    const { failures, total, perDownload } = this.#limits
    if (this.#isAway) throw gaveUp('there was no answer before')
    if (this.#failures >= failures) throw gaveUp(`${this.#failures} downloads in a row failed`)
    if (this.#spent > total + this.#downloads * perDownload) {
      throw gaveUp(`${this.#downloads} downloads took ${Math.round(this.#spent / 60_000)} minutes`)
    }
  }

  /**
   * @param milliseconds that one download took, with all its tries
   * @param answered whether the server answered, if only that it has none
   * @param isAway whether this failure alone is enough not to ask again
   */
  count(milliseconds: number, answered: boolean, isAway = false): void {
    this.#downloads += 1
    this.#spent += milliseconds
    this.#failures = answered ? 0 : this.#failures + 1
    this.#isAway = isAway
  }
}
