import type { PackageUse } from './package-use.ts'

/** What one package list says. */
export interface PackageListContent {
  readonly packages: readonly PackageUse[]
  /** The snapshot that each origin was taken from, where the list names it (Tails build manifests). */
  readonly references?: Readonly<Record<string, string>>
}

/** One format of package lists. Adding a format is one file and one line in formats.ts. */
export interface ListFormat {
  /** As written in the policy (`format:`) and after `--packages PATH:`. */
  readonly name: string
  /** What writes such lists, in a few words for the manual. */
  readonly madeBy: string
  /** Whether a file with this name and these first 64 KiB looks like the format. */
  detect(start: string, fileName: string): boolean
  /** Reads a whole list; throws a DebproofError PACKAGE_LIST that names file and line. */
  read(text: string, file: string): PackageListContent
}
