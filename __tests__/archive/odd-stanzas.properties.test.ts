import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type IndexFacts, scanIndex } from '../../src/archive/read-index.ts'
import { WantedNames } from '../../src/archive/stanza-scanner.ts'
import { anyOddFields } from '../making/odd-fields.ts'
import { binaryStanza } from '../making/served-archive.ts'
import { sha256Hex } from '../making/signed-archive.ts'

const EVIL = sha256Hex('evil')
const BEFORE = binaryStanza('before')
const BEHIND = binaryStanza('behind')
const LINES = binaryStanza('hello').trimEnd().split('\n')

async function read(index: string, refuseHidden: boolean): Promise<IndexFacts> {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(index, 'latin1')
  }
  const request = { kind: 'Packages', wanted: new WantedNames(['before', 'hello', 'behind']), refuseHidden } as const
  return await scanIndex(chunks(), 'plain', {}, { ...request, files: 'hashes' }, 'http://example.org/Packages')
}

/** As apt: a name goes to the next colon, wherever that is, also in the next stanza; the last field of a name counts. */
function readByApt(index: string): Map<string, string | undefined> {
  const found = new Map<string, string | undefined>()
  let name: string | undefined
  let hash: string | undefined
  for (let rest = `${index}\n`; rest !== ''; ) {
    const [field, fieldName = '', value = ''] = /^([^:]*):((?:[^\n]|\n[ \t])*)\n/.exec(rest) ?? [rest]
    if (fieldName.trim().toLowerCase() === 'package') name = value.trim()
    if (fieldName.trim().toLowerCase() === 'sha256') hash = value.trim()
    rest = rest.slice(field.length)
    if (!rest.startsWith('\n') && rest !== '') continue
    if (name !== undefined) found.set(name, hash)
    name = undefined
    hash = undefined
    rest = rest.replace(/^\n+/, '')
  }
  return found
}

/** As those who go by lines and take the first. */
function readByLines(stanza: string): string | undefined {
  return /^sha256[ \t]*:\s*(\S*)/im.exec(stanza)?.[1]
}

/** As debootstrap: it knows the field in one case alone, and keeps what it had where a stanza has none. */
function readByDebootstrap(index: string): string | undefined {
  let [name, hash]: (string | undefined)[] = []
  for (const line of index.split('\n')) {
    name = /^Package:\s*(.*)$/.exec(line)?.[1] ?? name
    hash = /^SHA256:\s*(.*)$/.exec(line)?.[1]?.trim() ?? hash
    if (line === '' && name === 'hello') return hash
  }
  return hash
}

describe('a stanza that is odd in any field but its Package', () => {
  const anyStanza = anyOddFields([EVIL, sha256Hex('hello 1')]).map((apply) => apply(LINES).join('\n'))

  it('changes nothing for any other package, of a project and of an upstream', async () => {
    await fc.assert(
      fc.asyncProperty(anyStanza, fc.boolean(), async (odd, refuseHidden) => {
        const index = [BEFORE, `${odd}\n`, BEHIND].join('\n')
        const { entries, unclear } = await read(index, refuseHidden)
        const sound = (await read([BEFORE, BEHIND].join('\n'), refuseHidden)).entries
        expect(entries.filter(({ name }) => name !== 'hello')).toEqual(sound)
        for (const { name, file } of sound) expect(readByApt(index).get(name)).toBe(file.sha256)
        // It is read, or it is told.
        expect(entries.length - sound.length + unclear.length).toBe(1)
        for (const one of unclear) expect(one).toMatchObject({ name: 'hello', number: 2, count: 1 })
      }),
      { numRuns: 500 },
    )
  })

  it('is taken for the file that every reader takes, or for none: also of those that compare whole archives', async () => {
    await fc.assert(
      fc.asyncProperty(anyStanza, async (odd) => {
        const index = [BEFORE, `${odd}\n`, BEHIND].join('\n')
        const { entries, files } = await read(index, true)
        const hello = entries.find(({ name }) => name === 'hello')
        const others = [readByApt(index).get('hello'), readByLines(odd), readByDebootstrap(index)].map((hash) =>
          hash?.toLowerCase(),
        )
        if (hello !== undefined) expect(new Set(others)).toEqual(new Set([hello.file.sha256]))
        const counted = files?.hashes.toSorted() ?? []
        expect((files?.unhashed ?? 0) + counted.length).toBe(3)
        if (files?.unhashed === 0) for (const hash of others) expect([undefined, ...counted]).toContain(hash)
      }),
      { numRuns: 1000 },
    )
  })
})
