import { randomBytes } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { DebproofError } from '../errors.ts'
import { makeFolder } from '../make-folder.ts'
import type { ReportFiles } from './report-files.ts'
import { STATEMENT_TYPE } from './report-schema.ts'

/** The script that checks a report with other tools; `verify` puts it beside one that has evidence. */
export const CHECKER = 'recheck.sh'

/** In the order in which they are removed: what says a verdict comes first. It is written last. */
const NAMES = {
  variables: 'verdict.env',
  junit: 'junit.xml',
  summary: 'summary.md',
  signature: 'report.json.asc',
  report: 'report.json',
  checker: CHECKER,
} as const

/** All files of a report, beside its evidence. */
export const REPORT_FILES: readonly string[] = Object.values(NAMES)

/**
 * The folder that a report is written to. An earlier report there is removed at the start, so that a run that ends
 * early leaves none that looks like its own.
 */
export class OutputFolder {
  readonly folder: string

  private constructor(folder: string) {
    this.folder = folder
  }

  /**
   * Makes the folder and sees that it can be written, before any work is done.
   * @throws DebproofError OUTPUT
   */
  static async prepare(folder: string): Promise<OutputFolder> {
    const output = new OutputFolder(folder)
    try {
      await makeFolder(folder)
      const foreign = await foreignFiles(folder)
      // Also where the folder is refused: nothing in it shall say the verdict of an earlier run.
      await removeReport(folder, foreign)
      if (foreign[0] !== undefined) throw isForeign(path.join(folder, foreign[0]))
      await output.#write('.writable', '')
      await rm(path.join(folder, '.writable'))
    } catch (error) {
      throw error instanceof DebproofError ? error : cannotWrite(folder, error)
    }
    return output
  }

  get reportPath(): string {
    return path.join(this.folder, NAMES.report)
  }

  get summaryPath(): string {
    return path.join(this.folder, NAMES.summary)
  }

  /** @throws DebproofError OUTPUT */
  async write({ report, signature, summary, junit, variables }: ReportFiles): Promise<void> {
    try {
      await this.#write(NAMES.report, report)
      if (signature !== undefined) await this.#write(NAMES.signature, signature)
      await this.#write(NAMES.summary, summary)
      await this.#write(NAMES.junit, junit)
      await this.#write(NAMES.variables, variables)
    } catch (error) {
      await removeReport(this.folder).catch(() => {})
      throw cannotWrite(this.folder, error)
    }
  }

  /** A file is there whole or not at all. */
  async #write(name: string, content: Uint8Array | string): Promise<void> {
    // By a name that nobody can have put there, and never through a link.
    const temporary = path.join(this.folder, `.${name}.${randomBytes(8).toString('hex')}.part`)
    try {
      await writeFile(temporary, content, { flush: true, flag: 'wx' })
      await rename(temporary, path.join(this.folder, name))
    } finally {
      await rm(temporary, { force: true })
    }
  }
}

/** The verdict first, and each whatever comes of the others: what is left says as little as possible. */
async function removeReport(folder: string, kept: readonly string[] = []): Promise<void> {
  const failures: unknown[] = []
  for (const name of Object.values(NAMES).filter((one) => !kept.includes(one))) {
    await rm(path.join(folder, name), { force: true }).catch((error: unknown) => failures.push(error))
  }
  if (failures.length > 0) throw failures[0]
}

/** An earlier report may be replaced; a file of the same name that somebody else wrote may not. */
async function foreignFiles(folder: string): Promise<string[]> {
  const starts = {
    [NAMES.report]: `{\n "_type": "${STATEMENT_TYPE}"`,
    [NAMES.summary]: '# debproof: ',
    [NAMES.junit]: '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="debproof"',
    [NAMES.variables]: 'DEBPROOF_',
    [CHECKER]: '#!/bin/sh\n# Checks a debproof report',
  }
  const foreign: string[] = []
  for (const [name, start] of Object.entries(starts)) {
    const text = await readFile(path.join(folder, name), 'utf8').catch(() => undefined)
    if (text !== undefined && !text.startsWith(start)) foreign.push(name)
  }
  return foreign
}

function isForeign(file: string): DebproofError {
  return new DebproofError(
    'OUTPUT',
    `${file} is not debproof's and is not replaced; name another folder with --output.`,
  )
}

function cannotWrite(folder: string, cause: unknown): DebproofError {
  return new DebproofError('OUTPUT', `The output folder ${folder} cannot be written; name another with --output`, {
    cause,
  })
}
