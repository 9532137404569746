import { createHash } from 'node:crypto'
import type { Report } from './report-schema.ts'

/**
 * The verdict as `NAME=value` lines, for later jobs of a pipeline: GitLab's dotenv reports take at most 20 variables in
 * 5 KiB, one a line, without quotes. No value comes from outside.
 *
 * @param bytes those of report.json
 * @param signedBy the fingerprint of the key that signed it; undefined where none did, and then empty
 */
export function verdictVariables({ predicate }: Report, bytes: Uint8Array, signedBy: string | undefined): string {
  const variables: readonly (readonly [string, string | number])[] = [
    ['VERDICT', predicate.verdict],
    ['SIGNED_BY', signedBy ?? ''],
    ['REPORT_SHA256', createHash('sha256').update(bytes).digest('hex')],
    ...Object.entries(predicate.counts).map(([name, count]) => [name.toUpperCase(), count] as const),
  ]
  return variables.map(([name, value]) => `DEBPROOF_${name}=${value}\n`).join('')
}
