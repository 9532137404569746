import type { PartialConfig } from 'openpgp'

/** The part of openpgp.js that is used, loaded when the first signature is met. */
export type OpenPGP = typeof import('openpgp')

let loaded: OpenPGP | undefined

export async function loadOpenPGP(): Promise<OpenPGP> {
  // In this mode it prints what it cannot read, which may be a private key.
  if (process.env['NODE_ENV'] === 'development') delete process.env['NODE_ENV']
  loaded = await import('openpgp')
  return loaded
}

/** The same for who has a certificate, which nobody makes without it. */
export function openPGPOfCertificates(): OpenPGP {
  if (loaded === undefined) throw new Error('a certificate was read without openpgp.js')
  return loaded
}

/**
 * From when on a self-signature over SHA-1 counts for nothing: sequoia-openpgp's StandardPolicy, which sqv has, for what
 * needs second preimage resistance alone. A self-signature does: its owner wrote what it signs. apt's own
 * default-sequoia.config puts this off until 2026-02-01, and gpgv has no such date.
 */
export const SHA1_SELF_SIGNATURES_UNTIL = '2023-02-01'

/**
 * What makes a signature acceptable, passed on each call and never set globally. Nothing here is looser than
 * apt 2.6 with gpgv, apt 3 with gpgv and apt 3 with sqv: of what passes, each of them takes the algorithms.
 *
 * @param at the clock; SHA-1 counts for nothing where there is none
 */
export function strictConfig({ enums }: OpenPGP, at?: Date): PartialConfig {
  const weak = [enums.hash.md5, enums.hash.ripemd]
  const isBeforeSha1Ended = at !== undefined && at < new Date(SHA1_SELF_SIGNATURES_UNTIL)
  return {
    // Self-signatures and bindings too: the default leaves SHA-1 in.
    rejectHashAlgorithms: new Set(isBeforeSha1Ended ? weak : [...weak, enums.hash.sha1]),
    // sqv refuses SHA-224.
    rejectMessageHashAlgorithms: new Set([enums.hash.md5, enums.hash.ripemd, enums.hash.sha1, enums.hash.sha224]),
    minRSABits: 2048,
    rejectPublicKeyAlgorithms: new Set([enums.publicKey.elgamal, enums.publicKey.dsa]),
    // apt's gpgv list misspells P-521 and so refuses it; sqv's policy ends brainpool.
    rejectCurves: new Set([
      enums.curve.secp256k1,
      enums.curve.brainpoolP256r1,
      enums.curve.brainpoolP384r1,
      enums.curve.brainpoolP512r1,
      enums.curve.nistP521,
    ]),
    allowInsecureVerificationWithReformattedKeys: false,
    allowMissingKeyFlags: false,
    ignoreMalformedPackets: false,
  }
}
