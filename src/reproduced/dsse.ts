import { sha256Of } from '../archive/hash.ts'
import type { Sha256 } from '../archive/identity.ts'
import { isInForce, type PublicKey } from '../archive/public-key.ts'
import { DebproofError, describeError } from '../errors.ts'
import { MAX_HASHES_PER_STATEMENT, MAX_SIGNATURES, MAX_STATEMENT, MAX_STATEMENTS_PER_PACKAGE } from '../limits.ts'
import { recordOfContents } from './build-record.ts'
import { type Document, evidenceOf } from './document.ts'
import { readInTotoStatement } from './in-toto-statement.ts'
import type { Attestation, RebuiltPackage, Statement } from './statement.ts'
import { asArray, asString, memberOf, parseStrictJson } from './strict-json.ts'

/** Envelopes of which it is told why they do not count: a bundle may have a thousand. */
const MAX_REASONS = 10

const PAYLOAD_TYPE = 'application/vnd.in-toto+json'

/** What was signed, made only by verifying the signature. */
interface VerifiedPayload {
  readonly payload: Uint8Array
  /** The fingerprints of the pinned keys that signed. */
  readonly signers: readonly string[]
}

/**
 * Verifies in-toto Statements in DSSE envelopes (DSSE 1.0): one, or one in each line where the name of the document
 * ends in `.jsonl`. Such a bundle may hold other things beside, so one envelope that counts is enough, and the
 * document is refused where none does.
 *
 * @param keys the party's keys; signatures by others are nothing to it
 * @throws DebproofError STATEMENT, TOO_LARGE
 */
export function verifyDsse(
  document: Document,
  keys: readonly PublicKey[],
  at: Date,
  rebuilt: RebuiltPackage,
): Statement {
  const { url } = document
  const attested: Attestation[] = []
  const signers = new Set<string>()
  const contents = new Set<Sha256>()
  const refusals: string[] = []
  let date: Date | undefined
  for (const [index, envelope] of envelopesOf(document).entries()) {
    try {
      const verified = verifyEnvelope(envelope, keys, at)
      const statement = readInTotoStatement(verified.payload, rebuilt)
      attested.push(...statement.attestations)
      contents.add(sha256Of(verified.payload))
      for (const signer of verified.signers) signers.add(signer)
      if (date === undefined || (statement.date !== undefined && statement.date > date)) date = statement.date
    } catch (error) {
      if (!(error instanceof DebproofError)) throw error
      refusals.push(`envelope ${index + 1}: ${describeError(error).replace(/\.$/, '')}`)
    }
  }
  if (signers.size === 0) {
    const more = refusals.length > MAX_REASONS ? `; and ${refusals.length - MAX_REASONS} more` : ''
    const reasons = refusals.slice(0, MAX_REASONS).join('; ') + more || 'it is empty'
    throw new DebproofError('STATEMENT', `${url.href} holds no statement that counts: ${reasons}.`)
  }
  return {
    evidence: [evidenceOf(document, 'dsse', [...signers].sort(), date)],
    attestations: distinct(attested),
    record: recordOfContents(url.href, contents),
  }
}

/**
 * What envelopes beside one another say, each thing once. Those that name other sources for the same bytes stay apart:
 * one may name what the archive serves.
 */
function distinct(attestations: readonly Attestation[]): Attestation[] {
  const hashes = new Set<Sha256>()
  const said = new Map<string, Attestation>()
  for (const each of attestations) {
    if (!hashes.has(each.sha256) && hashes.size === MAX_HASHES_PER_STATEMENT) continue
    hashes.add(each.sha256)
    const sources = each.sources.map(({ fileName, sha256 }) => [fileName, sha256])
    said.set(JSON.stringify([each.sha256, sources]), each)
  }
  return [...said.values()]
}

function envelopesOf({ url, bytes }: Document): readonly Uint8Array[] {
  if (bytes.length > MAX_STATEMENT) {
    throw new DebproofError('TOO_LARGE', `${url.href} is larger than ${MAX_STATEMENT} bytes.`)
  }
  if (!url.pathname.endsWith('.jsonl')) return [bytes]
  const lines: Uint8Array[] = []
  for (let begin = 0; begin < bytes.length; ) {
    const end = bytes.indexOf(0x0a, begin)
    const line = bytes.subarray(begin, end === -1 ? bytes.length : end)
    begin += line.length + 1
    if (line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d)) continue
    lines.push(line)
    if (lines.length > MAX_STATEMENTS_PER_PACKAGE) {
      throw new DebproofError('TOO_LARGE', `${url.href} has more than ${MAX_STATEMENTS_PER_PACKAGE} envelopes.`)
    }
  }
  return lines
}

/**
 * DSSE 1.0: `{payload, payloadType, signatures: [{keyid?, sig}]}`. The keyid is a hint that nobody signed, so every
 * pinned key is tried instead.
 */
function verifyEnvelope(bytes: Uint8Array, keys: readonly PublicKey[], at: Date): VerifiedPayload {
  const envelope = parseStrictJson(bytes, 'The envelope', { limit: MAX_STATEMENT, numbers: 'any' })
  const payload = decodeBase64(asString(memberOf(envelope, 'payload')))
  const signatures = asArray(memberOf(envelope, 'signatures'))
  if (payload === undefined || signatures === undefined) throw refused('It is no DSSE envelope.')
  if (memberOf(envelope, 'payloadType') !== PAYLOAD_TYPE) throw refused(`Its payloadType is not ${PAYLOAD_TYPE}.`)
  if (signatures.length > MAX_SIGNATURES) throw refused(`It has more than ${MAX_SIGNATURES} signatures.`)
  const message = preAuthEncoding(payload)
  const signing = new Set<PublicKey>()
  for (const each of signatures) {
    const signature = decodeBase64(asString(memberOf(each, 'sig')))
    if (signature === undefined) throw refused('It has a signature that is no base64.')
    for (const key of keys) if (!signing.has(key) && key.verify(message, signature)) signing.add(key)
  }
  if (signing.size === 0) throw refused('It has no valid signature by a trusted key.')
  const counting = [...signing].filter((key) => isInForce(key, at))
  if (counting.length === 0) {
    const [expired] = signing
    throw refused(`It is signed by the key ${expired?.fingerprint}, whose last day was ${expired?.until}.`)
  }
  return { payload, signers: counting.map(({ fingerprint }) => fingerprint) }
}

/** DSSE 1.0, PAE: lengths before the parts, so that no other split of them gives the same bytes. */
function preAuthEncoding(payload: Uint8Array): Uint8Array {
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${Buffer.byteLength(PAYLOAD_TYPE)} ${PAYLOAD_TYPE} ${payload.length} `),
    payload,
  ])
}

/** RFC 4648, with padding, in one of its two alphabets: DSSE lets writers choose. */
function decodeBase64(text: string | undefined): Uint8Array | undefined {
  if (text === undefined || text === '') return undefined
  const bytes = Buffer.from(text, 'base64')
  const standard = bytes.toString('base64')
  // The decoder skips what it does not know and mixes alphabets; what it wrote back differs then.
  const isExact = text === standard || text === standard.replaceAll('+', '-').replaceAll('/', '_')
  return isExact ? bytes : undefined
}

function refused(why: string): DebproofError {
  return new DebproofError('STATEMENT', why)
}
