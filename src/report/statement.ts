import type { Evidence } from '../archive/evidence.ts'
import { sha256Of } from '../archive/hash.ts'
import type { Sha256 } from '../archive/identity.ts'
import type { Keyring } from '../archive/keyring.ts'
import type { Asked } from '../identical/upstreams.ts'
import type { ExceptionUse } from '../judge/exceptions.ts'
import type { JudgedPackage } from '../judge/verdict.ts'
import type { ArchiveReading } from '../locate/located.ts'
import type { PackageList } from '../packages/read-list.ts'
import type { Policy, RebuildersPolicy, Upstream } from '../policy/policy.ts'
import { TOOL } from '../tool.ts'
import type { UnprovenFiles } from '../unproven/find-unproven.ts'
import type { VerificationResult } from '../verify.ts'
import { reportClock, tellers } from './clock.ts'
import { PREDICATE_TYPE, type Report, type ReportedPackage } from './report-schema.ts'
import { countSelfVouched } from './self-vouched.ts'
import { STATEMENT_TYPE } from './statement-type.ts'
import { remainingTrust } from './trust.ts'

type ReportedUpstream = NonNullable<Report['predicate']['upstreams']>[number]
type ReportedRebuilders = NonNullable<Report['predicate']['archives'][number]['rebuilders']>

/** Who signed a file of evidence, as it was found or as a report states it. */
interface Signed {
  readonly signers: readonly string[]
  readonly parties?: readonly string[] | undefined
}

/** What the report says beside the result. */
export interface ReportContext {
  readonly release?: string
  readonly at: Date
  /** By which the last days of public keys are judged, where not by the clock. */
  readonly keysDay?: string
  readonly policy: Pick<Policy, 'sha256' | 'otherArchives' | 'clock'>
  /** How the run was made. */
  readonly run: NonNullable<Report['predicate']['run']>
  /** Whether packages of which no list states the hash were to be undecided. */
  readonly hashesRequired: boolean
  readonly lists: readonly PackageList[]
  readonly images: readonly { readonly name: string; readonly sha256: Sha256 }[]
  /** Where the result is of a part of the packages: which, of how many, and how many packages all have together. */
  readonly shard?: NonNullable<Report['predicate']['shard']>
}

/** Makes the report: nothing in it depends on anything but the inputs and the clock that was given. */
export function makeReport(result: VerificationResult, context: ReportContext): Report {
  const packages = result.packages.map(reportPackage).sort(byIdentity)
  const [at, clock] = [formatTime(context.at), reportClock(context.policy.clock, context.lists)]
  const subjects = context.images.length > 0 ? context.images : context.lists
  const archives = countSelfVouched(
    result.archives.map((reading) => reportArchive(reading, result.unproven.get(reading), context.lists)),
    packages,
  )
  const others = result.otherArchives.length === 0 ? {} : { otherArchives: reportOthers(result, context.policy) }
  return {
    _type: STATEMENT_TYPE,
    subject: subjects.map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
    predicateType: PREDICATE_TYPE,
    predicate: {
      verdict: result.verdict,
      release: context.release ?? null,
      at,
      clock,
      ...(context.keysDay === undefined ? {} : { keysDay: context.keysDay }),
      tool: { name: TOOL.name, version: TOOL.version },
      policy: { sha256: context.policy.sha256 },
      run: context.run,
      lists: context.lists.map(({ name, format, sha256, content }) => ({
        name,
        format,
        sha256,
        packages: content.packages.length,
      })),
      counts: result.counts,
      archives,
      ...(context.hashesRequired ? { hashes: 'required' as const } : {}),
      ...others,
      exceptions: result.exceptions.map(reportException),
      packages,
      evidence: collectEvidence(result.packages),
      ...(result.upstreams.length === 0 ? {} : { upstreams: result.upstreams.map(reportUpstream) }),
      ...(context.shard === undefined ? {} : { shard: context.shard }),
      trust: remainingTrust({ at, clock, packages, archives, ...others }),
    },
  }
}

/** The same report, saying what was kept of its evidence, and why it is written without a signature where it is. */
export function asWritten(
  { predicate, ...statement }: Report,
  bundle: NonNullable<Report['predicate']['bundle']> | null,
  unsigned?: Report['predicate']['unsigned'],
): Report {
  return { ...statement, predicate: { ...predicate, bundle, ...(unsigned === undefined ? {} : { unsigned }) } }
}

/** The bytes that are signed: JSON in UTF-8, one item a line, so that two reports can be compared by eye. */
export function serializeReport(report: Report): Uint8Array {
  return Buffer.from(`${JSON.stringify(report, null, 1)}\n`)
}

function reportArchive(
  { archive, facts }: ArchiveReading,
  unproven: UnprovenFiles | undefined,
  lists: readonly PackageList[],
): Report['predicate']['archives'][number] {
  const { name, require, served, upstreams, rebuilders, unprovenFiles, ownKeys } = archive
  return {
    name,
    require,
    url: served.area.base.href,
    suites: [...served.area.suites],
    upstreams: upstreams.map((upstream) => ({
      kind: upstream.kind,
      place: placeOf(upstream),
      keys: primaryKeysOf(upstream.keyring),
      ...(upstream.kind === 'live' ? {} : { at: formatTime(upstream.at) }),
      ...(upstream.kind === 'live' || upstream.atOrigins === undefined
        ? {}
        : { lists: tellers(upstream.atOrigins, lists) }),
    })),
    ...(rebuilders === undefined ? {} : { rebuilders: reportRebuilders(rebuilders) }),
    ...(unproven === undefined
      ? {}
      : {
          unproven: {
            listed: unproven.listed,
            count: unproven.count,
            files: unproven.files.map((file) => ({ ...file })),
            unread: [...unproven.unread],
            action: unprovenFiles,
          },
        }),
    ...(ownKeys.length === 0 ? {} : { selfVouched: { keys: [...ownKeys], packages: 0 } }),
    unread: facts.failures.map(({ what, error }) => ({ what, code: error.code, reason: error.message })),
    notes: [...facts.notes],
  }
}

