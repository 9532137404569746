import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { archiveFiles, deb, projectKey, upstreamKey } from './making/archive-folder.ts'
import { closeAll, serve, serveFiles } from './making/loopback-server.ts'
import { newRebuilder } from './making/rebuilder.ts'
import { serveRebuilderd } from './making/rebuilderd-server.ts'
import { archivePolicy, newSite, policyText, removeSites, runSite } from './making/site.ts'

afterEach(async () => {
  await closeAll()
  removeSites()
})

describe('who is asked', () => {
  it('is who the policy names, whatever addresses lists, release files, indexes and rebuilders hold', async () => {
    const canary = await serve((_request, response) => response.end('a server that nobody named'))
    const elsewhere = canary.base.href
    const [hello, tool] = [deb('hello'), deb('tool')]
    const fields = {
      Snapshots: `${elsewhere}@SNAPSHOTID@/`,
      Changelogs: `${elsewhere}@CHANGEPATH@_changelog`,
      'Acquire-By-Hash': 'yes',
      'Signed-By': `${elsewhere}key.asc`,
      Redirect: elsewhere,
    }
    const at = async (folder: string, archive: Parameters<typeof archiveFiles>[0]) =>
      Object.fromEntries(
        Object.entries(await archiveFiles({ ...archive, fields })).map(([file, bytes]) => [`${folder}/${file}`, bytes]),
      )
    const archives = await serveFiles({
      ...(await at('snapshot', { key: await projectKey(), debs: [hello] })),
      ...(await at('upstream', { key: await upstreamKey(), debs: [hello] })),
      ...(await at('own', { key: await projectKey(), debs: [tool] })),
    })
    const alpha = await newRebuilder('Alpha')
    const documents = await alpha.buildinfo('tool', [tool])
    const page = [`${elsewhere}tool_1.0-1_amd64.buildinfo`, `//${canary.base.host}/tool.buildinfo`, '../../secret']
      .concat(Object.keys(documents))
      .map((href) => `<a href="${href}">x</a>`)
    const beta = await serveFiles({
      'infos/': `<base href="${elsewhere}">${page.join('\n')}`,
      ...under('infos', documents),
    })
    const daemon = await serveRebuilderd({
      binaries: [
        {
          id: 1,
          name: 'tool',
          version: '1.0-1',
          architecture: 'amd64',
          distribution: 'debian',
          component: 'main',
          status: 'GOOD',
          build_id: 1,
          artifact_id: 1,
          artifact_url: `${elsewhere}pool/main/tool_1.0-1_amd64.deb`,
          url: `${elsewhere}pool/main/tool_1.0-1_amd64.deb`,
          has_attestation: true,
          has_diffoscope: false,
          build_log: `${elsewhere}log`,
        },
      ],
    })
    const site = await newSite()
    const parties = [
      `alpha: { buildinfo: "${beta.base.href}infos/", signed-by: keys/alpha.asc }`,
      `gamma: { rebuilderd: "${daemon.base.href}", public-key: keys/gamma.pub }`,
    ]
    const own = `rebuilders: { threshold: 1, parties: { ${parties.join(', ')} } }`
    site.put({
      'keys/alpha.asc': alpha.certificate,
      'keys/gamma.pub': alpha.publicKey,
      'build.packages': [hello, tool]
        .map(({ name, bytes }) => {
          return `'${elsewhere}pool/${name}.deb' ${name}_1.0-1_amd64.deb ${bytes.length} MD5Sum:${'0'.repeat(32)}\n`
        })
        .join(''),
      'debproof.yml': policyText([
        archivePolicy({ url: `${archives.base.href}snapshot`, upstream: `${archives.base.href}upstream` }),
        archivePolicy({
          name: 'own',
          require: 'reproduced',
          url: `${archives.base.href}own`,
          upstream: null,
          more: own,
        }),
      ]),
    })
    const { predicate, of, reportPath } = await runSite(site, { deep: true })
    expect(predicate.lists).toMatchObject([{ format: 'print-uris' }])
    expect([of('hello').verdict, of('tool').verdict]).toEqual(['identical', 'reproduced'])
    expect(canary.asked).toEqual([])
    // Each of those who were named was asked, and none for what lies outside of what was named.
    for (const { asked } of [archives, beta, daemon]) expect(asked.length).toBeGreaterThan(0)
    expect(archives.asked.filter((file) => !/^\/(?:snapshot|upstream|own)\/(?:dists|pool)\//.test(file))).toEqual([])
    expect(beta.asked.filter((file) => !/^\/infos\/(?:tool_1\.0-1_(?:amd64|all)\.buildinfo)?$/.test(file))).toEqual([])
    expect(daemon.asked.filter((file) => !file.startsWith('/amd64/api/'))).toEqual([])
    const index = readFileSync(path.join(path.dirname(reportPath), 'evidence/index.json'), 'utf8')
    expect(index).not.toContain(canary.base.host)
  })
})

function under(folder: string, files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]))
}
