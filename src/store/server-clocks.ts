/** What servers say of the time (RFC 9110, 6.6.1): a hint, by which a recorder notices that its own clock is fast. */
export class ServerClocks {
  readonly #latest = new Map<string, Date>()

  /** @param said what an answer to a request for the URL says, with the time for which a cache kept it */
  readonly hear = (url: URL, said: Date): void => {
    const earlier = this.#latest.get(url.host)
    if (earlier === undefined || earlier < said) this.#latest.set(url.host, said)
  }

  /** The latest that the server of an archive said; undefined where it said nothing. */
  of({ host }: URL): Date | undefined {
    return this.#latest.get(host)
  }
}
