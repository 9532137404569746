import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { DebproofError, systemErrorCode } from '../errors.ts'
import { makeFolder } from '../make-folder.ts'
import { COMMON_OPTIONS } from '../options/option.ts'
import { firstPolicy } from '../policy/first-policy.ts'
import { OPEN_PLACE } from '../policy/policy-schema.ts'
import type { Command } from './command.ts'

export const initCommand: Command = {
  name: 'init',
  usage: '[--root DIR]',
  title: "write a first policy from a system's apt sources",
  description: "Writes a policy from this machine's apt sources, or from those of a build's root folder.",
  options: [
    { name: 'root', value: 'DIR', default: '/', description: 'The root folder of the system, such as a chroot.' },
    {
      name: 'output',
      value: 'FILE',
      default: 'debproof.yml',
      description: 'The policy to write. It must not exist yet.',
    },
    ...COMMON_OPTIONS,
  ],
  positionals: { min: 0, max: 0 },
  async run(given, terminal) {
    const { text, keys, open } = await firstPolicy(given.text('root') ?? '/', new Date())
    const file = given.text('output') ?? ''
    await writeNew(file, text)
    for (const [name, key] of keys) {
      const keyFile = path.join(path.dirname(file), name)
      await makeFolder(path.dirname(keyFile))
      await writeNew(keyFile, key)
    }
    if (!given.flag('quiet')) {
      const fill =
        open === 0
          ? 'Read it, then'
          : `It does not say yet who first distributed the packages of ${open} archive${open === 1 ? '' : 's'}: write ` +
            `that where it has ${OPEN_PLACE}, then`
      terminal.out(`Wrote ${file}. ${fill}: debproof verify --policy ${file} --unsigned\n`)
    }
    return 0
  },
}

async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx' })
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') {
      throw new DebproofError('OUTPUT', `${file} cannot be written`, { cause: error })
    }
    throw new DebproofError('OUTPUT', `${file} exists already and is not replaced; name another with --output.`)
  }
}
