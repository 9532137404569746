import type { Report } from '../report/report-schema.ts'
import { type CommentOutcome, type CommentThread, writeComment } from './comment.ts'
import { GitHubComments } from './github-comments.ts'
import { GitLabComments } from './gitlab-comments.ts'
import { detectPlatform } from './platform.ts'

type Environment = Readonly<Record<string, string | undefined>>

const PERMISSION = {
  github: 'The job needs `permissions: pull-requests: write`, which pull requests from forks do not get.',
  gitlab: 'The token in DEBPROOF_COMMENT_TOKEN needs the scope `api` and the role Reporter or above.',
} as const

/**
 * Comments on the pull or merge request that the pipeline is for.
 *
 * @param purpose what the run is for: each has a comment of its own
 * @param whereRest where the whole report is
 */
export async function commentOn(
  report: Report,
  environment: Environment,
  token: string,
  purpose: readonly string[],
  whereRest: string,
): Promise<CommentOutcome> {
  const platform = detectPlatform(environment)
  if (platform?.pullRequest === undefined) return { problem: 'This pipeline is for no pull request or merge request.' }
  if (token === '') return { problem: `There is no token. ${PERMISSION[platform.name]}` }
  const { name, pullRequest } = platform
  const thread: CommentThread =
    name === 'github'
      ? new GitHubComments(environment, token, pullRequest)
      : new GitLabComments(environment, token, pullRequest)
  const outcome = await writeComment(thread, report, purpose, whereRest)
  return 'problem' in outcome ? { problem: `${outcome.problem} ${PERMISSION[name]}` } : outcome
}
