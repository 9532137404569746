import { describe, expect, it } from 'vitest'
import { sha256Of } from '../../src/archive/hash.ts'
import { parseSha256, parseVersion, type Sha256 } from '../../src/archive/identity.ts'
import { DebproofError } from '../../src/errors.ts'
import { CONNECTIONS_PER_HOST } from '../../src/limits.ts'
import { type Document, evidenceOf } from '../../src/reproduced/document.ts'
import type { SignedBuildinfo } from '../../src/reproduced/signed-buildinfo.ts'
import { VerifiedBuildinfos } from '../../src/reproduced/verified-buildinfos.ts'
import { SHA256 } from './signed-statements.ts'

const urlOf = (name: string): URL => new URL(name, 'https://rebuilder.example/')

/** Documents `n`, which list n packages; `bad…` do not count, `none` is not there. */
function reader(maxFiles?: number) {
  const fetched: string[] = []
  const verified: string[] = []
  let running = 0
  let most = 0
  const content: Record<string, string> = {}
  const buildinfos = new VerifiedBuildinfos({
    fetch: async (url): Promise<Document | undefined> => {
      const name = url.pathname.slice(1)
      fetched.push(name)
      running += 1
      most = Math.max(most, running)
      await new Promise((resolve) => setTimeout(resolve, 1))
      running -= 1
      return name === 'none' ? undefined : { url, bytes: Buffer.from(content[name] ?? name) }
    },
    verify: async (document): Promise<SignedBuildinfo> => {
      const text = Buffer.from(document.bytes).toString()
      verified.push(text)
      if (text.startsWith('bad')) throw new DebproofError('STATEMENT', `${document.url.href} is bad.`)
      const version = parseVersion('1')
      const sha256 = parseSha256(SHA256)
      if (version === undefined || sha256 === undefined) throw new Error('the test has no version')
      const packages = new Map<string, Sha256>()
      for (let each = 0; each < Number.parseInt(text, 10); each++) packages.set(`${each}_1_all.deb`, sha256)
      return { evidence: evidenceOf(document, 'buildinfo', []), content: sha256, version, packages, sources: [] }
    },
    ...(maxFiles === undefined ? {} : { maxFiles }),
  })
  return {
    fetched,
    verified,
    content,
    most: () => most,
    read: async (name: string) => await buildinfos.read(urlOf(name)),
  }
}

describe('verified .buildinfo files', () => {
  it('are each fetched and verified once, also when asked for at once', async () => {
    const { read, fetched, verified } = reader()
    const rounds = await Promise.all(Array.from({ length: 20 }, () => read('3')))
    rounds.push(await read('3'))
    expect(rounds.every((signed) => signed?.packages.size === 3)).toBe(true)
    expect([fetched, verified]).toEqual([['3'], ['3']])
  })

  it('that are not there, or do not count, are not asked for again', async () => {
    const { read, fetched } = reader()
    for (let round = 0; round < 2; round++) {
      expect(await read('none')).toBeUndefined()
      await expect(read('bad')).rejects.toThrow('https://rebuilder.example/bad is bad.')
    }
    expect(fetched).toEqual(['none', 'bad'])
  })

  it('of equal bytes are verified and kept once, and each says where it was found', async () => {
    const { read, content, verified, fetched } = reader(10)
    for (let each = 0; each < 50; each++) content[`same-${each}`] = '4 packages'
    const kept = []
    for (let each = 0; each < 50; each++) kept.push(await read(`same-${each}`))
    expect(kept.map((signed) => signed?.evidence.url)).toEqual(Object.keys(content).map((name) => urlOf(name).href))
    expect(new Set(kept.map((signed) => signed?.packages)).size).toBe(1)
    expect(kept.every((signed) => signed?.evidence.sha256 === sha256Of('4 packages'))).toBe(true)
    await read('same-0')
    expect(verified).toEqual(['4 packages'])
    expect(fetched).toHaveLength(50)
  })

  it('are dropped when they list too much together, the one unused for longest first, and read again', async () => {
    const { read, fetched } = reader(12)
    for (const name of ['3', '3 b', '3 c', '3', '3 d']) expect((await read(name))?.packages.size).toBe(3)
    expect(fetched).toEqual(['3', '3%20b', '3%20c', '3%20d'])
    fetched.length = 0
    for (const name of ['3', '3 c', '3 d']) await read(name)
    expect(fetched).toEqual([])
    expect((await read('3 b'))?.packages.size).toBe(3)
    expect(fetched).toEqual(['3%20b'])
  })

  it('that list nothing take room too', async () => {
    const { read, fetched } = reader(2)
    for (const name of ['0', '0 b', '0 c', '0']) await read(name)
    expect(fetched).toEqual(['0', '0%20b', '0%20c', '0'])
  })

  it('are read a few at a time: each has megabytes until it is verified', async () => {
    const { read, most } = reader()
    await Promise.all(Array.from({ length: 40 }, (_, each) => read(String(each))))
    expect(most()).toBe(CONNECTIONS_PER_HOST)
  })
})
