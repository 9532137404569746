import { readFileSync } from 'node:fs'
import { sha256Of } from '../../src/archive/hash.ts'
import { Keyring, readCertificates } from '../../src/archive/keyring.ts'
import { type VerifiedRelease, verifyRelease } from '../../src/archive/release.ts'
import { verifySignatures } from '../../src/archive/signature.ts'
import { pairRelease, type SignedText, splitInRelease } from '../../src/archive/signed-text.ts'
import { DebproofError, isDebproofError } from '../../src/errors.ts'
import type { Mirror, Suite } from './mirror.ts'
import type { SignedFile } from './verifiers.ts'

/** A release file of the mirror's. */
export interface ReleaseFile {
  readonly suite: Suite
  /** Such as `sid InRelease`. */
  readonly name: string
  readonly signed: SignedFile
}

/** The release files that the mirror has of these suites, in both forms, each content once. */
export async function releaseFiles(mirror: Mirror, suites: readonly Suite[]): Promise<ReleaseFile[]> {
  const files = new Map<string, ReleaseFile>()
  for (const suite of suites) {
    const inRelease = await mirror.file(suite, 'InRelease')
    const release = await mirror.file(suite, 'Release')
    const signature = await mirror.file(suite, 'Release.gpg')
    const add = (signed: SignedFile, ...parts: readonly Buffer[]): void => {
      const key = sha256Of(Buffer.concat(parts))
      if (!files.has(key)) files.set(key, { suite, name: `${suite.name} ${signed.form}`, signed })
    }
    if (inRelease !== undefined) add({ form: 'InRelease', file: inRelease }, inRelease)
    if (release !== undefined && signature !== undefined) {
      add({ form: 'Release', file: release, signature }, release, signature)
    }
  }
  return [...files.values()]
}

export async function readKeyring(file: string): Promise<Keyring> {
  return new Keyring(await readCertificates(readFileSync(file), file))
}

export function split(signed: SignedFile): SignedText {
  return signed.form === 'InRelease' ? splitInRelease(signed.file) : pairRelease(signed.file, signed.signature)
}

/** debproof's verdict on the signatures of a release file. */
export type OurVerdict =
  | { readonly accepts: true; readonly text: Uint8Array; readonly keys: ReadonlySet<string>; readonly signers: Signers }
  | { readonly accepts: false; readonly why: string }

/** Primary fingerprints: of all blocks, and of the first one alone. */
interface Signers {
  readonly all: ReadonlySet<string>
  readonly firstBlock: ReadonlySet<string>
}

/** What a signature says is judged at `at`, as the tools judge it at their clock. */
export async function ourVerdict(signed: SignedFile, keyring: Keyring, at: Date): Promise<OurVerdict> {
  try {
    const parts = split(signed)
    const signers = await verifySignatures(parts, keyring, at)
    const first = await verifySignatures({ ...parts, blocks: parts.blocks.slice(0, 1) }, keyring, at)
    return {
      accepts: true,
      text: parts.text,
      keys: new Set(signers.map(({ fingerprint }) => fingerprint)),
      signers: {
        all: new Set(signers.map(({ primaryFingerprint }) => primaryFingerprint)),
        firstBlock: new Set(first.map(({ primaryFingerprint }) => primaryFingerprint)),
      },
    }
  } catch (error) {
    if (!(error instanceof DebproofError)) throw error
    return { accepts: false, why: `${error.code}: ${error.message}` }
  }
}

/**
 * The release file of a suite as debproof verifies it, so that its indexes may be read. A mirror may serve a suite after
 * its Valid-Until: then it is read as a past state.
 */
export async function readSuite(mirror: Mirror, suite: Suite, keyring: Keyring): Promise<VerifiedRelease | undefined> {
  const file = await mirror.file(suite, 'InRelease')
  if (file === undefined) return undefined
  const expectation = { keyring, at: new Date(), suite: suite.name }
  const signed = splitInRelease(file)
  try {
    return await verifyRelease(signed, expectation)
  } catch (error) {
    if (!isDebproofError(error, 'RELEASE_TIME')) throw error
    return await verifyRelease(signed, { ...expectation, past: true })
  }
}
