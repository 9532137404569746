import { afterEach, describe, expect, it } from 'vitest'
import { type Compression, decompress } from '../../src/archive/decompress.ts'
import { MAX_PLAIN_INDEX } from '../../src/limits.ts'
import { deb, projectKey } from '../making/archive-folder.ts'
import { bzip2Bomb, gzipBomb, xzBomb, zstdBomb } from '../making/bombs.ts'
import { COMPRESSED_EMPTY, FORMS } from '../making/compressed.ts'
import { indexSite, PACKAGES, stanzaOf } from '../making/index-site.ts'
import { measuredVerify } from '../making/measured-run.ts'
import { suiteFiles } from '../making/served-archive.ts'
import { row } from '../making/signed-archive.ts'
import { archivePolicy, policyText, removeSites, runSite, type Site, snapshotSite } from '../making/site.ts'
import { ar, arMember, DATA, DEBIAN_BINARY } from '../packages/deb-bytes.ts'

afterEach(removeSites)

const good = deb('hello')
const stanza = `${stanzaOf(good)}\n`

/** MiB that a process may hold at once, whatever it is served: a run without any bomb holds some 150. */
const PEAK = 320

/** Everything about these is as it was signed: names, sizes and hashes. */
const BOMBS: Readonly<Record<string, readonly [form: string, bytes: Buffer, failure: RegExp]>> = {
  'gzip that grows to 8 GiB': ['gz', gzipBomb(8192, stanza), /gz data grows beyond all measure/],
  'xz that grows to 8 GiB': ['xz', xzBomb(8192, stanza), /xz data grows beyond all measure/],
  'zstd that grows to 8 GiB': ['zst', zstdBomb(8192, stanza), /zst data grows beyond all measure/],
  'one block of bzip2, 46 bytes that grow to 46 MB': ['bz2', bzip2Bomb(1), /bz2 data grows beyond all measure/],
  'xz with a dictionary of 1.5 GiB': ['xz', xzBomb(1, stanza, 37), /needs more memory than may be spent/],
  'xz with a dictionary of 3 GiB': ['xz', xzBomb(1, stanza, 39), /needs more memory than may be spent/],
  'zstd with a window of 2 GiB': ['zst', zstdBomb(1, stanza, 31), /needs more memory|damaged or cut short/],
  'zstd with a window of 256 MiB': ['zst', zstdBomb(1, stanza, 28), /needs more memory|damaged or cut short/],
}

/** A site whose one index is this file, of which the release file says truly what it decompresses to. */
async function grownSite(form: Compression, bytes: Buffer): Promise<Site> {
  const source = async function* (): AsyncGenerator<Uint8Array> {
    yield bytes
  }
  const chunks: Uint8Array[] = []
  for await (const chunk of decompress(form, source())) chunks.push(Uint8Array.from(chunk))
  return await indexSite(good, { [`${PACKAGES}.${form}`]: bytes }, {}, [row(PACKAGES, Buffer.concat(chunks))])
}

