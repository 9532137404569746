import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { sha256Of } from '../../src/archive/hash.ts'
import { canonicalOlpc, canonicalRebuilderd } from '../../src/reproduced/canonical-json.ts'
import { type JsonValue, memberOf, parseStrictJson } from '../../src/reproduced/strict-json.ts'
import { jsonOf } from './signed-metablocks.ts'
import { fixture } from './signed-statements.ts'

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8')

const anyValue = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value')),
    fc.array(fc.tuple(fc.string({ unit: 'binary' }), tie('value'))).map((entries) => new Map(entries)),
  ),
})).value

/** The same with the members of every object the other way round. */
function reversed(value: JsonValue): JsonValue {
  if (value instanceof Map) return new Map([...value].reverse().map(([name, member]) => [name, reversed(member)]))
  return Array.isArray(value) ? value.map(reversed) : value
}

describe('OLPC canonical JSON', () => {
  it('is what in-toto signed', () => {
    for (const name of ['rebuild.77f84300.link', 'rebuild.28c1e5f1.link']) {
      const link = parseStrictJson(fixture(name), name, { limit: 1e6, numbers: 'integers' })
      const content = canonicalOlpc(memberOf(link, 'signed') ?? null)
      expect(content).toHaveLength(330)
      expect(sha256Of(content)).toBe('ec31c741b7cdbcf38d7c201c598bcddb9be80ea0fff5cc574baec2179a4a7930')
    }
  })

  it('escapes the quotation mark and the backslash and nothing else', () => {
    const content = canonicalOlpc(jsonOf({ 'a"b': 'one\ntwo\\n\u0001\u00e9\ud83d\ude00', b: [null, true, false, -1] }))
    expect(text(content)).toBe('{"a\\"b":"one\ntwo\\\\n\u0001\u00e9\ud83d\ude00","b":[null,true,false,-1]}')
  })

  it('sorts names by code points, which is not how JavaScript sorts', () => {
    expect(text(canonicalOlpc(jsonOf({ '\ud83d\ude00': 1, '\uffee': 2, B: 3, a: 4, '': 5 })))).toBe(
      '{"":5,"B":3,"a":4,"\uffee":2,"\ud83d\ude00":1}',
    )
  })

  it('sorts any names by their UTF-8 bytes', () => {
    const names = fc.uniqueArray(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), { minLength: 2 })
    fc.assert(
      fc.property(names, (members) => {
        const sorted = [...members].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
        const content = canonicalRebuilderd(new Map(members.map((name) => [name, sorted.indexOf(name)])))
        expect([...text(content).matchAll(/":(\d+)(?=[,}])/g)].map(([, index]) => Number(index))).toEqual(
          sorted.map((_, index) => index),
        )
      }),
    )
  })

  it('makes the bytes of each name once, however many there are', () => {
    const names = Array.from({ length: 2000 }, (_, index) => `\u00e9${(index * 7919) % 2000}`)
    const value = new Map(names.map((name) => [name, null]))
    const from = vi.spyOn(Buffer, 'from')
    canonicalOlpc(value)
    const calls = from.mock.calls.length
    from.mockRestore()
    expect(calls).toBeLessThan(1.5 * names.length)
  })

  it('does not depend on the order of names', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(canonicalOlpc(reversed(value))).toEqual(canonicalOlpc(value))
        expect(canonicalRebuilderd(reversed(value))).toEqual(canonicalRebuilderd(value))
      }),
    )
  })

  it('writes different values differently', () => {
    fc.assert(
      fc.property(anyValue, anyValue, (one, other) => {
        const isSame = text(canonicalRebuilderd(one)) === text(canonicalRebuilderd(other))
        expect(text(canonicalOlpc(one)) === text(canonicalOlpc(other))).toBe(isSame)
      }),
    )
  })

  it('refuses to write what has no canonical form', () => {
    for (const number of [0.5, 2 ** 53, Number.NaN]) expect(() => canonicalOlpc([number])).toThrow(RangeError)
  })
})

describe("rebuilderd's canonical JSON", () => {
  it('escapes as JSON does, but for line feeds', () => {
    const content = canonicalRebuilderd(jsonOf({ b: 'one\ntwo\ttab\u00e9"', a: 'back\\new' }))
    expect(text(content)).toBe('{"a":"back\\\new","b":"one\ntwo\\ttab\u00e9\\""}')
  })

  it('is JSON of the same value where there is no line feed', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const content = canonicalRebuilderd(value)
        fc.pre(!content.includes(0x0a))
        expect(canonicalRebuilderd(parseStrictJson(content, 'it', { limit: 1e6, numbers: 'any' }))).toEqual(content)
      }),
    )
  })
})
