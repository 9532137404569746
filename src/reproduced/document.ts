import type { Evidence } from '../archive/evidence.ts'
import { sha256Of } from '../archive/hash.ts'
import { DebproofError, describeError, isDebproofError } from '../errors.ts'
import { MAX_STATEMENT, STATEMENT_TIMEOUT } from '../limits.ts'
import type { Downloads } from '../net/downloads.ts'
import { RequestRefusedError } from '../net/http-transport.ts'
import type { ServiceAnswer, Statement } from './statement.ts'

/** A file as it was fetched, before anything was verified. */
export interface Document {
  readonly url: URL
  readonly bytes: Uint8Array
}

/** Undefined where the server says that there is none. @throws DebproofError FETCH, TOO_LARGE, OFFLINE */
export async function fetchDocument(
  downloads: Downloads,
  url: URL,
  limit = MAX_STATEMENT,
): Promise<Document | undefined> {
  try {
    return { url, bytes: await downloads.bytes(url, limit, { timeout: STATEMENT_TIMEOUT }) }
  } catch (error) {
    // HTTP 410 says that there was one, and that it was taken back.
    if (isDebproofError(error, 'NOT_FOUND')) return undefined
    if (error instanceof RequestRefusedError && error.status === 410) return undefined
    throw error
  }
}

/** What the report keeps of a document that was verified. */
export function evidenceOf(
  { url, bytes }: Document,
  kind: Evidence['kind'],
  signers: readonly string[],
  date?: Date,
): Evidence {
  return {
    sha256: sha256Of(bytes),
    kind,
    url: url.href,
    size: bytes.length,
    ...(date === undefined ? {} : { date }),
    signers,
  }
}

/**
 * Reads statements one by one and sorts what goes wrong: what cannot be fetched leaves something unknown, what was
 * fetched and is no valid statement counts for nothing.
 *
 * @param reads each fetches and verifies one document; undefined where there is none
 */
export async function collectStatements(
  reads: readonly { readonly url: URL; read(): Promise<Statement | undefined> }[],
): Promise<ServiceAnswer> {
  const statements: Statement[] = []
  const unusable: string[] = []
  const unreachable: string[] = []
  for (const { url, read } of reads) {
    try {
      const statement = await read()
      if (statement !== undefined) statements.push(statement)
    } catch (error) {
      if (!(error instanceof DebproofError)) throw error
      const text = describeError(error)
      const reason = text.includes(url.href) ? text : `${url.href}: ${text}`
      if (isDebproofError(error, 'FETCH', 'TOO_LARGE', 'OFFLINE', 'NOT_FOUND')) unreachable.push(reason)
      else unusable.push(reason)
    }
  }
  return { statements, unusable, unreachable }
}
