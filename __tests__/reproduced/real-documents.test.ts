import { afterEach, describe, expect, it } from 'vitest'
import { type MadeDeb, type MadeSource, projectKey } from '../making/archive-folder.ts'
import { closeAll } from '../making/loopback-server.ts'
import { capturedDaemon, publishedKey, serveRebuilderd } from '../making/rebuilderd-server.ts'
import { newKey, sha256Hex } from '../making/signed-archive.ts'
import { archivePolicy, newSite, policyText, removeSites, runSite, type Site, type SiteRun } from '../making/site.ts'
import { clearsignedBy, ED25519, fixture, RSA } from './signed-statements.ts'

/**
 * The same real package as four parties rebuilt it, each in its own form: two rebuilderd 0.28 daemons, and two people
 * with in-toto 1.3.1, gpg and debsign.
 */
const DEMO = realDeb('debproof-demo', 'amd64')
const DATA = realDeb('debproof-demo-data', 'all')
const SOURCE: MadeSource = {
  name: 'debproof-demo',
  version: '1.0-1',
  files: { 'debproof-demo_1.0-1.dsc': fixture('debproof-demo_1.0-1.dsc').toString('latin1') },
}

function realDeb(name: string, architecture: string): MadeDeb {
  const bytes = fixture(`${name}_1.0-1_${architecture}.deb`)
  return { name, version: '1.0-1', architecture, bytes, sha256: sha256Hex(bytes) }
}

afterEach(async () => {
  await closeAll()
  removeSites()
})

const OPENPGP = `in-toto: "file:links/", buildinfo: "file:buildinfo/"`
const RSA_PARTY = `ron: { ${OPENPGP}, signed-by: keys/${RSA}.asc }`
const ED25519_PARTY = `edda: { ${OPENPGP}, signed-by: keys/${ED25519}.asc }`

async function realSite(): Promise<{ site: Site; daemons: string }> {
  const site = await newSite()
  await site.archive('own', { key: await projectKey(), debs: [DEMO, DATA], sources: [SOURCE] })
  const a = await serveRebuilderd(capturedDaemon('A'))
  const b = await serveRebuilderd(capturedDaemon('B'))
  site.put({
    'build.packages': 'debproof-demo\t1.0-1\ndebproof-demo-data\t1.0-1\n',
    'keys/a.pub': publishedKey('A'),
    'keys/b.pub': publishedKey('B'),
    [`keys/${RSA}.asc`]: fixture(`${RSA}.asc`),
    [`keys/${ED25519}.asc`]: fixture(`${ED25519}.asc`),
    'keys/owner.asc': fixture('owner.asc'),
    'keys/demo.layout': fixture('demo.layout'),
    'links/rebuild.77f84300.link': fixture('rebuild.77f84300.link'),
    'links/rebuild.28c1e5f1.link': fixture('rebuild.28c1e5f1.link'),
    'buildinfo/rsa.buildinfo': fixture('orig.rsa.signed.buildinfo'),
    'buildinfo/ed25519.buildinfo': fixture('rebuild.ed25519.signed.buildinfo'),
    'buildinfo/debsign.buildinfo': fixture('rebuild.debsign.signed.buildinfo'),
  })
  const daemons = [
    `anna: { rebuilderd: "${a.base.href}", public-key: keys/a.pub }`,
    `bert: { rebuilderd: "${b.base.href}", public-key: keys/b.pub }`,
  ].join(', ')
  return { site, daemons }
}

async function run(site: Site, rebuilders: string, signedBy = 'keys/project.gpg'): Promise<SiteRun> {
  const own = { name: 'own', require: 'reproduced', url: 'file:own', upstream: null }
  const archive = archivePolicy({ ...own, more: `rebuilders: { ${rebuilders} }` })
  site.put({ 'debproof.yml': policyText([archive.replace('keys/project.gpg', signedBy)]) })
  return await runSite(site)
}

