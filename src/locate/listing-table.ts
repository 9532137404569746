import type { Listing } from '../archive/archive-reader.ts'
import { ARCH_ALL, type Architecture, type Sha256 } from '../archive/identity.ts'
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
    const found = ofArchitecture(listings, use, native)
    const sha256 = use.hash?.sha256
    if (sha256 === undefined || found.some(({ entry }) => entry.file.sha256 === sha256)) return found
    const other = this.#underOtherEpoch(use, sha256, native)
    return other.length > 0 ? other : found
  }

  /**
   * A list of files knows a package by a file name, which may leave out the epoch (that of a .dsc always does); its
   * hash says which it is.
   */
  #underOtherEpoch(use: PackageUse, sha256: Sha256, native: Architecture | undefined): readonly Listing[] {
    const listings = (this.#byName.get(key(use.kind, use.name)) ?? []).filter(
      ({ entry }) => entry.file.sha256 === sha256 && entry.version.replace(/^\d+:/, '') === use.version,
    )
    return ofArchitecture(listings, use, native)
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

function ofArchitecture(
  listings: readonly Listing[],
  use: PackageUse,
  native: Architecture | undefined,
): readonly Listing[] {
  if (use.kind === 'source') return listings
  if (use.architecture === undefined) {
    return listings.filter((listing) => {
      const architecture = architectureOf(listing)
      return architecture === native || architecture === ARCH_ALL
    })
  }
  const exact = listings.filter((listing) => architectureOf(listing) === use.architecture)
  return exact.length > 0 ? exact : listings.filter((listing) => architectureOf(listing) === ARCH_ALL)
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
