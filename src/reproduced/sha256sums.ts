import type { Evidence } from '../archive/evidence.ts'
import { parseSha256, type Sha256 } from '../archive/identity.ts'
import type { Keyring } from '../archive/keyring.ts'
import { pairDetached, type SignedText } from '../archive/signed-text.ts'
import { DebproofError } from '../errors.ts'
import type { BuildRecord } from '../judge/builds.ts'
import { MAX_SHA256SUMS, MAX_SHA256SUMS_LINES } from '../limits.ts'
import { hashOfText, recordOfSums } from './build-record.ts'
import { type Document, evidenceOf } from './document.ts'
import type { RebuiltPackage, Statement } from './statement.ts'
import { isClearsigned, splitClearsignedStatement, verifyText, withoutBlankEnd } from './verified-text.ts'

/** SHA-256 by file name, without the folders before it. */
export type Sums = ReadonlyMap<string, Sha256>

/** Sums that a party signed, made only by verifying the signature. */
export interface SignedSums {
  /** The sums, and the signature where that is a file of its own. */
  readonly evidence: readonly Evidence[]
  readonly sums: Sums
  readonly record: BuildRecord
}

/**
 * Reads what sha256sum(1) prints: 64 hex digits, a blank, a blank or `*`, a path. Blank lines and those that begin
 * with `#` are passed over. A list that can be read in two ways is refused whole: a .deb with two hashes, an escaped
 * name (`\` before the hash), a line of any other form. Of other files with one name and two hashes, which lie in
 * several folders, none is given.
 *
 * @param text one character for each byte; never more than what a signature covers
 * @param what names it in errors
 * @throws DebproofError STATEMENT, TOO_LARGE
 */
export function parseSha256sums(text: string, what: string): Sums {
  const malformed = (problem: string): DebproofError => new DebproofError('STATEMENT', `${what} ${problem}.`)
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  if (lines.length > MAX_SHA256SUMS_LINES) {
    throw new DebproofError('TOO_LARGE', `${what} has more than ${MAX_SHA256SUMS_LINES} lines.`)
  }
  const sums = new Map<string, Sha256>()
  const ambiguous = new Set<string>()
  for (const [index, line] of lines.entries()) {
    if (line.startsWith('#') || /^[ \t]*$/.test(line)) continue
    if (line.startsWith('\\')) throw malformed(`has an escaped file name in line ${index + 1}; such names are not read`)
    const sha256 = parseSha256(line.slice(0, 64))
    const path = line.slice(66)
    const name = path.slice(path.lastIndexOf('/') + 1)
    if (sha256 === undefined || !/^ [ *]$/.test(line.slice(64, 66)) || !isFileName(path) || !isFileName(name)) {
      throw malformed(`is no list of sha256sum's: line ${index + 1} is ${JSON.stringify(line.slice(0, 200))}`)
    }
    const earlier = sums.get(name)
    if (earlier !== undefined && earlier !== sha256) {
      if (/\.u?deb$/.test(name)) throw malformed(`lists ${name} with two different hashes`)
      ambiguous.add(name)
    }
    sums.set(name, sha256)
  }
  if (sums.size === 0) throw malformed('lists no file')
  for (const name of ambiguous) sums.delete(name)
  return sums
}

/** No control characters: a terminal or a log would show something else than what is compared. */
function isFileName(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code < 0x20 || code === 0x7f) return false
  }
  return text !== '' && text !== '.' && text !== '..'
}

/**
 * Verifies signed sums, and reads what the signature covers, and nothing else.
 *
 * @param document the sums, with their signature around them or beside them
 * @param signature detached, armored or binary; not looked at where the sums have theirs around them
 * @throws DebproofError STATEMENT, TOO_LARGE
 */
export async function readSignedSums(
  document: Document,
  signature: Document | undefined,
  keyring: Keyring,
  at: Date,
): Promise<SignedSums> {
  const what = document.url.href
  if (document.bytes.length > MAX_SHA256SUMS) {
    throw new DebproofError('TOO_LARGE', `${what} is larger than ${MAX_SHA256SUMS} bytes.`)
  }
  const beside = isClearsigned(document.bytes) ? undefined : signature
  const split = (): SignedText =>
    beside === undefined ? splitClearsignedSums(document) : pairWithSignature(document, beside)
  const { text, signers, signedAt } = await verifyText(split, keyring, at, what)
  return {
    evidence: [
      evidenceOf(document, 'sha256sums', signers, signedAt),
      ...(beside === undefined ? [] : [evidenceOf(beside, 'sha256sums-signature', signers, signedAt)]),
    ],
    sums: parseSha256sums(text, what),
    record: recordOfSums(what, hashOfText(text)),
  }
}

function splitClearsignedSums({ url, bytes }: Document): SignedText {
  if (isClearsigned(bytes)) return splitClearsignedStatement(bytes, url.href)
  throw new DebproofError(
    'STATEMENT',
    `${url.href} is not signed: its signature must be around it, or beside it in ${url.href}.asc.`,
  )
}

/**
 * Every OpenPGP packet has the high bit set in its first byte (RFC 9580, 4.2), and no armor has; a byte order mark
 * has it too.
 */
function isBinarySignature(bytes: Uint8Array): boolean {
  return ((bytes[0] ?? 0) & 0x80) !== 0 && !(bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
}

function pairWithSignature(sums: Document, signature: Document): SignedText {
  if (isBinarySignature(signature.bytes)) return { text: sums.bytes, blocks: [signature.bytes] }
  return pairDetached(sums.bytes, sums.url.href, withoutBlankEnd(signature.bytes), signature.url.href)
}

/**
 * Whether a file can be sums at all: with a signature around it, or with a line of theirs, be it of another form or
 * another kind of hash. What servers answer instead of a 404 is none.
 */
export function looksLikeSums({ bytes }: Document): boolean {
  return isClearsigned(bytes) || /^(?:\\?|SHA256 \(.*\) = )[0-9a-f]{64}/im.test(latin1(bytes))
}

/** Whether a file can be a signature, binary or armored, or holds sums with theirs around them. */
export function looksLikeSignature({ bytes }: Document): boolean {
  return isBinarySignature(bytes) || latin1(bytes).includes('-----BEGIN PGP ')
}

/** What signed sums say of a package: nothing, where they do not list it. */
export function sumsStatement({ evidence, sums, record }: SignedSums, { fileName }: RebuiltPackage): Statement {
  const sha256 = sums.get(fileName)
  return { evidence, attestations: sha256 === undefined ? [] : [{ fileName, sha256, sources: [] }], record }
}

/** Both steps, for one package. @throws DebproofError STATEMENT, TOO_LARGE */
export async function verifySha256sums(
  document: Document,
  signature: Document | undefined,
  keyring: Keyring,
  at: Date,
  rebuilt: RebuiltPackage,
): Promise<Statement> {
  return sumsStatement(await readSignedSums(document, signature, keyring, at), rebuilt)
}

/**
 * The file names in sums, signed or not: to find those that may speak of a file, never to believe them.
 */
export function filesSummedIn(bytes: Uint8Array): Set<string> {
  // Line by line: to a regular expression a carriage return begins a line too, from each of which it would look on to
  // the end of the file.
  const names = latin1(bytes)
    .split('\n')
    .map((line) => /^\\?[0-9a-f]{64} [ *](?:.*\/)?([^/]+)$/is.exec(line)?.[1]?.trimEnd())
  return new Set(names.filter((name) => name !== undefined))
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}
