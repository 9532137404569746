import { failOnGitHub, githubWatcher, prepareOnGitHub, publishOnGitHub, removeEarlierOutput } from './ci/github.ts'
import { loadInputs } from './ci/inputs.ts'
import { describeError } from './errors.ts'
import { onSignals } from './interruption.ts'
import { run } from './run.ts'

/** The entry of the GitHub Action. */
try {
  onSignals((text) => process.stderr.write(text))
  removeEarlierOutput()
  const inputs = loadInputs(process.env)
  const prepared = await prepareOnGitHub(inputs)
  await publishOnGitHub(await run(inputs.run, githubWatcher), inputs, prepared)
} catch (error) {
  failOnGitHub(error, describeError(error))
}
