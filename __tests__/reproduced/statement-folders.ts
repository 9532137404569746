import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const made: string[] = []

/** A folder with these files, and its URL. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>>): { folder: string; base: URL } {
  const folder = mkdtempSync(path.join(tmpdir(), 'statements-'))
  made.push(folder)
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), content)
  }
  return { folder, base: pathToFileURL(`${folder}/`) }
}

/** For `afterEach`. */
export function removeFolders(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true })
}
