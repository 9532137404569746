import { createHash } from 'node:crypto'
import { createWriteStream, existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip, gunzipSync } from 'node:zlib'
import { debproof } from './contenders.ts'
import { interleave, medianOf, ms, numberOption, printRows, ratio } from './measure.ts'
import { startServer } from './serve.ts'
import { ARCHITECTURE, files, indexFile, indexPath, type Part, SETS, TRIXIE_MAIN, WWW } from './sets.ts'
import { clearsign, save, setUp } from './setup.ts'

/** trixie main so many times over, each time under other names: 620 MB. */
const COPIES = 11
const SYNTHETIC: Part = { ...TRIXIE_MAIN, archive: 'synthetic', suite: 'synthetic' }

/** What a larger index and a longer list cost, beside trixie main and 2 000 packages. */
const prepared = await setUp()
const rounds = numberOption('rounds', 5)
await makeSynthetic(new Date(Date.parse(prepared.at) - 60_000))
const server = await startServer()
try {
  const few = files.list('2000.txt')
  const known = { ...prepared, signedAnew: [...prepared.signedAnew, SYNTHETIC.suite] }
  const samples = await interleave(
    {
      few: debproof('T1', SETS.T1, server.base, prepared, few),
      all: debproof('T1-all', SETS.T1, server.base, prepared, files.list('all.txt')),
      large: debproof('synthetic', [SYNTHETIC], server.base, known, few),
    },
    rounds,
  )
  const of = (runs: (typeof samples)['few']): string =>
    `${ms(medianOf(runs, 'wallMs'))} (cpu ${ms(medianOf(runs, 'cpuMs'))}), ${medianOf(runs, 'peakMB').toFixed(0)} MB`
  printRows(`growth, medians of ${rounds}`, [
    { what: 'T1, 2 000 wanted', figure: of(samples.few), goal: '' },
    { what: 'T1, 68 825 wanted', figure: of(samples.all), goal: '' },
    { what: '68 825 wanted / 2 000 wanted, wall', figure: ratio(samples.all, samples.few).toFixed(2), goal: '< 2' },
    {
      what: '68 825 wanted / 2 000 wanted, cpu',
      figure: ratio(samples.all, samples.few, 'cpuMs').toFixed(2),
      goal: '',
    },
    { what: `${COPIES} x the index, 2 000 wanted`, figure: of(samples.large), goal: '<= 200 MB' },
    {
      what: `${COPIES} x the index / T1, wall`,
      figure: ratio(samples.large, samples.few).toFixed(2),
      goal: `<= ${COPIES}`,
    },
    {
      what: `${COPIES} x the index / T1, peak`,
      figure: ratio(samples.large, samples.few, 'peakMB').toFixed(2),
      goal: '',
    },
  ])
} finally {
  server.stop()
}

/** A signed archive of one large index, written as it is generated. */
async function makeSynthetic(date: Date): Promise<void> {
  const file = indexFile(SYNTHETIC, '.gz')
  if (existsSync(file)) return
  save(file, '')
  const original = gunzipSync(readFileSync(indexFile(TRIXIE_MAIN, '.gz'))).toString('latin1')
  const plain = createHash('sha256')
  let size = 0
  function* copies(): Generator<Buffer> {
    for (let copy = 0; copy < COPIES; copy++) {
      const text = copy === 0 ? original : original.replaceAll(/^Package: /gm, `Package: copy${copy}-`)
      const bytes = Buffer.from(text, 'latin1')
      plain.update(bytes)
      size += bytes.length
      yield bytes
    }
  }
  await pipeline(Readable.from(copies()), createGzip({ level: 6, chunkSize: 1024 * 1024 }), createWriteStream(file))
  const packed = createHash('sha256').update(readFileSync(file)).digest('hex')
  const release = [
    'Suite: synthetic\nCodename: synthetic\n',
    `Date: ${date.toUTCString().replace('GMT', 'UTC')}\nArchitectures: ${ARCHITECTURE}\nComponents: main\nSHA256:\n`,
    ` ${plain.digest('hex')} ${size} ${indexPath(SYNTHETIC)}\n`,
    ` ${packed} ${statSync(file).size} ${indexPath(SYNTHETIC)}.gz\n`,
  ]
  save(path.join(WWW, 'synthetic/dists/synthetic/InRelease'), await clearsign(release.join(''), date))
}
