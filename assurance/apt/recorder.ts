import { mkdirSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import path from 'node:path'
import { coldUpdate, warmReleases } from './apt-verdict.ts'
import { type Comparison, compareVerdicts, unreadReleases } from './compare.ts'
import { judgeSources } from './debproof-verdict.ts'
import { makeRoot } from './made-root.ts'
import { parseRequest, type UpdateRequest } from './request.ts'
import { readSettings, type Settings } from './settings.ts'

/** An update, or a source of one, that could not be compared. */
export interface NotCompared {
  readonly test: string
  readonly why: string
  readonly detail: string
}

interface Pending {
  readonly update: number
  readonly settings: Settings
  readonly changed: readonly string[]
  readonly comparisons: ReturnType<typeof compareVerdicts>
  readonly releases: ReadonlyMap<string, string>
  readonly prefixes: ReadonlyMap<string, string>
}

/** What apt says where the test took one of its methods away. */
const LACKS_METHOD = /^E: The method (?:driver \S+ could not be found|'\w+' is explicitly disabled)/

/** Answers the hook: compares both verdicts while the test waits. */
export class Recorder {
  readonly comparisons: Comparison[] = []
  readonly notCompared: NotCompared[] = []
  updates = 0
  readonly #folder: string
  readonly #pending = new Map<string, Pending>()
  readonly #server: Server

  constructor(folder: string, socket: string) {
    this.#folder = folder
    this.#server = createServer((request, response) => {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.on('end', () => {
        this.#answer(Buffer.concat(parts)).finally(() => response.end())
      })
    })
    this.#server.listen(socket)
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  async #answer(body: Buffer): Promise<void> {
    const request = parseRequest(body)
    try {
      await (request.when === 'before' ? this.#before(request) : this.#after(request))
    } catch (error) {
      const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
      this.notCompared.push({ test: request.test, why: 'the comparison itself failed', detail })
    }
  }

  async #before(request: UpdateRequest): Promise<void> {
    const update = ++this.updates
    const folder = path.join(this.#folder, `update-${update}`)
    mkdirSync(folder, { recursive: true })
    try {
      const settings = await readSettings(request)
      if (settings.incomparable !== undefined) {
        this.notCompared.push({ test: request.test, why: settings.incomparable, detail: request.args.join(' ') })
        return
      }
      const made = makeRoot(folder, settings)
      const plain = ['-o', `Dir::Etc::SourceList=${made.plainList}`, '-o', `Dir::Etc::SourceParts=${made.plainParts}`]
      const options = [...settings.defaults, ...plain]
      const apt = await coldUpdate(request, path.join(folder, 'defaults'), options)
      const changed = [...settings.changed, ...made.liberties]
      if (LACKS_METHOD.test(apt.said)) {
        this.notCompared.push({ test: request.test, why: 'apt has no method for a source', detail: apt.said })
        return
      }
      const configured = changed.length === 0 ? apt : await coldUpdate(request, path.join(folder, 'configured'), [])
      const debproof = await judgeSources(made.root, new Date())
      const sides = { apt, configured, debproof }
      let comparisons = compareVerdicts(sides)
      if (comparisons.some(({ outcome }) => outcome === 'looser')) {
        // Some servers answer the second request otherwise than the first: apt is asked once more, after debproof.
        const again = await coldUpdate(request, path.join(folder, 'again'), options)
        const releases = new Map([...again.releases, ...apt.releases])
        const indexes = new Set([...again.indexes, ...apt.indexes])
        comparisons = compareVerdicts({ ...sides, apt: { ...apt, releases, indexes } })
      }
      this.#pending.set(request.folder, {
        update,
        settings,
        changed,
        comparisons,
        releases: apt.releases,
        prefixes: apt.prefixes,
      })
      if (debproof.refused !== undefined) {
        const why = 'debproof refuses the apt sources themselves'
        this.notCompared.push({ test: request.test, why, detail: debproof.refused })
      }
      for (const url of debproof.refused === undefined ? unreadReleases(sides) : []) {
        const why = `debproof does not read ${/^[^:]*:/.exec(url)?.[0] ?? ''} sources, or this one`
        this.notCompared.push({ test: request.test, why, detail: url })
      }
      if (apt.targets.length === 0) {
        this.notCompared.push({ test: request.test, why: 'apt itself reads no source', detail: apt.said })
      }
    } finally {
      if (process.env['PARITY_KEEP'] === undefined) rmSync(folder, { recursive: true, force: true })
    }
  }

  async #after(request: UpdateRequest): Promise<void> {
    const pending = this.#pending.get(request.folder)
    if (pending === undefined) return
    this.#pending.delete(request.folder)
    const { update, settings, changed, comparisons, releases, prefixes } = pending
    const warm = warmReleases(settings.lists, prefixes)
    for (const comparison of comparisons) {
      const folder = [...prefixes.keys()].find((directory) => comparison.url.startsWith(directory)) ?? ''
      const kept = warm.get(folder)
      this.comparisons.push({
        test: request.test,
        update,
        changed,
        warm: kept === undefined ? 'none' : kept === releases.get(folder) ? 'new' : 'other',
        ...comparison,
      })
    }
  }
}
