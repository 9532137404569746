import type { Target } from './target.ts'
import { BUILDINFO_TARGETS } from './targets/buildinfos.ts'
import { COMPRESSION_TARGETS } from './targets/compression.ts'
import { DEB_TARGETS } from './targets/debs.ts'
import { DOCUMENT_TARGETS } from './targets/documents.ts'
import { DSSE_TARGETS } from './targets/dsse.ts'
import { IN_TOTO_TARGETS } from './targets/in-toto.ts'
import { INDEX_TARGETS } from './targets/indexes.ts'
import { LIST_TARGETS } from './targets/lists.ts'
import { POLICY_TARGETS } from './targets/policies.ts'
import { REBUILDERD_TARGETS } from './targets/rebuilderd.ts'
import { RELEASE_TARGETS } from './targets/release-files.ts'
import { REPORT_TARGETS } from './targets/reports.ts'

/** Every parser of what comes from outside. */
export const TARGETS: readonly Target[] = [
  ...RELEASE_TARGETS,
  ...INDEX_TARGETS,
  ...LIST_TARGETS,
  ...POLICY_TARGETS,
  ...BUILDINFO_TARGETS,
  ...IN_TOTO_TARGETS,
  ...DSSE_TARGETS,
  ...REBUILDERD_TARGETS,
  ...DOCUMENT_TARGETS,
  ...DEB_TARGETS,
  ...REPORT_TARGETS,
  ...COMPRESSION_TARGETS,
]

export function targetNamed(name: string): Target {
  const target = TARGETS.find((each) => each.name === name)
  if (target === undefined)
    throw new RangeError(`there is no target ${name}: ${TARGETS.map((each) => each.name).join(', ')}`)
  return target
}
