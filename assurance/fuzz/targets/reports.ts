import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { madeArchive, madeException, madeReport, reported } from '../../../__tests__/report/made-report.ts'
import { parseIndex, serializeIndex } from '../../../src/evidence/bundle-index.ts'
import { parseFirstSeen, parseRunList } from '../../../src/identical/snapshot-answers.ts'
import { readUnsignedReport } from '../../../src/report/read-report.ts'
import { serializeReport } from '../../../src/report/statement.ts'
import { formatSighting, parseSighting, type Sighting, sightingName } from '../../../src/store/sighting.ts'
import { parseSightingName } from '../../../src/store/store-layout.ts'
import { scratchFolder } from '../scratch.ts'
import { canonicalText, latin1, promise, type Target, unlessRefused, unlessRefusedNow } from '../target.ts'
import { textSeeds } from './files.ts'
import { JSON_TOKENS } from './json-tokens.ts'

let folder: string | undefined

function reportFolder(): string {
  folder ??= scratchFolder()
  return folder
}

const report: Target = {
  name: 'report',
  promise: 'a report that is read is written again byte for byte',
  seeds: () => [
    {
      name: 'packages',
      bytes: serializeReport(
        madeReport([reported(), reported({ name: 'b', verdict: 'mismatch' })], { verdict: 'fail' }),
      ),
    },
    {
      name: 'archives',
      bytes: serializeReport(madeReport([reported()], { archives: [madeArchive()], exceptions: [madeException()] })),
    },
  ],
  tokens: JSON_TOKENS,
  async run(bytes) {
    writeFileSync(path.join(reportFolder(), 'report.json'), bytes)
    const read = await unlessRefused(['USAGE'], () => readUnsignedReport(reportFolder()))
    if (read === undefined) return 'refused'
    promise(Buffer.from(serializeReport(read)).equals(bytes), 'it is not written again as it was')
    return 'accepted'
  },
}

const hex = (digit: string): string => digit.repeat(64)

const bundle: Target = {
  name: 'bundle-index',
  promise: 'an index of evidence that is read can be written and read again',
  seeds: () =>
    textSeeds({
      run: latin1(
        serializeIndex({
          version: 1,
          tool: { name: 'debproof', version: '1' },
          run: {
            folder: '/build',
            release: '1.0',
            at: '2026-06-01T12:00:00Z',
            environment: { A: 'b' },
            offline: false,
            deep: false,
            shard: { index: 1, of: 2 },
            system: null,
          },
          inputs: [{ path: 'policy', sha256: hex('1'), size: 1 }],
          lists: [
            {
              path: 'debs',
              format: 'deb-directory',
              sha256: hex('2'),
              size: 2,
              debs: [{ path: 'a', name: 'a', version: '1', architecture: 'all' }],
            },
          ],
          images: [{ name: 'live.iso', sha256: hex('3') }],
          fetched: [
            { url: 'http://h/InRelease', look: 1, sha256: hex('4'), size: 4, complete: true, kept: true },
            { url: 'http://h/b', look: 2, code: 'FETCH', message: 'no', cause: null, status: 403 },
            { folder: 'file:///lists/', names: ['a'], failure: null },
          ],
          keys: [{ fingerprint: 'A'.repeat(40), sha256: hex('6'), size: 6 }],
          signed: [{ document: hex('4'), text: hex('7'), signature: hex('8') }],
        }),
      ),
      merged: latin1(serializeIndex({ version: 1, tool: { name: 'debproof', version: '1' }, parts: [hex('a')] })),
    }),
  tokens: JSON_TOKENS,
  run(bytes) {
    const read = unlessRefusedNow(['EVIDENCE'], () => parseIndex(bytes, 'index.json'))
    if (read === undefined) return 'refused'
    promise(
      canonicalText(parseIndex(serializeIndex(read), 'index.json')) === canonicalText(read),
      'it reads another index than it wrote',
    )
    return 'accepted'
  },
}

