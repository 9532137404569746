import { mkdir, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { fetchIfThere, mirrorOfThisMachine } from './mirror.ts'
import { cleanEnvironment, debproof, PROJECT, run, scratchFolder } from './running.ts'
import { serveFolder } from './serving.ts'

const SUITES = [
  ...['bullseye', 'bullseye-updates'],
  ...['bookworm', 'bookworm-updates', 'bookworm-backports', 'bookworm-proposed-updates'],
  ...['trixie', 'trixie-updates', 'trixie-backports'],
  ...['forky', 'forky-updates', 'sid', 'experimental'],
]
const SECURITY_SUITES = ['bullseye-security', 'bookworm-security', 'trixie-security', 'forky-security']

describe('every release file that the mirror serves', () => {
  const scratch = scratchFolder()
  const suites: { readonly name: string; readonly isDetached: boolean }[] = []
  let aptAccepts: Readonly<Record<'inline' | 'detached' | 'changed', ReadonlySet<string>>>

  beforeAll(async () => {
    const { debian, security } = mirrorOfThisMachine()
    const all = [
      ...SUITES.map((name) => ({ name, base: debian })),
      ...SECURITY_SUITES.map((name) => ({ name, base: security })),
    ]
    for (const { name, base } of all) {
      const [inline, release, signature] = await Promise.all(
        ['InRelease', 'Release', 'Release.gpg'].map((file) => fetchIfThere(`${base}/dists/${name}/${file}`)),
      )
      if (inline === undefined) continue
      await write(path.join(scratch, 'inline/dists', name), { InRelease: inline })
      await write(path.join(scratch, 'changed/dists', name), { InRelease: withOneHashChanged(inline) })
      const isDetached = release !== undefined && signature !== undefined
      if (isDetached)
        await write(path.join(scratch, 'detached/dists', name), { Release: release, 'Release.gpg': signature })
      suites.push({ name, isDetached })
    }
    // The same bytes for both, whatever the mirror does in between.
    const { url } = await serveFolder(scratch)
    const names = suites.map(({ name }) => name)
    const detached = suites.filter(({ isDetached }) => isDetached).map(({ name }) => name)
    aptAccepts = {
      inline: await acceptedByApt(path.join(scratch, 'apt-inline'), `${url}/inline`, names, 'InRelease'),
      detached: await acceptedByApt(path.join(scratch, 'apt-detached'), `${url}/detached`, detached, 'Release'),
      changed: await acceptedByApt(path.join(scratch, 'apt-changed'), `${url}/changed`, names, 'InRelease'),
    }
  })

  it('is an InRelease that `inspect` accepts where apt does, and refuses where apt does', async () => {
    const apt = suites.map(({ name }) => [name, aptAccepts.inline.has(name) ? 'accepted' : 'refused'])
    const own = await Promise.all(
      suites.map(async ({ name }) => [name, await inspect([path.join(scratch, 'inline/dists', name, 'InRelease')])]),
    )
    expect(suites.length).toBeGreaterThanOrEqual(6)
    expect(Object.fromEntries(own)).toEqual(Object.fromEntries(apt))
    expect(aptAccepts.inline.size).toBeGreaterThan(0)
  })

  it('is a Release with its Release.gpg that `inspect` accepts where apt does, and refuses where apt does', async () => {
    const detached = suites.filter(({ isDetached }) => isDetached)
    const apt = detached.map(({ name }) => [name, aptAccepts.detached.has(name) ? 'accepted' : 'refused'])
    const own = await Promise.all(
      detached.map(async ({ name }) => {
        const folder = path.join(scratch, 'detached/dists', name)
        return [name, await inspect([path.join(folder, 'Release'), '--signature', path.join(folder, 'Release.gpg')])]
      }),
    )
    expect(aptAccepts.detached.size).toBeGreaterThan(0)
    expect(Object.fromEntries(own)).toEqual(Object.fromEntries(apt))
  })

  it('is refused by `inspect` and by apt once one digit of one hash in it is another', async () => {
    const own = await Promise.all(
      suites.map(({ name }) => inspect([path.join(scratch, 'changed/dists', name, 'InRelease')])),
    )
    expect(aptAccepts.changed).toEqual(new Set())
    expect(new Set(own)).toEqual(new Set(['refused']))
  })
})

async function inspect(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await debproof(['inspect', ...args, '--signed-by', 'debian'])
  if (code === 0 && stdout.startsWith('ACCEPTED')) return 'accepted'
  if (code === 1 && stdout.startsWith('REFUSED')) return 'refused'
  return `exit code ${code}: ${stdout}${stderr}`
}

async function write(folder: string, files: Readonly<Record<string, Uint8Array>>): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const [name, bytes] of Object.entries(files)) await writeFile(path.join(folder, name), bytes)
}

function withOneHashChanged(release: Buffer): Buffer {
  const text = release.toString('latin1')
  const changed = text.replace(/^ [0-9a-f]{64} /m, (line) =>
    line.startsWith(' 0') ? line.replace('0', '1') : ` 0${line.slice(2)}`,
  )
  if (changed === text) throw new Error('the release file has no SHA-256')
  return Buffer.from(changed, 'latin1')
}

/**
 * The suites whose release file `apt-get update` takes over into its lists, in a root of its own with apt's default
 * rules, whatever this machine's configuration says of dates, and the same keys. Its exit code says less.
 */
async function acceptedByApt(
  root: string,
  url: string,
  suites: readonly string[],
  file: 'InRelease' | 'Release',
): Promise<ReadonlySet<string>> {
  const lists = path.join(root, 'var/lib/apt/lists')
  const parts = ['etc/apt/apt.conf.d', 'etc/apt/preferences.d', 'etc/apt/sources.list.d', 'etc/apt/trusted.gpg.d']
  for (const part of [...parts, 'var/lib/apt/lists/partial', 'var/lib/dpkg', 'var/cache/apt/archives/partial']) {
    await mkdir(path.join(root, part), { recursive: true })
  }
  await writeFile(path.join(root, 'var/lib/dpkg/status'), '')
  const keyring = path.join(PROJECT, 'keyrings/debian.asc')
  const sources = suites.map((suite) => `deb [signed-by=${keyring}] ${url} ${suite} main\n`)
  await writeFile(path.join(root, 'etc/apt/sources.list'), sources.join(''))
  const configuration = [
    `Dir "${root}";`,
    `Dir::State::status "${root}/var/lib/dpkg/status";`,
    'APT::Architecture "amd64";',
    'APT::Architectures { "amd64"; };',
    'APT::Sandbox::User "";',
    'Acquire::http::Proxy "DIRECT";',
    'Acquire::IndexTargets::deb::Packages::DefaultEnabled "false";',
    'Acquire::IndexTargets::deb::Translations::DefaultEnabled "false";',
  ]
  await writeFile(path.join(root, 'apt.conf'), `${configuration.join('\n')}\n`)
  const env = { ...cleanEnvironment(), APT_CONFIG: path.join(root, 'apt.conf') }
  await run('apt-get', ['update'], { env })
  const kept = (await readdir(lists)).filter((name) => name.endsWith(`_${file}`))
  return new Set(suites.filter((suite) => kept.some((name) => name.endsWith(`_dists_${suite}_${file}`))))
}
