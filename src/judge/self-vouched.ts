import type { Case, OwnKeys } from './case.ts'

/**
 * The archives on whose own word alone a package rests: nobody else vouches for a file that the build may have used.
 * Each file that it may have used counts; one for which anybody else vouches too rests on that. Pure.
 */
export function selfVouched({ use, candidates, others, direct, ownKeys = new Map() }: Case): string[] {
  const known = use.hash?.sha256
  const files = known === undefined ? [...candidates, ...others] : candidates.filter(({ sha256 }) => sha256 === known)
  if (files.length === 0)
    return direct?.outcome === 'identical' ? alone(direct.evidence, [...ownKeys.keys()], ownKeys) : []
  const hashes = [...new Set(files.map(({ sha256 }) => sha256))]
  const archives = hashes.flatMap((sha256) => {
    const alike = files.filter((file) => file.sha256 === sha256)
    const proofs = alike.flatMap(({ proof }) => (proof.outcome === 'identical' ? proof.evidence : []))
    return alone(
      proofs,
      alike.map(({ archive }) => archive),
      ownKeys,
    )
  })
  return [...new Set(archives)].sort()
}

/** Of the archives that may have delivered a file, those that vouch for it, where all who vouch are among them. */
function alone(
  evidence: readonly { readonly signers: readonly string[] }[],
  archives: readonly string[],
  ownKeys: OwnKeys,
): string[] {
  const signers = new Set(evidence.flatMap((file) => file.signers))
  const vouching = archives.filter((archive) => ownKeys.get(archive)?.some((key) => signers.has(key)))
  const own = new Set(vouching.flatMap((archive) => ownKeys.get(archive) ?? []))
  return [...signers].every((key) => own.has(key)) ? vouching : []
}
