// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the variables of a policy
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { sha256Of } from '../../src/archive/hash.ts'
import type { Policy } from '../../src/policy/policy.ts'
import { filesOnDisk } from '../../src/policy/policy-files.ts'
import { type PolicyFile, readPolicy } from '../../src/policy/read-policy.ts'
import { projectKey, upstreamKey } from '../making/archive-folder.ts'
import { AT } from '../making/signed-archive.ts'
import { archivePolicy, newSite, policyText, removeSites } from '../making/site.ts'

afterEach(removeSites)

interface Given {
  readonly release?: string
  readonly environment?: Readonly<Record<string, string>>
  readonly references?: Readonly<Record<string, string>>
  readonly at?: Date
}

async function resolve(
  text: string,
  { references = {}, environment = {}, ...given }: Given = {},
): Promise<Policy & { folder: string }> {
  const site = await newSite()
  site.put({ 'debproof.yml': text })
  const file = await readPolicy(path.join(site.folder, 'debproof.yml'), {
    environment,
    now: AT,
    files: filesOnDisk,
    ...given,
  })
  return { ...(await file.resolve(references)), folder: site.folder }
}

function refused(pattern: RegExp, code = 'POLICY'): object {
  return expect.objectContaining({ code, message: expect.stringMatching(pattern) })
}

const UPSTREAM = '    upstream:\n      - url: http://ftp.debian.org/debian\n        signed-by: keys/upstream.asc\n'
const DIRECT = `  debian:\n    require: identical\n    suites: [made]\n    components: [main]\n    architectures: [amd64, i386]\n${UPSTREAM}`

function policy(...archives: string[]): string {
  return `version: 1\narchives:\n${archives.join('')}`
}

