import path from 'node:path'
import type { Keyring } from '../archive/keyring.ts'
import { verifySignatures } from '../archive/signature.ts'
import { DebproofError, isDebproofError } from '../errors.ts'
import { type AptSource, globalKeyringFiles, readAptSources } from './apt-sources.ts'
import { ArchiveNames } from './archive-names.ts'
import { derivativeLines, list, ownUpstreamLines, type SourceArchive } from './first-policy-text.ts'
import { type SeenSuite, seenSuites } from './likely-upstream.ts'
import { OPEN_PLACE } from './policy-schema.ts'
import { shippedKeyrings, shippedUpstreamOf } from './shipped-keys.ts'
import { systemArchitectures } from './system-architectures.ts'
import { groupSources, keyringOf, statusFile, whyLeftOut } from './system-policy.ts'

/** A policy to start from, and the keys that apt sources hold inline, by the file that the policy names. */
export interface FirstPolicy {
  readonly text: string
  readonly keys: ReadonlyMap<string, string>
  /** How many archives have a place in it that is left to people, and that `verify` refuses until they filled it. */
  readonly open: number
}

/**
 * Writes a policy of a system's apt sources. A source that a shipped upstream signs is that upstream's word. Any other
 * one is under test: somebody else must vouch for it, and where nobody is seen to, the policy has a place left open.
 *
 * @param at the clock
 * @throws DebproofError POLICY
 */
export async function firstPolicy(root: string, at: Date): Promise<FirstPolicy> {
  const sources = readAptSources(root).filter(({ type }) => type === 'deb')
  if (sources.length === 0) {
    throw new DebproofError(
      'POLICY',
      `The system at ${root} has no apt source to start from; name another with --root.`,
    )
  }
  const keys = new Map<string, string>()
  const read = await readArchives(root, sources, keys, at)
  const upstreams = read.filter((item) => typeof item !== 'string' && item.shipped !== undefined)
  const written = read.map((item) => {
    if (typeof item === 'string') return [item]
    return item.shipped === undefined ? derivativeLines(item, upstreams) : ownUpstreamLines(item)
  })
  const archives = written.flat()
  if (read.every((item) => typeof item === 'string')) {
    throw new DebproofError('POLICY', `No apt source of the system at ${root} can be verified:\n${archives.join('\n')}`)
  }
  const text = [
    '# What debproof verifies, and whom it trusts. Reference: docs/policy.md.',
    'version: 1',
    'packages:',
    '  # What the build says it used; several lists are merged.',
    `  - path: ${JSON.stringify(statusFile(path.resolve(root)))}`,
    'archives:',
    ...archives,
    '',
  ].join('\n')
  return {
    text,
    keys,
    open: written.filter((lines) => lines.some((line) => line.endsWith(`url: ${OPEN_PLACE}`))).length,
  }
}

/** Each archive of the sources, or a line that says why it is left out. */
async function readArchives(
  root: string,
  sources: readonly AptSource[],
  keys: Map<string, string>,
  at: Date,
): Promise<(SourceArchive | string)[]> {
  const { native, foreign } = systemArchitectures(root)
  const names = new ArchiveNames()
  const found: (SourceArchive | string)[] = []
  for (const group of groupSources(sources)) {
    const [first] = group
    if (first === undefined) continue
    const why = whyLeftOut(first)
    if (why !== undefined) {
      found.push(`  # ${first.location} is left out: ${why}.`)
      continue
    }
    const name = names.of(new URL(first.uri))
    const trusted = await trustOf(first, name, root, keys)
    if (typeof trusted === 'string') {
      found.push(`  # ${first.location}: ${first.uri} is left out: ${trusted}.`)
      continue
    }
    const suites = await seenSuites(root, group)
    const shipped = (await shippedUpstreamOf(trusted.keyring)) ?? (await signerOf(suites, trusted.keyring, at))
    const architectures = first.architectures ?? [native, ...foreign]
    found.push({
      ...{ name, url: first.uri, signedBy: trusted.signedBy, suites, components: first.components, architectures },
      ...(shipped === undefined
        ? {}
        : { shipped: trusted.only.length === 0 ? shipped : list([shipped, ...trusted.only]) }),
    })
  }
  return found
}

interface SourceTrust {
  readonly keyring: Keyring
  /** As a policy names it. */
  readonly signedBy: string
  /** The fingerprints that restrict it. */
  readonly only: readonly string[]
}

/** What a source's keys are, or why there are none. */
async function trustOf(
  source: AptSource,
  name: string,
  root: string,
  keys: Map<string, string>,
): Promise<SourceTrust | string> {
  const { files: own = [], embedded, fingerprints = [] } = source.signedBy ?? {}
  const files = own.length > 0 || embedded !== undefined ? own : globalKeyringFiles(root)
  if (files.length === 0 && embedded === undefined) return 'neither the source nor the system names a key for it'
  const problems: string[] = []
  const keyring = await keyringOf(source, root, (problem) => problems.push(problem))
  if (keyring.signingKeys().length === 0) {
    return problems.length > 0 ? 'its keyring cannot be read' : 'its keyring does not hold the key that it names'
  }
  const only = fingerprints.map(({ fingerprint, exact }) => `${fingerprint}${exact ? '!' : ''}`)
  if (embedded === undefined) {
    return { keyring, signedBy: list([...files.map((file) => path.join(path.resolve(root), file)), ...only]), only }
  }
  const file = `keys/${name}.asc`
  keys.set(file, embedded.endsWith('\n') ? embedded : `${embedded}\n`)
  return { keyring, signedBy: JSON.stringify(file), only }
}

/**
 * The shipped upstream that signed what apt kept of every suite, where its keys are among others in the keyring: a
 * system without Signed-By has all its keys together.
 */
async function signerOf(suites: readonly SeenSuite[], keyring: Keyring, at: Date): Promise<string | undefined> {
  if (keyring.only.length > 0) return undefined
  for (const [name, shipped] of await shippedKeyrings()) {
    const known = new Set<string>(shipped.signingKeys().map(({ fingerprint }) => fingerprint))
    if (!keyring.signingKeys().some(({ primaryFingerprint }) => known.has(primaryFingerprint))) continue
    const signed = await Promise.all(suites.map((suite) => isSigned(suite, shipped, at)))
    if (signed.every(Boolean)) return name
  }
  return undefined
}

async function isSigned({ kept }: SeenSuite, keyring: Keyring, at: Date): Promise<boolean> {
  if (kept === undefined) return false
  try {
    await verifySignatures(kept.signed, keyring, at)
    return true
  } catch (error) {
    if (isDebproofError(error, 'RELEASE_UNTRUSTED') || isDebproofError(error, 'RELEASE_MALFORMED')) return false
    throw error
  }
}
