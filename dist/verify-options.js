import { i as isDebproofError, t as DebproofError } from "./errors.js";
import { t as makeFolder } from "./make-folder.js";
import { c as AT_OPTION, i as openFile, s as ALLOW_PATH_OPTION } from "./places.js";
import { f as limited, p as digestOf, t as FORMAT_NAMES } from "./formats.js";
import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import path from "node:path";
import { homedir } from "node:os";
import { chmod, copyFile, link, lstat, open, opendir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
// src/net/cache-content.ts
/** The name of a file of content. */
const SHA256_NAME = /^[0-9a-f]{64}$/;
/** Where, in the folder of a cache, the content with this hash is. */
function contentPath(folder, sha256) {
	return path.join(folder, "sha256", sha256.slice(0, 2), sha256);
}
/**
* Moves into the cache what lies anywhere below a folder that somebody else filled: regular files whose name is the
* SHA-256 of their bytes, and nothing else. Links are not followed.
*
* @returns how many files were taken
*/
async function adoptContent(from, cache) {
	let taken = 0;
	let size = 0;
	for await (const file of filesBelow(from)) {
		const sha256 = path.basename(file);
		const bytes = SHA256_NAME.test(sha256) ? await sizeOfWhole(file) : void 0;
		if (bytes === void 0) continue;
		size += bytes;
		if (size > 2147483648) break;
		if (!await isItsOwnHash(file, sha256)) continue;
		const place = contentPath(cache, sha256);
		await makeFolder(path.dirname(place));
		await rename(file, place).catch(async () => await copyFile(file, place));
		await chmod(place, 420);
		taken += 1;
	}
	return taken;
}
/**
* Gathers content of the cache in another folder, side by side, as links where that is possible.
*
* @returns the hashes of what is there now, in the order in which they were given: no more than may be saved
*/
async function gatherContent(cache, hashes, into) {
	await makeFolder(into);
	const gathered = [];
	let size = 0;
	for (const sha256 of hashes) {
		const file = contentPath(cache, sha256);
		const bytes = SHA256_NAME.test(sha256) ? await sizeOf(file) : void 0;
		if (bytes === void 0 || size + bytes > 2147483648) continue;
		const place = path.join(into, sha256);
		await link(file, place).catch(async () => await copyFile(file, place));
		size += bytes;
		gathered.push(sha256);
	}
	return gathered;
}
async function* filesBelow(folder, depth = 0, seen = { files: 0 }) {
	if (depth > 32) return;
	const entries = await opendir(folder).catch(() => void 0);
	if (entries === void 0) return;
	for await (const entry of entries) {
		seen.files += 1;
		if (seen.files > 2e4) return;
		const file = path.join(folder, entry.name);
		if (entry.isDirectory()) yield* filesBelow(file, depth + 1, seen);
		else if (entry.isFile()) yield file;
	}
}
/** The size of a plain file that an index may have, none of which is a hole: a few bytes could stand for gigabytes. */
async function sizeOfWhole(file) {
	const found = await lstat(file).catch(() => void 0);
	if (found?.isFile() !== true || found.size > 536870912 || found.blocks * 512 < found.size) return void 0;
	return found.size;
}
async function isItsOwnHash(file, sha256) {
	return (await digestOf(createReadStream(file)).catch(() => void 0))?.sha256 === sha256;
}
async function sizeOf(file) {
	return await stat(file).then((found) => found.isFile() ? found.size : void 0, () => void 0);
}
// src/net/cache.ts
/**
* Where the cache is unless somebody says otherwise (XDG Base Directory Specification); undefined for a user who has
* no home, as a container may run under any number.
*/
function defaultCacheFolder(environment) {
	const base = environment["XDG_CACHE_HOME"];
	if (base !== void 0 && path.isAbsolute(base)) return path.join(base, "debproof");
	try {
		const home = homedir();
		return path.isAbsolute(home) ? path.join(home, ".cache", "debproof") : void 0;
	} catch {
		return;
	}
}
/**
* A folder of downloads that never change: `sha256/` holds bytes under their hash, `url/` says under the hash of a URL
* which bytes it gave. Several processes may use it at once, and any of its files may be deleted at any time.
*
* Nothing is believed for being in it: bytes are hashed before they are used, and whoever reads them judges them as if
* they had just come. It never makes a run fail: what is damaged is fetched again, and where it cannot be written
* nothing is kept.
*/
var Cache = class {
	#folder;
	#used = /* @__PURE__ */ new Set();
	constructor(folder) {
		this.#folder = path.resolve(folder);
	}
	/** The SHA-256 of all content that was read from it or kept in it since it was opened, sorted. */
	get used() {
		return [...this.#used].sort();
	}
	/**
	* Hands the bytes at hand to `read`, or else those of `fetch`, which are then kept once `read` took them whole.
	* What a URL gave and `read` refuses is fetched once more, and replaced by what it then takes.
	*
	* @throws whatever `fetch` and `read` throw
	*/
	async stream(request, read, fetch) {
		const { url, limit, immutable = false } = request;
		if (request.sha256 === void 0 && !immutable) return await fetch(read);
		const sha256 = request.sha256 ?? await this.#named(url);
		const kept = sha256 === void 0 ? void 0 : await this.#openWhole(sha256);
		if (kept === void 0) return await this.#keeping(request, read, fetch);
		let refusal;
		try {
			return await read(limited(kept.createReadStream({
				start: 0,
				autoClose: false
			}), limit, url));
		} catch (error) {
			if (!isDebproofError(error) || request.sha256 !== void 0) throw error;
			refusal = error;
		} finally {
			await kept.close();
		}
		let isAnswered = false;
		const fetchAgain = async (keeping) => await fetch((chunks) => {
			isAnswered = true;
			return keeping(chunks);
		});
		try {
			return await this.#keeping(request, read, fetchAgain);
		} catch (error) {
			throw isAnswered ? error : refusal;
		}
	}
	/** Drops what a URL gave. */
	async forget(url) {
		await rm(this.#name(url), { force: true }).catch(() => {});
	}
	async #keeping(request, read, fetch) {
		let copy;
		try {
			const result = await fetch(async (chunks) => {
				await copy?.discard();
				copy = await this.#copy();
				return await read(copy.tee(chunks));
			});
			await this.#keep(copy, request);
			return result;
		} finally {
			await copy?.discard();
		}
	}
	async #keep(copy, { url, sha256, immutable }) {
		const found = await copy?.finish();
		if (copy === void 0 || found === void 0 || sha256 !== void 0 && found !== sha256) return;
		await makeFolder(path.dirname(this.#content(found))).then(() => copy.moveTo(this.#content(found))).then(() => this.#used.add(found)).then(() => immutable === true && sha256 === void 0 ? this.#setName(url, found) : void 0).catch(() => {});
	}
	async #setName(url, sha256) {
		const file = this.#name(url);
		await makeFolder(path.dirname(file));
		const temporary = this.#temporary();
		await writeFile(temporary, `${sha256}\n${url.href}\n`, { flag: "wx" });
		await rename(temporary, file);
	}
	/** What the URL gave, by its hash. */
	async #named(url) {
		const file = this.#name(url);
		const [sha256 = "", href] = (await isFile(file) ? await readFile(file, "utf8").catch(() => "") : "").split("\n");
		return href === url.href && SHA256_NAME.test(sha256) ? sha256 : void 0;
	}
	/** The bytes, if they are there and have their hash; they are removed where they have another. */
	async #openWhole(sha256) {
		if (!SHA256_NAME.test(sha256)) return void 0;
		const file = this.#content(sha256);
		const handle = await isFile(file) ? await openFile(file).catch(() => void 0) : void 0;
		if (handle === void 0) return void 0;
		if ((await digestOf(handle.createReadStream({
			start: 0,
			autoClose: false
		})).catch(() => void 0))?.sha256 === sha256) {
			this.#used.add(sha256);
			const now = /* @__PURE__ */ new Date();
			await utimes(file, now, now).catch(() => {});
			return handle;
		}
		await handle.close();
		await rm(file, { force: true }).catch(() => {});
	}
	async #copy() {
		const temporary = this.#temporary();
		return new Copy(temporary, await makeFolder(path.dirname(temporary)).then(() => open(temporary, "wx")).catch(() => void 0));
	}
	#content(sha256) {
		return contentPath(this.#folder, sha256);
	}
	#name(url) {
		const key = createHash("sha256").update(url.href).digest("hex");
		return path.join(this.#folder, "url", key.slice(0, 2), key);
	}
	#temporary() {
		return path.join(this.#folder, "new", randomBytes(16).toString("hex"));
	}
};
/** A copy of bytes that somebody reads, written on the way; from the first trouble on it is not written any more. */
var Copy = class {
	#file;
	#hash = createHash("sha256");
	#handle;
	#whole = false;
	constructor(file, handle) {
		this.#file = file;
		this.#handle = handle;
	}
	async *tee(chunks) {
		for await (const chunk of chunks) {
			this.#hash.update(chunk);
			await this.#handle?.writeFile(chunk).catch(() => this.discard());
			yield chunk;
		}
		this.#whole = true;
	}
	/** The hash of all that was written; undefined where that is not all. */
	async finish() {
		const handle = this.#handle;
		if (handle === void 0 || !this.#whole) return void 0;
		try {
			await handle.close();
			return this.#hash.digest("hex");
		} catch {
			return;
		}
	}
	async moveTo(file) {
		await rename(this.#file, file);
		this.#handle = void 0;
	}
	async discard() {
		const handle = this.#handle;
		this.#handle = void 0;
		if (handle === void 0) return;
		await handle.close().catch(() => {});
		await rm(this.#file, { force: true }).catch(() => {});
	}
};
async function isFile(file) {
	return await stat(file).then((found) => found.isFile(), () => false);
}
// src/options/verify-options.ts
/** What `verify` takes; the GitHub Action has an input of the same name for each. */
const VERIFY_OPTIONS = [
	{
		name: "policy",
		value: "FILE",
		default: "debproof.yml",
		description: "The policy: which archives must satisfy what."
	},
	{
		name: "packages",
		value: "PATH[:FORMAT]",
		multiple: true,
		description: "A package list, a folder of .debs, or a glob, instead of the policy's; the format is detected unless named."
	},
	{
		name: "release",
		value: "NAME",
		description: "The release that is verified. The policy writes it as a variable named release; the report states it."
	},
	AT_OPTION,
	{
		name: "image",
		value: "FILE",
		multiple: true,
		description: "An image that was built, or a glob: its SHA-256 becomes a subject of the report."
	},
	{
		name: "output",
		value: "DIR",
		default: "debproof-report",
		description: "The folder that the report is written to. An earlier report there is replaced."
	},
	{
		name: "system",
		description: "Verify the packages installed on this machine against its own apt sources; no policy is read."
	},
	{
		name: "root",
		value: "DIR",
		default: "/",
		description: "With --system: the root folder of another system, such as a chroot."
	},
	{
		name: "offline",
		description: "Use no network: local folders, apt lists, evidence stores and the cache only. With --system, what apt fetched last."
	},
	{
		name: "require-hashes",
		description: "Take no package whose hash is known only from what archives list: it is undecided. The policy may say the same (hashes: required)."
	},
	{
		name: "deep",
		description: "Also download every file from the archives' pools and hash it."
	},
	{
		name: "shard",
		value: "I/N",
		description: "Verify part I of N of the packages, on as many machines; `debproof merge` joins the parts."
	},
	{
		name: "plan-id",
		value: "ID",
		description: "With --shard: the id that `debproof plan` gave all parts, or another that is new for every pipeline. The part signs it, and `debproof merge` takes parts of one id."
	},
	{
		name: "evidence",
		value: "WHAT",
		default: "needed",
		description: "What is kept of what was read: needed (what `debproof recheck` needs to derive every verdict again), all (also the package files that --deep hashed), or none."
	},
	{
		name: "cache",
		value: "DIR",
		description: "The folder for what never changes, shared by runs; `none` for none. The default is $XDG_CACHE_HOME/debproof, or ~/.cache/debproof."
	},
	ALLOW_PATH_OPTION,
	{
		name: "signing-key",
		value: "FILE",
		description: "The armored OpenPGP private key that signs the report; or its text in DEBPROOF_SIGNING_KEY. Its passphrase is read from DEBPROOF_SIGNING_PASSPHRASE."
	},
	{
		name: "unsigned",
		description: "Write a report without signature; without a key this must be said."
	},
	{
		name: "unsigned-in-pull-requests",
		description: "Without a key, write a report without signature in a pipeline for a pull request or a merge request, which a CI may give no secrets to; anywhere else a missing key is an error."
	},
	{
		name: "comment",
		description: "Write the verdict as a comment on the pull request or merge request that the pipeline is for, updated in place. Needs a token in DEBPROOF_COMMENT_TOKEN; without one, or elsewhere, it says so and changes nothing."
	}
];
/** @throws DebproofError USAGE */
function parseEvidence(text) {
	if (text === "none" || text === "needed" || text === "all") return text;
	throw new DebproofError("USAGE", `--evidence ${JSON.stringify(text)} is not known: say none, needed or all.`);
}
/** The folder of the cache; undefined where none is to be used. */
function cacheFolder(text, environment) {
	if (text === "none") return void 0;
	return text === void 0 || text === "" ? defaultCacheFolder(environment) : text;
}
/** `PATH` or `PATH:FORMAT`: a colon belongs to the path unless a format's name, or `auto`, follows it. */
function parseListSource(text) {
	const colon = text.lastIndexOf(":");
	const format = text.slice(colon + 1);
	const isFormat = format === "auto" || FORMAT_NAMES.includes(format);
	return colon > 0 && isFormat ? {
		path: text.slice(0, colon),
		format
	} : {
		path: text,
		format: "auto"
	};
}
export { Cache as a, parseListSource as i, cacheFolder as n, adoptContent as o, parseEvidence as r, gatherContent as s, VERIFY_OPTIONS as t };
