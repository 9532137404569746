import { DebproofError } from '../errors.ts'
import { MAX_JSON_DEPTH, MAX_JSON_NUMBER, MAX_JSON_VALUES } from '../limits.ts'

/** A parsed JSON text. Objects are maps, in which a member named `__proto__` is one like any other. */
export type JsonValue = null | boolean | number | string | JsonArray | JsonObject
export type JsonArray = readonly JsonValue[]
export type JsonObject = ReadonlyMap<string, JsonValue>

export interface JsonRules {
  /** The largest text, in bytes. */
  readonly limit: number
  /**
   * `integers` refuses every number that canonical JSON cannot write: fractions, exponents, `-0`, and what a double
   * does not hold exactly. A reader that rounds would check another text than was signed.
   */
  readonly numbers: 'integers' | 'any'
}

/**
 * Parses JSON (RFC 8259) that may be hostile. Where readers of JSON differ it takes neither side and refuses, as
 * I-JSON asks (RFC 7493, 2): UTF-8 that is none, a byte order mark, half a surrogate pair, a number out of range,
 * and a name that an object has twice, of which `JSON.parse` silently keeps the last.
 *
 * @param what names the text in errors, such as its URL
 * @throws DebproofError STATEMENT, TOO_LARGE
 */
export function parseStrictJson(bytes: Uint8Array, what: string, { limit, numbers }: JsonRules): JsonValue {
  if (bytes.length > limit) throw new DebproofError('TOO_LARGE', `${what} is larger than ${limit} bytes.`)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (error) {
    throw new DebproofError('STATEMENT', `${what} is not UTF-8, as JSON must be.`, { cause: error })
  }
  return new Parser(text, what, numbers).parse()
}

/** The object, where the value is one. */
export function asObject(value: JsonValue | undefined): JsonObject | undefined {
  return value instanceof Map ? value : undefined
}

/** The array, where the value is one. */
export function asArray(value: JsonValue | undefined): JsonArray | undefined {
  return Array.isArray(value) ? value : undefined
}

/** The string, where the value is one. */
export function asString(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** The number, where the value is one without a fraction that a double holds exactly. */
export function asInteger(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined
}

/** What stands at the end of a path of member names, where each on the way is an object that has the next. */
export function memberOf(value: JsonValue | undefined, ...path: readonly string[]): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>((at, name) => asObject(at)?.get(name), value)
}

const WORDS: readonly (readonly [string, JsonValue])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
]

class Parser {
  readonly #text: string
  readonly #what: string
  readonly #numbers: JsonRules['numbers']
  #position = 0
  #values = 0

  constructor(text: string, what: string, numbers: JsonRules['numbers']) {
    this.#text = text
    this.#what = what
    this.#numbers = numbers
  }

  parse(): JsonValue {
    const value = this.#value(0)
    this.#skipBlanks()
    if (this.#position < this.#text.length) throw this.#malformed('there is something after its end')
    return value
  }

  #value(depth: number): JsonValue {
    this.#values += 1
    if (this.#values > MAX_JSON_VALUES) throw this.#malformed(`there are more than ${MAX_JSON_VALUES} values`)
    this.#skipBlanks()
    const first = this.#text[this.#position]
    if (first === undefined) throw this.#malformed('it ends too early')
    if (first === '{' || first === '[') {
      if (depth >= MAX_JSON_DEPTH) throw this.#malformed(`it is more than ${MAX_JSON_DEPTH} levels deep`)
      return first === '{' ? this.#object(depth + 1) : this.#array(depth + 1)
    }
    if (first === '"') return this.#string()
    if (first === '-' || (first >= '0' && first <= '9')) return this.#number()
    for (const [word, value] of WORDS) {
      if (!this.#text.startsWith(word, this.#position)) continue
      this.#position += word.length
      return value
    }
    throw this.#malformed('a value is expected')
  }

  #object(depth: number): JsonObject {
    const members = new Map<string, JsonValue>()
    this.#position += 1
    if (this.#takes('}')) return members
    do {
      this.#skipBlanks()
      if (this.#text[this.#position] !== '"') throw this.#malformed('the name of a member is expected')
      const name = this.#string()
      if (members.has(name)) throw this.#malformed(`an object has two members ${JSON.stringify(name.slice(0, 80))}`)
      if (!this.#takes(':')) throw this.#malformed('a colon is expected')
      members.set(name, this.#value(depth))
    } while (this.#takes(','))
    if (!this.#takes('}')) throw this.#malformed('a comma or the end of the object is expected')
    return members
  }

  #array(depth: number): JsonArray {
    const items: JsonValue[] = []
    this.#position += 1
    if (this.#takes(']')) return items
    do items.push(this.#value(depth))
    while (this.#takes(','))
    if (!this.#takes(']')) throw this.#malformed('a comma or the end of the array is expected')
    return items
  }

  #string(): string {
    const begin = this.#position
    let isEscaped = false
    for (;;) {
      this.#position += 1
      const character = this.#text[this.#position]
      if (character === undefined) throw this.#malformed('it ends inside a string')
      if (character === '"') break
      if (character < ' ') throw this.#malformed('a control character stands unescaped in a string')
      if (character === '\\') {
        isEscaped = true
        this.#position += 1
      }
    }
    this.#position += 1
    const written = this.#text.slice(begin, this.#position)
    const string = isEscaped ? this.#unescape(written) : written.slice(1, -1)
    if (/\p{Surrogate}/u.test(string)) throw this.#malformed('a string has half a surrogate pair')
    return string
  }

  /** The string is whole here, so all that can be wrong with it is an escape. */
  #unescape(written: string): string {
    try {
      return String(JSON.parse(written))
    } catch (error) {
      throw this.#malformed('a string has an escape that JSON does not know', error)
    }
  }

  #number(): number {
    const begin = this.#position
    while (/[-+.0-9eE]/.test(this.#text[this.#position] ?? '')) {
      this.#position += 1
      if (this.#position - begin > MAX_JSON_NUMBER) throw this.#malformed('a number is too long')
    }
    const written = this.#text.slice(begin, this.#position)
    if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(written)) throw this.#malformed('a number is malformed')
    const number = Number(written)
    if (!Number.isFinite(number)) throw this.#malformed('a number is out of range')
    if (this.#numbers === 'integers' && String(number) !== written) {
      throw this.#malformed(`the number ${written} is no integer that canonical JSON can write`)
    }
    if (this.#numbers === 'integers' && !Number.isSafeInteger(number)) throw this.#malformed('an integer is too large')
    return number
  }

  /** Whether the next character beside blanks is this one; it is then passed. */
  #takes(character: string): boolean {
    this.#skipBlanks()
    if (this.#text[this.#position] !== character) return false
    this.#position += 1
    return true
  }

  #skipBlanks(): void {
    for (;;) {
      const character = this.#text[this.#position]
      if (character !== ' ' && character !== '\n' && character !== '\r' && character !== '\t') return
      this.#position += 1
    }
  }

  #malformed(problem: string, cause?: unknown): DebproofError {
    const at = `at character ${this.#position + 1}`
    return new DebproofError('STATEMENT', `${this.#what} is not usable as JSON: ${problem}, ${at}.`, { cause })
  }
}
