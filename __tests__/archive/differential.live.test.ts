import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compareIndexes } from '../../assurance/differential/compare-indexes.ts'
import { type Comparison, markdown } from '../../assurance/differential/comparison.ts'
import { Mirror, type Suite } from '../../assurance/differential/mirror.ts'
import { compareMutants } from '../../assurance/differential/mutants.ts'
import { readKeyring, releaseFiles } from '../../assurance/differential/release-files.ts'
import { compareSigners } from '../../assurance/differential/signers.ts'
import { programOf } from '../../assurance/differential/tools.ts'
import { findVerifiers } from '../../assurance/differential/verifiers.ts'

const SUITES: readonly Suite[] = [
  { archive: 'debian', name: 'bookworm-updates' },
  { archive: 'debian-security', name: 'bookworm-security' },
]
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'
const TOOLS = ['apt-get', 'bzip2', 'dpkg-query', 'gpgv', 'grep-dctrl', 'perl', 'sqv', 'xz', 'zstd']

const scratch = mkdtempSync(path.join(tmpdir(), 'debproof-differential-'))
const mirror = new Mirror(scratch)

beforeAll(() => {
  expect(TOOLS.filter((name) => programOf(name) === undefined)).toEqual([])
  expect(existsSync(KEYRING)).toBe(true)
})
afterAll(() => rmSync(scratch, { recursive: true }))

function expectNoDifference(comparison: Comparison): void {
  expect(comparison.holds(), markdown([comparison])).toBe(true)
}

/** `assurance/differential/all.ts` does the same with every suite and index that the mirror has. */
describe('the readers and the tools of the field', { timeout: 300_000 }, () => {
  it('agree on each release file: the verdict, the signers, the signed text', async () => {
    const [files, keyring, verifiers] = await setUp()
    expect(files.length).toBeGreaterThan(SUITES.length)
    expect(verifiers.map(({ name }) => name.split(' ')[0])).toEqual(['gpgv', 'sqv'])
    expectNoDifference(await compareSigners(files, keyring, verifiers, scratch))
  })

  it('take no damaged release file that one of the tools refuses', async () => {
    const [files, keyring, verifiers] = await setUp()
    const { comparison } = await compareMutants(files, keyring, verifiers, scratch, 22)
    expectNoDifference(comparison)
    expect(comparison.counts.get('accepted by debproof')).toBeGreaterThan(0)
  })

  it('agree on every stanza, file name, source package, package list, version and decompressed byte', async () => {
    const comparisons = await compareIndexes(
      mirror,
      { keyring: await readKeyring(KEYRING), file: KEYRING },
      { suites: SUITES, architectures: ['amd64'], maxSecondForm: 1_000_000 },
      { parts: new Set(['indexes', 'apt', 'versions']), scratch, dpkgPairs: 200 },
    )
    for (const comparison of comparisons) expectNoDifference(comparison)
  })
})

async function setUp() {
  const files = await releaseFiles(mirror, SUITES)
  return [files, await readKeyring(KEYRING), await findVerifiers(KEYRING)] as const
}
