import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { type PublicKey, readPublicKeys } from '../archive/public-key.ts'
import { DebproofError } from '../errors.ts'
import { MAX_STATEMENT } from '../limits.ts'
import { keyIdsOf } from './key-ids.ts'
import type {
  BuilderPolicy,
  KeysUnderTest,
  LayoutPolicy,
  PartyPolicy,
  RebuildersPolicy,
  StatementFormat,
} from './policy.ts'
import type { PolicyFiles } from './policy-files.ts'
import type { RawParty, RawRebuilders } from './policy-schema.ts'
import { folderUrl, policyUrl } from './policy-url.ts'
import type { Resolving } from './resolve-upstream.ts'
import { substitute } from './variables.ts'

/** The formats, and the kind of key that each is signed with. */
const KEY_OF: Readonly<Record<StatementFormat, 'signed-by' | 'public-key'>> = {
  buildinfo: 'signed-by',
  'in-toto': 'signed-by',
  sha256sums: 'signed-by',
  rebuilderd: 'public-key',
  dsse: 'public-key',
}
const FORMATS: readonly StatementFormat[] = ['buildinfo', 'in-toto', 'sha256sums', 'rebuilderd', 'dsse']

/**
 * Resolves who must have rebuilt an archive's packages, and refuses what could never do what it seems to say: a
 * threshold above the number of parties, a key without a place or a place without a key, one key under two names, a
 * party that signs what is under test.
 *
 * @throws DebproofError POLICY, KEY
 */
export async function resolveRebuilders(
  raw: RawRebuilders,
  where: string,
  resolving: Resolving,
  underTest: KeysUnderTest,
): Promise<RebuildersPolicy> {
  const parties: PartyPolicy[] = []
  for (const [name, party] of Object.entries(raw.parties ?? {})) {
    parties.push(await resolveParty(name, party, `${where}.parties.${name}`, resolving))
  }
  const layout = raw.layout === undefined ? undefined : await resolveLayout(raw.layout, `${where}.layout`, resolving)
  if (parties.length === 0 && layout === undefined) {
    throw new DebproofError('POLICY', `${where} names neither parties nor a layout.`)
  }
  if (raw.threshold === undefined && layout === undefined) {
    throw new DebproofError('POLICY', `${where}.threshold is missing: how many parties must agree.`)
  }
  if (layout === undefined && raw.threshold !== undefined && raw.threshold > parties.length) {
    throw new DebproofError(
      'POLICY',
      `${where}.threshold is ${raw.threshold}, but there are only ${parties.length} parties: it can never be met.`,
    )
  }
  const builder = await resolveBuilder(raw.builder, `${where}.builder`, resolving)
  refuseSharedKeys(parties, builder, where)
  for (const party of parties) refuseKeysUnderTest(party, underTest, where)
  return {
    ...(raw.threshold === undefined ? {} : { threshold: raw.threshold }),
    parties,
    ...(layout === undefined ? {} : { layout }),
    builder,
    underTest,
    sourceRequired: raw.source === 'required',
  }
}

async function resolveParty(name: string, raw: RawParty, where: string, resolving: Resolving): Promise<PartyPolicy> {
  const { folder, variables, anchors } = resolving
  const places = FORMATS.flatMap((format) =>
    [raw[format] ?? []].flat().map((text) => {
      const url = substitute(text, variables, `${where}.${format}`)
      // SHA256SUMS may be named itself; the others are folders.
      const resolve = format === 'sha256sums' ? policyUrl : folderUrl
      return { format, url: resolve(url, `${where}.${format}`, folder) }
    }),
  )
  if (places.length === 0) {
    throw new DebproofError('POLICY', `${where} says nowhere where its statements are: ${FORMATS.join(', ')}.`)
  }
  for (const key of ['signed-by', 'public-key'] as const) {
    const users = places.filter(({ format }) => KEY_OF[format] === key).map(({ format }) => format)
    const [user] = users
    if (user !== undefined && raw[key] === undefined) {
      throw new DebproofError('POLICY', `${where}.${key} is missing: it signs what ${user} says.`)
    }
    if (user === undefined && raw[key] !== undefined) {
      throw new DebproofError(
        'POLICY',
        `${where}.${key} signs none of ${places.map(({ format }) => format).join(', ')}.`,
      )
    }
  }
  if (raw.cosigned === true && raw.sha256sums === undefined) {
    throw new DebproofError(
      'POLICY',
      `${where}.cosigned is about sums that several parties sign together, and ${name} has none (sha256sums). Every ` +
        'other statement is the record of one build, which counts once.',
    )
  }
  const signedBy = raw['signed-by']
  return {
    name,
    places,
    ...(signedBy === undefined ? {} : { keyring: await anchors.keyring(filled(signedBy, where, resolving), where) }),
    publicKeys: await resolvePublicKeys(raw['public-key'], `${where}.public-key`, resolving),
    cosigned: raw.cosigned === true,
  }
}

