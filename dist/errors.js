// src/errors.ts
/** A failure that is foreseen: its message is enough for the user, no stack trace is shown. */
var DebproofError = class extends Error {
	code;
	constructor(code, message, options) {
		super(message, options);
		this.name = "DebproofError";
		this.code = code;
	}
};
/** True for a DebproofError, of one of `codes` when any are given. */
function isDebproofError(error, ...codes) {
	return error instanceof DebproofError && (codes.length === 0 || codes.includes(error.code));
}
/** The message of anything thrown, with the messages of its causes. */
function describeError(error) {
	const messages = [];
	for (let current = error; current !== void 0 && messages.length < 5;) {
		const message = current instanceof Error ? current.message || current.name : String(current);
		if (!messages.some((earlier) => earlier.includes(message))) messages.push(message);
		current = current instanceof Error ? current.cause : void 0;
	}
	return messages.join(": ");
}
/** The errno code (`ENOENT`, `EACCES`, …) of an error of Node's, if it has one. */
function systemErrorCode(error) {
	if (!(error instanceof Error) || error instanceof DebproofError || !("code" in error)) return void 0;
	return typeof error.code === "string" ? error.code : void 0;
}
export { systemErrorCode as i, describeError as n, isDebproofError as r, DebproofError as t };
