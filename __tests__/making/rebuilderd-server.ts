import { readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import path from 'node:path'
import { type LoopbackServer, serve } from './loopback-server.ts'

const FIXTURES = path.join(import.meta.dirname, '../fixtures/rebuilds')

/** A row of a list; what is not named here is as rebuilderd has it. */
export type Row = Readonly<Record<string, unknown>>

/** What a rebuilderd knows, which a test may make up or change. */
export interface Known {
  /** Rows of `packages/binary` of v1; undefined where it has no v1. */
  readonly binaries?: readonly Row[]
  readonly builds?: readonly Row[]
  /** By the id of their build. */
  readonly artifacts?: Readonly<Record<number, readonly Row[]>>
  /** Attestations of v1, by `build/artifact`. */
  readonly attestations?: Readonly<Record<string, string>>
  /** Rows of `pkgs/list` of v0; undefined where it has no v0. */
  readonly packages?: readonly Row[]
  /** Attestations of v0, by build. */
  readonly attestationsV0?: Readonly<Record<number, string>>
  /** Records that it has on a page at most, whatever it was asked for. */
  readonly page?: number
  /** What it answers instead; undefined for what it would answer. */
  readonly instead?: ((url: URL) => Misbehaviour | undefined) | undefined
}

/** An HTTP status, a body, or a way to have none in time. */
export type Misbehaviour = number | string | 'hang' | 'endless'

/**
 * Answers as rebuilderd 0.28 does, below a path as reproduce.debian.net has one for each architecture: it asks for
 * equal names, versions and architectures, cuts pages in silence, and counts all records in `total`.
 */
export async function serveRebuilderd(known: Known): Promise<LoopbackServer> {
  const server = await serve((request, response) => {
    const url = new URL(request.url ?? '', 'http://127.0.0.1')
    const instead = known.instead?.(url)
    if (instead !== undefined) return misbehave(response, instead)
    const body = answer(known, url)
    if (body === undefined) return response.writeHead(404).end()
    return response.setHeader('content-type', 'application/json').end(body)
  })
  return { ...server, base: new URL('amd64/', server.base) }
}

/** What one of the two captured daemons knows; `B` also has builds that failed and differed. */
export function capturedDaemon(daemon: 'A' | 'B'): Known {
  const read = (name: string): string => readFileSync(path.join(FIXTURES, `rb${daemon}.${name}`), 'utf8')
  const rows = (name: string): Row[] => {
    const list: Row[] | { records: Row[] } = JSON.parse(read(name))
    return Array.isArray(list) ? list : list.records
  }
  const bad = daemon === 'B' ? 'bad.' : ''
  return {
    binaries: rows(`${bad}v1_packages_binary.json`),
    builds: rows(`${bad}v1_builds.json`),
    artifacts: { 1: rows('v1_builds_1_artifacts.json') },
    attestations: { '1/1': read('v1_attestation_artifact1.json'), '1/2': read('v1_attestation_artifact2.json') },
    packages: rows(`${bad}v0_pkgs_list.json`),
    attestationsV0: { 1: read('v0_builds_1_attestation.json') },
  }
}

/** The PEM text that the captured daemon published. */
export function publishedKey(daemon: 'A' | 'B'): string {
  const file = path.join(FIXTURES, `rb${daemon}.v1_meta_public-keys.json`)
  const { current }: { current: string[] } = JSON.parse(readFileSync(file, 'utf8'))
  return current.join('')
}

function answer(known: Known, { pathname, searchParams }: URL): string | undefined {
  const question = pathname.replace(/^\/amd64\/api\//, '')
  const [, build = '', artifact = ''] =
    /^v[01]\/builds\/(\d+)(?:\/artifacts(?:\/(\d+))?)?(?:\/attestation)?$/.exec(question) ?? []
  if (question === 'v1/packages/binary') return page(known, known.binaries, searchParams)
  if (question === 'v1/builds') return page(known, known.builds, searchParams)
  if (question === `v1/builds/${build}/artifacts`) return JSON.stringify(known.artifacts?.[Number(build)] ?? [])
  if (question === `v1/builds/${build}/artifacts/${artifact}/attestation`) {
    return known.attestations?.[`${build}/${artifact}`]
  }
  if (question === 'v0/pkgs/list') {
    return known.packages && JSON.stringify(known.packages.filter((row) => isAskedFor(row, searchParams)))
  }
  if (question === `v0/builds/${build}/attestation`) return known.attestationsV0?.[Number(build)]
  return undefined
}

function page(known: Known, rows: readonly Row[] | undefined, asked: URLSearchParams): string | undefined {
  if (rows === undefined) return undefined
  const all = rows.filter((row) => isAskedFor(row, asked))
  const limit = Math.min(Number(asked.get('limit') ?? 1000), known.page ?? 1000)
  const records = all.filter(({ id }) => Number(id) > Number(asked.get('after') ?? 0)).slice(0, limit)
  return JSON.stringify({ total: all.length, records })
}

function isAskedFor(row: Row, asked: URLSearchParams): boolean {
  return ['name', 'version', 'architecture'].every((name) => !asked.has(name) || row[name] === asked.get(name))
}

function misbehave(response: ServerResponse, how: Misbehaviour): void {
  if (typeof how === 'number') {
    response.writeHead(how).end()
  } else if (how === 'endless') {
    response.setHeader('content-type', 'application/json').write('{"total":1,"records":[')
    const more = (): void => {
      while (!response.destroyed && response.write(`${' '.repeat(65_536)}`));
    }
    response.on('drain', more)
    more()
  } else if (how !== 'hang') {
    response.setHeader('content-type', 'text/html').end(how)
  }
}
