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

/**
 * The workspace of a pipeline that runs on what somebody proposes, who may be a stranger: any event of a pull or merge
 * request, whatever secrets its pipeline has, also those of its merge queue, of a comment on it, and of a workflow that
 * runs after one of it. Undefined for all others.
 */
export function workspaceOfStrangers(environment: Environment): string | undefined {
  const isGitHub = environment['GITHUB_ACTIONS'] === 'true' && isProposalOnGitHub(environment)
  if (isGitHub) return folderOf(environment['GITHUB_WORKSPACE'])
  const isGitLab = environment['GITLAB_CI'] === 'true' && isProposalOnGitLab(environment)
  return isGitLab ? folderOf(environment['CI_PROJECT_DIR']) : undefined
}

/** Tools that run a pipeline on a desk name the runner's folder, which is not there: then it is the one of the job. */
function folderOf(named = ''): string {
  const isThere = named !== '' && statSync(named, { throwIfNoEntry: false })?.isDirectory() === true
  return isThere ? named : process.cwd()
}

function isProposalOnGitHub(environment: Environment): boolean {
  const name = environment['GITHUB_EVENT_NAME'] ?? ''
  if (/^pull_request|^merge_group$/.test(name)) return true
  if (/^refs\/pull\//.test(environment['GITHUB_REF'] ?? '')) return true
  const event = readEvent(environment)
  if (name === 'issue_comment') return memberOf(memberOf(event, 'issue'), 'pull_request') !== undefined
  return name === 'workflow_run' && /^pull_request/.test(String(memberOf(memberOf(event, 'workflow_run'), 'event')))
}

/** A child pipeline has the variables of its parent's merge request, and another source. */
function isProposalOnGitLab(environment: Environment): boolean {
  const source = environment['CI_PIPELINE_SOURCE'] ?? ''
  return (
    /^(?:merge_request|external_pull_request)_event$/.test(source) ||
    ['CI_MERGE_REQUEST_IID', 'CI_EXTERNAL_PULL_REQUEST_IID'].some((name) => (environment[name] ?? '') !== '')
  )
}

function numberInEvent(environment: Environment): number | undefined {
  const number = memberOf(memberOf(readEvent(environment), 'pull_request'), 'number')
  return number === undefined ? undefined : numberOf(String(number))
}

/** What GitHub says of the event that started the workflow; a file that cannot be used says nothing. */
function readEvent(environment: Environment): unknown {
  const file = environment['GITHUB_EVENT_PATH']
  if (file === undefined || file === '') return undefined
  try {
    const found = statSync(file)
    // A pipe would be waited for, with nobody to hear a signal.
    if (!found.isFile() || found.size > MAX_EVENT) return undefined
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined
}
