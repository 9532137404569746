import { DebproofError, describeError } from '../errors.ts'
import { MAX_ATTESTED_PREDICATE, MAX_ATTESTED_SUBJECTS } from '../limits.ts'
import type { Report } from '../report/report-schema.ts'
import { overhear } from './overhear.ts'

type Environment = Readonly<Record<string, string | undefined>>

const PERMISSIONS = `Add to the job:

    permissions:
      contents: read
      id-token: write
      attestations: write
`

/**
 * Why nothing can be attested here; undefined where it can. Asked before a run, which may take long.
 *
 * GitHub gives no identity to a job without `id-token: write`, nor to pull requests from forks.
 */
export function whyNoAttestation(environment: Environment): string | undefined {
  const { hostname } = new URL(environment['GITHUB_SERVER_URL'] || 'https://github.com')
  if (hostname !== 'github.com' && !hostname.endsWith('.ghe.com')) {
    return `attest needs github.com or ghe.com: ${hostname} stores no attestations.`
  }
  if ((environment['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '') !== '') return undefined
  return `attest needs an identity token for the job, and this one is not permitted to ask for one. ${PERMISSIONS}`
}

export interface Attested {
  readonly id: string
  readonly url: string
}

/**
 * Has Sigstore and GitHub attest a report: the same statement as report.json.
 *
 * One that does not pass is never attested: whoever looks for an attestation of this type takes it for a yes.
 *
 * @throws DebproofError PUBLISH
 */
export async function attestReport(report: Report, token: string, environment: Environment): Promise<Attested> {
  const { subject, predicateType, predicate } = report
  if (predicate.verdict !== 'pass') throw new Error('only a report that passes is attested')
  // Whoever asks for an image's attestation means all of its packages.
  if (predicate.shard !== undefined) throw cannot('It is on one part of the packages: attest the merged one.')
  if (predicate.counts.total === 0) throw cannot('There is no package in it.')
  if (subject.length > MAX_ATTESTED_SUBJECTS) {
    throw cannot(`It has ${subject.length} subjects, and ${MAX_ATTESTED_SUBJECTS} may be attested: name fewer images.`)
  }
  const size = Buffer.byteLength(JSON.stringify(predicate))
  if (size > MAX_ATTESTED_PREDICATE) {
    throw cannot(`It has ${size} bytes, and ${MAX_ATTESTED_PREDICATE} may be attested: attest its signature instead.`)
  }
  try {
    const { attest } = await import('@actions/attest')
    const subjects = subject.map(({ name, digest }) => ({ name, digest: { ...digest } }))
    const { result } = await overhear(async () => await attest({ subjects, predicateType, predicate, token }))
    // It is a number where the library's type says text.
    const id = String(result.attestationID ?? '')
    if (id === '') throw new Error('GitHub gave it no id')
    const server = environment['GITHUB_SERVER_URL'] || 'https://github.com'
    return { id, url: `${server}/${environment['GITHUB_REPOSITORY'] ?? ''}/attestations/${id}` }
  } catch (error) {
    const advice = /not accessible|forbidden|\b403\b/i.test(describeError(error)) ? ` ${PERMISSIONS}` : ''
    throw new DebproofError('PUBLISH', `The report could not be attested: ${describeError(error)}.${advice}`, {
      cause: error,
    })
  }
}

function cannot(why: string): DebproofError {
  return new DebproofError('PUBLISH', `The report could not be attested. ${why}`)
}
