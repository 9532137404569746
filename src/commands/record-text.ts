import { visible } from '../report/visible.ts'
import type { StoreCheck } from '../store/check-store.ts'
import type { Recording } from '../store/record.ts'
import type { SuiteRecord } from '../store/record-suite.ts'

const WORDS = { new: 'NEW', unchanged: 'UNCHANGED', unread: 'UNREAD' } as const

/** What came of one suite: a line, and one for each thing to know. */
export function suiteText({ archive, suite, outcome, date, added, reused, ...more }: SuiteRecord): string {
  const files =
    date === undefined
      ? ''
      : ` of ${date.toISOString()}: ${added.files} new files (${bytes(added.bytes)}), ${reused} known`
  return [
    `${WORDS[outcome]}  ${suite} at ${archive.href}${files}`,
    ...more.anomalies.map((text) => `  ANOMALY: ${text}`),
    ...more.failures.map(({ what, message }) => `  NOT READ: ${what}: ${message}`),
    ...more.notes.map((text) => `  Note: ${text}`),
  ]
    .map((line) => `${oneLine(line)}\n`)
    .join('')
}

/** The last line. */
export function recordingText({ suites, total }: Recording, store: string): string {
  const count = (test: (suite: SuiteRecord) => boolean): number => suites.filter(test).length
  const anomalies = count((suite) => suite.anomalies.length > 0)
  const unread = count((suite) => suite.failures.length > 0)
  const added = suites.reduce((sum, suite) => sum + suite.added.bytes, 0)
  const files = suites.reduce((sum, suite) => sum + suite.added.files, 0)
  const bad = [
    ...(anomalies > 0 ? [`${anomalies} with anomalies`] : []),
    ...(unread > 0 ? [`${unread} not read in full`] : []),
  ]
  const word = anomalies > 0 ? 'ANOMALY' : unread > 0 ? 'INCOMPLETE' : 'RECORDED'
  const what = `${suites.length} ${suites.length === 1 ? 'suite' : 'suites'}${bad.length === 0 ? '' : ` (${bad.join(', ')})`}`
  const holds = `${total.files} files (${bytes(total.bytes)}) and ${total.sightings} sightings`
  return `${oneLine(`${word}: ${what}, ${files} new files (${bytes(added)}); ${store} holds ${holds}.`)}\n`
}

export function recordingJson({ suites, total }: Recording, at: Date): string {
  const shown = suites.map(({ archive, suite, outcome, date, sighting, ...rest }) => {
    return {
      archive: archive.href,
      suite,
      outcome,
      date: date?.toISOString() ?? null,
      sighting: sighting ?? null,
      ...rest,
    }
  })
  return `${JSON.stringify({ at: at.toISOString(), suites: shown, total }, null, 1)}\n`
}

export function checkText({ objects, size, sightings, problems, notes }: StoreCheck, store: string): string {
  const holds = `${objects} files (${bytes(size)}) and ${sightings} sightings`
  const first =
    problems.length === 0
      ? `SOUND: ${store} holds ${holds}; all are what they say.`
      : `DAMAGED: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'} in ${store}, which holds ${holds}.`
  const lines = [first, ...problems.map((text) => `  ${text}`), ...notes.map((text) => `  Note: ${text}`)]
  return lines.map((line) => `${oneLine(line)}\n`).join('')
}

function oneLine(text: string): string {
  return visible(text).trimEnd().replaceAll('\n', ' ')
}

function bytes(count: number): string {
  return count < 1000
    ? `${count} bytes`
    : count < 1e6
      ? `${(count / 1e3).toFixed(1)} kB`
      : `${(count / 1e6).toFixed(1)} MB`
}
