import { a as systemErrorCode, t as DebproofError } from "./errors.js";
import path from "node:path";
import { constants, open, readlink, realpath, stat, statfs } from "node:fs/promises";
import { fileURLToPath } from "node:url";
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
const ALLOW_PATH_OPTION = {
	name: "allow-path",
	value: "DIR",
	multiple: true,
	description: "In a pipeline for a pull or merge request, whose author wrote the policy: a folder outside of the workspace in which files that the policy names may lie too."
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
// src/kernel-file.ts
/** Types of file systems that the kernel makes up (linux/magic.h): proc, sysfs, devpts, securityfs, debugfs, cgroup. */
const MADE_UP = /* @__PURE__ */ new Set([
	40864,
	1650812274,
	7377,
	1935894131,
	1684170528,
	2613483,
	1667723888
]);
/** That of pipes without a name (linux/magic.h). */
const PIPES = 1346981957;
/**
* Refuses a file in which the kernel tells of processes and devices, such as `/proc/self/environ` with all secrets of
* a job: a policy, which a pull request may bring, or a symbolic link beside it could name one, and what is read is
* kept as evidence.
*
* @throws Error
*/
async function refuseKernelFile(file) {
	const found = await fileSystemOf(typeof file === "object" && "fd" in file ? `/proc/self/fd/${file.fd}` : file);
	if (found !== void 0 && MADE_UP.has(found.type)) throw new Error("it is no file on a disk: the kernel makes it up");
}
/** Whether an open pipe has no name in any file system: whoever started this program holds its other end. */
async function isNamelessPipe(handle) {
	return (await fileSystemOf(`/proc/self/fd/${handle.fd}`))?.type === PIPES;
}
/** Undefined where it cannot be asked. */
async function fileSystemOf(place) {
	return typeof place === "string" && process.permission?.has("fs.read", place) === false ? void 0 : await statfs(place).catch(() => void 0);
}
// src/open-file.ts
/**
* Opens a file to be read. What lay under the name when somebody looked at it may be another thing by now: what was
* opened is looked at itself. A pipe is not waited for, as it would be beyond every time limit.
*
* @returns undefined for what is no file
* @throws as node:fs does, and for what the kernel makes up
*/
async function openFile(file) {
	const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
	try {
		if ((await handle.stat()).isFile()) {
			await refuseKernelFile(handle);
			return handle;
		}
	} catch (error) {
		await handle.close();
		throw error;
	}
	await handle.close();
}
/**
* Opens what a user names to be read: a file, or the pipe that a shell hands over (`/dev/stdin`, `<(…)`). A device may
* have no end, and a pipe with a name may have nobody who writes to it.
*
* @param options `blockDevice`: a disc is also taken, which has an end
* @throws as node:fs does; Error for what is of another kind, or made up by the kernel
*/
async function openInput(file, { blockDevice = false } = {}) {
	const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
	try {
		await refuseKernelFile(handle);
		const found = await handle.stat();
		if (found.isFile() || found.isDirectory() || blockDevice && found.isBlockDevice()) return handle;
		if (!found.isFIFO() || !await isNamelessPipe(handle)) throw new Error(`it is ${kindOf(found)}: name a file, or write it to one first`);
	} catch (error) {
		await handle.close();
		throw error;
	}
	await handle.close();
	return await open(file);
}
function kindOf(found) {
	if (found.isFIFO()) return "a pipe with a name";
	return found.isSocket() ? "a socket" : "a device";
}
// src/places.ts
/** A file that a policy names lies where it may not be read. Its message is for people, as a part of a sentence. */
var ElsewhereError = class extends Error {};
/** No limit: nobody but the user wrote the policy. */
const ANYWHERE = {
	open: async (file, opening) => await opening(file),
	openNamed: async (file, opening) => await opening(file),
	check: async () => {},
	isConfined: false
};
/** Where a system keeps keyrings, apt its lists and dpkg its status; never logins, as /etc/apt/auth.conf does. */
const OF_THE_SYSTEM = [
	"/usr/share/keyrings",
	"/etc/apt/keyrings",
	"/etc/apt/trusted.gpg",
	"/etc/apt/trusted.gpg.d",
	"/var/lib/apt/lists",
	"/var/lib/dpkg/status"
];
/**
* Files below a workspace alone, after all links of their path are resolved: for a policy that strangers wrote. What
* the system keeps for all to read may be named too, and what the user allows. Below `.git` nothing is read, for a
* checkout leaves its token there.
*
* @param workspace the folder of the checkout
* @param allowed more folders
*/
function placesBelow(workspace, allowed) {
	const roots = [
		workspace,
		...allowed,
		...OF_THE_SYSTEM
	].map((root) => path.resolve(root));
	const refuseElsewhere = async (real) => {
		let isHidden = false;
		for (const root of roots) {
			const below = path.relative(await realpath(root).catch(() => root), real);
			if (isOutside(below)) continue;
			if (!below.split(path.sep).some((part) => part.toLowerCase() === ".git")) return;
			isHidden = true;
		}
		throw new ElsewhereError(isHidden ? "it lies below .git, where a checkout leaves its token" : `it lies outside of ${workspace}, and in a pipeline for a pull or merge request a policy reads nothing else: copy it there, or allow its folder with --allow-path`);
	};
	const realPathOf = async (place) => {
		const written = path.resolve(typeof place === "string" ? place : fileURLToPath(place));
		const real = await realPathUpTo(written);
		await refuseElsewhere(real);
		return await realpath(written).catch(() => written);
	};
	const open = async (file, opening) => {
		const real = await realPathOf(file);
		const handle = await opening(real);
		if (handle === void 0) return handle;
		try {
			await refuseElsewhere(await placeOf(handle, real));
			return handle;
		} catch (error) {
			await handle.close();
			throw error;
		}
	};
	return {
		open,
		openNamed: async (file, opening) => {
			const written = path.resolve(typeof file === "string" ? file : fileURLToPath(file));
			return await ([path.resolve(workspace), await realpath(workspace).catch(() => workspace)].some((root) => !isOutside(path.relative(root, written))) ? open(file, opening) : opening(file));
		},
		check: async (place) => {
			await realPathOf(place);
		},
		isConfined: true
	};
}
function isOutside(relative) {
	return relative === ".." || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative);
}
/** Of what is not there, the real path that it would have: whether something exists elsewhere is nobody's business. */
async function realPathUpTo(place) {
	try {
		return await realpath(place);
	} catch (error) {
		const code = systemErrorCode(error);
		const parent = path.dirname(place);
		if (code !== "ENOENT" && code !== "ENOTDIR" || parent === place) throw error;
		return path.join(await realPathUpTo(parent), path.basename(place));
	}
}
/** Where lies what was opened: the kernel knows it (proc(5), /proc/PID/fd); elsewhere it must still be what lies there. */
async function placeOf(handle, opened) {
	const known = await readlink(`/proc/self/fd/${handle.fd}`).catch(() => void 0);
	if (known?.startsWith("/") === true) return known;
	const [own, now] = [await handle.stat(), await stat(opened)];
	if (own.dev !== now.dev || own.ino !== now.ino) throw new Error("it became another file while it was opened");
	return await realpath(opened);
}
export { openInput as a, AT_OPTION as c, clocks as d, parseAt as f, openFile as i, COMMON_OPTIONS as l, ElsewhereError as n, refuseKernelFile as o, placesBelow as r, ALLOW_PATH_OPTION as s, ANYWHERE as t, JSON_OPTION as u };
