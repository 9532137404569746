import { chmod, copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Gnupg } from './gnupg.ts'
import {
  CODENAME,
  downloadPoolFile,
  fieldOf,
  mirrorOfThisMachine,
  onlyFile,
  readMirrorIndex,
  sha256Of,
} from './mirror.ts'
import { cleanEnvironment, debproof, type Finished, run, succeed } from './running.ts'
import { serveFolder } from './serving.ts'
import { rebuildChanged } from './tampering.ts'

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'

/** What a build of several minutes may take. */
const BUILD_TIMEOUT = 540_000

/** A source package of a project's own, with what was built from it. */
export interface BuiltSource {
  readonly name: string
  readonly dsc: string
  readonly debs: readonly string[]
  readonly buildinfo: string
}

/** A project's own archive, really built and signed, and served on this machine. */
export interface ProjectArchive {
  /** Without a slash at its end. */
  readonly url: string
  readonly folder: string
  /** The certificate that its release files are signed with. */
  readonly certificate: string
}

/** The mirror of this machine as apt sources, one line each. */
export function mirrorSources(): string[] {
  const { debian, security } = mirrorOfThisMachine()
  return [
    `deb [signed-by=${KEYRING}] ${debian} ${CODENAME} main`,
    `deb [signed-by=${KEYRING}] ${debian} ${CODENAME}-updates main`,
    `deb [signed-by=${KEYRING}] ${security} ${CODENAME}-security main`,
  ]
}

/** Makes the chroot that the project builds in: build-essential, debhelper and these packages. */
export async function makeBuildChroot(scratch: string, include: readonly string[] = []): Promise<string> {
  // It works below its TMPDIR, which must be open to the users that it may work as.
  await chmod(scratch, 0o755)
  const tarball = path.join(scratch, 'buildd.tar')
  const options = ['--variant=buildd', `--include=${['debhelper', 'fakeroot', ...include].join(',')}`]
  const env = { ...cleanEnvironment(), TMPDIR: scratch }
  const speed = '--dpkgopt=force-unsafe-io'
  await succeed('mmdebstrap', [...options, speed, CODENAME, tarball, ...mirrorSources()], {
    env,
    timeout: BUILD_TIMEOUT,
  })
  return tarball
}

/** How a package is built for the first time, by whoever publishes it. */
export interface BuildOptions {
  /** .debs that it needs and no archive has yet. */
  readonly extra?: readonly string[]
  /** Rebuild without a change of the source: version `+b1`. */
  readonly binNmu?: boolean
  /** Install build dependencies from the mirror, beside what the chroot has. */
  readonly install?: boolean
}

/** Builds a source package with sbuild, as a project or a buildd does. */
export async function buildSource(
  chroot: string,
  dsc: string,
  folder: string,
  { extra = [], binNmu = false, install = false }: BuildOptions = {},
): Promise<BuiltSource> {
  await mkdir(folder, { recursive: true })
  await chmod(folder, 0o755)
  const config = path.join(folder, 'sbuild.conf')
  await writeFile(
    config,
    `$apt_update = ${install ? 1 : 0};\n$clean_source = 0;\n$run_lintian = 0;\n$run_autopkgtest = 0;\n1;\n`,
  )
  const options = [
    `--chroot=${chroot}`,
    '--chroot-mode=unshare',
    `--dist=${CODENAME}`,
    binNmu ? '--no-arch-all' : '--arch-all',
    '--bd-uninstallable-explainer=',
    ...extra.map((deb) => `--extra-package=${deb}`),
    ...(binNmu ? ['--binNMU=1', '--make-binNMU=Rebuilt for a test'] : []),
  ]
  const env = { ...cleanEnvironment(), SBUILD_CONFIG: config, DEBEMAIL: 'maker@project.example', TMPDIR: folder }
  const maintainer = ['--maintainer', 'Maker <maker@project.example>']
  await succeed('sbuild', [...options, ...(binNmu ? maintainer : []), dsc], {
    cwd: folder,
    env,
    timeout: BUILD_TIMEOUT,
  })
  const files = (await readdir(folder)).map((name) => path.join(folder, name))
  return {
    name: fieldOf(await readFile(dsc, 'utf8'), 'Source') ?? '',
    dsc,
    debs: files.filter((file) => /\.deb$/.test(file)),
    buildinfo: onlyFile(folder, /\.buildinfo$/),
  }
}

