import { a as systemErrorCode, i as isDebproofError, r as describeError, t as DebproofError } from "./errors.js";
import { t as EXIT } from "./exit-code.js";
import { i as Downloads } from "./read-list.js";
import { d as clocks, l as COMMON_OPTIONS, s as ALLOW_PATH_OPTION, t as ANYWHERE, u as JSON_OPTION } from "./places.js";
import { A as releaseState, C as sightingPath, D as writtenArchiveDigest, E as suiteOfFolder, O as identityDigest, S as parseSightingName, T as suiteFolder, _ as incomingFolder, c as changedFields, d as StoreReader, f as damagedObject, g as formatSightingName, h as archiveDigest, i as impossibleTime, j as refuseLinks, k as releaseIdentity, l as contradictions, m as sightingName, o as verifySeen, p as formatSighting, s as identitiesOf, t as describeContradiction, u as contradictionsOf, v as isIncoming, w as sightingsFolder, x as objectsFolder, y as objectPath } from "./suite-history.js";
import { i as parseArchitecture, s as parseSha256 } from "./deb822.js";
import { D as sha256Of, T as urlBelow, s as filesOnDisk } from "./shipped-keys.js";
import { A as WantedNames, C as indexUrls, D as scanIndex, F as primaryFingerprints, S as indexForms, T as listsIndex, b as hidesIndex, d as indexPaths, k as takeIndex, m as judgeRelease, p as suiteDirectory, v as takeRelease, w as isStatedEmpty } from "./policy-schema.js";
import { n as bringToDisk, t as NEW_LASTING_FILE } from "./lasting-file.js";
import { t as makeFolder } from "./make-folder.js";
import { n as USER_AGENT } from "./tool.js";
import { t as ProgressLine } from "./progress-line.js";
import { i as parseListSource } from "./verify-options.js";
import { t as readPackageLists } from "./find-lists.js";
import { n as folderUrl, r as mergeReferences } from "./read-policy.js";
import { t as TrustAnchors } from "./trust.js";
import { n as readPolicyInput, t as placesFor } from "./policy-input.js";
import { t as visible } from "./visible.js";
import { randomBytes } from "node:crypto";
import path from "node:path";
import { lstat, open, readdir, rename, rm } from "node:fs/promises";
// src/store/store-listing.ts
/** Follows no symbolic link. @throws as node:fs does */
async function listStore(folder) {
	const foreign = [];
	const objects = [];
	for (const { name, file, size } of await grandchildren(objectsFolder(folder), foreign)) {
		const sha256 = parseSha256(name);
		if (sha256 === void 0 || objectPath(folder, sha256) !== file) foreign.push(file);
		else objects.push({
			sha256,
			size
		});
	}
	const sightings = [];
	for (const { parent, name: written, file } of await grandchildren(sightingsFolder(folder), foreign)) {
		const suite = suiteOfFolder(parent);
		const name = parseSightingName(written);
		if (suite === void 0 || name === void 0) foreign.push(file);
		else sightings.push({
			suite,
			name
		});
	}
	const incoming = incomingFolder(folder);
	const status = await lstat(incoming).catch(ifThere);
	if (status?.isDirectory() === false) foreign.push(incoming);
	for (const { name, file, size } of status?.isDirectory() === true ? await filesOf(incoming) : []) if (size === void 0 || !isIncoming(name)) foreign.push(file);
	return {
		objects,
		sightings,
		foreign
	};
}
async function grandchildren(folder, foreign) {
	const found = [];
	if (!(await lstat(folder)).isDirectory()) {
		foreign.push(folder);
		return found;
	}
	for (const entry of await readdir(folder, { withFileTypes: true })) {
		const place = path.join(folder, entry.name);
		if (!entry.isDirectory()) {
			foreign.push(place);
			continue;
		}
		for (const { name, file, size } of await filesOf(place)) if (size === void 0) foreign.push(file);
		else found.push({
			parent: entry.name,
			name,
			file,
			size
		});
	}
	return found;
}
/** What is in a folder, sorted; the size of what is a plain file. One that is not there, or was removed, holds nothing. */
async function filesOf(folder) {
	const found = [];
	for (const name of await readdir(folder).catch(ifThere) ?? []) {
		const file = path.join(folder, name);
		const status = await lstat(file).catch(ifThere);
		if (status !== void 0) found.push({
			name,
			file,
			size: status.isFile() ? status.size : void 0
		});
	}
	return found.sort((a, b) => a.name < b.name ? -1 : 1);
}
/** Others may write, and clear `incoming/`, at the same time. */
function ifThere(error) {
	if (systemErrorCode(error) !== "ENOENT") throw error;
}
// src/store/check-store.ts
/**
* Checks everything in a store: each object hashes to its name; each sighting is as it was written and names objects
* that are there; each release file is signed, and lists the indexes that the sighting names.
*
* @throws DebproofError USAGE where there is no store
*/
async function checkStore(request) {
	const { folder, progress } = request;
	const listing = await listingOf(folder);
	const problems = listing.foreign.map((file) => `${file} is not of this store: take it out.`);
	progress(`Hashing ${listing.objects.length} objects`);
	const whole = /* @__PURE__ */ new Set();
	for (const { sha256, size } of listing.objects) {
		const problem = await checkObject(request, sha256, size);
		if (problem === void 0) whole.add(sha256);
		else problems.push(problem);
	}
	progress(`Verifying ${listing.sightings.length} sightings`);
	const checker = new SightingChecker(request, whole, new Set(listing.objects.map(({ sha256 }) => sha256)));
	for (const { suite, name } of listing.sightings) {
		const file = sightingPath(folder, suite, name);
		try {
			const sighting = await checker.store.sighting(suite, name);
			problems.push(...(await checker.check(sighting)).map((why) => `${file}: ${why}`));
		} catch (error) {
			if (!(error instanceof DebproofError)) throw error;
			problems.push(describeError(error));
		}
	}
	return {
		objects: listing.objects.length,
		size: listing.objects.reduce((sum, { size }) => sum + size, 0),
		sightings: listing.sightings.length,
		problems,
		notes: [...checker.notes(), ...notesOn(folder, listing)]
	};
}
async function listingOf(folder) {
	try {
		await lstat(sightingsFolder(folder));
		return await listStore(folder);
	} catch (error) {
		throw new DebproofError("USAGE", `${folder} is no store of evidence that can be read; name another with --store`, { cause: error });
	}
}
async function checkObject({ downloads, folder }, sha256, size) {
	if (size > 4294967296) return `${objectPath(folder, sha256)} is larger than any index.`;
	try {
		const url = await new StoreReader(folder, downloads).objectUrl(sha256);
		return (await downloads.digest(url, Math.max(size, 536870912))).sha256 === sha256 ? void 0 : damagedObject(folder, sha256, "an object").message;
	} catch (error) {
		if (!(error instanceof DebproofError)) throw error;
		return describeError(error);
	}
}
var SightingChecker = class {
	store;
	#request;
	#whole;
	#there;
	/** A release file is seen again and again. */
	#releases = /* @__PURE__ */ new Map();
	#seen = /* @__PURE__ */ new Map();
	#used = /* @__PURE__ */ new Set();
	constructor(request, whole, there) {
		this.store = new StoreReader(request.folder, request.downloads);
		this.#request = request;
		this.#whole = whole;
		this.#there = there;
	}
	async check(sighting) {
		const problems = [];
		const files = [...sighting.release, ...sighting.indexes];
		const { archive, suite, seen } = sighting;
		if (seen.getTime() > this.#request.now.getTime() + 1e4) problems.push(`It says that it was seen at ${seen.toISOString()}, which is yet to come: a clock was fast, or somebody added it.`);
		const impossible = impossibleTime(sighting);
		if (impossible !== void 0) problems.push(impossible);
		this.#count(`${suite} at ${archive.href}`, seen);
		for (const { sha256, path: name } of files) {
			this.#used.add(sha256);
			if (this.#there.has(sha256)) continue;
			problems.push(`${objectPath(this.#request.folder, sha256)} (${name}) is lost.`);
		}
		if (!sighting.release.every(({ sha256 }) => this.#whole.has(sha256))) return problems;
		const release = await this.#release(sighting);
		if (typeof release === "string") return [...problems, release];
		for (const { path: name, sha256, size } of sighting.indexes) {
			const entry = release.entries.get(name);
			if (entry?.sha256 !== sha256 || entry.size !== size) problems.push(`The release file does not list this ${name}.`);
		}
		return problems;
	}
	/** What nobody signed and only people can judge: which archives were seen, and files that no sighting is about. */
	notes() {
		const time = (date) => date.toISOString().replace(".000", "");
		const archives = [...this.#seen].sort(([a], [b]) => a < b ? -1 : 1).map(([what, { first, last, times }]) => {
			return `${what} was seen ${times} ${times === 1 ? "time" : "times"}, from ${time(first)} to ${time(last)}.`;
		});
		const unused = [...this.#there].filter((sha256) => !this.#used.has(sha256)).length;
		if (unused === 0) return archives;
		const what = unused === 1 ? "1 file of objects/ is" : `${unused} files of objects/ are`;
		return [...archives, `${what} of no sighting: what a recording left that was stopped, or somebody added.`];
	}
	#count(what, seen) {
		const known = this.#seen.get(what) ?? {
			first: seen,
			last: seen,
			times: 0
		};
		this.#seen.set(what, {
			first: seen < known.first ? seen : known.first,
			last: seen > known.last ? seen : known.last,
			times: known.times + 1
		});
	}
	#release(sighting) {
		const { date, state, suite, identity, release: files } = sighting;
		const key = JSON.stringify([
			suite,
			date,
			state,
			identity,
			files
		]);
		let release = this.#releases.get(key);
		if (release === void 0) {
			release = this.#verify(sighting);
			this.#releases.set(key, release);
		}
		return release;
	}
	async #verify(sighting) {
		const refusals = [];
		const { keyrings, releaseNames } = this.#request;
		const names = [{}, ...[...releaseNames?.get(sighting.suite) ?? []].map((releaseName) => ({ releaseName }))];
		for (const { keyring, name } of keyrings.flatMap((keyring) => names.map((name) => ({
			keyring,
			name
		})))) try {
			const trust = {
				keyring,
				...name
			};
			return await verifySeen(sighting, await this.store.release(sighting), trust, sighting.seen);
		} catch (error) {
			if (!(error instanceof DebproofError)) throw error;
			refusals.push(describeError(error));
		}
		return [...new Set(refusals)].join(" ");
	}
};
function notesOn(folder, { sightings }) {
	return [...new Set(sightings.map(({ suite }) => suite))].flatMap((suite) => {
		const own = sightings.filter((sighting) => sighting.suite === suite).map(({ name }) => name);
		return contradictions(own).map((one) => describeContradiction(folder, suite, one));
	});
}
// src/store/keep-object.ts
/** Keeps a file at hand. @throws DebproofError OUTPUT */
async function keepBytes(recorder, bytes, path) {
	const file = {
		path,
		sha256: sha256Of(bytes),
		size: bytes.length
	};
	const earlier = await look(recorder, file);
	if (earlier !== void 0) return earlier;
	await recorder.writer.put(bytes, file.sha256);
	return {
		outcome: "added",
		file
	};
}
/**
* Keeps an index in the form that reading prefers, unless the store holds it in any form.
*
* @param directory the URL of the release file's directory, ending in `/`
* @throws DebproofError as `readIndex`, and OUTPUT
*/
async function keepIndex(recorder, { directory, look: looks }, release, path, kind) {
	for (const { file } of indexForms(release, path)) {
		const earlier = await look(recorder, file);
		if (earlier !== void 0) return earlier;
	}
	const { downloads, writer } = recorder;
	const urls = (file) => indexUrls(directory, release, file);
	const request = {
		kind,
		wanted: NOTHING,
		refuseHidden: false
	};
	let asked = "";
	try {
		return await takeIndex(downloads, {
			urls,
			look: looks
		}, release, path, async (chunks, offered) => {
			asked = offered.url.href;
			const { path: name, sha256, size } = offered.file;
			const incoming = await writer.receive();
			await incoming.whole(() => scanIndex(incoming.keep(chunks), offered.compression, offered, request, asked));
			await incoming.place(objectPath(writer.folder, sha256));
			return {
				outcome: "added",
				file: {
					path: name,
					sha256,
					size
				}
			};
		});
	} catch (error) {
		if (!isDebproofError(error, "INDEX_MISMATCH", "COMPRESSION") || !asked.includes("/by-hash/SHA256/")) throw error;
		return {
			outcome: "anomaly",
			why: `What the server gave for a hash is not that: ${asked}: ${describeError(error)}`
		};
	}
}
const NOTHING = new WantedNames([]);
/** What the store holds under this hash is hashed anew: nothing is confirmed that is no longer there. */
async function look({ downloads, reader, writer }, { path, sha256, size }) {
	if (!await writer.has(sha256)) return void 0;
	try {
		if ((await downloads.digest(await reader.objectUrl(sha256), Math.max(size, 536870912))).sha256 === sha256) return {
			outcome: "reused",
			file: {
				path,
				sha256,
				size
			}
		};
	} catch (error) {
		if (isDebproofError(error, "EVIDENCE", "NOT_FOUND")) return {
			outcome: "anomaly",
			why: notThere(error, path)
		};
		if (!isDebproofError(error, "TOO_LARGE")) throw error;
	}
	return {
		outcome: "anomaly",
		why: damagedObject(writer.folder, sha256, path).message
	};
}
function notThere(error, what) {
	return `${error.message} It should be ${what}: restore that from a backup of the store.`;
}
// src/store/confirm-suite.ts
/**
* Says that a suite was seen, once all that it was seen with is on the disk, and compares it with all that was seen
* before. A file that the store holds damaged cannot be confirmed: then nothing is said of the suite.
*
* @throws DebproofError OUTPUT
*/
async function confirmSuite(recorder, archive, suite, { bytes, release, indexes, failures, notes }) {
	const { reader, writer, at } = recorder;
	const files = [];
	for (const file of bytes.files) {
		const name = file.url.slice(file.url.lastIndexOf("/") + 1);
		files.push(await keepBytes(recorder, file.bytes, name));
	}
	const all = [...files, ...indexes];
	const held = (kept) => kept.flatMap((one) => one.outcome === "anomaly" ? [] : [one.file]);
	const added = all.flatMap((one) => one.outcome === "added" ? [one.file] : []);
	const anomalies = all.flatMap((one) => one.outcome === "anomaly" ? [one.why] : []);
	const common = {
		archive,
		suite,
		date: release.date,
		added: {
			files: added.length,
			bytes: added.reduce((sum, { size }) => sum + size, 0)
		},
		reused: all.filter(({ outcome }) => outcome === "reused").length,
		failures,
		notes
	};
	const [first, second] = held(files);
	if (first === void 0 || files.some(({ outcome }) => outcome === "anomaly")) return {
		...common,
		outcome: "unread",
		anomalies
	};
	const sighting = {
		archive,
		suite,
		seen: at,
		date: release.date,
		state: releaseState(bytes.signed),
		identity: releaseIdentity(bytes.signed),
		signers: primaryFingerprints(release.signers),
		release: second === void 0 ? [first] : [first, second],
		indexes: held(indexes).sort((a, b) => a.path < b.path ? -1 : 1)
	};
	const file = await writer.putSighting(sighting);
	const own = sightingName(sighting);
	const { names, foreign } = await reader.suite(suite);
	if (foreign !== void 0) anomalies.push(foreign.message);
	const spellings = [archiveDigest(archive), writtenArchiveDigest(archive)];
	const others = names.filter((look) => spellings.includes(look.archive) && formatSightingName(look) !== own);
	for (const one of contradictionsOf(lookOf(sighting), others)) anomalies.push(describeContradiction(writer.folder, suite, one));
	const earlier = others.filter((look) => look.seen <= at);
	anomalies.push(...await changes(recorder, sighting, earlier, file));
	const isNew = latestOf(earlier)?.state !== sighting.state || added.length > 0;
	return {
		...common,
		outcome: isNew ? "new" : "unchanged",
		sighting: file,
		anomalies
	};
}
/** Origin, Label and Codename are held to what every release file says that the store has of the archive. */
async function changes({ reader }, { suite, identity, date }, earlier, file) {
	const { known, failures } = await identitiesOf(reader, suite, earlier);
	const told = failures.slice(0, 1).map(({ message }) => message);
	const other = known.find((one) => one.identity !== identityDigest(identity));
	if (other === void 0) return told;
	try {
		const before = await reader.sighting(suite, other.name);
		const changed = changedFields(before.identity, identity);
		const when = `${date.toISOString()} (${file}) to that of ${before.date.toISOString()}, seen before`;
		return [...told, `The release file of ${suite} of ${when}, does not fit: ${changed.join("; ")}.`];
	} catch (error) {
		if (!(error instanceof DebproofError)) throw error;
		return [...told, error.message];
	}
}
/** By its own name. */
function lookOf(sighting) {
	const name = parseSightingName(sightingName(sighting));
	if (name === void 0) throw new Error("a sighting has a name that is none");
	return name;
}
function latestOf(looks) {
	return [...looks].sort((a, b) => b.seen.getTime() - a.seen.getTime())[0];
}
// src/store/record-suite.ts
/**
* Records what a suite is now. Everything that was fetched is on the disk before a sighting says so; what contradicts
* the store is recorded too, as evidence of that.
*
* @throws DebproofError OUTPUT where the store cannot be written
*/
async function recordSuite(recorder, request, suite) {
	const { base } = request.area;
	const unread = (error) => {
		return {
			archive: base,
			suite,
			outcome: "unread",
			added: {
				files: 0,
				bytes: 0
			},
			reused: 0,
			anomalies: [],
			notes: [],
			failures: [failure(suite, error)]
		};
	};
	await refuseUnreadable(recorder, suite);
	let gathered;
	try {
		await checkOwnClock(recorder, request, suite);
		gathered = await gather(recorder, request, suite, 1);
		if (base.protocol !== "file:" && isTorn(gathered)) {
			const again = await gather(recorder, request, suite, 2);
			const news = gathered.indexes.filter(({ outcome }) => outcome === "added");
			gathered = {
				...again,
				indexes: again.indexes.map((kept) => news.find((one) => isSame(one, kept)) ?? kept)
			};
		}
	} catch (error) {
		return unread(error);
	}
	return await confirmSuite(recorder, base, suite, gathered);
}
function isTorn({ failures, indexes }) {
	const codes = ["INDEX_MISMATCH", "NOT_FOUND"];
	return failures.some(({ code }) => codes.includes(code)) || indexes.some(({ outcome }) => outcome === "anomaly");
}
function isSame(one, other) {
	return one.outcome !== "anomaly" && other.outcome !== "anomaly" && one.file.sha256 === other.file.sha256;
}
/** @throws DebproofError for a release file that cannot be had or is not trusted, OUTPUT */
async function gather(recorder, request, suite, look) {
	const { area, keyring, kinds } = request;
	const { at, downloads } = recorder;
	const directory = urlBelow(area.base, suiteDirectory(suite));
	const bytes = await takeRelease(downloads, directory, { look }, async (read) => read);
	const name = area.releaseName === void 0 ? {} : { releaseName: area.releaseName };
	const { release } = await judgeRelease(bytes, {
		keyring,
		at,
		suite,
		...name,
		past: true
	});
	const file = bytes.files[0]?.url ?? suite;
	if (release.date.getTime() > at.getTime() + 1e4) {
		const why = `${file} is dated ${release.date.toISOString()}, after ${at.toISOString()}: check the clock.`;
		throw new DebproofError("RELEASE_TIME", why);
	}
	checkServersClock(recorder, area.base);
	const failures = [];
	const notes = [];
	const { validUntil } = release;
	if (validUntil !== void 0 && validUntil < at) {
		const why = `${file} expired at ${validUntil.toISOString()} (Valid-Until): the server shows an old state.`;
		failures.push({
			what: suite,
			code: "RELEASE_TIME",
			message: why
		});
	}
	const wanted = kinds.flatMap((kind) => indexPaths(area, suite, release, kind).map((path) => ({
		path,
		kind
	})));
	const kept = await Promise.all(wanted.map(async ({ path, kind }) => {
		const what = `${suite} ${path}`;
		if (isStatedEmpty(release, path)) return [];
		if (!listsIndex(release, path)) {
			if (hidesIndex(release, path)) failures.push(failure(what, hiddenIndex(suite, path)));
			else if (!path.includes("/binary-all/")) notes.push(`${suite} at ${area.base.href} has no ${path}.`);
			return [];
		}
		try {
			return [await keepIndex(recorder, {
				directory,
				look
			}, release, path, kind)];
		} catch (error) {
			failures.push(failure(what, error));
			return [];
		}
	}));
	if (wanted.every(({ path }) => !listsIndex(release, path) && !hidesIndex(release, path))) {
		const why = `${suite} at ${area.base.href} has none of the components and architectures that are asked for.`;
		failures.push({
			what: suite,
			code: "INDEX_UNLISTED",
			message: why
		});
	}
	return {
		bytes,
		release,
		indexes: kept.flat(),
		failures,
		notes
	};
}
/**
* What cannot be added to is no failure of the archive.
* @throws DebproofError OUTPUT
*/
async function refuseUnreadable({ reader }, suite) {
	try {
		await reader.suite(suite);
	} catch (error) {
		if (!(error instanceof DebproofError)) throw error;
		throw new DebproofError("OUTPUT", error.message, { cause: error.cause });
	}
}
/** Whatever is recorded by a slow clock, or after a fast one, would be out of its order for ever. */
async function checkOwnClock({ at, reader }, { area }, suite) {
	const { names } = await reader.suite(suite);
	const archive = archiveDigest(area.base);
	const ahead = names.find((name) => name.archive === archive && name.seen.getTime() > at.getTime() + 6e5);
	if (ahead === void 0) return;
	throw new DebproofError("RELEASE_TIME", `${sightingPath(reader.folder, suite, ahead)} says that ${suite} was seen at ${ahead.seen.toISOString()}, after ${at.toISOString()}: check the clock. If it is right, that one was fast, or somebody added the file: begin a new store, or take it out.`);
}
function checkServersClock({ at, servers }, base) {
	const said = servers.of(base);
	if (said === void 0 || at.getTime() <= said.getTime() + 864e5) return;
	throw new DebproofError("RELEASE_TIME", `By this clock it is ${at.toISOString()}, and ${base.host} says that it is ${said.toISOString()}: check the clock. If it is right, a proxy keeps old answers, or the clock of the server is wrong: record another mirror.`);
}
function hiddenIndex(suite, path) {
	const why = `The release file of ${suite} lists forms of ${path}, but not the index itself with its SHA-256: apt does not read it.`;
	return new DebproofError("INDEX_UNREADABLE", why);
}
/** A store that cannot be written is no failure of an archive, nor is a bug: they pass. */
function failure(what, error) {
	if (!(error instanceof DebproofError) || error.code === "OUTPUT") throw error;
	return {
		what,
		code: error.code,
		message: describeError(error)
	};
}
// src/store/store-writer.ts
/**
* Adds to a store of evidence, and never changes or removes what is there. A file is written aside, brought to the
* disk, and then put in its place under its final name: whoever is killed leaves whole files and files in
* `incoming/`, which nobody reads. Any number of processes may write at once. Nothing is written, nor removed, through a
* symbolic link within the store.
*/
var StoreWriter = class StoreWriter {
	folder;
	/** Folders whose own names are known to be on the disk. */
	#lasting = /* @__PURE__ */ new Set();
	constructor(folder) {
		this.folder = folder;
	}
	/** @throws DebproofError OUTPUT */
	static async open(folder) {
		const writer = new StoreWriter(folder);
		await writing(folder, async () => {
			await makeFolder(folder);
			await refuseForeignFolder(folder);
			for (const own of [
				objectsFolder(folder),
				sightingsFolder(folder),
				incomingFolder(folder)
			]) await writer.#makeLasting(own);
			await removeAbandoned(folder);
		});
		return writer;
	}
	/** @throws DebproofError OUTPUT */
	async receive() {
		return await writing(this.folder, async () => {
			const file = path.join(incomingFolder(this.folder), `${process.pid}-${randomBytes(8).toString("hex")}.part`);
			await refuseLinks(this.folder, file, "OUTPUT");
			return new IncomingFile(this.folder, file, await open(file, NEW_LASTING_FILE), async (from, to) => {
				await this.#makeLasting(path.dirname(to));
				await refuseLinks(this.folder, from, "OUTPUT");
				await rename(from, to);
				await syncFolder(path.dirname(to));
			});
		});
	}
	/** Puts an object of bytes at hand that is not there yet. */
	async put(bytes, sha256) {
		const incoming = await this.receive();
		await incoming.whole(async () => await incoming.write(bytes));
		await incoming.place(objectPath(this.folder, sha256));
	}
	/**
	* Whether there is an object of this name, or something else in its place; if so, it is made to last, for the process
	* that put it there may not have come so far.
	*/
	async has(sha256) {
		const file = objectPath(this.folder, sha256);
		return await writing(this.folder, async () => {
			try {
				await lstat(file);
			} catch (error) {
				if (systemErrorCode(error) === "ENOENT") return false;
				throw error;
			}
			await this.#makeLasting(path.dirname(file));
			await syncFolder(path.dirname(file));
			return true;
		});
	}
	/** @returns the file. Everything that the sighting names must be in the store. */
	async putSighting(sighting) {
		const file = path.join(suiteFolder(this.folder, sighting.suite), sightingName(sighting));
		const incoming = await this.receive();
		await incoming.whole(async () => await incoming.write(Buffer.from(formatSighting(sighting))));
		await incoming.place(file);
		return file;
	}
	async #makeLasting(folder) {
		await refuseLinks(this.folder, folder, "OUTPUT");
		if (this.#lasting.has(folder)) return;
		await makeFolder(folder);
		await syncFolder(path.dirname(folder));
		this.#lasting.add(folder);
	}
};
/** A file on its way into the store. */
var IncomingFile = class {
	#store;
	#file;
	#handle;
	#move;
	size = 0;
	constructor(store, file, handle, move) {
		this.#store = store;
		this.#file = file;
		this.#handle = handle;
		this.#move = move;
	}
	async write(bytes) {
		await writing(this.#store, async () => {
			for (let done = 0; done < bytes.length;) done += (await this.#handle.write(bytes, done, bytes.length - done)).bytesWritten;
		});
		this.size += bytes.length;
	}
	/** Passes chunks on and keeps them. */
	async *keep(chunks) {
		for await (const chunk of chunks) {
			await this.write(chunk);
			yield chunk;
		}
	}
	/** Runs what writes all of it, and brings it to the disk; what fails half way leaves nothing. */
	async whole(write) {
		try {
			const result = await write();
			await writing(this.#store, async () => await bringToDisk(this.#handle));
			return result;
		} catch (error) {
			await rm(this.#file, { force: true });
			throw error;
		} finally {
			await this.#handle.close();
		}
	}
	/** Only after `whole`. */
	async place(target) {
		await writing(this.#store, async () => await this.#move(this.#file, target));
	}
};
const OWN_NAMES = [
	"objects",
	"sightings",
	"incoming"
];
async function refuseForeignFolder(folder) {
	const names = (await readdir(folder)).filter((name) => !name.startsWith("."));
	if (names.length === 0 || names.some((name) => OWN_NAMES.includes(name))) return;
	throw new DebproofError("OUTPUT", `${folder} is not empty and is no store of evidence; name another with --store.`);
}
/**
* What a killed process left; one that still writes has touched its file lately. Folders, links and files of other names
* are not debproof's: `record --verify` names them.
*/
async function removeAbandoned(folder) {
	const incoming = incomingFolder(folder);
	for (const name of (await readdir(incoming)).filter(isIncoming)) {
		const file = path.join(incoming, name);
		await refuseLinks(folder, incoming, "OUTPUT");
		const status = await lstat(file).catch(() => void 0);
		if (status?.isFile() === true && status.mtimeMs < Date.now() - 864e5) await rm(file, { force: true });
	}
}
/** A new name in a folder lasts when the folder itself was written (fsync(2)); some file systems do not offer that. */
async function syncFolder(folder) {
	const handle = await open(folder, "r");
	try {
		await bringToDisk(handle);
	} catch (error) {
		if (![
			"EINVAL",
			"ENOTSUP",
			"EPERM",
			"EISDIR"
		].includes(systemErrorCode(error) ?? "")) throw error;
	} finally {
		await handle.close();
	}
}
async function writing(folder, step) {
	try {
		return await step();
	} catch (error) {
		if (systemErrorCode(error) === void 0) throw error;
		throw new DebproofError("OUTPUT", `The store ${folder} cannot be written`, { cause: error });
	}
}
// src/store/record.ts
/**
* Records all suites of some archives.
* @throws DebproofError OUTPUT where the store cannot be written
*/
async function record(options) {
	const { folder, downloads, at, requests, servers, onSuite } = options;
	const recorder = {
		downloads,
		writer: await StoreWriter.open(folder),
		reader: new StoreReader(folder, downloads),
		at,
		servers
	};
	const suites = await Promise.all(requests.flatMap((request) => request.area.suites.map(async (suite) => {
		const done = await recordSuite(recorder, request, suite);
		onSuite(done);
		return done;
	})));
	const { objects, sightings } = await listStore(folder);
	const bytes = objects.reduce((sum, { size }) => sum + size, 0);
	return {
		suites,
		total: {
			files: objects.length,
			bytes,
			sightings: sightings.length
		}
	};
}
// src/store/server-clocks.ts
/** What servers say of the time (RFC 9110, 6.6.1): a hint, by which a recorder notices that its own clock is fast. */
var ServerClocks = class {
	#latest = /* @__PURE__ */ new Map();
	/** @param said what an answer to a request for the URL says, with the time for which a cache kept it */
	hear = (url, said) => {
		const earlier = this.#latest.get(url.host);
		if (earlier === void 0 || earlier < said) this.#latest.set(url.host, said);
	};
	/** The latest that the server of an archive said; undefined where it said nothing. */
	of({ host }) {
		return this.#latest.get(host);
	}
};
// src/commands/record-options.ts
const RECORD_OPTIONS = [
	{
		name: "store",
		value: "DIR",
		default: "evidence",
		description: "The evidence store. It is made where it is not there, and only ever added to."
	},
	{
		name: "policy",
		value: "FILE",
		default: "debproof.yml",
		description: "The policy, of which every upstream with a url is recorded, unless --url names an archive."
	},
	{
		name: "url",
		value: "URL",
		description: "The archive to record, instead of those of the policy."
	},
	{
		name: "suite",
		value: "NAME",
		multiple: true,
		description: "With --url: a codename below dists/, or a path that ends in `/`."
	},
	{
		name: "release-name",
		value: "NAME",
		description: "With --url, or --verify and --signed-by: the Suite or Codename that the release file of the one --suite has, where that is another."
	},
	{
		name: "component",
		value: "NAME",
		multiple: true,
		description: "With --url: main where none is named."
	},
	{
		name: "architecture",
		value: "NAME",
		multiple: true,
		description: "With --url: such as amd64; `all` is implied."
	},
	{
		name: "signed-by",
		value: "KEYRING",
		multiple: true,
		description: "With --url or --verify: a keyring file or `debian` for the shipped one; fingerprints beside it restrict it."
	},
	{
		name: "no-sources",
		description: "Keep no indexes of source packages; they are not proven from this store then."
	},
	{
		name: "verify",
		description: "Record nothing, and check the whole store: every file against its name, every signature, every index against the release file that lists it."
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
	{
		name: "at",
		value: "TIME",
		description: "The clock for every decision, and the time that is written down as that of the sighting, in RFC 3339. The default is now; a time to come is refused."
	},
	ALLOW_PATH_OPTION,
	JSON_OPTION,
	...COMMON_OPTIONS
];
/** Where `file:` URLs may lead: those of a policy, and the store, which the user names. */
function placesToRecord(given, terminal) {
	return given.text("url") === void 0 ? placesFor(given, terminal, given.text("store") ?? "") : ANYWHERE;
}
/**
* The archives to record: the one that is named by hand, or every upstream of the policy that is read by URL.
* @throws DebproofError USAGE, POLICY, KEY
*/
async function archivesToRecord(given, terminal, downloads) {
	const url = given.text("url");
	if (url !== void 0) return [await namedArchive(given, url)];
	for (const name of [
		"suite",
		"release-name",
		"component",
		"architecture",
		"signed-by"
	]) if (given.texts(name).length > 0) throw usage(`--${name} belongs to --url; say which archive, or leave it out`);
	const { archives } = await resolvePolicy(given, terminal, downloads);
	const found = archives.filter(({ require }) => require !== "absent").flatMap(({ upstreams }) => upstreams.flatMap((upstream) => upstream.kind === "live" ? [upstream] : []));
	if (found.length === 0) throw new DebproofError("POLICY", "The policy has no upstream with a url; name an archive with --url.");
	return found;
}
/**
* By what a store is checked: the keys that are named, or those of all upstreams of the policy, with the names that it
* gives to suites.
* @throws DebproofError POLICY, KEY
*/
async function trustToCheckBy(given, terminal, downloads) {
	const signedBy = given.texts("signed-by");
	if (signedBy.length > 0) {
		const [suite, ...others] = given.texts("suite");
		const name = given.text("release-name");
		if (name !== void 0 && (suite === void 0 || others.length > 0)) throw usage(ONE_SUITE);
		return {
			keyrings: [await anchors().keyring(signedBy, "--signed-by")],
			releaseNames: new Map(suite === void 0 || name === void 0 ? [] : [[suite, /* @__PURE__ */ new Set([name])]])
		};
	}
	const { archives } = await resolvePolicy(given, terminal, downloads);
	const upstreams = archives.flatMap((archive) => archive.upstreams);
	const keyrings = upstreams.map(({ keyring }) => keyring);
	if (keyrings.length === 0) throw new DebproofError("POLICY", "The policy has no upstream whose keys a store could be signed by.");
	const releaseNames = /* @__PURE__ */ new Map();
	for (const { area } of upstreams) {
		const [suite, name] = [area.suites[0], area.releaseName];
		if (suite === void 0 || name === void 0) continue;
		releaseNames.set(suite, (releaseNames.get(suite) ?? /* @__PURE__ */ new Set()).add(name));
	}
	return {
		keyrings,
		releaseNames
	};
}
const ONE_SUITE = "--release-name is for one --suite: name each alone";
async function namedArchive(given, url) {
	const suites = given.texts("suite");
	const components = given.texts("component");
	const architectures = given.texts("architecture").map(checkedArchitecture);
	const signedBy = given.texts("signed-by");
	const releaseName = given.text("release-name");
	if (suites.length === 0) throw usage("--suite is missing: a codename such as bookworm");
	if (architectures.length === 0) throw usage("--architecture is missing: such as amd64");
	if (signedBy.length === 0) throw usage("--signed-by is missing: a file, or `debian` for the shipped keyring");
	for (const suite of suites) if (!/^[A-Za-z0-9._~+/-]+$/.test(suite) || suite.split("/").includes("..")) throw usage(`--suite ${JSON.stringify(suite)} is no suite`);
	if (releaseName !== void 0 && suites.length > 1) throw usage(ONE_SUITE);
	if (!/^(?:https?:\/\/|file:)/.test(url)) throw usage(`--url ${url} must begin with http://, https:// or file:`);
	return {
		area: {
			base: folderUrl(url, "--url", process.cwd()),
			suites,
			...releaseName === void 0 ? {} : { releaseName },
			components: components.length === 0 ? ["main"] : components,
			architectures
		},
		keyring: await anchors().keyring(signedBy, "--signed-by")
	};
}
function anchors() {
	return new TrustAnchors(process.cwd(), filesOnDisk);
}
function checkedArchitecture(text) {
	const architecture = parseArchitecture(text);
	if (architecture === void 0) throw usage(`--architecture ${JSON.stringify(text)} is none, such as amd64`);
	return architecture;
}
async function resolvePolicy(given, terminal, downloads) {
	const file = await readPolicyInput(given, terminal);
	const sources = given.texts("packages").map(parseListSource);
	if (sources.length > 0) return await file.resolve(mergeReferences(await readPackageLists(sources, path.resolve(), downloads)));
	try {
		return await file.resolve({});
	} catch (error) {
		if (!isDebproofError(error, "POLICY") || file.lists.length === 0) throw error;
		const lists = await readPackageLists(file.lists, file.folder, downloads, placesFor(given, terminal)).catch(() => {
			throw error;
		});
		return await file.resolve(mergeReferences(lists));
	}
}
function usage(problem) {
	return new DebproofError("USAGE", `record: ${problem} — see \`debproof record --help\`.`);
}
// src/commands/record-text.ts
const WORDS = {
	new: "NEW",
	unchanged: "UNCHANGED",
	unread: "UNREAD"
};
/** What came of one suite: a line, and one for each thing to know. */
function suiteText({ archive, suite, outcome, date, added, reused, ...more }) {
	const files = date === void 0 ? "" : ` of ${date.toISOString()}: ${added.files} new files (${bytes(added.bytes)}), ${reused} known`;
	return [
		`${WORDS[outcome]}  ${suite} at ${archive.href}${files}`,
		...more.anomalies.map((text) => `  ANOMALY: ${text}`),
		...more.failures.map(({ what, message }) => `  NOT READ: ${what}: ${message}`),
		...more.notes.map((text) => `  Note: ${text}`)
	].map((line) => `${oneLine(line)}\n`).join("");
}
/** The last line. */
function recordingText({ suites, total }, store) {
	const count = (test) => suites.filter(test).length;
	const anomalies = count((suite) => suite.anomalies.length > 0);
	const unread = count((suite) => suite.failures.length > 0);
	const added = suites.reduce((sum, suite) => sum + suite.added.bytes, 0);
	const files = suites.reduce((sum, suite) => sum + suite.added.files, 0);
	const bad = [...anomalies > 0 ? [`${anomalies} with anomalies`] : [], ...unread > 0 ? [`${unread} not read in full`] : []];
	const word = anomalies > 0 ? "ANOMALY" : unread > 0 ? "INCOMPLETE" : "RECORDED";
	const what = `${suites.length} ${suites.length === 1 ? "suite" : "suites"}${bad.length === 0 ? "" : ` (${bad.join(", ")})`}`;
	const holds = `${total.files} files (${bytes(total.bytes)}) and ${total.sightings} sightings`;
	return `${oneLine(`${word}: ${what}, ${files} new files (${bytes(added)}); ${store} holds ${holds}.`)}\n`;
}
function recordingJson({ suites, total }, at) {
	const shown = suites.map(({ archive, suite, outcome, date, sighting, ...rest }) => {
		return {
			archive: archive.href,
			suite,
			outcome,
			date: date?.toISOString() ?? null,
			sighting: sighting ?? null,
			...rest
		};
	});
	return `${JSON.stringify({
		at: at.toISOString(),
		suites: shown,
		total
	}, null, 1)}\n`;
}
function checkText({ objects, size, sightings, problems, notes }, store) {
	const holds = `${objects} files (${bytes(size)}) and ${sightings} sightings`;
	return [
		problems.length === 0 ? `SOUND: ${store} holds ${holds}; all are what they say.` : `DAMAGED: ${problems.length} ${problems.length === 1 ? "problem" : "problems"} in ${store}, which holds ${holds}.`,
		...problems.map((text) => `  ${text}`),
		...notes.map((text) => `  Note: ${text}`)
	].map((line) => `${oneLine(line)}\n`).join("");
}
function oneLine(text) {
	return visible(text).trimEnd().replaceAll("\n", " ");
}
function bytes(count) {
	return count < 1e3 ? `${count} bytes` : count < 1e6 ? `${(count / 1e3).toFixed(1)} kB` : `${(count / 1e6).toFixed(1)} MB`;
}
// src/commands/record.ts
const recordCommand = {
	name: "record",
	usage: "[--policy FILE | --url URL] [--store DIR]",
	title: "keep an upstream's signed release files and indexes in an append-only evidence store",
	description: "Fetches the release files and indexes of upstreams as they are now and adds what is new to a store, from which\n`verify` proves packages later (`store:` under an upstream). Run it as often as the upstreams change.\n\nIt notices what cannot be honest: a release file older than one seen before, two of one date, another Origin,\nLabel or Codename, other bytes under a known hash. That is recorded too, and told.\n\nExit codes: 0 recorded, or the store is sound; 1 an anomaly, or the store is damaged; 2 the command, policy or\nkey is wrong or the store cannot be written; 3 no anomaly, but something could not be read or is out of date.",
	options: RECORD_OPTIONS,
	positionals: {
		min: 0,
		max: 0
	},
	async run(given, terminal) {
		const progress = new ProgressLine(terminal, {
			quiet: given.flag("quiet"),
			verbose: given.flag("verbose")
		});
		const servers = new ServerClocks();
		const downloads = new Downloads({
			userAgent: USER_AGENT,
			onDownload: progress.download,
			onTime: servers.hear,
			places: placesToRecord(given, terminal)
		});
		try {
			if (given.flag("verify")) return await checkRun(given, terminal, downloads, progress);
			return await recordRun(given, terminal, downloads, servers, progress);
		} finally {
			progress.end();
			await downloads.close();
		}
	}
};
async function recordRun(given, terminal, downloads, servers, progress) {
	const archives = await archivesToRecord(given, terminal, downloads);
	const kinds = given.flag("no-sources") ? ["Packages"] : ["Packages", "Sources"];
	const store = given.text("store") ?? "";
	const { at = /* @__PURE__ */ new Date(), now } = clocks(given.text("at"));
	if (at.getTime() > now.getTime() + 1e3) throw new DebproofError("USAGE", "record: --at lies in the future: what is seen later would then be older than this.");
	const told = !given.flag("quiet") && !given.flag("json");
	progress.progress(`Recording into ${store}`);
	const recording = await record({
		folder: path.resolve(store),
		requests: merged(archives).map((archive) => ({
			...archive,
			kinds
		})),
		downloads,
		at,
		servers,
		onSuite: (suite) => {
			progress.end();
			if (told) terminal.out(suiteText(suite));
		}
	});
	terminal.out(given.flag("json") ? recordingJson(recording, at) : recordingText(recording, store));
	return exitCode(recording);
}
function exitCode({ suites }) {
	if (suites.some(({ anomalies }) => anomalies.length > 0)) return EXIT.fail;
	return suites.some(({ failures }) => failures.length > 0) ? EXIT.undecided : EXIT.pass;
}
async function checkRun(given, terminal, downloads, progress) {
	const store = given.text("store") ?? "";
	const trust = await trustToCheckBy(given, terminal, downloads);
	const { now } = clocks(given.text("at"));
	const check = await checkStore({
		folder: path.resolve(store),
		downloads,
		...trust,
		now,
		progress: progress.progress
	});
	progress.end();
	const text = given.flag("json") ? `${JSON.stringify(check, null, 1)}\n` : checkText(check, store);
	terminal.out(given.flag("quiet") && !given.flag("json") ? `${text.split("\n")[0] ?? ""}\n` : text);
	return check.problems.length === 0 ? EXIT.pass : EXIT.fail;
}
/** Several archives of a policy may have one upstream: a suite of it is recorded once, with all that they use of it. */
function merged(archives) {
	const found = [];
	for (const archive of archives) for (const suite of archive.area.suites) {
		const { area, keyring } = archive;
		const same = found.findIndex((other) => other.area.base.href === area.base.href && other.area.suites[0] === suite && other.area.releaseName === area.releaseName && keysOf(other.keyring) === keysOf(keyring));
		const other = found[same];
		if (other === void 0) found.push({
			...archive,
			area: {
				...area,
				suites: [suite]
			}
		});
		else {
			const both = (one, two) => [.../* @__PURE__ */ new Set([...one, ...two])];
			const components = both(other.area.components, area.components);
			const architectures = both(other.area.architectures, area.architectures);
			found[same] = {
				...other,
				area: {
					...other.area,
					components,
					architectures
				}
			};
		}
	}
	return found;
}
function keysOf(keyring) {
	return keyring.signingKeys().map(({ fingerprint }) => fingerprint).sort().join();
}
export { recordCommand };
