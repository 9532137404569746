import { AptLists } from './archive/apt-lists.ts'
import { ArchiveReader, type Listing } from './archive/archive-reader.ts'
import { checkPool } from './archive/pool.ts'
import { WantedNames } from './archive/stanza-scanner.ts'
import { describeUnclear } from './archive/unclear-listing.ts'
import { proveLocated, proveOthers, proveUnlocated } from './identical/prove-located.ts'
import { rememberedReleases } from './identical/remembered.ts'
import { type Asked, Upstreams } from './identical/upstreams.ts'
import type { Candidate, PoolCheck, Proof } from './judge/candidate.ts'
import type { Case } from './judge/case.ts'
import { type Counts, combineVerdicts, countVerdicts, refusalOf } from './judge/combine.ts'
import { applyExceptions, type ExceptionUse } from './judge/exceptions.ts'
import { judge } from './judge/judge.ts'
import type { Rebuilds } from './judge/rebuilds.ts'
import type { JudgedPackage, ReportVerdict } from './judge/verdict.ts'
import { MAX_REPORTED_FILES, MAX_SAME_NAME } from './limits.ts'
import { ListingTable } from './locate/listing-table.ts'
import { type ArchiveReading, type Located, nativeOf } from './locate/located.ts'
import { readServed } from './locate/read-served.ts'
import type { Downloads } from './net/downloads.ts'
import type { PackageUse } from './packages/package-use.ts'
import type { Policy } from './policy/policy.ts'
import { proveReproduced, proveUnlocatedReproduced } from './reproduced/prove-reproduced.ts'
import { findUnproven, type UnprovenFiles } from './unproven/find-unproven.ts'
import { findOtherArchives, type OtherArchive } from './unproven/other-archives.ts'

export interface Verification {
  /** The packages that the build used, merged over all lists. */
  readonly uses: readonly PackageUse[]
  /**
   * All packages, where `uses` is a part of them and other machines judge the rest. The archives are then read as for
   * all of them, so that every part sees the same of each archive.
   */
  readonly whole?: readonly PackageUse[]
  readonly policy: Policy
  readonly downloads: Downloads
  /** Also download the files in the archives' pools and hash them. */
  readonly deep: boolean
  /** Also where the policy does not ask for it: take no package whose hash is known from listings alone. */
  readonly hashesRequired: boolean
  /** By which the last days of public keys are judged, where not by the clock. */
  readonly keysDay?: string
  /** Tells people what is being done. */
  readonly progress: (step: string) => void
}

export interface VerificationResult {
  readonly verdict: ReportVerdict
  readonly counts: Counts
  readonly packages: readonly JudgedPackage[]
  readonly exceptions: readonly ExceptionUse[]
  readonly archives: readonly ArchiveReading[]
  /** What each of them lists and nobody vouches for; none of those that are their own upstream. */
  readonly unproven: ReadonlyMap<ArchiveReading, UnprovenFiles>
  /** What the build's apt saw and no archive of the policy is. */
  readonly otherArchives: readonly OtherArchive[]
  /** Those upstreams of which the reader of the report should know something. */
  readonly upstreams: readonly Asked[]
}

/**
 * The main job: read the archives, locate each package, prove it identical or reproduced, judge it.
 *
 * Never throws for what archives and rebuilders do: what could not be found out is in the verdicts.
 *
 * @throws DebproofError POLICY for an in-toto layout that cannot be used
 */
