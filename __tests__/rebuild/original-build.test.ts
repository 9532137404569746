import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { OriginalBuild } from '../../src/rebuild/original-build.ts'
import { checkOriginalBuild } from '../../src/rebuild/original-build.ts'
import { prepareTarget } from '../../src/rebuild/prepare.ts'
import { selectTargets } from '../../src/rebuild/target.ts'
import { parseWish } from '../../src/rebuild/wish.ts'
import { closeAll, downloads } from '../making/loopback-server.ts'
import { block, clearsigned, newKey, sha256Hex, signature } from '../making/signed-archive.ts'
import {
  buildinfoText,
  contentOf,
  dscOf,
  indexes,
  type MadeProject,
  makeProject,
  policyOf,
  removeProjects,
} from './made-project.ts'

const HELLO = { name: 'hello', source: 'hello' }
const DATA = { name: 'hello-data', architecture: 'all', source: 'hello' }
const SYMBOLS = { name: 'hello-dbgsym' }
const SOURCE = { name: 'hello', binaries: ['hello', 'hello-data'] }

afterAll(async () => {
  await closeAll()
  removeProjects()
})

/** Prepares what a name asks for, with these .buildinfo files in the pool. */
async function prepare(
  buildinfos: Readonly<Record<string, string>>,
  { asked = 'hello', given = {} as Readonly<Record<string, string>>, binaries = [HELLO, DATA] } = {},
): Promise<readonly OriginalBuild[]> {
  const project: MadeProject = await makeProject([SOURCE], binaries, buildinfos)
  const [target] = await selectTargets([parseWish(asked)], await policyOf(project), indexes())
  if (target === undefined) throw new Error('nothing was selected')
  const files = Object.entries(given).map(([fileName, text]) => ({
    fileName,
    what: fileName,
    bytes: Buffer.from(text),
  }))
  return (await prepareTarget(target, indexes(), downloads(), files)).builds
}

const WHOLE = buildinfoText('hello', '1.0', [HELLO, DATA, SYMBOLS])

