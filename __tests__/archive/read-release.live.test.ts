import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listName } from '../../src/archive/apt-lists.ts'
import { Keyring, readCertificates } from '../../src/archive/keyring.ts'
import { readRelease } from '../../src/archive/read-release.ts'
import { Downloads } from '../../src/net/downloads.ts'
import { type Verdict, verdictOf } from '../making/signed-archive.ts'

const SUITES = [
  'bullseye',
  'bullseye-updates',
  'bookworm',
  'bookworm-updates',
  'bookworm-backports',
  'bookworm-proposed-updates',
  'trixie',
  'trixie-updates',
  'trixie-backports',
  'forky',
  'forky-updates',
  'sid',
  'experimental',
]
const SECURITY_SUITES = ['bullseye-security', 'bookworm-security', 'trixie-security', 'forky-security']

const KEYRING = path.join(import.meta.dirname, '../../keyrings/debian.asc')
const SOURCES = ['/etc/apt/sources.list.d/debian.sources', '/etc/apt/sources.list']

/** The base of the first archive in apt's own sources, ending in a slash. */
function mirror(): URL | undefined {
  for (const file of SOURCES.filter((each) => existsSync(each))) {
    const found = /^(?:URIs:|deb)\s.*?(https?:\/\/[^\s]+)/m.exec(readFileSync(file, 'utf8'))?.[1]
    if (found !== undefined) return new URL(found.replace(/(?:-security)?\/*$/, '/'))
  }
  return undefined
}

const base = mirror()
const hasApt = spawnSync('apt-get', ['--version']).status === 0
const folder = mkdtempSync(path.join(tmpdir(), 'debproof-live-'))
const client = new Downloads({ userAgent: 'debproof-test' })

afterAll(async () => {
  await client.close()
  rmSync(folder, { recursive: true })
})

/** Lets apt fetch and judge the release files of these suites and nothing else, in a root of its own. */
function aptUpdate(areas: readonly (readonly [base: URL, suite: string])[]): void {
  for (const each of ['state/lists/partial', 'cache/archives/partial', 'empty']) {
    mkdirSync(path.join(folder, each), { recursive: true })
  }
  const lines = areas.map(([from, suite]) => `deb [arch=amd64 signed-by=${KEYRING}] ${from.href} ${suite} main\n`)
  writeFileSync(path.join(folder, 'sources.list'), lines.join(''))
  const options = {
    'Dir::State': path.join(folder, 'state'),
    'Dir::State::status': '/dev/null',
    'Dir::Cache': path.join(folder, 'cache'),
    'Dir::Etc::sourcelist': path.join(folder, 'sources.list'),
    'Dir::Etc::sourceparts': path.join(folder, 'empty'),
    'Dir::Etc::preferencesparts': path.join(folder, 'empty'),
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
    // apt's own defaults, which a machine may have changed for all its sources.
    'Acquire::Check-Valid-Until': 'true',
    'Acquire::Check-Date': 'true',
    'Acquire::Max-FutureTime': '10',
    'Acquire::IndexTargets::deb::Packages::DefaultEnabled': 'false',
    'Acquire::IndexTargets::deb::Translations::DefaultEnabled': 'false',
    'APT::Update::Post-Invoke-Success::': 'true',
  }
  spawnSync('apt-get', [...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]), 'update'])
}

/** apt's verdict is not its exit code but whether it kept the release file. */
function aptVerdict(from: URL, suite: string): string {
  return existsSync(path.join(folder, 'state/lists', `${listName(from, suite)}InRelease`)) ? 'accepted' : 'refused'
}

describe.skipIf(base === undefined || !hasApt)(
  'on the mirror of this machine (skipped without apt and its sources)',
  () => {
    const security = new URL((base?.href ?? 'http://none.invalid/').replace(/\/$/, '-security/'))
    const areas = [
      ...SUITES.map((suite) => [base ?? security, suite] as const),
      ...SECURITY_SUITES.map((suite) => [security, suite] as const),
    ]
    let keyring: Keyring

    beforeAll(async () => {
      keyring = new Keyring(await readCertificates(readFileSync(KEYRING), KEYRING))
      aptUpdate(areas)
    })

    async function ourVerdict(from: URL, suite: string): Promise<Verdict> {
      const directory = new URL(`dists/${suite}/`, from)
      return await verdictOf(() => readRelease(client, directory, { keyring, at: new Date(), suite }))
    }

    it('apt accepts something, so that its refusals mean something', () => {
      expect(areas.map(([from, suite]) => aptVerdict(from, suite))).toContain('accepted')
    })

    it.each(areas.map(([from, suite]) => ({ from, suite })))(
      '$suite: we judge as apt does',
      async ({ from, suite }) => {
        const ours = await ourVerdict(from, suite)
        expect(`${ours === 'accepted' ? ours : 'refused'} (${ours})`).toBe(`${aptVerdict(from, suite)} (${ours})`)
      },
    )

    it.each(areas.map(([from, suite]) => ({ from, suite })))(
      '$suite: refused by both where it is stale',
      async ({ from, suite }) => {
        const file = await client
          .bytes(new URL(`dists/${suite}/InRelease`, from), 10_000_000)
          .catch(() => Buffer.alloc(0))
        const until = /^Valid-Until: (.*)$/m.exec(Buffer.from(file).toString('latin1'))?.[1]
        if (until === undefined || new Date(until) >= new Date()) return
        expect([await ourVerdict(from, suite), aptVerdict(from, suite)]).toEqual(['RELEASE_TIME', 'refused'])
      },
    )
  },
)
