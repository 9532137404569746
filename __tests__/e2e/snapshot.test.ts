import { createHash } from 'node:crypto'
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { Gnupg, gpgVerify } from './gnupg.ts'
import { CODENAME, mirrorOfThisMachine, onlyFile, sha256Of } from './mirror.ts'
import { type PickedDeb, type PickedSource, pickDebs, pickSources } from './picking.ts'
import {
  cleanEnvironment,
  countsOf,
  debproof,
  type Finished,
  notIdentical,
  type Report,
  readReport,
  scratchFolder,
  succeed,
} from './running.ts'
import { serveFolder } from './serving.ts'
import { rebuildChanged } from './tampering.ts'

const SECURITY = `${CODENAME}-security`
const PASSPHRASE = 'throw-away'

describe('a snapshot that a project made of Debian packages and signed itself', () => {
  const scratch = scratchFolder()
  const gnupg = new Gnupg(scratch)
  const mirror = mirrorOfThisMachine()
  const snapshot = path.join(scratch, 'snapshot')
  const list = path.join(scratch, 'image.packages')
  let projectKey: string
  let debs: readonly PickedDeb[]
  /** The package that is tampered with, and the changed .deb under its own name. */
  let victim: PickedDeb
  let changed: { readonly file: string; readonly sha256: string }

  beforeAll(async () => {
    projectKey = await gnupg.makeKey('Snapshots of the project')
    await gnupg.exportPublic(projectKey, path.join(scratch, 'project.asc'))
    const reportKey = await gnupg.makeKey('Reports of the project', PASSPHRASE)
    await gnupg.exportPublic(reportKey, path.join(scratch, 'report.asc'))
    await gnupg.exportSecret(reportKey, path.join(scratch, 'report-secret.asc'), PASSPHRASE)

    debs = await pickDebs(mirror, path.join(scratch, 'debs'))
    await writeFile(list, debs.map(({ name, version }) => `${name}\t${version}\n`).join(''))
    await makeReprepro(snapshot)
    for (const suite of [CODENAME, SECURITY]) {
      const files = debs.filter((deb) => deb.suite === suite).map(({ file }) => file)
      await reprepro(snapshot, 'includedeb', suite, ...files)
    }

    victim = must(debs.find(({ version, suite }) => suite === CODENAME && /^\d+:/.test(version)))
    await mkdir(path.join(scratch, 'changed'))
    const file = path.join(scratch, 'changed', path.basename(victim.file))
    await cp(victim.file, file)
    await rebuildChanged(file, scratch)
    changed = { file, sha256: sha256Of(await readFile(file)) }
    expect(changed.sha256).not.toBe(victim.sha256)
  })

  describe('with reprepro', () => {
    it('is proven, and gpg accepts the signature of the report', async () => {
      const result = await verify('reprepro', policy(`file:${snapshot}`))
      expectAllIdentical(result)
      expect(result.stdout).toContain(`PASS: ${debs.length} packages proven (${debs.length} identical).`)
      const hashes = result.report.predicate.packages.map(({ name, sha256 }) => [name, sha256])
      expect(Object.fromEntries(hashes)).toEqual(Object.fromEntries(debs.map(({ name, sha256 }) => [name, sha256])))

      const [signature, report] = ['report.json.asc', 'report.json'].map((name) => path.join(result.output, name))
      const verified = await gpgVerify(scratch, path.join(scratch, 'report.asc'), signature ?? '', report ?? '')
      expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining('[GNUPG:] VALIDSIG ') })
      await writeFile(report ?? '', (await readFile(report ?? '', 'utf8')).replace('"pass"', '"fail"'))
      const forged = await gpgVerify(scratch, path.join(scratch, 'report.asc'), signature ?? '', report ?? '')
      expect(forged).toMatchObject({ code: 1, stdout: expect.stringContaining('[GNUPG:] BADSIG ') })
    })

    it('gives the same report, byte for byte, for the same inputs at the same time', async () => {
      const at = ['--at', new Date().toISOString()]
      const [first, second] = [
        await verify('first', policy(`file:${snapshot}`), ...at),
        await verify('second', policy(`file:${snapshot}`), ...at),
      ]
      expectAllIdentical(first)
      const [before, after] = await Promise.all(
        [first, second].map(({ output }) => readFile(path.join(output, 'report.json'), 'utf8')),
      )
      expect(after).toBe(before)
    })

    it('is proven over http too, and `--deep` hashes every file of its pool', async () => {
      const { url, requests } = await serveFolder(snapshot)
      const pool = (): readonly string[] => requests.filter((request) => request.startsWith('/pool/'))
      expectAllIdentical(await verify('http', policy(url)))
      expect(pool()).toEqual([])
      expectAllIdentical(await verify('http-deep', policy(url), '--deep'))
      expect(new Set(pool()).size).toBe(debs.length)
    })

    it('fails with exactly the package that an administrator changed, indexed and signed again', async () => {
      const copy = await copyOf(snapshot, 'tampered')
      await reprepro(copy, 'remove', CODENAME, victim.name)
      await reprepro(copy, 'includedeb', CODENAME, changed.file)
      const result = await verify('tampered', policy(`file:${copy}`))
      expectOneMismatch(result)
      expect(must(notIdentical(result.report)[0])).toMatchObject({ sha256: changed.sha256, hashFrom: 'archive' })
    })

    it('fails under `--deep` when a file in its pool was changed and its index was not', async () => {
      const copy = await copyOf(snapshot, 'pool-changed')
      const file = onlyFile(path.join(copy, 'pool'), named(path.basename(victim.file)))
      const bytes = await readFile(file)
      bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1)
      await writeFile(file, bytes)
      expectAllIdentical(await verify('pool-changed', policy(`file:${copy}`)))
      expectOneMismatch(await verify('pool-changed-deep', policy(`file:${copy}`), '--deep'), [sha256Of(bytes)])

      await cp(changed.file, file)
      expectOneMismatch(await verify('pool-rebuilt-deep', policy(`file:${copy}`), '--deep'), [path.basename(file)])
    })

    it('is undecided under `--deep` when a file is missing in its pool', async () => {
      const copy = await copyOf(snapshot, 'pool-missing')
      await rm(onlyFile(path.join(copy, 'pool'), named(path.basename(victim.file))))
      const { code, report } = await verify('pool-missing', policy(`file:${copy}`), '--deep')
      expect({ code, verdict: report.predicate.verdict }).toEqual({ code: 3, verdict: 'undecided' })
      expect(notIdentical(report)).toMatchObject([{ name: victim.name, verdict: 'undecided' }])
    })

    it('is not believed when its index was changed and not signed again', async () => {
      const copy = await copyOf(snapshot, 'unsigned-change')
      const folder = path.join(copy, 'dists', CODENAME, 'main/binary-amd64')
      const index = await readFile(path.join(folder, 'Packages'), 'utf8')
      await writeFile(path.join(folder, 'Packages'), index.replace(victim.sha256, changed.sha256))
      await succeed('gzip', ['-9nkf', path.join(folder, 'Packages')])
      const { code, report } = await verify('unsigned-change', policy(`file:${copy}`))
      expect({ code, verdict: report.predicate.verdict }).toEqual({ code: 3, verdict: 'undecided' })
      expect(report.predicate.archives.find(({ name }) => name === 'debian')?.unread).not.toEqual([])
    })
  })

  describe('with apt-ftparchive as a flat archive', () => {
    const flat = path.join(scratch, 'flat')

    beforeAll(async () => {
      await mkdir(flat)
      for (const { file } of debs) await cp(file, path.join(flat, path.basename(file)))
      await indexFlat(flat)
    })

    it('is proven by its Release and Release.gpg', async () => {
      expectAllIdentical(await verify('flat', flatPolicy(`file:${flat}`)))
      const { url, requests } = await serveFolder(flat)
      expectAllIdentical(await verify('flat-http', flatPolicy(url)))
      expect(requests).toContain('/Release.gpg')
    })

    it('fails with exactly the package that was changed, indexed and signed again', async () => {
      const copy = await copyOf(flat, 'flat-tampered')
      await cp(changed.file, path.join(copy, path.basename(changed.file)))
      await indexFlat(copy)
      expectOneMismatch(await verify('flat-tampered', flatPolicy(`file:${copy}`)))
    })

    it('fails when both the changed package and the real one are served under one name and version', async () => {
      const copy = await copyOf(flat, 'flat-both')
      await cp(changed.file, path.join(copy, `again-${path.basename(changed.file)}`))
      await indexFlat(copy)
      expectOneMismatch(await verify('flat-both', flatPolicy(`file:${copy}`)))
    })
  })

  describe('with the .debs of the build at hand', () => {
    it('proves the files themselves, also where the archive serves others by now', async () => {
      const copy = await copyOf(snapshot, 'changed-later')
      await reprepro(copy, 'remove', CODENAME, victim.name)
      await reprepro(copy, 'includedeb', CODENAME, changed.file)
      const folder = await debFolder('debs-real')
      const result = await verify('debs-real', policy(`file:${copy}`), '--packages', folder)
      expectAllIdentical(result)
      expect(new Set(result.report.predicate.packages.map(({ hashFrom }) => hashFrom))).toEqual(new Set(['deb']))
    })

    it('fails with exactly the file that was changed, though archive and upstream list the real one', async () => {
      const folder = await debFolder('debs-changed')
      await cp(changed.file, path.join(folder, path.basename(changed.file)))
      const result = await verify('debs-changed', policy(`file:${snapshot}`), '--packages', folder)
      expectOneMismatch(result)
      expect(must(notIdentical(result.report)[0])).toMatchObject({ sha256: changed.sha256, hashFrom: 'deb' })
    })
  })

  describe('with source packages', () => {
    const archive = path.join(scratch, 'with-sources')
    const manifest = path.join(scratch, 'release-1.0.build-manifest')
    let sources: readonly PickedSource[]
    /** The one that has its Debian part in a tarball of its own. */
    let quilt: PickedSource

    beforeAll(async () => {
      sources = await pickSources(mirror, path.join(scratch, 'sources'))
      quilt = must(sources.find(({ files }) => [...files.keys()].some((name) => /\.debian\.tar\./.test(name))))
      await cp(snapshot, archive, { recursive: true })
      for (const { dsc } of sources) await includeSource(archive, dsc)
      await writeFile(manifest, manifestOf(debs, sources))
    })

    it('proves binary and source packages of a build manifest as Tails writes it', async () => {
      const result = await verify('sources', policy(`file:${archive}`), '--packages', manifest)
      const total = debs.length + sources.length
      expect({ code: result.code, counts: countsOf(result.report) }).toEqual({
        code: 0,
        counts: { total, identical: total },
      })
      const proven = result.report.predicate.packages.filter(({ kind }) => kind === 'source')
      const dscs = sources.map(({ name, files, dsc }) => ({ name, sha256: files.get(path.basename(dsc)) }))
      expect(proven.map(({ name, sha256 }) => ({ name, sha256 }))).toEqual(
        dscs.sort((a, b) => (a.name < b.name ? -1 : 1)),
      )
    })

    it('fails and names the tarball that was changed and indexed again behind an unchanged .dsc', async () => {
      const copy = await copyOf(archive, 'tarball-changed')
      const [name, before] = must([...quilt.files].find(([file]) => /\.debian\.tar\./.test(file)))
      const tarball = onlyFile(path.join(copy, 'pool'), named(name))
      await changeTarball(tarball)
      const bytes = await readFile(tarball)
      const folder = path.join(copy, 'dists', CODENAME)
      const index = path.join(folder, 'main/source/Sources')
      const text = await succeed('gzip', ['-dc', `${index}.gz`])
      expect(text).toContain(before)
      await writeFile(index, restate(text, name, bytes))
      await succeed('gzip', ['-9nkf', index])
      await signSuite(folder)
      const result = await verify('tarball-changed', policy(`file:${copy}`), '--packages', manifest)
      expect(result.code).toBe(1)
      const [bad, ...others] = notIdentical(result.report)
      expect(others).toEqual([])
      expect(bad).toMatchObject({ name: quilt.name, kind: 'source', verdict: 'mismatch' })
      for (const part of [name, before, sha256Of(bytes)]) expect(bad?.reason).toContain(part)
    })

    it('fails with exactly the source package that was unpacked, changed and built again', async () => {
      const copy = await copyOf(archive, 'source-rebuilt')
      const work = path.join(scratch, 'source-work')
      await mkdir(work)
      for (const name of quilt.files.keys()) {
        await cp(path.join(path.dirname(quilt.dsc), name), path.join(work, name))
      }
      const dsc = path.join(work, path.basename(quilt.dsc))
      await succeed('dpkg-source', ['--no-check', '-x', dsc, 'unpacked'], { cwd: work })
      await writeFile(path.join(work, 'unpacked/debian/README.intruder'), 'This file is not of the package.\n')
      await succeed('dpkg-source', ['-b', 'unpacked'], { cwd: work })
      const rebuilt = sha256Of(await readFile(dsc))
      await reprepro(copy, 'removesrc', CODENAME, quilt.name)
      await includeSource(copy, dsc)
      const result = await verify('source-rebuilt', policy(`file:${copy}`), '--packages', manifest)
      expect(result.code).toBe(1)
      expect(notIdentical(result.report)).toMatchObject([{ name: quilt.name, kind: 'source', verdict: 'mismatch' }])
      for (const hash of [rebuilt, quilt.files.get(path.basename(quilt.dsc)) ?? '']) {
        expect(result.stdout).toContain(hash)
      }
    })
  })

  interface Verified extends Finished {
    readonly output: string
    readonly report: Report
  }

  /** Runs `verify` with the project's list unless another is named, signing the report. */
  async function verify(name: string, text: string, ...args: readonly string[]): Promise<Verified> {
    const file = path.join(scratch, `${name}.yml`)
    const output = path.join(scratch, `report-${name}`)
    await writeFile(file, text)
    const lists = args.includes('--packages') ? [] : ['--packages', list]
    const key = ['--signing-key', path.join(scratch, 'report-secret.asc')]
    const env = { ...cleanEnvironment(), DEBPROOF_SIGNING_PASSPHRASE: PASSPHRASE }
    const finished = await debproof(['verify', '--policy', file, '--output', output, ...lists, ...key, ...args], {
      env,
    })
    if (finished.code === null || finished.code === 2 || finished.code > 3) {
      throw new Error(`verify ended with ${finished.code}:\n${finished.stdout}${finished.stderr}`)
    }
    return { ...finished, output, report: await readReport(output) }
  }

  function expectAllIdentical({ code, report }: Verified): void {
    const { length } = debs
    expect({ code, counts: countsOf(report), bad: notIdentical(report) }).toEqual({
      code: 0,
      counts: { total: length, identical: length },
      bad: [],
    })
    expect(report.predicate.verdict).toBe('pass')
  }

  /** The victim alone is a mismatch, and people and programs are told what differs: both hashes, as a rule. */
  function expectOneMismatch({ code, stdout, report }: Verified, told = [changed.sha256, victim.sha256]): void {
    expect({ code, verdict: report.predicate.verdict }).toEqual({ code: 1, verdict: 'fail' })
    expect(countsOf(report)).toEqual({ total: debs.length, identical: debs.length - 1, mismatch: 1 })
    const { name, version, architecture } = victim
    expect(notIdentical(report)).toMatchObject([{ name, version, architecture, verdict: 'mismatch' }])
    for (const difference of told) {
      expect(stdout).toContain(difference)
      expect(JSON.stringify(notIdentical(report))).toContain(difference)
    }
  }

  function policy(url: string): string {
    const common = {
      require: 'identical',
      url,
      components: ['main'],
      architectures: ['amd64'],
      'signed-by': 'project.asc',
    }
    return JSON.stringify({
      version: 1,
      archives: {
        debian: { ...common, suites: [CODENAME], upstream: [{ url: mirror.debian, 'signed-by': 'debian' }] },
        'debian-security': {
          ...common,
          suites: [SECURITY],
          upstream: [{ url: mirror.security, 'signed-by': 'debian' }],
        },
      },
    })
  }

  function flatPolicy(url: string): string {
    return JSON.stringify({
      version: 1,
      archives: {
        flat: {
          require: 'identical',
          url,
          suites: ['./'],
          architectures: ['amd64'],
          'signed-by': 'project.asc',
          upstream: [
            { url: mirror.debian, suites: [CODENAME], components: ['main'], 'signed-by': 'debian' },
            { url: mirror.security, suites: [SECURITY], components: ['main'], 'signed-by': 'debian' },
          ],
        },
      },
    })
  }

  async function makeReprepro(folder: string): Promise<void> {
    await mkdir(path.join(folder, 'conf'), { recursive: true })
    const suites = [CODENAME, SECURITY].map((suite) =>
      [`Codename: ${suite}`, 'Components: main', 'Architectures: amd64 source', `SignWith: ${projectKey}`].join('\n'),
    )
    await writeFile(path.join(folder, 'conf/distributions'), `${suites.join('\n\n')}\n`)
  }

  async function reprepro(folder: string, ...args: readonly string[]): Promise<void> {
    await succeed('reprepro', ['--silent', '--basedir', folder, ...args], { env: gnupg.env })
  }

  async function includeSource(folder: string, dsc: string): Promise<void> {
    await reprepro(folder, '--section', 'misc', '--priority', 'optional', 'includedsc', CODENAME, dsc)
  }

  async function indexFlat(folder: string): Promise<void> {
    for (const name of ['Release', 'Release.gpg', 'Packages']) await rm(path.join(folder, name), { force: true })
    await writeFile(path.join(folder, 'Packages'), await succeed('apt-ftparchive', ['packages', '.'], { cwd: folder }))
    const release = await succeed('apt-ftparchive', ['release', '.'], { cwd: folder })
    await writeFile(path.join(folder, 'Release'), release)
    await gnupg.detachSign(projectKey, path.join(folder, 'Release'), path.join(folder, 'Release.gpg'))
  }

  /** Makes the release file of a suite anew from the indexes that are there. */
  async function signSuite(folder: string): Promise<void> {
    for (const name of ['Release', 'Release.gpg', 'InRelease']) await rm(path.join(folder, name), { force: true })
    const fields = [`Codename=${CODENAME}`, 'Components=main', 'Architectures=amd64']
    const options = fields.flatMap((field) => ['-o', `APT::FTPArchive::Release::${field}`])
    const release = await succeed('apt-ftparchive', [...options, 'release', '.'], { cwd: folder })
    await writeFile(path.join(folder, 'Release'), release)
    await gnupg.clearsign(projectKey, path.join(folder, 'Release'), path.join(folder, 'InRelease'))
  }

  async function copyOf(folder: string, name: string): Promise<string> {
    const copy = path.join(scratch, name)
    await cp(folder, copy, { recursive: true })
    return copy
  }

  async function debFolder(name: string): Promise<string> {
    const folder = path.join(scratch, name)
    await mkdir(folder)
    for (const { file } of debs) await cp(file, path.join(folder, path.basename(file)))
    return folder
  }

  /** Unpacks a .tar.xz or .tar.gz, adds a file, and packs it again in its place. */
  async function changeTarball(tarball: string): Promise<void> {
    const folder = path.join(scratch, 'tarball')
    await mkdir(folder)
    await succeed('tar', ['--extract', '--file', tarball, '--directory', folder])
    const [top = '.'] = await readdir(folder)
    await writeFile(path.join(folder, top, 'README.intruder'), 'This file is not of the package.\n')
    const fresh = path.join(scratch, path.basename(tarball))
    await succeed('tar', ['--create', '--auto-compress', '--file', fresh, '--directory', folder, top])
    await rename(fresh, tarball)
  }
})

