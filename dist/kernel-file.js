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
	const found = await statfs(file).catch(() => void 0);
	if (found !== void 0 && MADE_UP.has(found.type)) throw new Error("it is no file on a disk: the kernel makes it up");
}
export { refuseKernelFile as t };
