import type { Sha256 } from './archive/identity.ts'
import type { Downloads } from './net/downloads.ts'
import { mergePackageUses } from './packages/merge.ts'
import type { PackageList } from './packages/read-list.ts'
import { type PlannedShard, partOf } from './parts/shard.ts'
import type { Policy } from './policy/policy.ts'
import type { Report } from './report/report-schema.ts'
import { makeReport } from './report/statement.ts'
import { verify } from './verify.ts'

/** All that a report is derived from, beside what archives and rebuilders serve. */
export interface DeriveInputs {
  readonly policy: Policy
  readonly lists: readonly PackageList[]
  readonly images: readonly { readonly name: string; readonly sha256: Sha256 }[]
  readonly release?: string
  /** Evidence of earlier versions names no plan. */
  readonly shard?: Omit<PlannedShard, 'plan'> & Partial<PlannedShard>
  /** How the run is made; `deep` has every package file hashed. */
  readonly run: NonNullable<Report['predicate']['run']>
  /** Also where the policy does not ask for it: packages of which no list states the hash are undecided. */
  readonly hashesRequired: boolean
  /** By which the last days of public keys are judged, where not by the clock (`publicKeysDay`). */
  readonly keysDay?: string
}

/** Verifies the packages and says what was found: the same inputs and the same downloads give the same report. */
export async function deriveReport(
  { policy, lists, images, release, shard, run, hashesRequired, keysDay }: DeriveInputs,
  downloads: Downloads,
  progress: (step: string) => void,
): Promise<Report> {
  const all = mergePackageUses(lists)
  const uses = shard === undefined ? all : partOf(all, shard)
  const result = await verify({
    uses,
    policy,
    downloads,
    deep: run.deep,
    hashesRequired,
    progress,
    ...(shard === undefined ? {} : { whole: all }),
    ...(keysDay === undefined ? {} : { keysDay }),
  })
  return makeReport(result, {
    ...(release === undefined ? {} : { release }),
    at: policy.at,
    policy,
    run,
    hashesRequired: hashesRequired || policy.hashesRequired,
    ...(keysDay === undefined ? {} : { keysDay }),
    lists,
    images,
    ...(shard === undefined ? {} : { shard: { ...shard, total: all.length } }),
  })
}
