import { apt, debproof, gzip } from './contenders.ts'
import { interleave, medianOf, ms, numberOption, printRows, type Row, ratio } from './measure.ts'
import { startServer } from './serve.ts'
import { files, SETS, type SetName } from './sets.ts'
import { setUp } from './setup.ts'

const GOALS: Readonly<Record<SetName, { apt: string; gzip: string }>> = {
  T1: { apt: '', gzip: '<= 1.4' },
  T5: { apt: '<= 0.25', gzip: '<= 1.0' },
  T6: { apt: '', gzip: '<= 0.8' },
}

/** Cold whole processes: debproof, apt and gzip in turn on the same indexes from the same loopback server. */
const prepared = await setUp()
const rounds = numberOption('rounds', 7)
const server = await startServer()
const rows: Row[] = []
try {
  for (const [name, parts] of Object.entries(SETS) as [SetName, (typeof SETS)[SetName]][]) {
    const list = files.list(name === 'T6' ? 'mixed.build-manifest' : '2000.txt')
    const samples = await interleave(
      {
        debproof: debproof(name, parts, server.base, prepared, list),
        apt: apt(name, parts, server.base, prepared, files.list('2000.names')),
        gzip: gzip(parts),
      },
      rounds,
    )
    const goal = GOALS[name]
    for (const [contender, runs] of Object.entries(samples)) {
      const cpu = ms(medianOf(runs, 'cpuMs'))
      rows.push({ what: `${name} ${contender}`, figure: `${ms(medianOf(runs, 'wallMs'))} (cpu ${cpu})`, goal: '' })
    }
    rows.push(
      { what: `${name} debproof / apt`, figure: ratio(samples.debproof, samples.apt).toFixed(2), goal: goal.apt },
      {
        what: `${name} debproof / gzip -dc`,
        figure: ratio(samples.debproof, samples.gzip).toFixed(2),
        goal: goal.gzip,
      },
      {
        what: `${name} debproof peak`,
        figure: `${medianOf(samples.debproof, 'peakMB').toFixed(0)} MB`,
        goal: '<= 200 MB',
      },
    )
  }
} finally {
  server.stop()
}
printRows(`whole, cold, medians of ${rounds}`, rows)
