import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import * as openpgp from 'openpgp'
import { sha256Of } from '../src/archive/hash.ts'
import { splitInRelease } from '../src/archive/signed-text.ts'
import { isDebproofError } from '../src/errors.ts'
import { Downloads } from '../src/net/downloads.ts'
import { ARCHITECTURE, files, indexFile, indexPath, type Part, SETS, type SetUp, TRIXIE_MAIN, WWW } from './sets.ts'

const LIMIT = 512 * 1024 * 1024

/** Downloads and makes what is not there yet. Whatever is measured later needs no network. */
export async function setUp(): Promise<SetUp> {
  if (!existsSync(files.setUp)) {
    await makeKey()
    const setUp = await download()
    writeLists()
    writeFileSync(files.setUp, `${JSON.stringify(setUp)}\n`)
  }
  return JSON.parse(readFileSync(files.setUp, 'utf8')) as SetUp
}

/** RSA with 4096 bits, as most of Debian's keys are, so that a release file signed with it costs as much to check. */
async function makeKey(): Promise<void> {
  const { privateKey, publicKey } = await openpgp.generateKey({
    type: 'rsa',
    rsaBits: 4096,
    userIDs: [{ name: 'debproof bench' }],
    date: new Date(Date.now() - 60_000),
    format: 'armored',
  })
  save(files.secretKey, privateKey)
  save(files.publicKey, publicKey)
}

async function download(): Promise<SetUp> {
  const downloads = new Downloads({ userAgent: 'debproof-bench' })
  const now = new Date()
  const signedAnew: string[] = []
  try {
    const done = new Set<string>()
    for (const item of SETS.T6) {
      const suite = `${item.archive}/dists/${item.suite}/`
      const base = mirrorOf(suite)
      if (!done.has(suite)) {
        const original = await downloads.bytes(new URL(`${suite}InRelease`, base), LIMIT)
        const fresh = await signAnewIfStale(original, now)
        if (fresh !== original) signedAnew.push(item.suite)
        save(path.join(WWW, suite, 'InRelease'), fresh)
        done.add(suite)
      }
      await downloadIndex(downloads, new URL(suite, base), item)
    }
  } finally {
    await downloads.close()
  }
  return { at: `${now.toISOString().slice(0, 19)}Z`, signedAnew }
}

/** Asks this machine's apt for its archives and takes the one that has the suite. */
function mirrorOf(suite: string): string {
  const named = execFileSync('apt-get', ['indextargets', '--format', '$(REPO_URI)'], { encoding: 'utf8' })
  for (const uri of new Set(named.split('\n'))) {
    const folder = `${suite.split('/', 1)[0]}/`
    if (!uri.endsWith(`/${folder}`)) continue
    return uri.slice(0, -folder.length)
  }
  throw new Error(`the apt sources of this machine name no archive for ${suite}`)
}

async function downloadIndex(downloads: Downloads, suite: URL, item: Part): Promise<void> {
  const inRelease = readFileSync(path.join(WWW, item.archive, 'dists', item.suite, 'InRelease'), 'latin1')
  for (const suffix of ['.gz', '.xz']) {
    const row = new RegExp(`^ ([0-9a-f]{64}) +\\d+ ${indexPath(item)}\\${suffix}$`, 'm').exec(inRelease)
    if (row === null) continue
    const bytes = await fetchIndex(downloads, suite, item, suffix, row[1] ?? '')
    if (sha256Of(bytes) !== row[1]) throw new Error(`${suite.href}${indexPath(item)}${suffix} is not what was signed`)
    save(indexFile(item, suffix), bytes)
    // Both programs ask for this name first (Acquire-By-Hash).
    save(path.join(path.dirname(indexFile(item, suffix)), 'by-hash/SHA256', row[1] ?? ''), bytes)
  }
}

async function fetchIndex(downloads: Downloads, suite: URL, item: Part, suffix: string, sha256: string) {
  const named = indexPath(item)
  const byHash = `${path.posix.dirname(named)}/by-hash/SHA256/${sha256}`
  try {
    return await downloads.bytes(new URL(byHash, suite), LIMIT)
  } catch (error) {
    if (!isDebproofError(error, 'NOT_FOUND')) throw error
    return await downloads.bytes(new URL(named + suffix, suite), LIMIT)
  }
}

/** A mirror may serve suites of different ages, to which no one clock fits: a stale one gets the date of today. */
async function signAnewIfStale(original: Uint8Array, now: Date): Promise<Uint8Array> {
  const text = Buffer.from(splitInRelease(original).text).toString('latin1')
  const validUntil = /^Valid-Until: (.*)$/m.exec(text)?.[1]
  if (validUntil === undefined || Date.parse(validUntil) > now.getTime()) return original
  const date = new Date(now.getTime() - 60_000)
  return await clearsign(
    text.replace(/^Date: .*$/m, `Date: ${date.toUTCString().replace('GMT', 'UTC')}`).replace(/^Valid-Until: .*\n/m, ''),
    date,
  )
}

/** An InRelease file by the key of the set-up. */
export async function clearsign(text: string, date: Date): Promise<Uint8Array> {
  const signingKeys = await openpgp.readPrivateKey({ armoredKey: readFileSync(files.secretKey, 'utf8') })
  const message = await openpgp.createCleartextMessage({ text })
  const signed = await openpgp.sign({ message, signingKeys, date })
  return Buffer.from(signed.replaceAll('\r', ''), 'latin1')
}

/** 2 000 packages spread evenly over trixie main, all of them, and 1 800 with 200 source packages. */
function writeLists(): void {
  const packages = entriesOf(TRIXIE_MAIN)
  const sources = entriesOf({ ...TRIXIE_MAIN, kind: 'Sources' })
  const few = spread(packages, 2000)
  save(files.list('2000.txt'), few.map(qualified).join(''))
  save(files.list('2000.names'), few.map(([name, version]) => `${name}=${version}\n`).join(''))
  save(files.list('all.txt'), packages.map(qualified).join(''))
  const manifest = [
    '---\npackages:\n  binary:\n',
    ...spread(packages, 1800).map(([n, v, arch]) => `  - arch: ${arch}\n    package: ${n}\n    version: ${v}\n`),
    '  source:\n',
    ...spread(sources, 200).map(([name, version]) => `  - package: ${name}\n    version: ${version}\n`),
  ]
  save(files.list('mixed.build-manifest'), manifest.join(''))
}

type Entry = readonly [name: string, version: string, architecture: string]

function qualified([name, version, architecture]: Entry): string {
  return `${name}:${architecture}=${version}\n`
}

function entriesOf(item: Part): Entry[] {
  const text = gunzipSync(readFileSync(indexFile(item, '.gz'))).toString('latin1')
  return text
    .split('\n\n')
    .filter((stanza) => stanza.trim() !== '')
    .map((stanza) => {
      const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(stanza)?.[1] ?? ''
      return [field('Package'), field('Version'), item.kind === 'Packages' ? field('Architecture') : ARCHITECTURE]
    })
}

function spread<T>(items: readonly T[], count: number): T[] {
  return Array.from({ length: count }, (_, index) => items[Math.floor((index * items.length) / count)]).filter(
    (item) => item !== undefined,
  )
}

export function save(file: string, content: Uint8Array | string): void {
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, content)
}

if (import.meta.main) console.log(JSON.stringify(await setUp()))
