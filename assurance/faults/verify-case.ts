import { cpSync, existsSync, readdirSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Random } from '../random.ts'
import type { Ended } from './child.ts'
import { EXIT } from './contract.ts'
import {
  type Allowed,
  parseReport,
  reportBytes,
  type SeenReport,
  signatureProblems,
  strangersIn,
  verdictProblems,
} from './report-oracle.ts'
import type { Stage } from './stage.ts'
import { reportVerdictOf } from './truth.ts'
import type { World } from './world.ts'

const SIGN = ['--signing-key', 'keys/report.asc']

/** One `verify` among faults, what it left, and one more without faults over the same cache. */
export async function verifyCase(stage: Stage, world: World): Promise<Ended> {
  const { random, place, machine, problems } = stage
  const isDefaultCache = /home/i.test(machine?.name ?? '')
  const cache = isDefaultCache ? [] : ['--cache', place.cache]
  const args = ['verify', '--output', place.output, ...SIGN, ...cache]
  if (random.chance(0.12) && !isDefaultCache) await fillCache(stage, world, args)
  const earlier = random.chance(0.6) && stage.putEarlier() ? reportBytes(place.output) : undefined
  const more = machine?.options?.(random)
  const ended = await stage.run([...args, ...(more ?? world.options)], world.deadline)
  // Files that a run must not touch are looked at before anything else runs.
  for (const name of stage.litter()) problems.push(`${name} is left`)
  const strangers = strangersIn(place.output, machine?.leavesParts === true)
  if (strangers.length > 0) problems.push(`the output holds ${strangers.join(', ')}`)
  stage.repair()
  problems.push(...(await outputProblems(stage, world, ended, earlier)))
  if (random.chance(machine === undefined ? 0.12 : 0.3)) problems.push(...(await problemsOfNextRun(stage, world, args)))
  return ended
}

/** Whether the earlier report may be there still. */
function mayKeepEarlier({ machine, tools }: Stage, { code, signal, usedWhenSignalled }: Ended): boolean {
  if (machine?.keepsEarlier === true && code === EXIT.error) return true
  // Node itself did not start, or a signal came before the first line of debproof.
  if (machine?.aborts === true && code !== null && code !== EXIT.error) return true
  if (machine?.aborts === true && signal !== null) return true
  return signal !== null && usedWhenSignalled !== undefined && usedWhenSignalled <= tools.untilRemoved
}

async function outputProblems(
  stage: Stage,
  world: World,
  ended: Ended,
  earlier: Buffer | undefined,
): Promise<string[]> {
  const { place, machine } = stage
  const { code, signal } = ended
  const bytes = reportBytes(place.output)
  if (bytes === undefined) {
    return code === EXIT.error || signal !== null || machine?.aborts === true
      ? []
      : [`there is no report, and the exit code is ${code}`]
  }
  if (earlier !== undefined && bytes.equals(earlier)) {
    return mayKeepEarlier(stage, ended) ? [] : ['the report of an earlier run is there still']
  }
  let report: SeenReport
  try {
    report = parseReport(bytes)
  } catch (error) {
    return [`report.json is half written: ${String(error)}`]
  }
  const found = [
    ...(await signatureProblems(place.output, bytes)),
    ...verdictProblems(report, world.truths, allowedIn(stage, world)),
    ...(stage.machine === undefined && !stage.random.chance(0.4)
      ? []
      : await recheckProblems(stage, place.output, report)),
  ]
  const codeOfReport = EXIT[report.verdict === 'pass' ? 'pass' : report.verdict === 'fail' ? 'fail' : 'undecided']
  const isRefused = machine?.isRefused === true || machine?.aborts === true
  if (signal === null && code !== codeOfReport && !(isRefused && code === EXIT.error)) {
    found.push(`the exit code is ${code}, and the report says ${report.verdict}`)
  }
  if (code === EXIT.pass) {
    const missing = world.needed.filter((name) => !stage.proxy.delivered.has(name))
    if (missing.length > 0) found.push(`it passed and never saw ${missing.join(', ')}`)
  }
  if (machine?.isRefused === true && signal === null && code !== EXIT.error) found.push(`exit code ${code}, not 2`)
  return found
}

