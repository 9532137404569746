import type { Listing, ReadFailure } from '../../src/archive/archive-reader.ts'
import { parseBinaryEntry, parseSourceEntry } from '../../src/archive/index-entry.ts'
import type { UnclearListing } from '../../src/archive/unclear-listing.ts'
import { DebproofError } from '../../src/errors.ts'
import type { Testimony, Voucher, Witness, WitnessSource } from '../../src/identical/witness.ts'
import { evidence, sha } from '../judge/given.ts'

/** What an archive lists of `hello 1.0`, for amd64 unless said otherwise, read from a stanza. */
export function binary(digit: string, architecture = 'amd64', version = '1.0'): Listing {
  const text = `Package: hello\nVersion: ${version}\nArchitecture: ${architecture}\nFilename: pool/hello.deb\nSize: 1\nSHA256: ${sha(digit)}\n`
  return { entry: parseBinaryEntry(text), suite: 'made', evidence: [evidence(digit)] }
}

/** What an archive lists of the source package `hello 1.0`: its files by name, each with the digit of its hash. */
export function source(files: Readonly<Record<string, string>>, directory = 'pool/main/h/hello'): Listing {
  const rows = Object.entries(files).map(([name, digit]) => `\n ${sha(digit)} 1 ${name}`)
  const text = `Package: hello\nVersion: 1.0\nDirectory: ${directory}\nChecksums-Sha256:${rows.join('')}\n`
  return { entry: parseSourceEntry(text), suite: 'made', evidence: [evidence('5')] }
}

/** Those who vouch for the archive `made`, each for anything. */
export function vouchers(...sources: readonly WitnessSource[]): Voucher[] {
  return sources.map((source) => ({ archive: 'made', source }))
}

/**
 * A witness that lists these, counts how often it was asked, and could not read the parts that are named, nor these
 * stanzas.
 */
export function witness(
  name: string,
  listings: readonly Listing[],
  ...unread: (string | UnclearListing)[]
): WitnessSource & { asked: number } {
  const failures = unread.flatMap((what): ReadFailure[] =>
    typeof what === 'string' ? [{ what, error: new DebproofError('FETCH', `${what} is not served (HTTP 500).`) }] : [],
  )
  const unclear = unread.filter((what) => typeof what !== 'string')
  const testify = async (): Promise<Testimony> => {
    self.asked += 1
    return { listings, failures, unclear, notes: [] }
  }
  const self = {
    asked: 0,
    async *witnesses(): AsyncGenerator<Witness> {
      yield { name, testify }
    },
  }
  return self
}
