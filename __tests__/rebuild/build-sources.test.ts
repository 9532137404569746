import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readCertificates } from '../../src/archive/keyring.ts'
import { filesOnDisk } from '../../src/policy/policy-files.ts'
import { readPolicy } from '../../src/policy/read-policy.ts'
import { type BuildSources, policySources, readBuildSources } from '../../src/rebuild/build-sources.ts'
import { keyringFile, newKey, verdictOf } from '../making/signed-archive.ts'
import { newFolder, removeProjects } from './made-project.ts'

let folder: string
let sources: BuildSources
let fingerprint: string

beforeAll(async () => {
  folder = newFolder()
  const [one, other] = [await newKey({ name: 'One' }), await newKey({ name: 'Other' })]
  fingerprint = one.getFingerprint()
  mkdirSync(path.join(folder, 'local'))
  writeFileSync(path.join(folder, 'both.gpg'), keyringFile([one, other]))
  writeFileSync(
    path.join(folder, 'debproof.yml'),
    'version: 1\narchives:\n' +
      '  debian: { require: identical, suites: [bookworm, bookworm-updates], components: [main, contrib], architectures: [amd64],' +
      ' url: "http://snapshots.example/debian", signed-by: both.gpg, upstream: [{ url: "http://ftp.debian.org/debian", signed-by: debian }] }\n' +
      `  project: { require: reproduced, suites: [made], url: "file:local", signed-by: "both.gpg ${fingerprint}" }\n` +
      '  flat: { require: reproduced, suites: [./], url: "http://flat.example/", signed-by: both.gpg }\n' +
      '  nightly: { require: absent, suites: [unstable], url: "http://nightly.example/", signed-by: both.gpg }\n',
  )
  const policy = await (
    await readPolicy(path.join(folder, 'debproof.yml'), { environment: {}, now: new Date(), files: filesOnDisk })
  ).resolve({})
  sources = policySources(policy, '/work/keyrings')
})

afterAll(removeProjects)

function stanza(start: string): string {
  return sources.text.split('\n\n').find((text) => text.includes(start)) ?? 'no such stanza'
}

describe("the policy's archives as apt sources", () => {
  test('are what was served, not the upstreams, with suites, components and architectures', () => {
    expect(stanza('snapshots.example').trimEnd().split('\n')).toEqual([
      'Types: deb',
      'URIs: http://snapshots.example/debian/',
      'Architectures: amd64',
      expect.stringMatching(/^Signed-By: \/work\/keyrings\/debian-0\.gpg$/),
      'Check-Valid-Until: no',
      'Suites: bookworm bookworm-updates',
      'Components: main contrib',
    ])
    expect(sources.text).not.toContain('ftp.debian.org')
  })

  test('name flat archives without components', () => {
    expect(stanza('flat.example')).toContain('Suites: ./')
    expect(stanza('flat.example')).not.toContain('Components')
  })

  test('are copied where they are local, for the chroot cannot see them', () => {
    expect(stanza('project-')).toContain(`URIs: copy://${folder}/local/`)
  })

  test('leave out what must be absent', () => {
    expect(sources.text).not.toContain('nightly')
  })

  test('bring keyrings with the keys that the policy allows, and no others', async () => {
    const fingerprints = async (start: string): Promise<string[]> => {
      const [, bytes = new Uint8Array()] = [...sources.keyrings].find(([name]) => name.startsWith(start)) ?? []
      return (await readCertificates(bytes, start)).map((key) => key.getFingerprint())
    }
    expect(await fingerprints('debian')).toHaveLength(2)
    expect(await fingerprints('project')).toEqual([fingerprint])
  })
})

describe("sources of the user's own", () => {
  test.each([
    ['one line each', 'deb http://ftp.debian.org/debian bookworm main'],
    ['deb822', 'Types: deb\nURIs: http://ftp.debian.org/debian\nSuites: bookworm\n'],
  ])('may be %s', async (_, text) => {
    const file = path.join(folder, 'own.list')
    writeFileSync(file, text)
    expect((await readBuildSources(file)).text).toBe(`${text.trimEnd()}\n`)
  })

  test('must be there and name an archive', async () => {
    expect(await verdictOf(() => readBuildSources(path.join(folder, 'none')))).toBe('USAGE')
    const file = path.join(folder, 'empty.list')
    writeFileSync(file, '# deb nothing\n')
    expect(await verdictOf(() => readBuildSources(file))).toBe('USAGE')
  })
})
