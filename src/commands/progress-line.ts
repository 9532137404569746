import { visible } from '../report/visible.ts'
import type { RunWatcher } from '../run.ts'
import type { Terminal } from './command.ts'

/** Back to the start of the line, and erase it. */
const CLEAR = '\r\x1b[K'

/** Says on standard error what is being done: one line that is overwritten on a terminal, one line a step elsewhere. */
export class ProgressLine implements RunWatcher {
  readonly #terminal: Terminal
  readonly #quiet: boolean
  readonly #verbose: boolean
  #step = ''
  #downloads = 0

  constructor(terminal: Terminal, { quiet, verbose }: { quiet: boolean; verbose: boolean }) {
    this.#terminal = terminal
    this.#quiet = quiet
    this.#verbose = verbose
  }

  readonly progress = (step: string): void => {
    this.#step = step
    if (this.#quiet) return
    if (this.#terminal.interactive) this.#terminal.err(`${CLEAR}${step} …`)
    else this.#terminal.err(`${step} …\n`)
  }

  readonly warn = (message: string): void => {
    if (this.#terminal.interactive) this.#terminal.err(CLEAR)
    this.#terminal.err(`Warning: ${visible(message)}\n`)
  }

  readonly download = (url: URL): void => {
    this.#downloads += 1
    if (this.#verbose) this.#terminal.err(`${this.#terminal.interactive ? CLEAR : ''}  ${visible(url.href)}\n`)
    else if (this.#terminal.interactive && !this.#quiet) {
      this.#terminal.err(`${CLEAR}${this.#step} … (${this.#downloads} files)`)
    }
  }

  end(): void {
    if (this.#terminal.interactive && !this.#quiet) this.#terminal.err(CLEAR)
  }
}
