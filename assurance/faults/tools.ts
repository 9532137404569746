import { chmodSync, existsSync, mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { writeFiles } from '../../__tests__/making/archive-folder.ts'
import { Random } from '../random.ts'
import { cpuOf, start } from './child.ts'
import { startProxy } from './proxy.ts'
import type { Tools } from './stage.ts'
import { reportVerdictOf } from './truth.ts'
import { commonFiles, snapshotWorld, type World } from './world.ts'

export interface ToolOptions {
  readonly node: string
  readonly cli: string
  readonly isQuick: boolean
}

/** Makes what many runs take: a report that passed, one that failed, two parts, and a measured moment. */
export async function makeTools({ node, cli, isQuick }: ToolOptions): Promise<Tools> {
  const scratch = mkdtempSync(path.join(tmpdir(), 'debproof-faults-'))
  // Other users run it too.
  chmodSync(scratch, 0o755)
  const [earlier = ''] = await soundReports('pass', 'earlier', [[]])
  const [failed = ''] = await soundReports('fail', 'failed', [[]])
  const halves = [
    ['--shard', '1/2', '--plan-id', 'made'],
    ['--shard', '2/2', '--plan-id', 'made'],
  ]
  const parts = await soundReports('pass', 'part', halves)
  return { node, cli, scratch, earlier, failed, parts, untilRemoved: await cpuUntilRemoved(), isQuick }

  /** Reports of one world with this verdict, without faults: one with each of these options. */
  async function soundReports(
    verdict: 'pass' | 'fail',
    name: string,
    options: readonly (readonly string[])[],
  ): Promise<string[]> {
    const proxy = await startProxy(async (file) => await world.origin(file), new Random(0))
    let seed = 0
    const another = async (): Promise<World> =>
      await snapshotWorld(new Random(++seed), `http://127.0.0.1:${proxy.port}/`)
    let world = await another()
    while (reportVerdictOf(world.truths) !== verdict || world.truths.size < 4 || world.truths.size > 8)
      world = await another()
    const site = path.join(scratch, name)
    mkdirSync(site)
    writeFiles(site, { ...(await commonFiles()), ...world.files })
    const outputs: string[] = []
    for (const more of options) {
      const output = path.join(site, `output-${outputs.length}`)
      const own = ['--signing-key', 'keys/report.asc', '--cache', 'none', '--at', clock]
      const args = [cli, 'verify', '--output', output, ...own, ...more]
      const { code, stderr } = await start({ command: node, args, cwd: site, env: environment }, 120_000).ended
      if (code !== (verdict === 'pass' ? 0 : 1)) throw new Error(`without faults it ends with ${code}: ${stderr}`)
      outputs.push(output)
    }
    await proxy.close()
    return outputs
  }

  /** The most of some measurements, and as much again: it counts in steps of ten milliseconds, and other load costs some. */
  async function cpuUntilRemoved(): Promise<number> {
    let most = 0
    for (let time = 0; time < 5; time++) {
      const output = path.join(scratch, `measured-${time}`)
      writeFiles(output, { 'report.json': '{\n "_type": "https://in-toto.io/Statement/v1"' })
      const args = [cli, 'verify', '--policy', '/nonexistent', '--output', output, '--unsigned']
      const running = start({ command: node, args, cwd: scratch, env: environment }, 60_000)
      while (existsSync(path.join(output, 'report.json'))) {
        most = Math.max(most, cpuOf(running.pid) ?? 0)
        await sleep(1)
      }
      await running.ended
    }
    return most * 2
  }
}

const clock = new Date().toISOString().replace(/\.\d+/, '')
const environment = { PATH: process.env['PATH'], NO_COLOR: '1', no_proxy: '127.0.0.1' }
