import path from 'node:path'
import { ContentFolder } from '../net/content-folder.ts'
import { Recording } from '../net/recording.ts'
import type { PackageList } from '../packages/read-list.ts'
import type { Policy } from '../policy/policy.ts'
import type { PolicyFiles } from '../policy/policy-files.ts'
import { binaryKeyring, recordOfArchive } from '../policy/system-record.ts'
import type { Report } from '../report/report-schema.ts'
import { TOOL } from '../tool.ts'
import { filesOf, type KeptSystem, POLICY, type RunIndex, serializeIndex } from './bundle-index.ts'
import { certificatesFor, gpgvForms } from './for-gpgv.ts'

/** `needed`: what the verdicts rest on. `all`: also the package files that `--deep` hashed. */
export type EvidenceKept = 'needed' | 'all'

export type Bundle = NonNullable<Report['predicate']['bundle']>

/** What the index says of a run beside what it read. */
export interface RunFacts {
  readonly run: Omit<RunIndex['run'], 'system'>
  readonly system: boolean
  readonly policy: Policy
  readonly lists: readonly PackageList[]
  readonly images: RunIndex['images']
  readonly evidence: Report['predicate']['evidence']
}

/** Keeps, below the output folder, everything that a run reads: its inputs, and what archives and rebuilders served. */
export class BundleWriter {
  readonly tape: Recording
  readonly #folder: string
  readonly #kept: EvidenceKept
  readonly #content: ContentFolder
  readonly #inputs = new Map<string, RunIndex['inputs'][number]>()

  private constructor(folder: string, kept: EvidenceKept, content: ContentFolder) {
    this.#folder = folder
    this.#kept = kept
    this.#content = content
    this.tape = new Recording(content, { keepAll: kept === 'all' })
  }

  /** @throws DebproofError OUTPUT */
  static async open(folder: string, kept: EvidenceKept): Promise<BundleWriter> {
    return new BundleWriter(folder, kept, await ContentFolder.open(path.join(folder, 'sha256')))
  }

  /**
   * The same files, each kept when it is read.
   * @param policy the policy itself, which is kept by no name: where it lay changes no verdict
   */
  recorded(files: PolicyFiles, policy: string): PolicyFiles {
    return {
      read: async (file) => {
        const bytes = await files.read(file)
        const name = file === policy ? POLICY : file
        this.#inputs.set(name, { path: name, ...(await this.#content.add(bytes)) })
        return bytes
      },
    }
  }

  /**
   * Writes the index, after everything else.
   * @throws DebproofError OUTPUT
   */
  async finish(facts: RunFacts): Promise<Bundle> {
    const { run, lists, images, evidence } = facts
    const index: RunIndex = {
      version: 1,
      tool: { name: TOOL.name, version: TOOL.version },
      run: { ...run, system: facts.system ? await this.#keepSystem(facts.policy) : null },
      inputs: [...this.#inputs.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
      lists: await Promise.all(lists.map(async (list) => await this.#keepList(list))),
      images: [...images],
      fetched: (await this.tape.outcomes()).map((outcome) =>
        'folder' in outcome ? { ...outcome, names: outcome.names === null ? null : [...outcome.names] } : outcome,
      ),
      keys: await this.#keepKeys(facts.policy, evidence),
      signed: await this.#keepSigned(evidence),
    }
    const bytes = serializeIndex(index)
    const { sha256 } = await this.#content.add(bytes)
    const files = filesOf(index)
    let size = bytes.length
    for (const file of files.keys()) size += await this.#content.sizeOf(file)
    await this.#content.moveOut(sha256, path.join(this.#folder, 'index.json'))
    return { index: `sha256:${sha256}`, kept: this.#kept, files: files.size + 1, size }
  }

  async #keepList({ path: name, format, bytes, debs }: PackageList): Promise<RunIndex['lists'][number]> {
    return {
      path: name,
      format,
      ...(await this.#content.add(bytes)),
      ...(debs === undefined ? {} : { debs: [...debs] }),
    }
  }

  async #keepSystem(policy: Policy): Promise<KeptSystem> {
    const archives: KeptSystem['archives'] = []
    for (const archive of policy.archives) {
      const { suites, components, architectures, only, ...record } = recordOfArchive(archive)
      if (record.keyring !== null) await this.#content.add(binaryKeyring(archive.served.keyring))
      archives.push({
        ...record,
        suites: [...suites],
        components: [...components],
        architectures: [...architectures],
        only: [...only],
      })
    }
    return { archives }
  }

  async #keepKeys(policy: Policy, evidence: RunFacts['evidence']): Promise<RunIndex['keys']> {
    const keys: RunIndex['keys'] = []
    for (const { fingerprint, bytes } of certificatesFor(policy, evidence)) {
      keys.push({ fingerprint, ...(await this.#content.add(bytes)) })
    }
    return keys
  }

  async #keepSigned(evidence: RunFacts['evidence']): Promise<RunIndex['signed']> {
    const signed: RunIndex['signed'] = []
    for (const form of await gpgvForms(evidence, async (sha256) => await this.#content.read(sha256))) {
      const text = await this.#content.add(form.text)
      signed.push({
        document: form.document,
        text: text.sha256,
        signature: (await this.#content.add(form.signature)).sha256,
      })
    }
    return signed
  }
}
