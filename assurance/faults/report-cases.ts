import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Random } from '../random.ts'
import { found } from './answer.ts'
import { ANSWER_FAULTS } from './answer-faults.ts'
import type { Ended } from './child.ts'
import { EXIT } from './contract.ts'
import { parseReport, reportBytes, signatureProblems, strangersIn } from './report-oracle.ts'
import type { Stage } from './stage.ts'
import { recheckProblems } from './verify-case.ts'
import type { World } from './world.ts'

const DEADLINE = 120_000

/** `recheck` of a report, changed or not. */
export async function recheckCase(stage: Stage): Promise<Ended> {
  const { random, place, tools, machine, problems } = stage
  const passed = random.chance(0.5)
  const folder = path.join(place.site, 'checked')
  cpSync(passed ? tools.earlier : tools.failed, folder, { recursive: true })
  const isDamaged = random.chance(0.5) && damageReport(folder, random)
  const ended = await stage.run(['recheck', folder, '--signed-by', 'keys/report.gpg'], DEADLINE)
  const wanted = passed ? EXIT.pass : EXIT.fail
  if (isDamaged && (ended.code === EXIT.pass || ended.stdout.startsWith('AGREES')))
    problems.push('a changed report agrees')
  const isDisturbed = machine !== undefined && machine.isHarmless !== true
  if (!isDamaged && !isDisturbed && ended.code !== wanted)
    problems.push(`a sound report ends with ${ended.code}, not ${wanted}`)
  if (!passed && ended.code === EXIT.pass) problems.push('a report that says fail ends with 0')
  for (const name of stage.litter()) problems.push(`${name} is left`)
  return ended
}

/** `merge` of two parts, changed or not. */
export async function mergeCase(stage: Stage): Promise<Ended> {
  const { random, place, tools, machine, problems } = stage
  const parts = tools.parts.map((part, index) => {
    const folder = path.join(place.site, `part-${index}`)
    cpSync(part, folder, { recursive: true })
    return folder
  })
  const isDamaged = random.chance(0.35) && damageReport(random.pick(parts), random)
  const earlier = random.chance(0.6) && stage.putEarlier() ? reportBytes(place.output) : undefined
  const sign = ['--signing-key', 'keys/report.asc', '--signed-by', 'keys/report.gpg']
  const ended = await stage.run(['merge', ...parts, ...sign, '--output', place.output], DEADLINE)
  for (const name of stage.litter()) problems.push(`${name} is left`)
  for (const name of strangersIn(place.output, machine?.leavesParts === true)) problems.push(`the output holds ${name}`)
  stage.repair()
  const isDisturbed = machine !== undefined && machine.isHarmless !== true
  if (isDamaged && ended.code === EXIT.pass) problems.push('a changed part was merged')
  if (!isDamaged && !isDisturbed && ended.code !== EXIT.pass) problems.push(`sound parts end with ${ended.code}`)
  const bytes = reportBytes(place.output)
  if (bytes === undefined) {
    if (ended.code === EXIT.pass) problems.push('there is no report, and the exit code is 0')
  } else if (earlier?.equals(bytes) === true) {
    const { signal, usedWhenSignalled = Number.POSITIVE_INFINITY } = ended
    const wasEarly = signal !== null && usedWhenSignalled <= tools.untilRemoved
    const isExcused = machine?.keepsEarlier === true || (machine?.aborts === true && ended.code !== EXIT.error)
    if (!wasEarly && !isExcused) problems.push('the report of an earlier run is there still')
  } else {
    problems.push(...(await signatureProblems(place.output, bytes)))
    problems.push(...(await recheckProblems(stage, place.output, parseReport(bytes))))
  }
  return ended
}

/** `inspect` of a release file, changed or not. */
export async function inspectCase(stage: Stage, world: World): Promise<Ended> {
  const { random, place, proxy, base, machine, problems } = stage
  const sound = Buffer.from((await world.origin('upstream/dists/made/InRelease')).body)
  const fault = random.chance(0.6) ? random.weighted(ANSWER_FAULTS.slice(0, 7)) : undefined
  const exchange = { path: '', random, origin: world.origin, base, canary: base }
  const content = Buffer.from((await fault?.answer?.(found(sound), exchange))?.body ?? sound)
  writeFileSync(path.join(place.site, 'InRelease'), content)
  const ended = await stage.run(['inspect', 'InRelease', '--signed-by', 'keys/upstream.asc'], DEADLINE)
  const signedText = /\n\n([\s\S]*?\n)-----BEGIN PGP SIGNATURE/.exec(sound.toString('latin1'))?.[1] ?? ''
  const isIntact = content.toString('latin1').includes(`\n\n${signedText}-----BEGIN PGP SIGNATURE`)
  if (ended.code === EXIT.pass && !isIntact) problems.push('a changed release file was accepted')
  const isDisturbed = machine !== undefined && machine.isHarmless !== true
  if (content.equals(sound) && !isDisturbed && ended.code !== EXIT.pass)
    problems.push(`a sound release file ends with ${ended.code}`)
  for (const name of stage.litter()) problems.push(`${name} is left`)
  if (proxy.asked.length > 0) problems.push('inspect asked the network')
  return ended
}

/** Changes one file that a report rests on; false where nothing was changed. */
function damageReport(folder: string, random: Random): boolean {
  const objects = readdirSync(path.join(folder, 'evidence/sha256')).map((name) => `evidence/sha256/${name}`)
  const name = random.pick(['report.json', 'report.json.asc', 'evidence/index.json', ...objects.sort()])
  const file = path.join(folder, name)
  const before = readFileSync(file)
  const kind = random.pick(['flip', 'cut', 'gone'])
  if (kind === 'gone') rmSync(file)
  else if (kind === 'cut') writeFileSync(file, before.subarray(0, random.between(0, before.length - 2)))
  else {
    // Within the armor of a signature some bytes say nothing: its text is what counts.
    const place = name.endsWith('.asc') ? before.indexOf('\n\n') + 10 : random.between(0, before.length - 1)
    before.writeUInt8(before.readUInt8(place) ^ 1, place)
    writeFileSync(file, before)
  }
  return true
}
