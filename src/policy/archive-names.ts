/** Gives archives short names after their URLs: `debian`, `debian-security`, `example.org`; each once. */
export class ArchiveNames {
  readonly #taken = new Set(['none'])

  of(base: URL): string {
    const parts = base.pathname.split('/').filter((part) => /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(part))
    const generic = new Set(['apt', 'repo', 'deb', 'dists', 'ubuntu'])
    const last = parts.at(-1)
    const wanted =
      last !== undefined && !generic.has(last) ? last : base.hostname.replace(/[^A-Za-z0-9.-]/g, '') || 'local'
    let name = wanted
    for (let number = 2; this.#taken.has(name); number++) name = `${wanted}-${number}`
    this.#taken.add(name)
    return name
  }
}
