import type { ArchiveFacts, ArchiveReader } from '../archive/archive-reader.ts'
import type { Upstream } from '../policy/policy.ts'
import type { Witness } from './prove.ts'

/** Upstreams' archives as they are served now, over http(s) or from a folder. Each is read once in a run. */
export class LiveUpstreams {
  readonly #reader: ArchiveReader
  readonly #facts = new Map<Upstream, Promise<ArchiveFacts>>()

  constructor(reader: ArchiveReader) {
    this.#reader = reader
  }

  witness(upstream: Upstream): Witness {
    const { area, keyring } = upstream
    return {
      name: `the upstream at ${area.base.href}`,
      testify: () => {
        let facts = this.#facts.get(upstream)
        if (facts === undefined) {
          facts = this.#reader.read({ area, keyring, refuseHidden: false })
          this.#facts.set(upstream, facts)
        }
        return facts
      },
    }
  }
}
