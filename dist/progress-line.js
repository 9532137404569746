import { t as visible } from "./visible.js";
// src/commands/progress-line.ts
/** Back to the start of the line, and erase it. */
const CLEAR = "\r\x1B[K";
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
		this.#step = step;
		if (this.#quiet) return;
		if (this.#terminal.interactive) this.#terminal.err(`${CLEAR}${step} …`);
		else this.#terminal.err(`${step} …\n`);
	};
	warn = (message) => {
		if (this.#terminal.interactive) this.#terminal.err(CLEAR);
		this.#terminal.err(`Warning: ${visible(message)}\n`);
	};
	download = (url) => {
		this.#downloads += 1;
		if (this.#verbose) this.#terminal.err(`${this.#terminal.interactive ? CLEAR : ""}  ${visible(url.href)}\n`);
		else if (this.#terminal.interactive && !this.#quiet) this.#terminal.err(`${CLEAR}${this.#step} … (${this.#downloads} files)`);
	};
	end() {
		if (this.#terminal.interactive && !this.#quiet) this.#terminal.err(CLEAR);
	}
};
export { ProgressLine as t };
