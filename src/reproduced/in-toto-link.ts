import { posix } from 'node:path'
import type { Evidence } from '../archive/evidence.ts'
import { sha256Of } from '../archive/hash.ts'
import { parseSha256, type Sha256 } from '../archive/identity.ts'
import type { Keyring } from '../archive/keyring.ts'
import { DebproofError } from '../errors.ts'
import type { BuildRecord } from '../judge/builds.ts'
import { MAX_HASHES_PER_STATEMENT, MAX_SOURCES_PER_STATEMENT } from '../limits.ts'
import { recordOfLink } from './build-record.ts'
import { type Document, evidenceOf } from './document.ts'
import type { LayoutKey } from './layout-key.ts'
import { type Metablock, parseMetablock, type VerifiedMetablock, verifyByKeyring } from './metablock.ts'
import type { Attestation, NamedSource, RebuiltPackage, Statement } from './statement.ts'
import { asObject, asString, type JsonValue, memberOf } from './strict-json.ts'

/** What rebuilders call their one step, in links and in layouts (apt-transport-in-toto). */
export const STEP = 'rebuild'

/** Why a statement with so many sources is refused: nobody could look at them all, for each package. */
export const TOO_MANY_SOURCES = `names more than ${MAX_SOURCES_PER_STATEMENT} .dsc and .buildinfo files that it was built from`

/** What a verified link says of all its package files. */
export interface SignedLink {
  readonly evidence: Evidence
  readonly record: BuildRecord
  /** By file name, without the folders before it. Undefined among the hashes: it lists the file without a SHA-256. */
  readonly products: ReadonlyMap<string, ReadonlySet<Sha256 | undefined>>
  /** Undefined where there are too many. */
  readonly sources: readonly NamedSource[] | undefined
}

/** What was read of documents that somebody still holds, by the key that it was verified with. */
const linksRead = new WeakMap<Document, Map<object, { readonly at: number; readonly link: Promise<SignedLink> }>>()

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
  const link = await readLink(document, keyring, at, (metablock) => verifyByKeyring(metablock, keyring, at))
  return linkStatement(link, document, rebuilt)
}

/**
 * Reads and verifies a link once, however many packages it is asked about.
 *
 * @param key what `verify` verifies with
 * @throws DebproofError STATEMENT, TOO_LARGE
 */
export async function readLink(
  document: Document,
  key: Keyring | LayoutKey,
  at: Date,
  verify: (metablock: Metablock) => VerifiedMetablock | Promise<VerifiedMetablock>,
): Promise<SignedLink> {
  const byKey = linksRead.get(document) ?? new Map()
  linksRead.set(document, byKey)
  const known = byKey.get(key)
  if (known?.at === at.getTime()) return await known.link
  const read = async (): Promise<SignedLink> => signedLinkOf(await verify(parseMetablock(document)))
  const link = read()
  byKey.set(key, { at: at.getTime(), link })
  return await link
}

/** in-toto 0.9, 4.4. */
function signedLinkOf({ document, signed, content, keyIds, signers, signedAt }: VerifiedMetablock): SignedLink {
  if (signed.get('_type') !== 'link') throw malformed(document, 'is no link')
  if (signed.get('name') !== STEP) throw malformed(document, `is a link of another step than ${STEP}`)
  const listed = asObject(signed.get('products'))
  const materials = asObject(signed.get('materials'))
  if (listed === undefined || materials === undefined) throw malformed(document, 'has no products or no materials')
  const products = new Map<string, Set<Sha256 | undefined>>()
  for (const [path, hashes] of listed) {
    const fileName = packageFileOf(path)
    if (fileName === undefined) continue
    const said = products.get(fileName) ?? new Set()
    products.set(fileName, said)
    const sha256 = sha256In(hashes)
    if (sha256 === undefined || said.size < MAX_HASHES_PER_STATEMENT) said.add(sha256)
  }
  const sources = distinctSources([...materials].flatMap(([path, hashes]) => sourceInput(path, hashes)))
  const record = recordOfLink(document.url.href, sha256Of(content()), keyIds)
  const evidence = evidenceOf(document, 'in-toto-link', signers, signedAt)
  return { evidence, ...detached({ record, products, sources }) }
}

