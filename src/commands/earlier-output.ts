import { realpathSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { removeEarlierReport } from '../report/earlier-report.ts'
import { whereNobodyWrites } from '../report/output-lock.ts'

/** The commands that write a report, and where unless somebody says otherwise. */
const DEFAULT_OUTPUT: Readonly<Record<string, string>> = { verify: 'debproof-report', merge: 'debproof-report' }

/**
 * Removes the report of an earlier run from the folder that a command is about to write to, before that command is
 * even loaded: however it ends, by a mistake in its options or by a signal, no verdict is there that is not its own,
 * unless another run is writing one.
 * What is wrong with the folder is told by the command.
 */
export function removeEarlierOutput(name: string, words: readonly string[]): void {
  const usual = Object.hasOwn(DEFAULT_OUTPUT, name) ? DEFAULT_OUTPUT[name] : undefined
  if (usual === undefined) return
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      options: { output: { type: 'string', multiple: true }, help: { type: 'boolean', short: 'h' } },
      strict: false,
      allowPositionals: true,
    })
    if (values.help !== undefined) return
    for (const folder of values.output ?? [usual]) {
      // A part that is named as the output too is refused, and stays.
      if (typeof folder !== 'string' || folder === '' || positionals.some((other) => isSame(other, folder))) continue
      whereNobodyWrites(folder, () => removeEarlierReport(folder))
    }
  } catch {
    // As above.
  }
}

function isSame(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other)
  } catch {
    return false
  }
}
