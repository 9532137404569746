import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

export interface AptSource {
  /** The unpacked source. */
  readonly folder: string
  readonly version: string
}

/** apt as it is installed here. */
export function installedVersion(): string {
  return execFileSync('dpkg-query', ['--show', '--showformat=\x24{Version}', 'apt'], { encoding: 'utf8' })
}

/**
 * Fetches apt's source from the Debian archive that this machine's apt sources name: of the installed version, or,
 * where the mirror does not have it, of the nearest older one. apt checks its hash against the signed index.
 *
 * @param suites where older ones are looked for, beside the suites that are among the sources
 */
export function fetchAptSource(folder: string, suites: readonly string[]): AptSource {
  mkdirSync(path.join(folder, 'lists/partial'), { recursive: true })
  const options = sourceOptions(folder, suites)
  run('apt-get', [...options, 'update'], folder)
  const records = execFileSync('apt-cache', [...options, 'showsrc', '--only-source', 'apt'], { encoding: 'utf8' })
  const installed = installedVersion()
  const versions = [...new Set([...records.matchAll(/^Version: (\S+)$/gm)].map(([, version = '']) => version))]
  const candidates = versions
    .filter((version) => isAtMost(version, installed))
    .sort((a, b) => (isAtMost(a, b) ? 1 : -1))
  for (const version of candidates) {
    try {
      run('apt-get', [...options, 'source', '--download-only', `apt=${version}`], folder)
    } catch {
      // A mirror may lack the .dsc, or the whole version; what was downloaded has the hash that its index states.
    }
    const archive = readdirSync(folder).find((name) => name === `apt_${version}.tar.xz`)
    if (archive === undefined) continue
    run('tar', ['--extract', '--file', archive], folder)
    const unpacked = readdirSync(folder).find((name) =>
      existsSync(path.join(folder, name, 'test/integration/framework')),
    )
    if (unpacked !== undefined) return { folder: path.join(folder, unpacked), version }
  }
  throw new Error(`The mirror has no source of apt ${installed} or older (it lists ${versions.join(', ')}).`)
}

/** Builds the web server of apt's tests, the only helper that tests of `update` need. */
export function buildWebServer(source: AptSource, folder: string): string {
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, 'config.h'), '#define PACKAGE_VERSION "0"\n')
  const code = path.join(source.folder, 'test/interactive-helper/aptwebserver.cc')
  run('g++', ['-O1', '-w', '-std=c++20', '-I', folder, code, '-o', 'aptwebserver', '-lapt-pkg'], folder)
  return folder
}

/** apt's own sources, read as sources of source packages, without touching what the system knows. */
function sourceOptions(folder: string, suites: readonly string[]): string[] {
  const list = path.join(folder, 'sources.list')
  const targets = execFileSync(
    'apt-get',
    ['indextargets', '--no-release-info', '--format', '$(REPO_URI) $(RELEASE) $(COMPONENT)', 'Created-By: Packages'],
    { encoding: 'utf8' },
  )
  const own = targets.trim().split('\n')
  const lines = [...new Set([...own, ...suites.map((suite) => `${own[0]?.split(' ')[0]} ${suite} main`)])]
  // Suites of Debian; the release file must be signed by one of the archive's keys, as everywhere.
  writeFileSync(list, lines.map((line) => `deb-src [signed-by=${ARCHIVE_KEYRING}] ${line}\n`).join(''))
  return [
    ['-o', `Dir::Etc::SourceList=${list}`],
    ['-o', 'Dir::Etc::SourceParts=/dev/null'],
    ['-o', `Dir::State::Lists=${path.join(folder, 'lists')}`],
    ['-o', 'Dir::Cache::pkgcache='],
    ['-o', 'Dir::Cache::srcpkgcache='],
    ['-o', 'APT::Sandbox::User=root'],
  ].flat()
}

const ARCHIVE_KEYRING = existsSync('/usr/share/keyrings/debian-archive-keyring.pgp')
  ? '/usr/share/keyrings/debian-archive-keyring.pgp'
  : '/usr/share/keyrings/debian-archive-keyring.gpg'

function isAtMost(version: string, other: string): boolean {
  try {
    execFileSync('dpkg', ['--compare-versions', version, 'le', other])
    return true
  } catch {
    return false
  }
}

function run(command: string, args: readonly string[], cwd: string): void {
  execFileSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] })
}
