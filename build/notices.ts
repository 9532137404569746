import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { OutputChunk, Plugin } from 'rolldown'

/**
 * Writes dist/notices.txt: of which packages each entry has code, and the licence of every one. Fails for one without.
 */
export function notices(): Plugin {
  return {
    name: 'notices',
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((output) => output.type === 'chunk')
      const folders = foldersOf(chunks)
      const texts = [...new Set(folders.map(noticeOf))].sort()
      const entries = chunks
        .filter(({ isEntry }) => isEntry)
        .map((entry) => `${entry.fileName}: ${namesOf(foldersOf(reachable(entry, chunks))).join(', ')}`)
        .sort()
      const head = `debproof bundles code of these packages, at once or when it is needed.\n\n${entries.join('\n\n')}`
      const line = `\n${'-'.repeat(79)}\n\n`
      this.emitFile({ type: 'asset', fileName: 'notices.txt', source: [`${head}\n`, ...texts].join(line) })
    },
  }
}

/** A chunk and all that it loads, at once or later. */
function reachable(entry: OutputChunk, chunks: readonly OutputChunk[]): OutputChunk[] {
  const found = new Set([entry])
  for (const { imports, dynamicImports } of found) {
    const loaded = [...imports, ...dynamicImports]
    for (const chunk of chunks.filter(({ fileName }) => loaded.includes(fileName))) found.add(chunk)
  }
  return [...found]
}

function foldersOf(chunks: readonly OutputChunk[]): string[] {
  const folders = chunks.flatMap(({ moduleIds }) => moduleIds.flatMap((module) => packageFolder(module) ?? []))
  return [...new Set(folders)]
}

function namesOf(folders: readonly string[]): string[] {
  return [...new Set(folders.map((folder) => readPackage(folder).name))].sort()
}

/** The folder of the npm package that a module is from, or undefined for the project's own. */
function packageFolder(module: string): string | undefined {
  const match = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(module.replace(/^\0/, ''))
  return match?.[1]
}

function noticeOf(folder: string): string {
  const { name, version, license } = readPackage(folder)
  const files = readdirSync(folder)
    .filter((file) => /^(?:licen[cs]e|copying|notice)/i.test(file))
    .sort()
  if (license === undefined && files.length === 0) throw new Error(`${name} in ${folder} has no licence`)
  const texts = files.map((file) => readFileSync(path.join(folder, file), 'utf8').trim())
  return `${name} ${version} (${license ?? 'see below'})\n\n${texts.join('\n\n')}\n`
}

function readPackage(folder: string): { name: string; version: string; license: string | undefined } {
  const file = path.join(folder, 'package.json')
  if (!existsSync(file)) throw new Error(`${folder} has no package.json`)
  const content: unknown = JSON.parse(readFileSync(file, 'utf8'))
  if (typeof content !== 'object' || content === null) throw new Error(`${file} is no object`)
  const field = (name: string): string | undefined => {
    const value: unknown = Object.entries(content).find(([key]) => key === name)?.[1]
    return typeof value === 'string' ? value : undefined
  }
  return { name: field('name') ?? path.basename(folder), version: field('version') ?? '', license: field('license') }
}