function reportOthers(
  { otherArchives }: VerificationResult,
  { otherArchives: rule }: Pick<Policy, 'otherArchives'>,
): NonNullable<Report['predicate']['otherArchives']> {
  return {
    action: rule.action,
    reason: rule.action === 'ignore' ? (rule.reason ?? null) : null,
    found: otherArchives.map(({ folder, files }) => ({ folder, files: [...files] })),
  }
}

function reportException({
  exception,
  status,
  packages,
  unexcused,
}: ExceptionUse): Report['predicate']['exceptions'][number] {
  const { package: name, version, architecture, archive, sha256, verdict, reason, until } = exception
  return {
    package: name,
    version: version ?? null,
    architecture: architecture ?? null,
    archive: archive ?? null,
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(verdict === undefined ? {} : { verdict }),
    reason,
    until: until ?? null,
    status,
    packages,
    ...(unexcused.length === 0 ? {} : { unexcused: [...unexcused] }),
  }
}

function placeOf(upstream: Upstream): string {
  switch (upstream.kind) {
    case 'live':
      return upstream.area.base.href
    case 'snapshots':
      return upstream.services.map((service) => `${service.href}archive/${upstream.archive}/`).join(' ')
    case 'store':
      return upstream.folder
  }
}

function primaryKeysOf(keyring: Keyring): string[] {
  return [...new Set(keyring.signingKeys().map(({ primaryFingerprint }) => primaryFingerprint))].sort()
}

function reportUpstream({ name, failures, notes }: Asked): ReportedUpstream {
  return {
    name,
    unread: failures.map(({ what, error }) => ({ what, code: error.code, reason: error.message })),
    notes: [...notes],
  }
}

function reportRebuilders({ threshold, sourceRequired, parties, layout }: RebuildersPolicy): ReportedRebuilders {
  return {
    threshold: threshold ?? null,
    sourceRequired,
    parties: parties.map(({ name, keyring, publicKeys, places, cosigned }) => ({
      name,
      keys: [
        ...(keyring === undefined ? [] : primaryKeysOf(keyring)),
        ...publicKeys.map(({ fingerprint }) => fingerprint),
      ].sort(),
      places: places.map(({ format, url }) => ({ format, url: url.href })),
      ...(cosigned ? { cosigned: true as const } : {}),
    })),
    layout:
      layout === undefined ? null : { sha256: sha256Of(layout.bytes), places: layout.places.map(({ href }) => href) },
  }
}

function reportPackage(judged: JudgedPackage): ReportedPackage {
  const { use } = judged
  return {
    name: use.name,
    version: use.version,
    architecture: use.kind === 'source' ? 'source' : (judged.architecture ?? null),
    kind: use.kind,
    sha256: judged.sha256 ?? null,
    ...(judged.expected === undefined ? {} : { expected: [...judged.expected] }),
    hashFrom: judged.hashFrom ?? null,
    archive: judged.archive ?? null,
    ...(judged.vouchedBy === undefined ? {} : { vouchedBy: [...judged.vouchedBy] }),
    ...(judged.vouchedAt === undefined ? {} : { vouchedAt: formatTime(judged.vouchedAt) }),
    verdict: judged.verdict,
    ...(judged.selfVouched === undefined ? {} : { selfVouched: [...judged.selfVouched] }),
    ...(judged.excepted === undefined ? {} : { excepted: judged.excepted }),
    reason: judged.reason,
    evidence: [...new Set(judged.evidence.map(evidenceName))].sort(),
  }
}

function collectEvidence(packages: readonly JudgedPackage[]): Report['predicate']['evidence'] {
  const files = new Map<string, Evidence>()
  for (const file of packages.flatMap(({ evidence }) => evidence)) {
    const known = files.get(evidenceName(file))
    // Two parties may have signed one document.
    files.set(
      evidenceName(file),
      known === undefined || known === file ? file : { ...file, ...joinSigners(known, file) },
    )
  }
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(
    sorted.map(([name, { kind, url, size, date, signers, parties }]) => [
      name,
      {
        kind,
        url,
        size,
        date: date === undefined ? null : formatTime(date),
        signers: [...signers],
        ...(parties === undefined ? {} : { parties: [...parties] }),
      },
    ]),
  )
}

/** Who signed a file that was found twice, and whose statement it is. */
export function joinSigners(one: Signed, other: Signed): { signers: string[]; parties?: string[] } {
  const both = (a: readonly string[] = [], b: readonly string[] = []): string[] => [...new Set([...a, ...b])].sort()
  const parties = both(one.parties, other.parties)
  return { signers: both(one.signers, other.signers), ...(parties.length === 0 ? {} : { parties }) }
}

function evidenceName({ sha256 }: Evidence): string {
  return `sha256:${sha256}`
}

/** RFC 3339, in whole seconds. */
export function formatTime(time: Date): string {
  return time.toISOString().replace(/\.\d{3}Z$/, 'Z')
}

/** The order of a report's packages. */
export function byIdentity(a: ReportedPackage, b: ReportedPackage): number {
  const keys = (item: ReportedPackage): string[] => [
    item.name,
    item.version,
    item.architecture ?? '',
    item.kind,
    item.sha256 ?? '',
  ]
  const right = keys(b)
  for (const [index, left] of keys(a).entries()) {
    const other = right[index] ?? ''
    if (left !== other) return left < other ? -1 : 1
  }
  return 0
}
