import { createHash } from 'node:crypto'
import { describeError } from '../errors.ts'
import { MAX_COMMENT } from '../limits.ts'
import type { Report } from '../report/report-schema.ts'
import { shortSummary } from '../report/summary.ts'

/** The comments on one pull or merge request. */
export interface CommentThread {
  /** The comment with this marker that the owner of the token wrote: anybody may write a marker. */
  find(marker: string): Promise<string | undefined>
  /** Returns where it is to be seen. */
  create(body: string): Promise<string>
  update(id: string, body: string): Promise<string>
}

/** What came of a comment: it is never more than a notice. */
export type CommentOutcome = { readonly url: string } | { readonly problem: string }

/**
 * Writes the verdict as a comment, or over the one of an earlier run for the same purpose.
 *
 * @param purpose what the run is for: each has a comment of its own
 * @param whereRest what to download, and where: `the whole report …`
 */
export async function writeComment(
  thread: CommentThread,
  report: Report,
  purpose: readonly string[],
  whereRest: string,
): Promise<CommentOutcome> {
  const marker = markerOf(purpose)
  const body = `${marker}\n${uncalled(shortSummary(report, MAX_COMMENT, whereRest))}\nDownload ${uncalled(whereRest)}\n`
  try {
    const earlier = await thread.find(marker)
    return { url: earlier === undefined ? await thread.create(body) : await thread.update(earlier, body) }
  } catch (error) {
    return { problem: describeError(error) }
  }
}

function markerOf(purpose: readonly string[]): string {
  return `<!-- debproof ${createHash('sha256').update(JSON.stringify(purpose)).digest('hex').slice(0, 16)} -->`
}

/** Nobody is called by a name that stands in a package list: a word joiner parts the sign from it. */
function uncalled(markdown: string): string {
  return markdown.replaceAll('@', '@&#8288;')
}
