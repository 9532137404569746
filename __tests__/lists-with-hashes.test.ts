import { afterEach, describe, expect, it } from 'vitest'
import { deb, type MadeDeb } from './making/archive-folder.ts'
import { removeSites, runSite, snapshotSite } from './making/site.ts'

afterEach(removeSites)

const hookLine = ({ name, version, architecture, sha256 }: MadeDeb): string =>
  `apt-hook/1 ${sha256} ${name} ${version} ${architecture} ${name}.deb\n`
/** As a pool names it. */
const sumLine = ({ name, version, architecture, sha256 }: MadeDeb): string =>
  `${sha256}  pool/main/${name}_${version.replace(/^\d+:/, '')}_${architecture}.deb\n`

const FORMATS = [
  ['apt-hook', hookLine],
  ['sha256sums', sumLine],
] as const

describe.each(FORMATS)('a list with hashes, of the format %s', (format, line) => {
  const hello = deb('hello', { version: '1:1.0-1' })
  const tampered = deb('hello', { version: '1:1.0-1', content: 'tampered' })

  it('proves what the upstream signed, under a version with an epoch too', async () => {
    const tool = deb('tool')
    const site = await snapshotSite([hello, tool])
    site.put({ 'build.packages': line(hello) + line(tool) })
    const { predicate, of } = await runSite(site)
    expect(predicate.lists).toMatchObject([{ format, packages: 2 }])
    expect(predicate.counts).toMatchObject({ total: 2, identical: 2 })
    expect(of('hello')).toMatchObject({ verdict: 'identical', sha256: hello.sha256, hashFrom: 'list' })
  })

  it('does not pass what the snapshot alone lists, whatever else is listed under the name', async () => {
    const site = await snapshotSite([tampered], [hello])
    site.put({ 'build.packages': line(tampered) })
    const { predicate, of } = await runSite(site)
    expect(predicate.verdict).toBe('fail')
    expect(of('hello')).toMatchObject({ verdict: 'mismatch', expected: [hello.sha256] })
  })

  it('does not pass what no archive lists', async () => {
    const site = await snapshotSite([hello])
    site.put({ 'build.packages': line(tampered) })
    const { predicate, of } = await runSite(site)
    expect(predicate.verdict).toBe('fail')
    expect(['mismatch', 'unlisted']).toContain(of('hello').verdict)
  })

  it('does not pass the bytes of one version under another', async () => {
    const other = deb('hello', { version: '1:2.0-1' })
    const site = await snapshotSite([hello, other])
    site.put({ 'build.packages': line({ ...other, version: '1:1.0-1' }) })
    expect((await runSite(site)).predicate.verdict).toBe('fail')
  })
})

describe('a list without epochs', () => {
  it('takes one of two versions for what its hash says', async () => {
    const [plain, later] = [deb('hello', { version: '1.0-1' }), deb('hello', { version: '1:1.0-1' })]
    const site = await snapshotSite([plain, later])
    site.put({ 'build.packages': sumLine(plain) + sumLine(later) })
    const { predicate } = await runSite(site)
    expect(predicate.counts).toMatchObject({ total: 2, identical: 2 })
    expect(predicate.packages.map(({ sha256 }) => sha256).sort()).toEqual([plain.sha256, later.sha256].sort())
  })
})
