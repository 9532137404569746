import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_JSON_DEPTH, MAX_JSON_VALUES } from '../../src/limits.ts'
import {
  asArray,
  asInteger,
  asObject,
  asString,
  type JsonRules,
  type JsonValue,
  memberOf,
  parseStrictJson,
} from '../../src/reproduced/strict-json.ts'

const RULES: JsonRules = { limit: 10_000_000, numbers: 'any' }

function parse(text: string | Uint8Array, rules: Partial<JsonRules> = {}): JsonValue {
  return parseStrictJson(Buffer.from(text), 'a.json', { ...RULES, ...rules })
}

/** The value as `JSON.parse` has it; a member `__proto__` stays a member. */
function plain(value: JsonValue): unknown {
  const object = asObject(value)
  if (object !== undefined) {
    const entries = [...object].map(([name, member]) => [name, plain(member)] as const)
    return Object.fromEntries(entries)
  }
  return asArray(value)?.map(plain) ?? value
}

const malformed = (pattern: RegExp) =>
  expect.objectContaining({ code: 'STATEMENT', message: expect.stringMatching(pattern) })

const error = (work: () => unknown): unknown => {
  try {
    return { was: work() }
  } catch (thrown) {
    return thrown
  }
}

describe('the strict JSON parser', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'binary' }), fc.constantFrom(undefined, 1, '\t'), (text, space) => {
        const value: unknown = JSON.parse(text)
        expect(plain(parse(JSON.stringify(value, null, space)))).toEqual(value)
      }),
    )
  })

  it('refuses what JSON.parse refuses, and reads the rest alike, but for names given twice and half pairs', () => {
    const tokens = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"b"',
      '1',
      '-',
      '0',
      '.5',
      'e1',
      'true',
      'nul',
      'null',
      ' ',
      '"\\u00e9"',
      '"\\x"',
      '"\n"',
      '\u00a0',
    ]
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...tokens), { maxLength: 9 }), (parts) => {
        const text = parts.join('')
        const expected = error(() => JSON.parse(text))
        const got = error(() => plain(parse(text)))
        if (expected instanceof SyntaxError) expect(got).toEqual(malformed(/^a\.json is not usable as JSON: /))
        else if (!(got instanceof Error && got.message.includes('two members'))) expect(got).toEqual(expected)
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['{"a":1,"a":1}', /two members "a"/],
    ['{"a":{"b":[{"c":1,"\\u0063":2}]}}', /two members "c"/],
    ['{"__proto__":1,"__proto__":2}', /two members "__proto__"/],
    ['"\\ud800"', /half a surrogate pair/],
    ['"\\udc00\\ud800"', /half a surrogate pair/],
    ['1e999', /out of range/],
    [`${'1'.repeat(2000)}`, /too long/],
    ['{"a":1} x', /after its end/],
    ['\ufeff{}', /a value is expected/],
    ['', /ends too early/],
    ['"abc', /ends inside a string/],
    ['"abc\\', /ends inside a string/],
    ['"\u0000"', /control character/],
    [`${'['.repeat(MAX_JSON_DEPTH + 1)}`, /levels deep/],
    [`[${'1,'.repeat(MAX_JSON_VALUES)}1]`, /more than \d+ values/],
  ])('refuses %.40s', (text, pattern) => {
    expect(error(() => parse(text))).toEqual(malformed(pattern))
  })

  it('reads as deep as the limit and no deeper', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
    expect(parse(nested(MAX_JSON_DEPTH))).toBeDefined()
    expect(error(() => parse(nested(MAX_JSON_DEPTH + 1)))).toEqual(malformed(/levels deep/))
  })

  it('refuses bytes that are no UTF-8', () => {
    for (const bytes of [
      [0x22, 0xff, 0x22],
      [0x22, 0xc0, 0x80, 0x22],
      [0x22, 0xed, 0xa0, 0x80, 0x22],
    ]) {
      expect(error(() => parse(Buffer.from(bytes)))).toEqual(malformed(/not UTF-8/))
    }
  })

  it('refuses more bytes than the caller allows', () => {
    expect(error(() => parse('"12345"', { limit: 6 }))).toMatchObject({ code: 'TOO_LARGE' })
    expect(parse('"1234"', { limit: 6 })).toBe('1234')
  })

  it('keeps a member named __proto__ as one like any other', () => {
    const value = parse('{"__proto__":{"polluted":true},"constructor":1}')
    expect(memberOf(value, '__proto__', 'polluted')).toBe(true)
    expect(memberOf(value, 'polluted')).toBeUndefined()
    expect(memberOf(value, 'toString')).toBeUndefined()
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
  })

  it.each(['1.0', '1e2', '-0', '0.5', '9007199254740993', '9007199254740992', '1E2', '123456789012345678901234'])(
    'refuses the number %s where canonical JSON is to be written',
    (text) => {
      expect(error(() => parse(`{"a":[${text}]}`, { numbers: 'integers' }))).toEqual(malformed(/number|integer/))
      expect(asArray(memberOf(parse(`{"a":[${text}]}`), 'a'))).toEqual([JSON.parse(text)])
    },
  )

  it('reads integers exactly', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (number) => {
        fc.pre(!Object.is(number, -0))
        expect(asInteger(parse(String(number), { numbers: 'integers' }))).toBe(number)
      }),
    )
  })

  it('tells a string that ends too early from one with a control character', () => {
    for (const text of ['"a', '"', '"a\\', '["\\"']) expect(() => parse(text)).toThrow(/it ends inside a string/)
    for (const text of ['"a\n"', '"\u0000"', '"\u001f']) expect(() => parse(text)).toThrow(/control character/)
  })

  it('takes a large text in little time', () => {
    const strings = JSON.stringify(['\\'.repeat(1_000_000), 'a'.repeat(1_000_000), '\u00e9'.repeat(500_000)])
    const begin = performance.now()
    expect(plain(parse(strings))).toEqual(JSON.parse(strings))
    expect(performance.now() - begin).toBeLessThan(2000)
  })
})

describe('the accessors', () => {
  it('are undefined for every other shape', () => {
    const shapes: JsonValue[] = [null, true, 1.5, 's', [], new Map()]
    expect(shapes.map((value) => asString(value) !== undefined)).toEqual([false, false, false, true, false, false])
    expect(shapes.map((value) => asArray(value) !== undefined)).toEqual([false, false, false, false, true, false])
    expect(shapes.map((value) => asObject(value) !== undefined)).toEqual([false, false, false, false, false, true])
    expect(shapes.map((value) => asInteger(value) !== undefined)).toEqual([false, false, false, false, false, false])
    expect(shapes.map((value) => memberOf(value, 'length'))).toEqual(shapes.map(() => undefined))
    expect(memberOf(undefined, 'a')).toBeUndefined()
  })
})
