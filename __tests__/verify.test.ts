import type { IncomingMessage, ServerResponse } from 'node:http'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { listName } from '../src/archive/apt-lists.ts'
import type { DownloadsOptions } from '../src/net/downloads.ts'
import { readPackageLists } from '../src/packages/find-lists.ts'
import { mergePackageUses } from '../src/packages/merge.ts'
import { filesOnDisk } from '../src/policy/policy-files.ts'
import { readPolicy } from '../src/policy/read-policy.ts'
import { type VerificationResult, verify } from '../src/verify.ts'
import { archiveFiles, deb, projectKey, upstreamKey } from './making/archive-folder.ts'
import { closeAll, downloads, serve } from './making/loopback-server.ts'
import { AT } from './making/signed-archive.ts'
import { archivePolicy, listText, newSite, policyText, removeSites, type Site } from './making/site.ts'

afterEach(async () => {
  await closeAll()
  removeSites()
})

const HELLO = deb('hello')
const CHANGED = deb('hello', { content: 'changed by somebody' })

/** What a server does before it would answer as it should; true when it answered. */
type Misbehaviour = (path: string, request: IncomingMessage, response: ServerResponse) => boolean

const behaves: Misbehaviour = () => false

/** A snapshot and its upstream on one server of this machine, below /snapshot/ and /upstream/. */
async function servedSite(misbehaves: Misbehaviour = behaves, served = [HELLO]): Promise<Site> {
  const files: Record<string, Buffer> = {}
  const add = (folder: string, all: Readonly<Record<string, Buffer>>): void => {
    for (const [name, content] of Object.entries(all)) files[`/${folder}/${name}`] = content
  }
  add('snapshot', await archiveFiles({ key: await projectKey(), debs: served }))
  add('upstream', await archiveFiles({ key: await upstreamKey(), debs: [HELLO] }))
  const server = await serve((request, response) => {
    const name = request.url ?? ''
    if (misbehaves(name, request, response)) return
    const content = files[name]
    if (content === undefined) response.writeHead(404).end()
    else response.end(content)
  })
  const site = await newSite()
  const url = (name: string): string => new URL(name, server.base).href
  site.put({
    'debproof.yml': policyText([archivePolicy({ url: url('snapshot'), upstream: url('upstream') })]),
    'build.packages': listText([HELLO]),
  })
  return site
}

async function verifySite(
  { folder }: Site,
  options: Partial<DownloadsOptions> = {},
  deep = false,
): Promise<VerificationResult> {
  const client = downloads(options)
  const file = await readPolicy(path.join(folder, 'debproof.yml'), {
    environment: {},
    at: AT,
    now: AT,
    files: filesOnDisk,
  })
  const lists = await readPackageLists(file.lists, file.folder, client)
  const policy = await file.resolve({})
  return await verify({
    uses: mergePackageUses(lists),
    policy,
    downloads: client,
    deep,
    hashesRequired: false,
    progress: () => {},
  })
}

async function outcome(
  ...given: Parameters<typeof verifySite>
): Promise<readonly [report: string, hello: string | undefined]> {
  const { verdict, packages } = await verifySite(...given)
  return [verdict, packages[0]?.verdict]
}

describe('over http', () => {
  it('a snapshot that holds what its upstream signed passes', async () => {
    expect(await outcome(await servedSite(), {}, true)).toEqual(['pass', 'identical'])
  })

  it('a snapshot in which one .deb was changed fails', async () => {
    expect(await outcome(await servedSite(behaves, [CHANGED]))).toEqual(['fail', 'mismatch'])
  })

  it('without the network nothing is fetched and all is undecided', async () => {
    const asked: string[] = []
    const site = await servedSite((name) => asked.push(name) === 0)
    expect(await outcome(site, { offline: true })).toEqual(['undecided', 'undecided'])
    expect(asked).toEqual([])
  })
})

const only =
  (part: string, answer: (response: ServerResponse) => void): Misbehaviour =>
  (name, _, response) => {
    if (!name.includes(part)) return false
    answer(response)
    return true
  }

const MISBEHAVIOURS: Readonly<Record<string, (response: ServerResponse) => void>> = {
  'answers 500': (response) => response.writeHead(500).end(),
  'answers 403': (response) => response.writeHead(403).end(),
  'answers 404': (response) => response.writeHead(404).end(),
  'answers with a page for people': (response) => response.end('<html>Please log in</html>'),
  'answers with nothing': (response) => response.end(),
  'answers without end': (response) => {
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(65536, 'x')));
      response.once('drain', more)
    }
    more()
  },
  'cuts every answer short': (response) => {
    response.writeHead(200, { 'content-length': '100000' })
    response.write('-----BEGIN PGP SIGNED MESSAGE-----\n', () => response.destroy())
  },
  'says nothing any more after the first bytes': (response) => {
    response.writeHead(200, { 'content-length': '100000' })
    response.write('-----BEGIN')
  },
  'never answers': () => {},
  'redirects to itself': (response) => response.writeHead(302, { location: '' }).end(),
  'redirects to a file of this machine': (response) =>
    response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  'compresses what was to be plain': (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'),
}

