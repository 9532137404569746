import { MAX_MESSAGE } from './limits.ts'

/**
 * The closed set of things that can go wrong. A code is a contract: scripts match on it, so a code may be
 * added but its meaning never changes. The message is for people and says what to do next.
 */
export const ERROR_CODES = [
  /** The command line or an action input is wrong. */
  'USAGE',
  /** The policy, or the apt sources that stand in for it, cannot be used. */
  'POLICY',
  /** A package list cannot be read, is empty, or has no package in it. */
  'PACKAGE_LIST',
  /** A signing key or a keyring cannot be read or used. */
  'KEY',
  /** The output folder cannot be written. */
  'OUTPUT',
  /** A release file is not a well-formed signed message, or its fields break the rules. */
  'RELEASE_MALFORMED',
  /** No signature of a trusted key covers the release file, or one of a trusted key is bad. */
  'RELEASE_UNTRUSTED',
  /** The release file is past its Valid-Until, or dated in the future. */
  'RELEASE_TIME',
  /** The release file belongs to another suite than the one asked for. */
  'RELEASE_SUITE',
  /** An index differs in size or hash from what the signed release file says. */
  'INDEX_MISMATCH',
  /** An index or a package file has the right hash but breaks the format's rules or a limit. */
  'INDEX_MALFORMED',
  /** The signed release file lists none of the indexes that were asked for. */
  'INDEX_UNLISTED',
  /** The signed release file lists an index only in forms that cannot be read, or without its SHA-256. */
  'INDEX_UNREADABLE',
  /** The server or the file system says that it does not exist (HTTP 404, ENOENT). */
  'NOT_FOUND',
  /** It could not be fetched: refused, reset, timed out, cut short, an HTTP error. */
  'FETCH',
  /** It is larger than the limit for its kind. */
  'TOO_LARGE',
  /** Compressed data that does not decompress. */
  'COMPRESSION',
  /** A rebuilder's statement or a .buildinfo is malformed, is not signed by its party's keys, or does not say enough. */
  'STATEMENT',
  /** A report, its evidence or a store of evidence was changed, is malformed, or does not fit together. */
  'EVIDENCE',
  /** The report was written, and a service of the CI did not take it: an artifact, an attestation. */
  'PUBLISH',
  /** The network was needed but `--offline` was given. */
  'OFFLINE',
] as const

export type ErrorCode = (typeof ERROR_CODES)[number]

/** A failure that is foreseen: its message is enough for the user, no stack trace is shown. */
export class DebproofError extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(upToLimit(message), options)
    this.name = 'DebproofError'
    this.code = code
  }
}

/** True for a DebproofError, of one of `codes` when any are given. */
export function isDebproofError(error: unknown, ...codes: ErrorCode[]): error is DebproofError {
  return error instanceof DebproofError && (codes.length === 0 || codes.includes(error.code))
}

/** How many causes are looked at: an error may be its own cause. */
const MAX_CAUSES = 8

/** The message of anything thrown, with the messages of its causes. */
export function describeError(error: unknown): string {
  const messages: string[] = []
  let current = error
  for (let depth = 0; depth < MAX_CAUSES && current !== undefined; depth++) {
    // Where every address of a host refuses, Node gathers the refusals and says nothing itself.
    if (current instanceof AggregateError && current.message === '') current = current.errors[0]
    const message = current instanceof Error ? messageOf(current) : String(current)
    if (!messages.some((earlier) => earlier.includes(message))) messages.push(message)
    current = current instanceof Error ? current.cause : undefined
  }
  const text = messages
    .map((message, index) => (index + 1 < messages.length ? message.replace(/\.$/, '') : message))
    .join(': ')
  return upToLimit(text)
}

/** JSON.parse quotes what it reads, which may be any file that somebody named. */
function messageOf(error: Error): string {
  if (error instanceof SyntaxError && error.message.endsWith('is not valid JSON')) return 'it is not valid JSON'
  return error.message || error.name
}

/** Without its middle where it is too long: what is wrong stands before what is quoted, or after it. */
function upToLimit(message: string): string {
  if (message.length <= MAX_MESSAGE) return message
  const half = MAX_MESSAGE / 2
  return `${message.slice(0, half - 1)}…${message.slice(-half)}`
}

/** The errno code (`ENOENT`, `EACCES`, …) of an error of Node's, if it has one. */
export function systemErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || error instanceof DebproofError || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
