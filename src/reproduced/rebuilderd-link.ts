import { sha256Of } from '../archive/hash.ts'
import { parseSha256 } from '../archive/identity.ts'
import { isInForce, type PublicKey } from '../archive/public-key.ts'
import { DebproofError } from '../errors.ts'
import { MAX_SIGNATURES, MAX_STATEMENT } from '../limits.ts'
import { recordOfLink } from './build-record.ts'
import { canonicalRebuilderd } from './canonical-json.ts'
import { type Document, evidenceOf } from './document.ts'
import { distinctSources, sourceInput, TOO_MANY_SOURCES } from './in-toto-link.ts'
import type { NamedSource, RebuiltPackage, Statement } from './statement.ts'
import {
  asArray,
  asObject,
  asString,
  type JsonObject,
  type JsonValue,
  memberOf,
  parseStrictJson,
} from './strict-json.ts'

/**
 * Verifies what rebuilderd calls an attestation: an in-toto 0.9 link of one rebuilt file, as in-toto-rs writes it,
 * with raw Ed25519 signatures (RFC 8032) by the worker that built and the daemon that published. A worker makes it
 * only where the bytes are identical. It says neither when nor in which environment the file was built.
 *
 * @throws DebproofError STATEMENT, TOO_LARGE
 */
export function verifyRebuilderdLink(
  document: Document,
  keys: readonly PublicKey[],
  at: Date,
  rebuilt: RebuiltPackage,
): Statement {
  const what = document.url.href
  const metablock = parseStrictJson(document.bytes, what, { limit: MAX_STATEMENT, numbers: 'integers' })
  const signed = asObject(memberOf(metablock, 'signed'))
  if (signed === undefined) throw unusable(what, 'is no in-toto link: it has no signed part')
  const signers = verifySignatures(metablock, signed, keys, at, what)
  const keyIds = (asArray(memberOf(metablock, 'signatures')) ?? []).map(
    (each) => asString(memberOf(each, 'keyid')) ?? '',
  )
  return {
    evidence: [evidenceOf(document, 'rebuilderd-link', signers)],
    attestations: [
      {
        fileName: rebuilt.fileName,
        sha256: sha256Attested(signed, rebuilt.fileName, what),
        sources: sourcesOf(signed, what),
      },
    ],
    record: recordOfLink(what, sha256Of(canonicalRebuilderd(signed)), keyIds),
  }
}

/**
 * What in-toto calls an Ed25519 key: the SHA-256 of the canonical JSON of its public part. The hash algorithms are
 * always these two, whatever the key is used for.
 */
export function rebuilderdKeyId({ bytes }: PublicKey): string {
  const key: JsonObject = new Map<string, JsonValue>([
    ['keytype', 'ed25519'],
    ['scheme', 'ed25519'],
    ['keyid_hash_algorithms', ['sha256', 'sha512']],
    ['keyval', new Map([['public', Buffer.from(bytes).toString('hex')]])],
  ])
  return sha256Of(canonicalRebuilderd(key))
}

/** The fingerprints of the keys that signed, sorted. A key that is not pinned says nothing, whatever it signs. */
function verifySignatures(
  metablock: JsonValue,
  signed: JsonObject,
  keys: readonly PublicKey[],
  at: Date,
  what: string,
): string[] {
  const signatures = asArray(memberOf(metablock, 'signatures')) ?? []
  if (signatures.length === 0) throw unusable(what, 'is not signed')
  if (signatures.length > MAX_SIGNATURES) throw unusable(what, `has more than ${MAX_SIGNATURES} signatures`)
  const pinned = new Map(
    keys.filter(({ algorithm }) => algorithm === 'ed25519').map((key) => [rebuilderdKeyId(key), key]),
  )
  const signers = new Set<string>()
  const past: string[] = []
  let message: Uint8Array | undefined
  for (const signature of signatures) {
    const key = pinned.get(asString(memberOf(signature, 'keyid')) ?? '')
    if (key === undefined) continue
    if (!isInForce(key, at)) {
      past.push(`${key.fingerprint}, whose last day was ${key.until}`)
      continue
    }
    // Only for a signature of ours: to write what a stranger signed is work for nothing.
    message ??= canonicalRebuilderd(signed)
    const hex = asString(memberOf(signature, 'sig')) ?? ''
    const isGood = /^[0-9a-f]{128}$/.test(hex) && key.verify(message, Buffer.from(hex, 'hex'))
    if (!isGood) throw unusable(what, `has a BAD signature of the key ${key.fingerprint}`)
    signers.add(key.fingerprint)
  }
  if (signers.size > 0) return [...signers].sort()
  if (past.length > 0) throw unusable(what, `counts no more: it is signed by the key ${past.join(', and by ')}`)
  throw unusable(what, 'is signed by none of the keys that the policy names for this rebuilder')
}

/** A link is about one file: another one, or one more, is not what rebuilderd writes. */
function sha256Attested(signed: JsonObject, fileName: string, what: string) {
  if (signed.get('_type') !== 'link') throw unusable(what, 'is no in-toto link: its _type is another')
  const name = asString(signed.get('name')) ?? ''
  if (name !== `rebuild ${fileName}`) {
    throw unusable(what, `is about another file: its name is ${JSON.stringify(name.slice(0, 300))}`)
  }
  const products = asObject(signed.get('products'))
  const product = products?.get(fileName)
  if (products?.size !== 1 || product === undefined)
    throw unusable(what, `does not have ${fileName} as its one product`)
  const sha256 = parseSha256(asString(memberOf(product, 'sha256')) ?? '')
  if (sha256 === undefined) throw unusable(what, `states no SHA-256 of ${fileName} in 64 lower-case hex digits`)
  return sha256
}

/** What rebuilderd gave to the build. */
function sourcesOf(signed: JsonObject, what: string): readonly NamedSource[] {
  const materials = [...(asObject(signed.get('materials')) ?? [])]
  const sources = distinctSources(materials.flatMap(([path, hashes]) => sourceInput(path, hashes)))
  if (sources === undefined) throw unusable(what, TOO_MANY_SOURCES)
  return sources
}

function unusable(what: string, problem: string): DebproofError {
  return new DebproofError('STATEMENT', `${what} ${problem}.`)
}
