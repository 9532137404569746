/** The CI systems whose matrices can be computed: GitHub within a workflow, GitLab in a child pipeline. */
export const MATRIX_FORMATS = ['github', 'gitlab'] as const
export type MatrixFormat = (typeof MATRIX_FORMATS)[number]

/** Jobs that one matrix may have: GitHub's limit for a workflow run, GitLab's for `parallel:matrix`. */
export const MATRIX_LIMITS: Readonly<Record<MatrixFormat, number>> = { github: 256, gitlab: 200 }

/** What GitHub's `strategy.matrix: ${{ fromJSON(…) }}` takes, in one line, as an output of a step must be. */
export function githubMatrix(include: readonly object[]): string {
  return `${JSON.stringify({ include })}\n`
}

/**
 * A file for a child pipeline of GitLab's (JSON is YAML): hidden jobs to extend, by name, since `parallel:matrix`
 * cannot be computed within a pipeline. GitLab refuses a matrix of no jobs: what extends that never runs.
 *
 * @param variables what is the same in all jobs: values of a matrix become part of their names, which GitLab limits
 */
export function gitlabMatrix(
  jobs: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>,
  variables: Readonly<Record<string, string>> = {},
): string {
  const common = Object.keys(variables).length === 0 ? {} : { variables }
  const hidden = Object.entries(jobs).map(
    ([name, matrix]) =>
      [name, matrix.length > 0 ? { ...common, parallel: { matrix } } : { rules: [{ when: 'never' }] }] as const,
  )
  return `${JSON.stringify(Object.fromEntries(hidden))}\n`
}
