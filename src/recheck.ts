import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { parseSha256 } from './archive/identity.ts'
import type { Keyring } from './archive/keyring.ts'
import { type DeriveInputs, deriveReport } from './derive.ts'
import { DebproofError, describeError, isDebproofError } from './errors.ts'
import { BUNDLE_FOLDER } from './evidence/bundle-folder.ts'
import { POLICY, type RunIndex } from './evidence/bundle-index.ts'
import { type CheckedBundle, readBundle } from './evidence/bundle-reader.ts'
import { compareForms } from './evidence/for-gpgv.ts'
import { keptPolicy } from './evidence/kept-policy.ts'
import { keyringsOf } from './evidence/keyrings-of.ts'
import { compareWithOwnCopy } from './evidence/own-copy.ts'
import { Downloads } from './net/downloads.ts'
import { Replay } from './net/replay.ts'
import { readKeptList } from './packages/read-list.ts'
import { mergeReferences } from './packages/references.ts'
import { checkPart, checkParts } from './parts/check-part.ts'
import { mergeReports } from './parts/merge-reports.ts'
import type { Policy } from './policy/policy.ts'
import { namedFiles, SHIPPED_FILE } from './policy/policy-files.ts'
import { lastDaysOf } from './policy/public-keys-clock.ts'
import { compareReports } from './report/compare-reports.ts'
import { readSignedReport, readUnsignedReport, type SignedReport } from './report/read-report.ts'
import type { Report } from './report/report-schema.ts'
import { asWritten } from './report/statement.ts'
import { TOOL, USER_AGENT } from './tool.ts'

export interface RecheckOptions {
  /** An output folder of `verify` or `merge`. */
  readonly folder: string
  /** Who may have signed the report; absent for one that nobody needs to have signed. */
  readonly keyring?: Keyring
  /** The reader's own copy of the policy, which must be the one that the report was made under. */
  readonly policy?: string
  /** The clock that the report's own signature is judged by. */
  readonly now: Date
  readonly progress: (step: string) => void
}

export interface RecheckResult {
  readonly report: Report
  /** Fingerprints of the primary keys that signed the report. */
  readonly signers: readonly string[]
  /** What was changed, is missing, or is not what the evidence gives: none, and every verdict was derived again. */
  readonly problems: readonly string[]
  /** What holds, and rests on the signer's word alone. */
  readonly remarks: readonly string[]
  /** The keys of `signers`, for people. */
  readonly signedBy: readonly RecheckSigner[]
  /** What the reader's own copy of the policy gave; absent where none was given, or it is another one. */
  readonly own?: OwnPolicy
}

export interface RecheckSigner {
  readonly fingerprint: string
  /** The first user ID of the certificate. */
  readonly name: string
  /** Whether it was good when it signed, and has expired since. */
  readonly hasExpired: boolean
}

export interface OwnPolicy {
  /** The files that were compared, and are those that the report was made with. */
  readonly files: readonly string[]
  /** The first user IDs of the keys that they hold, by the fingerprints of the primary keys. */
  readonly names: ReadonlyMap<string, string>
}

/**
 * Derives every verdict of a report again, from its evidence alone and by the same code that made it: the policy, the
 * package lists and all that archives and rebuilders served are played back. Needs no network.
 *
 * @throws DebproofError USAGE where there is no report, or no evidence; EVIDENCE for one that is not signed by these keys or malformed
 */
export async function recheck({ folder, keyring, policy, now, progress }: RecheckOptions): Promise<RecheckResult> {
  progress('Checking the signature of the report')
  const { report, signers } = await readReport(folder, keyring, now)
  const { bundle } = report.predicate
  if (bundle === undefined || bundle === null) {
    throw new DebproofError(
      'USAGE',
      `The report in ${folder} was made without evidence (--evidence none), so nothing can be derived again.` +
        (keyring === undefined ? '' : ' Its signature is good.'),
    )
  }
  const unique = new Map(signers.map((signer) => [signer.primaryFingerprint, signer]))
  const signedBy = [...unique]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([fingerprint, { name, hasExpired }]) => ({ fingerprint, name, hasExpired }))
  const primary = signedBy.map(({ fingerprint }) => fingerprint)
  return { report, signers: primary, signedBy, ...(await compareWithEvidence(report, folder, progress, policy)) }
}

