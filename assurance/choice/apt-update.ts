import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type Finished, run } from '../differential/tools.ts'

/** An apt with a configuration and state of its own. */
export interface OwnApt {
  /** Whether the update ended well; where it did not, apt dropped all of some suite, and said so. */
  readonly updated: boolean
  /** The texts of the `Packages` indexes that it keeps, one character for each byte. */
  readonly indexes: readonly string[]
  /** The first error, or the first warning. */
  readonly said: string
  /** Asks it more. */
  readonly ask: (command: string, args: readonly string[]) => Promise<Finished>
}

/**
 * Has the installed apt update from these sources, with everything of its own below `folder`.
 *
 * @param root of another Debian, whose apt is asked; `folder` is then below it
 */
export async function updateApt(
  folder: string,
  sources: readonly string[],
  architectures: readonly string[],
  root = '',
): Promise<OwnApt> {
  const here = path.join(root, folder)
  for (const below of ['state/lists/partial', 'cache/archives/partial', 'empty']) {
    mkdirSync(path.join(here, below), { recursive: true })
  }
  writeFileSync(path.join(here, 'status'), '')
  writeFileSync(path.join(here, 'sources.list'), sources.map((line) => `${line}\n`).join(''))
  writeFileSync(path.join(here, 'apt.conf'), configuration(folder, architectures))
  const inside = root === '' ? [] : ['chroot', root]
  const ask: OwnApt['ask'] = async (command, args) => {
    const [program = 'env', ...before] = [...inside, 'env', `APT_CONFIG=${path.join(folder, 'apt.conf')}`]
    return await run([program, ...before, 'no_proxy=127.0.0.1', command], args)
  }
  const update = await ask('apt-get', ['--error-on=any', 'update'])
  const error = /^E:.*$/m.exec(update.stderr)?.[0]
  const said = error ?? /^W:.*$/m.exec(update.stderr)?.[0] ?? ''
  const targets = await ask('apt-get', ['indextargets', '--format', '$(FILENAME)', 'Created-By: Packages'])
  const files = targets.stdout.toString().split('\n')
  return {
    updated: error === undefined,
    indexes: files.filter((file) => file !== '').map((file) => readFileSync(path.join(root, file), 'latin1')),
    said: said.slice(0, 300),
    ask,
  }
}

function configuration(folder: string, architectures: readonly string[]): string {
  const options = {
    'Dir::Etc::main': '/dev/null',
    'Dir::Etc::parts': path.join(folder, 'empty'),
    'Dir::Etc::sourcelist': path.join(folder, 'sources.list'),
    'Dir::Etc::sourceparts': path.join(folder, 'empty'),
    'Dir::Etc::preferencesparts': path.join(folder, 'empty'),
    'Dir::Etc::preferences': '/dev/null',
    'Dir::State': path.join(folder, 'state'),
    'Dir::State::status': path.join(folder, 'status'),
    'Dir::Cache': path.join(folder, 'cache'),
    'APT::Architecture': 'amd64',
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
    'Acquire::ForceIPv4': 'true',
    'Acquire::Retries': '0',
  }
  return [
    ...Object.entries(options).map(([name, value]) => `${name} "${value}";`),
    `APT::Architectures { ${architectures.map((name) => `"${name}";`).join(' ')} };`,
    '',
  ].join('\n')
}