const SIGHTING = `{
 "version": 1,
 "archive": "http://ftp.debian.org/debian/",
 "suite": "trixie",
 "seen": "2026-11-22T22:30:57.123Z",
 "date": "2026-11-22T20:00:00.000Z",
 "state": "${hex('a')}",
 "origin": "Debian",
 "label": null,
 "codename": "trixie",
 "signers": ["${'A'.repeat(40)}"],
 "release": [{"path": "InRelease", "sha256": "${hex('b')}", "size": 12}],
 "indexes": [{"path": "main/binary-amd64/Packages.xz", "sha256": "${hex('c')}", "size": 34}]
}`

const ANY_NAME = parseSightingName(
  `20261122T223057.123Z_20261122T200000Z_${'0'.repeat(16)}_${hex('a')}_${'0'.repeat(16)}.json`,
)

/** Its name holds a digest of its content: the name that would fit is taken from what the file says. */
const sighting: Target = {
  name: 'sighting',
  promise: 'a sighting that is read is written again as it was meant',
  seeds: () => textSeeds({ one: SIGHTING }),
  tokens: [...JSON_TOKENS, '.000Z', 'http://', 'file:///', '/'],
  run(bytes) {
    const text = latin1(bytes)
    const name = nameThatFits(text)
    if (name === undefined) {
      if (ANY_NAME !== undefined)
        unlessRefusedNow(['EVIDENCE'], () => parseSighting(text, 'a.json', ANY_NAME, 'trixie'))
      return 'refused'
    }
    const read = unlessRefusedNow(['EVIDENCE'], () => parseSighting(text, 'a.json', name.name, name.suite))
    if (read === undefined) return 'refused'
    const again = parseSighting(formatSighting(read), 'a.json', name.name, name.suite)
    promise(canonicalText(again) === canonicalText(read), 'it reads another sighting than it wrote')
    return 'accepted'
  },
}

function nameThatFits(text: string) {
  try {
    const said = JSON.parse(text)
    const made: Sighting = {
      ...said,
      archive: new URL(said.archive),
      seen: new Date(said.seen),
      date: new Date(said.date),
      identity: {
        origin: said.origin ?? undefined,
        label: said.label ?? undefined,
        codename: said.codename ?? undefined,
      },
    }
    const name = parseSightingName(sightingName(made))
    return name === undefined ? undefined : { name, suite: String(said.suite) }
  } catch {
    return undefined
  }
}

const snapshot: Target = {
  name: 'snapshot-answers',
  promise: 'runs come sorted, each once, and are times',
  seeds: () =>
    textSeeds({
      runs: '{"result":{"debian":["20210331T150000Z","20210331T090000Z"]}}',
      files: `{"result":[{"hash":"${'a'.repeat(40)}","architecture":"amd64"}],"fileinfo":{"${'a'.repeat(40)}":[{"archive_name":"debian","first_seen":"20210331T150000Z","name":"a","path":"/p","size":1}]}}`,
    }),
  tokens: [...JSON_TOKENS, '20200229T000000Z', '"debian"', '"fileinfo":'],
  run(bytes) {
    const runs = unlessRefusedNow(['FETCH'], () => parseRunList(bytes, 'debian', 'http://s/'))
    const seen = unlessRefusedNow(['FETCH'], () =>
      parseFirstSeen(bytes, { archive: 'debian', architectures: ['amd64'] }, 'http://s/'),
    )
    for (const list of [runs ?? [], seen ?? []]) {
      promise(canonicalText(list) === canonicalText([...new Set(list)].sort()), 'runs are not sorted, or twice there')
      promise(
        list.every((run) => /^\d{8}T\d{6}Z$/.test(run)),
        'a run is no time',
      )
    }
    return runs === undefined && seen === undefined ? 'refused' : 'accepted'
  },
}

export const REPORT_TARGETS: readonly Target[] = [report, bundle, sighting, snapshot]
