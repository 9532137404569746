import { DebproofError, describeError } from '../errors.ts'
import { API_TIMEOUT, MAX_API_ANSWER } from '../limits.ts'
import { USER_AGENT } from '../tool.ts'

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly body?: object
}

/** An answer's parsed JSON: nothing of it is known yet. */
export interface ApiAnswer {
  readonly json: unknown
  /** The page that follows this one, as GitLab says it; empty for none. */
  readonly nextPage: string
}

/**
 * Asks an API with a token. Redirects are not followed: they would carry the token elsewhere.
 *
 * @param headers what carries the token; it is in no error
 * @throws DebproofError PUBLISH
 */
export async function callApi(
  url: URL,
  headers: Readonly<Record<string, string>>,
  { method, body }: ApiRequest,
): Promise<ApiAnswer> {
  const { request, EnvHttpProxyAgent } = await import('undici')
  const dispatcher = new EnvHttpProxyAgent({ headersTimeout: API_TIMEOUT, bodyTimeout: API_TIMEOUT })
  const where = `${url.origin}${url.pathname}`
  try {
    const answer = await request(url, {
      dispatcher,
      method,
      signal: AbortSignal.timeout(API_TIMEOUT),
      headers: { ...headers, accept: 'application/json', 'user-agent': USER_AGENT, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await readText(answer.body, where)
    if (answer.statusCode < 200 || answer.statusCode > 299) {
      throw new DebproofError('PUBLISH', `${where} answered HTTP ${answer.statusCode}${messageIn(text)}.`)
    }
    const next = answer.headers['x-next-page']
    return { json: JSON.parse(text), nextPage: typeof next === 'string' ? next : '' }
  } catch (error) {
    if (error instanceof DebproofError) throw error
    throw new DebproofError('PUBLISH', `${where} could not be asked: ${describeError(error)}.`, { cause: error })
  } finally {
    await dispatcher.destroy()
  }
}

async function readText(chunks: AsyncIterable<Uint8Array>, where: string): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (size > MAX_API_ANSWER)
      throw new DebproofError('PUBLISH', `${where} answered more than ${MAX_API_ANSWER} bytes.`)
    parts.push(chunk)
  }
  return Buffer.concat(parts).toString('utf8')
}

/** What the service says of a failure, as both write it. */
function messageIn(text: string): string {
  const [, message = ''] = /"(?:message|error)"\s*:\s*"([^"]{1,300})"/.exec(text) ?? []
  return message === '' ? '' : `: ${message}`
}