export interface SourceFiles {
  readonly name: string
  readonly buildDepends?: string
  /** Stanzas of debian/control without the first; `@misc` stands for the substitution of that name. */
  readonly packages: string
  readonly rules?: string
  /** By path. */
  readonly files: Readonly<Record<string, string>>
}

/** Makes a native source package of version 1.0; returns its .dsc. */
export async function makeSource(folder: string, source: SourceFiles): Promise<string> {
  const { name, packages, buildDepends = 'debhelper-compat (= 13)', rules = '%:\n\tdh $@\n' } = source
  const tree = path.join(folder, `${name}-1.0`)
  const files: Record<string, string> = {
    'debian/control':
      `Source: ${name}\nSection: misc\nPriority: optional\nMaintainer: Maker <maker@project.example>\n` +
      `Build-Depends: ${buildDepends}\nStandards-Version: 4.6.2\nRules-Requires-Root: no\n\n${packages.replaceAll(/@(\w+)/g, (_, name: string) => `\${${name}:Depends}`)}`,
    'debian/changelog':
      `${name} (1.0) unstable; urgency=medium\n\n  * Made for a test.\n\n` +
      ' -- Maker <maker@project.example>  Sun, 01 Nov 2026 10:00:00 +0000\n',
    'debian/source/format': '3.0 (native)\n',
    'debian/rules': `#!/usr/bin/make -f\n${rules}`,
    ...source.files,
  }
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(tree, file)), { recursive: true })
    await writeFile(path.join(tree, file), text)
  }
  await chmod(path.join(tree, 'debian/rules'), 0o755)
  await succeed('dpkg-source', ['--build', path.basename(tree)], { cwd: folder })
  return path.join(folder, `${name}_1.0.dsc`)
}

const HELLO: SourceFiles = {
  name: 'debproof-hello',
  packages:
    'Package: debproof-hello\nArchitecture: any\nDepends: @shlibs, @misc\nDescription: made\n Made for a test.\n\n' +
    'Package: debproof-hello-data\nArchitecture: all\nDepends: @misc\nDescription: made\n Made for a test.\n',
  files: {
    'hello.c': '#include <stdio.h>\nint main(void) { puts("hello, built on " __DATE__); return 0; }\n',
    Makefile:
      'debproof-hello: hello.c\n\t$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $<\ninstall:\n' +
      '\tinstall -D debproof-hello $(DESTDIR)/usr/bin/debproof-hello\n' +
      '\tinstall -D --mode=644 hello.c $(DESTDIR)/usr/share/debproof-hello/words\n',
    'debian/debproof-hello.install': 'usr/bin\n',
    'debian/debproof-hello-data.install': 'usr/share/debproof-hello\n',
  },
}

/** Needs another package of the project's own to be built, and no debhelper. */
const WORDS: SourceFiles = {
  name: 'debproof-words',
  buildDepends: 'debproof-hello-data',
  packages: 'Package: debproof-words\nArchitecture: all\nDescription: made\n Made for a test.\n',
  rules:
    'clean:\n\trm -rf debian/tmp debian/files\nbuild build-indep build-arch binary-arch:\n' +
    'binary binary-indep:\n\tinstall -D --mode=644 /usr/share/debproof-hello/words debian/tmp/usr/share/debproof-words\n' +
    '\tmkdir -p debian/tmp/DEBIAN\n\tdpkg-gencontrol -pdebproof-words\n' +
    '\tdpkg-deb --root-owner-group --build debian/tmp ..\n',
  files: {},
}

/** A source package of one script, which takes seconds to build. */
export function scriptSource(name: string): SourceFiles {
  return {
    name,
    packages: `Package: ${name}\nArchitecture: any\nDepends: @misc\nDescription: made\n Made for a test.\n`,
    files: {
      [`debian/${name}.install`]: `${name} usr/bin\n`,
      [name]: '#!/bin/sh\necho tool\n',
    },
  }
}

export interface BuiltProject {
  /** What it was built in. */
  readonly chroot: string
  /** arch any and arch all. */
  readonly hello: BuiltSource
  /** arch all; built with a package of the project's own. */
  readonly words: BuiltSource
  /** A binNMU: its .deb has version 1.0+b1, its source 1.0. */
  readonly tool: BuiltSource
  /** What is published of it was changed after the build. */
  readonly altered: BuiltSource
}