/** The same for a report whose signature was checked, or that nobody signed. */
export async function compareWithEvidence(
  report: Report,
  folder: string,
  progress: (step: string) => void,
  policy?: string,
): Promise<Pick<RecheckResult, 'problems' | 'remarks' | 'own'>> {
  const { bundle: stated } = report.predicate
  if (stated === undefined || stated === null) {
    return { problems: ['The report was made without evidence (--evidence none).'], remarks: [] }
  }
  progress('Hashing the evidence')
  const finding = await readBundle(path.join(folder, BUNDLE_FOLDER), stated)
  const problems = [...finding.problems]
  const { bundle } = finding
  if (bundle === undefined || problems.length > 0) return { problems, remarks: [] }
  const own = policy === undefined ? undefined : { files: new Set<string>(), names: new Map<string, string>() }
  if (policy !== undefined) {
    for (const part of bundle.parts) {
      const compared = await compareWithOwnCopy(part, policy)
      problems.push(...compared.problems)
      for (const file of compared.files) own?.files.add(file)
    }
    if (problems.length > 0) return { problems: [...new Set(problems)], remarks: [] }
  }
  progress('Deriving every verdict again')
  const remarks: string[] = []
  try {
    const derived = await deriveAll(bundle, remarks, own?.names)
    const { tool } = report.predicate
    const isSameTool = tool.name === TOOL.name && tool.version === TOOL.version
    if (!isSameTool)
      remarks.push(`What ${tool.name} ${tool.version} says in words was not compared: this is ${TOOL.version}.`)
    const differences = compareReports(report, asWritten(derived, stated), isSameTool)
    const result = { problems: differences, remarks: [...new Set(remarks)].sort() }
    return own === undefined ? result : { ...result, own: { files: [...own.files], names: own.names } }
  } catch (error) {
    if (!(error instanceof DebproofError)) throw error
    return { problems: [`The evidence cannot be used: ${describeError(error)}`], remarks }
  }
}

/** That nobody signed it is the user's mistake only where there is no signature. */
async function readReport(
  folder: string,
  keyring: Keyring | undefined,
  now: Date,
): Promise<Pick<SignedReport, 'report' | 'signers'>> {
  try {
    if (keyring === undefined) return { report: await readUnsignedReport(folder), signers: [] }
    return await readSignedReport(folder, keyring, now, '--at')
  } catch (error) {
    const isThere = isDebproofError(error, 'USAGE') && !/There is no report\.json in/.test(error.message)
    throw isThere ? new DebproofError('EVIDENCE', error.message, { cause: error.cause }) : error
  }
}

/** @param names gets the user IDs of the policy's keys, where its files are the reader's own */
async function deriveAll(
  { isMerged, parts, pathOf }: CheckedBundle,
  remarks: string[],
  names: Map<string, string> | undefined,
): Promise<Report> {
  const reports: Report[] = []
  for (const part of parts) reports.push(await derivePart(part, pathOf, remarks, names))
  const [only] = reports
  if (only !== undefined && !isMerged) return only
  const checked = reports.map((report, index) => checkPart(`part ${index + 1} of the evidence`, report))
  return mergeReports(checkParts(checked), null)
}

/** What the run was given or told, and nobody but its signer saw. */
function wordOfTheSigner({ run, fetched, inputs }: RunIndex, policy: Policy, isOwn: boolean): string[] {
  const remarks: string[] = []
  if (run.system !== null) remarks.push('What the apt sources of the system were is the word of the signer.')
  if (!isOwn && inputs.some(({ path: name }) => name !== POLICY && !name.startsWith(SHIPPED_FILE))) {
    remarks.push(
      'Which keys the files hold that the policy names is the word of the signer: compare them with --policy.',
    )
  }
  const failed = fetched.filter((outcome) => 'code' in outcome && outcome.code !== 'NOT_FOUND').length
  const absent = fetched.filter((outcome) => 'code' in outcome && outcome.code === 'NOT_FOUND').length
  if (failed > 0) remarks.push(`That ${failed} download${failed === 1 ? '' : 's'} failed is the word of the signer.`)
  if (absent > 0)
    remarks.push(
      `That ${absent} file${absent === 1 ? ' was' : 's were'} not there, such as statements of rebuilders, is the word of the signer.`,
    )
  const lasting = lastDaysOf(policy).filter((until) => until >= (run.keysDay ?? run.at.slice(0, 10)))
  if (lasting.length > 0) {
    const days = [...new Set(lasting)].sort().join(', ')
    remarks.push(`That the last day of a public key (${days}) was not over is the word of the signer.`)
  }
  if (policy.statedAt !== undefined && policy.statedAt.getTime() !== policy.at.getTime()) {
    remarks.push(
      `The policy gives ${policy.statedAt.toISOString()} for the clock, and the signer chose ${policy.at.toISOString()}.`,
    )
  }
  return remarks
}

