import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Ended } from './child.ts'
import { EXIT } from './contract.ts'
import type { Stage } from './stage.ts'
import type { World } from './world.ts'

/** One `record` among faults, the store that it left, and one more without faults. */
export async function recordCase(stage: Stage, world: World): Promise<Ended> {
  const { random, place, base, machine, problems, happened } = stage
  const by = ['--signed-by', 'keys/upstream.asc']
  const args = [
    'record',
    '--url',
    `${base}upstream/`,
    '--suite',
    'made',
    '--architecture',
    'amd64',
    ...by,
    '--store',
    place.store,
  ]
  const check = ['record', '--verify', '--store', place.store, ...by]
  if (random.chance(0.4)) await stage.runSoundly(args)
  const options = machine?.options?.(random) ?? []
  const ended = await stage.run([...args, ...options], world.deadline)
  for (const name of stage.litter()) problems.push(`${name} is left`)
  stage.repair()
  const faults = [...happened]
  if (ended.code === EXIT.pass && faults.length > 0 && !stage.proxy.delivered.has('upstream/dists/made/InRelease')) {
    problems.push('it recorded a release file that it never saw')
  }
  // Only what was really signed can contradict itself.
  const isReplayed = faults.some(({ fault }) => fault.effect === 'replay')
  if (ended.code === EXIT.fail && !isReplayed)
    problems.push(`an anomaly was told: ${JSON.stringify(ended.stdout.slice(-500))}`)
  const isSound = async (when: string): Promise<void> => {
    // One that was stopped before there was anything is none yet.
    if (!existsSync(path.join(place.store, 'sightings'))) return
    const { code, stdout, stderr } = await stage.runSoundly(check)
    if (code !== EXIT.pass)
      problems.push(`the store ${when} is not sound: ${JSON.stringify((stdout + stderr).slice(-500))}`)
  }
  await isSound('after the faults')
  if (random.chance(0.5)) {
    const again = await stage.runSoundly(args)
    const mayBeOlder = isReplayed || options.length > 0 || /clock/.test(machine?.name ?? '')
    if (again.code !== EXIT.pass && !(mayBeOlder && again.code === EXIT.fail)) {
      problems.push(
        `the next record ends with ${again.code}: ${JSON.stringify((again.stdout + again.stderr).slice(-500))}`,
      )
    }
    await isSound('after the next record')
  }
  return ended
}
