import { readFileSync } from 'node:fs'
import path from 'node:path'
import { createCleartextMessage, generateKey, type PrivateKey, sign } from 'openpgp'
import {
  archiveFiles,
  deb,
  type MadeDeb,
  projectKey,
  upstreamKey,
  writeFiles,
} from '../../__tests__/making/archive-folder.ts'
import { suiteFiles } from '../../__tests__/making/served-archive.ts'
import { ago, DAY, HOUR, newKey, once, row } from '../../__tests__/making/signed-archive.ts'
import {
  archivePolicy,
  listText,
  newSite,
  policyText,
  runSite,
  type Site,
  snapshotSite,
} from '../../__tests__/making/site.ts'
import { FINE, mergeParts, mixedSite, runParts, useDebs, wholeKey } from '../../__tests__/parts/made-parts.ts'
import { clearsignedBy } from '../../__tests__/reproduced/signed-statements.ts'

/** An output folder of `verify` or `merge`, and the key that signed its report. */
export interface World {
  readonly name: string
  readonly folder: string
  readonly key: PrivateKey
}

const reportKey = once(() => newKey({ name: 'Report' }))

const SHELL = deb('shell', { version: '5.2-1' })
const LIBRARY = deb('library', { version: '2:2.0~rc1+b1-1' })
/** For all architectures: a list may call it by any. */
export const DATA = deb('data', { version: '1.0+dfsg-1', architecture: 'all' })
const TOOL = deb('tool', { version: '1:2.0-1' })
const DEBS = [SHELL, LIBRARY, DATA]

/** Honest reports of all that `recheck.sh` reads, each made by a real run over made archives. */
export const WORLDS: Readonly<Record<string, () => Promise<World>>> = {
  identical: async () => await verified('identical', await snapshotSite(DEBS)),
  'hashes in a list': async () => {
    const site = await snapshotSite(DEBS)
    site.put({ 'build.packages': DEBS.map((one) => `${one.sha256}  ${fileName(one)}\n`).join('') })
    return await verified('hashes in a list', site)
  },
  sources: async () => {
    const source = { name: 'library', version: '2:2.0~rc1-1', files: { 'library_2.0~rc1-1.dsc': 'Format: 3.0\n' } }
    const site = await newSite()
    await site.archive('snapshot', { key: await projectKey(), debs: DEBS, sources: [source] })
    await site.archive('upstream', { key: await upstreamKey(), debs: DEBS, sources: [source] })
    const binary = DEBS.map((one) => `  - arch: amd64\n    package: ${one.name}\n    version: ${one.version}\n`)
    const list = `packages:\n  binary:\n${binary.join('')}  source:\n  - package: library\n    version: ${source.version}\n`
    site.put({ 'debproof.yml': policyText(), 'build.packages': list })
    return await verified('sources', site)
  },
  'odd spelling': async () => await verified('odd spelling', await oddlySpelled()),
  reproduced: async () => await verified('reproduced', await rebuiltSite([TOOL, DATA], [])),
  'an udeb, and all called amd64': async () => {
    const site = await rebuiltSite([DATA], [deb('inst', { content: 'installer' })])
    return await verified('an udeb, and all called amd64', site)
  },
  'a party with a key of version 6': async () => await verified('version 6', await unreadableParty(true)),
  'a party with a native Ed25519 key': async () => await verified('native', await unreadableParty(false)),
  'every verdict': async () => await verified('every verdict', await mixedSite()),
  failing: async () =>
    await verified(
      'failing',
      await snapshotSite([SHELL, deb('library', { version: LIBRARY.version, content: 'evil' })], DEBS),
    ),
  merged: async () => {
    const site = await mixedSite()
    useDebs(
      site,
      FINE.filter(({ name }) => name !== 'dropped' && name !== 'missing'),
    )
    const { output } = await mergeParts(site, await runParts(site, 2))
    return { name: 'merged', folder: output, key: await wholeKey() }
  },
}

async function verified(name: string, site: Site): Promise<World> {
  const key = await reportKey()
  await runSite(site, { signing: { armored: key.armor(), source: 'a made report' } })
  return { name, folder: path.join(site.folder, 'report'), key }
}

function fileName({ name, version, architecture }: MadeDeb, suffix = 'deb'): string {
  return `${name}_${version.replace(/^\d+:/, '')}_${architecture}.${suffix}`
}