describe('an archive', () => {
  it('that the build used itself is its own first upstream, under the upstream own keys', async () => {
    const { archives } = await resolve(policy(DIRECT))
    const [debian] = archives
    expect(debian).toMatchObject({ name: 'debian', servedByUpstream: true })
    expect(debian?.served).toBe(debian?.upstreams[0])
    expect(debian?.served.area).toEqual({
      base: new URL('http://ftp.debian.org/debian/'),
      suites: ['made'],
      components: ['main'],
      architectures: ['amd64', 'i386'],
    })
    expect(debian?.served.keyring.certificates.map((key) => key.getFingerprint())).toEqual([
      (await upstreamKey()).getFingerprint(),
    ])
  })

  it('that is a copy has its own keys, and its upstream has others', async () => {
    const { archives } = await resolve(policyText())
    expect(archives[0]?.servedByUpstream).toBe(false)
    expect(archives[0]?.served.keyring.certificates[0]?.getFingerprint()).toBe((await projectKey()).getFingerprint())
    expect(archives[0]?.upstreams[0]?.keyring.certificates[0]?.getFingerprint()).toBe(
      (await upstreamKey()).getFingerprint(),
    )
  })

  it('gives its upstreams its suites, components and architectures, where they name none of their own', async () => {
    const own = '        suites: [other]\n        components: [contrib]\n        architectures: [arm64]\n'
    const { archives } = await resolve(
      policy(`${DIRECT}      - url: https://h/\n        signed-by: keys/upstream.asc\n${own}`),
    )
    const [first, second] = archives[0]?.upstreams ?? []
    expect(first?.area).toMatchObject({ suites: ['made'], components: ['main'], architectures: ['amd64', 'i386'] })
    expect(second?.area).toMatchObject({ suites: ['other'], components: ['contrib'], architectures: ['arm64'] })
  })

  it('may be in a folder that is named relative to the policy', async () => {
    const { archives, folder } = await resolve(
      policyText([archivePolicy({ url: 'file:a b/c', upstream: 'file:///srv/debian' })]),
    )
    expect(archives[0]?.served.area.base.href).toBe(`${pathToFileURL(path.join(folder, 'a b/c')).href}/`)
    expect(archives[0]?.upstreams[0]?.area).toMatchObject({ base: new URL('file:///srv/debian/') })
  })

  it('may name the apt lists of the build, relative to the policy', async () => {
    const { archives, folder } = await resolve(policyText([archivePolicy({ more: 'apt-lists: chroot/lists' })]))
    expect(archives[0]?.aptLists).toBe(path.join(folder, 'chroot/lists'))
  })

  it('may be the history that a snapshot service or a store of evidence keeps, each at its own time', async () => {
    const past = [
      '      - snapshots: ["https://one.example", "https://two.example/"]',
      '        archive: debian',
      '        at: "2021033101"',
      '        window: 36h',
      '        signed-by: keys/upstream.asc',
      '      - store: kept/evidence',
      '        suites: [other]',
      '        signed-by: keys/upstream.asc',
    ]
    const { archives, folder } = await resolve(policyText([archivePolicy({ more: past.join('\n').slice(4) })]))
    const [live, snapshots, store] = archives[0]?.upstreams ?? []
    expect(live?.kind).toBe('live')
    expect(snapshots).toMatchObject({
      kind: 'snapshots',
      services: [new URL('https://one.example/'), new URL('https://two.example/')],
      archive: 'debian',
      at: new Date('2021-03-31T12:00:00Z'),
      window: 36 * 3_600_000,
      area: { suites: ['made'], components: ['main'], architectures: ['amd64'] },
    })
    expect(store).toMatchObject({
      kind: 'store',
      folder: path.join(folder, 'kept/evidence'),
      at: AT,
      window: 3 * 24 * 3_600_000,
      area: { suites: ['other'] },
    })
  })

  it('has the clock that the user gives, else the date of the build, else the present', async () => {
    const later = new Date('2026-07-01T00:00:00Z')
    expect((await resolve(policyText())).at).toEqual(AT)
    expect((await resolve(`at: 2026-05-02\n${policyText()}`)).at).toEqual(new Date('2026-05-02T23:59:59Z'))
    expect((await resolve(`at: 20260502T030405Z\n${policyText()}`)).at).toEqual(new Date('2026-05-02T03:04:05Z'))
    expect((await resolve(`at: 2026-05-02\n${policyText()}`, { at: later })).at).toEqual(later)
  })

  it('that names no components is read for main', async () => {
    const plain = archivePolicy({ suite: './' }).replace(/^ {4}components: .*\n/m, '')
    const { served } = (await resolve(policyText([plain]))).archives[0] ?? {}
    expect(served?.area).toMatchObject({ suites: ['./'], components: ['main'] })
  })

  it.each<[RegExp, string]>([
    [/archives\.debian: `require: identical` needs an upstream/, policyText([archivePolicy({ upstream: null })])],
    [
      /archives\.debian\.url is missing/,
      policyText([archivePolicy({ require: 'reproduced', upstream: null }).replace(/^ {4}url: .*\n/m, '')]),
    ],
    ...[
      ['url: "file:a", archive: debian', 'archive does not belong to an upstream with url'],
      ['url: "file:a", window: 3d', 'window does not belong to an upstream with url'],
      ['store: kept, max-age: 3d', 'max-age does not belong to an upstream with store'],
      ['snapshots: "https://h/"', 'archive is missing: what the snapshot service calls it'],
      ['store: kept, at: yesterday', 'at: "yesterday" is no point in time'],
      ['store: kept, at: 2021-02-30', 'at: "2021-02-30" is no point in time'],
    ].map(([keys, message]): [RegExp, string] => [
      new RegExp(`archives\\.debian\\.upstream\\.1.*${message}`),
      policyText([archivePolicy({ more: `  - { ${keys}, signed-by: keys/upstream.asc }` })]),
    ]),
    [
      /archives\.debian\.url is missing: without it the build used the first upstream itself/,
      policyText([
        archivePolicy({ upstream: null, more: 'upstream: [{ store: kept, signed-by: keys/upstream.asc }]' })
          .replace(/^ {4}url: .*\n/m, '')
          .replace(/^ {4}signed-by: .*\n/m, ''),
      ]),
    ],
    [/archives\.debian\.signed-by is missing/, policyText([archivePolicy().replace(/^ {4}signed-by: .*\n/m, '')])],
    [
      /max-age belongs to url, which is missing; put it under upstream/,
      policyText([
        archivePolicy({ more: 'max-age: 10d' })
          .replace(/^ {4}url: .*\n/m, '')
          .replace(/^ {4}signed-by: .*\n/m, ''),
      ]),
    ],
    [
      /archives\.debian: release-name belongs to url, which is missing; put it under upstream/,
      policy(DIRECT.replace('suites:', 'release-name: other\n    suites:')),
    ],
    [
      /archives\.debian\.release-name is .* of one suite says, and there are 2: write an archive for each suite/,
      policyText([archivePolicy({ more: 'release-name: other' }).replace('["made"]', '[made, other]')]),
    ],
    [
      /archives\.debian\.upstream\.0\.release-name is .* and there are 2: write an upstream for each suite/,
      policyText([`${archivePolicy()}        release-name: other\n`.replace('["made"]', '[made, other]')]),
    ],
    [/signed-by belongs to url, which is missing/, policyText([archivePolicy().replace(/^ {4}url: .*\n/m, '')])],
    [
      /archives\.\w+\.architectures is missing: name the build's own first/,
      policyText([archivePolicy().replace(/^ {4}architectures: .*\n/m, '')]),
    ],
    [/architectures: x86-64 is no Debian architecture, such as amd64/, policyText().replace('[amd64]', '[x86-64]')],
    [/architectures: AMD64 is no Debian architecture/, policyText().replace('[amd64]', '[AMD64]')],
    [/`none` means no archive; choose another name/, policyText([archivePolicy({ name: 'none' })])],
    [/suites: "\.\.\/made" is no suite/, policyText([archivePolicy({ suite: '../made' })])],
    [/suites: "made main" is no suite/, policyText([archivePolicy({ suite: 'made main' })])],
    [/url must not hold a login/, policyText([archivePolicy({ url: 'https://me:secret@h/' })])],
    [/url must not hold a login/, policyText([archivePolicy({ upstream: 'https://token@h/' })])],
    [/url must not have a query or a fragment/, policyText([archivePolicy({ url: 'https://h/?a=b' })])],
    [/url must not have a query or a fragment/, policyText([archivePolicy({ url: 'https://h/#a' })])],
    [/url: "http:\/\/" is not a URL/, policyText([archivePolicy({ url: 'http://' })])],
    [
      /exceptions\.0\.archive: there is no archive debain/,
      policyText(undefined, 'exceptions: [{package: a, archive: debain, reason: b}]\n'),
    ],
  ])('is refused with %s', async (message, text) => {
    await expect(resolve(text)).rejects.toEqual(refused(message))
  })

  it('does not tell the login that it refuses', async () => {
    const text = policyText([archivePolicy({ url: 'https://me:secret@h/' })])
    await expect(resolve(text)).rejects.not.toThrow(/secret/)
  })
})

