import type { Listing } from '../archive/archive-reader.ts'
import { ARCH_ALL, type Architecture } from '../archive/identity.ts'
import { compareVersions } from '../archive/version-order.ts'
import type { PackageUse } from '../packages/package-use.ts'

/** Listings by kind, name and version: what an archive says of each package. */
export class ListingTable {
  readonly #listings = new Map<string, Listing[]>()
  readonly #byName = new Map<string, Listing[]>()

  constructor(listings: readonly Listing[]) {
    for (const listing of listings) {
      const { kind, name, version } = listing.entry
      append(this.#listings, key(kind, name, version), listing)
      append(this.#byName, key(kind, name), listing)
    }
  }

  /**
   * The listings of a package that a build used. Where the list does not name the architecture, the package is of
   * the build's own or for all; where it names one, an `all` package is taken only when there is none of that
   * architecture, because some logs show `all` as the native architecture.
   */
  find(use: PackageUse, native: Architecture | undefined): readonly Listing[] {
    const listings = this.#listings.get(key(use.kind, use.name, use.version)) ?? []
    if (use.kind === 'source') return listings.length > 0 ? listings : this.#sourcesByHash(use)
    if (use.architecture === undefined) {
      return listings.filter((listing) => {
        const architecture = architectureOf(listing)
        return architecture === native || architecture === ARCH_ALL
      })
    }
    const exact = listings.filter((listing) => architectureOf(listing) === use.architecture)
    return exact.length > 0 ? exact : listings.filter((listing) => architectureOf(listing) === ARCH_ALL)
  }

  /** A list of URLs knows a source by the name of its .dsc, which leaves out the epoch; its hash says which it is. */
  #sourcesByHash({ kind, name, version, hash }: PackageUse): readonly Listing[] {
    return (this.#byName.get(key(kind, name)) ?? []).filter(
      ({ entry }) => entry.file.sha256 === hash?.sha256 && entry.version.replace(/^\d+:/, '') === version,
    )
  }

  /** The listings under the same name, version and architecture as another archive's listing. */
  sameIdentity({ entry }: Listing): readonly Listing[] {
    const listings = this.#listings.get(key(entry.kind, entry.name, entry.version)) ?? []
    return listings.filter(
      (listing) => listing.entry.kind === entry.kind && architectureOf(listing) === architectureOf({ entry }),
    )
  }

  /**
   * Every other file that is listed under the name. An index says what it likes of a .deb, and a .deb calls itself
   * what it likes: whichever of these was installed, of whatever version and architecture, a list of names and
   * versions may show it as the used one. apt is not the only one who chooses: debootstrap takes the last stanza of a
   * name, pins and solvers take lower versions, and `NotAutomatic` is the archive's own word.
   */
  others(use: PackageUse, native: Architecture | undefined): readonly Listing[] {
    const own = new Set(this.find(use, native))
    return (this.#byName.get(key(use.kind, use.name)) ?? []).filter((listing) => !own.has(listing))
  }

  /** The versions, with their architectures, under which the name is listed, as dpkg sorts them: for messages. */
  versions(use: PackageUse): string[] {
    const listings = this.#byName.get(key(use.kind, use.name)) ?? []
    const written = [...listings]
      .sort((a, b) => compareVersions(a.entry.version, b.entry.version))
      .map((listing) => [listing.entry.version, architectureOf(listing)].filter((part) => part !== undefined).join(' '))
    return [...new Set(written)]
  }
}

function architectureOf({ entry }: Pick<Listing, 'entry'>): Architecture | undefined {
  return entry.kind === 'binary' ? entry.architecture : undefined
}

/** No part of a key can hold a blank. */
function key(...parts: readonly string[]): string {
  return parts.join(' ')
}

function append<Key, Value>(map: Map<Key, Value[]>, mapKey: Key, value: Value): void {
  const values = map.get(mapKey)
  if (values === undefined) map.set(mapKey, [value])
  else values.push(value)
}