/** What happened, and what it may have changed. */
function allowedIn({ happened, network, machine }: Stage, world: World): Allowed {
  const faults = [...happened]
  const isLone = network.length === 1
  const nothing =
    (machine === undefined || machine.isHarmless === true) &&
    faults.every(({ fault, times }) => fault.effect === 'none' || (isLone && fault.retried === true && times === 1))
  const effects = new Set(faults.map(({ fault }) => fault.effect))
  return {
    nothing,
    // What a signed release file lists is there: a 404 is no answer. For a rebuilder it is one, it built that not; and
    // what has no good signature is not its statement.
    absence:
      world.name === 'rebuilders' && faults.some(({ fault }) => fault.effect !== 'none' && fault.retried !== true),
    // What a pool serves again and again is what it has.
    mismatch:
      world.options.includes('--deep') && faults.some(({ fault, times }) => fault.effect !== 'none' && times > 1),
    replay: effects.has('replay'),
  }
}

/** Derives the report again from its evidence, in another process, and with another clock where this one's was off. */
export async function recheckProblems(stage: Stage, output: string, report: SeenReport): Promise<string[]> {
  const isClockOff = /system/.test(stage.machine?.name ?? '')
  const clock = isClockOff ? ['--at', '2200-01-01T00:00:00Z'] : []
  const { code, stdout, stderr } = await stage.runSoundly([
    'recheck',
    output,
    '--signed-by',
    'keys/report.gpg',
    ...clock,
  ])
  const wanted = EXIT[report.verdict === 'pass' ? 'pass' : report.verdict === 'fail' ? 'fail' : 'undecided']
  const agrees = code === wanted && !stdout.startsWith('CHANGED') && !/problem/i.test(stdout)
  return agrees ? [] : [`recheck ends with ${code}: ${JSON.stringify((stdout + stderr).slice(-700))}`]
}

/** A run before, whose cache somebody or something then damages. */
async function fillCache(stage: Stage, { options }: World, args: readonly string[]): Promise<void> {
  const { place, random } = stage
  await stage.runSoundly(
    [...args, ...options, '--output', path.join(place.site, 'before')].filter(notTwice(place.output)),
  )
  rmSync(path.join(place.site, 'before'), { recursive: true, force: true })
  if (random.chance(0.5)) damageFolder(path.join(place.cache, 'sha256'), random)
}

/** Leaves out `--output` and the folder behind it. */
function notTwice(output: string): (word: string, index: number, words: readonly string[]) => boolean {
  return (word, index, words) => word !== output && words[index + 1] !== output
}

/** Changes some files of a folder. */
export function damageFolder(folder: string, random: Random): void {
  if (!existsSync(folder)) return
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile())
    .sort()
  for (const file of files) {
    if (!random.chance(0.5)) continue
    switch (random.pick(['cut', 'other', 'link', 'folder'])) {
      case 'cut':
        truncateSync(file, statSync(file).size >> 1)
        break
      case 'other':
        writeFileSync(file, 'Package: other\n')
        break
      case 'link':
        rmSync(file)
        symlinkSync('/dev/zero', file)
        break
      default:
        rmSync(file)
        cpSync(import.meta.dirname, file, { recursive: true })
    }
  }
}

/** Without faults, over the cache that the run with faults left, all must be as it is. */
async function problemsOfNextRun(stage: Stage, world: World, args: readonly string[]): Promise<string[]> {
  const { place } = stage
  const ended = await stage.runSoundly([...args, ...world.options])
  const wanted = EXIT[reportVerdictOf(world.truths)]
  const bytes = reportBytes(place.output)
  const told = JSON.stringify((ended.stdout + ended.stderr).slice(-700))
  if (bytes === undefined || ended.code !== wanted)
    return [`the next run ends with ${ended.code}, not ${wanted}: ${told}`]
  const strict = { nothing: true, absence: false, replay: false, mismatch: false }
  return [
    ...verdictProblems(parseReport(bytes), world.truths, strict).map((text) => `the next run: ${text}`),
    ...strangersIn(place.output, false).map((name) => `the next run leaves ${name} in the output`),
  ]
}
