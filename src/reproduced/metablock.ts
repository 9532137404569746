import { createHash } from 'node:crypto'
import type { Fingerprint } from '../archive/identity.ts'
import { parseFingerprint } from '../archive/identity.ts'
import type { Keyring } from '../archive/keyring.ts'
import { DebproofError, describeError } from '../errors.ts'
import { MAX_RSA_BITS, MAX_SIGNATURES, MAX_STATEMENT } from '../limits.ts'
import { canonicalOlpc } from './canonical-json.ts'
import type { Document } from './document.ts'
import { EDDSA_LEGACY, type OtherHeaders, parseOtherHeaders } from './other-headers.ts'
import {
  asArray,
  asObject,
  asString,
  type JsonObject,
  type JsonValue,
  memberOf,
  parseStrictJson,
} from './strict-json.ts'
import { verifyText } from './verified-text.ts'

/** An OpenPGP signature as in-toto 0.9 writes it, before it was verified. */
export interface MetablockSignature {
  /** The key that signed or its primary key, as the document says: nobody signed this. */
  readonly keyid: Fingerprint
  readonly headers: OtherHeaders
  /** An RSA number, or R and S of Ed25519 with 32 bytes each. */
  readonly signature: Uint8Array
}

/** A signed document of in-toto 0.9, a link or a layout, before it was verified. */
export interface Metablock {
  readonly document: Document
  readonly signed: JsonObject
  /** The bytes that the signatures cover, with their headers behind them. Made when a signature of ours needs them. */
  readonly content: () => Uint8Array
  readonly signatures: readonly MetablockSignature[]
  /** All keys that the document names as those that signed it, of whatever form: nobody signed this. */
  readonly keyIds: readonly string[]
  /** Why the other signatures in the document do not count. */
  readonly refusals: readonly string[]
}

/** A document of in-toto 0.9 whose signature was verified. */
export interface VerifiedMetablock extends Metablock {
  /** The fingerprints of the primary keys that signed, sorted. */
  readonly signers: readonly string[]
  readonly signedAt: Date
}

/**
 * Reads `{"signatures": […], "signed": {…}}` (in-toto 0.9, 4.2). Signatures of another form, such as those of keys
 * without a certificate, are left out with the reason: other tools may countersign.
 *
 * @throws DebproofError STATEMENT, TOO_LARGE
 */
export function parseMetablock(document: Document): Metablock {
  const what = document.url.href
  const malformed = (problem: string): DebproofError => new DebproofError('STATEMENT', `${what} ${problem}.`)
  const json = asObject(parseStrictJson(document.bytes, what, { limit: MAX_STATEMENT, numbers: 'integers' }))
  const signed = asObject(json?.get('signed'))
  const written = asArray(json?.get('signatures'))
  if (signed === undefined || written === undefined) throw malformed('is no signed document of in-toto 0.9')
  if (written.length > MAX_SIGNATURES) throw malformed(`has more than ${MAX_SIGNATURES} signatures`)
  const signatures: MetablockSignature[] = []
  const refusals: string[] = []
  for (const [index, each] of written.entries()) {
    try {
      signatures.push(parseSignature(each))
    } catch (error) {
      if (!(error instanceof DebproofError)) throw error
      refusals.push(`signature ${index + 1}: ${error.message.replace(/\.$/, '')}`)
    }
  }
  let canonical: Uint8Array | undefined
  const content = (): Uint8Array => {
    canonical ??= canonicalOlpc(signed)
    return canonical
  }
  const keyIds = [
    ...written.map((each) => asString(memberOf(each, 'keyid')) ?? ''),
    ...signatures.map(({ headers }) => headers.issuer),
  ]
  return { document, signed, content, signatures, keyIds, refusals }
}

function parseSignature(value: JsonValue): MetablockSignature {
  const object = asObject(value)
  const headers = hexBytes(object?.get('other_headers'))
  const signature = hexBytes(object?.get('signature'))
  if (headers === undefined || signature === undefined) {
    throw new DebproofError('STATEMENT', 'It is no OpenPGP signature with other_headers and signature in hex.')
  }
  const written = asString(object?.get('keyid')) ?? ''
  const keyid = /^[0-9a-f]{40}$/.test(written) ? parseFingerprint(written) : undefined
  if (keyid === undefined) throw new DebproofError('STATEMENT', 'Its keyid is not the fingerprint of an OpenPGP key.')
  const parsed = parseOtherHeaders(headers)
  const fits = parsed.algorithm === EDDSA_LEGACY ? signature.length === 64 : signature.length <= MAX_RSA_BITS / 8
  if (!fits) throw new DebproofError('STATEMENT', 'It is not as long as its algorithm has it.')
  return { keyid, headers: parsed, signature }
}

