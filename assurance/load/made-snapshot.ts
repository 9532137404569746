import { createReadStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { createGunzip, gunzipSync, gzipSync } from 'node:zlib'
import * as openpgp from 'openpgp'
import { fetchIfThere } from '../../__tests__/e2e/mirror.ts'
import { sha256Of } from '../../src/archive/hash.ts'
import { splitClearsigned } from '../../src/archive/signed-text.ts'

/** A suite as a mirror serves it, and a project's snapshot of it that is signed with the project's own key. */
export interface Suite {
  readonly name: string
  readonly architectures: readonly string[]
  /** The clock at which the suite is valid. */
  readonly at: string
}

/**
 * Fetches a suite's release file and the indexes of all its architectures, `main` alone, to `folder/upstream`, and
 * signs the same again, with a key of its own, in `folder/snapshot`. What is there already is not fetched again.
 */
export async function makeSuite(folder: string, mirror: string, name: string): Promise<Suite> {
  const get = async (file: string): Promise<Buffer> => {
    const kept = path.join(folder, 'upstream', file)
    if (!existsSync(kept)) {
      const bytes = await fetchIfThere(`${mirror}/${file}`)
      if (bytes === undefined) throw new Error(`The mirror has no ${file}.`)
      write(kept, bytes)
    }
    return readFileSync(kept)
  }
  const release = textOf(await get(`dists/${name}/InRelease`))
  const field = (wanted: string): string => new RegExp(`^${wanted}: (.*)$`, 'm').exec(release)?.[1] ?? ''
  const architectures = field('Architectures')
    .split(' ')
    .filter((architecture) => architecture !== 'all')
  for (const architecture of architectures) {
    write(path.join(folder, 'snapshot', indexOf(name, architecture)), await get(indexOf(name, architecture)))
  }
  await signSnapshot(folder, name, release)
  return { name, architectures, at: `${new Date(Date.parse(field('Date')) + 3_600_000).toISOString().slice(0, 19)}Z` }
}

export function indexOf(suite: string, architecture: string): string {
  return `dists/${suite}/main/binary-${architecture}/Packages.gz`
}

/** Changes the SHA-256 of one package in the snapshot, as its administrator could, and signs that. */
export async function tamper(folder: string, { name, architectures }: Suite): Promise<string> {
  const file = path.join(folder, 'snapshot', indexOf(name, architectures[0] ?? ''))
  const text = gunzipSync(readFileSync(file)).toString('latin1')
  const stanza = text.indexOf('\n\n', text.length / 2) + 2
  const hash = text.indexOf('\nSHA256: ', stanza) + '\nSHA256: '.length
  const changed = text[hash] === '0' ? '1' : '0'
  const tampered = Buffer.from(text.slice(0, hash) + changed + text.slice(hash + 1), 'latin1')
  write(file, gzipSync(tampered, { level: 1 }))
  const listed = indexOf(name, architectures[0] ?? '').slice(`dists/${name}/`.length)
  const release = textOf(readFileSync(path.join(folder, 'upstream', `dists/${name}/InRelease`)))
  const packed = readFileSync(file)
  const line = (bytes: Buffer, entry: string): string => ` ${sha256Of(bytes)} ${bytes.length} ${entry}`
  // The MD5 sums are left out: their sizes would tell the change, before any hash does.
  const stated = release.split('\n').filter((each) => !/^(?:MD5Sum:| [0-9a-f]{32} )/.test(each))
  const lines = stated.map((each) => {
    if (!/^ [0-9a-f]{64} /.test(each)) return each
    if (each.endsWith(` ${listed}`)) return line(packed, listed)
    const plain = listed.replace(/\.gz$/, '')
    return each.endsWith(` ${plain}`) ? line(tampered, plain) : each
  })
  await signSnapshot(folder, name, lines.join('\n'))
  return /^Package: (.*)$/m.exec(text.slice(stanza))?.[1] ?? ''
}

/** Names, versions and architectures of all packages in the indexes, each once, as `dpkg-query -W` prints them. */
export async function writeList(folder: string, { name }: Suite, architectures: readonly string[]): Promise<number> {
  const seen = new Set<string>()
  for (const architecture of architectures) {
    const file = createReadStream(path.join(folder, 'upstream', indexOf(name, architecture)))
    let fields = { Package: '', Version: '', Architecture: '' }
    for await (const line of createInterface({ input: file.pipe(createGunzip()) })) {
      const found = /^(Package|Version|Architecture): (.*)$/.exec(line)
      if (found !== null) fields = { ...fields, [found[1] ?? '']: found[2] ?? '' }
      if (line === '') {
        const qualifier = fields.Architecture === 'all' ? '' : `:${fields.Architecture}`
        seen.add(`${fields.Package}${qualifier}\t${fields.Version}`)
      }
    }
  }
  writeFileSync(path.join(folder, 'used.tsv'), `${[...seen].join('\n')}\n`)
  return seen.size
}

async function signSnapshot(folder: string, suite: string, release: string): Promise<void> {
  const date = new Date(Date.parse(/^Date: (.*)$/m.exec(release)?.[1] ?? ''))
  const { privateKey, publicKey } = await openpgp.generateKey({
    type: 'rsa',
    rsaBits: 4096,
    userIDs: [{ name: 'A project' }],
    date: new Date(date.getTime() - 60_000),
    format: 'object',
  })
  const signed = await openpgp.sign({
    message: await openpgp.createCleartextMessage({ text: release }),
    signingKeys: privateKey,
    date,
  })
  write(path.join(folder, 'snapshot', `dists/${suite}/InRelease`), Buffer.from(signed.replaceAll('\r', '')))
  write(path.join(folder, 'project.asc'), Buffer.from(publicKey.armor()))
}

/** The text that is signed. What it says of the load is all that is wanted: debproof itself verifies it. */
function textOf(release: Buffer): string {
  return Buffer.from(splitClearsigned(release, 'InRelease').text).toString('latin1')
}

function write(file: string, bytes: Buffer): void {
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, bytes)
}
