import { type Buildinfo, parseBuildinfo } from '../archive/buildinfo.ts'
import type { Evidence } from '../archive/evidence.ts'
import type { Sha256, Version } from '../archive/identity.ts'
import type { Keyring } from '../archive/keyring.ts'
import { DebproofError } from '../errors.ts'
import { hashOfText, recordOfContents } from './build-record.ts'
import { type Document, evidenceOf } from './document.ts'
import type { Attestation, NamedSource, RebuiltPackage, Statement } from './statement.ts'
import { isClearsigned, splitClearsignedStatement, verifyText } from './verified-text.ts'

/** What a `.buildinfo` that a party signed says of packages, made only by verifying its signature. */
export interface SignedBuildinfo {
  readonly evidence: Evidence
  /** The hash of the text that is signed. */
  readonly content: Sha256
  /** Of the build, with its epoch. */
  readonly version: Version
  /** The .debs and .udebs that came out, by file name. */
  readonly packages: ReadonlyMap<string, Sha256>
  /** The source package, where it was made along with them. */
  readonly sources: readonly NamedSource[]
}

/**
 * Verifies a clearsigned `.buildinfo`, as debsign(1) and `gpg --clearsign` write it, and reads what the signature
 * covers, and nothing else.
 *
 * @throws DebproofError STATEMENT, TOO_LARGE
 */
export async function readSignedBuildinfo(document: Document, keyring: Keyring, at: Date): Promise<SignedBuildinfo> {
  const what = document.url.href
  if (!isClearsigned(document.bytes)) {
    throw new DebproofError('STATEMENT', `${what} is not signed: whoever built it has to sign it with debsign.`)
  }
  const split = () => splitClearsignedStatement(document.bytes, what)
  const { text, signers, signedAt } = await verifyText(split, keyring, at, what)
  const buildinfo = parseBuildinfo(text, what)
  return {
    evidence: evidenceOf(document, 'buildinfo', signers, signedAt),
    content: hashOfText(text),
    version: buildinfo.version,
    packages: packagesOf(buildinfo),
    sources: sourcesOf(buildinfo),
  }
}

/**
 * Whether a file can be a `.buildinfo`, signed or not: what servers answer instead of a 404 is none. What stands
 * before it is for the reader to refuse.
 */
export function looksLikeBuildinfo({ bytes }: Document): boolean {
  const beginning = Buffer.from(bytes.subarray(0, 1024)).toString('latin1')
  return isClearsigned(bytes) || /^(?:\xef\xbb\xbf)?\s*(?:-----BEGIN PGP |Format[ \t]*:)/i.test(beginning)
}

/** What a signed `.buildinfo` says of a package: nothing, where it is about another one. */
export function buildinfoStatement(signed: SignedBuildinfo, rebuilt: RebuiltPackage): Statement {
  const attestation = attestationOf(signed, rebuilt)
  const { evidence, content } = signed
  return {
    evidence: [evidence],
    attestations: attestation === undefined ? [] : [attestation],
    record: recordOfContents(evidence.url, [content]),
  }
}

/** Whether it lists the file and says nothing of the package, for the version of the build has another epoch. */
export function isOfAnotherEpoch(signed: SignedBuildinfo, rebuilt: RebuiltPackage): boolean {
  return signed.packages.has(rebuilt.fileName) && attestationOf(signed, rebuilt) === undefined
}

/** Both steps, for one package. @throws DebproofError STATEMENT, TOO_LARGE */
export async function verifyBuildinfo(
  document: Document,
  keyring: Keyring,
  at: Date,
  rebuilt: RebuiltPackage,
): Promise<Statement> {
  return buildinfoStatement(await readSignedBuildinfo(document, keyring, at), rebuilt)
}

function attestationOf(
  { version, packages, sources }: SignedBuildinfo,
  rebuilt: RebuiltPackage,
): Attestation | undefined {
  const sha256 = packages.get(rebuilt.fileName)
  if (sha256 === undefined) return undefined
  const attestation = { fileName: rebuilt.fileName, sha256, sources }
  if (version === rebuilt.version) return { ...attestation, version }
  // A .deb may have a version of its own (dpkg-gencontrol -v), and what its epoch was the .buildinfo does not say.
  const isOwn = version === rebuilt.source.version || withoutEpoch(version) !== withoutEpoch(rebuilt.version)
  // File names have no epoch: 1:1.0 and 1.0 are two packages whose files have one name.
  return isOwn ? attestation : undefined
}

function packagesOf({ files }: Buildinfo): Map<string, Sha256> {
  return new Map([...files].flatMap(([name, { sha256 }]) => (/\.u?deb$/.test(name) ? [[name, sha256]] : [])))
}

/** dpkg names a .dsc after its source: what else is listed as one did not come out of this build. */
function sourcesOf({ source, files }: Buildinfo): NamedSource[] {
  const fileName = `${source.name}_${withoutEpoch(source.version)}.dsc`
  const file = files.get(fileName)
  return file === undefined ? [] : [{ fileName, sha256: file.sha256, role: 'output' }]
}

/** A version as file names have it. */
export function withoutEpoch(version: Version): string {
  return version.slice(version.indexOf(':') + 1)
}

/**
 * The files that a `.buildinfo` names with a SHA-256, signed or not: to find those that may speak of a file, never
 * to believe them.
 */
export function filesNamedIn(bytes: Uint8Array): Set<string> {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  const rows = text.matchAll(/^[ \t]+[0-9a-f]{64}[ \t]+\d+[ \t]+(\S+)[ \t\r]*$/gim)
  return new Set([...rows].map(([, name = '']) => name))
}
