/** One answer, before its body was read. */
export interface Answer {
  /** Where the bytes come from in the end, after redirects. */
  readonly url: URL
  readonly chunks: AsyncIterable<Uint8Array>
}

/** A way to get bytes by URL. One file for each kind of URL. */
export interface Transport {
  /**
   * Asks once. The answer's body must be read to its end or abandoned by leaving the loop over it.
   *
   * @param turn waited for before each request, redirects included
   * @throws DebproofError NOT_FOUND, FETCH; the body throws FETCH when it is cut short or stalls
   */
  open(url: URL, signal: AbortSignal, turn?: () => Promise<void>): Promise<Answer>
  close(): Promise<void>
}
