import type { Listing } from '../archive/archive-reader.ts'
import type { Proof } from '../judge/candidate.ts'
import { type ArchiveReading, type Located, nativeOf } from '../locate/located.ts'
import type { PackageUse } from '../packages/package-use.ts'
import type { ArchivePolicy, ServedArchive, Upstream } from '../policy/policy.ts'
import { type Claim, claimOfListing, claimOfUse } from './claim.ts'
import { proveIdentical } from './prove.ts'
import type { Upstreams } from './upstreams.ts'
import type { Voucher, WitnessSource } from './witness.ts'

/** Proves what each archive lists against those who can vouch for that archive. */
export async function proveLocated(
  located: readonly Located[],
  archives: readonly ArchiveReading[],
  upstreams: Upstreams,
): Promise<Map<Listing, Proof>> {
  const proofs = new Map<Listing, Proof>()
  for (const reading of archives) {
    const listings = new Set(located.filter((found) => found.reading === reading).map(({ listing }) => listing))
    const claims = new Map<Claim, Listing>([...listings].map((listing) => [claimOfListing(listing), listing]))
    const answers = await proveIdentical([...claims.keys()], vouchersFor(reading, archives, upstreams))
    for (const [claim, listing] of claims) proofs.set(listing, answers.get(claim) ?? { outcome: 'unproven' })
  }
  return proofs
}

/**
 * Proves whatever else is listed under the names of packages that were used. It need not satisfy what is required of
 * its archive: that any upstream of the policy signed it is enough.
 *
 * @param known the proofs that there are already
 */
export async function proveOthers(
  others: readonly Located[],
  known: ReadonlyMap<Listing, Proof>,
  archives: readonly ArchiveReading[],
  upstreams: Upstreams,
): Promise<Map<Listing, Proof>> {
  const proofs = new Map<Listing, Proof>()
  for (const reading of archives) {
    const vouchers = [...ownVouchers(reading, upstreams), ...otherVouchers(reading, archives, upstreams)]
    const claims = new Map<Claim, Listing>()
    for (const { reading: own, listing } of others) {
      if (own !== reading || proofs.has(listing)) continue
      const proof = known.get(listing)
      proofs.set(listing, proof ?? { outcome: 'unproven' })
      if (proof?.outcome !== 'identical') claims.set(claimOfListing(listing), listing)
    }
    const answers = await proveIdentical([...claims.keys()], vouchers)
    for (const [claim, listing] of claims) proofs.set(listing, answers.get(claim) ?? { outcome: 'unproven' })
  }
  return proofs
}

/** Bytes that are known by their hash and that no archive lists may still be what an upstream signed. */
export async function proveUnlocated(
  uses: readonly PackageUse[],
  located: readonly Located[],
  archives: readonly ArchiveReading[],
  upstreams: Upstreams,
): Promise<Map<PackageUse, Proof>> {
  const listed = new Set(located.map(({ use, listing }) => `${use.name} ${listing.entry.file.sha256}`))
  const native = archives.map(({ archive }) => nativeOf(archive)).find((architecture) => architecture !== undefined)
  const claims = new Map<Claim, PackageUse>()
  for (const use of uses) {
    if (use.hash === undefined || listed.has(`${use.name} ${use.hash.sha256}`)) continue
    claims.set(claimOfUse(use, use.hash.sha256, native), use)
  }
  const vouchers = archives.flatMap(({ archive }) =>
    upstreamsOf(archive).map((upstream) => voucher(archive.name, upstream, upstreams.source(upstream))),
  )
  const answers = await proveIdentical([...claims.keys()], vouchers)
  return new Map([...claims].map(([claim, use]) => [use, answers.get(claim) ?? { outcome: 'unproven' }]))
}

/**
 * Who can vouch for an archive's files: its upstreams in the policy's order; for the project's own packages, then
 * any other upstream, from which a package may have been imported unchanged.
 */
function vouchersFor(reading: ArchiveReading, archives: readonly ArchiveReading[], upstreams: Upstreams): Voucher[] {
  const own = ownVouchers(reading, upstreams)
  const { require } = reading.archive
  return require === 'reproduced' ? [...own, ...otherVouchers(reading, archives, upstreams)] : own
}

/** Those whom the policy names for an archive itself: none for one that must be absent. */
export function ownVouchers({ archive, facts }: ArchiveReading, upstreams: Upstreams): Voucher[] {
  if (archive.require === 'absent') return []
  const own = archive.upstreams.map((upstream) => voucher(archive.name, upstream, upstreams.source(upstream)))
  if (!archive.servedByUpstream) return own
  // The build used the upstream itself, so what it was served was read under the upstream's own signatures. apt's
  // lists may be older than the upstream's present state; without them that state is what was read.
  const served: WitnessSource = {
    async *witnesses() {
      const name = `the upstream at ${archive.aptLists ?? archive.served.area.base.href}`
      yield { name, testify: async () => facts }
    },
  }
  return [voucher(archive.name, archive.served, served), ...(archive.aptLists === undefined ? own.slice(1) : own)]
}

/** The upstreams of all other archives. Nobody knows a project's own packages: no service is asked about them by name. */
export function otherVouchers(
  reading: ArchiveReading,
  archives: readonly ArchiveReading[],
  upstreams: Upstreams,
): Voucher[] {
  return archives
    .filter((other) => other.archive !== reading.archive)
    .flatMap(({ archive }) =>
      upstreamsOf(archive).map((upstream) => voucher(archive.name, upstream, nearBuild(upstreams.source(upstream)))),
    )
}

function voucher(archive: string, { names }: Pick<ServedArchive, 'names'>, source: WitnessSource): Voucher {
  return { archive, source, ...(names === undefined ? {} : { names }) }
}

function nearBuild(source: WitnessSource): WitnessSource {
  return { witnesses: (open) => source.witnesses(open, false) }
}

/** An upstream of an archive from which nothing may come vouches for nothing. */
function upstreamsOf({ require, upstreams }: ArchivePolicy): readonly Upstream[] {
  return require === 'absent' ? [] : upstreams
}
