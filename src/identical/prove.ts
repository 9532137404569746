import type { Listing, ReadFailure } from '../archive/archive-reader.ts'
import type { IndexEntry, PoolFile } from '../archive/index-entry.ts'
import { describeUnclear, type UnclearListing } from '../archive/unclear-listing.ts'
import type { Proof } from '../judge/candidate.ts'
import { ListingTable } from '../locate/listing-table.ts'
import type { Claim } from './claim.ts'
import type { Voucher } from './witness.ts'

/**
 * Asks the witnesses of each who may vouch, in order, until each claim is proven.
 *
 * A claim is a mismatch only when a witness signed other bytes and none signed these; a witness that could not be
 * read leaves what nobody else decides undecided. What a witness is not believed for speaks against a claim and not for
 * it: whoever brings it to contradict itself must not make anything look better.
 */
export async function proveIdentical(
  claims: readonly Claim[],
  vouchers: readonly Voucher[],
): Promise<Map<Claim, Proof>> {
  const proofs = new Map<Claim, Proof>(claims.map((claim) => [claim, { outcome: 'unproven' }]))
  const unsure = new Map<Claim, Proof>()
  let open = claims
  for (const { archive, names, source } of vouchers) {
    if (open.length === 0) break
    for await (const witness of source.witnesses(() => open)) {
      const { listings, failures, unclear, hints, doubted = [] } = await witness.testify()
      const tableOf = (all: readonly Listing[]): ListingTable =>
        new ListingTable(names === undefined ? all : all.filter(({ entry }) => names.allow(entry.name)))
      const [table, doubtful] = [tableOf(listings), tableOf(doubted)]
      for (const claim of open) {
        const earlier = proofs.get(claim)
        const found = { listed: claim.find(table), doubted: claim.find(doubtful) }
        const inDoubt = unclear.filter(({ kind, name }) => kind === claim.kind && name === claim.name)
        const unread = { failures, unclear: names?.allow(claim.name) === false ? [] : inDoubt }
        const proof = proveOne(claim, found, { archive, upstream: witness.name }, unread)
        if (proof.outcome === 'undecided' && found.doubted.some(isOf(claim))) unsure.set(claim, proof)
        const best =
          earlier === undefined || proof.outcome === 'identical' || weight(proof) > weight(earlier) ? proof : earlier
        proofs.set(claim, hinted(best, hints?.get(claim)))
      }
      open = open.filter((claim) => proofs.get(claim)?.outcome !== 'identical')
      if (open.length === 0) break
    }
  }
  // Somebody signed these: that nobody is sure of it makes the word of others no mismatch.
  for (const [claim, proof] of unsure) if (proofs.get(claim)?.outcome === 'mismatch') proofs.set(claim, proof)
  return proofs
}

/** What outweighs what among witnesses of whom none signed these bytes. */
function weight(proof: Proof): number {
  return ['unproven', 'undecided', 'mismatch'].indexOf(proof.outcome)
}

/** With what is known of a claim that nobody decides. */
function hinted(proof: Proof, hint: string | undefined): Proof {
  if (hint === undefined) return proof
  if (proof.outcome === 'unproven') return { ...proof, hint }
  return proof.outcome === 'undecided' ? { ...proof, why: `${proof.why} ${hint}` } : proof
}

function proveOne(
  claim: Claim,
  found: { readonly listed: readonly Listing[]; readonly doubted: readonly Listing[] },
  { archive, upstream }: { readonly archive: string; readonly upstream: string },
  { failures, unclear }: { readonly failures: readonly ReadFailure[]; readonly unclear: readonly UnclearListing[] },
): Proof {
  const same = found.listed.find(isOf(claim))
  if (same !== undefined) return { outcome: 'identical', upstream, archive, evidence: same.evidence }
  const listings = found.listed.length > 0 || found.doubted.some(isOf(claim)) ? found.listed : found.doubted
  const [first] = listings
  if (first !== undefined) {
    const why = first.entry.file.sha256 === claim.sha256 ? difference(claim, first.entry) : undefined
    return {
      outcome: 'mismatch',
      upstream,
      signed: [...new Set(listings.map(({ entry }) => entry.file.sha256))].sort(),
      ...(why === undefined ? {} : { difference: why }),
      evidence: listings.flatMap(({ evidence }) => evidence),
    }
  }
  const [failure] = failures
  const [doubt] = unclear
  if (failure === undefined) {
    return doubt === undefined
      ? { outcome: 'unproven' }
      : { outcome: 'undecided', why: `What ${upstream} lists under this name is open: ${describeUnclear(doubt)}` }
  }
  const more = failures.length > 1 ? ` (and ${failures.length - 1} more)` : ''
  return { outcome: 'undecided', why: `${upstream} could not be read: ${failure.error.message}${more}` }
}

function isOf(claim: Claim): (listing: Listing) => boolean {
  return ({ entry }) => difference(claim, entry) === undefined
}

/** How the claimed bytes differ from a listed package; undefined when they do not. */
function difference(claim: Claim, entry: IndexEntry): string | undefined {
  if (entry.file.sha256 !== claim.sha256) return 'another file'
  if (claim.files === undefined || entry.kind !== 'source') return undefined
  const signed = new Map(entry.files.map((file) => [fileName(file), file]))
  for (const file of claim.files) {
    const other = signed.get(fileName(file))
    if (other === undefined) return `${fileName(file)} is not among its files`
    if (other.sha256 !== file.sha256) return `${fileName(file)} is ${file.sha256}, signed was ${other.sha256}`
  }
  return undefined
}

/** Archives lay out their pools as they like; a source package's files are known by their names. */
function fileName({ path }: PoolFile): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
