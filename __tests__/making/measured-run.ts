import { readFileSync } from 'node:fs'
import path from 'node:path'
import { type CliResult, cli } from '../commands/cli.ts'
import { AT } from './signed-archive.ts'
import type { Site } from './site.ts'

export interface MeasuredRun extends CliResult {
  /** The most memory that the process held at once, in MiB. */
  readonly peak: number
}

/** What the process says of itself at its end: what its parent is told of a child includes the parent's own memory. */
const TELL_PEAK =
  "import fs from 'node:fs';" +
  "process.on('exit', () => fs.writeFileSync(process.env.PEAK_FILE, fs.readFileSync('/proc/self/status', 'utf8')))"

/** Runs `debproof verify` of a site in a process of its own, at the clock of the tests. */
export async function measuredVerify({ folder }: Site, words: readonly string[] = []): Promise<MeasuredRun> {
  const peakFile = path.join(folder, 'peak')
  const given = ['verify', '--at', AT.toISOString(), '--unsigned', '--output', 'report', '--quiet', ...words]
  const result = await cli(folder, given, {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(TELL_PEAK)}`,
    PEAK_FILE: peakFile,
    no_proxy: '127.0.0.1',
  })
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(peakFile, 'utf8'))?.[1]
  if (kibibytes === undefined) throw new Error('the process did not say what memory it held')
  return { ...result, peak: Number(kibibytes) / 1024 }
}
