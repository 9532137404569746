import { Y as MAX_LIST, t as DebproofError } from "./errors.js";
import { t as ANYWHERE } from "./places.js";
import { u as listError } from "./formats.js";
import { r as readPackageList, t as parsePackageList } from "./read-list.js";
import { readdir } from "node:fs";
import path from "node:path";
import { stat } from "node:fs/promises";
// src/find-files.ts
/**
* The files and folders that a path or a glob names, sorted. A path that exists is taken as it is, whatever
* characters it holds; one that is no glob is returned without a look at the disk.
*
* @param places where folders may lie that are looked into; others are to a glob as if they were empty
* @throws Error for a glob that begins elsewhere
*/
async function findFiles(pattern, folder, places = ANYWHERE) {
	const file = path.resolve(folder, pattern);
	const { glob, isDynamicPattern } = await import("./dist3.js");
	if (!isDynamicPattern(pattern)) return [file];
	const parts = pattern.split("/");
	const fixed = parts.slice(0, parts.findIndex((part) => isDynamicPattern(part))).join("/");
	await places.check(path.resolve(folder, pattern.startsWith("/") ? `/${fixed}` : fixed));
	if (await exists(file)) return [file];
	const options = {
		cwd: folder,
		absolute: true,
		dot: true,
		onlyFiles: false,
		expandDirectories: false
	};
	if (places.isConfined) Reflect.set(options, "fs", { readdir: readingWithin(places) });
	return (await glob(pattern, options)).map((name) => path.normalize(name)).sort();
}
async function exists(file) {
	return await stat(file).then(() => true, () => false);
}
/** As `fs.readdir`, of folders in their places. */
function readingWithin(places) {
	return (folder, options, done) => {
		places.check(folder).then(() => readdir(folder, options, done), () => done(null, []));
	};
}
// src/packages/find-lists.ts
/**
* Reads every package list of a build: files, folders, globs, and http(s) URLs.
*
* @param folder what relative paths are relative to
* @param places where files may lie
* @throws DebproofError PACKAGE_LIST, also for a glob that matches nothing
*/
async function readPackageLists(sources, folder, downloads, places = ANYWHERE) {
	const lists = [];
	for (const { path: source, format } of sources) if (/^https?:\/\//i.test(source)) lists.push(await downloadList(source, format, downloads));
	else for (const file of await filesOf(source, folder, places)) lists.push(await readPackageList(file, format, places));
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
async function filesOf(source, folder, places) {
	const found = await findFiles(source, folder, places).catch((error) => {
		throw listError(source, void 0, "no list can be looked for here", error);
	});
	if (found.length > 0) return found;
	throw new DebproofError("PACKAGE_LIST", `No file matches ${source} in ${folder}: was the build's list written there?`);
}
export { findFiles as n, readPackageLists as t };
