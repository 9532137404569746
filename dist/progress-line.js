import { n as visibleLine } from "./visible.js";
// src/commands/progress-line.ts
/** Says on standard error what is being done: one line that is overwritten on a terminal, one line a step elsewhere. */
var ProgressLine = class {
	#terminal;
	#quiet;
	#verbose;
	#step = "";
	#downloads = 0;
	constructor(terminal, { quiet, verbose }) {
		this.#terminal = terminal;
		this.#quiet = quiet;
		this.#verbose = verbose;
	}
	progress = (step) => {
		this.#step = visibleLine(step);
		if (this.#quiet) return;
		this.#terminal.eraseLine();
		this.#terminal.err(`${this.#step} …${this.#terminal.interactive ? "" : "\n"}`);
	};
	warn = (message) => {
		this.#terminal.eraseLine();
		this.#terminal.err(`Warning: ${message}\n`);
	};
	download = (url) => {
		this.#downloads += 1;
		if (this.#verbose) {
			this.#terminal.eraseLine();
			this.#terminal.err(`  ${url.href}\n`);
		} else if (this.#terminal.interactive && !this.#quiet) {
			this.#terminal.eraseLine();
			this.#terminal.err(`${this.#step} … (${this.#downloads} files)`);
		}
	};
	end() {
		if (!this.#quiet) this.#terminal.eraseLine();
	}
};
export { ProgressLine as t };
