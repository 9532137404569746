import type { ArchiveReader } from '../archive/archive-reader.ts'
import type { Downloads } from '../net/downloads.ts'
import type { Upstream } from '../policy/policy.ts'
import { EvidenceStore } from './evidence-store.ts'
import { LiveArchive } from './live-upstream.ts'
import { SnapshotService } from './snapshot-service.ts'
import type { Testimony, Witness, WitnessSource } from './witness.ts'

/** What a witness was asked for, for the report: gaps, keys, and what could not be read. */
export interface Asked extends Pick<Testimony, 'failures' | 'notes'> {
  readonly name: string
}

export interface UpstreamsOptions {
  readonly reader: ArchiveReader
  readonly downloads: Downloads
  /** Tells people what is waited for. */
  readonly progress: (step: string) => void
}

/** All upstreams of one run: each is opened once, whoever asks it. */
export class Upstreams {
  readonly #options: UpstreamsOptions
  readonly #sources = new Map<Upstream, WitnessSource>()
  readonly #asked = new Map<string, Asked>()

  constructor(options: UpstreamsOptions) {
    this.#options = options
  }

  source(upstream: Upstream): WitnessSource {
    let source = this.#sources.get(upstream)
    if (source === undefined) {
      source = this.#heard(this.#open(upstream))
      this.#sources.set(upstream, source)
    }
    return source
  }

  /** Those who were asked, by name, and of whom something is to be told. */
  asked(): Asked[] {
    return [...this.#asked.values()]
      .filter(({ failures, notes }) => failures.length + notes.length > 0)
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  }

  #open(upstream: Upstream): WitnessSource {
    const { reader } = this.#options
    switch (upstream.kind) {
      case 'live':
        return new LiveArchive(reader, upstream)
      case 'snapshots':
        return new SnapshotService(upstream, this.#options)
      case 'store':
        return new EvidenceStore(upstream, this.#options)
    }
  }

  #heard(source: WitnessSource): WitnessSource {
    const asked = this.#asked
    return {
      async *witnesses(open, further) {
        for await (const { name, testify } of source.witnesses(open, further)) {
          const heard: Witness['testify'] = async () => {
            const testimony = await testify()
            asked.set(name, { name, failures: testimony.failures, notes: testimony.notes })
            return testimony
          }
          yield { name, testify: heard }
        }
      },
    }
  }
}
