import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileUrl, type HonestArchive, type Made, made } from './honest-archive.ts'
import { dpkgQuery, type Stanza, sample, stanzasOf } from './real-suite.ts'
import type { Workplace } from './workplace.ts'

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'

/** What a real `apt-get update` saw, into a root of its own; upstreams are asked over the network. */
export const APT_ROOTS: readonly HonestArchive[] = [
  {
    name: "apt's lists of bookworm and security, from the mirror itself",
    make: async (workplace, folder) => {
      const { debian, security } = workplace.urls
      await aptUpdate(workplace, folder, [
        `deb [arch=amd64 signed-by=${KEYRING}] ${debian} bookworm main`,
        `deb [arch=amd64 signed-by=${KEYRING}] ${security} bookworm-security main`,
      ])
      const used = await chosen(workplace)
      const archive = (url: string, suite: string) =>
        ({
          require: 'identical',
          'apt-lists': path.join(folder, 'var/lib/apt/lists'),
          ...{ suites: [suite], components: ['main'], architectures: ['amd64'] },
          upstream: [{ url, 'signed-by': 'debian' }],
        }) as const
      const archives = { debian: archive(debian, 'bookworm'), security: archive(security, 'bookworm-security') }
      return made(folder, dpkgQuery(used), archives, new Date())
    },
  },
  {
    name: "apt's lists of a snapshot of bookworm, compared with the live mirror",
    make: async (workplace, folder) => {
      const real = await workplace.suites.read({ name: 'bookworm' })
      const place = path.join(folder, 'snapshot')
      await workplace.publish(place, 'bookworm', real.indexes, 'A project', real.date)
      const certificate = path.join(folder, await workplace.certificate('A project', folder))
      await aptUpdate(workplace, folder, [`deb [arch=amd64 signed-by=${certificate}] ${fileUrl(place)} bookworm main`])
      const project = {
        require: 'identical',
        url: fileUrl(place),
        'apt-lists': path.join(folder, 'var/lib/apt/lists'),
        ...{ suites: ['bookworm'], components: ['main'], architectures: ['amd64'] },
        'signed-by': certificate,
        upstream: [{ url: workplace.urls.debian, 'signed-by': 'debian' }],
      } as const
      return made(folder, dpkgQuery(sample(stanzasOf(real), 2000)), { project }, new Date())
    },
  },
  {
    name: 'a whole system by its own apt sources (--system)',
    make: async (workplace, folder): Promise<Made> => {
      const { debian, security } = workplace.urls
      await aptUpdate(workplace, folder, [
        `deb [arch=amd64 signed-by=${KEYRING}] ${debian} bookworm main`,
        `deb [arch=amd64 signed-by=${KEYRING}] ${security} bookworm-security main`,
      ])
      const installed = (await chosen(workplace)).map(
        ({ text }) => `${text.replace(/^(Package: .*)$/m, '$1\nStatus: install ok installed')}\n\n`,
      )
      mkdirSync(path.join(folder, path.dirname(KEYRING)), { recursive: true })
      copyFileSync(KEYRING, path.join(folder, KEYRING))
      writeFileSync(path.join(folder, 'var/lib/dpkg/arch'), 'amd64\n')
      writeFileSync(path.join(folder, 'var/lib/dpkg/status'), installed.join(''), 'latin1')
      return { folder, policy: undefined, options: ['--system', '--root', folder, '--offline'] }
    },
  },
]

/** Packages of both suites; where security has a newer version, that one. */
async function chosen(workplace: Workplace): Promise<Stanza[]> {
  const [base, security] = await Promise.all([
    workplace.suites.read({ name: 'bookworm' }),
    workplace.suites.read({ archive: 'debian-security', name: 'bookworm-security' }),
  ])
  const all = [...sample(stanzasOf(base), 1500), ...sample(stanzasOf(security), 500)]
  return [...new Map(all.map((stanza) => [`${stanza.name}:${stanza.architecture}`, stanza])).values()]
}

async function aptUpdate(workplace: Workplace, root: string, sources: readonly string[]): Promise<void> {
  for (const folder of ['etc/apt', 'var/lib/apt/lists/partial', 'var/lib/dpkg', 'var/cache/apt/archives/partial']) {
    mkdirSync(path.join(root, folder), { recursive: true })
  }
  writeFileSync(path.join(root, 'etc/apt/sources.list'), `${sources.join('\n')}\n`)
  writeFileSync(path.join(root, 'var/lib/dpkg/status'), '')
  const options = {
    'Dir::Etc': path.join(root, 'etc/apt'),
    'Dir::State': path.join(root, 'var/lib/apt'),
    'Dir::State::status': path.join(root, 'var/lib/dpkg/status'),
    'Dir::Cache': path.join(root, 'var/cache/apt'),
    'Acquire::GzipIndexes': 'false',
    'Acquire::Languages': 'none',
    'APT::Sandbox::User': 'root',
    'APT::Architecture': 'amd64',
  }
  const given = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`])
  await workplace.run('apt-get', [...given, 'update'], root)
}
