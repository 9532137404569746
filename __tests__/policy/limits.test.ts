import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  DEFAULT_WINDOW,
  MAX_EXCEPTIONS,
  MAX_KEYRING,
  MAX_LINKS,
  MAX_POLICY,
  MAX_POLICY_ITEMS,
  MAX_POLICY_PLACES,
  MAX_POLICY_TEXT,
  MAX_SNAPSHOT_SERVICES,
  MAX_SOURCES,
  MAX_SOURCES_FILE,
  MAX_STATUS_FILE,
  MAX_YAML_ALIASES,
} from '../../src/limits.ts'
import { readAptSources } from '../../src/policy/apt-sources.ts'
import { parsePolicy } from '../../src/policy/parse-policy.ts'
import { filesOnDisk } from '../../src/policy/policy-files.ts'
import { readPolicy } from '../../src/policy/read-policy.ts'
import { systemArchitectures } from '../../src/policy/system-architectures.ts'
import { pathInSystem } from '../../src/policy/system-files.ts'
import { systemPolicy } from '../../src/policy/system-policy.ts'
import { failure } from '../making/failure.ts'

// The code is what it is; only the number is smaller: ten thousand exceptions take seconds to be parsed.
vi.mock('../../src/limits.ts', async (original) => ({ ...(await original<object>()), MAX_EXCEPTIONS: 50 }))

let root = ''
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'debproof-limits-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function put(name: string, content: string, size?: number): string {
  const file = path.join(root, name)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, content)
  if (size !== undefined) truncateSync(file, size)
  return file
}

const HEAD = 'version: 1\narchives:\n  debian:\n    require: identical\n    url: "http://h/"\n    signed-by: debian\n'
const policy = async (more: string): Promise<string> => await failure(() => parsePolicy(`${HEAD}${more}`, 'p.yml'))
const many = (count: number, item: (index: number) => string): string =>
  `[${Array.from({ length: count }, (_, index) => item(index)).join(', ')}]`

describe('a policy', () => {
  const REST = '    suites: [made]\n    components: [main]\n    architectures: [amd64]\n    upstream: []\n'

  it('has no more characters than the limit', async () => {
    const sized = (size: number): string => `#${'x'.repeat(size - HEAD.length - 1)}`
    expect(await policy(sized(MAX_POLICY))).not.toMatch(/larger/)
    expect(await policy(sized(MAX_POLICY + 1))).toBe('p.yml is larger than 1048576 bytes.')
  })

  it('has no value that is longer than the limit', async () => {
    const suite = (length: number): string => `    suites: ["${'s'.repeat(length)}"]\n`
    expect(await policy(suite(MAX_POLICY_TEXT))).not.toMatch(/suites/)
    expect(await policy(suite(MAX_POLICY_TEXT + 1))).toMatch(/^p\.yml:\d+: archives\.debian\.suites/m)
  })

  it('has no list that is longer than the limit', async () => {
    const suites = (count: number): string => `    suites: ${many(count, (index) => `s${index}`)}\n`
    expect(await policy(suites(MAX_POLICY_ITEMS))).not.toMatch(/suites/)
    expect(await policy(suites(MAX_POLICY_ITEMS + 1))).toMatch(/^p\.yml:\d+: archives\.debian\.suites/m)
  })

  it('has no more upstreams, snapshot services and exceptions than the limits', async () => {
    const upstreams = (count: number): string =>
      `    suites: [made]\n    upstream: ${many(count, (index) => `{ url: "http://h/${index}", signed-by: debian }`)}\n`
    expect(await policy(upstreams(MAX_POLICY_PLACES))).not.toMatch(/upstream /)
    expect(await policy(upstreams(MAX_POLICY_PLACES + 1))).toMatch(/^p\.yml:\d+: archives\.debian\.upstream /m)
    const services = (count: number): string =>
      `    upstream: [{ signed-by: debian, archive: debian, snapshots: ${many(count, (index) => `"http://h/${index}"`)} }]\n`
    expect(await policy(services(MAX_SNAPSHOT_SERVICES))).not.toMatch(/snapshots/)
    expect(await policy(services(MAX_SNAPSHOT_SERVICES + 1))).toMatch(
      /upstream\.0\.snapshots Invalid length: Expected <=10/,
    )
    const exceptions = (count: number): string =>
      `${REST}exceptions: ${many(count, (index) => `{ package: p${index}, reason: x, until: 2027-03-01 }`)}\n`
    expect(await policy(exceptions(MAX_EXCEPTIONS))).not.toMatch(/exceptions /)
    expect(await policy(exceptions(MAX_EXCEPTIONS + 1))).toMatch(/^p\.yml:\d+: exceptions /m)
  })

  it('has no more aliases of aliases than the limit', async () => {
    const aliases = (count: number): string =>
      `    x: [&a [1, 2], ${'*a, '.repeat(count)}1]\n    y: &b [*a]\n    z: [*b, *b]\n`
    expect(await policy(aliases(10))).toMatch(/^p\.yml:\d+: archives\.debian\.x/m)
    expect(await policy(aliases(MAX_YAML_ALIASES))).toMatch(/^p\.yml cannot be read: .*alias/)
  })

  it('looks at past states as far around the build as the default says, where it says nothing', async () => {
    const file = put(
      'p.yml',
      `${HEAD}    suites: [made]\n    components: [main]\n    architectures: [amd64]\n` +
        '    upstream: [{ snapshots: "http://h/", archive: debian, signed-by: debian }]\n',
    )
    const now = new Date('2026-06-01T00:00:00Z')
    const resolved = await (await readPolicy(file, { environment: {}, now, files: filesOnDisk })).resolve({})
    expect(resolved.archives[0]?.upstreams[0]).toMatchObject({ window: DEFAULT_WINDOW })
    expect(DEFAULT_WINDOW).toBe(3 * 24 * 3_600_000)
  })
})

