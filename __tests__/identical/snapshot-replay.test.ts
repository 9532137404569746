import { mkdtemp, rm } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { ArchiveReader } from '../../src/archive/archive-reader.ts'
import { parseArchitecture } from '../../src/archive/identity.ts'
import { parseBinaryEntry } from '../../src/archive/index-entry.ts'
import { WantedNames } from '../../src/archive/stanza-scanner.ts'
import { claimOfListing } from '../../src/identical/claim.ts'
import { proveIdentical } from '../../src/identical/prove.ts'
import { Upstreams } from '../../src/identical/upstreams.ts'
import { Cache } from '../../src/net/cache.ts'
import { ContentFolder } from '../../src/net/content-folder.ts'
import type { Downloads } from '../../src/net/downloads.ts'
import { Recording } from '../../src/net/recording.ts'
import { Replay } from '../../src/net/replay.ts'
import type { Tape } from '../../src/net/tape.ts'
import { deb, upstreamKey } from '../making/archive-folder.ts'
import { closeAll, downloads, serve } from '../making/loopback-server.ts'
import { AT, keyringOf } from '../making/signed-archive.ts'
import { madeRun, serveSnapshots, timestamp } from '../making/snapshot-service.ts'
import { vouchers } from './listings.ts'

const folders: string[] = []

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'debproof-replay-'))
  folders.push(folder)
  return folder
}

afterEach(async () => {
  await closeAll()
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })))
})

const hello = deb('hello')
const later = deb('hello', { version: '2' })
const world = deb('world')
const gone = deb('gone')
const debs = [hello, later, world, gone]
const at = (hours: number): string => timestamp(AT, hours)

async function everything(services: readonly URL[], client: Downloads) {
  const amd64 = parseArchitecture('amd64')
  if (amd64 === undefined) throw new Error('amd64 is an architecture')
  const wanted = new WantedNames(debs.map(({ name }) => name))
  const reader = new ArchiveReader({ downloads: client, at: AT, wanted, kinds: ['Packages'] })
  const upstreams = new Upstreams({ reader, downloads: client, progress: () => {} })
  const source = upstreams.source({
    kind: 'snapshots',
    services,
    archive: 'made',
    area: { suites: ['made', 'missing'], components: ['main'], architectures: [amd64] },
    keyring: await keyringOf([await upstreamKey()]),
    at: AT,
    window: 24 * 3_600_000,
  })
  const claims = debs.map(({ name, version, sha256 }) => {
    const text = `Package: ${name}\nVersion: ${version}\nArchitecture: amd64\nFilename: pool/x.deb\nSize: 1\nSHA256: ${sha256}\n`
    return claimOfListing({ entry: parseBinaryEntry(text), suite: 'made', evidence: [] })
  })
  const proofs = await proveIdentical(claims, vouchers(source))
  const asked = upstreams.asked().map(({ name, notes, failures }) => {
    return { name, notes, failures: failures.map(({ what, error }) => `${what}: ${error.code} ${error.message}`) }
  })
  return { proofs: [...proofs.values()], asked }
}

describe('what a snapshot service made of a run', () => {
  it('comes out the same from what was recorded: gaps, failures, hints, and what the cache gave', async () => {
    const key = await upstreamKey()
    const made = await Promise.all(
      Object.entries({ [-2]: [], 3: [world], 6: [hello], [-400]: [later] }).map(async ([hours, items]) => {
        const run = at(Number(hours))
        return [run, await madeRun(run, key, items)] as const
      }),
    )
    const runs = { ...Object.fromEntries(made), [at(8)]: { 'dists/made/InRelease': 'half of' } }
    const hints = { 'binary/hello/2/binfiles': [{ architecture: 'amd64', firstSeen: at(-400) }] }
    const fault = (path: string, response: ServerResponse): boolean => {
      const fails = path.startsWith(`/archive/made/${at(3)}/dists/made/`) || path.includes(`/${gone.name}/`)
      if (fails) response.writeHead(503).end()
      return fails
    }
    const server = await serveSnapshots({ runs, hints, fault })
    const dead = await serve((_request, response) => response.writeHead(500).end())
    const services = [dead.base, server.base]

    const cache = new Cache(await newFolder())
    const client = (tape?: Tape, offline = false): Downloads =>
      downloads({ cache, offline, requestInterval: 0, ...(tape === undefined ? {} : { tape }) })
    // The cache has what is refused: it is fetched again, and is as bad.
    const junk = new URL(`archive/made/${at(8)}/dists/made/InRelease`, server.base)
    await client().bytes(junk, 1000, { immutable: true })

    const evidence = await ContentFolder.open(join(await newFolder(), 'sha256'))
    const recording = new Recording(evidence, { keepAll: false })
    const first = await everything(services, client(recording))
    expect(first.proofs.map(({ outcome }) => outcome)).toEqual(['identical', 'undecided', 'undecided', 'undecided'])
    expect(first.proofs[1]).toMatchObject({ why: expect.stringContaining(`first saw it at ${at(-400)}, outside of`) })
    expect(JSON.stringify(first.asked)).toContain('No evidence of made in the run')

    const before = server.asked.length
    const replay = new Replay(await recording.outcomes(), (sha256) => evidence.pathOf(sha256))
    const again = await everything(services, downloads({ offline: true, requestInterval: 0, tape: replay }))
    expect(again).toEqual(first)
    expect(replay.missing).toEqual([])
    expect(server.asked).toHaveLength(before)
  })
})
