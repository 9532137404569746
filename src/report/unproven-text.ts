import type { Report } from './report-schema.ts'

type ReportedArchive = Report['predicate']['archives'][number]
type Unproven = NonNullable<ReportedArchive['unproven']>

/** Files that are named in a line or two of a summary. */
const SHOWN = 10

/** What an archive lists and nobody vouches for, in one clause. */
export function unprovenSentence({
  name,
  unproven,
  unread,
}: Pick<ReportedArchive, 'name' | 'unproven' | 'unread'>): string {
  const { listed = 0, count = 0 } = unproven ?? {}
  const known = unread.length === 0 ? '' : 'as far as it could be read, '
  const files = `${known}${name} lists ${listed} .deb${listed === 1 ? '' : 's'}`
  return count === 0 ? `${files}, and all of them are vouched for` : `${files}, ${count} of which nobody vouches for`
}

/**
 * How each archive differs from those who vouch for it, one line for each, and the files where they are few. Nothing
 * of archives that are their own upstream.
 */
export function unprovenLines({ archives }: Report['predicate']): string[] {
  return archives.flatMap((archive) => {
    const { require, unproven } = archive
    if (unproven === undefined) return []
    const absent = require === 'absent' ? ' Nothing may come from there.' : ''
    const unread = unproven.unread.length === 0 ? '' : ` Not all who might was read: ${unproven.unread[0]}`
    return [`${unprovenSentence(archive)}${namedFiles(unproven)}.${absent}${unread}`]
  })
}

function namedFiles({ files, count }: Unproven): string {
  if (files.length === 0) return ''
  const named = files
    .slice(0, SHOWN)
    .map(
      (file) => `${file.name} ${file.version} ${file.architecture} (${file.sha256 ?? 'without a SHA-256 of its own'})`,
    )
  const more = count > named.length ? ` and ${count - named.length} more` : ''
  return `: ${named.join(', ')}${more}`
}

/** The files among apt's lists that no archive of the policy reads. */
export function otherArchiveLines({ otherArchives }: Report['predicate']): string[] {
  if (otherArchives === undefined) return []
  const { action, reason, found } = otherArchives
  const rule =
    action === 'ignore'
      ? `ignored by the policy: ${reason ?? 'it gives no reason'}`
      : 'name their archive, suite, component and architecture in the policy, or say there why they do not matter (other-archives)'
  return found.map(({ folder, files }) => {
    const more = files.length > SHOWN ? ` and ${files.length - SHOWN} more` : ''
    return `${folder}: the build's apt also saw ${files.slice(0, SHOWN).join(', ')}${more}; ${rule}`
  })
}