describe('a file that a policy names', () => {
  it('is read up to the limit, and not at all beyond, or where it is none', async () => {
    expect(await filesOnDisk.read(put('fits', '', MAX_KEYRING))).toHaveLength(MAX_KEYRING)
    expect(await failure(() => filesOnDisk.read(put('over', '', MAX_KEYRING + 1)))).toBe(
      'it is larger than 8388608 bytes',
    )
    expect(await failure(() => filesOnDisk.read('/dev/zero'))).toMatch(/^it is a device/)
    const text =
      `${HEAD.replace('signed-by: debian', 'signed-by: /dev/zero')}    suites: [made]\n    components: [main]\n` +
      '    architectures: [amd64]\n    upstream: [{ url: "http://h/", signed-by: debian }]\n'
    const now = new Date('2026-06-01T00:00:00Z')
    const read = await readPolicy(put('p.yml', text), { environment: {}, now, files: filesOnDisk })
    expect(await failure(() => read.resolve({}))).toMatch(/the keyring \/dev\/zero cannot be read: it is a device/)
  })
})

describe('the files of a system', () => {
  it('of apt sources are no larger than the limit, and name no more sources than the limit', async () => {
    const read = async (text: string): Promise<string> => {
      put('etc/apt/sources.list', text)
      return await failure(() => readAptSources(root))
    }
    expect(await read('#'.repeat(MAX_SOURCES_FILE))).toBe('accepted')
    expect(await read('#'.repeat(MAX_SOURCES_FILE + 1))).toMatch(/etc\/apt\/sources\.list is larger than 1048576 bytes/)
    const sources = (count: number): string =>
      Array.from({ length: count }, (_, index) => `deb http://h/${index} s main\n`).join('')
    expect(await read(sources(MAX_SOURCES))).toBe('accepted')
    expect(await read(sources(MAX_SOURCES + 1))).toMatch(/sources\.list:1001 is one source too many: the limit is 1000/)
  })

  it("of dpkg's status are no larger than the limit", async () => {
    const start = 'Package: dpkg\nArchitecture: arm64\n\n'
    const file = put('var/lib/dpkg/status', start)
    const handle = openSync(file, 'r+')
    ftruncateSync(handle, MAX_STATUS_FILE + 1)
    closeSync(handle)
    expect(await failure(() => systemArchitectures(root))).toMatch(/dpkg\/status is larger than 268435456 bytes/)
    writeFileSync(file, `${start}Package: x\nDescription: ${'y'.repeat(1_000_000)}\n`)
    expect(systemArchitectures(root).native).toBe('arm64')
  })

  it("of dpkg's status are searched once, whatever stands in them", async () => {
    put('var/lib/dpkg/status', 'Package: dpkg\n'.repeat(200_000))
    const started = performance.now()
    expect(await failure(() => systemArchitectures(root))).toMatch(/does not say the architecture/)
    expect(performance.now() - started).toBeLessThan(10_000)
  })

  it('are followed through no more symbolic links than the limit', async () => {
    put('l0', 'x')
    for (let index = 1; index <= MAX_LINKS + 1; index++) symlinkSync(`l${index - 1}`, path.join(root, `l${index}`))
    expect(pathInSystem(root, `l${MAX_LINKS}`)).toBe(path.join(root, 'l0'))
    expect(await failure(() => pathInSystem(root, `l${MAX_LINKS + 1}`))).toMatch(/l41 has too many symbolic links/)
  })

  it('that hold keys are left out beyond the limit, with a warning', async () => {
    put('etc/apt/sources.list', 'deb [signed-by=/etc/key.gpg] http://h/d s main\n')
    put('var/lib/dpkg/arch', 'amd64\n')
    put('etc/key.gpg', '', MAX_KEYRING + 1)
    const warnings: string[] = []
    const at = new Date('2026-06-01T00:00:00Z')
    const made = await systemPolicy({ root, fromLists: false, warn: (text) => warnings.push(text), at })
    expect(warnings).toEqual([expect.stringMatching(/the keyring \/etc\/key\.gpg cannot be read and is left out/)])
    expect(made.archives).toHaveLength(1)
  })
})
