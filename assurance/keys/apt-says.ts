import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { run, succeed } from '../differential/tools.ts'
import type { Case } from './cases.ts'

/** An apt, with what checks signatures for it. */
export interface Apt {
  readonly name: string
  readonly root: string
  readonly options: readonly string[]
  /** The library that puts the clock, as a program below the root finds it. */
  readonly clock: string
}

/** This machine's apt, and that of a chroot with each of its backends. */
export async function findApts(root: string | undefined): Promise<Apt[]> {
  const clock = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1'
  const apts: Apt[] = [{ name: `apt ${await versionIn('/')}`, root: '/', options: [], clock }]
  if (root === undefined) return apts
  const inside = path.join(tmpdir(), 'libfaketime.so.1')
  copyFileSync(clock, path.join(root, inside))
  const version = await versionIn(root)
  apts.push({ name: `apt ${version} with sqv`, root, options: [], clock: inside })
  apts.push({
    name: `apt ${version} with gpgv`,
    root,
    options: ['-o', 'APT::Key::GPGVCommand=/usr/bin/gpgv'],
    clock: inside,
  })
  return apts
}

async function versionIn(root: string): Promise<string> {
  const printed = await succeed(into(root), ['dpkg-query', '-W', '-f', '$' + '{Version}', 'apt'])
  return /\d+\.\d+/.exec(printed)?.[0] ?? ''
}

function into(root: string): readonly [string, ...string[]] {
  return root === '/' ? ['env'] : ['chroot', root]
}

/** Whether apt takes a flat archive with this release file, which is then in its lists. */
export async function aptTakes({ root, options, clock: library }: Apt, each: Case, work: string): Promise<boolean> {
  // The same place in every root: apt's own folders would be in the way.
  const place = path.join(tmpdir(), `keys-${path.basename(work)}-${process.pid}-${options.length}`)
  const folder = path.join(root, place)
  const inside = (...names: string[]): string => path.join(place, ...names)
  try {
    for (const name of ['repo', 'state/lists/partial', 'cache/archives/partial']) {
      mkdirSync(path.join(folder, name), { recursive: true })
    }
    const ring = `keys${each.ending ?? '.gpg'}`
    writeFileSync(path.join(folder, ring), Buffer.concat(each.keyring))
    writeFileSync(path.join(folder, 'repo/InRelease'), each.file)
    writeFileSync(path.join(folder, 'repo/Packages'), '')
    writeFileSync(
      path.join(folder, 'sources.list'),
      `deb [signed-by=${inside(ring)} check-date=no] file:${inside('repo')} ./\n`,
    )
    const settings = {
      'Dir::Etc::SourceList': inside('sources.list'),
      'Dir::Etc::SourceParts': '/dev/null',
      'Dir::State': inside('state'),
      'Dir::Cache': inside('cache'),
      'APT::Sandbox::User': 'root',
      'Acquire::Languages': 'none',
    }
    const asked = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])
    const environment = ['env', 'TZ=UTC', `LD_PRELOAD=${library}`, `FAKETIME=@${each.clock}`]
    await run(into(root), [...environment, 'apt-get', 'update', ...asked, ...options])
    const lists = path.join(folder, 'state/lists')
    return existsSync(lists) && readdirSync(lists).some((name) => name.endsWith('_InRelease'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
