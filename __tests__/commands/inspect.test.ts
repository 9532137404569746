import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inspectCommand } from '../../src/commands/inspect.ts'
import { archiveFiles, deb, upstreamKey } from '../making/archive-folder.ts'
import { ago, block, releaseDate, releaseText, sha256Hex, signature } from '../making/signed-archive.ts'
import { newSite, removeSites, type Site } from '../making/site.ts'
import { call } from './cli.ts'

let site: Site
let fingerprint: string
const AT = ['--at', '2026-06-01T12:00:00Z']
const file = (name: string): string => path.join(site.folder, name)

beforeAll(async () => {
  site = await newSite()
  const key = await upstreamKey()
  fingerprint = key.getFingerprint().toUpperCase()
  const made = async (fields = {}): Promise<Buffer> =>
    (await archiveFiles({ key, debs: [deb('hello')], fields }))['dists/made/InRelease'] ?? Buffer.alloc(0)
  const text = releaseText()
  site.put({
    InRelease: await made(),
    expired: await made({ 'Valid-Until': releaseDate(ago(60)) }),
    hostile: await made({ Codename: '\x1b[2Jmade', Suite: 'x\n ::error::y' }),
    Release: text,
    'Release.gpg': block(await signature(text, key)),
    junk: 'hello\n',
  })
})

afterAll(removeSites)

async function inspect(name: string, ...words: string[]) {
  return await call(inspectCommand, [file(name), ...AT, '--signed-by', file('keys/upstream.asc'), ...words])
}

describe('inspect', () => {
  it('tells what a release file is, by whom and of when, and ends with 0', async () => {
    const { code, out, err } = await inspect('InRelease')
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/^ACCEPTED: InRelease is a release file of made\n/)
    expect(out).toContain(`Signed by:   ${fingerprint} Upstream <upstream@example.org>`)
    expect(out).toContain('Judged at:   2026-06-01T12:00:00.000Z')
    expect(out).toContain(`SHA-256:     ${sha256Hex(readFileSync(file('InRelease')))}`)
  })

  it('tells the same as JSON', async () => {
    const { code, out } = await inspect('InRelease', '--json')
    expect([code, JSON.parse(out)]).toMatchObject([
      0,
      {
        verdict: 'accepted',
        codename: 'made',
        suite: 'stable',
        validUntil: null,
        signers: [{ primaryFingerprint: fingerprint }],
      },
    ])
  })

  it('says one line with --quiet', async () => {
    expect((await inspect('InRelease', '--quiet')).out).toBe('ACCEPTED: InRelease is a release file of made\n')
  })

  it('takes a Release with its detached signature', async () => {
    expect(await inspect('Release', '--signature', file('Release.gpg'))).toMatchObject({ code: 0 })
  })

  it.each<[string, string[], string, RegExp]>([
    [
      'InRelease',
      ['--signed-by', 'debian', '--suite', 'other'],
      'RELEASE_SUITE',
      /Suite other was asked for, but the release file says Codename "made"/,
    ],
    ['expired', [], 'RELEASE_TIME', /expired at/],
    ['junk', [], 'RELEASE_MALFORMED', /./],
    ['Release', [], 'RELEASE_MALFORMED', /./],
  ])('ends with 1 for %s %j: %s', async (name, words, code, message) => {
    expect(await inspect(name, ...words)).toEqual({
      code: 1,
      out: expect.stringMatching(new RegExp(`^REFUSED: ${name}: .*${message.source}`, 's')),
      err: '',
    })
    const { out } = await inspect(name, ...words, '--json')
    expect(JSON.parse(out)).toEqual({
      verdict: 'refused',
      code,
      reason: expect.stringMatching(message),
      at: '2026-06-01T12:00:00.000Z',
    })
  })

  it('ends with 1 for a file that another key signed, or that is not yet of that time', async () => {
    const other = await call(inspectCommand, [file('InRelease'), ...AT, '--signed-by', file('keys/project.gpg')])
    expect([other.code, other.out]).toEqual([1, expect.stringMatching(/^REFUSED: InRelease: .*trusted/)])
    const early = await call(inspectCommand, [
      file('InRelease'),
      '--at',
      '2026-05-01T00:00:00Z',
      '--signed-by',
      file('keys/upstream.asc'),
    ])
    expect(early.code).toBe(1)
  })

  it('shows no field as it is that a terminal or a CI would act on', async () => {
    for (const words of [[], ['--quiet'], ['--suite', 'other']]) {
      const { out } = await inspect('hostile', ...words)
      expect(out).not.toContain('\x1b')
      expect(out).not.toMatch(/^\s*::/m)
    }
  })

  it.each<[string, () => string[], RegExp]>([
    ['no keyring', () => [file('InRelease')], /--signed-by is missing: a file, or `debian` for the shipped keyring/],
    ['a keyring that is not there', () => [file('InRelease'), '--signed-by', file('no.asc')], /no\.asc does not exist/],
    ['a file that is not there', () => [file('no'), '--signed-by', 'debian'], /no cannot be read/],
    [
      'a signature that is not there',
      () => [file('Release'), '--signature', file('no'), '--signed-by', 'debian'],
      /no cannot be read/,
    ],
    ['no file', () => [], /inspect: FILE is missing/],
    ['two files', () => ['a', 'b', '--signed-by', 'debian'], /inspect: "b" is too much/],
  ])('ends with 2 for %s', async (_, words, message) => {
    expect(await call(inspectCommand, words())).toEqual({ code: 2, out: '', err: expect.stringMatching(message) })
  })
})
