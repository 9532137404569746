import { Bt as MAX_UNCLEAR_NAMES, F as MAX_EXCEPTIONS, G as MAX_KEPT_STANZAS, Nt as MAX_STANZA, R as MAX_INDEX, Vt as MAX_WANTED_STANZAS, dt as MAX_POLICY_TEXT, i as isDebproofError, st as MAX_PLAIN_INDEX, t as DebproofError, ut as MAX_POLICY_ITEMS, vt as MAX_RELEASE_FILE, z as MAX_INDEX_FILES } from "./errors.js";
import { A as string, M as union, O as strictObject, S as pipe, T as regex, b as optional, c as isoDate, f as maxLength, g as notValue, h as minValue, i as description, m as minLength, n as boolean, o as integer, p as maxValue, r as check, t as array, u as literal, v as number, w as record, x as picklist } from "./dist.js";
import { i as parseArchitecture, l as parseVersion, o as parsePackageName, s as parseSha256, t as parseStanza } from "./deb822.js";
import { t as decompress } from "./decompress.js";
import { D as sha256Of, E as Digester, T as urlBelow, h as pairRelease, n as shippedKeyrings, v as splitInRelease, w as isPathBelow, y as verifyRelease } from "./shipped-keys.js";
import { getRandomValues } from "node:crypto";
import zlib from "node:zlib";
// src/archive/evidence.ts
/** The fingerprints of the primary keys, each once, sorted. */
function primaryFingerprints(signers) {
	return [...new Set(signers.map(({ primaryFingerprint }) => primaryFingerprint))].sort();
}
// src/archive/file-hashes.ts
/** Words of 32 bits that a SHA-256 has. */
const WORDS = 8;
/** Hex digits of one word. */
const DIGITS = 8;
/** By character: the value of a hex digit in either case, 255 for everything else. */
const DIGIT = (/* @__PURE__ */ new Uint8Array(256)).fill(255);
for (const [value, digit] of [..."0123456789abcdef"].entries()) {
	DIGIT[digit.charCodeAt(0)] = value;
	DIGIT[digit.toUpperCase().charCodeAt(0)] = value;
}
function hashWords() {
	return new Uint32Array(WORDS);
}
/**
* Reads a SHA-256 as an index writes it: 64 hex digits.
*
* @returns false where other characters stand there; `into` is then of no use
*/
function readHash(bytes, position, into) {
	let others = 0;
	for (let word = 0; word < WORDS; word++) {
		let value = 0;
		for (let digit = 0; digit < DIGITS; digit++) {
			const nibble = DIGIT[bytes[position++] ?? 0] ?? 255;
			others |= nibble;
			value = value << 4 | nibble & 15;
		}
		into[word] = value;
	}
	return others < 16;
}
/**
* A set of SHA-256 hashes of which there may be many: of every file that an index lists. It takes some 50 bytes for
* each, a third of what a set of strings does.
*
* Those who write an index choose its hashes, and could choose such that fall on one place of a table; so where a
* hash falls depends on numbers that each process draws for itself. Nothing else does.
*/
var FileHashes = class FileHashes {
	/** One after another, in the order in which they were added. */
	#hashes = new Uint32Array(SMALLEST * WORDS);
	/** What each of them was mixed to: places are found again without mixing. */
	#mixed = new Uint32Array(SMALLEST);
	/** By place: the number of a hash, counted from 1; 0 where none is. Twice as many places as hashes, at least. */
	#places = new Int32Array(SMALLEST * 2);
	#size = 0;
	get size() {
		return this.#size;
	}
	add(hash) {
		const mixed = mix(hash);
		const place = this.#place(hash, mixed);
		if (this.#places[place] !== 0) return;
		if (this.#size === this.#mixed.length) {
			this.#grow();
			this.#put(hash, mixed, this.#place(hash, mixed));
		} else this.#put(hash, mixed, place);
	}
	has(hash) {
		return this.#places[this.#place(hash, mix(hash))] !== 0;
	}
	/** Those that none of the others has. */
	without(others) {
		const rest = new FileHashes();
		for (let number = 0; number < this.#size; number++) {
			const hash = this.#at(number);
			if (!others.some((other) => other.has(hash))) rest.add(hash);
		}
		return rest;
	}
	addAll(other) {
		for (let number = 0; number < other.#size; number++) this.add(other.#at(number));
	}
	/** All of them, sorted. */
	toSorted() {
		return Array.from({ length: this.#size }, (_, number) => hexOf(this.#at(number))).sort();
	}
	#at(number) {
		return this.#hashes.subarray(number * WORDS, (number + 1) * WORDS);
	}
	/** Where a hash is, or would be: the first place from its own on that is free or its. */
	#place(hash, mixed) {
		const last = this.#places.length - 1;
		for (let place = mixed & last;; place = place + 1 & last) {
			const number = this.#places[place] ?? 0;
			if (number === 0) return place;
			if (this.#mixed[number - 1] === mixed && this.#isAt(number - 1, hash)) return place;
		}
	}
	#isAt(number, hash) {
		const start = number * WORDS;
		for (let word = 0; word < WORDS; word++) if (this.#hashes[start + word] !== hash[word]) return false;
		return true;
	}
	#put(hash, mixed, place) {
		this.#hashes.set(hash, this.#size * WORDS);
		this.#mixed[this.#size] = mixed;
		this.#size += 1;
		this.#places[place] = this.#size;
	}
	#grow() {
		const [hashes, mixed] = [this.#hashes, this.#mixed];
		this.#hashes = new Uint32Array(hashes.length * 4);
		this.#hashes.set(hashes);
		this.#mixed = new Uint32Array(mixed.length * 4);
		this.#mixed.set(mixed);
		this.#places = new Int32Array(this.#places.length * 4);
		const last = this.#places.length - 1;
		for (let number = 0; number < this.#size; number++) {
			let place = (mixed[number] ?? 0) & last;
			while (this.#places[place] !== 0) place = place + 1 & last;
			this.#places[place] = number + 1;
		}
	}
};
/** Hashes that a new set has room for. */
const SMALLEST = 1024;
/** A SHA-256 in its usual form. */
function hexOf(hash) {
	let text = "";
	for (const word of hash) text += word.toString(16).padStart(DIGITS, "0");
	return text;
}
const [FIRST = 0, ...FACTORS] = getRandomValues(/* @__PURE__ */ new Uint32Array(9)).map((number, index) => index === 0 ? number : number | 1);
/** A number of 32 bits that nobody outside of this process can foretell. */
function mix(hash) {
	let mixed = FIRST;
	for (let word = 0; word < WORDS; word++) {
		mixed = Math.imul(mixed ^ (hash[word] ?? 0), FACTORS[word] ?? 1);
		mixed ^= mixed >>> 15;
	}
	return mixed >>> 0;
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
/** What is read of a stanza here. */
const READ = /* @__PURE__ */ new Set([...[
	"package",
	"version",
	"architecture",
	"source",
	"filename",
	"size",
	"sha256",
	"directory",
	"files"
], ...[
	"checksums-sha1",
	"checksums-sha256",
	"checksums-sha512"
]]);
/**
* Readers differ in which of two fields counts, so that one that is read here may only say the same again. Nobody's
* choice of any other changes which file the stanza is about: many archives have `Depends` or `Description` twice.
*/
const mayRepeat = (field, first, again) => field !== "package" && (!READ.has(field) || first === again);
/**
* Reads a stanza of a `Packages` index (Debian's repository format, "Packages" Indices).
* @throws DebproofError INDEX_MALFORMED when what identifies the package is missing or wrong
*/
function parseBinaryEntry(text) {
	const stanza = parseStanza(text, mayRepeat);
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
			path: checkedPath(stanza, required(stanza, "filename").replace(/^\.\//, "").replace(/(?<=[^:/])\/{2,}/g, "/")),
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
	const stanza = parseStanza(text, mayRepeat);
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
	const sha256 = parseSha256(text.toLowerCase());
	if (sha256 === void 0) throw malformed(stanza, `has a SHA-256 that is none: ${JSON.stringify(text.slice(0, 80))}`);
	return sha256;
}
function malformed(stanza, problem) {
	const name = (stanza.get("package") ?? "without a name").slice(0, 255);
	const version = (stanza.get("version") ?? "").slice(0, 255);
	return new DebproofError("INDEX_MALFORMED", `The stanza of ${name} ${version} ${problem}.`);
}
// src/archive/listed-files.ts
/** Who takes the files of an index, and what comes of it; `files` and `names` as an IndexRequest has them. */
function filesTaker({ kind, files, names }) {
	if (kind === "Sources" || files === void 0) return { facts: () => ({}) };
	if (files === "hashes") {
		const taker = new HashCollector(names);
		return {
			taker,
			facts: () => ({ files: taker.finish() })
		};
	}
	const taker = new FileNamer(files);
	return {
		taker,
		facts: () => ({ named: taker.files })
	};
}
/** Collects the hashes of all files of an index. */
var HashCollector = class {
	#names;
	#hashes = new FileHashes();
	#deliverable;
	#unhashed = 0;
	/** @param names what the archive may deliver; absent: anything */
	constructor(names) {
		this.#names = names;
		this.#deliverable = names === void 0 ? this.#hashes : new FileHashes();
	}
	take(hash, bytes, start, end) {
		if (hash === void 0) this.#unhashed += 1;
		else this.#hashes.add(hash);
		if (this.#unhashed + this.#hashes.size > 2e6) throw new DebproofError("INDEX_MALFORMED", `The index lists more than ${MAX_INDEX_FILES} files.`);
		if (hash === void 0 || this.#names === void 0) return;
		const name = parsePackageName(fieldOf(bytes.toString("latin1", start, end), "package"));
		if (name !== void 0 && this.#names.allow(name)) this.#deliverable.add(hash);
	}
	finish() {
		return {
			hashes: this.#hashes,
			mayBeDelivered: this.#deliverable,
			unhashed: this.#unhashed
		};
	}
};
/** Reads the stanzas of some files, known by their hashes, and of those that state none; the first so many. */
var FileNamer = class {
	files = [];
	#wanted;
	constructor(wanted) {
		this.#wanted = wanted;
	}
	take(hash, bytes, start, end) {
		if (this.files.length >= 1e3) return;
		if (hash !== void 0 && !this.#wanted.has(hash)) return;
		const text = bytes.toString("latin1", start, end);
		this.files.push(hash === void 0 ? unreadable(text) : named$2(text));
	}
};
function named$2(text) {
	try {
		return {
			kind: "entry",
			entry: parseBinaryEntry(text)
		};
	} catch (error) {
		if (!(error instanceof DebproofError)) throw error;
		return unreadable(text);
	}
}
/** Characters of a value that cannot be relied on. */
const SHOWN = 80;
function unreadable(text) {
	const value = (name) => fieldOf(text, name).slice(0, SHOWN);
	return {
		kind: "unreadable",
		name: value("package"),
		version: value("version"),
		architecture: value("architecture")
	};
}
/** A field of a stanza; of one that cannot be parsed, whatever stands on the first line that looks like it. */
function fieldOf(text, field) {
	try {
		return parseStanza(text).get(field) ?? "";
	} catch (error) {
		if (!(error instanceof DebproofError)) throw error;
		return (new RegExp(`^${field}:(.*)`, "im").exec(text)?.[1] ?? "").trim();
	}
}
/** What lies between two stanzas (deb822(5)). */
const BLANK_LINE = Buffer.from("\n\n");
/** As archives write it, on a stanza's first line. */
const PACKAGE_FIELD = Buffer.from("Package: ");
/**
* What may be a Package or SHA256 field within a stanza, in any case: apt takes any white space before the colon, a
* line end included. Ten bytes long at most.
*/
const FIELD = /.\n(?:package|sha256)(?=[\s:])/gi;
const FIELD_LENGTH = 10;
/** Longer strings are allocated apart by the engine, which is slower than searching them. */
const SEARCH_PIECE = 16384;
function startsWithPackage(bytes, start) {
	for (let index = 0; index < PACKAGE_FIELD.length; index++) if (bytes[start + index] !== PACKAGE_FIELD[index]) return false;
	return true;
}
/**
* Looks into all stanzas for the fields that decide what they are about.
*
* Every stanza that does not begin with its Package field was parsed, which finds a field that is there twice; in the
* others a second one is refused here.
*
* @returns where lines begin that may be SHA256 fields, in order; not the first line of a stanza
*/
function searchFields(stanzas) {
	const hashes = [];
	for (let start = 0; start < stanzas.length; start += SEARCH_PIECE) {
		const piece = stanzas.toString("latin1", start, Math.min(start + SEARCH_PIECE + FIELD_LENGTH, stanzas.length));
		for (const { index } of piece.matchAll(FIELD)) {
			if (index >= SEARCH_PIECE) continue;
			const line = start + index + 2;
			if (((stanzas[line] ?? 0) | 32) === LETTER_S) hashes.push(line);
			else if (!beginsOtherwise(stanzas, line)) throw hiddenPackage(piece.slice(index + 2, index + 80));
		}
	}
	return hashes;
}
const LETTER_S = 115;
const COLON = 58;
/**
* Whether a stanza ends with a line without a colon, and with none behind it: apt takes everything up to the next colon
* for the name of a field, an empty line too, and so joins the stanza to the one behind it.
*
* @param end where its empty line begins
*/
function joinsTheNext(bytes, start, end) {
	const colon = bytes.lastIndexOf(COLON, end - 1);
	for (let line = bytes.indexOf(10, Math.max(colon, start)); line < end && line !== -1;) {
		if (!isBlank(bytes[line + 1])) return true;
		line = bytes.indexOf(10, line + 1);
	}
	return colon < start;
}
/** Whether the line before a field has no colon, so that apt takes the field's name for the end of another. */
function isSwallowed(bytes, start, field) {
	let line = field;
	do
		line = bytes.lastIndexOf(10, line - 2) + 1;
	while (line > start && isBlank(bytes[line]));
	return line > start && bytes.indexOf(COLON, line) > field;
}
function isBlank(byte) {
	return byte === 32 || byte === 9;
}
function hiddenPackage(text) {
	const line = JSON.stringify(text.split("\n")[0]);
	return new DebproofError("INDEX_MALFORMED", `A stanza of the index has a second Package field: ${line}.`);
}
/** Whether the stanza around `position` begins with another field than Package. */
function beginsOtherwise(stanzas, position) {
	const before = stanzas.lastIndexOf(BLANK_LINE, position);
	let start = before === -1 ? 0 : before + BLANK_LINE.length;
	while (stanzas[start] === 10) start++;
	return !startsWithPackage(stanzas, start);
}
// src/archive/unclear-stanza.ts
/** Those of one index: the first of each name, and how many there are. */
var UnclearStanzas = class {
	#byName = /* @__PURE__ */ new Map();
	/** @throws DebproofError INDEX_MALFORMED where they are too many for one index */
	add(name, number, problem) {
		const known = this.#byName.get(name);
		this.#byName.set(name, known === void 0 ? {
			name,
			number,
			problem,
			count: 1
		} : {
			...known,
			count: known.count + 1
		});
		if (this.#byName.size <= 1e3) return;
		throw new DebproofError("INDEX_MALFORMED", `The index has stanzas of more than ${MAX_UNCLEAR_NAMES} packages that are looked for and that not everybody reads alike; stanza ${number}: ${problem}`);
	}
	all() {
		return [...this.#byName.values()];
	}
};
/**
* The package that a stanza is about to every reader, whatever is wrong with its other fields; undefined where one may
* take it for another package, or for the end of one and the beginning of the next.
*
* There must be one line that any reader may take for a Package field, it must be one to all of them, and nothing
* before it may swallow it, as a line without a colon does for apt: the name of a field goes to the next colon, wherever
* that is, so that such a line at the end of a stanza joins it to the next one. Some end a stanza at a line of blanks,
* some leave out comments, some end lines at other characters: nothing of that may be there.
*
* @param text the stanza without the blank lines around it
*/
function certainName(text) {
	const lines = (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
	if (OTHER_ENDS.test(text) || lines.some((line) => BOUND.test(line))) return void 0;
	if (STARTS_FIELD.test(text.slice(text.lastIndexOf(":")))) return void 0;
	const places = lines.flatMap((line, place) => MAY_BE_PACKAGE.test(line) ? [place] : []);
	const [place] = places;
	if (place === void 0 || places.length > 1 || GOES_ON.test(lines[place + 1] ?? "")) return void 0;
	try {
		const stanza = parseStanza(lines.slice(0, place + 1).join("\n"), () => true);
		return parsePackageName(stanza.get("package") ?? "");
	} catch (error) {
		if (!(error instanceof DebproofError)) throw error;
		return;
	}
}
/** Control characters: some end a line to some readers, or a text. */
const OTHER_ENDS = /[^\t\n -~\x80-\xff]/;
/** A comment, or white space alone, which ends a stanza to some. */
const BOUND = /^(?:#|\s*$)/;
const MAY_BE_PACKAGE = /^package(?:[\s:]|$)/i;
const GOES_ON = /^[ \t]/;
const STARTS_FIELD = /\n[^ \t\n]/;
// src/archive/stanza-scanner.ts
const HASH_FIELD = Buffer.from("SHA256: ");
const HASH_DIGITS = 64;
const HASH_LINE = Buffer.from("\nSHA256: ");
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
	#hash = hashWords();
	#other = hashWords();
	/** How many stanzas there were. */
	#count = 0;
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
		const { refuseHidden, files } = this.#options;
		/** Where those begin and end that have their Package field first. */
		const usual = [];
		let start = 0;
		for (;;) {
			while (bytes[start] === 10) start++;
			const end = bytes.indexOf(BLANK_LINE, Math.max(start, searched));
			if (end === -1) break;
			if (refuseHidden && joinsTheNext(bytes, start, end)) throw joined$1(bytes.toString("latin1", start, start + 80));
			if (this.#stanza(bytes, start, end) && files !== void 0) {
				if (refuseHidden) usual.push(start, end);
				else files.take(this.#readLastHash(bytes, start, end), bytes, start, end);
			}
			start = end + BLANK_LINE.length;
		}
		if (refuseHidden) {
			const fields = searchFields(bytes.subarray(0, start));
			if (files !== void 0) this.#takeFiles(files, bytes, usual, fields);
		}
		return start;
	}
	/** Whether it is a usual one, with its Package field first and on one line; any other was parsed whole. */
	#stanza(bytes, start, end) {
		const { wanted, onStanza, refuseHidden } = this.#options;
		if (end + 1 - start > 2097152) throw tooLarge$1();
		this.#count += 1;
		if (startsWithPackage(bytes, start)) {
			let position = start + PACKAGE_FIELD.length;
			let hash = 0;
			let byte = bytes[position] ?? 10;
			while (byte > 32) {
				hash = step(hash, byte);
				byte = bytes[++position] ?? 10;
			}
			if (byte === 10 && bytes[position + 1] !== 32 && bytes[position + 1] !== 9) {
				if (refuseHidden && !isName(bytes, start + PACKAGE_FIELD.length, position)) throw noName(bytes.toString("latin1", start + PACKAGE_FIELD.length, position));
				if (!wanted.mayHave(hash)) return true;
				if (!wanted.has(bytes.toString("latin1", start + PACKAGE_FIELD.length, position))) return true;
				onStanza(bytes.toString("latin1", start, end), this.#count);
				return true;
			}
		}
		this.#unusual(bytes, start, end);
		return false;
	}
	#unusual(bytes, start, end) {
		const { wanted, onStanza, refuseHidden, files } = this.#options;
		const text = bytes.toString("latin1", start, end);
		const stanza = parseUnusual(text);
		const name = stanza.get("package");
		if (name === void 0) throw new DebproofError("INDEX_MALFORMED", "A stanza of the index has no Package field.");
		if (refuseHidden && parsePackageName(name) === void 0) throw noName(name);
		if (wanted.has(name)) onStanza(text, this.#count);
		const stated = Buffer.from(stanza.get("sha256") ?? "", "latin1");
		const isHash = stated.length === HASH_DIGITS && readHash(stated, 0, this.#hash);
		files?.take(isHash ? this.#hash : void 0, bytes, start, end);
	}
	/**
	* Where an archive is under test: a stanza in which anything else may be taken for its SHA-256 has none.
	*
	* @param usual beginnings and ends of stanzas, in order
	* @param fields where lines begin that may be SHA256 fields, in order
	*/
	#takeFiles(files, bytes, usual, fields) {
		let next = 0;
		for (let index = 0; index < usual.length; index += 2) {
			const [start = 0, end = 0] = [usual[index], usual[index + 1]];
			while ((fields[next] ?? end) < start) next += 1;
			const first = next;
			while ((fields[next] ?? end) < end) next += 1;
			const isHash = next > first && !fields.slice(first, next).some((field) => isSwallowed(bytes, start, field)) && this.#readSameHash(bytes, fields, first, next);
			files.take(isHash ? this.#hash : void 0, bytes, start, end);
		}
	}
	/** Whether each of these fields is written as usual and says the same. */
	#readSameHash(bytes, fields, first, next) {
		for (let index = first; index < next; index++) {
			if (!this.#readHashField(bytes, fields[index] ?? 0)) return false;
			if (index > first && this.#hash.some((word, at) => word !== this.#other[at])) return false;
			if (index + 1 < next) this.#other.set(this.#hash);
		}
		return true;
	}
	/** Where nothing is hidden: what stands last counts, as for apt, and archives write it on the last line. */
	#readLastHash(bytes, start, end) {
		const last = end - HASH_FIELD.length - HASH_DIGITS;
		if (bytes[last - 1] === 10 && last > start && this.#readHashField(bytes, last)) return this.#hash;
		const found = bytes.subarray(start, end).lastIndexOf(HASH_LINE);
		return found !== -1 && this.#readHashField(bytes, start + found + 1) ? this.#hash : void 0;
	}
	/** Whether it is written as all archives write it, on one line. */
	#readHashField(bytes, start) {
		for (let index = 0; index < HASH_FIELD.length; index++) if (bytes[start + index] !== HASH_FIELD[index]) return false;
		const digits = start + HASH_FIELD.length;
		const after = digits + HASH_DIGITS;
		const isFolded = bytes[after + 1] === 32 || bytes[after + 1] === 9;
		return readHash(bytes, digits, this.#hash) && bytes[after] === 10 && !isFolded;
	}
};
/**
* The fields of a stanza that does not begin with its Package field; its name alone where not everybody reads the rest
* alike, which concerns nobody but that package.
*
* @throws DebproofError INDEX_MALFORMED where it may be about another package to some reader
*/
function parseUnusual(text) {
	try {
		return parseStanza(text, mayRepeat);
	} catch (error) {
		const name = certainName(text);
		if (name === void 0) throw error;
		return /* @__PURE__ */ new Map([["package", name]]);
	}
}
function joined$1(text) {
	const problem = `A stanza of the index (${JSON.stringify(text.split("\n")[0])}) ends with a line without a colon, by which apt joins it to the next.`;
	return new DebproofError("INDEX_MALFORMED", problem);
}
/** The bytes that a package name may have, see `parsePackageName`. */
const NAME_BYTES = Uint8Array.from({ length: 256 }, (_, byte) => /[a-z0-9+._-]/i.test(String.fromCharCode(byte)) ? 1 : 0);
function isName(bytes, start, end) {
	for (let position = start; position < end; position++) if (NAME_BYTES[bytes[position] ?? 0] !== 1) return false;
	return true;
}
function noName(written) {
	const name = JSON.stringify(written.slice(0, 80));
	return new DebproofError("INDEX_MALFORMED", `A stanza of the index has a Package field that is no name: ${name}.`);
}
function tooLarge$1() {
	return new DebproofError("INDEX_MALFORMED", `A stanza is larger than ${MAX_STANZA} bytes.`);
}
// src/archive/stated-bytes.ts
/** The same bytes, which are hashed as they pass. */
async function* digested(chunks, digester) {
	for await (const chunk of chunks) {
		digester.update(chunk);
		yield chunk;
	}
}
/**
* Compares what was read with what the release file states of it.
*
* @throws DebproofError INDEX_MISMATCH
*/
function compareStated(url, found, entry) {
	if (found.size !== entry.size) throw mismatch(url, `has ${found.size} bytes instead of ${entry.size}`);
	if (found.sha256 !== entry.sha256) throw mismatch(url, `has SHA-256 ${found.sha256} instead of ${entry.sha256}`);
	if (entry.sha512 !== void 0 && found.sha512 !== void 0 && found.sha512 !== entry.sha512) throw mismatch(url, "has another SHA-512 than stated");
}
/** An index that is not what its release file says: INDEX_MISMATCH. */
function mismatch(url, difference) {
	return new DebproofError("INDEX_MISMATCH", `${url} is not what the signed release file says: it ${difference}.`);
}
// src/archive/wanted-stanzas.ts
/**
* Reads the stanzas of one index that are looked for. One that not everybody reads alike is unclear, which leaves its
* own package in doubt and no other, as long as it is certain which package it is about.
*/
var WantedStanzas = class {
	#kind;
	#usualHashes;
	#entries = [];
	#unclear = new UnclearStanzas();
	#bytes = 0;
	#count = 0;
	/** @param usualHashes whether hashes must stand where every reader finds them; set for what a project serves */
	constructor(kind, usualHashes) {
		this.#kind = kind;
		this.#usualHashes = usualHashes && kind === "Packages";
	}
	/**
	* @param number see UnclearStanza
	* @throws DebproofError INDEX_MALFORMED where it may be about another package to some reader, and where there are too
	*   many
	*/
	add(text, number) {
		this.#bytes += text.length;
		if (this.#bytes > 134217728) throw tooMuchWanted();
		if (this.#count >= 3e5) throw tooManyWanted();
		this.#count += 1;
		try {
			if (this.#usualHashes && !USUAL_HASH.test(text)) throw unusualHash(text);
			this.#entries.push(this.#kind === "Packages" ? parseBinaryEntry(text) : parseSourceEntry(text));
		} catch (error) {
			const name = error instanceof DebproofError ? certainName(text) : void 0;
			if (name === void 0 || !(error instanceof DebproofError)) throw error;
			this.#unclear.add(name, number, error.message);
		}
	}
	facts() {
		return {
			entries: this.#entries,
			unclear: this.#unclear.all()
		};
	}
};
/**
* The hash as all archives write it. debootstrap knows the field in this case alone, and takes the hash of the stanza
* before where it finds none: what a project serves could name one file here and another one there.
*/
const USUAL_HASH = /^SHA256: [0-9A-Fa-f]{64}$/m;
function unusualHash(text) {
	const line = JSON.stringify(text.split("\n", 1)[0]?.slice(0, 80));
	return new DebproofError("INDEX_MALFORMED", `A stanza of a package that is looked for (${line}) does not state its SHA256 as archives write it, so that not every reader finds it.`);
}
function tooMuchWanted() {
	const problem = `The index has more than ${MAX_WANTED_STANZAS} bytes of stanzas of packages that are looked for.`;
	return new DebproofError("INDEX_MALFORMED", problem);
}
function tooManyWanted() {
	const problem = `The index lists more than ${MAX_KEPT_STANZAS} packages under the names that were used.`;
	return new DebproofError("INDEX_MALFORMED", problem);
}
// src/archive/read-index.ts
/** A form in which an index may be offered, the quickest to decode first; Node 20 has no zstd of its own. */
const FORMS = [
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
* Whether the release file lists this index itself, with its SHA-256: what its content is. apt reads no compressed form
* of an index of which only these are listed, and does not say so; nor of one that has weak hashes alone.
*/
function listsIndex(release, path) {
	return release.entries.has(path);
}
/**
* Whether it lists the index only in a way in which apt does not read it, and others may: compressed forms without
* what they hold, weaker hashes.
*/
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
	if (isStatedEmpty(release, path)) return emptyIndex(urlBelow(directory, path), request);
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
function emptyIndex(url, request) {
	return {
		entries: [],
		unclear: [],
		sha256: EMPTY,
		size: 0,
		url: url.href,
		...filesTaker(request).facts()
	};
}
/** The forms in which a release file lists an index and that can be read, the preferred one first; see `listsIndex`. */
function indexForms(release, path) {
	const plain = release.entries.get(path);
	if (plain === void 0) return [];
	return FORMS.flatMap(({ compression, suffix }) => {
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
	for (const form of indexForms(release, path)) for (const url of urls(form.file)) try {
		return await streamForm(downloads, look, {
			...form,
			url
		}, take);
	} catch (error) {
		if (!isDebproofError(error, "NOT_FOUND")) throw error;
		absent ??= error;
	}
	throw absent ?? new DebproofError("INDEX_UNLISTED", `The release file lists no ${path}.`);
}
/**
* Hands the bytes of one form to `take`, within the limits of an index.
*
* @throws DebproofError TOO_LARGE, NOT_FOUND, INDEX_MISMATCH where the server has more than is listed, and as `take`
*/
async function streamForm(downloads, look, offered, take) {
	const { url, file, compression, plain } = offered;
	if (compression !== "plain" && file.size > 536870912) throw tooLarge(file, MAX_INDEX);
	if (plain.size > 4294967296) throw tooLarge(plain, MAX_PLAIN_INDEX);
	try {
		const options = {
			look,
			sha256: file.sha256
		};
		return await downloads.stream(url, file.size, (chunks) => take(chunks, offered), options);
	} catch (error) {
		if (isDebproofError(error, "TOO_LARGE")) throw mismatch(url.href, `has more than ${file.size} bytes`);
		throw error;
	}
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
	const stanzas = new WantedStanzas(request.kind, request.refuseHidden);
	const files = filesTaker(request);
	const scanner = new StanzaScanner({
		wanted: request.wanted,
		refuseHidden: request.refuseHidden,
		...files.taker === void 0 ? {} : { files: files.taker },
		onStanza: (text, number) => stanzas.add(text, number)
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
	if (fileEntry !== void 0) compareStated(url, asRead, fileEntry);
	if (plainEntry !== void 0) compareStated(url, plain?.finish() ?? asRead, plainEntry);
	malformed ??= attempt(() => scanner.end());
	if (malformed !== void 0) throw withUrl(malformed, url);
	return {
		...stanzas.facts(),
		sha256: asRead.sha256,
		size: asRead.size,
		url,
		...files.facts()
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
// src/policy/own-keys.ts
/**
* Finds, for each archive, the keys that sign what it serves and by which an upstream of the policy vouches too. What
* such a key says of the archive's packages is the archive's own word. A shipped upstream's keys are nobody's own:
* a mirror that carries Debian's signatures serves what Debian says.
*/
async function withOwnKeys(archives) {
	const vouching = archives.filter(({ require }) => require !== "absent").flatMap(({ upstreams }) => upstreams.flatMap(({ keyring }) => keyring.signingKeys()));
	const shared = archives.map(({ served, require }) => require === "absent" ? [] : common(served.keyring, vouching));
	const shipped = shared.some((keys) => keys.length > 0) ? await shippedPrimaries() : /* @__PURE__ */ new Set();
	return archives.map((archive, index) => ({
		...archive,
		ownKeys: [...new Set((shared[index] ?? []).filter((key) => !shipped.has(key)))].sort()
	}));
}
/** One key may be in several certificates, each with a fingerprint of its own. */
function common(served, vouching) {
	const own = new Set(served.signingKeys().map(identityOf));
	return vouching.filter((key) => own.has(identityOf(key))).map(({ primaryFingerprint }) => primaryFingerprint);
}
function identityOf({ material, fingerprint }) {
	return material === "" ? fingerprint : material;
}
async function shippedPrimaries() {
	const keyrings = [...(await shippedKeyrings()).values()];
	return new Set(keyrings.flatMap((keyring) => keyring.signingKeys().map(({ primaryFingerprint }) => primaryFingerprint)));
}
// src/policy/policy-schema.ts
/**
* The shape of `debproof.yml`. The types of the raw policy and the JSON Schema in schemas/ are made from it.
*/
const text = pipe(string(), minLength(1), maxLength(MAX_POLICY_TEXT));
const texts = pipe(array(text), minLength(1), maxLength(MAX_POLICY_ITEMS));
const signedBy = pipe(union([text, texts], "must be a keyring or a list of keyrings and fingerprints"), description("A keyring file, or `debian` for the shipped one. In a list, or separated by blanks or commas, fingerprints restrict it to these keys; with a `!` at the end to this very key and none of its siblings."));
const suites = pipe(texts, description("Codenames below dists/, or paths that end in `/` (`./` for a flat archive)."));
const releaseName = pipe(text, description("The Suite or Codename that the release file has, where it is not the suite above: only for one suite. For a path it is compared too."));
const components = pipe(texts, description("Such as main and contrib; main where none is named. Not used by suites that are paths."));
const architectures = pipe(texts, description("Such as amd64. The first is the build's own; `all` is implied. Else those of the first archive that names any."));
const url = pipe(text, regex(/^(?:https?:\/\/|file:)/, "must begin with http://, https:// or file:"));
/** What `debproof init` writes where only people know what belongs there: nothing is verified until they have said it. */
const OPEN_PLACE = "FIXME";
const stillOpen = `is still ${OPEN_PLACE}, which \`debproof init\` left for you:`;
const upstreamUrl = pipe(text, notValue(OPEN_PLACE, `${stillOpen} write the archive that first distributed the packages, such as http://ftp.debian.org/debian, or, where the archive itself is the first to distribute them, on purpose its own url`), regex(/^(?:https?:\/\/|file:)/, "must begin with http://, https:// or file:"));
const upstreamSignedBy = pipe(signedBy, check((value) => value !== OPEN_PLACE, `${stillOpen} write whose keys sign there, \`debian\` or a keyring file`));
const maxAge = pipe(string("must be a number of days or hours, such as 14d or 36h"), regex(/^[1-9]\d{0,3}[dh]$/, "must be a number of days or hours, such as 14d or 36h"), description("How old a release file may be, such as 14d or 36h, even if its Valid-Until is later. Any age if left out."));
const window = pipe(string("must be a number of days or hours, such as 3d"), regex(/^[1-9]\d{0,3}[dh]$/, "must be a number of days or hours, such as 3d"), description("How far before and after `at` states are looked at, such as 3d, which is the default."));
const reference = pipe(text, description("A date, a serial such as 2021033101 (a date with a counter), or a timestamp: 20210331T150000Z, RFC 3339."));
const upstreamKeys = strictObject({
	url: optional(pipe(upstreamUrl, description("The archive that first distributed the packages, as it is now: any mirror of it will do."))),
	snapshots: optional(pipe(union([url, pipe(array(url), minLength(1), maxLength(10))], "must be a URL or a list of URLs"), description("Instead of url: a snapshot service such as https://snapshot.debian.org, or several that are the same."))),
	store: optional(pipe(text, description("Instead of url: a folder that `debproof record` wrote, relative to the policy."))),
	archive: optional(pipe(string(), regex(/^[a-z0-9][a-z0-9-]*$/, "must be the name of an archive there, such as debian or debian-security"), description("With snapshots: what the service calls the archive, such as debian or debian-security."))),
	at: optional(pipe(reference, description("With snapshots or store: the instant whose state is looked for; else the clock."))),
	window: optional(window),
	memory: optional(pipe(boolean(), description("With store: false where archives are not to be held to what it saw of them, since another store was begun; true where it is left out."))),
	"signed-by": upstreamSignedBy,
	suites: optional(suites),
	"release-name": optional(releaseName),
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
	"public-key": optional(publicKeys),
	cosigned: optional(pipe(boolean("must be true or false"), description("true: it built what it signs in a SHA256SUMS together with other parties. Without it, the same sums under several parties count for one.")))
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
	"release-name": optional(releaseName),
	components: optional(components),
	architectures: optional(architectures),
	"apt-lists": optional(pipe(text, description("The build's own /var/lib/apt/lists: what its apt saw, instead of what url says now."))),
	"signed-by": optional(signedBy),
	"max-age": optional(maxAge),
	names: optional(pipe(array(pipe(text, regex(/^[a-z0-9*][a-z0-9+._*-]*$/, "must be a package name, in which * stands for any text"), description("Such as vendor-*."))), minLength(1), maxLength(MAX_POLICY_ITEMS), description("What it may deliver: whatever it lists under other names is unproven. Any package if left out."))),
	"unproven-files": optional(pipe(picklist(["report", "fail"], "must be report or fail"), description("fail: the verdict is fail where it lists any .deb that nobody vouches for, whether or not it was used. report: these are told, which is the default."))),
	upstream: optional(pipe(array(upstreamSchema), minLength(1), maxLength(100))),
	rebuilders: optional(rebuildersSchema)
});
const exceptionKeys = strictObject({
	package: text,
	version: optional(text),
	architecture: optional(text),
	archive: optional(pipe(text, description("The name of an archive above, or none."))),
	sha256: optional(pipe(string("must be 64 hexadecimal digits in quotes"), regex(/^[0-9a-f]{64}$/, "must be 64 hexadecimal digits in lower case"), description("Of the very .deb or .dsc that was used: it excuses no other file."))),
	verdict: optional(pipe(picklist([
		"mismatch",
		"forbidden",
		"unproven",
		"unlisted",
		"undecided"
	], "must be mismatch, forbidden, unproven, unlisted or undecided"), description("The one verdict that it excuses; unproven and unlisted if left out. mismatch, forbidden and undecided need version or sha256 too."))),
	reason: pipe(text, description("Why this is accepted. It is part of the report.")),
	until: optional(pipe(string(), isoDate("must be a date such as 2027-03-01"), description("The last day it excuses, UTC.")))
});
const exceptionSchema = pipe(exceptionKeys, check(({ verdict, version, sha256 }) => !isGrave(verdict) || version !== void 0 || sha256 !== void 0, "needs `version: …` or `sha256: …` beside this `verdict`: what may be another file than was meant is excused for one version or file alone"), check(({ verdict, archive }) => archive !== "none" || verdict === void 0 || verdict === "unlisted", "has `archive: none`, which excuses what no archive lists and nothing else: leave out `verdict` or `archive`"));
/** Verdicts behind which other bytes may be than anybody meant. */
function isGrave(verdict) {
	return verdict === "mismatch" || verdict === "forbidden" || verdict === "undecided";
}
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
	hashes: optional(pipe(literal("required", "must be required"), description("required: a package of which no list states the hash, and whose .deb was not given, is undecided. Lists of names and versions prove less: see docs/report.md."))),
	"other-archives": optional(pipe(union([picklist(["fail", "ignore"]), strictObject({ ignore: text })], "must be fail, ignore, or { ignore: REASON }"), description("With apt-lists: what becomes of archives that the build's apt saw and that are not in this policy. fail, which is the default: the verdict is not pass. ignore, or { ignore: REASON }: they are told."))),
	exceptions: optional(pipe(array(exceptionSchema), maxLength(MAX_EXCEPTIONS)))
});
export { WantedNames as A, indexUrls as C, scanIndex as D, readIndex as E, primaryFingerprints as F, parseSourceName as M, checksumRows as N, streamForm as O, FileHashes as P, indexForms as S, listsIndex as T, splitNamed as _, packageListSchema as a, hidesIndex as b, rebuildersSchema as c, indexPaths as d, isPathSuite as f, readRelease as g, pairNamed as h, layoutSchema as i, sourceOf as j, takeIndex as k, upstreamSchema as l, judgeRelease as m, archiveSchema as n, partySchema as o, suiteDirectory as p, exceptionSchema as r, policySchema as s, OPEN_PLACE as t, withOwnKeys as u, takeRelease as v, isStatedEmpty as w, indexEvidence as x, emptyIndex as y };