/** The first user ID of each certificate that a policy trusts, by its fingerprint. */
function namesOfKeys(policy: Policy): Map<string, string> {
  const keys = keyringsOf(policy).flatMap((keyring) => keyring.signingKeys())
  return new Map(
    keys.map(({ primaryFingerprint, certificate }) => [primaryFingerprint, certificate.getUserIDs()[0] ?? '']),
  )
}

/** How the run was made, as its report says it. */
function runOf({ run, inputs }: RunIndex): DeriveInputs['run'] {
  const read = inputs.flatMap(({ path: name, sha256 }) => (name === POLICY ? [] : [[name, sha256] as const]))
  return {
    system: run.system !== null,
    offline: run.offline,
    deep: run.deep,
    variables: run.environment,
    files: namedFiles(read, run.folder),
  }
}

/** As it was planned: evidence of earlier versions names no plan. */
function shardOf({ run: { shard } }: RunIndex): Pick<DeriveInputs, 'shard'> {
  if (shard === null) return {}
  const { plan, ...part } = shard
  return { shard: { ...part, ...(plan === undefined ? {} : { plan }) } }
}

async function derivePart(
  index: RunIndex,
  pathOf: (sha256: string) => string,
  remarks: string[],
  names: Map<string, string> | undefined,
): Promise<Report> {
  const read = async (sha256: string): Promise<Uint8Array> => await readFile(pathOf(sha256))
  const { run } = index
  const lists = []
  for (const { path: name, format, sha256, debs } of index.lists) {
    lists.push(readKeptList({ path: name, format, bytes: await read(sha256), ...(debs === undefined ? {} : { debs }) }))
    if (debs !== undefined)
      remarks.push(`The .debs in ${name} were hashed by the signer: they are not in the evidence.`)
  }
  const policy = await keptPolicy(index, mergeReferences(lists), read)
  remarks.push(...wordOfTheSigner(index, policy, names !== undefined))
  for (const [fingerprint, name] of namesOfKeys(policy)) names?.set(fingerprint, name)
  const tape = new Replay(index.fetched, pathOf)
  const downloads = new Downloads({ userAgent: USER_AGENT, offline: run.offline, tape })
  try {
    const report = await deriveReport(
      {
        policy,
        lists,
        images: index.images.flatMap(({ name, sha256 }) => {
          const hash = parseSha256(sha256)
          return hash === undefined ? [] : [{ name, sha256: hash }]
        }),
        run: runOf(index),
        hashesRequired: run.hashesRequired ?? false,
        ...(run.release === null ? {} : { release: run.release }),
        ...shardOf(index),
        ...(run.keysDay === undefined ? {} : { keysDay: run.keysDay }),
      },
      downloads,
      () => {},
    )
    const [missing] = tape.missing
    if (missing !== undefined) throw new DebproofError('EVIDENCE', `The evidence holds nothing of ${missing}.`)
    const { digests } = tape
    if (digests.length > 0) {
      remarks.push(`${digests.length} package files were hashed by the signer (--deep): they are not in the evidence.`)
    }
    if (index.tool.version === TOOL.version) await compareForms(index, policy, report.predicate.evidence, read)
    else remarks.push(`The forms of the evidence for gpgv were not compared: they are of ${index.tool.version}.`)
    return report
  } finally {
    await downloads.close()
  }
}
