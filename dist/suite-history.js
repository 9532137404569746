import { Dt as MAX_SIGHTING, Ot as MAX_SIGHTINGS, a as systemErrorCode, i as isDebproofError, r as describeError, t as DebproofError, vt as MAX_RELEASE_FILE } from "./errors.js";
import { A as string, C as rawTransform, D as safeParse, E as safeInteger, M as union, O as strictObject, S as pipe, T as regex, _ as nullable, a as getDotPath, d as looseObject, f as maxLength, h as minValue, j as transform, k as strictTuple, m as minLength, r as check, t as array, u as literal, v as number } from "./dist.js";
import { a as parseFingerprint, s as parseSha256 } from "./deb822.js";
import { C as parseReleaseFields, D as sha256Of, w as isPathBelow } from "./shipped-keys.js";
import { _ as splitNamed, h as pairNamed, m as judgeRelease } from "./policy-schema.js";
import path from "node:path";
import { lstat, readdir } from "node:fs/promises";
import { pathToFileURL } from "node:url";
// src/store/plain-path.ts
/**
* Refuses a file of a store that is reached through a symbolic link: whoever may add files to a store must not make
* anybody read, write or remove what lies elsewhere. The store's own folder may be one: whoever names it chose that.
*
* @param folder the store's
* @param file a path below it, which need not exist
* @throws DebproofError of the code
*/
async function refuseLinks(folder, file, code) {
	let place = folder;
	for (const name of path.relative(folder, file).split(path.sep)) {
		place = path.join(place, name);
		try {
			if (!(await lstat(place)).isSymbolicLink()) continue;
		} catch (error) {
			if (systemErrorCode(error) === void 0) throw error;
			return;
		}
		throw new DebproofError(code, `${place} is a symbolic link, and none is followed within a store: put in its place what it points at, or take it away.`);
	}
}
// src/store/release-state.ts
/**
* What a release file says of its suite, as one value: the SHA-256 of its text without what a signer may leave out
* or add. `InRelease` and `Release` have the same, and so have two files of which one has a signature more.
*/
function releaseState({ text }) {
	const lines = latin1(text).replaceAll("\r\n", "\n").replaceAll(BLANKS_AT_END, "");
	return sha256Of(Buffer.from(lines.replace(NEWLINES_AT_END, ""), "latin1"));
}
/** @param signed of which the signatures were verified */
function releaseIdentity({ text }) {
	const fields = parseReleaseFields(text);
	return {
		origin: fields.get("origin"),
		label: fields.get("label"),
		codename: fields.get("codename")
	};
}
/** Tells identities apart in the names of sightings. */
function identityDigest({ origin, label, codename }) {
	return sha256Of(JSON.stringify([
		origin ?? null,
		label ?? null,
		codename ?? null
	])).slice(0, 16);
}
const BLANKS_AT_END = /(?<![ \t])[ \t]+$/gm;
const NEWLINES_AT_END = /(?<!\n)\n+$/;
function latin1(text) {
	return Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString("latin1");
}
// src/store/archive-url.ts
/**
* An archive's URL in the one spelling that all equivalent ones have (RFC 3986, 6.2.2): what need not be escaped is
* not, and escapes are in capitals. The case of scheme and host, the default port and dot segments are put right by
* `URL` itself. Another name of the host, another scheme, and `//` within the path make another URL.
*/
function normalizedArchive(base) {
	return base.href.replaceAll(/%[0-9A-Fa-f]{2}/g, (octet) => {
		const character = String.fromCharCode(Number.parseInt(octet.slice(1), 16));
		return /[A-Za-z0-9._~-]/.test(character) ? character : octet.toUpperCase();
	});
}
// src/store/store-layout.ts
/**
* Where a store of evidence keeps what:
*
*     objects/<2 hex digits>/<SHA-256>   release files and indexes as they were fetched
*     sightings/<suite>/<name>           one small file for each time that a suite was recorded, see SightingName
*     incoming/                          what is being written, and what a killed process left
*
* Objects and sightings are never changed or removed, so a store can be copied, mirrored and backed up file by file.
*/
const OBJECTS = "objects";
const SIGHTINGS = "sightings";
const INCOMING = "incoming";
const NAME = /^(?<seen>\d{8}T\d{6}\.\d{3}Z)_(?<date>\d{8}T\d{6}Z)_(?<archive>[0-9a-f]{16})_(?<state>[0-9a-f]{64})(?:_(?<identity>[0-9a-f]{16}))?_(?<content>[0-9a-f]{16})\.json$/;
function objectPath(folder, sha256) {
	return path.join(folder, OBJECTS, sha256.slice(0, 2), sha256);
}
function objectUrl(folder, sha256) {
	return pathToFileURL(objectPath(folder, sha256));
}
function objectsFolder(folder) {
	return path.join(folder, OBJECTS);
}
function sightingsFolder(folder) {
	return path.join(folder, SIGHTINGS);
}
function incomingFolder(folder) {
	return path.join(folder, INCOMING);
}
/** Whether a file in `incoming/` has a name as it is written there. */
function isIncoming(name) {
	return name.endsWith(".part");
}
/** A suite may be a path: `buster/updates`, `./`. */
function suiteFolder(folder, suite) {
	return path.join(sightingsFolder(folder), encodeURIComponent(suite).replaceAll(".", "%2E"));
}
function sightingPath(folder, suite, name) {
	return path.join(suiteFolder(folder, suite), formatSightingName(name));
}
/** The suite whose folder has this name; undefined where it is no such folder. */
function suiteOfFolder(name) {
	try {
		const suite = decodeURIComponent(name);
		return path.basename(suiteFolder("", suite)) === name ? suite : void 0;
	} catch {
		return;
	}
}
/** Tells archives apart in the names of sightings. */
function archiveDigest(base) {
	return sha256Of(normalizedArchive(base)).slice(0, 16);
}
/** What the names without an identity have instead: of the URL as it was written. */
function writtenArchiveDigest(base) {
	return sha256Of(base.href).slice(0, 16);
}
function formatSightingName({ seen, date, archive, state, identity, content }) {
	const said = identity === void 0 ? state : `${state}_${identity}`;
	return `${compact(seen)}_${compact(date).replace(".000", "")}_${archive}_${said}_${content}.json`;
}
/** Undefined for a name that is none, as of a file that somebody else put there. */
function parseSightingName(name) {
	const parts = NAME.exec(name)?.groups;
	if (parts === void 0) return void 0;
	const seen = expand(parts["seen"] ?? "");
	const date = expand(parts["date"] ?? "");
	const state = parseSha256(parts["state"] ?? "");
	if (seen === void 0 || date === void 0 || state === void 0) return void 0;
	const { archive = "", content = "", identity } = parts;
	return {
		seen,
		date,
		state,
		archive,
		content,
		...identity === void 0 ? {} : { identity }
	};
}
/** `20261122T223057.123Z`. */
function compact(time) {
	return time.toISOString().replaceAll(/[-:]/g, "");
}
function expand(text) {
	const time = new Date(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)/, "$1-$2-$3T$4:$5:"));
	return Number.isNaN(time.getTime()) || compact(time).replace(".000", "") !== text.replace(".000", "") ? void 0 : time;
}
// src/store/sighting.ts
const time = pipe(string(), regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/), transform((text) => new Date(text)), check((date) => !Number.isNaN(date.getTime())));
const sha256 = pipe(string(), rawTransform(({ dataset, addIssue, NEVER }) => {
	const parsed = parseSha256(dataset.value);
	if (parsed !== void 0) return parsed;
	addIssue({ message: "is no SHA-256" });
	return NEVER;
}));
const size = pipe(number(), safeInteger(), minValue(0));
const url = pipe(string(), regex(/^(?:https?|file):.*\/$/), check((text) => URL.canParse(text) && new URL(text).href === text), transform((text) => new URL(text)));
const field = pipe(nullable(string()), transform((text) => text ?? void 0));
const indexPath = pipe(string(), check(isPathBelow));
const fingerprint = pipe(string(), check((text) => parseFingerprint(text) === text));
const VERSION = 1;
const sightingSchema = strictObject({
	version: literal(VERSION),
	archive: url,
	suite: pipe(string(), minLength(1), maxLength(4096)),
	seen: time,
	date: time,
	state: sha256,
	origin: field,
	label: field,
	codename: field,
	signers: pipe(array(fingerprint), minLength(1)),
	release: union([strictTuple([strictObject({
		path: literal("InRelease"),
		sha256,
		size
	})]), strictTuple([strictObject({
		path: literal("Release"),
		sha256,
		size
	}), strictObject({
		path: literal("Release.gpg"),
		sha256,
		size
	})])]),
	indexes: array(strictObject({
		path: indexPath,
		sha256,
		size
	}))
});
function formatSighting(sighting) {
	const { archive, suite, seen, date, state, identity, signers, release, indexes } = sighting;
	const { origin = null, label = null, codename = null } = identity;
	const where = {
		version: VERSION,
		archive: archive.href,
		suite,
		seen: seen.toISOString(),
		date: date.toISOString(),
		state
	};
	return `${JSON.stringify({
		...where,
		origin,
		label,
		codename,
		signers,
		release,
		indexes
	}, null, 1)}\n`;
}
/** The name under which a sighting is kept, and what it begins the listing with. */
function sightingName(sighting) {
	const { seen, date, state, identity } = sighting;
	return formatSightingName({
		seen,
		date,
		state,
		archive: archiveDigest(sighting.archive),
		identity: identityDigest(identity),
		content: digest(sighting)
	});
}
/** Under which name the first stores kept it. */
function earlierName(sighting) {
	const { seen, date, state } = sighting;
	return formatSightingName({
		seen,
		date,
		state,
		archive: writtenArchiveDigest(sighting.archive),
		content: digest(sighting)
	});
}
function digest(sighting) {
	return sha256Of(formatSighting(sighting)).slice(0, 16);
}
/**
* @param file names it in errors
* @param name what its name says: it must say the same as the file
* @throws DebproofError EVIDENCE
*/
function parseSighting(text, file, name, suite) {
	const damaged = (why) => new DebproofError("EVIDENCE", `The sighting ${file} ${why}: restore it from a backup of the store, or take it out where somebody added it.`);
	let json;
	try {
		json = JSON.parse(text);
	} catch {
		throw damaged("is no JSON");
	}
	const version = safeParse(looseObject({ version: number() }), json);
	if (version.success && version.output.version !== VERSION) throw new DebproofError("EVIDENCE", `The sighting ${file} is of another format (version ${version.output.version}): use the debproof that wrote it.`);
	const parsed = safeParse(sightingSchema, json);
	if (!parsed.success) {
		const [issue] = parsed.issues;
		throw damaged(`is not as \`debproof record\` wrote it (${getDotPath(issue)?.slice(0, 200) ?? "the file"})`);
	}
	const { origin, label, codename, version: _, ...rest } = parsed.output;
	const sighting = {
		...rest,
		identity: {
			origin,
			label,
			codename
		}
	};
	const written = name.identity === void 0 ? earlierName(sighting) : sightingName(sighting);
	if (sighting.suite !== suite || written !== formatSightingName(name)) throw damaged("does not say what its name says");
	return sighting;
}
// src/store/store-reader.ts
/** A store of evidence, as it is read: by `Downloads` alone, so that a run can be played back. */
var StoreReader = class {
	folder;
	#downloads;
	/** @param folder an absolute path */
	constructor(folder, downloads) {
		this.folder = folder;
		this.#downloads = downloads;
	}
	/**
	* Names that begin with a dot are no store's: file systems and other programs leave such.
	* @throws DebproofError EVIDENCE where there is no store, TOO_LARGE
	*/
	async suite(suite) {
		const folder = suiteFolder(this.folder, suite);
		const files = (await this.#downloads.names(new URL(`${pathToFileURL(folder).href}/`), () => listFolder(this.folder, folder))).filter((name) => !name.startsWith("."));
		if (files.length > 5e5) throw new DebproofError("TOO_LARGE", `${folder} has more than ${MAX_SIGHTINGS} sightings: begin another store.`);
		const names = files.flatMap((name) => parseSightingName(name) ?? []);
		const unknown = files.find((name) => parseSightingName(name) === void 0);
		if (unknown === void 0) return { names };
		return {
			names,
			foreign: foreignFile(`${folder}/${unknown}`)
		};
	}
	/** @throws DebproofError EVIDENCE, and as `Downloads` */
	async sighting(suite, name) {
		const place = sightingPath(this.folder, suite, name);
		await this.#refuseLinks(place);
		const bytes = await this.#downloads.bytes(pathToFileURL(place), MAX_SIGHTING);
		return parseSighting(Buffer.from(bytes).toString("utf8"), place, name, suite);
	}
	/**
	* A release file as it was fetched.
	* @throws DebproofError INDEX_MISMATCH for an object that was changed, EVIDENCE, NOT_FOUND, RELEASE_MALFORMED
	*/
	async release({ release }) {
		const [first, second] = release;
		const text = await this.#object(first);
		const { href } = objectUrl(this.folder, first.sha256);
		if (second === void 0) return splitNamed(href, text);
		return pairNamed(href, text, objectUrl(this.folder, second.sha256).href, await this.#object(second));
	}
	/**
	* Where an object is read.
	* @throws DebproofError EVIDENCE
	*/
	async objectUrl(sha256) {
		await this.#refuseLinks(objectPath(this.folder, sha256));
		return objectUrl(this.folder, sha256);
	}
	async #object({ sha256, path: name }) {
		const url = await this.objectUrl(sha256);
		let bytes;
		try {
			bytes = await this.#downloads.bytes(url, MAX_RELEASE_FILE);
		} catch (error) {
			if (!isDebproofError(error, "NOT_FOUND")) throw error;
			throw new DebproofError("NOT_FOUND", `The store has lost ${objectPath(this.folder, sha256)} (${name}).`);
		}
		if (sha256Of(bytes) !== sha256) throw damagedObject(this.folder, sha256, name);
		return bytes;
	}
	/** Asked in the way of a listing, so that a run that is played back is told the same. */
	async #refuseLinks(file) {
		const place = pathToFileURL(file);
		place.hash = "link";
		await this.#downloads.names(place, async () => {
			await refuseLinks(this.folder, file, "EVIDENCE");
			return [];
		});
	}
};
/** @param what what the archive called it */
function damagedObject(folder, sha256, what) {
	return new DebproofError("INDEX_MISMATCH", `${objectPath(folder, sha256)} (${what}) no longer hashes to its name: it was changed after it was recorded. Restore it from a backup of the store.`);
}
function foreignFile(file) {
	return new DebproofError("EVIDENCE", `${file} is no sighting that this version of debproof knows, so that not all is known of what the store saw: use the version that wrote it, or take it out of the store where somebody added it.`);
}
/** A folder that was never made is empty, in a store that is there. */
async function listFolder(store, folder) {
	await refuseLinks(store, folder, "EVIDENCE");
	try {
		return await readdir(folder);
	} catch (error) {
		if (systemErrorCode(error) === "ENOENT" && await isFolder(sightingsFolder(store))) return [];
		if (systemErrorCode(error) === "ENOENT") throw new DebproofError("EVIDENCE", `There is no store of evidence at ${store}, of which the policy says what was seen before: restore it, make it with \`debproof record\`, or take it out of the policy.`);
		throw new DebproofError("EVIDENCE", `The store's folder ${folder} cannot be read`, { cause: error });
	}
}
async function isFolder(place) {
	return await lstat(place).then((status) => status.isDirectory(), () => false);
}
// src/store/contradiction.ts
/**
* Every look that an earlier one contradicts: by the newest release file before it, which is newer, or by the first
* one of the same Date, which is another. Archives are compared each with itself: mirrors lag behind one another.
* A store may hold ten thousands of looks: this takes n log n.
*/
function contradictions(looks) {
	const found = [];
	const newest = /* @__PURE__ */ new Map();
	const firsts = /* @__PURE__ */ new Map();
	for (const look of inOrder(looks)) {
		const top = newest.get(look.archive);
		if (top === void 0 || look.date.getTime() > top.date.getTime()) newest.set(look.archive, look);
		else if (look.date.getTime() < top.date.getTime()) found.push({
			kind: "rollback",
			found: look,
			earlier: top
		});
		const key = `${look.archive} ${look.date.getTime()}`;
		const first = firsts.get(key);
		if (first === void 0) firsts.set(key, look);
		else if (first.state !== look.state) found.push({
			kind: "fork",
			found: look,
			earlier: first
		});
	}
	return found;
}
/**
* The same for one look, against each other one at its archive by itself, so that none of them can excuse it: one that
* shows another state of its Date, and of those before it that are newer the newest.
*/
function contradictionsOf(found, others) {
	const fork = others.find(({ date, state }) => date.getTime() === found.date.getTime() && state !== found.state);
	const [newer] = others.filter(({ seen, date }) => seen <= found.seen && date > found.date).sort((a, b) => b.date.getTime() - a.date.getTime());
	return [...newer === void 0 ? [] : [{
		kind: "rollback",
		found,
		earlier: newer
	}], ...fork === void 0 ? [] : [{
		kind: "fork",
		found,
		earlier: fork
	}]];
}
/** Those fields of a release file that are not what the first one said, as `Origin was "Debian" and is "Other"`. */
function changedFields(first, now) {
	return [
		"origin",
		"label",
		"codename"
	].flatMap((name) => {
		const [was, is] = [first[name], now[name]];
		const shown = (value) => value === void 0 ? "absent" : JSON.stringify(value);
		return was === is ? [] : [`${name[0]?.toUpperCase() ?? ""}${name.slice(1)} was ${shown(was)} and is ${shown(is)}`];
	});
}
/** What was seen at the same instant is taken to have been seen in the order of its Date. */
function inOrder(looks) {
	return [...looks].sort((a, b) => a.seen.getTime() - b.seen.getTime() || a.date.getTime() - b.date.getTime());
}
// src/store/identities.ts
/** By their names, and of those of the first stores by the files themselves. */
async function identitiesOf(store, suite, names) {
	const known = [];
	const failures = [];
	for (const name of names) {
		if (name.identity !== void 0) {
			known.push({
				name,
				identity: name.identity
			});
			continue;
		}
		try {
			const { identity } = await store.sighting(suite, name);
			known.push({
				name,
				identity: identityDigest(identity)
			});
		} catch (error) {
			if (!(error instanceof DebproofError)) throw error;
			failures.push(error);
		}
	}
	return {
		known,
		failures
	};
}
// src/store/verify-sighting.ts
/**
* The sightings of one suite in one store, each of which counts only when its release file was verified: from the
* store's own objects, by the keys of one archive. Anybody may have written the rest of it.
*/
var SightingVerifier = class {
	#store;
	#suite;
	#trust;
	#at;
	#verified = /* @__PURE__ */ new Map();
	/** @param at by which keys are judged; else by when the suite was seen, as the sighting says */
	constructor(store, suite, trust, at) {
		this.#store = store;
		this.#suite = suite;
		this.#trust = trust;
		this.#at = at;
	}
	/** @throws DebproofError EVIDENCE, which names the file and says what to do */
	async verify(name) {
		const file = sightingPath(this.#store.folder, this.#suite, name);
		let pending = this.#verified.get(file);
		if (pending === void 0) {
			pending = this.#verify(name, file);
			this.#verified.set(file, pending);
		}
		return await pending;
	}
	async #verify(name, file) {
		try {
			const sighting = await this.#store.sighting(this.#suite, name);
			await verifySeen(sighting, await this.#store.release(sighting), this.#trust, this.#at ?? sighting.seen);
			const impossible = impossibleTime(sighting);
			if (impossible !== void 0) throw new DebproofError("EVIDENCE", impossible);
			return sighting;
		} catch (error) {
			if (!(error instanceof DebproofError)) throw error;
			throw new DebproofError("EVIDENCE", `The sighting ${file} cannot be verified, so that it is not known what the store saw: ${describeError(error)} Restore what it lacks from a backup of the store, name the keys that signed it, or take it out where somebody added it.`);
		}
	}
};
/**
* The release file of a sighting, by the keys of one archive.
*
* @param at by which keys are judged
* @throws DebproofError as `verifyRelease`, or EVIDENCE where the sighting says what its release file does not
*/
async function verifySeen(sighting, bytes, { keyring, releaseName }, at) {
	const { date, state, suite, identity, release: files } = sighting;
	const { release } = await judgeRelease(bytes, {
		keyring,
		at,
		suite,
		...releaseName === void 0 ? {} : { releaseName },
		past: true
	});
	if (!(release.date.getTime() === date.getTime() && releaseState(bytes.signed) === state && changedFields(identity, releaseIdentity(bytes.signed)).length === 0 && files.every(({ size }, index) => bytes.files[index]?.bytes.length === size))) throw new DebproofError("EVIDENCE", "It does not say what its release file says.");
	return release;
}
/** Why nobody can have seen it when it says so; undefined where somebody can. */
function impossibleTime({ seen, date }) {
	if (date.getTime() <= seen.getTime() + 1e4) return void 0;
	return `It says that at ${seen.toISOString()} a release file was seen that is of ${date.toISOString()}.`;
}
/** Whether any of the keys that signed, by a sighting's word, is of a keyring: it tells archives apart, and proves nothing. */
function signedByAny(keyring) {
	const trusted = new Set(keyring.signingKeys().map(({ primaryFingerprint }) => primaryFingerprint));
	return ({ signers }) => signers.some((signer) => trusted.has(signer));
}
// src/store/identity-changes.ts
/** Where the Origin, Label or Codename of a suite was another before, at the same archive. */
var IdentityChanges = class IdentityChanges {
	failures;
	#store;
	#suite;
	#identities;
	/** By archive and identity: the sighting that is of the earliest Date. */
	#earliest;
	constructor(store, suite, known, failures) {
		this.failures = failures;
		this.#store = store;
		this.#suite = suite;
		this.#identities = new Map(known.map(({ name, identity }) => [name, identity]));
		const earliest = /* @__PURE__ */ new Map();
		for (const { name, identity } of known) {
			const own = earliest.get(name.archive) ?? /* @__PURE__ */ new Map();
			earliest.set(name.archive, own);
			const other = own.get(identity);
			if (other === void 0 || name.date < other.date) own.set(identity, name);
		}
		this.#earliest = earliest;
	}
	static async of(store, suite, names) {
		const { known, failures } = await identitiesOf(store, suite, names);
		return new IdentityChanges(store, suite, known, failures);
	}
	/** Why a state proves nothing: an earlier one of the same archive was of another identity. */
	async refusal(date, looks, verifier) {
		for (const look of looks) {
			const identity = this.#identities.get(look);
			if (identity === void 0) continue;
			for (const [other, name] of this.#earliest.get(look.archive) ?? []) {
				if (other === identity || name.date >= date) continue;
				return await this.#tell(look, name, verifier);
			}
		}
	}
	async #tell(look, earlier, verifier) {
		const file = (name) => sightingPath(this.#store.folder, this.#suite, name);
		try {
			const [now, before] = [await verifier.verify(look), await verifier.verify(earlier)];
			return new DebproofError("EVIDENCE", `${file(look)} is not of the ${this.#suite} that the store saw before (${file(earlier)}): ${changedFields(before.identity, now.identity).join("; ")}.`);
		} catch (error) {
			if (!(error instanceof DebproofError)) throw error;
			return error;
		}
	}
};
// src/store/own-states.ts
/**
* Which states of a suite are of the archive that is asked for: another archive may have a suite of the same name in
* the same store. Each is told by its own sightings.
*/
var OwnStates = class {
	#store;
	#suite;
	#isOurs;
	#verifier;
	#failures = /* @__PURE__ */ new Map();
	/** The first of those that came since it was taken away. */
	#passed;
	constructor(store, suite, keyring, verifier) {
		this.#store = store;
		this.#suite = suite;
		this.#isOurs = signedByAny(keyring);
		this.#verifier = verifier;
	}
	/** What could not be read or verified so far, each once: it may have been ours. */
	get failures() {
		return [...this.#failures.values()];
	}
	/** Those that are ours, by the word of their sightings. */
	async all(states) {
		const found = [];
		for (const state of states) {
			const own = await this.#own(state);
			if (own !== void 0) found.push(own);
		}
		return found;
	}
	async first(states) {
		for (const state of states) {
			const own = await this.#own(state);
			if (own !== void 0) return own;
		}
	}
	/** The first that is ours by its signatures, and why one before it was passed over that may have been ours. */
	async firstVerified(states) {
		let tried = 0;
		this.#passed = void 0;
		for (const state of states) {
			const own = await this.#own(state);
			if (own === void 0) continue;
			for (const look of own.looks) {
				if (++tried > 10) return void 0;
				try {
					await this.#verifier.verify(look);
					const passed = this.#passed;
					return {
						state: own,
						...passed === void 0 ? {} : { passed }
					};
				} catch (error) {
					this.#fail(error);
				}
			}
		}
	}
	/** The state with those of its looks that are not known to be another archive's. */
	async #own(state) {
		for (const [index, look] of state.looks.entries()) {
			if (index === 10) {
				const why = `The store ${this.#store.folder} has more than ${index} sightings of ${this.#suite} of ${state.date.toISOString()} that are not of these keys, or cannot be read: not all of them were looked at.`;
				this.#fail(new DebproofError("EVIDENCE", why));
				return;
			}
			try {
				if (!this.#isOurs(await this.#store.sighting(this.#suite, look))) continue;
				return {
					...state,
					looks: [look, ...state.looks.slice(index + 1)]
				};
			} catch (error) {
				this.#fail(error);
			}
		}
	}
	#fail(error) {
		if (!(error instanceof DebproofError)) throw error;
		this.#failures.set(error.message, error);
		this.#passed ??= error;
	}
};
// src/store/states.ts
/** The states that were seen, sorted by their Date. */
function statesOf(looks) {
	const groups = /* @__PURE__ */ new Map();
	for (const look of [...looks].sort((a, b) => b.seen.getTime() - a.seen.getTime())) {
		const key = `${look.date.getTime()} ${look.state}`;
		const group = groups.get(key);
		if (group === void 0) groups.set(key, [look]);
		else group.push(look);
	}
	return [...groups.values()].map((group) => ({
		state: group[0].state,
		date: group[0].date,
		looks: group
	})).sort((a, b) => a.date.getTime() - b.date.getTime());
}
/**
* A state was in force from its Date to the Date of the next one, however long ago it was first seen; of the last one
* nothing that is signed says how long, and when it was last seen is the word of whoever wrote that down. Its distance
* from an instant is that to this span: nothing inside it. Among those as near, the one whose Date is nearest comes
* first.
*
* @param states sorted by their Date
* @param window milliseconds
*/
function nearestStates(states, at, window) {
	const ranked = states.map((state, index) => {
		const until = (states.slice(index + 1).find(({ date }) => date.getTime() > state.date.getTime()) ?? state).date.getTime();
		return {
			state,
			distance: Math.max(state.date.getTime() - at.getTime(), at.getTime() - until, 0),
			gap: Math.abs(state.date.getTime() - at.getTime())
		};
	}).sort((a, b) => a.distance - b.distance || a.gap - b.gap);
	const within = ranked.filter(({ distance }) => distance <= window).map(({ state }) => state);
	const [nearest] = ranked;
	return within.length > 0 || nearest === void 0 ? { within } : {
		within,
		beyond: nearest.state
	};
}
// src/store/suite-history.ts
/**
* The states of a suite that may prove something for an instant. What is added to a store proves by signatures alone:
* a state is near by signed dates, and whatever speaks against it does so whichever sightings speak for it.
*
* Never throws for what the store holds.
*/
async function loadSuite(store, suite, request) {
	try {
		return await load(store, suite, request);
	} catch (error) {
		if (!(error instanceof DebproofError)) throw error;
		return {
			suite,
			states: [],
			failures: [{
				what: suite,
				error
			}],
			notes: []
		};
	}
}
async function load(store, suite, request) {
	const { at, window, trust } = request;
	const { names, foreign } = await store.suite(suite);
	const failures = foreign === void 0 ? [] : [{
		what: suite,
		error: foreign
	}];
	const states = statesOf(names);
	const own = new OwnStates(store, suite, trust.keyring, new SightingVerifier(store, suite, trust, at));
	const [from, to] = [at.getTime() - window, at.getTime() + window];
	const before = states.filter(({ date }) => date.getTime() < from).reverse();
	const inside = states.filter(({ date }) => date.getTime() >= from && date.getTime() <= to);
	const after = states.filter(({ date }) => date.getTime() > to);
	const within = await own.all(inside);
	const last = await own.firstVerified(before);
	const next = last === void 0 ? void 0 : await own.firstVerified([...inside, ...after]);
	const isOpen = last !== void 0 && next !== void 0;
	const chosen = nearestStates([
		...isOpen ? [last.state] : [],
		...within,
		...isOpen && within.length === 0 ? [next.state] : []
	], at, window).within;
	failures.push(...own.failures.map((error) => ({
		what: suite,
		error
	})));
	if (chosen.length === 0) {
		const found = [await own.first(before), await own.first(after)].filter((state) => state !== void 0);
		return {
			suite,
			states: [],
			failures: [...failures, {
				what: suite,
				error: none(store, suite, request, found)
			}],
			notes: []
		};
	}
	const found = contradictions(names);
	const changes = await IdentityChanges.of(store, suite, names);
	failures.push(...changes.failures.map((error) => ({
		what: suite,
		error
	})));
	const seen = new SightingVerifier(store, suite, trust);
	const ranked = [];
	const over = last?.passed === void 0 ? void 0 : {
		error: last.passed,
		isFork: false
	};
	for (const { date, state, looks } of chosen) {
		const refused = await contradicted(store.folder, suite, [...forksOf({
			date,
			state,
			looks
		}, names), ...fallsTo(state, found)], seen) ?? await changed(changes.refusal(date, looks, seen)) ?? (state === last?.state.state && date === last.state.date ? over : void 0);
		ranked.push({
			date,
			looks,
			...refused === void 0 ? {} : { refused }
		});
	}
	return {
		suite,
		states: ranked,
		failures,
		notes: await notesOn(store.folder, suite, found, chosen, seen)
	};
}
function none({ folder }, suite, { at, window }, beyond) {
	const [nearest] = [...beyond].sort((a, b) => gap(a, at) - gap(b, at));
	if (nearest === void 0) {
		const why = `The store ${folder} holds no ${suite} that is signed by these keys; \`debproof record\` puts it there.`;
		return new DebproofError("NOT_FOUND", why);
	}
	const hours = Math.round(window / 36e5);
	return new DebproofError("NOT_FOUND", `The store ${folder} has no state of ${suite} within ${hours} hours of ${at.toISOString()}; the nearest is of ${nearest.date.toISOString()} and proves nothing for then: if the build may use it, widen \`window\`.`);
}
function gap({ date }, at) {
	return Math.abs(date.getTime() - at.getTime());
}
/** Each other state of its Date that was seen at the same archive, so that none hides another. */
function forksOf({ date, state, looks }, names) {
	return names.filter((name) => name.date.getTime() === date.getTime() && name.state !== state).flatMap((earlier) => {
		const found = looks.find(({ archive }) => archive === earlier.archive);
		return found === void 0 ? [] : [{
			kind: "fork",
			found,
			earlier
		}];
	});
}
function fallsTo(state, found) {
	return found.filter(({ kind, found: late }) => kind === "rollback" && late.state === state);
}
/**
* Why what was signed for this state proves nothing: the archive contradicted itself when it showed it, or somebody
* says so whose word cannot be verified.
*/
async function contradicted(folder, suite, against, verifier) {
	let failure;
	for (const one of against.slice(0, 10)) {
		const problem = await unverified(one, verifier);
		if (problem === void 0) return {
			error: new DebproofError("EVIDENCE", `${describeContradiction(folder, suite, one)} ${WAY_OUT}`),
			isFork: one.kind === "fork"
		};
		failure ??= {
			error: problem,
			isFork: false
		};
	}
	return failure;
}
const WAY_OUT = "So this state proves nothing here: where the server was only behind, ask another store too, recorded from another mirror.";
async function changed(refusal) {
	const error = await refusal;
	return error === void 0 ? void 0 : {
		error,
		isFork: false
	};
}
/** Why it is not known that two looks contradict each other. */
async function unverified({ found, earlier }, verifier) {
	try {
		await verifier.verify(found);
		await verifier.verify(earlier);
		return;
	} catch (error) {
		if (!(error instanceof DebproofError)) throw error;
		return error;
	}
}
/** @returns a full sentence with the files, their dates and their hashes */
function describeContradiction(folder, suite, { kind, found, earlier }) {
	const file = (look) => sightingPath(folder, suite, look);
	const time = (date) => date.toISOString().replace(".000", "");
	return kind === "rollback" ? `At ${time(found.seen)} ${suite} was a release file of ${time(found.date)} (text ${found.state}, ${file(found)}), older than that of ${time(earlier.date)} (text ${earlier.state}, ${file(earlier)}) seen at ${time(earlier.seen)}.` : `There are two release files of ${suite} of ${time(found.date)}: text ${earlier.state} seen at ${time(earlier.seen)} (${file(earlier)}), and text ${found.state} seen at ${time(found.seen)} (${file(found)}).`;
}
async function notesOn(folder, suite, found, chosen, verifier) {
	const states = new Set(chosen.map(({ state }) => state));
	const ours = found.filter(({ found: a, earlier: b }) => states.has(a.state) || states.has(b.state));
	const told = [];
	for (const one of ours.slice(-10)) if (await unverified(one, verifier) === void 0) told.push(describeContradiction(folder, suite, one));
	const more = ours.length - 10;
	return more > 0 ? [...told, `${folder} holds ${more} more such contradictions of ${suite}.`] : told;
}
export { releaseState as A, sightingPath as C, writtenArchiveDigest as D, suiteOfFolder as E, identityDigest as O, parseSightingName as S, suiteFolder as T, incomingFolder as _, signedByAny as a, objectUrl as b, changedFields as c, StoreReader as d, damagedObject as f, formatSightingName as g, archiveDigest as h, impossibleTime as i, refuseLinks as j, releaseIdentity as k, contradictions as l, sightingName as m, loadSuite as n, verifySeen as o, formatSighting as p, SightingVerifier as r, identitiesOf as s, describeContradiction as t, contradictionsOf as u, isIncoming as v, sightingsFolder as w, objectsFolder as x, objectPath as y };
