import type { ArchiveFacts } from '../archive/archive-reader.ts'
import { parseBuildinfo } from '../archive/buildinfo.ts'
import { sha256Of } from '../archive/hash.ts'
import type { Sha256 } from '../archive/identity.ts'
import type { SourceEntry } from '../archive/index-entry.ts'
import { urlBelow } from '../archive/path-below.ts'
import { splitClearsigned } from '../archive/signed-text.ts'
import { describeUnclear } from '../archive/unclear-listing.ts'
import { DebproofError, describeError } from '../errors.ts'
import type { SourceFinding } from '../judge/rebuilds.ts'
import { MAX_BUILDINFO, MAX_SOURCES_PER_STATEMENT } from '../limits.ts'
import type { Downloads } from '../net/downloads.ts'
import { RequestRefusedError } from '../net/http-transport.ts'
import { type Document, fetchDocument } from './document.ts'
import type { Attestation, NamedSource, RebuiltPackage } from './statement.ts'

/** Of one source that a statement names: `other` is not known to be what the archive serves, so it spoils a `same`. */
type Comparison = SourceFinding | { readonly outcome: 'other'; readonly why: string }

/** Compares the sources that statements name with those that one archive's signed `Sources` lists. */
export class AttestedSources {
  readonly #facts: ArchiveFacts
  readonly #base: URL
  readonly #downloads: Downloads
  readonly #buildinfos = new Map<string, Promise<Published>>()
  /** How many were looked for beside each .dsc. */
  readonly #asked = new Map<string, number>()

  /**
   * @param facts what the archive's `Sources` say of the packages that statements are about
   * @param base the archive, in whose pool published .buildinfo files lie beside the .dsc
   */
  constructor(facts: ArchiveFacts, base: URL, downloads: Downloads) {
    this.#facts = facts
    this.#base = base
    this.#downloads = downloads.forPlace(base)
  }

  async compare(sources: Attestation['sources'], { source }: RebuiltPackage): Promise<SourceFinding> {
    const descriptions = sources.filter(({ fileName }) => /\.dsc$/i.test(fileName))
    const inputs = descriptions.filter(({ role }) => role === 'input')
    // What it was built by says of which source only where the statement does not.
    const builds = inputs.length > 0 ? [] : sources.filter(({ fileName }) => /\.buildinfo$/i.test(fileName))
    const named = inputs.length > 0 ? inputs : [...descriptions, ...builds]
    if (named.length === 0) return { outcome: 'unnamed' }
    const found = await this.#compareNamed(named, builds, source)
    // The source that was built may be the one of a stanza that not everybody reads alike.
    const unclear = this.#facts.unclear.find(({ kind, name }) => kind === 'source' && name === source.name)
    if (unclear === undefined || found.outcome === 'same' || found.outcome === 'unread') return found
    const isInput = named.some(({ role }) => role === 'input')
    return { outcome: 'unread', isInput, why: `what the archive serves is open: ${describeUnclear(unclear)}` }
  }

