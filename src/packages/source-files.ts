import { listError, quote } from './list-entry.ts'

/**
 * The files of source packages beside their .dsc, in a list of files: the .dsc hashes them and stands for them
 * (dsc(5)), so they are passed over where it is in the list, and only there.
 */
export class SourceFiles {
  readonly #file: string
  /** The first line of a file of each source package. */
  readonly #lines = new Map<string, number>()
  readonly #described = new Set<string>()

  /** @param file the list, for messages */
  constructor(file: string) {
    this.#file = file
  }

  add(source: string, line: number): void {
    if (!this.#lines.has(source)) this.#lines.set(source, line)
  }

  /** The .dsc of this source package is in the list. */
  standFor(source: string): void {
    this.#described.add(source)
  }

  /** @throws DebproofError PACKAGE_LIST for a file whose .dsc is not in the list */
  refuseLeftOver(): void {
    for (const [source, line] of this.#lines) {
      if (this.#described.has(source)) continue
      throw listError(this.#file, line, `this is a file of the source package ${quote(source)}, whose .dsc is not here`)
    }
  }
}
