import { rmSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import path from 'node:path'
import type { Keyring } from '../archive/keyring.ts'
import { DebproofError } from '../errors.ts'
import { BUNDLE_FOLDER, removeBundle } from '../evidence/bundle-folder.ts'
import { mergeBundles } from '../evidence/merge-bundles.ts'
import { refuseSecrets } from '../evidence/secrets.ts'
import { writeChecker } from '../evidence/write-checker.ts'
import { uninterrupted, whenInterrupted } from '../interruption.ts'
import { secretsIn } from '../job-secrets.ts'
import { MAX_SHARDS } from '../limits.ts'
import { COMMON_OPTIONS, JSON_OPTION } from '../options/option.ts'
import { readSigningInput } from '../options/signing-input.ts'
import { checkPart, checkParts, type Part, refuseApart } from '../parts/check-part.ts'
import { mergeReports } from '../parts/merge-reports.ts'
import { parsePlanId } from '../parts/shard.ts'
import { filesOnDisk } from '../policy/policy-files.ts'
import { TrustAnchors } from '../policy/trust.ts'
import { compareWithEvidence } from '../recheck.ts'
import { OutputFolder } from '../report/output-folder.ts'
import { readSignedReport } from '../report/read-report.ts'
import { reportFiles } from '../report/report-files.ts'
import type { Report } from '../report/report-schema.ts'
import { readReportKey, type SigningKey } from '../report/sign.ts'
import { asWritten } from '../report/statement.ts'
import type { Command } from './command.ts'
import { printReport } from './print-report.ts'
import { ProgressLine } from './progress-line.ts'

export const mergeCommand: Command = {
  name: 'merge',
  usage: 'DIR… --signed-by KEYRING',
  title: 'join the signed reports of all parts of a verification into one, and sign that',
  description:
    'Reads the output folders of `debproof verify --shard 1/N` to N/N, holds each signature against the keys of the\n' +
    'machines that made them, and writes the report that one run over all packages would have written, with the\n' +
    'evidence of all parts. A part that is missing, unsigned, changed, there twice, of another plan or verification is\n' +
    'refused. Every verdict is derived again from the evidence, as `recheck` does, before the report is signed.\n\n' +
    'Exit codes: those of `verify`, by the verdict of the whole; 2 also where a part is refused.',
  options: [
    {
      name: 'signed-by',
      value: 'KEYRING',
      multiple: true,
      description:
        'A file with the public keys that the parts are signed with; fingerprints beside it restrict it. Required.',
    },
    {
      name: 'plan-id',
      value: 'ID',
      description: 'Take parts of this plan alone. Without it, parts of any one plan are merged.',
    },
    {
      name: 'output',
      value: 'DIR',
      default: 'debproof-report',
      description: 'The folder that the report is written to. An earlier report there is replaced.',
    },
    {
      name: 'signing-key',
      value: 'FILE',
      description:
        'The armored OpenPGP private key that signs the report; or its text in DEBPROOF_SIGNING_KEY. Its passphrase is ' +
        'read from DEBPROOF_SIGNING_PASSPHRASE.',
    },
    {
      name: 'unsigned',
      description: 'Write a report without signature; without a key this must be said. Parts must be signed anyway.',
    },
    JSON_OPTION,
    ...COMMON_OPTIONS,
  ],
  positionals: { min: 1, max: MAX_SHARDS },
  async run(given, terminal) {
    const signedBy = given.texts('signed-by')
    if (signedBy.length === 0) {
      throw new DebproofError('USAGE', 'merge: --signed-by is missing: a file with the keys that signed the parts.')
    }
    const id = given.text('plan-id')
    const plan = id === undefined ? undefined : parsePlanId(id)
    const folder = given.text('output') ?? ''
    await refuseAsOutput(folder, given.positionals)
    // Before anything that may fail: beside a part that is refused there is no verdict of an earlier run.
    const output = await OutputFolder.prepare(folder)
    try {
      await removeBundle(folder)
      const signing = await readSigningInput(given.text('signing-key'), terminal.environment)
      const key = await readReportKey(signing, given.flag('unsigned') ? 'requested' : undefined)
      const keyring = await new TrustAnchors(process.cwd(), filesOnDisk).keyring(signedBy, '--signed-by')

      const progress = new ProgressLine(terminal, { quiet: given.flag('quiet'), verbose: given.flag('verbose') })
      try {
        progress.progress('Reading the parts')
        const parts = checkParts(await readParts(given.positionals, keyring, plan, progress.warn))
        const report = await merge(parts, output, key, {
          progress: progress.progress,
          secrets: secretsIn(terminal.environment),
        })
        const { reportPath, summaryPath } = output
        progress.end()
        const written = { report, reportPath, summaryPath, ...(key === undefined ? {} : { signedBy: key.fingerprint }) }
        return printReport(given, terminal, written)
      } finally {
        key?.forget()
        progress.end()
      }
    } finally {
      output.release()
    }
  },
}

/** One after another: each may fill some of the memory while it is read. */
async function readParts(
  folders: readonly string[],
  keyring: Keyring,
  plan: string | undefined,
  note: (text: string) => void,
): Promise<Part[]> {
  const parts: Part[] = []
  const signed: { folder: string; at: Date }[] = []
  for (const folder of folders) {
    const { report, signers } = await readSignedReport(folder, keyring, new Date())
    if (signers.every(({ hasExpired }) => hasExpired)) {
      const keys = [...new Set(signers.map(({ primaryFingerprint }) => primaryFingerprint))].join(', ')
      note(`${folder} was signed in time by a key that has expired since: ${keys}.`)
    }
    const part = checkPart(folder, report)
    if (plan !== undefined && part.shard.plan !== plan) {
      throw new DebproofError(
        'USAGE',
        `The report in ${folder} is of the plan ${part.shard.plan}, and not of ${plan}, which --plan-id names: merge the ` +
          'parts that were made with that.',
      )
    }
    parts.push(part)
    const [at] = signers.map(({ signedAt }) => signedAt).sort((a, b) => a.getTime() - b.getTime())
    if (at !== undefined) signed.push({ folder, at })
  }
  refuseApart(signed)
  return parts
}

/**
 * Writes the report of all parts, where it follows from their evidence. Evidence that does not fit, or a report that
 * cannot be written, leaves none behind.
 */
async function merge(
  parts: readonly Part[],
  output: OutputFolder,
  key: SigningKey | undefined,
  { progress, secrets }: { readonly progress: (step: string) => void; readonly secrets: readonly string[] },
): Promise<Report> {
  const { folder } = output
  const settled = whenInterrupted(() => {
    if (output.isOwn) rmSync(path.join(folder, BUNDLE_FOLDER), { recursive: true, force: true })
  })
  try {
    progress('Joining the evidence')
    const bundle = await mergeBundles(parts, folder)
    const report = asWritten(mergeReports(parts, bundle), bundle, key === undefined ? 'requested' : undefined)
    if (bundle !== null) await refuseUnfounded(report, folder, progress)
    const files = await reportFiles(report, key)
    await refuseSecrets(folder, files.report, [...secrets, ...(key?.secrets ?? [])])
    await uninterrupted(async () => {
      if (bundle !== null) await writeChecker(folder)
      await output.write(files)
      settled()
    })
    return report
  } catch (error) {
    if (output.isOwn) await removeBundle(folder).catch(() => {})
    throw error
  } finally {
    settled()
  }
}

/** What `recheck` would refuse is not signed: a machine may say of its part what its evidence does not give. */
async function refuseUnfounded(report: Report, folder: string, progress: (step: string) => void): Promise<void> {
  const { problems } = await compareWithEvidence(report, folder, progress)
  const [problem, ...others] = problems
  if (problem === undefined) return
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`
  throw new DebproofError(
    'USAGE',
    `What the parts say together does not follow from their evidence, and \`recheck\` would refuse it: ${problem}${more} ` +
      'Try `debproof recheck` on each part, and make those again that it refuses.',
  )
}

/** What is in the output folder is removed before anything is written to it. */
async function refuseAsOutput(output: string, folders: readonly string[]): Promise<void> {
  const place = await realpath(output).catch(() => undefined)
  for (const folder of folders) {
    if (place !== undefined && (await realpath(folder).catch(() => undefined)) === place) {
      throw new DebproofError('USAGE', `${folder} is a part and cannot be the output too: name another with --output.`)
    }
  }
}
