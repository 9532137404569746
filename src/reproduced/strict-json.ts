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

const TAB = 0x09
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const SPACE = 0x20
const QUOTE = 0x22
const BACKSLASH = 0x5c

/** Sticky: it begins where it is told to. */
const NUMBER_CHARACTERS = /[-+.0-9eE]*/y

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
      if (!this.#takes(':')) throw this.#malformed('a colon is expected')
      const before = members.size
      members.set(name, this.#value(depth))
      if (members.size === before) {
        throw this.#malformed(`an object has two members ${JSON.stringify(name.slice(0, 80))}`)
      }
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
    const text = this.#text
    const begin = this.#position
    let end = begin + 1
    let isEscaped = false
    for (; ; end++) {
      const code = text.charCodeAt(end)
      if (code === QUOTE) break
      if (code === BACKSLASH) {
        isEscaped = true
        end += 1
      } else if (code < SPACE || Number.isNaN(code)) {
        this.#position = Math.min(end, text.length)
        const problem =
          end < text.length ? 'a control character stands unescaped in a string' : 'it ends inside a string'
        throw this.#malformed(problem)
      }
    }
    this.#position = end + 1
    if (!isEscaped) return text.slice(begin + 1, end)
    const string = this.#unescape(text.slice(begin, end + 1))
    // UTF-8 has none, so only an escape can write one.
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
    NUMBER_CHARACTERS.lastIndex = this.#position
    const [written = ''] = NUMBER_CHARACTERS.exec(this.#text) ?? []
    if (written.length > MAX_JSON_NUMBER) throw this.#malformed('a number is too long')
    this.#position += written.length
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
      const code = this.#text.charCodeAt(this.#position)
      if (code !== SPACE && code !== LINE_FEED && code !== CARRIAGE_RETURN && code !== TAB) return
      this.#position += 1
    }
  }

  #malformed(problem: string, cause?: unknown): DebproofError {
    const at = `at character ${this.#position + 1}`
    return new DebproofError('STATEMENT', `${this.#what} is not usable as JSON: ${problem}, ${at}.`, { cause })
  }
}