describe('the .buildinfo of a package', () => {
  test('is found beside the .dsc, and one that covers all is enough', async () => {
    const builds = await prepare({
      'hello_1.0_amd64.buildinfo': WHOLE,
      'hello_1.0_all.buildinfo': buildinfoText('hello', '1.0', [DATA]),
    })
    expect(builds.map(({ fileName }) => fileName)).toEqual(['hello_1.0_amd64.buildinfo'])
    expect(builds[0]?.debs.map(({ fileName, entry }) => [fileName, entry?.name])).toEqual([
      ['hello_1.0_amd64.deb', 'hello'],
      ['hello-data_1.0_all.deb', 'hello-data'],
      ['hello-dbgsym_1.0_amd64.deb', undefined],
    ])
    expect(builds[0]?.sha256).toBe(sha256Hex(WHOLE))
  })

  test('may be two, where one machine built for its architecture and another for all', async () => {
    const files = {
      'hello_1.0_amd64.buildinfo': buildinfoText('hello', '1.0', [HELLO]),
      'hello_1.0_all.buildinfo': buildinfoText('hello', '1.0', [DATA]),
    }
    const names = async (asked: string): Promise<string[]> =>
      (await prepare(files, { asked })).map((build) => build.fileName)
    expect((await names('hello')).sort()).toEqual(['hello_1.0_all.buildinfo', 'hello_1.0_amd64.buildinfo'])
    expect(await names('hello-data')).toEqual(['hello_1.0_all.buildinfo'])
  })

  test('of a binNMU has the version of what was built in its name', async () => {
    const binary = { name: 'hello', version: '1.0+b2', source: 'hello (1.0)' }
    const text = buildinfoText('hello', '1.0+b2', [binary], { Source: 'hello (1.0)' })
    const builds = await prepare({ 'hello_1.0+b2_amd64.buildinfo': text }, { asked: 'hello=1.0', binaries: [binary] })
    expect(builds[0]?.buildinfo).toMatchObject({ version: '1.0+b2', source: { name: 'hello', version: '1.0' } })
  })

  test('that is missing is told with the names that were looked for', async () => {
    await expect(prepare({})).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringMatching(/hello_1\.0_amd64\.buildinfo.*hello_1\.0_all\.buildinfo.*--buildinfo/),
    })
  })

  test('that leaves a package out is told', async () => {
    const files = { 'hello_1.0_amd64.buildinfo': buildinfoText('hello', '1.0', [HELLO]) }
    await expect(prepare(files)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('hello-data_1.0_all.deb'),
    })
  })

  test.each([
    ['of another source package', buildinfoText('other', '1.0', [HELLO, DATA])],
    ['of another version', buildinfoText('hello', '1.1', [HELLO, DATA])],
    [
      'of another build, with other hashes',
      buildinfoText('hello', '1.0', [{ ...HELLO, content: contentOf(HELLO).toUpperCase() }, DATA]),
    ],
    ['that names no package of the archive', buildinfoText('hello', '1.0', [SYMBOLS])],
    ['that is unsafe', buildinfoText('hello', '1.0', [HELLO, DATA], { Environment: '\n PATH="/tmp"' })],
    ['that is none', 'hello'],
    [
      'that lists another .dsc',
      buildinfoText('hello', '1.0', [HELLO, DATA], {
        'Checksums-Sha256': `\n ${sha256Hex('x')} 1 hello_1.0.dsc`,
      }),
    ],
  ])('%s is refused', async (_, text) => {
    await expect(prepare({ 'hello_1.0_amd64.buildinfo': text })).rejects.toMatchObject({ code: 'STATEMENT' })
  })

  test('may list the .dsc that the archive signed', async () => {
    const dsc = dscOf(SOURCE)
    const text = buildinfoText('hello', '1.0', [HELLO, DATA])
    const withSource = text.replace(
      'Checksums-Sha256:\n',
      `Checksums-Sha256:\n ${sha256Hex(dsc)} ${dsc.length} hello_1.0.dsc\n`,
    )
    expect(await prepare({ 'hello_1.0_amd64.buildinfo': withSource })).toHaveLength(1)
  })

  test("of the user's own is held against the same indexes, and need not cover all", async () => {
    const given = { 'own.buildinfo': buildinfoText('hello', '1.0', [DATA]) }
    expect((await prepare({}, { given })).map(({ fileName }) => fileName)).toEqual(['own.buildinfo'])
    const other = { 'own.buildinfo': buildinfoText('hello', '1.0', [{ ...DATA, content: 'else' }]) }
    await expect(prepare({}, { given: other })).rejects.toMatchObject({ code: 'STATEMENT' })
  })
})

describe('a signature around a .buildinfo', () => {
  let signed: string

  beforeAll(async () => {
    const text = WHOLE.trimEnd()
    signed = clearsigned(text, block(await signature(text, await newKey())))
  })

  test('is taken off and noted', async () => {
    const [build] = await prepare({ 'hello_1.0_amd64.buildinfo': signed })
    expect(build).toMatchObject({ wasSigned: true, text: WHOLE, sha256: sha256Hex(signed) })
  })

  test('hides nothing: text around the message is refused', async () => {
    await expect(prepare({ 'hello_1.0_amd64.buildinfo': `${signed}\nFormat: 1.0\n` })).rejects.toMatchObject({
      code: 'STATEMENT',
    })
  })
})

test('a .buildinfo whose own name leads elsewhere is refused', async () => {
  const [build] = await prepare({ 'hello_1.0_amd64.buildinfo': WHOLE })
  if (build === undefined) throw new Error('there is no build')
  const project = await makeProject([SOURCE], [HELLO, DATA])
  const entries = await indexes().read(
    (await policyOf(project)).archives[0] ?? fail(),
    ['hello', 'hello-data'],
    ['Packages', 'Sources'],
  )
  const entry = entries.find((item) => item.kind === 'source')
  if (entry?.kind !== 'source') throw new Error('there is no source')
  const binaries = entries.flatMap((item) => (item.kind === 'binary' ? [item] : []))
  const file = { fileName: '../../x.buildinfo', what: 'x', bytes: Buffer.from(WHOLE) }
  expect(() => checkOriginalBuild(file, { entry, binaries })).toThrow(/no name of a \.buildinfo/)
})

function fail(): never {
  throw new Error('there is no archive')
}
