/**
 * Compares the keyring shipped with debproof with Debian's package debian-archive-keyring, and takes over
 * the package's keys when told to:
 *
 *     node keyrings/update.ts [--check | --accept] [--deb FILE]
 *
 * Exit 0: the same keys. 1: something differs and was not accepted. 2: could not find out.
 * Needs Node 24, dpkg-deb, and without `--deb` apt-get on a system whose apt sources have Debian: apt checks
 * the package's signature then. It is run by maintainers and by the live tests, never by debproof itself.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { armor, enums, type Key, readKeys, SignaturePacket, type Subkey, unarmor } from 'openpgp'

export type Ring = 'current' | 'removed'

export interface RingKey {
  readonly ring: Ring
  readonly key: Key
}

/** Both in one file: see README.md. */
export const KEYRING = join(import.meta.dirname, 'debian.asc')
export const FINGERPRINTS = join(import.meta.dirname, 'debian.fingerprints.txt')

const PACKAGE = 'debian-archive-keyring'
/** In the order in which debian.asc has them. The files of trixie and later end in .pgp, with .gpg as links to them. */
const RINGS: readonly { ring: Ring; name: string }[] = [
  { ring: 'current', name: 'debian-archive-keyring' },
  { ring: 'removed', name: 'debian-archive-removed-keys' },
]

/** The bytes of the committed keyring and its keys; debian.fingerprints.txt says which ring each is from. */
export async function readCommitted(): Promise<{ bytes: Uint8Array; keys: RingKey[] }> {
  const { data } = await unarmor(readFileSync(KEYRING, 'latin1'))
  if (!(data instanceof Uint8Array)) throw new Error(`${KEYRING} was not read whole`)
  const rings = ringsOfListing(readFileSync(FINGERPRINTS, 'utf8'))
  const keys = await readKeys({ binaryKeys: data })
  return {
    bytes: data,
    keys: keys.map((key) => ({ ring: rings.get(fingerprintOf(key)) ?? 'current', key })),
  }
}

/** Which ring each primary fingerprint of a listing stands under. */
function ringsOfListing(listing: string): Map<string, Ring> {
  const rings = new Map<string, Ring>()
  let ring: Ring | undefined
  for (const line of listing.split('\n')) {
    const heading = /^== (current|removed):/.exec(line)?.[1]
    if (heading === 'current' || heading === 'removed') ring = heading
    const fingerprint = /^primary ([0-9A-F]+) /.exec(line)?.[1]
    if (ring !== undefined && fingerprint !== undefined) rings.set(fingerprint, ring)
  }
  return rings
}

/** The text of debian.fingerprints.txt. */
export function renderListing(version: string, keys: readonly RingKey[]): string {
  const lines = [
    `# The keys in debian.asc, from the Debian package ${PACKAGE} ${version}.`,
    '# Made by `node keyrings/update.ts --accept`; how to check it by hand: README.md.',
    '# Flags: S signs data, C certifies keys, E encrypts, A authenticates. Dates are UTC.',
  ]
  for (const { ring, name } of RINGS) {
    const members = keys.filter((member) => member.ring === ring)
    lines.push('', `== ${ring}: ${name}, ${members.length} keys`)
    for (const { key } of members) lines.push('', ...describeKey(key))
  }
  return `${lines.join('\n')}\n`
}

/** The version in the header of a listing. */
export function listingVersion(listing: string): string | undefined {
  return new RegExp(`${PACKAGE} (\\S+)\\.$`, 'm').exec(listing)?.[1]
}

/** One line for the primary key, one for each user ID and one for each subkey. */
function describeKey(key: Key): string[] {
  const certifications = key.users.flatMap((user) => user.selfCertifications)
  const lines = [`primary ${fingerprintOf(key)} ${describeKeyPart(key, certifications)}`]
  for (const userId of key.getUserIDs()) lines.push(`  user  ${userId}`)
  for (const subkey of key.subkeys) {
    lines.push(`  sub   ${fingerprintOf(subkey)} ${describeKeyPart(subkey, subkey.bindingSignatures)}`)
  }
  return lines
}

/**
 * Read from the newest self-signature without verifying it: several of these keys (DSA, RSA 1024) are refused
 * by debproof's rules and are listed all the same. debproof verifies what it uses.
 */
function describeKeyPart(part: Key | Subkey, selfSignatures: readonly SignaturePacket[]): string {
  const { algorithm, bits, curve } = part.getAlgorithmInfo()
  const newest = [...selfSignatures].sort((a, b) => Number(b.created ?? 0) - Number(a.created ?? 0))[0]
  const flags = newest?.keyFlags?.[0] ?? 0
  const { certifyKeys, signData, encryptCommunication, encryptStorage, authentication } = enums.keyFlags
  const capabilities = [
    flags & signData ? 'S' : '',
    flags & certifyKeys ? 'C' : '',
    flags & (encryptCommunication | encryptStorage) ? 'E' : '',
    flags & authentication ? 'A' : '',
  ].join('')
  const created = part.getCreationTime()
  const seconds = newest?.keyExpirationTime
  const expires = seconds ? day(new Date(created.getTime() + seconds * 1000)) : 'never'
  const kind = curve === undefined ? `${algorithm.replace(/^rsa.*/, 'rsa')}${bits ?? ''}` : curve.replace(/Legacy$/, '')
  const revoked = part.revocationSignatures.length > 0 ? ', revoked' : ''
  return `${kind}, ${capabilities || 'no flags'}, created ${day(created)}, expires ${expires}${revoked}`
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10)
}

