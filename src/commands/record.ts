import path from 'node:path'
import { DebproofError } from '../errors.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { Downloads } from '../net/downloads.ts'
import type { Arguments } from '../options/arguments.ts'
import { clocks } from '../options/option.ts'
import type { ServedArchive } from '../policy/policy.ts'
import { checkStore } from '../store/check-store.ts'
import { type Recording, record } from '../store/record.ts'
import type { RecordRequest } from '../store/record-suite.ts'
import { ServerClocks } from '../store/server-clocks.ts'
import type { Terminal } from '../terminal.ts'
import { USER_AGENT } from '../tool.ts'
import type { Command } from './command.ts'
import { ProgressLine } from './progress-line.ts'
import { archivesToRecord, placesToRecord, RECORD_OPTIONS, trustToCheckBy } from './record-options.ts'
import { checkText, recordingJson, recordingText, suiteText } from './record-text.ts'

export const recordCommand: Command = {
  name: 'record',
  usage: '[--policy FILE | --url URL] [--store DIR]',
  title: "keep an upstream's signed release files and indexes in an append-only evidence store",
  description:
    'Fetches the release files and indexes of upstreams as they are now and adds what is new to a store, from which\n' +
    '`verify` proves packages later (`store:` under an upstream). Run it as often as the upstreams change.\n\n' +
    'It notices what cannot be honest: a release file older than one seen before, two of one date, another Origin,\n' +
    'Label or Codename, other bytes under a known hash. That is recorded too, and told.\n\n' +
    'Exit codes: 0 recorded, or the store is sound; 1 an anomaly, or the store is damaged; 2 the command, policy or\n' +
    'key is wrong or the store cannot be written; 3 no anomaly, but something could not be read or is out of date.',
  options: RECORD_OPTIONS,
  positionals: { min: 0, max: 0 },
  async run(given, terminal) {
    const progress = new ProgressLine(terminal, { quiet: given.flag('quiet'), verbose: given.flag('verbose') })
    const servers = new ServerClocks()
    const downloads = new Downloads({
      userAgent: USER_AGENT,
      onDownload: progress.download,
      onTime: servers.hear,
      places: placesToRecord(given, terminal),
    })
    try {
      if (given.flag('verify')) return await checkRun(given, terminal, downloads, progress)
      return await recordRun(given, terminal, downloads, servers, progress)
    } finally {
      progress.end()
      await downloads.close()
    }
  },
}

async function recordRun(
  given: Arguments,
  terminal: Terminal,
  downloads: Downloads,
  servers: ServerClocks,
  progress: ProgressLine,
): Promise<ExitCode> {
  const archives = await archivesToRecord(given, terminal, downloads)
  const kinds = given.flag('no-sources') ? (['Packages'] as const) : (['Packages', 'Sources'] as const)
  const store = given.text('store') ?? ''
  const { at = new Date(), now } = clocks(given.text('at'))
  if (at.getTime() > now.getTime() + 1000) {
    throw new DebproofError(
      'USAGE',
      'record: --at lies in the future: what is seen later would then be older than this.',
    )
  }
  const told = !given.flag('quiet') && !given.flag('json')
  progress.progress(`Recording into ${store}`)
  const recording = await record({
    folder: path.resolve(store),
    requests: merged(archives).map((archive): RecordRequest => ({ ...archive, kinds })),
    downloads,
    at,
    servers,
    onSuite: (suite) => {
      progress.end()
      if (told) terminal.out(suiteText(suite))
    },
  })
  terminal.out(given.flag('json') ? recordingJson(recording, at) : recordingText(recording, store))
  return exitCode(recording)
}

function exitCode({ suites }: Recording): ExitCode {
  if (suites.some(({ anomalies }) => anomalies.length > 0)) return EXIT.fail
  return suites.some(({ failures }) => failures.length > 0) ? EXIT.undecided : EXIT.pass
}

async function checkRun(
  given: Arguments,
  terminal: Terminal,
  downloads: Downloads,
  progress: ProgressLine,
): Promise<ExitCode> {
  const store = given.text('store') ?? ''
  const trust = await trustToCheckBy(given, terminal, downloads)
  const { now } = clocks(given.text('at'))
  const check = await checkStore({ folder: path.resolve(store), downloads, ...trust, now, progress: progress.progress })
  progress.end()
  const text = given.flag('json') ? `${JSON.stringify(check, null, 1)}\n` : checkText(check, store)
  terminal.out(given.flag('quiet') && !given.flag('json') ? `${text.split('\n')[0] ?? ''}\n` : text)
  return check.problems.length === 0 ? EXIT.pass : EXIT.fail
}

/** Several archives of a policy may have one upstream: a suite of it is recorded once, with all that they use of it. */
function merged(archives: readonly ServedArchive[]): ServedArchive[] {
  const found: ServedArchive[] = []
  for (const archive of archives) {
    for (const suite of archive.area.suites) {
      const { area, keyring } = archive
      const same = found.findIndex(
        (other) =>
          other.area.base.href === area.base.href &&
          other.area.suites[0] === suite &&
          other.area.releaseName === area.releaseName &&
          keysOf(other.keyring) === keysOf(keyring),
      )
      const other = found[same]
      if (other === undefined) found.push({ ...archive, area: { ...area, suites: [suite] } })
      else {
        const both = <T>(one: readonly T[], two: readonly T[]): T[] => [...new Set([...one, ...two])]
        const components = both(other.area.components, area.components)
        const architectures = both(other.area.architectures, area.architectures)
        found[same] = { ...other, area: { ...other.area, components, architectures } }
      }
    }
  }
  return found
}

function keysOf(keyring: ServedArchive['keyring']): string {
  return keyring
    .signingKeys()
    .map(({ fingerprint }) => fingerprint)
    .sort()
    .join()
}
