import type { Downloads } from '../net/downloads.ts'
import type { Recorder } from './keep-object.ts'
import { type RecordRequest, recordSuite, type SuiteRecord } from './record-suite.ts'
import type { ServerClocks } from './server-clocks.ts'
import { listStore } from './store-listing.ts'
import { StoreReader } from './store-reader.ts'
import { StoreWriter } from './store-writer.ts'

export interface RecordOptions {
  /** An absolute path; it is made where it is not there. */
  readonly folder: string
  readonly requests: readonly RecordRequest[]
  readonly downloads: Downloads
  /** The clock: when the suites are said to have been seen. */
  readonly at: Date
  /** What the servers say of the time, told by `downloads`. */
  readonly servers: ServerClocks
  /** Called as soon as what it says is on the disk. */
  readonly onSuite: (record: SuiteRecord) => void
}

/** What came of a whole recording. */
export interface Recording {
  readonly suites: readonly SuiteRecord[]
  /** What the store holds now. */
  readonly total: { readonly files: number; readonly bytes: number; readonly sightings: number }
}

/**
 * Records all suites of some archives.
 * @throws DebproofError OUTPUT where the store cannot be written
 */
export async function record(options: RecordOptions): Promise<Recording> {
  const { folder, downloads, at, requests, servers, onSuite } = options
  const writer = await StoreWriter.open(folder)
  const recorder: Recorder = { downloads, writer, reader: new StoreReader(folder, downloads), at, servers }
  const suites = await Promise.all(
    requests.flatMap((request) =>
      request.area.suites.map(async (suite) => {
        const done = await recordSuite(recorder, request, suite)
        onSuite(done)
        return done
      }),
    ),
  )
  const { objects, sightings } = await listStore(folder)
  const bytes = objects.reduce((sum, { size }) => sum + size, 0)
  return { suites, total: { files: objects.length, bytes, sightings: sightings.length } }
}
