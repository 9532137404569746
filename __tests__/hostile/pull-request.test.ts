import { readdirSync, readFileSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { verifyCommand } from '../../src/commands/verify.ts'
import { call } from '../commands/cli.ts'
import { deb } from '../making/archive-folder.ts'
import { archivePolicy, policyText, removeSites, type Site, snapshotSite } from '../making/site.ts'

afterEach(removeSites)

const TOKEN = 'ghs_16C7e42F292c6912E7710c838347Ae178B4a'
const BASIC = Buffer.from(`x-access-token:${TOKEN}`).toString('base64')
const CONFIG = `[http "https://github.com/"]\n\textraheader = AUTHORIZATION: basic ${BASIC}\n`

/** What a file of a job may be that its policy names: none of its words may get into a log. */
const FILES: Readonly<Record<string, string>> = {
  'git-config': CONFIG,
  'wrong.json': `${TOKEN} {"a": 1}\n`,
  'key.pem': `-----BEGIN PRIVATE KEY-----\n${TOKEN}\n-----END PRIVATE KEY-----\n`,
  list: `${TOKEN}\n${TOKEN} ${TOKEN}\n`,
}

/** Every place of a policy in which a file or a folder is named, with the name put in. */
const PLACES: Readonly<Record<string, (name: string) => string>> = {
  'a list': (name) => policyText().replace('build.packages', name),
  ...Object.fromEntries(
    ['dpkg-query', 'dpkg-status', 'name-version', 'sha256sums', 'build-manifest', 'print-uris', 'apt-hook'].map(
      (format) => [
        `a list of the format ${format}`,
        (name: string) => policyText().replace('path: build.packages', `{path: "${name}", format: ${format}}`),
      ],
    ),
  ),
  'a glob': (name) => policyText().replace('build.packages', `"{${name},none}*"`),
  'a keyring': (name) => policyText([archivePolicy().replace('keys/project.gpg', name)]),
  'the URL of an archive': (name) => policyText([archivePolicy({ url: `file:${name}` })]),
  'the URL of an upstream': (name) => policyText([archivePolicy({ upstream: `file:${name}` })]),
  "apt's lists": (name) => policyText([archivePolicy({ more: `apt-lists: ${name}` })]),
  'a store': (name) => policyText([archivePolicy({ upstream: 'file:x' }).replace('url: "file:x"', `store: ${name}`)]),
  ...Object.fromEntries(
    ['buildinfo', 'in-toto', 'sha256sums'].map((format) => [
      `${format} of a rebuilder`,
      (name: string) =>
        reproduced(`{threshold: 1, parties: {one: {${format}: "file:${name}", signed-by: keys/upstream.asc}}}`),
    ]),
  ),
  "a rebuilder's key": (name) =>
    reproduced(`{threshold: 1, parties: {one: {dsse: "file:made/", public-key: "${name}"}}}`),
  'a layout': (name) => reproduced(`{layout: {file: "${name}", signed-by: keys/upstream.asc, in-toto: "file:made/"}}`),
}

function reproduced(rebuilders: string): string {
  return policyText([archivePolicy({ require: 'reproduced', upstream: null, more: `rebuilders: ${rebuilders}` })])
}

async function run(
  site: Site,
  policy: string,
  environment: Record<string, string> = {},
  more: readonly string[] = [],
): Promise<{ shown: string; kept: string[] }> {
  site.put({ 'debproof.yml': policy })
  const output = path.join(site.folder, 'report')
  const words = [
    '--policy',
    path.join(site.folder, 'debproof.yml'),
    '--output',
    output,
    '--unsigned',
    '--verbose',
    ...more,
  ]
  const { out, err } = await call(verifyCommand, words, environment)
  const kept = readdirSync(output, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [readFileSync(path.join(entry.parentPath, entry.name), 'latin1')] : [],
  )
  return { shown: out + err, kept }
}

const nothing = (): string => ''

const isTold = (text: string): boolean => text.includes(TOKEN) || text.includes(BASIC)

describe('a policy of a pull request', () => {
  const pullRequest = (site: Site): Record<string, string> => ({
    GITHUB_ACTIONS: 'true',
    GITHUB_EVENT_NAME: 'pull_request',
    GITHUB_WORKSPACE: site.folder,
  })

  it.each(Object.keys(PLACES))('gets nothing that lies elsewhere or below .git by %s', async (place) => {
    const site = await snapshotSite([deb('hello')])
    const elsewhere = await snapshotSite([deb('hello')])
    const made = {
      config: CONFIG,
      made_dists_made_InRelease: CONFIG,
      'dists/made/InRelease': CONFIG,
      SHA256SUMS: CONFIG,
      'hello_1.0_amd64.buildinfo': CONFIG,
      'hello_1.0_amd64.deb.link': CONFIG,
    }
    for (const [name, text] of Object.entries(made)) {
      site.put({ [`.git/${name}`]: text })
      elsewhere.put({ [`job/${name}`]: text })
    }
    symlinkSync(path.join(elsewhere.folder, 'job'), path.join(site.folder, 'link'))
    symlinkSync(path.join('.git', 'config'), path.join(site.folder, 'file'))
    for (const name of ['.git/config', 'link', 'file', `${elsewhere.folder}/job/config`]) {
      const { shown, kept } = await run(site, (PLACES[place] ?? nothing)(name), pullRequest(site))
      expect([name, shown]).toEqual([name, expect.stringMatching(/it lies (?:outside|below \.git)|No file matches/)])
      expect([name, isTold(shown), kept.some(isTold)]).toEqual([name, false, false])
    }
  })

  it('reads what lies in the workspace, the keyrings of the system, and what is allowed', async () => {
    const site = await snapshotSite([deb('hello')])
    const elsewhere = await snapshotSite([deb('hello')])
    expect((await run(site, policyText(), pullRequest(site), ['--at', '2026-06-01T12:00:00Z'])).shown).toMatch(/^PASS/m)
    const policy = policyText([archivePolicy({ upstream: `file://${elsewhere.folder}/upstream` })])
    const at = ['--at', '2026-06-01T12:00:00Z']
    expect((await run(site, policy, pullRequest(site), at)).shown).toMatch(/^UNDECIDED/m)
    expect((await run(site, policy, pullRequest(site), [...at, '--allow-path', elsewhere.folder])).shown).toMatch(
      /^PASS/m,
    )
    expect((await run(site, policy, {}, at)).shown).toMatch(/^PASS/m)
  })

  it('is itself no link to elsewhere', async () => {
    const site = await snapshotSite([deb('hello')])
    site.put({ '.git/config': CONFIG })
    symlinkSync('.git/config', path.join(site.folder, 'own.yml'))
    const words = [
      '--policy',
      path.join(site.folder, 'own.yml'),
      '--unsigned',
      '--output',
      path.join(site.folder, 'report'),
    ]
    const { code, err } = await call(verifyCommand, words, pullRequest(site))
    expect([code, err]).toEqual([2, expect.stringMatching(/below \.git/)])
  })
})

describe('a file that is none of those that a policy names', () => {
  it.each(Object.keys(PLACES))('is told by its name, and not quoted: %s', async (place) => {
    const site = await snapshotSite([deb('hello')])
    for (const [name, text] of Object.entries(FILES)) {
      site.put({ [name]: text })
      const { shown } = await run(site, (PLACES[place] ?? nothing)(name))
      expect([name, isTold(shown)]).toEqual([name, false])
    }
  })

  it('is no policy either', async () => {
    const site = await snapshotSite([deb('hello')])
    for (const text of Object.values(FILES)) expect(isTold((await run(site, text)).shown)).toBe(false)
  })
})

describe('a secret of the job that a policy names in a file', () => {
  it.each([
    ['as it is', TOKEN],
    ['as git has it', CONFIG],
    ['behind another name', Buffer.from(`oauth2:${TOKEN}`).toString('base64')],
    ['behind a longer name', Buffer.from(`ab:${TOKEN}\n`).toString('base64')],
    ['in hex', Buffer.from(TOKEN).toString('hex')],
  ])('is found %s, on the command line too, and nothing is kept', async (_, text) => {
    const site = await snapshotSite([deb('hello')])
    site.put({ 'made/x.buildinfo': text, 'made/hello_1.0_amd64.buildinfo': text })
    const policy = reproduced('{threshold: 1, parties: {one: {buildinfo: "file:made/", signed-by: keys/upstream.asc}}}')
    const { shown, kept } = await run(site, policy, { GITHUB_TOKEN: TOKEN })
    expect(shown).toContain('holds a secret of this job')
    expect(kept).toEqual([])
    expect((await run(site, policy)).kept.length).toBeGreaterThan(0)
  })
})
