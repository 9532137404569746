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
export { isPathSuite as n, suiteDirectory as r, indexPaths as t };
