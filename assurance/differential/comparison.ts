/** Differences that are told in words; the others are counted all the same. */
const TOLD = 10

/** What one comparison of a reader with a tool has counted and found. */
export class Comparison {
  readonly what: string
  readonly tool: string
  readonly counts = new Map<string, number>()
  /** What differs by design, by its reason. */
  readonly byDesign = new Map<string, number>()
  readonly told: string[] = []
  differences = 0

  constructor(what: string, tool: string) {
    this.what = what
    this.tool = tool
  }

  count(of: string, number = 1): void {
    this.counts.set(of, (this.counts.get(of) ?? 0) + number)
  }

  explain(reason: string, number = 1): void {
    this.byDesign.set(reason, (this.byDesign.get(reason) ?? 0) + number)
  }

  differ(difference: string): void {
    this.differences++
    if (this.told.length < TOLD) this.told.push(difference)
  }

  /** Compares two texts; `where` is what a difference is told of. */
  same(where: string, ours: string, theirs: string): void {
    if (ours !== theirs) this.differ(`${where}: debproof ${quote(ours)}, ${this.tool} ${quote(theirs)}`)
  }

  /** Compares two lists line by line, and says where one has more. */
  sameLines(where: string, ours: readonly string[], theirs: readonly string[]): void {
    if (ours.length !== theirs.length) {
      this.differ(`${where}: debproof has ${ours.length} lines, ${this.tool} ${theirs.length}`)
    }
    for (let line = 0; line < Math.min(ours.length, theirs.length); line++) {
      this.same(`${where}, line ${line + 1}`, ours[line] ?? '', theirs[line] ?? '')
    }
  }

  /** Whether the readers agree, and there was something that they could have differed on. */
  holds(): boolean {
    return this.differences === 0 && [...this.counts.values()].some((number) => number > 0)
  }
}

/** The results as Markdown: a table, what differs by design, and the differences. */
export function markdown(comparisons: readonly Comparison[]): string {
  const lines = [
    '| compared | with | over | by design | differences |',
    '|---|---|---|---|---|',
    ...comparisons.map((one) => {
      const over = [...one.counts].map(([of, number]) => `${grouped(number)} ${of}`).join(', ') || 'nothing'
      const designed = [...one.byDesign.values()].reduce((sum, number) => sum + number, 0)
      return `| ${one.what} | ${one.tool} | ${over} | ${grouped(designed)} | ${grouped(one.differences)} |`
    }),
  ]
  const reasons = comparisons.flatMap((one) =>
    [...one.byDesign].map(([reason, number]) => `| ${one.what} | ${reason} | ${grouped(number)} |`),
  )
  if (reasons.length > 0) lines.push('', '| compared | what differs by design | cases |', '|---|---|---|', ...reasons)
  const failed = comparisons.filter((one) => !one.holds())
  if (failed.length > 0) lines.push('')
  for (const one of failed) {
    lines.push(
      `- **${one.what}**: ${one.differences === 0 ? 'nothing was compared' : `${one.differences} differences`}`,
    )
    lines.push(...one.told.map((difference) => `  - ${difference}`))
  }
  return lines.join('\n')
}

function grouped(number: number): string {
  return String(number).replaceAll(/\B(?=(?:\d{3})+$)/g, ' ')
}

function quote(text: string): string {
  return JSON.stringify(text.length > 300 ? `${text.slice(0, 300)}…` : text)
}
