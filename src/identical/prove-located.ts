import type { Listing } from '../archive/archive-reader.ts'
import type { Proof } from '../judge/candidate.ts'
import { type ArchiveReading, type Located, nativeOf } from '../locate/located.ts'
import type { PackageUse } from '../packages/package-use.ts'
import type { Upstream } from '../policy/policy.ts'
import { type Claim, claimOfListing, claimOfUse } from './claim.ts'
import type { LiveUpstreams } from './live-upstream.ts'
import { proveIdentical, type Witness } from './prove.ts'

/** Proves what each archive lists against those who can vouch for that archive. */
export async function proveLocated(
  located: readonly Located[],
  archives: readonly ArchiveReading[],
  upstreams: LiveUpstreams,
): Promise<Map<Listing, Proof>> {
  const proofs = new Map<Listing, Proof>()
  for (const reading of archives) {
    const listings = new Set(located.filter((found) => found.reading === reading).map(({ listing }) => listing))
    const claims = new Map<Claim, Listing>([...listings].map((listing) => [claimOfListing(listing), listing]))
    const answers = await proveIdentical([...claims.keys()], witnessesFor(reading, archives, upstreams))
    for (const [claim, listing] of claims) proofs.set(listing, answers.get(claim) ?? { outcome: 'unproven' })
  }
  return proofs
}

/** Bytes that are known by their hash and that no archive lists may still be what an upstream signed. */
export async function proveUnlocated(
  uses: readonly PackageUse[],
  located: readonly Located[],
  archives: readonly ArchiveReading[],
  upstreams: LiveUpstreams,
): Promise<Map<PackageUse, Proof>> {
  const listed = new Set(located.map(({ use, listing }) => `${use.name} ${listing.entry.file.sha256}`))
  const native = archives.map(({ archive }) => nativeOf(archive)).find((architecture) => architecture !== undefined)
  const claims = new Map<Claim, PackageUse>()
  for (const use of uses) {
    if (use.hash === undefined || listed.has(`${use.name} ${use.hash.sha256}`)) continue
    claims.set(claimOfUse(use, use.hash.sha256, native), use)
  }
  const witnesses = archives.flatMap(upstreamsOf).map((upstream) => upstreams.witness(upstream))
  const answers = await proveIdentical([...claims.keys()], witnesses)
  return new Map([...claims].map(([claim, use]) => [use, answers.get(claim) ?? { outcome: 'unproven' }]))
}

/**
 * Who can vouch for an archive's files: its upstreams in the policy's order; for the project's own packages, then
 * any other upstream, from which a package may have been imported unchanged.
 */
function witnessesFor(
  { archive, facts }: ArchiveReading,
  archives: readonly ArchiveReading[],
  upstreams: LiveUpstreams,
): Witness[] {
  if (archive.require === 'absent') return []
  const own = archive.upstreams.map((upstream) => upstreams.witness(upstream))
  if (archive.require === 'reproduced') {
    const others = archives.filter((other) => other.archive !== archive).flatMap(upstreamsOf)
    own.push(...others.map((upstream) => upstreams.witness(upstream)))
  }
  if (!archive.servedByUpstream) return own
  // The build used the upstream itself, so what it was served was read under the upstream's own signatures. apt's
  // lists may be older than the upstream's present state; without them that state is what was read.
  const served: Witness = {
    name: `the upstream at ${archive.aptLists ?? archive.served.area.base.href}`,
    testify: async () => facts,
  }
  return [served, ...(archive.aptLists === undefined ? own.slice(1) : own)]
}

/** An upstream of an archive from which nothing may come vouches for nothing. */
function upstreamsOf({ archive }: ArchiveReading): readonly Upstream[] {
  return archive.require === 'absent' ? [] : archive.upstreams
}
