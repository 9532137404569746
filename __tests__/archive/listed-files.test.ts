import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FileHashes, hashWords, readHash } from '../../src/archive/file-hashes.ts'
import { FileNamer, HashCollector } from '../../src/archive/listed-files.ts'
import { NamePatterns } from '../../src/archive/name-patterns.ts'
import { type FileTaker, StanzaScanner, WantedNames } from '../../src/archive/stanza-scanner.ts'
import { MAX_INDEX_FILES, MAX_NAMED_FILES } from '../../src/limits.ts'

const HASHES = ['a', 'b', 'c', '0'].map((digit) => digit.repeat(64))
const anyHash = fc.constantFrom(...HASHES)

/** Lines of a stanza behind its first, some of which apt takes for its SHA-256 and some nobody should. */
const anyLine = fc.oneof(
  { weight: 4, arbitrary: anyHash.map((hash) => `SHA256: ${hash}`) },
  anyHash.map((hash) => `sha256: ${hash}`),
  anyHash.map((hash) => `SHA256 : ${hash}`),
  anyHash.map((hash) => `SHA256:${hash}`),
  anyHash.map((hash) => `SHA256: ${hash.toUpperCase()}0`),
  anyHash.map((hash) => `SHA256: ${hash} `),
  anyHash.map((hash) => `SHA256:\n ${hash}`),
  anyHash.map((hash) => `SHA256: ${hash}\n folded`),
  anyHash.map((hash) => ` SHA256: ${hash}`),
  anyHash.map((hash) => `X-SHA256: ${hash}`),
  fc.constantFrom('nothing', 'SHA256', 'SHA256:', 'Description: text', 'Size: 1', 'SHA2567: x', 'S: y'),
)

