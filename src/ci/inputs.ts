import * as core from '@actions/core'
import { clocks } from '../commands/option.ts'
import { cacheFolder, parseEvidence, parseListSource } from '../commands/verify-options.ts'
import { parseShard } from '../parts/shard.ts'
import type { RunOptions } from '../run.ts'

/** Reads every input of the GitHub Action into what a run takes. Throws a DebproofError USAGE. */
export function loadInputs(environment: Readonly<Record<string, string | undefined>>): RunOptions {
  const release = core.getInput('release')
  const shard = core.getInput('shard')
  const cache = cacheFolder(core.getInput('cache'), environment)
  const armored = core.getInput('signing-key')
  const passphrase = core.getInput('signing-passphrase')
  for (const secret of [passphrase, ...armored.split('\n').filter((line) => line.length > 20)]) {
    if (secret !== '') core.setSecret(secret)
  }
  return {
    policy: core.getInput('policy'),
    packages: core.getMultilineInput('packages').map(parseListSource),
    ...(release === '' ? {} : { release }),
    ...clocks(core.getInput('at') || undefined),
    images: core.getMultilineInput('image'),
    output: core.getInput('output'),
    system: core.getBooleanInput('system'),
    root: core.getInput('root'),
    offline: core.getBooleanInput('offline'),
    deep: core.getBooleanInput('deep'),
    ...(shard === '' ? {} : { shard: parseShard(shard) }),
    evidence: parseEvidence(core.getInput('evidence')),
    ...(cache === undefined ? {} : { cache }),
    ...(armored === ''
      ? {}
      : {
          signing: { armored, source: 'the input signing-key', ...(passphrase === '' ? {} : { passphrase }) },
        }),
    unsigned: core.getBooleanInput('unsigned'),
    environment,
  }
}
