import type { ArchiveFacts, ArchiveReader } from '../archive/archive-reader.ts'
import type { LiveUpstream } from '../policy/policy.ts'
import type { Witness, WitnessSource } from './witness.ts'

/** An upstream's archive as it is served now, over http(s) or from a folder. It is read once in a run. */
export class LiveArchive implements WitnessSource {
  readonly #reader: ArchiveReader
  readonly #upstream: LiveUpstream
  #facts: Promise<ArchiveFacts> | undefined

  constructor(reader: ArchiveReader, upstream: LiveUpstream) {
    this.#reader = reader
    this.#upstream = upstream
  }

  async *witnesses(): AsyncGenerator<Witness> {
    const { area } = this.#upstream
    yield {
      name: `the upstream at ${area.base.href}`,
      testify: () => {
        this.#facts ??= this.#reader.read({ ...this.#upstream, refuseHidden: false })
        return this.#facts
      },
    }
  }
}
