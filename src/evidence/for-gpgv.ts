import { isDeepStrictEqual } from 'node:util'
import { sha256Of } from '../archive/hash.ts'
import { mergeCertificates } from '../archive/merge-certificates.ts'
import { DebproofError, isDebproofError } from '../errors.ts'
import type { Policy } from '../policy/policy.ts'
import type { Report } from '../report/report-schema.ts'
import { detachedForm } from '../reproduced/metablock.ts'
import type { RunIndex } from './bundle-index.ts'
import { keyringsOf } from './keyrings-of.ts'

type Evidence = Report['predicate']['evidence']

/** A certificate as gpgv takes it. */
export interface KeptCertificate {
  /** Of its primary key, in upper-case hexadecimal digits. */
  readonly fingerprint: string
  readonly bytes: Uint8Array
}

/** A link of in-toto once more, as a text and a detached signature over it. */
export interface GpgvForm {
  /** The SHA-256 of the link. */
  readonly document: string
  readonly text: Uint8Array
  readonly signature: Uint8Array
}

/** The certificates of all who signed something that a verdict rests on. Sorted. */
export function certificatesFor(policy: Policy, evidence: Evidence): KeptCertificate[] {
  const signers = new Set(Object.values(evidence).flatMap((file) => file.signers))
  // Two keyrings may hold one key as it was before and after it was renewed.
  return mergeCertificates(keyringsOf(policy).flatMap(({ certificates }) => certificates))
    .map((certificate) => ({ fingerprint: certificate.getFingerprint().toUpperCase(), bytes: certificate.write() }))
    .filter(({ fingerprint }) => signers.has(fingerprint))
    .sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1))
}

/**
 * The links of in-toto 0.9, whose OpenPGP signatures only its own libraries read, once more in a form for gpgv.
 * @param read gives a file of the evidence by its SHA-256
 */
export async function gpgvForms(
  evidence: Evidence,
  read: (sha256: string) => Promise<Uint8Array>,
): Promise<GpgvForm[]> {
  const forms: GpgvForm[] = []
  for (const [name, { kind, url }] of Object.entries(evidence)) {
    if (kind !== 'in-toto-link') continue
    const document = name.slice('sha256:'.length)
    try {
      forms.push({ document, ...detachedForm({ url: new URL(url), bytes: await read(document) }) })
    } catch (error) {
      // A link that another kind of key signed has no such form.
      if (!isDebproofError(error, 'STATEMENT')) throw error
    }
  }
  return forms
}

/**
 * Compares what an index names for gpgv with what its policy and its evidence give: whoever checks a report without
 * this program rests on it.
 *
 * @throws DebproofError EVIDENCE
 */
export async function compareForms(
  { keys, signed }: Pick<RunIndex, 'keys' | 'signed'>,
  policy: Policy,
  evidence: Evidence,
  read: (sha256: string) => Promise<Uint8Array>,
): Promise<void> {
  const ownKeys = certificatesFor(policy, evidence).map(({ fingerprint, bytes }) => [fingerprint, sha256Of(bytes)])
  if (
    !isDeepStrictEqual(
      ownKeys,
      keys.map(({ fingerprint, sha256 }) => [fingerprint, sha256]),
    )
  ) {
    throw new DebproofError('EVIDENCE', 'Its certificates (keys) are not those by which the policy trusts who signed.')
  }
  const forms = await gpgvForms(evidence, read)
  const own = forms.map(({ document, text, signature }) => [document, sha256Of(text), sha256Of(signature)])
  if (
    !isDeepStrictEqual(
      own,
      signed.map(({ document, text, signature }) => [document, text, signature]),
    )
  ) {
    throw new DebproofError('EVIDENCE', 'Its links for gpgv (signed) are not the links of in-toto that it holds.')
  }
}
