import { DebproofError, describeError, type ErrorCode } from '../errors.ts'
import { RequestRefusedError } from './http-transport.ts'

/** What one look at a URL gave, as it is kept: bytes under their hash, a failure, or the names in a folder. */
export type Outcome = FileOutcome | FailureOutcome | NamesOutcome

export interface FileOutcome {
  readonly url: string
  readonly look: 1 | 2
  readonly sha256: string
  readonly size: number
  /** Whether it was read to its end; whoever refused it may have stopped before. */
  readonly complete: boolean
  /** Whether the bytes were kept, or their digest alone. */
  readonly kept: boolean
}

export interface FailureOutcome {
  readonly url: string
  readonly look: 1 | 2
  readonly code: ErrorCode
  readonly message: string
  readonly cause: string | null
  /** The HTTP status of a request that was refused. */
  readonly status: number | null
}

export interface NamesOutcome {
  readonly folder: string
  readonly names: readonly string[] | null
  /** Why the folder could not be listed. */
  readonly failure: Pick<FailureOutcome, 'code' | 'message' | 'cause'> | null
}

export function keyOf(url: URL, look: 1 | 2): string {
  return `${look} ${url.href}`
}

export function failureOf(error: DebproofError): Pick<FailureOutcome, 'code' | 'message' | 'cause' | 'status'> {
  return {
    code: error.code,
    message: error.message,
    cause: error.cause === undefined ? null : describeError(error.cause),
    status: error instanceof RequestRefusedError ? error.status : null,
  }
}

/** The error that was recorded, as far as anybody looks at it. */
export function errorOf({
  code,
  message,
  cause,
  status = null,
}: Omit<FailureOutcome, 'url' | 'look' | 'status'> & { status?: number | null }): DebproofError {
  if (status !== null) return new RequestRefusedError(message, status)
  return new DebproofError(code, message, cause === null ? {} : { cause: new Error(cause) })
}
