import { failOnGitHub, githubWatcher, prepareOnGitHub, publishOnGitHub, removeEarlierOutput } from './ci/github.ts'
import { loadInputs } from './ci/inputs.ts'
import { describeError } from './errors.ts'
import { onSignals } from './interruption.ts'
import { run } from './run.ts'
import { terminalOf } from './terminal.ts'

/** The entry of the GitHub Action. */
// Node would print what nobody caught as it is.
process.on('uncaughtException', (error) => {
  failOnGitHub(error, describeError(error))
  process.exit()
})
try {
  onSignals(terminalOf(process).err)
  removeEarlierOutput()
  const inputs = loadInputs(process.env)
  const prepared = await prepareOnGitHub(inputs)
  await publishOnGitHub(await run(inputs.run, githubWatcher), inputs, prepared)
} catch (error) {
  failOnGitHub(error, describeError(error))
}
