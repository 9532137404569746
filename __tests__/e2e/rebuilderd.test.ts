import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { type PublicKey, readPublicKeys } from '../../src/archive/public-key.ts'
import { Downloads } from '../../src/net/downloads.ts'
import { fetchAttestation } from '../../src/reproduced/rebuilderd-answer.ts'
import { verifyRebuilderdLink } from '../../src/reproduced/rebuilderd-link.ts'
import { RebuilderdService } from '../../src/reproduced/rebuilderd-service.ts'
import { findAttestationsV0 } from '../../src/reproduced/rebuilderd-v0.ts'
import type { RebuiltPackage, ServiceAnswer } from '../../src/reproduced/statement.ts'
import { newKey } from '../making/rebuilderd-link.ts'
import { packageOf } from '../reproduced/signed-statements.ts'
import { sha256Of } from './mirror.ts'
import { type Job, type Rebuilderd, startRebuilderd } from './rebuilderd.ts'
import { scratchFolder, succeed, whenOver } from './running.ts'
import { serveFolder } from './serving.ts'

/** Builds a package of one file as its maintainer did: the same bytes wherever the time stamp is the same. */
const BUILD = `#!/bin/sh
set -e
build() {
  mkdir -p "$1/DEBIAN" "$1/usr/share/$2"
  echo "what $2 is for" > "$1/usr/share/$2/README"
  printf 'Package: %s\\nVersion: 1:1.0-1\\nArchitecture: %s\\nMaintainer: A <a@deb.example>\\nDescription: x\\n' \\
    "$2" "$3" > "$1/DEBIAN/control"
  SOURCE_DATE_EPOCH=$4 dpkg-deb --root-owner-group --build "$1" "$5/$2_1.0-1_$3.deb" >&2
}
`

const SAME = packageOf('demo+same_1.0-1_all.deb', { epoch: '1:', source: 'demo' })
const OTHER = packageOf('demo-other_1.0-1_amd64.deb', { epoch: '1:', source: 'demo' })
const BUILDINFO = 'demo_1.0-1_amd64.buildinfo'

const scratch = scratchFolder()
const pool = path.join(scratch, 'pool')
const client = new Downloads({ userAgent: 'debproof-test' })
whenOver(() => client.close())
let backend: string
let job: Job

beforeAll(async () => {
  await mkdir(pool)
  const original = path.join(scratch, 'original')
  const builds = `build "${scratch}/a" demo+same all 1700000000 "$1"\nbuild "${scratch}/b" demo-other amd64 1700000000 "$1"\n`
  await writeFile(original, BUILD + builds, { mode: 0o755 })
  await succeed(original, [pool])
  await writeFile(path.join(pool, BUILDINFO), 'Format: 1.0\nSource: demo\n')
  // Builds demo+same alike and demo-other an hour later, until it is told to build both otherwise.
  backend = path.join(scratch, 'backend')
  const rebuild = `cd "$(mktemp -d)"
build a demo+same all "$(cat ${scratch}/time)" "$REBUILDERD_OUTDIR"
build b demo-other amd64 1700003600 "$REBUILDERD_OUTDIR"\n`
  await writeFile(path.join(scratch, 'time'), '1700000000')
  await writeFile(backend, BUILD + rebuild, { mode: 0o755 })
  const { url } = await serveFolder(pool)
  const artifacts = [SAME, OTHER].map(({ name, architecture, fileName }) => {
    return { name, architecture, url: `${url}/${fileName}` }
  })
  job = { name: 'demo', version: SAME.version, url: `${url}/${BUILDINFO}`, artifacts }
})

/** As somebody pins it: saved to a file. */
async function pinnedKeyOf(rebuilderd: Rebuilderd, name: string): Promise<PublicKey> {
  const file = path.join(scratch, name)
  await writeFile(file, await rebuilderd.publicKey())
  const [key] = readPublicKeys(await readFile(file), file)
  if (key === undefined) throw new Error('rebuilderd has no public key')
  return key
}

async function published(): Promise<string> {
  return sha256Of(await readFile(path.join(pool, SAME.fileName)))
}

