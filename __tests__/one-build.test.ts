import { spawnSync } from 'node:child_process'
import { createPublicKey, type KeyObject } from 'node:crypto'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { deb, projectKey } from './making/archive-folder.ts'
import { closeAll } from './making/loopback-server.ts'
import { debFileName } from './making/rebuilder.ts'
import { linkOf, newKey as newRebuilderdKey, signedLink as rebuilderdLink } from './making/rebuilderd-link.ts'
import { serveRebuilderd } from './making/rebuilderd-server.ts'
import { block, clearsigned, newKey, once, signature } from './making/signed-archive.ts'
import { archivePolicy, listText, newSite, policyText, removeSites, runSite, type SiteRun } from './making/site.ts'
import { dsseSigner, envelope, linkStatement, subject } from './reproduced/dsse-envelopes.ts'
import { link, metablock, metablockSignature, signerOf } from './reproduced/signed-metablocks.ts'
import { buildinfoText, clearsignedBy } from './reproduced/signed-statements.ts'

afterEach(async () => {
  await closeAll()
  removeSites()
})

const one = once(() => newKey({ name: 'One' }))
const other = once(() => newKey({ name: 'Other' }))

const TOOL = deb('tool', { version: '2.0-1' })
const FILE = debFileName(TOOL)
const SUMS = `${TOOL.sha256}  ${FILE}`

/** A public key as a party publishes it. */
function pem(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'spki' }).toString()
}

function pemOfEd25519(point: Uint8Array): string {
  const x = Buffer.from(point).toString('base64url')
  return pem(createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }))
}

type Files = Readonly<Record<string, string | Uint8Array>>

/** What two parties, of whom both must agree, are found to say of one package. */
async function weighed(parties: readonly [string, string], files: Files = {}): Promise<SiteRun> {
  const site = await newSite()
  await site.archive('own', { key: await projectKey(), debs: [TOOL] })
  const more = `rebuilders: { threshold: 2, parties: { ${parties.join(', ')} } }`
  site.put({
    'debproof.yml': policyText([
      archivePolicy({ name: 'own', require: 'reproduced', url: 'file:own', upstream: null, more }),
    ]),
    'build.packages': listText([TOOL]),
    'one/.keep': '',
    'other/.keep': '',
    'keys/one.asc': (await one()).toPublic().armor(),
    'keys/other.asc': (await other()).toPublic().armor(),
    ...files,
  })
  return await runSite(site)
}

function party(name: string, format: string, place = `file:${name}/`, more = ''): string {
  return `${name}: { ${format}: "${place}", signed-by: keys/${name}.asc${more} }`
}

function both(format: string, place?: string, more?: string): [string, string] {
  return [party('one', format, place, more), party('other', format, place, more)]
}

const COSIGNED = ', cosigned: true'
const ONCE = 'other: signed the record of the same build as one, and one build counts once.'
const SUMS_ONCE =
  'other: signed the same sums as one, which count once; where each of them built what it signed, write ' +
  '`cosigned: true` under each of these parties.'

function expectOne({ of }: SiteRun, reason: string): void {
  const { verdict, reason: said } = of('tool')
  expect([verdict, said]).toEqual([
    'unproven',
    expect.stringContaining(`Only one vouches for ${TOOL.sha256}; 2 needed`),
  ])
  expect(said).toContain(reason)
}

function expectTwo({ of }: SiteRun): void {
  expect([of('tool').verdict, of('tool').reason]).toEqual(['reproduced', 'Reproduced by one, other (2 needed).'])
}

describe('a SHA256SUMS that two builders signed together', () => {
  const together = once(async () => {
    const packets = [await signature(SUMS, await one()), await signature(SUMS, await other())]
    return { 'both/SHA256SUMS': clearsigned(SUMS, block(...packets)) }
  })

  it('counts for one, and the reason says what to write where each of them built it', async () => {
    const run = await weighed(both('sha256sums', 'file:both/'), await together())
    expectOne(run, SUMS_ONCE)
    expect(run.predicate.archives[0]?.rebuilders?.parties.map(({ cosigned }) => cosigned)).toEqual([
      undefined,
      undefined,
    ])
  })

  it('counts for both where the policy says so under both, and the report says that it rests on that', async () => {
    const { predicate, of } = await weighed(both('sha256sums', 'file:both/', COSIGNED), await together())
    expect([of('tool').verdict, of('tool').reason]).toEqual([
      'reproduced',
      "Reproduced by one, other (2 needed). That one, other signed sums of a build of their own is the policy's word " +
        '(cosigned: true).',
    ])
    expect(predicate.archives[0]?.rebuilders?.parties.map(({ cosigned }) => cosigned)).toEqual([true, true])
  })

  it('counts for one where the policy says so under one of them alone', async () => {
    const parties = [party('one', 'sha256sums', 'file:both/', COSIGNED), party('other', 'sha256sums', 'file:both/')]
    expectOne(await weighed([parties[0] ?? '', parties[1] ?? ''], await together()), SUMS_ONCE)
  })

  it('is a conflict as ever where one of them signed other sums beside it', async () => {
    const otherSums = `${deb('tool', { version: '2.0-1', content: 'other' }).sha256}  ${FILE}`
    const files = {
      ...(await together()),
      'both/later/SHA256SUMS': await clearsignedBy(otherSums, await other()),
    }
    expect((await weighed(both('sha256sums', 'file:both/', COSIGNED), files)).of('tool').verdict).toBe('mismatch')
  })
})

