import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ArchiveReader } from '../../src/archive/archive-reader.ts'
import { parseArchitecture } from '../../src/archive/identity.ts'
import { type IndexEntry, parseBinaryEntry } from '../../src/archive/index-entry.ts'
import { Keyring, readCertificates } from '../../src/archive/keyring.ts'
import { WantedNames } from '../../src/archive/stanza-scanner.ts'
import { type Claim, claimOfListing } from '../../src/identical/claim.ts'
import { proveIdentical } from '../../src/identical/prove.ts'
import { SnapshotService } from '../../src/identical/snapshot-service.ts'
import { CODENAME, fetchBytes, type Mirror, mirrorOfThisMachine, readMirrorIndex } from '../e2e/mirror.ts'
import { closeAll, downloads } from '../making/loopback-server.ts'
import { type MadeSnapshots, serveSnapshots, timestamp } from '../making/snapshot-service.ts'
import { vouchers } from './listings.ts'

const INDEX = 'main/binary-amd64/Packages'
const KEYRING = join(import.meta.dirname, '../../keyrings/debian.asc')
/** The instant that the runs are around: after the mirror's release files were made. */
const DAY = new Date(Math.ceil(Date.now() / 1000) * 1000 + 24 * 3_600_000)

function mirror(): Mirror | undefined {
  try {
    return mirrorOfThisMachine()
  } catch {
    return undefined
  }
}

const here = mirror()

/** Real release files and indexes of this machine's mirror, kept by a service as those of three runs. */
describe.skipIf(here === undefined)('real suites in a snapshot service (skipped without apt sources)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'debproof-live-snapshots-'))
  let server: MadeSnapshots
  let entries: IndexEntry[]

  afterAll(async () => {
    await closeAll()
    rmSync(folder, { recursive: true })
  })

  beforeAll(async () => {
    const base = here?.debian ?? ''
    const files: Record<string, Uint8Array> = {}
    for (const suite of [CODENAME, `${CODENAME}-updates`]) {
      for (const name of ['InRelease', `${INDEX}.xz`]) {
        const path = `dists/${suite}/${name}`
        files[path] = await fetchBytes(`${base}/${path}`)
      }
    }
    const torn = { ...files, [`dists/${CODENAME}/${INDEX}.xz`]: Buffer.from('of another state') }
    const [early, noon, late] = [-12, 1, 8].map((hours) => timestamp(DAY, hours))
    const runs = { [early ?? '']: files, [noon ?? '']: torn, [late ?? '']: files }
    server = await serveSnapshots({ runs, redirects: true })
    const stanzas = await readMirrorIndex(base, CODENAME, INDEX, folder)
    const all = stanzas.map(({ text }) => parseBinaryEntry(`${text.trim()}\n`))
    // Some hundred from all over the index.
    entries = all.filter((_entry, index) => index % 200 === 0)
  })

  async function service(names: readonly string[]): Promise<SnapshotService> {
    const amd64 = parseArchitecture('amd64')
    if (amd64 === undefined) throw new Error('amd64 is an architecture')
    const client = downloads({ requestInterval: 10 })
    const upstream = {
      kind: 'snapshots' as const,
      services: [server.base],
      archive: 'made',
      area: { suites: [CODENAME, `${CODENAME}-updates`], components: ['main'], architectures: [amd64] },
      keyring: new Keyring(await readCertificates(readFileSync(KEYRING), KEYRING)),
      at: DAY,
      window: 24 * 3_600_000,
    }
    const reader = new ArchiveReader({
      downloads: client,
      at: DAY,
      wanted: new WantedNames(names),
      kinds: ['Packages'],
    })
    return new SnapshotService(upstream, { reader, downloads: client, progress: () => {} })
  }

  async function outcomes(claimed: readonly IndexEntry[]): Promise<string[]> {
    const claims: Claim[] = claimed.map((entry) => claimOfListing({ entry, suite: CODENAME, evidence: [] }))
    const source = await service(claims.map(({ name }) => name))
    const proofs = await proveIdentical(claims, vouchers(source))
    return [...new Set([...proofs.values()].map(({ outcome }) => outcome))]
  }

  it('proves hundreds of packages from a few signed files, stepping over the run that is torn', async () => {
    expect(entries.length).toBeGreaterThan(100)
    expect(await outcomes(entries)).toEqual(['identical'])
    expect(server.files().filter((file) => file.endsWith('.xz')).length).toBeLessThan(8)
  })

  it('finds one whose bytes are others', async () => {
    const [first, second] = entries
    if (first?.kind !== 'binary' || second === undefined) throw new Error('the index has binary packages')
    const changed = { ...first, file: { ...first.file, sha256: second.file.sha256 } }
    expect(await outcomes([changed])).toEqual(['mismatch'])
  })
})