export async function verify(verification: Verification): Promise<VerificationResult> {
  const { uses, policy, progress, downloads } = verification
  const whole = verification.whole ?? uses
  const { at } = policy
  const kinds = [
    ...(whole.some(({ kind }) => kind === 'binary') ? ['Packages' as const] : []),
    ...(whole.some(({ kind }) => kind === 'source') ? ['Sources' as const] : []),
  ]
  const comparing = policy.archives.some(
    ({ servedByUpstream, served }) => !servedByUpstream || served.names !== undefined,
  )
  const reader = new ArchiveReader({
    downloads,
    at,
    wanted: new WantedNames(whole.map(({ name }) => name)),
    kinds,
    remembered: rememberedReleases(policy, downloads),
    ...(comparing ? { files: 'hashes' } : {}),
    everyForm: whole.some(({ hash }) => hash === undefined),
  })

  progress('Reading the archives of the build')
  const lists = aptListsOf(policy, downloads)
  const archives = await Promise.all(
    policy.archives.map((archive) => readServed(archive, reader, lists.get(archive.aptLists ?? ''))),
  )
  const tables = archives.map((reading) => ({ reading, table: new ListingTable(reading.facts.listings) }))
  const otherArchives = kinds.includes('Packages') ? await findOtherArchives(lists) : []

  progress('Locating the packages')
  const located = uses.flatMap((use) =>
    tables.flatMap(({ reading, table }) =>
      table.find(use, nativeOf(reading.archive)).map((listing) => ({ use, reading, listing })),
    ),
  )
  // Where no hash is known, whatever else is listed under the name may have been used.
  const others = uses.flatMap((use) =>
    tables.flatMap(({ reading, table }) =>
      use.hash !== undefined
        ? []
        : table.others(use, nativeOf(reading.archive)).map((listing) => ({ use, reading, listing })),
    ),
  )

  progress('Comparing with what the upstreams signed')
  const upstreams = new Upstreams({ reader, downloads, progress })
  const proofs = await proveLocated(located, archives, upstreams)
  const proofsOfOthers = await proveOthers(others, proofs, archives, upstreams)
  const direct = await proveUnlocated(uses, located, archives, upstreams)

  if (policy.archives.some(({ rebuilders }) => rebuilders !== undefined)) progress('Asking the rebuilders')
  // Those beyond the limit stay unproven, and the package undecided.
  const askedOthers = [...groupByUse(others).values()].flatMap((group) => group.slice(0, MAX_SAME_NAME))
  const keysDay = new Date(verification.keysDay === undefined ? at : `${verification.keysDay}T00:00:00Z`)
  const proving = { downloads, at, keysAt: keysDay > at ? keysDay : at }
  const rebuilds = await proveReproduced(
    [...located, ...askedOthers].filter(({ reading, use }) => mayDeliver(reading, use)),
    archives,
    new Map([...proofsOfOthers, ...proofs]),
    proving,
  )
  const listsName = (reading: ArchiveReading, use: PackageUse): boolean =>
    mayDeliver(reading, use) &&
    (tables.some((one) => one.reading === reading && one.table.versions(use).length > 0) ||
      unclearOf(use, [reading]).length > 0)
  const directRebuilds = await proveUnlocatedReproduced(direct, archives, listsName, proving)

  const compared = comparing && kinds.includes('Packages') ? archives : []
  if (compared.length > 0) progress('Comparing all files that the archives list')
  const unproven = new Map<ArchiveReading, UnprovenFiles>()
  for (const reading of compared) {
    const files = await findUnproven(reading, archives, { ...proving, upstreams, most: MAX_REPORTED_FILES })
    if (files !== undefined) unproven.set(reading, files)
  }

  if (verification.deep) progress('Hashing the files in the pools')
  const pool = verification.deep ? await checkPools(located, downloads) : new Map<Listing, PoolCheck>()

  progress('Judging')
  const unread = archives.flatMap(({ archive, facts }) => facts.failures.map(({ what }) => `${archive.name} ${what}`))
  const candidates = groupByUse(located)
  const sameName = groupByUse(others)
  const ownKeys = new Map(policy.archives.map((archive) => [archive.name, archive.ownKeys]))
  const judged = uses.map((use) => {
    const files = (candidates.get(use) ?? []).map((found) => toCandidate(found, { proofs, rebuilds, pool }))
    const proof = direct.get(use)
    const said = directRebuilds.get(use)
    const given: Case = {
      use,
      candidates: files,
      others: (sameName.get(use) ?? []).map((found) => toCandidate(found, { proofs: proofsOfOthers, rebuilds, pool })),
      hashRequired: verification.hashesRequired || policy.hashesRequired,
      unread,
      unclear: unclearOf(use, archives),
      ownKeys,
      otherVersions: files.length > 0 ? [] : versionsOf(use, tables),
      ...(proof === undefined ? {} : { direct: proof }),
      ...(said === undefined ? {} : { directRebuilds: said }),
    }
    return judge(given)
  })
  const { packages, exceptions } = applyExceptions(judged, policy.exceptions, at)
  return {
    verdict: combineVerdicts(packages, {
      unread: unread.length > 0 || (otherArchives.length > 0 && policy.otherArchives.action === 'fail'),
      refused: archives.map((reading) => {
        const files = reading.archive.unprovenFiles === 'fail' ? unproven.get(reading) : undefined
        return files === undefined ? 'none' : refusalOf(files, reading.facts.failures.length === 0)
      }),
      isPart: verification.whole !== undefined,
    }),
    counts: countVerdicts(packages),
    packages,
    exceptions,
    archives,
    unproven,
    otherArchives,
    upstreams: upstreams.asked(),
  }
}

