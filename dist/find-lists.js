import { q as MAX_LIST, t as DebproofError } from "./errors.js";
import { r as readPackageList, t as parsePackageList } from "./read-list.js";
import { stat } from "node:fs/promises";
import path from "node:path";
// src/find-files.ts
/**
* The files and folders that a path or a glob names, sorted. A path that exists is taken as it is, whatever
* characters it holds; one that is no glob is returned without a look at the disk.
*/
async function findFiles(pattern, folder) {
	const file = path.resolve(folder, pattern);
	const { glob, isDynamicPattern } = await import("./dist3.js");
	if (!isDynamicPattern(pattern) || await exists(file)) return [file];
	return (await glob(pattern, {
		cwd: folder,
		absolute: true,
		dot: true,
		onlyFiles: false,
		expandDirectories: false
	})).map((name) => path.normalize(name)).sort();
}
async function exists(file) {
	return await stat(file).then(() => true, () => false);
}
// src/packages/find-lists.ts
/**
* Reads every package list of a build: files, folders, globs, and http(s) URLs.
*
* @param folder what relative paths are relative to
* @throws DebproofError PACKAGE_LIST, also for a glob that matches nothing
*/
async function readPackageLists(sources, folder, downloads) {
	const lists = [];
	for (const { path: source, format } of sources) if (/^https?:\/\//i.test(source)) lists.push(await downloadList(source, format, downloads));
	else for (const file of await filesOf(source, folder)) lists.push(await readPackageList(file, format));
	if (lists.length === 0) throw new DebproofError("PACKAGE_LIST", "No package list was named: use --packages, or `packages:` in the policy.");
	return lists;
}
async function downloadList(source, format, downloads) {
	if (!URL.canParse(source)) throw new DebproofError("PACKAGE_LIST", `${source} is not a URL.`);
	const url = new URL(source);
	try {
		return parsePackageList(Buffer.from(await downloads.bytes(url, MAX_LIST)), url.pathname, format);
	} catch (error) {
		if (!(error instanceof DebproofError) || error.code === "PACKAGE_LIST") throw error;
		throw new DebproofError("PACKAGE_LIST", `The package list ${source} could not be fetched`, { cause: error });
	}
}
async function filesOf(source, folder) {
	const found = await findFiles(source, folder);
	if (found.length > 0) return found;
	throw new DebproofError("PACKAGE_LIST", `No file matches ${source} in ${folder}: was the build's list written there?`);
}
export { findFiles as n, readPackageLists as t };
