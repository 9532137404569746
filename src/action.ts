import { failOnGitHub, githubWatcher, publishOnGitHub } from './ci/github.ts'
import { loadInputs } from './ci/inputs.ts'
import { describeError } from './errors.ts'
import { run } from './run.ts'

/** The entry of the GitHub Action. */
try {
  await publishOnGitHub(await run(loadInputs(process.env).run, githubWatcher))
} catch (error) {
  failOnGitHub(error, describeError(error))
}
