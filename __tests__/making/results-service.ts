import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { artifactService, type StoredArtifact } from './results-artifacts.ts'
import { ResultsBlobs } from './results-blobs.ts'
import { type CacheScope, cacheService, READ_WRITE, type StoredCache } from './results-caches.ts'
import { Call, TwirpError, type TwirpMethods } from './results-twirp.ts'

const ARTIFACT_SERVICE = '/twirp/github.actions.results.api.v1.ArtifactService/'
const CACHE_SERVICE = '/twirp/github.actions.results.api.v1.CacheService/'
const OIDC_PATH = '/oidc/token'

export interface ResultsOptions {
  /** What the token may do with caches; READ_ONLY is for jobs that may not save. */
  readonly cacheScopes?: readonly CacheScope[]
  /** Bytes for all artifacts, and as many for all caches; what does not fit is refused as by a quota. */
  readonly quota?: number
}

export interface ResultsRequest {
  readonly method: string
  readonly path: string
  /** The text of a call; of anything else the number of bytes. */
  readonly body: string | number
}

export interface ResultsService {
  readonly url: string
  /** By name. */
  readonly artifacts: ReadonlyMap<string, StoredArtifact>
  readonly caches: readonly StoredCache[]
  /** Every request, in order. */
  readonly requests: readonly ResultsRequest[]
  /** What a runner exports to an action. */
  readonly env: Readonly<Record<string, string>>
  /** Makes the next request whose path ends in `match` fail, or as many as `times`. The clients retry 5xx. */
  readonly failNext: (match: string, status: number, body?: object, times?: number) => void
  /** Puts other bytes in the place of every entry of the cache. */
  readonly replaceCaches: (content: Buffer) => void
  readonly close: () => Promise<void>
}

/**
 * Starts a stand-in for the service that GitHub's runner keeps artifacts and caches in, and that gives it tokens of
 * identity. It is on a free port of 127.0.0.1, and speaks as much as the unmodified packages of @actions need. It is
 * stricter than the real one where that shows mistakes: a wrong token, a wrong signature of a URL, a size or a digest
 * that is not that of what was uploaded are refused.
 */
export async function startResultsService(options: ResultsOptions = {}): Promise<ResultsService> {
  const { cacheScopes = READ_WRITE, quota = Number.POSITIVE_INFINITY } = options
  const secret = randomBytes(32)
  const [runId, jobId] = [randomUUID(), randomUUID()]
  const token = signedToken(secret, {
    scp: `Actions.Results:${runId}:${jobId}`,
    ac: JSON.stringify(cacheScopes),
    exp: Math.floor(Date.now() / 1000) + 3600,
  })
  const requests: ResultsRequest[] = []
  const faults: { readonly match: string; readonly status: number; readonly body: object; times: number }[] = []
  const blobs = new ResultsBlobs()
  let url = ''
  const urlOf = (blob: string): string => blobs.urlOf(blob, url)
  const artifactStore = artifactService({
    blobs,
    urlOf,
    runId,
    jobId,
    fits: (bytes) => sizeOf([...artifactStore.artifacts.values()]) + bytes <= quota,
  })
  const cacheStore = cacheService({
    blobs,
    urlOf,
    scopes: cacheScopes,
    fits: (bytes) => sizeOf(cacheStore.caches) + bytes <= quota,
  })
  const isAuthorized = ({ headers }: IncomingMessage): boolean => headers.authorization === `Bearer ${token}`

  function answerCall(methods: TwirpMethods, name: string, request: IncomingMessage, body: Buffer): object {
    if (!isAuthorized(request)) throw new TwirpError(401, 'unauthenticated', 'bad runtime token')
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined
    if (method === undefined || request.method !== 'POST') throw new TwirpError(404, 'bad_route', `no method ${name}`)
    const call = new Call(body.toString())
    const run = call.optional('workflow_run_backend_id')
    if (run !== undefined && run !== runId) throw new TwirpError(403, 'permission_denied', 'not this workflow run')
    return method(call)
  }

  function identityToken(target: URL, request: IncomingMessage): object {
    if (!isAuthorized(request)) throw new TwirpError(401, 'unauthenticated', 'bad request token')
    const aud = target.searchParams.get('audience') ?? 'https://github.com/octo-org'
    return { value: signedToken(secret, { iss: url, aud, sub: 'repo:octo-org/octo-repo:ref:refs/heads/main' }) }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = new URL(request.url ?? '/', url)
    const { pathname } = target
    const body = await readBody(request)
    const isCall = pathname.startsWith('/twirp/')
    requests.push({ method: request.method ?? '', path: pathname, body: isCall ? body.toString() : body.length })
    const fault = faults.find(({ match, times }) => times > 0 && pathname.endsWith(match))
    const name = pathname.slice(pathname.lastIndexOf('/') + 1)
    if (fault !== undefined) {
      fault.times -= 1
      sendJson(response, fault.status, fault.body)
    } else if (pathname.startsWith(ARTIFACT_SERVICE)) {
      sendJson(response, 200, answerCall(artifactStore.methods, name, request, body))
    } else if (pathname.startsWith(CACHE_SERVICE)) {
      sendJson(response, 200, answerCall(cacheStore.methods, name, request, body))
    } else if (blobs.serves(target)) {
      blobs.serve(target, request, response, body)
    } else if (pathname === OIDC_PATH) {
      sendJson(response, 200, identityToken(target, request))
    } else {
      response.writeHead(404).end()
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      const { status, code } = error instanceof TwirpError ? error : { status: 500, code: 'internal' }
      sendJson(response, status, { code, msg: error instanceof Error ? error.message : String(error) })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  url = `http://127.0.0.1:${address.port}`

  return {
    url,
    artifacts: artifactStore.artifacts,
    caches: cacheStore.caches,
    requests,
    env: {
      ACTIONS_RUNTIME_TOKEN: token,
      ACTIONS_RESULTS_URL: `${url}/`,
      ACTIONS_CACHE_SERVICE_V2: 'True',
      ACTIONS_ID_TOKEN_REQUEST_URL: `${url}${OIDC_PATH}?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: token,
      // The clients take any other host for GitHub Enterprise Server, which has no such service.
      GITHUB_SERVER_URL: 'https://github.com',
      // Where a proxy is set for the machine, they would ask it for 127.0.0.1.
      no_proxy: '127.0.0.1',
    },
    failNext: (match, status, body = { code: 'internal', msg: 'injected' }, times = 1) => {
      faults.push({ match, status, body, times })
    },
    replaceCaches: cacheStore.replace,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** As a JWT with HS256. The clients read the token of the runtime and do not verify it. */
function signedToken(secret: Buffer, claims: object): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const body = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`
}

function sizeOf(items: readonly { readonly content: Buffer }[]): number {
  return items.reduce((sum, { content }) => sum + content.length, 0)
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

function sendJson(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}
