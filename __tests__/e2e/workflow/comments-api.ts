import { createServer, type IncomingMessage } from 'node:http'
import * as v from 'valibot'
import { whenOver } from '../running.ts'
import { TOKEN } from './world.ts'

const request = v.object({
  query: v.string(),
  variables: v.object({ body: v.optional(v.string()), id: v.optional(v.string()) }),
})

/** A stand-in for GitHub's GraphQL API, with one pull request and its comments. */
export interface CommentsApi {
  readonly url: string
  readonly comments: readonly string[]
}

/** Serves it on 127.0.0.1 until the tests of this file are over. Only the token of the job may write. */
export async function serveComments(): Promise<CommentsApi> {
  const comments: string[] = []

  function answer(text: string, mayWrite: boolean): object {
    const { query, variables } = v.parse(request, JSON.parse(text))
    const { body = '', id = '' } = variables
    if (query.startsWith('query')) {
      const nodes = comments.map((one, index) => ({ id: String(index), viewerDidAuthor: true, body: one }))
      const pageInfo = { hasPreviousPage: false, startCursor: null }
      return { data: { repository: { pullRequest: { id: 'PR', comments: { nodes, pageInfo } } } } }
    }
    if (!mayWrite) return { errors: [{ message: 'Resource not accessible by integration' }] }
    const url = 'https://github.com/octo-org/octo-repo/pull/7#issuecomment-1'
    if (query.includes('addComment')) {
      comments.push(body)
      return { data: { addComment: { commentEdge: { node: { url } } } } }
    }
    comments[Number(id)] = body
    return { data: { updateIssueComment: { issueComment: { url } } } }
  }

  const server = createServer((incoming, response) => {
    textOf(incoming).then(
      (text) => {
        const mayWrite = incoming.headers.authorization === `Bearer ${TOKEN}`
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer(text, mayWrite)))
      },
      () => response.destroy(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  whenOver(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return { url: `http://127.0.0.1:${address.port}/graphql`, comments }
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk))
  return String(Buffer.concat(chunks))
}
