import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { archiveFiles, deb, type MadeDeb, projectKey, upstreamKey } from '../../__tests__/making/archive-folder.ts'
import { newRebuilder, type Published } from '../../__tests__/making/rebuilder.ts'
import { once } from '../../__tests__/making/signed-archive.ts'
import { archivePolicy, listText, policyText } from '../../__tests__/making/site.ts'
import { madeRun, serveSnapshots, timestamp } from '../../__tests__/making/snapshot-service.ts'
import type { Answer } from './answer.ts'
import type { Origin } from './proxy.ts'
import type { Truth } from './truth.ts'
import { altered, below, filesOrigin, hoursAgo, type MakeWorld } from './world.ts'

const PROJECT = path.join(import.meta.dirname, '../..')

const alpha = once(() => newRebuilder('Alpha'))
const beta = once(() => newRebuilder('Beta'))

/** The project's own archive, whose packages two rebuilders built again. */
export const rebuildersWorld: MakeWorld = async (random, base) => {
  const truths = new Map<string, Truth>()
  const served: MadeDeb[] = []
  const byAlpha: MadeDeb[] = []
  const byBeta: MadeDeb[] = []
  const isAllGood = random.chance(0.5)
  for (let number = 0, last = random.between(1, 6); number < last; number++) {
    const made = deb(`own-${number}`, { content: `own ${number}` })
    const truth: Truth = isAllGood
      ? 'rebuilt'
      : random.pick(['rebuilt', 'rebuilt', 'rebuilt otherwise', 'rebuilt once'])
    truths.set(`${made.name} ${made.version}`, truth)
    served.push(truth === 'rebuilt otherwise' ? altered(made) : made)
    byAlpha.push(made)
    if (truth !== 'rebuilt once') byBeta.push(made)
  }
  const [one, two] = [await alpha(), await beta()]
  const isByBuildinfo = random.chance(0.5)
  const statements: Published = isByBuildinfo
    ? Object.assign({}, ...(await Promise.all(byAlpha.map(async (made) => await one.buildinfo(made.name, [made])))))
    : one.dsse(byAlpha)
  const listing = Object.keys(statements).map((name) => `<a href="${encodeURIComponent(name)}">${name}</a>\n`)
  const files = {
    ...below('own/', await archiveFiles({ key: await projectKey(), debs: served, date: hoursAgo(2) })),
    ...below('alpha/', {
      ...statements,
      '': `<html><title>Index of /alpha</title><pre>${listing.join('')}</pre></html>`,
    }),
    ...below('beta/', await two.sums(byBeta)),
  }
  const first = isByBuildinfo
    ? `buildinfo: "${base}alpha/", signed-by: keys/alpha.asc`
    : `dsse: "${base}alpha/", public-key: keys/alpha.pem`
  const policy = policyText([
    archivePolicy({ name: 'own', require: 'reproduced', url: `${base}own`, upstream: null }) +
      `    rebuilders:\n      threshold: 2\n      parties:\n        alpha: { ${first} }\n` +
      `        beta: { sha256sums: "${base}beta/", signed-by: keys/beta.asc }\n`,
  ])
  return {
    name: 'rebuilders',
    files: {
      'debproof.yml': policy,
      'build.packages': listText(served),
      'keys/alpha.asc': one.certificate,
      'keys/alpha.pem': one.publicKey,
      'keys/beta.asc': two.certificate,
    },
    origin: filesOrigin(files),
    truths,
    needed: ['own/dists/made/InRelease', 'beta/SHA256SUMS'],
    options: [],
    deadline: 150_000,
  }
}