/** Whoever says nothing is not waited for long here; the others have time, however busy this machine is. */
function patience(behaviour: string): Partial<DownloadsOptions> {
  return /^(?:says nothing|never answers)/.test(behaviour) ? { downloadTimeout: 300 } : {}
}

describe.each(['/upstream/', '/snapshot/', '/upstream/dists/made/main/', '/snapshot/dists/made/main/'])(
  'a server that for %s',
  (part) => {
    it.each(Object.entries(MISBEHAVIOURS))('%s leaves the package undecided', async (behaviour, answer) => {
      expect(await outcome(await servedSite(only(part, answer)), patience(behaviour))).toEqual([
        'undecided',
        'undecided',
      ])
    })
  },
)

describe('a pool file', () => {
  it.each([
    ['answers 500', 'undecided'],
    ['answers 404', 'undecided'],
    ['cuts every answer short', 'undecided'],
    ['says nothing any more after the first bytes', 'undecided'],
    ['answers with nothing', 'mismatch'],
    ['answers without end', 'mismatch'],
    ['answers with a page for people', 'mismatch'],
  ])('whose server %s makes the package %s', async (behaviour, verdict) => {
    const site = await servedSite(only('/snapshot/pool/', MISBEHAVIOURS[behaviour] ?? (() => {})))
    expect((await outcome(site, patience(behaviour), true))[1]).toBe(verdict)
  })
})

describe('a server that fails now and then', () => {
  it('is asked again', async () => {
    const seen = new Set<string>()
    const site = await servedSite((name, _, response) => {
      if (seen.has(name)) return false
      seen.add(name)
      response.writeHead(503).end()
      return true
    })
    expect(await outcome(site)).toEqual(['pass', 'identical'])
  })
})

describe('the apt lists of a build', () => {
  /** A site whose snapshot serves `now`, while the lists of the build's apt are of an archive with `then`. */
  async function siteWithLists(now: ReturnType<typeof deb>, then: ReturnType<typeof deb>): Promise<Site> {
    const site = await newSite()
    await site.archive('snapshot', { key: await projectKey(), debs: [now] })
    await site.archive('upstream', { key: await upstreamKey(), debs: [HELLO] })
    const start = listName(new URL('http://tagged.example/debian/'), 'made')
    const seen = await archiveFiles({ key: await projectKey(), debs: [then] })
    site.put({
      [`lists/${start}InRelease`]: seen['dists/made/InRelease'] ?? '',
      [`lists/${start}main_binary-amd64_Packages`]: seen['dists/made/main/binary-amd64/Packages'] ?? '',
      'debproof.yml': policyText([
        archivePolicy({ url: 'http://tagged.example/debian', upstream: 'file:upstream', more: 'apt-lists: lists' }),
      ]),
      'build.packages': listText([HELLO]),
    })
    return site
  }

  it('are believed instead of what the archive says now', async () => {
    const { verdict, packages } = await verifySite(await siteWithLists(HELLO, CHANGED), { offline: true })
    expect([verdict, packages[0]]).toMatchObject([
      'fail',
      { verdict: 'mismatch', sha256: CHANGED.sha256, hashFrom: 'apt-lists' },
    ])
  })

  it('prove what the build was shown, without asking its server', async () => {
    const { verdict, packages } = await verifySite(await siteWithLists(CHANGED, HELLO), { offline: true })
    expect([verdict, packages[0]]).toMatchObject(['pass', { verdict: 'identical', hashFrom: 'apt-lists' }])
  })

  it('that are not there leave the package undecided', async () => {
    const site = await siteWithLists(HELLO, HELLO)
    const text = policyText([archivePolicy({ more: 'apt-lists: elsewhere' })])
    site.put({ 'debproof.yml': text })
    expect(await outcome(site)).toEqual(['undecided', 'undecided'])
  })

  it('are named as apt names them', () => {
    expect(listName(new URL('http://ftp.debian.org/debian/'), 'bookworm')).toBe('ftp.debian.org_debian_dists_bookworm_')
  })
})

describe('two contents under one name, version and architecture', () => {
  it('are judged by the worse one where nobody knows which the build used', async () => {
    const { packages } = await verifySite(await servedSite(behaves, [HELLO, CHANGED]))
    expect(packages).toMatchObject([{ verdict: 'mismatch', sha256: CHANGED.sha256 }])
    expect(packages[0]?.reason).toContain(`Ambiguous: ${HELLO.sha256}`)
  })
})
