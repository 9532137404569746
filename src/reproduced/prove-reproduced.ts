import { type ArchiveFacts, ArchiveReader, type Listing } from '../archive/archive-reader.ts'
import type { Evidence } from '../archive/evidence.ts'
import { ARCH_ALL } from '../archive/identity.ts'
import { WantedNames } from '../archive/stanza-scanner.ts'
import type { Proof } from '../judge/candidate.ts'
import type { PartyWord, RebuildClaim, Rebuilds, SourceFinding } from '../judge/rebuilds.ts'
import { type ArchiveReading, type Located, nativeOf } from '../locate/located.ts'
import type { Downloads } from '../net/downloads.ts'
import type { PackageUse } from '../packages/package-use.ts'
import type { RebuildersPolicy } from '../policy/policy.ts'
import { AttestedSources } from './attested-source.ts'
import { type PartyAnswer, Rebuilders } from './rebuilders.ts'
import { rebuiltPackageOf, rebuiltPackageOfUse } from './rebuilt-package.ts'
import type { Attestation, RebuiltPackage } from './statement.ts'

export interface Proving {
  readonly downloads: Downloads
  readonly at: Date
  /** The clock for the last days of public keys. */
  readonly keysAt: Date
}

/**
 * Asks the rebuilders of each archive about the packages that it lists and that no upstream signed.
 *
 * @param proofs what the upstreams say: where one signed these bytes, or others, no rebuilder is asked
 * @throws DebproofError POLICY for a layout that cannot be used
 */
export async function proveReproduced(
  located: readonly Pick<Located, 'reading' | 'listing'>[],
  archives: readonly ArchiveReading[],
  proofs: ReadonlyMap<Listing, Proof>,
  proving: Proving,
): Promise<Map<Listing, Rebuilds>> {
  const answers = new Map<Listing, Rebuilds>()
  for (const reading of archives) {
    const rebuilt = new Map<Listing, RebuiltPackage>()
    for (const { listing, reading: own } of located) {
      const { entry } = listing
      if (own === reading && entry.kind === 'binary' && isOpen(proofs.get(listing))) {
        rebuilt.set(listing, rebuiltPackageOf(entry))
      }
    }
    const said = await askArchive(reading, [...rebuilt.values()], proving)
    for (const [listing, item] of rebuilt) {
      const rebuilds = said.get(item)
      if (rebuilds !== undefined) answers.set(listing, rebuilds)
    }
  }
  return answers
}

/**
 * Asks rebuilders about packages that are known by their hash and that no archive lists: those of the archives that
 * list the name in another version. The rebuilders of one archive have no say on another's packages.
 *
 * @param direct what the upstreams say of them
 * @param lists whether an archive lists the name of a package
 */
export async function proveUnlocatedReproduced(
  direct: ReadonlyMap<PackageUse, Proof>,
  archives: readonly ArchiveReading[],
  lists: (reading: ArchiveReading, use: PackageUse) => boolean,
  proving: Proving,
): Promise<Map<PackageUse, ReadonlyMap<string, Rebuilds>>> {
  const answers = new Map<PackageUse, Map<string, Rebuilds>>()
  for (const reading of archives) {
    const rebuilt = new Map<PackageUse, RebuiltPackage>()
    for (const [use, proof] of direct) {
      const architecture = use.architecture ?? nativeOf(reading.archive)
      if (use.kind === 'binary' && architecture !== undefined && isOpen(proof) && lists(reading, use)) {
        rebuilt.set(use, rebuiltPackageOfUse(use, architecture))
      }
    }
    const said = await askArchive(reading, [...rebuilt.values()], proving)
    for (const [use, item] of rebuilt) {
      const rebuilds = said.get(item)
      if (rebuilds === undefined) continue
      answers.set(use, (answers.get(use) ?? new Map<string, Rebuilds>()).set(reading.archive.name, rebuilds))
    }
  }
  return answers
}

function isOpen(proof: Proof | undefined): boolean {
  return proof === undefined || proof.outcome === 'unproven' || proof.outcome === 'undecided'
}

async function askArchive(
  reading: ArchiveReading,
  rebuilt: readonly RebuiltPackage[],
  proving: Proving,
): Promise<Map<RebuiltPackage, Rebuilds>> {
  const policy = reading.archive.rebuilders
  if (policy === undefined || rebuilt.length === 0) return new Map()
  const rebuilders = await openRebuilders(policy, reading, proving)
  const answers = await Promise.all(rebuilt.map(async (item) => ({ item, answers: await rebuilders.ask(item) })))
  const sources = await readSources(reading, answers, proving)
  const words = await Promise.all(
    answers.map(async ({ item, answers: said }) => {
      const parties = await Promise.all(said.map((answer) => wordOf(answer, item, sources)))
      const { threshold, sourceRequired } = rebuilders
      return [item, { threshold, sourceRequired, parties, hasEpoch: item.version.includes(':') }] as const
    }),
  )
  return new Map(words)
}

async function openRebuilders(
  policy: RebuildersPolicy,
  { archive }: ArchiveReading,
  { downloads, at, keysAt }: Proving,
): Promise<Rebuilders> {
  const architectures = archive.served.area.architectures.filter((architecture) => architecture !== ARCH_ALL)
  return await Rebuilders.open(policy, { downloads, at, keysAt, architectures })
}

/** The archive's own `Sources`, which are read only where a statement names a source. */
async function readSources(
  { archive }: ArchiveReading,
  answers: readonly { readonly item: RebuiltPackage; readonly answers: readonly PartyAnswer[] }[],
  { downloads, at }: Proving,
): Promise<AttestedSources> {
  const wanted = answers.filter(({ answers: said }) =>
    said.some(({ statements }) =>
      statements.some(({ attestations }) => attestations.some(({ sources }) => sources.length > 0)),
    ),
  )
  const { area, keyring } = archive.served
  let facts: ArchiveFacts = { listings: [], failures: [], unclear: [], notes: [] }
  if (wanted.length > 0) {
    const names = new WantedNames(wanted.map(({ item }) => item.source.name))
    const reader = new ArchiveReader({ downloads, at, wanted: names, kinds: ['Sources'] })
    facts = await reader.read({ area, keyring, refuseHidden: true })
  }
  return new AttestedSources(facts, area.base, downloads)
}

/** A party's statements on one package, each compared with the source that the archive serves. */
async function wordOf(answer: PartyAnswer, item: RebuiltPackage, sources: AttestedSources): Promise<PartyWord> {
  const { party, places, cosigned, statements, unusable, unreachable, notes = [] } = answer
  const claims: RebuildClaim[] = []
  for (const { attestations, evidence, record } of statements) {
    const own = evidence.map((file): Evidence => ({ ...file, parties: [party] }))
    const findings = new Map<Attestation['sources'], SourceFinding>()
    for (const { sha256, version, sources: named } of attestations) {
      const source = findings.get(named) ?? (await sources.compare(named, item))
      findings.set(named, source)
      claims.push({ sha256, hasVersion: version !== undefined, source, record, evidence: own })
    }
  }
  return { party, places, cosigned, claims, unusable, unreachable, notes }
}