/** Debian's own security suite, as it was signed, and a project's snapshot of a cut of it (`examples/release`). */
export const debianWorld: MakeWorld = async (random, base) => {
  const release = path.join(PROJECT, 'examples/release')
  const names = readdirSync(release, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const files = Object.fromEntries(
    names.map((entry) => {
      const file = path.join(entry.parentPath, entry.name)
      return [path.relative(release, file), readFileSync(file)]
    }),
  )
  const index = 'dists/trixie-security/main/binary-amd64/Packages'
  const upstream = hashesOf(
    String(execFileSync('xz', ['-dc', path.join(release, 'upstream', `${index}.xz`)], { maxBuffer: 1e9 })),
  )
  const snapshot = hashesOf(readFileSync(path.join(release, 'snapshot', index), 'utf8'))
  const isCut = random.chance(0.6)
  const truths = new Map<string, Truth>()
  for (const [name, sha256] of snapshot) {
    const signed = upstream.get(name)
    const truth: Truth = signed === undefined ? 'foreign' : signed === sha256 ? 'good' : 'tampered'
    if (!isCut || truth === 'good') truths.set(name, truth)
  }
  return {
    name: 'Debian security',
    files: {
      'debproof.yml': policyText([
        archivePolicy({ url: `${base}snapshot`, suite: 'trixie-security', upstream: `${base}upstream` })
          .replace('keys/project.gpg', 'keys/example.asc')
          .replace('keys/upstream.asc', 'debian'),
      ]),
      'keys/example.asc': readFileSync(path.join(release, 'keys/project.asc')),
      'build.packages': [...truths.keys()].map((name) => `${name.replace(' ', '\t')}\n`).join(''),
    },
    origin: filesOrigin(files),
    truths,
    needed: ['snapshot/dists/trixie-security/InRelease', 'upstream/dists/trixie-security/InRelease'],
    options: ['--at', '2026-11-23T00:00:00Z'],
    deadline: 150_000,
  }
}

/** Of each `name version`, without any reader of debproof's. */
export function hashesOf(index: string): Map<string, string> {
  return new Map(
    index.split('\n\n').flatMap((stanza) => {
      const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(stanza)?.[1] ?? ''
      return stanza.trim() === '' ? [] : [[`${field('Package')} ${field('Version')}`, field('SHA256')] as const]
    }),
  )
}

/** An upstream that only a snapshot service still has. */
export const snapshotServiceWorld: MakeWorld = async (random, base) => {
  const debs = Array.from({ length: random.between(1, 5) }, (_, number) => deb(`past-${number}`))
  const isAllGood = random.chance(0.5)
  const truths = new Map<string, Truth>(
    debs.map(({ name, version }) => [`${name} ${version}`, isAllGood ? 'good' : random.pick(['good', 'tampered'])]),
  )
  const truthOf = ({ name, version }: MadeDeb): Truth | undefined => truths.get(`${name} ${version}`)
  const run = timestamp(hoursAgo(3))
  const served = debs.map((made) => (truthOf(made) === 'tampered' ? altered(made) : made))
  const service = await serveSnapshots({
    runs: { [run]: await madeRun(run, await upstreamKey(), debs) },
    redirects: random.chance(0.3),
  })
  const project = await archiveFiles({ key: await projectKey(), debs: served, date: hoursAgo(2) })
  const fromFiles = filesOrigin(below('snapshot/', project))
  const fromService: Origin = async (name) => await passedOn(new URL(name, service.base), service.base, base)
  return {
    name: 'snapshot service',
    files: {
      'debproof.yml': policyText([
        `${archivePolicy({ url: `${base}snapshot`, upstream: null })}    upstream:\n` +
          `      - snapshots: "${base}"\n        archive: made\n        signed-by: keys/upstream.asc\n`,
      ]),
      'build.packages': listText(served),
    },
    origin: async (name) => (name.startsWith('snapshot/') ? await fromFiles(name) : await fromService(name)),
    truths,
    needed: ['snapshot/dists/made/InRelease'],
    options: [],
    // It is asked gently, and again for minutes.
    deadline: 420_000,
    close: service.close,
  }
}

/** What another server answers. */
export async function passedOn(url: URL, from: URL, base: string): Promise<Answer> {
  const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(60_000) })
  const location = response.headers.get('location')
  return {
    status: response.status,
    reason: response.statusText,
    headers: location === null ? [] : [['Location', location.replace(from.href, base)]],
    body: new Uint8Array(await response.arrayBuffer()),
    framing: 'length',
  }
}
