import { readFileSync } from 'node:fs'
import { registerHooks, stripTypeScriptTypes } from 'node:module'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { blocksReached, installHook } from './coverage.ts'
import { instrument } from './instrument.ts'

const ROOT = pathToFileURL(`${path.join(import.meta.dirname, '../..')}/`).href

/** Libraries that parse what is hostile, in JavaScript. openpgp is a whole cryptography: it is taken as it is. */
const LIBRARIES = ['yaml', 'fzstd', 'unbzip2-stream'].map((name) => `${ROOT}node_modules/${name}/`)

export interface Blocks {
  readonly loaded: number
  readonly reached: readonly number[]
}

/** What was instrumented since `instrumentImports`. */
export interface InstrumentedModules {
  /** Blocks of debproof's own source: how many there are, and the numbers of those that were entered. */
  blocks(): Blocks
  tokens(): string[]
}

/** From now on, debproof's own source and the libraries that parse for it are instrumented when they are loaded. */
export function instrumentImports(): InstrumentedModules {
  const own: { first: number; end: number }[] = []
  const tokens = new Set<string>()
  let next = 1
  installHook()
  registerHooks({
    load(url, context, nextLoad) {
      const isOwn = url.startsWith(`${ROOT}src/`)
      if (!isOwn && !LIBRARIES.some((library) => url.startsWith(library))) return nextLoad(url, context)
      const written = readFileSync(fileURLToPath(url), 'utf8')
      if (isOwn && url.endsWith('.ts')) {
        const { code, blocks, tokens: found } = instrument(stripTypeScriptTypes(written), next)
        own.push({ first: next, end: next + blocks })
        next += blocks
        for (const token of found) tokens.add(token)
        return { format: 'module', source: code, shortCircuit: true }
      }
      const loaded = nextLoad(url, context)
      if (loaded.format !== 'module' && loaded.format !== 'commonjs') return loaded
      const { code, blocks } = instrument(written, next, loaded.format === 'commonjs')
      next += blocks
      return { ...loaded, source: code, shortCircuit: true }
    },
  })
  return {
    blocks: () => ({
      loaded: own.reduce((sum, { first, end }) => sum + end - first, 0),
      reached: blocksReached().filter((block) => own.some(({ first, end }) => block >= first && block < end)),
    }),
    tokens: () => [...tokens],
  }
}