describe('the same sums, signed by each builder in a folder of its own, as in guix.sigs', () => {
  const apart = once(async () => ({
    'one/SHA256SUMS': `${SUMS}\n`,
    'one/SHA256SUMS.asc': block(await signature(`${SUMS}\n`, await one())),
    // With the signature around it, which leaves out the end of the last line.
    'other/SHA256SUMS.asc': await clearsignedBy(SUMS, await other()),
  }))

  it('count for one, however they are wrapped, and for both where the policy says so', async () => {
    expectOne(await weighed(both('sha256sums'), await apart()), SUMS_ONCE)
    expect((await weighed(both('sha256sums', undefined, COSIGNED), await apart())).of('tool').verdict).toBe(
      'reproduced',
    )
  })

  it('count for both where the lists differ, as those of two builds of more than this do', async () => {
    const more = await clearsignedBy(`${SUMS}\n${'f'.repeat(64)}  log.txt`, await other())
    expectTwo(await weighed(both('sha256sums'), { ...(await apart()), 'other/SHA256SUMS.asc': more }))
  })
})

describe('a .buildinfo', () => {
  const text = buildinfoText({ source: 'tool', version: '2.0-1', files: { [FILE]: TOOL.sha256 } })
  const later = text.replace('Build-Date: Mon, 01', 'Build-Date: Tue, 02')
  const files = async (own: string, theirs: string): Promise<Files> => ({
    'one/tool_2.0-1_amd64.buildinfo': await clearsignedBy(own, await one()),
    'other/tool_2.0-1_amd64.buildinfo': await clearsignedBy(theirs, await other()),
  })

  it('that another party signed too is the record of one build', async () => {
    expectOne(await weighed(both('buildinfo'), await files(text, text)), ONCE)
  })

  it('of a build of its own counts', async () => {
    expectTwo(await weighed(both('buildinfo'), await files(text, later)))
  })
})

describe('an in-toto link', () => {
  const signed = link({ [FILE]: { sha256: TOOL.sha256 } })
  const by = async (...keys: readonly (typeof one)[]): Promise<Uint8Array> =>
    metablock(
      signed,
      ...(await Promise.all(keys.map(async (key) => metablockSignature(signed, signerOf(await key()))))),
    )

  it('that both parties signed is the record of one build, also where each has a copy of it', async () => {
    const file = await by(one, other)
    expectOne(await weighed(both('in-toto', 'file:both/'), { 'both/tool.link': file }), ONCE)
    expectOne(await weighed(both('in-toto'), { 'one/a.link': file, 'other/b.link': file }), ONCE)
  })

  it('that was countersigned, and is without that signature elsewhere, is the record of one build', async () => {
    expectOne(
      await weighed(both('in-toto'), { 'one/a.link': await by(one), 'other/b.link': await by(one, other) }),
      ONCE,
    )
  })

  it('of each counts, though the two say the same: so in-toto has it of parties that must agree', async () => {
    expectTwo(await weighed(both('in-toto'), { 'one/a.link': await by(one), 'other/b.link': await by(other) }))
  })
})

describe('a link of rebuilderd', () => {
  const daemon = newRebuilderdKey()
  const worker = newRebuilderdKey()
  const keys = {
    'keys/daemon.pub': pem(createPublicKey(daemon.secret)),
    'keys/worker.pub': pem(createPublicKey(worker.secret)),
  }
  const signed = linkOf(FILE, TOOL.sha256)
  const row = {
    id: 1,
    name: 'tool',
    version: '2.0-1',
    architecture: 'amd64',
    url: `http://deb.example/pool/${FILE}`,
    status: 'GOOD',
    build_id: 1,
    artifact_id: 1,
    attestation_log_id: 1,
  }
  const serving = async (...attestations: readonly string[]): Promise<string> => {
    const binaries = attestations.map((_, index) => ({
      ...row,
      id: index + 1,
      build_id: index + 1,
      attestation_log_id: index + 1,
    }))
    const byBuild = attestations.map((text, index) => [`${index + 1}/1`, text])
    return (await serveRebuilderd({ binaries, attestations: Object.fromEntries(byBuild) })).base.href
  }
  const parties = (worked: string, published: string): [string, string] => [
    `one: { rebuilderd: "${worked}", public-key: keys/worker.pub }`,
    `other: { rebuilderd: "${published}", public-key: keys/daemon.pub }`,
  ]

  it('by a worker and its rebuilderd is the record of one build, however many there are, and through a proxy', async () => {
    const again = linkOf(FILE, TOOL.sha256, { materials: { 'b_1_amd64.buildinfo': { sha256: 'd'.repeat(64) } } })
    const documents = [rebuilderdLink(signed, worker, daemon), rebuilderdLink(again, worker, daemon)]
    const base = await serving(...documents)
    const proxy = await serving(...documents.map((text) => JSON.stringify(JSON.parse(text), null, 1)))
    expectOne(await weighed(parties(base, base), keys), ONCE)
    expectOne(await weighed(parties(base, proxy), keys), ONCE)
    // As a rebuilderd had it before it signed too.
    const published = await serving(documents[0] ?? '')
    expectOne(await weighed(parties(await serving(rebuilderdLink(signed, worker)), published), keys), ONCE)
  })

  it('by each of two services counts, though what they sign is the same: it says nothing of its build', async () => {
    const [a, b] = [await serving(rebuilderdLink(signed, worker)), await serving(rebuilderdLink(signed, daemon))]
    expectTwo(await weighed(parties(a, b), keys))
  })
})

