import { i as systemErrorCode } from "./errors.js";
import { mkdir, stat } from "node:fs/promises";
import path from "node:path";
// src/archive/suite-layout.ts
function isPathSuite(suite) {
	return suite.endsWith("/");
}
/** Where a suite's release file is, relative to the archive's base: `''` or a path that ends in `/`. */
function suiteDirectory(suite) {
	if (!isPathSuite(suite)) return `dists/${suite}/`;
	const path = suite.replace(/^(?:\.?\/)+/, "");
	return path === "" ? "" : path;
}
/**
* The indexes that hold a suite's packages, by their paths in the release file without suffix. As apt does, the
* `binary-all` index is read where the release file offers one; elsewhere packages for all architectures stand in
* each architecture's index.
*/
function indexPaths(area, suite, release, kind) {
	if (isPathSuite(suite)) return [kind];
	if (kind === "Sources") return area.components.map((component) => `${component}/source/Sources`);
	const architectures = new Set(area.architectures);
	if (release.hasArchitectureAllIndex) architectures.add("all");
	return area.components.flatMap((component) => [...architectures].map((architecture) => `${component}/binary-${architecture}/Packages`));
}
// src/make-folder.ts
/**
* Makes a folder and those above it. Not Node's `recursive`: that tries for ever where a file system refuses a new
* folder with ENOENT although its parent is there, as /proc does.
*/
async function makeFolder(folder) {
	try {
		await mkdir(folder);
	} catch (error) {
		const code = systemErrorCode(error);
		if (code === "EEXIST" && (await stat(folder)).isDirectory()) return;
		const parent = path.dirname(path.resolve(folder));
		if (code !== "ENOENT" || parent === path.resolve(folder)) throw error;
		await makeFolder(parent);
		await mkdir(folder);
	}
}
export { suiteDirectory as i, indexPaths as n, isPathSuite as r, makeFolder as t };