/** Matches this file name alone. */
function named(name: string): RegExp {
  return new RegExp(`^${escaped(name)}$`)
}

/** An index of source packages with the size and the hashes of one file as they are now. */
function restate(index: string, name: string, bytes: Uint8Array): string {
  const line = new RegExp(`^ ([0-9a-f]+) \\d+ ${escaped(name)}$`, 'gm')
  const algorithms = new Map([32, 40, 64].map((length, at) => [length, ['md5', 'sha1', 'sha256'][at] ?? '']))
  return index.replaceAll(line, (_, hash: string) => {
    const algorithm = algorithms.get(hash.length) ?? ''
    return ` ${createHash(algorithm).update(bytes).digest('hex')} ${bytes.length} ${name}`
  })
}

function escaped(text: string): string {
  return text.replaceAll(/[.+]/g, '\\$&')
}

/** In the order and with the quotes of Tails' `generate-build-manifest`. */
function manifestOf(debs: readonly PickedDeb[], sources: readonly PickedSource[]): string {
  return [
    '---',
    'origin_references:',
    '  debian:',
    "    reference: '2026112201'",
    'packages:',
    '  binary:',
    ...debs.flatMap(({ architecture, name, version }) => [
      `  - arch: ${architecture}`,
      `    package: ${name}`,
      `    version: ${version}`,
    ]),
    '  source:',
    ...sources.flatMap(({ name, version }) => [`  - package: ${name}`, `    version: ${quoted(version)}`]),
    '',
  ].join('\n')
}

/** As YAML's writers do with what would be a number. */
function quoted(version: string): string {
  return /^[\d.]+$/.test(version) ? `'${version}'` : version
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('There is none.')
  return value
}
