import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import * as openpgp from 'openpgp'
import { CLI } from './contenders.ts'
import { ms, numberOption, printRows, runOnce } from './measure.ts'
import { CACHE } from './sets.ts'
import { save } from './setup.ts'

/** A year: so many releases, between which the large suite changed four times and the small one always. */
const RELEASES = numberOption('releases', 24)
const STATES = 5
const PACKAGES = { large: 40_000, small: 300 } as const
type Suite = keyof typeof PACKAGES

const FOLDER = path.join(CACHE, 'releases')
const AT = new Date()
const USED = 2000

/** What a server gave away. */
interface Cost {
  requests: number
  bytes: number
}

/** What a year of releases costs with one cache folder, and without any: a made archive on loopback. */
const { privateKey, publicKey } = await openpgp.generateKey({
  userIDs: [{ name: 'debproof bench' }],
  date: new Date(AT.getTime() - 7_200_000),
  format: 'object',
})
const indexes = new Map<string, Buffer>()
const releaseFiles = new Map<string, Buffer>()
const cost: Cost = { requests: 0, bytes: 0 }
const server = createServer((request, response) => {
  const url = request.url ?? ''
  const content = releaseFiles.get(url) ?? indexes.get(url.slice(url.lastIndexOf('/') + 1))
  cost.requests += 1
  cost.bytes += content?.length ?? 0
  if (content === undefined) response.writeHead(404, { 'content-length': 0 }).end()
  else response.writeHead(200, { 'content-length': content.length }).end(content)
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
try {
  const names = Array.from({ length: RELEASES }, (_, index) => `r${index}`)
  for (const [index, name] of names.entries()) await publish(name, index)
  save(path.join(FOLDER, 'key.asc'), publicKey.armor())
  save(path.join(FOLDER, 'secret.asc'), privateKey.armor())
  save(path.join(FOLDER, 'debproof.yml'), policyText())
  save(path.join(FOLDER, 'used.packages'), Array.from({ length: USED }, (_, index) => `${listed(index)}\n`).join(''))

  const distinct = [...indexes.values()].reduce((sum, { length }) => sum + length, 0)
  const signed = [...releaseFiles.values()].reduce((sum, { length }) => sum + length, 0)
  rmSync(path.join(FOLDER, 'cache'), { recursive: true, force: true })
  const alone = await year(names, 'none')
  const cold = await year(names, path.join(FOLDER, 'cache'))
  const again = await year(names, path.join(FOLDER, 'cache'))
  const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
  const figure = ({ requests, bytes, wallMs }: Cost & { wallMs: number }): string =>
    `${requests} requests, ${mb(bytes)}, ${ms(wallMs)}`
  printRows(`${RELEASES} releases of ${USED} packages, 4 indexes each`, [
    { what: 'distinct indexes', figure: `${indexes.size}, ${mb(distinct)}`, goal: '' },
    { what: 'release files', figure: `${releaseFiles.size}, ${mb(signed)}`, goal: '' },
    { what: 'each release by itself', figure: figure(alone), goal: '' },
    { what: 'with one cache folder', figure: figure(cold), goal: '' },
    { what: 'the same year again', figure: figure(again), goal: '' },
    {
      what: 'bytes / (distinct indexes + release files)',
      figure: (cold.bytes / (distinct + signed)).toFixed(2),
      goal: '<= 1.01',
    },
    { what: 'bytes again / release files', figure: (again.bytes / signed).toFixed(2), goal: '<= 1.01' },
    {
      what: 'requests / (distinct indexes + release files)',
      figure: (cold.requests / (indexes.size + releaseFiles.size)).toFixed(2),
      goal: '<= 1.01',
    },
    { what: 'time / each by itself', figure: (cold.wallMs / alone.wallMs).toFixed(2), goal: '' },
  ])
} finally {
  server.close()
  server.closeAllConnections()
}

/** Verifies every release, one after another, each by a process of its own as on a machine of its own. */
async function year(names: readonly string[], cache: string): Promise<Cost & { wallMs: number }> {
  const before = { ...cost }
  let wallMs = 0
  for (const name of names) {
    const sample = await runOnce({
      command: process.execPath,
      args: [
        ...[CLI, 'verify', '--quiet', '--policy', path.join(FOLDER, 'debproof.yml'), '--release', name],
        ...['--at', `${AT.toISOString().slice(0, 19)}Z`, '--cache', cache],
        ...['--signing-key', path.join(FOLDER, 'secret.asc'), '--output', path.join(FOLDER, 'report')],
      ],
    })
    wallMs += sample.wallMs
  }
  return { requests: cost.requests - before.requests, bytes: cost.bytes - before.bytes, wallMs }
}

/** A snapshot of a release, and the upstream's own state of then, whose indexes are the same. */
async function publish(name: string, index: number): Promise<void> {
  const states: Record<Suite, number> = { large: Math.floor((index * STATES) / RELEASES), small: index }
  for (const suite of ['large', 'small'] as const) {
    const index = packages(suite, states[suite])
    const packed = gzipSync(index)
    const [plain, zipped] = [index, packed].map((bytes) => createHash('sha256').update(bytes).digest('hex'))
    indexes.set(zipped ?? '', packed)
    for (const archive of ['snapshot', 'upstream']) {
      const text = [
        `Suite: ${suite}\nCodename: ${suite}\nLabel: ${archive} ${name}\nAcquire-By-Hash: yes\n`,
        `Date: ${new Date(AT.getTime() - 3_600_000).toUTCString().replace('GMT', 'UTC')}\n`,
        'Architectures: amd64\nComponents: main\nSHA256:\n',
        ` ${plain} ${index.length} main/binary-amd64/Packages\n`,
        ` ${zipped} ${packed.length} main/binary-amd64/Packages.gz\n`,
      ].join('')
      const message = await openpgp.createCleartextMessage({ text })
      const date = new Date(AT.getTime() - 3_000_000)
      const signed = await openpgp.sign({ message, signingKeys: privateKey, date })
      releaseFiles.set(`/${archive}/${name}/dists/${suite}/InRelease`, Buffer.from(signed.replaceAll('\r', '')))
    }
  }
}

/** The first packages of each suite stay the same through the year; the state shows in the last one. */
function packages(suite: Suite, state: number): Buffer {
  const stanza = (name: string, version: string): string => {
    const sha256 = createHash('sha256').update(`${name} ${version}`).digest('hex')
    return (
      `Package: ${name}\nVersion: ${version}\nArchitecture: amd64\nMaintainer: Made <made@example.org>\n` +
      `Filename: pool/main/${name}_${version}_amd64.deb\nSize: 1000\nSHA256: ${sha256}\nDescription: made ${sha256}\n`
    )
  }
  const stanzas = Array.from({ length: PACKAGES[suite] }, (_, index) => stanza(`${suite}-${index}`, '1.0-1'))
  return Buffer.from([...stanzas, stanza(`${suite}-state`, `${state}`)].join('\n'))
}

/** Spread evenly over the large suite, a line as dpkg-query writes it. */
function listed(index: number): string {
  return `large-${Math.floor((index * PACKAGES.large) / USED)}\t1.0-1`
}

function policyText(): string {
  const lines = ['suites: [large, small]', 'components: [main]', 'architectures: [amd64]', 'signed-by: key.asc']
  return [
    'version: 1\npackages:\n  - path: used.packages\narchives:\n  debian:\n    require: identical\n',
    `    url: "${base}snapshot/\${release}"\n${lines.map((line) => `    ${line}\n`).join('')}`,
    `    upstream:\n      - url: "${base}upstream/\${release}"\n        signed-by: key.asc\n`,
  ].join('')
}
