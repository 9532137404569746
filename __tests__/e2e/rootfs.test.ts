import { appendFile, chmod, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { CODENAME, mirrorOfThisMachine } from './mirror.ts'
import { cleanEnvironment, countsOf, debproof, notIdentical, readReport, scratchFolder, succeed } from './running.ts'

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'

describe('a root file system that mmdebstrap built from the mirror', () => {
  const scratch = scratchFolder()
  const root = path.join(scratch, 'rootfs')
  let installed: number

  beforeAll(async () => {
    const { debian, security } = mirrorOfThisMachine()
    const tarball = path.join(scratch, 'rootfs.tar')
    const sources = [
      `deb [signed-by=${KEYRING}] ${debian} ${CODENAME} main`,
      `deb [signed-by=${KEYRING}] ${debian} ${CODENAME}-updates main`,
      `deb [signed-by=${KEYRING}] ${security} ${CODENAME}-security main`,
    ]
    const options = ['--variant=minbase', `--keyring=${KEYRING}`, '--skip=cleanup/apt/lists']
    // It works below its TMPDIR, which must be open to the users that it may work as.
    await chmod(scratch, 0o755)
    const env = { ...cleanEnvironment(), TMPDIR: scratch }
    await succeed('mmdebstrap', [...options, CODENAME, tarball, ...sources], { env, timeout: 540_000 })
    // Unpacked by whoever runs the tests, who cannot make devices and keep other owners unless it is root.
    await mkdir(root)
    const unpack = ['--extract', '--file', tarball, '--directory', root, '--exclude=./dev/*']
    await succeed('tar', [...unpack, '--no-same-owner', '--no-same-permissions'])
    const status = await readFile(path.join(root, 'var/lib/dpkg/status'), 'utf8')
    installed = [...status.matchAll(/^Status: install ok installed$/gm)].length
  })

  it('is proven package for package against its own apt sources', async () => {
    const output = path.join(scratch, 'system')
    const { code, stdout } = await debproof(['verify', '--system', '--root', root, '--unsigned', '--output', output])
    const report = await readReport(output)
    expect(installed).toBeGreaterThan(50)
    expect({ code, counts: countsOf(report) }).toEqual({ code: 0, counts: { total: installed, identical: installed } })
    expect(report.predicate.verdict).toBe('pass')
    expect(new Set(report.predicate.packages.map(({ hashFrom }) => hashFrom))).toEqual(new Set(['archive']))
    expect(stdout).toContain(`PASS: ${installed} packages proven (${installed} identical).`)
    expect(await readdir(output)).not.toContain('report.json.asc')
  })

  it('gives the same verdicts from what `dpkg-query -W` prints, which names no architecture', async () => {
    const list = path.join(scratch, 'image.packages')
    await writeFile(list, await succeed('dpkg-query', [`--admindir=${path.join(root, 'var/lib/dpkg')}`, '-W']))
    const output = path.join(scratch, 'query')
    const args = ['verify', '--system', '--root', root, '--packages', list, '--unsigned', '--output', output]
    const { code } = await debproof(args)
    const report = await readReport(output)
    expect({ code, counts: countsOf(report) }).toEqual({ code: 0, counts: { total: installed, identical: installed } })
    expect(report.predicate.packages.map(summarize)).toEqual(
      (await readReport(path.join(scratch, 'system'))).predicate.packages.map(summarize),
    )
  })

  it('is proven by the policy that `init` writes for it', async () => {
    const policy = path.join(scratch, 'debproof.yml')
    const written = await debproof(['init', '--root', root, '--output', policy])
    expect(written).toMatchObject({ code: 0 })
    const output = path.join(scratch, 'init')
    const { code } = await debproof(['verify', '--policy', policy, '--unsigned', '--output', output])
    const report = await readReport(output)
    expect({ code, counts: countsOf(report) }).toEqual({ code: 0, counts: { total: installed, identical: installed } })
  })

  it('is proven without network from the lists that its apt kept', async () => {
    const output = path.join(scratch, 'offline')
    const args = ['verify', '--system', '--root', root, '--offline', '--unsigned', '--output', output]
    // A proxy that nobody answers at: a request would fail, and what needs it would be undecided.
    const nowhere = 'http://127.0.0.1:9'
    const { code } = await debproof(args, {
      env: { PATH: process.env['PATH'], http_proxy: nowhere, https_proxy: nowhere },
    })
    const report = await readReport(output)
    expect({ code, counts: countsOf(report) }).toEqual({ code: 0, counts: { total: installed, identical: installed } })
    expect(new Set(report.predicate.packages.map(({ hashFrom }) => hashFrom))).toEqual(new Set(['apt-lists']))
    expect(report.predicate.packages.map(summarize)).toEqual(
      (await readReport(path.join(scratch, 'system'))).predicate.packages.map(summarize),
    )
  })

  it('fails when its apt lists were changed after apt checked them', async () => {
    const changed = path.join(scratch, 'changed-lists')
    for (const part of ['etc/apt', 'var/lib/dpkg', 'var/lib/apt/lists', 'usr/share/keyrings']) {
      await cp(path.join(root, part), path.join(changed, part), { recursive: true, verbatimSymlinks: true })
    }
    const lists = path.join(changed, 'var/lib/apt/lists')
    const index = (await readdir(lists)).find((name) => name.endsWith(`_dists_${CODENAME}_main_binary-amd64_Packages`))
    const file = path.join(lists, index ?? 'no index of the suite')
    const text = await readFile(file, 'latin1')
    const own = /^Package: base-files\n(?:.+\n)*?SHA256: ([0-9a-f]{64})$/m.exec(text)?.[1] ?? 'no such package'
    await writeFile(file, text.replace(own, 'f'.repeat(64)), 'latin1')
    const output = path.join(scratch, 'changed-lists-report')
    const args = ['verify', '--system', '--root', changed, '--offline', '--unsigned', '--output', output]
    const { code } = await debproof(args)
    const report = await readReport(output)
    expect(code).not.toBe(0)
    expect(report.predicate.verdict).not.toBe('pass')
    expect(notIdentical(report).map(({ name }) => name)).toContain('base-files')
  })

  it('fails and names a package that no archive ever had', async () => {
    const alien = ['Package: alien-helper', 'Status: install ok installed', 'Architecture: amd64', 'Version: 6.66-1']
    await appendFile(path.join(root, 'var/lib/dpkg/status'), `\n${alien.join('\n')}\n`)
    const output = path.join(scratch, 'alien')
    const { code, stdout } = await debproof(['verify', '--system', '--root', root, '--unsigned', '--output', output])
    const report = await readReport(output)
    expect(code).toBe(1)
    expect(report.predicate.verdict).toBe('fail')
    expect(countsOf(report)).toEqual({ total: installed + 1, identical: installed, unlisted: 1 })
    expect(notIdentical(report)).toMatchObject([{ name: 'alien-helper', version: '6.66-1', verdict: 'unlisted' }])
    expect(stdout).toMatch(/unlisted.*alien-helper|alien-helper.*unlisted/s)
  })
})

function summarize(item: {
  name: string
  version: string
  architecture: string | null
  sha256: string | null
}): string {
  return [item.name, item.version, item.architecture, item.sha256].join(' ')
}