describe('a DSSE statement', () => {
  const [oneSigner, otherSigner] = [dsseSigner(), dsseSigner()]
  const pems = {
    'keys/one.pub': pemOfEd25519(oneSigner.publicKey.bytes),
    'keys/other.pub': pemOfEd25519(otherSigner.publicKey.bytes),
  }
  const statement = (machine: string): object =>
    linkStatement({ environment: { machine } }, [subject(FILE, TOOL.sha256)])
  const parties = (place = ''): [string, string] => [
    `one: { dsse: "file:${place || 'one'}/", public-key: keys/one.pub }`,
    `other: { dsse: "file:${place || 'other'}/", public-key: keys/other.pub }`,
  ]
  const name = `${FILE}.intoto.jsonl`
  const line = (...args: Parameters<typeof envelope>): string => `${JSON.stringify(envelope(...args))}\n`

  it('is the record of one build: in one envelope, and in one for each party', async () => {
    const signed = line(statement('a'), [oneSigner, otherSigner])
    expectOne(await weighed(parties('both'), { ...pems, [`both/${name}`]: signed }), ONCE)
    const [a, b] = [line(statement('a'), [oneSigner]), line(statement('a'), [otherSigner])]
    expectOne(await weighed(parties(), { ...pems, [`one/${name}`]: a, [`other/${name}`]: b }), ONCE)
    expectOne(await weighed(parties('both'), { ...pems, [`both/${name}`]: a + b }), ONCE)
  })

  it('of a build of its own counts', async () => {
    const [a, b] = [line(statement('a'), [oneSigner]), line(statement('b'), [otherSigner])]
    expectTwo(await weighed(parties(), { ...pems, [`one/${name}`]: a, [`other/${name}`]: b }))
  })
})

const hasGpg = spawnSync('gpg', ['--version'], { timeout: 10_000 }).status === 0

describe.skipIf(!hasGpg)('what two people sign with gpg (skipped where there is no gpg)', () => {
  it('is one file of sums with two signatures, and counts for two by the word of the policy alone', async () => {
    const home = realpathSync(mkdtempSync(path.join(tmpdir(), 'gpg-')))
    const gpg = (args: readonly string[], input = ''): Buffer => {
      const all = ['--batch', '--quiet', '--pinentry-mode', 'loopback', '--passphrase', '', ...args]
      const env = { ...process.env, GNUPGHOME: home, LC_ALL: 'C' }
      const { status, stdout, stderr } = spawnSync('gpg', all, { env, input, timeout: 60_000 })
      if (status !== 0) throw new Error(`gpg ${args.join(' ')}: ${String(stderr)}`)
      return stdout
    }
    try {
      for (const user of ['one@example.org', 'other@example.org']) {
        gpg(['--quick-generate-key', user, 'ed25519', 'sign', 'never'])
      }
      const signers = ['--local-user', 'one@example.org', '--local-user', 'other@example.org']
      const files = {
        'keys/one.asc': gpg(['--armor', '--export', 'one@example.org']),
        'keys/other.asc': gpg(['--armor', '--export', 'other@example.org']),
        'both/SHA256SUMS': `${SUMS}\n`,
        'both/SHA256SUMS.asc': gpg([...signers, '--armor', '--detach-sign'], `${SUMS}\n`),
      }
      const run = async (more: string): Promise<SiteRun> => {
        return await weighed(both('sha256sums', 'file:both/', more), files)
      }
      expectOne(await run(''), SUMS_ONCE)
      expect((await run(COSIGNED)).of('tool').verdict).toBe('reproduced')
    } finally {
      spawnSync('gpgconf', ['--kill', 'all'], { env: { ...process.env, GNUPGHOME: home }, timeout: 10_000 })
      rmSync(home, { recursive: true, force: true })
    }
  })
})
