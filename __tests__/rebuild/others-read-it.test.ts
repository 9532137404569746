import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Architecture, parseArchitecture, parsePackageName, parseVersion } from '../../src/archive/identity.ts'
import type { Keyring } from '../../src/archive/keyring.ts'
import { rebuild } from '../../src/rebuild/rebuild.ts'
import { parseWish } from '../../src/rebuild/wish.ts'
import { BuildinfoService } from '../../src/reproduced/buildinfo-service.ts'
import { verifyLink } from '../../src/reproduced/in-toto-link.ts'
import { InTotoService } from '../../src/reproduced/in-toto-service.ts'
import type { RebuiltPackage, StatementService } from '../../src/reproduced/statement.ts'
import { closeAll, downloads, serve } from '../making/loopback-server.ts'
import { AT, keyringOf, newKey, sha256Hex } from '../making/signed-archive.ts'
import { buildinfoText, contentOf, fileOf, makeProject, newFolder, policyOf, removeProjects } from './made-project.ts'

const HELLO = { name: 'hello', version: '1:1.0+b1', source: 'hello (1:1.0)' }
const DATA = { name: 'hello-data', version: '1:1.0', architecture: 'all', source: 'hello' }

/** The statements are signed now, and the clock must not be before. */
const NOW = new Date(Date.now() + 60_000)

let keyring: Keyring
let output: string

/** A rebuild of a package with an epoch, of which one machine made the part for all and another a binNMU. */
beforeAll(async () => {
  const builds = {
    'hello_1.0+b1_amd64.buildinfo': buildinfoText('hello', '1:1.0+b1', [HELLO], { Source: 'hello (1:1.0)' }),
    'hello_1.0_all.buildinfo': buildinfoText('hello', '1:1.0', [DATA]),
  }
  const source = { name: 'hello', version: '1:1.0', binaries: ['hello', 'hello-data'] }
  const project = await makeProject([source], [HELLO, DATA], builds)
  const fake = newFolder()
  for (const [folder, item] of [
    ['amd64', HELLO],
    ['all', DATA],
  ] as const) {
    mkdirSync(path.join(fake, folder))
    writeFileSync(path.join(fake, folder, fileOf(item)), contentOf(item))
    for (const [name, text] of Object.entries(builds)) {
      if (name.endsWith(`_${folder}.buildinfo`)) writeFileSync(path.join(fake, folder, name), text)
    }
  }
  writeFileSync(
    path.join(fake, 'debrebuild'),
    `#!/bin/sh\ncase $3 in *_all.buildinfo) cp "${fake}/all/"* "\${1#*=}" ;; *) cp "${fake}/amd64/"* "\${1#*=}" ;; esac\n`,
    { mode: 0o755 },
  )
  const key = await newKey()
  keyring = await keyringOf([key])
  output = path.join(fake, 'output')
  const { packages } = await rebuild(
    {
      policy: await policyOf(project),
      wishes: [parseWish('src:hello')],
      at: AT,
      output,
      buildinfos: [],
      timeout: 20_000,
      signing: { armored: key.armor(), source: 'a test' },
      environment: { PATH: `${fake}:/usr/bin:/bin`, TMPDIR: fake },
      signal: new AbortController().signal,
    },
    { progress: () => {} },
    async () => ({ sbuild: '/usr/bin/sbuild', diffoscope: undefined }),
  )
  expect(packages).toMatchObject([{ outcome: 'same' }])
})

afterAll(async () => {
  await closeAll()
  removeProjects()
})

function rebuilt(item: typeof HELLO | typeof DATA): RebuiltPackage {
  const name = parsePackageName(item.name)
  const source = parsePackageName('hello')
  const version = parseVersion(item.version)
  const sourceVersion = parseVersion('1:1.0')
  const architecture = architectureOf('architecture' in item ? item.architecture : 'amd64')
  if (name === undefined || source === undefined || version === undefined || sourceVersion === undefined)
    throw new Error('bad')
  return { name, version, architecture, source: { name: source, version: sourceVersion }, fileName: fileOf(item) }
}

function architectureOf(text: string): Architecture {
  const architecture = parseArchitecture(text)
  if (architecture === undefined) throw new Error(`${text} is no architecture`)
  return architecture
}

async function bases(folder: string): Promise<URL[]> {
  const server = await serve((request, response) => {
    const name = path.join(output, decodeURIComponent(new URL(request.url ?? '/', 'http://h').pathname))
    try {
      response.end(readFileSync(name))
    } catch {
      response.writeHead(404).end()
    }
  })
  return [
    new URL(`${pathToFileURL(path.join(output, folder)).href}/`),
    new URL(folder === '' ? '' : `${folder}/`, server.base),
  ]
}

async function hashesFrom(service: StatementService, item: typeof HELLO | typeof DATA): Promise<string[]> {
  const { statements, unusable, unreachable } = await service.ask(rebuilt(item))
  expect({ unusable, unreachable }).toEqual({ unusable: [], unreachable: [] })
  return [...new Set(statements.flatMap(({ attestations }) => attestations.map(({ sha256 }) => sha256)))]
}

describe.each([HELLO, DATA])('the output folder, on the disk and on a server, speaks for $name', (item) => {
  test('in its .buildinfo', async () => {
    for (const base of await bases('buildinfo')) {
      const architectures = [architectureOf('amd64')]
      const service = new BuildinfoService({ base, keyring, at: NOW, architectures, downloads: downloads() })
      expect(await hashesFrom(service, item), base.href).toEqual([sha256Hex(contentOf(item))])
    }
  })

  test('in its link', async () => {
    for (const base of await bases('')) {
      const service = new InTotoService(downloads(), base, (document, about) =>
        verifyLink(document, keyring, NOW, about),
      )
      expect(await hashesFrom(service, item), base.href).toEqual([sha256Hex(contentOf(item))])
    }
  })
})
