import type { Listing } from '../archive/archive-reader.ts'
import type { Proof } from '../judge/candidate.ts'
import { type ArchiveReading, type Located, nativeOf } from '../locate/located.ts'
import type { PackageUse } from '../packages/package-use.ts'
import type { Upstream } from '../policy/policy.ts'
import { type Claim, claimOfListing, claimOfUse } from './claim.ts'
import { proveIdentical } from './prove.ts'
import type { Upstreams } from './upstreams.ts'
import type { WitnessSource } from './witness.ts'

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
    const answers = await proveIdentical([...claims.keys()], sourcesFor(reading, archives, upstreams))
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
  const sources = archives.flatMap(upstreamsOf).map((upstream) => upstreams.source(upstream))
  const answers = await proveIdentical([...claims.keys()], sources)
  return new Map([...claims].map(([claim, use]) => [use, answers.get(claim) ?? { outcome: 'unproven' }]))
}

/**
 * Who can vouch for an archive's files: its upstreams in the policy's order; for the project's own packages, then
 * any other upstream, from which a package may have been imported unchanged.
 */
function sourcesFor(
  { archive, facts }: ArchiveReading,
  archives: readonly ArchiveReading[],
  upstreams: Upstreams,
): WitnessSource[] {
  if (archive.require === 'absent') return []
  const own = archive.upstreams.map((upstream) => upstreams.source(upstream))
  if (archive.require === 'reproduced') {
    const others = archives.filter((other) => other.archive !== archive).flatMap(upstreamsOf)
    own.push(...others.map((upstream) => nearBuild(upstreams.source(upstream))))
  }
  if (!archive.servedByUpstream) return own
  // The build used the upstream itself, so what it was served was read under the upstream's own signatures. apt's
  // lists may be older than the upstream's present state; without them that state is what was read.
  const served: WitnessSource = {
    async *witnesses() {
      const name = `the upstream at ${archive.aptLists ?? archive.served.area.base.href}`
      yield { name, testify: async () => facts }
    },
  }
  return [served, ...(archive.aptLists === undefined ? own.slice(1) : own)]
}

/** Nobody knows a project's own packages: a service is not asked about each of them by name. */
function nearBuild(source: WitnessSource): WitnessSource {
  return { witnesses: (open) => source.witnesses(open, false) }
}

/** An upstream of an archive from which nothing may come vouches for nothing. */
function upstreamsOf({ archive }: ArchiveReading): readonly Upstream[] {
  return archive.require === 'absent' ? [] : archive.upstreams
}
