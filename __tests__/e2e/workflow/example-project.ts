import { appendFile, cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { archiveFiles, deb, upstreamKey } from '../../making/archive-folder.ts'
import { keyringFile } from '../../making/signed-archive.ts'
import { changeOnePackage, copyExample, exampleClock } from '../example.ts'
import { gitIn, makeRepository } from './world.ts'

/** What the workflows of the examples call to build: an image, and the list of what is in it. */
const BUILD = `#!/bin/sh
set -eu
mkdir build
cp example-1.0.packages build/
echo 'an image' > build/example.iso
`

/** Puts the example release into a repository, with a build and with the clock of the example in its policy. */
export async function exampleRepository(
  scratch: string,
  name: string,
  how: { tampered?: boolean } = {},
): Promise<string> {
  const folder = await copyExample(path.join(scratch, name))
  const clock = await exampleClock()
  if (how.tampered === true) await changeOnePackage(folder, scratch, new Date(Date.parse(clock) - 3_600_000))
  await appendFile(path.join(folder, 'debproof.yml'), `at: "${clock}"\n`)
  await writeFile(path.join(folder, 'build.sh'), BUILD, { mode: 0o755 })
  return await makeRepository(scratch, name, folder)
}

/** A repository whose policy fits the releases 1.0 and 2.0; of the second, a package of the snapshot was changed. */
export async function pastRepository(scratch: string, partsCertificate: string): Promise<string> {
  const folder = path.join(scratch, 'past')
  const clock = await exampleClock()
  const [first, second] = ['1.0', '2.0'].map((release) => path.join(folder, 'releases', release))
  if (first === undefined || second === undefined) throw new Error('there are two')
  await mkdir(path.dirname(first), { recursive: true })
  for (const release of [first, second]) await copyExample(release)
  await changeOnePackage(second, scratch, new Date(Date.parse(clock) - 3_600_000))
  const keys = await Promise.all(
    [first, second].map(async (one) => await readFile(path.join(one, 'keys/project.asc'), 'utf8')),
  )
  for (const shared of ['keys', 'own', 'rebuilders', 'upstream']) {
    await cp(path.join(first, shared), path.join(folder, shared), { recursive: true })
  }
  await writeFile(path.join(folder, 'keys/project.asc'), keys.join('\n'))
  await cp(partsCertificate, path.join(folder, 'keys/parts.asc'))
  const policy = await readFile(path.join(first, 'debproof.yml'), 'utf8')
  await writeFile(
    path.join(folder, 'debproof.yml'),
    policy
      .replace('"example-*.packages"', '"releases/${' + 'release}/example-*.packages"')
      .replace('file:snapshot/', '"file:releases/${' + 'release}/snapshot/"'),
  )
  for (const release of [first, second]) {
    for (const unused of ['keys', 'own', 'rebuilders', 'upstream', 'debproof.yml']) {
      await rm(path.join(release, unused), { recursive: true })
    }
  }
  await writeFile(path.join(folder, 'releases.txt'), `1.0 ${clock}\n2.0 ${clock}\n`)
  await rename(folder, `${folder}-tree`)
  return await makeRepository(scratch, 'past', `${folder}-tree`)
}

/** A repository for a store: the policy names one upstream, whose files are in it too. */
export async function recordingRepository(scratch: string, name: string): Promise<string> {
  const folder = path.join(scratch, name)
  await writeUpstream(folder, new Date('2026-01-02T00:00:00Z'))
  await writeFile(path.join(folder, 'upstream.gpg'), keyringFile([await upstreamKey()]))
  await writeFile(
    path.join(folder, 'debproof.yml'),
    `version: 1
packages: [{ path: "*.packages" }]
archives:
  debian:
    require: identical
    suites: [made]
    components: [main]
    architectures: [amd64]
    upstream:
      - { url: "file:upstream/", signed-by: upstream.gpg }
`,
  )
  return await makeRepository(scratch, name, folder)
}

/** Has the upstream in such a repository show a state from before what was recorded. */
export async function showOlderState(scratch: string, repository: string): Promise<void> {
  const folder = `${repository}-clone`
  await gitIn(scratch, scratch)('clone', '--quiet', repository, folder)
  await writeUpstream(folder, new Date('2026-01-01T00:00:00Z'))
  const git = gitIn(folder, scratch)
  await git('add', 'upstream')
  await git('commit', '--quiet', '--message', 'An older state')
  await git('push', '--quiet')
}

async function writeUpstream(folder: string, date: Date): Promise<void> {
  const source = { name: 'hello', version: '1.0-1', files: { 'hello.dsc': 'made' } }
  const files = await archiveFiles({ key: await upstreamKey(), debs: [deb('hello')], sources: [source], date })
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, 'upstream', name)
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, content)
  }
}
