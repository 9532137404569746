import * as v from 'valibot'
import { DebproofError } from '../errors.ts'
import { MAX_COMMENT_PAGES } from '../limits.ts'
import type { CommentThread } from './comment.ts'
import { callApi } from './json-api.ts'

type Environment = Readonly<Record<string, string | undefined>>

const errors = v.optional(v.array(v.object({ message: v.string() })))

const page = v.object({
  data: v.object({
    repository: v.object({
      pullRequest: v.object({
        id: v.string(),
        comments: v.object({
          nodes: v.array(v.object({ id: v.string(), viewerDidAuthor: v.boolean(), body: v.string() })),
          pageInfo: v.object({ hasPreviousPage: v.boolean(), startCursor: v.nullable(v.string()) }),
        }),
      }),
    }),
  }),
})

type PullRequest = v.InferOutput<typeof page>['data']['repository']['pullRequest']

const added = v.object({
  data: v.object({ addComment: v.object({ commentEdge: v.object({ node: v.object({ url: v.string() }) }) }) }),
})

const updated = v.object({
  data: v.object({ updateIssueComment: v.object({ issueComment: v.object({ url: v.string() }) }) }),
})

const COMMENTS = `query ($owner: String!, $name: String!, $number: Int!, $before: String) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) { id comments(last: 100, before: $before) {
    nodes { id viewerDidAuthor body } pageInfo { hasPreviousPage startCursor } } } } }`

const ADD = `mutation ($subject: ID!, $body: String!) {
  addComment(input: { subjectId: $subject, body: $body }) { commentEdge { node { url } } } }`

const UPDATE = `mutation ($id: ID!, $body: String!) {
  updateIssueComment(input: { id: $id, body: $body }) { issueComment { url } } }`

/** The comments of a pull request, by GitHub's GraphQL API: it alone says which are one's own. */
export class GitHubComments implements CommentThread {
  readonly #environment: Environment
  readonly #token: string
  readonly #number: number
  #pullRequest = ''

  constructor(environment: Environment, token: string, number: number) {
    this.#environment = environment
    this.#token = token
    this.#number = number
  }

  async find(marker: string): Promise<string | undefined> {
    let before: string | null = null
    for (let pages = 0; pages < MAX_COMMENT_PAGES; pages++) {
      const { id, comments }: PullRequest = await this.#page(before)
      this.#pullRequest = id
      const own = comments.nodes.findLast(({ viewerDidAuthor, body }) => viewerDidAuthor && body.startsWith(marker))
      if (own !== undefined || !comments.pageInfo.hasPreviousPage) return own?.id
      before = comments.pageInfo.startCursor
    }
    return undefined
  }

  async create(body: string): Promise<string> {
    const { data } = await this.#ask(added, ADD, { subject: this.#pullRequest, body })
    return data.addComment.commentEdge.node.url
  }

  async update(id: string, body: string): Promise<string> {
    const { data } = await this.#ask(updated, UPDATE, { id, body })
    return data.updateIssueComment.issueComment.url
  }

  /** The hundred comments before a cursor; the newest without one. */
  async #page(before: string | null): Promise<PullRequest> {
    const [owner = '', name = ''] = (this.#environment['GITHUB_REPOSITORY'] ?? '').split('/')
    const { data } = await this.#ask(page, COMMENTS, { owner, name, number: this.#number, before })
    return data.repository.pullRequest
  }

  async #ask<Schema extends v.GenericSchema>(
    schema: Schema,
    query: string,
    variables: object,
  ): Promise<v.InferOutput<Schema>> {
    const url = new URL(this.#environment['GITHUB_GRAPHQL_URL'] || 'https://api.github.com/graphql')
    const headers = { authorization: `Bearer ${this.#token}` }
    const { json } = await callApi(url, headers, { method: 'POST', body: { query, variables } })
    // GraphQL answers 200 also where it refuses.
    const refused = v.safeParse(v.object({ errors }), json)
    const [first] = refused.success ? (refused.output.errors ?? []) : []
    if (first !== undefined) throw new DebproofError('PUBLISH', `GitHub refused it: ${first.message}`)
    const answer = v.safeParse(schema, json)
    if (!answer.success) throw new DebproofError('PUBLISH', 'GitHub answered something else than was asked for.')
    return answer.output
  }
}
