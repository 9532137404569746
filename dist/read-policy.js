import { Dt as MAX_STATEMENT, Et as MAX_STANZA, H as MAX_KEPT_STANZAS, I as MAX_INDEX, N as MAX_EXCEPTIONS, Nt as MAX_WANTED_STANZAS, a as systemErrorCode, at as MAX_PUBLIC_KEY_FILE, dt as MAX_RELEASE_FILE, i as isDebproofError, it as MAX_POLICY_TEXT, l as DEFAULT_WINDOW, nt as MAX_POLICY, rt as MAX_POLICY_ITEMS, t as DebproofError, tt as MAX_PLAIN_INDEX } from "./errors.js";
import { A as union, C as regex, E as strictObject, O as string, S as record, T as safeParse, b as pipe, c as isoDate, d as maxLength, f as maxValue, g as number, i as description, m as minValue, o as integer, p as minLength, r as check, t as array, u as literal, v as optional, y as picklist } from "./dist.js";
import { o as decompress, s as require_dist } from "./formats.js";
import { i as parseSha256, o as parseVersion, r as parsePackageName, t as parseArchitecture } from "./identity.js";
import { t as parseStanza } from "./deb822.js";
import { l as Digester, u as sha256Of } from "./keyring.js";
import { n as isPathBelow, r as urlBelow, t as verifyRelease } from "./release.js";
import { l as splitInRelease, o as pairRelease, t as TrustAnchors } from "./trust.js";
import { t as closest } from "./spelling.js";
import { n as substitute, t as HARMLESS } from "./variables.js";
import zlib from "node:zlib";
import { createPublicKey, verify } from "node:crypto";
import { pathToFileURL } from "node:url";
import path from "node:path";
// src/archive/evidence.ts
/** The fingerprints of the primary keys, each once, sorted. */
function primaryFingerprints(signers) {
	return [...new Set(signers.map(({ primaryFingerprint }) => primaryFingerprint))].sort();
}
// src/archive/checksum-rows.ts
/**
* The rows ` hash size name` of a field such as `Checksums-Sha256` (Debian Policy 5.6.24). Names and hashes are as
* written: whoever reads them checks them.
*
* @param malformed makes the error for a row of another form
*/
function* checksumRows(stanza, field, malformed) {
	for (const line of (stanza.get(field) ?? "").split("\n")) {
		if (line === "") continue;
		const [hash, size, name, ...rest] = line.split(/[ \t]+/);
		if (hash === void 0 || size === void 0 || name === void 0 || rest.length > 0) throw malformed(`has a bad row in ${field}: ${JSON.stringify(line.slice(0, 200))}`);
		yield [
			name,
			hash,
			parseSize(size, malformed)
		];
	}
}
/** A size in bytes, in decimal digits. */
function parseSize(text, malformed) {
	if (!/^\d{1,15}$/.test(text)) throw malformed(`has a size that is no number: ${JSON.stringify(text)}`);
	return Number(text);
}
// src/archive/source-name.ts
/**
* Reads a `Source` field, `name` or `name (version)` (Debian Policy 5.6.1); undefined for anything else.
*
* @param version of what was built, which is the source's where none is written
*/
function parseSourceName(text, version) {
	const [, writtenName = "", writtenVersion] = /^([^\s()]+)(?:[ \t]+\(([^\s()]+)\))?$/.exec(text) ?? [];
	const name = parsePackageName(writtenName);
	const own = writtenVersion === void 0 ? version : parseVersion(writtenVersion);
	return name === void 0 || own === void 0 ? void 0 : {
		name,
		version: own
	};
}
// src/archive/index-entry.ts
/** The source package that a .deb was built from. */
function sourceOf({ source, name, version }) {
	return source ?? {
		name,
		version
	};
}
/**
* Reads a stanza of a `Packages` index (Debian's repository format, "Packages" Indices).
* @throws DebproofError INDEX_MALFORMED when what identifies the package is missing or wrong
*/
function parseBinaryEntry(text) {
	const stanza = parseStanza(text);
	const architecture = parseArchitecture(required(stanza, "architecture"));
	if (architecture === void 0) throw malformed(stanza, "has no valid Architecture");
	const binary = parseNameAndVersion(stanza);
	const source = parseForeignSource(stanza, binary);
	return {
		kind: "binary",
		...binary,
		...source === void 0 ? {} : { source },
		architecture,
		file: {
			path: checkedPath(stanza, required(stanza, "filename").replace(/^\.\//, "")),
			size: checkedSize(stanza, required(stanza, "size")),
			sha256: checkedSha256(stanza, required(stanza, "sha256"))
		}
	};
}
/**
* Reads a stanza of a `Sources` index (Debian's repository format, "Sources" Indices; Debian Policy 5.6.21, 5.6.24).
* @throws DebproofError INDEX_MALFORMED, also when two entries for one file disagree
*/
function parseSourceEntry(text) {
	const stanza = parseStanza(text);
	const directory = (stanza.get("directory") ?? ".").replace(/^\.\//, "").replace(/(?<=.)(?:\/\.?)+$/, "");
	const prefix = directory === "." || directory === "" ? "" : `${directory}/`;
	const sizes = /* @__PURE__ */ new Map();
	const files = [];
	for (const [name, hash, size] of rows(stanza, "checksums-sha256")) {
		if (name.includes("/")) throw malformed(stanza, `lists ${JSON.stringify(name)}, which is not a file name`);
		if (sizes.has(name)) throw malformed(stanza, `lists ${name} twice`);
		sizes.set(name, size);
		files.push({
			path: checkedPath(stanza, prefix + name),
			size,
			sha256: checkedSha256(stanza, ownText(hash))
		});
	}
	for (const section of [
		"files",
		"checksums-sha1",
		"checksums-sha512"
	]) for (const [name, , size] of rows(stanza, section)) {
		const known = sizes.get(name);
		if (known === void 0) throw malformed(stanza, `lists ${name} without a SHA-256`);
		if (known !== size) throw malformed(stanza, `gives ${name} two sizes`);
	}
	const descriptions = files.filter(({ path }) => path.endsWith(".dsc"));
	const [file] = descriptions;
	if (file === void 0 || descriptions.length > 1) throw malformed(stanza, "does not list exactly one .dsc");
	files.sort((a, b) => a.path < b.path ? -1 : 1);
	return {
		kind: "source",
		...parseNameAndVersion(stanza),
		file,
		files
	};
}
function parseNameAndVersion(stanza) {
	const name = parsePackageName(required(stanza, "package"));
	if (name === void 0) throw malformed(stanza, "has a Package field that is no package name");
	const version = parseVersion(required(stanza, "version"));
	if (version === void 0) throw malformed(stanza, "has a Version field that is no version");
	return {
		name,
		version
	};
}
function rows(stanza, field) {
	return checksumRows(stanza, field, (problem) => malformed(stanza, problem));
}
/** Undefined where it says nothing that the package does not say itself; no proof of identity rests on it. */
function parseForeignSource(stanza, binary) {
	const written = stanza.get("source");
	return written === void 0 || written === binary.name ? void 0 : parseSourceName(ownText(written), binary.version);
}
function required(stanza, field) {
	const value = stanza.get(field);
	if (value === void 0 || value === "") throw malformed(stanza, `has no ${field} field`);
	return ownText(value);
}
/**
* The same text in memory of its own. V8 makes a part of a string a reference into the whole, and each entry that
* is kept would keep its whole stanza, four times its size. Joining and cutting makes it copy.
*/
function ownText(text) {
	return ` ${text}`.slice(1);
}
function checkedPath(stanza, path) {
	if (!isPathBelow(path)) throw malformed(stanza, `has a path that leaves the archive: ${JSON.stringify(path)}`);
	return path;
}
function checkedSize(stanza, text) {
	return parseSize(text, (problem) => malformed(stanza, problem));
}
function checkedSha256(stanza, text) {
	const sha256 = parseSha256(text);
	if (sha256 === void 0) throw malformed(stanza, `has a SHA-256 that is none: ${JSON.stringify(text.slice(0, 80))}`);
	return sha256;
}
function malformed(stanza, problem) {
	const name = (stanza.get("package") ?? "without a name").slice(0, 255);
	const version = (stanza.get("version") ?? "").slice(0, 255);
	return new DebproofError("INDEX_MALFORMED", `The stanza of ${name} ${version} ${problem}.`);
}
// src/archive/stanza-scanner.ts
const NEWLINE = 10;
const BLANK_LINE = Buffer.from("\n\n");
const PACKAGE_FIELD = Buffer.from("Package: ");
/**
* What may be a Package field within a stanza, in any case: apt takes any white space before the colon, a line end
* included. Ten bytes long.
*/
const HIDDEN_PACKAGE = /.\npackage[\s:]/gi;
const HIDDEN_PACKAGE_LENGTH = 10;
/** Longer strings are allocated apart by the engine, which is slower than searching them. */
const SEARCH_PIECE = 16384;
/** The names that are looked for, with a table that rules out almost every other name by its bytes alone. */
var WantedNames = class {
	#names;
	#table = new Uint8Array(1 << 18);
	/** @param names package names in lower case */
	constructor(names) {
		this.#names = new Set(names);
		for (const name of this.#names) {
			let hash = 0;
			for (let index = 0; index < name.length; index++) hash = step(hash, name.charCodeAt(index));
			this.#table[hash & TABLE_MASK] = 1;
		}
	}
	has(name) {
		return this.#names.has(name.toLowerCase());
	}
	/** Whether a name with this `hashName` value may be wanted. */
	mayHave(hash) {
		return this.#table[hash & TABLE_MASK] === 1;
	}
};
const TABLE_MASK = (1 << 18) - 1;
/** Folds case: bit 0x20 tells upper from lower case letters and is set in every other byte of a name. */
function step(hash, byte) {
	return Math.imul(hash ^ (byte | 32), 16777619);
}
/**
* Finds the wanted stanzas of an index while it streams past, holding one stanza and one chunk at a time.
*
* Archives write `Package: name` as a stanza's first line, and then a stanza that is not wanted costs a search for
* its end and a hash of its name. A stanza that begins otherwise is parsed whole.
*
* Rules: stanzas are separated by empty lines (deb822(5)); no CR or NUL byte anywhere.
*/
var StanzaScanner = class {
	#options;
	/** The stanza that the last chunk ended in; the rest of a chunk is scanned where it is. */
	#held = Buffer.allocUnsafe(0);
	/** Bytes of it that are in use. */
	#used = 0;
	constructor(options) {
		this.#options = options;
	}
	/**
	* @param chunk may be written over afterwards: what is needed of it is copied
	* @throws DebproofError INDEX_MALFORMED
	*/
	push(chunk) {
		const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
		if (bytes.indexOf(0) !== -1 || bytes.indexOf(13) !== -1) throw new DebproofError("INDEX_MALFORMED", "The index contains a NUL or a carriage return.");
		const scanned = this.#used === 0 ? 0 : this.#completeHeld(bytes);
		this.#hold(bytes.subarray(scanned + this.#scan(bytes.subarray(scanned), 0)));
		if (this.#used > 2097152) throw tooLarge$1();
	}
	/** Takes what follows the last empty line as the last stanza: a final newline may be missing. */
	end() {
		this.push(BLANK_LINE);
	}
	/** Adds to what is held up to the first empty line of the next bytes, and returns how many were taken. */
	#completeHeld(bytes) {
		const end = bytes.indexOf(BLANK_LINE);
		const taken = end === -1 ? bytes.length : end + BLANK_LINE.length;
		const searched = this.#used;
		this.#hold(bytes.subarray(0, taken));
		const held = this.#held.subarray(0, this.#used);
		const consumed = this.#scan(held, searched - 1);
		if (consumed > 0) this.#held.copyWithin(0, consumed, this.#used);
		this.#used -= consumed;
		return taken;
	}
	#hold(bytes) {
		const needed = this.#used + bytes.length;
		if (this.#held.length < needed) {
			const larger = Buffer.allocUnsafe(needed * 2);
			this.#held.copy(larger, 0, 0, this.#used);
			this.#held = larger;
		}
		this.#held.set(bytes, this.#used);
		this.#used = needed;
	}
	/**
	* Handles every complete stanza of the bytes and returns where the incomplete one starts.
	*
	* @param searched how far the bytes are known to hold no empty line: a stanza that arrives byte by byte is
	*   searched once
	*/
	#scan(bytes, searched) {
		let start = 0;
		for (;;) {
			while (bytes[start] === NEWLINE) start++;
			const end = bytes.indexOf(BLANK_LINE, Math.max(start, searched));
			if (end === -1) break;
			this.#stanza(bytes, start, end);
			start = end + BLANK_LINE.length;
		}
		if (this.#options.refuseHidden) refuseHiddenPackages(bytes.subarray(0, start));
		return start;
	}
	#stanza(bytes, start, end) {
		const { wanted, onStanza } = this.#options;
		if (end + 1 - start > 2097152) throw tooLarge$1();
		if (startsWithPackage(bytes, start)) {
			let position = start + PACKAGE_FIELD.length;
			let hash = 0;
			let byte = bytes[position] ?? NEWLINE;
			while (byte > 32) {
				hash = step(hash, byte);
				byte = bytes[++position] ?? NEWLINE;
			}
			if (byte === NEWLINE && bytes[position + 1] !== 32 && bytes[position + 1] !== 9) {
				if (!wanted.mayHave(hash)) return;
				if (!wanted.has(bytes.toString("latin1", start + PACKAGE_FIELD.length, position))) return;
				onStanza(bytes.toString("latin1", start, end));
				return;
			}
		}
		const text = bytes.toString("latin1", start, end);
		const name = parseStanza(text).get("package");
		if (name === void 0) throw new DebproofError("INDEX_MALFORMED", "A stanza of the index has no Package field.");
		if (this.#options.refuseHidden && parsePackageName(name) === void 0) {
			const written = JSON.stringify(name.slice(0, 80));
			throw new DebproofError("INDEX_MALFORMED", `A stanza of the index has a Package field that is no name: ${written}.`);
		}
		if (wanted.has(name)) onStanza(text);
	}
};
function tooLarge$1() {
	return new DebproofError("INDEX_MALFORMED", `A stanza is larger than ${MAX_STANZA} bytes.`);
}
function startsWithPackage(bytes, start) {
	for (let index = 0; index < PACKAGE_FIELD.length; index++) if (bytes[start + index] !== PACKAGE_FIELD[index]) return false;
	return true;
}
/** Every stanza that does not begin with its Package field was parsed, which finds a field that is there twice. */
function refuseHiddenPackages(stanzas) {
	for (let start = 0; start < stanzas.length; start += SEARCH_PIECE) {
		const piece = stanzas.toString("latin1", start, Math.min(start + SEARCH_PIECE + HIDDEN_PACKAGE_LENGTH, stanzas.length));
		for (const found of piece.matchAll(HIDDEN_PACKAGE)) {
			if (beginsOtherwise(stanzas, start + found.index)) continue;
			const line = JSON.stringify(piece.slice(found.index + 2, found.index + 80).split("\n")[0]);
			throw new DebproofError("INDEX_MALFORMED", `A stanza of the index has a second Package field: ${line}.`);
		}
	}
}
/** Whether the stanza around `position` begins with another field than Package. */
function beginsOtherwise(stanzas, position) {
	const before = stanzas.lastIndexOf(BLANK_LINE, position);
	let start = before === -1 ? 0 : before + BLANK_LINE.length;
	while (stanzas[start] === NEWLINE) start++;
	return !startsWithPackage(stanzas, start);
}
// src/archive/read-index.ts
/** A form in which an index may be offered, the quickest to decode first; Node 20 has no zstd of its own. */
const FORMS$1 = [
	...typeof zlib.createZstdDecompress === "function" ? [{
		compression: "zst",
		suffix: ".zst"
	}] : [],
	{
		compression: "gz",
		suffix: ".gz"
	},
	{
		compression: "xz",
		suffix: ".xz"
	},
	{
		compression: "zst",
		suffix: ".zst"
	},
	{
		compression: "bz2",
		suffix: ".bz2"
	},
	{
		compression: "plain",
		suffix: ""
	}
];
const EMPTY = sha256Of("");
/**
* Whether the release file lists this index in any form that can be read. Where it gives the index itself only weak
* hashes, apt reads no compressed form of it either, whatever that one has.
*/
function listsIndex(release, path) {
	return !release.unhashed.has(path) && FORMS$1.some(({ suffix }) => release.entries.has(path + suffix));
}
/** Whether it lists the index in a form that cannot be read or checked: another compression, a weaker hash. */
function hidesIndex(release, path) {
	return [...release.entries.keys(), ...release.unhashed].some((name) => name.startsWith(path) && /^(?:\.[A-Za-z0-9]+)?$/.test(name.slice(path.length)));
}
/**
* Downloads an index in the best form that is both listed and there, by hash where the archive offers it
* (`Acquire-By-Hash`), and scans it while it streams.
*
* @param path the index's path in the release file, without suffix
* @throws DebproofError
*/
async function readIndex(downloads, { directory, look }, release, path, request) {
	if (isStatedEmpty(release, path)) return emptyIndex(urlBelow(directory, path));
	const urls = (entry) => indexUrls(directory, release, entry);
	return await takeIndex(downloads, {
		urls,
		look
	}, release, path, (chunks, offered) => scanIndex(chunks, offered.compression, offered, request, offered.url.href));
}
/** Whether the release file says that there is nothing in it: apt does not fetch such an index. */
function isStatedEmpty(release, path) {
	const plain = release.entries.get(path);
	return plain?.size === 0 && plain.sha256 === EMPTY;
}
function emptyIndex(url) {
	return {
		entries: [],
		sha256: EMPTY,
		size: 0,
		url: url.href
	};
}
/** The forms in which a release file lists an index and that can be read, the preferred one first. */
function indexForms(release, path) {
	const plain = release.entries.get(path);
	return FORMS$1.flatMap(({ compression, suffix }) => {
		const file = release.entries.get(path + suffix);
		return file === void 0 ? [] : [{
			compression,
			file,
			plain
		}];
	});
}
/**
* Hands the bytes of an index to `take`, in the first form that is there.
*
* @param urls where a listed file may be, in the order in which it is asked for
* @throws DebproofError
*/
async function takeIndex(downloads, { urls, look }, release, path, take) {
	let absent;
	const forms = indexForms(release, path);
	const listed = new Set(forms.map(({ file }) => file.path)).size;
	if (listed > 1 && forms.every(({ plain }) => plain === void 0)) throw new DebproofError("INDEX_UNREADABLE", `The release file lists ${path} in ${listed} compressed forms and not what they decompress to: nothing says that they hold the same.`);
	for (const form of forms) {
		const { file, compression, plain = file } = form;
		if (compression !== "plain" && file.size > 536870912) throw tooLarge(file, MAX_INDEX);
		if (plain.size > 4294967296) throw tooLarge(plain, MAX_PLAIN_INDEX);
		for (const url of urls(file)) try {
			return await downloads.stream(url, file.size, (chunks) => take(chunks, {
				...form,
				url
			}), {
				look,
				sha256: file.sha256
			});
		} catch (error) {
			if (isDebproofError(error, "TOO_LARGE")) throw mismatch(url.href, `has more than ${file.size} bytes`);
			if (!isDebproofError(error, "NOT_FOUND")) throw error;
			absent ??= error;
		}
	}
	throw absent ?? new DebproofError("INDEX_UNLISTED", `The release file lists no ${path}.`);
}
/** Where a server may have a file that its release file lists: by hash first. */
function indexUrls(directory, release, entry) {
	const slash = entry.path.lastIndexOf("/") + 1;
	const byHash = `${entry.path.slice(0, slash)}by-hash/SHA256/${entry.sha256}`;
	const named = urlBelow(directory, entry.path);
	return release.acquireByHash ? [urlBelow(directory, byHash), named] : [named];
}
/**
* Decodes, hashes and scans one index. Nothing that was found is returned before size and hash were seen to match,
* of the file as read and of what it decompresses to.
*
* @param expected what the release file says of the file that is read (absent where only its content is known, in
*   apt's own lists) and of its decompressed content
* @throws DebproofError INDEX_MISMATCH, INDEX_MALFORMED, COMPRESSION
*/
async function scanIndex(chunks, compression, expected, request, url) {
	const { file: fileEntry, plain: plainEntry } = expected;
	const entries = [];
	let found = 0;
	const parse = request.kind === "Packages" ? parseBinaryEntry : parseSourceEntry;
	const scanner = new StanzaScanner({
		wanted: request.wanted,
		refuseHidden: request.refuseHidden,
		onStanza: (text) => {
			found += text.length;
			if (found > 134217728) throw tooMuchWanted();
			if (entries.length >= 3e5) throw new DebproofError("INDEX_MALFORMED", `The index lists more than ${MAX_KEPT_STANZAS} packages under the names that were used.`);
			entries.push(parse(text));
		}
	});
	const plainSha512 = plainEntry?.sha512 !== void 0;
	const plain = compression === "plain" ? void 0 : new Digester(plainSha512);
	const file = new Digester(fileEntry?.sha512 !== void 0 || plain === void 0 && plainSha512);
	const limit = plainEntry?.size ?? 4294967296;
	let malformed;
	for await (const chunk of named$1(decompress(compression, digested(chunks, file)), url)) {
		plain?.update(chunk);
		if ((plain ?? file).size > limit) throw mismatch(url, `decompresses to more than ${limit} bytes`);
		if (malformed !== void 0) continue;
		malformed = attempt(() => scanner.push(chunk));
	}
	const asRead = file.finish();
	if (fileEntry !== void 0) compare(url, asRead, fileEntry);
	if (plainEntry !== void 0) compare(url, plain?.finish() ?? asRead, plainEntry);
	malformed ??= attempt(() => scanner.end());
	if (malformed !== void 0) throw withUrl(malformed, url);
	return {
		entries,
		sha256: asRead.sha256,
		size: asRead.size,
		url
	};
}
/** The evidence that an index makes together with its release file. */
function indexEvidence(facts, kind, release) {
	return {
		sha256: facts.sha256,
		kind: kind === "Packages" ? "packages" : "sources",
		url: facts.url,
		size: facts.size,
		date: release.date,
		signers: primaryFingerprints(release.signers)
	};
}
/** Says which file it is that does not decompress. */
async function* named$1(chunks, url) {
	try {
		yield* chunks;
	} catch (error) {
		throw isDebproofError(error, "COMPRESSION") ? withUrl(error, url) : error;
	}
}
async function* digested(chunks, digester) {
	for await (const chunk of chunks) {
		digester.update(chunk);
		yield chunk;
	}
}
function compare(url, found, entry) {
	if (found.size !== entry.size) throw mismatch(url, `has ${found.size} bytes instead of ${entry.size}`);
	if (found.sha256 !== entry.sha256) throw mismatch(url, `has SHA-256 ${found.sha256} instead of ${entry.sha256}`);
	if (entry.sha512 !== void 0 && found.sha512 !== void 0 && found.sha512 !== entry.sha512) throw mismatch(url, "has another SHA-512 than stated");
}
function attempt(step) {
	try {
		step();
		return;
	} catch (error) {
		return error;
	}
}
function tooLarge({ path, size }, limit) {
	return new DebproofError("TOO_LARGE", `The index ${path} has ${size} bytes, and ${limit} are read at most.`);
}
function tooMuchWanted() {
	const problem = `The index has more than ${MAX_WANTED_STANZAS} bytes of stanzas of packages that are looked for.`;
	return new DebproofError("INDEX_MALFORMED", problem);
}
function mismatch(url, difference) {
	return new DebproofError("INDEX_MISMATCH", `${url} is not what the signed release file says: it ${difference}.`);
}
function withUrl(error, url) {
	return error instanceof DebproofError ? new DebproofError(error.code, `${url}: ${error.message}`, { cause: error.cause }) : error;
}
// src/archive/read-release.ts
/**
* Reads and verifies the release file below `directory` (its URL, ending in `/`).
*
* Only the answer that no `InRelease` exists leads to `Release` and `Release.gpg` (apt-secure(8)): junk or another
* status must not let a server choose which of two files is judged.
*
* @throws DebproofError
*/
async function readRelease(downloads, directory, request, look = 1) {
	return await takeRelease(downloads, directory, {
		look,
		immutable: request.past ?? false
	}, (bytes) => judgeRelease(bytes, request));
}
/**
* Fetches a release file as `readRelease` does and hands it to `take`, while it is read: what `take` refuses is not
* kept by a cache.
*
* @throws DebproofError RELEASE_UNTRUSTED, RELEASE_MALFORMED, as `Downloads`, and whatever `take` throws
*/
async function takeRelease(downloads, directory, options, take) {
	const inRelease = urlBelow(directory, "InRelease");
	try {
		return await downloads.stream(inRelease, MAX_RELEASE_FILE, async (chunks) => await take(splitNamed(inRelease.href, await joined(chunks))), options);
	} catch (error) {
		if (!isDebproofError(error, "NOT_FOUND")) throw error;
	}
	return await takeDetached(downloads, directory, options, take);
}
/** @throws DebproofError as `verifyRelease` does, naming the file */
async function judgeRelease(bytes, request) {
	let release;
	try {
		release = await verifyRelease(bytes.signed, request);
		await request.follows?.(release, bytes.signed);
	} catch (error) {
		if (!(error instanceof DebproofError)) throw error;
		throw new DebproofError(error.code, `${bytes.files[0]?.url ?? "The release file"}: ${error.message}`, { cause: error.cause });
	}
	const evidence = bytes.files.map((file) => ({
		sha256: sha256Of(file.bytes),
		kind: file.kind,
		url: file.url,
		size: file.bytes.length,
		date: release.date,
		signers: primaryFingerprints(release.signers)
	}));
	return {
		release,
		evidence
	};
}
async function takeDetached(downloads, directory, options, take) {
	const release = urlBelow(directory, "Release");
	const signature = urlBelow(directory, "Release.gpg");
	const text = await downloads.bytes(release, MAX_RELEASE_FILE, options);
	try {
		return await downloads.stream(signature, MAX_RELEASE_FILE, async (chunks) => await take(pairNamed(release.href, text, signature.href, await joined(chunks))), options);
	} catch (error) {
		await downloads.forget(release);
		if (!isDebproofError(error, "NOT_FOUND")) throw error;
		throw new DebproofError("RELEASE_UNTRUSTED", `${directory.href} has neither InRelease nor Release.gpg: the archive is not signed.`, { cause: error });
	}
}
async function joined(chunks) {
	const parts = [];
	for await (const chunk of chunks) parts.push(chunk);
	return Buffer.concat(parts);
}
/** @throws DebproofError RELEASE_MALFORMED, naming the file */
function splitNamed(url, bytes) {
	return named(url, () => ({
		signed: splitInRelease(bytes),
		files: [{
			kind: "release",
			url,
			bytes
		}]
	}));
}
/** @throws DebproofError RELEASE_MALFORMED, naming the file */
function pairNamed(url, text, signatureUrl, signature) {
	return named(url, () => ({
		signed: pairRelease(text, signature),
		files: [{
			kind: "release",
			url,
			bytes: text
		}, {
			kind: "release-signature",
			url: signatureUrl,
			bytes: signature
		}]
	}));
}
function named(url, parse) {
	try {
		return parse();
	} catch (error) {
		if (!(error instanceof DebproofError)) throw error;
		throw new DebproofError(error.code, `${url}: ${error.message}`, { cause: error.cause });
	}
}
// src/policy/key-ids.ts
var import_dist = require_dist();
/**
* All that tells whose keys these are, each with the fingerprint to name it by: of the keys that may sign, of the
* primary keys above them, and what the keys are made of: a key may be an OpenPGP certificate here and PEM there.
*/
function keyIdsOf({ keyring, publicKeys }) {
	const ids = /* @__PURE__ */ new Map();
	for (const { fingerprint, primaryFingerprint, material } of keyring?.signingKeys() ?? []) {
		ids.set(fingerprint, fingerprint);
		ids.set(primaryFingerprint, primaryFingerprint);
		if (material !== "") ids.set(material, fingerprint);
	}
	for (const { fingerprint, material } of publicKeys) ids.set(fingerprint, fingerprint).set(material, fingerprint);
	return ids;
}
// src/archive/public-key.ts
/** SubjectPublicKeyInfo of an Ed25519 key up to its 32 bytes (RFC 8410, 4). */
const ED25519_PREFIX = Buffer.from("302a300506032b6570032100", "hex");
/** The same with the NULL parameters that RFC 8410 forbids and rebuilderd writes. */
const ED25519_PREFIX_WITH_NULL = Buffer.from("302c300706032b65700500032100", "hex");
/**
* Reads the public keys of a PEM file (`-----BEGIN PUBLIC KEY-----`, RFC 7468), one or more: Ed25519, or ECDSA on
* P-256.
*
* @param name the file, for errors
* @throws DebproofError KEY
*/
function readPublicKeys(file, name, until) {
	const unusable = (problem, cause) => new DebproofError("KEY", `The public key file ${name} ${problem}.`, { cause });
	if (file.length > 65536) throw unusable(`is larger than ${MAX_PUBLIC_KEY_FILE} bytes`);
	const text = Buffer.from(file).toString("latin1");
	if (text.includes("PRIVATE KEY")) throw unusable("holds a private key; give the public one");
	if (text.includes("BEGIN PGP")) throw unusable("is an OpenPGP key; name it with signed-by");
	const begun = text.split("-----BEGIN PUBLIC KEY-----").length - 1;
	const blocks = [...text.matchAll(/^-----BEGIN PUBLIC KEY-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END PUBLIC KEY-----\r?$/gm)];
	if (blocks.length === 0) throw unusable("holds no PEM block of a PUBLIC KEY");
	if (blocks.length < begun) throw unusable(`begins ${begun} PEM blocks, of which only ${blocks.length} can be read`);
	return blocks.map(([, base64 = ""]) => {
		try {
			const key = publicKey(Buffer.from(base64, "base64"));
			if (key === void 0) throw unusable("holds a key that is neither Ed25519 nor ECDSA on P-256");
			return until === void 0 ? key : {
				...key,
				until
			};
		} catch (error) {
			if (error instanceof DebproofError) throw error;
			throw unusable("cannot be read as a public key", error);
		}
	});
}
function publicKey(written) {
	const der = written.length === 46 && written.subarray(0, 14).equals(ED25519_PREFIX_WITH_NULL) ? Buffer.concat([ED25519_PREFIX, written.subarray(14)]) : written;
	const read = createPublicKey({
		key: der,
		format: "der",
		type: "spki"
	});
	const key = isP256(read) ? createPublicKey({
		key: read.export({ format: "jwk" }),
		format: "jwk"
	}) : read;
	const spki = key.export({
		format: "der",
		type: "spki"
	});
	const fingerprint = sha256Of(spki);
	if (key.asymmetricKeyType === "ed25519") {
		const bytes = spki.subarray(ED25519_PREFIX.length);
		return {
			algorithm: "ed25519",
			fingerprint,
			bytes,
			material: bytes.toString("hex"),
			verify: (message, sig) => verify(null, message, key, sig)
		};
	}
	if (isP256(key)) return {
		algorithm: "ecdsa-p256",
		fingerprint,
		bytes: spki,
		material: spki.subarray(-65).toString("hex"),
		verify: (message, sig) => verify("sha256", message, key, sig)
	};
}
function isP256(key) {
	return key.asymmetricKeyType === "ec" && key.asymmetricKeyDetails?.namedCurve === "prime256v1";
}
/** Whether a key still counts at `at`. */
function isInForce({ until }, at) {
	return until === void 0 || at.toISOString().slice(0, 10) <= until;
}
// src/packages/references.ts
/**
* The snapshots that the lists name, by origin; two lists that disagree would let one of them choose for the other.
*
* @throws DebproofError PACKAGE_LIST
*/
function mergeReferences(lists) {
	const references = /* @__PURE__ */ new Map();
	for (const { name, content } of lists) for (const [origin, reference] of Object.entries(content.references ?? {})) {
		const known = references.get(origin);
		if (known !== void 0 && known !== reference) throw new DebproofError("PACKAGE_LIST", `${name} takes ${origin} from snapshot ${reference}, another package list from ${known}.`);
		references.set(origin, reference);
	}
	return Object.fromEntries(references);
}
// src/policy/defined.ts
/** Without the keys that are there but undefined, so that they do not hide inherited ones. */
function defined(record) {
	return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== void 0));
}
// src/policy/policy-schema.ts
/**
* The shape of `debproof.yml`. The types of the raw policy and the JSON Schema in schemas/ are made from it.
*/
const text = pipe(string(), minLength(1), maxLength(MAX_POLICY_TEXT));
const texts = pipe(array(text), minLength(1), maxLength(MAX_POLICY_ITEMS));
const signedBy = pipe(union([text, texts], "must be a keyring or a list of keyrings and fingerprints"), description("A keyring file, or `debian` for the shipped one. In a list, or separated by blanks or commas, fingerprints restrict it to these keys; with a `!` at the end to this very key and none of its siblings."));
const suites = pipe(texts, description("Codenames below dists/, or paths that end in `/` (`./` for a flat archive)."));
const components = pipe(texts, description("Such as main and contrib; main where none is named. Not used by suites that are paths."));
const architectures = pipe(texts, description("Such as amd64. The first is the build's own; `all` is implied. Else those of the first archive that names any."));
const url = pipe(text, regex(/^(?:https?:\/\/|file:)/, "must begin with http://, https:// or file:"));
const maxAge = pipe(string("must be a number of days or hours, such as 14d or 36h"), regex(/^[1-9]\d{0,3}[dh]$/, "must be a number of days or hours, such as 14d or 36h"), description("How old a release file may be, such as 14d or 36h, even if its Valid-Until is later. Any age if left out."));
const window = pipe(string("must be a number of days or hours, such as 3d"), regex(/^[1-9]\d{0,3}[dh]$/, "must be a number of days or hours, such as 3d"), description("How far before and after `at` states are looked at, such as 3d, which is the default."));
const reference = pipe(text, description("A date, a serial such as 2021033101 (a date with a counter), or a timestamp: 20210331T150000Z, RFC 3339."));
const upstreamKeys = strictObject({
	url: optional(pipe(url, description("The archive that first distributed the packages, as it is now: any mirror of it will do."))),
	snapshots: optional(pipe(union([url, pipe(array(url), minLength(1), maxLength(10))], "must be a URL or a list of URLs"), description("Instead of url: a snapshot service such as https://snapshot.debian.org, or several that are the same."))),
	store: optional(pipe(text, description("Instead of url: a folder that `debproof record` wrote, relative to the policy."))),
	archive: optional(pipe(string(), regex(/^[a-z0-9][a-z0-9-]*$/, "must be the name of an archive there, such as debian or debian-security"), description("With snapshots: what the service calls the archive, such as debian or debian-security."))),
	at: optional(pipe(reference, description("With snapshots or store: the instant whose state is looked for; else the clock."))),
	window: optional(window),
	"signed-by": signedBy,
	suites: optional(suites),
	components: optional(components),
	architectures: optional(architectures),
	"max-age": optional(maxAge)
});
const upstreamSchema = pipe(upstreamKeys, check(({ url: live, snapshots, store }) => [
	live,
	snapshots,
	store
].filter((kind) => kind !== void 0).length === 1, "must have one of url, snapshots and store, and only one"));
const places = pipe(union([url, pipe(array(url), minLength(1), maxLength(100))], "must be a URL or a list of URLs"), description("Where the statements are: one URL or several, http(s) or file."));
const publicKeySchema = strictObject({
	file: pipe(text, description("A PEM file with one or more PUBLIC KEY blocks.")),
	until: optional(pipe(string(), isoDate("must be a date such as 2027-03-01"), description("The last day it counts, UTC.")))
});
const publicKeys = pipe(union([
	text,
	publicKeySchema,
	pipe(array(union([text, publicKeySchema])), minLength(1), maxLength(100))
], "must be a PEM file, or a list of them"), description("PEM files of Ed25519 or ECDSA P-256 public keys, each optionally with the last day it counts."));
const partySchema = strictObject({
	buildinfo: optional(pipe(places, description("Clearsigned .buildinfo files; needs signed-by."))),
	"in-toto": optional(pipe(places, description("in-toto links with OpenPGP signatures; needs signed-by."))),
	sha256sums: optional(pipe(places, description("A signed SHA256SUMS file, or its folder; needs signed-by."))),
	rebuilderd: optional(pipe(places, description("A rebuilderd service; needs public-key."))),
	dsse: optional(pipe(places, description("in-toto Statements in DSSE envelopes; needs public-key."))),
	"signed-by": optional(signedBy),
	"public-key": optional(publicKeys)
});
const layoutSchema = strictObject({
	file: pipe(text, description("An in-toto layout: its keys for the step `rebuild` are parties.")),
	"signed-by": pipe(signedBy, description("Who may sign the layout: its owner.")),
	"in-toto": pipe(places, description("Where the links of its keys are."))
});
const rebuildersSchema = strictObject({
	threshold: optional(pipe(number("must be a number"), integer("must be a whole number"), minValue(1, "must be at least 1"), maxValue(1e3, "must be at most 1000"), description("How many different parties must have got exactly these bytes."))),
	parties: optional(pipe(record(pipe(string(), regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "is no name for a party")), partySchema), description("A party counts once, however many keys, places and statements it has."))),
	layout: optional(layoutSchema),
	builder: optional(pipe(union([signedBy, strictObject({
		"signed-by": optional(signedBy),
		"public-key": optional(publicKeys)
	})], "must be a keyring, or signed-by and public-key"), description("The keys of who built what is served: their word on it does not count."))),
	source: optional(pipe(picklist(["optional", "required"], "must be optional or required"), description("required: a statement counts only where it names the source package that the archive serves. optional: one that names none counts too. One that was made from another source never counts.")))
});
const archiveSchema = strictObject({
	require: pipe(picklist([
		"identical",
		"reproduced",
		"absent"
	], "must be identical, reproduced or absent"), description("identical: every package is byte for byte what an upstream signed. reproduced: enough rebuilders got the same bytes; also satisfied by a package that is identical to what an upstream signed. absent: no package may come from here.")),
	url: optional(pipe(url, description("What the build was served from. Leave out where that is the upstream."))),
	suites,
	components: optional(components),
	architectures: optional(architectures),
	"apt-lists": optional(pipe(text, description("The build's own /var/lib/apt/lists: what its apt saw, instead of what url says now."))),
	"signed-by": optional(signedBy),
	"max-age": optional(maxAge),
	upstream: optional(pipe(array(upstreamSchema), minLength(1), maxLength(100))),
	rebuilders: optional(rebuildersSchema)
});
const exceptionSchema = strictObject({
	package: text,
	version: optional(text),
	architecture: optional(text),
	archive: optional(pipe(text, description("The name of an archive above, or none."))),
	reason: pipe(text, description("Why this is accepted. It is part of the report.")),
	until: optional(pipe(string(), isoDate("must be a date such as 2027-03-01"), description("The last day it excuses, UTC.")))
});
const packageListSchema = strictObject({
	path: pipe(text, description("A file, a folder of .debs, or a glob, relative to the policy, or an http(s) URL.")),
	format: optional(text, "auto")
});
/** A policy of a pull request is written by whoever opened it, and may not take the secrets of the job. */
const SECRET = /TOKEN|SECRET|PASS|CREDENTIAL|AUTH|JWT|(?:^|_)KEY|KEY(?:_|$)|(?:^|_)PAT(?:_|$)|^(?:INPUT|STATE)_|^CI_REPOSITORY_URL$/i;
const policySchema = strictObject({
	version: literal(1, "must be 1"),
	env: optional(pipe(array(pipe(string(), regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be the name of an environment variable"), check((name) => !SECRET.test(name), "names what a CI keeps secret by its name; a value would stand in URLs, in the log and in the evidence"))), description("Environment variables that may be written as variables in this policy."))),
	at: optional(pipe(reference, description("The build's own date: the clock, unless --at is given."))),
	packages: optional(pipe(array(packageListSchema), minLength(1), maxLength(MAX_POLICY_ITEMS))),
	archives: pipe(record(pipe(string(), regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "is no name for an archive")), archiveSchema), check((archives) => Object.keys(archives).length > 0, "must name at least one archive")),
	exceptions: optional(pipe(array(exceptionSchema), maxLength(MAX_EXCEPTIONS)))
});
// src/policy/parse-policy.ts
/**
* Parses a policy: YAML 1.2, every key known, every value of its type.
*
* @param file its name, for errors
* @throws DebproofError POLICY that names each mistake with its line
*/
function parsePolicy(text, file) {
	if (text.length > 1048576) throw new DebproofError("POLICY", `${file} is larger than ${MAX_POLICY} bytes.`);
	const lineCounter = new import_dist.LineCounter();
	const document = (0, import_dist.parseDocument)(text, {
		version: "1.2",
		schema: "core",
		uniqueKeys: false,
		prettyErrors: false,
		lineCounter
	});
	const [yamlError = toPlain(() => slowOrTwofold(document), file)] = document.errors.map(({ pos, message }) => {
		return {
			position: pos[0],
			message: firstLine(message)
		};
	});
	if (yamlError !== void 0) {
		const { line } = lineCounter.linePos(yamlError.position);
		throw new DebproofError("POLICY", `${file}:${line || 1}: this is not valid YAML: ${yamlError.message}`);
	}
	const content = toPlain(() => document.toJS({ maxAliasCount: 100 }), file);
	if (content === null || content === void 0) throw new DebproofError("POLICY", `${file} is empty.`);
	const result = safeParse(policySchema, content);
	if (result.success) {
		refuseLostNames(content, result.output, file);
		return result.output;
	}
	const mistakes = result.issues.slice(0, 10).map((issue) => {
		const path = (issue.path ?? []).map((item) => typeof item.key === "number" ? item.key : String(item.key));
		return `${file}:${lineOf(path)}: ${path.join(".") || "the policy"} ${explain(issue)}`;
	});
	throw new DebproofError("POLICY", mistakes.join("\n"));
	function lineOf(path) {
		for (let depth = path.length; depth >= 0; depth--) {
			const node = document.getIn(path.slice(0, depth), true);
			if ((0, import_dist.isNode)(node) && node.range) return lineCounter.linePos(node.range[0]).line;
		}
		return 1;
	}
}
/** What the parser would take, and should not: a key given twice, and aliases for each of which it reads all again. */
function slowOrTwofold(document) {
	let found;
	let aliases = 0;
	(0, import_dist.visit)(document, {
		Alias(_, { range }) {
			aliases += 1;
			if (aliases <= 200) return;
			found = {
				position: range?.[0] ?? 0,
				message: `There are more than 200 aliases`
			};
			return import_dist.visit.BREAK;
		},
		Map(_, { items }) {
			const keys = /* @__PURE__ */ new Set();
			for (const { key } of items) {
				if (!(0, import_dist.isScalar)(key)) continue;
				const name = String(key.value ?? "");
				if (keys.has(name)) {
					found = {
						position: key.range?.[0] ?? 0,
						message: "Map keys must be unique"
					};
					return import_dist.visit.BREAK;
				}
				keys.add(name);
			}
		}
	});
	return found;
}
/** valibot's records leave out a few names, such as `constructor`, without a word; nothing may get lost so. */
function refuseLostNames(content, { archives }, file) {
	const refuse = (written, kept, what) => {
		const lost = Object.getOwnPropertyNames(written ?? {}).find((name) => !Object.hasOwn(kept, name));
		if (lost === void 0) return;
		throw new DebproofError("POLICY", `${file}: ${what}: ${JSON.stringify(lost)} cannot be a name here; choose another.`);
	};
	const written = memberOf(content, "archives");
	refuse(written, archives, "archives");
	for (const [name, { rebuilders }] of Object.entries(archives)) refuse(memberOf(memberOf(memberOf(written, name), "rebuilders"), "parties"), rebuilders?.parties ?? {}, `archives.${name}.rebuilders.parties`);
}
function memberOf(value, name) {
	return typeof value === "object" && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : void 0;
}
function toPlain(convert, file) {
	try {
		return convert();
	} catch (error) {
		throw new DebproofError("POLICY", `${file} cannot be read`, { cause: error });
	}
}
function explain(issue) {
	const last = issue.path?.at(-1);
	if (issue.type === "strict_object" && issue.expected === "never" && last !== void 0) {
		const known = knownKeys(issue);
		const suggestion = closest(String(last.key), known);
		if (suggestion !== void 0) return `is not known; did you mean ${suggestion}?`;
		return `is not known; here may stand: ${known.join(", ")}.`;
	}
	if (issue.input === void 0) return "is missing.";
	if (issue.type === "min_length") return "must not be empty.";
	if (issue.kind === "schema" && issue.message.startsWith("Invalid")) return `must be ${/[Ss]tring/.test(issue.expected ?? "") ? "text; put it in quotes" : issue.expected ?? "something else"}.`;
	return `${issue.message}.`;
}
/** The keys that the object schema of an issue knows. */
function knownKeys(issue) {
	const [first, , third, fourth] = (issue.path ?? []).slice(0, -1).map((item) => String(item.key));
	if (first === void 0) return Object.keys(policySchema.entries);
	if (first === "packages") return Object.keys(packageListSchema.entries);
	if (first === "exceptions") return Object.keys(exceptionSchema.entries);
	if (third === "upstream") return Object.keys(upstreamSchema.entries);
	if (third !== "rebuilders") return Object.keys(archiveSchema.entries);
	if (fourth === "layout") return Object.keys(layoutSchema.entries);
	return Object.keys((fourth === "parties" ? partySchema : rebuildersSchema).entries);
}
function firstLine(text) {
	return text.split("\n")[0] ?? text;
}
// src/policy/reference-time.ts
const FORMS = [
	/^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)$/,
	/^(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)(?:\d\d)?$/,
	/^(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)T(?<hour>\d\d)(?<minute>\d\d)(?<second>\d\d)Z$/,
	/^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)T(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)(?:\.\d+)?Z$/
];
/** Undefined for what is none, and for a day or an hour that does not exist. */
function parseReferenceTime(text) {
	for (const form of FORMS) {
		const parts = form.exec(text)?.groups;
		if (parts === void 0) continue;
		const { year, month, day, hour, minute, second } = parts;
		const written = `${year}-${month}-${day}T${hour ?? "12"}:${minute ?? "00"}:${second ?? "00"}Z`;
		const instant = new Date(written);
		if (Number.isNaN(instant.getTime()) || instant.toISOString().replace(".000", "") !== written) return void 0;
		return {
			precision: hour === void 0 ? "day" : "instant",
			instant
		};
	}
}
/** The clock that such a time stands for: the day's last second, so that what is signed on that day is not in the future. */
function clockOf({ precision, instant }) {
	return precision === "instant" ? instant : /* @__PURE__ */ new Date(`${instant.toISOString().slice(0, 10)}T23:59:59Z`);
}
// src/policy/policy-url.ts
/**
* A URL as a policy writes it. `file:` may be followed by a path relative to the policy, as in `file:archive/`.
*
* @param where the place in the policy, for errors
* @throws DebproofError POLICY
*/
function policyUrl(text, where, folder) {
	const relative = /^file:(?!\/)(.+)$/.exec(text)?.[1];
	const slash = relative?.endsWith("/") === true ? "/" : "";
	const url = relative === void 0 ? text : pathToFileURL(path.resolve(folder, relative)).href + slash;
	if (!URL.canParse(url)) throw new DebproofError("POLICY", `${where}: ${JSON.stringify(text)} is not a URL.`);
	const parsed = new URL(url);
	if (parsed.search !== "" || parsed.hash !== "") throw new DebproofError("POLICY", `${where} must not have a query or a fragment.`);
	if (parsed.username !== "" || parsed.password !== "") throw new DebproofError("POLICY", `${where} must not hold a login.`);
	return parsed;
}
/** The same for a folder, whose URL ends in `/` whether that was written or not. */
function folderUrl(text, where, folder) {
	const url = policyUrl(text, where, folder);
	return url.href.endsWith("/") ? url : new URL(`${url.href}/`);
}
// src/policy/resolve-rebuilders.ts
/** The formats, and the kind of key that each is signed with. */
const KEY_OF = {
	buildinfo: "signed-by",
	"in-toto": "signed-by",
	sha256sums: "signed-by",
	rebuilderd: "public-key",
	dsse: "public-key"
};
const FORMATS = [
	"buildinfo",
	"in-toto",
	"sha256sums",
	"rebuilderd",
	"dsse"
];
/**
* Resolves who must have rebuilt an archive's packages, and refuses what could never do what it seems to say: a
* threshold above the number of parties, a key without a place or a place without a key, one key under two names.
*
* @throws DebproofError POLICY, KEY
*/
async function resolveRebuilders(raw, where, resolving) {
	const parties = [];
	for (const [name, party] of Object.entries(raw.parties ?? {})) parties.push(await resolveParty(name, party, `${where}.parties.${name}`, resolving));
	const layout = raw.layout === void 0 ? void 0 : await resolveLayout(raw.layout, `${where}.layout`, resolving);
	if (parties.length === 0 && layout === void 0) throw new DebproofError("POLICY", `${where} names neither parties nor a layout.`);
	if (raw.threshold === void 0 && layout === void 0) throw new DebproofError("POLICY", `${where}.threshold is missing: how many parties must agree.`);
	if (layout === void 0 && raw.threshold !== void 0 && raw.threshold > parties.length) throw new DebproofError("POLICY", `${where}.threshold is ${raw.threshold}, but there are only ${parties.length} parties: it can never be met.`);
	const builder = await resolveBuilder(raw.builder, `${where}.builder`, resolving);
	refuseSharedKeys(parties, builder, where);
	return {
		...raw.threshold === void 0 ? {} : { threshold: raw.threshold },
		parties,
		...layout === void 0 ? {} : { layout },
		builder,
		sourceRequired: raw.source === "required"
	};
}
async function resolveParty(name, raw, where, resolving) {
	const { folder, variables, anchors } = resolving;
	const places = FORMATS.flatMap((format) => [raw[format] ?? []].flat().map((text) => {
		const url = substitute(text, variables, `${where}.${format}`);
		return {
			format,
			url: (format === "sha256sums" ? policyUrl : folderUrl)(url, `${where}.${format}`, folder)
		};
	}));
	if (places.length === 0) throw new DebproofError("POLICY", `${where} says nowhere where its statements are: ${FORMATS.join(", ")}.`);
	for (const key of ["signed-by", "public-key"]) {
		const [user] = places.filter(({ format }) => KEY_OF[format] === key).map(({ format }) => format);
		if (user !== void 0 && raw[key] === void 0) throw new DebproofError("POLICY", `${where}.${key} is missing: it signs what ${user} says.`);
		if (user === void 0 && raw[key] !== void 0) throw new DebproofError("POLICY", `${where}.${key} signs none of ${places.map(({ format }) => format).join(", ")}.`);
	}
	const signedBy = raw["signed-by"];
	return {
		name,
		places,
		...signedBy === void 0 ? {} : { keyring: await anchors.keyring(filled(signedBy, where, resolving), where) },
		publicKeys: await resolvePublicKeys(raw["public-key"], `${where}.public-key`, resolving)
	};
}
/** All keys of who built what is served. */
async function resolveBuilder(raw, where, resolving) {
	if (raw === void 0) return { publicKeys: [] };
	const keys = typeof raw === "string" || Array.isArray(raw) ? { "signed-by": raw } : raw;
	const signedBy = keys["signed-by"];
	const publicKeys = await resolvePublicKeys(keys["public-key"], `${where}.public-key`, resolving);
	if (signedBy === void 0 && publicKeys.length === 0) throw new DebproofError("POLICY", `${where} names no key: signed-by or public-key.`);
	if (signedBy === void 0) return { publicKeys };
	return {
		publicKeys,
		keyring: await resolving.anchors.keyring(filled(signedBy, where, resolving), where)
	};
}
async function resolvePublicKeys(raw, where, { folder, variables, files }) {
	const keys = [];
	for (const item of [raw ?? []].flat()) {
		const { file, until } = typeof item === "string" ? {
			file: item,
			until: void 0
		} : item;
		const name = path.resolve(folder, substitute(file, variables, where));
		keys.push(...readPublicKeys(await readKeyFile(files, name, where), name, until));
	}
	return keys;
}
async function resolveLayout(raw, where, resolving) {
	const { folder, variables, anchors, files } = resolving;
	const name = path.resolve(folder, substitute(raw.file, variables, `${where}.file`));
	const bytes = await readKeyFile(files, name, where);
	if (bytes.length > 4194304) throw new DebproofError("POLICY", `${where}: ${name} is larger than ${MAX_STATEMENT} bytes.`);
	return {
		file: pathToFileURL(name),
		bytes,
		owner: await anchors.keyring(filled(raw["signed-by"], where, resolving), where),
		places: [raw["in-toto"]].flat().map((text) => folderUrl(substitute(text, variables, `${where}.in-toto`), `${where}.in-toto`, folder))
	};
}
async function readKeyFile(files, file, where) {
	try {
		return await files.read(file);
	} catch (error) {
		throw new DebproofError("KEY", `${where}: ${file} cannot be read`, { cause: error });
	}
}
function filled(signedBy, where, { variables }) {
	return [signedBy].flat().map((text) => substitute(text, variables, where));
}
/**
* One key under two names would let one party count twice; the original builder's word on its own work counts for
* nothing. Subkeys of one certificate are one party's.
*/
function refuseSharedKeys(parties, builder, where) {
	const owners = /* @__PURE__ */ new Map();
	const claim = (owner, keys) => {
		for (const [id, key] of keyIdsOf(keys)) {
			const other = owners.get(id);
			if (other !== void 0 && other.owner !== owner) throw new DebproofError("POLICY", `${where}: ${other.owner} and ${owner} have the same key ${key}; they are one party, or the keyring holds too much: restrict it with fingerprints in signed-by.`);
			owners.set(id, {
				owner,
				key
			});
		}
	};
	claim("the builder", builder);
	for (const party of parties) claim(`the party ${party.name}`, party);
}
// src/policy/resolve-upstream.ts
async function resolveServed(raw, where, resolving) {
	const { variables, anchors, folder } = resolving;
	const fill = (text) => substitute(text, variables, where);
	const maxAge = raw["max-age"];
	return {
		area: {
			base: folderUrl(fill(raw.url), `${where}.url`, folder),
			...resolveArea(raw, where, resolving, fill)
		},
		keyring: await anchors.keyring([raw["signed-by"]].flat().map(fill), where),
		...maxAge === void 0 ? {} : { maxAge: parseSpan(maxAge) }
	};
}
/** An upstream inherits suites, components and architectures from its archive. */
async function resolveUpstream(archive, entry, where, resolving) {
	const { suites, components, architectures } = archive;
	const raw = {
		...defined({
			suites,
			components,
			architectures
		}),
		...defined(entry)
	};
	if (kindOf(raw, where) === "url" && raw.url !== void 0) return {
		kind: "live",
		...await resolveServed({
			...raw,
			url: raw.url
		}, where, resolving)
	};
	return await resolvePast(raw, where, resolving);
}
/** Which keys belong to which kind of upstream, beside those that all have. */
const KEYS_OF_KIND = {
	url: ["max-age"],
	snapshots: [
		"archive",
		"at",
		"window"
	],
	store: ["at", "window"]
};
function kindOf(raw, where) {
	const kinds = [
		"url",
		"snapshots",
		"store"
	].filter((key) => raw[key] !== void 0);
	const [kind] = kinds;
	if (kind === void 0 || kinds.length > 1) throw new DebproofError("POLICY", `${where} must have one of url, snapshots and store, and only one.`);
	const own = KEYS_OF_KIND[kind];
	for (const key of [
		"archive",
		"at",
		"window",
		"max-age"
	]) if (raw[key] !== void 0 && !own.includes(key)) throw new DebproofError("POLICY", `${where}.${key} does not belong to an upstream with ${kind}; leave it out.`);
	return kind;
}
async function resolvePast(raw, where, resolving) {
	const { variables, anchors, folder } = resolving;
	const fill = (text) => substitute(text, variables, where);
	const past = {
		area: resolveArea(raw, where, resolving, fill),
		keyring: await anchors.keyring([raw["signed-by"]].flat().map(fill), where),
		at: raw.at === void 0 ? resolving.at : referenceTime(raw.at, variables, `${where}.at`).instant,
		window: raw.window === void 0 ? DEFAULT_WINDOW : parseSpan(raw.window)
	};
	if (raw.store !== void 0) return {
		kind: "store",
		folder: path.resolve(folder, fill(raw.store)),
		...past
	};
	if (raw.archive === void 0) throw new DebproofError("POLICY", `${where}.archive is missing: what the snapshot service calls it, such as debian.`);
	return {
		kind: "snapshots",
		services: [raw.snapshots ?? []].flat().map((url) => folderUrl(fill(url), `${where}.snapshots`, folder)),
		archive: raw.archive,
		...past
	};
}
/** @throws DebproofError POLICY */
function referenceTime(text, variables, where) {
	const filled = substitute(text, variables, where);
	const time = parseReferenceTime(filled);
	if (time !== void 0) return time;
	throw new DebproofError("POLICY", `${where}: ${JSON.stringify(filled)} is no point in time: write a date (2021-03-31), a serial (2021033101), or a timestamp (20210331T150000Z).`);
}
/** Milliseconds of `14d` or `36h`. */
function parseSpan(text) {
	return Number.parseInt(text, 10) * (text.endsWith("d") ? 24 : 1) * 36e5;
}
function resolveArea(raw, where, resolving, fill) {
	const suites = (raw.suites ?? []).map(fill);
	for (const suite of suites) if (!/^[A-Za-z0-9._~+/-]+$/.test(suite) || suite.split("/").includes("..")) throw new DebproofError("POLICY", `${where}.suites: ${JSON.stringify(suite)} is no suite.`);
	const components = (raw.components ?? ["main"]).map(fill);
	const architectures = (raw.architectures ?? resolving.architectures).map((text) => checkedArchitecture(fill(text), where));
	if (architectures.length === 0) throw new DebproofError("POLICY", `${where.replace(/\.upstream\.\d+$/, "")}.architectures is missing: name the build's own first.`);
	return {
		suites,
		components,
		architectures
	};
}
function checkedArchitecture(text, where) {
	const architecture = parseArchitecture(text);
	if (architecture === void 0 || text === "x86-64" || text === "aarch64") throw new DebproofError("POLICY", `${where}.architectures: ${text} is no Debian architecture, such as amd64.`);
	return architecture;
}
// src/policy/read-policy.ts
/** @throws DebproofError POLICY */
async function readPolicy(file, context) {
	const text = await readPolicyText(file, context.files);
	const raw = parsePolicy(text, file);
	const environment = Object.fromEntries((raw.env ?? []).map((name) => [name, context.environment[name]]));
	const variables = {
		...context.release === void 0 ? {} : { release: context.release },
		environment
	};
	const folder = context.folder ?? path.dirname(path.resolve(file));
	return {
		lists: (raw.packages ?? []).map((list, index) => ({
			...list,
			path: substitute(list.path, {
				...variables,
				references: {}
			}, `${file}: packages.${index}.path`)
		})),
		folder,
		environment: Object.fromEntries(Object.entries(environment).flatMap(([name, value]) => value === void 0 || !HARMLESS.test(value) || !text.includes(`\${${name}}`) ? [] : [[name, value]])),
		resolve: (references) => resolvePolicy(raw, file, {
			...context,
			folder,
			sha256: sha256Of(text),
			variables: {
				...variables,
				references
			}
		})
	};
}
async function readPolicyText(file, files) {
	try {
		return Buffer.from(await files.read(file)).toString("utf8");
	} catch (error) {
		if (systemErrorCode(error) !== "ENOENT") throw new DebproofError("POLICY", `The policy ${file} cannot be read`, { cause: error });
		throw new DebproofError("POLICY", `There is no policy ${file}. Write one with \`debproof init\`, name another with --policy, or use --system.`);
	}
}
async function resolvePolicy(raw, file, context) {
	const { folder, sha256, variables, files } = context;
	const architectures = Object.values(raw.archives).find((archive) => archive.architectures)?.architectures ?? [];
	const own = raw.at === void 0 ? void 0 : clockOf(referenceTime(raw.at, variables, `${file}: at`));
	const at = context.at ?? own ?? context.now;
	const resolving = {
		folder,
		variables,
		files,
		anchors: new TrustAnchors(folder, files),
		architectures,
		at
	};
	const archives = [];
	for (const [name, archive] of Object.entries(raw.archives)) archives.push(await resolveArchive(name, archive, `${file}: archives.${name}`, resolving));
	refuseContradictions(archives, file);
	const exceptions = resolveExceptions(raw, archives, file);
	return {
		sha256,
		at,
		...own === void 0 ? {} : { statedAt: own },
		archives,
		exceptions
	};
}
async function resolveArchive(name, raw, where, resolving) {
	if (name === "none") throw new DebproofError("POLICY", `${where}: \`none\` means no archive; choose another name.`);
	const upstreams = [];
	for (const [index, entry] of (raw.upstream ?? []).entries()) upstreams.push(await resolveUpstream(raw, entry, `${where}.upstream.${index}`, resolving));
	if (raw.require === "identical" && upstreams.length === 0) throw new DebproofError("POLICY", `${where}: \`require: identical\` needs an upstream to be identical to.`);
	if (raw.require === "reproduced" && raw.url === void 0) throw new DebproofError("POLICY", `${where}.url is missing: what is reproduced is what the project itself serves.`);
	const [first] = upstreams;
	let served;
	if (raw.url === void 0) {
		if (first === void 0) throw new DebproofError("POLICY", `${where}.url is missing.`);
		if (raw["signed-by"] !== void 0) throw new DebproofError("POLICY", `${where}: signed-by belongs to url, which is missing; put it under upstream.`);
		if (raw["max-age"] !== void 0) throw new DebproofError("POLICY", `${where}: max-age belongs to url, which is missing; put it under upstream.`);
		if (first.kind !== "live") throw new DebproofError("POLICY", `${where}.url is missing: without it the build used the first upstream itself, which is then named by a url.`);
		served = first;
	} else {
		const signedBy = raw["signed-by"];
		if (signedBy === void 0) throw new DebproofError("POLICY", `${where}.signed-by is missing.`);
		served = await resolveServed({
			...defined(raw),
			url: raw.url,
			"signed-by": signedBy
		}, where, resolving);
	}
	if (raw.rebuilders !== void 0 && raw.require !== "reproduced") throw new DebproofError("POLICY", `${where}.rebuilders is for \`require: reproduced\`; leave it out.`);
	const lists = raw["apt-lists"];
	return {
		name,
		require: raw.require,
		served,
		servedByUpstream: raw.url === void 0,
		upstreams,
		...raw.rebuilders === void 0 ? {} : { rebuilders: await resolveRebuilders(raw.rebuilders, `${where}.rebuilders`, resolving) },
		...lists === void 0 ? {} : { aptLists: path.resolve(resolving.folder, substitute(lists, resolving.variables, `${where}.apt-lists`)) }
	};
}
/** apt refuses two sources of one archive with different Signed-By (sources.list(5)). */
function refuseContradictions(archives, file) {
	const seen = /* @__PURE__ */ new Map();
	for (const { name, served, servedByUpstream } of archives) {
		if (servedByUpstream) continue;
		const keys = [...served.keyring.certificates.map((certificate) => certificate.getFingerprint()), ...served.keyring.only.map(({ fingerprint, exact }) => `${fingerprint}${exact ? "!" : ""}`)].sort();
		for (const suite of served.area.suites) {
			const source = `${served.area.base.href} ${suite}`;
			const other = seen.get(source);
			if (other !== void 0 && other.keys !== keys.join()) throw new DebproofError("POLICY", `${file}: the archives ${other.name} and ${name} read the same suite (${source}) with different signed-by.`);
			seen.set(source, {
				name,
				keys: keys.join()
			});
		}
	}
}
function resolveExceptions(raw, archives, file) {
	return (raw.exceptions ?? []).map((exception, index) => {
		const { archive } = exception;
		if (archive !== void 0 && archive !== "none" && !archives.some(({ name }) => name === archive)) throw new DebproofError("POLICY", `${file}: exceptions.${index}.archive: there is no archive ${archive}.`);
		const { version: written, ...matcher } = defined(exception);
		if (written === void 0) return matcher;
		const version = parseVersion(written);
		if (version !== void 0) return {
			...matcher,
			version
		};
		throw new DebproofError("POLICY", `${file}: exceptions.${index}.version: ${JSON.stringify(written)} is no version.`);
	});
}
export { parseSourceName as C, sourceOf as S, primaryFingerprints as T, listsIndex as _, keyIdsOf as a, takeIndex as b, readRelease as c, emptyIndex as d, hidesIndex as f, isStatedEmpty as g, indexUrls as h, isInForce as i, splitNamed as l, indexForms as m, folderUrl as n, judgeRelease as o, indexEvidence as p, mergeReferences as r, pairNamed as s, readPolicy as t, takeRelease as u, readIndex as v, checksumRows as w, WantedNames as x, scanIndex as y };
