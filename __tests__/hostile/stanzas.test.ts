import { afterEach, describe, expect, it, vi } from 'vitest'
import { scanIndex } from '../../src/archive/read-index.ts'
import { WantedNames } from '../../src/archive/stanza-scanner.ts'
import { MAX_KEPT_STANZAS } from '../../src/limits.ts'
import { deb } from '../making/archive-folder.ts'
import { indexSite, PACKAGES, stanzaOf } from '../making/index-site.ts'
import { verdictOf } from '../making/signed-archive.ts'
import { removeSites, runSite } from '../making/site.ts'

afterEach(removeSites)

// The real one is reached after seconds; what happens there is the same.
vi.mock('../../src/limits.ts', async (original) => ({
  ...(await original<typeof import('../../src/limits.ts')>()),
  MAX_KEPT_STANZAS: 5000,
}))

const good = deb('hello')

/** The same stanzas over and over, as one piece after another. */
async function* repeated(text: string, stanzas: number, pieces: number): AsyncGenerator<Uint8Array> {
  const piece = Buffer.from(`${text}\n`.repeat(stanzas))
  for (let made = 0; made < pieces; made++) yield piece
}

const request = { kind: 'Packages', wanted: new WantedNames(['hello']), refuseHidden: true } as const

describe('an index of many stanzas', () => {
  it('costs no memory for what nobody asked for', async () => {
    const before = process.memoryUsage().heapUsed
    const source = repeated(stanzaOf(deb('other')), 1000, 300)
    expect(await scanIndex(source, 'plain', {}, request, 'http://example.org/')).toMatchObject({ entries: [] })
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(50 * 1024 * 1024)
  })

  it('under one name that was used ends with an error before the memory does', async () => {
    // The rest would be read to be hashed, and nothing more be kept.
    expect(MAX_KEPT_STANZAS).toBe(5000)
    const enough = repeated(stanzaOf(good), 1000, 5)
    expect((await scanIndex(enough, 'plain', {}, request, 'http://example.org/')).entries).toHaveLength(5000)
    const source = repeated(stanzaOf(good), 1000, 6)
    expect(await verdictOf(() => scanIndex(source, 'plain', {}, request, 'http://example.org/'))).toBe(
      'INDEX_MALFORMED',
    )
  })

  it('with thousands of newer versions of a package is undecided, soon, and the reason names one', async () => {
    const newer = Array.from({ length: 2000 }, (_, at) =>
      stanzaOf({ ...good, version: `2.0-${at}`, sha256: 'a'.repeat(64) }),
    )
    const site = await indexSite(good, { [PACKAGES]: [stanzaOf(good), ...newer].join('\n') })
    const started = performance.now()
    const { of } = await runSite(site)
    expect(of('hello')).toMatchObject({
      verdict: 'undecided',
      reason: expect.stringMatching(/also lists 2\.0-\d+ amd64/),
    })
    expect(of('hello').reason.length).toBeLessThan(1000)
    expect(performance.now() - started).toBeLessThan(15_000)
  })
})

describe('a stanza at the limit of 2 MiB', () => {
  const padded = (size: number): string => {
    const start = `${stanzaOf(good)}Description: `
    return `${start}${'x'.repeat(size - start.length)}\n`
  }

  it.each([
    ['that is a little smaller is read', 2 * 1024 * 1024 - 10, 'identical'],
    ['that is larger is refused', 2 * 1024 * 1024 + 10, 'undecided'],
  ])('%s', async (_, size, verdict) => {
    // Behind another one, so that it is cut by the pieces in which it is read.
    const site = await indexSite(good, { [PACKAGES]: `${stanzaOf(deb('a'))}\n${padded(size)}` })
    expect((await runSite(site)).of('hello').verdict).toBe(verdict)
  })
})
