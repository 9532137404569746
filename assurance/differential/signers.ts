import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Keyring } from '../../src/archive/keyring.ts'
import { verifyRelease } from '../../src/archive/release.ts'
import { isDebproofError } from '../../src/errors.ts'
import { Comparison } from './comparison.ts'
import { type OurVerdict, ourVerdict, type ReleaseFile, split } from './release-files.ts'
import type { Verdict, Verifier } from './verifiers.ts'

/** Every release file as the mirror serves it: the same verdict, the same signers, the same text as of each tool. */
export async function compareSigners(
  files: readonly ReleaseFile[],
  keyring: Keyring,
  verifiers: readonly Verifier[],
  scratch: string,
): Promise<Comparison> {
  const names = verifiers.map(({ name }) => name).join(', ')
  const comparison = new Comparison('verdict and signers of each release file', names)
  const folder = path.join(scratch, 'signers')
  mkdirSync(folder, { recursive: true })
  for (const { name, signed, suite } of files) {
    const at = new Date()
    const ours = await ourVerdict(signed, keyring, at)
    comparison.count(ours.accepts ? 'accepted' : 'refused')
    for (const verifier of verifiers) {
      const theirs = await verifier.verify(signed, folder)
      if (theirs === undefined) continue
      comparison.count('verdicts compared')
      compareVerdicts(comparison, `${name}, ${verifier.name}`, ours, theirs, verifier)
    }
    if (!ours.accepts) continue
    try {
      await verifyRelease(split(signed), { keyring, at, suite: suite.name })
      comparison.count('taken as a release file too')
    } catch (error) {
      if (isDebproofError(error, 'RELEASE_TIME')) {
        comparison.explain('the release file is expired (Valid-Until), which gpgv and sqv do not read and apt refuses')
      } else comparison.differ(`${name}: signed and yet refused: ${String(error)}`)
    }
  }
  return comparison
}

function compareVerdicts(
  comparison: Comparison,
  where: string,
  ours: OurVerdict,
  theirs: Verdict,
  { readsFirstBlockOnly }: Verifier,
): void {
  if (!ours.accepts || !theirs.accepts) {
    if (ours.accepts !== theirs.accepts) {
      const verdict = ours.accepts ? 'accepted' : `refused (${ours.why})`
      comparison.differ(`${where}: debproof ${verdict}, the tool ${theirs.accepts ? 'accepted' : 'refused'}`)
    }
    return
  }
  const signers = readsFirstBlockOnly ? ours.signers.firstBlock : ours.signers.all
  comparison.same(`${where}, signers`, listed(signers), listed(theirs.signers))
  if (theirs.text !== undefined && !theirs.text.equals(ours.text)) comparison.differ(`${where}: another signed text`)
}

function listed(fingerprints: ReadonlySet<string>): string {
  return [...fingerprints].sort().join(' ')
}
