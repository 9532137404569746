import { visibleLine } from '../report/visible.ts'
import type { RunWatcher } from '../run.ts'
import type { Terminal } from '../terminal.ts'

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
    this.#step = visibleLine(step)
    if (this.#quiet) return
    this.#terminal.eraseLine()
    this.#terminal.err(`${this.#step} …${this.#terminal.interactive ? '' : '\n'}`)
  }

  readonly warn = (message: string): void => {
    this.#terminal.eraseLine()
    this.#terminal.err(`Warning: ${message}\n`)
  }

  readonly download = (url: URL): void => {
    this.#downloads += 1
    if (this.#verbose) {
      this.#terminal.eraseLine()
      this.#terminal.err(`  ${url.href}\n`)
    } else if (this.#terminal.interactive && !this.#quiet) {
      this.#terminal.eraseLine()
      this.#terminal.err(`${this.#step} … (${this.#downloads} files)`)
    }
  }

  end(): void {
    if (!this.#quiet) this.#terminal.eraseLine()
  }
}