describe('a real package, rebuilt by four parties', () => {
  it('is reproduced by all four, each counted once though two of them have several statements', async () => {
    const { site, daemons } = await realSite()
    const { predicate, of } = await run(site, `threshold: 3, parties: { ${daemons}, ${RSA_PARTY}, ${ED25519_PARTY} }`)
    expect(of('debproof-demo').reason).toBe('Reproduced by anna, bert, edda, ron (3 needed).')
    // What was captured of Anna's daemon does not list this one.
    expect(of('debproof-demo-data').reason).toBe('Reproduced by bert, edda, ron (3 needed).')
    expect(predicate.verdict).toBe('pass')
    const kinds = Object.values(predicate.evidence).map(({ kind }) => kind)
    expect([...new Set(kinds)].sort()).toEqual(['buildinfo', 'in-toto-link', 'packages', 'rebuilderd-link', 'release'])
  })

  it('has two signers, not three, in three .buildinfo files, and one where the other signed the same text', async () => {
    const { site } = await realSite()
    site.put({ 'buildinfo/debsign.buildinfo': '' })
    const party = (key: string): string => `{ buildinfo: "file:buildinfo/", signed-by: keys/${key}.asc }`
    const parties = `parties: { ron: ${party(RSA)}, edda: ${party(ED25519)} }`
    const { of } = await run(site, `threshold: 2, ${parties}`)
    expect(of('debproof-demo').reason).toBe('Reproduced by edda, ron (2 needed).')
    await expect(run(site, `threshold: 3, ${parties}`)).rejects.toThrow(/it can never be met/)
    // The text that ron signed, signed by edda too, beside the one of a build of her own.
    site.put({ 'buildinfo/debsign.buildinfo': fixture('rebuild.debsign.signed.buildinfo') })
    const { verdict, reason } = (await run(site, `threshold: 2, ${parties}`)).of('debproof-demo')
    expect(verdict).toBe('unproven')
    expect(reason).toContain('ron: signed the record of the same build as edda, and one build counts once.')
  })

  it('is reproduced by the keys of a layout, and the layout is among the evidence', async () => {
    const { site } = await realSite()
    const layout = 'layout: { file: keys/demo.layout, signed-by: keys/owner.asc, in-toto: "file:links/" }'
    const { predicate, of } = await run(site, layout)
    expect(of('debproof-demo').verdict).toBe('reproduced')
    expect(of('debproof-demo').reason).toContain(`Reproduced by ${ED25519}, ${RSA} (2 needed).`)
    expect(Object.values(predicate.evidence).map(({ kind }) => kind)).toContain('in-toto-layout')
  })

  it('is unproven by a layout without the key of the builder, and the policy says at once that it cannot be met', async () => {
    const { site } = await realSite()
    const layout = 'layout: { file: keys/demo.layout, signed-by: keys/owner.asc, in-toto: "file:links/" }'
    await expect(run(site, `${layout}, builder: keys/${RSA}.asc`)).rejects.toThrow(/but only 1 count/)
    const { daemons } = await realSite()
    const { of } = await run(site, `${layout}, builder: keys/${RSA}.asc, parties: { ${daemons} }`)
    expect(of('debproof-demo').reason).toContain('(2 needed)')
    expect(of('debproof-demo').reason).not.toContain(RSA)
  })

  it('is unproven by a layout without the key that signs the archive', async () => {
    const { site } = await realSite()
    const layout = 'layout: { file: keys/demo.layout, signed-by: keys/owner.asc, in-toto: "file:links/" }'
    const signedBy = `[keys/project.gpg, keys/${RSA}.asc]`
    await expect(run(site, layout, signedBy)).rejects.toThrow(/but only 1 count: who built or signs what is served/)
  })

  it('refuses a layout that is signed by somebody else, and one whose key is a party too', async () => {
    const { site } = await realSite()
    const layout = (owner: string): string =>
      `layout: { file: keys/demo.layout, signed-by: ${owner}, in-toto: "file:links/" }`
    await expect(run(site, layout('keys/project.gpg'))).rejects.toThrow(
      expect.objectContaining({ code: 'POLICY', message: expect.stringMatching(/demo\.layout cannot be used/) }),
    )
    await expect(run(site, `${layout('keys/owner.asc')}, parties: { ${RSA_PARTY} }`)).rejects.toThrow(
      /the party ron have the same key/,
    )
  })

  it('is a mismatch once a party signed what came out in another release', async () => {
    const { site, daemons } = await realSite()
    const conflict = fixture('sid-debrebuild.buildinfo').toString('latin1')
    const key = await newKey({ name: 'Sid' })
    site.put({
      'keys/sid.asc': key.toPublic().armor(),
      'sid/debproof-demo_1.0-1_amd64.buildinfo': await clearsignedBy(conflict, key),
    })
    const sid = 'sid: { buildinfo: "file:sid/", signed-by: keys/sid.asc }'
    const { of } = await run(site, `threshold: 2, parties: { ${daemons}, ${sid} }`)
    expect([of('debproof-demo').verdict, of('debproof-demo-data').verdict]).toEqual(['mismatch', 'reproduced'])
    expect(of('debproof-demo').reason).toContain('sid got bb6e92c4')
  })

  it('needs more when its source must be named: the daemons name a .buildinfo that the archive has to serve', async () => {
    const { site, daemons } = await realSite()
    const rebuilders = `threshold: 2, source: required, parties: { ${daemons} }`
    const { verdict, reason } = (await run(site, rebuilders)).of('debproof-demo')
    expect([verdict, reason]).toEqual(['unproven', expect.stringContaining('the archive does not serve the')])
  })
})
