import { H as MAX_JSON_VALUES, i as isDebproofError, t as DebproofError, v as MAX_BUILDINFO, y as MAX_BUILDINFO_FILES } from "./errors.js";
import { i as parseArchitecture, l as parseVersion, s as parseSha256, t as parseStanza } from "./deb822.js";
import { T as urlBelow, w as isPathBelow } from "./shipped-keys.js";
import { A as WantedNames, C as indexUrls, D as scanIndex, E as readIndex, M as parseSourceName, N as checksumRows, O as streamForm, S as indexForms, T as listsIndex, b as hidesIndex, d as indexPaths, g as readRelease, p as suiteDirectory, x as indexEvidence } from "./policy-schema.js";
// src/archive/served-index.ts
/**
* Reads an index that a project serves: every compressed form that is listed and there must hold the same. debootstrap
* takes the smallest one, and does not look at the hash of what it decompresses to, so that one signed release file
* could vouch for two contents.
*
* @param path the index's path in the release file, without suffix
* @throws DebproofError as `readIndex`
*/
async function readServedIndex(downloads, place, release, path, request) {
	const facts = await readIndex(downloads, place, release, path, request);
	await checkOtherForms(downloads, place, release, path, facts);
	return facts;
}
/** Nobody is looked for: what is read is hashed. */
const CONTENT = {
	kind: "Packages",
	wanted: new WantedNames([]),
	refuseHidden: false
};
async function checkOtherForms(downloads, { directory, look }, release, path, { sha256: read }) {
	const forms = new Map(indexForms(release, path).map((form) => [form.file.path, form]));
	for (const form of forms.values()) {
		if (form.compression === "plain" || form.plain === void 0 || form.file.sha256 === read) continue;
		for (const url of indexUrls(directory, release, form.file)) try {
			await streamForm(downloads, look, {
				...form,
				url
			}, (chunks, offered) => scanIndex(chunks, offered.compression, offered, CONTENT, url.href));
			break;
		} catch (error) {
			if (!isDebproofError(error, "NOT_FOUND")) throw error;
		}
	}
}
// src/archive/unclear-listing.ts
/** Says where it is and what is wrong with it: a sentence that begins with the index. */
function describeUnclear({ index, number, name, problem, count }) {
	return `${index} has a stanza of ${name}, its number ${number}, that not everybody reads alike. ${problem}${count === 1 ? "" : ` ${count - 1} more of its stanzas there are not read alike either.`}`;
}
/** What is told of one archive: the first ones of each index. */
function unclearNotes(unclear) {
	const told = unclear.slice(0, 10).map(describeUnclear);
	const rest = unclear.length - told.length;
	return rest === 0 ? told : [...told, `${unclear[0]?.index} has such stanzas of ${rest} more packages.`];
}
// src/archive/archive-reader.ts
/** Reads archives for one run: one clock, one set of wanted names. */
var ArchiveReader = class {
	#options;
	constructor(options) {
		this.#options = options;
	}
	/** Never throws for what the archive does: what could not be read is among the facts. */
	async read(request) {
		return joinFacts(await Promise.all(request.area.suites.map((suite) => this.#suite(request, suite))));
	}
	async #suite(request, suite) {
		const first = await this.#suiteOnce(request, suite, 1);
		const torn = first.failures.some(({ error }) => MAY_BE_TORN.includes(error.code));
		const mayChange = request.kept === void 0 && request.past !== true && request.area.base.protocol !== "file:";
		return torn && mayChange ? await this.#suiteOnce(request, suite, 2) : first;
	}
	async #suiteOnce(request, suite, look) {
		const { area, keyring, kept, maxAge, past, servedAt } = request;
		const { at, remembered } = this.#options;
		const downloads = request.downloads ?? this.#options.downloads;
		const directory = urlBelow(area.base, suiteDirectory(suite));
		const name = area.releaseName === void 0 ? {} : { releaseName: area.releaseName };
		const isPresent = kept === void 0 && past !== true;
		const notes = [];
		let doubt;
		const expectation = {
			keyring,
			at,
			suite,
			...name,
			...maxAge === void 0 ? {} : { maxAge },
			...past === void 0 ? {} : { past },
			...servedAt === void 0 ? {} : { servedAt },
			...remembered === void 0 || !isPresent ? {} : { follows: async (release, signed) => {
				try {
					notes.push(...await remembered.check({
						base: area.base,
						suite,
						keyring,
						...name
					}, release, signed));
				} catch (error) {
					if (!(error instanceof DebproofError)) throw error;
					doubt = error;
				}
			} }
		};
		let facts;
		try {
			facts = await (kept === void 0 ? readRelease(downloads, directory, expectation, look) : kept.readRelease(area.base, suite, expectation));
		} catch (error) {
			return {
				...NOTHING,
				failures: [failure(suite, error)]
			};
		}
		const reads = [];
		if (past === true) notes.push(...keyNotes(facts.release));
		const failures = [];
		if (doubt !== void 0) failures.push(doubted(suite, facts, doubt));
		for (const kind of this.#options.kinds) for (const path of indexPaths(area, suite, facts.release, kind)) if (listsIndex(facts.release, path)) reads.push(this.#index(request, suite, {
			directory,
			look
		}, facts, path, kind));
		else if (hidesIndex(facts.release, path)) failures.push(hiddenIndex(suite, path));
		else if (!path.includes("/binary-all/")) notes.push(`${suite} at ${area.base.href} has no ${path}.`);
		if (reads.length + failures.length === (doubt === void 0 ? 0 : 1)) {
			const error = new DebproofError("INDEX_UNLISTED", `${suite} at ${area.base.href} has none of the components and architectures that the policy names.`);
			return {
				...NOTHING,
				failures: [...failures, {
					what: suite,
					error
				}],
				notes
			};
		}
		const read = joinFacts([{
			...NOTHING,
			failures,
			notes
		}, ...await Promise.all(reads)]);
		if (doubt === void 0) return read;
		return {
			...NOTHING,
			doubted: read.listings,
			failures: read.failures,
			unclear: read.unclear,
			notes: read.notes
		};
	}
	async #index(request, suite, place, { release, evidence }, path, kind) {
		const { wanted, files: askedFiles, everyForm = false } = this.#options;
		const readAs = everyForm && request.refuseHidden && kind === "Packages" ? readServedIndex : readIndex;
		const downloads = request.downloads ?? this.#options.downloads;
		const indexRequest = {
			kind,
			wanted,
			refuseHidden: request.refuseHidden,
			...askedFiles === void 0 ? {} : { files: askedFiles },
			...request.names === void 0 ? {} : { names: request.names }
		};
		const read = async () => await (request.kept === void 0 ? readAs(downloads, place, release, path, indexRequest) : request.kept.readIndex(request.area.base, suite, release, path, indexRequest));
		try {
			const facts = await (request.memory === void 0 ? read() : request.memory.recall(suite, release, path, indexRequest, read));
			if (facts === void 0) return {
				...NOTHING,
				notes: [`There is no ${path} of ${suite} in ${request.kept?.name ?? "the archive"}.`]
			};
			const files = [...evidence, indexEvidence(facts, kind, release)];
			const listing = (entry) => ({
				entry,
				suite,
				evidence: files
			});
			const index = `${suite} ${path}`;
			const named = facts.named?.map((file) => ({
				file,
				index,
				...file.kind === "entry" ? { listing: listing(file.entry) } : {}
			}));
			const unclear = facts.unclear.map((stanza) => ({
				...stanza,
				kind: kind === "Packages" ? "binary" : "source",
				index
			}));
			return {
				listings: facts.entries.map(listing),
				failures: [],
				unclear,
				notes: unclearNotes(unclear),
				...facts.files === void 0 ? {} : { files: [facts.files] },
				...named === void 0 ? {} : { named }
			};
		} catch (error) {
			return {
				...NOTHING,
				failures: [failure(`${suite} ${path}`, error)]
			};
		}
	}
};
const NOTHING = {
	listings: [],
	failures: [],
	unclear: [],
	notes: []
};
function doubted(suite, { evidence: [first] }, { code, message, cause }) {
	return {
		what: suite,
		error: new DebproofError(code, `${first?.url ?? suite}: ${message}`, { cause })
	};
}
function joinFacts(parts) {
	const files = parts.flatMap((part) => part.files ?? []);
	const named = parts.flatMap((part) => part.named ?? []);
	const doubtful = parts.flatMap((part) => part.doubted ?? []);
	return {
		listings: parts.flatMap(({ listings }) => listings),
		...doubtful.length === 0 ? {} : { doubted: doubtful },
		failures: parts.flatMap(({ failures }) => failures),
		unclear: parts.flatMap(({ unclear }) => unclear),
		notes: parts.flatMap(({ notes }) => notes),
		...parts.some((part) => part.files !== void 0) ? { files } : {},
		...parts.some((part) => part.named !== void 0) ? { named } : {}
	};
}
/** What a second look may mend. */
const MAY_BE_TORN = [
	"INDEX_MISMATCH",
	"NOT_FOUND",
	"EVIDENCE"
];
/** A key's end is told for past states, which outlive it: what it signed before still counts at the time of the build. */
function keyNotes({ signers }) {
	return signers.flatMap(({ name, primaryFingerprint, expires }) => expires === void 0 ? [] : [`Signed by ${primaryFingerprint} (${name}), which is valid until ${isoDay(expires)}.`]);
}
function isoDay(date) {
	return date.toISOString().slice(0, 10);
}
function hiddenIndex(suite, path) {
	const error = new DebproofError("INDEX_UNREADABLE", `The release file of ${suite} lists forms of ${path}, but not the index itself with its SHA-256: apt does not read it.`);
	return {
		what: `${suite} ${path}`,
		error
	};
}
/** Bugs are not failures of an archive: they pass. */
function failure(what, error) {
	if (!(error instanceof DebproofError)) throw error;
	return {
		what,
		error
	};
}
// src/archive/detached-string.ts
/**
* The same text, apart from the one that it was cut out of: V8 keeps all of a text in memory for as long as any piece
* of it is held, and a file name would hold megabytes.
*/
function detached(text) {
	return Buffer.from(text).toString();
}
// src/archive/buildinfo.ts
/**
* Reads a `.buildinfo` (deb-buildinfo(5), format 1.0): one paragraph, without the signature around it. What is
* returned does not hold the text in memory.
*
* @param text never more than what a signature covers, where there is one
* @param what names it in errors, such as its URL
* @throws DebproofError STATEMENT, TOO_LARGE
*/
function parseBuildinfo(text, what) {
	if (text.length > 4194304) throw new DebproofError("TOO_LARGE", `${what} is larger than ${MAX_BUILDINFO} bytes.`);
	const malformed = (problem) => new DebproofError("STATEMENT", `${what} ${problem}.`);
	let stanza;
	try {
		stanza = parseStanza(text);
	} catch (error) {
		throw new DebproofError("STATEMENT", `${what} is no .buildinfo`, { cause: error });
	}
	const format = stanza.get("format");
	if (format === void 0 || !/^1\.\d+$/.test(format)) throw malformed("is no .buildinfo of format 1");
	const version = parseVersion(detached(stanza.get("version") ?? ""));
	if (version === void 0) throw malformed("has no valid Version");
	const source = parseSourceName(detached(stanza.get("source") ?? ""), version);
	if (source === void 0) throw malformed("has no valid Source");
	const buildArchitecture = parseArchitecture(detached(stanza.get("build-architecture") ?? ""));
	if (buildArchitecture === void 0) throw malformed("has no valid Build-Architecture");
	const files = /* @__PURE__ */ new Map();
	for (const [name, hash, size] of checksumRows(stanza, "checksums-sha256", malformed)) {
		if (files.size >= 5e3) throw new DebproofError("TOO_LARGE", `${what} lists more than ${MAX_BUILDINFO_FILES} files.`);
		const sha256 = parseSha256(detached(hash));
		if (sha256 === void 0) throw malformed(`has a SHA-256 that is none: ${JSON.stringify(hash.slice(0, 80))}`);
		if (name.includes("/") || !isPathBelow(name)) throw malformed(`lists ${JSON.stringify(name)}, which is not a file name`);
		if (files.has(name)) throw malformed(`lists ${name} twice`);
		files.set(detached(name), {
			size,
			sha256
		});
	}
	if (files.size === 0) throw malformed("lists no file with a SHA-256");
	return {
		source,
		version,
		buildArchitecture,
		files
	};
}
// src/reproduced/canonical-json.ts
/**
* Canonical JSON as OLPC defined it and as in-toto 0.9 signs it (securesystemslib, `encode_canonical`): names sorted
* by code points, no blanks, integers only, and in strings nothing escaped but `\` and `"`. A line feed stands there
* as it is, so the result need not be JSON.
*/
function canonicalOlpc(value) {
	return Buffer.from(canonical(value, quotedOlpc));
}
/**
* What rebuilderd signs (in-toto-rs): names sorted by UTF-8 bytes, no blanks, integers only, strings as JSON escapes
* them and no further; in the whole of it, each `\` with an `n` behind it then becomes a line feed.
*/
function canonicalRebuilderd(value) {
	return Buffer.from(canonical(value, (text) => JSON.stringify(text)).replaceAll("\\n", "\n"));
}
function quotedOlpc(text) {
	return /[\\"]/.test(text) ? `"${text.replaceAll(/[\\"]/g, "\\$&")}"` : `"${text}"`;
}
function canonical(value, quoted) {
	const parts = [];
	write(value);
	return parts.join("");
	function write(part) {
		if (typeof part === "string") parts.push(quoted(part));
		else if (typeof part === "number") {
			if (!Number.isSafeInteger(part)) throw new RangeError(`canonical JSON cannot write the number ${part}`);
			parts.push(String(part));
		} else if (part === null || typeof part === "boolean") parts.push(String(part));
		else if (part instanceof Map) {
			parts.push("{");
			for (const [index, name] of sortedNames(part).entries()) {
				parts.push(index === 0 ? "" : ",", quoted(name), ":");
				write(part.get(name) ?? null);
			}
			parts.push("}");
		} else if (Array.isArray(part)) {
			parts.push("[");
			for (const [index, item] of part.entries()) {
				if (index > 0) parts.push(",");
				write(item);
			}
			parts.push("]");
		} else throw new TypeError("canonical JSON is made of parsed values only");
	}
}
/** In the order of their UTF-8 bytes, which is that of their code points; JavaScript compares UTF-16. */
function sortedNames(object) {
	/** By what they are sorted by, those names that are not their own. */
	const names = /* @__PURE__ */ new Map();
	return [...object.keys()].map((name) => {
		if (!/[^ -~]/.test(name)) return name;
		const bytes = Buffer.from(name).toString("latin1");
		names.set(bytes, name);
		return bytes;
	}).sort().map((key) => names.get(key) ?? key);
}
// src/reproduced/strict-json.ts
/**
* Parses JSON (RFC 8259) that may be hostile. Where readers of JSON differ it takes neither side and refuses, as
* I-JSON asks (RFC 7493, 2): UTF-8 that is none, a byte order mark, half a surrogate pair, a number out of range,
* and a name that an object has twice, of which `JSON.parse` silently keeps the last.
*
* @param what names the text in errors, such as its URL
* @throws DebproofError STATEMENT, TOO_LARGE
*/
function parseStrictJson(bytes, what, { limit, numbers }) {
	if (bytes.length > limit) throw new DebproofError("TOO_LARGE", `${what} is larger than ${limit} bytes.`);
	let text;
	try {
		text = new TextDecoder("utf-8", {
			fatal: true,
			ignoreBOM: true
		}).decode(bytes);
	} catch (error) {
		throw new DebproofError("STATEMENT", `${what} is not UTF-8, as JSON must be.`, { cause: error });
	}
	return new Parser(text, what, numbers).parse();
}
/** The object, where the value is one. */
function asObject(value) {
	return value instanceof Map ? value : void 0;
}
/** The array, where the value is one. */
function asArray(value) {
	return Array.isArray(value) ? value : void 0;
}
/** The string, where the value is one. */
function asString(value) {
	return typeof value === "string" ? value : void 0;
}
/** The number, where the value is one without a fraction that a double holds exactly. */
function asInteger(value) {
	return typeof value === "number" && Number.isSafeInteger(value) ? value : void 0;
}
/** What stands at the end of a path of member names, where each on the way is an object that has the next. */
function memberOf(value, ...path) {
	return path.reduce((at, name) => asObject(at)?.get(name), value);
}
const WORDS = [
	["true", true],
	["false", false],
	["null", null]
];
const TAB = 9;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const QUOTE = 34;
const BACKSLASH = 92;
/** Sticky: it begins where it is told to. */
const NUMBER_CHARACTERS = /[-+.0-9eE]*/y;
var Parser = class {
	#text;
	#what;
	#numbers;
	#position = 0;
	#values = 0;
	constructor(text, what, numbers) {
		this.#text = text;
		this.#what = what;
		this.#numbers = numbers;
	}
	parse() {
		const value = this.#value(0);
		this.#skipBlanks();
		if (this.#position < this.#text.length) throw this.#malformed("there is something after its end");
		return value;
	}
	#value(depth) {
		this.#values += 1;
		if (this.#values > 2e5) throw this.#malformed(`there are more than ${MAX_JSON_VALUES} values`);
		this.#skipBlanks();
		const first = this.#text[this.#position];
		if (first === void 0) throw this.#malformed("it ends too early");
		if (first === "{" || first === "[") {
			if (depth >= 64) throw this.#malformed(`it is more than 64 levels deep`);
			return first === "{" ? this.#object(depth + 1) : this.#array(depth + 1);
		}
		if (first === "\"") return this.#string();
		if (first === "-" || first >= "0" && first <= "9") return this.#number();
		for (const [word, value] of WORDS) {
			if (!this.#text.startsWith(word, this.#position)) continue;
			this.#position += word.length;
			return value;
		}
		throw this.#malformed("a value is expected");
	}
	#object(depth) {
		const members = /* @__PURE__ */ new Map();
		this.#position += 1;
		if (this.#takes("}")) return members;
		do {
			this.#skipBlanks();
			if (this.#text[this.#position] !== "\"") throw this.#malformed("the name of a member is expected");
			const name = this.#string();
			if (!this.#takes(":")) throw this.#malformed("a colon is expected");
			const before = members.size;
			members.set(name, this.#value(depth));
			if (members.size === before) throw this.#malformed(`an object has two members ${JSON.stringify(name.slice(0, 80))}`);
		} while (this.#takes(","));
		if (!this.#takes("}")) throw this.#malformed("a comma or the end of the object is expected");
		return members;
	}
	#array(depth) {
		const items = [];
		this.#position += 1;
		if (this.#takes("]")) return items;
		do
			items.push(this.#value(depth));
		while (this.#takes(","));
		if (!this.#takes("]")) throw this.#malformed("a comma or the end of the array is expected");
		return items;
	}
	#string() {
		const text = this.#text;
		const begin = this.#position;
		let end = begin + 1;
		let isEscaped = false;
		for (;; end++) {
			const code = text.charCodeAt(end);
			if (code === QUOTE) break;
			if (code === BACKSLASH) {
				isEscaped = true;
				end += 1;
			} else if (code < SPACE || Number.isNaN(code)) {
				this.#position = Math.min(end, text.length);
				const problem = end < text.length ? "a control character stands unescaped in a string" : "it ends inside a string";
				throw this.#malformed(problem);
			}
		}
		this.#position = end + 1;
		if (!isEscaped) return text.slice(begin + 1, end);
		const string = this.#unescape(text.slice(begin, end + 1));
		if (/\p{Surrogate}/u.test(string)) throw this.#malformed("a string has half a surrogate pair");
		return string;
	}
	/** The string is whole here, so all that can be wrong with it is an escape. */
	#unescape(written) {
		try {
			return String(JSON.parse(written));
		} catch (error) {
			throw this.#malformed("a string has an escape that JSON does not know", error);
		}
	}
	#number() {
		NUMBER_CHARACTERS.lastIndex = this.#position;
		const [written = ""] = NUMBER_CHARACTERS.exec(this.#text) ?? [];
		if (written.length > 1e3) throw this.#malformed("a number is too long");
		this.#position += written.length;
		if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(written)) throw this.#malformed("a number is malformed");
		const number = Number(written);
		if (!Number.isFinite(number)) throw this.#malformed("a number is out of range");
		if (this.#numbers === "integers" && String(number) !== written) throw this.#malformed(`the number ${written} is no integer that canonical JSON can write`);
		if (this.#numbers === "integers" && !Number.isSafeInteger(number)) throw this.#malformed("an integer is too large");
		return number;
	}
	/** Whether the next character beside blanks is this one; it is then passed. */
	#takes(character) {
		this.#skipBlanks();
		if (this.#text[this.#position] !== character) return false;
		this.#position += 1;
		return true;
	}
	#skipBlanks() {
		for (;;) {
			const code = this.#text.charCodeAt(this.#position);
			if (code !== SPACE && code !== LINE_FEED && code !== CARRIAGE_RETURN && code !== TAB) return;
			this.#position += 1;
		}
	}
	#malformed(problem, cause) {
		const at = `at character ${this.#position + 1}`;
		return new DebproofError("STATEMENT", `${this.#what} is not usable as JSON: ${problem}, ${at}.`, { cause });
	}
};
export { memberOf as a, canonicalRebuilderd as c, ArchiveReader as d, describeUnclear as f, asString as i, parseBuildinfo as l, asInteger as n, parseStrictJson as o, asObject as r, canonicalOlpc as s, asArray as t, detached as u };
