import { debproof, gzip, type Variant } from './contenders.ts'
import { type Contender, interleave, medianOf, ms, numberOption, printRows, type Row, ratio } from './measure.ts'
import { startServer } from './serve.ts'
import { files, SETS } from './sets.ts'
import { setUp } from './setup.ts'

/**
 * T5 as a build sees it that used the upstream itself, and as one that used a snapshot: twice the indexes, and all
 * their files compared by their hashes. `DEBPROOF_BENCH_BEFORE` names another bundle that takes its turns too.
 */
const prepared = await setUp()
const rounds = numberOption('rounds', 7)
const server = await startServer()
const before = process.env['DEBPROOF_BENCH_BEFORE']
const snapshot = server.base.replace('127.0.0.1', 'localhost')
const run = (variant: Variant) => debproof('T5', SETS.T5, server.base, prepared, files.list('2000.txt'), variant)
const rows: Row[] = []
try {
  const contenders: Record<string, Contender> = {
    'from the upstream': run({}),
    'from a snapshot': run({ snapshot }),
    gzip: gzip(SETS.T5),
    ...(before === undefined
      ? {}
      : {
          'from the upstream, before': run({ cli: before }),
          'from a snapshot, before': run({ cli: before, snapshot }),
        }),
  }
  const samples = await interleave(contenders, rounds)
  for (const [name, runs] of Object.entries(samples)) {
    const peak = medianOf(runs, 'peakMB').toFixed(0)
    const figure = `${ms(medianOf(runs, 'wallMs'))} (cpu ${ms(medianOf(runs, 'cpuMs'))}, peak ${peak} MB)`
    rows.push({ what: `T5 ${name}`, figure, goal: '' })
  }
  const compared = (what: string, one: string, other: string): void => {
    const [ours, theirs] = [samples[one], samples[other]]
    if (ours === undefined || theirs === undefined) return
    const figure = `${ratio(ours, theirs).toFixed(2)} (cpu ${ratio(ours, theirs, 'cpuMs').toFixed(2)})`
    rows.push({ what, figure, goal: '' })
  }
  compared('T5 snapshot / upstream', 'from a snapshot', 'from the upstream')
  compared('T5 from the upstream, now / before', 'from the upstream', 'from the upstream, before')
  compared('T5 from a snapshot, now / before', 'from a snapshot', 'from a snapshot, before')
} finally {
  server.stop()
}
printRows(`a snapshot compared, cold, medians of ${rounds}`, rows)
