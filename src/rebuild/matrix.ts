import { ARCH_ALL } from '../archive/identity.ts'
import { githubMatrix, gitlabMatrix, MATRIX_LIMITS } from '../parts/matrix.ts'
import type { Target } from './target.ts'

/** How `--list` may print what needs rebuilding. */
export const LIST_FORMATS = ['text', 'json', 'matrix', 'gitlab'] as const
export type ListFormat = (typeof LIST_FORMATS)[number]

/** Jobs that one list may have; absent where it is for no matrix. */
export const LIST_LIMITS: Readonly<Partial<Record<ListFormat, number>>> = {
  matrix: MATRIX_LIMITS.github,
  gitlab: MATRIX_LIMITS.gitlab,
}

/** One job: one source package. */
export interface Job {
  /** What `debproof rebuild` takes to do this job. */
  readonly package: string
  readonly source: string
  readonly version: string
  /** That of the machine which must do it. */
  readonly architecture: string
  readonly archive: string
}

export function jobsOf(targets: readonly Target[]): Job[] {
  return targets.map(({ archive, source, wanted }) => {
    const own = archive.served.area.architectures[0] ?? ARCH_ALL
    return {
      package: `src:${source.name}=${source.version}`,
      source: source.name,
      version: source.version,
      architecture: wanted.find(({ architecture }) => architecture !== ARCH_ALL)?.architecture ?? own,
      archive: archive.name,
    }
  })
}

/**
 * Prints the jobs. `matrix` is what GitHub's `strategy.matrix: ${{ fromJSON(…) }}` takes; `gitlab` is a file for a
 * child pipeline with a hidden job `.debproof-rebuild` to extend.
 */
export function formatJobs(jobs: readonly Job[], format: ListFormat): string {
  switch (format) {
    case 'text':
      return jobs.map((job) => `${job.package} ${job.architecture} ${job.archive}\n`).join('')
    case 'json':
      return `${JSON.stringify(jobs, null, 1)}\n`
    case 'matrix':
      return githubMatrix(jobs)
    case 'gitlab': {
      const matrix = jobs.map((job) => ({ PACKAGE: job.package, ARCHITECTURE: job.architecture, ARCHIVE: job.archive }))
      return gitlabMatrix({ '.debproof-rebuild': matrix })
    }
  }
}
