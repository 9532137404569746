import type { Target } from './target.ts'
import { COMPRESSION_TARGETS } from './targets/compression.ts'
import { DEB_TARGETS } from './targets/debs.ts'
import { INDEX_TARGETS } from './targets/indexes.ts'
import { LIST_TARGETS } from './targets/lists.ts'
import { POLICY_TARGETS } from './targets/policies.ts'
import { RELEASE_TARGETS } from './targets/release-files.ts'
import { REPORT_TARGETS } from './targets/reports.ts'
import { STATEMENT_TARGETS } from './targets/statements.ts'

/** Every parser of what comes from outside. */
export const TARGETS: readonly Target[] = [
  ...RELEASE_TARGETS,
  ...INDEX_TARGETS,
  ...LIST_TARGETS,
  ...POLICY_TARGETS,
  ...STATEMENT_TARGETS,
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