/** Two rebuilders got what an archive of the project's own lists; the manifest calls everything amd64. */
async function rebuiltSite(debs: readonly MadeDeb[], udebs: readonly MadeDeb[]): Promise<Site> {
  const site = await newSite()
  const key = await projectKey()
  const all = [...debs, ...udebs]
  const files = await archiveFiles({ key, debs: all })
  let packages = String(files['dists/made/main/binary-amd64/Packages'])
  for (const { name } of udebs) packages = packages.replace(new RegExp(`(Filename: .*${name}_.*)\\.deb`), '$1.udeb')
  const pool = Object.fromEntries(Object.entries(files).filter(([file]) => file.startsWith('pool/')))
  const suite = await suiteFiles(key, { indexes: { 'main/binary-amd64/Packages': Buffer.from(packages) } })
  writeFiles(path.join(site.folder, 'own'), { ...pool, ...suite })
  const named = new Map(all.map((one) => [fileName(one, udebs.includes(one) ? 'udeb' : 'deb'), one.sha256]))
  const text = [...named].map(([file, sha256]) => `${sha256}  ${file}\n`).join('')
  const second = await newKey({ name: 'Second' })
  const first = await newKey({ name: 'First' })
  const parties =
    'first: { sha256sums: "file:first/", signed-by: keys/first.asc }, second: { sha256sums: "file:second/", signed-by: keys/second.asc }'
  const more = `rebuilders: { threshold: 2, parties: { ${parties} } }`
  site.put({
    'debproof.yml': policyText([
      archivePolicy({ name: 'own', require: 'reproduced', url: 'file:own', upstream: null, more }),
    ]),
    'build.packages': `packages:\n  binary:\n${all.map((one) => `  - arch: amd64\n    package: ${one.name}\n    version: ${one.version}\n`).join('')}`,
    'keys/first.asc': first.toPublic().armor(),
    'keys/second.asc': second.toPublic().armor(),
    'first/SHA256SUMS': await clearsignedBy(text, first),
    'second/SHA256SUMS': await clearsignedBy(`# by another machine\n${text}`, second),
  })
  return site
}

/** One package is rebuilt by who has an old key, another by who has one that gpgv cannot read. */
async function unreadableParty(version6: boolean): Promise<Site> {
  const site = await newSite()
  const [one, two] = [deb('one'), deb('two')]
  await site.archive('own', { key: await projectKey(), debs: [one, two] })
  const { privateKey } = await generateKey({
    type: 'curve25519',
    userIDs: [{ name: 'New' }],
    date: ago(30 * DAY),
    format: 'object',
    config: { v6Keys: version6 },
  })
  const old = await newKey({ name: 'Old' })
  const message = await createCleartextMessage({ text: `${two.sha256}  ${fileName(two)}\n` })
  const parties =
    'old: { sha256sums: "file:old/", signed-by: keys/old.asc }, new: { sha256sums: "file:new/", signed-by: keys/new.asc }'
  const more = `rebuilders: { threshold: 1, parties: { ${parties} } }`
  site.put({
    'debproof.yml': policyText([
      archivePolicy({ name: 'own', require: 'reproduced', url: 'file:own', upstream: null, more }),
    ]),
    'build.packages': listText([one, two]),
    'keys/old.asc': old.toPublic().armor(),
    'keys/new.asc': privateKey.toPublic().armor(),
    'old/SHA256SUMS': await clearsignedBy(`${one.sha256}  ${fileName(one)}\n`, old),
    'new/SHA256SUMS': (await sign({ message, signingKeys: privateKey, date: ago(HOUR) })).replaceAll('\r', ''),
  })
  return site
}

/** As apt takes it and few write it: no blank behind the colon, names and fields in other letters, tabs between words. */
async function oddlySpelled(): Promise<Site> {
  const site = await snapshotSite(DEBS)
  for (const [folder, key] of [
    ['snapshot', await projectKey()],
    ['upstream', await upstreamKey()],
  ] as const) {
    const below = path.join(site.folder, folder, 'dists/made')
    const index = 'main/binary-amd64/Packages'
    const text = readFileSync(path.join(below, index), 'utf8')
      .replaceAll('Version: ', 'Version:')
      .replaceAll('Package: shell', 'Package: Shell')
      .replaceAll('Architecture: ', 'ARCHITECTURE:\t')
    const rows = `\n${row(index, text).slice(1).replaceAll(' ', '\t').replace(/^/, '\t')}`
    const files = await suiteFiles(key, { indexes: { [index]: text }, fields: { SHA256: rows } })
    writeFiles(path.join(site.folder, folder), files)
  }
  return site
}
