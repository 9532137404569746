import * as v from 'valibot'
import { DebproofError } from '../errors.ts'
import { MAX_COMMENT_PAGES } from '../limits.ts'
import type { CommentThread } from './comment.ts'
import { type ApiRequest, callApi } from './json-api.ts'

type Environment = Readonly<Record<string, string | undefined>>

const user = v.object({ id: v.number() })
const note = v.object({ id: v.number() })
const notes = v.array(v.object({ id: v.number(), body: v.string(), author: v.object({ id: v.number() }) }))

/** The notes of a merge request, by GitLab's REST API (docs.gitlab.com/api/notes). */
export class GitLabComments implements CommentThread {
  readonly #environment: Environment
  readonly #token: string
  readonly #number: number

  constructor(environment: Environment, token: string, number: number) {
    this.#environment = environment
    this.#token = token
    this.#number = number
  }

  async find(marker: string): Promise<string | undefined> {
    const me = await this.#ask(user, 'user', { method: 'GET' })
    let page = '1'
    for (let pages = 0; pages < MAX_COMMENT_PAGES && page !== ''; pages++) {
      const query = `${this.#notes}?per_page=100&sort=desc&order_by=created_at&page=${encodeURIComponent(page)}`
      const { json, nextPage } = await this.#call(query, { method: 'GET' })
      const own = parsed(notes, json).find(({ author, body }) => author.id === me.id && body.startsWith(marker))
      if (own !== undefined) return String(own.id)
      page = nextPage
    }
    return undefined
  }

  async create(body: string): Promise<string> {
    return this.#url(await this.#ask(note, this.#notes, { method: 'POST', body: { body } }))
  }

  async update(id: string, body: string): Promise<string> {
    return this.#url(await this.#ask(note, `${this.#notes}/${id}`, { method: 'PUT', body: { body } }))
  }

  /** The merge request may belong to another project than the pipeline, which is then that of a fork. */
  get #notes(): string {
    const project = this.#environment['CI_MERGE_REQUEST_PROJECT_ID'] ?? this.#environment['CI_PROJECT_ID'] ?? ''
    return `projects/${encodeURIComponent(project)}/merge_requests/${this.#number}/notes`
  }

  #url({ id }: v.InferOutput<typeof note>): string {
    const project = this.#environment['CI_MERGE_REQUEST_PROJECT_URL'] ?? this.#environment['CI_PROJECT_URL'] ?? ''
    return `${project}/-/merge_requests/${this.#number}#note_${id}`
  }

  async #ask<Schema extends v.GenericSchema>(
    schema: Schema,
    path: string,
    request: ApiRequest,
  ): Promise<v.InferOutput<Schema>> {
    return parsed(schema, (await this.#call(path, request)).json)
  }

  async #call(path: string, request: ApiRequest): ReturnType<typeof callApi> {
    const base = this.#environment['CI_API_V4_URL']
    if (base === undefined) throw new DebproofError('PUBLISH', 'CI_API_V4_URL is not set, so GitLab cannot be asked.')
    return await callApi(new URL(`${base}/${path}`), { 'private-token': this.#token }, request)
  }
}

function parsed<Schema extends v.GenericSchema>(schema: Schema, json: unknown): v.InferOutput<Schema> {
  const answer = v.safeParse(schema, json)
  if (!answer.success) throw new DebproofError('PUBLISH', 'GitLab answered something else than was asked for.')
  return answer.output
}
