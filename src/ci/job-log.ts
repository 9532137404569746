import * as core from '@actions/core'
import { visible, visibleLine } from '../report/visible.ts'

/**
 * The one writer of the action: what it says in the log, in annotations and in the job summary. All of it is made
 * visible here, so that no text of a policy, an archive or a server can give GitHub's runner a command.
 */
export const jobLog = {
  info: (text: string): void => core.info(visible(text)),
  /** A step of the run, in one line. */
  step: (text: string): void => core.info(`${visibleLine(text)} …`),
  debug: (text: string): void => core.debug(visible(text)),
  isDebug: (): boolean => core.isDebug(),
  warning: (text: string): void => core.warning(visible(text)),
  notice: (text: string): void => core.notice(visible(text), TITLED),
  error: (text: string, title: string): void => core.error(visible(text), { title: visibleLine(title) }),
  /** An error, which fails the step too. */
  setFailed: (text: string): void => core.setFailed(visible(text)),
  startGroup: (name: string): void => core.startGroup(visibleLine(name)),
  endGroup: (): void => core.endGroup(),
  /** Markdown, in which foreign text was escaped already. */
  summary: async (...lines: readonly string[]): Promise<void> => {
    for (const line of lines) core.summary.addRaw(visible(line)).addEOL()
    await core.summary.write()
  },
  /** The runner reads an output between lines that nobody can guess, so that it may hold any text. */
  setOutput: (name: string, value: string): void => core.setOutput(name, value),
}

const TITLED = { title: 'debproof' }
