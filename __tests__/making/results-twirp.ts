/** An error that reaches the client as a Twirp JSON error, whose `msg` the toolkit reports. */
export class TwirpError extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

/** What the toolkit takes for a quota that is used up: it looks for these words. */
export const QUOTA_ERROR = new TwirpError(403, 'permission_denied', 'insufficient usage to store this')

/** The fields of a call. */
export class Call {
  readonly #fields: ReadonlyMap<string, unknown>

  constructor(body: string) {
    const parsed: unknown = JSON.parse(body)
    if (typeof parsed !== 'object' || parsed === null) throw invalid('the request is no object')
    this.#fields = new Map(Object.entries(parsed))
  }

  text(name: string): string {
    const value = this.optional(name)
    if (value === undefined) throw invalid(`${name} is missing`)
    return value
  }

  optional(name: string): string | undefined {
    const value = this.#fields.get(name)
    if (value === undefined || typeof value === 'string') return value
    throw invalid(`${name} is no text`)
  }

  number(name: string): number {
    const value = this.#fields.get(name)
    if (typeof value !== 'number') throw invalid(`${name} is no number`)
    return value
  }

  /** Empty where it is absent, as the clients leave out what is empty. */
  texts(name: string): string[] {
    const value = this.#fields.get(name) ?? []
    if (!Array.isArray(value)) throw invalid(`${name} is no list`)
    return value.map(String)
  }
}

function invalid(message: string): TwirpError {
  return new TwirpError(400, 'invalid_argument', message)
}

export type TwirpMethods = Readonly<Record<string, (call: Call) => object>>
