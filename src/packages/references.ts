import { DebproofError } from '../errors.ts'
import type { PackageList } from './read-list.ts'

/**
 * The snapshots that the lists name, by origin; two lists that disagree would let one of them choose for the other.
 *
 * @throws DebproofError PACKAGE_LIST
 */
export function mergeReferences(lists: readonly PackageList[]): Record<string, string> {
  const references = new Map<string, string>()
  for (const { name, content } of lists) {
    for (const [origin, reference] of Object.entries(content.references ?? {})) {
      const known = references.get(origin)
      if (known !== undefined && known !== reference) {
        throw new DebproofError(
          'PACKAGE_LIST',
          `${name} takes ${origin} from snapshot ${reference}, another package list from ${known}.`,
        )
      }
      references.set(origin, reference)
    }
  }
  return Object.fromEntries(references)
}
