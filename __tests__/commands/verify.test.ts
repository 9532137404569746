import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { encryptKey } from 'openpgp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyCommand } from '../../src/commands/verify.ts'
import { deb } from '../making/archive-folder.ts'
import { newKey } from '../making/signed-archive.ts'
import { archivePolicy, listText, policyText, removeSites, type Site, snapshotSite } from '../making/site.ts'
import { call, cli } from './cli.ts'

const HELLO = deb('hello')
const DATA = deb('hello-data', { architecture: 'all' })
const CHANGED = deb('hello', { content: 'changed by somebody' })
const AT = ['--at', '2026-06-01T12:00:00Z']

let good: Site
let changed: Site

beforeAll(async () => {
  good = await snapshotSite([HELLO, DATA])
  changed = await snapshotSite([CHANGED, DATA], [HELLO, DATA])
  good.put({
    'down.yml': policyText([archivePolicy({ upstream: 'file:nowhere' })]),
    'bad.yml': policyText().replace('require:', 'requires:'),
    'empty.packages': '',
    'comments.packages': '# nothing\n\n# here\n',
    'key.asc': (await newKey()).armor(),
    'public.asc': (await newKey()).toPublic().armor(),
    'locked.asc': (await encryptKey({ privateKey: await newKey(), passphrase: 'sesame' })).armor(),
    'live.iso': 'an image',
  })
})

afterAll(removeSites)

/** Each with a folder of its own for the report, since they run side by side. */
async function verify(
  site: Site,
  name: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
) {
  return await cli(site.folder, ['verify', '--output', `out/${name}`, ...AT, ...words], environment)
}

describe.concurrent('verify', () => {
  it('ends with 0 when every package is proven, and writes the report', async () => {
    const { code, out, err } = await verify(good, 'pass', ['--unsigned'])
    expect(code).toBe(0)
    expect(out).toMatch(/^PASS: 2 packages proven \(2 identical\)\.\n/)
    expect(out).toContain('Report: out/pass/report.json (UNSIGNED)')
    expect(err).toContain('Judging …\n')
    expect(JSON.parse(readFileSync(path.join(good.folder, 'out/pass/report.json'), 'utf8'))).toMatchObject({
      predicate: { verdict: 'pass' },
    })
  })

  it('ends with 1 when a package failed, and shows which and why', async () => {
    const { code, out } = await verify(changed, 'fail', ['--unsigned'])
    expect(code).toBe(1)
    expect(out).toMatch(/^FAIL: of 2 packages, 1 mismatch\.\n/)
    expect(out).toContain('hello 1.0-1 amd64 (debian)')
    expect(out).toContain(HELLO.sha256)
    expect(out).not.toContain('hello-data')
  })

  it('ends with 3 when something could not be decided', async () => {
    const { code, out } = await verify(good, 'undecided', ['--unsigned', '--policy', 'down.yml'])
    expect(code).toBe(3)
    expect(out).toMatch(/^UNDECIDED: of 2 packages, 2 undecided; none failed\.\n/)
  })

  it('says what is wrong without a trace', async () => {
    expect(await cli(good.folder, ['verify', '--unsigned', '--policy', 'bad.yml'])).toEqual({
      code: 2,
      out: '',
      err: expect.stringMatching(
        /^Reading the policy and the package lists …\ndebproof: (?:bad\.yml:6: archives\.debian\.require.*\n){2}$/,
      ),
    })
  })

  it('takes the key from the environment, with its passphrase, and tells neither', async () => {
    const key = readFileSync(path.join(good.folder, 'locked.asc'), 'utf8')
    const right = await verify(good, 'signed', [], { DEBPROOF_SIGNING_KEY: key, DEBPROOF_SIGNING_PASSPHRASE: 'sesame' })
    expect(right).toMatchObject({ code: 0, out: expect.stringMatching(/report\.json \(signed by [0-9A-F]{40}\)/) })
    expect(existsSync(path.join(good.folder, 'out/signed/report.json.asc'))).toBe(true)
    const wrong = await verify(good, 'wrong', [], { DEBPROOF_SIGNING_KEY: key, DEBPROOF_SIGNING_PASSPHRASE: 'barley' })
    expect(wrong).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('DEBPROOF_SIGNING_KEY cannot be unlocked'),
    })
    for (const { out, err } of [right, wrong]) expect(out + err).not.toMatch(/barley|sesame|PRIVATE KEY/)
  })

  it('says one line with --quiet', async () => {
    expect(await verify(changed, 'quiet', ['--unsigned', '--quiet'])).toEqual({
      code: 1,
      out: 'FAIL: of 2 packages, 1 mismatch.\n',
      err: '',
    })
  })

  it('prints the report, and nothing beside it, with --json', async () => {
    const { code, out } = await verify(changed, 'json', [
      '--unsigned',
      '--json',
      '--image',
      'keys/project.gpg',
      '--release',
      '7.1',
    ])
    expect(code).toBe(1)
    const report: unknown = JSON.parse(out)
    expect(report).toEqual(JSON.parse(readFileSync(path.join(changed.folder, 'out/json/report.json'), 'utf8')))
    expect(report).toMatchObject({
      subject: [{ name: 'project.gpg' }],
      predicate: { release: '7.1', at: '2026-06-01T12:00:00Z' },
    })
  })

  it('shows every download with --verbose', async () => {
    const output = path.join(good.folder, 'out/verbose')
    const policy = path.join(good.folder, 'debproof.yml')
    const { err } = await call(verifyCommand, [
      '--policy',
      policy,
      '--output',
      output,
      '--unsigned',
      '--verbose',
      ...AT,
    ])
    expect(err).toContain('/upstream/dists/made/InRelease\n')
  })

  it('takes lists of the command line instead of the policy, relative to the folder that it is called in', async () => {
    changed.put({ 'below/only.packages': listText([DATA]) })
    const words = [
      '--policy',
      '../debproof.yml',
      '--packages',
      'only.packages:dpkg-query',
      '--unsigned',
      '--quiet',
      '--output',
      '../out/below',
    ]
    const { out } = await cli(path.join(changed.folder, 'below'), ['verify', ...AT, ...words])
    expect(out).toBe('PASS: 1 package proven (1 identical).\n')
  })

  it('judges by the present clock without --at', async () => {
    const { code, out } = await cli(good.folder, ['verify', '--unsigned', '--quiet', '--json', '--output', 'out/now'])
    expect(code).toBe(0)
    const at: unknown = JSON.parse(out).predicate.at
    expect(Math.abs(Date.parse(String(at)) - Date.now())).toBeLessThan(60_000)
  })
})

