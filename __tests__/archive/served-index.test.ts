import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { ArchiveReader } from '../../src/archive/archive-reader.ts'
import { readRelease } from '../../src/archive/read-release.ts'
import { readServedIndex } from '../../src/archive/served-index.ts'
import { WantedNames } from '../../src/archive/stanza-scanner.ts'
import { MAX_INDEX } from '../../src/limits.ts'
import { architectureOf } from '../judge/given.ts'
import { COMPRESSED, CONTENT } from '../making/compressed.ts'
import { closeAll, downloads, serveFiles } from '../making/loopback-server.ts'
import { binaryStanza, indexText, type SuiteOptions, suiteFiles } from '../making/served-archive.ts'
import { AT, keyringOf, newKey, once, row, sha256Hex, verdictOf } from '../making/signed-archive.ts'

afterEach(closeAll)

const key = once(newKey)
const PATH = 'main/binary-amd64/Packages'
const OTHER = indexText(binaryStanza('b'))
const OTHER_GZ = gzipSync(OTHER)
const SUFFIXES = ['gz', 'xz', 'zst', 'bz2'] as const

/** Which files were asked for. */
async function read(
  indexes: SuiteOptions['indexes'],
  { absent = [] as readonly string[], fields = {} as NonNullable<SuiteOptions['fields']> } = {},
): Promise<string[]> {
  const files: Record<string, string | Uint8Array | number> = await suiteFiles(await key(), { indexes, fields })
  for (const name of absent) files[`dists/made/${name}`] = 404
  const { base, asked } = await serveFiles(files)
  const directory = new URL('dists/made/', base)
  const client = downloads()
  const keyring = await keyringOf([await key()])
  const { release } = await readRelease(client, directory, { keyring, at: AT, suite: 'made' })
  const request = { kind: 'Packages', wanted: new WantedNames(['b']), refuseHidden: true } as const
  await readServedIndex(client, { directory, look: 1 }, release, PATH, request)
  return asked.slice(1).map((each) => each.replace('/dists/made/', ''))
}

describe('an index that a project serves in several forms', () => {
  const all = Object.fromEntries(SUFFIXES.map((suffix) => [`${PATH}.${suffix}`, COMPRESSED[suffix]]))

  it('is read where all of them hold the same, each of them once', async () => {
    expect((await read({ [PATH]: CONTENT, ...all })).sort()).toEqual(Object.keys(all).sort())
  })

  it.each(['xz', 'zst', 'bz2'] as const)(
    'is refused where one of them holds something else, which debootstrap may take: %s',
    async (lie) => {
      const honest = { [PATH]: OTHER, [`${PATH}.gz`]: OTHER }
      expect(await verdictOf(() => read(honest))).toBe('accepted')
      expect(await verdictOf(() => read({ ...honest, [`${PATH}.${lie}`]: COMPRESSED[lie] }))).toBe('INDEX_MISMATCH')
    },
  )

  it('is refused where it is said to be empty, so that nobody fetches it, and another form is not', async () => {
    expect(await verdictOf(() => read({ [PATH]: '', [`${PATH}.gz`]: '' }))).toBe('accepted')
    expect(await verdictOf(() => read({ [PATH]: '', [`${PATH}.gz`]: new Uint8Array() }))).toBe('accepted')
    expect(await verdictOf(() => read({ [PATH]: '', [`${PATH}.gz`]: OTHER }))).toBe('INDEX_MISMATCH')
  })

  it('has the limits of an index in each form', async () => {
    const rows = [row(`${PATH}.gz`, OTHER_GZ), row(PATH, OTHER), ` ${sha256Hex('x')} ${MAX_INDEX + 1} ${PATH}.xz`]
    const fields = { SHA256: `\n${rows.join('\n')}` }
    const indexes = { [PATH]: OTHER, [`${PATH}.gz`]: OTHER_GZ, [`${PATH}.xz`]: 'x' }
    expect(await verdictOf(() => read(indexes, { fields }))).toBe('TOO_LARGE')
  })

  it('may lack a form that its release file lists, as most servers do with the plain one', async () => {
    expect(await verdictOf(() => read({ [PATH]: CONTENT, ...all }, { absent: [PATH, `${PATH}.xz`] }))).toBe('accepted')
  })

  it('is read in one form where an upstream has it, and where all that was used is known by its hash', async () => {
    const asked = async (everyForm: boolean, refuseHidden: boolean): Promise<number> => {
      const served = await serveFiles(await suiteFiles(await key(), { indexes: { [PATH]: CONTENT, ...all } }))
      const reader = new ArchiveReader({
        downloads: downloads(),
        at: AT,
        wanted: new WantedNames(['b']),
        kinds: ['Packages'],
        everyForm,
      })
      const area = {
        base: served.base,
        suites: ['made'],
        components: ['main'],
        architectures: [architectureOf('amd64')],
      }
      const { failures } = await reader.read({ area, keyring: await keyringOf([await key()]), refuseHidden })
      expect(failures).toEqual([])
      return served.asked.length - 1
    }
    expect(await Promise.all([asked(true, true), asked(true, false), asked(false, true)])).toEqual([4, 1, 1])
  })
})