  async #compareNamed(
    named: Attestation['sources'],
    builds: Attestation['sources'],
    source: RebuiltPackage['source'],
  ): Promise<SourceFinding> {
    const entries = this.#facts.listings
      .map(({ entry }) => entry)
      .filter((entry) => entry.kind === 'source')
      .filter(({ name, version }) => name === source.name && version === source.version)
    if (entries.length === 0) {
      // An archive that serves no sources at all says so in its signed release file.
      const failure = this.#facts.failures.find(({ error }) => error.code !== 'INDEX_UNLISTED')
      if (failure !== undefined) {
        const isInput = named.some(({ role }) => role === 'input')
        return { outcome: 'unread', isInput, why: `the archive's Sources could not be read: ${failure.error.message}` }
      }
      return { outcome: 'unnamed', why: `the archive serves no source package ${source.name} ${source.version}` }
    }
    const findings: Comparison[] = []
    for (const item of named) {
      findings.push(
        builds.includes(item) ? await this.#compareBuildinfo(item, entries) : compareDescription(item, entries),
      )
    }
    return telling(findings)
  }

  /** A statement that names the .buildinfo it was built by binds the .dsc that this lists, where the archive has it. */
  async #compareBuildinfo(named: NamedSource, entries: readonly SourceEntry[]): Promise<Comparison> {
    for (const { file } of entries) {
      const url = urlBelow(this.#base, file.path.slice(0, file.path.lastIndexOf('/') + 1) + named.fileName)
      // Whoever signs statements by the thousand must not make us ask the archive as often.
      if (!this.#buildinfos.has(url.href)) {
        const asked = this.#asked.get(file.path) ?? 0
        if (asked >= MAX_SOURCES_PER_STATEMENT) return { outcome: 'other', why: 'too many .buildinfo files are named' }
        this.#asked.set(file.path, asked + 1)
      }
      const served = await this.#published(url)
      if (served === 'absent') continue
      if ('unread' in served) {
        const why = `the archive's ${named.fileName} could not be read: ${served.unread}`
        // It is not known to name a source, and while none must be named, that speaks against nothing.
        return { outcome: 'unread', isInput: false, why }
      }
      if (served.sha256 !== named.sha256) {
        return { outcome: 'other', why: `it was built by another ${named.fileName} than the archive serves` }
      }
      if (served.descriptions.length === 0) return { outcome: 'unnamed', why: `${named.fileName} names no .dsc` }
      return telling(served.descriptions.map((item) => compareDescription(item, entries)))
    }
    return { outcome: 'other', why: `the archive does not serve the ${named.fileName} that it was built by` }
  }

  #published(url: URL): Promise<Published> {
    const known = this.#buildinfos.get(url.href)
    if (known !== undefined) return known
    const reading = readPublished(this.#downloads, url)
    this.#buildinfos.set(url.href, reading)
    return reading
  }
}

/** A .buildinfo in the archive's pool: known by its hash, so who signed it is no matter. */
type Published =
  | 'absent'
  | { readonly unread: string }
  | { readonly sha256: Sha256; readonly descriptions: readonly NamedSource[] }

async function readPublished(downloads: Downloads, url: URL): Promise<Published> {
  let document: Document | undefined
  try {
    document = await fetchDocument(downloads, url, MAX_BUILDINFO)
  } catch (error) {
    // Many servers refuse what they do not have.
    if (error instanceof RequestRefusedError) return 'absent'
    if (!(error instanceof DebproofError)) throw error
    return { unread: describeError(error) }
  }
  if (document === undefined) return 'absent'
  const sha256 = sha256Of(document.bytes)
  try {
    const { files } = parseBuildinfo(unsigned(document), url.href)
    const descriptions = [...files].flatMap(([fileName, file]): NamedSource[] =>
      /\.dsc$/i.test(fileName) ? [{ fileName, sha256: file.sha256, role: 'input' }] : [],
    )
    return { sha256, descriptions }
  } catch (error) {
    if (!(error instanceof DebproofError)) throw error
    return { sha256, descriptions: [] }
  }
}

/**
 * What several say together. One that was built from another source speaks against it, whatever stands beside; the
 * very one is named only where nothing else may be meant.
 */
function telling(findings: readonly Comparison[]): SourceFinding {
  const found = (['different', 'other', 'unread', 'same', 'unnamed'] as const)
    .map((outcome) => findings.find((finding) => finding.outcome === outcome))
    .find((finding) => finding !== undefined)
  if (found?.outcome === 'other') return { outcome: 'unnamed', why: found.why }
  return found ?? { outcome: 'unnamed' }
}

function compareDescription({ fileName, sha256, role }: NamedSource, entries: readonly SourceEntry[]): Comparison {
  const served: Sha256[] = entries.map(({ file }) => file.sha256)
  if (sha256 === undefined) return { outcome: 'other', why: `it names ${fileName} without a SHA-256` }
  if (served.includes(sha256)) return { outcome: 'same' }
  if (role === 'output') {
    // Made anew along with the .debs, it lacks at least the signature of the one that was uploaded.
    return {
      outcome: 'unnamed',
      why: `the ${fileName} that came out of the build is not the one that the archive serves`,
    }
  }
  return {
    outcome: 'different',
    why: `it was built from another source: ${fileName} is ${sha256}, but the archive serves ${served.join(' and ')}`,
  }
}

/** The text of a .buildinfo with or without signature; it is known by its hash, so who signed it is no matter. */
function unsigned({ url, bytes }: Document): string {
  const text = Buffer.from(bytes).toString('utf8')
  return text.startsWith('-----BEGIN PGP') ? Buffer.from(splitClearsigned(bytes, url.href).text).toString('utf8') : text
}