/**
 * What a verified link says of the file. Links of one build for another set of architectures have other products, so
 * no file but ours is looked at. A file that is there twice, in two folders, is what it says of it both times.
 *
 * @throws DebproofError STATEMENT
 */
export function linkStatement(
  { evidence, record, products, sources }: SignedLink,
  document: Document,
  { fileName }: RebuiltPackage,
): Statement {
  const said = products.get(fileName)
  if (said === undefined) return { evidence: [evidence], attestations: [], record }
  const hashes = [...said].filter((sha256) => sha256 !== undefined)
  if (hashes.length < said.size) throw malformed(document, `lists ${fileName} without a SHA-256`)
  if (sources === undefined) throw malformed(document, TOO_MANY_SOURCES)
  return { evidence: [evidence], attestations: attestationsOf(fileName, hashes, sources), record }
}

/**
 * The package files that a document claims to be about, unverified: a way to find what may concern a package. Of a
 * document that cannot be parsed, whatever looks like the name of one.
 */
export function productsNamedIn(document: Document): readonly string[] {
  const names = new Set<string>()
  try {
    for (const path of asObject(memberOf(parseMetablock(document).signed, 'products'))?.keys() ?? []) {
      const name = packageFileOf(path)
      if (name !== undefined) names.add(name)
    }
  } catch (error) {
    if (!(error instanceof DebproofError)) throw error
    const text = Buffer.from(document.bytes).toString('latin1')
    const written = text.matchAll(/"(?:[^"\\]*\/)?([a-zA-Z0-9.+~_-]{1,255}\.u?deb)"/g)
    for (const [, name = ''] of written) names.add(name)
  }
  return detached([...names])
}

/** The base name of a path, where it is that of a package file. */
function packageFileOf(path: string): string | undefined {
  const name = posix.basename(path)
  return /.\.u?deb$/.test(name) ? name : undefined
}

/** What one statement says of one file: each hash once, and no more than it takes to see that it contradicts itself. */
export function attestationsOf(
  fileName: string,
  hashes: Iterable<Sha256>,
  sources: readonly NamedSource[],
): Attestation[] {
  const distinct = [...new Set(hashes)].slice(0, MAX_HASHES_PER_STATEMENT)
  return distinct.map((sha256) => ({ fileName, sha256, sources }))
}

/** The SHA-256 among the hashes of a file, in lower-case hex. */
export function sha256In(hashes: JsonValue | undefined): Sha256 | undefined {
  return parseSha256(asString(memberOf(hashes, 'sha256')) ?? '')
}

/**
 * What a build was made from, where this is a source package or a `.buildinfo`, however the name is written: a second one
 * must not be overlooked. Folders are those of the rebuilder's disk. Control characters, which no file of Debian's has in
 * its name, are replaced: people read it.
 */
export function sourceInput(path: string, hashes: JsonValue | undefined): NamedSource[] {
  const fileName = posix
    .basename(path)
    .replaceAll(/\p{Cc}/gu, '\ufffd')
    .trim()
  return /\.(?:dsc|buildinfo)$/i.test(fileName) ? [{ fileName, sha256: sha256In(hashes), role: 'input' }] : []
}

/** The sources of one statement, each once; undefined where they are too many. */
export function distinctSources(named: readonly NamedSource[]): readonly NamedSource[] | undefined {
  const distinct = new Map(named.map((each) => [`${each.sha256 ?? ''} ${each.fileName}`, each]))
  return distinct.size > MAX_SOURCES_PER_STATEMENT ? undefined : [...distinct.values()]
}

/** A copy. A string that was cut out of a text keeps the whole text in the memory, and these are kept for long. */
function detached<T>(value: T): T {
  return structuredClone(value)
}

function malformed({ url }: Document, problem: string): DebproofError {
  return new DebproofError('STATEMENT', `${url.href} ${problem}.`)
}
