import { randomBytes, randomFillSync } from 'node:crypto'
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Gnupg } from './gnupg.ts'
import { onlyFile, sha256Of } from './mirror.ts'
import { PROJECT, succeed } from './running.ts'
import { rebuildChanged } from './tampering.ts'

/** The release that `npm start` verifies. */
export const EXAMPLE = path.join(PROJECT, 'examples/release')

/** How `npm start` verifies it. */
export async function startCommand(): Promise<string> {
  const manifest: { scripts: Record<string, string> } = JSON.parse(
    await readFile(path.join(PROJECT, 'package.json'), 'utf8'),
  )
  return manifest.scripts['start'] ?? ''
}

/** The clock by which it passes. */
export async function exampleClock(): Promise<string> {
  return /--at (\S+)/.exec(await startCommand())?.[1] ?? ''
}

export async function copyExample(folder: string): Promise<string> {
  await cp(EXAMPLE, folder, { recursive: true })
  return folder
}

/** Changes postfix-sqlite in the snapshot of a copied example, and its indexes, and signs them with a new project key. */
export async function changeOnePackage(example: string, scratch: string, when: Date): Promise<void> {
  const deb = onlyFile(path.join(example, 'snapshot/pool'), /^postfix-sqlite_.*\.deb$/)
  const before = sha256Of(await readFile(deb))
  await rebuildChanged(deb, scratch)
  const after = sha256Of(await readFile(deb))
  const index = await signSnapshotAnew(example, scratch, when)
  if (!index.includes(after) || index.includes(before)) throw new Error('the index does not show the change')
}

/** Adds a package of so many bytes that no upstream knows, which nothing can make smaller. */
export async function addLargePackage(example: string, scratch: string, when: Date, bytes: number): Promise<void> {
  const tree = path.join(scratch, `large-${bytes}`)
  await mkdir(path.join(tree, 'DEBIAN'), { recursive: true })
  const fields = ['Package: large', 'Version: 1.0-1', 'Architecture: amd64', 'Maintainer: A <a@example.org>']
  await writeFile(path.join(tree, 'DEBIAN/control'), [...fields, 'Description: large', ''].join('\n'))
  await writeFile(path.join(tree, 'random'), randomFillSync(Buffer.alloc(bytes)))
  const deb = path.join(example, 'snapshot/pool/large_1.0-1_amd64.deb')
  await succeed('dpkg-deb', ['--root-owner-group', '-Znone', '--build', tree, deb])
  await rm(tree, { recursive: true })
  await signSnapshotAnew(example, scratch, when)
}

/** Has the index of the snapshot list so much more that it has that many bytes compressed, though others use none. */
export async function enlargeIndex(example: string, scratch: string, when: Date, bytes: number): Promise<void> {
  const stanzas = Array.from({ length: Math.ceil(bytes / 750_000) }, (_, index) =>
    [
      `Package: filler-${index}`,
      'Version: 1.0-1',
      'Architecture: amd64',
      `Filename: pool/filler-${index}.deb`,
      'Size: 1',
      `SHA256: ${'0'.repeat(64)}`,
      `Description: ${randomBytes(750_000).toString('base64')}`,
      '',
      '',
    ].join('\n'),
  )
  await signSnapshotAnew(example, scratch, when, stanzas.join(''))
}

/** Writes the indexes of the snapshot anew and signs them with a new key of the project's. Returns the index. */
async function signSnapshotAnew(example: string, scratch: string, when: Date, more = ''): Promise<string> {
  const snapshot = path.join(example, 'snapshot')
  const folder = path.join(snapshot, 'dists/trixie-security')
  const index = path.join(folder, 'main/binary-amd64/Packages')
  const text = (await succeed('apt-ftparchive', ['packages', 'pool'], { cwd: snapshot })) + more
  await writeFile(index, text)
  await succeed('gzip', ['-1nkf', index])
  await rm(path.join(folder, 'InRelease'))
  const names = ['Origin=Example', 'Codename=trixie-security', 'Components=main', 'Architectures=amd64']
  const options = names.flatMap((name) => ['-o', `APT::FTPArchive::Release::${name}`])
  const release = path.join(scratch, 'Release')
  const written = await succeed('apt-ftparchive', [...options, 'release', folder])
  await writeFile(release, written.replace(/^Date: .*$/m, `Date: ${when.toUTCString().replace('GMT', 'UTC')}`))
  const gnupg = new Gnupg(scratch, `intruder-${process.hrtime.bigint()}`, when)
  const key = await gnupg.makeKey('Example project archive')
  await gnupg.clearsign(key, release, path.join(folder, 'InRelease'))
  await gnupg.exportPublic(key, path.join(example, 'keys/project.asc'))
  return text
}
