// src/errors.ts
/**
* The closed set of things that can go wrong. A code is a contract: scripts match on it, so a code may be
* added but its meaning never changes. The message is for people and says what to do next.
*/
const ERROR_CODES = [
	"USAGE",
	"POLICY",
	"PACKAGE_LIST",
	"KEY",
	"OUTPUT",
	"RELEASE_MALFORMED",
	"RELEASE_UNTRUSTED",
	"RELEASE_TIME",
	"RELEASE_SUITE",
	"INDEX_MISMATCH",
	"INDEX_MALFORMED",
	"INDEX_UNLISTED",
	"INDEX_UNREADABLE",
	"NOT_FOUND",
	"FETCH",
	"TOO_LARGE",
	"COMPRESSION",
	"STATEMENT",
	"EVIDENCE",
	"PUBLISH",
	"OFFLINE"
];
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
/** How many causes are looked at: an error may be its own cause. */
const MAX_CAUSES = 8;
/** The message of anything thrown, with the messages of its causes. */
function describeError(error) {
	const messages = [];
	let current = error;
	for (let depth = 0; depth < MAX_CAUSES && current !== void 0; depth++) {
		if (current instanceof AggregateError && current.message === "") current = current.errors[0];
		const message = current instanceof Error ? current.message || current.name : String(current);
		if (!messages.some((earlier) => earlier.includes(message))) messages.push(message);
		current = current instanceof Error ? current.cause : void 0;
	}
	return messages.map((message, index) => index + 1 < messages.length ? message.replace(/\.$/, "") : message).join(": ");
}
/** The errno code (`ENOENT`, `EACCES`, …) of an error of Node's, if it has one. */
function systemErrorCode(error) {
	if (!(error instanceof Error) || error instanceof DebproofError || !("code" in error)) return void 0;
	return typeof error.code === "string" ? error.code : void 0;
}
export { systemErrorCode as a, isDebproofError as i, ERROR_CODES as n, describeError as r, DebproofError as t };
