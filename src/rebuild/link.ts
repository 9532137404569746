import { MAX_STATEMENT } from '../limits.ts'
import { canonicalOlpc } from '../reproduced/canonical-json.ts'
import { parseStrictJson } from '../reproduced/strict-json.ts'
import type { StatementSigner } from './statement-signer.ts'

/** Hashes by file name. */
export type FileHashes = ReadonlyMap<string, { readonly sha256: string }>

export interface Link {
  /** Of the key that signed, in lower case. */
  readonly keyid: string
  readonly text: string
}

/**
 * Makes a signed link of in-toto 0.9, in the form of apt-transport-in-toto and package-rebuilder: the step `rebuild`,
 * what was built from, and what came out.
 *
 * @returns undefined for a key whose kind in-toto 0.9 does not know
 */
export async function makeLink(
  materials: FileHashes,
  products: FileHashes,
  signer: StatementSigner,
): Promise<Link | undefined> {
  const signed = {
    _type: 'link',
    byproducts: {},
    command: [],
    environment: {},
    materials: sortedByName(materials),
    name: 'rebuild',
    products: sortedByName(products),
  }
  const bytes = Buffer.from(JSON.stringify(signed))
  // What is signed is what a reader of the file gets.
  const content = canonicalOlpc(parseStrictJson(bytes, 'the new link', { limit: MAX_STATEMENT, numbers: 'integers' }))
  const signature = await signer.signLink(content)
  if (signature === undefined) return undefined
  return { keyid: signature.keyid, text: `${JSON.stringify({ signatures: [signature], signed }, null, 1)}\n` }
}

function sortedByName(files: FileHashes): Record<string, { sha256: string }> {
  const names = [...files.keys()].sort()
  return Object.fromEntries(names.map((name) => [name, { sha256: files.get(name)?.sha256 ?? '' }]))
}