/** Builds four source packages, and changes one of them afterwards as an intruder would: in the .deb and its record. */
export async function buildProject(scratch: string): Promise<BuiltProject> {
  const chroot = await makeBuildChroot(scratch)
  const sources = path.join(scratch, 'sources')
  await mkdir(sources)
  const built = async (source: SourceFiles, options?: BuildOptions): Promise<BuiltSource> =>
    await buildSource(chroot, await makeSource(sources, source), path.join(scratch, 'built', source.name), options)
  const hello = await built(HELLO)
  const data = hello.debs.filter((file) => path.basename(file).startsWith('debproof-hello-data_'))
  const project = {
    chroot,
    hello,
    words: await built(WORDS, { extra: data }),
    tool: await built(scriptSource('debproof-tool'), { binNmu: true }),
    altered: await built(scriptSource('debproof-altered')),
  }
  await alter(project.altered, scratch)
  return project
}

/** Puts a back door into the .deb, and its new sizes and hashes into the .buildinfo. */
async function alter({ debs, buildinfo }: BuiltSource, scratch: string): Promise<void> {
  const [deb = ''] = debs
  const tree = path.join(scratch, 'altered')
  const sums = async (): Promise<string[]> =>
    await Promise.all(
      ['md5sum', 'sha1sum', 'sha256sum'].map(async (tool) => {
        const [hash] = (await succeed(tool, [deb])).split(' ')
        return `${hash} ${(await readFile(deb)).length} ${path.basename(deb)}`
      }),
    )
  const before = await sums()
  await succeed('dpkg-deb', ['--raw-extract', deb, tree])
  await writeFile(path.join(tree, 'usr/bin/debproof-altered'), '#!/bin/sh\necho back door\n')
  // diffoscope does not look into files whose sums in the package agree.
  const list = path.join(tree, 'DEBIAN/md5sums')
  const files = [...(await readFile(list, 'utf8')).matchAll(/^\S+ {2}(.+)$/gm)].map(([, file = '']) => file)
  await writeFile(list, await succeed('md5sum', files, { cwd: tree }))
  await succeed('dpkg-deb', ['--root-owner-group', '--build', tree, deb])
  const after = await sums()
  let text = await readFile(buildinfo, 'utf8')
  for (const [index, row] of before.entries()) text = text.replace(row, after[index] ?? '')
  await writeFile(buildinfo, text)
}

/** Publishes with reprepro, each .buildinfo beside its .dsc, and serves the archive. */
export async function publishArchive(
  scratch: string,
  gnupg: Gnupg,
  key: string,
  sources: readonly BuiltSource[],
): Promise<ProjectArchive> {
  const folder = path.join(scratch, 'archive')
  await mkdir(path.join(folder, 'conf'), { recursive: true })
  await writeFile(
    path.join(folder, 'conf/distributions'),
    `Origin: Project\nLabel: Project\nCodename: ${CODENAME}\nArchitectures: amd64 source\nComponents: main\n` +
      `Description: Made for a test\nSignWith: ${key}\n`,
  )
  const env = gnupg.env
  const reprepro = (args: readonly string[]): Promise<string> =>
    succeed('reprepro', ['--basedir', folder, '--section', 'misc', '--priority', 'optional', ...args], { env })
  for (const { debs, dsc } of sources) {
    for (const deb of debs.filter((file) => !file.includes('-dbgsym_'))) await reprepro(['includedeb', CODENAME, deb])
    await reprepro(['includedsc', CODENAME, dsc])
  }
  for (const { dsc, buildinfo } of sources) {
    const published = onlyFile(path.join(folder, 'pool'), new RegExp(`^${escaped(path.basename(dsc))}$`))
    await copyFile(buildinfo, path.join(path.dirname(published), path.basename(buildinfo)))
  }
  const certificate = path.join(scratch, 'project.asc')
  await gnupg.exportPublic(key, certificate)
  const { url } = await serveFolder(folder)
  return { url, folder, certificate }
}

