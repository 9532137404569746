import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { type PublicKey, readPublicKeys } from '../../src/archive/public-key.ts'
import { canonicalRebuilderd } from '../../src/reproduced/canonical-json.ts'
import { rebuilderdKeyId } from '../../src/reproduced/rebuilderd-link.ts'
import { parseStrictJson } from '../../src/reproduced/strict-json.ts'

/** A daemon's or a worker's key pair. */
export interface RebuilderdKey {
  readonly secret: KeyObject
  readonly pinned: PublicKey
}

export function newKey(until?: string): RebuilderdKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return { secret: privateKey, pinned: pinnedKey(publicKey.export({ format: 'pem', type: 'spki' }).toString(), until) }
}

/** The one key of a PEM text. */
export function pinnedKey(pem: string, until?: string): PublicKey {
  const [key] = readPublicKeys(Buffer.from(pem), 'rebuilder.pub', until)
  if (key === undefined) throw new Error('there is no key in the PEM text')
  return key
}

/** What rebuilderd signs of a file, with some of it otherwise. */
export function linkOf(fileName: string, sha256: string, otherwise: Readonly<Record<string, unknown>> = {}): unknown {
  return {
    _type: 'link',
    name: `rebuild ${fileName}`,
    materials: { 'a_1_amd64.buildinfo': { sha256: 'b'.repeat(64), sha512: 'b'.repeat(128) } },
    products: { [fileName]: { sha256, sha512: 'c'.repeat(128) } },
    environment: null,
    byproducts: {},
    command: [],
    ...otherwise,
  }
}

/** The whole document, signed by each of the keys. */
export function signedLink(link: unknown, ...keys: readonly RebuilderdKey[]): string {
  return JSON.stringify({ signatures: keys.map((key) => signatureOf(link, key)), signed: link })
}

export function signatureOf(link: unknown, { secret, pinned }: RebuilderdKey): { keyid: string; sig: string } {
  const text = Buffer.from(JSON.stringify(link))
  const message = canonicalRebuilderd(parseStrictJson(text, 'a link', { limit: 1e6, numbers: 'integers' }))
  return { keyid: rebuilderdKeyId(pinned), sig: sign(null, message, secret).toString('hex') }
}
