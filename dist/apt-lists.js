import { R as MAX_INDEX, i as isDebproofError, r as describeError, t as DebproofError, vt as MAX_RELEASE_FILE } from "./errors.js";
import { D as scanIndex, _ as splitNamed, h as pairNamed, m as judgeRelease, p as suiteDirectory } from "./policy-schema.js";
import path from "node:path";
import { readdir } from "node:fs/promises";
import { pathToFileURL } from "node:url";
// src/archive/apt-lists.ts
/** apt stores an index plain, or recompressed under `Acquire::GzipIndexes`. */
const FORMS = [
	{
		suffix: "",
		compression: "plain"
	},
	{
		suffix: ".gz",
		compression: "gz"
	},
	{
		suffix: ".xz",
		compression: "xz"
	},
	{
		suffix: ".zst",
		compression: "zst"
	},
	{
		suffix: ".bz2",
		compression: "bz2"
	}
];
/**
* The release files and indexes that apt kept in `/var/lib/apt/lists`: what a build's own apt saw. They are judged
* like those of a server.
*
* Files are found by the name that apt makes of the archive's URL; where the build reached the archive under
* another URL, by being the one release file in the folder that is trusted and of the right suite.
*/
var AptLists = class {
	name;
	#folder;
	#downloads;
	#names;
	/** Where the files of a suite turned out to be: `base suite` to the common start of their names. */
	#prefixes = /* @__PURE__ */ new Map();
	/** The names of the indexes that were asked for and are there. */
	#asked = /* @__PURE__ */ new Set();
	constructor(folder, downloads) {
		this.name = `the apt lists in ${folder}`;
		this.#folder = folder;
		this.#downloads = downloads;
	}
	/** @throws DebproofError as `verifyRelease`, or NOT_FOUND */
	async readRelease(base, suite, request) {
		const prefix = listName(base, suite);
		const names = await this.#fileNames();
		const key = `${base.href} ${suite}`;
		if (names.has(`${prefix}InRelease`) || names.has(`${prefix}Release`)) {
			this.#prefixes.set(key, prefix);
			return await judgeRelease(await this.#releaseBytes(prefix, names), request);
		}
		const found = [];
		const refusals = [];
		for (const other of releasePrefixes(names)) try {
			found.push({
				prefix: other,
				facts: await judgeRelease(await this.#releaseBytes(other, names), request)
			});
		} catch (error) {
			if (!(error instanceof DebproofError)) throw error;
			refusals.push(describeError(error));
		}
		const [only] = found;
		if (only === void 0) throw new DebproofError("NOT_FOUND", `${this.#folder} holds no release file of ${suite} that is trusted.${refusals.map((why) => `\n  ${why}`).join("")}`);
		if (found.length > 1) throw new DebproofError("NOT_FOUND", `${this.#folder} holds several trusted release files of ${suite} and none is from ${base.href}: give the archive the URL that the build used.`);
		this.#prefixes.set(key, only.prefix);
		return only.facts;
	}
	/** Undefined where apt did not keep this index: the build did not use it. */
	async readIndex(base, suite, release, indexPath, request) {
		const prefix = this.#prefixes.get(`${base.href} ${suite}`) ?? listName(base, suite);
		const names = await this.#fileNames();
		const stored = prefix + quote(indexPath).replaceAll("/", "_");
		const plain = release.entries.get(indexPath);
		if (plain === void 0) return void 0;
		for (const { suffix, compression } of FORMS) {
			if (!names.has(stored + suffix)) continue;
			this.#asked.add(stored + suffix);
			const url = pathToFileURL(path.join(this.#folder, stored + suffix));
			return await this.#downloads.stream(url, MAX_INDEX, (chunks) => scanIndex(chunks, compression, { plain }, request, url.href));
		}
		if (names.has(`${stored}.lz4`)) {
			this.#asked.add(`${stored}.lz4`);
			throw new DebproofError("COMPRESSION", `${path.join(this.#folder, stored)}.lz4: lz4 is not read; set Acquire::GzipIndexes "false" in the build, or unpack it with \`/usr/lib/apt/apt-helper cat-file\`.`);
		}
	}
	/**
	* What the build's apt saw and nobody asked for here: release files of other suites and archives, and `Packages`
	* indexes of other components and architectures. Their file names, sorted.
	*
	* @throws DebproofError NOT_FOUND where the folder cannot be read
	*/
	async others() {
		const names = [...await this.#fileNames()];
		const known = new Set(this.#prefixes.values());
		const unknown = releasePrefixes(new Set(names)).filter((prefix) => !known.has(prefix));
		const isOfUnknown = (name) => unknown.some((prefix) => name.startsWith(prefix));
		return names.filter((name) => {
			if (RELEASE_FILE.test(name)) return isOfUnknown(name);
			return PACKAGES_FILE.test(name) && !this.#asked.has(name) && !isOfUnknown(name);
		}).sort();
	}
	async #fileNames() {
		this.#names ??= this.#downloads.names(folderUrl(this.#folder), () => readNames(this.#folder)).then((names) => new Set(names));
		return await this.#names;
	}
	async #releaseBytes(prefix, names) {
		const read = async (name) => {
			const url = pathToFileURL(path.join(this.#folder, prefix + name));
			return [url.href, await this.#downloads.bytes(url, MAX_RELEASE_FILE)];
		};
		if (names.has(`${prefix}InRelease`)) return splitNamed(...await read("InRelease"));
		const release = await read("Release");
		try {
			return pairNamed(...release, ...await read("Release.gpg"));
		} catch (error) {
			if (!isDebproofError(error, "NOT_FOUND")) throw error;
			throw new DebproofError("RELEASE_UNTRUSTED", `${release[0]} is not signed: there is no Release.gpg beside it.`);
		}
	}
};
async function readNames(folder) {
	try {
		return await readdir(folder);
	} catch (error) {
		throw new DebproofError("NOT_FOUND", `The apt lists in ${folder} cannot be read`, { cause: error });
	}
}
function folderUrl(folder) {
	return new URL(`${pathToFileURL(folder).href}/`);
}
/** The common start of a suite's file names in `/var/lib/apt/lists`: apt's URItoFileName (apt-pkg/contrib/strutl.cc). */
function listName(base, suite) {
	const directory = suite.endsWith("/") && !suite.startsWith("/") ? suite : suiteDirectory(suite);
	return quote(base.host + decoded(base.pathname) + directory).replaceAll("/", "_");
}
function decoded(pathname) {
	try {
		return decodeURI(pathname);
	} catch {
		return pathname;
	}
}
function quote(text) {
	return text.replaceAll(/[\\|{}[\]<>"^~_=!@#$%&*]|[^\x21-\x7e]/g, (character) => [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""));
}
const RELEASE_FILE = /^(.*_)(?:In)?Release$/;
const PACKAGES_FILE = /_Packages(?:\.[a-z0-9]+)?$/;
function releasePrefixes(names) {
	const prefixes = [...names].flatMap((name) => RELEASE_FILE.exec(name)?.[1] ?? []);
	return [...new Set(prefixes)].sort();
}
export { listName as n, AptLists as t };