/** Lower-case hex, at least a byte of it. */
function hexBytes(value: JsonValue | undefined): Uint8Array | undefined {
  const text = asString(value)
  return text !== undefined && /^[0-9a-f]+$/.test(text) && text.length % 2 === 0 ? Buffer.from(text, 'hex') : undefined
}

/** What in-toto signs: the canonical JSON, the headers, and their length (RFC 9580, 5.2.4). */
export function signedInput(content: Uint8Array, { bytes }: OtherHeaders): Uint8Array {
  const trailer = Buffer.from([4, 0xff, 0, 0, 0, 0])
  trailer.writeUInt32BE(bytes.length, 2)
  return Buffer.concat([content, bytes, trailer])
}

/**
 * Verifies the OpenPGP signatures with the rules for every other OpenPGP signature here, by building again the
 * packets that they were taken from.
 *
 * @throws DebproofError STATEMENT where none is by a key in the keyring, or one that is does not fit
 */
export async function verifyByKeyring(metablock: Metablock, keyring: Keyring, at: Date): Promise<VerifiedMetablock> {
  const { document, content, signatures } = metablock
  const refusals = [...metablock.refusals]
  const packets: Uint8Array[] = []
  for (const each of signatures) {
    const { issuer } = each.headers
    const keyId = issuer.slice(-16)
    const keys = keyring.withKeyId(keyId.toLowerCase())
    const key = keys.find(({ fingerprint }) => fingerprint === issuer)
    if (keys.length === 0) {
      refusals.push(`key ${keyId} is not in the keyring`)
    } else if (key !== undefined && each.keyid !== key.fingerprint && each.keyid !== key.primaryFingerprint) {
      refusals.push(`keyid ${each.keyid} is not of the key ${issuer} that signed`)
    } else {
      packets.push(signaturePacket(content(), each))
    }
  }
  if (packets.length === 0) throw unsigned(document, refusals)
  const split = (): { text: Uint8Array; blocks: Uint8Array[] } => ({
    text: content(),
    blocks: [Buffer.concat(packets)],
  })
  try {
    const { signers, signedAt } = await verifyText(split, keyring, at, document.url.href)
    return { ...metablock, signers, signedAt }
  } catch (error) {
    if (!(error instanceof DebproofError) || refusals.length === 0) throw error
    throw unsigned(document, [...refusals, describeError(error).replace(/\.$/, '')])
  }
}

/**
 * The document as gpgv takes it: the bytes that are signed, and a detached signature of all packets. Unverified.
 * @throws DebproofError STATEMENT, TOO_LARGE
 */
export function detachedForm(document: Document): { readonly text: Uint8Array; readonly signature: Uint8Array } {
  const { content, signatures } = parseMetablock(document)
  return { text: content(), signature: Buffer.concat(signatures.map((each) => signaturePacket(content(), each))) }
}

export function unsigned({ url }: Document, refusals: readonly string[]): DebproofError {
  const reasons = refusals.join('; ') || 'it holds no signature'
  return new DebproofError('STATEMENT', `${url.href} has no valid signature by a trusted key: ${reasons}.`)
}

/** RFC 9580, 4.2 and 5.2.3: the packet that gpg made, without the unhashed subpackets, which in-toto drops. */
function signaturePacket(content: Uint8Array, { headers, signature }: MetablockSignature): Uint8Array {
  const digest = createHash('sha256').update(signedInput(content, headers)).digest()
  const numbers = headers.algorithm === EDDSA_LEGACY ? [signature.subarray(0, 32), signature.subarray(32)] : [signature]
  const noUnhashed = Buffer.from([0, 0])
  const body = Buffer.concat([headers.bytes, noUnhashed, digest.subarray(0, 2), ...numbers.map(multiprecision)])
  const header = Buffer.from([0xc2, 0xff, 0, 0, 0, 0])
  header.writeUInt32BE(body.length, 2)
  return Buffer.concat([header, body])
}

/** RFC 9580, 3.2: the number of bits, then the number without leading zeros. */
function multiprecision(number: Uint8Array): Uint8Array {
  const start = number.findIndex((byte) => byte !== 0)
  const digits = start === -1 ? new Uint8Array() : number.subarray(start)
  const bits = digits.length * 8 - (digits[0] === undefined ? 0 : Math.clz32(digits[0]) - 24)
  return Buffer.concat([Buffer.from([bits >> 8, bits & 0xff]), digits])
}
