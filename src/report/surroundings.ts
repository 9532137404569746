import type { Surroundings } from '../judge/combine.ts'
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
    refused: archives.map(({ unproven }) => {
      if (unproven === undefined || unproven.count === 0 || unproven.action === 'report') return 'none'
      return unproven.unread.length > 0 ? 'undecided' : 'fail'
    }),
    isPart: shard !== undefined,
  }
}
