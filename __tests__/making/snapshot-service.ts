import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { archiveFiles, type MadeArchive, type MadeDeb } from './archive-folder.ts'
import { type LoopbackServer, serve } from './loopback-server.ts'

/** The files of an archive by their paths; a number is the status to answer with instead. */
export type RunFiles = Readonly<Record<string, string | Uint8Array | number>>

/** What a service says of one package: `binary/hello/1.0-1/binfiles`, as in its path below `mr/`. */
export interface MadeHint {
  readonly architecture?: string
  readonly firstSeen: string
  /** `made` unless said otherwise. */
  readonly archive?: string
  readonly sha1?: string
}

export interface MadeService {
  /** By timestamp: `20260601T120000Z`. May be changed while it serves. */
  readonly runs: Record<string, RunFiles>
  readonly hints?: Readonly<Record<string, readonly MadeHint[]>>
  /** Answers with a redirect to the content instead of the content. */
  readonly redirects?: boolean
  /** May answer instead of the service, and then says so. */
  readonly fault?: (path: string, response: ServerResponse) => boolean
}

export interface MadeSnapshots extends LoopbackServer {
  /** When each request began, in milliseconds. */
  readonly starts: readonly number[]
  /** The most requests that were under way at once. */
  readonly most: () => number
  /** The run, path pairs that were asked for: `20260601T120000Z dists/made/InRelease`. */
  readonly files: () => string[]
}

/** A snapshot service on this machine, of the archive `made`, with the paths and answers of snapshot.debian.org. */
export async function serveSnapshots(service: MadeService): Promise<MadeSnapshots> {
  const starts: number[] = []
  let running = 0
  let most = 0
  const server = await serve((request, response) => {
    starts.push(performance.now())
    most = Math.max(most, ++running)
    response.on('close', () => running--)
    const path = request.url ?? ''
    if (service.fault?.(path, response) === true) return
    answer(service, request, response)
  })
  const files = (): string[] =>
    server.asked.flatMap((path) => {
      const parts = /^\/archive\/made\/([^/]+)\/(.*)$/.exec(path)
      return parts === null ? [] : [`${parts[1]} ${parts[2]}`]
    })
  return Object.assign(server, { starts, most: () => most, files })
}

function answer(service: MadeService, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '', 'http://snapshot.example')
  const redirect = (location: string, code = 302): unknown => response.writeHead(code, { location }).end()
  const content = /^\/file\/([0-9a-f]{40})$/.exec(url.pathname)?.[1]
  if (request.method !== 'GET') response.writeHead(405).end()
  else if (url.pathname === '/mr/timestamp') redirect('/mr/timestamp/', 308)
  else if (url.pathname === '/mr/timestamp/') json(response, runList(service, url.searchParams))
  else if (url.pathname.startsWith('/mr/')) {
    const hints = service.hints?.[decodeURIComponent(url.pathname.slice('/mr/'.length))]
    if (hints === undefined) response.writeHead(404).end()
    else json(response, fileHints(hints))
  } else if (content !== undefined) send(response, bySha1(service, content))
  else {
    const [, asked = '', file = ''] = /^\/archive\/made\/([0-9TZ]+)\/(.*)$/.exec(url.pathname) ?? []
    const runs = Object.keys(service.runs).filter((timestamp) => timestamp <= asked)
    const run = runs.sort().at(-1)
    const found = service.runs[run ?? '']?.[decodeURIComponent(file)] ?? 404
    if (run !== undefined && (run !== asked || file === '')) redirect(`/archive/made/${run}/${file}`)
    else if (service.redirects === true && typeof found !== 'number') redirect(`/file/${sha1(found)}`)
    else send(response, found)
  }
}

function send(response: ServerResponse, content: string | Uint8Array | number): void {
  if (typeof content === 'number') response.writeHead(content).end()
  else response.end(typeof content === 'string' ? Buffer.from(content, 'latin1') : content)
}

function json(response: ServerResponse, value: unknown): void {
  response.setHeader('content-type', 'application/json').end(`${JSON.stringify(value, null, 2)}\n`)
}

function runList({ runs }: MadeService, asked: URLSearchParams): unknown {
  const [after, before] = [asked.get('after') ?? '', asked.get('before') ?? '9']
  const listed = Object.keys(runs)
    .filter((timestamp) => timestamp >= after && timestamp <= before)
    .sort()
  const result = asked.get('archive') === 'made' && listed.length > 0 ? { made: listed } : {}
  return { _api: '0.3', _comment: 'made', result }
}

function fileHints(hints: readonly MadeHint[]): unknown {
  const hashes = hints.map(({ sha1: hash }, index) => hash ?? sha1(`file ${index}`))
  return {
    result: hints.map(({ architecture }, index) => ({ architecture, hash: hashes[index] })),
    fileinfo: Object.fromEntries(
      hints.map(({ firstSeen, archive = 'made' }, index) => [
        hashes[index],
        [{ archive_name: archive, first_seen: firstSeen, name: 'made.deb', path: '/pool/main', size: 1 }],
      ]),
    ),
  }
}

function bySha1({ runs }: MadeService, hash: string): string | Uint8Array | number {
  const contents = Object.values(runs).flatMap((files) => Object.values(files))
  return contents.find((content) => typeof content !== 'number' && sha1(content) === hash) ?? 404
}

function sha1(content: string | Uint8Array): string {
  return createHash('sha1').update(content).digest('hex')
}

/** So many hours before or after an instant, as a service writes it. */
export function timestamp(instant: Date, hours = 0): string {
  const text = new Date(instant.getTime() + hours * 3_600_000).toISOString()
  return text.replace(/\.\d+Z$/, 'Z').replaceAll(/[-:]/g, '')
}

/** The instant of a timestamp. */
export function instantOf(text: string): Date {
  const [, year, month, day, hour, minute, second] = /^(....)(..)(..)T(..)(..)(..)Z$/.exec(text) ?? []
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
}

/** A run's files: an archive with these packages, dated an hour before the run. */
export async function madeRun(
  run: string,
  key: MadeArchive['key'],
  debs: readonly MadeDeb[],
  more: Partial<MadeArchive> = {},
): Promise<Record<string, Buffer>> {
  return await archiveFiles({ key, debs, date: new Date(instantOf(run).getTime() - 3_600_000), ...more })
}