/** Replaces a package in the archive by a changed one of the same version, and has it signed; returns its SHA-256. */
export async function swapPackage(
  { folder }: ProjectArchive,
  gnupg: Gnupg,
  { name, debs }: BuiltSource,
  scratch: string,
): Promise<string> {
  const [own = ''] = debs
  const changed = path.join(scratch, path.basename(own))
  await copyFile(own, changed)
  await rebuildChanged(changed, scratch)
  const reprepro = (args: readonly string[]): Promise<string> =>
    succeed('reprepro', ['--basedir', folder, ...args], { env: gnupg.env })
  await reprepro(['-T', 'deb', 'remove', CODENAME, name])
  await reprepro(['--section', 'misc', '--priority', 'optional', 'includedeb', CODENAME, changed])
  return await hashOf(changed)
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** A policy: Debian as this machine's mirror has it, and the project's archive, whose packages must be reproduced. */
export function rebuildPolicy({ url, certificate }: ProjectArchive, more = ''): string {
  const { debian, security } = mirrorOfThisMachine()
  const upstream = (name: string, base: string, suites: string): string =>
    `  ${name}:\n    require: identical\n    suites: [${suites}]\n    components: [main]\n    architectures: [amd64]\n` +
    `    upstream:\n      - url: "${base}"\n        signed-by: debian\n`
  return [
    'version: 1\npackages:\n  - path: build.packages\narchives:\n',
    upstream('debian', debian, `${CODENAME}, ${CODENAME}-updates`),
    upstream('security', security, `${CODENAME}-security`),
    `  project:\n    require: reproduced\n    url: "${url}"\n    suites: [${CODENAME}]\n    components: [main]\n`,
    `    architectures: [amd64]\n    signed-by: ${certificate}\n${more}`,
  ].join('')
}

/** Runs `debproof rebuild`. */
export function rebuild(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<Finished> {
  return debproof(['rebuild', ...args], { env: { ...cleanEnvironment(), ...env }, timeout: 1_200_000 })
}

/**
 * Downloads a source package of Debian's own from the mirror and builds it again, since mirrors have no .buildinfo.
 * It is one whose package comes out as Debian has it.
 */
export async function buildFromMirror(scratch: string, chroot: string, name: string): Promise<BuiltSource> {
  const { debian } = mirrorOfThisMachine()
  const stanzas = await readMirrorIndex(debian, CODENAME, 'main/source/Sources', scratch)
  const text = stanzas.findLast((stanza) => fieldOf(stanza.text, 'Package') === name)?.text ?? ''
  const files = [...text.matchAll(/^ ([0-9a-f]{64}) \d+ (\S+)$/gm)]
  const folder = path.join(scratch, `source-${name}`)
  await mkdir(folder)
  for (const [, sha256 = '', file = ''] of files) {
    const url = `${debian}/${fieldOf(text, 'Directory')}/${file}`
    if ((await downloadPoolFile(url, sha256, folder)) === undefined) throw new Error(`the mirror has no ${url}`)
  }
  return await buildSource(chroot, onlyFile(folder, /\.dsc$/), path.join(scratch, `built-${name}`), { install: true })
}

/** A policy in which Debian's own packages must be reproduced. */
export function debianPolicy(more = ''): string {
  const { debian, security } = mirrorOfThisMachine()
  const archive = (name: string, base: string, suites: string): string =>
    `  ${name}:\n    require: reproduced\n    url: "${base}"\n    suites: [${suites}]\n    components: [main]\n` +
    `    architectures: [amd64]\n    signed-by: debian\n${more}`
  return [
    'version: 1\narchives:\n',
    archive('debian', debian, `${CODENAME}, ${CODENAME}-updates`),
    archive('security', security, `${CODENAME}-security`),
  ].join('')
}

/** The SHA-256 of a file. */
export async function hashOf(file: string): Promise<string> {
  return sha256Of(await readFile(file))
}

interface Link {
  readonly signatures: readonly { readonly keyid: string; readonly other_headers: string; readonly signature: string }[]
  readonly signed: {
    readonly materials: Readonly<Record<string, { readonly sha256: string }>>
    readonly products: Readonly<Record<string, { readonly sha256: string }>>
  }
}

export async function readLink(file: string): Promise<Link> {
  return JSON.parse(await readFile(file, 'utf8'))
}

/** What in-toto's own library says of a link (Debian's package in-toto). */
export async function inTotoVerify(link: string, gnupg: Gnupg): Promise<Finished> {
  const program = [
    'import sys',
    'from in_toto.models.metadata import Metablock',
    'from securesystemslib.gpg.functions import export_pubkey',
    'link = Metablock.load(sys.argv[1])',
    'link.verify_signature(export_pubkey(link.signatures[0]["keyid"], homedir=sys.argv[2]))',
    'print("good")',
  ].join('\n')
  return await run('/usr/bin/python3', ['-c', program, link, gnupg.home], { env: gnupg.env })
}
