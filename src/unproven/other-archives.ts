import type { AptLists } from '../archive/apt-lists.ts'
import { DebproofError } from '../errors.ts'

/** Files in apt's lists that no archive of the policy reads: the build's apt saw an archive that nobody judges. */
export interface OtherArchive {
  /** The folder of the lists. */
  readonly folder: string
  /** Names of release files and `Packages` indexes, sorted. */
  readonly files: readonly string[]
}

/** @param lists by folder, after all archives of the policy were read */
export async function findOtherArchives(lists: ReadonlyMap<string, AptLists>): Promise<OtherArchive[]> {
  const found: OtherArchive[] = []
  for (const [folder, list] of lists) {
    const files = await othersOf(list)
    if (files.length > 0) found.push({ folder, files })
  }
  return found
}

/** Lists that cannot be read leave their archives unread, which is told there. */
async function othersOf(list: AptLists): Promise<readonly string[]> {
  try {
    return await list.others()
  } catch (error) {
    if (!(error instanceof DebproofError)) throw error
    return []
  }
}