function scan(text: string, cuts: readonly number[], taker: FileTaker, refuseHidden = true): void {
  const scanner = new StanzaScanner({
    wanted: new WantedNames([]),
    refuseHidden,
    onStanza: () => {},
    files: taker,
  })
  const bytes = Buffer.from(text, 'latin1')
  const places = [0, ...[...cuts].map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  for (const [index, start] of places.slice(0, -1).entries()) scanner.push(bytes.subarray(start, places[index + 1]))
  scanner.end()
}

/** What must be taken of a stanza: its hash where each line that looks like that field is written as usual and alike. */
function expected(stanza: string): string {
  // A line without a colon takes the next field's name away, for apt.
  if (/^[^ \t\n:][^:\n]*\n(?:[ \t][^:\n]*\n)*sha256[\s:]/im.test(`${stanza}\n`)) return 'none'
  const fields = [...`${stanza}\n`.matchAll(/^sha256(?=[\s:]).*(?:\n[ \t].*)*/gim)].map(([field]) => field)
  const usual = /^SHA256: ([0-9a-f]{64})$/.exec(new Set(fields).size === 1 ? (fields[0] ?? '') : '')
  return usual?.[1] ?? 'none'
}

describe('the files of an index', () => {
  it('are known by their hashes, and a stanza that states none, or two, or one in another form has none, however the index is cut', () => {
    const anyStanza = fc
      .array(anyLine, { maxLength: 4 })
      .map((lines) => ['Package: hello', 'Version: 1', ...lines].join('\n'))
    fc.assert(
      fc.property(fc.array(anyStanza, { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 4 }), (stanzas, cuts) => {
        const taken: string[] = []
        const scanned = (): void =>
          scan(stanzas.join('\n\n'), cuts, {
            take: (hash) => taken.push(hash === undefined ? 'none' : hexOf(hash)),
          })
        // With no colon behind it, it takes the next stanza.
        if (stanzas.some((stanza) => /\n[^ \t\n]/.test(stanza.slice(stanza.lastIndexOf(':'))))) {
          expect(scanned).toThrow(/ends with a line without a colon/)
          return
        }
        scanned()
        expect(taken.sort()).toEqual(stanzas.map(expected).sort())
      }),
      { numRuns: 1000 },
    )
  })

  it('are known by what stands last where nothing is hidden, as in an upstream', () => {
    const anyStanza = fc
      .array(anyLine, { maxLength: 4 })
      .map((lines) => ['Package: hello', 'Version: 1', ...lines].join('\n'))
    fc.assert(
      fc.property(fc.array(anyStanza, { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 4 }), (stanzas, cuts) => {
        const taken: string[] = []
        const take: FileTaker['take'] = (hash) => taken.push(hash === undefined ? 'none' : hexOf(hash))
        scan(stanzas.join('\n\n'), cuts, { take }, false)
        const last = stanzas.map((stanza) => {
          const fields = [...stanza.matchAll(/^SHA256: .*(?:\n[ \t].*)*/gm)].map(([field]) => field)
          return /^SHA256: ([0-9a-f]{64})$/.exec(fields.at(-1) ?? '')?.[1] ?? 'none'
        })
        expect(taken.sort()).toEqual(last.sort())
      }),
      { numRuns: 1000 },
    )
  })

  it('are taken from stanzas of another order too, which are parsed whole', () => {
    const [a = '', b = ''] = HASHES
    const collector = new HashCollector()
    scan(
      `SHA256: ${a}\nPackage: hello\n\nVersion: 1\nPackage: other\nsha256:  ${b}\n\nSize: 1\nPackage: more\n`,
      [],
      collector,
    )
    const { hashes, unhashed } = collector.finish()
    expect([hashes.toSorted(), unhashed]).toEqual([[a, b], 1])
  })

  it('are told apart by whether the archive may deliver their name', () => {
    const [a = '', b = ''] = HASHES
    const collector = new HashCollector(new NamePatterns(['vendor-*']))
    scan(`Package: vendor-tool\nSHA256: ${a}\n\nPackage: hello\nSHA256: ${b}\n`, [], collector)
    const { hashes, mayBeDelivered } = collector.finish()
    expect([hashes.toSorted(), mayBeDelivered.toSorted()]).toEqual([[a, b], [a]])
  })

  it('are named where they are looked for, and where they have no hash', () => {
    const [a = '', b = ''] = HASHES
    const rest = ['Version: 1', 'Architecture: amd64', 'Filename: pool/x.deb', 'Size: 1'].join('\n')
    const namer = new FileNamer(setOf([b]))
    const index = `Package: one\nSHA256: ${a}\n${rest}\n\nPackage: two\nSHA256: ${b}\n${rest}\n\nPackage: three\n${rest}\n`
    scan(index, [], namer)
    expect(namer.files).toMatchObject([
      { kind: 'entry', entry: { name: 'two', file: { sha256: b } } },
      { kind: 'unreadable', name: 'three', version: '1', architecture: 'amd64' },
    ])
  })
})

function hexOf(hash: Uint32Array): string {
  return [...hash].map((word) => word.toString(16).padStart(8, '0')).join('')
}

function setOf(hashes: readonly string[]): FileHashes {
  const set = new FileHashes()
  const words = hashWords()
  for (const hash of hashes) {
    readHash(Buffer.from(hash), 0, words)
    set.add(words)
  }
  return set
}

const NOTHING = Buffer.alloc(0)

describe('what an index may list', () => {
  const numbered = (number: number, words: Uint32Array): Uint32Array => {
    words[0] = number
    words[7] = 1
    return words
  }

  it('is so many files, and one more refuses it', () => {
    const collector = new HashCollector()
    const words = hashWords()
    for (let number = 0; number < MAX_INDEX_FILES; number++) collector.take(numbered(number, words), NOTHING, 0, 0)
    expect(collector.finish().hashes.size).toBe(MAX_INDEX_FILES)
    expect(() => collector.take(undefined, NOTHING, 0, 0)).toThrow(`more than ${MAX_INDEX_FILES} files`)
  })

  it('is read a second time for so many files, and no more', () => {
    const namer = new FileNamer(new FileHashes())
    for (let number = 0; number <= MAX_NAMED_FILES; number++) namer.take(undefined, NOTHING, 0, 0)
    expect(namer.files).toHaveLength(MAX_NAMED_FILES)
  })
})
