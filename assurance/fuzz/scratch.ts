import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** Where the folders of a process are: set by whoever removes them after a thread that was ended. */
export const SCRATCH_VARIABLE = 'DEBPROOF_FUZZ_SCRATCH'

/** A new folder for files that parsers can be given only by name. */
export function scratchFolder(): string {
  const parent = process.env[SCRATCH_VARIABLE]
  if (parent !== undefined) return mkdtempSync(path.join(parent, 'files-'))
  const folder = newScratch()
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export function newScratch(): string {
  mkdirSync(tmpdir(), { recursive: true })
  return mkdtempSync(path.join(tmpdir(), 'debproof-fuzz-'))
}
