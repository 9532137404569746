import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import type { PublicKey } from '../../src/archive/public-key.ts'
import type { DownloadsOptions } from '../../src/net/downloads.ts'
import { RebuilderdService } from '../../src/reproduced/rebuilderd-service.ts'
import type { RebuiltPackage, ServiceAnswer } from '../../src/reproduced/statement.ts'
import { closeAll, downloads, serve } from '../making/loopback-server.ts'
import { linkOf, newKey, pinnedKey, signedLink } from '../making/rebuilderd-link.ts'
import {
  capturedDaemon,
  type Known,
  type Misbehaviour,
  publishedKey,
  type Row,
  serveRebuilderd,
} from '../making/rebuilderd-server.ts'
import { packageOf } from './signed-statements.ts'

const AT = new Date('2026-11-22T20:00:00Z')
const DEMO = packageOf('debproof-demo_1.0-1_amd64.deb')
const DATA = packageOf('debproof-demo-data_1.0-1_all.deb', { source: 'debproof-demo' })
const DEMO_SHA256 = '918fc1abbffbe06bc53931da10db751f28b09588e38a1460844eeebbed0d3bd1'
const DATA_SHA256 = '5459be3d80ac4b949ac4937a2eec90d1935f1143aa016e68caaf223d69384a7c'

const daemon = newKey()
const FILE = packageOf('a_1_amd64.deb')
const SHA256 = 'a'.repeat(64)
const LINK = signedLink(linkOf(FILE.fileName, SHA256), daemon)

afterEach(closeAll)

interface Asked {
  readonly answer: ServiceAnswer
  /** The questions, below the service's path. */
  readonly asked: readonly string[]
}

async function ask(
  known: Known,
  rebuilt: RebuiltPackage = FILE,
  keys: readonly PublicKey[] = [daemon.pinned],
  options: Partial<DownloadsOptions> = {},
): Promise<Asked> {
  const { base, asked } = await serveRebuilderd(known)
  const answer = await new RebuilderdService(downloads(options), base, keys, AT).ask(rebuilt)
  return { answer, asked: asked.map((each) => each.replace('/amd64/', '')) }
}

/** A row of `packages/binary` of v1 about FILE. */
function row(otherwise: Row = {}): Row {
  return {
    id: 1,
    name: 'a',
    version: '1',
    distribution: 'debian',
    release: null,
    component: null,
    architecture: 'amd64',
    url: 'http://deb.example/pool/a_1_amd64.deb',
    status: 'GOOD',
    build_id: 1,
    artifact_id: 1,
    diffoscope_log_id: null,
    attestation_log_id: 1,
    last_seen: '2026-11-22T14:55:23.609193362',
    seen_in_last_sync: true,
    ...otherwise,
  }
}

function attested({ statements }: ServiceAnswer): string[] {
  return statements.flatMap(({ attestations }) => attestations.map(({ sha256 }) => sha256))
}

/** Nothing was said, for this one reason. */
function expectUnreachable(answer: ServiceAnswer, reason: RegExp): void {
  expect(answer).toEqual({ statements: [], unusable: [], unreachable: [expect.stringMatching(reason)] })
}

const NOTHING = { statements: [], unusable: [], unreachable: [] }
const CALLED_BAD = { ...NOTHING, notes: ['it calls it BAD, unsigned'] }

