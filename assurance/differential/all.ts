/**
 * debproof's readers against the tools of the field, on every index that the mirror of this machine's apt sources has:
 * release files (gpgv, sqv), mutated ones, stanzas (grep-dctrl), names of files, source packages and package lists
 * (dpkg), apt's own view, decompression (xz, gzip, bzip2, zstd) and the order of versions (Dpkg::Version, dpkg).
 *
 *   node assurance/differential/all.ts SCRATCH [--only=PART,…] [--suites=SUITE,…] [--architectures=amd64,all,arm64]
 *     [--mutants=220] [--dpkg-pairs=20000] [--root=FOLDER] [--keyring=FILE]
 *
 * SCRATCH keeps what was downloaded (some 260 MB), so that a second run needs no network. --root is another Debian,
 * such as a chroot of sid, whose gpgv and sqv are asked too. The parts are release-files, mutants, indexes, apt,
 * compressed and versions. Needs Debian's apt, dctrl-tools, dpkg-dev (Dpkg::Version), gpgv, sqv, bzip2, xz-utils, zstd.
 *
 * Prints Markdown: a table of what was compared, what differs by design and how often, and what came of each kind of
 * mutation. Exits with 1 where anything differs, or where a part compared nothing.
 */
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { compareIndexes } from './compare-indexes.ts'
import { type Comparison, markdown } from './comparison.ts'
import { ALL_SUITES, Mirror } from './mirror.ts'
import { compareMutants } from './mutants.ts'
import { readKeyring, releaseFiles } from './release-files.ts'
import { compareSigners } from './signers.ts'
import { findVerifiers } from './verifiers.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', default: 'release-files,mutants,indexes,apt,compressed,versions' },
    suites: { type: 'string' },
    architectures: { type: 'string', default: 'amd64,all,arm64' },
    mutants: { type: 'string', default: '220' },
    'dpkg-pairs': { type: 'string', default: '20000' },
    root: { type: 'string' },
    keyring: { type: 'string', default: '/usr/share/keyrings/debian-archive-keyring.gpg' },
  },
})
const [folder] = positionals
if (folder === undefined) throw new Error('Name a scratch folder.')
const scratch = path.resolve(folder)
mkdirSync(scratch, { recursive: true })
const parts = new Set(values.only.split(','))
const names = values.suites?.split(',')
const suites = ALL_SUITES.filter(({ name }) => names === undefined || names.includes(name))

const mirror = new Mirror(scratch)
const keyring = await readKeyring(values.keyring)
const comparisons: Comparison[] = []
let outcomes = ''

if (parts.has('release-files') || parts.has('mutants')) {
  const files = await releaseFiles(mirror, suites)
  const verifiers = await findVerifiers(values.keyring, values.root)
  if (parts.has('release-files')) comparisons.push(await compareSigners(files, keyring, verifiers, scratch))
  if (parts.has('mutants')) {
    const found = await compareMutants(files, keyring, verifiers, scratch, Number(values.mutants))
    comparisons.push(found.comparison)
    outcomes = `\n\n${found.outcomes}`
  }
}
if (['indexes', 'apt', 'compressed', 'versions'].some((part) => parts.has(part))) {
  const selection = { suites, architectures: values.architectures.split(','), maxSecondForm: 20_000_000 }
  const keys = { keyring, file: values.keyring }
  comparisons.push(
    ...(await compareIndexes(mirror, keys, selection, { parts, scratch, dpkgPairs: Number(values['dpkg-pairs']) })),
  )
}
console.log(markdown(comparisons) + outcomes)
process.exitCode = comparisons.every((comparison) => comparison.holds()) ? 0 : 1
