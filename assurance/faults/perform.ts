import { Random } from '../random.ts'
import type { Ended } from './child.ts'
import { EXIT } from './contract.ts'
import { MACHINE_FAULTS } from './machine-faults.ts'
import { mirrorWorld } from './mirror-world.ts'
import { drawFaults } from './network-faults.ts'
import { debianWorld, rebuildersWorld, snapshotServiceWorld } from './other-worlds.ts'
import { recordCase } from './record-case.ts'
import { inspectCase, mergeCase, recheckCase } from './report-cases.ts'
import { Stage, type Tools } from './stage.ts'
import { reportVerdictOf } from './truth.ts'
import { verifyCase } from './verify-case.ts'
import { commonFiles, type MakeWorld, snapshotWorld, type World } from './world.ts'

/** What came of one run. */
export interface Outcome {
  readonly seed: number
  /** Such as `verify, snapshot`. */
  readonly scenario: string
  /** The faults that happened. */
  readonly faults: readonly string[]
  readonly ending: string
  readonly problems: readonly string[]
  /** Milliseconds. */
  readonly took: number
}

type Command = 'verify' | 'record' | 'recheck' | 'merge' | 'inspect'

const COMMANDS: readonly { readonly command: Command; readonly weight: number }[] = [
  { command: 'verify', weight: 72 },
  { command: 'record', weight: 12 },
  { command: 'merge', weight: 7 },
  { command: 'recheck', weight: 5 },
  { command: 'inspect', weight: 4 },
]

const WORLDS: readonly { readonly make: MakeWorld; readonly weight: number; readonly isSlow?: boolean }[] = [
  { make: snapshotWorld, weight: 55 },
  { make: rebuildersWorld, weight: 16 },
  { make: debianWorld, weight: 16 },
  { make: mirrorWorld, weight: 10, isSlow: true },
  { make: snapshotServiceWorld, weight: 3, isSlow: true },
]

/** One seed, one scenario. */
export async function perform(seed: number, tools: Tools): Promise<Outcome> {
  const random = new Random(seed)
  const { command } = random.weighted(COMMANDS)
  const isOffline = command !== 'verify' && command !== 'record'
  const possible = MACHINE_FAULTS.filter(
    ({ name, isPossible }) => isPossible?.() !== false && (command === 'record' ? !/output|evidence/.test(name) : true),
  ).map((fault) => (fault.name === 'store disk full' ? { ...fault, weight: command === 'record' ? 8 : 0 } : fault))
  const machine = random.chance(isOffline ? 0.75 : 0.45) ? random.weighted(possible) : undefined
  const count = random.pick(machine === undefined ? [0, 1, 1, 1, 1, 2, 2, 3] : [0, 0, 0, 1, 2])
  const network = isOffline ? [] : drawFaults(random, count, tools.isQuick)
  const { make } =
    command === 'verify'
      ? random.weighted(WORLDS.filter(({ isSlow }) => isSlow !== true || !tools.isQuick))
      : { make: snapshotWorld }
  const began = performance.now()
  let world: World | undefined
  const stage = await Stage.open(random, tools, { machine, network }, async (path) => {
    if (world === undefined) throw new Error('asked before there is anything')
    return await world.origin(path)
  })
  try {
    world = await make(random, stage.base)
    stage.write({ ...(await commonFiles()), ...world.files })
    const ended = await caseOf(command)(stage, world)
    const happened = [...stage.happened].map(({ fault }) => fault.name)
    return {
      seed,
      scenario: command === 'verify' ? `verify, ${world.name}` : command,
      faults: [...new Set([...(machine === undefined ? [] : [machine.name]), ...happened])],
      ending: endingOf(command, ended, world, stage),
      problems: stage.problems,
      took: performance.now() - began,
    }
  } finally {
    await stage.close()
    await world?.close?.()
  }
}

function caseOf(command: Command): (stage: Stage, world: World) => Promise<Ended> {
  switch (command) {
    case 'verify':
      return verifyCase
    case 'record':
      return recordCase
    case 'recheck':
      return recheckCase
    case 'merge':
      return mergeCase
    case 'inspect':
      return inspectCase
  }
}

/** How a run ended, in the words of the table. */
function endingOf(command: Command, { code, signal, isHung }: Ended, world: World, { machine }: Stage): string {
  if (isHung) return 'hung'
  if (signal !== null) return machine?.aborts === true ? 'Node aborted' : 'by the signal'
  switch (code) {
    case EXIT.pass:
      return 'pass'
    case EXIT.fail:
      if (command !== 'verify' || reportVerdictOf(world.truths) === 'fail') return 'fail'
      return 'fail, of what was taken away'
    case EXIT.undecided:
      return 'undecided'
    case EXIT.error:
      return 'error 2'
    default:
      return machine?.aborts === true ? 'Node aborted' : `exit code ${code}`
  }
}
