import { a as systemErrorCode, nt as MAX_OUTPUT_SILENCE, t as DebproofError, tt as MAX_OUTPUT_CLAIM } from "./errors.js";
import { t as STATEMENT_TYPE } from "./statement-type.js";
import { randomBytes } from "node:crypto";
import { closeSync, constants as constants$1, existsSync, fstatSync, lstatSync, openSync, readFileSync, readSync, readdirSync, readlinkSync, rmSync, statSync, writeSync } from "node:fs";
import path from "node:path";
import { hostname } from "node:os";
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
/** What is taken away by a signal, the last first: what a folder holds before who holds the folder. */
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
	for (const cleanup of [...cleanups].reverse()) try {
		cleanup();
	} catch {}
	say(`debproof: stopped by ${signal}.\n`);
	process.kill(process.pid, signal);
}
// src/report/lock-holder.ts
const LINE = /^debproof (\d{1,10}) ([A-Za-z0-9._-]{1,255}) (?:- - -|([0-9a-f-]{36}) (pid:\[\d{1,20}\]) (\d{1,20}))\n/;
function thisProcess() {
	const { pid } = process;
	const host = hostname().replaceAll(/[^A-Za-z0-9._-]/g, "-").slice(0, 255) || "-";
	const start = stateOf(pid)?.start;
	const here = herePlace();
	return {
		pid,
		host,
		...here === void 0 || start === void 0 ? {} : { place: {
			...here,
			start
		} }
	};
}
/** One line, which parseHolder reads. */
function serializeHolder({ pid, host, place }) {
	return `debproof ${pid} ${host} ${place === void 0 ? "- - -" : `${place.boot} ${place.namespace} ${place.start}`}\n`;
}
/** Undefined for what is not written so, such as half of it. */
function parseHolder(text) {
	const [, pid = "", host = "", boot, namespace, start] = LINE.exec(text) ?? [];
	if (pid === "") return void 0;
	const place = boot === void 0 || namespace === void 0 || start === void 0 ? void 0 : {
		boot,
		namespace,
		start
	};
	return {
		pid: Number(pid),
		host,
		...place === void 0 ? {} : { place }
	};
}
/** Whether a process runs; undefined where that cannot be seen from here: on another machine, in another container. */
function isAlive({ pid, place }) {
	const here = herePlace();
	if (place === void 0 || here === void 0) return void 0;
	if (place.boot !== here.boot || place.namespace !== here.namespace) return void 0;
	if (!isThere(pid)) return false;
	const state = stateOf(pid);
	if (state === void 0) return void 0;
	return state.start === place.start && !state.hasEnded;
}
function isThere(pid) {
	try {
		return process.kill(pid, 0);
	} catch (error) {
		return systemErrorCode(error) !== "ESRCH";
	}
}
function herePlace() {
	try {
		const boot = readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
		const namespace = readlinkSync("/proc/self/ns/pid");
		return /^[0-9a-f-]{36}$/.test(boot) && /^pid:\[\d+\]$/.test(namespace) ? {
			boot,
			namespace
		} : void 0;
	} catch {
		return;
	}
}
/** proc_pid_stat(5): the second field is a name in brackets, which may hold anything. */
function stateOf(pid) {
	try {
		const text = readFileSync(`/proc/${pid}/stat`, "latin1");
		const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
		const [state = "", start = ""] = [fields[0], fields[19]];
		return /^\d+$/.test(start) ? {
			start,
			hasEnded: /^[ZXx]$/.test(state)
		} : void 0;
	} catch {
		return;
	}
}
// src/report/output-lock.ts
/**
* One run at a time writes to an output folder. Each that wants to puts a file of its own there, by a name that nobody
* used before, and then looks for those of others:
*
* - of another one that holds the folder: this one goes;
* - of another one that has not decided yet: the lower name wins, and the other goes. Whoever did not see this file
*   when it looked holds the folder, which is seen then;
* - of a process that is gone: the file is removed. No name is used twice, so it can be no other's.
*
* Of two that hold the folder each would have looked before the other wrote its file, which cannot be.
*/
const CLAIM = /^\.debproof-run\.[0-9a-f]{32}$/;
/** Written behind what a file says of its process, when that holds the folder. */
const HELD = "held\n";
/** No link is followed by that, and each sign of life is there for other machines too when it was given. */
const NEW = constants$1.O_CREAT | constants$1.O_EXCL | constants$1.O_RDWR | constants$1.O_SYNC;
/** Milliseconds to wait for one that has not decided yet, which takes none, and between looks at it. */
const PATIENCE = 2e3;
const PAUSE = 5;
/** Signs of life that may fail to come before a process that cannot be looked at is taken for gone. */
const BEATS = 12;
/** An output folder that this run alone writes to. */
var OutputLock = class OutputLock {
	#file;
	#descriptor;
	#beat;
	#settled;
	#isReleased = false;
	constructor(file, descriptor) {
		this.#file = file;
		this.#descriptor = descriptor;
		this.#beat = setInterval(() => touch(descriptor), MAX_OUTPUT_SILENCE / BEATS);
		this.#beat.unref();
		this.#settled = whenInterrupted(() => this.release());
	}
	/**
	* @param folder which is there
	* @throws DebproofError OUTPUT where another run writes to it; what the file system throws where it cannot be written
	*/
	static take(folder) {
		const name = `.debproof-run.${randomBytes(16).toString("hex")}`;
		const file = path.join(folder, name);
		const descriptor = openSync(file, NEW, 420);
		try {
			writeSync(descriptor, serializeHolder(thisProcess()), 0);
			waitForTurn(folder, name, descriptor);
			writeSync(descriptor, HELD, fstatSync(descriptor).size);
			return new OutputLock(file, descriptor);
		} catch (error) {
			giveUp(file, descriptor);
			throw error;
		}
	}
	/**
	* Whether nobody took it for gone and removed its file: on a machine that slept, beside one that did not. The name
	* tells it from all others; not every file system gives a file one number.
	*/
	get isOwn() {
		if (this.#isReleased) return false;
		try {
			return lstatSync(this.#file).isFile();
		} catch {
			return false;
		}
	}
	/** Leaves nothing in the folder. */
	release() {
		if (this.#isReleased) return;
		clearInterval(this.#beat);
		const { isOwn } = this;
		this.#isReleased = true;
		this.#settled();
		if (isOwn) giveUp(this.#file, this.#descriptor);
		else closeSync(this.#descriptor);
	}
};
/** Does something to a folder that no other run writes to; nothing where one does, or where there is no folder. */
function whereNobodyWrites(folder, action) {
	if (!existsSync(folder)) return;
	let lock;
	try {
		lock = OutputLock.take(folder);
	} catch (error) {
		if (isTaken(error) || isClaimed(folder)) return;
	}
	try {
		action();
	} finally {
		lock?.release();
	}
}
function isClaimed(folder) {
	try {
		return claimsIn(folder, 0).length > 0;
	} catch {
		return false;
	}
}
/** Whether that is why a folder could not be taken. */
function isTaken(error) {
	return error instanceof DebproofError;
}
function waitForTurn(folder, name, descriptor) {
	const until = Date.now() + PATIENCE;
	for (;;) {
		const others = claimsIn(folder, fstatSync(descriptor).mtimeMs).filter(({ file }) => path.basename(file) !== name);
		const isLate = Date.now() > until;
		const [first] = others.filter(({ isHeld, file, silence }) => isHeld || isLate || silence > PATIENCE || path.basename(file) < name);
		if (first !== void 0) throw taken(folder, first);
		if (others.length === 0) return;
		Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
		touch(descriptor);
	}
}
/**
* Those of processes that run. Files of processes that do not are removed.
*
* @param now the present time, by the clock of the file system; 0 where it is not known, and silence tells nothing
*/
function claimsIn(folder, now) {
	return readdirSync(folder).filter((name) => CLAIM.test(name)).flatMap((name) => {
		const claim = readClaim(path.join(folder, name), now);
		if (claim === void 0) return [];
		if ((claim.holder === void 0 ? void 0 : isAlive(claim.holder)) ?? claim.silence <= 6e4) return [claim];
		rmSync(claim.file, { force: true });
		return [];
	});
}
/** Undefined for what is gone meanwhile, and for what is no file: no run makes such a thing. */
function readClaim(file, now) {
	let descriptor;
	try {
		descriptor = openSync(file, constants$1.O_RDONLY | constants$1.O_NOFOLLOW | constants$1.O_NONBLOCK);
	} catch (error) {
		if (systemErrorCode(error) !== "EACCES") return void 0;
		const found = lstatSync(file, { throwIfNoEntry: false });
		return found?.isFile() === true ? {
			file,
			holder: void 0,
			isHeld: true,
			silence: silenceOf(found, now)
		} : void 0;
	}
	try {
		const found = fstatSync(descriptor);
		if (!found.isFile()) return void 0;
		const bytes = Buffer.alloc(MAX_OUTPUT_CLAIM);
		const text = bytes.toString("utf8", 0, readSync(descriptor, bytes, 0, MAX_OUTPUT_CLAIM, 0));
		return {
			file,
			holder: parseHolder(text),
			isHeld: text.endsWith(`\n${HELD}`),
			silence: silenceOf(found, now)
		};
	} finally {
		closeSync(descriptor);
	}
}
/** A time in the future is no sign of life either. */
function silenceOf({ mtimeMs }, now) {
	return now === 0 ? 0 : Math.abs(now - mtimeMs);
}
/** The file's time becomes that of its file system, whichever machine that is on. */
function touch(descriptor) {
	try {
		const first = Buffer.alloc(1);
		if (readSync(descriptor, first, 0, 1, 0) === 1) writeSync(descriptor, first, 0, 1, 0);
	} catch {}
}
/** A folder that has become read-only keeps the file: whoever comes next sees that its process is gone. */
function giveUp(file, descriptor) {
	try {
		rmSync(file, { force: true });
	} catch (error) {
		if (systemErrorCode(error) === void 0) throw error;
	}
	closeSync(descriptor);
}
function taken(folder, { file, holder, silence }) {
	const who = holder === void 0 ? "another run of debproof" : `process ${holder.pid} on ${holder.host}`;
	const seconds = Math.ceil((MAX_OUTPUT_SILENCE - silence) / 1e3);
	const advice = holder !== void 0 && isAlive(holder) === true ? "Wait for its end, or name another folder with --output." : `Name another folder with --output. That process cannot be seen from here: if it is gone, the folder is free in ${seconds} s, or at once without ${file}.`;
	return new DebproofError("OUTPUT", `The output folder ${folder} is being written to by ${who}. ${advice}`);
}
export { uninterrupted as a, REPORT_FILES as c, removeEarlierReport as d, onSignals as i, REPORT_NAMES as l, isTaken as n, whenInterrupted as o, whereNobodyWrites as r, CHECKER as s, OutputLock as t, partName as u };
