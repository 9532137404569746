import type { PartialConfig } from 'openpgp'

/** The part of openpgp.js that is used, loaded when the first signature is met. */
export type OpenPGP = typeof import('openpgp')

export async function loadOpenPGP(): Promise<OpenPGP> {
  // In this mode it prints what it cannot read, which may be a private key.
  if (process.env['NODE_ENV'] === 'development') delete process.env['NODE_ENV']
  return await import('openpgp')
}

/**
 * What makes a signature acceptable, passed on each call and never set globally. Nothing here is looser than
 * apt 2.6 with gpgv, apt 3 with gpgv and apt 3 with sqv: whatever passes, each of them would take.
 */
export function strictConfig({ enums }: OpenPGP): PartialConfig {
  return {
    // Self-signatures and bindings too: the default leaves SHA-1 in.
    rejectHashAlgorithms: new Set([enums.hash.md5, enums.hash.ripemd, enums.hash.sha1]),
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
