import { spawn } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import path from 'node:path'
import { run, succeed, whenOver } from './running.ts'
import { closeServer, portOf } from './serving.ts'

/** What a job's token opens, as far as these tests know. */
export const JOB_TOKEN = 'glcbt-64_made-for-a-test'

/** Longer than any answer takes. Milliseconds. */
const TIMEOUT = 60_000

/** Stands in for a GitLab instance: repositories over git's own protocol, and archives of their commits. */
export interface GitLabServer {
  /** Without a slash at its end. */
  readonly url: string
  /** The paths that were asked for. */
  readonly requests: string[]
  /** Repositories that only a job's token opens, by their path below the instance. */
  readonly privateProjects: Set<string>
  /** What is served as an archive instead of the archive, by the project's path. */
  readonly archives: Map<string, (response: ServerResponse) => void>
  /** Another server, without a slash at its end, to which git is sent on. */
  elsewhere: string | undefined
}

/** Serves the bare repositories below a folder on a free port of 127.0.0.1 until the tests of this file are over. */
export async function serveGitLab(repositories: string): Promise<GitLabServer> {
  const state: GitLabServer = {
    url: '',
    requests: [],
    privateProjects: new Set(),
    archives: new Map(),
    elsewhere: undefined,
  }
  const { requests, privateProjects, archives } = state
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? '/', 'http://127.0.0.1')
    requests.push(pathname)
    const archive = /^\/(.+)\/-\/archive\/([0-9a-f]{40})\/[^/]+\.tar\.gz$/.exec(pathname)
    const project = archive?.[1] ?? /^\/(.+?)\.git\//.exec(pathname)?.[1] ?? ''
    const token = `Basic ${Buffer.from(`gitlab-ci-token:${JOB_TOKEN}`).toString('base64')}`
    if (archive === null && state.elsewhere !== undefined) {
      response.writeHead(302, { location: `${state.elsewhere}${pathname}${search}` }).end()
    } else if (privateProjects.has(project) && (archive !== null || request.headers.authorization !== token)) {
      // As GitLab does: git is asked for a password, a browser is sent to where one signs in.
      if (archive === null) response.writeHead(401, { 'www-authenticate': 'Basic realm="GitLab"' }).end()
      else response.writeHead(302, { location: '/users/sign_in' }).end()
    } else if (archive !== null) {
      const instead = archives.get(project)
      if (instead !== undefined) instead(response)
      else sendArchive(path.join(repositories, `${project}.git`), archive[2] ?? '', response)
    } else answerGit(repositories, pathname, search, request, response)
  })
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  whenOver(() => closeServer(server))
  return Object.assign(state, { url: `http://127.0.0.1:${portOf(server.address())}` })
}

function sendArchive(repository: string, sha: string, response: ServerResponse): void {
  const file = path.join(repository, `${sha}.tar.gz`)
  const words = ['archive', '--format=tar.gz', `--prefix=debproof-${sha}-${sha}/`, `--output=${file}`, sha]
  succeed('git', ['-C', repository, ...words], { timeout: TIMEOUT }).then(
    () => createReadStream(file).pipe(response.writeHead(200, { 'content-type': 'application/gzip' })),
    () => response.writeHead(404).end(),
  )
}

/** Hands a request to git's own server program, which speaks CGI (RFC 3875). */
function answerGit(
  repositories: string,
  pathname: string,
  search: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const child = spawn('git', ['http-backend'], {
    env: {
      ...process.env,
      GIT_PROJECT_ROOT: repositories,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      REQUEST_METHOD: request.method,
      PATH_INFO: pathname,
      QUERY_STRING: search.slice(1),
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      REMOTE_ADDR: '127.0.0.1',
      ...(request.headers.authorization === undefined ? {} : { REMOTE_USER: 'gitlab-ci-token' }),
    },
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: TIMEOUT,
    killSignal: 'SIGKILL',
  })
  child.on('error', () => response.writeHead(500).end())
  // It may end before all of its input is sent.
  child.stdin.on('error', () => {})
  request.pipe(child.stdin)
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.on('close', () => {
    const answer = Buffer.concat(chunks)
    const end = answer.indexOf('\r\n\r\n')
    const head = answer.subarray(0, end).toString('latin1').split('\r\n')
    const fields = new Map(head.map((line) => [line.replace(/:.*/s, ''), line.replace(/^[^:]*: /, '')]))
    const status = Number.parseInt(fields.get('Status') ?? '200', 10)
    fields.delete('Status')
    response.writeHead(status, Object.fromEntries(fields))
    response.end(answer.subarray(end + 4))
  })
}

/** Makes a bare repository of a folder, with one commit of all of its files; returns the commit. */
export async function publish(folder: string, repositories: string, project: string, tag: string): Promise<string> {
  await succeed('git', ['init', '--quiet', '--initial-branch=main', folder])
  await commitAll(folder)
  await succeed('git', ['-C', folder, 'tag', tag])
  await succeed('git', ['clone', '--quiet', '--bare', folder, path.join(repositories, `${project}.git`)])
  return (await succeed('git', ['-C', folder, 'rev-parse', 'HEAD'])).trim()
}

/** Commits what changed in a working tree, if anything did. */
export async function commitAll(folder: string): Promise<void> {
  await succeed('git', ['-C', folder, 'add', '--all'])
  if ((await run('git', ['-C', folder, 'diff', '--cached', '--quiet'])).code === 0) return
  const author = ['-c', 'user.name=A', '-c', 'user.email=a@a.example', '-c', 'commit.gpgsign=false']
  await succeed('git', ['-C', folder, ...author, 'commit', '--quiet', '--message=Made for a test'])
}
