import type { IncomingMessage, RequestListener } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { commentOn } from '../../src/ci/comment-on.ts'
import { closeAll, serve } from '../making/loopback-server.ts'
import { madeReport, reported } from '../report/made-report.ts'

afterEach(closeAll)

interface Comment {
  readonly id: string
  readonly author: string
  body: string
}

interface Forge {
  readonly environment: Record<string, string>
  readonly comments: Comment[]
  readonly writes: string[]
}

const ME = 'debproof-bot'
const PURPOSE = ['verify', 'debproof.yml']
const REPORT = madeReport([reported({ verdict: 'mismatch', reason: 'Other bytes, says @everyone.' })], {
  verdict: 'fail',
})

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}

/** As much of GitHub's GraphQL as comments need, a hundred of them a page. */
async function github(comments: Comment[] = []): Promise<Forge> {
  const writes: string[] = []
  const answer = (body: string): object => {
    const { query, variables } = JSON.parse(body)
    if (query.startsWith('query')) {
      const end = variables.before === null ? comments.length : Number(variables.before)
      const start = Math.max(0, end - 100)
      const nodes = comments.slice(start, end).map((one) => ({ ...one, viewerDidAuthor: one.author === ME }))
      const pageInfo = { hasPreviousPage: start > 0, startCursor: String(start) }
      expect(variables).toMatchObject({ owner: 'octo-org', name: 'octo-repo', number: 7 })
      return { data: { repository: { pullRequest: { id: 'PR_7', comments: { nodes, pageInfo } } } } }
    }
    writes.push(body)
    if (query.includes('addComment')) {
      expect(variables.subject).toBe('PR_7')
      comments.push({ id: `C_${comments.length}`, author: ME, body: variables.body })
      return { data: { addComment: { commentEdge: { node: { url: 'https://github.com/c/1' } } } } }
    }
    const known = comments.find(({ id }) => id === variables.id)
    if (known === undefined) return { errors: [{ message: 'Could not resolve to a node' }] }
    known.body = variables.body
    return { data: { updateIssueComment: { issueComment: { url: 'https://github.com/c/1' } } } }
  }
  const { base } = await serve((request, response) => {
    if (request.headers.authorization !== 'Bearer secret') response.writeHead(401).end('{"message":"Bad credentials"}')
    else void bodyOf(request).then((body) => response.end(JSON.stringify(answer(body))))
  })
  return {
    environment: {
      GITHUB_ACTIONS: 'true',
      GITHUB_REF: 'refs/pull/7/merge',
      GITHUB_REPOSITORY: 'octo-org/octo-repo',
      GITHUB_GRAPHQL_URL: `${base.href}graphql`,
    },
    comments,
    writes,
  }
}

/** As much of GitLab's notes as comments need, the newest first. */
async function gitlab(comments: Comment[] = []): Promise<Forge> {
  const writes: string[] = []
  const authors = new Map([
    [ME, 1],
    ['somebody', 2],
  ])
  const notes = '/api/v4/projects/42/merge_requests/7/notes'
  const { base } = await serve((request, response) => {
    const url = new URL(request.url ?? '', 'http://127.0.0.1')
    const send = (value: object, headers = {}): unknown => response.writeHead(200, headers).end(JSON.stringify(value))
    if (request.headers['private-token'] !== 'secret')
      return response.writeHead(401).end('{"message":"401 Unauthorized"}')
    if (url.pathname === '/api/v4/user') return send({ id: 1, username: ME })
    if (url.pathname === notes && request.method === 'GET') {
      const page = Number(url.searchParams.get('page'))
      const shown = [...comments].reverse().slice((page - 1) * 100, page * 100)
      const next = page * 100 < comments.length ? String(page + 1) : ''
      const list = shown.map(({ id, author, body }) => ({ id: Number(id), body, author: { id: authors.get(author) } }))
      return send(list, { 'x-next-page': next })
    }
    return bodyOf(request).then((text) => {
      writes.push(`${request.method} ${url.pathname}`)
      const { body } = JSON.parse(text)
      const known = comments.find(({ id }) => url.pathname === `${notes}/${id}`)
      if (known !== undefined) known.body = body
      else comments.push({ id: String(comments.length + 1), author: ME, body })
      return send({ id: Number(known?.id ?? comments.length) })
    })
  })
  return {
    environment: {
      GITLAB_CI: 'true',
      CI_MERGE_REQUEST_IID: '7',
      CI_MERGE_REQUEST_PROJECT_ID: '42',
      CI_MERGE_REQUEST_PROJECT_URL: 'https://gitlab.example.org/group/project',
      CI_PROJECT_ID: '1001',
      CI_API_V4_URL: `${base.href}api/v4`,
    },
    comments,
    writes,
  }
}

