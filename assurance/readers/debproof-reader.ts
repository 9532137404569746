import { readFileSync } from 'node:fs'
import path from 'node:path'
import { scanIndex } from '../../src/archive/read-index.ts'
import { WantedNames } from '../../src/archive/stanza-scanner.ts'
import { DebproofError } from '../../src/errors.ts'
import { NAMES } from './oddities.ts'

/** The files that debproof takes as certain; `refused` where it reads nothing of the index. */
export async function readByDebproof(folder: string): Promise<ReadonlyMap<string, string | undefined>> {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield readFileSync(path.join(folder, 'Packages'))
  }
  const request = { kind: 'Packages', wanted: new WantedNames(NAMES), refuseHidden: true } as const
  try {
    const { entries } = await scanIndex(chunks(), 'plain', {}, request, 'http://example.org/Packages')
    return new Map(entries.map(({ name, file }) => [name, file.sha256]))
  } catch (error) {
    if (!(error instanceof DebproofError)) throw error
    return new Map([['refused', error.message]])
  }
}
