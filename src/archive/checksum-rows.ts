import type { DebproofError } from '../errors.ts'
import type { Stanza } from './deb822.ts'

/**
 * The rows ` hash size name` of a field such as `Checksums-Sha256` (Debian Policy 5.6.24). Names and hashes are as
 * written: whoever reads them checks them.
 *
 * @param malformed makes the error for a row of another form
 */
export function* checksumRows(
  stanza: Stanza,
  field: string,
  malformed: (problem: string) => DebproofError,
): Generator<[name: string, hash: string, size: number]> {
  for (const line of (stanza.get(field) ?? '').split('\n')) {
    if (line === '') continue
    const [hash, size, name, ...rest] = line.split(/[ \t]+/)
    if (hash === undefined || size === undefined || name === undefined || rest.length > 0) {
      throw malformed(`has a bad row in ${field}: ${JSON.stringify(line.slice(0, 200))}`)
    }
    yield [name, hash, parseSize(size, malformed)]
  }
}

/** A size in bytes, in decimal digits. */
export function parseSize(text: string, malformed: (problem: string) => DebproofError): number {
  if (!/^\d{1,15}$/.test(text)) throw malformed(`has a size that is no number: ${JSON.stringify(text)}`)
  return Number(text)
}
