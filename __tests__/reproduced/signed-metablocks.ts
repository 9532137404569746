import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import type { PrivateKey, Subkey } from 'openpgp'
import { canonicalOlpc } from '../../src/reproduced/canonical-json.ts'
import { type JsonValue, parseStrictJson } from '../../src/reproduced/strict-json.ts'
import { ago, HOUR } from '../making/signed-archive.ts'
import { SHA256 } from './signed-statements.ts'

/** Whatever signs as in-toto 0.9 does. */
export interface MetablockSigner {
  /** 40 lower-case hex digits. */
  readonly fingerprint: string
  readonly algorithm: number
  readonly sign: (input: Buffer) => Buffer
  /** The key as a layout carries it. */
  readonly layoutKey: Readonly<Record<string, unknown>>
}

/** A key without a certificate; its fingerprint is made up, as a layout's owner could. */
export function rawSigner(kind: 'rsa' | 'ed25519', bits = 2048): MetablockSigner {
  const { privateKey } =
    kind === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: bits }) : generateKeyPairSync('ed25519')
  const { d = '' } = privateKey.export({ format: 'jwk' })
  return signerWith(privateKey, createHash('sha1').update(d).digest('hex'))
}

/** The signer that an OpenPGP key with Ed25519 is. */
export function signerOf(key: PrivateKey | Subkey): MetablockSigner {
  const params = Object.assign({}, key.keyPacket.publicParams, Reflect.get(key.keyPacket, 'privateParams'))
  const base64url = (bytes: unknown): string => {
    if (!(bytes instanceof Uint8Array)) throw new Error('this is no Ed25519 key with its private part')
    return Buffer.from(bytes).toString('base64url')
  }
  const jwk = {
    kty: 'OKP',
    crv: 'Ed25519',
    d: base64url(Reflect.get(params, 'seed')),
    x: base64url(Buffer.from(Reflect.get(params, 'Q')).subarray(1)),
  }
  return signerWith(createPrivateKey({ key: jwk, format: 'jwk' }), key.getFingerprint())
}

function signerWith(key: KeyObject, fingerprint: string): MetablockSigner {
  const { n = '', e = '', x = '', kty } = key.export({ format: 'jwk' })
  const hex = (part: string): string => Buffer.from(part, 'base64url').toString('hex')
  const isRsa = kty === 'RSA'
  return {
    fingerprint,
    algorithm: isRsa ? 1 : 22,
    sign: (input) =>
      isRsa ? sign('sha256', input, key) : sign(null, createHash('sha256').update(input).digest(), key),
    layoutKey: {
      keyid: fingerprint,
      method: isRsa ? 'pgp+rsa-pkcsv1.5' : 'pgp+eddsa-ed25519',
      type: isRsa ? 'rsa' : 'eddsa',
      hashes: ['pgp+SHA2'],
      keyval: { private: '', public: isRsa ? { n: hex(n), e: hex(e) } : { q: hex(x) } },
    },
  }
}

export interface HeaderOptions {
  readonly version?: number
  readonly type?: number
  readonly algorithm?: number
  readonly hash?: number
  readonly date?: Date
  /** The hashed subpackets, written out. */
  readonly subpackets?: readonly Buffer[]
}

export function subpacket(type: number, body: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([body.length + 1, type]), body])
}

export const created = (date: Date = ago(HOUR)): Buffer => subpacket(2, uint32(date.getTime() / 1000))

export const issuer = (fingerprint: string): Buffer =>
  subpacket(33, Buffer.concat([Buffer.from([4]), Buffer.from(fingerprint, 'hex')]))

export function uint32(number: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(number)
  return bytes
}

/** `other_headers` of a signature that was made an hour ago. */
export function headersOf(signer: MetablockSigner, options: HeaderOptions = {}): Buffer {
  const { version = 4, type = 0, algorithm = signer.algorithm, hash = 8 } = options
  const subpackets = Buffer.concat(options.subpackets ?? [issuer(signer.fingerprint), created(options.date)])
  const length = Buffer.from([subpackets.length >> 8, subpackets.length & 0xff])
  return Buffer.concat([Buffer.from([version, type, algorithm, hash]), length, subpackets])
}

/** One item of `signatures`. */
export function metablockSignature(
  signed: object,
  signer: MetablockSigner,
  { keyid = signer.fingerprint, headers = headersOf(signer) }: { keyid?: string; headers?: Buffer } = {},
): Readonly<Record<string, string>> {
  const input = Buffer.concat([contentOf(signed), headers, Buffer.from([4, 0xff]), uint32(headers.length)])
  return { keyid, other_headers: headers.toString('hex'), signature: signer.sign(input).toString('hex') }
}

function contentOf(signed: object): Uint8Array {
  return canonicalOlpc(jsonOf(signed))
}

/** A value as the strict parser has it. */
export function jsonOf(value: unknown): JsonValue {
  return parseStrictJson(Buffer.from(JSON.stringify(value)), 'a test', { limit: 1e7, numbers: 'any' })
}

/** A signed document of in-toto 0.9. */
export function metablock(signed: object, ...signatures: readonly object[]): Buffer {
  return Buffer.from(JSON.stringify({ signatures, signed }))
}

/** What is signed in a link. */
export function link(
  products: Readonly<Record<string, unknown>> = { 'hello_1.0-1_amd64.deb': { sha256: SHA256 } },
  fields: Readonly<Record<string, unknown>> = {},
): object {
  return {
    _type: 'link',
    name: 'rebuild',
    command: [],
    byproducts: {},
    environment: {},
    materials: {},
    products,
    ...fields,
  }
}

/** A link that one signer signed. */
export function signedLink(
  signer: MetablockSigner,
  signed = link(),
  options?: { keyid?: string; headers?: Buffer },
): Buffer {
  return metablock(signed, metablockSignature(signed, signer, options))
}

/** What is signed in a layout that trusts these signers. */
export function layout(
  signers: readonly MetablockSigner[],
  fields: Readonly<Record<string, unknown>> = {},
  step: Readonly<Record<string, unknown>> = {},
): object {
  return {
    _type: 'layout',
    expires: '2030-01-01T00:00:00Z',
    readme: '',
    inspect: [{ _type: 'inspection', name: 'verify', run: ['false'], expected_materials: [], expected_products: [] }],
    keys: Object.fromEntries(signers.map(({ fingerprint, layoutKey }) => [fingerprint, layoutKey])),
    steps: [
      {
        _type: 'step',
        name: 'rebuild',
        pubkeys: signers.map(({ fingerprint }) => fingerprint),
        threshold: 1,
        expected_command: [],
        expected_materials: [],
        expected_products: [['CREATE', '*.deb']],
        ...step,
      },
    ],
    ...fields,
  }
}
