import { rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { DebproofError } from '../errors.ts'
import { uninterrupted } from '../interruption.ts'
import { writeLasting } from '../lasting-file.ts'
import { makeFolder } from '../make-folder.ts'
import { REPORT_NAMES as NAMES, partName, REPORT_FILES, removeEarlierReport } from './earlier-report.ts'
import { isTaken, OutputLock } from './output-lock.ts'
import type { ReportFiles } from './report-files.ts'

/**
 * The folder that a report is written to, by one run at a time. An earlier report there is removed at the start, so that
 * a run that ends early leaves none that looks like its own.
 */
export class OutputFolder {
  readonly folder: string
  readonly #lock: OutputLock

  private constructor(folder: string, lock: OutputLock) {
    this.folder = folder
    this.#lock = lock
  }

  /**
   * Makes the folder and sees that it can be written, before any work is done. It is this run's until `release`.
   * @throws DebproofError OUTPUT, also where another run writes to it
   */
  static async prepare(folder: string): Promise<OutputFolder> {
    return await uninterrupted(async () => {
      let lock: OutputLock | undefined
      try {
        await makeFolder(folder)
        lock = takeOrRemove(folder)
        const output = new OutputFolder(folder, lock)
        // Also where the folder is refused: nothing in it shall say the verdict of an earlier run.
        const foreign = removeEarlierReport(folder)
        if (foreign[0] !== undefined) throw isForeign(path.join(folder, foreign[0]))
        await output.#write('.writable', '')
        await rm(path.join(folder, '.writable'))
        return output
      } catch (error) {
        lock?.release()
        throw error instanceof DebproofError ? error : cannotWrite(folder, error)
      }
    })
  }

  /** Whether no other run took the folder while this one was not to be seen. */
  get isOwn(): boolean {
    return this.#lock.isOwn
  }

  /** From here on another run may write to it. */
  release(): void {
    this.#lock.release()
  }

  get reportPath(): string {
    return path.join(this.folder, NAMES.report)
  }

  get summaryPath(): string {
    return path.join(this.folder, NAMES.summary)
  }

  /**
   * The report itself comes after its signature: a run that is killed in between leaves none that nobody signed.
   * @throws DebproofError OUTPUT
   */
  async write({ report, signature, summary, junit, variables }: ReportFiles): Promise<void> {
    await uninterrupted(async () => {
      if (!this.isOwn) {
        throw new DebproofError(
          'OUTPUT',
          `${this.folder} was taken from this run, which was not to be seen for long, or was removed: nothing was written.`,
        )
      }
      try {
        if (signature !== undefined) await this.#write(NAMES.signature, signature)
        await this.#write(NAMES.summary, summary)
        await this.#write(NAMES.junit, junit)
        await this.#write(NAMES.report, report)
        await this.#write(NAMES.variables, variables)
      } catch (error) {
        await this.#discard()
        throw cannotWrite(this.folder, error)
      }
    })
  }

  async #discard(): Promise<void> {
    for (const name of REPORT_FILES) await rm(path.join(this.folder, name), { force: true }).catch(() => {})
  }

  /** A file is there whole or not at all. */
  async #write(name: string, content: Uint8Array | string): Promise<void> {
    // By a name that nobody can have put there, and never through a link.
    const temporary = path.join(this.folder, partName(name))
    try {
      await writeLasting(temporary, content)
      await rename(temporary, path.join(this.folder, name))
    } finally {
      await rm(temporary, { force: true })
    }
  }
}

/** A folder that is full, and not another run's, keeps no verdict of an earlier one either. */
function takeOrRemove(folder: string): OutputLock {
  try {
    return OutputLock.take(folder)
  } catch (error) {
    if (!isTaken(error)) removeEarlierReport(folder)
    throw error
  }
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
