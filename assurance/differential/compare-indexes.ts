import { rmSync } from 'node:fs'
import path from 'node:path'
import type { Version } from '../../src/archive/identity.ts'
import type { IndexEntry } from '../../src/archive/index-entry.ts'
import type { Keyring } from '../../src/archive/keyring.ts'
import { isDebproofError } from '../../src/errors.ts'
import { type AptEntry, compareWithApt } from './apt-view.ts'
import { Comparison } from './comparison.ts'
import { compareCompressedAnew, compareIndexContent } from './decompression.ts'
import { compareLists, compareWithDpkg } from './dpkg-view.ts'
import { DECOMPRESSORS, findIndexes, type Index, type IndexSelection } from './indexes.ts'
import type { Mirror } from './mirror.ts'
import { binaries, readWhole } from './read-whole.ts'
import { compareFileNames, compareSelection, compareStanzas, countStanzas, printedStanzas } from './stanzas.ts'
import { printInto } from './tools.ts'
import { comparePairs, compareValidity, nastyPairs, realPairs, versionsOf } from './version-pairs.ts'

export interface IndexComparisonOptions {
  /** Some of `indexes`, `apt`, `compressed`, `versions`. */
  readonly parts: ReadonlySet<string>
  readonly scratch: string
  /** About so many pairs of versions dpkg itself is asked, one process each; Dpkg::Version about all of them. */
  readonly dpkgPairs: number
}

/** The suites that apt reads for itself, with these components. */
const APT_SUITES = ['sid', 'bookworm', 'bookworm-security']
const APT_COMPONENTS = ['main', 'contrib', 'non-free']

/** Everything that is compared over indexes, each of which is unpacked once. */
export async function compareIndexes(
  mirror: Mirror,
  keys: { readonly keyring: Keyring; readonly file: string },
  selection: IndexSelection,
  { parts, scratch, dpkgPairs }: IndexComparisonOptions,
): Promise<Comparison[]> {
  const served = new Comparison('indexes with the hash that is signed', 'the mirror')
  const read = new Comparison('indexes that are read whole', 'none')
  const stanzas = new Comparison('every stanza, all fields that are used', 'grep-dctrl')
  const numbers = new Comparison('how many stanzas an index has', 'grep')
  const chosen = new Comparison('a twentieth of the names', 'all of them')
  const names = new Comparison('file names made of name, version, architecture', 'Filename, Checksums-Sha256')
  const sources = new Comparison('source name and version of each package', 'dpkg-query')
  const lists = new Comparison('package lists: status file and dpkg-query -W', 'dpkg-query')
  const content = new Comparison('decompressed indexes', 'xz, gzip')
  const comparisons = [served]
  const indexes = await findIndexes(mirror, keys.keyring, selection, served)
  const versions = new Set<Version>()
  const aptEntries = new Map<string, AptEntry[]>()
  if (['indexes', 'versions', 'apt'].some((part) => parts.has(part))) comparisons.push(read)
  if (parts.has('indexes')) {
    comparisons.push(stanzas, numbers, chosen, names, sources, lists, content)
    await compareLists(lists, 'this machine', '/var/lib/dpkg')
  }
  for (const index of indexes) {
    const forApt = parts.has('apt') && isForApt(index)
    if (!parts.has('indexes') && !parts.has('versions') && !forApt) continue
    const plain = path.join(scratch, 'plain')
    await printInto(plain, DECOMPRESSORS[index.forms[0].compression], [index.forms[0].file])
    const printed = await printedStanzas(index, plain)
    const wanted = printed.map((stanza) => stanza.get('Package') ?? '')
    const entries = await readOr(read, index, wanted)
    if (entries === undefined) continue
    read.count('indexes')
    versionsOf(entries, versions)
    if (forApt) {
      const written = (at: number): string => printed[at]?.get('Version') ?? ''
      const listed = binaries(entries).map((entry, at) => ({ entry, written: written(at) }))
      aptEntries.set(index.suite.name, [...(aptEntries.get(index.suite.name) ?? []), ...listed])
    }
    if (parts.has('indexes')) {
      compareStanzas(stanzas, index, entries, printed)
      await countStanzas(numbers, index, entries, plain)
      await compareSelection(chosen, index, entries, plain)
      compareFileNames(names, index, entries)
      await compareIndexContent(content, index)
      if (index.kind === 'Packages') {
        await compareWithDpkg({ sources, lists }, index.name, binaries(entries), plain, scratch)
      }
    }
    rmSync(plain)
  }
  if (parts.has('apt')) {
    const apt = new Comparison("apt's own view: dumpavail, download --print-uris", 'apt')
    comparisons.push(apt)
    for (const [name, entries] of aptEntries) {
      const suite = selection.suites.find((one) => one.name === name)
      const options = { scratch, keyring: keys.file }
      if (suite !== undefined) await compareWithApt(apt, mirror, suite, APT_COMPONENTS, entries, options)
    }
  }
  if (parts.has('compressed')) {
    const anew = new Comparison('an index compressed in every other way', 'xz, gzip, bzip2, zstd')
    comparisons.push(anew)
    const [largest] = indexes
      .filter(({ forms: [form] }) => form.entry.size < 400_000)
      .sort((a, b) => b.forms[0].entry.size - a.forms[0].entry.size)
    if (largest !== undefined) await compareCompressedAnew(anew, largest, scratch)
  }
  if (parts.has('versions')) comparisons.push(...(await compareAllVersions(versions, scratch, dpkgPairs)))
  return comparisons
}

/** What debproof reads; undefined where it refuses what an archive really serves, which is a difference. */
async function readOr(
  comparison: Comparison,
  index: Index,
  names: readonly string[],
): Promise<readonly IndexEntry[] | undefined> {
  try {
    return await readWhole(index, index.forms[0], names)
  } catch (error) {
    if (!isDebproofError(error)) throw error
    comparison.differ(`${index.name}: debproof refuses it: ${error.message}`)
    return undefined
  }
}

function isForApt({ suite, name, architecture }: Index): boolean {
  const [, component = ''] = / (.*)\/binary-/.exec(name) ?? []
  return APT_SUITES.includes(suite.name) && architecture === 'amd64' && APT_COMPONENTS.includes(component)
}

async function compareAllVersions(
  versions: ReadonlySet<Version>,
  scratch: string,
  dpkgPairs: number,
): Promise<Comparison[]> {
  const real = new Comparison('order of real versions: neighbours, and any two', 'Dpkg::Version, dpkg')
  const nasty = new Comparison('order of versions that were made up', 'Dpkg::Version, dpkg')
  const validity = new Comparison('what is a version', 'dpkg --validate-version')
  real.count('distinct versions', versions.size)
  const pairs = realPairs(versions)
  await comparePairs(real, pairs, 'Dpkg::Version', scratch)
  const step = Math.max(1, Math.ceil(pairs.length / (dpkgPairs / 2)))
  const some = pairs.filter((_, index) => index % step === 0)
  await comparePairs(real, some, 'dpkg', scratch)

  const made = nastyPairs(Math.ceil(dpkgPairs / 4))
  const texts = new Set(made.flat())
  const valid = await compareValidity(validity, [...texts], scratch)
  const both = made.filter(([a, b]) => valid.has(a) && valid.has(b))
  await comparePairs(nasty, both, 'Dpkg::Version', scratch)
  await comparePairs(nasty, both, 'dpkg', scratch)
  return [real, nasty, validity]
}
