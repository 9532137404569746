import { createHash, type Hash } from 'node:crypto'
import type { Sha256, Sha512 } from './identity.ts'

/** The SHA-256 of bytes at hand. */
export function sha256Of(bytes: Uint8Array | string): Sha256 {
  return createHash('sha256').update(bytes).digest('hex') as Sha256
}

/** Counts and hashes what passes. */
export class Digester {
  readonly #sha256: Hash = createHash('sha256')
  readonly #sha512: Hash | undefined
  size = 0

  /** @param withSha512 also compute the SHA-512, which costs as much again */
  constructor(withSha512 = false) {
    this.#sha512 = withSha512 ? createHash('sha512') : undefined
  }

  update(chunk: Uint8Array): void {
    this.size += chunk.length
    this.#sha256.update(chunk)
    this.#sha512?.update(chunk)
  }

  /** The end: a digester gives its result once. */
  finish(): { readonly size: number; readonly sha256: Sha256; readonly sha512: Sha512 | undefined } {
    return {
      size: this.size,
      sha256: this.#sha256.digest('hex') as Sha256,
      sha512: this.#sha512?.digest('hex') as Sha512 | undefined,
    }
  }
}
