import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Workplace } from './workplace.ts'

/** What `verify` is given: a folder with a policy in it, as data, and a list of names and versions. */
export interface Made {
  readonly folder: string
  /** Undefined for a run with other options. */
  readonly policy: Policy | undefined
  readonly options: readonly string[]
}

/** An archive that nobody tampered with. */
export interface HonestArchive {
  readonly name: string
  /** Why packages are rightly `undecided` in it: a file that its project alone vouches for. */
  readonly undecidedFor?: string
  readonly make: (workplace: Workplace, folder: string) => Promise<Made>
}

export interface ArchivePolicy {
  readonly require: 'identical' | 'reproduced' | 'absent'
  readonly [key: string]: unknown
}

export interface Policy {
  readonly version: 1
  readonly packages: readonly { readonly path: string; readonly format?: string }[]
  readonly archives: Readonly<Record<string, ArchivePolicy>>
}

/** Writes the list, and names it in a policy. */
export function made(
  folder: string,
  list: string,
  archives: Readonly<Record<string, ArchivePolicy>>,
  at: Date,
  format: 'dpkg-query' | 'build-manifest' = 'dpkg-query',
): Made {
  writeFileSync(path.join(folder, 'used.packages'), list)
  const policy = { version: 1, packages: [{ path: 'used.packages', format }], archives } as const
  return { folder, policy, options: ['--at', `${at.toISOString().slice(0, 19)}Z`] }
}

export function fileUrl(...parts: readonly string[]): string {
  return `file:${path.join(...parts)}`
}

/** A time at which all of them are valid: an hour after the last was signed. */
export function clockOf(dates: readonly Date[]): Date {
  return new Date(Math.max(...dates.map((date) => date.getTime())) + 3_600_000)
}
