import { describe, expect, it } from 'vitest'
import {
  type ArchiveFacts,
  ArchiveReader,
  type ArchiveRequest,
  type Listing,
} from '../../src/archive/archive-reader.ts'
import { Keyring } from '../../src/archive/keyring.ts'
import { WantedNames } from '../../src/archive/stanza-scanner.ts'
import { proveLocated, proveUnlocated } from '../../src/identical/prove-located.ts'
import { Upstreams } from '../../src/identical/upstreams.ts'
import type { ArchiveReading } from '../../src/locate/located.ts'
import { Downloads } from '../../src/net/downloads.ts'
import type { ArchivePolicy, LiveUpstream } from '../../src/policy/policy.ts'
import { architectureOf, sha, use } from '../judge/given.ts'
import { binary } from './listings.ts'

function facts(...listings: Listing[]): ArchiveFacts {
  return { listings, failures: [], unclear: [], notes: [] }
}

/** A reader of upstreams that were read already: by their host. What it was asked for is remembered. */
class MadeReader extends ArchiveReader {
  readonly asked: string[] = []
  readonly #answers: Readonly<Record<string, ArchiveFacts>>

  constructor(answers: Readonly<Record<string, ArchiveFacts>>) {
    super({ downloads: new Downloads({ userAgent: 'test' }), at: new Date(0), wanted: new WantedNames([]), kinds: [] })
    this.#answers = answers
  }

  override async read({ area }: ArchiveRequest): Promise<ArchiveFacts> {
    this.asked.push(area.base.host)
    return this.#answers[area.base.host] ?? facts()
  }
}

function upstream(host: string): LiveUpstream {
  const area = {
    base: new URL(`http://${host}/`),
    suites: ['made'],
    components: ['main'],
    architectures: [architectureOf('amd64')],
  }
  return { kind: 'live', area, keyring: new Keyring([]) }
}

function archive(name: string, listed: ArchiveFacts, more: Partial<ArchivePolicy>): ArchiveReading {
  return {
    archive: {
      name,
      require: 'identical',
      served: upstream(`${name}.served`),
      servedByUpstream: false,
      unprovenFiles: 'report',
      ownKeys: [],
      upstreams: [],
      ...more,
    },
    request: { area: upstream(`${name}.served`).area, keyring: new Keyring([]), refuseHidden: true },
    facts: listed,
  }
}

/** Those of one run. */
function upstreamsOf(reader: MadeReader): Upstreams {
  return new Upstreams({ reader, downloads: new Downloads({ userAgent: 'test' }), progress: () => {} })
}

async function outcomes(readings: readonly ArchiveReading[], reader: MadeReader): Promise<string[]> {
  const located = readings.flatMap((reading) =>
    reading.facts.listings.map((listing) => ({ use: use(), reading, listing })),
  )
  const proofs = await proveLocated(located, readings, upstreamsOf(reader))
  return located.map(({ listing }) => proofs.get(listing)?.outcome ?? 'none')
}

describe('what an archive lists', () => {
  it('is proven by its own upstreams, each read once', async () => {
    const reader = new MadeReader({ debian: facts(binary('a')) })
    const served = [upstream('debian')]
    const readings = [
      archive('one', facts(binary('a')), { upstreams: served }),
      archive('two', facts(binary('b')), { upstreams: served }),
    ]
    expect(await outcomes(readings, reader)).toEqual(['identical', 'mismatch'])
    expect(reader.asked).toEqual(['debian'])
  })

  it('is not proven by the upstream of another archive', async () => {
    const reader = new MadeReader({ torproject: facts(binary('a')) })
    const readings = [
      archive('debian', facts(binary('a')), { upstreams: [upstream('debian')] }),
      archive('torproject', facts(), { upstreams: [upstream('torproject')] }),
    ]
    expect(await outcomes(readings, reader)).toEqual(['unproven'])
  })

  it('of the project itself is proven by any upstream', async () => {
    const reader = new MadeReader({ torproject: facts(binary('a')) })
    const readings = [
      archive('tails', facts(binary('a')), { require: 'reproduced' }),
      archive('torproject', facts(), { upstreams: [upstream('torproject')] }),
    ]
    expect(await outcomes(readings, reader)).toEqual(['identical'])
  })

  it('of the project itself is not proven by the upstream of an archive from which nothing may come', async () => {
    const reader = new MadeReader({ nightly: facts(binary('a')) })
    const readings = [
      archive('tails', facts(binary('a')), { require: 'reproduced' }),
      archive('nightly', facts(), { require: 'absent', upstreams: [upstream('nightly')] }),
    ]
    expect(await outcomes(readings, reader)).toEqual(['unproven'])
  })

  it('is proven by itself where the build used the upstream, which is not read again', async () => {
    const reader = new MadeReader({})
    const readings = [
      archive('debian', facts(binary('a')), { servedByUpstream: true, upstreams: [upstream('debian')] }),
    ]
    expect(await outcomes(readings, reader)).toEqual(['identical'])
    expect(reader.asked).toEqual([])
  })

  it('is not sought with upstreams where nothing may come from the archive', async () => {
    const reader = new MadeReader({ nightly: facts(binary('a')) })
    const readings = [archive('nightly', facts(binary('a')), { require: 'absent', upstreams: [upstream('nightly')] })]
    expect(await outcomes(readings, reader)).toEqual(['unproven'])
    expect(reader.asked).toEqual([])
  })
})

describe('bytes that no archive lists', () => {
  const bytes = use({ hash: sha('a') })

  async function outcome(readings: readonly ArchiveReading[], reader: MadeReader): Promise<string | undefined> {
    return (await proveUnlocated([bytes], [], readings, upstreamsOf(reader))).get(bytes)?.outcome
  }

  it('are proven by any upstream', async () => {
    const reader = new MadeReader({ two: facts(binary('a')) })
    const readings = [archive('debian', facts(), { upstreams: [upstream('one'), upstream('two')] })]
    expect(await outcome(readings, reader)).toBe('identical')
  })

  it('are not proven by the upstream of an archive from which nothing may come', async () => {
    const reader = new MadeReader({ nightly: facts(binary('a')) })
    const readings = [
      archive('debian', facts(), { upstreams: [upstream('debian')] }),
      archive('nightly', facts(), { require: 'absent', upstreams: [upstream('nightly')] }),
    ]
    expect(await outcome(readings, reader)).toBe('unproven')
  })

  it('are not sought where an archive lists them, nor where no hash is known', async () => {
    const reader = new MadeReader({ debian: facts(binary('a')) })
    const reading = archive('debian', facts(binary('a')), { upstreams: [upstream('debian')] })
    const located = [{ use: bytes, reading, listing: binary('a') }]
    expect(await proveUnlocated([bytes, use()], located, [reading], upstreamsOf(reader))).toEqual(new Map())
    expect(reader.asked).toEqual([])
  })
})
