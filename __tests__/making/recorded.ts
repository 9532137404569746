import { readdirSync } from 'node:fs'
import path from 'node:path'
import { recordCommand } from '../../src/commands/record.ts'
import { type CliResult, call } from '../commands/cli.ts'
import { archiveFiles, type MadeArchive, upstreamKey } from './archive-folder.ts'
import { type Files, type LoopbackServer, serveFiles } from './loopback-server.ts'
import { sha256Hex } from './signed-archive.ts'
import type { Site } from './site.ts'

/** A server whose archive changes. */
export interface MovingArchive {
  readonly server: LoopbackServer
  /** What it serves, which may be changed by hand too. */
  readonly files: Record<string, Files[string]>
  /** Serves another state from now on, signed by the upstream's key unless it names another. */
  readonly show: (archive: Omit<MadeArchive, 'key'> & Partial<Pick<MadeArchive, 'key'>>) => Promise<void>
}

/** @param byHash whether the indexes are offered by hash too */
export async function movingArchive({ byHash = false } = {}): Promise<MovingArchive> {
  const files: Record<string, Files[string]> = {}
  const show: MovingArchive['show'] = async (archive) => {
    const fields = { ...(byHash ? { 'Acquire-By-Hash': 'yes' } : {}), ...archive.fields }
    const made = await archiveFiles({ key: await upstreamKey(), ...archive, fields })
    for (const name of Object.keys(files)) delete files[name]
    Object.assign(files, made)
    for (const [name, content] of Object.entries(made)) {
      if (byHash && /(?:Packages|Sources)(?:\.gz)?$/.test(name)) {
        files[path.posix.join(path.posix.dirname(name), 'by-hash/SHA256', sha256Hex(content))] = content
      }
    }
  }
  return { server: await serveFiles(files), files, show }
}

/** The words that record this archive into the store of a site. */
export function recordWords(site: Site, { server }: MovingArchive, at: Date, ...more: readonly string[]): string[] {
  const where = ['--url', server.base.href, '--suite', 'made', '--architecture', 'amd64']
  const keys = ['--signed-by', path.join(site.folder, 'keys/upstream.asc')]
  return ['--store', storeOf(site), ...where, ...keys, '--at', at.toISOString(), ...more]
}

/** Records within this process. */
export async function record(site: Site, archive: MovingArchive, at: Date, ...more: string[]): Promise<CliResult> {
  return await call(recordCommand, recordWords(site, archive, at, ...more))
}

/** Checks the whole store. */
export async function checkStore(site: Site): Promise<CliResult> {
  const keys = path.join(site.folder, 'keys/upstream.asc')
  return await call(recordCommand, ['--store', storeOf(site), '--verify', '--signed-by', keys])
}

export function storeOf(site: Site): string {
  return path.join(site.folder, 'evidence')
}

/** The files of the store below `objects` or `sightings`, sorted. */
export function filesOf(site: Site, part: 'objects' | 'sightings' | 'incoming'): string[] {
  const folder = path.join(storeOf(site), part)
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
}
