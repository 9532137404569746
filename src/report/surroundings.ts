import { refusalOf, type Surroundings } from '../judge/combine.ts'
import type { Report } from './report-schema.ts'

type Predicate = Report['predicate']

/** What counts for the verdict beside the packages, as a report states it. */
export function surroundingsOf({
  archives,
  otherArchives,
  shard,
}: Pick<Predicate, 'archives' | 'otherArchives' | 'shard'>): Surroundings {
  return {
    unread: archives.some(({ unread }) => unread.length > 0) || otherArchives?.action === 'fail',
    refused: archives.map(({ unproven, unread }) =>
      unproven?.action === 'fail' ? refusalOf(unproven, unread.length === 0) : 'none',
    ),
    isPart: shard !== undefined,
  }
}
