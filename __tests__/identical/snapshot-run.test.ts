import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { deb, type MadeDeb, projectKey, upstreamKey } from '../making/archive-folder.ts'
import { closeAll } from '../making/loopback-server.ts'
import { AT } from '../making/signed-archive.ts'
import { archivePolicy, listText, newSite, policyText, removeSites, runSite, type Site } from '../making/site.ts'
import { type MadeService, madeRun, serveSnapshots, timestamp } from '../making/snapshot-service.ts'

afterEach(async () => {
  await closeAll()
  removeSites()
})

const hello = deb('hello')
const DAYS = 24

/** A site whose snapshot serves `served`, of an upstream of whose past the service tells by hours before the clock. */
async function pastSite(
  served: readonly MadeDeb[],
  history: Readonly<Record<number, readonly MadeDeb[]>>,
  hints: MadeService['hints'] = {},
): Promise<Site> {
  const key = await upstreamKey()
  const runs = Object.entries(history).map(async ([hours, debs]) => {
    const run = timestamp(AT, Number(hours))
    return [run, await madeRun(run, key, debs)] as const
  })
  const { base } = await serveSnapshots({ runs: Object.fromEntries(await Promise.all(runs)), hints })
  const site = await newSite()
  await site.archive('snapshot', { key: await projectKey(), debs: served })
  const upstream = `      - snapshots: "${base.href}"\n        archive: made\n        at: "${timestamp(AT, -30 * DAYS)}"`
  site.put({
    'debproof.yml': policyText([archivePolicy().replace('      - url: "file:upstream"', upstream)]),
    'build.packages': listText(served),
  })
  return site
}

describe('a policy with `snapshots`', () => {
  it('proves what the upstream signed then, whatever it signs now', async () => {
    const site = await pastSite([hello], { [-30 * DAYS]: [hello], 0: [deb('hello', { version: '2' })] })
    const { predicate, of } = await runSite(site)
    expect(predicate.verdict).toBe('pass')
    expect(of('hello')).toMatchObject({ verdict: 'identical' })
  })

  it('proves no version of long ago, and says where it was seen; with a window that reaches so far, it does', async () => {
    const old = deb('hello', { version: '0.9-1', content: 'with holes that were mended since' })
    const long = -330 * DAYS
    const seen = timestamp(AT, long)
    const hints = { 'binary/hello/0.9-1/binfiles': [{ architecture: 'amd64', firstSeen: seen }] }
    const site = await pastSite([old], { [long]: [old], [-30 * DAYS]: [hello] }, hints)
    const { predicate, of } = await runSite(site)
    expect(predicate.verdict).toBe('fail')
    expect(of('hello')).toMatchObject({
      verdict: 'unproven',
      reason: expect.stringMatching(`first saw it at ${seen}, outside of the window of 3d .* widen \`window\``),
    })
    const policy = readFileSync(path.join(site.folder, 'debproof.yml'), 'utf8')
    site.put({ 'debproof.yml': policy.replace('        archive: made\n', '$&        window: 300d\n') })
    expect((await runSite(site)).of('hello')).toMatchObject({ verdict: 'identical' })
  })

  it('finds what was changed since', async () => {
    const site = await pastSite([deb('hello', { content: 'evil' })], { [-30 * DAYS]: [hello] })
    const { of } = await runSite(site)
    expect(of('hello')).toMatchObject({ verdict: 'mismatch' })
  })
})