async function ask({ base }: Rebuilderd, key: PublicKey, rebuilt: RebuiltPackage): Promise<ServiceAnswer> {
  return await new RebuilderdService(client, base, [key], new Date()).ask(rebuilt)
}

async function expectAttested(answer: ServiceAnswer, { fingerprint }: PublicKey): Promise<void> {
  expect(answer).toMatchObject({ unusable: [], unreachable: [] })
  expect(answer.statements.map(({ attestations }) => attestations)).toEqual([
    [
      {
        fileName: SAME.fileName,
        sha256: await published(),
        sources: [{ fileName: BUILDINFO, sha256: sha256Of(await readFile(path.join(pool, BUILDINFO))), role: 'input' }],
      },
    ],
  ])
  expect(answer.statements[0]?.evidence).toMatchObject([{ kind: 'rebuilderd-link', signers: [fingerprint] }])
}

const NOTHING = { statements: [], unusable: [], unreachable: [] }

describe("the rebuilderd of Debian's unstable", () => {
  let rebuilderd: Rebuilderd
  let daemon: PublicKey

  beforeAll(async () => {
    rebuilderd = await startRebuilderd(scratch, 'sid', backend, 'v1')
    await rebuilderd.build(job, 1)
    daemon = await pinnedKeyOf(rebuilderd, 'daemon.pub')
  })

  it('attests the package that it built to the same bytes', async () => {
    await expectAttested(await ask(rebuilderd, daemon, SAME), daemon)
  })

  it('attests nothing of the package that came out different', async () => {
    expect(await ask(rebuilderd, daemon, OTHER)).toEqual({ ...NOTHING, notes: ['it calls it BAD, unsigned'] })
  })

  it('is not believed under another key', async () => {
    const { statements, unusable } = await ask(rebuilderd, newKey().pinned, SAME)
    expect(statements).toEqual([])
    expect(unusable).toEqual([expect.stringMatching('is signed by none of the keys')])
  })

  it('leads to the same by v0, where it mixes the files of one build up', async () => {
    const { urls = [] } = (await findAttestationsV0(client, rebuilderd.base, SAME)) ?? {}
    expect(urls).toHaveLength(1)
    for (const url of urls) {
      const document = await fetchAttestation(client, url)
      if (document === undefined) throw new Error(`${url} is not there`)
      const { attestations } = verifyRebuilderdLink(document, [daemon], new Date(), SAME)
      expect(attestations[0]?.sha256).toBe(await published())
      expect(() => verifyRebuilderdLink(document, [daemon], new Date(), OTHER)).toThrow(/is about another file/)
    }
    expect(await findAttestationsV0(client, rebuilderd.base, OTHER)).toEqual({ urls: [], notes: [] })
  })

  it('attests what it built alike once, though it came out different the next time', async () => {
    await writeFile(path.join(scratch, 'time'), '1800000000')
    await rebuilderd.buildAgain(job, 2)
    await writeFile(path.join(scratch, 'time'), '1700000000')
    const url = new URL('api/v1/packages/binary?name=demo%2Bsame', rebuilderd.base)
    const latest: unknown = await (await fetch(url)).json()
    expect(latest).toMatchObject({ records: [{ status: 'BAD', build_id: 2, attestation_log_id: null }] })
    await expectAttested(await ask(rebuilderd, daemon, SAME), daemon)
  })
})

describe("the rebuilderd of Debian 13, which has no v1 and no key but its worker's", () => {
  let rebuilderd: Rebuilderd
  let worker: PublicKey

  beforeAll(async () => {
    rebuilderd = await startRebuilderd(scratch, 'trixie', backend, 'v0')
    await rebuilderd.build(job, 2)
    worker = await pinnedKeyOf(rebuilderd, 'worker.pub')
  })

  it('attests the package that it built to the same bytes', async () => {
    await expectAttested(await ask(rebuilderd, worker, SAME), worker)
  })

  it('attests nothing of the package that came out different', async () => {
    expect(await ask(rebuilderd, worker, OTHER)).toEqual(NOTHING)
  })
})