function fingerprintOf(key: Key | Subkey): string {
  return key.getFingerprint().toUpperCase()
}

/**
 * What in `after` differs from `before`, one line each. A key has changed when any packet of its own has: a
 * self-signature, a revocation, a subkey. What others certify about it gives no trust here and is left out.
 */
export function compareKeys(before: readonly RingKey[], after: readonly RingKey[]): string[] {
  const known = new Map(before.map((member) => [fingerprintOf(member.key), member]))
  const differences: string[] = []
  for (const { ring, key } of after) {
    const fingerprint = fingerprintOf(key)
    const old = known.get(fingerprint)
    known.delete(fingerprint)
    const now = describeKey(key).join('\n    ')
    if (old === undefined) differences.push(`added to ${ring}:\n    ${now}`)
    else if (old.ring !== ring) differences.push(`moved from ${old.ring} to ${ring}:\n    ${now}`)
    if (old !== undefined && ownPackets(old.key) !== ownPackets(key)) {
      differences.push(`changed:\n    ${describeKey(old.key).join('\n    ')}\n  is now\n    ${now}`)
    }
  }
  for (const { ring, key } of known.values()) {
    differences.push(`gone from ${ring}:\n    ${describeKey(key).join('\n    ')}`)
  }
  return differences
}

function ownPackets(key: Key): string {
  const issuer = key.getKeyID()
  const hash = createHash('sha256')
  for (const packet of key.toPacketList()) {
    if (!(packet instanceof SignaturePacket) || packet.issuerKeyID.equals(issuer)) hash.update(packet.write())
  }
  return hash.digest('hex')
}

/** Unpacks a .deb and reads its two keyrings. */
async function readPackage(
  deb: string,
  directory: string,
): Promise<{ version: string; bytes: Buffer; keys: RingKey[] }> {
  const version = execFileSync('dpkg-deb', ['--field', deb, 'Version'], { encoding: 'utf8' }).trim()
  const unpacked = join(directory, 'unpacked')
  execFileSync('dpkg-deb', ['-x', deb, unpacked])
  const parts: Buffer[] = []
  const keys: RingKey[] = []
  for (const { ring, name } of RINGS) {
    const stem = join(unpacked, 'usr/share/keyrings', name)
    const file = [`${stem}.pgp`, `${stem}.gpg`].find((candidate) => existsSync(candidate))
    if (file === undefined) throw new Error(`${deb} has no usr/share/keyrings/${name}.pgp or .gpg`)
    const part = readFileSync(file)
    parts.push(part)
    for (const key of await readKeys({ binaryKeys: new Uint8Array(part) })) keys.push({ ring, key })
  }
  return { version, bytes: Buffer.concat(parts), keys }
}

function downloadPackage(directory: string): string {
  execFileSync('apt-get', ['download', PACKAGE], { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] })
  const deb = readdirSync(directory).find((name) => name.endsWith('.deb'))
  if (deb === undefined) throw new Error(`apt-get downloaded no ${PACKAGE}; give the package with --deb FILE`)
  return join(directory, deb)
}

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { deb: { type: 'string' }, accept: { type: 'boolean' }, check: { type: 'boolean' } },
  })
  if (values.accept && values.check) throw new Error('--check and --accept exclude each other')
  const directory = mkdtempSync(join(tmpdir(), 'debproof-keyrings-'))
  try {
    const upstream = await readPackage(values.deb ?? downloadPackage(directory), directory)
    const committed = existsSync(KEYRING) ? await readCommitted() : { bytes: new Uint8Array(), keys: [] }
    const differences = compareKeys(committed.keys, upstream.keys)
    for (const difference of differences) console.log(difference)
    if (differences.length === 0) {
      const same = upstream.bytes.equals(committed.bytes) ? 'byte for byte' : 'but for order or what others certified'
      console.log(`debian.asc has the ${upstream.keys.length} keys of ${PACKAGE} ${upstream.version}, ${same}`)
    }
    if (values.accept) {
      writeFileSync(
        KEYRING,
        armor(enums.armor.publicKey, new Uint8Array(upstream.bytes), undefined, undefined, undefined, true),
      )
      writeFileSync(FINGERPRINTS, renderListing(upstream.version, upstream.keys))
      return 0
    }
    if (differences.length === 0) return 0
    console.log('Check the new keys by hand (keyrings/README.md), then run again with --accept.')
    return 1
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

if (import.meta.main) {
  try {
    process.exitCode = await main(process.argv.slice(2))
  } catch (error) {
    console.error(`update.ts: ${error instanceof Error ? error.message : error}`)
    process.exitCode = 2
  }
}
