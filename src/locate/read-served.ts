import type { AptLists } from '../archive/apt-lists.ts'
import type { ArchiveReader } from '../archive/archive-reader.ts'
import type { ArchivePolicy } from '../policy/policy.ts'
import type { ArchiveReading } from './located.ts'

/**
 * Reads an archive as the build was served from it.
 *
 * @param kept the apt lists that the policy names for it
 */
export async function readServed(
  archive: ArchivePolicy,
  reader: ArchiveReader,
  kept: AptLists | undefined,
): Promise<ArchiveReading> {
  const { area, keyring, maxAge, names } = archive.served
  const request = {
    area,
    keyring,
    ...(maxAge === undefined ? {} : { maxAge }),
    ...(names === undefined ? {} : { names }),
    // What apt would read and a reader of first lines would not can hide in an index that the project signs.
    refuseHidden: !archive.servedByUpstream,
    ...(kept === undefined ? {} : { kept }),
  }
  return { archive, request, facts: await reader.read(request) }
}
