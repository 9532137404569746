import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import * as v from 'valibot'
import type { Keyring } from '../archive/keyring.ts'
import { DebproofError, describeError, isDebproofError, systemErrorCode } from '../errors.ts'
import { MAX_DETACHED_SIGNATURE, MAX_REPORT } from '../limits.ts'
import { type Report, reportSchema } from './report-schema.ts'
import { type ReportSigner, reportSigners } from './report-signers.ts'
import { serializeReport } from './statement.ts'

/** A report, made only by verifying its signature. */
export interface SignedReport {
  readonly report: Report
  /** Exactly what is signed. */
  readonly bytes: Uint8Array
  readonly signers: readonly ReportSigner[]
}

/**
 * Reads `report.json` and `report.json.asc` from an output folder of `verify`: the signature first, over exactly the
 * bytes of the file, and then the report.
 *
 * @param keyring whose keys may have signed it
 * @param now the real time: reports are signed by the machine's clock, not by that of the verdicts
 * @param clockOption the option that gives another time, for errors; absent where there is none
 * @throws DebproofError USAGE, naming the folder, for a report that is missing, not signed by these keys, or malformed
 */
export async function readSignedReport(
  folder: string,
  keyring: Keyring,
  now: Date,
  clockOption?: string,
): Promise<SignedReport> {
  const file = path.join(folder, 'report.json')
  const bytes = await readLimited(file, MAX_REPORT)
  if (bytes === undefined) throw noReport(folder)
  const signature = await readLimited(`${file}.asc`, MAX_DETACHED_SIGNATURE)
  if (signature === undefined) {
    throw new DebproofError(
      'USAGE',
      `The report in ${folder} is not signed: there is no report.json.asc. Make it again with --signing-key.`,
    )
  }
  const signers = await signersOf(file, bytes, signature, { keyring, now, clockOption })
  return { report: parseReport(file, bytes), bytes, signers }
}

/**
 * Reads a report of which nobody asks who wrote it.
 * @throws DebproofError USAGE
 */
export async function readUnsignedReport(folder: string): Promise<Report> {
  const file = path.join(folder, 'report.json')
  const bytes = await readLimited(file, MAX_REPORT)
  if (bytes === undefined) throw noReport(folder)
  return parseReport(file, bytes)
}

function noReport(folder: string): DebproofError {
  return new DebproofError('USAGE', `There is no report.json in ${folder}: name the output folder of \`verify\`.`)
}

interface SignerRules {
  readonly keyring: Keyring
  readonly now: Date
  readonly clockOption: string | undefined
}

async function signersOf(
  file: string,
  bytes: Uint8Array,
  signature: Uint8Array,
  { keyring, now, clockOption }: SignerRules,
): Promise<ReportSigner[]> {
  try {
    return await reportSigners(bytes, signature, keyring, now)
  } catch (error) {
    if (!isDebproofError(error, 'RELEASE_UNTRUSTED', 'RELEASE_MALFORMED', 'TOO_LARGE')) throw error
    const { message, cause } = error
    if (message.startsWith('BAD signature')) {
      throw new DebproofError(
        'USAGE',
        `${file} was changed after it was signed, or beside it is the signature of another report; it is not believed, ` +
          `get both again from whoever signed it: ${message}`,
        { cause },
      )
    }
    const isTime = /expired|in the future|older than the key/i.test(message)
    const other = clockOption === undefined ? 'check the clock of this machine' : `${clockOption} gives another time`
    const advice = isTime ? ` The clock is ${now.toISOString()}: ${other}.` : ''
    throw new DebproofError(
      'USAGE',
      `${file} is not signed by a key that --signed-by names, and is not believed: ${message}${advice}`,
      { cause },
    )
  }
}

/** Its items stay in the order of the file, so that it can be written again byte for byte. */
function parseReport(file: string, bytes: Uint8Array): Report {
  let text: string
  let json: unknown
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    json = JSON.parse(text)
  } catch (error) {
    throw new DebproofError('USAGE', `${file} is no report: it is not JSON (${describeError(error)}).`)
  }
  if (!v.is(reportSchema, json)) {
    const [issue] = v.safeParse(reportSchema, json).issues ?? []
    const where =
      issue === undefined ? '' : ` ${v.getDotPath(issue)?.slice(0, 200) ?? ''}: ${issue.message.slice(0, 200)}`
    throw new DebproofError(
      'USAGE',
      `${file} is no report of this version of debproof:${where}. Make it again with the version that reads it.`,
    )
  }
  // Two readers may take one of two items of the same name each; what is written here has none.
  if (text !== Buffer.from(serializeReport(json)).toString('utf8')) {
    throw new DebproofError('USAGE', `${file} is not written as debproof writes reports. Make it again.`)
  }
  return json
}

/** Undefined where there is no such file. */
async function readLimited(file: string, limit: number): Promise<Uint8Array | undefined> {
  try {
    const found = await stat(file)
    if (!found.isFile()) throw new DebproofError('USAGE', `${file} is not a file.`)
    if (found.size > limit) {
      throw new DebproofError('USAGE', `${file} is larger than the ${limit} bytes that it may have.`)
    }
    return await readFile(file)
  } catch (error) {
    if (error instanceof DebproofError) throw error
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return undefined
    throw new DebproofError('USAGE', `${file} cannot be read`, { cause: error })
  }
}
