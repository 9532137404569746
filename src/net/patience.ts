import { DebproofError } from '../errors.ts'
import { MAX_FAILURES_IN_A_ROW, PATIENCE, PATIENCE_PER_DOWNLOAD } from '../limits.ts'

/** How long one place is asked that fails, or that is slow on purpose. */
export class Patience {
  readonly #place: URL
  #failures = 0
  #downloads = 0
  /** Milliseconds. */
  #spent = 0

  constructor(place: URL) {
    this.#place = place
  }

  /** @throws DebproofError FETCH once it is lost */
  check(url: URL): void {
    const gaveUp = (why: string): DebproofError =>
      new DebproofError('FETCH', `${url.href} was not asked: at ${this.#place.href} ${why}.`)
    if (this.#failures >= MAX_FAILURES_IN_A_ROW) throw gaveUp(`${this.#failures} downloads in a row failed`)
    if (this.#spent > PATIENCE + this.#downloads * PATIENCE_PER_DOWNLOAD) {
      throw gaveUp(`${this.#downloads} downloads took ${Math.round(this.#spent / 60_000)} minutes`)
    }
  }

  /**
   * @param milliseconds that one download took, with all its tries
   * @param answered whether the server answered, if only that it has none
   */
  count(milliseconds: number, answered: boolean): void {
    this.#downloads += 1
    this.#spent += milliseconds
    this.#failures = answered ? 0 : this.#failures + 1
  }
}
