// src/parts/matrix.ts
/** The CI systems whose matrices can be computed: GitHub within a workflow, GitLab in a child pipeline. */
const MATRIX_FORMATS = ["github", "gitlab"];
/** Jobs that one matrix may have: GitHub's limit for a workflow run, GitLab's for `parallel:matrix`. */
const MATRIX_LIMITS = {
	github: 256,
	gitlab: 200
};
/** What GitHub's `strategy.matrix: ${{ fromJSON(…) }}` takes, in one line, as an output of a step must be. */
function githubMatrix(include) {
	return `${JSON.stringify({ include })}\n`;
}
/**
* A file for a child pipeline of GitLab's (JSON is YAML): hidden jobs to extend, by name, since `parallel:matrix`
* cannot be computed within a pipeline. GitLab refuses a matrix of no jobs: what extends that never runs.
*
* @param variables what is the same in all jobs: values of a matrix become part of their names, which GitLab limits
*/
function gitlabMatrix(jobs, variables = {}) {
	const common = Object.keys(variables).length === 0 ? {} : { variables };
	const hidden = Object.entries(jobs).map(([name, matrix]) => [name, matrix.length > 0 ? {
		...common,
		parallel: { matrix }
	} : { rules: [{ when: "never" }] }]);
	return `${JSON.stringify(Object.fromEntries(hidden))}\n`;
}
export { gitlabMatrix as i, MATRIX_LIMITS as n, githubMatrix as r, MATRIX_FORMATS as t };
