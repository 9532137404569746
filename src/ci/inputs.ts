import * as core from '@actions/core'
import { parseAt } from '../commands/option.ts'
import { parseListSource } from '../commands/verify-options.ts'
import type { RunOptions } from '../run.ts'

/** Reads every input of the GitHub Action into what a run takes. Throws a DebproofError USAGE. */
export function loadInputs(environment: Readonly<Record<string, string | undefined>>): RunOptions {
  const release = core.getInput('release')
  const armored = core.getInput('signing-key')
  const passphrase = core.getInput('signing-passphrase')
  for (const secret of [passphrase, ...armored.split('\n').filter((line) => line.length > 20)]) {
    if (secret !== '') core.setSecret(secret)
  }
  return {
    policy: core.getInput('policy'),
    packages: core.getMultilineInput('packages').map(parseListSource),
    ...(release === '' ? {} : { release }),
    at: parseAt(core.getInput('at') || undefined, new Date()),
    images: core.getMultilineInput('image'),
    output: core.getInput('output'),
    system: core.getBooleanInput('system'),
    root: core.getInput('root'),
    offline: core.getBooleanInput('offline'),
    deep: core.getBooleanInput('deep'),
    ...(armored === ''
      ? {}
      : {
          signing: { armored, source: 'the input signing-key', ...(passphrase === '' ? {} : { passphrase }) },
        }),
    unsigned: core.getBooleanInput('unsigned'),
    environment,
  }
}
