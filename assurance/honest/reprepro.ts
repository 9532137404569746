import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Workplace } from './workplace.ts'

export interface Published {
  readonly suite: string
  /** A mirror from which reprepro takes what the file `filter` names. */
  readonly updateFrom?: string
  /** Further lines of conf/distributions. */
  readonly more?: readonly string[]
}

/** Makes an archive with one suite that reprepro keeps and signs. */
export async function publishWithReprepro(
  workplace: Workplace,
  folder: string,
  key: string,
  { suite, updateFrom, more = [] }: Published,
): Promise<void> {
  mkdirSync(path.join(folder, 'conf'), { recursive: true })
  const distribution = [
    `Codename: ${suite}`,
    `Origin: ${key}`,
    'Components: main',
    'Architectures: amd64',
    `SignWith: ${await workplace.key(key)}`,
    ...more,
    ...(updateFrom === undefined ? [] : ['Update: upstream']),
  ]
  writeFileSync(path.join(folder, 'conf/distributions'), `${distribution.join('\n')}\n`)
  if (updateFrom === undefined) return
  const filter = path.join(folder, 'filter')
  const update = [
    'Name: upstream',
    `Method: ${updateFrom}`,
    'Suite: bookworm',
    'Components: main',
    'Architectures: amd64',
    'VerifyRelease: blindtrust',
    `FilterList: deinstall ${filter}`,
  ]
  writeFileSync(path.join(folder, 'conf/updates'), `${update.join('\n')}\n`)
  await workplace.run('reprepro', ['update'], folder)
}

export async function includeDebs(
  workplace: Workplace,
  folder: string,
  suite: string,
  debs: readonly string[],
): Promise<void> {
  const defaults = ['--component', 'main', '--section', 'misc', '--priority', 'optional']
  await workplace.run('reprepro', [...defaults, 'includedeb', suite, ...debs], folder)
}
