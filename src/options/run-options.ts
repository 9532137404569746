import { DebproofError } from '../errors.ts'
import { type PlannedShard, parsePlanId, parseShard } from '../parts/shard.ts'
import type { Places } from '../places.ts'
import type { RunOptions } from '../run.ts'
import type { Arguments } from './arguments.ts'
import { clocks } from './option.ts'
import type { SigningInput } from './signing-input.ts'
import { cacheFolder, parseEvidence, parseListSource } from './verify-options.ts'

/** What is known beside the options themselves. */
export interface RunSurroundings {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly signing: SigningInput | undefined
  /** Whether a CI runs this for a pull request or a merge request. */
  readonly isPullRequest: boolean
  /** Where the files may lie that the policy names. */
  readonly places: Places
}

/**
 * What a run takes, from the options of VERIFY_OPTIONS: those of the command line and the inputs of the action alike.
 * @throws DebproofError USAGE
 */
export function readRunOptions(
  given: Arguments,
  { environment, signing, isPullRequest, places }: RunSurroundings,
): RunOptions {
  const release = given.text('release')
  const shard = readShard(given)
  const cache = cacheFolder(given.text('cache'), environment)
  if (given.flag('system') && given.texts('policy').length > 0) {
    throw new DebproofError('USAGE', '--system reads no policy; leave out --policy, or --system.')
  }
  if (given.texts('root').length > 0 && !given.flag('system')) {
    throw new DebproofError('USAGE', '--root is for --system; say that too, or leave it out.')
  }
  const unsigned = given.flag('unsigned')
    ? 'requested'
    : given.flag('unsigned-in-pull-requests') && isPullRequest
      ? 'pull-request'
      : undefined
  return {
    policy: given.text('policy') ?? '',
    packages: given.texts('packages').map(parseListSource),
    ...(release === undefined ? {} : { release }),
    ...clocks(given.text('at')),
    images: given.texts('image'),
    output: given.text('output') ?? '',
    system: given.flag('system'),
    root: given.text('root') ?? '/',
    offline: given.flag('offline'),
    deep: given.flag('deep'),
    hashesRequired: given.flag('require-hashes'),
    ...(shard === undefined ? {} : { shard }),
    evidence: parseEvidence(given.text('evidence') ?? ''),
    ...(cache === undefined ? {} : { cache }),
    ...(signing === undefined ? {} : { signing }),
    ...(unsigned === undefined ? {} : { unsigned }),
    places,
    environment,
  }
}

/** A part without a plan could be joined with one of last week's: what was withdrawn since would count. */
function readShard(given: Arguments): PlannedShard | undefined {
  const [shard, plan] = [given.text('shard'), given.text('plan-id')]
  if (shard === undefined && plan === undefined) return undefined
  if (shard === undefined) {
    throw new DebproofError('USAGE', '--plan-id is for a part; say which with --shard, or leave it out.')
  }
  const parsed = parseShard(shard)
  if (plan === undefined) {
    throw new DebproofError(
      'USAGE',
      '--shard needs --plan-id, the same for all parts and new for every run: the id in the matrix of `debproof plan`, ' +
        'or what the pipeline is called, such as $GITHUB_RUN_ID-$GITHUB_RUN_ATTEMPT or $CI_PIPELINE_ID.',
    )
  }
  return { ...parsed, plan: parsePlanId(plan) }
}
