import { parseStanza, type Stanza } from '../archive/deb822.ts'
import { parseArchitecture, parsePackageName, parseVersion } from '../archive/identity.ts'
import { DebproofError } from '../errors.ts'
import { MAX_BUILD_DEPENDENCIES } from '../limits.ts'

/**
 * Variables that a build may be given. Those that dpkg records (Dpkg::BuildInfo, get_build_env_allowed), without
 * those that say where the tools find their libraries and their data: debrebuild sets them outside of the chroot.
 */
const VARIABLES: ReadonlySet<string> = new Set(
  (
    'CC CPP CXX OBJC OBJCXX PC FC M2C AS LD AR RANLIB MAKE AWK LEX YACC ' +
    'ASFLAGS CFLAGS CPPFLAGS CXXFLAGS OBJCFLAGS OBJCXXFLAGS GCJFLAGS DFLAGS FFLAGS LDFLAGS ARFLAGS MAKEFLAGS ' +
    'ASFLAGS_FOR_BUILD CFLAGS_FOR_BUILD CPPFLAGS_FOR_BUILD CXXFLAGS_FOR_BUILD LDFLAGS_FOR_BUILD ' +
    'LANG LANGUAGE LC_ALL LC_CTYPE LC_NUMERIC LC_TIME LC_COLLATE LC_MONETARY LC_MESSAGES LC_PAPER LC_NAME LC_ADDRESS ' +
    'LC_TELEPHONE LC_MEASUREMENT LC_IDENTIFICATION DEB_BUILD_OPTIONS DEB_BUILD_PROFILES DEB_VENDOR ' +
    'DPKG_GENSYMBOLS_CHECK_LEVEL SOURCE_DATE_EPOCH'
  ).split(' '),
)

/**
 * Refuses what a `.buildinfo` could do to the machine that rebuilds: nobody signed it, and debrebuild hands its
 * `Environment` to env(1) outside of the chroot, where a line `--split-string=…` would be a command, and its names
 * to shells and to apt.
 *
 * @throws DebproofError STATEMENT
 */
export function refuseUnsafeBuildinfo(text: string, what: string): void {
  const stanza = parseStanza(text)
  const refuse = (problem: string): DebproofError =>
    new DebproofError('STATEMENT', `${what} ${problem}; it is not given to debrebuild.`)
  checkArchitectures(stanza, refuse)
  checkEnvironment(stanza.get('environment') ?? '', refuse)
  checkDependencies(stanza.get('installed-build-depends') ?? '', refuse)
  const buildPath = stanza.get('build-path')
  if (buildPath !== undefined && !isBuildPath(buildPath)) {
    throw refuse(
      `has the Build-Path ${JSON.stringify(buildPath.slice(0, 200))}, which must be a plain path below /build or /tmp`,
    )
  }
}

type Refuse = (problem: string) => DebproofError

function checkArchitectures(stanza: Stanza, refuse: Refuse): void {
  const words = (stanza.get('architecture') ?? '').split(/[ \t]+/)
  if (words.some((word) => parseArchitecture(word) === undefined)) throw refuse('has no valid Architecture')
  const host = stanza.get('host-architecture')
  if (host !== undefined && parseArchitecture(host) === undefined) throw refuse('has no valid Host-Architecture')
}

/** ` NAME="value"`, with `\"` and `\\` in the value (deb-buildinfo(5)). */
function checkEnvironment(field: string, refuse: Refuse): void {
  for (const line of field.split('\n')) {
    if (line === '') continue
    const [, name] = /^([A-Za-z_][A-Za-z0-9_]*)="(?:[^"\\]|\\["\\])*"$/.exec(line) ?? []
    if (name === undefined)
      throw refuse(`has a line in Environment that is no variable: ${JSON.stringify(line.slice(0, 200))}`)
    if (!VARIABLES.has(name)) throw refuse(`sets ${name}, which is no variable of a build`)
  }
}

/** ` name[:arch] (= version),` with one package a line, as dpkg-genbuildinfo writes it. */
function checkDependencies(field: string, refuse: Refuse): void {
  const lines = field.split('\n').filter((line) => line !== '')
  if (lines.length === 0) throw refuse('lists no Installed-Build-Depends')
  if (lines.length > MAX_BUILD_DEPENDENCIES)
    throw refuse(`lists more than ${MAX_BUILD_DEPENDENCIES} build dependencies`)
  for (const [index, line] of lines.entries()) {
    const [, name = '', architecture = 'all', version = '', comma] =
      /^([^\s:(),]+)(?::([^\s:(),]+))? \(= ([^\s(),]+)\)(,?)$/.exec(line) ?? []
    const isLast = index === lines.length - 1
    if (
      !isPlainName(name) ||
      parseArchitecture(architecture) === undefined ||
      parseVersion(version) === undefined ||
      (comma === '' && !isLast)
    ) {
      throw refuse(`has a line in Installed-Build-Depends that is none: ${JSON.stringify(line.slice(0, 200))}`)
    }
  }
}

/** As Debian Policy 5.6.7 has it: no other name can be told from an option or a pattern of apt's. */
function isPlainName(name: string): boolean {
  return parsePackageName(name) === name && /^[a-z0-9][a-z0-9+.-]+$/.test(name)
}

function isBuildPath(path: string): boolean {
  return (
    /^\/(?:build|tmp)\/[A-Za-z0-9+.~_/-]+$/.test(path) &&
    path.length <= 1024 &&
    !path.split('/').some((part) => part === '..' || part === '.')
  )
}
