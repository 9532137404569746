import { a as systemErrorCode } from "./errors.js";
import path from "node:path";
import { mkdir, stat } from "node:fs/promises";
// src/make-folder.ts
/**
* Makes a folder and those above it. Not Node's `recursive`: that tries for ever where a file system refuses a new
* folder with ENOENT although its parent is there, as /proc does.
*/
async function makeFolder(folder) {
	try {
		await makeOne(folder);
	} catch (error) {
		const parent = path.dirname(path.resolve(folder));
		if (systemErrorCode(error) !== "ENOENT" || parent === path.resolve(folder)) throw error;
		await makeFolder(parent);
		await makeOne(folder);
	}
}
/** Somebody else may make it at the same time. */
async function makeOne(folder) {
	try {
		await mkdir(folder);
	} catch (error) {
		if (systemErrorCode(error) !== "EEXIST" || !(await stat(folder)).isDirectory()) throw error;
	}
}
export { makeFolder as t };
