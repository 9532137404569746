import { ARCH_ALL } from '../archive/identity.ts'
import type { Target } from './target.ts'

/** How `--list` may print what needs rebuilding. */
export const LIST_FORMATS = ['text', 'json', 'matrix', 'gitlab'] as const
export type ListFormat = (typeof LIST_FORMATS)[number]

/** Jobs that one matrix may have: GitHub's limit for a workflow run, GitLab's for `parallel:matrix`. */
export const MATRIX_LIMITS: Readonly<Partial<Record<ListFormat, number>>> = { matrix: 256, gitlab: 200 }

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
 * child pipeline (JSON is YAML) with a hidden job `.debproof-rebuild` to extend, since `parallel:matrix` cannot be
 * computed within a pipeline.
 */
export function formatJobs(jobs: readonly Job[], format: ListFormat): string {
  switch (format) {
    case 'text':
      return jobs.map((job) => `${job.package} ${job.architecture} ${job.archive}\n`).join('')
    case 'json':
      return `${JSON.stringify(jobs, null, 1)}\n`
    case 'matrix':
      return `${JSON.stringify({ include: jobs })}\n`
    case 'gitlab': {
      const matrix = jobs.map((job) => ({ PACKAGE: job.package, ARCHITECTURE: job.architecture, ARCHIVE: job.archive }))
      return `${JSON.stringify({ '.debproof-rebuild': { parallel: { matrix } } })}\n`
    }
  }
}
