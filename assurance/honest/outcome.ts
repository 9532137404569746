import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { run } from '../differential/tools.ts'
import type { Made, Policy } from './honest-archive.ts'

export interface Package {
  readonly name: string
  readonly version: string
  readonly architecture: string | null
  readonly verdict: string
  readonly reason: string
}

/** What one version of debproof says of an archive. */
export interface Outcome {
  readonly code: number | null
  /** User and system time: other work on the machine disturbs it less than the wall. */
  readonly seconds: number
  readonly packages: ReadonlyMap<string, Package>
  /** What could not be read of the archives: nothing, or the archive was made badly. */
  readonly unread: readonly string[]
  /** How many files the archives list for which nobody vouches; undefined where the version does not say. */
  readonly unproven: number | undefined
}

/** @throws {Error} if it ends without a report */
export async function verify(cli: string, { folder, policy, options }: Made, output: string): Promise<Outcome> {
  const place = path.join(folder, output)
  const time = path.join(folder, `${output}.time`)
  mkdirSync(place, { recursive: true })
  const policyFile = path.join(folder, `${output}.yml`)
  if (policy !== undefined) writeFileSync(policyFile, JSON.stringify(policy, null, 2))
  const program = ['/usr/bin/time', '-q', '-f', '%U %S', '-o', time, process.execPath, cli] as const
  const given = policy === undefined ? [] : ['--policy', policyFile]
  const common = ['--unsigned', '--quiet', '--cache', 'none', '--evidence', 'none', '--output', place]
  const { code, stderr, stdout } = await run(program, ['verify', ...given, ...common, ...options])
  if (code !== 0 && code !== 1 && code !== 3) throw new Error(`${cli} ended with ${code}: ${stdout}${stderr}`)
  const { predicate } = JSON.parse(readFileSync(path.join(place, 'report.json'), 'utf8')) as {
    predicate: {
      packages: readonly Package[]
      archives: readonly {
        readonly unread: readonly { readonly reason: string }[]
        readonly unproven?: { readonly count: number }
      }[]
    }
  }
  const counts = predicate.archives.flatMap(({ unproven }) => (unproven === undefined ? [] : [unproven.count]))
  const [user = 0, system = 0] = readFileSync(time, 'utf8').trim().split(' ').map(Number)
  return {
    code,
    seconds: user + system,
    packages: new Map(predicate.packages.map((one) => [`${one.name} ${one.version} ${one.architecture}`, one])),
    unread: predicate.archives.flatMap(({ unread }) => unread.map(({ reason }) => reason)),
    unproven: counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0),
  }
}

/** What an earlier version can read: keys that came later only narrow what is believed. */
export function asBefore(made: Made): Made {
  if (made.policy === undefined) return made
  const archives = Object.entries(made.policy.archives).map(([name, archive]) => {
    const { names: _, ...known } = archive
    return [name, known] as const
  })
  const policy: Policy = { ...made.policy, archives: Object.fromEntries(archives) as Policy['archives'] }
  return { ...made, policy }
}