describe('the answers of two real daemons', () => {
  test.each(['A', 'B'] as const)('rb%s: two requests lead to what it attests', async (name) => {
    const keys = [pinnedKey(publishedKey(name))]
    const { answer, asked } = await ask(capturedDaemon(name), DEMO, keys)
    expect(attested(answer)).toEqual([DEMO_SHA256])
    expect(answer).toMatchObject({ unusable: [], unreachable: [] })
    expect(asked).toEqual([
      'api/v1/packages/binary?name=debproof-demo&version=1.0-1&architecture=amd64&limit=100',
      'api/v1/builds/1/artifacts/1/attestation',
    ])
  })

  test('a package for all architectures is found by its own', async () => {
    const { answer } = await ask(capturedDaemon('B'), DATA, [pinnedKey(publishedKey('B'))])
    expect(attested(answer)).toEqual([DATA_SHA256])
  })

  test("under the other daemon's key nothing counts, and it is told why", async () => {
    const { answer } = await ask(capturedDaemon('B'), DEMO, [pinnedKey(publishedKey('A'))])
    expect(answer).toEqual({
      statements: [],
      unusable: [expect.stringMatching(/1\/attestation is signed by none of the keys/)],
      unreachable: [],
    })
  })

  test('what differed or failed has no attestation, and what the daemon calls it is told as a note', async () => {
    const said = async (file: string): Promise<ServiceAnswer> =>
      (await ask(capturedDaemon('B'), packageOf(file), [pinnedKey(publishedKey('B'))])).answer
    expect(await said('demo-bad_1.0_amd64.deb')).toEqual(CALLED_BAD)
    // Its record is about another file.
    expect(await said('demo-fail_1.0_amd64.deb')).toEqual(NOTHING)
  })

  test('a package that it does not know costs one request', async () => {
    const { answer, asked } = await ask(capturedDaemon('A'))
    expect(answer).toMatchObject(NOTHING)
    expect(asked).toHaveLength(1)
  })

  test.each(['A', 'B'] as const)('rb%s is read by v0 where it has no v1', async (name) => {
    const { binaries: _, ...old } = capturedDaemon(name)
    const { answer, asked } = await ask(old, DEMO, [pinnedKey(publishedKey(name))])
    expect(attested(answer)).toEqual([DEMO_SHA256])
    expect(asked.slice(1)).toEqual(['api/v0/pkgs/list?name=debproof-demo', 'api/v0/builds/1/attestation'])
  })

  test("v0 gives a sibling's attestation, which says nothing of the file", async () => {
    const { binaries: _, ...old } = capturedDaemon('B')
    const { answer, asked } = await ask(old, DATA, [pinnedKey(publishedKey('B'))])
    expect(asked.at(-1)).toBe('api/v0/builds/1/attestation')
    expect(attested(answer)).toEqual([])
    expect(answer.unusable).toEqual([
      expect.stringMatching(/is about another file: its name is "rebuild debproof-demo_/),
    ])
  })

  test('v0 is not asked for the attestation of what it calls BAD', async () => {
    const { binaries: _, ...old } = capturedDaemon('B')
    const { answer, asked } = await ask(old, packageOf('demo-bad_1.0_amd64.deb'), [pinnedKey(publishedKey('B'))])
    expect(answer).toEqual(NOTHING)
    expect(asked.at(-1)).toBe('api/v0/pkgs/list?name=demo-bad')
  })
})

describe('what is asked for', () => {
  test('has its epoch, and characters escaped as a query needs them', async () => {
    const rebuilt = packageOf('libc++1_1+b1~rc_amd64.deb', { epoch: '2:' })
    const url = 'http://deb.example/pool/libc%2b%2b1_1+b1%7Erc_amd64.deb'
    const { answer, asked } = await ask(
      {
        binaries: [row({ name: 'libc++1', version: '2:1+b1~rc', url })],
        attestations: { '1/1': signedLink(linkOf(rebuilt.fileName, SHA256), daemon) },
      },
      rebuilt,
    )
    expect(asked[0]).toBe(
      'api/v1/packages/binary?name=libc%2B%2B1&version=2%3A1%2Bb1%7Erc&architecture=amd64&limit=100',
    )
    expect(attested(answer)).toEqual([SHA256])
  })

  test('is asked for below the path of the service, with or without a slash at its end', async () => {
    const { base, asked } = await serveRebuilderd({ binaries: [row()], attestations: { '1/1': LINK } })
    const service = new RebuilderdService(downloads(), new URL(base.href.slice(0, -1)), [daemon.pinned], AT)
    expect(attested(await service.ask(FILE))).toEqual([SHA256])
    expect(asked[0]).toMatch(/^\/amd64\/api\/v1\/packages\/binary/)
  })

  test.each([
    ['of another name', { name: 'b' }],
    ['of another version', { version: '2' }],
    ['of another epoch', { version: '1:1' }],
    ['of another architecture', { architecture: 'all' }],
    ['of another file', { url: 'http://deb.example/a_1_amd64.deb/b_1_amd64.deb' }],
    ['without a URL that can be read', { url: 'a_1_amd64.deb' }],
    ['with a URL that is badly escaped', { url: 'http://deb.example/a_1_amd64.deb%' }],
    ['that was never built', { status: null, build_id: null, artifact_id: null, attestation_log_id: null }],
  ])('a record %s is passed over by one who filters himself', async (_, otherwise) => {
    const body = JSON.stringify({ total: 1, records: [row(otherwise)] })
    const instead = (url: URL): Misbehaviour | undefined => (url.pathname.endsWith('/binary') ? body : undefined)
    const { answer, asked } = await ask({ binaries: [], builds: [], attestations: { '1/1': LINK }, instead })
    expect(answer).toMatchObject(NOTHING)
    expect(asked).toHaveLength(1)
  })

  test('is the attestation once, where one build serves several releases', async () => {
    const binaries = [row({ id: 1 }), row({ id: 4, build_id: 2, artifact_id: 7 }), row({ id: 9, build_id: 3 })]
    const { answer, asked } = await ask({ binaries, attestations: { '1/1': LINK, '2/7': LINK, '3/1': LINK } })
    expect(attested(answer)).toEqual([SHA256])
    expect(asked).toHaveLength(2)
  })

  test('are all attestations, where builds gave different files', async () => {
    const other = signedLink(linkOf(FILE.fileName, 'b'.repeat(64)), daemon)
    const binaries = [row(), row({ id: 2, build_id: 2, attestation_log_id: 2 })]
    const { answer } = await ask({ binaries, attestations: { '1/1': LINK, '2/1': other } })
    expect(attested(answer)).toEqual([SHA256, 'b'.repeat(64)])
  })

  test('an attestation that is gone is none', async () => {
    expect((await ask({ binaries: [row()] })).answer).toEqual(NOTHING)
  })

  test.each([
    ['of the sibling', linkOf('a-data_1_all.deb', SHA256), 'is about another file'],
    ['of an older version, replayed', linkOf('a_0_amd64.deb', SHA256), 'is about another file'],
    ['with a hash of the wrong length', linkOf(FILE.fileName, SHA256.slice(2)), 'no SHA-256'],
  ])('an attestation %s does not count', async (_, link, problem) => {
    const { answer } = await ask({ binaries: [row()], attestations: { '1/1': signedLink(link, daemon) } })
    expect(answer).toEqual({ statements: [], unusable: [expect.stringMatching(problem)], unreachable: [] })
  })

  test('an attestation with a name twice does not count', async () => {
    const doubled = LINK.replace('"_type"', '"products":{},"_type"')
    const { answer } = await ask({ binaries: [row()], attestations: { '1/1': doubled } })
    expect(answer).toMatchObject({ statements: [], unusable: [expect.stringMatching('two members')], unreachable: [] })
  })

  test('an attestation that unknown workers signed too counts for the pinned key', async () => {
    const countersigned = signedLink(linkOf(FILE.fileName, SHA256), newKey(), daemon, newKey())
    const { answer } = await ask({ binaries: [row()], attestations: { '1/1': countersigned } })
    expect(answer.statements[0]?.evidence[0]?.signers).toEqual([daemon.pinned.fingerprint])
  })

  test('more attestations of one file than anybody needs are not read to the end, which is told', async () => {
    const ids = Array.from({ length: 40 }, (_, index) => index + 1)
    const binaries = ids.map((id) => row({ id, build_id: id, attestation_log_id: id }))
    const attestations = Object.fromEntries(ids.map((id) => [`${id}/1`, LINK]))
    const { answer } = await ask({ binaries, attestations })
    expect(answer.statements).toHaveLength(32)
    expect(answer.unreachable).toEqual([expect.stringMatching('has 40 attestations of one file; only 32 were read')])
  })
})

describe('the history', () => {
  const bad = row({ status: 'BAD', build_id: 7, artifact_id: 9, attestation_log_id: null })
  const build = (id: number, otherwise: Row = {}): Row => ({ id, name: 'a', version: '1', status: 'BAD', ...otherwise })
  const artifact = (otherwise: Row = {}): Row => ({ id: 3, name: 'a', has_attestation: true, ...otherwise })

  test('an earlier good build counts, though a later one differed', async () => {
    const { answer, asked } = await ask({
      binaries: [bad],
      builds: [build(2), build(5), build(7)],
      artifacts: { 2: [artifact()], 5: [artifact({ has_attestation: false }), artifact({ id: 4, name: 'a-data' })] },
      attestations: { '2/3': LINK },
    })
    expect(attested(answer)).toEqual([SHA256])
    expect(asked.slice(1)).toEqual([
      'api/v1/builds?name=a&version=1&limit=100',
      'api/v1/builds/5/artifacts',
      'api/v1/builds/2/artifacts',
      'api/v1/builds/2/artifacts/3/attestation',
    ])
  })

  test('is asked for by the source package', async () => {
    const rebuilt = packageOf('a_1_amd64.deb', { source: 'src', sourceVersion: '3:4' })
    const { asked } = await ask({ binaries: [bad], builds: [] }, rebuilt)
    expect(asked[1]).toBe('api/v1/builds?name=src&version=3%3A4&limit=100')
  })

  test('is looked through no further than its newest builds', async () => {
    const builds = Array.from({ length: 50 }, (_, index) => build(index + 10))
    const { answer, asked } = await ask({ binaries: [bad], builds })
    expect(answer).toEqual({
      ...CALLED_BAD,
      notes: ['it calls it BAD, unsigned; its 42 oldest builds were not looked into'],
    })
    expect(asked.slice(2)).toHaveLength(8)
    expect(asked[2]).toBe('api/v1/builds/59/artifacts')
  })

  test('of other packages is passed over', async () => {
    const instead = (url: URL): Misbehaviour | undefined =>
      url.pathname.endsWith('/builds')
        ? JSON.stringify({ total: 2, records: [build(1, { name: 'b' }), build(2, { version: '2' })] })
        : undefined
    const artifacts = { 1: [artifact()], 2: [artifact()] }
    const { answer } = await ask({ binaries: [bad], artifacts, attestations: { '1/3': LINK, '2/3': LINK }, instead })
    expect(answer).toEqual(CALLED_BAD)
  })

  test('that cannot be read leaves it open what the party says', async () => {
    const instead = (url: URL): Misbehaviour | undefined => (url.pathname.endsWith('/builds') ? 500 : undefined)
    expectUnreachable((await ask({ binaries: [bad], instead })).answer, /builds\?name=a&.* is not served at the moment/)
  })
})

describe('pages', () => {
  test('of more records than a function takes arguments are read', async () => {
    const binaries = Array.from({ length: 180_000 }, (_, index): Row => {
      return { id: index + 1, name: 'a', version: '1', architecture: 'amd64', url: 'http://h/b' }
    })
    const page = (after: number): string =>
      JSON.stringify({ total: binaries.length, records: binaries.slice(after, after + 30_000) })
    const instead = (url: URL): Misbehaviour | undefined =>
      url.pathname.endsWith('/binary') ? page(Number(url.searchParams.get('after'))) : undefined
    const { answer, asked } = await ask({ instead })
    expect([answer, asked.length]).toEqual([NOTHING, 6])
  })

  const many = (count: number): Row[] =>
    Array.from({ length: count }, (_, index) =>
      row({ id: 3 * index + 1, url: index === count - 1 ? row()['url'] : 'http://deb.example/b.deb' }),
    )

  test('are read until all records were seen', async () => {
    const { answer, asked } = await ask({ binaries: many(250), attestations: { '1/1': LINK } })
    expect(attested(answer)).toEqual([SHA256])
    expect(asked.slice(0, 3).map((each) => new URLSearchParams(each).get('after'))).toEqual([null, '298', '598'])
  })

  test('may be shorter than was asked for', async () => {
    const { answer } = await ask({ binaries: many(25), page: 7, attestations: { '1/1': LINK } })
    expect(attested(answer)).toEqual([SHA256])
  })

  test('may be a thousand records long all the same', async () => {
    const body = JSON.stringify({ total: 1000, records: many(1000) })
    const instead = (url: URL): Misbehaviour | undefined => (url.pathname.endsWith('/binary') ? body : undefined)
    expect(attested((await ask({ binaries: [], attestations: { '1/1': LINK }, instead })).answer)).toEqual([SHA256])
  })

  const answering = async (body: (after: number) => unknown): Promise<Asked> =>
    await ask({
      attestations: { '1/1': LINK },
      instead: (url) =>
        url.pathname.endsWith('/binary') ? JSON.stringify(body(Number(url.searchParams.get('after')))) : undefined,
    })

  test('that are cut in silence, with nothing behind, leave it open', async () => {
    const { answer, asked } = await answering((after) => ({ total: 2, records: after === 0 ? [row()] : [] }))
    expectUnreachable(
      answer,
      /after=1 did not answer as rebuilderd does: it says that there are 2 records and has 1\.$/,
    )
    expect(asked).toHaveLength(2)
  })

  test('that come again and again are not read for ever', async () => {
    const { answer, asked } = await answering(() => ({ total: 9, records: [row()] }))
    expectUnreachable(answer, /it has the record 1 twice/)
    expect(asked).toHaveLength(2)
  })

  test('that never end are not read for ever', async () => {
    const { answer, asked } = await answering((after) => ({ total: 1_000_000, records: [row({ id: after + 1 })] }))
    expectUnreachable(answer, /it has 1000000 records of one package, too many to read/)
    expect(asked).toHaveLength(10)
  })

  test.each([0, 1, -1, 1.5, '2', null])('with a total of %j for two records leave it open', async (total) => {
    const records = [row(), row({ id: 2 })]
    const { answer, asked } = await answering(() => ({ total, records }))
    expectUnreachable(answer, /did not answer as rebuilderd does/)
    expect(asked).toHaveLength(1)
  })
})

describe('a service that does not answer the question leaves it open what it says', () => {
  const at =
    (path: RegExp, how: Misbehaviour): Known['instead'] =>
    (url) =>
      path.test(url.pathname) ? how : undefined

  test.each<[string, Misbehaviour, RegExp]>([
    ['a page about something else', '<!DOCTYPE html><title>Log in</title>', /binary\?.* did not answer as rebuilderd/],
    ['nothing', '', /not usable as JSON/],
    ['half an answer', '{"total":1,"records":[', /not usable as JSON/],
    ['a member twice', '{"total":1,"total":0,"records":[]}', /two members "total"/],
    ['a list of another kind', '[]', /does not say how many/],
    ['no list', '{"total":0}', /there is no list in it/],
    ['records without what records have', '{"total":1,"records":[{"id":1}]}', /item 1 of its list lacks/],
    ['a server error', 500, /HTTP 500/],
    ['a refusal', 403, /HTTP 403/],
    ['without end', 'endless', /is larger than 4194304 bytes/],
    ['not at all', 'hang', /could not be fetched/],
  ])('it answers %s', async (_, how, reason) => {
    const known = { binaries: [row()], attestations: { '1/1': LINK }, instead: at(/\/binary$/, how) }
    expectUnreachable((await ask(known, FILE, [daemon.pinned], { idleTimeout: 200 })).answer, reason)
  })

  test.each<[string, Misbehaviour, RegExp]>([
    ['a page about something else', '<!DOCTYPE html>', /attestation did not answer as rebuilderd does: it is no JSON/],
    ['nothing', '', /attestation did not answer/],
    ['a server error', 503, /attestation is not served at the moment/],
    ['without end', 'endless', /attestation is larger than/],
    ['not at all', 'hang', /attestation could not be fetched/],
  ])('it has for an attestation %s', async (_, how, reason) => {
    const known = { binaries: [row()], instead: at(/attestation$/, how) }
    expectUnreachable((await ask(known, FILE, [daemon.pinned], { idleTimeout: 200 })).answer, reason)
  })

  test('one attestation that cannot be read does not take the others away', async () => {
    const binaries = [row(), row({ id: 2, build_id: 2, attestation_log_id: 2 })]
    const instead = at(/builds\/1\/.*attestation$/, 500)
    const { answer } = await ask({ binaries, attestations: { '2/1': LINK }, instead })
    expect(attested(answer)).toEqual([SHA256])
    expect(answer.unreachable).toHaveLength(1)
  })

  test('it breaks v1, and v0 is no way around', async () => {
    const instead = at(/v1/, 500)
    const { answer, asked } = await ask({ packages: [], instead })
    expectUnreachable(answer, /HTTP 500/)
    expect(asked.filter((each) => each.includes('v0'))).toEqual([])
  })

  test('it is a list of all packages, as v0 has it without a filter', async () => {
    const packages = Array.from({ length: 40_000 }, (_, index) => ({
      name: `package-${index}`,
      version: '1',
      artifact_url: `http://deb.example/pool/main/p/package-${index}/package-${index}_1_amd64.deb`,
      status: 'GOOD',
      distro: 'debian',
      suite: 'main',
      architecture: 'amd64',
    }))
    const instead = at(/v0\/pkgs\/list$/, JSON.stringify(packages))
    expectUnreachable(
      (await ask({ packages: [], instead })).answer,
      /v0\/pkgs\/list\?name=a is larger than 4194304 bytes/,
    )
  })

  test('it answers anything at all', async () => {
    let body = ''
    const known = { binaries: [], attestations: { '1/1': LINK }, instead: () => body }
    const { base } = await serveRebuilderd(known)
    const service = new RebuilderdService(downloads(), base, [daemon.pinned], AT)
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom(0, 1, -1, 1e30, null, FILE.fileName))
    const record = fc.dictionary(fc.constantFrom(...Object.keys(row())), value).map((some) => ({ ...row(), ...some }))
    const list = fc.record({ total: fc.oneof(fc.constant(1), value), records: fc.oneof(fc.array(record), value) })
    await fc.assert(
      fc.asyncProperty(fc.oneof(list, value), async (answer) => {
        body = JSON.stringify(answer)
        expect((await service.ask(FILE)).statements).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  test('it is no rebuilderd', async () => {
    const { base } = await serve((_, response) => response.writeHead(404).end())
    const answer = await new RebuilderdService(downloads(), base, [daemon.pinned], AT).ask(FILE)
    expectUnreachable(answer, /did not answer as rebuilderd does: it has neither api\/v1 nor api\/v0\.$/)
  })

  test('the network is not to be used', async () => {
    const { answer, asked } = await ask({ binaries: [row()] }, FILE, [daemon.pinned], { offline: true })
    expectUnreachable(answer, /--offline/)
    expect(asked).toEqual([])
  })

  test('a mistake of the program is none of the service', async () => {
    const broken = { bytes: () => Promise.reject(new TypeError('a mistake')) }
    const client = Object.assign(downloads(), broken)
    const service = new RebuilderdService(client, new URL('http://127.0.0.1:9/'), [daemon.pinned], AT)
    await expect(service.ask(FILE)).rejects.toThrow(TypeError)
  })
})

describe('v0', () => {
  const old = (otherwise: Row = {}): Row => ({
    name: 'a',
    version: '1',
    status: 'GOOD',
    architecture: 'amd64',
    artifact_url: 'http://deb.example/pool/a_1_amd64.deb',
    build_id: 5,
    has_attestation: true,
    ...otherwise,
  })

  test('its rows are filtered by name, version and file', async () => {
    const others = [old({ name: 'b' }), old({ version: '2' }), old({ artifact_url: 'http://deb.example/a_1_all.deb' })]
    const rows = [...others.map((each, index) => ({ ...each, build_id: index })), old({ build_id: null }), old(), old()]
    const instead = (url: URL): Misbehaviour | undefined =>
      url.pathname.endsWith('/list') ? JSON.stringify(rows) : undefined
    const { answer, asked } = await ask({ attestationsV0: { 5: LINK }, instead })
    expect(attested(answer)).toEqual([SHA256])
    expect(asked.slice(2)).toEqual(['api/v0/builds/5/attestation'])
  })

  test('a build for another architecture than the file says nothing against it', async () => {
    const rebuilt = packageOf('a_1_all.deb')
    const packages = [old({ artifact_url: 'http://deb.example/a_1_all.deb' })]
    const { answer } = await ask(
      { packages, attestationsV0: { 5: signedLink(linkOf('a_1_all.deb', SHA256), daemon) } },
      rebuilt,
    )
    expect(attested(answer)).toEqual([SHA256])
  })

  test('rows without what rows have leave it open', async () => {
    expectUnreachable((await ask({ packages: [{ name: 'a' }] })).answer, /item 1 of its list lacks/)
  })
})
