import { statfs } from "node:fs/promises";
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
/** Undefined where it cannot be asked. */
async function fileSystemOf(place) {
	return typeof place === "string" && process.permission?.has("fs.read", place) === false ? void 0 : await statfs(place).catch(() => void 0);
}
// src/archive/identity.ts
/**
* What identifies a Debian package. Each is its own type, made only by its parser here, so that a hash, a
* fingerprint and a version cannot be taken for one another or used unchecked.
*/
function parseSha256(text) {
	return /^[0-9a-f]{64}$/.test(text) ? text : void 0;
}
function parseSha512(text) {
	return /^[0-9a-f]{128}$/.test(text) ? text : void 0;
}
/** Accepts blanks and a leading `0x`, as gpg prints and people paste them. */
function parseFingerprint(text) {
	const digits = text.replaceAll(/\s/g, "").replace(/^0x/i, "").toUpperCase();
	return /^(?:[0-9A-F]{40}|[0-9A-F]{64})$/.test(digits) ? digits : void 0;
}
/** Debian Policy 5.6.7; `_` and upper case as dpkg accepts them from others' packages, folded as dpkg folds. */
function parsePackageName(text) {
	return text.length <= 255 && /^[a-z0-9][a-z0-9+._-]*$/i.test(text) ? text.toLowerCase() : void 0;
}
/**
* Debian Policy 5.6.12: a colon after the epoch only where there is an epoch. An epoch of zero is left out, as dpkg
* leaves it out: an index that says 0:1.0 and a list that says 1.0 mean one version.
*/
function parseVersion(text) {
	if (text.length > 255) return void 0;
	const written = /^0*(\d+):([^:]+)$/.exec(text);
	if (written === null) return checkedVersion(text);
	const [, epoch = "", rest = ""] = written;
	return checkedVersion(epoch === "0" ? rest : `${epoch}:${rest}`);
}
function checkedVersion(text) {
	return text.length <= 255 && /^(?:\d+:[A-Za-z0-9.+~:-]+|[A-Za-z0-9.+~-]+)$/.test(text) ? text : void 0;
}
function parseArchitecture(text) {
	return text.length <= 64 && /^[a-z0-9][a-z0-9-]*$/.test(text) ? text : void 0;
}
export { parseSha512 as a, parseSha256 as i, parseFingerprint as n, parseVersion as o, parsePackageName as r, refuseKernelFile as s, parseArchitecture as t };
