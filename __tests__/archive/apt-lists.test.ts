import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AptLists, listName } from '../../src/archive/apt-lists.ts'
import type { IndexFacts } from '../../src/archive/read-index.ts'
import { WantedNames } from '../../src/archive/stanza-scanner.ts'
import { closeAll, downloads } from '../making/loopback-server.ts'
import { binaryStanza, indexText, suiteText } from '../making/served-archive.ts'
import {
  AT,
  block,
  clearsigned,
  keyringOf,
  newKey,
  once,
  signature,
  type Verdict,
  verdictOf,
} from '../making/signed-archive.ts'

const key = once(newKey)
const otherKey = once(() => newKey({ name: 'Other' }))
const PATH = 'main/binary-amd64/Packages'
const TEXT = indexText(binaryStanza('a'), binaryStanza('b'))
const BASE = new URL('http://example.org/debian/')
const PREFIX = 'example.org_debian_dists_made_'
const INDEX = 'main_binary-amd64_Packages'

let folder: string
let lists: AptLists

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'debproof-lists-'))
  lists = new AptLists(folder, downloads({ offline: true }))
})

afterEach(async () => {
  await closeAll()
  rmSync(folder, { recursive: true, force: true })
})

function put(files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(folder, name), content, 'latin1')
}

async function inRelease(
  signer = key,
  fields = {},
  indexes: Record<string, string> = { [PATH]: TEXT },
): Promise<string> {
  const text = suiteText({ indexes, fields })
  return clearsigned(text, block(await signature(text, await signer())))
}

async function release(base = BASE, suite = 'made') {
  return await lists.readRelease(base, suite, { keyring: await keyringOf([await key()]), at: AT, suite })
}

async function verdict(): Promise<Verdict> {
  return await verdictOf(() => release())
}

async function index(base = BASE): Promise<IndexFacts | undefined> {
  const { release: verified } = await release(base)
  const request = { kind: 'Packages', wanted: new WantedNames(['b']), refuseHidden: true } as const
  return await lists.readIndex(base, 'made', verified, PATH, request)
}

describe('the names of apt lists', () => {
  it.each([
    ['http://example.org/debian/', 'made', 'example.org_debian_dists_made_'],
    ['http://example.org/debian/', 'made/updates', 'example.org_debian_dists_made_updates_'],
    ['http://user:secret@example.org:8080/a_b/', 'made', 'example.org:8080_a%5fb_dists_made_'],
    ['http://example.org/a~b+c%20d/', 'made', 'example.org_a%7eb+c%20d_dists_made_'],
    ['file:///srv/archive/', 'made', '_srv_archive_dists_made_'],
    ['http://example.org/flat/', './', 'example.org_flat_._'],
    ['http://example.org/flat/', '/', 'example.org_flat_'],
    ['http://example.org/flat/', 'amd64/', 'example.org_flat_amd64_'],
  ])('%s %s', (base, suite, expected) => {
    expect(listName(new URL(base), suite)).toBe(expected)
  })
})

describe('a release file that apt kept', () => {
  it('is judged like that of a server', async () => {
    put({ [`${PREFIX}InRelease`]: await inRelease() })
    expect((await release()).release.codename).toBe('made')
  })

  it.each<[name: string, make: () => Promise<string>, verdict: Verdict]>([
    [
      'that somebody changed',
      async () => (await inRelease()).replace('Origin: Made', 'Origin: Evil'),
      'RELEASE_UNTRUSTED',
    ],
    ['by an unknown key', () => inRelease(otherKey), 'RELEASE_UNTRUSTED'],
    ['of another suite', () => inRelease(key, { Codename: 'other', Suite: 'other' }), 'RELEASE_SUITE'],
    ['that is no signed message', async () => 'Codename: made\n', 'RELEASE_MALFORMED'],
  ])('%s: no', async (_name, make, expected) => {
    put({ [`${PREFIX}InRelease`]: await make() })
    expect(await verdict()).toBe(expected)
  })

  it('may be detached, but not unsigned', async () => {
    const text = `${suiteText({ indexes: { [PATH]: TEXT } })}\n`
    put({ [`${PREFIX}Release`]: text })
    expect(await verdict()).toBe('RELEASE_UNTRUSTED')
    put({ [`${PREFIX}Release.gpg`]: block(await signature(text, await key())) })
    expect(await verdict()).toBe('accepted')
  })

  it('is found under another URL where it is the only one that is trusted and of the suite', async () => {
    put({
      'mirror.example_x_dists_made_InRelease': await inRelease(),
      'mirror.example_y_dists_made_InRelease': await inRelease(otherKey),
      'mirror.example_z_dists_other_InRelease': await inRelease(key, { Codename: 'other', Suite: 'other' }),
      'mirror.example_x_dists_made_main_binary-amd64_Packages': TEXT,
    })
    expect((await release()).evidence[0]?.url).toMatch(/mirror\.example_x_dists_made_InRelease$/)
    expect((await index())?.entries).toMatchObject([{ name: 'b' }])
  })

  it('is not chosen among several', async () => {
    put({ x_dists_made_InRelease: await inRelease(), y_dists_made_InRelease: await inRelease() })
    expect(await verdict()).toBe('NOT_FOUND')
  })

  it('is not found in an empty folder, nor in none', async () => {
    expect(await verdict()).toBe('NOT_FOUND')
    lists = new AptLists(path.join(folder, 'missing'), downloads())
    expect(await verdict()).toBe('NOT_FOUND')
  })
})

describe('an index that apt kept', () => {
  beforeEach(async () => {
    put({ [`${PREFIX}InRelease`]: await inRelease() })
  })

  it('is checked against the release file', async () => {
    put({ [PREFIX + INDEX]: TEXT })
    expect((await index())?.entries).toMatchObject([{ name: 'b' }])
    put({ [PREFIX + INDEX]: TEXT.replace('Version: 1', 'Version: 2') })
    expect(await verdictOf(() => index())).toBe('INDEX_MISMATCH')
    put({ [PREFIX + INDEX]: `${TEXT}\n${binaryStanza('c')}` })
    expect(await verdictOf(() => index())).toBe('INDEX_MISMATCH')
  })

  it('may have been compressed by apt: what it decompresses to is what is signed', async () => {
    put({ [`${PREFIX}${INDEX}.gz`]: gzipSync(TEXT, { level: 1 }) })
    expect((await index())?.entries).toMatchObject([{ name: 'b' }])
    put({ [`${PREFIX}${INDEX}.gz`]: gzipSync(TEXT.replace('Version: 1', 'Version: 2')) })
    expect(await verdictOf(() => index())).toBe('INDEX_MISMATCH')
    put({ [`${PREFIX}${INDEX}.gz`]: 'no gzip' })
    expect(await verdictOf(() => index())).toBe('COMPRESSION')
  })

  it('that is not there was not used', async () => {
    expect(await index()).toBeUndefined()
  })

  it('in lz4 is an error that says what to do', async () => {
    put({ [`${PREFIX}${INDEX}.lz4`]: 'x' })
    await expect(index()).rejects.toMatchObject({
      code: 'COMPRESSION',
      message: expect.stringContaining('GzipIndexes'),
    })
    // It is that of an archive that was asked, and of no other one.
    expect(await lists.others()).toEqual([])
  })

  it('of which the release file says nothing is not believed', async () => {
    put({
      [`${PREFIX}InRelease`]: await inRelease(key, {}, { 'contrib/binary-amd64/Packages': TEXT }),
      [PREFIX + INDEX]: TEXT,
    })
    expect(await index()).toBeUndefined()
  })
})
