import type { Workplace } from '../honest/workplace.ts'

/** An archive as somebody who is no distribution publishes it. */
export interface FieldArchive {
  readonly name: string
  /** The tools that make it. */
  readonly by: string
  /** Why it passes although one of the apts refuses it. */
  readonly although?: string
  /** Why debproof does not read it although apt does. Absent: what apt reads passes. */
  readonly stricter?: string
  readonly make: (workplace: Workplace, folder: string) => Promise<Published>
}

/** How a source names it. */
export interface Published {
  /** The archive's folder, which is served. */
  readonly folder: string
  readonly suite: string
  /** Absent for a suite that is a path. */
  readonly components?: readonly string[]
  /** The file of the keys that sign it. */
  readonly keyring: string
  readonly releaseName?: string
}
