import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Plugin } from 'rolldown'

/** Writes dist/notices.txt: the licence of every package of which code is in the bundle. Fails for one without. */
export function notices(): Plugin {
  return {
    name: 'notices',
    generateBundle(_, bundle) {
      const packages = new Map<string, string>()
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue
        for (const module of chunk.moduleIds) {
          const folder = packageFolder(module)
          if (folder !== undefined) packages.set(folder, noticeOf(folder))
        }
      }
      const texts = [...new Set(packages.values())].sort()
      this.emitFile({
        type: 'asset',
        fileName: 'notices.txt',
        source: `debproof bundles code of these packages.\n\n${texts.join(`\n${'-'.repeat(79)}\n\n`)}`,
      })
    },
  }
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
