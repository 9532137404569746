/**
 * What it measures: what each program that reads a `Packages` index makes of one odd stanza, and of the sound ones
 * around it: apt, debootstrap, dpkg, python-debian, grep-dctrl, and debproof. docs/apt-parity.md rests on it.
 *
 * How to run, on a Debian system with debootstrap, dctrl-tools and python3-debian, or in a chroot by
 * assurance/apt/in-sid.sh with PROGRAM=assurance/readers/readers.ts:
 *
 *     node assurance/readers/readers.ts
 *
 * Three packages are listed, `before`, `hello` and `behind`; the stanza of `hello` is odd. Of each reader it prints the
 * file of `hello` (`own`, `other`, that of `before`, or none), and `!` where a sound package is read in another way than
 * beside a sound stanza. apt's word is the file that it downloads. Exits with 1 where debproof takes a file as certain
 * that some reader takes for another one, or where a sound package changes.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sha256Hex } from '../../__tests__/making/signed-archive.ts'
import { run } from '../differential/tools.ts'
import { readByDebproof } from './debproof-reader.ts'
import { BYTES, indexWith, NAMES, ODDITIES } from './oddities.ts'

const work = mkdtempSync(path.join(tmpdir(), 'index-readers-'))
try {
  process.exitCode = await main()
} finally {
  rmSync(work, { recursive: true, force: true })
}

/** What a reader takes for the file of each package: its SHA-256, or nothing. */
type Read = ReadonlyMap<string, string | undefined>

