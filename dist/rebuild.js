import { $ as MAX_LOG_TAIL, Mt as MAX_SOURCES_FILE, N as MAX_DSC, Pt as MAX_STATEMENT, Zt as TOOL_PROBE_TIMEOUT, a as systemErrorCode, b as MAX_BUILD_DEPENDENCIES, bt as MAX_REPORT, i as isDebproofError, m as KILL_GRACE, ot as MAX_PACKAGE_FILE, r as describeError, t as DebproofError, u as DIFFOSCOPE_TIMEOUT, v as MAX_BUILDINFO } from "./errors.js";
import { t as EXIT } from "./exit-code.js";
import { i as Downloads } from "./read-list.js";
import { c as AT_OPTION, l as COMMON_OPTIONS, s as ALLOW_PATH_OPTION, u as JSON_OPTION } from "./places.js";
import { t as readSigningInput } from "./signing-input.js";
import { i as parseListSource } from "./verify-options.js";
import { t as readPackageLists } from "./find-lists.js";
import { r as mergeReferences } from "./read-policy.js";
import { i as parseArchitecture, l as parseVersion, o as parsePackageName, s as parseSha256, t as parseStanza } from "./deb822.js";
import { i as gitlabMatrix, n as MATRIX_LIMITS, r as githubMatrix } from "./matrix.js";
import { n as USER_AGENT } from "./tool.js";
import { t as makeFolder } from "./make-folder.js";
import { d as ArchiveReader, f as describeUnclear, l as parseBuildinfo, o as parseStrictJson, s as canonicalOlpc } from "./strict-json.js";
import { D as sha256Of, E as Digester, S as loadOpenPGP, T as urlBelow, _ as splitClearsigned } from "./shipped-keys.js";
import { t as readFileUpTo } from "./read-file-up-to.js";
import { A as WantedNames, f as isPathSuite, j as sourceOf } from "./policy-schema.js";
import { r as writeLasting } from "./lasting-file.js";
import { n as readPrivateKey, t as forgetPrivateHalf } from "./sign.js";
import { n as visibleLine } from "./visible.js";
import { D as safeParse, a as getDotPath } from "./dist.js";
import { n as reportSchema } from "./report-schema.js";
import { t as closest } from "./spelling.js";
import { n as readPolicyInput, t as placesFor } from "./policy-input.js";
import { t as ProgressLine } from "./progress-line.js";
import { randomBytes } from "node:crypto";
import { constants as constants$1, createReadStream, createWriteStream } from "node:fs";
import path from "node:path";
import { tmpdir, userInfo } from "node:os";
import { access, chmod, cp, mkdir, mkdtemp, open, readFile, readdir as readdir$1, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { spawn } from "node:child_process";
import { pipeline } from "node:stream/promises";
// src/rebuild/matrix.ts
/** How `--list` may print what needs rebuilding. */
const LIST_FORMATS = [
	"text",
	"json",
	"matrix",
	"gitlab"
];
/** Jobs that one list may have; absent where it is for no matrix. */
const LIST_LIMITS = {
	matrix: MATRIX_LIMITS.github,
	gitlab: MATRIX_LIMITS.gitlab
};
function jobsOf(targets) {
	return targets.map(({ archive, source, wanted }) => {
		const own = archive.served.area.architectures[0] ?? "all";
		return {
			package: `src:${source.name}=${source.version}`,
			source: source.name,
			version: source.version,
			architecture: wanted.find(({ architecture }) => architecture !== "all")?.architecture ?? own,
			archive: archive.name
		};
	});
}
/**
* Prints the jobs. `matrix` is what GitHub's `strategy.matrix: ${{ fromJSON(…) }}` takes; `gitlab` is a file for a
* child pipeline with a hidden job `.debproof-rebuild` to extend.
*/
function formatJobs(jobs, format) {
	switch (format) {
		case "text": return jobs.map((job) => `${job.package} ${job.architecture} ${job.archive}\n`).join("");
		case "json": return `${JSON.stringify(jobs, null, 1)}\n`;
		case "matrix": return githubMatrix(jobs);
		case "gitlab": {
			const matrix = jobs.map((job) => ({
				PACKAGE: job.package,
				ARCHITECTURE: job.architecture,
				ARCHIVE: job.archive
			}));
			return gitlabMatrix({ ".debproof-rebuild": matrix });
		}
	}
}
// src/rebuild/file-name.ts
/** A version as file names have it (Debian Policy 5.6.12): without its epoch. */
function versionInFileName(version) {
	return version.slice(version.indexOf(":") + 1);
}
/** What a build calls the file of a binary package: `name_version_architecture.deb`. */
function debFileName({ name, version, architecture }) {
	return `${name}_${versionInFileName(version)}_${architecture}.deb`;
}
/** Whether a file of a build is a package, also of the installer's (.udeb) or of debug symbols elsewhere (.ddeb). */
function isBinaryPackage(fileName) {
	return /^[a-z0-9][A-Za-z0-9+.~_-]*\.(?:deb|udeb|ddeb)$/.test(fileName);
}
// src/rebuild/compare.ts
/** Hashes what lies in the build's output folder and compares it with what the original build made. */
async function compareBuild(original, folder) {
	const names = (await readdir$1(folder, { withFileTypes: true })).filter((entry) => entry.isFile()).map(({ name }) => name).sort();
	const built = /* @__PURE__ */ new Map();
	for (const name of names) built.set(name, await digestOf(path.join(folder, name)));
	const debs = original.debs.map((expected) => {
		const found = built.get(expected.fileName);
		if (found === void 0) return {
			expected,
			outcome: "missing"
		};
		return {
			expected,
			outcome: found.sha256 === expected.sha256 && found.size === expected.size ? "same" : "different",
			sha256: found.sha256
		};
	});
	const known = new Set(original.debs.map(({ fileName }) => fileName));
	const additional = names.filter((name) => isBinaryPackage(name) && !known.has(name));
	const buildinfo = await truthfulBuildinfo(original, folder, names, built);
	return {
		debs,
		additional,
		...buildinfo === void 0 ? {} : { buildinfo }
	};
}
async function digestOf(file) {
	const digester = new Digester();
	for await (const chunk of createReadStream(file, { highWaterMark: 1048576 })) digester.update(chunk);
	return digester.finish();
}
/**
* The new .buildinfo, if it is of this source and every hash in it is that of the file beside it: it will be signed,
* and the build ran code of the package's, which may have written anything.
*/
async function truthfulBuildinfo({ buildinfo: { source, version } }, folder, names, built) {
	const [fileName, ...others] = names.filter((name) => name.endsWith(".buildinfo"));
	if (fileName === void 0 || others.length > 0) return void 0;
	const text = await readSmall(path.join(folder, fileName));
	if (text === void 0) return void 0;
	try {
		const parsed = parseBuildinfo(text, fileName);
		return parsed.source.name === source.name && parsed.source.version === source.version && parsed.version === version && [...parsed.files].every(([name, file]) => {
			const found = built.get(name);
			return found !== void 0 && found.sha256 === file.sha256 && found.size === file.size;
		}) ? {
			fileName,
			text
		} : void 0;
	} catch (error) {
		if (isDebproofError(error, "STATEMENT", "TOO_LARGE")) return void 0;
		throw error;
	}
}
async function readSmall(file) {
	try {
		const { size } = await stat(file);
		return size > 4194304 ? void 0 : await readFile(file, "utf8");
	} catch (error) {
		if (systemErrorCode(error) === void 0) throw error;
		return;
	}
}
// src/rebuild/child.ts
/**
* Runs a program to its end, in a process group of its own, with what it prints in a file. At its time limit, or
* when it is no longer wanted, the group is asked to end (sbuild and mmdebstrap then clean up) and, after a grace,
* killed.
*/
async function runChild(command, args, options) {
	const { cwd, env, timeout, log, signal } = options;
	if (signal?.aborted === true) return { kind: "interrupted" };
	const file = await open(log, "a");
	try {
		return await supervise(command, args, {
			cwd,
			env,
			timeout,
			signal,
			file
		});
	} finally {
		await file.close();
	}
}
async function supervise(command, args, options) {
	const { cwd, env, timeout, signal, file } = options;
	const child = spawn(command, args, {
		cwd,
		env,
		detached: true,
		stdio: [
			"ignore",
			file.fd,
			file.fd
		]
	});
	let reason;
	let killing;
	const end = (why) => () => {
		if (reason !== void 0) return;
		reason = why;
		killGroup(child.pid, "SIGTERM");
		killing = setTimeout(() => killGroup(child.pid, "SIGKILL"), KILL_GRACE);
	};
	const interrupted = end("interrupted");
	const limit = setTimeout(end("timeout"), timeout);
	signal?.addEventListener("abort", interrupted);
	try {
		return await new Promise((resolve, reject) => {
			child.on("error", (error) => {
				if (error.code === "ENOENT") resolve({ kind: "absent" });
				else reject(error);
			});
			child.on("close", (code, endedBy) => {
				if (reason !== void 0) resolve({ kind: reason });
				else if (endedBy !== null) resolve({
					kind: "signal",
					signal: endedBy
				});
				else resolve({
					kind: "exit",
					code: code ?? 0
				});
			});
		});
	} finally {
		clearTimeout(limit);
		clearTimeout(killing);
		signal?.removeEventListener("abort", interrupted);
		killGroup(child.pid, "SIGKILL");
	}
}
/** A group without a process left is no error. */
function killGroup(pid, signal) {
	if (pid === void 0) return;
	try {
		process.kill(-pid, signal);
	} catch {}
}
// src/rebuild/explain-difference.ts
/**
* Has diffoscope tell how two files differ. It exits with 1 where they do; what it says is for people.
*
* @returns the text file that it wrote, or undefined where it came to no end
*/
async function explainDifference(diffoscope, original, rebuilt, options) {
	const text = `${rebuilt}.diffoscope.txt`;
	const ending = await runChild(diffoscope, [
		"--no-progress",
		"--text",
		text,
		original,
		rebuilt
	], {
		cwd: path.dirname(rebuilt),
		timeout: DIFFOSCOPE_TIMEOUT,
		...options
	});
	return ending.kind === "exit" && ending.code === 1 ? text : void 0;
}
// src/rebuild/log-tail.ts
const WIDTH = 500;
/** The end of a build's log, for people. A build prints what it likes: a log may be larger than the memory. */
async function tailOfLog(log) {
	const file = await open(log);
	try {
		const { size } = await file.stat();
		const { bytesRead, buffer } = await file.read({
			buffer: Buffer.alloc(MAX_LOG_TAIL),
			position: Math.max(0, size - MAX_LOG_TAIL)
		});
		return buffer.toString("utf8", 0, bytesRead).trimEnd().split("\n").slice(-10).map((line) => `| ${line.slice(0, WIDTH)}`);
	} finally {
		await file.close();
	}
}
// src/rebuild/safe-buildinfo.ts
/**
* Variables that a build may be given. Those that dpkg records (Dpkg::BuildInfo, get_build_env_allowed), without
* those that say where the tools find their libraries and their data: debrebuild sets them outside of the chroot.
*/
const VARIABLES = new Set("CC CPP CXX OBJC OBJCXX PC FC M2C AS LD AR RANLIB MAKE AWK LEX YACC ASFLAGS CFLAGS CPPFLAGS CXXFLAGS OBJCFLAGS OBJCXXFLAGS GCJFLAGS DFLAGS FFLAGS LDFLAGS ARFLAGS MAKEFLAGS ASFLAGS_FOR_BUILD CFLAGS_FOR_BUILD CPPFLAGS_FOR_BUILD CXXFLAGS_FOR_BUILD LDFLAGS_FOR_BUILD LANG LANGUAGE LC_ALL LC_CTYPE LC_NUMERIC LC_TIME LC_COLLATE LC_MONETARY LC_MESSAGES LC_PAPER LC_NAME LC_ADDRESS LC_TELEPHONE LC_MEASUREMENT LC_IDENTIFICATION DEB_BUILD_OPTIONS DEB_BUILD_PROFILES DEB_VENDOR DPKG_GENSYMBOLS_CHECK_LEVEL SOURCE_DATE_EPOCH".split(" "));
/**
* Refuses what a `.buildinfo` could do to the machine that rebuilds: nobody signed it, and debrebuild hands its
* `Environment` to env(1) outside of the chroot, where a line `--split-string=…` would be a command, and its names
* to shells and to apt.
*
* @throws DebproofError STATEMENT
*/
function refuseUnsafeBuildinfo(text, what) {
	const stanza = parseStanza(text);
	const refuse = (problem) => new DebproofError("STATEMENT", `${what} ${problem}; it is not given to debrebuild.`);
	checkArchitectures(stanza, refuse);
	checkEnvironment(stanza.get("environment") ?? "", refuse);
	checkDependencies(stanza.get("installed-build-depends") ?? "", refuse);
	const buildPath = stanza.get("build-path");
	if (buildPath !== void 0 && !isBuildPath(buildPath)) throw refuse(`has the Build-Path ${JSON.stringify(buildPath.slice(0, 200))}, which must be a plain path below /build or /tmp`);
}
function checkArchitectures(stanza, refuse) {
	if ((stanza.get("architecture") ?? "").split(/[ \t]+/).some((word) => parseArchitecture(word) === void 0)) throw refuse("has no valid Architecture");
	const host = stanza.get("host-architecture");
	if (host !== void 0 && parseArchitecture(host) === void 0) throw refuse("has no valid Host-Architecture");
}
/** ` NAME="value"`, with `\"` and `\\` in the value (deb-buildinfo(5)). */
function checkEnvironment(field, refuse) {
	for (const line of field.split("\n")) {
		if (line === "") continue;
		const [, name] = /^([A-Za-z_][A-Za-z0-9_]*)="(?:[^"\\]|\\["\\])*"$/.exec(line) ?? [];
		if (name === void 0) throw refuse(`has a line in Environment that is no variable: ${JSON.stringify(line.slice(0, 200))}`);
		if (!VARIABLES.has(name)) throw refuse(`sets ${name}, which is no variable of a build`);
	}
}
/** ` name[:arch] (= version),` with one package a line, as dpkg-genbuildinfo writes it. */
function checkDependencies(field, refuse) {
	const lines = field.split("\n").filter((line) => line !== "");
	if (lines.length === 0) throw refuse("lists no Installed-Build-Depends");
	if (lines.length > 2e4) throw refuse(`lists more than ${MAX_BUILD_DEPENDENCIES} build dependencies`);
	for (const [index, line] of lines.entries()) {
		const [, name = "", architecture = "all", version = "", comma] = /^([^\s:(),]+)(?::([^\s:(),]+))? \(= ([^\s(),]+)\)(,?)$/.exec(line) ?? [];
		const isLast = index === lines.length - 1;
		if (!isPlainName(name) || parseArchitecture(architecture) === void 0 || parseVersion(version) === void 0 || comma === "" && !isLast) throw refuse(`has a line in Installed-Build-Depends that is none: ${JSON.stringify(line.slice(0, 200))}`);
	}
}
/** As Debian Policy 5.6.7 has it: no other name can be told from an option or a pattern of apt's. */
function isPlainName(name) {
	return parsePackageName(name) === name && /^[a-z0-9][a-z0-9+.-]+$/.test(name);
}
function isBuildPath(path) {
	return /^\/(?:build|tmp)\/[A-Za-z0-9+.~_/-]+$/.test(path) && path.length <= 1024 && !path.split("/").some((part) => part === ".." || part === ".");
}
// src/rebuild/original-build.ts
/**
* Looks for the .buildinfo files of a source package beside its .dsc: `source_version_architecture.buildinfo`, for
* the versions and architectures that the archive lists (dpkg-genbuildinfo(1)).
*
* @throws DebproofError NOT_FOUND where there is none; FETCH, TOO_LARGE
*/
async function findBuildinfos(downloads, base, { entry, binaries }, architectures) {
	const folder = path.posix.dirname(entry.file.path);
	const names = buildVersions(entry.version, binaries).flatMap((version) => [.../* @__PURE__ */ new Set([
		...architectures,
		...binaries.map(({ architecture }) => architecture),
		"all"
	])].map((architecture) => `${entry.name}_${versionInFileName(version)}_${architecture}.buildinfo`));
	const found = [];
	for (const fileName of names) {
		const url = urlBelow(base, folder === "." ? fileName : `${folder}/${fileName}`);
		try {
			found.push({
				fileName,
				what: url.href,
				bytes: await downloads.bytes(url, MAX_BUILDINFO)
			});
		} catch (error) {
			if (!isDebproofError(error, "NOT_FOUND")) throw error;
		}
	}
	if (found.length > 0) return found;
	throw new DebproofError("NOT_FOUND", `${urlBelow(base, folder).href}/ has no .buildinfo of ${entry.name} ${entry.version} (${names.join(", ")}). Publish it beside the .dsc, or name it with --buildinfo.`);
}
/** The source's own version, and those of its binNMUs (`+bN`). */
function buildVersions(source, binaries) {
	const rebuilt = binaries.flatMap(({ version }) => /\+b\d+$/.test(version) ? [version] : []);
	return [.../* @__PURE__ */ new Set([source, ...rebuilt])];
}
/** @throws DebproofError USAGE, TOO_LARGE */
async function readBuildinfoFile(file) {
	try {
		const bytes = await readFileUpTo(file, MAX_BUILDINFO);
		if (bytes === void 0) throw new DebproofError("TOO_LARGE", `${file} is larger than ${MAX_BUILDINFO} bytes.`);
		return {
			fileName: path.basename(file),
			what: file,
			bytes
		};
	} catch (error) {
		if (error instanceof DebproofError) throw error;
		throw new DebproofError("USAGE", `The .buildinfo ${file} cannot be read`, { cause: error });
	}
}
/**
* Holds a .buildinfo against the signed indexes: it must be of this source package, and what the archive lists of
* its files must have the very hashes that it names. Else it is the record of another build.
*
* @throws DebproofError STATEMENT
*/
function checkOriginalBuild(file, { entry, binaries }) {
	const { what, bytes, fileName } = file;
	const { text, wasSigned } = textOf(file);
	const buildinfo = parseBuildinfo(text, what);
	const wrong = (problem) => new DebproofError("STATEMENT", `${what} ${problem}.`);
	const { source } = buildinfo;
	if (source.name !== entry.name || source.version !== entry.version) throw wrong(`is of ${source.name} ${source.version}, not of ${entry.name} ${entry.version}`);
	if (!/^[A-Za-z0-9][A-Za-z0-9+.~_-]*\.buildinfo$/.test(fileName)) throw wrong("has no name of a .buildinfo");
	const listed = new Map(binaries.map((binary) => [debFileName(binary), binary]));
	const debs = [];
	for (const [name, { size, sha256 }] of buildinfo.files) {
		if (name === path.posix.basename(entry.file.path) && sha256 !== entry.file.sha256) throw wrong(`names another ${name} than the archive's signed Sources index`);
		if (!isBinaryPackage(name)) continue;
		const binary = listed.get(name);
		if (binary !== void 0 && (binary.file.sha256 !== sha256 || binary.file.size !== size)) throw wrong(`says that ${name} is ${sha256}, but the archive's signed index says ${binary.file.sha256}: it is the record of another build`);
		debs.push({
			fileName: name,
			size,
			sha256,
			...binary === void 0 ? {} : { entry: binary }
		});
	}
	if (!debs.some((deb) => deb.entry !== void 0)) throw wrong("names no .deb that the archive lists");
	refuseUnsafeBuildinfo(text, what);
	return {
		fileName,
		sha256: sha256Of(bytes),
		text,
		wasSigned,
		buildinfo,
		debs
	};
}
function textOf({ bytes, what }) {
	const written = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (!written.subarray(0, 64).toString("latin1").startsWith("-----BEGIN PGP SIGNED MESSAGE-----")) return {
		text: written.toString("latin1"),
		wasSigned: false
	};
	try {
		return {
			text: `${Buffer.from(splitClearsigned(bytes, what).text).toString("latin1")}\n`,
			wasSigned: true
		};
	} catch (error) {
		throw new DebproofError("STATEMENT", `${what} is not a well-formed signed message`, { cause: error });
	}
}
/** The source package that a .buildinfo is of: to ask for it, not to believe it. @throws DebproofError STATEMENT */
function sourceNamedIn(file) {
	return parseBuildinfo(textOf(file).text, file.what).source;
}
/** The packages that a .buildinfo names: to look them up, not to believe it. @throws DebproofError STATEMENT */
function packagesNamedIn(file) {
	return [...parseBuildinfo(textOf(file).text, file.what).files.keys()].filter(isBinaryPackage).flatMap((name) => parsePackageName(name.slice(0, name.indexOf("_"))) ?? []);
}
/**
* The builds that are needed for these packages, each .deb by one build.
* @throws DebproofError NOT_FOUND where no .buildinfo names a package
*/
function buildsFor(wanted, builds) {
	const chosen = /* @__PURE__ */ new Set();
	const makes = (build, binary) => build.debs.some(({ entry }) => entry?.file.path === binary.file.path);
	for (const binary of wanted) {
		if ([...chosen].some((build) => makes(build, binary))) continue;
		const build = builds.find((candidate) => makes(candidate, binary));
		if (build === void 0) throw new DebproofError("NOT_FOUND", `No .buildinfo names ${debFileName(binary)}: it cannot be built as it was. Name one with --buildinfo.`);
		chosen.add(build);
	}
	return [...chosen];
}
/** `source_version_architecture`, as dpkg-genbuildinfo(1) names the files of a build. */
function buildName(build) {
	const { source, version } = build.buildinfo;
	return `${source.name}_${versionInFileName(version)}_${architectureOf(build)}`;
}
/** As dpkg-genbuildinfo names a build: `all` where it made nothing for an architecture. */
function architectureOf({ text, buildinfo }) {
	const words = (parseStanza(text).get("architecture") ?? "").split(/[ \t]+/);
	return words.find((word) => word !== "source" && word !== "all") ?? (words.includes("all") ? "all" : buildinfo.buildArchitecture);
}
// src/rebuild/result.ts
/** One that differs is said before one of which nothing is known. */
function worstOf(outcomes) {
	if (outcomes.includes("different")) return "different";
	return outcomes.includes("undone") ? "undone" : "same";
}
/** Only what the signed index lists decides: of others, such as -dbgsym packages, nobody signed a hash. */
function outcomeOf(debs) {
	const listed = debs.filter(({ expected }) => expected.entry !== void 0);
	if (listed.some(({ outcome }) => outcome === "different")) return "different";
	return listed.length === 0 || listed.some(({ outcome }) => outcome === "missing") ? "undone" : "same";
}
// src/rebuild/source-files.ts
/**
* The entry of a source package in the signed index.
* @throws DebproofError NOT_FOUND; INDEX_MISMATCH where two suites have two contents under one name and version
*/
function sourceEntryOf({ name, version }, entries, archive) {
	const found = entries.flatMap((entry) => entry.kind === "source" && entry.name === name && entry.version === version ? [entry] : []);
	const [first] = found;
	if (first === void 0) throw new DebproofError("NOT_FOUND", `The archive ${archive} lists no source package ${name} ${version}: what is not there cannot be built.`);
	if (found.some(({ file }) => file.sha256 !== first.file.sha256)) throw new DebproofError("INDEX_MISMATCH", `The archive ${archive} has two source packages ${name} ${version}.`);
	return first;
}
/**
* Downloads a `.dsc` and reads which binary packages it builds. Its own signature, if it has one, is not looked at:
* the archive's index says which bytes these are.
*
* @throws DebproofError INDEX_MISMATCH, INDEX_MALFORMED, NOT_FOUND, FETCH, TOO_LARGE
*/
async function readSourceDescription(downloads, base, { file }) {
	const url = urlBelow(base, file.path);
	const bytes = await downloads.bytes(url, MAX_DSC);
	if (bytes.length !== file.size || sha256Of(bytes) !== file.sha256) throw differs(url);
	const text = Buffer.from(bytes.subarray(0, 16)).toString("latin1").startsWith("-----BEGIN PGP") ? splitClearsigned(bytes, url.href).text : bytes;
	return { binaries: (parseStanza(Buffer.from(text).toString("latin1").trimEnd()).get("binary") ?? "").split(/[\s,]+/).filter((name) => name !== "").map((written) => {
		const name = parsePackageName(written);
		if (name !== void 0) return name;
		throw new DebproofError("INDEX_MALFORMED", `${url.href} builds ${JSON.stringify(written)}, which is no name.`);
	}) };
}
/**
* Downloads every file of a source package into a folder, each hashed as it comes and held against the signed index.
*
* @returns the path of the .dsc
* @throws DebproofError INDEX_MISMATCH, NOT_FOUND, FETCH, TOO_LARGE
*/
async function fetchSourceFiles(downloads, base, { file, files }, folder) {
	for (const item of files) await fetchPoolFile(downloads, base, item, path.join(folder, path.posix.basename(item.path)));
	return path.join(folder, path.posix.basename(file.path));
}
/** Downloads one file of the pool, which must be what the index says. @throws DebproofError as above */
async function fetchPoolFile(downloads, base, file, target) {
	const url = urlBelow(base, file.path);
	if (file.size > 8589934592) throw new DebproofError("TOO_LARGE", `${url.href} is larger than ${MAX_PACKAGE_FILE} bytes.`);
	const found = await downloads.stream(url, file.size, async (chunks) => {
		const digester = new Digester();
		await pipeline(Readable.from(digested(chunks, digester)), createWriteStream(target));
		return digester.finish();
	});
	if (found.size !== file.size || found.sha256 !== file.sha256) throw differs(url);
}
async function* digested(chunks, digester) {
	for await (const chunk of chunks) {
		digester.update(chunk);
		yield chunk;
	}
}
function differs(url) {
	return new DebproofError("INDEX_MISMATCH", `${url.href} is not what the archive's signed index says; nothing is built from it.`);
}
// src/rebuild/link.ts
/**
* Makes a signed link of in-toto 0.9, in the form of apt-transport-in-toto and package-rebuilder: the step `rebuild`,
* what was built from, and what came out.
*
* @returns undefined for a key whose kind in-toto 0.9 does not know
*/
async function makeLink(materials, products, signer) {
	const signed = {
		_type: "link",
		byproducts: {},
		command: [],
		environment: {},
		materials: sortedByName(materials),
		name: "rebuild",
		products: sortedByName(products)
	};
	const bytes = Buffer.from(JSON.stringify(signed));
	const content = canonicalOlpc(parseStrictJson(bytes, "the new link", {
		limit: MAX_STATEMENT,
		numbers: "integers"
	}));
	const signature = await signer.signLink(content);
	if (signature === void 0) return void 0;
	return {
		keyid: signature.keyid,
		text: `${JSON.stringify({
			signatures: [signature],
			signed
		}, null, 1)}\n`
	};
}
function sortedByName(files) {
	const names = [...files.keys()].sort();
	return Object.fromEntries(names.map((name) => [name, { sha256: files.get(name)?.sha256 ?? "" }]));
}
// src/rebuild/state.ts
/** Signs what one build made: the new .buildinfo if all of it is the same, and a link for each .deb that is. */
async function stateBuild({ target, indexed }, original, { debs, additional, buildinfo }, buildinfoName, { signer, publication }) {
	if (signer === void 0 || !debs.some(isStated)) return {
		statements: [],
		notes: []
	};
	const statements = [];
	const notes = [];
	const isWhole = additional.length === 0 && debs.every(({ outcome }) => outcome === "same");
	if (isWhole && buildinfo !== void 0) statements.push(await publication.writeBuildinfo(buildinfoName, await signer.clearsign(buildinfo.text)));
	else {
		const why = isWhole ? "its hashes are not those of its files" : "it would vouch for what did not come out the same";
		notes.push(`The new .buildinfo was not signed: ${why}.`);
	}
	const link = await makeLink(materialsOf(indexed, [original]), productsOf(debs), signer);
	if (link === void 0) notes.push("No in-toto link was made: in-toto 0.9 knows RSA and first-form Ed25519 (EdDSA) OpenPGP keys only.");
	else {
		const version = versionInFileName(target.source.version);
		statements.push(await publication.writeLink(target.source.name, version, architectureOf(original), link));
	}
	return {
		statements,
		notes
	};
}
/** Signs one link over all builds of the package, for whoever asks for one of its binary packages. */
async function stateAll(prepared, results, { signer, publication }) {
	const debs = results.flatMap((result) => result.debs).filter(isStated);
	if (signer === void 0 || debs.length === 0) return {
		statements: [],
		notes: []
	};
	const stated = prepared.builds.filter((build) => build.debs.some((deb) => debs.some(({ expected }) => expected === deb)));
	const link = await makeLink(materialsOf(prepared.indexed, stated), productsOf(debs), signer);
	if (link === void 0) return {
		statements: [],
		notes: []
	};
	const statements = [];
	for (const [name, version] of placesOf(prepared, stated)) statements.push(await publication.writeMetadata(name, version, link));
	return {
		statements,
		notes: []
	};
}
/** A statement is made of what the archive lists, whose bytes its signed index fixes. */
function isStated({ outcome, expected }) {
	return outcome === "same" && expected.entry !== void 0;
}
function materialsOf({ entry }, builds) {
	return new Map([[path.posix.basename(entry.file.path), { sha256: entry.file.sha256 }], ...builds.map(({ fileName, sha256 }) => [fileName, { sha256 }])]);
}
function productsOf(debs) {
	return new Map(debs.filter(isStated).map(({ expected }) => [expected.fileName, { sha256: expected.sha256 }]));
}
/** Where links are asked for: by source, and by the first two parts of a file name. */
function placesOf({ target: { source } }, builds) {
	const places = /* @__PURE__ */ new Map();
	const add = (name, version) => places.set(`${name} ${version}`, [name, version]);
	add(source.name, versionInFileName(source.version));
	for (const { entry } of builds.flatMap(({ debs }) => debs)) if (entry !== void 0) add(entry.name, versionInFileName(entry.version));
	return [...places.values()];
}
// src/rebuild/build-package.ts
/** Builds a source package as often as it was built for the archive, compares, and states what came out the same. */
async function buildPackage(prepared, context) {
	const { target, indexed, builds } = prepared;
	const { source, archive } = target;
	const dsc = await fetchSourceFiles(context.downloads, archive.served.area.base, indexed.entry, await context.workshop.newInput());
	await context.publication.withdraw(builds.map(buildName), placesOf(prepared, builds));
	const results = [];
	for (const build of builds) results.push(await repeatBuild(prepared, build, dsc, context));
	const outcome = worstOf(results.map((result) => result.outcome));
	const { statements, notes } = await stateAll(prepared, results, context);
	return {
		source: source.name,
		version: source.version,
		archive: archive.name,
		outcome,
		notes: [...signatureNotes(builds), ...notes],
		builds: results,
		statements
	};
}
function signatureNotes(builds) {
	return builds.filter(({ wasSigned }) => wasSigned).map(({ fileName }) => `${fileName} is signed; that proves nothing here, and the signature was not looked at.`);
}
async function repeatBuild(prepared, original, dsc, context) {
	const { publication, workshop } = context;
	const architecture = architectureOf(original);
	const { source, version } = original.buildinfo;
	const name = buildName(original);
	const log = await publication.newLog(name);
	context.progress(`Rebuilding ${source.name} ${version} (${architecture}), log in ${log}`);
	const { ending, output } = await workshop.build({
		buildinfo: original.text,
		buildinfoName: `original-${original.fileName}`,
		dsc,
		timeout: context.timeout,
		log,
		signal: context.signal
	});
	const comparison = await compareBuild(original, output);
	const outcome = outcomeOf(comparison.debs);
	if (context.debs !== void 0) await copyPackages(output, context.debs);
	const different = await keepDifferent(prepared, comparison.debs, output, name, context);
	const stated = await stateBuild(prepared, original, comparison, `${name}.buildinfo`, context);
	return {
		buildinfo: original.fileName,
		architecture,
		outcome,
		debs: comparison.debs,
		additional: comparison.additional,
		notes: [...await endingNotes(ending, outcome, log, context.timeout), ...stated.notes],
		log: path.relative(publication.folder, log),
		statements: stated.statements,
		different
	};
}
async function copyPackages(output, target) {
	try {
		await makeFolder(target);
		for (const entry of await readdir$1(output, { withFileTypes: true })) {
			if (!entry.isFile() || !isBinaryPackage(entry.name)) continue;
			await cp(path.join(output, entry.name), path.join(target, entry.name));
		}
	} catch (error) {
		throw new DebproofError("OUTPUT", `The packages cannot be put into ${target}`, { cause: error });
	}
}
/** debrebuild's own judgement is told where it is another than that of the hashes. */
async function endingNotes(ending, outcome, log, timeout) {
	const how = describeEnding(ending, timeout);
	if (outcome === "undone") return [how ?? "debrebuild ended well, but not every .deb is there.", ...await tailOfLog(log)];
	if (outcome === "same" && how !== void 0) return [`${how} Yet every .deb has the bytes of the archive's.`];
	if (outcome === "different" && how === void 0) return ["debrebuild found no difference, but the hashes differ."];
	return [];
}
function describeEnding(ending, timeout) {
	switch (ending.kind) {
		case "exit": return ending.code === 0 ? void 0 : `debrebuild ended with exit code ${ending.code}.`;
		case "signal": return `debrebuild was ended by ${ending.signal}.`;
		case "timeout": return `It was given up after ${timeout / 6e4} minutes; --timeout gives it more.`;
		case "interrupted": return "It was interrupted.";
		case "absent": return "debrebuild could not be started.";
	}
}
/** Puts what came out different beside what the archive has, with diffoscope's word where that is installed. */
async function keepDifferent({ target }, debs, output, name, { publication, downloads, tools, workshop, signal }) {
	const different = debs.filter(({ outcome }) => outcome === "different");
	if (different.length === 0) return [];
	const folder = await publication.newDifferent(name);
	const kept = [];
	for (const { expected } of different) {
		const rebuilt = path.join(folder, expected.fileName);
		await cp(path.join(output, expected.fileName), rebuilt);
		kept.push(rebuilt);
		if (tools.diffoscope === void 0 || expected.entry === void 0 || signal.aborted) continue;
		const original = path.join(workshop.folder, "tmp", expected.fileName);
		try {
			await fetchPoolFile(downloads, target.archive.served.area.base, expected.entry.file, original);
		} catch (error) {
			if (!isDebproofError(error)) throw error;
			kept.push(`no diffoscope output: ${describeError(error)}`);
			continue;
		}
		const env = workshop.toolEnvironment();
		const text = await explainDifference(tools.diffoscope, original, rebuilt, {
			env,
			log: `${rebuilt}.diffoscope.log`,
			signal
		});
		if (text !== void 0) kept.push(text);
	}
	return kept.map((file) => path.isAbsolute(file) ? path.relative(publication.folder, file) : file);
}
// src/rebuild/build-sources.ts
/**
* The archives that the build was served from, as apt sources: the project's own snapshots hold the very versions
* that its packages were built with. Archives that must be absent are left out.
*
* @param folder where the keyrings will be; an absolute path without blanks
*/
function policySources(policy, folder) {
	const keyrings = /* @__PURE__ */ new Map();
	return {
		text: policy.archives.filter(({ require }) => require !== "absent").flatMap(({ name, served }) => {
			const file = `${name.replaceAll(/[^A-Za-z0-9.-]/g, "_")}-${keyrings.size}.gpg`;
			keyrings.set(file, keyringFile(served.keyring));
			const { base, suites, components, architectures } = served.area;
			const common = [
				`URIs: ${base.href.replace(/^file:/, "copy:")}`,
				`Architectures: ${architectures.join(" ")}`,
				`Signed-By: ${folder}/${file}`,
				"Check-Valid-Until: no"
			];
			const flat = suites.filter(isPathSuite);
			const named = suites.filter((suite) => !isPathSuite(suite));
			return [...named.length === 0 ? [] : [[`Suites: ${named.join(" ")}`, `Components: ${components.join(" ")}`]], ...flat.map((suite) => [`Suites: ${suite}`])].map((own) => `${[
				"Types: deb",
				...common,
				...own
			].join("\n")}\n`);
		}).join("\n"),
		keyrings
	};
}
/** The certificates that may sign, as a binary keyring. */
function keyringFile({ certificates, only }) {
	const allowed = certificates.filter((certificate) => only.length === 0 || certificate.getKeys().some((key) => only.some(({ fingerprint }) => fingerprint === key.getFingerprint().toUpperCase())));
	return Buffer.concat(allowed.map((certificate) => certificate.write()));
}
/** Sources of the user's own, in either format of sources.list(5). @throws DebproofError USAGE */
async function readBuildSources(file) {
	let bytes;
	try {
		bytes = await readFileUpTo(file, MAX_SOURCES_FILE);
	} catch (error) {
		throw new DebproofError("USAGE", `The build sources ${file} cannot be read`, { cause: error });
	}
	if (bytes === void 0) throw new DebproofError("USAGE", `${file} is larger than the ${MAX_SOURCES_FILE} bytes that apt sources may have.`);
	const text = bytes.toString("utf8");
	if (!/^(?:deb[ \t]|types:)/im.test(text)) throw new DebproofError("USAGE", `${file} has no apt source in it: neither a line \`deb …\` nor a stanza \`Types: deb\`.`);
	return {
		text: text.endsWith("\n") ? text : `${text}\n`,
		keyrings: /* @__PURE__ */ new Map()
	};
}
// src/rebuild/indexes.ts
/** Reads what the signed indexes of one archive say of some names. */
var Indexes = class {
	#downloads;
	#at;
	constructor(downloads, at) {
		this.#downloads = downloads;
		this.#at = at;
	}
	/**
	* Nothing is rebuilt on half of the facts: an index that cannot be read ends it.
	*
	* @throws DebproofError of whatever could not be read; INDEX_UNLISTED where the archive has no such index
	*/
	async read(archive, names, kinds) {
		const reader = new ArchiveReader({
			downloads: this.#downloads,
			at: this.#at,
			wanted: new WantedNames(names),
			kinds
		});
		const { area, keyring } = archive.served;
		const facts = await reader.read({
			area,
			keyring,
			refuseHidden: !archive.servedByUpstream
		});
		const [failure] = facts.failures;
		if (failure !== void 0) throw new DebproofError(failure.error.code, `The archive ${archive.name} cannot be read (${failure.what})`, { cause: failure.error });
		const [unclear] = facts.unclear;
		if (unclear !== void 0) throw new DebproofError("INDEX_MALFORMED", `What the archive ${archive.name} lists is not certain: ${describeUnclear(unclear)}`);
		if (kinds.includes("Sources")) refuseWithoutSources(archive, facts);
		return facts.listings.map(({ entry }) => entry);
	}
};
/** A suite without a `Sources` index is only a note to `verify`; here nothing can be done without one. */
function refuseWithoutSources(archive, { listings, notes }) {
	if (listings.some(({ entry }) => entry.kind === "source")) return;
	const note = notes.find((text) => text.includes("source/Sources"));
	if (note === void 0) return;
	throw new DebproofError("INDEX_UNLISTED", `The archive ${archive.name} publishes no source packages, and what is not there cannot be built: ${note}`);
}
// src/rebuild/prepare.ts
/**
* Finds out what has to be built for a source package, and how it was built.
*
* @param given .buildinfo files of the user's, instead of those in the archive's pool
* @throws DebproofError
*/
async function prepareTarget(target, indexes, downloads, given) {
	const { archive, source, wanted } = target;
	const { base, architectures } = archive.served.area;
	const entry = sourceEntryOf(source, await indexes.read(archive, [source.name], ["Sources"]), archive.name);
	const { binaries: described } = await readSourceDescription(downloads, base, entry);
	const listed = async (names) => ({
		entry,
		binaries: builtFrom(source, await indexes.read(archive, names, ["Packages"]), names)
	});
	const known = await listed(described);
	const files = given.length > 0 ? given : await findBuildinfos(downloads, base, known, architectures);
	const more = files.flatMap(packagesNamedIn).filter((name) => !described.includes(name));
	const indexed = more.length === 0 ? known : await listed([.../* @__PURE__ */ new Set([...described, ...more])]);
	const { binaries } = indexed;
	const checked = files.map((file) => checkOriginalBuild(file, indexed));
	return {
		target,
		indexed,
		builds: buildsFor(wanted.length > 0 ? wanted : given.length > 0 ? listedOf(checked) : binaries, checked)
	};
}
/** One entry for each file: two suites may list the same. */
function builtFrom({ name, version }, entries, names) {
	const found = entries.flatMap((entry) => {
		if (entry.kind !== "binary" || !names.includes(entry.name)) return [];
		const source = sourceOf(entry);
		return source.name === name && source.version === version ? [entry] : [];
	});
	return [...new Map(found.map((entry) => [`${entry.file.path} ${entry.file.sha256}`, entry])).values()];
}
function listedOf(builds) {
	return builds.flatMap(({ debs }) => debs.flatMap(({ entry }) => entry === void 0 ? [] : [entry]));
}
// src/rebuild/publication.ts
/**
* The output folder, which can be put on a web server as it is:
*
*     buildinfo/<source>_<version>_<architecture>.buildinfo   clearsigned: a policy's `buildinfo: <url>/buildinfo/`
*     sources/<source>/<version>/rebuild.<keyid8>.<architecture>.link
*     sources/<package>/<version>/metadata                    a link: a policy's `in-toto: <url>/`
*     logs/, different/                                       for people: nothing there is signed
*
* Versions are without their epoch. The places of links are those of apt-transport-in-toto and package-rebuilder.
*/
var Publication = class Publication {
	folder;
	constructor(folder) {
		this.folder = folder;
	}
	/** Makes the folder before any work is done. @throws DebproofError OUTPUT */
	static async prepare(folder) {
		const publication = new Publication(path.resolve(folder));
		await publication.#write(".writable", "");
		await rm(path.join(publication.folder, ".writable"), { force: true });
		return publication;
	}
	/** A log to append to. */
	async newLog(name) {
		await this.#write(`logs/${name}.log`, "");
		return path.join(this.folder, `logs/${name}.log`);
	}
	/** A new folder for what came out different. */
	async newDifferent(name) {
		const folder = path.join(this.folder, "different", name);
		try {
			await rm(folder, {
				recursive: true,
				force: true
			});
			await makeFolder(folder);
		} catch (error) {
			throw cannotWrite(folder, error);
		}
		return folder;
	}
	/** @returns the path within the folder */
	async writeBuildinfo(fileName, signed) {
		return await this.#write(`buildinfo/${fileName}`, signed);
	}
	/** The link of one build. */
	async writeLink(source, version, architecture, link) {
		return await this.#write(linkPath(source, version, `rebuild.${link.keyid.slice(0, 8)}.${architecture}.link`), link.text);
	}
	/** The link of all builds of a source package, where one who asks for a binary package finds it. */
	async writeMetadata(name, version, { text }) {
		return await this.#write(linkPath(name, version, "metadata"), text);
	}
	/** An earlier run's statements about these files are withdrawn: this run may come to another result. */
	async withdraw(builds, places) {
		try {
			for (const name of builds) {
				await rm(path.join(this.folder, "buildinfo", `${name}.buildinfo`), { force: true });
				await rm(path.join(this.folder, "different", name), {
					recursive: true,
					force: true
				});
			}
			for (const [name, version] of places) await rm(path.join(this.folder, "sources", name, version), {
				recursive: true,
				force: true
			});
		} catch (error) {
			throw cannotWrite(this.folder, error);
		}
	}
	/** A file is there whole or not at all. */
	async #write(name, content) {
		const file = path.join(this.folder, name);
		const temporary = `${file}.${randomBytes(8).toString("hex")}.part`;
		try {
			await makeFolder(path.dirname(file));
			await writeLasting(temporary, content);
			await rename(temporary, file);
		} catch (error) {
			throw cannotWrite(this.folder, error);
		} finally {
			await rm(temporary, { force: true }).catch(() => {});
		}
		return name;
	}
};
function linkPath(name, version, file) {
	return `sources/${name}/${version}/${file}`;
}
function cannotWrite(folder, cause) {
	return new DebproofError("OUTPUT", `The output folder ${folder} cannot be written; name another with --output`, { cause });
}
// src/rebuild/statement-signer.ts
/**
* Reads an armored private key and unlocks it.
*
* @param source names where it came from, for errors; never the key itself
* @throws DebproofError KEY
*/
async function readStatementSigner(armored, passphrase, source) {
	const key = await readPrivateKey(armored, passphrase, source);
	return {
		fingerprint: key.getFingerprint().toUpperCase(),
		clearsign: (text) => clearsign(key, text),
		signLink: (bytes) => signLink(key, bytes, source),
		forget: () => forgetPrivateHalf(key)
	};
}
/** The library ends lines with CR LF, which is right for the hash and wrong for a file that apt's tools read. */
async function clearsign(key, text) {
	const openpgp = await loadOpenPGP();
	return (await openpgp.sign({
		message: await openpgp.createCleartextMessage({ text: text.replace(/\n$/, "") }),
		signingKeys: key,
		config: {
			nonDeterministicSignaturesViaNotation: false,
			preferredHashAlgorithm: openpgp.enums.hash.sha256
		}
	})).replaceAll("\r\n", "\n");
}
/**
* in-toto 0.9 takes SHA-256 alone, which the library would not choose for Ed25519, so the packet is made by hand. The
* library's types do not know the form of what it signs, nor the last two arguments.
*/
async function signLink(key, bytes, source) {
	const openpgp = await loadOpenPGP();
	const { rsaEncryptSign, rsaSign, eddsaLegacy } = openpgp.enums.publicKey;
	const { keyPacket } = await key.getSigningKey();
	const { algorithm } = keyPacket;
	const isRsa = algorithm === rsaEncryptSign || algorithm === rsaSign;
	if (keyPacket.version !== 4 || !isRsa && algorithm !== eddsaLegacy) return void 0;
	const packet = new openpgp.SignaturePacket();
	packet.signatureType = openpgp.enums.signature.binary;
	packet.hashAlgorithm = openpgp.enums.hash.sha256;
	packet.publicKeyAlgorithm = algorithm;
	await Reflect.apply(packet.sign, packet, [
		keyPacket,
		{
			text: null,
			getBytes: () => bytes
		},
		/* @__PURE__ */ new Date(),
		true,
		{ nonDeterministicSignaturesViaNotation: false }
	]);
	const { signatureData } = packet;
	if (signatureData === null) throw new DebproofError("KEY", `The signing key from ${source} made no signature.`);
	const integers = readIntegers(packet.write().subarray(signatureData.length));
	const [modulus = 0] = isRsa ? [(keyPacket.getAlgorithmInfo().bits ?? 0) / 8] : [];
	return {
		keyid: keyPacket.getFingerprint(),
		other_headers: Buffer.from(signatureData).toString("hex"),
		signature: integers.map((integer) => integer.toString("hex").padStart(2 * (isRsa ? modulus : 32), "0")).join("")
	};
}
/** What follows the hashed part: unhashed subpackets, two bytes of the digest, then integers (RFC 9580, 5.2.3). */
function readIntegers(rest) {
	const bytes = Buffer.from(rest.buffer, rest.byteOffset, rest.byteLength);
	const integers = [];
	for (let offset = 2 + bytes.readUInt16BE(0) + 2; offset < bytes.length;) {
		const length = Math.ceil(bytes.readUInt16BE(offset) / 8);
		integers.push(bytes.subarray(offset + 2, offset + 2 + length));
		offset += 2 + length;
	}
	return integers;
}
// src/rebuild/target.ts
/**
* Finds the source package that each wish means.
*
* @throws DebproofError USAGE where a wish means none, or more than one
*/
async function selectTargets(wishes, policy, indexes) {
	const archives = policy.archives.filter(({ require }) => require === "reproduced");
	if (archives.length === 0) throw new DebproofError("POLICY", "No archive of the policy has `require: reproduced`: there is nothing to rebuild.");
	const names = wishes.map(({ name }) => name);
	const read = archives.map(async (archive) => ({
		archive,
		entries: await indexes.read(archive, names, ["Packages", "Sources"])
	}));
	const listed = await Promise.all(read);
	const targets = /* @__PURE__ */ new Map();
	for (const wish of wishes) {
		const found = listed.flatMap(({ archive, entries }) => entries.flatMap((entry) => matchOf(wish, archive, entry)));
		for (const target of theOne(wish, found, listed.flatMap(({ entries }) => entries))) {
			const key = keyOf(target);
			const known = targets.get(key);
			targets.set(key, known === void 0 ? target : bothOf(known, target));
		}
	}
	return [...targets.values()];
}
function matchOf(wish, archive, entry) {
	if (entry.name !== wish.name || wish.archive !== void 0 && wish.archive !== archive.name) return [];
	if (entry.kind === "source") return !(wish.architecture !== void 0 || wish.sha256 !== void 0) && (wish.version === void 0 || wish.version === entry.version) ? [{
		archive,
		source: {
			name: entry.name,
			version: entry.version
		}
	}] : [];
	const source = sourceOf(entry);
	return !wish.sourceOnly && (wish.version === void 0 || wish.version === entry.version || wish.version === source.version) && (wish.architecture === void 0 || wish.architecture === entry.architecture) && (wish.sha256 === void 0 || wish.sha256 === entry.file.sha256) ? [{
		archive,
		source,
		binary: entry
	}] : [];
}
/** The one source package among the matches. */
function theOne(wish, matches, entries) {
	const groups = /* @__PURE__ */ new Map();
	for (const match of matches) groups.set(keyOf(match), [...groups.get(keyOf(match)) ?? [], match]);
	const [group, ...others] = groups.values();
	const [first] = group ?? [];
	if (group === void 0 || first === void 0) throw unknown(wish, entries);
	if (others.length > 0) {
		const meanings = [...groups.values()].map(([match]) => match === void 0 ? "" : describe(match)).join(", ");
		throw new DebproofError("USAGE", `rebuild: ${wish.text} may mean ${meanings}. Say which: NAME=VERSION, or src:NAME for a source package.`);
	}
	const binaries = group.flatMap(({ binary }) => binary === void 0 ? [] : [binary]);
	const isWhole = binaries.length < group.length;
	return [{
		archive: first.archive,
		source: first.source,
		wanted: isWhole ? [] : binaries
	}];
}
function unknown(wish, entries) {
	const versions = [...new Set(entries.filter(({ name }) => name === wish.name).map(({ version }) => version))];
	const advice = versions.length > 0 ? ` What is there under this name: ${versions.join(", ")}.` : " Only what such an archive lists can be rebuilt against it.";
	return new DebproofError("USAGE", `rebuild: no archive with \`require: reproduced\` lists ${wish.text}.${advice}`);
}
function bothOf(one, other) {
	if (one.wanted.length === 0 || other.wanted.length === 0) return {
		...one,
		wanted: []
	};
	const files = new Map([...one.wanted, ...other.wanted].map((entry) => [entry.file.path, entry]));
	return {
		...one,
		wanted: [...files.values()]
	};
}
function keyOf({ archive, source }) {
	return `${archive.name} ${source.name} ${source.version}`;
}
function describe({ archive, source }) {
	return `the source package ${source.name}=${source.version} of ${archive.name}`;
}
// src/rebuild/tools.ts
/** Programs that a rebuild needs, with the Debian packages that bring them. */
const NEEDED = {
	debrebuild: "devscripts",
	sbuild: "sbuild",
	mmdebstrap: "mmdebstrap",
	newuidmap: "uidmap",
	awk: "mawk"
};
/** Perl modules that debrebuild of some releases loads, which devscripts only recommends. */
const PERL_PACKAGES = [
	"libfile-homedir-perl",
	"libstring-shellquote-perl",
	"liburi-perl",
	"libwww-perl"
];
/** All that `debproof rebuild` may need, in one command. */
const INSTALL_COMMAND = [
	"apt-get install --no-install-recommends",
	...new Set(Object.values(NEEDED)),
	...PERL_PACKAGES
].join(" ");
const ID_FILES = ["/etc/subuid", "/etc/subgid"];
/**
* Finds the tools before anything is done.
* @throws DebproofError USAGE that names the one command which installs what is missing
*/
async function findTools(searchPath, idFiles = ID_FILES) {
	const missing = [];
	for (const program of Object.keys(NEEDED)) if (await findProgram(program, searchPath) === void 0) missing.push(program);
	const sbuild = await findProgram("sbuild", searchPath);
	if (missing.length > 0 || sbuild === void 0) throw new DebproofError("USAGE", `rebuild: ${missing.join(", ")} is missing. Run as root: ${INSTALL_COMMAND}`);
	const complaint = await complaintOf("debrebuild", searchPath);
	if (complaint !== void 0) throw new DebproofError("USAGE", `rebuild: debrebuild does not start (${complaint}). Run as root: ${INSTALL_COMMAND}`);
	await refuseWithoutSubordinateIds(idFiles);
	return {
		sbuild,
		diffoscope: await findProgram("diffoscope", searchPath)
	};
}
/** The first executable of that name on PATH. */
async function findProgram(name, searchPath) {
	for (const folder of searchPath.split(path.delimiter)) {
		if (folder === "") continue;
		const file = path.join(folder, name);
		if (await access(file, constants$1.X_OK).then(() => true, () => false)) return file;
	}
}
/** What a program says when it cannot even print its help. */
async function complaintOf(command, searchPath) {
	return await new Promise((resolve) => {
		const child = spawn(command, ["--help"], {
			env: {
				PATH: searchPath,
				HOME: userInfo().homedir,
				LC_ALL: "C.UTF-8"
			},
			stdio: [
				"ignore",
				"ignore",
				"pipe"
			],
			timeout: TOOL_PROBE_TIMEOUT,
			killSignal: "SIGKILL"
		});
		let text = "";
		child.stderr.setEncoding("utf8").on("data", (chunk) => {
			if (text.length < 1e4) text += chunk;
		});
		child.on("error", (error) => resolve(error.message));
		child.on("close", (code) => resolve(code === 0 ? void 0 : text.trim().split("\n")[0] ?? "no message"));
	});
}
/**
* sbuild's unshare mode maps a range of user and group ids (subuid(5), subgid(5)) and looks for it by user name.
* @throws DebproofError USAGE
*/
async function refuseWithoutSubordinateIds(files) {
	const { username } = userInfo();
	for (const file of files) if (!(await readFile(file, "utf8").catch(() => "")).split("\n").some((line) => line.startsWith(`${username}:`))) throw new DebproofError("USAGE", `rebuild: ${file} gives ${username} no range, which sbuild needs to build in a user namespace. Run as root: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${username}`);
}
// src/rebuild/stand-ins.ts
/**
* The two programs that debrebuild finds on PATH instead of Debian's own, and the configuration of sbuild. They hold
* no build logic: one says where the build dependencies come from, the other hands over a file.
*/
/**
* `debootsnap` (devscripts): makes the chroot with exactly the packages of Installed-Build-Depends. Debian's own asks
* metasnap.debian.net and snapshot.debian.org, with fixed names; this one asks the apt sources that it is given, so
* that a project's own snapshots and its custom archive serve the build.
*
* The pins make apt choose the versions also for the essential packages, which are installed before all others. apt
* and fakeroot are what sbuild needs, and are of the sources' newest version where the build did not have them. The
* chroot is left without any source: what is built cannot come from elsewhere.
*
* Called by debrebuild as `debootsnap --buildinfo=FILE OUTPUT.tar`. Needs in the environment:
* DEBPROOF_BUILD_SOURCES, apt sources; DEBPROOF_CHROOT_CACHE, a folder that keeps the last chroot of a run.
*/
const DEBOOTSNAP = `#!/bin/sh
set -eu
buildinfo= output= list=
for argument in "$@"; do
  case $argument in
    --buildinfo=*) buildinfo=\${argument#--buildinfo=} ;;
    --sources-list-only) list=yes ;;
    --cache=*) ;;
    -*) echo "debootsnap: unknown option $argument" >&2; exit 2 ;;
    *) output=$argument ;;
  esac
done
sources=$DEBPROOF_BUILD_SOURCES
if [ -n "$list" ]; then exec cat "$sources"; fi
if [ -z "$buildinfo" ] || [ -z "$output" ]; then echo 'debootsnap: --buildinfo=FILE OUTPUT is missing' >&2; exit 2; fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
# Lines of " name (= version)," or " name:architecture (= version),".
awk '
  /^[^ \\t]/ { inside = tolower($1) == "installed-build-depends:" }
  inside && /^[ \\t]/ { gsub(/[(),]/, ""); print $1, $3 }
' "$buildinfo" > "$work/packages"
if [ ! -s "$work/packages" ]; then echo "debootsnap: $buildinfo has no Installed-Build-Depends" >&2; exit 2; fi
native=$(awk 'tolower($1) == "build-architecture:" { print $2 }' "$buildinfo")
foreign=$(awk -v native="$native" '{ split($1, part, ":") } part[2] != "" && part[2] != "all" && part[2] != native { print part[2] }' "$work/packages" | sort -u)
awk '{ sub(/:all$/, "", $1); print "Package: " $1 "\\nPin: version " $2 "\\nPin-Priority: 1001\\n" }' "$work/packages" > "$work/preferences"
include=$(awk '{ sub(/:all$/, "", $1); printf "%s%s=%s", separator, $1, $2; separator = "," }' "$work/packages")
key=$(cat "$work/packages" "$sources" | sha256sum | cut -d' ' -f1)
cached=$DEBPROOF_CHROOT_CACHE/$native-$key.tar
if [ -e "$cached" ]; then
  echo "debootsnap: the same chroot as before"
else
  rm -f "$DEBPROOF_CHROOT_CACHE"/*.tar
  mmdebstrap \\
    --variant=essential \\
    --format=tar \\
    --architectures="$(echo "$native" $foreign | tr ' ' ,)" \\
    --include="apt,fakeroot,$include" \\
    --aptopt='Acquire::Check-Valid-Until "false"' \\
    --aptopt='Acquire::Languages "none"' \\
    --dpkgopt=force-unsafe-io \\
    --setup-hook="copy-in '$work/preferences' /etc/apt/preferences.d" \\
    --customize-hook='rm -rf "$1"/etc/apt/preferences.d/preferences "$1"/etc/apt/sources.list.d/*' \\
    --customize-hook=': > "$1"/etc/apt/sources.list' \\
    '' "$cached.part" "$sources"
  mv "$cached.part" "$cached"
fi
ln "$cached" "$output"
`;
/**
* `sbuild`: debrebuild of Debian 12 names the source package and leaves it to apt in the chroot to find one; later
* ones name the .dsc. In either case the last argument becomes the .dsc that was held against the signed index.
*
* Needs in the environment: DEBPROOF_DSC, that file; DEBPROOF_SBUILD, the real sbuild.
*/
const SBUILD = `#!/bin/sh
set -eu
count=$#
for argument in "$@"; do
  shift
  count=$((count - 1))
  if [ "$count" -eq 0 ]; then argument=$DEBPROOF_DSC; fi
  set -- "$@" "$argument"
done
exec "$DEBPROOF_SBUILD" "$@"
`;
/** sbuild.conf(5), in place of the user's own: nothing but the build, with its log on standard output. */
const SBUILD_CONFIG = `$apt_update = 0;
$clean_source = 0;
$nolog = 1;
$run_lintian = 0;
$run_piuparts = 0;
$run_autopkgtest = 0;
$unshare_tmpdir_template = "$ENV{TMPDIR}/sbuild.XXXXXXXXXX";
1;
`;
// src/rebuild/workshop.ts
/** Variables that tools which download go by, whatever else the environment has. */
const PROXY_VARIABLES = [
	"http_proxy",
	"https_proxy",
	"no_proxy",
	"HTTP_PROXY",
	"HTTPS_PROXY",
	"NO_PROXY",
	"ftp_proxy"
];
/**
* The folder that rebuilds happen in: the stand-ins, the apt sources, the chroots. It is open to all, since the tools
* work as users of a namespace of their own.
*/
var Workshop = class Workshop {
	folder;
	#tools;
	#environment;
	#orders = 0;
	constructor(folder, tools, environment) {
		this.folder = folder;
		this.#tools = tools;
		this.#environment = environment;
	}
	static async open(tools, environment) {
		const parent = environment["TMPDIR"] ?? tmpdir();
		const folder = await realpath(await mkdtemp(path.join(parent, "debproof-rebuild-")));
		await chmod(folder, 493);
		const workshop = new Workshop(folder, tools, environment);
		for (const name of [
			"bin",
			"keyrings",
			"chroots",
			"tmp"
		]) await mkdir(path.join(folder, name), { mode: 493 });
		await writeFile(path.join(folder, "bin/debootsnap"), DEBOOTSNAP, { mode: 493 });
		await writeFile(path.join(folder, "bin/sbuild"), SBUILD, { mode: 493 });
		await writeFile(path.join(folder, "sbuild.conf"), SBUILD_CONFIG);
		return workshop;
	}
	/** Where the keyrings of the apt sources are put. */
	get keyrings() {
		return path.join(this.folder, "keyrings");
	}
	/** @param sources whose keyrings are named below `keyrings` */
	async setSources({ text, keyrings }) {
		for (const [name, content] of keyrings) await writeFile(path.join(this.keyrings, name), content);
		await writeFile(path.join(this.folder, "build.sources"), text);
	}
	/** A new folder for the files of one source package. */
	async newInput() {
		this.#orders += 1;
		const folder = path.join(this.folder, `input-${this.#orders}`);
		await mkdir(folder, { mode: 493 });
		return folder;
	}
	/** Has debrebuild do its work. What it made is in the folder that is returned. */
	async build(order) {
		const input = path.dirname(order.dsc);
		this.#orders += 1;
		const output = path.join(this.folder, `output-${this.#orders}`);
		await mkdir(output, { mode: 493 });
		const buildinfo = path.join(input, order.buildinfoName);
		await writeFile(buildinfo, order.buildinfo, "latin1");
		return {
			ending: await runChild("debrebuild", [
				`--buildresult=${output}`,
				"--builder=sbuild+unshare",
				buildinfo
			], {
				cwd: input,
				env: this.#childEnvironment(order.dsc),
				timeout: order.timeout,
				log: order.log,
				...order.signal === void 0 ? {} : { signal: order.signal }
			}),
			output
		};
	}
	/** For a tool that only looks at files. */
	toolEnvironment() {
		const { PATH, HOME } = this.#environment;
		return {
			PATH: PATH ?? "",
			HOME: HOME ?? "/",
			LC_ALL: "C.UTF-8",
			TMPDIR: path.join(this.folder, "tmp")
		};
	}
	/** Takes everything away; never what something mounted there. */
	async close() {
		await new Promise((resolve) => {
			const child = spawn("rm", [
				"-rf",
				"--one-file-system",
				this.folder
			], { stdio: "ignore" });
			child.on("error", () => resolve());
			child.on("close", () => resolve());
		});
	}
	/** Nothing of the caller's environment but what the tools need: CFLAGS or LANG would change what is built. */
	#childEnvironment(dsc) {
		const proxies = PROXY_VARIABLES.flatMap((name) => {
			const value = this.#environment[name];
			return value === void 0 ? [] : [[name, value]];
		});
		return {
			...Object.fromEntries(proxies),
			PATH: `${path.join(this.folder, "bin")}:${this.#environment["PATH"] ?? ""}`,
			HOME: this.#environment["HOME"] ?? "/",
			LC_ALL: "C.UTF-8",
			TMPDIR: path.join(this.folder, "tmp"),
			DEBEMAIL: this.#environment["DEBEMAIL"] ?? "debproof@localhost.localdomain",
			SBUILD_CONFIG: path.join(this.folder, "sbuild.conf"),
			DEBPROOF_SBUILD: this.#tools.sbuild,
			DEBPROOF_DSC: dsc,
			DEBPROOF_BUILD_SOURCES: path.join(this.folder, "build.sources"),
			DEBPROOF_CHROOT_CACHE: path.join(this.folder, "chroots")
		};
	}
};
// src/rebuild/rebuild.ts
/** What would be rebuilt. @throws DebproofError */
async function listTargets({ policy, wishes, at, places }, watcher) {
	const downloads = newDownloads(watcher, places);
	try {
		watcher.progress("Reading the archives");
		return await selectTargets(wishes, policy, new Indexes(downloads, at));
	} finally {
		await downloads.close();
	}
}
/**
* One whole run of `rebuild`. What goes wrong with one package is in its result, and the others are built.
*
* @param find finds the tools on a search path
* @throws DebproofError where nothing can be built: tools, keys, policy, names that mean nothing
*/
async function rebuild(options, watcher, find = findTools) {
	const { policy, wishes, at, environment, signal, timeout } = options;
	const signer = await readSigner(options);
	const tools = await find(environment["PATH"] ?? "");
	const given = await Promise.all(options.buildinfos.map(readBuildinfoFile));
	const publication = await Publication.prepare(options.output);
	const downloads = newDownloads(watcher, options.places);
	const workshop = await Workshop.open(tools, environment);
	try {
		const own = options.buildSources;
		await workshop.setSources(own === void 0 ? policySources(policy, workshop.keyrings) : await readBuildSources(own));
		watcher.progress("Reading the archives");
		const indexes = new Indexes(downloads, at);
		const targets = await selectTargets(wishes.length > 0 ? wishes : given.map(wishOf), policy, indexes);
		refuseForOthers(given, targets);
		const { progress } = watcher;
		const context = {
			downloads,
			workshop,
			tools,
			publication,
			signer,
			timeout,
			signal,
			progress,
			debs: options.debs
		};
		const packages = [];
		for (const target of targets) {
			if (signal.aborted) break;
			packages.push(await rebuildTarget(target, indexes, given, context));
		}
		return {
			packages,
			...signer === void 0 ? {} : { fingerprint: signer.fingerprint }
		};
	} finally {
		signer?.forget();
		await workshop.close();
		await downloads.close();
	}
}
async function rebuildTarget(target, indexes, given, context) {
	const { source, archive } = target;
	try {
		context.progress(`Looking for how ${source.name} ${source.version} was built`);
		return await buildPackage(await prepareTarget(target, indexes, context.downloads, given), context);
	} catch (error) {
		if (!isDebproofError(error) || error.code === "OUTPUT") throw error;
		return {
			source: source.name,
			version: source.version,
			archive: archive.name,
			outcome: "undone",
			problem: describeError(error),
			notes: [],
			builds: [],
			statements: []
		};
	}
}
async function readSigner({ signing }) {
	if (signing === void 0) return void 0;
	return await readStatementSigner(signing.armored, signing.passphrase, signing.source);
}
function wishOf(file) {
	const { name, version } = sourceNamedIn(file);
	return {
		text: `src:${name}=${version}`,
		name,
		version,
		sourceOnly: true
	};
}
function refuseForOthers(given, targets) {
	if (given.length === 0 || targets.length === 1) return;
	throw new DebproofError("USAGE", `rebuild: --buildinfo belongs to one source package, but ${targets.length} are asked for.`);
}
function newDownloads({ download }, places) {
	return new Downloads({
		userAgent: USER_AGENT,
		...places === void 0 ? {} : { places },
		...download === void 0 ? {} : { onDownload: download }
	});
}
// src/rebuild/text.ts
const HEADS = {
	same: "SAME",
	different: "DIFFERENT",
	undone: "UNDONE"
};
/** What became of each package, for people. The first line says all of it. */
function rebuildText({ packages, fingerprint }, output) {
	const count = (outcome) => packages.filter((item) => item.outcome === outcome).length;
	const counts = [
		`${count("same")} came out the same`,
		...count("different") > 0 ? [`${count("different")} different`] : [],
		...count("undone") > 0 ? [`${count("undone")} could not be built`] : []
	];
	const verdict = worstOf(packages.map(({ outcome }) => outcome));
	const hasStatements = packages.some(({ statements, builds }) => statements.length > 0 || builds.some((build) => build.statements.length > 0));
	const signed = fingerprint === void 0 || !hasStatements ? "nothing was signed" : `statements signed by ${fingerprint}`;
	return [
		`${HEADS[verdict]}: of ${packages.length} source packages ${counts.join(", ")}.`,
		...packages.flatMap(packageLines),
		"",
		`Output: ${output} (${signed})`,
		""
	].map((line) => visibleLine(line)).join("\n");
}
function packageLines({ source, version, outcome, problem, notes, builds, statements }) {
	return [
		"",
		`${HEADS[outcome].toLowerCase().padEnd(10)} ${source} ${version}`,
		...problem === void 0 ? [] : [`    ${problem}`],
		...notes.map((note) => `    ${note}`),
		...builds.flatMap(buildLines),
		...statements.map((file) => `    stated in  ${file}`)
	];
}
function buildLines({ debs, additional, notes, log, statements, different }) {
	return [
		...debs.flatMap(({ expected, outcome, sha256 }) => [`    ${outcome.padEnd(10)} ${expected.fileName} ${expected.sha256}${expected.entry === void 0 ? " (not in the archive’s index)" : ""}`, ...outcome === "different" ? [`               rebuilt as ${sha256 ?? "-"}`] : []]),
		...additional.map((name) => `    additional ${name}`),
		...notes.map((note) => `    ${note}`),
		...different.map((file) => `    see        ${file}`),
		`    log        ${log}`,
		...statements.map((file) => `    stated in  ${file}`)
	];
}
/** The same for programs. */
function rebuildJson({ packages, fingerprint }) {
	const result = {
		outcome: worstOf(packages.map(({ outcome }) => outcome)),
		signedBy: fingerprint ?? null,
		packages: packages.map((item) => ({
			source: item.source,
			version: item.version,
			archive: item.archive,
			outcome: item.outcome,
			problem: item.problem ?? null,
			notes: item.notes,
			statements: item.statements,
			builds: item.builds.map((build) => ({
				...build,
				debs: build.debs.map(({ expected, outcome, sha256 }) => ({
					file: expected.fileName,
					outcome,
					sha256: expected.sha256,
					rebuiltSha256: sha256 ?? null,
					listed: expected.entry !== void 0
				}))
			}))
		}))
	};
	return `${JSON.stringify(result, null, 1)}\n`;
}
// src/rebuild/unproven.ts
/** A place of a rebuilder's that does not answer yet leaves its packages undecided: they want rebuilding too. */
const WITHOUT_PROOF = /* @__PURE__ */ new Set(["unproven", "undecided"]);
/**
* The packages of a report that have neither proof, in archives whose packages must be reproduced.
*
* The report says what to do, not what to believe: its signature is not looked at, and every hash is compared with
* the archive's own signed index again.
*
* @throws DebproofError USAGE
*/
async function readUnproven(file) {
	const { predicate } = parseReport(await readReport(file), file);
	const reproduced = new Set(predicate.archives.filter(({ require }) => require === "reproduced").map(({ name }) => name));
	return predicate.packages.filter(({ verdict, archive }) => WITHOUT_PROOF.has(verdict) && archive !== null && reproduced.has(archive)).map((item) => {
		const text = `${item.kind === "source" ? "src:" : ""}${item.name}=${item.version}`;
		const name = parsePackageName(item.name);
		const version = parseVersion(item.version);
		if (name === void 0 || version === void 0) throw new DebproofError("USAGE", `${file} has a package that is none: ${JSON.stringify(text.slice(0, 200))}.`);
		const architecture = item.kind === "binary" ? parseArchitecture(item.architecture ?? "") : void 0;
		const sha256 = item.kind === "binary" ? parseSha256(item.sha256 ?? "") : void 0;
		return {
			text,
			name,
			version,
			sourceOnly: item.kind === "source",
			...architecture === void 0 ? {} : { architecture },
			...sha256 === void 0 ? {} : { sha256 },
			...item.archive === null ? {} : { archive: item.archive }
		};
	});
}
async function readReport(file) {
	try {
		const bytes = await readFileUpTo(file, MAX_REPORT);
		if (bytes === void 0) throw new DebproofError("USAGE", `${file} is larger than the ${MAX_REPORT} bytes that a report may have.`);
		return bytes.toString("utf8");
	} catch (error) {
		if (error instanceof DebproofError) throw error;
		throw new DebproofError("USAGE", `The report ${file} cannot be read`, { cause: error });
	}
}
function parseReport(text, file) {
	let json;
	try {
		json = JSON.parse(text);
	} catch (error) {
		throw new DebproofError("USAGE", `${file} is no report.json: it is not JSON (${describeError(error)}).`);
	}
	const result = safeParse(reportSchema, json);
	if (result.success) return result.output;
	const [issue] = result.issues;
	throw new DebproofError("USAGE", `${file} is no report.json of debproof: ${getDotPath(issue) ?? ""} ${issue.message}.`);
}
// src/rebuild/wish.ts
/**
* Reads `NAME`, `NAME=VERSION` or `src:NAME=VERSION`, as `apt-get source` and `dpkg-query` write them.
* @throws DebproofError USAGE
*/
function parseWish(text) {
	const [, prefix, writtenName = "", writtenVersion] = /^(src:)?([^=]*)(?:=(.*))?$/s.exec(text) ?? [];
	const name = parsePackageName(writtenName);
	if (name === void 0) throw new DebproofError("USAGE", `rebuild: ${JSON.stringify(text)} is no package name.`);
	const version = writtenVersion === void 0 ? void 0 : parseVersion(writtenVersion);
	if (writtenVersion !== void 0 && version === void 0) throw new DebproofError("USAGE", `rebuild: ${JSON.stringify(text)} has no version after the =.`);
	return {
		text,
		name,
		sourceOnly: prefix !== void 0,
		...version === void 0 ? {} : { version }
	};
}
const rebuildCommand = {
	name: "rebuild",
	usage: "NAME… | --unproven REPORT | --buildinfo FILE",
	title: "build packages again with the Debian tools, and sign a statement for those that come out the same",
	description: "Fetches the source packages and their .buildinfo from an archive with `require: reproduced`, holds both against\nits signed indexes, and has Debian's debrebuild and sbuild build them again as they were built. What comes out\nwith the same bytes is stated in a clearsigned .buildinfo and an in-toto link, for others to verify.\n\nNAME is a source or binary package, NAME=VERSION, or src:NAME for a source package alone.\n\nExit codes: 0 every package came out the same, 1 at least one differs, 2 the command, policy, key or a tool is\nwrong or missing, 3 nothing differs but something could not be built.",
	options: [
		{
			name: "policy",
			value: "FILE",
			default: "debproof.yml",
			description: "The policy, whose archives are read."
		},
		{
			name: "unproven",
			value: "REPORT",
			description: "Rebuild what a report.json calls unproven or undecided, of archives with `require: reproduced`, instead of what is named."
		},
		{
			name: "list",
			description: "Only print what would be rebuilt, one source package each. Needs no tools and no key."
		},
		{
			name: "format",
			value: "FORMAT",
			default: "text",
			description: `With --list: ${LIST_FORMATS.join(", ")}. matrix is for fromJSON() in GitHub's strategy.matrix; gitlab is a file for a child pipeline, whose jobs extend .debproof-rebuild.`
		},
		{
			name: "output",
			value: "DIR",
			default: "debproof-rebuild",
			description: "The folder for statements and logs, which can be published as it is. Its other files stay."
		},
		{
			name: "buildinfo",
			value: "FILE",
			multiple: true,
			description: "The .buildinfo to repeat, instead of those beside the .dsc in the archive's pool. For one package, which need not be named then."
		},
		{
			name: "build-sources",
			value: "FILE",
			description: "apt sources for the build dependencies (one-line or deb822). By default those of the policy: all archives but absent ones, as they were served."
		},
		{
			name: "debs",
			value: "DIR",
			description: "Also put what was built into this folder, the same or not."
		},
		{
			name: "timeout",
			value: "MINUTES",
			default: "240",
			description: "How long one build may take."
		},
		{
			name: "signing-key",
			value: "FILE",
			description: "The armored OpenPGP private key that signs the statements; or its text in DEBPROOF_SIGNING_KEY. Its passphrase is read from DEBPROOF_SIGNING_PASSPHRASE."
		},
		{
			name: "unsigned",
			description: "Only compare, and state nothing; without a key this must be said."
		},
		{
			name: "release",
			value: "NAME",
			description: "The release, where the policy writes it as a variable."
		},
		{
			name: "packages",
			value: "PATH[:FORMAT]",
			multiple: true,
			description: "A package list that names snapshots, where the policy takes references from one."
		},
		ALLOW_PATH_OPTION,
		AT_OPTION,
		JSON_OPTION,
		...COMMON_OPTIONS
	],
	positionals: {
		min: 0,
		max: 1e4
	},
	async run(given, terminal) {
		const format = listFormat(given);
		const minutes = given.text("timeout") ?? "";
		if (!/^[1-9]\d{0,4}$/.test(minutes)) throw new DebproofError("USAGE", `rebuild: --timeout ${JSON.stringify(minutes)} is no number of minutes.`);
		const wishes = await readWishes(given);
		const places = placesFor(given, terminal);
		const progress = new ProgressLine(terminal, {
			quiet: given.flag("quiet"),
			verbose: given.flag("verbose")
		});
		if (given.flag("list")) {
			const policy = await resolvePolicy(given, terminal);
			const targets = wishes.length === 0 ? [] : await listTargets({
				policy,
				wishes,
				at: policy.at,
				places
			}, progress);
			progress.end();
			const jobs = jobsOf(targets);
			const limit = LIST_LIMITS[format];
			if (limit !== void 0 && jobs.length > limit) progress.warn(`${jobs.length} packages are more than the ${limit} jobs that a matrix may have.`);
			terminal.out(formatJobs(jobs, format));
			return EXIT.pass;
		}
		if (wishes.length === 0 && given.text("unproven") !== void 0) {
			terminal.out(given.flag("json") ? rebuildJson({ packages: [] }) : "Nothing to rebuild: the report has no package without proof in an archive with `require: reproduced`.\n");
			return EXIT.pass;
		}
		const signing = await signingOf(given, terminal);
		const policy = await resolvePolicy(given, terminal);
		const buildSources = given.text("build-sources");
		const debs = given.text("debs");
		const result = await interruptible(async (signal) => {
			return await rebuild({
				policy,
				wishes,
				at: policy.at,
				places,
				output: given.text("output") ?? "",
				buildinfos: given.texts("buildinfo"),
				...buildSources === void 0 ? {} : { buildSources },
				...debs === void 0 ? {} : { debs: path.resolve(debs) },
				timeout: Number(minutes) * 6e4,
				...signing === void 0 ? {} : { signing },
				environment: terminal.environment,
				signal
			}, progress).finally(() => progress.end());
		});
		const text = given.flag("json") ? rebuildJson(result) : rebuildText(result, given.text("output") ?? "");
		terminal.out(given.flag("quiet") && !given.flag("json") ? `${text.split("\n")[0] ?? ""}\n` : text);
		return exitCodes[worstOf(result.packages.map(({ outcome }) => outcome))];
	}
};
const exitCodes = {
	same: EXIT.pass,
	different: EXIT.fail,
	undone: EXIT.undecided
};
function listFormat(given) {
	const text = given.text("format") ?? "";
	const format = LIST_FORMATS.find((name) => name === text);
	if (format === void 0) {
		const suggestion = closest(text, LIST_FORMATS);
		const advice = suggestion === void 0 ? `It is one of ${LIST_FORMATS.join(", ")}.` : `Did you mean ${suggestion}?`;
		throw new DebproofError("USAGE", `rebuild: there is no format ${JSON.stringify(text)}. ${advice}`);
	}
	if (given.texts("format").length > 0 && !given.flag("list")) throw new DebproofError("USAGE", "rebuild: --format is for --list; say that too, or leave it out.");
	return format;
}
async function readWishes(given) {
	const report = given.text("unproven");
	if (report !== void 0 && given.positionals.length > 0) throw new DebproofError("USAGE", "rebuild: name packages or give --unproven, not both.");
	if (report !== void 0) return await readUnproven(report);
	if (!(given.positionals.length > 0 || given.texts("buildinfo").length > 0 && !given.flag("list"))) throw new DebproofError("USAGE", "rebuild: which package? Name one or more, or give --unproven REPORT.");
	return given.positionals.map(parseWish);
}
async function resolvePolicy(given, terminal) {
	const file = await readPolicyInput(given, terminal);
	const sources = given.texts("packages").map(parseListSource);
	if (sources.length === 0) return await file.resolve({});
	const downloads = new Downloads({ userAgent: USER_AGENT });
	try {
		return await file.resolve(mergeReferences(await readPackageLists(sources, process.cwd(), downloads)));
	} finally {
		await downloads.close();
	}
}
async function signingOf(given, { environment }) {
	const signing = await readSigningInput(given.text("signing-key"), environment);
	if (signing === void 0 && !given.flag("unsigned")) throw new DebproofError("KEY", "There is no key to sign statements with: give --signing-key FILE or DEBPROOF_SIGNING_KEY, or say --unsigned.");
	if (signing !== void 0 && given.flag("unsigned")) throw new DebproofError("USAGE", "--unsigned contradicts the signing key that was given.");
	return signing;
}
/**
* Lets SIGINT and SIGTERM end a build in order: the tools are asked to end, what they left is taken away, and then
* the process ends by the signal, as its caller expects.
*/
async function interruptible(task) {
	const controller = new AbortController();
	let received;
	const stop = (signal) => {
		received ??= signal;
		controller.abort();
	};
	process.on("SIGINT", stop);
	process.on("SIGTERM", stop);
	try {
		return await task(controller.signal);
	} finally {
		process.off("SIGINT", stop);
		process.off("SIGTERM", stop);
		if (received !== void 0) process.kill(process.pid, received);
	}
}
export { rebuildCommand };
