import type { Outcome } from './perform.ts'

/** How the runs ended, by fault; a run with two faults is in the rows of both. */
export function outcomeTable(outcomes: readonly Outcome[]): string {
  const endings = [...new Set(outcomes.map(({ ending }) => ending))].sort()
  const rows = new Map<string, Outcome[]>()
  for (const outcome of outcomes) {
    for (const fault of outcome.faults.length === 0 ? ['none'] : outcome.faults) {
      rows.set(fault, [...(rows.get(fault) ?? []), outcome])
    }
  }
  const line = (name: string, those: readonly Outcome[]): string => {
    const counts = endings.map((ending) => those.filter((one) => one.ending === ending).length)
    const violations = those.filter(({ problems }) => problems.length > 0).length
    return `| ${[name, those.length, ...counts.map((count) => (count === 0 ? '' : count)), violations].join(' | ')} |`
  }
  return [
    `| ${['fault', 'runs', ...endings, 'violations'].join(' | ')} |`,
    `|${'---|'.repeat(endings.length + 3)}`,
    ...[...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, those]) => line(name, those)),
    line('all runs', outcomes),
    '',
    `| scenario | runs |`,
    '|---|---|',
    ...[...new Set(outcomes.map(({ scenario }) => scenario))]
      .sort()
      .map((name) => `| ${name} | ${outcomes.filter(({ scenario }) => scenario === name).length} |`),
    '',
  ].join('\n')
}