describe('two archives', () => {
  const second = (keys: string): string => archivePolicy({ name: 'again' }).replace('keys/project.gpg', keys)

  it('of the same suite are refused with different keys, as apt does', async () => {
    await expect(resolve(policyText([archivePolicy(), second('keys/upstream.asc')]))).rejects.toEqual(
      refused(/the archives debian and again read the same suite \(.* made\) with different signed-by/),
    )
    const fingerprint = (await projectKey()).getFingerprint()
    await expect(resolve(policyText([archivePolicy(), second(`keys/project.gpg ${fingerprint}`)]))).rejects.toEqual(
      refused(/different signed-by/),
    )
  })

  it('of the same suite are taken with the same keys', async () => {
    expect((await resolve(policyText([archivePolicy(), second('keys/project.gpg')]))).archives).toHaveLength(2)
  })
})

describe('variables', () => {
  const text = (value: string): string =>
    policyText([archivePolicy({ url: `http://h/${value}/debian` })], 'env: [BRANCH, NOT_SET]\n')

  it('are filled into URLs, suites and paths', async () => {
    const given = {
      release: '7.1',
      references: { debian: '2026112201' },
      environment: { BRANCH: 'stable', SECRET: 'x' },
    }
    const base = async (value: string): Promise<string | undefined> =>
      (await resolve(text(value), given)).archives[0]?.served.area.base.href
    expect(await base('${release}')).toBe('http://h/7.1/debian/')
    expect(await base('${reference:debian}')).toBe('http://h/2026112201/debian/')
    expect(await base('${BRANCH}')).toBe('http://h/stable/debian/')
    const { archives } = await resolve(policyText([archivePolicy({ suite: '${release}' })]), given)
    expect(archives[0]?.upstreams[0]?.area.suites).toEqual(['7.1'])
  })

  it('of the environment are kept where the policy uses them, and their values stand in no error', async () => {
    const site = await newSite()
    site.put({ 'debproof.yml': policyText([archivePolicy({ url: 'http://h/${BRANCH}/' })], 'env: [BRANCH, UNUSED]\n') })
    const read = async (branch: string): Promise<PolicyFile> =>
      await readPolicy(path.join(site.folder, 'debproof.yml'), {
        now: AT,
        files: filesOnDisk,
        environment: { BRANCH: branch, UNUSED: 'a-secret' },
      })
    expect((await read('stable')).environment).toEqual({ BRANCH: 'stable' })
    const refusal = await (await read('https://name:pass@h/')).resolve({}).catch((error: unknown) => error)
    expect(refusal).toMatchObject({
      code: 'POLICY',
      message: expect.stringMatching(/the value of \$\{BRANCH\} has other/),
    })
    expect(String(refusal)).not.toContain('pass@h')
  })

  it('of the environment are read only where the policy names them', async () => {
    await expect(resolve(text('${SECRET}'), { environment: { SECRET: 'x' } })).rejects.toEqual(
      refused(/\$\{SECRET\} has no value/),
    )
    await expect(resolve(text('${NOT_SET}'))).rejects.toEqual(
      refused(/\$\{NOT_SET\} .* this environment variable is not set/),
    )
  })

  it.each(['..', 'a/../../b', 'a@evil.example', 'a?b', 'x y'])('refuse the release %s', async (release) => {
    await expect(resolve(text('${release}'), { release })).rejects.toEqual(refused(/only letters, digits/))
  })

  it('are filled into the paths of package lists, but for what only lists can tell', async () => {
    const read = async (list: string) => {
      const site = await newSite()
      site.put({ 'debproof.yml': policyText().replace('build.packages', list) })
      return await readPolicy(path.join(site.folder, 'debproof.yml'), {
        release: '7.1',
        environment: {},
        now: AT,
        files: filesOnDisk,
      })
    }
    expect((await read('"*-${release}.packages"')).lists).toEqual([{ path: '*-7.1.packages', format: 'auto' }])
    await expect(read('"${reference:debian}.packages"')).rejects.toEqual(
      refused(/packages\.0\.path: .* no package list names/),
    )
  })
})

describe('a policy file', () => {
  it('is known by its SHA-256', async () => {
    expect((await resolve(policyText())).sha256).toBe(sha256Of(policyText()))
  })

  it('that is not there says what to do', async () => {
    await expect(readPolicy('/nowhere/debproof.yml', { environment: {}, now: AT, files: filesOnDisk })).rejects.toEqual(
      refused(/There is no policy \/nowhere\/debproof\.yml\. Write one with `debproof init`/),
    )
  })

  it('that is a folder says that it cannot be read', async () => {
    await expect(readPolicy('/', { environment: {}, now: AT, files: filesOnDisk })).rejects.toEqual(
      refused(/The policy \/ cannot be read/),
    )
  })
})