/** All keys of who built what is served. */
async function resolveBuilder(
  raw: RawRebuilders['builder'],
  where: string,
  resolving: Resolving,
): Promise<BuilderPolicy> {
  if (raw === undefined) return { publicKeys: [] }
  const keys = typeof raw === 'string' || Array.isArray(raw) ? { 'signed-by': raw } : raw
  const signedBy = keys['signed-by']
  const publicKeys = await resolvePublicKeys(keys['public-key'], `${where}.public-key`, resolving)
  if (signedBy === undefined && publicKeys.length === 0) {
    throw new DebproofError('POLICY', `${where} names no key: signed-by or public-key.`)
  }
  if (signedBy === undefined) return { publicKeys }
  return { publicKeys, keyring: await resolving.anchors.keyring(filled(signedBy, where, resolving), where) }
}

async function resolvePublicKeys(
  raw: RawParty['public-key'],
  where: string,
  { folder, variables, files }: Resolving,
): Promise<PublicKey[]> {
  const keys: PublicKey[] = []
  for (const item of [raw ?? []].flat()) {
    const { file, until } = typeof item === 'string' ? { file: item, until: undefined } : item
    const name = path.resolve(folder, substitute(file, variables, where))
    keys.push(...readPublicKeys(await readKeyFile(files, name, where), name, until))
  }
  return keys
}

async function resolveLayout(
  raw: NonNullable<RawRebuilders['layout']>,
  where: string,
  resolving: Resolving,
): Promise<LayoutPolicy> {
  const { folder, variables, anchors, files } = resolving
  const name = path.resolve(folder, substitute(raw.file, variables, `${where}.file`))
  const bytes = await readKeyFile(files, name, where)
  if (bytes.length > MAX_STATEMENT) {
    throw new DebproofError('POLICY', `${where}: ${name} is larger than ${MAX_STATEMENT} bytes.`)
  }
  return {
    file: pathToFileURL(name),
    bytes,
    owner: await anchors.keyring(filled(raw['signed-by'], where, resolving), where),
    places: [raw['in-toto']]
      .flat()
      .map((text) => folderUrl(substitute(text, variables, `${where}.in-toto`), `${where}.in-toto`, folder)),
  }
}

async function readKeyFile(files: PolicyFiles, file: string, where: string): Promise<Uint8Array> {
  try {
    return await files.read(file)
  } catch (error) {
    throw new DebproofError('KEY', `${where}: ${file} cannot be read`, { cause: error })
  }
}

function filled(signedBy: string | readonly string[], where: string, { variables }: Resolving): string[] {
  return [signedBy].flat().map((text) => substitute(text, variables, where))
}

/**
 * One key under two names would let one party count twice; the original builder's word on its own work counts for
 * nothing. Subkeys of one certificate are one party's.
 */
function refuseSharedKeys(parties: readonly PartyPolicy[], builder: BuilderPolicy, where: string): void {
  const owners = new Map<string, { owner: string; key: string }>()
  const claim = (owner: string, keys: BuilderPolicy): void => {
    for (const [id, key] of keyIdsOf(keys)) {
      const other = owners.get(id)
      if (other !== undefined && other.owner !== owner) {
        throw new DebproofError(
          'POLICY',
          `${where}: ${other.owner} and ${owner} have the same key ${key}; they are one party, or the keyring holds ` +
            'too much: restrict it with fingerprints in signed-by.',
        )
      }
      owners.set(id, { owner, key })
    }
  }
  claim('the builder', builder)
  for (const party of parties) claim(`the party ${party.name}`, party)
}

/** Whoever signs the archive has built, or could have changed, what is in it: its word on that proves nothing. */
function refuseKeysUnderTest(party: PartyPolicy, underTest: KeysUnderTest, where: string): void {
  for (const [id, key] of keyIdsOf(party)) {
    const owner = underTest.get(id)
    if (owner === undefined) continue
    throw new DebproofError(
      'POLICY',
      `${where}: the party ${party.name} has the key ${key}, which signs ${owner}: who signs what is under test cannot ` +
        'vouch for it. Leave the party out, or, where a keyring holds too much, restrict it with fingerprints in signed-by.',
    )
  }
}
