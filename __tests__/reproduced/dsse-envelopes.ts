import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { type PublicKey, readPublicKeys } from '../../src/archive/public-key.ts'
import { SHA256 } from './signed-statements.ts'

/** A key pair without a certificate, the public part as the policy pins it. */
export interface DsseSigner {
  readonly publicKey: PublicKey
  readonly sign: (message: Buffer) => Buffer
}

export function dsseSigner(kind: 'ed25519' | 'p256' = 'ed25519', until?: string): DsseSigner {
  const pair: { publicKey: KeyObject; privateKey: KeyObject } =
    kind === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = pair.publicKey.export({ format: 'pem', type: 'spki' })
  const [publicKey] = readPublicKeys(Buffer.from(pem), 'made.pem', until)
  if (publicKey === undefined) throw new Error('no key was made')
  const hash = kind === 'ed25519' ? null : 'sha256'
  return { publicKey, sign: (message) => sign(hash, message, pair.privateKey) }
}

export const IN_TOTO = 'application/vnd.in-toto+json'

export interface EnvelopeOptions {
  readonly payloadType?: string
  /** What the envelope says, where that is not what was signed. */
  readonly writtenType?: string
  readonly encoding?: (bytes: Buffer) => string
}

export const base64 = (bytes: Buffer): string => bytes.toString('base64')
export const base64url = (bytes: Buffer): string => base64(bytes).replaceAll('+', '-').replaceAll('/', '_')

/** A DSSE 1.0 envelope; a payload that is no string is written as JSON. */
export function envelope(payload: unknown, signers: readonly DsseSigner[], options: EnvelopeOptions = {}): object {
  const { payloadType = IN_TOTO, writtenType = payloadType, encoding = base64 } = options
  const body = Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload))
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${body.length} `
  const message = Buffer.concat([Buffer.from(head), body])
  const signatures = signers.map((signer, index) => ({ keyid: `hint ${index}`, sig: encoding(signer.sign(message)) }))
  return { payload: encoding(body), payloadType: writtenType, signatures }
}

export function subject(name = 'hello_1.0-1_amd64.deb', sha256: unknown = SHA256): object {
  return { name, digest: { sha256 } }
}

/** A Statement v1. */
export function statement(predicateType: string, predicate: object, subjects: readonly object[] = [subject()]): object {
  return { _type: 'https://in-toto.io/Statement/v1', subject: subjects, predicateType, predicate }
}

export function linkStatement(fields: object = {}, subjects?: readonly object[]): object {
  const predicate = { name: 'rebuild', command: [], materials: [], byproducts: {}, environment: {}, ...fields }
  return statement('https://in-toto.io/attestation/link/v0.3', predicate, subjects)
}

export function provenance(
  {
    buildType = 'https://rebuilder.example/build@v1',
    dependencies = [],
    metadata = {},
  }: {
    buildType?: unknown
    dependencies?: readonly object[]
    metadata?: object
  } = {},
  subjects?: readonly object[],
): object {
  const buildDefinition = { buildType, externalParameters: {}, resolvedDependencies: dependencies }
  const runDetails = { builder: { id: 'https://rebuilder.example/' }, metadata }
  return statement('https://slsa.dev/provenance/v1', { buildDefinition, runDetails }, subjects)
}
