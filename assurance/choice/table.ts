import { type Compared, LOOSER, type Outcome } from './compare.ts'
import type { Shape } from './shape.ts'

/** What came of one shape. */
export interface Told extends Compared {
  readonly seed: number
  readonly shape: Shape
}

export function isLooser({ outcome }: Compared): boolean {
  return LOOSER.includes(outcome)
}

const OUTCOMES: readonly Outcome[] = ['agreed', 'neither', 'stricter', 'refused', 'hidden', 'unseen', 'passed']

export function tables(told: readonly Told[]): string {
  const count = (outcome: Outcome): number => told.filter((one) => one.outcome === outcome).length
  const looser = told.filter(isLooser)
  const oddities = new Set(told.flatMap(({ shape }) => shape.odd))
  return [
    `| shapes | ${OUTCOMES.join(' | ')} |`,
    `|---|${OUTCOMES.map(() => '---').join('|')}|`,
    `| ${told.length} | ${OUTCOMES.map(count).join(' | ')} |`,
    '',
    `${oddities.size} oddities of ${told.filter(({ shape }) => shape.odd.length > 0).length} shapes.`,
    '',
    counted(
      'stricter by reason',
      told.filter(({ outcome }) => outcome === 'stricter').flatMap(({ why }) => [...new Set(why.map(reason))]),
    ),
    '',
    counted(
      'refused by apt',
      told.filter(({ outcome }) => outcome === 'refused').flatMap(({ why }) => why.map(reason)),
    ),
    '',
    ...looser.map(
      ({ seed, outcome, why, shape }) =>
        `looser: seed ${seed}, ${outcome}: ${why.join('; ')} [${shape.odd.join('; ')}]`,
    ),
  ].join('\n')
}

function counted(title: string, keys: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  const rows = [...counts]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .map(([key, number]) => `| ${key} | ${number} |`)
  return [`| ${title} | shapes |`, '|---|---|', ...rows].join('\n')
}

/** Without what is of one file alone. */
function reason(text: string): string {
  return text
    .replaceAll(/(?:https?|file):\S*?(?=:? |$)/g, '…')
    .replaceAll(/\/\S*/g, '…')
    .replaceAll(/"[^"]*"/g, '"…"')
    .replaceAll(/\b[0-9a-f]{32,}\b/gi, '…')
    .replaceAll(/\b\d+\b/g, '…')
    .replaceAll('|', '\\|')
    .replaceAll('\n', ' ')
    .slice(0, 140)
}
