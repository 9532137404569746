import { isPathSuite } from '../archive/suite-layout.ts'
import type { SeenSuite } from './likely-upstream.ts'
import { OPEN_PLACE } from './policy-schema.ts'

/** What `debproof init` found of one archive among a system's sources. */
export interface SourceArchive {
  readonly name: string
  readonly url: string
  /** Its keys, as a policy names them. */
  readonly signedBy: string
  /** The shipped keyring whose keys they all are, as a policy names it. */
  readonly shipped?: string
  readonly suites: readonly SeenSuite[]
  readonly components: readonly string[]
  readonly architectures: readonly string[]
}

/** The lines of an archive that a shipped upstream signs: the build used that upstream itself. */
export function ownUpstreamLines(archive: SourceArchive): string[] {
  return [
    `  ${archive.name}:`,
    '    require: identical',
    '    # Where your builds use a copy of your own, name it here, with your own key:',
    '    # url: "https://snapshots.example/debian"',
    '    # signed-by: keys/project.asc',
    ...areaLines(archive),
    '    upstream:',
    `      - url: ${JSON.stringify(archive.url)}`,
    `        signed-by: ${archive.shipped ?? archive.signedBy}`,
    ...releaseNameLines(archive).map((line) => `        ${line}`),
  ]
}

/**
 * The lines of an archive with keys of its own, with the upstreams that it seems to copy, or a place left open.
 *
 * @param shipped the system's sources that a shipped upstream signs: what they have is read there
 */
export function derivativeLines(archive: SourceArchive, shipped: readonly (SourceArchive | string)[]): string[] {
  const unknown = archive.suites.filter(({ likely }) => likely === undefined)
  const isWhole = unknown.length === archive.suites.length
  return [
    `  ${archive.name}:`,
    '    require: identical',
    '    # Whoever has the keys of this archive can put anything into it, so somebody else must vouch for its packages.',
    `    url: ${JSON.stringify(archive.url)}`,
    `    signed-by: ${archive.signedBy}`,
    ...areaLines(archive),
    ...releaseNameLines(archive).map((line) => `    ${line}`),
    '    upstream:',
    ...likelyLines(archive, shipped),
    ...(unknown.length === 0 ? [] : openLines(archive, unknown, isWhole)),
  ]
}

function areaLines({ suites, components, architectures }: SourceArchive): string[] {
  return [
    `    suites: ${list(suiteNames(suites))}`,
    ...(components.length > 0 ? [`    components: ${list(components)}`] : []),
    `    architectures: ${list(architectures)}`,
  ]
}

/** Where the release file that apt kept has another name than its one suite. */
function releaseNameLines({ suites }: SourceArchive): string[] {
  const [only, ...others] = suites
  if (only === undefined || others.length > 0 || isPathSuite(only.source.suite)) return []
  const asked = [only.source.suite, only.source.suite.replace(/\/updates$/, '')]
  const names = [only.kept?.codename, only.kept?.suite].flatMap((name) =>
    name === undefined || name === '' ? [] : [name],
  )
  const [name] = names
  if (name === undefined || name.length > 200 || names.some((one) => asked.includes(one))) return []
  return [
    '# What its release file says: see whether that is the suite that is meant.',
    `release-name: ${list([name]).slice(1, -1)}`,
  ]
}

/** An upstream for each place that has some of the suites. */
function likelyLines(archive: SourceArchive, shipped: readonly (SourceArchive | string)[]): string[] {
  const places = new Map<string, { readonly suites: Set<string>; readonly whys: Set<string> }>()
  for (const suite of archive.suites) {
    const { likely } = suite
    if (likely === undefined) continue
    const url = placeAmong(shipped, likely.suite) ?? likely.url
    const place = places.get(url) ?? { suites: new Set(), whys: new Set() }
    places.set(url, place)
    place.suites.add(likely.suite)
    place.whys.add(`      # The release file of ${shown(suite.source.suite)} ${likely.why}.`)
  }
  if (places.size === 0) return []
  const same = suiteNames(archive.suites).join(' ')
  return [
    "      # Taken for a copy of Debian's archive; correct this where it is none.",
    ...[...places].flatMap(([url, { suites, whys }]) => [
      ...whys,
      `      - url: ${JSON.stringify(url)}`,
      '        signed-by: debian',
      ...([...suites].join(' ') === same ? [] : [`        suites: ${list([...suites])}`]),
    ]),
    "      # What Debian's live archive lists no more, its snapshot service has (docs/policy.md, Upstreams as they were):",
    '      # - snapshots: https://snapshot.debian.org',
    '      #   archive: debian   # or debian-security',
    '      #   signed-by: debian',
  ]
}

/** Where a source of the system has the suite that an upstream signs itself. */
function placeAmong(shipped: readonly (SourceArchive | string)[], suite: string): string | undefined {
  const archives = shipped.filter((item) => typeof item !== 'string')
  return archives.find(({ suites }) =>
    suites.some(({ source, kept }) => source.suite === suite || kept?.codename === suite),
  )?.url
}

function openLines(archive: SourceArchive, unknown: readonly SeenSuite[], isWhole: boolean): string[] {
  const said = unknown.flatMap(({ source, kept }) => {
    const fields = [`Origin: ${shown(kept?.origin ?? '')}`, `Codename: ${shown(kept?.codename ?? '')}`]
    return kept === undefined ? [] : [`      # The release file of ${shown(source.suite)} says ${fields.join(', ')}.`]
  })
  return [
    `      # ${OPEN_PLACE}: who first distributed these packages is not known. \`debproof verify\` asks for it.`,
    ...(said.length > 0 ? said : ['      # apt kept no release file of it that would say whose they are.']),
    '      # 1. They are copies: name the archive that first distributed them, and whose keys sign there, such as',
    '      #   - url: http://ftp.debian.org/debian',
    '      #     signed-by: debian',
    '      # 2. This archive is the first to distribute them, as that of a vendor is: name it again, on purpose. Nobody',
    '      #    else vouches for its packages then, and the report counts them:',
    `      #   - url: ${JSON.stringify(archive.url)}`,
    `      #     signed-by: ${archive.signedBy}`,
    ...releaseNameLines(archive)
      .slice(-1)
      .map((line) => `      #     ${line}`),
    `      - url: ${OPEN_PLACE}`,
    `        signed-by: ${OPEN_PLACE}`,
    ...(isWhole ? [] : [`        suites: ${list(suiteNames(unknown))}`]),
  ]
}

function suiteNames(suites: readonly SeenSuite[]): string[] {
  return [...new Set(suites.map(({ source }) => source.suite))]
}

/** What an archive says of itself, in a comment that it cannot end. */
function shown(text: string): string {
  return text === '' ? 'nothing' : JSON.stringify(text.slice(0, 60).replaceAll(/[^\x20-\x7e]/g, '?'))
}

/** A list as YAML: a JSON string is a YAML string. */
export function list(items: readonly string[]): string {
  // Without quotes these are no text.
  const isPlain = (item: string): boolean => /^(?!(?:true|false|null)$)[A-Za-z][A-Za-z0-9-]*$/i.test(item)
  return `[${items.map((item) => (isPlain(item) ? item : JSON.stringify(item))).join(', ')}]`
}