/** One for each folder of apt's lists: it knows which of its files were read. */
function aptListsOf({ archives }: Policy, downloads: Downloads): Map<string, AptLists> {
  const folders = archives.flatMap(({ aptLists }) => (aptLists === undefined ? [] : [aptLists]))
  return new Map(folders.map((folder) => [folder, new AptLists(folder, downloads)]))
}

/** What these archives list under a name that not everybody reads alike: a text for each index. */
function unclearOf({ kind, name }: PackageUse, archives: readonly ArchiveReading[]): string[] {
  return archives.flatMap(({ archive, facts }) =>
    facts.unclear
      .filter((one) => one.kind === kind && one.name === name)
      .map((one) => `${archive.name}: ${describeUnclear(one)}`),
  )
}

function mayDeliver({ archive }: ArchiveReading, { name }: PackageUse): boolean {
  return archive.served.names?.allow(name) ?? true
}

async function checkPools(located: readonly Located[], downloads: Downloads): Promise<Map<Listing, PoolCheck>> {
  const checks = new Map<Listing, Promise<PoolCheck>>()
  for (const { listing, reading } of located) {
    if (!checks.has(listing)) {
      checks.set(listing, checkPool(downloads, reading.archive.served.area.base, listing.entry))
    }
  }
  return new Map(await Promise.all([...checks].map(async ([listing, check]) => [listing, await check] as const)))
}

/** What was found out about listings. */
interface Known {
  readonly proofs: ReadonlyMap<Listing, Proof>
  readonly rebuilds: ReadonlyMap<Listing, Rebuilds>
  readonly pool: ReadonlyMap<Listing, PoolCheck>
}

function toCandidate({ use, reading, listing }: Located, { proofs, rebuilds, pool }: Known): Candidate {
  const { archive } = reading
  const { entry } = listing
  const check = pool.get(listing)
  const said = rebuilds.get(listing)
  return {
    sha256: entry.file.sha256,
    version: entry.version,
    architecture: entry.kind === 'binary' ? entry.architecture : 'source',
    archive: archive.name,
    require: archive.require,
    mayDeliver: mayDeliver(reading, use),
    listedIn: archive.aptLists === undefined ? 'archive' : 'apt-lists',
    evidence: listing.evidence,
    proof: proofs.get(listing) ?? { outcome: 'unproven' },
    ...(said === undefined ? {} : { rebuilds: said }),
    ...(check === undefined ? {} : { pool: check }),
  }
}

function groupByUse(located: readonly Located[]): Map<PackageUse, Located[]> {
  const groups = new Map<PackageUse, Located[]>()
  for (const found of located) {
    const group = groups.get(found.use)
    if (group === undefined) groups.set(found.use, [found])
    else group.push(found)
  }
  return groups
}

function versionsOf(use: PackageUse, tables: readonly { readonly table: ListingTable }[]): string[] {
  return [...new Set(tables.flatMap(({ table }) => table.versions(use)))]
}
