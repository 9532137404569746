import { randomBytes } from 'node:crypto'
import { closeSync, openSync, readdirSync, readSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { STATEMENT_TYPE } from './statement-type.ts'

/** The script that checks a report with other tools; `verify` puts it beside one that has evidence. */
export const CHECKER = 'recheck.sh'

/** In the order in which they are removed: what says a verdict comes first. It is written last. */
export const REPORT_NAMES = {
  variables: 'verdict.env',
  report: 'report.json',
  junit: 'junit.xml',
  summary: 'summary.md',
  signature: 'report.json.asc',
  checker: CHECKER,
} as const

/** All files of a report, beside its evidence. */
export const REPORT_FILES: readonly string[] = Object.values(REPORT_NAMES)

/** What the file is called that becomes one of this name, or that tries whether there can be one. */
export function partName(name: string): string {
  return `.${name}.${randomBytes(8).toString('hex')}.part`
}

const PART = /^\.(?:\.writable|[a-z.]+)\.[0-9a-f]{16}\.part$/

/** How those of them begin that say what they are. */
const STARTS: Readonly<Record<string, string>> = {
  [REPORT_NAMES.report]: `{\n "_type": "${STATEMENT_TYPE}"`,
  [REPORT_NAMES.summary]: '# debproof: ',
  [REPORT_NAMES.junit]: '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="debproof"',
  [REPORT_NAMES.variables]: 'DEBPROOF_',
  [REPORT_NAMES.checker]: '#!/bin/sh\n# Checks a debproof report',
}

/**
 * Removes the report in a folder, whatever else is in it: nothing there shall say the verdict of an earlier run. A file
 * of such a name that somebody else wrote is left; what a killed run was writing is not. In one go: a signal that comes
 * meanwhile waits.
 *
 * @returns the names of what is somebody else's
 * @throws what the file system throws, after all was tried
 */
export function removeEarlierReport(folder: string): string[] {
  const foreign = Object.entries(STARTS).flatMap(([name, start]) =>
    isForeign(path.join(folder, name), start) ? [name] : [],
  )
  const failures: unknown[] = []
  // Each whatever comes of the others: what is left says as little as possible.
  for (const name of [...REPORT_FILES.filter((one) => !foreign.includes(one)), ...partsIn(folder)]) {
    try {
      rmSync(path.join(folder, name), { force: true })
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
  return foreign
}

/** None where the folder cannot be listed; what is known by its name can be removed all the same. */
function partsIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => PART.test(name))
  } catch {
    return []
  }
}

function isForeign(file: string, start: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false })
  if (found === undefined) return false
  // Before it is opened: a pipe would wait for its writer.
  if (!found.isFile()) return true
  const descriptor = openSync(file, 'r')
  try {
    const bytes = Buffer.alloc(Buffer.byteLength(start))
    return readSync(descriptor, bytes) < bytes.length || bytes.toString() !== start
  } finally {
    closeSync(descriptor)
  }
}
