import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const LISTS = join(import.meta.dirname, '../fixtures/lists')
export const DEBS = join(import.meta.dirname, '../fixtures/debs')

/** Real manifests of Tails, which are not part of this repository: tests that need them are skipped without. */
export const TAILS = join(import.meta.dirname, '../../../shared/samples/public/tails')

export function fixture(name: string): string {
  return readFileSync(join(LISTS, name), 'latin1')
}
