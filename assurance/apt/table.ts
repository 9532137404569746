import type { Comparison, Outcome } from './compare.ts'
import type { NotCompared } from './recorder.ts'
import type { TestRun } from './run-tests.ts'

const OUTCOMES: readonly Outcome[] = ['accepted', 'refused', 'stricter', 'rolled-back', 'looser']

export interface Results {
  readonly apt: string
  readonly tests: string
  readonly backend: string
  readonly updates: number
  readonly comparisons: readonly Comparison[]
  readonly notCompared: readonly NotCompared[]
  readonly runs: readonly TestRun[]
}

/** Everything that was found, as Markdown. */
export function resultTables(results: Results): string {
  const { comparisons, notCompared, runs } = results
  const parts = [
    `apt ${results.apt} with ${results.backend}, tests of apt ${results.tests}: ${runs.length} tests, ${results.updates} updates`,
    outcomeTable(comparisons),
    countTable('Stricter: what apt accepts and debproof refuses', comparisons.filter(is('stricter')).map(strictness)),
    countTable(
      'Tests where something was looser',
      comparisons.filter(is('looser')).map(({ test }) => test),
    ),
    countTable('Where the test configures apt otherwise than its defaults', comparisons.flatMap(configuredOtherwise)),
    countTable('Where apt kept what it had before', comparisons.flatMap(keptOld)),
    countTable(
      'Not compared',
      notCompared.map(({ why }) => why),
    ),
    countTable(
      'How the tests ended under the hook',
      runs.map(({ end }) => end),
    ),
  ]
  return parts.filter((part) => part !== '').join('\n\n')
}

function outcomeTable(comparisons: readonly Comparison[]): string {
  const rows = (['release', 'index'] as const).map((what) => {
    const counts = OUTCOMES.map(
      (outcome) => comparisons.filter((one) => one.what === what && one.outcome === outcome).length,
    )
    return `| ${what} | ${counts.reduce((sum, count) => sum + count, 0)} | ${counts.join(' | ')} |`
  })
  const heads = ['both accept', 'both refuse', 'stricter', 'rolled back', 'looser']
  return [`| | compared | ${heads.join(' | ')} |`, `|---|---|${'---|'.repeat(heads.length)}`, ...rows].join('\n')
}

function countTable(title: string, keys: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  const rows = [...counts]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .map(([key, count]) => `| ${key} | ${count} |`)
  return rows.length === 0 ? '' : [`| ${title} | count |`, '|---|---|', ...rows].join('\n')
}

function is(outcome: Outcome): (comparison: Comparison) => boolean {
  return (comparison) => comparison.outcome === outcome
}

/** The reason without what is of one file alone. */
function strictness({ what, code, message = '' }: Comparison): string {
  const plain = message
    .replaceAll(/(?:https?|file):[^\s"]*?(?=: |[\s",]|\.\s|\.?$)/g, '…')
    .replaceAll(/\d{4}-\d\d-\d\dT[0-9:.]*Z/g, '…')
    .replaceAll(/\b[0-9A-Fa-f]{16,}\b/g, '…')
    .replaceAll(/"[^"]*"/g, '"…"')
    .replaceAll('|', '\\|')
  return `${what} ${code}: ${plain.slice(0, 160)}`
}

function configuredOtherwise({ outcome, configured, changed }: Comparison): string[] {
  const byDefault = outcome === 'accepted' || outcome === 'stricter'
  if (byDefault === configured) return []
  const names = [...new Set(changed)].sort().join(', ') || 'another index, or a translation'
  return [`${configured ? 'accepts more' : 'accepts less'}: ${names}`]
}

/** apt has a memory that this comparison has not: a release file older than the one before is refused silently. */
function keptOld({ what, outcome, configured, warm }: Comparison): string[] {
  return what === 'release' && outcome === 'accepted' && configured && warm !== 'new' ? [`lists had: ${warm}`] : []
}
