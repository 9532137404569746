import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { writeFiles } from '../../__tests__/making/archive-folder.ts'
import type { Random } from '../random.ts'
import { type Ended, type Start, start } from './child.ts'
import { endingProblems } from './contract.ts'
import type { MachineFault, Place } from './machine-fault.ts'
import { type DrawnFault, meddlerOf } from './network-faults.ts'
import { type FaultProxy, type Origin, startProxy } from './proxy.ts'

/** What all runs have in common. */
export interface Tools {
  /** The Node and the `cli.js` under test. */
  readonly node: string
  readonly cli: string
  /** For the folders of runs. */
  readonly scratch: string
  /** An output folder of an earlier run that passed, and the two parts of one. */
  readonly earlier: string
  readonly failed: string
  readonly parts: readonly string[]
  /** CPU milliseconds that debproof needs until an earlier report is gone. */
  readonly untilRemoved: number
  readonly isQuick: boolean
}

/** One run's place, its servers and its faults. */
export class Stage {
  readonly random: Random
  readonly tools: Tools
  readonly place: Place
  readonly proxy: FaultProxy
  readonly base: string
  readonly machine: MachineFault | undefined
  readonly network: readonly DrawnFault[]
  /** Those that the requests came by. */
  readonly happened = new Set<DrawnFault>()
  readonly problems: string[] = []
  /** What there was before, below the folder of the run. */
  #before: ReadonlySet<string> = new Set()
  readonly #folder: string
  readonly #isPublic: boolean
  #isRepaired = false

  private constructor(
    random: Random,
    tools: Tools,
    folder: string,
    proxy: FaultProxy,
    faults: { readonly machine: MachineFault | undefined; readonly network: readonly DrawnFault[] },
  ) {
    this.random = random
    this.tools = tools
    this.machine = faults.machine
    this.network = faults.network
    this.#folder = folder
    const below = (name: string): string => path.join(folder, name)
    this.place = {
      site: below('site'),
      output: below('output'),
      cache: below('cache'),
      home: below('home'),
      temporary: below('temporary'),
      store: below('store'),
    }
    this.proxy = proxy
    this.#isPublic = random.chance(0.35)
    this.base = this.#isPublic ? 'http://archive.example/' : `http://127.0.0.1:${proxy.port}/`
  }

  static async open(
    random: Random,
    tools: Tools,
    faults: { readonly machine: MachineFault | undefined; readonly network: readonly DrawnFault[] },
    origin: Origin,
  ): Promise<Stage> {
    const folder = mkdtempSync(path.join(tools.scratch, 'run-'))
    chmodSync(folder, 0o755)
    const stage = new Stage(random, tools, folder, await startProxy(origin, random.fork()), faults)
    for (const name of Object.values(stage.place)) mkdirSync(name)
    for (const name of [stage.place.temporary, stage.place.output]) chmodSync(name, 0o777)
    faults.machine?.prepare?.(stage.place, random)
    return stage
  }

  write(files: Readonly<Record<string, string | Uint8Array>>): void {
    writeFiles(this.place.site, files)
  }

  /** Puts the report of an earlier run where the new one is to be; false where there is no room for it. */
  putEarlier(): boolean {
    try {
      cpSync(this.tools.earlier, this.place.output, { recursive: true })
      return true
    } catch {
      for (const name of readdirSync(this.place.output)) {
        rmSync(path.join(this.place.output, name), { recursive: true, force: true })
      }
      return false
    }
  }

  /** Runs debproof with the faults, and holds its end against the contract. */
  async run(args: readonly string[], deadline: number): Promise<Ended> {
    const { machine, place, proxy, random } = this
    machine?.seal?.(place, random)
    this.#before = this.#names()
    proxy.meddler = meddlerOf(this.network, this.happened)
    const plain = this.#start(args)
    const running = start(machine?.start?.(plain, place, random) ?? plain, deadline)
    const finish = machine?.during?.(running, place, proxy, random)
    const ended = await running.ended
    finish?.()
    proxy.meddler = () => []
    this.problems.push(...endingProblems(ended, machine, this.tools.untilRemoved))
    if (this.#isPublic && proxy.canaryAsked.length > 0) {
      this.problems.push(`an address inside was asked: ${proxy.canaryAsked.join(', ')}`)
    }
    return ended
  }

  /** Runs debproof without any fault. */
  async runSoundly(args: readonly string[], deadline = 150_000): Promise<Ended> {
    const plain = this.#start(args)
    // What Node compiled once need not be compiled again for each of them.
    const env = { ...plain.env, NODE_COMPILE_CACHE: path.join(this.tools.scratch, 'compiled') }
    return await start({ ...plain, env }, deadline).ended
  }

  /** What a run left where nothing of it belongs. */
  litter(): string[] {
    const own = ['output', 'cache', 'store', 'home/.cache/debproof']
    return [...this.#names()].filter(
      (name) =>
        !this.#before.has(name) &&
        !own.some((folder) => name === folder || name.startsWith(`${folder}/`) || folder.startsWith(`${name}/`)),
    )
  }

  /** Takes the faults of the machine away. */
  repair(): void {
    const after = this.#isRepaired ? undefined : this.machine?.after
    this.#isRepaired = true
    if (after === undefined) return
    // What is on a disk of its own is wanted still.
    const kept = `${this.place.output}.kept`
    const isThere = existsSync(this.place.output)
    if (isThere) cpSync(this.place.output, kept, { recursive: true })
    after(this.place)
    if (!isThere) return
    rmSync(this.place.output, { recursive: true, force: true })
    cpSync(kept, this.place.output, { recursive: true })
    rmSync(kept, { recursive: true })
  }

  async close(): Promise<void> {
    this.repair()
    await this.proxy.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #start(args: readonly string[]): Start {
    const { place, tools } = this
    const env = {
      PATH: process.env['PATH'],
      HOME: place.home,
      TMPDIR: place.temporary,
      LC_ALL: 'C.UTF-8',
      NO_COLOR: '1',
      no_proxy: '127.0.0.1',
      ...(this.#isPublic ? { http_proxy: `http://127.0.0.1:${this.proxy.port}/` } : {}),
    }
    return { command: tools.node, args: [tools.cli, ...args], cwd: place.site, env }
  }

  #names(): Set<string> {
    return new Set(readdirSync(this.#folder, { recursive: true, encoding: 'utf8' }))
  }
}