async function main(): Promise<number> {
  const readers: Readonly<Record<string, (folder: string) => Promise<Read>>> = {
    apt: readByApt,
    debootstrap: readByDebootstrap,
    dpkg: readByDpkg,
    'python-debian': readByPython,
    'grep-dctrl': readByDctrl,
    debproof: readByDebproof,
  }
  const sound = new Map<string, Read>()
  const soundArchive = archive(
    'sound',
    indexWith((lines) => lines),
  )
  for (const [name, read] of Object.entries(readers)) sound.set(name, await read(soundArchive))
  const rows: string[][] = []
  let looser = 0
  for (const { name, apply } of ODDITIES) {
    const folder = archive(`${rows.length}`, indexWith(apply))
    const words: string[] = []
    const told: (string | undefined)[] = []
    for (const [reader, read] of Object.entries(readers)) {
      const found = await read(folder)
      const changed = ['before', 'behind'].some((one) => found.get(one) !== sound.get(reader)?.get(one))
      words.push(`${wordOf(found.get('hello'))}${changed ? ' !' : ''}`)
      told.push(found.get('hello'))
      if (reader === 'debproof' && changed && found.get('refused') === undefined) looser += 1
    }
    const own = told.pop()
    const differs = own !== undefined && told.some((other) => other !== undefined && other.toLowerCase() !== own)
    if (differs) looser += 1
    rows.push([name, ...words, differs ? 'LOOSER' : ''])
  }
  const apt = (await run(['apt-get'], ['--version'])).stdout.toString().split('\n')[0]
  const debootstrap = (await run(['debootstrap'], ['--version'])).stdout.toString().trim()
  const title = ['the stanza of hello', ...Object.keys(readers), '']
  const table = [title, title.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
  process.stdout.write(`${apt}; ${debootstrap}\n\n${table}\n`)
  return looser === 0 ? 0 : 1
}

/** An archive of one index, in a folder of its own. */
function archive(name: string, index: string): string {
  const folder = path.join(work, name)
  mkdirSync(path.join(folder, 'pool'), { recursive: true })
  for (const [file, bytes] of Object.entries(BYTES)) writeFileSync(path.join(folder, 'pool', `${file}.deb`), bytes)
  writeFileSync(path.join(folder, 'Packages'), Buffer.from(index, 'latin1'))
  return folder
}

function wordOf(hash: string | undefined): string {
  if (hash === undefined) return 'none'
  for (const [file, bytes] of Object.entries(BYTES)) {
    if (sha256Hex(bytes) === hash) return file
    if (sha256Hex(bytes) === hash.toLowerCase()) return `${file} (as written)`
  }
  return JSON.stringify(hash.slice(0, 20))
}

/** With which file apt would install each: `trusted=yes`, for the signature is not what is asked. */
async function readByApt(folder: string): Promise<Read> {
  const state = path.join(folder, 'apt')
  for (const below of ['state/lists/partial', 'cache/archives/partial', 'empty', 'downloads']) {
    mkdirSync(path.join(state, below), { recursive: true })
  }
  writeFileSync(path.join(state, 'status'), '')
  writeFileSync(path.join(state, 'sources.list'), `deb [trusted=yes arch=amd64] copy:${folder} ./\n`)
  const options = {
    'Dir::Etc::main': '/dev/null',
    'Dir::Etc::parts': path.join(state, 'empty'),
    'Dir::Etc::sourcelist': path.join(state, 'sources.list'),
    'Dir::Etc::sourceparts': path.join(state, 'empty'),
    'Dir::Etc::preferencesparts': path.join(state, 'empty'),
    'Dir::State': path.join(state, 'state'),
    'Dir::State::status': path.join(state, 'status'),
    'Dir::Cache': path.join(state, 'cache'),
    'APT::Architecture': 'amd64',
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
  }
  const conf = Object.entries(options).map(([name, value]) => `${name} "${value}";\n`)
  writeFileSync(path.join(state, 'apt.conf'), conf.join(''))
  const apt = (args: readonly string[]): ReturnType<typeof run> =>
    run(['env', '-C', path.join(state, 'downloads'), `APT_CONFIG=${path.join(state, 'apt.conf')}`, 'apt-get'], args)
  await apt(['update', '-qq'])
  const found = new Map<string, string | undefined>()
  for (const name of NAMES) {
    const printed = await apt(['download', '--print-uris', '-qq', name])
    const file = /^'.*' (\S+) \d+ /m.exec(printed.stdout.toString())?.[1]
    const { code } = await apt(['download', '-qq', name])
    const bytes = code === 0 && file !== undefined ? readFileSync(path.join(state, 'downloads', file)) : undefined
    found.set(name, bytes === undefined ? undefined : sha256Hex(bytes))
  }
  return found
}

/** Its own functions; it compares the hash that they print with that of the file, letter by letter. */
async function readByDebootstrap(folder: string): Promise<Read> {
  const script =
    'in_path() { command -v "$1" >/dev/null; }; DEBOOTSTRAP_CHECKSUM_FIELD=SHA256; export DEBOOTSTRAP_CHECKSUM_FIELD; ' +
    '. /usr/share/debootstrap/functions >/dev/null 2>&1; pkgdetails_perl PKGS M "$0" "$@"'
  const { stdout } = await run(['sh', '-c', script], [path.join(folder, 'Packages'), ...NAMES])
  const lines = stdout
    .toString('latin1')
    .split('\n')
    .map((line) => line.split(' '))
  return new Map(
    NAMES.map((name) => {
      const [, version, , , , hash] = lines.find(([first]) => first === name) ?? []
      return [name, version === '-' || hash === undefined || hash === '' ? undefined : hash]
    }),
  )
}

/** dpkg's list of available packages, which dselect and debootstrap fill; it has no SHA-256 where it reads none. */
async function readByDpkg(folder: string): Promise<Read> {
  const admin = path.join(folder, 'dpkg')
  mkdirSync(path.join(admin, 'updates'), { recursive: true })
  mkdirSync(path.join(admin, 'info'), { recursive: true })
  writeFileSync(path.join(admin, 'status'), '')
  await run(['dpkg', `--admindir=${admin}`], ['--update-avail', path.join(folder, 'Packages')])
  return new Map(
    await Promise.all(
      NAMES.map(async (name) => {
        const { stdout } = await run(['dpkg', `--admindir=${admin}`], ['--print-avail', name])
        return [name, /^SHA256: *(\S+)/im.exec(stdout.toString('latin1'))?.[1]] as const
      }),
    ),
  )
}

async function readByPython(folder: string): Promise<Read> {
  const script = [
    'import sys',
    'from debian.deb822 import Packages',
    'for one in Packages.iter_paragraphs(open(sys.argv[1], "rb"), use_apt_pkg=False):',
    '    print(one.get("Package"), one.get("SHA256", "").strip())',
  ].join('\n')
  const { stdout } = await run(['/usr/bin/python3', '-W', 'ignore', '-c', script], [path.join(folder, 'Packages')])
  return lastOfEach(stdout.toString('latin1'))
}

async function readByDctrl(folder: string): Promise<Read> {
  const { stdout } = await run(['grep-dctrl'], ['-n', '-s', 'Package,SHA256', '', path.join(folder, 'Packages')])
  const pairs = stdout
    .toString('latin1')
    .split(/\n\n+/)
    .map((pair) => pair.replace('\n', ' '))
  return lastOfEach(pairs.join('\n'))
}

/** Lines of a name and a hash. */
function lastOfEach(text: string): Read {
  const lines = text.split('\n').map((line) => line.split(/\s+/))
  return new Map(
    NAMES.map((name) => {
      const hash = lines.filter(([first]) => first === name).at(-1)?.[1]
      return [name, hash === '' ? undefined : hash]
    }),
  )
}
