import path from 'node:path'
import { type Architecture, parseArchitecture } from '../archive/identity.ts'
import { DebproofError, isDebproofError } from '../errors.ts'
import type { Downloads } from '../net/downloads.ts'
import type { Arguments } from '../options/arguments.ts'
import { ALLOW_PATH_OPTION, COMMON_OPTIONS, JSON_OPTION, type Option } from '../options/option.ts'
import { parseListSource } from '../options/verify-options.ts'
import { readPackageLists } from '../packages/find-lists.ts'
import { mergeReferences } from '../packages/references.ts'
import { ANYWHERE, type Places } from '../places.ts'
import type { Policy, ServedArchive } from '../policy/policy.ts'
import { filesOnDisk } from '../policy/policy-files.ts'
import { folderUrl } from '../policy/policy-url.ts'
import { TrustAnchors } from '../policy/trust.ts'
import type { CheckRequest } from '../store/check-store.ts'
import type { Terminal } from '../terminal.ts'
import { placesFor, readPolicyInput } from './policy-input.ts'

export const RECORD_OPTIONS: readonly Option[] = [
  {
    name: 'store',
    value: 'DIR',
    default: 'evidence',
    description: 'The evidence store. It is made where it is not there, and only ever added to.',
  },
  {
    name: 'policy',
    value: 'FILE',
    default: 'debproof.yml',
    description: 'The policy, of which every upstream with a url is recorded, unless --url names an archive.',
  },
  { name: 'url', value: 'URL', description: 'The archive to record, instead of those of the policy.' },
  {
    name: 'suite',
    value: 'NAME',
    multiple: true,
    description: 'With --url: a codename below dists/, or a path that ends in `/`.',
  },
  {
    name: 'release-name',
    value: 'NAME',
    description:
      'With --url, or --verify and --signed-by: the Suite or Codename that the release file of the one --suite has, ' +
      'where that is another.',
  },
  { name: 'component', value: 'NAME', multiple: true, description: 'With --url: main where none is named.' },
  { name: 'architecture', value: 'NAME', multiple: true, description: 'With --url: such as amd64; `all` is implied.' },
  {
    name: 'signed-by',
    value: 'KEYRING',
    multiple: true,
    description:
      'With --url or --verify: a keyring file or `debian` for the shipped one; fingerprints beside it restrict it.',
  },
  { name: 'no-sources', description: 'Keep no indexes of source packages; they are not proven from this store then.' },
  {
    name: 'verify',
    description:
      'Record nothing, and check the whole store: every file against its name, every signature, every index against ' +
      'the release file that lists it.',
  },
  { name: 'release', value: 'NAME', description: 'The release, where the policy writes it as a variable.' },
  {
    name: 'packages',
    value: 'PATH[:FORMAT]',
    multiple: true,
    description: 'A package list that names snapshots, where the policy takes references from one.',
  },
  {
    name: 'at',
    value: 'TIME',
    description:
      'The clock for every decision, and the time that is written down as that of the sighting, in RFC 3339. The default ' +
      'is now; a time to come is refused.',
  },
  ALLOW_PATH_OPTION,
  JSON_OPTION,
  ...COMMON_OPTIONS,
]

/** Where `file:` URLs may lead: those of a policy, and the store, which the user names. */
export function placesToRecord(given: Arguments, terminal: Terminal): Places {
  return given.text('url') === undefined ? placesFor(given, terminal, given.text('store') ?? '') : ANYWHERE
}

/**
 * The archives to record: the one that is named by hand, or every upstream of the policy that is read by URL.
 * @throws DebproofError USAGE, POLICY, KEY
 */
export async function archivesToRecord(
  given: Arguments,
  terminal: Terminal,
  downloads: Downloads,
): Promise<ServedArchive[]> {
  const url = given.text('url')
  if (url !== undefined) return [await namedArchive(given, url)]
  for (const name of ['suite', 'release-name', 'component', 'architecture', 'signed-by']) {
    if (given.texts(name).length > 0) throw usage(`--${name} belongs to --url; say which archive, or leave it out`)
  }
  const { archives } = await resolvePolicy(given, terminal, downloads)
  const found = archives
    .filter(({ require }) => require !== 'absent')
    .flatMap(({ upstreams }) => upstreams.flatMap((upstream) => (upstream.kind === 'live' ? [upstream] : [])))
  if (found.length === 0) {
    throw new DebproofError('POLICY', 'The policy has no upstream with a url; name an archive with --url.')
  }
  return found
}

