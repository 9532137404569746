import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DebproofError } from '../../src/errors.ts'
import { formatTimestamp, parseFirstSeen, parseRunList, parseTimestamp } from '../../src/identical/snapshot-answers.ts'

const bytes = (value: unknown): Buffer => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
const URL_ASKED = 'https://snapshot.example/mr/timestamp/'

describe('a timestamp', () => {
  it.each([
    '20210331',
    '2021-03-31T15:00:00Z',
    '20210331T150000',
    '20210331t150000z',
    '20210229T150000Z',
    '20210331T240000Z',
    '20210331T150060Z',
    ' 20210331T150000Z',
    '20210331T150000Z\n',
    '20210331T150000Z/..',
    '../20210331T150000Z',
    '',
  ])('is not %j', (text) => {
    expect(parseTimestamp(text)).toBeUndefined()
  })

  it('of every second is read as it was written', () => {
    expect(parseTimestamp('20210331T150000Z')).toBe(Date.parse('2021-03-31T15:00:00Z'))
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 253_402_300_799 }), (seconds) => {
        expect(parseTimestamp(formatTimestamp(seconds * 1000))).toBe(seconds * 1000)
      }),
    )
  })
})

describe('a list of runs', () => {
  it('is sorted, each once, of the archive in question; none where the service has none to name', () => {
    const result = { debian: ['20210331T210000Z', '20210331T150000Z', '20210331T210000Z'], other: ['20200101T000000Z'] }
    expect(parseRunList(bytes({ _api: '0.3', result }), 'debian', URL_ASKED)).toEqual([
      '20210331T150000Z',
      '20210331T210000Z',
    ])
    expect(parseRunList(bytes({ result: {} }), 'debian', URL_ASKED)).toEqual([])
  })

  it.each([
    'null',
    '[]',
    '{}',
    '{"result": null}',
    '{"result": {"debian": {}}}',
    '{"result": {"debian": [1]}}',
    '{"result": {"debian": ["20210331T150000Z", "20210331"]}}',
    '{"result": {"debian": ["20210331T150000Z"]}} trailing',
    '\xff\xfe',
  ])('is not %s', (text) => {
    const list = Buffer.from(text, 'latin1')
    expect(() => parseRunList(list, 'debian', URL_ASKED)).toThrow(/snapshot\.example.*as a snapshot service does/)
  })

  it('throws nothing but a DebproofError, and names nothing but runs', () => {
    const answers = fc.oneof(
      fc.json(),
      fc.string(),
      fc.record({
        result: fc.oneof(fc.anything(), fc.dictionary(fc.constantFrom('debian', '__proto__'), fc.jsonValue())),
      }),
    )
    fc.assert(
      fc.property(answers, (answer) => {
        try {
          for (const run of parseRunList(bytes(answer ?? null), 'debian', URL_ASKED))
            expect(run).toMatch(/^\d{8}T\d{6}Z$/)
        } catch (error) {
          if (error instanceof TypeError && /BigInt|circular/i.test(error.message)) return
          expect(error).toBeInstanceOf(DebproofError)
        }
      }),
    )
  })
})

describe('what is known of the files of a package', () => {
  const A = 'a'.repeat(40)
  const B = 'b'.repeat(40)
  const seen = (archive: string, first_seen: string) => ({
    archive_name: archive,
    first_seen,
    name: 'x',
    path: '/',
    size: 1,
  })
  const answer = {
    binary: 'hello',
    binary_version: '1.0-1',
    result: [
      { architecture: 'amd64', hash: A },
      { architecture: 'i386', hash: B },
      { architecture: 'all', hash: 'unknown' },
    ],
    fileinfo: {
      [A]: [seen('debian', '20210331T210000Z'), seen('debian-security', '20200331T210000Z')],
      [B]: [seen('debian', '20190331T210000Z')],
    },
  }

  it('is when those of an architecture and an archive were first seen', () => {
    const ask = (hints: Parameters<typeof parseFirstSeen>[1]): string[] =>
      parseFirstSeen(bytes(answer), hints, URL_ASKED)
    expect(ask({ archive: 'debian', architectures: ['amd64', 'all'] })).toEqual(['20210331T210000Z'])
    expect(ask({ archive: 'debian-security', architectures: ['amd64'] })).toEqual(['20200331T210000Z'])
    expect(ask({ archive: 'debian' })).toEqual(['20190331T210000Z', '20210331T210000Z'])
    expect(ask({ archive: 'debian-ports' })).toEqual([])
  })

  it('is the same for a source package, whose files have no architecture', () => {
    const source = { ...answer, result: [{ hash: A }] }
    expect(parseFirstSeen(bytes(source), { archive: 'debian' }, URL_ASKED)).toEqual(['20210331T210000Z'])
  })

  it('is refused where a time is none', () => {
    const hostile = { ...answer, fileinfo: { [A]: [seen('debian', '../../file')] } }
    expect(() => parseFirstSeen(bytes(hostile), { archive: 'debian' }, URL_ASKED)).toThrow(/fileinfo/)
  })

  it('throws nothing but a DebproofError, and names nothing but runs', () => {
    const hash = fc.constantFrom(A, B, '__proto__', 'constructor', 'toString')
    const answers = fc.record({
      result: fc.array(fc.record({ hash, architecture: fc.constantFrom('amd64', 'all', undefined) })),
      fileinfo: fc.dictionary(hash, fc.oneof(fc.jsonValue(), fc.constant([seen('debian', '20210331T210000Z')]))),
    })
    fc.assert(
      fc.property(answers, (value) => {
        try {
          for (const run of parseFirstSeen(bytes(value), { archive: 'debian' }, URL_ASKED))
            expect(run).toMatch(/^\d{8}T\d{6}Z$/)
        } catch (error) {
          expect(error).toBeInstanceOf(DebproofError)
        }
      }),
    )
  })
})
