import { t as STATEMENT_TYPE } from "./statement-type.js";
import { randomBytes } from "node:crypto";
import path from "node:path";
import { closeSync, openSync, readSync, readdirSync, rmSync, statSync } from "node:fs";
// src/report/earlier-report.ts
/** The script that checks a report with other tools; `verify` puts it beside one that has evidence. */
const CHECKER = "recheck.sh";
/** In the order in which they are removed: what says a verdict comes first. It is written last. */
const REPORT_NAMES = {
	variables: "verdict.env",
	report: "report.json",
	junit: "junit.xml",
	summary: "summary.md",
	signature: "report.json.asc",
	checker: CHECKER
};
/** All files of a report, beside its evidence. */
const REPORT_FILES = Object.values(REPORT_NAMES);
/** What the file is called that becomes one of this name, or that tries whether there can be one. */
function partName(name) {
	return `.${name}.${randomBytes(8).toString("hex")}.part`;
}
const PART = /^\.(?:\.writable|[a-z.]+)\.[0-9a-f]{16}\.part$/;
/** How those of them begin that say what they are. */
const STARTS = {
	[REPORT_NAMES.report]: `{\n "_type": "${STATEMENT_TYPE}"`,
	[REPORT_NAMES.summary]: "# debproof: ",
	[REPORT_NAMES.junit]: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"debproof\"",
	[REPORT_NAMES.variables]: "DEBPROOF_",
	[REPORT_NAMES.checker]: "#!/bin/sh\n# Checks a debproof report"
};
/**
* Removes the report in a folder, whatever else is in it: nothing there shall say the verdict of an earlier run. A file
* of such a name that somebody else wrote is left; what a killed run was writing is not. In one go: a signal that comes
* meanwhile waits.
*
* @returns the names of what is somebody else's
* @throws what the file system throws, after all was tried
*/
function removeEarlierReport(folder) {
	const foreign = Object.entries(STARTS).flatMap(([name, start]) => isForeign(path.join(folder, name), start) ? [name] : []);
	const failures = [];
	for (const name of [...REPORT_FILES.filter((one) => !foreign.includes(one)), ...partsIn(folder)]) try {
		rmSync(path.join(folder, name), { force: true });
	} catch (error) {
		failures.push(error);
	}
	if (failures.length > 0) throw failures[0];
	return foreign;
}
/** None where the folder cannot be listed; what is known by its name can be removed all the same. */
function partsIn(folder) {
	try {
		return readdirSync(folder).filter((name) => PART.test(name));
	} catch {
		return [];
	}
}
function isForeign(file, start) {
	const found = statSync(file, { throwIfNoEntry: false });
	if (found === void 0) return false;
	if (!found.isFile()) return true;
	const descriptor = openSync(file, "r");
	try {
		const bytes = Buffer.alloc(Buffer.byteLength(start));
		return readSync(descriptor, bytes) < bytes.length || bytes.toString() !== start;
	} finally {
		closeSync(descriptor);
	}
}
// src/interruption.ts
const SIGNALS = [
	"SIGHUP",
	"SIGINT",
	"SIGTERM"
];
/** What is taken away by a signal. */
const cleanups = /* @__PURE__ */ new Set();
/** How many actions are not to be interrupted, and the signal that waits for them. */
let held = 0;
let waiting;
let say = () => {};
/**
* From now on a signal that ends the program has half-done things taken away and says so first; then it ends it as
* its sender expects. A second one ends it at once.
*/
function onSignals(tell) {
	say = tell;
	for (const signal of SIGNALS) process.once(signal, end);
}
/** Has something taken away by a signal, at once and without waiting. @returns what ends that */
function whenInterrupted(cleanup) {
	cleanups.add(cleanup);
	return () => cleanups.delete(cleanup);
}
/** Runs what must be done whole once it is begun: a signal that comes meanwhile waits for its end. */
async function uninterrupted(action) {
	held += 1;
	try {
		return await action();
	} finally {
		held -= 1;
		if (held === 0 && waiting !== void 0) end(waiting);
	}
}
function end(signal) {
	waiting = signal;
	if (held > 0) return;
	for (const cleanup of cleanups) try {
		cleanup();
	} catch {}
	say(`debproof: stopped by ${signal}.\n`);
	process.kill(process.pid, signal);
}
export { REPORT_FILES as a, removeEarlierReport as c, CHECKER as i, uninterrupted as n, REPORT_NAMES as o, whenInterrupted as r, partName as s, onSignals as t };
