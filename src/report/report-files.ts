import { junitReport } from './junit.ts'
import type { Report } from './report-schema.ts'
import type { SigningKey } from './sign.ts'
import { serializeReport } from './statement.ts'
import { reportSummary } from './summary.ts'
import { verdictVariables } from './verdict-variables.ts'

/** Files of one report; the signature is absent from an unsigned one. */
export interface ReportFiles {
  readonly report: Uint8Array
  readonly signature?: string
  readonly summary: string
  readonly junit: string
  readonly variables: string
}

/** The report in each of its forms: all are made of the one that is signed. */
export async function reportFiles(report: Report, key: SigningKey | undefined): Promise<ReportFiles> {
  const bytes = serializeReport(report)
  return {
    report: bytes,
    ...(key === undefined ? {} : { signature: await key.sign(bytes) }),
    summary: reportSummary(report),
    junit: junitReport(report),
    variables: verdictVariables(report, bytes, key?.fingerprint),
  }
}
