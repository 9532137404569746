import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { Gnupg } from './gnupg.ts'
import {
  type BuiltProject,
  buildFromMirror,
  buildProject,
  debianPolicy,
  hashOf,
  inTotoVerify,
  type ProjectArchive,
  publishArchive,
  readLink,
  rebuild,
  rebuildPolicy,
  swapPackage,
} from './rebuilding.ts'
import {
  countsOf,
  debproof,
  type Finished,
  type ReportedPackage,
  readReport,
  run,
  scratchFolder,
  succeed,
} from './running.ts'
import { serveFolder } from './serving.ts'

// Four builds in a row; each of them has a limit of its own.
vi.setConfig({ testTimeout: 1_800_000, hookTimeout: 1_800_000 })

/** A rebuilder: a party with a key of its own. */
interface Rebuilder {
  readonly fingerprint: string
  readonly secret: string
  readonly output: string
}

describe('debproof rebuild, with an archive that a project built and serves', () => {
  const scratch = scratchFolder()
  const gnupg = new Gnupg(scratch)
  const policy = path.join(scratch, 'debproof.yml')
  let project: BuiltProject
  let archive: ProjectArchive
  let alpha: Rebuilder
  let beta: Rebuilder
  let first: Finished

  beforeAll(async () => {
    project = await buildProject(scratch)
    const key = await gnupg.makeKey('Project <project@project.example>')
    const { hello, words, tool, altered } = project
    archive = await publishArchive(scratch, gnupg, key, [hello, words, tool, altered])
    await writeFile(policy, rebuildPolicy(archive))
    alpha = await newRebuilder('alpha')
    beta = await newRebuilder('beta')
  })

  async function newRebuilder(name: string): Promise<Rebuilder> {
    const fingerprint = await gnupg.makeKey(`${name} <${name}@${name}.example>`)
    const secret = path.join(scratch, `${name}.secret.asc`)
    await gnupg.exportSecret(fingerprint, secret)
    return { fingerprint, secret, output: path.join(scratch, name) }
  }

  function rebuildAs({ secret, output }: Rebuilder, names: readonly string[]): Promise<Finished> {
    return rebuild(['--policy', policy, '--signing-key', secret, '--output', output, ...names])
  }

  it('lists one job for each source package, without tools or key', async () => {
    const names = ['debproof-hello-data', 'debproof-hello', 'debproof-tool']
    const { code, stdout } = await rebuild(['--policy', policy, '--list', '--format', 'matrix', ...names])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      include: ['debproof-hello', 'debproof-tool'].map((source) => ({
        package: `src:${source}=1.0`,
        source,
        version: '1.0',
        architecture: 'amd64',
        archive: 'project',
      })),
    })
  })

  it('rebuilds all that was not altered to the same bytes, and ends with 1 for what was', async () => {
    first = await rebuildAs(alpha, ['debproof-hello', 'debproof-tool', 'debproof-altered', 'debproof-words'])
    expect(first, first.stdout + first.stderr).toMatchObject({ code: 1 })
    expect(first.stdout).toMatch(/^DIFFERENT: of 4 source packages 3 came out the same, 1 different\.\n/)
    expect(first.stdout).toContain(`statements signed by ${alpha.fingerprint}`)
    expect((await readdir(path.join(alpha.output, 'buildinfo'))).sort()).toEqual([
      'debproof-hello_1.0_amd64.buildinfo',
      'debproof-tool_1.0+b1_amd64.buildinfo',
      'debproof-words_1.0_all.buildinfo',
    ])
  })

  it('states nothing of what came out different, and has diffoscope say how', async () => {
    expect(existsSync(path.join(alpha.output, 'sources/debproof-altered'))).toBe(false)
    const text = await readFile(
      path.join(alpha.output, 'different/debproof-altered_1.0_amd64/debproof-altered_1.0_amd64.deb.diffoscope.txt'),
      'utf8',
    )
    expect(text).toContain('-echo back door')
  })

  it('signs the new .buildinfo so that gpgv accepts it, with the hashes that the archive signed', async () => {
    const signed = path.join(alpha.output, 'buildinfo/debproof-hello_1.0_amd64.buildinfo')
    const text = await gpgvText(alpha, signed)
    for (const deb of project.hello.debs) expect(text).toContain(` ${await hashOf(deb)} `)
    expect(text).not.toBe(await readFile(project.hello.buildinfo, 'utf8'))
  })

  it('writes links that in-toto itself verifies, where its transport for apt looks for them', async () => {
    for (const [place, debs] of [
      ['debproof-hello/1.0', project.hello.debs],
      ['debproof-hello-data/1.0', project.hello.debs],
      ['debproof-tool/1.0+b1', project.tool.debs],
      ['debproof-words/1.0', project.words.debs],
    ] as const) {
      const file = path.join(alpha.output, 'sources', place, 'metadata')
      expect(await inTotoVerify(file, gnupg)).toMatchObject({ code: 0, stdout: 'good\n' })
      const { signed } = await readLink(file)
      const published = debs.filter((deb) => !deb.includes('-dbgsym_'))
      const hashes = await Promise.all(
        published.map(async (deb) => [path.basename(deb), { sha256: await hashOf(deb) }]),
      )
      expect(signed.products).toEqual(Object.fromEntries(hashes))
    }
    const { signed } = await readLink(path.join(alpha.output, 'sources/debproof-hello/1.0/metadata'))
    expect(signed.materials).toEqual({
      'debproof-hello_1.0.dsc': { sha256: await hashOf(project.hello.dsc) },
      'debproof-hello_1.0_amd64.buildinfo': { sha256: await hashOf(project.hello.buildinfo) },
    })
  })

  it('writes links whose signature gpgv accepts as an OpenPGP packet over the canonical text', async () => {
    const file = path.join(alpha.output, 'sources/debproof-hello/1.0/metadata')
    const { signatures, signed } = await readLink(file)
    const [signature] = signatures
    expect(signature?.keyid).toBe(alpha.fingerprint.toLowerCase())
    const folder = path.join(scratch, 'packet')
    await mkdir(folder)
    const content = path.join(folder, 'content')
    // Nothing in it needs escaping, so that canonical JSON is JSON with sorted names and without blanks.
    await writeFile(content, JSON.stringify(sorted(signed)))
    const packet = path.join(folder, 'content.sig')
    const bytes = Buffer.from(signature?.signature ?? '', 'hex')
    const integers = [bytes.subarray(0, 32), bytes.subarray(32)].map(mpi)
    // gpgv compares the left 16 bits of the digest only as a hint.
    const body = Buffer.concat([Buffer.from(signature?.other_headers ?? '', 'hex'), Buffer.alloc(2)])
    const digest = await digestStart(content, Buffer.from(signature?.other_headers ?? '', 'hex'), folder)
    const whole = Buffer.concat([body, digest, ...integers])
    await writeFile(packet, Buffer.concat([Buffer.from([0xc2, 0xff]), lengthOf(whole), whole]))
    const keyring = await keyringOf(alpha)
    expect(await run('gpgv', ['--keyring', keyring, packet, content])).toMatchObject({ code: 0 })
  })

  it('lets a second rebuilder come to the same result with a key of its own', async () => {
    const second = await rebuildAs(beta, ['debproof-hello', 'debproof-tool', 'debproof-words'])
    expect(second, second.stdout + second.stderr).toMatchObject({ code: 0 })
    expect(second.stdout).toMatch(/^SAME: of 3 source packages 3 came out the same\.\n/)
    const place = 'sources/debproof-hello/1.0/metadata'
    const [one, other] = [await readLink(path.join(alpha.output, place)), await readLink(path.join(beta.output, place))]
    expect(other.signed).toEqual(one.signed)
    expect(other.signatures[0]?.keyid).toBe(beta.fingerprint.toLowerCase())
  })

  describe('verified by what the two rebuilders published', () => {
    const HELLO = 'sources/debproof-hello/1.0/metadata'
    let site: { readonly alpha: string; readonly beta: string }

    beforeAll(async () => {
      for (const { fingerprint } of [alpha, beta]) await gnupg.exportPublic(fingerprint, certificateOf(fingerprint))
      const list = ['debproof-hello\t1.0', 'debproof-hello-data\t1.0', 'debproof-tool\t1.0+b1', 'debproof-words\t1.0']
      await writeFile(path.join(scratch, 'build.packages'), `${list.join('\n')}\n`)
      site = { alpha: (await serveFolder(alpha.output)).url, beta: (await serveFolder(beta.output)).url }
    })

    function certificateOf(fingerprint: string): string {
      return path.join(scratch, `${fingerprint}.asc`)
    }

    /** Alpha publishes .buildinfo files, beta links, unless the parties are others. */
    async function verify(more = '', parties = [partyOf('alpha', 'buildinfo'), partyOf('beta', 'in-toto')]) {
      const rebuilders = `    rebuilders:\n      threshold: 2\n${more}      parties:\n${parties.join('')}`
      await writeFile(policy, rebuildPolicy(archive, rebuilders))
      const output = path.join(scratch, 'report')
      const { code, stdout, stderr } = await debproof(['verify', '--policy', policy, '--output', output, '--unsigned'])
      const { predicate } = await readReport(output).catch(() => Promise.reject(new Error(stdout + stderr)))
      const of = (name: string): ReportedPackage | undefined => predicate.packages.find((item) => item.name === name)
      return { code, predicate, of }
    }

    function partyOf(name: 'alpha' | 'beta', format: 'buildinfo' | 'in-toto'): string {
      const { fingerprint } = name === 'alpha' ? alpha : beta
      const url = `${site[name]}/${format === 'buildinfo' ? 'buildinfo/' : ''}`
      return `        ${name}: { ${format}: "${url}", signed-by: ${certificateOf(fingerprint)} }\n`
    }

    it('every package is reproduced, arch any and all and the binNMU', async () => {
      const { code, predicate } = await verify()
      expect([code, predicate.verdict]).toEqual([0, 'pass'])
      expect(predicate.counts).toMatchObject({ total: 4, reproduced: 4 })
      for (const { reason } of predicate.packages) expect(reason).toBe('Reproduced by alpha, beta (2 needed).')
    })

    it('the links name the source that the archive serves, the .buildinfo files none', async () => {
      const links = [partyOf('alpha', 'in-toto'), partyOf('beta', 'in-toto')]
      expect((await verify('      source: required\n', links)).code).toBe(0)
      const { code, of } = await verify('      source: required\n')
      expect([code, of('debproof-hello')?.verdict]).toEqual([1, 'unproven'])
      expect(of('debproof-hello')?.reason).toContain('alpha: its statement does not name the source')
    })

    it('a package without one of the two statements is unproven', async () => {
      await rename(path.join(beta.output, HELLO), path.join(scratch, 'removed'))
      const { code, predicate, of } = await verify()
      await rename(path.join(scratch, 'removed'), path.join(beta.output, HELLO))
      expect(code).toBe(1)
      expect(predicate.counts).toMatchObject({ reproduced: 3, unproven: 1 })
      expect(of('debproof-hello')?.reason).toMatch(
        /^Only alpha vouches for .* beta: has no statement on it at http:\S+\.$/,
      )
    })

    it('a rebuilder who lies, or who builds otherwise, makes a mismatch', async () => {
      const file = path.join(alpha.output, 'buildinfo/debproof-hello_1.0_amd64.buildinfo')
      const honest = await readFile(file)
      const text = await gpgvText(alpha, file)
      const [deb = ''] = project.hello.debs.filter((each) => path.basename(each).startsWith('debproof-hello_'))
      const lie = path.join(scratch, 'lie')
      await writeFile(lie, text.replaceAll(await hashOf(deb), 'e'.repeat(64)))
      await rm(file)
      await gnupg.clearsign(alpha.fingerprint, lie, file)
      const { code, of } = await verify()
      await writeFile(file, honest)
      expect([code, of('debproof-hello')?.verdict, of('debproof-hello-data')?.verdict]).toEqual([
        1,
        'mismatch',
        'reproduced',
      ])
      expect(of('debproof-hello')?.reason).toContain(`alpha got ${'e'.repeat(64)}; beta got these.`)
    })

    it('a .deb that is swapped in the archive, signed anew by its own key, is a mismatch', async () => {
      const swapped = await swapPackage(archive, gnupg, project.words, scratch)
      const { code, predicate, of } = await verify()
      expect(code).toBe(1)
      expect(predicate.counts).toMatchObject({ reproduced: 3, mismatch: 1 })
      expect(of('debproof-words')).toMatchObject({ verdict: 'mismatch', sha256: swapped })
      expect(of('debproof-words')?.reason).toMatch(
        /rebuilding gave others: alpha got .*; beta got .*; no rebuilder got these\.$/,
      )
    })
  })

  it('attests a package of Debian that comes out as Debian has it, from a .buildinfo of its own', async () => {
    const name = 'debian-archive-keyring'
    const own = await buildFromMirror(scratch, project.chroot, name)
    const debian = path.join(scratch, 'debian.yml')
    await writeFile(debian, debianPolicy())
    const output = path.join(scratch, 'debian')
    const args = ['--policy', debian, '--signing-key', alpha.secret, '--output', output, '--buildinfo', own.buildinfo]
    const done = await rebuild([...args, name])
    expect(done, done.stdout + done.stderr).toMatchObject({ code: 0 })
    const [deb = ''] = own.debs
    const version = path.basename(deb).split('_')[1]
    const link = path.join(output, `sources/${name}/${version}/metadata`)
    expect(await inTotoVerify(link, gnupg)).toMatchObject({ code: 0, stdout: 'good\n' })
    // What rebuild held against the mirror's signed index is what is attested.
    expect((await readLink(link)).signed.products[path.basename(deb)]).toEqual({ sha256: await hashOf(deb) })
    await writeFile(path.join(scratch, 'debian.packages'), `${name}\t${version}\n`)
    const certificate = path.join(scratch, 'alpha.asc')
    await gnupg.exportPublic(alpha.fingerprint, certificate)
    const party = `{ in-toto: "file:debian/", buildinfo: "file:debian/buildinfo/", signed-by: ${certificate} }`
    await writeFile(debian, debianPolicy(`    rebuilders: { threshold: 1, parties: { alpha: ${party} } }\n`))
    const report = path.join(scratch, 'debian-report')
    const list = path.join(scratch, 'debian.packages')
    const verified = await debproof([
      'verify',
      '--policy',
      debian,
      '--packages',
      list,
      '--output',
      report,
      '--unsigned',
    ])
    expect(verified, verified.stdout + verified.stderr).toMatchObject({ code: 0 })
    expect(countsOf(await readReport(report))).toEqual({ total: 1, reproduced: 1 })
  })

  async function keyringOf({ fingerprint }: Rebuilder): Promise<string> {
    const keyring = path.join(scratch, `${fingerprint}.gpg`)
    await succeed('gpg', ['--batch', '--yes', '--output', keyring, '--export', fingerprint], { env: gnupg.env })
    return keyring
  }

  /** What gpgv takes out of a clearsigned file. */
  async function gpgvText(rebuilder: Rebuilder, file: string): Promise<string> {
    const output = path.join(scratch, 'verified')
    const { code, stderr } = await run('gpgv', ['--keyring', await keyringOf(rebuilder), '--output', output, file])
    expect(code, stderr).toBe(0)
    return await readFile(output, 'utf8')
  }
})

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(members.map(([name, member]) => [name, sorted(member)]))
}

/** An integer of OpenPGP (RFC 9580, 3.2). */
function mpi(bytes: Buffer): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0)
  const stripped = bytes.subarray(start)
  const bits = stripped.length * 8 - Math.clz32(stripped[0] ?? 0) + 24
  const length = Buffer.alloc(2)
  length.writeUInt16BE(bits)
  return Buffer.concat([length, stripped])
}

function lengthOf(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return length
}

/** The first two bytes of the digest that is signed (RFC 9580, 5.2.4). */
async function digestStart(content: string, headers: Buffer, folder: string): Promise<Buffer> {
  const trailer = Buffer.concat([Buffer.from([4, 0xff]), lengthOf(headers)])
  const input = path.join(folder, 'input')
  await writeFile(input, Buffer.concat([await readFile(content), headers, trailer]))
  return Buffer.from((await hashOf(input)).slice(0, 4), 'hex')
}
