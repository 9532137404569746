import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type ArchivePolicy, fileUrl, type HonestArchive, type Made, made } from './honest-archive.ts'
import { copyAll, importDebs } from './projects.ts'
import { dpkgQuery, indexText, readStanzas } from './real-suite.ts'
import { type Built, type Renamed, repack } from './repacked.ts'
import { includeDebs, publishWithReprepro } from './reprepro.ts'
import { upstreamOf } from './snapshots.ts'
import type { Workplace } from './workplace.ts'

/** A project's own archive beside its snapshots: what it builds, which two others built too, and what it imports. */
export const CUSTOM: readonly HonestArchive[] = [
  custom('parts of two origins, and own packages that two rebuilt', { renamed: ownNames, earlier: 'none' }),
  custom('the same, and earlier versions kept that they rebuilt then', { renamed: ownNames, earlier: 'rebuilt' }),
  {
    ...custom('the same, and earlier versions kept that nobody rebuilt', { renamed: ownNames, earlier: 'not rebuilt' }),
    undecidedFor: 'the earlier versions are listed, and nobody rebuilt them',
  },
  custom("parts of two origins, and Debian's packages with patches that two rebuilt", {
    renamed: debiansNames,
    earlier: 'rebuilt',
  }),
]

interface Situation {
  readonly renamed: (round: number) => Renamed
  readonly earlier: 'none' | 'rebuilt' | 'not rebuilt'
}

function ownNames(round: number): Renamed {
  return ({ name }) => ({ name: `project-${name}`, version: `${round}.0-1` })
}

function debiansNames(round: number): Renamed {
  return ({ name, version }) => ({ name, version: `${version}+project${round}` })
}

function custom(name: string, situation: Situation): HonestArchive {
  return { name, make: async (workplace, folder) => await make(workplace, folder, situation) }
}

async function make(workplace: Workplace, folder: string, { renamed, earlier }: Situation): Promise<Made> {
  const { base, security, debs, newest } = await importDebs(workplace)
  const sources = [...debs].slice(0, 40)
  const round = async (number: number): Promise<Built[]> =>
    await repack(workplace, path.join(folder, `round-${number}`), sources.slice(0, 20), renamed(number))
  const present = await round(2)
  const past = earlier === 'none' ? [] : await round(1)
  const imported = sources.slice(20).map(([, file]) => file)
  await servedFrom(workplace, folder, [...present, ...past], imported)
  const rebuilt = earlier === 'rebuilt' ? [...present, ...past] : present
  const certificate = await workplace.certificate('A project', folder)
  const project = {
    require: 'reproduced',
    url: fileUrl(folder),
    suites: ['project'],
    components: ['main'],
    architectures: ['amd64'],
    'signed-by': certificate,
    rebuilders: {
      threshold: 2,
      parties: {
        alpha: await party(workplace, path.join(folder, 'alpha'), 'Alpha rebuilder', rebuilt),
        // It rebuilds something for others too, so that its sums are of builds of its own.
        beta: await party(workplace, path.join(folder, 'beta'), 'Beta rebuilder', [...rebuilt, elsewhere(rebuilt)]),
      },
    },
  } as const
  const origins: Record<string, ArchivePolicy> = {}
  for (const real of [base, security]) {
    const place = path.join(folder, real.archive)
    const kept = new Set(newest.map(({ sha256 }) => sha256))
    const indexes = real.indexes.map(({ path: index, text }) => ({
      path: index,
      text: indexText(readStanzas(text).filter(({ sha256 }) => kept.has(sha256))),
    }))
    await workplace.publish(place, real.name, indexes, 'A project')
    origins[real.archive] = {
      require: 'identical',
      url: fileUrl(place),
      suites: [real.name],
      components: ['main'],
      architectures: ['amd64'],
      'signed-by': certificate,
      upstream: [upstreamOf(workplace, real)],
    }
  }
  const own = present.map(({ stanza }) => stanza)
  const used = [...newest.filter(({ name }) => own.every((one) => one.name !== name)), ...own]
  return made(folder, dpkgQuery(used), { ...origins, project }, new Date())
}

/** reprepro keeps one version of each, so earlier ones are listed by apt-ftparchive. */
async function servedFrom(
  workplace: Workplace,
  folder: string,
  built: readonly Built[],
  imported: readonly string[],
): Promise<void> {
  const names = built.map(({ stanza }) => stanza.name)
  const files = [...built.map(({ file }) => file), ...imported]
  if (new Set(names).size === names.length) {
    await publishWithReprepro(workplace, folder, 'A project', { suite: 'project' })
    await includeDebs(workplace, folder, 'project', files)
    return
  }
  copyAll(files, path.join(folder, 'pool'))
  const text = await workplace.run('apt-ftparchive', ['packages', 'pool'], folder)
  const index = { path: 'main/binary-amd64/Packages', text }
  await workplace.publish(folder, 'project', [index], 'A project')
}

/** A folder with SHA256SUMS of what a rebuilder got, signed; and how the policy names it. */
async function party(workplace: Workplace, folder: string, key: string, built: readonly Built[]) {
  mkdirSync(folder, { recursive: true })
  const sums = path.join(folder, 'sums')
  const lines = built.map(({ stanza, file }) => `${stanza.sha256}  ${path.basename(file)}\n`)
  writeFileSync(sums, lines.join(''))
  await workplace.clearsign(key, sums, path.join(folder, 'SHA256SUMS'))
  return { sha256sums: fileUrl(folder, '/'), 'signed-by': path.join(folder, await workplace.certificate(key, folder)) }
}

function elsewhere([first]: readonly Built[]): Built {
  if (first === undefined) throw new Error('Nothing was built.')
  const file = path.join(path.dirname(first.file), 'elsewhere_1.0-1_amd64.deb')
  return { file, stanza: { ...first.stanza, name: 'elsewhere' } }
}