describe.each([
  ['a pull request', github, 'https://github.com/c/1'],
  ['a merge request', gitlab, 'https://gitlab.example.org/group/project/-/merge_requests/7#note_1'],
] as const)('the comment on %s', (_, forge, url) => {
  const write = async ({ environment }: Forge, token = 'secret', purpose = PURPOSE): Promise<object> =>
    await commentOn(REPORT, environment, token, purpose, '[the whole report](https://x.example/1)')

  it('says the verdict first and where the report is, and calls nobody', async () => {
    const made = await forge()
    expect(await write(made)).toEqual({ url })
    const [{ body = '' } = {}] = made.comments
    expect(body.split('\n').slice(1, 4)).toEqual(['# debproof: fail', '', '❌ FAIL: of 1 package, 1 mismatch.'])
    expect(body).toContain('[the whole report](https://x.example/1)')
    expect(body).not.toContain('@everyone')
  })

  it('is updated in place, for each purpose one', async () => {
    const made = await forge()
    await write(made)
    await write(made)
    expect(made.comments).toHaveLength(1)
    await write(made, 'secret', ['another job'])
    expect(made.comments).toHaveLength(2)
    expect(made.writes).toHaveLength(3)
  })

  it('is found behind more than a page of others', async () => {
    const made = await forge()
    await write(made)
    const others = Array.from({ length: 230 }, (__, index) => ({
      id: String(index + 2),
      author: 'somebody',
      body: 'hi',
    }))
    made.comments.push(...others)
    await write(made)
    expect(made.comments).toHaveLength(231)
  })

  it('is never written over what somebody else wrote, whatever marker that has', async () => {
    const made = await forge()
    await write(made)
    const marker = made.comments[0]?.body.split('\n')[0] ?? ''
    made.comments.splice(0, 1, { id: '1', author: 'somebody', body: `${marker}\n# debproof: pass` })
    await write(made)
    expect(made.comments.map(({ author }) => author)).toEqual(['somebody', ME])
    expect(made.comments[0]?.body).toContain('debproof: pass')
  })

  it('that is refused is a problem in words, without the token', async () => {
    const outcome = JSON.stringify(await write(await forge(), 'wrong'))
    expect(outcome).toMatch(/problem.*HTTP 401: .*(?:pull-requests: write|scope `api`)/)
    expect(outcome).not.toContain('wrong')
  })

  it('needs a token, and a pull or merge request', async () => {
    const made = await forge()
    expect(await write(made, '')).toMatchObject({ problem: expect.stringContaining('There is no token') })
    const { GITHUB_REF: _ref, CI_MERGE_REQUEST_IID: _iid, ...elsewhere } = made.environment
    expect(await write({ ...made, environment: elsewhere })).toMatchObject({
      problem: expect.stringContaining('no pull'),
    })
    expect(made.writes).toEqual([])
  })
})

describe('an API that misbehaves', () => {
  const environment = (base: URL): Record<string, string> => ({
    GITHUB_ACTIONS: 'true',
    GITHUB_REF: 'refs/pull/7/merge',
    GITHUB_REPOSITORY: 'a/b',
    GITHUB_GRAPHQL_URL: base.href,
  })

  it.each<[string, RequestListener, RegExp]>([
    ['redirects', (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(), /HTTP 302/],
    ['answers no JSON', (_, response) => response.end('<html>'), /could not be asked/],
    ['answers another shape', (_, response) => response.end('{"data":{"repository":null}}'), /something else/],
    [
      'refuses in GraphQL',
      (_, response) => response.end('{"errors":[{"message":"Not accessible"}]}'),
      /Not accessible/,
    ],
    ['hangs up', (request) => request.socket.destroy(), /could not be asked/],
    ['answers without end', (_, response) => flood(response), /more than \d+ bytes/],
  ])('that %s is a problem in words', async (_, listener, problem) => {
    const { base } = await serve(listener)
    const outcome = await commentOn(REPORT, environment(base), 'secret', PURPOSE, 'here')
    expect(outcome).toEqual({ problem: expect.stringMatching(problem) })
  })
})

function flood(response: Parameters<RequestListener>[1]): void {
  const block = Buffer.alloc(1024 * 1024, ' ')
  const more = (): void => {
    while (response.writable && response.write(block));
  }
  response.on('drain', more)
  response.on('error', () => {})
  more()
}
