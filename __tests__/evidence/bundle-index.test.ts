import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DebproofError } from '../../src/errors.ts'
import { filesOf, parseIndex, type RunIndex, serializeIndex } from '../../src/evidence/bundle-index.ts'

const hex = (digit: string): string => digit.repeat(64)

const INDEX: RunIndex = {
  version: 1,
  tool: { name: 'debproof', version: '1' },
  run: {
    folder: '/build',
    release: null,
    at: '2026-06-01T12:00:00Z',
    environment: {},
    offline: false,
    deep: false,
    shard: null,
    system: null,
  },
  inputs: [{ path: 'policy', sha256: hex('1'), size: 1 }],
  lists: [{ path: 'build.packages', format: 'dpkg-query', sha256: hex('2'), size: 2 }],
  images: [{ name: 'live.iso', sha256: hex('3') }],
  fetched: [
    { url: 'http://h/InRelease', look: 1, sha256: hex('4'), size: 4, complete: true, kept: true },
    { url: 'http://h/a.deb', look: 1, sha256: hex('5'), size: 5, complete: true, kept: false },
    { url: 'http://h/b', look: 2, code: 'FETCH', message: 'no', cause: null, status: 403 },
    { folder: 'file:///lists/', names: ['a'], failure: null },
  ],
  keys: [{ fingerprint: 'A'.repeat(40), sha256: hex('6'), size: 6 }],
  signed: [{ document: hex('4'), text: hex('7'), signature: hex('8') }],
}

describe('the index of evidence', () => {
  it('comes back as it was written', () => {
    expect(parseIndex(serializeIndex(INDEX), 'index.json')).toEqual(INDEX)
    const merged = { version: 1 as const, tool: INDEX.tool, parts: [hex('a'), hex('b')] }
    expect(parseIndex(serializeIndex(merged), 'index.json')).toEqual(merged)
  })

  it('names every file that is kept, and no other', () => {
    expect([...filesOf(INDEX).keys()].sort()).toEqual(['1', '2', '4', '6', '7', '8'].map(hex))
  })

  it('has one value a line, for readers that are not of JSON', () => {
    const lines = Buffer.from(serializeIndex(INDEX)).toString('utf8').split('\n')
    for (const line of lines)
      expect(line).toMatch(/^ *(?:[[\]{}]+,?|"[^"]*": (?:[[{]|\[\],?|\{\},?|[^[{].*)|"[^"]*",?)?$/)
  })

  it.each([
    ['no JSON', 'nothing'],
    ['another version', JSON.stringify({ ...INDEX, version: 2 })],
    ['a key too many', JSON.stringify({ ...INDEX, more: 1 })],
    ['a name that is no hash', JSON.stringify({ ...INDEX, images: [{ name: 'a', sha256: '../../etc/passwd' }] })],
    ['an error that there is not', JSON.stringify({ ...INDEX, fetched: [{ ...INDEX.fetched[2], code: 'FINE' }] })],
    ['no part', JSON.stringify({ version: 1, tool: INDEX.tool, parts: [] })],
  ])('with %s is refused', (_, text) => {
    expect(() => parseIndex(Buffer.from(text), 'index.json')).toThrow(
      expect.objectContaining({ code: 'EVIDENCE', message: expect.stringMatching(/^index\.json is /) }),
    )
  })

  it('never makes its reader throw anything but a DebproofError', () => {
    const changes = fc.tuple(fc.constantFrom(...Object.keys(INDEX)), fc.jsonValue())
    fc.assert(
      fc.property(fc.array(changes, { maxLength: 3 }), (changed) => {
        const bytes = Buffer.from(JSON.stringify({ ...INDEX, ...Object.fromEntries(changed) }))
        try {
          filesOf(parseIndex(bytes, 'index.json'))
        } catch (error) {
          expect(error).toBeInstanceOf(DebproofError)
        }
      }),
    )
  })
})
