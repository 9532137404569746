import type { ReadFailure } from '../archive/archive-reader.ts'
import { FileHashes } from '../archive/file-hashes.ts'
import type { ListedFiles } from '../archive/listed-files.ts'
import { DebproofError } from '../errors.ts'
import type { Voucher } from '../identical/witness.ts'

/** What is left of an archive's files after everybody was heard who may vouch for them. */
export interface Compared {
  /** How many different files its indexes list. */
  readonly listed: number
  /** Those that nobody was seen to sign. */
  readonly rest: FileHashes
  /** Stanzas without a hash that could be compared. */
  readonly unhashed: number
  /** What could not be read of those who may vouch, where anything is left. */
  readonly unread: readonly ReadFailure[]
}

/**
 * Compares all files that an archive lists with all that those list who may vouch for it, by their hashes. As for a
 * package that was used, every state of a history within its window is asked while anything is left: a state may have
 * gaps, and a copy may be a mixture of several. Which ones are asked depends on nothing but the files, so that each part
 * of a verification comes to the same.
 */
export async function compareFiles(served: readonly ListedFiles[], vouchers: readonly Voucher[]): Promise<Compared> {
  const all = union(served)
  const unhashed = served.reduce((sum, index) => sum + index.unhashed, 0)
  const listed = all.size + unhashed
  const unread: ReadFailure[] = []
  let rest = all
  for (const { source } of vouchers) {
    if (rest.size === 0) break
    for await (const { name, testify } of source.witnesses(() => [], false)) {
      const { files = [], failures } = await testify()
      rest = rest.without(files.map(({ mayBeDelivered }) => mayBeDelivered))
      unread.push(...failures, ...withoutHashes(name, files))
      if (rest.size === 0) break
    }
  }
  return { listed, rest, unhashed, unread: rest.size === 0 ? [] : unread }
}

/** What a state lists in stanzas whose hash is not certain: it may have signed any file there. */
function withoutHashes(what: string, files: readonly ListedFiles[]): ReadFailure[] {
  const count = files.reduce((sum, { unhashed }) => sum + unhashed, 0)
  if (count === 0) return []
  const problem = `It has ${count} ${count === 1 ? 'stanza' : 'stanzas'} that do not state one SHA-256 as archives write it.`
  return [{ what, error: new DebproofError('INDEX_MALFORMED', problem) }]
}

/** Most archives have one index, whose set will do. */
function union(indexes: readonly ListedFiles[]): FileHashes {
  const [first, ...others] = indexes
  if (first === undefined || others.length === 0) return first?.hashes ?? new FileHashes()
  const all = new FileHashes()
  for (const { hashes } of indexes) all.addAll(hashes)
  return all
}