describe('verify ends with 2', () => {
  const file = (name: string): string => path.join(good.folder, name)

  it.each<[string, () => string[], RegExp]>([
    [
      'without a key',
      () => [],
      /There is no key to sign the report with: give --signing-key FILE or DEBPROOF_SIGNING_KEY .*, or say --unsigned\./,
    ],
    [
      'for a key and --unsigned',
      () => ['--signing-key', file('key.asc'), '--unsigned'],
      /--unsigned contradicts the signing key/,
    ],
    [
      'for a key that is not there',
      () => ['--signing-key', file('no.asc')],
      /The signing key .*no\.asc cannot be read/,
    ],
    ['for a public key', () => ['--signing-key', file('public.asc')], /public\.asc is a public key/],
    [
      'for a key without its passphrase',
      () => ['--signing-key', file('locked.asc')],
      /is encrypted; give its passphrase in DEBPROOF_SIGNING_PASSPHRASE/,
    ],
    ['without a policy', () => ['--unsigned', '--policy', file('no.yml')], /There is no policy .*no\.yml\./],
    [
      'for a list that is not there',
      () => ['--unsigned', '--packages', file('no.packages')],
      /no\.packages: there is no such package list/,
    ],
    ['for an empty list', () => ['--unsigned', '--packages', file('empty.packages')], /empty\.packages: /],
    [
      'for a list of comments',
      () => ['--unsigned', '--packages', file('comments.packages')],
      /there is no package in this list/,
    ],
    [
      'for an unknown format',
      () => ['--unsigned', '--packages', `${file('build.packages')}:rpm`],
      /build\.packages:rpm: /,
    ],
    [
      'for an image that is not there',
      () => ['--unsigned', '--image', file('no.iso')],
      /The image .*no\.iso cannot be read/,
    ],
    [
      'for an output that cannot be written',
      () => ['--unsigned', '--output', file('key.asc/report')],
      /cannot be written; name another with --output/,
    ],
    ['for --system with a policy', () => ['--unsigned', '--system'], /--system reads no policy/],
    ['for a root without a system', () => ['--unsigned', '--system', '--root', file('keys')], /./],
    ['for a time that is none', () => ['--unsigned', '--at', 'yesterday'], /--at "yesterday" is not an RFC 3339 time/],
    ['for an argument', () => ['--unsigned', 'debproof.yml'], /verify: "debproof\.yml" is too much/],
    [
      'for an option without its value',
      () => ['--unsigned', '--policy'],
      /verify: Option '--policy <value>' argument missing/,
    ],
  ])('%s', async (name, words, message) => {
    const [policy, output, root] = ['--policy', '--output', '--root'].map((option) => words().includes(option))
    const result = await call(verifyCommand, [
      ...(policy || root ? [] : ['--policy', file('debproof.yml')]),
      ...(output ? [] : ['--output', file(`out/${name.replaceAll(/\W+/g, '-')}`)]),
      ...words(),
    ])
    expect(result).toEqual({ code: 2, out: '', err: expect.stringMatching(message) })
  })
})
