/**
 * What it measures: whether debproof and apt know the same files of the same archives, and so whether what debproof
 * proves is what apt would install. It draws archives that an adversary signs, of every shape that release files and
 * indexes may have, with genuine files and his own under the same names, and asks the installed apt with which file it
 * would install each version. debproof reads the same archives, and a run of `verify` judges the same versions.
 *
 * How to run, on a Debian system, or in a chroot with another apt by assurance/apt/in-sid.sh:
 *
 *     node assurance/choice/choice.ts [--count N] [--seed N] [--seconds N] [--jobs N] [--record FILE]
 *
 * --count    shapes; each has its own seed, from --seed on, so that one shape is `--count 1 --seed N`
 * --seconds  after which no further shape is begun
 * --record   writes what came of each shape there, a line of JSON each
 *
 * Needs xz, bzip2, zstd and lz4, and an apt that checks signatures. Prints Markdown tables. Exits with 1 where
 * anything is looser than apt, or where nothing was compared.
 */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { writeFiles } from '../../__tests__/making/archive-folder.ts'
import { keyringFile, keyringOf, newKey } from '../../__tests__/making/signed-archive.ts'
import { succeed } from '../differential/tools.ts'
import { askApt } from './apt-choice.ts'
import { compareChoices } from './compare.ts'
import { readArchives, verifyShape } from './debproof-choice.ts'
import { serveFolder } from './served.ts'
import { drawShape, type MadeArchive, upstreamArchive } from './shape.ts'
import { genuine } from './stanza-shapes.ts'
import { isLooser, type Told, tables } from './table.ts'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1500' },
    seed: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '3600' },
    jobs: { type: 'string', default: '2' },
    record: { type: 'string' },
  },
})

const work = mkdtempSync(path.join(tmpdir(), 'apt-choice-'))
try {
  process.exitCode = await main()
} finally {
  if (process.env['CHOICE_KEEP'] === undefined) rmSync(work, { recursive: true, force: true })
}

async function main(): Promise<number> {
  // Whole seconds, as signatures have them, and not in the future for anybody.
  const now = new Date(Math.floor(Date.now() / 1000) * 1000 - 60_000)
  const [project, upstream] = [await newKey({ name: 'Project' }), await newKey({ name: 'Upstream' })]
  writeFileSync(path.join(work, 'project.gpg'), keyringFile([project]))
  writeFileSync(path.join(work, 'upstream.gpg'), keyringFile([upstream]))
  writeFiles(path.join(work, 'upstream'), await upstreamArchive(upstream, now))
  const keyring = await keyringOf([project])
  const server = await serveFolder(work)
  const told: Told[] = []
  const first = Number(values.seed)
  const end = Date.now() + Number(values.seconds) * 1000
  let next = first
  const one = async (seed: number): Promise<void> => {
    const shape = await drawShape(seed, project, now)
    const folder = path.join(work, 'shapes', `${seed}`)
    const urls = new Map<MadeArchive, URL>()
    for (const archive of shape.archives) {
      const place = path.join(folder, archive.name)
      writeFiles(place, archive.files)
      urls.set(
        archive,
        shape.byHttp ? new URL(`shapes/${seed}/${archive.name}/`, server.base) : pathToFileURL(`${place}/`),
      )
    }
    const sources = shape.archives.flatMap((archive) =>
      archive.suites.map((suite) => {
        const options = `[arch=${archive.architectures.join(',')} signed-by=${path.join(work, 'project.gpg')}]`
        const components = suite.endsWith('/') ? '' : ` ${archive.components.join(' ')}`
        return `deb ${options} ${urls.get(archive)?.href.replace(/^file:\/+/, 'file:/')} ${suite}${components}`
      }),
    )
    const apt = await askApt(path.join(folder, 'apt'), sources, shape.architectures)
    const debproof = await readArchives(shape, urls, keyring, now)
    // Where apt offers nothing, nothing may be proven either.
    const used = apt.offers.length > 0 ? apt.offers : [genuine('hello', '1.0-1', 'amd64')]
    const judged = await verifyShape(path.join(folder, 'run'), shape, urls, used, now)
    const compared = compareChoices(apt, debproof, judged)
    told.push({ seed, shape, ...compared })
    if (values.record !== undefined) {
      const record = {
        seed,
        ...compared,
        odd: shape.odd,
        said: apt.said,
        offers: apt.offers.length,
        run: judged.verdict,
      }
      appendFileSync(values.record, `${JSON.stringify(record)}\n`)
    }
    if (!isLooser(compared)) rmSync(folder, { recursive: true, force: true })
  }
  const worker = async (): Promise<void> => {
    while (next < first + Number(values.count) && Date.now() < end) await one(next++)
  }
  try {
    await Promise.all(Array.from({ length: Number(values.jobs) }, worker))
  } finally {
    await server.close()
  }
  const version = (await succeed(['apt-get'], ['--version'])).split('\n')[0]
  process.stdout.write(`${version}, seeds ${first} to ${next - 1}\n\n${tables(told)}\n`)
  return told.length === 0 || told.some(isLooser) ? 1 : 0
}
