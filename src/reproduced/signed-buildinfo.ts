import { type Buildinfo, parseBuildinfo } from '../archive/buildinfo.ts'
import type { Evidence } from '../archive/evidence.ts'
import type { Version } from '../archive/identity.ts'
import type { Keyring } from '../archive/keyring.ts'
import { splitClearsigned } from '../archive/signed-text.ts'
import { DebproofError } from '../errors.ts'
import { type Document, evidenceOf } from './document.ts'
import type { Attestation, NamedSource, RebuiltPackage, Statement } from './statement.ts'
import { isClearsigned, verifyText } from './verified-text.ts'

/** A `.buildinfo` that a party signed, made only by verifying its signature. */
export interface SignedBuildinfo {
  readonly evidence: Evidence
  readonly buildinfo: Buildinfo
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
  const split = () => splitClearsigned(document.bytes, what)
  const { text, signers, signedAt } = await verifyText(split, keyring, at, what)
  return { evidence: evidenceOf(document, 'buildinfo', signers, signedAt), buildinfo: parseBuildinfo(text, what) }
}

/** What a signed `.buildinfo` says of a package: nothing, where it is about another one. */
export function buildinfoStatement({ evidence, buildinfo }: SignedBuildinfo, rebuilt: RebuiltPackage): Statement {
  const attestation = attestationOf(buildinfo, rebuilt)
  return { evidence: [evidence], attestations: attestation === undefined ? [] : [attestation] }
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

function attestationOf({ version, files }: Buildinfo, rebuilt: RebuiltPackage): Attestation | undefined {
  const file = files.get(rebuilt.fileName)
  if (file === undefined) return undefined
  const attestation = { fileName: rebuilt.fileName, sha256: file.sha256, sources: sourcesOf(files) }
  // A .deb may have a version of its own, and what its epoch was the .buildinfo does not say.
  if (withoutEpoch(version) !== withoutEpoch(rebuilt.version)) return attestation
  // File names have no epoch: 1:1.0 and 1.0 are two packages whose files have one name.
  return version === rebuilt.version ? { ...attestation, version } : undefined
}

/** A source package that was made along with the .debs. */
function sourcesOf(files: Buildinfo['files']): NamedSource[] {
  return [...files].flatMap(([fileName, { sha256 }]) =>
    fileName.endsWith('.dsc') ? [{ fileName, sha256, role: 'output' as const }] : [],
  )
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
