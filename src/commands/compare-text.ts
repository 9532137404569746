import type { ReportVerdict } from '../judge/verdict.ts'
import type { Arguments } from '../options/arguments.ts'
import { visible } from '../report/visible.ts'
import type { MissingFiles } from '../unproven/find-missing.ts'
import type { UnprovenFiles } from '../unproven/find-unproven.ts'
import type { UnprovenFile } from '../unproven/unproven-file.ts'

/** One archive, as `compare` tells of it. */
export interface ComparedText {
  readonly name: string
  readonly url: string
  /** Fingerprints of the keys that sign what it serves and vouch for that too: its own word. */
  readonly ownKeys: readonly string[]
  /** Undefined for an archive that is its own upstream. */
  readonly unproven: UnprovenFiles | undefined
  /** Undefined where the policy names no upstream for it. */
  readonly missing: MissingFiles | undefined
  /** What could not be read of the archive itself. */
  readonly unread: readonly string[]
}

/** Files of each kind that are shown without --verbose. */
const SHOWN = 20

export function comparedJson(archives: readonly ComparedText[], verdict: ReportVerdict): unknown {
  return {
    verdict,
    archives: archives.map(({ name, url, ownKeys, unproven, missing, unread }) => ({
      name,
      url,
      ownKeys,
      unproven: unproven ?? null,
      missing: missing ?? null,
      unread,
    })),
  }
}

export function comparedText(archives: readonly ComparedText[], verdict: ReportVerdict, given: Arguments): string {
  const first = `${verdict === 'pass' ? passed(archives) : FIRST[verdict]}\n`
  if (given.flag('quiet')) return first
  const shown = given.flag('verbose') ? Number.POSITIVE_INFINITY : SHOWN
  return [first, ...archives.map((archive) => `\n${archiveLines(archive, shown).map(inPlace).join('\n')}\n`)].join('')
}

const FIRST: Readonly<Record<Exclude<ReportVerdict, 'pass'>, string>> = {
  fail: 'FAIL: there are .debs that nobody vouches for.',
  undecided: 'UNDECIDED: not everything could be read.',
}

/** Nothing is claimed of an archive for which nobody but itself vouches. */
function passed(archives: readonly ComparedText[]): string {
  const own = archives.filter(({ unproven }) => unproven === undefined).map(({ name }) => name)
  if (own.length === 0) return 'PASS: somebody vouches for everything that is listed.'
  const names = own.join(', ')
  return own.length === archives.length
    ? `PASS: nothing was compared, for each archive is its own upstream: ${names}.`
    : `PASS: somebody vouches for everything that was compared. Its own upstream, and so not compared: ${names}.`
}

function archiveLines({ name, url, ownKeys, unproven, missing, unread }: ComparedText, shown: number): string[] {
  const title = `${name}: ${url}`
  const failed = unread.map((what) => `  Not read: ${what}`)
  if (unproven === undefined) {
    const why = unread.length > 0 ? 'It could not be compared.' : 'It is its own upstream: nobody else vouches for it.'
    return [title, `  ${why}`, ...failed]
  }
  const { listed, count, files } = unproven
  const lines = [
    title,
    `  lists ${listed} .deb${listed === 1 ? '' : 's'}: ${listed - count} vouched for, ${count} by nobody`,
    ...fileLines(files, count, shown),
    ...(ownKeys.length === 0
      ? []
      : [`  Keys that sign it vouch for it too, which is its own word: ${ownKeys.join(', ')}`]),
    ...unproven.unread.map((what) => `  Not read, and might vouch for them: ${what}`),
  ]
  if (missing === undefined) return [...lines, ...failed]
  return [
    ...lines,
    `  lacks ${missing.count} of ${missing.upstream}`,
    ...fileLines(missing.files, missing.count, shown),
    ...missing.unread.map((what) => `  Not read of it: ${what}`),
    ...failed,
  ]
}

function fileLines(files: readonly UnprovenFile[], count: number, shown: number): string[] {
  const named = files.slice(0, shown)
  const lines = named.map(
    ({ name, version, architecture, sha256, index }) =>
      `    ${name} ${version} ${architecture} ${sha256 ?? 'without a SHA-256 of its own'} (${index})`,
  )
  return count > named.length ? [...lines, `    … and ${count - named.length} more`] : lines
}

/** Names and reasons come from outside. */
function inPlace(text: string): string {
  return visible(text).replaceAll('\n', ' ')
}