/**
 * By what a store is checked: the keys that are named, or those of all upstreams of the policy, with the names that it
 * gives to suites.
 * @throws DebproofError POLICY, KEY
 */
export async function trustToCheckBy(
  given: Arguments,
  terminal: Terminal,
  downloads: Downloads,
): Promise<Pick<CheckRequest, 'keyrings' | 'releaseNames'>> {
  const signedBy = given.texts('signed-by')
  if (signedBy.length > 0) {
    const [suite, ...others] = given.texts('suite')
    const name = given.text('release-name')
    if (name !== undefined && (suite === undefined || others.length > 0)) throw usage(ONE_SUITE)
    return {
      keyrings: [await anchors().keyring(signedBy, '--signed-by')],
      releaseNames: new Map(suite === undefined || name === undefined ? [] : [[suite, new Set([name])]]),
    }
  }
  const { archives } = await resolvePolicy(given, terminal, downloads)
  const upstreams = archives.flatMap((archive) => archive.upstreams)
  const keyrings = upstreams.map(({ keyring }) => keyring)
  if (keyrings.length === 0) {
    throw new DebproofError('POLICY', 'The policy has no upstream whose keys a store could be signed by.')
  }
  const releaseNames = new Map<string, Set<string>>()
  for (const { area } of upstreams) {
    const [suite, name] = [area.suites[0], area.releaseName]
    if (suite === undefined || name === undefined) continue
    releaseNames.set(suite, (releaseNames.get(suite) ?? new Set()).add(name))
  }
  return { keyrings, releaseNames }
}

const ONE_SUITE = '--release-name is for one --suite: name each alone'

async function namedArchive(given: Arguments, url: string): Promise<ServedArchive> {
  const suites = given.texts('suite')
  const components = given.texts('component')
  const architectures = given.texts('architecture').map(checkedArchitecture)
  const signedBy = given.texts('signed-by')
  const releaseName = given.text('release-name')
  if (suites.length === 0) throw usage('--suite is missing: a codename such as bookworm')
  if (architectures.length === 0) throw usage('--architecture is missing: such as amd64')
  if (signedBy.length === 0) throw usage('--signed-by is missing: a file, or `debian` for the shipped keyring')
  for (const suite of suites) {
    if (!/^[A-Za-z0-9._~+/-]+$/.test(suite) || suite.split('/').includes('..')) {
      throw usage(`--suite ${JSON.stringify(suite)} is no suite`)
    }
  }
  if (releaseName !== undefined && suites.length > 1) throw usage(ONE_SUITE)
  if (!/^(?:https?:\/\/|file:)/.test(url)) throw usage(`--url ${url} must begin with http://, https:// or file:`)
  return {
    area: {
      base: folderUrl(url, '--url', process.cwd()),
      suites,
      ...(releaseName === undefined ? {} : { releaseName }),
      components: components.length === 0 ? ['main'] : components,
      architectures,
    },
    keyring: await anchors().keyring(signedBy, '--signed-by'),
  }
}

function anchors(): TrustAnchors {
  return new TrustAnchors(process.cwd(), filesOnDisk)
}

function checkedArchitecture(text: string): Architecture {
  const architecture = parseArchitecture(text)
  if (architecture === undefined) throw usage(`--architecture ${JSON.stringify(text)} is none, such as amd64`)
  return architecture
}

async function resolvePolicy(given: Arguments, terminal: Terminal, downloads: Downloads): Promise<Policy> {
  const file = await readPolicyInput(given, terminal)
  const sources = given.texts('packages').map(parseListSource)
  if (sources.length > 0) {
    return await file.resolve(mergeReferences(await readPackageLists(sources, path.resolve(), downloads)))
  }
  try {
    return await file.resolve({})
  } catch (error) {
    if (!isDebproofError(error, 'POLICY') || file.lists.length === 0) throw error
    // It may say something in terms of its package lists, which need not be at hand where a mirror is only recorded.
    const lists = await readPackageLists(file.lists, file.folder, downloads, placesFor(given, terminal)).catch(() => {
      throw error
    })
    return await file.resolve(mergeReferences(lists))
  }
}

function usage(problem: string): DebproofError {
  return new DebproofError('USAGE', `record: ${problem} — see \`debproof record --help\`.`)
}