describe('bombs that the archive signed', () => {
  it('cost neither memory nor time, all at once, and leave the package undecided', async () => {
    const site = await snapshotSite([good])
    const names = Object.keys(BOMBS).map((_, index) => `bomb${index}`)
    for (const [index, [form, bytes]] of Object.values(BOMBS).entries()) {
      // Its content is stated as large as may be; nobody comes so far as to compare its hash.
      const listed = [` ${good.sha256} ${MAX_PLAIN_INDEX} ${PACKAGES}`]
      const files = await suiteFiles(await projectKey(), { indexes: { [`${PACKAGES}.${form}`]: bytes }, listed })
      for (const [name, content] of Object.entries(files)) site.put({ [`bomb${index}/${name}`]: content })
    }
    site.put({ 'debproof.yml': policyText(names.map((name) => archivePolicy({ name, url: `file:${name}` }))) })
    const started = performance.now()
    const { code, out, peak } = await measuredVerify(site, ['--json'])
    expect(performance.now() - started).toBeLessThan(18_000)
    expect(code).toBe(3)
    expect(peak).toBeLessThan(PEAK)
    const { packages, archives } = JSON.parse(out).predicate
    expect(packages).toMatchObject([{ name: 'hello', verdict: 'undecided' }])
    for (const [index, [name, [, , failure]]] of Object.entries(BOMBS).entries()) {
      expect(JSON.stringify(archives[`bomb${index}`] ?? archives[index]), name).toMatch(failure)
    }
  })

  it('are stopped at the size that the release file states of their content, before all else', async () => {
    for (const [form, bomb] of [
      ['gz', gzipBomb(1, stanza)],
      ['xz', xzBomb(2, stanza)],
      ['zst', zstdBomb(1, stanza)],
    ] as const) {
      const site = await indexSite(good, { [PACKAGES]: stanza, [`${PACKAGES}.${form}`]: bomb })
      // Of the plain form nothing but its size and hash is there.
      const { of, predicate } = await runSite(site)
      expect(of('hello').verdict, form).toBe('undecided')
      expect(JSON.stringify(predicate), form).toContain(`decompresses to more than ${stanza.length} bytes`)
    }
  })

  it('that are small enough to be read are read to their end, and what they list counts', async () => {
    const site = await grownSite('zst', zstdBomb(30, stanza))
    expect((await runSite(site)).of('hello').verdict).toBe('identical')
  })
})

it('a dictionary of 64 MiB, the largest that xz(1) makes by itself, is given', async () => {
  const site = await grownSite('xz', xzBomb(2, stanza, 28))
  expect((await runSite(site)).of('hello').verdict).toBe('identical')
})

describe('many members', () => {
  it.each(FORMS)('that are empty end in a verdict, soon: %s', async (form) => {
    const members = Array<Buffer>(10_000).fill(COMPRESSED_EMPTY[form])
    const listed = [row(PACKAGES, stanza)]
    const site = await indexSite(good, { [`${PACKAGES}.${form}`]: Buffer.concat(members) }, {}, listed)
    const started = performance.now()
    const { of } = await runSite(site)
    expect(of('hello').verdict).toBe('undecided')
    expect(performance.now() - started).toBeLessThan(10_000)
  })

  it('nested in one another are decoded once, as apt decodes them', async () => {
    const inner = gzipBomb(1, stanza)
    const site = await grownSite('gz', gzipBomb(1, inner.toString('latin1')))
    const { of, predicate } = await runSite(site)
    expect(of('hello').verdict).toBe('undecided')
    expect(JSON.stringify(predicate)).toMatch(/NUL or a carriage return|line that is not a field|without a colon/)
  })
})

describe('a bomb in the control member of a .deb', () => {
  const debSite = async (form: string, bomb: Buffer): Promise<Site> => {
    const site = await snapshotSite([good])
    site.put({
      'debproof.yml': policyText().replace('build.packages', 'debs'),
      'debs/hello.deb': ar(DEBIAN_BINARY, arMember(`control.tar.${form}`, bomb), DATA),
    })
    return site
  }

  it.each<[string, Buffer]>([
    ['gz', gzipBomb(2048)],
    ['zst', zstdBomb(8192)],
  ])('is a package list that cannot be read: %s', async (form, bomb) => {
    await expect(runSite(await debSite(form, bomb))).rejects.toMatchObject({
      code: 'PACKAGE_LIST',
      message: expect.stringMatching(/hello\.deb: .*(to more than 67108864 bytes|grows beyond all measure)/),
    })
  })

  it('costs no memory and ends with 2: xz', async () => {
    const { code, err, peak } = await measuredVerify(await debSite('xz', xzBomb(8192)))
    expect(code).toBe(2)
    expect(err).toMatch(/hello\.deb: .*(to more than 67108864 bytes|grows beyond all measure\.$)/m)
    expect(peak).toBeLessThan(PEAK)
  })
})

it('a site without any bomb passes, and needs less', async () => {
  const site = await snapshotSite([good])
  const { code, peak } = await measuredVerify(site)
  expect(code).toBe(0)
  expect(peak).toBeLessThan(PEAK)
})
