import { t as DebproofError } from "./errors.js";
// src/options/option.ts
/** Where results go and how much is said: for every command. */
const COMMON_OPTIONS = [
	{
		name: "quiet",
		description: "Print the verdict or the result alone, and errors."
	},
	{
		name: "verbose",
		description: "Print every download, every package that needs attention, and the trace of a bug."
	},
	{
		name: "help",
		description: "Print this help."
	}
];
const JSON_OPTION = {
	name: "json",
	description: "Print the result as JSON."
};
const AT_OPTION = {
	name: "at",
	value: "TIME",
	description: "The clock for every decision (signatures, Valid-Until, exceptions), in RFC 3339, such as 2026-11-22T12:00:00Z. The default is now, or the date that the policy gives under `at`."
};
/** @throws DebproofError USAGE for anything but an RFC 3339 time */
function parseAt(text, now) {
	return wholeSeconds(text === void 0 ? now : parseTime(text));
}
/** The clocks that a policy is resolved with: the one that was given, and the one for where none is. */
function clocks(text) {
	const now = wholeSeconds(/* @__PURE__ */ new Date());
	return text === void 0 ? { now } : {
		at: wholeSeconds(parseTime(text)),
		now
	};
}
/** As reports write times. */
function wholeSeconds(time) {
	return /* @__PURE__ */ new Date(Math.floor(time.getTime() / 1e3) * 1e3);
}
/** RFC 3339, 5.6, of a day and an hour that exist: JavaScript takes 30 February for 2 March. */
function parseTime(text) {
	const day = /^(\d{4}-\d{2}-\d{2})[Tt ](?:[01]\d|2[0-3]):\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/.exec(text)?.[1];
	const time = new Date(text.replace(" ", "T"));
	if (day === void 0 || Number.isNaN(time.getTime()) || !isDay(day)) throw new DebproofError("USAGE", `--at ${JSON.stringify(text)} is not an RFC 3339 time with its zone, such as 2026-11-22T12:00:00Z.`);
	return time;
}
function isDay(day) {
	const midnight = /* @__PURE__ */ new Date(`${day}T00:00:00Z`);
	return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}
export { parseAt as a, clocks as i, COMMON_OPTIONS as n, JSON_OPTION as r, AT_OPTION as t };
