import { failOnGitHub, githubWatcher, prepareOnGitHub, publishOnGitHub } from './ci/github.ts'
import { loadInputs } from './ci/inputs.ts'
import { describeError } from './errors.ts'
import { run } from './run.ts'

/** The entry of the GitHub Action. */
try {
  const inputs = loadInputs(process.env)
  const prepared = await prepareOnGitHub(inputs)
  await publishOnGitHub(await run(inputs.run, githubWatcher), inputs, prepared)
} catch (error) {
  failOnGitHub(error, describeError(error))
}
