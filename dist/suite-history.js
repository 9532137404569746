import { Ct as MAX_SIGHTINGS, St as MAX_SIGHTING, a as systemErrorCode, i as isDebproofError, pt as MAX_RELEASE_FILE, t as DebproofError } from "./errors.js";
import { A as transform, D as strictObject, E as safeParse, O as strictTuple, S as rawTransform, T as safeInteger, _ as number, a as getDotPath, d as maxLength, g as nullable, j as union, k as string, m as minValue, p as minLength, r as check, t as array, u as literal, w as regex, x as pipe } from "./dist.js";
import { i as parseFingerprint, o as parseSha256, t as parseStanza } from "./deb822.js";
import { S as sha256Of } from "./shipped-keys.js";
import { _ as splitNamed, h as pairNamed } from "./policy-schema.js";
import { n as isPathBelow } from "./release.js";
import { pathToFileURL } from "node:url";
import { readdir } from "node:fs/promises";
import path from "node:path";
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
const NAME = /^(?<seen>\d{8}T\d{6}\.\d{3}Z)_(?<date>\d{8}T\d{6}Z)_(?<archive>[0-9a-f]{16})_(?<state>[0-9a-f]{64})_(?<content>[0-9a-f]{16})\.json$/;
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
	return sha256Of(base.href).slice(0, 16);
}
function formatSightingName({ seen, date, archive, state, content }) {
	return `${compact(seen)}_${compact(date).replace(".000", "")}_${archive}_${state}_${content}.json`;
}
/** Undefined for a name that is none, as of a file that somebody else put there. */
function parseSightingName(name) {
	const parts = NAME.exec(name)?.groups;
	if (parts === void 0) return void 0;
	const seen = expand(parts["seen"] ?? "");
	const date = expand(parts["date"] ?? "");
	const state = parseSha256(parts["state"] ?? "");
	if (seen === void 0 || date === void 0 || state === void 0) return void 0;
	return {
		seen,
		date,
		state,
		archive: parts["archive"] ?? "",
		content: parts["content"] ?? ""
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
const sightingSchema = strictObject({
	version: literal(1),
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
		version: 1,
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
	const { seen, date, state } = sighting;
	const content = sha256Of(formatSighting(sighting)).slice(0, 16);
	return formatSightingName({
		seen,
		date,
		state,
		archive: archiveDigest(sighting.archive),
		content
	});
}
/**
* @param file names it in errors
* @param name what its name says: it must say the same as the file
* @throws DebproofError EVIDENCE
*/
function parseSighting(text, file, name, suite) {
	const damaged = (why) => new DebproofError("EVIDENCE", `The sighting ${file} ${why}: restore it from a backup of the store.`);
	let json;
	try {
		json = JSON.parse(text);
	} catch {
		throw damaged("is no JSON");
	}
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
	if (sighting.suite !== suite || sightingName(sighting) !== formatSightingName(name)) throw damaged("does not say what its name says");
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
	* The names of the sightings of a suite, in no order; none where it was never recorded.
	* @throws DebproofError EVIDENCE, TOO_LARGE
	*/
	async names(suite) {
		const folder = suiteFolder(this.folder, suite);
		const names = await this.#downloads.names(new URL(`${pathToFileURL(folder).href}/`), () => listFolder(folder));
		if (names.length > 5e5) throw new DebproofError("TOO_LARGE", `${folder} has more than ${MAX_SIGHTINGS} sightings: begin another store.`);
		return names.flatMap((name) => parseSightingName(name) ?? []);
	}
	/** @throws DebproofError EVIDENCE, and as `Downloads` */
	async sighting(suite, name) {
		const place = sightingPath(this.folder, suite, name);
		const bytes = await this.#downloads.bytes(pathToFileURL(place), MAX_SIGHTING);
		return parseSighting(Buffer.from(bytes).toString("utf8"), place, name, suite);
	}
	/**
	* A release file as it was fetched.
	* @throws DebproofError INDEX_MISMATCH for an object that was changed, NOT_FOUND, RELEASE_MALFORMED
	*/
	async release({ release }) {
		const [first, second] = release;
		const text = await this.#object(first);
		const { href } = objectUrl(this.folder, first.sha256);
		if (second === void 0) return splitNamed(href, text);
		return pairNamed(href, text, objectUrl(this.folder, second.sha256).href, await this.#object(second));
	}
	async #object({ sha256, path: name }) {
		const url = objectUrl(this.folder, sha256);
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
};
/** @param what what the archive called it */
function damagedObject(folder, sha256, what) {
	return new DebproofError("INDEX_MISMATCH", `${objectPath(folder, sha256)} (${what}) no longer hashes to its name: it was changed after it was recorded. Restore it from a backup of the store.`);
}
/** A folder that was never made is empty. */
async function listFolder(folder) {
	try {
		return await readdir(folder);
	} catch (error) {
		if (systemErrorCode(error) === "ENOENT") return [];
		throw new DebproofError("EVIDENCE", `The store's folder ${folder} cannot be read`, { cause: error });
	}
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
// src/store/own-looks.ts
/** The looks at archives that the keys signed: another archive may have a suite of the same name in the same store. */
async function ownLooks(store, suite, names, isOurs) {
	const byArchive = /* @__PURE__ */ new Map();
	for (const name of [...names].sort((a, b) => a.seen.getTime() - b.seen.getTime())) {
		const others = byArchive.get(name.archive);
		if (others === void 0) byArchive.set(name.archive, [name]);
		else others.push(name);
	}
	const looks = [];
	const firsts = /* @__PURE__ */ new Map();
	const failures = [];
	for (const [archive, own] of byArchive) {
		const [first] = own;
		const last = own.at(-1) ?? first;
		try {
			const earliest = await store.sighting(suite, first);
			if (!(isOurs(earliest.signers) || isOurs((await store.sighting(suite, last)).signers))) continue;
			firsts.set(archive, earliest.identity);
			for (const look of own) looks.push(look);
		} catch (error) {
			if (!(error instanceof DebproofError)) throw error;
			failures.push({
				what: suite,
				error
			});
			for (const look of own) looks.push(look);
		}
	}
	return {
		looks,
		firsts,
		failures
	};
}
/** Whether any of the keys that signed, by a sighting's word, is of a keyring: it only saves reading. */
function signedByAny(keyring) {
	const trusted = new Set(keyring.signingKeys().map(({ primaryFingerprint }) => primaryFingerprint));
	return (signers) => signers.some((signer) => trusted.has(signer));
}
// src/store/release-state.ts
/**
* What a release file says of its suite, as one value: the SHA-256 of its text without what a signer may leave out
* or add. `InRelease` and `Release` have the same, and so have two files of which one has a signature more.
*/
function releaseState({ text }) {
	return sha256Of(Buffer.from(latin1(text).replaceAll(BLANKS_AT_END, "").replace(NEWLINES_AT_END, ""), "latin1"));
}
/** @param signed of which the signatures were verified */
function releaseIdentity({ text }) {
	const fields = parseStanza(latin1(text).replace(NEWLINES_AT_END, ""));
	return {
		origin: fields.get("origin"),
		label: fields.get("label"),
		codename: fields.get("codename")
	};
}
const BLANKS_AT_END = /(?<![ \t])[ \t]+$/gm;
const NEWLINES_AT_END = /(?<!\n)\n+$/;
function latin1(text) {
	return Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString("latin1");
}
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
* A state was in force from its Date to the Date of the next one that was seen, or until it was last seen, if that
* was later; the last one until it was last seen, for whoever stopped recording does not know what came then. Its
* distance from an instant is that to this span: nothing inside it, however
* long ago it was first seen. Among those as near, the one whose Date is nearest comes first.
*
* @param states sorted by their Date
* @param window milliseconds
*/
function nearestStates(states, at, window) {
	const ranked = states.map((state, index) => {
		const next = states.slice(index + 1).find(({ date }) => date.getTime() > state.date.getTime());
		const lastSeen = state.looks[0].seen.getTime();
		const until = Math.max(next?.date.getTime() ?? 0, lastSeen);
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
/** Never throws for what the store holds. */
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
async function load(store, suite, { at, window, isOurs }) {
	const { looks, firsts, failures } = await ownLooks(store, suite, await store.names(suite), isOurs);
	if (looks.length === 0) {
		const error = new DebproofError("NOT_FOUND", `The store ${store.folder} holds no ${suite} that is signed by these keys; \`debproof record\` puts it there.`);
		return {
			suite,
			states: [],
			failures: [...failures, {
				what: suite,
				error
			}],
			notes: []
		};
	}
	const { within, beyond } = nearestStates(statesOf(looks), at, window);
	const found = contradictions(looks);
	const states = within.map((state) => {
		const [look] = state.looks;
		const first = firsts.get(look.archive);
		const refused = refusal(store.folder, suite, state, found);
		return {
			look,
			...first === void 0 ? {} : { first },
			...refused === void 0 ? {} : { refused }
		};
	});
	if (beyond !== void 0) {
		const hours = Math.round(window / 36e5);
		const error = new DebproofError("NOT_FOUND", `The store ${store.folder} has no state of ${suite} within ${hours} hours of ${at.toISOString()}; the nearest is of ${beyond.date.toISOString()} and proves nothing for then: if the build may use it, widen \`window\`.`);
		failures.push({
			what: suite,
			error
		});
	}
	return {
		suite,
		states,
		failures,
		notes: notesOn(store.folder, suite, found, within)
	};
}
/** Why what was signed for this state proves nothing: the archive contradicted itself when it showed it. */
function refusal(folder, suite, { state, looks }, found) {
	const fork = found.find(({ kind, found: a, earlier: b }) => kind === "fork" && (a.state === state || b.state === state));
	if (fork !== void 0) return new DebproofError("EVIDENCE", describeContradiction(folder, suite, fork));
	const rollbacks = [...new Map(looks.map((look) => [look.archive, look])).values()].map((look) => found.find(({ kind, found: late }) => kind === "rollback" && late === look));
	const [rollback] = rollbacks;
	if (rollback === void 0 || rollbacks.some((one) => one === void 0)) return void 0;
	return new DebproofError("EVIDENCE", describeContradiction(folder, suite, rollback));
}
/** @returns a full sentence with the files, their dates and their hashes */
function describeContradiction(folder, suite, { kind, found, earlier }) {
	const file = (look) => sightingPath(folder, suite, look);
	const time = (date) => date.toISOString().replace(".000", "");
	return kind === "rollback" ? `At ${time(found.seen)} ${suite} was a release file of ${time(found.date)} (text ${found.state}, ${file(found)}), older than that of ${time(earlier.date)} (text ${earlier.state}, ${file(earlier)}) seen at ${time(earlier.seen)}.` : `There are two release files of ${suite} of ${time(found.date)}: text ${earlier.state} seen at ${time(earlier.seen)} (${file(earlier)}), and text ${found.state} seen at ${time(found.seen)} (${file(found)}).`;
}
function notesOn(folder, suite, found, chosen) {
	const states = new Set(chosen.map(({ state }) => state));
	const ours = found.filter(({ found: a, earlier: b }) => states.has(a.state) || states.has(b.state));
	const told = ours.slice(-10).map((one) => describeContradiction(folder, suite, one));
	const more = ours.length - told.length;
	return more > 0 ? [...told, `${folder} holds ${more} more such contradictions of ${suite}.`] : told;
}
export { suiteOfFolder as C, suiteFolder as S, objectUrl as _, ownLooks as a, sightingPath as b, contradictions as c, formatSighting as d, sightingName as f, objectPath as g, incomingFolder as h, releaseState as i, StoreReader as l, formatSightingName as m, loadSuite as n, signedByAny as o, archiveDigest as p, releaseIdentity as r, changedFields as s, describeContradiction as t, damagedObject as u, objectsFolder as v, sightingsFolder as x, parseSightingName as y };
