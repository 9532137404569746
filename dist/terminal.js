import { r as withoutSecrets } from "./job-secrets.js";
import { t as visible } from "./visible.js";
// src/terminal.ts
/** The only sequences that are sent to a terminal as they are (ECMA-48: SGR, EL). */
const COLORS = {
	pass: "\x1B[1;32m",
	fail: "\x1B[1;31m",
	undecided: "\x1B[1;33m"
};
const PLAIN = "\x1B[0m";
const ERASED = "\r\x1B[K";
/** The one writer of the command line. */
function terminalOf({ stdout, stderr, env }) {
	const color = stdout.isTTY === true && env["NO_COLOR"] === void 0;
	const interactive = stderr.isTTY === true;
	const shown = (text) => visible(withoutSecrets(text, env));
	return {
		out: (text, tone) => {
			const safe = shown(text);
			stdout.write(color && tone !== void 0 ? safe.replace(/^.*/, (line) => COLORS[tone] + line + PLAIN) : safe);
		},
		err: (text) => {
			stderr.write(shown(text));
		},
		eraseLine: () => {
			if (interactive) stderr.write(ERASED);
		},
		interactive,
		environment: env
	};
}
export { terminalOf as t };
