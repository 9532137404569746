import { readFileSync, statSync } from 'node:fs'
import { MAX_EVENT } from '../limits.ts'

/** Where a run takes place, as far as its CI says so. */
export interface Platform {
  readonly name: 'github' | 'gitlab'
  /**
   * Whether the pipeline is that of a pull request or a merge request, to which the CI may give no secrets. GitHub's
   * `pull_request_target` is none: it runs with the secrets of the project.
   */
  readonly isPullRequest: boolean
  /** The number of the pull or merge request that a comment belongs to. */
  readonly pullRequest?: number
}

type Environment = Readonly<Record<string, string | undefined>>

/** Undefined outside of a CI that is known. */
export function detectPlatform(environment: Environment): Platform | undefined {
  if (environment['GITHUB_ACTIONS'] === 'true') {
    const number = numberOf(environment['GITHUB_REF']?.match(/^refs\/pull\/(\d+)\//)?.[1]) ?? numberInEvent(environment)
    return {
      name: 'github',
      isPullRequest: environment['GITHUB_EVENT_NAME'] === 'pull_request',
      ...(number === undefined ? {} : { pullRequest: number }),
    }
  }
  if (environment['GITLAB_CI'] === 'true') {
    const number = numberOf(environment['CI_MERGE_REQUEST_IID'])
    return {
      name: 'gitlab',
      isPullRequest: environment['CI_PIPELINE_SOURCE'] === 'merge_request_event',
      ...(number === undefined ? {} : { pullRequest: number }),
    }
  }
  return undefined
}

/** What GitHub says of the event that started the workflow; a file that cannot be used says nothing. */
function numberInEvent(environment: Environment): number | undefined {
  const file = environment['GITHUB_EVENT_PATH']
  if (file === undefined || file === '') return undefined
  try {
    if (statSync(file).size > MAX_EVENT) return undefined
    const event: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof event !== 'object' || event === null || !('pull_request' in event)) return undefined
    const { pull_request: request } = event
    if (typeof request !== 'object' || request === null || !('number' in request)) return undefined
    return numberOf(String(request.number))
  } catch {
    return undefined
  }
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined
}
