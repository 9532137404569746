import { posix } from 'node:path'
import { parseSha256, type Sha256 } from '../archive/identity.ts'
import type { Keyring } from '../archive/keyring.ts'
import { DebproofError } from '../errors.ts'
import { type Document, evidenceOf } from './document.ts'
import { parseMetablock, type VerifiedMetablock, verifyByKeyring } from './metablock.ts'
import type { Attestation, NamedSource, RebuiltPackage, Statement } from './statement.ts'
import { asObject, asString, type JsonValue, memberOf } from './strict-json.ts'

/** What rebuilders call their one step, in links and in layouts (apt-transport-in-toto). */
export const STEP = 'rebuild'

/**
 * Verifies a link of in-toto 0.9 that is signed with OpenPGP, as `in-toto-run --step-name rebuild --gpg` writes it.
 *
 * @param keyring the party's keys; signatures by others are nothing to it
 * @throws DebproofError STATEMENT, TOO_LARGE
 */
export async function verifyLink(
  document: Document,
  keyring: Keyring,
  at: Date,
  rebuilt: RebuiltPackage,
): Promise<Statement> {
  return linkStatement(await verifyByKeyring(parseMetablock(document), keyring, at), rebuilt)
}

/**
 * What a verified link says of the file (in-toto 0.9, 4.4). Links of one build for another set of architectures have
 * other products, so no file but ours is looked at.
 *
 * @throws DebproofError STATEMENT
 */
export function linkStatement(
  { document, signed, signers, signedAt }: VerifiedMetablock,
  { fileName }: RebuiltPackage,
): Statement {
  const malformed = (problem: string): DebproofError =>
    new DebproofError('STATEMENT', `${document.url.href} ${problem}.`)
  if (signed.get('_type') !== 'link') throw malformed('is no link')
  if (signed.get('name') !== STEP) throw malformed(`is a link of another step than ${STEP}`)
  const products = asObject(signed.get('products'))
  const materials = asObject(signed.get('materials'))
  if (products === undefined || materials === undefined) throw malformed('has no products or no materials')
  const attestations: Attestation[] = []
  if (products.has(fileName)) {
    const sha256 = sha256In(products.get(fileName))
    if (sha256 === undefined) throw malformed(`lists ${fileName} without a SHA-256`)
    const sources = [...materials].flatMap(([path, hashes]) => sourceInput(path, hashes))
    attestations.push({ fileName, sha256, sources })
  }
  return { evidence: [evidenceOf(document, 'in-toto-link', signers, signedAt)], attestations }
}

/**
 * The files that a document claims to be about, unverified: a way to find what may concern a package. Of a document
 * that cannot be parsed, whatever looks like the name of a package file.
 */
export function productsNamedIn(document: Document): readonly string[] {
  try {
    return [...(asObject(memberOf(parseMetablock(document).signed, 'products'))?.keys() ?? [])]
  } catch (error) {
    if (!(error instanceof DebproofError)) throw error
    const text = Buffer.from(document.bytes).toString('latin1')
    return [...new Set(Array.from(text.matchAll(/"([a-zA-Z0-9.+~_-]{1,255}\.u?deb)"/g), ([, name = '']) => name))]
  }
}

/** The SHA-256 among the hashes of a file, in lower-case hex. */
export function sha256In(hashes: JsonValue | undefined): Sha256 | undefined {
  return parseSha256(asString(memberOf(hashes, 'sha256')) ?? '')
}

/** What a build was made from, where this is a source package or a `.buildinfo` and its SHA-256 is given. */
export function sourceInput(path: string, hashes: JsonValue | undefined): NamedSource[] {
  const fileName = posix.basename(path)
  const sha256 = sha256In(hashes)
  return /.\.(?:dsc|buildinfo)$/.test(fileName) && sha256 !== undefined ? [{ fileName, sha256, role: 'input' }] : []
}
