import { constants } from "node:fs";
import { open } from "node:fs/promises";
// src/lasting-file.ts
/**
* Node's permission model takes fsync(2) away (from 24.22 and 26 on), but not the flag of open(2) that brings each
* write to the disk. That is slower for a file of many writes, so it stands in only there.
*/
const isConfined = process.permission !== void 0;
/** Flags for a new file that is to outlast a loss of power. It never goes through a link. */
const NEW_LASTING_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (isConfined ? constants.O_SYNC : 0);
/** Brings to the disk what was written to a file that was opened with these flags, or the names in a folder. */
async function bringToDisk(handle) {
	if (!isConfined) await handle.sync();
}
/**
* Writes a new file and brings it to the disk.
* @throws as node:fs does, also where something has the name
*/
async function writeLasting(file, content) {
	const handle = await open(file, NEW_LASTING_FILE);
	try {
		await handle.writeFile(content);
		await bringToDisk(handle);
	} finally {
		await handle.close();
	}
}
export { bringToDisk as n, writeLasting as r, NEW_LASTING_FILE as t };
