import type { RunOptions } from '../run.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** What a run is for, the same each time that a pipeline runs: by this it finds its own comment and its own cache. */
export function purposeOf({ policy, release, shard, output }: RunOptions, environment: Environment): string[] {
  const job = ['GITHUB_WORKFLOW', 'GITHUB_JOB', 'CI_JOB_NAME'].map((name) => environment[name] ?? '')
  return [...job, policy, release ?? '', shard === undefined ? '' : `${shard.index}/${shard.of}`, output]
}
