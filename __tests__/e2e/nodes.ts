import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { succeed } from './running.ts'

/** A Node of a given version from npm, kept in the system's temporary folder for the next run: it has 190 MB. */
export async function installNode(version: string): Promise<string> {
  const folder = path.join(tmpdir(), `debproof-nodes-${version}`)
  const name = `node-linux-${process.arch}`
  const node = path.join(folder, 'node_modules', name, 'bin/node')
  if (existsSync(node)) return node
  const fresh = await mkdtemp(`${folder}-`)
  try {
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock']
    await succeed('npm', ['install', '--prefix', fresh, ...options, `${name}@${version}`], { cwd: fresh })
    // Whole or not at all: a run that was cut off leaves none that looks complete.
    if ((await readdir(tmpdir())).includes(path.basename(folder))) await rm(folder, { recursive: true })
    await rename(fresh, folder)
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
  return node
}
