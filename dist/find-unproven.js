import { Ft as MAX_STATEMENTS_PER_PACKAGE, I as MAX_FILE_HINTS, It as MAX_STATEMENT_FILES, Lt as MAX_STATEMENT_FOLDER_ENTRIES, M as MAX_DIRECTORY_LISTING, Pt as MAX_STATEMENT, St as MAX_RUN_LIST, Tt as MAX_SHA256SUMS_LINES, X as MAX_LISTED_FILES, Xt as STATEMENT_TIMEOUT, a as systemErrorCode, i as isDebproofError, pt as MAX_REBUILDERD_ANSWER, q as MAX_LAYOUT_KEYS, r as describeError, t as DebproofError, v as MAX_BUILDINFO, wt as MAX_SHA256SUMS } from "./errors.js";
import { A as string, D as safeParse, S as pipe, a as getDotPath, b as optional, r as check, t as array, w as record, y as object } from "./dist.js";
import { a as parseFingerprint, l as parseVersion, r as trimBlanksAtEnd, s as parseSha256 } from "./deb822.js";
import { D as sha256Of, T as urlBelow, _ as splitClearsigned, b as STATEMENT, m as pairDetached, p as materialOfKey, x as verifySignatures$1 } from "./shipped-keys.js";
import { A as WantedNames, D as scanIndex, F as primaryFingerprints, P as FileHashes, S as indexForms, j as sourceOf, k as takeIndex, m as judgeRelease, w as isStatedEmpty, y as emptyIndex } from "./policy-schema.js";
import { a as memberOf, c as canonicalRebuilderd, d as ArchiveReader, f as describeUnclear, i as asString, l as parseBuildinfo, n as asInteger, o as parseStrictJson, r as asObject, s as canonicalOlpc, t as asArray, u as detached$1 } from "./strict-json.js";
import { A as releaseState, C as sightingPath, D as writtenArchiveDigest, O as identityDigest, a as signedByAny, b as objectUrl, c as changedFields, d as StoreReader, h as archiveDigest, k as releaseIdentity, n as loadSuite, r as SightingVerifier, s as identitiesOf } from "./suite-history.js";
import { a as Slots, o as RequestRefusedError } from "./read-list.js";
import { a as keyIdsOf, i as isInForce } from "./read-policy.js";
import { constants, createHash, createPublicKey, verify } from "node:crypto";
import path, { posix } from "node:path";
import { readdir, realpath, stat } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
// src/locate/located.ts
/** The build's own architecture, which lists that name none mean. */
function nativeOf({ served }) {
	return served.area.architectures[0];
}
// src/identical/claim.ts
/** The claim that a file listed by an archive is the upstream's. */
function claimOfListing(listing) {
	const { entry } = listing;
	return {
		sha256: entry.file.sha256,
		kind: entry.kind,
		name: entry.name,
		version: entry.version,
		...entry.kind === "source" ? { files: entry.files } : { architecture: entry.architecture },
		find: (upstream) => upstream.sameIdentity(listing)
	};
}
/** The claim that a file whose hash is known by itself is the upstream's. */
function claimOfUse(use, sha256, native) {
	const { kind, name, version, architecture } = use;
	return {
		sha256,
		kind,
		name,
		version,
		...architecture === void 0 ? {} : { architecture },
		find: (upstream) => upstream.find(use, native)
	};
}
// src/archive/version-order.ts
/**
* Compares two versions as dpkg and apt do (Debian Policy 5.6.12; deb-version(7)): negative when `a` is older, 0 when
* they sort alike, as 1.0-1 and 1.0-01 do, positive when `a` is newer.
*/
function compareVersions(a, b) {
	const left = split(a);
	const right = split(b);
	return left.epoch - right.epoch || compareParts(left.upstream, right.upstream) || compareParts(left.revision, right.revision);
}
function split(version) {
	const colon = version.indexOf(":");
	const rest = version.slice(colon + 1);
	const hyphen = rest.lastIndexOf("-");
	return {
		epoch: colon === -1 ? 0 : Number(version.slice(0, colon)),
		upstream: hyphen === -1 ? rest : rest.slice(0, hyphen),
		revision: hyphen === -1 ? "" : rest.slice(hyphen + 1)
	};
}
/** Parts that are no digits and parts that are, in turn. */
function compareParts(a, b) {
	const left = a.match(/\D+|\d+/g) ?? [];
	const right = b.match(/\D+|\d+/g) ?? [];
	if (/^\d/.test(a)) left.unshift("");
	if (/^\d/.test(b)) right.unshift("");
	for (let index = 0; index < Math.max(left.length, right.length); index++) {
		const order = index % 2 === 0 ? compareText(left[index] ?? "", right[index] ?? "") : compareNumbers(left[index] ?? "", right[index] ?? "");
		if (order !== 0) return order;
	}
	return 0;
}
/** Of any length: leading zeros do not count. */
function compareNumbers(a, b) {
	const [left, right] = [a.replace(/^0+/, ""), b.replace(/^0+/, "")];
	return left.length - right.length || (left < right ? -1 : left > right ? 1 : 0);
}
function compareText(a, b) {
	for (let index = 0; index < Math.max(a.length, b.length); index++) {
		const order = weight$1(a[index]) - weight$1(b[index]);
		if (order !== 0) return order;
	}
	return 0;
}
/** A tilde before the end, the end before letters, letters before everything else. */
function weight$1(character) {
	if (character === "~") return -1;
	if (character === void 0) return 0;
	const code = character.charCodeAt(0);
	return /[A-Za-z]/.test(character) ? code : code + 256;
}
// src/locate/listing-table.ts
/** Listings by kind, name and version: what an archive says of each package. */
var ListingTable = class {
	#listings = /* @__PURE__ */ new Map();
	#byName = /* @__PURE__ */ new Map();
	constructor(listings) {
		for (const listing of listings) {
			const { kind, name, version } = listing.entry;
			append(this.#listings, key(kind, name, version), listing);
			append(this.#byName, key(kind, name), listing);
		}
	}
	/**
	* The listings of a package that a build used. Where the list does not name the architecture, the package is of
	* the build's own or for all; where it names one, an `all` package is taken only when there is none of that
	* architecture, because some logs show `all` as the native architecture.
	*/
	find(use, native) {
		const found = ofArchitecture(this.#listings.get(key(use.kind, use.name, use.version)) ?? [], use, native);
		const sha256 = use.hash?.sha256;
		if (sha256 === void 0 || found.some(({ entry }) => entry.file.sha256 === sha256)) return found;
		const other = this.#underOtherEpoch(use, sha256, native);
		return other.length > 0 ? other : found;
	}
	/**
	* A list of files knows a package by a file name, which may leave out the epoch (that of a .dsc always does); its
	* hash says which it is.
	*/
	#underOtherEpoch(use, sha256, native) {
		return ofArchitecture((this.#byName.get(key(use.kind, use.name)) ?? []).filter(({ entry }) => entry.file.sha256 === sha256 && entry.version.replace(/^\d+:/, "") === use.version), use, native);
	}
	/** The listings under the same name, version and architecture as another archive's listing. */
	sameIdentity({ entry }) {
		return (this.#listings.get(key(entry.kind, entry.name, entry.version)) ?? []).filter((listing) => listing.entry.kind === entry.kind && architectureOf(listing) === architectureOf({ entry }));
	}
	/**
	* Every other file that is listed under the name. An index says what it likes of a .deb, and a .deb calls itself
	* what it likes: whichever of these was installed, of whatever version and architecture, a list of names and
	* versions may show it as the used one. apt is not the only one who chooses: debootstrap takes the last stanza of a
	* name, pins and solvers take lower versions, and `NotAutomatic` is the archive's own word.
	*/
	others(use, native) {
		const own = new Set(this.find(use, native));
		return (this.#byName.get(key(use.kind, use.name)) ?? []).filter((listing) => !own.has(listing));
	}
	/** The versions, with their architectures, under which the name is listed, as dpkg sorts them: for messages. */
	versions(use) {
		const written = [...this.#byName.get(key(use.kind, use.name)) ?? []].sort((a, b) => compareVersions(a.entry.version, b.entry.version)).map((listing) => [listing.entry.version, architectureOf(listing)].filter((part) => part !== void 0).join(" "));
		return [...new Set(written)];
	}
};
function ofArchitecture(listings, use, native) {
	if (use.kind === "source") return listings;
	if (use.architecture === void 0) return listings.filter((listing) => {
		const architecture = architectureOf(listing);
		return architecture === native || architecture === "all";
	});
	const exact = listings.filter((listing) => architectureOf(listing) === use.architecture);
	return exact.length > 0 ? exact : listings.filter((listing) => architectureOf(listing) === "all");
}
function architectureOf({ entry }) {
	return entry.kind === "binary" ? entry.architecture : void 0;
}
/** No part of a key can hold a blank. */
function key(...parts) {
	return parts.join(" ");
}
function append(map, mapKey, value) {
	const values = map.get(mapKey);
	if (values === void 0) map.set(mapKey, [value]);
	else values.push(value);
}
// src/identical/prove.ts
/**
* Asks the witnesses of each who may vouch, in order, until each claim is proven.
*
* A claim is a mismatch only when a witness signed other bytes and none signed these; a witness that could not be
* read leaves what nobody else decides undecided. What a witness is not believed for speaks against a claim and not for
* it: whoever brings it to contradict itself must not make anything look better.
*/
async function proveIdentical(claims, vouchers) {
	const proofs = new Map(claims.map((claim) => [claim, { outcome: "unproven" }]));
	const unsure = /* @__PURE__ */ new Map();
	let open = claims;
	for (const { archive, names, source } of vouchers) {
		if (open.length === 0) break;
		for await (const witness of source.witnesses(() => open)) {
			const { listings, failures, unclear, hints, doubted = [] } = await witness.testify();
			const tableOf = (all) => new ListingTable(names === void 0 ? all : all.filter(({ entry }) => names.allow(entry.name)));
			const [table, doubtful] = [tableOf(listings), tableOf(doubted)];
			for (const claim of open) {
				const earlier = proofs.get(claim);
				const found = {
					listed: claim.find(table),
					doubted: claim.find(doubtful)
				};
				const inDoubt = unclear.filter(({ kind, name }) => kind === claim.kind && name === claim.name);
				const unread = {
					failures,
					unclear: names?.allow(claim.name) === false ? [] : inDoubt
				};
				const proof = proveOne(claim, found, {
					archive,
					upstream: witness.name
				}, unread);
				if (proof.outcome === "undecided" && found.doubted.some(isOf(claim))) unsure.set(claim, proof);
				const best = earlier === void 0 || proof.outcome === "identical" || weight(proof) > weight(earlier) ? proof : earlier;
				proofs.set(claim, hinted(best, hints?.get(claim)));
			}
			open = open.filter((claim) => proofs.get(claim)?.outcome !== "identical");
			if (open.length === 0) break;
		}
	}
	for (const [claim, proof] of unsure) if (proofs.get(claim)?.outcome === "mismatch") proofs.set(claim, proof);
	return proofs;
}
/** What outweighs what among witnesses of whom none signed these bytes. */
function weight(proof) {
	return [
		"unproven",
		"undecided",
		"mismatch"
	].indexOf(proof.outcome);
}
/** With what is known of a claim that nobody decides. */
function hinted(proof, hint) {
	if (hint === void 0) return proof;
	if (proof.outcome === "unproven") return {
		...proof,
		hint
	};
	return proof.outcome === "undecided" ? {
		...proof,
		why: `${proof.why} ${hint}`
	} : proof;
}
function proveOne(claim, found, { archive, upstream }, { failures, unclear }) {
	const same = found.listed.find(isOf(claim));
	if (same !== void 0) return {
		outcome: "identical",
		upstream,
		archive,
		evidence: same.evidence
	};
	const listings = found.listed.length > 0 || found.doubted.some(isOf(claim)) ? found.listed : found.doubted;
	const [first] = listings;
	if (first !== void 0) {
		const why = first.entry.file.sha256 === claim.sha256 ? difference(claim, first.entry) : void 0;
		return {
			outcome: "mismatch",
			upstream,
			signed: [...new Set(listings.map(({ entry }) => entry.file.sha256))].sort(),
			...why === void 0 ? {} : { difference: why },
			evidence: listings.flatMap(({ evidence }) => evidence)
		};
	}
	const [failure] = failures;
	const [doubt] = unclear;
	if (failure === void 0) return doubt === void 0 ? { outcome: "unproven" } : {
		outcome: "undecided",
		why: `What ${upstream} lists under this name is open: ${describeUnclear(doubt)}`
	};
	const more = failures.length > 1 ? ` (and ${failures.length - 1} more)` : "";
	return {
		outcome: "undecided",
		why: `${upstream} could not be read: ${failure.error.message}${more}`
	};
}
function isOf(claim) {
	return ({ entry }) => difference(claim, entry) === void 0;
}
/** How the claimed bytes differ from a listed package; undefined when they do not. */
function difference(claim, entry) {
	if (entry.file.sha256 !== claim.sha256) return "another file";
	if (claim.files === void 0 || entry.kind !== "source") return void 0;
	const signed = new Map(entry.files.map((file) => [fileName$1(file), file]));
	for (const file of claim.files) {
		const other = signed.get(fileName$1(file));
		if (other === void 0) return `${fileName$1(file)} is not among its files`;
		if (other.sha256 !== file.sha256) return `${fileName$1(file)} is ${file.sha256}, signed was ${other.sha256}`;
	}
}
/** Archives lay out their pools as they like; a source package's files are known by their names. */
function fileName$1({ path }) {
	return path.slice(path.lastIndexOf("/") + 1);
}
// src/identical/prove-located.ts
/** Proves what each archive lists against those who can vouch for that archive. */
async function proveLocated(located, archives, upstreams) {
	const proofs = /* @__PURE__ */ new Map();
	for (const reading of archives) {
		const listings = new Set(located.filter((found) => found.reading === reading).map(({ listing }) => listing));
		const claims = new Map([...listings].map((listing) => [claimOfListing(listing), listing]));
		const answers = await proveIdentical([...claims.keys()], vouchersFor(reading, archives, upstreams));
		for (const [claim, listing] of claims) proofs.set(listing, answers.get(claim) ?? { outcome: "unproven" });
	}
	return proofs;
}
/**
* Proves whatever else is listed under the names of packages that were used. It need not satisfy what is required of
* its archive: that any upstream of the policy signed it is enough.
*
* @param known the proofs that there are already
*/
async function proveOthers(others, known, archives, upstreams) {
	const proofs = /* @__PURE__ */ new Map();
	for (const reading of archives) {
		const vouchers = [...ownVouchers(reading, upstreams), ...otherVouchers(reading, archives, upstreams)];
		const claims = /* @__PURE__ */ new Map();
		for (const { reading: own, listing } of others) {
			if (own !== reading || proofs.has(listing)) continue;
			const proof = known.get(listing);
			proofs.set(listing, proof ?? { outcome: "unproven" });
			if (proof?.outcome !== "identical") claims.set(claimOfListing(listing), listing);
		}
		const answers = await proveIdentical([...claims.keys()], vouchers);
		for (const [claim, listing] of claims) proofs.set(listing, answers.get(claim) ?? { outcome: "unproven" });
	}
	return proofs;
}
/** Bytes that are known by their hash and that no archive lists may still be what an upstream signed. */
async function proveUnlocated(uses, located, archives, upstreams) {
	const listed = new Set(located.map(({ use, listing }) => `${use.name} ${listing.entry.file.sha256}`));
	const native = archives.map(({ archive }) => nativeOf(archive)).find((architecture) => architecture !== void 0);
	const claims = /* @__PURE__ */ new Map();
	for (const use of uses) {
		if (use.hash === void 0 || listed.has(`${use.name} ${use.hash.sha256}`)) continue;
		claims.set(claimOfUse(use, use.hash.sha256, native), use);
	}
	const vouchers = archives.flatMap(({ archive }) => upstreamsOf(archive).map((upstream) => voucher(archive.name, upstream, upstreams.source(upstream))));
	const answers = await proveIdentical([...claims.keys()], vouchers);
	return new Map([...claims].map(([claim, use]) => [use, answers.get(claim) ?? { outcome: "unproven" }]));
}
/**
* Who can vouch for an archive's files: its upstreams in the policy's order; for the project's own packages, then
* any other upstream, from which a package may have been imported unchanged.
*/
function vouchersFor(reading, archives, upstreams) {
	const own = ownVouchers(reading, upstreams);
	const { require } = reading.archive;
	return require === "reproduced" ? [...own, ...otherVouchers(reading, archives, upstreams)] : own;
}
/** Those whom the policy names for an archive itself: none for one that must be absent. */
function ownVouchers({ archive, facts }, upstreams) {
	if (archive.require === "absent") return [];
	const own = archive.upstreams.map((upstream) => voucher(archive.name, upstream, upstreams.source(upstream)));
	if (!archive.servedByUpstream) return own;
	return [voucher(archive.name, archive.served, { async *witnesses() {
		yield {
			name: `the upstream at ${archive.aptLists ?? archive.served.area.base.href}`,
			testify: async () => facts
		};
	} }), ...archive.aptLists === void 0 ? own.slice(1) : own];
}
/** The upstreams of all other archives. Nobody knows a project's own packages: no service is asked about them by name. */
function otherVouchers(reading, archives, upstreams) {
	return archives.filter((other) => other.archive !== reading.archive).flatMap(({ archive }) => upstreamsOf(archive).map((upstream) => voucher(archive.name, upstream, nearBuild(upstreams.source(upstream)))));
}
function voucher(archive, { names }, source) {
	return {
		archive,
		source,
		...names === void 0 ? {} : { names }
	};
}
function nearBuild(source) {
	return { witnesses: (open) => source.witnesses(open, false) };
}
/** An upstream of an archive from which nothing may come vouches for nothing. */
function upstreamsOf({ require, upstreams }) {
	return require === "absent" ? [] : upstreams;
}
// src/store/stored-releases.ts
/**
* Holds an archive to what stores of evidence saw of it at the same URL, as apt holds it to what it has in its lists
* (apt-secure(8), Acquire::AllowReleaseInfoChange in apt.conf(5)): a server that shows an older state again, another of
* the same Date, or one of another origin, is not believed as it is now.
*
* A store only makes the judgement stricter here, whatever is added to it. Each sighting is held against the archive by
* itself, by its Date and state and not by when it says that it was seen: no other can excuse it. One that speaks
* against the archive refuses it where it is verified, and where it cannot be, for then it is not known what was seen.
* Of the others the newest alone is verified: a year of release files would be hundreds of megabytes to read.
*/
var StoredReleases = class {
	#stores;
	#at;
	/** @param at the clock: what the archive signed later is not held against it */
	constructor(stores, at) {
		this.#stores = stores;
		this.#at = at;
	}
	/** @throws DebproofError EVIDENCE, also where a store cannot be read; TOO_LARGE */
	async check(place, release, signed) {
		const notes = [];
		for (const store of this.#stores) notes.push(...await this.#checkIn(store, place, release, signed));
		return notes;
	}
	async #checkIn(store, place, release, signed) {
		const { suite } = place;
		const { names, foreign } = await store.suite(suite);
		if (foreign !== void 0) throw foreign;
		const spellings = [archiveDigest(place.base), writtenArchiveDigest(place.base)];
		const ofArchive = names.filter(({ archive }) => spellings.includes(archive));
		if (ofArchive.length === 0) return await elsewhere(store, place, names);
		const own = ofArchive.filter(({ date }) => date <= this.#at).sort((a, b) => b.date.getTime() - a.date.getTime());
		const verifier = new SightingVerifier(store, suite, place);
		const against = async (found, tell) => {
			if (found.length > 0) throw await refusal(store, suite, found, verifier, tell);
		};
		await against(own.filter(({ date }) => date > release.date), ({ date, seen }, file) => `This ${suite} of ${place.base.href} is of ${time(release.date)}, older than that of ${time(date)} which the store saw at ${time(seen)} (${file}). The server is behind, or shows an old state on purpose: try again later, or another mirror.`);
		const state = releaseState(signed);
		await against(own.filter((name) => name.date.getTime() === release.date.getTime() && name.state !== state), ({ seen }, file) => `This ${suite} of ${place.base.href} is of ${time(release.date)}, as is another which the store saw at ${time(seen)} (${file}): the archive signed two of one Date.`);
		const identity = releaseIdentity(signed);
		const { known, failures } = await identitiesOf(store, suite, own);
		await against(known.filter((one) => one.identity !== identityDigest(identity)).map(({ name }) => name), (sighting, file) => `This is not the ${suite} of ${place.base.href} that the store ${store.folder} saw (${file}): ${changedFields(sighting.identity, identity).join("; ")}. Where that was announced, begin a new store, and say \`memory: false\` of this one in the policy.`);
		const [failure] = failures;
		if (failure !== void 0) throw failure;
		const [newest] = own;
		if (newest !== void 0) await verifier.verify(newest);
		return [];
	}
};
/** The first of them that can be verified says why; where none can, why not. */
async function refusal({ folder }, suite, found, verifier, tell) {
	let failure;
	for (const name of found.slice(0, 10)) try {
		return new DebproofError("EVIDENCE", tell(await verifier.verify(name), sightingPath(folder, suite, name)));
	} catch (error) {
		if (!(error instanceof DebproofError)) throw error;
		failure ??= error;
	}
	return failure ?? new DebproofError("EVIDENCE", `The store ${folder} has no sighting of ${suite} to tell of.`);
}
/** A URL that is spelled in another way, or another mirror: that nothing is remembered of it must not go unsaid. */
async function elsewhere(store, { base, suite, keyring }, names) {
	const byArchive = new Map(names.map((name) => [name.archive, name]));
	const seen = [];
	const isOurs = signedByAny(keyring);
	for (const name of [...byArchive.values()].slice(0, 10)) try {
		const sighting = await store.sighting(suite, name);
		if (isOurs(sighting)) seen.push(sighting.archive.href);
	} catch (error) {
		if (!(error instanceof DebproofError)) throw error;
		seen.push(`what ${sightingPath(store.folder, suite, name)} says, which cannot be read`);
	}
	const more = byArchive.size > 10 ? ", and more" : "";
	return seen.length === 0 ? [] : [`The store ${store.folder} remembers nothing of ${base.href} (${suite}); it has seen ${seen.sort().join(", ")}${more}.`];
}
function time(instant) {
	return instant.toISOString().replace(".000", "");
}
// src/identical/remembered.ts
/** What the stores of a policy remember of its archives, whichever of them each is an upstream of. */
function rememberedReleases({ archives, at }, downloads) {
	const folders = archives.flatMap(({ upstreams }) => upstreams.flatMap((upstream) => upstream.kind === "store" && upstream.memory ? [upstream.folder] : []));
	return new StoredReleases([...new Set(folders)].map((folder) => new StoreReader(folder, downloads)), at);
}
// src/archive/index-memory.ts
/**
* What was read of the indexes of one archive, over its past states: most of them change only now and then, and what
* is signed to be the same is not read again. To be shared only among states that come from one place, for the
* evidence then names the URL of the first.
*/
var IndexMemory = class {
	#facts = /* @__PURE__ */ new Map();
	/** Takes what is known of this index, or reads it. Failures are not remembered. */
	async recall(suite, release, path, request, read) {
		const forms = indexForms(release, path).map(({ file }) => [
			file.path,
			file.size,
			file.sha256,
			file.sha512
		]);
		const key = JSON.stringify([
			suite,
			request.kind,
			request.refuseHidden,
			request.files ?? "none",
			forms
		]);
		const known = this.#facts.get(key);
		if (known !== void 0) return known;
		const facts = await read();
		if (facts !== void 0) this.#facts.set(key, facts);
		return facts;
	}
};
// src/store/stored-state.ts
/**
* One recorded state of one suite. Nothing is believed because it stands in the store: the release file is verified
* anew, and each index is the object that the release file names by its hash.
*/
var StoredState = class {
	name;
	#store;
	#downloads;
	#sighting;
	constructor(store, downloads, sighting) {
		this.name = `the store ${store.folder}`;
		this.#store = store;
		this.#downloads = downloads;
		this.#sighting = sighting;
	}
	/** @throws DebproofError as `verifyRelease`, INDEX_MISMATCH for a changed object, EVIDENCE for one that does not fit */
	async readRelease(_base, _suite, request) {
		const bytes = await this.#store.release(this.#sighting);
		const facts = await judgeRelease(bytes, request);
		const { date, state } = this.#sighting;
		const file = bytes.files[0]?.url ?? "";
		if (facts.release.date.getTime() !== date.getTime() || releaseState(bytes.signed) !== state) throw new DebproofError("EVIDENCE", `${file} is another release file than its sighting says.`);
		return facts;
	}
	/** @throws DebproofError as `readIndex`; NOT_FOUND where the store lacks it: what it lists is then not known */
	async readIndex(_base, suite, release, path, request) {
		const { folder } = this.#store;
		if (isStatedEmpty(release, path)) return emptyIndex(objectUrl(folder, this.#sighting.release[0].sha256), request);
		for (const { file } of indexForms(release, path)) await this.#store.objectUrl(file.sha256);
		try {
			return await takeIndex(this.#downloads, {
				urls: ({ sha256 }) => [objectUrl(folder, sha256)],
				look: 1
			}, release, path, (chunks, offered) => scanIndex(chunks, offered.compression, offered, request, offered.url.href));
		} catch (error) {
			if (!isDebproofError(error, "NOT_FOUND")) throw error;
			throw new DebproofError("NOT_FOUND", `The store ${folder} holds no ${path} of the ${suite} of ${release.date.toISOString()}.`);
		}
	}
};
// src/identical/evidence-store.ts
/**
* What `debproof record` kept of an upstream. Its first witness is the state that was in force at the instant that
* is asked for, of each suite; the next ones are the states beside it, as far as the window reaches.
*
* Where a suite has no state within the window, that is a failure: nothing is taken for missing, and nothing is proven
* by what was signed at another time.
*/
var EvidenceStore = class {
	#upstream;
	#options;
	#store;
	#memory = new IndexMemory();
	#histories;
	#testimonies = /* @__PURE__ */ new Map();
	constructor(upstream, options) {
		this.#upstream = upstream;
		this.#options = options;
		this.#store = new StoreReader(upstream.folder, options.downloads);
	}
	async *witnesses() {
		const { area, at, window } = this.#upstream;
		this.#histories ??= Promise.all(area.suites.map((suite) => loadSuite(this.#store, suite, {
			at,
			window,
			trust: this.#trust()
		})));
		const histories = await this.#histories;
		const ranks = Math.max(1, ...histories.map(({ states }) => states.length));
		for (let rank = 0; rank < ranks; rank++) yield {
			name: this.#name(rank),
			testify: () => this.#testify(rank, histories)
		};
	}
	#name(rank) {
		const { area, at, folder } = this.#upstream;
		const which = rank === 0 ? "as of" : `${rank} ${rank === 1 ? "state" : "states"} away from`;
		return `the upstream in the store ${folder} (${area.suites.join(", ")}) ${which} ${at.toISOString()}`;
	}
	#testify(rank, histories) {
		let testimony = this.#testimonies.get(rank);
		if (testimony === void 0) {
			testimony = this.#read(rank, histories);
			this.#testimonies.set(rank, testimony);
		}
		return testimony;
	}
	async #read(rank, histories) {
		this.#options.progress(`Reading ${this.#name(rank)}`);
		const read = await Promise.all(histories.map(async ({ suite, states }) => {
			const state = states[rank];
			return state === void 0 ? NOTHING : await this.#readState(suite, state);
		}));
		const own = rank === 0 ? histories : [];
		return {
			listings: read.flatMap(({ listings }) => listings),
			doubted: read.flatMap(({ doubted = [] }) => doubted),
			failures: [...own.flatMap(({ failures }) => failures), ...read.flatMap(({ failures }) => failures)],
			unclear: read.flatMap(({ unclear }) => unclear),
			notes: [...own.flatMap(({ notes }) => notes), ...read.flatMap(({ notes }) => notes)],
			files: read.flatMap(({ files = [] }) => files),
			named: read.flatMap(({ named = [] }) => named)
		};
	}
	async #readState(suite, state) {
		const { refused } = state;
		if (refused === void 0) return await this.#readBelieved(suite, state);
		const failure = {
			what: whatOf(suite, state),
			error: refused.error
		};
		if (refused.isFork) return {
			...NOTHING,
			failures: [failure]
		};
		const { listings, failures, unclear, notes } = await this.#readBelieved(suite, state);
		return {
			listings: [],
			doubted: listings,
			failures: [failure, ...failures],
			unclear,
			notes
		};
	}
	#trust() {
		const { keyring, area } = this.#upstream;
		return {
			keyring,
			...area.releaseName === void 0 ? {} : { releaseName: area.releaseName }
		};
	}
	/** By the first of its looks that can be verified; each that cannot is a failure. */
	async #readBelieved(suite, state) {
		const { area, at, keyring, names } = this.#upstream;
		const what = whatOf(suite, state);
		const { downloads, reader } = this.#options;
		const verifier = new SightingVerifier(this.#store, suite, this.#trust(), at);
		const failures = [];
		for (const look of state.looks.slice(0, 10)) try {
			const sighting = await verifier.verify(look);
			const testimony = await reader.read({
				area: {
					...area,
					base: sighting.archive,
					suites: [suite]
				},
				keyring,
				refuseHidden: false,
				...names === void 0 ? {} : { names },
				past: true,
				memory: this.#memory,
				kept: new StoredState(this.#store, downloads, sighting)
			});
			return {
				...testimony,
				failures: [...failures, ...testimony.failures]
			};
		} catch (error) {
			if (!(error instanceof DebproofError)) throw error;
			failures.push({
				what,
				error
			});
		}
		return {
			...NOTHING,
			failures
		};
	}
};
function whatOf(suite, { date }) {
	return `${suite} of ${date.toISOString()}`;
}
const NOTHING = {
	listings: [],
	failures: [],
	unclear: [],
	notes: []
};
// src/identical/live-upstream.ts
/** An upstream's archive as it is served now, over http(s) or from a folder. It is read once in a run. */
var LiveArchive = class {
	#reader;
	#upstream;
	#facts;
	constructor(reader, upstream) {
		this.#reader = reader;
		this.#upstream = upstream;
	}
	async *witnesses() {
		const { area } = this.#upstream;
		yield {
			name: `the upstream at ${area.base.href}`,
			testify: () => {
				this.#facts ??= this.#reader.read({
					...this.#upstream,
					refuseHidden: false
				});
				return this.#facts;
			}
		};
	}
};
// src/identical/snapshot-answers.ts
/** When a run of a snapshot service began, as the service writes it: `20210331T150000Z`. */
const TIMESTAMP = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;
const timestampSchema = pipe(string(), check((text) => parseTimestamp$1(text) !== void 0));
const fileInfoSchema = object({
	archive_name: string(),
	first_seen: timestampSchema
});
const filesSchema = object({
	result: array(object({
		hash: string(),
		architecture: optional(string())
	})),
	fileinfo: record(string(), array(fileInfoSchema))
});
/** Milliseconds since 1970; undefined for what is none, and for a day or an hour that does not exist. */
function parseTimestamp$1(text) {
	const parts = TIMESTAMP.exec(text);
	if (parts === null) return void 0;
	const [, year, month, day, hour, minute, second] = parts;
	const instant = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
	return !Number.isNaN(instant) && formatTimestamp(instant) === text ? instant : void 0;
}
/** The inverse; fractions of a second are cut off. */
function formatTimestamp(instant) {
	return new Date(instant).toISOString().replace(/\.\d+Z$/, "Z").replaceAll(/[-:]/g, "");
}
/**
* The runs that a service names in its answer to `/mr/timestamp/`, each once and sorted:
* `{"result": {"debian": ["20210331T150000Z", …]}}`, without the archive where it has none to name.
*
* @param what the URL, for errors
* @throws DebproofError FETCH
*/
function parseRunList(answer, archive, what) {
	const { result } = parse(object({ result: object({ [archive]: optional(array(timestampSchema)) }) }), answer, what);
	return [...new Set(result[archive] ?? [])].sort();
}
/**
* The runs in which a service says that it first saw the files of a package, each once and sorted. That is all that is
* taken from its answer to `binfiles` and `srcfiles`: its SHA-1 hashes prove nothing, a signed index must.
*
* @param what the URL, for errors
* @throws DebproofError FETCH
*/
function parseFirstSeen(answer, { archive, architectures }, what) {
	const { result, fileinfo } = parse(filesSchema, answer, what);
	const seen = result.filter(({ architecture }) => architecture === void 0 || (architectures?.includes(architecture) ?? true)).flatMap(({ hash }) => Object.hasOwn(fileinfo, hash) ? fileinfo[hash] ?? [] : []).filter(({ archive_name }) => archive_name === archive).map(({ first_seen }) => first_seen);
	return [...new Set(seen)].sort();
}
function parse(schema, answer, what) {
	let value;
	try {
		value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(answer));
	} catch (error) {
		throw new DebproofError("FETCH", `${what} did not answer with JSON, as a snapshot service does.`, { cause: error });
	}
	const parsed = safeParse(schema, value, { abortEarly: true });
	if (parsed.success) return parsed.output;
	const where = getDotPath(parsed.issues[0])?.slice(0, 200) ?? "all of it";
	throw new DebproofError("FETCH", `${what} did not answer as a snapshot service does: ${where} is not as it should be.`);
}
// src/identical/snapshot-coverage.ts
/** What went wrong at the place rather than on the way: it says that this state was not kept whole. */
const GAPS = /* @__PURE__ */ new Set([
	"NOT_FOUND",
	"TOO_LARGE",
	"COMPRESSION",
	"RELEASE_MALFORMED",
	"RELEASE_UNTRUSTED",
	"RELEASE_TIME",
	"RELEASE_SUITE",
	"INDEX_MISMATCH",
	"INDEX_MALFORMED",
	"INDEX_UNLISTED",
	"INDEX_UNREADABLE"
]);
/**
* Whether a state was not kept whole: runs are taken while the archive is being updated, and then a release file or an
* index is missing, unsigned, or of another state. That is no evidence, neither for a package nor against it.
*/
function isGap({ error }) {
	return GAPS.has(error.code);
}
/** Which suites and indexes could not be read in any of several states. */
var Coverage = class {
	#missing;
	/** @param failures those of one more state; none where all of it was read */
	add(failures) {
		this.#missing = this.#missing === void 0 ? failures : bothMissing(this.#missing, failures);
	}
	/** A failure of each that was read in no state, the gravest first; undefined where there was no state at all. */
	get missing() {
		return this.#missing?.toSorted((a, b) => Number(isAbsence(a)) - Number(isAbsence(b)));
	}
};
/** What is only missing says less than what is there and was refused. */
function isAbsence({ error }) {
	return error.code === "NOT_FOUND";
}
/** A suite that could not be read lacks all its indexes, whose names begin with that of the suite. */
function bothMissing(before, now) {
	const covers = (wider, narrower) => wider.what === narrower.what || narrower.what.startsWith(`${wider.what} `);
	const graver = (failure) => {
		const earlier = before.find(({ what }) => what === failure.what);
		return earlier !== void 0 && isAbsence(failure) ? earlier : failure;
	};
	return [...now.filter((failure) => before.some((earlier) => covers(earlier, failure))).map(graver), ...before.filter((failure) => now.some((later) => later.what !== failure.what && covers(later, failure)))];
}
// src/identical/snapshot-hints.ts
/**
* For a reason: that a package was first seen outside of the window, and what to do about it.
*
* @param archive names it in all its states
*/
function seenOutside(instants, { at, window }, archive) {
	const distance = (instant) => Math.abs(instant - at.getTime());
	const [nearest] = instants.filter((instant) => distance(instant) > window).sort((a, b) => distance(a) - distance(b));
	if (nearest === void 0) return void 0;
	const hours = window / 36e5;
	return `${archive} first saw it at ${formatTimestamp(nearest)}, outside of the window of ${hours % 24 === 0 ? `${hours / 24}d` : `${hours}h`} around ${at.toISOString()}, in which no signed index lists it: only if the build may use it, widen \`window\`.`;
}
/**
* Asks when the files of a claimed package were first seen: a hint at the runs whose signed indexes may list it, and
* never more. Nothing where no service knows it.
*/
async function askWhenSeen(places, archive, claim) {
	const failures = [];
	for (const place of places) try {
		return {
			instants: await askOne(place, archive, claim),
			failures: []
		};
	} catch (error) {
		if (isDebproofError(error, "NOT_FOUND")) return {
			instants: [],
			failures: []
		};
		if (!(error instanceof DebproofError)) throw error;
		failures.push({
			what: `when ${claim.name} ${claim.version} was first seen`,
			error
		});
	}
	return {
		instants: [],
		failures
	};
}
async function askOne({ base, downloads }, archive, claim) {
	const { kind, name, version, architecture } = claim;
	const path = kind === "source" ? `mr/package/${name}/${version}/srcfiles` : `mr/binary/${name}/${version}/binfiles`;
	const url = new URL(`${urlBelow(base, path).href}?fileinfo=1`);
	const hints = {
		archive,
		...architecture === void 0 ? {} : { architectures: [architecture, "all"] }
	};
	return parseFirstSeen(await downloads.bytes(url, MAX_FILE_HINTS), hints, url.href).flatMap((timestamp) => parseTimestamp$1(timestamp) ?? []);
}
// src/identical/snapshot-progress.ts
/** Waits that are not worth a line. Milliseconds. */
const SHORT_WAIT = 2e3;
/** Says which run of how many is read, what is waited for, and how long it may still take. */
var SnapshotProgress = class {
	#tell;
	#name;
	#step = "";
	#left = 0;
	#started = 0;
	/** Milliseconds of the run that took longest. */
	#slowest;
	/**
	* @param name of the service and the archive
	* @param usual milliseconds that a run takes where nothing is waited for
	*/
	constructor(tell, name, usual) {
		this.#tell = tell;
		this.#name = name;
		this.#slowest = usual;
	}
	/** @param left runs that may still be read after this one */
	begin(step, left) {
		this.#step = step;
		this.#left = left;
		this.#started = performance.now();
		this.#say("", 0);
	}
	end() {
		this.#slowest = Math.max(this.#slowest, performance.now() - this.#started);
	}
	wait = ({ milliseconds, why }) => {
		if (milliseconds < SHORT_WAIT) return;
		this.#say(`, waiting ${Math.ceil(milliseconds / 1e3)} s (${why})`, milliseconds);
	};
	#say(what, wait) {
		if (this.#step === "") {
			this.#tell(`${this.#name}: asking for its runs${what}`);
			return;
		}
		const left = wait + (this.#left + 1) * this.#slowest;
		const estimate = left < 6e4 ? "less than a minute" : `about ${Math.ceil(left / 6e4)} min`;
		this.#tell(`${this.#name}: ${this.#step}${what}, ${estimate} left at most`);
	}
};
// src/identical/snapshot-runs.ts
/** Further than this after the end of a window a service must have a run, or it may have stopped getting new ones. */
const LOOK_AHEAD = 1728e5;
/**
* Asks for the runs of an archive from one instant to another, both included. The services have the same content: the
* next one is asked where one fails, and where one has nothing later, for then it may lack runs that another has.
*/
async function listRuns(places, archive, from, to) {
	const found = /* @__PURE__ */ new Map();
	const failures = [];
	for (const place of places) try {
		const timestamps = await askForRuns(place, archive, from, to + LOOK_AHEAD);
		for (const timestamp of timestamps) found.set(timestamp, [...found.get(timestamp) ?? [], place]);
		if (timestamps.some((timestamp) => timestamp > formatTimestamp(to))) break;
	} catch (error) {
		if (!(error instanceof DebproofError)) throw error;
		failures.push({
			what: `the runs of ${archive}`,
			error
		});
	}
	return {
		runs: [...found].map(([timestamp, having]) => ({
			timestamp,
			instant: parseTimestamp$1(timestamp) ?? 0,
			places: having
		})).filter(({ instant }) => instant >= from && instant <= to).sort((a, b) => a.instant - b.instant),
		failures: failures.length < places.length ? [] : failures
	};
}
async function askForRuns({ base, downloads }, archive, from, to) {
	const [after, before] = [formatTimestamp(from), formatTimestamp(to)];
	const url = new URL(`${urlBelow(base, "mr/timestamp/").href}?archive=${archive}&after=${after}&before=${before}`);
	const read = async (chunks) => {
		const parts = [];
		for await (const chunk of chunks) parts.push(chunk);
		return parseRunList(Buffer.concat(parts), archive, url.href);
	};
	return (await downloads.stream(url, MAX_RUN_LIST, read, { keptForOffline: true })).filter((timestamp) => timestamp >= after && timestamp <= before);
}
// src/identical/snapshot-service.ts
/** A run that is further away than this from what was asked for is worth a note. Milliseconds. */
const FAR = 864e5;
/**
* The public history of an upstream, such as snapshot.debian.org: its witnesses are the runs of the window, the nearest
* first, read by their signed indexes. What their indexes list not, the service is asked about by name; nothing that it
* says by itself is evidence, and no run outside of the window is.
*/
var SnapshotService = class {
	#upstream;
	#reader;
	#places;
	#progress;
	#memory = new IndexMemory();
	#testimonies = /* @__PURE__ */ new Map();
	#lists = /* @__PURE__ */ new Map();
	#hints = /* @__PURE__ */ new Map();
	#told = /* @__PURE__ */ new Set();
	constructor(upstream, { reader, downloads, progress }) {
		this.#upstream = upstream;
		this.#reader = reader;
		const wait = (waiting) => this.#progress.wait(waiting);
		this.#places = upstream.services.map((base) => ({
			base,
			downloads: downloads.paced(base, wait)
		}));
		const interval = this.#places[0]?.downloads.interval ?? 0;
		const { suites, components, architectures } = upstream.area;
		const requests = suites.length * (1 + components.length * architectures.length);
		this.#progress = new SnapshotProgress(progress, `${upstream.archive} at ${upstream.services[0]?.host ?? ""}`, interval * requests);
	}
	async *witnesses(open, further = true) {
		const { at, window } = this.#upstream;
		const { runs, failures } = await this.#runsBetween(at.getTime() - window, at.getTime() + window);
		const distance = ({ instant }) => Math.abs(instant - at.getTime());
		const nearest = runs.toSorted((a, b) => distance(a) - distance(b));
		const looked = nearest.slice(0, 400);
		const coverage = new Coverage();
		for (const [index, run] of looked.entries()) {
			const step = `run ${index + 1} of ${looked.length}`;
			yield this.#witness(run, step, looked.length - index - 1);
			coverage.add((await this.#testimony(run, step, 0)).unread);
		}
		const unknown = [...failures];
		if (failures.length === 0) unknown.push(...coverage.missing ?? [this.#noRun()]);
		const far = looked[0] !== void 0 && distance(looked[0]) > FAR ? [this.#farNote(looked[0])] : [];
		const hints = /* @__PURE__ */ new Map();
		const rest = nearest.slice(400);
		if (failures.length === 0 && further) yield* this.#hinted(open, runs, rest, hints, unknown);
		if (rest.length > 0) unknown.push(this.#tooMany(nearest.length));
		if (unknown.length + far.length + hints.size > 0) yield this.#summary(unknown, far, hints);
	}
	/**
	* Asks when what no run lists was first seen. Where the window has more runs than were looked at, that leads to some
	* of the others; beyond the window it leads nowhere: what was signed at any time would prove versions of long ago,
	* which a build has no business with. It is told then, for whoever knows better.
	*
	* @param runs all of the window, sorted by time
	* @param rest those of them that were not looked at
	* @param hints takes what is to be told
	* @param unknown takes what could not be found out
	*/
	async *#hinted(open, runs, rest, hints, unknown) {
		const claims = open();
		const isOpen = (claim) => open().includes(claim);
		const unlooked = new Set(rest);
		let failed = 0;
		for (const claim of claims.slice(0, 200)) {
			if (!isOpen(claim)) continue;
			const title = `${claim.name} ${claim.version}`;
			const { instants, failures } = await this.#whenSeen(claim);
			unknown.push(...failures);
			failed += failures.length;
			for (const instant of instants) for (const run of this.#runsSince(instant, runs).filter((one) => unlooked.has(one))) {
				if (!isOpen(claim)) break;
				if (rest.length - unlooked.size >= 60) {
					unknown.push(limitReached(title, `more than 60 further runs would have to be read`));
					return;
				}
				unlooked.delete(run);
				yield this.#witness(run, `${title}, first seen ${formatTimestamp(instant)}`, 0);
			}
			const outside = seenOutside(instants, this.#upstream, this.#archive());
			if (outside !== void 0 && isOpen(claim)) hints.set(claim, outside);
			if (failed >= 3) return;
		}
		if (rest.length > 0 && claims.slice(200).some(isOpen)) unknown.push(limitReached("the other packages", `it is asked about 200 packages at most`));
	}
	/** The runs of the window from an instant on, or from its beginning, that may be the first to list a file. */
	#runsSince(instant, runs) {
		const { at, window } = this.#upstream;
		const from = Math.max(instant, at.getTime() - window);
		return runs.filter((run) => run.instant >= from && run.instant <= from + 2592e5).slice(0, 4);
	}
	#witness(run, step, left) {
		return {
			name: `the upstream at ${this.#base(run, run.places[0]).href}`,
			testify: () => this.#testimony(run, step, left)
		};
	}
	#testimony(run, step, left) {
		let testimony = this.#testimonies.get(run.timestamp);
		if (testimony === void 0) {
			testimony = this.#readRun(run, step, left);
			this.#testimonies.set(run.timestamp, testimony);
		}
		return testimony;
	}
	/** The services have the same content; where one has a run not whole, or does not answer, the next one may. */
	async #readRun(run, step, left) {
		this.#progress.begin(step, left);
		let best;
		for (const place of run.places) {
			const base = this.#base(run, place);
			const { keyring, area, names } = this.#upstream;
			const facts = await this.#reader.read({
				area: {
					...area,
					base
				},
				keyring,
				refuseHidden: false,
				...names === void 0 ? {} : { names },
				past: true,
				servedAt: new Date(run.instant),
				downloads: place.downloads,
				memory: this.#memory
			});
			if (best === void 0 || badness(facts) < badness(best.facts)) best = {
				facts,
				base
			};
			if (facts.failures.length === 0) break;
		}
		this.#progress.end();
		if (best === void 0) throw new Error("a run is listed by a service");
		return this.#judged(best.facts, best.base, run);
	}
	#judged({ listings, failures, unclear, notes, files = [], named = [] }, base, { timestamp }) {
		const gaps = failures.filter(isGap);
		const told = notes.map((note) => note.replaceAll(base.href, this.#archive()));
		const fresh = [...new Set(told)].filter((note) => !this.#told.has(note));
		for (const note of fresh) this.#told.add(note);
		const missing = gaps.map(({ what, error }) => `No evidence of ${what} in the run ${timestamp}: ${error.message}`);
		return {
			listings,
			failures: failures.filter((failure) => !isGap(failure)),
			unclear,
			notes: [...missing, ...fresh],
			unread: failures,
			files,
			named
		};
	}
	#runsBetween(from, to) {
		const key = `${from} ${to}`;
		let list = this.#lists.get(key);
		if (list === void 0) {
			list = listRuns(this.#places, this.#upstream.archive, from, to);
			this.#lists.set(key, list);
		}
		return list;
	}
	#whenSeen(claim) {
		const key = `${claim.kind} ${claim.name} ${claim.version} ${claim.architecture ?? ""}`;
		let hints = this.#hints.get(key);
		if (hints === void 0) {
			hints = askWhenSeen(this.#places, this.#upstream.archive, claim);
			this.#hints.set(key, hints);
		}
		return hints;
	}
	#base({ timestamp }, place) {
		const base = place?.base ?? this.#upstream.services[0];
		if (base === void 0) throw new Error("a snapshot upstream has a service");
		return urlBelow(base, `archive/${this.#upstream.archive}/${timestamp}/`);
	}
	/** Names the archive in all its states. */
	#archive() {
		return `${this.#upstream.services[0]?.href ?? ""}archive/${this.#upstream.archive}/`;
	}
	#summary(failures, notes, hints) {
		return {
			name: `the upstream's history at ${this.#archive()}`,
			testify: async () => ({
				listings: [],
				failures,
				unclear: [],
				notes,
				hints
			})
		};
	}
	#noRun() {
		const { at, window } = this.#upstream;
		const hours = window / 36e5;
		const message = `${this.#archive()} has no run within ${hours} hours of ${at.toISOString()}: check the reference time, or widen the window.`;
		return {
			what: "its runs",
			error: new DebproofError("NOT_FOUND", message)
		};
	}
	#tooMany(runs) {
		return limitReached("its runs", `the window has ${runs} runs, and the 400 nearest are read at most; narrow it`);
	}
	#farNote({ timestamp }) {
		return `The run nearest to ${this.#upstream.at.toISOString()} is ${timestamp}.`;
	}
};
/** A transport failure weighs more than any number of gaps: with it nothing is known. */
function badness({ failures }) {
	return failures.reduce((sum, failure) => sum + (isGap(failure) ? 1 : 1e3), 0);
}
function limitReached(what, why) {
	return {
		what,
		error: new DebproofError("TOO_LARGE", `The snapshot service was not asked further: ${why}.`)
	};
}
// src/identical/upstreams.ts
/** All upstreams of one run: each is opened once, whoever asks it. */
var Upstreams = class {
	#options;
	#sources = /* @__PURE__ */ new Map();
	#asked = /* @__PURE__ */ new Map();
	constructor(options) {
		this.#options = options;
	}
	source(upstream) {
		let source = this.#sources.get(upstream);
		if (source === void 0) {
			source = this.#heard(this.#open(upstream));
			this.#sources.set(upstream, source);
		}
		return source;
	}
	/** Those who were asked, by name, and of whom something is to be told. */
	asked() {
		return [...this.#asked.values()].filter(({ failures, notes }) => failures.length + notes.length > 0).sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
	}
	#open(upstream) {
		const { reader } = this.#options;
		switch (upstream.kind) {
			case "live": return new LiveArchive(reader, upstream);
			case "snapshots": return new SnapshotService(upstream, this.#options);
			case "store": return new EvidenceStore(upstream, this.#options);
		}
	}
	#heard(source) {
		const asked = this.#asked;
		return { async *witnesses(open, further) {
			for await (const { name, testify } of source.witnesses(open, further)) {
				const heard = async () => {
					const testimony = await testify();
					asked.set(name, {
						name,
						failures: testimony.failures,
						notes: testimony.notes
					});
					return testimony;
				};
				yield {
					name,
					testify: heard
				};
			}
		} };
	}
};
// src/judge/builds.ts
/**
* How many parties built at least, where each record is of one build and any of those who signed it may be the one
* who did it. Pure.
*
* A party counts that signed a record which no other party signed, or sums for which the policy says `cosigned`.
* Records that none of these signed make one more for all that are connected by a party. So a party that countersigns
* whatever another one signs adds nothing, however many documents there are; this never is more than the least number
* of builders who could have made all records.
*/
function countBuilders(signings) {
	const records = recordsOf(signings);
	const own = new Set(records.flatMap(({ parties: [one = ""], parties }) => parties.size === 1 ? [one] : []));
	const cosigned = signings.filter((each) => !own.has(each.party) && each.cosigned && each.records.some(({ kind }) => kind === "sums")).map(({ party }) => party);
	const counting = /* @__PURE__ */ new Set([...own, ...cosigned]);
	const open = records.filter(({ parties }) => ![...parties].some((party) => counting.has(party)));
	for (const group of joined(open.map(({ parties }) => [...parties]))) counting.add([...group].sort()[0] ?? "");
	return {
		counted: [...counting].sort(),
		followers: signings.filter(({ party }) => !counting.has(party)).map(({ party }) => {
			const shared = records.filter(({ parties }) => parties.has(party));
			return {
				party,
				others: [...new Set(shared.flatMap(({ parties }) => [...parties]).filter((other) => other !== party))].sort(),
				isSums: shared.some(({ isSums }) => isSums)
			};
		}),
		cosigned: cosigned.sort()
	};
}
function recordsOf(signings) {
	const records = signings.flatMap(({ party, records: signed }) => signed.map((record) => ({
		party,
		...record
	})));
	const groups = joined(records.map(({ names }) => names));
	const groupOf = new Map(groups.flatMap((group) => [...group].map((name) => [name, group])));
	const byGroup = /* @__PURE__ */ new Map();
	for (const { party, names, kind } of records) {
		const [name] = names;
		const group = name === void 0 ? void 0 : groupOf.get(name);
		if (group === void 0) throw new Error("a record has a name");
		const signed = byGroup.get(group) ?? {
			parties: /* @__PURE__ */ new Set(),
			isSums: true
		};
		byGroup.set(group, signed);
		signed.parties.add(party);
		signed.isSums &&= kind === "sums";
	}
	return [...byGroup.values()];
}
/** What is connected: lists that share an item, or that share one with a list that does, are in one set. */
function joined(lists) {
	const setOf = /* @__PURE__ */ new Map();
	for (const list of lists) {
		const [largest = /* @__PURE__ */ new Set(), ...others] = [...new Set(list.map((item) => setOf.get(item)).filter((set) => set !== void 0))].sort((a, b) => b.size - a.size);
		for (const item of [...others.flatMap((set) => [...set]), ...list]) {
			largest.add(item);
			setOf.set(item, largest);
		}
	}
	return [...new Set(setOf.values())];
}
// src/judge/rebuilds.ts
/** Documents, failures, hashes and fellow signers of one party that a reason quotes. */
const SHOWN = 3;
/**
* Weighs what rebuilders say of exactly these bytes. Pure.
*
* Parties are counted, not statements: one that vouches twice, with two keys or in two places, counts once. So does
* one build, whoever signs its record (`countBuilders`). A party
* that vouches for other bytes under the name, version and architecture makes a conflict, however many agree: one of
* them is wrong, or the package is not reproducible, and people must look. A party that could not be read neither
* agrees nor disagrees.
*/
function weighRebuilds(used, { threshold, sourceRequired, parties, hasEpoch }) {
	const disagree = parties.filter(({ claims }) => claims.some(({ sha256 }) => sha256 !== used));
	const evidenceFor = (sha256) => parties.flatMap(({ claims }) => claims.filter((claim) => sha256 === void 0 || claim.sha256 === sha256).flatMap(({ evidence }) => evidence));
	const counts = ({ source }) => source.outcome === "same" || !sourceRequired && (source.outcome === "unnamed" || source.outcome === "unread" && !source.isInput);
	const vouching = ({ claims }) => claims.filter((claim) => claim.sha256 === used && counts(claim));
	const agree = parties.filter((party) => vouching(party).length > 0);
	if (disagree.length > 0) {
		const different = disagree.flatMap(({ claims }) => claims.map(({ sha256 }) => sha256));
		const said = disagree.map(({ party, claims }) => {
			const others = [...new Set(claims.map(({ sha256 }) => sha256))].filter((sha256) => sha256 !== used).sort();
			const more = others.length > SHOWN ? ` (and ${others.length - SHOWN} more)` : "";
			return `${party} got ${others.slice(0, SHOWN).join(" and ")}${more}`;
		});
		const agreeing = agree.length === 0 ? "no rebuilder got these" : `${names(agree)} got these`;
		return {
			outcome: "conflict",
			reason: `The bytes are ${used}, but rebuilding gave others: ${said.join("; ")}; ${agreeing}.`,
			others: [...new Set(different)].filter((sha256) => sha256 !== used).sort().slice(0, SHOWN),
			evidence: evidenceFor()
		};
	}
	const evidence = evidenceFor(used);
	const builders = countBuilders(agree.map((word) => {
		const records = vouching(word).map(({ record }) => record);
		return {
			party: word.party,
			cosigned: word.cosigned === true,
			records
		};
	}));
	const { counted, followers } = builders;
	if (counted.length >= threshold) {
		const saysEpoch = agree.some(({ claims }) => claims.some((claim) => claim.sha256 === used && claim.hasVersion));
		const epoch = hasEpoch && !saysEpoch ? " None of them states the epoch of the version." : "";
		return {
			outcome: "enough",
			reason: `Reproduced by ${counted.join(", ")} (${threshold} needed).${together(builders)}${epoch}`,
			others: [],
			evidence
		};
	}
	const others = parties.filter(({ party }) => !counted.includes(party));
	const open = others.filter(({ claims, unreachable }) => unreachable.length > 0 || claims.some(({ source }) => source.outcome === "unread"));
	const missing = `${counted.length === 0 ? "No rebuilder vouches" : `Only ${counted.join(", ")} vouch`}${counted.length === 1 ? "es" : ""} for ${used}; ${threshold} needed of ${names(parties)}.`;
	const why = others.map((party) => {
		const follower = followers.find((each) => each.party === party.party);
		return `${party.party}: ${follower === void 0 ? silence(party, sourceRequired) : alike(follower)}.`;
	});
	return {
		outcome: counted.length + open.length >= threshold ? "unknown" : "insufficient",
		reason: [`${missing}${onTrust(builders)}`, ...why].join(" "),
		others: [],
		evidence
	};
}
/** Who was not counted beside the others, and who was since the policy says so. */
function together(builders) {
	const { followers } = builders;
	const said = followers.slice(0, SHOWN).map((follower) => ` ${follower.party} ${alike(follower)}.`);
	const more = followers.length > SHOWN ? ` So did ${followers.length - SHOWN} more.` : "";
	return `${onTrust(builders)}${said.join("")}${more}`;
}
function onTrust({ cosigned }) {
	if (cosigned.length === 0) return "";
	return ` That ${cosigned.join(", ")} signed sums of a build of ${cosigned.length === 1 ? "its" : "their"} own is the policy's word (cosigned: true).`;
}
/** Why a party that vouches is not counted. */
function alike({ others, isSums }) {
	const more = others.length > SHOWN ? ` and ${others.length - SHOWN} more` : "";
	const who = `${others.slice(0, SHOWN).join(", ")}${more}`;
	return isSums ? `signed the same sums as ${who}, which count once; where each of them built what it signed, write \`cosigned: true\` under each of these parties` : `signed the record of the same build as ${who}, and one build counts once`;
}
/** Why a party does not count. */
function silence({ claims, unusable, unreachable, notes = [], places = [] }, sourceRequired) {
	const sources = claims.map(({ source }) => {
		if (source.outcome === "unnamed") return sourceRequired ? source.why ?? "its statement does not name the source that it was built from" : void 0;
		return source.outcome === "same" ? void 0 : source.why;
	});
	const reasons = [
		...unreachable.map((why) => `could not be read: ${why}`),
		...sources.filter((why) => why !== void 0),
		...unusable.map((why) => `does not count: ${why}`)
	].map((why) => why.replace(/\.$/, ""));
	if (reasons.length === 0) return [`has no statement on it${places.length === 0 ? "" : ` at ${places.slice(0, SHOWN).join(" and ")}`}`, ...notes.slice(0, 1)].join("; ");
	const more = reasons.length > SHOWN ? ` (and ${reasons.length - SHOWN} more)` : "";
	return `${reasons.slice(0, SHOWN).join("; ")}${more}`;
}
function names(parties) {
	return parties.map(({ party }) => party).sort().join(", ");
}
// src/locate/read-served.ts
/**
* Reads an archive as the build was served from it.
*
* @param kept the apt lists that the policy names for it
*/
async function readServed(archive, reader, kept) {
	const { area, keyring, maxAge, names } = archive.served;
	const request = {
		area,
		keyring,
		...maxAge === void 0 ? {} : { maxAge },
		...names === void 0 ? {} : { names },
		refuseHidden: !archive.servedByUpstream,
		...kept === void 0 ? {} : { kept }
	};
	return {
		archive,
		request,
		facts: await reader.read(request)
	};
}
// src/reproduced/document.ts
/** Undefined where the server says that there is none. @throws DebproofError FETCH, TOO_LARGE, OFFLINE */
async function fetchDocument(downloads, url, limit = MAX_STATEMENT) {
	try {
		return {
			url,
			bytes: await downloads.bytes(url, limit, { timeout: STATEMENT_TIMEOUT })
		};
	} catch (error) {
		if (isDebproofError(error, "NOT_FOUND")) return void 0;
		if (error instanceof RequestRefusedError && error.status === 410) return void 0;
		throw error;
	}
}
/** What the report keeps of a document that was verified. */
function evidenceOf({ url, bytes }, kind, signers, date) {
	return {
		sha256: sha256Of(bytes),
		kind,
		url: url.href,
		size: bytes.length,
		...date === void 0 ? {} : { date },
		signers
	};
}
/**
* Reads statements one by one and sorts what goes wrong: what cannot be fetched leaves something unknown, what was
* fetched and is no valid statement counts for nothing.
*
* @param reads each fetches and verifies one document; undefined where there is none
*/
async function collectStatements(reads) {
	const statements = [];
	const unusable = [];
	const unreachable = [];
	for (const { url, read } of reads) try {
		const statement = await read();
		if (statement !== void 0) statements.push(statement);
	} catch (error) {
		if (!(error instanceof DebproofError)) throw error;
		const text = describeError(error);
		const reason = text.includes(url.href) ? text : `${url.href}: ${text}`;
		if (isDebproofError(error, "FETCH", "TOO_LARGE", "OFFLINE", "NOT_FOUND")) unreachable.push(reason);
		else unusable.push(reason);
	}
	return {
		statements,
		unusable,
		unreachable
	};
}
// src/reproduced/attested-source.ts
/** Compares the sources that statements name with those that one archive's signed `Sources` lists. */
var AttestedSources = class {
	#facts;
	#base;
	#downloads;
	#buildinfos = /* @__PURE__ */ new Map();
	/** How many were looked for beside each .dsc. */
	#asked = /* @__PURE__ */ new Map();
	/**
	* @param facts what the archive's `Sources` say of the packages that statements are about
	* @param base the archive, in whose pool published .buildinfo files lie beside the .dsc
	*/
	constructor(facts, base, downloads) {
		this.#facts = facts;
		this.#base = base;
		this.#downloads = downloads.forPlace(base);
	}
	async compare(sources, { source }) {
		const descriptions = sources.filter(({ fileName }) => /\.dsc$/i.test(fileName));
		const inputs = descriptions.filter(({ role }) => role === "input");
		const builds = inputs.length > 0 ? [] : sources.filter(({ fileName }) => /\.buildinfo$/i.test(fileName));
		const named = inputs.length > 0 ? inputs : [...descriptions, ...builds];
		if (named.length === 0) return { outcome: "unnamed" };
		const found = await this.#compareNamed(named, builds, source);
		const unclear = this.#facts.unclear.find(({ kind, name }) => kind === "source" && name === source.name);
		if (unclear === void 0 || found.outcome === "same" || found.outcome === "unread") return found;
		return {
			outcome: "unread",
			isInput: named.some(({ role }) => role === "input"),
			why: `what the archive serves is open: ${describeUnclear(unclear)}`
		};
	}
	async #compareNamed(named, builds, source) {
		const entries = this.#facts.listings.map(({ entry }) => entry).filter((entry) => entry.kind === "source").filter(({ name, version }) => name === source.name && version === source.version);
		if (entries.length === 0) {
			const failure = this.#facts.failures.find(({ error }) => error.code !== "INDEX_UNLISTED");
			if (failure !== void 0) return {
				outcome: "unread",
				isInput: named.some(({ role }) => role === "input"),
				why: `the archive's Sources could not be read: ${failure.error.message}`
			};
			return {
				outcome: "unnamed",
				why: `the archive serves no source package ${source.name} ${source.version}`
			};
		}
		const findings = [];
		for (const item of named) findings.push(builds.includes(item) ? await this.#compareBuildinfo(item, entries) : compareDescription(item, entries));
		return telling(findings);
	}
	/** A statement that names the .buildinfo it was built by binds the .dsc that this lists, where the archive has it. */
	async #compareBuildinfo(named, entries) {
		for (const { file } of entries) {
			const url = urlBelow(this.#base, file.path.slice(0, file.path.lastIndexOf("/") + 1) + named.fileName);
			if (!this.#buildinfos.has(url.href)) {
				const asked = this.#asked.get(file.path) ?? 0;
				if (asked >= 64) return {
					outcome: "other",
					why: "too many .buildinfo files are named"
				};
				this.#asked.set(file.path, asked + 1);
			}
			const served = await this.#published(url);
			if (served === "absent") continue;
			if ("unread" in served) return {
				outcome: "unread",
				isInput: false,
				why: `the archive's ${named.fileName} could not be read: ${served.unread}`
			};
			if (served.sha256 !== named.sha256) return {
				outcome: "other",
				why: `it was built by another ${named.fileName} than the archive serves`
			};
			if (served.descriptions.length === 0) return {
				outcome: "unnamed",
				why: `${named.fileName} names no .dsc`
			};
			return telling(served.descriptions.map((item) => compareDescription(item, entries)));
		}
		return {
			outcome: "other",
			why: `the archive does not serve the ${named.fileName} that it was built by`
		};
	}
	#published(url) {
		const known = this.#buildinfos.get(url.href);
		if (known !== void 0) return known;
		const reading = readPublished(this.#downloads, url);
		this.#buildinfos.set(url.href, reading);
		return reading;
	}
};
async function readPublished(downloads, url) {
	let document;
	try {
		document = await fetchDocument(downloads, url, MAX_BUILDINFO);
	} catch (error) {
		if (error instanceof RequestRefusedError) return "absent";
		if (!(error instanceof DebproofError)) throw error;
		return { unread: describeError(error) };
	}
	if (document === void 0) return "absent";
	const sha256 = sha256Of(document.bytes);
	try {
		const { files } = parseBuildinfo(unsigned$1(document), url.href);
		return {
			sha256,
			descriptions: [...files].flatMap(([fileName, file]) => /\.dsc$/i.test(fileName) ? [{
				fileName,
				sha256: file.sha256,
				role: "input"
			}] : [])
		};
	} catch (error) {
		if (!(error instanceof DebproofError)) throw error;
		return {
			sha256,
			descriptions: []
		};
	}
}
/**
* What several say together. One that was built from another source speaks against it, whatever stands beside; the
* very one is named only where nothing else may be meant.
*/
function telling(findings) {
	const found = [
		"different",
		"other",
		"unread",
		"same",
		"unnamed"
	].map((outcome) => findings.find((finding) => finding.outcome === outcome)).find((finding) => finding !== void 0);
	if (found?.outcome === "other") return {
		outcome: "unnamed",
		why: found.why
	};
	return found ?? { outcome: "unnamed" };
}
function compareDescription({ fileName, sha256, role }, entries) {
	const served = entries.map(({ file }) => file.sha256);
	if (sha256 === void 0) return {
		outcome: "other",
		why: `it names ${fileName} without a SHA-256`
	};
	if (served.includes(sha256)) return { outcome: "same" };
	if (role === "output") return {
		outcome: "unnamed",
		why: `the ${fileName} that came out of the build is not the one that the archive serves`
	};
	return {
		outcome: "different",
		why: `it was built from another source: ${fileName} is ${sha256}, but the archive serves ${served.join(" and ")}`
	};
}
/** The text of a .buildinfo with or without signature; it is known by its hash, so who signed it is no matter. */
function unsigned$1({ url, bytes }) {
	const text = Buffer.from(bytes).toString("utf8");
	return text.startsWith("-----BEGIN PGP") ? Buffer.from(splitClearsigned(bytes, url.href).text).toString("utf8") : text;
}
// src/reproduced/directory-listing.ts
/**
* The files that the index page of a folder links to, as Apache, nginx and Python's http.server write such pages:
* names in that very folder, decoded, each once. Links to other places, to folders and with a query, such as those
* that sort the page, are left out. A page of any other kind has no such links, and gives no names.
*
* Never an answer, only a hint of what to ask for: whoever serves the page can put anything into it.
*
* @param page one character for each byte
* @param base of the folder; ends in `/`
* @throws DebproofError TOO_LARGE
*/
function parseDirectoryListing(page, base) {
	const names = /* @__PURE__ */ new Set();
	for (const href of links(page)) {
		const name = nameBelow(href, base);
		if (name === void 0) continue;
		names.add(name);
		if (names.size > 2e5) throw new DebproofError("TOO_LARGE", `${base.href} links to more than ${MAX_LISTED_FILES} files.`);
	}
	return [...names];
}
/**
* The `href` of each `<a …>`. Every character is looked at a few times at most, whatever the page: a regular
* expression over all of it would go through the rest of the page again for each `<a` that is never closed.
*/
function* links(page) {
	const begin = /<a\s/gi;
	for (let found = begin.exec(page); found !== null; found = begin.exec(page)) {
		const end = page.indexOf(">", begin.lastIndex);
		if (end === -1) return;
		if (end - begin.lastIndex <= 4096) {
			const href = /(?:^|\s)href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i.exec(page.slice(begin.lastIndex, end));
			if (href !== null) yield unescapeHtml(href[1] ?? href[2] ?? href[3] ?? "");
		}
		begin.lastIndex = end + 1;
	}
}
const NAMED = {
	amp: "&",
	lt: "<",
	gt: ">",
	quot: "\"",
	apos: "'"
};
/** The character references that servers write into attributes. */
function unescapeHtml(text) {
	return text.replaceAll(/&(?:#(\d{1,3})|#x([0-9a-f]{1,2})|(amp|lt|gt|quot|apos));/gi, (_, decimal, hex, named) => {
		if (named !== void 0) return NAMED[named.toLowerCase()] ?? "";
		return String.fromCharCode(decimal === void 0 ? Number.parseInt(hex, 16) : Number(decimal));
	});
}
/** The name of a file in the folder itself; undefined for every other place. */
function nameBelow(href, base) {
	if (!URL.canParse(href, base)) return void 0;
	const target = new URL(href, base);
	if (target.origin !== base.origin || target.username !== base.username || target.password !== base.password) return;
	if (target.search !== "" || target.hash !== "" || !target.pathname.startsWith(base.pathname)) return void 0;
	try {
		const name = decodeURIComponent(target.pathname.slice(base.pathname.length));
		return name === "" || /[/\\\x00-\x1f\x7f]/.test(name) ? void 0 : name;
	} catch {
		return;
	}
}
// src/reproduced/statement-folder.ts
/**
* The files below a folder that may hold statements, sorted by their paths. Of a file that is there under several
* names, through symbolic links, one is given. A link to a folder is not followed: what lies below is looked into
* where it lies, so there is no going round in circles. A link that leads elsewhere, to a folder or a wanted file, is
* an error: what is behind it would be missing without a word.
*
* @param base a `file:` URL
* @param wanted by the name of a file, without folders
* @param entered by the name of a folder: whether to look for files in it
* @throws DebproofError FETCH also where the folder does not exist, which is not the same as an empty one; TOO_LARGE
*/
async function listStatementFiles(base, wanted, entered = () => true) {
	try {
		return await list(await realpath(fileURLToPath(base)), fileURLToPath(base), wanted, entered);
	} catch (error) {
		if (error instanceof DebproofError) throw error;
		const code = systemErrorCode(error);
		const isAbsent = code === "ENOENT" || code === "ENOTDIR";
		throw new DebproofError("FETCH", isAbsent ? `The folder ${base.href} does not exist.` : `The folder ${base.href} could not be read`, { cause: isAbsent ? void 0 : error });
	}
}
/**
* The same, where a run may be recorded.
* @param format tells apart what is looked for in one folder
*/
async function recordedStatementFiles(downloads, base, format, wanted, entered) {
	return (await downloads.names(new URL(`#${format}`, base), async () => (await listStatementFiles(base, wanted, entered)).map(({ href }) => href))).map((href) => new URL(href));
}
async function list(root, written, wanted, entered) {
	/** By real path, the path below the folder that the file is given by. */
	const files = /* @__PURE__ */ new Map();
	const links = [];
	let seen = 0;
	const visit = async (folder, depth) => {
		if (depth > 64) throw tooLarge(written, `has folders more than 64 deep`);
		for (const entry of await readdir(path.join(root, folder), { withFileTypes: true })) {
			const below = path.join(folder, entry.name);
			seen += 1;
			if (seen > 1e6) throw tooLarge(written, `has more than ${MAX_STATEMENT_FOLDER_ENTRIES} entries`);
			if (entry.isDirectory()) {
				if (entered(entry.name)) await visit(below, depth + 1);
			} else if (entry.isSymbolicLink()) links.push(below);
			else if (entry.isFile() && wanted(entry.name)) files.set(path.join(root, below), below);
			if (files.size + links.length > 2e5) throw tooLarge(written, `has more than ${MAX_STATEMENT_FILES} files that may be statements`);
		}
	};
	await visit("", 0);
	for (const link of links.sort()) {
		const target = await targetOf(path.join(root, link));
		if (target === void 0 || target.isFile && !wanted(path.basename(link))) continue;
		const below = path.relative(root, target.path);
		if (below === ".." || below.startsWith(`..${path.sep}`) || path.isAbsolute(below)) {
			const name = pathToFileURL(path.join(written, link)).href;
			throw new DebproofError("FETCH", `${name} is a symbolic link out of its folder: copy what it points to.`);
		}
		const isEntered = below.split(path.sep).slice(0, -1).every(entered);
		if (target.isFile && isEntered && !files.has(target.path)) files.set(target.path, link);
	}
	return [...files.values()].sort().map((below) => pathToFileURL(path.join(written, below)));
}
/** The file or folder that a link leads to in the end, if it leads to one. */
async function targetOf(link) {
	try {
		const target = await realpath(link);
		const status = await stat(target);
		return status.isFile() || status.isDirectory() ? {
			path: target,
			isFile: status.isFile()
		} : void 0;
	} catch (error) {
		const code = systemErrorCode(error);
		if (code === "ENOENT" || code === "ELOOP" || code === "ENOTDIR") return void 0;
		throw error;
	}
}
function tooLarge(folder, problem) {
	return new DebproofError("TOO_LARGE", `The folder ${pathToFileURL(folder).href} ${problem}.`);
}
// src/reproduced/folder-index.ts
/**
* What a folder on the disk holds, by what its files claim to be about. Read once; names and places alone are kept:
* all the statements of a large rebuilder do not fit into the memory.
*/
var FolderIndex = class {
	#options;
	#reading;
	constructor(options) {
		this.#options = options;
	}
	/**
	* The documents that name a file, and what could not be read, each with the reason: it may be about any file.
	*
	* @throws DebproofError FETCH for a folder that cannot be read, TOO_LARGE
	*/
	async documentsAbout(fileName) {
		this.#reading ??= this.#read();
		const { byFileName, unreachable } = await this.#reading;
		const urls = byFileName.get(fileName) ?? [];
		if (urls.length > 1e3) throw new DebproofError("TOO_LARGE", `${this.#options.base.href} has more than ${MAX_STATEMENTS_PER_PACKAGE} statements about ${fileName}.`);
		return {
			urls,
			unreachable
		};
	}
	async #read() {
		const { downloads, base, format, wanted, entered, namesIn, limit } = this.#options;
		const byFileName = /* @__PURE__ */ new Map();
		const unreachable = [];
		for (const url of await recordedStatementFiles(downloads, base, format, wanted, entered)) try {
			const document = await fetchDocument(downloads, url, limit);
			for (const name of document === void 0 ? [] : namesIn(document)) {
				const about = byFileName.get(name);
				if (about === void 0) byFileName.set(detached$1(name), [url]);
				else about.push(url);
			}
		} catch (error) {
			if (!(error instanceof DebproofError)) throw error;
			unreachable.push(describeError(error));
		}
		return {
			byFileName,
			unreachable
		};
	}
};
// src/reproduced/build-record.ts
/**
* The hash of a text that is signed, the same with its signature around it and beside it: what no cleartext signature
* covers, blanks at the ends of lines and of the text, is left out (RFC 9580, 7.1).
*
* @param text one character for each byte
*/
function hashOfText(text) {
	const lines = text.split("\n").map(trimBlanksAtEnd);
	while (lines.at(-1) === "") lines.pop();
	return sha256Of(Buffer.from(lines.join("\n"), "latin1"));
}
/** A document that is the record of one build: what is at one place, or says the same in every byte, is one. */
function recordOfContents(url, contents) {
	return {
		names: [placeName(url), ...[...contents].map((sha256) => `content ${sha256}`)],
		kind: "build"
	};
}
/** Sums, which every builder of the same bytes writes alike. */
function recordOfSums(url, content) {
	return {
		names: [placeName(url), `content ${content}`],
		kind: "sums"
	};
}
/**
* A link of in-toto 0.9. The links of two builders that got the same bytes from the same input are equal: in-toto asks
* for it where several must agree, and rebuilderd writes nothing else. So one link is what has a place or one of its
* signatures in common with another of the same content.
*
* @param keyIds all that the document says of who signed it, whether or not the policy knows these keys
*/
function recordOfLink(url, content, keyIds) {
	const signed = [...keyIds].map((keyId) => `content ${content} signed by ${keyId.toLowerCase()}`);
	return {
		names: [placeName(url), ...new Set(signed)],
		kind: "build"
	};
}
/** Without the fragment, which no server sees. */
function placeName(url) {
	const place = new URL(url);
	place.hash = "";
	return `place ${place.href}`;
}
// src/reproduced/verified-text.ts
/** RFC 9580, 7: how a text begins that has its signature around it. */
const CLEARSIGNED = "-----BEGIN PGP SIGNED MESSAGE-----";
/** Whether a file claims to be, or to hold, a text with its signature around it. */
function isClearsigned(bytes) {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(CLEARSIGNED, 0, "latin1");
}
/**
* Splits a statement that has its signature around it. What people publish by hand may have blank lines after the
* signature, as release files must not.
*
* @throws DebproofError STATEMENT, RELEASE_MALFORMED, TOO_LARGE
*/
function splitClearsignedStatement(bytes, what) {
	if (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(CLEARSIGNED, 0, "latin1") > 0) throw new DebproofError("STATEMENT", `${what} has something before ${CLEARSIGNED}, such as a byte order mark or a blank line: take it away.`);
	return splitClearsigned(withoutBlankEnd(bytes), what);
}
/** Without the blanks and line ends after the last line, such as the one that ends a signature. */
function withoutBlankEnd(bytes) {
	const last = bytes.findLastIndex((byte) => byte !== 32 && byte !== 9 && byte !== 10);
	return bytes.subarray(0, last + 1);
}
/**
* Verifies a statement with the rules for release files, but for its age: that an old package was rebuilt may be
* said any time later. A signature that is younger than `at` is judged at its own time.
*
* @param split takes text and signatures apart
* @param what names the statement in errors
* @throws DebproofError STATEMENT, TOO_LARGE
*/
async function verifyText(split, keyring, at, what) {
	try {
		const signed = split();
		const signers = await verifySignatures$1(signed, keyring, at, STATEMENT);
		const [first] = signers;
		if (first === void 0) throw new DebproofError("STATEMENT", `${what} is signed by no key of its party's.`);
		return {
			text: Buffer.from(signed.text.buffer, signed.text.byteOffset, signed.text.byteLength).toString("latin1"),
			signers: primaryFingerprints(signers),
			signedAt: first.signedAt
		};
	} catch (error) {
		if (!isDebproofError(error, "RELEASE_MALFORMED", "RELEASE_UNTRUSTED")) throw error;
		const message = error.message.includes(what) ? error.message : `${what}: ${error.message}`;
		throw new DebproofError("STATEMENT", message, { cause: error.cause });
	}
}
// src/reproduced/signed-buildinfo.ts
/**
* Verifies a clearsigned `.buildinfo`, as debsign(1) and `gpg --clearsign` write it, and reads what the signature
* covers, and nothing else.
*
* @throws DebproofError STATEMENT, TOO_LARGE
*/
async function readSignedBuildinfo(document, keyring, at) {
	const what = document.url.href;
	if (!isClearsigned(document.bytes)) throw new DebproofError("STATEMENT", `${what} is not signed: whoever built it has to sign it with debsign.`);
	const split = () => splitClearsignedStatement(document.bytes, what);
	const { text, signers, signedAt } = await verifyText(split, keyring, at, what);
	const buildinfo = parseBuildinfo(text, what);
	return {
		evidence: evidenceOf(document, "buildinfo", signers, signedAt),
		content: hashOfText(text),
		version: buildinfo.version,
		packages: packagesOf(buildinfo),
		sources: sourcesOf$2(buildinfo)
	};
}
/**
* Whether a file can be a `.buildinfo`, signed or not: what servers answer instead of a 404 is none. What stands
* before it is for the reader to refuse.
*/
function looksLikeBuildinfo({ bytes }) {
	const beginning = Buffer.from(bytes.subarray(0, 1024)).toString("latin1");
	return isClearsigned(bytes) || /^(?:\xef\xbb\xbf)?\s*(?:-----BEGIN PGP |Format[ \t]*:)/i.test(beginning);
}
/** What a signed `.buildinfo` says of a package: nothing, where it is about another one. */
function buildinfoStatement(signed, rebuilt) {
	const attestation = attestationOf(signed, rebuilt);
	const { evidence, content } = signed;
	return {
		evidence: [evidence],
		attestations: attestation === void 0 ? [] : [attestation],
		record: recordOfContents(evidence.url, [content])
	};
}
/** Whether it lists the file and says nothing of the package, for the version of the build has another epoch. */
function isOfAnotherEpoch(signed, rebuilt) {
	return signed.packages.has(rebuilt.fileName) && attestationOf(signed, rebuilt) === void 0;
}
function attestationOf({ version, packages, sources }, rebuilt) {
	const sha256 = packages.get(rebuilt.fileName);
	if (sha256 === void 0) return void 0;
	const attestation = {
		fileName: rebuilt.fileName,
		sha256,
		sources
	};
	if (version === rebuilt.version) return {
		...attestation,
		version
	};
	return version === rebuilt.source.version || withoutEpoch(version) !== withoutEpoch(rebuilt.version) ? attestation : void 0;
}
function packagesOf({ files }) {
	return new Map([...files].flatMap(([name, { sha256 }]) => /\.u?deb$/.test(name) ? [[name, sha256]] : []));
}
/** dpkg names a .dsc after its source: what else is listed as one did not come out of this build. */
function sourcesOf$2({ source, files }) {
	const fileName = `${source.name}_${withoutEpoch(source.version)}.dsc`;
	const file = files.get(fileName);
	return file === void 0 ? [] : [{
		fileName,
		sha256: file.sha256,
		role: "output"
	}];
}
/** A version as file names have it. */
function withoutEpoch(version) {
	return version.slice(version.indexOf(":") + 1);
}
/**
* The files that a `.buildinfo` names with a SHA-256, signed or not: to find those that may speak of a file, never
* to believe them.
*/
function filesNamedIn(bytes) {
	const rows = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1").matchAll(/^[ \t]+[0-9a-f]{64}[ \t]+\d+[ \t]+(\S+)[ \t\r]*$/gim);
	return new Set([...rows].map(([, name = ""]) => name));
}
// src/reproduced/verified-buildinfos.ts
/**
* The signed `.buildinfo` files of one place. Each is read and verified once, as long as there is room for what they
* say; what was asked for the longest time ago is dropped first, and read again when it is asked for. Documents of
* equal bytes take the room of one, so a server that answers every question with the same one fills nothing.
*/
var VerifiedBuildinfos = class {
	#options;
	/** A few at once: each has megabytes until it is verified. */
	#slots = new Slots(4);
	#underWay = /* @__PURE__ */ new Map();
	/** What came of each URL: the hash of the document, why it does not count, or that there is none. */
	#outcomes = /* @__PURE__ */ new Map();
	/** By the hash of the document, last used last. */
	#documents = /* @__PURE__ */ new Map();
	#files = 0;
	constructor(options) {
		this.#options = options;
	}
	/** Undefined where there is none. @throws DebproofError whatever fetching and verifying it threw */
	async read(url) {
		const outcome = this.#outcomes.get(url.href);
		if (outcome === "absent") return void 0;
		if (outcome instanceof DebproofError) throw outcome;
		const known = outcome === void 0 ? void 0 : this.#known(outcome, url);
		if (known !== void 0) return known;
		const underWay = this.#underWay.get(url.href);
		if (underWay !== void 0) return await underWay;
		const reading = this.#slots.run("", () => this.#readAnew(url)).finally(() => this.#underWay.delete(url.href));
		this.#underWay.set(url.href, reading);
		return await reading;
	}
	async #readAnew(url) {
		try {
			const document = await this.#options.fetch(url);
			if (document === void 0) {
				this.#outcomes.set(url.href, "absent");
				return;
			}
			const sha256 = sha256Of(document.bytes);
			const signed = this.#known(sha256, url) ?? await this.#options.verify(document);
			this.#keep(sha256, signed);
			this.#outcomes.set(url.href, sha256);
			return signed;
		} catch (error) {
			if (error instanceof DebproofError) this.#outcomes.set(url.href, error);
			throw error;
		}
	}
	/** A document that is kept, as it was found at this URL. */
	#known(sha256, url) {
		const signed = this.#documents.get(sha256);
		if (signed === void 0) return void 0;
		this.#documents.delete(sha256);
		this.#documents.set(sha256, signed);
		return {
			...signed,
			evidence: {
				...signed.evidence,
				url: url.href
			}
		};
	}
	#keep(sha256, signed) {
		if (this.#documents.has(sha256)) return;
		this.#documents.set(sha256, signed);
		this.#files += roomOf(signed);
		for (const [oldest, document] of this.#documents) {
			if (this.#files <= (this.#options.maxFiles ?? 5e5)) return;
			this.#documents.delete(oldest);
			this.#files -= roomOf(document);
		}
	}
};
/** One that lists no package takes some room too. */
function roomOf({ packages }) {
	return packages.size + 1;
}
// src/reproduced/buildinfo-service.ts
/**
* Clearsigned `.buildinfo` files in a folder, on a server or on the disk.
*
* A server is asked for the names that dpkg-genbuildinfo(1) gives such files and, where it lists the folder, for all
* in the list that begin with the source package and its version. Both, always: a build for one architecture may be
* under a proper name, and another, which contradicts it or has the packages for all architectures, under any. A
* folder on the disk is read whole.
*/
var BuildinfoService = class {
	#options;
	#documents;
	#listing;
	#folder;
	constructor(options) {
		this.#options = options;
		const { downloads, base, keyring, at } = options;
		this.#documents = new VerifiedBuildinfos({
			fetch: async (url) => await fetchBuildinfo(downloads, url),
			verify: async (document) => await readSignedBuildinfo(document, keyring, at)
		});
		this.#folder = new FolderIndex({
			downloads,
			base,
			format: "buildinfo",
			wanted: (name) => name.endsWith(".buildinfo"),
			namesIn: ({ bytes }) => filesNamedIn(bytes),
			limit: MAX_BUILDINFO
		});
	}
	async ask(rebuilt) {
		return this.#options.base.protocol === "file:" ? await this.#askFolder(rebuilt) : await this.#askServer(rebuilt);
	}
	async #askServer(rebuilt) {
		const { base, architectures } = this.#options;
		const beginnings = fileNameBeginnings(rebuilt);
		const built = /* @__PURE__ */ new Set([
			rebuilt.architecture,
			...architectures,
			"all"
		]);
		const names = beginnings.flatMap((beginning) => [...built].map((each) => `${beginning}${each}.buildinfo`));
		this.#listing ??= this.#list();
		const { names: inFolder, error } = await this.#listing;
		const listed = beginnings.flatMap((beginning) => startingWith(beginning, inFolder));
		const isTooLong = listed.length > MAX_STATEMENTS_PER_PACKAGE;
		const all = /* @__PURE__ */ new Set([...names, ...isTooLong ? [] : listed]);
		const answer = await this.#collect([...all].map((name) => urlBelow(base, name)), rebuilt);
		if (isTooLong) return withUnreachable(answer, [describeError(tooMany(base, rebuilt))]);
		const isAnswered = answer.statements.length > 0 || answer.unreachable.length > 0;
		return error === void 0 || isAnswered ? answer : withUnreachable(answer, [describeError(error)]);
	}
	async #askFolder(rebuilt) {
		try {
			const { urls, unreachable } = await this.#folder.documentsAbout(rebuilt.fileName);
			return withUnreachable(await this.#collect(urls, rebuilt), unreachable);
		} catch (error) {
			if (!(error instanceof DebproofError)) throw error;
			return {
				statements: [],
				unusable: [],
				unreachable: [describeError(error)]
			};
		}
	}
	/** All are read, never the first alone: another may contradict it. */
	async #collect(urls, rebuilt) {
		const notes = /* @__PURE__ */ new Set();
		const answer = await collectStatements(urls.map((url) => ({
			url,
			read: async () => {
				const signed = await this.#documents.read(url);
				if (signed === void 0) return void 0;
				if (isOfAnotherEpoch(signed, rebuilt)) notes.add(`its .buildinfo is about version ${signed.version}`);
				const statement = buildinfoStatement(signed, rebuilt);
				return statement.attestations.length > 0 ? statement : void 0;
			}
		})));
		return notes.size === 0 ? answer : {
			...answer,
			notes: [...notes]
		};
	}
	/** The `.buildinfo` files that the server lists: none where it lists nothing. */
	async #list() {
		const { base, downloads } = this.#options;
		try {
			const document = await fetchDocument(downloads, base, MAX_DIRECTORY_LISTING);
			return { names: parseDirectoryListing(Buffer.from(document?.bytes ?? []).toString("latin1"), base).filter((name) => name.endsWith(".buildinfo")).sort() };
		} catch (error) {
			if (!(error instanceof DebproofError)) throw error;
			return error instanceof RequestRefusedError ? { names: [] } : {
				names: [],
				error
			};
		}
	}
};
/** Those of the sorted names that begin so; a list of 200 000 is not gone through for each of as many packages. */
function startingWith(beginning, names) {
	let from = 0;
	for (let to = names.length; from < to;) {
		const middle = from + to >>> 1;
		if ((names[middle] ?? "") < beginning) from = middle + 1;
		else to = middle;
	}
	let end = from;
	while (names[end]?.startsWith(beginning) === true) end += 1;
	return names.slice(from, end);
}
/** Undefined where there is none. @throws DebproofError FETCH also for what is no .buildinfo, TOO_LARGE, OFFLINE */
async function fetchBuildinfo(downloads, url) {
	const document = await fetchDocument(downloads, url, MAX_BUILDINFO);
	if (document !== void 0 && url.protocol !== "file:" && !looksLikeBuildinfo(document)) throw new DebproofError("FETCH", `${url.href} did not answer with a .buildinfo.`);
	return document;
}
/**
* What the names of the files about a package begin with: `source_version_`, without epoch. A binNMU is named by
* its own version, and by that of its source where it was built again without `+bN`.
*/
function fileNameBeginnings({ source, version }) {
	return [...new Set([version, source.version].map(withoutEpoch))].map((each) => `${source.name}_${each}_`);
}
function tooMany(base, { fileName }) {
	return new DebproofError("TOO_LARGE", `${base.href} has more than ${MAX_STATEMENTS_PER_PACKAGE} statements about ${fileName}.`);
}
function withUnreachable(answer, more) {
	return {
		...answer,
		unreachable: [...answer.unreachable, ...more]
	};
}
/** Version 4, a signature over a binary document (RFC 9580, 5.2.1), by an algorithm, over SHA-256 (9.5). */
const FIXED = 6;
const VERSION = 4;
const BINARY_DOCUMENT = 0;
const SHA256 = 8;
/** RFC 9580, 5.2.3.7: the subpackets that are understood here. */
const CREATION_TIME = 2;
const EXPIRATION_TIME = 3;
const ISSUER_KEY_ID = 16;
const ISSUER_FINGERPRINT = 33;
const LENGTHS = /* @__PURE__ */ new Map([
	[CREATION_TIME, 4],
	[EXPIRATION_TIME, 4],
	[ISSUER_KEY_ID, 8],
	[ISSUER_FINGERPRINT, 21]
]);
/**
* Parses `other_headers` (RFC 9580, 5.2.3). The reference library takes them as they come; here each byte is
* accounted for, since what follows is built upon them.
*
* @throws DebproofError STATEMENT
*/
function parseOtherHeaders(bytes) {
	const [version, type, algorithm, hash, high = 0, low = 0] = bytes;
	if (bytes.length < FIXED || bytes.length !== FIXED + high * 256 + low) throw malformed$1("are not as long as they say");
	if (version !== VERSION) throw malformed$1("are not of version 4");
	if (type !== BINARY_DOCUMENT) throw malformed$1("are not of a signature over a document");
	if (algorithm !== 1 && algorithm !== 22) throw malformed$1(`name the public-key algorithm ${algorithm}; only RSA (1) and Ed25519 (22) count`);
	if (hash !== SHA256) throw malformed$1(`name the hash algorithm ${hash}; only SHA-256 (8) counts`);
	const subpackets = parseSubpackets(bytes.subarray(FIXED));
	const created = subpackets.get(CREATION_TIME);
	const issuer = subpackets.get(ISSUER_FINGERPRINT);
	if (created === void 0) throw malformed$1("do not say when the signature was made");
	if (issuer?.[0] !== VERSION) throw malformed$1("do not name the key by the fingerprint of a key of version 4");
	const fingerprint = parseFingerprint(Buffer.from(issuer.subarray(1)).toString("hex"));
	const keyId = subpackets.get(ISSUER_KEY_ID);
	if (fingerprint === void 0 || keyId !== void 0 && Buffer.compare(keyId, issuer.subarray(-8)) !== 0) throw malformed$1("name two keys");
	const signed = seconds(created);
	const life = subpackets.get(EXPIRATION_TIME);
	const lasts = life === void 0 ? 0 : seconds(life);
	return {
		bytes,
		algorithm,
		issuer: fingerprint,
		signedAt: /* @__PURE__ */ new Date(signed * 1e3),
		expiresAt: lasts === 0 ? void 0 : /* @__PURE__ */ new Date((signed + lasts) * 1e3)
	};
}
/** By type, those that are understood; others must not be critical. */
function parseSubpackets(bytes) {
	const subpackets = /* @__PURE__ */ new Map();
	for (let position = 0; position < bytes.length;) {
		const first = bytes[position++] ?? 0;
		let length = first;
		if (first === 255) {
			length = Buffer.from(bytes.subarray(position, position + 4)).reduce((sum, byte) => sum * 256 + byte, 0);
			position += 4;
		} else if (first >= 192) length = (first - 192) * 256 + (bytes[position++] ?? 0) + 192;
		if (length === 0 || position + length > bytes.length) throw malformed$1("have a subpacket that is cut short");
		const written = bytes[position] ?? 0;
		const type = written & 127;
		const body = bytes.subarray(position + 1, position + length);
		position += length;
		const known = LENGTHS.get(type);
		if (known === void 0) {
			if (written !== type) throw malformed$1(`have a critical subpacket of type ${type}`);
			continue;
		}
		if (body.length !== known) throw malformed$1(`have a subpacket of type ${type} with a wrong length`);
		if (subpackets.has(type)) throw malformed$1(`have two subpackets of type ${type}`);
		subpackets.set(type, body);
	}
	return subpackets;
}
function seconds(body) {
	return Buffer.from(body).readUInt32BE();
}
function malformed$1(problem) {
	return new DebproofError("STATEMENT", `Its other_headers ${problem}.`);
}
// src/reproduced/metablock.ts
/**
* Reads `{"signatures": […], "signed": {…}}` (in-toto 0.9, 4.2). Signatures of another form, such as those of keys
* without a certificate, are left out with the reason: other tools may countersign.
*
* @throws DebproofError STATEMENT, TOO_LARGE
*/
function parseMetablock(document) {
	const what = document.url.href;
	const malformed = (problem) => new DebproofError("STATEMENT", `${what} ${problem}.`);
	const json = asObject(parseStrictJson(document.bytes, what, {
		limit: MAX_STATEMENT,
		numbers: "integers"
	}));
	const signed = asObject(json?.get("signed"));
	const written = asArray(json?.get("signatures"));
	if (signed === void 0 || written === void 0) throw malformed("is no signed document of in-toto 0.9");
	if (written.length > 64) throw malformed(`has more than 64 signatures`);
	const signatures = [];
	const refusals = [];
	for (const [index, each] of written.entries()) try {
		signatures.push(parseSignature(each));
	} catch (error) {
		if (!(error instanceof DebproofError)) throw error;
		refusals.push(`signature ${index + 1}: ${error.message.replace(/\.$/, "")}`);
	}
	let canonical;
	const content = () => {
		canonical ??= canonicalOlpc(signed);
		return canonical;
	};
	return {
		document,
		signed,
		content,
		signatures,
		keyIds: [...written.map((each) => asString(memberOf(each, "keyid")) ?? ""), ...signatures.map(({ headers }) => headers.issuer)],
		refusals
	};
}
function parseSignature(value) {
	const object = asObject(value);
	const headers = hexBytes(object?.get("other_headers"));
	const signature = hexBytes(object?.get("signature"));
	if (headers === void 0 || signature === void 0) throw new DebproofError("STATEMENT", "It is no OpenPGP signature with other_headers and signature in hex.");
	const written = asString(object?.get("keyid")) ?? "";
	const keyid = /^[0-9a-f]{40}$/.test(written) ? parseFingerprint(written) : void 0;
	if (keyid === void 0) throw new DebproofError("STATEMENT", "Its keyid is not the fingerprint of an OpenPGP key.");
	const parsed = parseOtherHeaders(headers);
	if (!(parsed.algorithm === 22 ? signature.length === 64 : signature.length <= 2048)) throw new DebproofError("STATEMENT", "It is not as long as its algorithm has it.");
	return {
		keyid,
		headers: parsed,
		signature
	};
}
/** Lower-case hex, at least a byte of it. */
function hexBytes(value) {
	const text = asString(value);
	return text !== void 0 && /^[0-9a-f]+$/.test(text) && text.length % 2 === 0 ? Buffer.from(text, "hex") : void 0;
}
/** What in-toto signs: the canonical JSON, the headers, and their length (RFC 9580, 5.2.4). */
function signedInput(content, { bytes }) {
	const trailer = Buffer.from([
		4,
		255,
		0,
		0,
		0,
		0
	]);
	trailer.writeUInt32BE(bytes.length, 2);
	return Buffer.concat([
		content,
		bytes,
		trailer
	]);
}
/**
* Verifies the OpenPGP signatures with the rules for every other OpenPGP signature here, by building again the
* packets that they were taken from.
*
* @throws DebproofError STATEMENT where none is by a key in the keyring, or one that is does not fit
*/
async function verifyByKeyring(metablock, keyring, at) {
	const { document, content, signatures } = metablock;
	const refusals = [...metablock.refusals];
	const packets = [];
	for (const each of signatures) {
		const { issuer } = each.headers;
		const keyId = issuer.slice(-16);
		const keys = keyring.withKeyId(keyId.toLowerCase());
		const key = keys.find(({ fingerprint }) => fingerprint === issuer);
		if (keys.length === 0) refusals.push(`key ${keyId} is not in the keyring`);
		else if (key !== void 0 && each.keyid !== key.fingerprint && each.keyid !== key.primaryFingerprint) refusals.push(`keyid ${each.keyid} is not of the key ${issuer} that signed`);
		else packets.push(signaturePacket(content(), each));
	}
	if (packets.length === 0) throw unsigned(document, refusals);
	const split = () => ({
		text: content(),
		blocks: [Buffer.concat(packets)]
	});
	try {
		const { signers, signedAt } = await verifyText(split, keyring, at, document.url.href);
		return {
			...metablock,
			signers,
			signedAt
		};
	} catch (error) {
		if (!(error instanceof DebproofError) || refusals.length === 0) throw error;
		throw unsigned(document, [...refusals, describeError(error).replace(/\.$/, "")]);
	}
}
/**
* The document as gpgv takes it: the bytes that are signed, and a detached signature of all packets. Unverified.
* @throws DebproofError STATEMENT, TOO_LARGE
*/
function detachedForm(document) {
	const { content, signatures } = parseMetablock(document);
	return {
		text: content(),
		signature: Buffer.concat(signatures.map((each) => signaturePacket(content(), each)))
	};
}
function unsigned({ url }, refusals) {
	const reasons = refusals.join("; ") || "it holds no signature";
	return new DebproofError("STATEMENT", `${url.href} has no valid signature by a trusted key: ${reasons}.`);
}
/** RFC 9580, 4.2 and 5.2.3: the packet that gpg made, without the unhashed subpackets, which in-toto drops. */
function signaturePacket(content, { headers, signature }) {
	const digest = createHash("sha256").update(signedInput(content, headers)).digest();
	const numbers = headers.algorithm === 22 ? [signature.subarray(0, 32), signature.subarray(32)] : [signature];
	const noUnhashed = Buffer.from([0, 0]);
	const body = Buffer.concat([
		headers.bytes,
		noUnhashed,
		digest.subarray(0, 2),
		...numbers.map(multiprecision)
	]);
	const header = Buffer.from([
		194,
		255,
		0,
		0,
		0,
		0
	]);
	header.writeUInt32BE(body.length, 2);
	return Buffer.concat([header, body]);
}
/** RFC 9580, 3.2: the number of bits, then the number without leading zeros. */
function multiprecision(number) {
	const start = number.findIndex((byte) => byte !== 0);
	const digits = start === -1 ? /* @__PURE__ */ new Uint8Array() : number.subarray(start);
	const bits = digits.length * 8 - (digits[0] === void 0 ? 0 : Math.clz32(digits[0]) - 24);
	return Buffer.concat([Buffer.from([bits >> 8, bits & 255]), digits]);
}
// src/reproduced/in-toto-link.ts
/** What rebuilders call their one step, in links and in layouts (apt-transport-in-toto). */
const STEP = "rebuild";
/** Why a statement with so many sources is refused: nobody could look at them all, for each package. */
const TOO_MANY_SOURCES = `names more than 64 .dsc and .buildinfo files that it was built from`;
/** What was read of documents that somebody still holds, by the key that it was verified with. */
const linksRead = /* @__PURE__ */ new WeakMap();
/**
* Verifies a link of in-toto 0.9 that is signed with OpenPGP, as `in-toto-run --step-name rebuild --gpg` writes it.
*
* @param keyring the party's keys; signatures by others are nothing to it
* @throws DebproofError STATEMENT, TOO_LARGE
*/
async function verifyLink(document, keyring, at, rebuilt) {
	return linkStatement(await readLink(document, keyring, at, (metablock) => verifyByKeyring(metablock, keyring, at)), document, rebuilt);
}
/**
* Reads and verifies a link once, however many packages it is asked about.
*
* @param key what `verify` verifies with
* @throws DebproofError STATEMENT, TOO_LARGE
*/
async function readLink(document, key, at, verify) {
	const byKey = linksRead.get(document) ?? /* @__PURE__ */ new Map();
	linksRead.set(document, byKey);
	const known = byKey.get(key);
	if (known?.at === at.getTime()) return await known.link;
	const read = async () => signedLinkOf(await verify(parseMetablock(document)));
	const link = read();
	byKey.set(key, {
		at: at.getTime(),
		link
	});
	return await link;
}
/** in-toto 0.9, 4.4. */
function signedLinkOf({ document, signed, content, keyIds, signers, signedAt }) {
	if (signed.get("_type") !== "link") throw malformed(document, "is no link");
	if (signed.get("name") !== "rebuild") throw malformed(document, `is a link of another step than ${STEP}`);
	const listed = asObject(signed.get("products"));
	const materials = asObject(signed.get("materials"));
	if (listed === void 0 || materials === void 0) throw malformed(document, "has no products or no materials");
	const products = /* @__PURE__ */ new Map();
	for (const [path, hashes] of listed) {
		const fileName = packageFileOf(path);
		if (fileName === void 0) continue;
		const said = products.get(fileName) ?? /* @__PURE__ */ new Set();
		products.set(fileName, said);
		const sha256 = sha256In(hashes);
		if (sha256 === void 0 || said.size < 4) said.add(sha256);
	}
	const sources = distinctSources([...materials].flatMap(([path, hashes]) => sourceInput(path, hashes)));
	const record = recordOfLink(document.url.href, sha256Of(content()), keyIds);
	return {
		evidence: evidenceOf(document, "in-toto-link", signers, signedAt),
		...detached({
			record,
			products,
			sources
		})
	};
}
/**
* What a verified link says of the file. Links of one build for another set of architectures have other products, so
* no file but ours is looked at. A file that is there twice, in two folders, is what it says of it both times.
*
* @throws DebproofError STATEMENT
*/
function linkStatement({ evidence, record, products, sources }, document, { fileName }) {
	const said = products.get(fileName);
	if (said === void 0) return {
		evidence: [evidence],
		attestations: [],
		record
	};
	const hashes = [...said].filter((sha256) => sha256 !== void 0);
	if (hashes.length < said.size) throw malformed(document, `lists ${fileName} without a SHA-256`);
	if (sources === void 0) throw malformed(document, TOO_MANY_SOURCES);
	return {
		evidence: [evidence],
		attestations: attestationsOf(fileName, hashes, sources),
		record
	};
}
/**
* The package files that a document claims to be about, unverified: a way to find what may concern a package. Of a
* document that cannot be parsed, whatever looks like the name of one.
*/
function productsNamedIn(document) {
	const names = /* @__PURE__ */ new Set();
	try {
		for (const path of asObject(memberOf(parseMetablock(document).signed, "products"))?.keys() ?? []) {
			const name = packageFileOf(path);
			if (name !== void 0) names.add(name);
		}
	} catch (error) {
		if (!(error instanceof DebproofError)) throw error;
		const written = Buffer.from(document.bytes).toString("latin1").matchAll(/"(?:[^"\\]*\/)?([a-zA-Z0-9.+~_-]{1,255}\.u?deb)"/g);
		for (const [, name = ""] of written) names.add(name);
	}
	return detached([...names]);
}
/** The base name of a path, where it is that of a package file. */
function packageFileOf(path) {
	const name = posix.basename(path);
	return /.\.u?deb$/.test(name) ? name : void 0;
}
/** What one statement says of one file: each hash once, and no more than it takes to see that it contradicts itself. */
function attestationsOf(fileName, hashes, sources) {
	return [...new Set(hashes)].slice(0, 4).map((sha256) => ({
		fileName,
		sha256,
		sources
	}));
}
/** The SHA-256 among the hashes of a file, in lower-case hex. */
function sha256In(hashes) {
	return parseSha256(asString(memberOf(hashes, "sha256")) ?? "");
}
/**
* What a build was made from, where this is a source package or a `.buildinfo`, however the name is written: a second one
* must not be overlooked. Folders are those of the rebuilder's disk. Control characters, which no file of Debian's has in
* its name, are replaced: people read it.
*/
function sourceInput(path, hashes) {
	const fileName = posix.basename(path).replaceAll(/\p{Cc}/gu, "�").trim();
	return /\.(?:dsc|buildinfo)$/i.test(fileName) ? [{
		fileName,
		sha256: sha256In(hashes),
		role: "input"
	}] : [];
}
/** The sources of one statement, each once; undefined where they are too many. */
function distinctSources(named) {
	const distinct = new Map(named.map((each) => [`${each.sha256 ?? ""} ${each.fileName}`, each]));
	return distinct.size > 64 ? void 0 : [...distinct.values()];
}
/** A copy. A string that was cut out of a text keeps the whole text in the memory, and these are kept for long. */
function detached(value) {
	return structuredClone(value);
}
function malformed({ url }, problem) {
	return new DebproofError("STATEMENT", `${url.href} ${problem}.`);
}
// src/reproduced/in-toto-statement.ts
const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
const LINK = "https://in-toto.io/attestation/link/v0.3";
const PROVENANCE = "https://slsa.dev/provenance/v1";
/** The build types of OSS Rebuild: of these, one says what came out of a rebuild. */
const OSS_REBUILD = "https://docs.oss-rebuild.dev/builds/";
const OSS_REBUILD_BUILD = `${OSS_REBUILD}Rebuild@v0.1`;
/** Statements that are about something else, or are a verifier's summary: none says "I built this". */
const NOT_BUILDS = [
	["https://slsa.dev/verification_summary/", "is a summary of what a verifier checked, not a build"],
	["https://in-toto.io/attestation/svr/", "is a summary of what a verifier checked, not a build"],
	["https://in-toto.io/attestation/scai/", "is a claim about an artifact, not a build"],
	["https://in-toto.io/attestation/test-result/", "is the result of a test, not a build"]
];
/**
* Reads an in-toto Statement v1 as the result of a build: by its predicate a link (v0.3) of the step `rebuild`, or
* SLSA provenance (v1). Two subjects with the name of our file and two hashes are two attestations, and whoever
* judges sees the contradiction.
*
* @param payload what a signature covers, and no more
* @throws DebproofError STATEMENT
*/
function readInTotoStatement(payload, { fileName }) {
	const json = parseStrictJson(payload, "The payload", {
		limit: MAX_STATEMENT,
		numbers: "any"
	});
	if (memberOf(json, "_type") !== STATEMENT_TYPE) throw refused$1(`is not of type ${STATEMENT_TYPE}`);
	const subjects = asArray(memberOf(json, "subject"));
	if (subjects === void 0 || subjects.length === 0) throw refused$1("has no subject");
	const { subjectPrefix, sources, date } = readBuild$1(json);
	return {
		attestations: attestationsOf(fileName, subjects.filter((subject) => memberOf(subject, "name") === `${subjectPrefix}${fileName}`).map((subject) => {
			const sha256 = sha256In(memberOf(subject, "digest"));
			if (sha256 === void 0) throw refused$1(`lists ${fileName} without a SHA-256`);
			return sha256;
		}), sources),
		date
	};
}
function readBuild$1(statement) {
	const type = asString(memberOf(statement, "predicateType")) ?? "";
	const predicate = memberOf(statement, "predicate");
	if (type === LINK) {
		const name = asString(memberOf(predicate, "name")) ?? "";
		if (name !== "rebuild" && !name.startsWith(`rebuild `)) throw refused$1(`is a link of another step than ${STEP}`);
		return {
			subjectPrefix: "",
			sources: sourcesAmong(asArray(memberOf(predicate, "materials")) ?? []),
			date: void 0
		};
	}
	if (type === PROVENANCE) return readProvenance(predicate);
	const [, what] = NOT_BUILDS.find(([prefix]) => type.startsWith(prefix)) ?? [];
	throw refused$1(what ?? `has the predicate ${JSON.stringify(type.slice(0, 200))}, which is no known kind of build`);
}
/** SLSA 1.0, provenance. */
function readProvenance(predicate) {
	const buildType = asString(memberOf(predicate, "buildDefinition", "buildType")) ?? "";
	if (buildType === "") throw refused$1("is provenance without a buildType");
	if (buildType.includes("ArtifactEquivalence")) throw refused$1("says that two files are equal after parts of them were taken out, not that they are identical");
	if (buildType.startsWith(OSS_REBUILD) && buildType !== OSS_REBUILD_BUILD) throw refused$1(`has the buildType ${JSON.stringify(buildType.slice(0, 200))}, which is not known`);
	const dependencies = asArray(memberOf(predicate, "buildDefinition", "resolvedDependencies")) ?? [];
	const finishedOn = memberOf(predicate, "runDetails", "metadata", "finishedOn");
	return {
		subjectPrefix: buildType === OSS_REBUILD_BUILD ? "rebuild/" : "",
		sources: sourcesAmong(dependencies),
		date: finishedOn === void 0 ? void 0 : parseTimestamp(finishedOn)
	};
}
function sourcesAmong(descriptors) {
	const sources = distinctSources(descriptors.flatMap(sourcesOf$1));
	if (sources === void 0) throw refused$1(TOO_MANY_SOURCES);
	return sources;
}
/** A ResourceDescriptor (in-toto Attestation Framework v1), by its name or else by its URI. */
function sourcesOf$1(descriptor) {
	const digest = memberOf(descriptor, "digest");
	const named = sourceInput(asString(memberOf(descriptor, "name")) ?? "", digest);
	return named.length > 0 ? named : sourceInput(fileNameOfUri(asString(memberOf(descriptor, "uri")) ?? ""), digest);
}
/** The last part of a URI's path, unescaped as far as it can be. */
function fileNameOfUri(uri) {
	const end = uri.search(/[?#]/);
	const written = posix.basename(end === -1 ? uri : uri.slice(0, end));
	try {
		return decodeURIComponent(written);
	} catch {
		return written;
	}
}
/** RFC 3339. */
function parseTimestamp(value) {
	const text = asString(value) ?? "";
	const time = new Date(text);
	if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/.test(text) || Number.isNaN(time.getTime())) throw refused$1("has a finishedOn that is no time");
	return time;
}
function refused$1(problem) {
	return new DebproofError("STATEMENT", `The signed statement ${problem}.`);
}
// src/reproduced/dsse.ts
/** Envelopes of which it is told why they do not count: a bundle may have a thousand. */
const MAX_REASONS = 10;
const PAYLOAD_TYPE = "application/vnd.in-toto+json";
/**
* Verifies in-toto Statements in DSSE envelopes (DSSE 1.0): one, or one in each line where the name of the document
* ends in `.jsonl`. Such a bundle may hold other things beside, so one envelope that counts is enough, and the
* document is refused where none does.
*
* @param keys the party's keys; signatures by others are nothing to it
* @throws DebproofError STATEMENT, TOO_LARGE
*/
function verifyDsse(document, keys, at, rebuilt) {
	const { url } = document;
	const attested = [];
	const signers = /* @__PURE__ */ new Set();
	const contents = /* @__PURE__ */ new Set();
	const refusals = [];
	let date;
	for (const [index, envelope] of envelopesOf(document).entries()) try {
		const verified = verifyEnvelope(envelope, keys, at);
		const statement = readInTotoStatement(verified.payload, rebuilt);
		attested.push(...statement.attestations);
		contents.add(sha256Of(verified.payload));
		for (const signer of verified.signers) signers.add(signer);
		if (date === void 0 || statement.date !== void 0 && statement.date > date) date = statement.date;
	} catch (error) {
		if (!(error instanceof DebproofError)) throw error;
		refusals.push(`envelope ${index + 1}: ${describeError(error).replace(/\.$/, "")}`);
	}
	if (signers.size === 0) {
		const more = refusals.length > MAX_REASONS ? `; and ${refusals.length - MAX_REASONS} more` : "";
		const reasons = refusals.slice(0, MAX_REASONS).join("; ") + more || "it is empty";
		throw new DebproofError("STATEMENT", `${url.href} holds no statement that counts: ${reasons}.`);
	}
	return {
		evidence: [evidenceOf(document, "dsse", [...signers].sort(), date)],
		attestations: distinct(attested),
		record: recordOfContents(url.href, contents)
	};
}
/**
* What envelopes beside one another say, each thing once. Those that name other sources for the same bytes stay apart:
* one may name what the archive serves.
*/
function distinct(attestations) {
	const hashes = /* @__PURE__ */ new Set();
	const said = /* @__PURE__ */ new Map();
	for (const each of attestations) {
		if (!hashes.has(each.sha256) && hashes.size === 4) continue;
		hashes.add(each.sha256);
		const sources = each.sources.map(({ fileName, sha256 }) => [fileName, sha256]);
		said.set(JSON.stringify([each.sha256, sources]), each);
	}
	return [...said.values()];
}
function envelopesOf({ url, bytes }) {
	if (bytes.length > 4194304) throw new DebproofError("TOO_LARGE", `${url.href} is larger than ${MAX_STATEMENT} bytes.`);
	if (!url.pathname.endsWith(".jsonl")) return [bytes];
	const lines = [];
	for (let begin = 0; begin < bytes.length;) {
		const end = bytes.indexOf(10, begin);
		const line = bytes.subarray(begin, end === -1 ? bytes.length : end);
		begin += line.length + 1;
		if (line.every((byte) => byte === 32 || byte === 9 || byte === 13)) continue;
		lines.push(line);
		if (lines.length > 1e3) throw new DebproofError("TOO_LARGE", `${url.href} has more than ${MAX_STATEMENTS_PER_PACKAGE} envelopes.`);
	}
	return lines;
}
/**
* DSSE 1.0: `{payload, payloadType, signatures: [{keyid?, sig}]}`. The keyid is a hint that nobody signed, so every
* pinned key is tried instead.
*/
function verifyEnvelope(bytes, keys, at) {
	const envelope = parseStrictJson(bytes, "The envelope", {
		limit: MAX_STATEMENT,
		numbers: "any"
	});
	const payload = decodeBase64(asString(memberOf(envelope, "payload")));
	const signatures = asArray(memberOf(envelope, "signatures"));
	if (payload === void 0 || signatures === void 0) throw refused("It is no DSSE envelope.");
	if (memberOf(envelope, "payloadType") !== PAYLOAD_TYPE) throw refused(`Its payloadType is not ${PAYLOAD_TYPE}.`);
	if (signatures.length > 64) throw refused(`It has more than 64 signatures.`);
	const message = preAuthEncoding(payload);
	const signing = /* @__PURE__ */ new Set();
	for (const each of signatures) {
		const signature = decodeBase64(asString(memberOf(each, "sig")));
		if (signature === void 0) throw refused("It has a signature that is no base64.");
		for (const key of keys) if (!signing.has(key) && key.verify(message, signature)) signing.add(key);
	}
	if (signing.size === 0) throw refused("It has no valid signature by a trusted key.");
	const counting = [...signing].filter((key) => isInForce(key, at));
	if (counting.length === 0) {
		const [expired] = signing;
		throw refused(`It is signed by the key ${expired?.fingerprint}, whose last day was ${expired?.until}.`);
	}
	return {
		payload,
		signers: counting.map(({ fingerprint }) => fingerprint)
	};
}
/** DSSE 1.0, PAE: lengths before the parts, so that no other split of them gives the same bytes. */
function preAuthEncoding(payload) {
	return Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(PAYLOAD_TYPE)} ${PAYLOAD_TYPE} ${payload.length} `), payload]);
}
/** RFC 4648, with padding, in one of its two alphabets: DSSE lets writers choose. */
function decodeBase64(text) {
	if (text === void 0 || text === "") return void 0;
	const bytes = Buffer.from(text, "base64");
	const standard = bytes.toString("base64");
	return text === standard || text === standard.replaceAll("+", "-").replaceAll("/", "_") ? bytes : void 0;
}
function refused(why) {
	return new DebproofError("STATEMENT", why);
}
// src/reproduced/dsse-service.ts
/** What is appended to the name of a file for that of its attestations (in-toto Attestation Framework, bundles). */
const SUFFIXES = [".intoto.jsonl", ".intoto.json"];
/**
* in-toto Statements in DSSE envelopes, in files named for the package file: on a server right below the base, in a
* folder on the disk anywhere below it. All that are there are read: one may contradict another.
*/
var DsseService = class {
	#options;
	/** Files of the folder, by name. */
	#folder;
	constructor(options) {
		this.#options = options;
	}
	async ask(rebuilt) {
		const { downloads, keys, at } = this.#options;
		let urls;
		try {
			urls = await this.#urlsFor(rebuilt);
		} catch (error) {
			if (!(error instanceof DebproofError)) throw error;
			return {
				statements: [],
				unusable: [],
				unreachable: [describeError(error)]
			};
		}
		return await collectStatements(urls.map((url) => ({
			url,
			read: async () => {
				const document = await fetchDocument(downloads, url);
				const statement = document === void 0 ? void 0 : verifyDsse(document, keys, at, rebuilt);
				return statement?.attestations.length === 0 ? void 0 : statement;
			}
		})));
	}
	async #urlsFor({ fileName }) {
		const { base } = this.#options;
		const names = SUFFIXES.map((suffix) => `${fileName}${suffix}`);
		if (base.protocol !== "file:") return names.map((name) => urlBelow(base, name));
		this.#folder ??= listByName(this.#options.downloads, base);
		const folder = await this.#folder;
		const urls = names.flatMap((name) => folder.get(name) ?? []);
		if (urls.length > 1e3) throw new DebproofError("TOO_LARGE", `${base.href} has more than ${MAX_STATEMENTS_PER_PACKAGE} files named for ${fileName}.`);
		return urls;
	}
};
async function listByName(downloads, base) {
	const byName = /* @__PURE__ */ new Map();
	for (const url of await recordedStatementFiles(downloads, base, "dsse", (name) => SUFFIXES.some((suffix) => name.endsWith(suffix)))) {
		const name = decodeURIComponent(url.pathname.slice(url.pathname.lastIndexOf("/") + 1));
		const same = byName.get(name);
		if (same === void 0) byName.set(name, [url]);
		else same.push(url);
	}
	return byName;
}
// src/reproduced/layout-key.ts
const MIN_RSA_BITS = 2048;
/**
* Reads a key of a layout: `method` `pgp+rsa-pkcsv1.5` with `n` and `e`, or `pgp+eddsa-ed25519` with `q`, in hex
* (securesystemslib, gpg formats).
*
* @param keyid the name that it goes by in the layout
* @throws DebproofError STATEMENT
*/
function parseLayoutKey(keyid, value) {
	const primary = parseRawKey(keyid, value);
	const keys = /* @__PURE__ */ new Map([[primary.fingerprint, primary]]);
	const subkeys = asObject(memberOf(value, "subkeys")) ?? /* @__PURE__ */ new Map();
	if (subkeys.size > 64) throw unusable$1(keyid, `has more than 64 subkeys`);
	for (const [id, each] of subkeys) {
		const subkey = parseRawKey(id, each);
		if (keys.has(subkey.fingerprint)) throw unusable$1(keyid, "is its own subkey");
		keys.set(subkey.fingerprint, {
			...subkey,
			expiresAt: earlier(subkey.expiresAt, primary.expiresAt)
		});
	}
	return {
		fingerprint: primary.fingerprint,
		keys
	};
}
function parseRawKey(keyid, value) {
	const fingerprint = /^[0-9a-f]{40}$/.test(keyid) ? parseFingerprint(keyid) : void 0;
	if (fingerprint === void 0) throw unusable$1(keyid.slice(0, 80), "has no OpenPGP fingerprint for its name");
	if (memberOf(value, "keyid") !== keyid) throw unusable$1(keyid, "has another keyid than the name that it goes by");
	const created = time(value, "creation_time");
	const validity = time(value, "validity_period");
	if (validity !== void 0 && validity > 0 && created === void 0) throw unusable$1(keyid, "has a validity_period and no creation_time to count it from");
	return {
		fingerprint,
		...publicKey(keyid, value),
		createdAt: created === void 0 ? void 0 : /* @__PURE__ */ new Date(created * 1e3),
		expiresAt: created === void 0 || !validity ? void 0 : /* @__PURE__ */ new Date((created + validity) * 1e3)
	};
	function time(of, name) {
		const written = memberOf(of, name);
		if (written === void 0 || written === null) return void 0;
		const seconds = asInteger(written);
		if (seconds === void 0 || seconds < 0 || seconds > 4294967295) throw unusable$1(keyid, `has a bad ${name}`);
		return seconds;
	}
}
function publicKey(keyid, value) {
	const method = asString(memberOf(value, "method"));
	const number = (name) => {
		const hex = asString(memberOf(value, "keyval", "public", name)) ?? "";
		if (!/^[0-9a-f]+$/.test(hex) || hex.length % 2 !== 0) throw unusable$1(keyid, `has no ${name} in hex`);
		return Buffer.from(hex, "hex").toString("base64url");
	};
	if (method === "pgp+rsa-pkcsv1.5") {
		const key = importKey(keyid, {
			kty: "RSA",
			n: number("n"),
			e: number("e")
		});
		const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
		if (bits < MIN_RSA_BITS || bits > 16384) throw unusable$1(keyid, `is RSA with ${bits} bits`);
		const exponent = key.asymmetricKeyDetails?.publicExponent ?? 0n;
		if (exponent < 3n || exponent % 2n === 0n) throw unusable$1(keyid, "has a bad RSA exponent");
		return {
			algorithm: 1,
			key
		};
	}
	if (method === "pgp+eddsa-ed25519") return {
		algorithm: 22,
		key: importKey(keyid, {
			kty: "OKP",
			crv: "Ed25519",
			x: number("q")
		})
	};
	throw unusable$1(keyid, `has the method ${JSON.stringify(method ?? null).slice(0, 80)}, which is not supported`);
}
function importKey(keyid, key) {
	try {
		return createPublicKey({
			key,
			format: "jwk"
		});
	} catch (error) {
		throw unusable$1(keyid, "is no public key", error);
	}
}
/**
* Verifies the signatures that are by this key or one of its subkeys. A layout has no certificates, so what is known
* of a key's life is what the layout says of it.
*
* @throws DebproofError STATEMENT where none is by the key, or one that is does not fit
*/
function verifyByLayoutKey(metablock, { fingerprint, keys }, at) {
	const { document, content, signatures } = metablock;
	const refusals = [...metablock.refusals];
	let signedAt;
	for (const each of signatures) {
		const { issuer } = each.headers;
		const key = keys.get(issuer);
		if (key === void 0) refusals.push(`key ${issuer} is not ${fingerprint} of the layout`);
		else if (each.keyid !== issuer && each.keyid !== fingerprint) refusals.push(`keyid ${each.keyid} is not of the key ${issuer} that signed`);
		else if (each.headers.algorithm !== key.algorithm) refusals.push(`key ${issuer}: the signature is of another algorithm`);
		else if (!isSignature(content(), each, key)) {
			const problem = `BAD signature by the trusted key ${fingerprint}: the file was changed after it was signed`;
			throw new DebproofError("STATEMENT", `${document.url.href}: ${problem}.`);
		} else {
			const refusal = refusedFor(each, key, at);
			if (refusal === void 0) signedAt ??= each.headers.signedAt;
			else refusals.push(`key ${issuer}: ${refusal}`);
		}
	}
	if (signedAt === void 0) throw unsigned(document, refusals);
	return {
		...metablock,
		signers: [fingerprint],
		signedAt
	};
}
/** Why a signature that fits does not count at `at`, or, where it is younger than that, when it was made. */
function refusedFor({ headers }, { createdAt, expiresAt }, at) {
	const { signedAt } = headers;
	const clock = signedAt > at ? signedAt : at;
	if (createdAt !== void 0 && signedAt < createdAt) return "the signature is older than the key";
	if (expiresAt !== void 0 && clock >= expiresAt) return `it expired at ${expiresAt.toISOString()}`;
	if (headers.expiresAt !== void 0 && clock >= headers.expiresAt) return "the signature is expired";
}
function isSignature(content, { headers, signature }, { key }) {
	const input = signedInput(content, headers);
	if (headers.algorithm === 22) return verify(null, createHash("sha256").update(input).digest(), key, signature);
	const size = Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
	if (signature.length > size) return false;
	const padded = Buffer.concat([Buffer.alloc(size - signature.length), signature]);
	return verify("sha256", input, {
		key,
		padding: constants.RSA_PKCS1_PADDING
	}, padded);
}
function earlier(one, other) {
	if (one === void 0 || other === void 0) return one ?? other;
	return one < other ? one : other;
}
function unusable$1(keyid, problem, cause) {
	return new DebproofError("STATEMENT", `The key ${keyid} of the layout ${problem}.`, { cause });
}
// src/reproduced/in-toto-layout.ts
/**
* Verifies a layout of in-toto 0.9 (4.3) that is signed with OpenPGP, and takes from it who may do the step
* `rebuild`. Nothing in it is executed: of what `inspect` and the rules say, nothing is needed to compare one file.
*
* @param ownerKeyring the keys of the layout's owner, who decides for whoever pins them
* @throws DebproofError STATEMENT, TOO_LARGE
*/
async function verifyLayout(document, ownerKeyring, at) {
	const malformed = (problem) => new DebproofError("STATEMENT", `The layout ${document.url.href} ${problem}.`);
	const { signed, signers, signedAt } = await verifyByKeyring(parseMetablock(document), ownerKeyring, at);
	if (signed.get("_type") !== "layout") throw malformed("is no layout");
	const expires = parseExpires(asString(signed.get("expires")) ?? "");
	if (expires === void 0) throw malformed("does not say when it expires, as in 2030-01-01T00:00:00Z");
	if (at >= expires) throw malformed(`expired at ${expires.toISOString()}: ask its owner for a new one`);
	const steps = asArray(signed.get("steps"))?.filter((each) => memberOf(each, "name") === "rebuild") ?? [];
	const [step] = steps;
	if (step === void 0 || steps.length > 1) throw malformed(`does not have one step ${STEP}`);
	const threshold = asInteger(memberOf(step, "threshold"));
	if (threshold === void 0 || threshold < 1) throw malformed(`has a threshold that is no number from 1 on`);
	const listed = asObject(signed.get("keys"));
	const pubkeys = asArray(memberOf(step, "pubkeys"));
	if (listed === void 0 || pubkeys === void 0) throw malformed("has no keys");
	if (pubkeys.length > 1e3) throw malformed(`names more than ${MAX_LAYOUT_KEYS} keys`);
	const keys = [];
	for (const keyid of new Set(pubkeys)) {
		const written = asString(keyid);
		if (written === void 0 || !listed.has(written)) throw malformed(`names the key ${JSON.stringify(written ?? null).slice(0, 80)} and does not hold it`);
		keys.push(parseLayoutKey(written, listed.get(written)));
	}
	if (keys.length < threshold) throw malformed(`asks for ${threshold} keys to agree and names ${keys.length}`);
	if (sharesKeys(keys)) throw malformed("has one key under two fingerprints, which would count twice");
	return {
		threshold,
		expires,
		keys,
		evidence: evidenceOf(document, "in-toto-layout", signers, signedAt)
	};
}
/**
* Verifies a link of in-toto 0.9 against a key that a layout carries.
*
* @throws DebproofError STATEMENT, TOO_LARGE
*/
async function verifyLinkByLayoutKey(document, key, at, rebuilt) {
	return linkStatement(await readLink(document, key, at, (metablock) => verifyByLayoutKey(metablock, key, at)), document, rebuilt);
}
/** in-toto 0.9, 4.3: ISO 8601 in UTC, in whole seconds. A day that does not exist is none. */
function parseExpires(text) {
	if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(text)) return void 0;
	const time = new Date(text);
	return Number.isNaN(time.getTime()) || time.toISOString() !== text.replace("Z", ".000Z") ? void 0 : time;
}
function sharesKeys(keys) {
	const all = keys.flatMap((each) => [...each.keys.values()].map(({ key }) => materialOfKey(key)));
	return new Set(all).size < all.length;
}
// src/reproduced/in-toto-service.ts
/** Where package-rebuilder puts links of what came out different. They look like all others. */
const UNREPRODUCIBLE = "unreproducible";
/**
* Links of in-toto 0.9: on a server where apt-transport-in-toto looks for them, by the package's name and version; in
* a folder on the disk anywhere, as `*.link` or `metadata`, but never below `unreproducible`. A folder may hold links
* of other packages and other builders; only what names the file counts, for or against.
*/
var InTotoService = class {
	#downloads;
	#base;
	#verify;
	#folder;
	/** @param base http, https or file; ends in `/` */
	constructor(downloads, base, verify) {
		this.#downloads = downloads;
		this.#base = base;
		this.#verify = verify;
		this.#folder = new FolderIndex({
			downloads,
			base,
			format: "in-toto",
			wanted: (name) => name === "metadata" || name.endsWith(".link"),
			entered: (folder) => folder !== UNREPRODUCIBLE,
			namesIn: productsNamedIn,
			limit: MAX_STATEMENT
		});
	}
	async ask(rebuilt) {
		if (this.#base.protocol !== "file:") return await this.#collect([metadataUrl(this.#base, rebuilt)], rebuilt);
		try {
			const { urls, unreachable } = await this.#folder.documentsAbout(rebuilt.fileName);
			const answer = await this.#collect(urls, rebuilt);
			return {
				...answer,
				unreachable: [...answer.unreachable, ...unreachable]
			};
		} catch (error) {
			if (!(error instanceof DebproofError)) throw error;
			return {
				statements: [],
				unusable: [],
				unreachable: [describeError(error)]
			};
		}
	}
	/** On a server each package has a URL of its own. */
	async #fetch(url) {
		if (url.protocol === "file:") return await recentLinksOf(this.#downloads).fetch(url);
		return await fetchDocument(this.#downloads, url);
	}
	async #collect(urls, rebuilt) {
		return await collectStatements(urls.map((url) => ({
			url,
			read: async () => {
				const document = await this.#fetch(url);
				const statement = document === void 0 ? void 0 : await this.#verify(document, rebuilt);
				return statement?.attestations.length === 0 ? void 0 : statement;
			}
		})));
	}
};
/** Links of folders on the disk, the latest that were asked for: packages of one build ask for the same one. */
var RecentLinks = class {
	#downloads;
	#entries = /* @__PURE__ */ new Map();
	#bytes = 0;
	constructor(downloads) {
		this.#downloads = downloads;
	}
	/** @throws DebproofError as fetchDocument does; what failed is not kept */
	async fetch(url) {
		const known = this.#entries.get(url.href);
		if (known !== void 0) {
			this.#entries.delete(url.href);
			this.#entries.set(url.href, known);
			return await known.reading;
		}
		const entry = {
			reading: fetchDocument(this.#downloads, url),
			size: 0
		};
		this.#entries.set(url.href, entry);
		this.#dropOldest();
		try {
			const document = await entry.reading;
			if (this.#entries.get(url.href) === entry) {
				entry.size = document?.bytes.length ?? 0;
				this.#bytes += entry.size;
				this.#dropOldest();
			}
			return document;
		} catch (error) {
			if (this.#entries.get(url.href) === entry) this.#entries.delete(url.href);
			throw error;
		}
	}
	#dropOldest() {
		for (const [href, { size }] of this.#entries) {
			if (this.#entries.size <= 1e3 && this.#bytes <= 33554432) return;
			this.#entries.delete(href);
			this.#bytes -= size;
		}
	}
};
/** One for all services of a run: the keys of a layout have their links in the same folder. */
const recentLinks = /* @__PURE__ */ new WeakMap();
function recentLinksOf(downloads) {
	const recent = recentLinks.get(downloads) ?? new RecentLinks(downloads);
	recentLinks.set(downloads, recent);
	return recent;
}
/** The binary package's name and its version without epoch: what a file name says (apt-transport-in-toto). */
function metadataUrl(base, { fileName }) {
	const [name = "", version = ""] = fileName.split("_");
	return urlBelow(base, `sources/${name}/${version}/metadata`);
}
// src/reproduced/rebuilderd-answer.ts
/**
* What rebuilderd's interface answers to a question; undefined for a 404. Nothing of it is signed: it leads to
* attestations and is believed in nothing.
*
* @throws DebproofError FETCH also for what is no answer to the question, such as a login page; TOO_LARGE, OFFLINE
*/
async function fetchAnswer(downloads, url) {
	const document = await fetchDocument(downloads, url, MAX_REBUILDERD_ANSWER);
	if (document === void 0) return void 0;
	try {
		return parseStrictJson(document.bytes, url.href, {
			limit: MAX_REBUILDERD_ANSWER,
			numbers: "any"
		});
	} catch (error) {
		throw new DebproofError("FETCH", `${url.href} did not answer as rebuilderd does`, { cause: error });
	}
}
/** The attestation at a URL; undefined for a 404. @throws DebproofError as fetchAnswer does */
async function fetchAttestation(downloads, url) {
	const document = await fetchDocument(downloads, url, MAX_STATEMENT);
	if (document !== void 0 && !/^[ \t\r\n]*\{/.test(Buffer.from(document.bytes.subarray(0, 1024)).toString("latin1"))) throw noAnswer(url, "it is no JSON object");
	return document;
}
/** The items of a list, each by its reader, which gives undefined for what it cannot be. */
function readItems(value, read, url) {
	const items = asArray(value);
	if (items === void 0) throw noAnswer(url, "there is no list in it");
	return items.map((item, index) => {
		const known = read(item);
		if (known === void 0) throw noAnswer(url, `item ${index + 1} of its list lacks what such an item has`);
		return known;
	});
}
function noAnswer(url, problem) {
	return new DebproofError("FETCH", `${url.href} did not answer as rebuilderd does: ${problem}.`);
}
/** The id that a record has under a name; undefined for null. */
function asId(record, name) {
	const id = asInteger(memberOf(record, name));
	return id === void 0 || id < 0 ? void 0 : id;
}
/** The last part of a URL's path, as a file name. */
function fileNameIn(url) {
	if (!URL.canParse(url)) return void 0;
	const { pathname } = new URL(url);
	try {
		return decodeURIComponent(pathname.slice(pathname.lastIndexOf("/") + 1));
	} catch {
		return;
	}
}
// src/reproduced/rebuilderd-link.ts
/**
* Verifies what rebuilderd calls an attestation: an in-toto 0.9 link of one rebuilt file, as in-toto-rs writes it,
* with raw Ed25519 signatures (RFC 8032) by the worker that built and the daemon that published. A worker makes it
* only where the bytes are identical. It says neither when nor in which environment the file was built.
*
* @throws DebproofError STATEMENT, TOO_LARGE
*/
function verifyRebuilderdLink(document, keys, at, rebuilt) {
	const what = document.url.href;
	const metablock = parseStrictJson(document.bytes, what, {
		limit: MAX_STATEMENT,
		numbers: "integers"
	});
	const signed = asObject(memberOf(metablock, "signed"));
	if (signed === void 0) throw unusable(what, "is no in-toto link: it has no signed part");
	const signers = verifySignatures(metablock, signed, keys, at, what);
	const keyIds = (asArray(memberOf(metablock, "signatures")) ?? []).map((each) => asString(memberOf(each, "keyid")) ?? "");
	return {
		evidence: [evidenceOf(document, "rebuilderd-link", signers)],
		attestations: [{
			fileName: rebuilt.fileName,
			sha256: sha256Attested(signed, rebuilt.fileName, what),
			sources: sourcesOf(signed, what)
		}],
		record: recordOfLink(what, sha256Of(canonicalRebuilderd(signed)), keyIds)
	};
}
/**
* What in-toto calls an Ed25519 key: the SHA-256 of the canonical JSON of its public part. The hash algorithms are
* always these two, whatever the key is used for.
*/
function rebuilderdKeyId({ bytes }) {
	const key = /* @__PURE__ */ new Map([
		["keytype", "ed25519"],
		["scheme", "ed25519"],
		["keyid_hash_algorithms", ["sha256", "sha512"]],
		["keyval", /* @__PURE__ */ new Map([["public", Buffer.from(bytes).toString("hex")]])]
	]);
	return sha256Of(canonicalRebuilderd(key));
}
/** The fingerprints of the keys that signed, sorted. A key that is not pinned says nothing, whatever it signs. */
function verifySignatures(metablock, signed, keys, at, what) {
	const signatures = asArray(memberOf(metablock, "signatures")) ?? [];
	if (signatures.length === 0) throw unusable(what, "is not signed");
	if (signatures.length > 64) throw unusable(what, `has more than 64 signatures`);
	const pinned = new Map(keys.filter(({ algorithm }) => algorithm === "ed25519").map((key) => [rebuilderdKeyId(key), key]));
	const signers = /* @__PURE__ */ new Set();
	const past = [];
	let message;
	for (const signature of signatures) {
		const key = pinned.get(asString(memberOf(signature, "keyid")) ?? "");
		if (key === void 0) continue;
		if (!isInForce(key, at)) {
			past.push(`${key.fingerprint}, whose last day was ${key.until}`);
			continue;
		}
		message ??= canonicalRebuilderd(signed);
		const hex = asString(memberOf(signature, "sig")) ?? "";
		if (!(/^[0-9a-f]{128}$/.test(hex) && key.verify(message, Buffer.from(hex, "hex")))) throw unusable(what, `has a BAD signature of the key ${key.fingerprint}`);
		signers.add(key.fingerprint);
	}
	if (signers.size > 0) return [...signers].sort();
	if (past.length > 0) throw unusable(what, `counts no more: it is signed by the key ${past.join(", and by ")}`);
	throw unusable(what, "is signed by none of the keys that the policy names for this rebuilder");
}
/** A link is about one file: another one, or one more, is not what rebuilderd writes. */
function sha256Attested(signed, fileName, what) {
	if (signed.get("_type") !== "link") throw unusable(what, "is no in-toto link: its _type is another");
	const name = asString(signed.get("name")) ?? "";
	if (name !== `rebuild ${fileName}`) throw unusable(what, `is about another file: its name is ${JSON.stringify(name.slice(0, 300))}`);
	const products = asObject(signed.get("products"));
	const product = products?.get(fileName);
	if (products?.size !== 1 || product === void 0) throw unusable(what, `does not have ${fileName} as its one product`);
	const sha256 = parseSha256(asString(memberOf(product, "sha256")) ?? "");
	if (sha256 === void 0) throw unusable(what, `states no SHA-256 of ${fileName} in 64 lower-case hex digits`);
	return sha256;
}
/** What rebuilderd gave to the build. */
function sourcesOf(signed, what) {
	const sources = distinctSources([...asObject(signed.get("materials")) ?? []].flatMap(([path, hashes]) => sourceInput(path, hashes)));
	if (sources === void 0) throw unusable(what, TOO_MANY_SOURCES);
	return sources;
}
function unusable(what, problem) {
	return new DebproofError("STATEMENT", `${what} ${problem}.`);
}
// src/reproduced/rebuilderd-v0.ts
/**
* Where rebuilderd up to 0.25 has attestations of a package (`/api/v0`); undefined where it does not have this
* interface. The architecture is asked for in no way but the file name: the interface means that of the build. For a
* build of several files it may give the attestation of a sibling, so what the link says of itself decides.
*
* @param base of the service, ending in `/`
* @throws DebproofError FETCH, TOO_LARGE, OFFLINE
*/
async function findAttestationsV0(downloads, base, { name, version, fileName }) {
	const url = urlBelow(base, "api/v0/pkgs/list");
	url.searchParams.set("name", name);
	const answer = await fetchAnswer(downloads, url);
	if (answer === void 0) return void 0;
	const builds = readItems(answer, readPackage$1, url).filter((record) => record.name === name && parseVersion(record.version) === version).filter((record) => record.isAttested && fileNameIn(record.url) === fileName).flatMap(({ build }) => build === void 0 ? [] : [build]);
	return {
		urls: [...new Set(builds)].map((build) => urlBelow(base, `api/v0/builds/${build}/attestation`)),
		notes: []
	};
}
function readPackage$1(record) {
	const name = asString(memberOf(record, "name"));
	const version = asString(memberOf(record, "version"));
	const url = asString(memberOf(record, "artifact_url"));
	if (name === void 0 || version === void 0 || url === void 0) return void 0;
	return {
		name,
		version,
		url,
		isAttested: memberOf(record, "has_attestation") === true,
		build: asId(record, "build_id")
	};
}
// src/reproduced/rebuilderd-v1.ts
/**
* Where rebuilderd 0.26 and later has attestations of a package (`/api/v1`, contrib/docs/rebuilderd-v1.yml);
* undefined where it does not have this interface.
*
* @param base of the service, ending in `/`
* @throws DebproofError FETCH, TOO_LARGE, OFFLINE
*/
async function findAttestationsV1(downloads, base, rebuilt) {
	const { name, version, architecture, fileName } = rebuilt;
	const records = await fetchPages(downloads, questionOf(base, "packages/binary", {
		name,
		version,
		architecture
	}), readPackage);
	if (records === void 0) return void 0;
	const ours = records.filter((record) => record.name === name && parseVersion(record.version) === version && record.architecture === architecture && fileNameIn(record.url) === fileName);
	const attested = /* @__PURE__ */ new Map();
	for (const { build, artifact, attestation } of ours) {
		if (build === void 0 || artifact === void 0 || attestation === void 0) continue;
		attested.set(attestation, attestationUrl(base, build, artifact));
	}
	if (attested.size > 0) return {
		urls: [...attested.values()],
		notes: []
	};
	const notes = [...new Set(ours.map(({ status }) => status))].map((status) => `it calls it ${status}, unsigned`);
	if (ours.every(({ build }) => build === void 0)) return {
		urls: [],
		notes
	};
	const { urls, unread } = await findInHistory(downloads, base, rebuilt, new Set(ours.map(({ build }) => build)));
	if (unread === 0) return {
		urls,
		notes
	};
	const cut = `its ${unread} oldest builds were not looked into`;
	return {
		urls,
		notes: [[...notes, cut].join("; ")]
	};
}
/**
* `packages/binary` knows the latest build alone, and one that failed hides an earlier one that did not: the newest
* earlier build with an attestation is looked for.
*/
async function findInHistory(downloads, base, { name, source }, known) {
	const earlier = (await fetchPages(downloads, questionOf(base, "builds", {
		name: source.name,
		version: source.version
	}), readBuild) ?? []).filter((build) => build.name === source.name && parseVersion(build.version) === source.version).map(({ id }) => id).filter((id) => !known.has(id)).sort((one, other) => other - one);
	for (const build of earlier.slice(0, 8)) {
		const url = urlBelow(base, `api/v1/builds/${build}/artifacts`);
		const answer = await fetchAnswer(downloads, url);
		if (answer === void 0) continue;
		const attested = readItems(answer, readArtifact, url).filter((each) => each.name === name && each.isAttested);
		if (attested.length > 0) return {
			urls: attested.map(({ id }) => attestationUrl(base, build, id)),
			unread: 0
		};
	}
	return {
		urls: [],
		unread: Math.max(0, earlier.length - 8)
	};
}
function questionOf(base, path, asked) {
	const url = urlBelow(base, `api/v1/${path}`);
	for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
	url.searchParams.set("limit", String(100));
	return url;
}
function attestationUrl(base, build, artifact) {
	return urlBelow(base, `api/v1/builds/${build}/artifacts/${artifact}/attestation`);
}
/** All pages of an answer: `total` counts what there is, `after` asks for records with higher ids. */
async function fetchPages(downloads, question, read) {
	const records = /* @__PURE__ */ new Map();
	let last = 0;
	for (let page = 1;; page++) {
		const url = new URL(question);
		const before = records.size;
		if (before > 0) url.searchParams.set("after", String(last));
		const answer = await fetchAnswer(downloads, url);
		if (answer === void 0 && page === 1) return void 0;
		const total = asInteger(memberOf(answer, "total"));
		if (total === void 0 || total < 0) throw noAnswer(url, "it does not say how many records there are");
		for (const record of readItems(memberOf(answer, "records"), read, url)) {
			if (records.has(record.id)) throw noAnswer(url, `it has the record ${record.id} twice`);
			records.set(record.id, record);
			last = Math.max(last, record.id);
		}
		if (records.size === total) return [...records.values()];
		if (records.size > total || records.size === before) throw noAnswer(url, `it says that there are ${total} records and has ${records.size}`);
		if (page === 10) throw noAnswer(url, `it has ${total} records of one package, too many to read`);
	}
}
function readPackage(record) {
	const id = asId(record, "id");
	const name = asString(memberOf(record, "name"));
	const version = asString(memberOf(record, "version"));
	const architecture = asString(memberOf(record, "architecture"));
	const url = asString(memberOf(record, "url"));
	if (id === void 0 || name === void 0 || version === void 0) return void 0;
	if (architecture === void 0 || url === void 0) return void 0;
	const [build, artifact] = [asId(record, "build_id"), asId(record, "artifact_id")];
	const written = asString(memberOf(record, "status")) ?? "";
	return {
		id,
		name,
		version,
		architecture,
		url,
		status: /^[A-Z]{1,10}$/.test(written) ? written : "not built",
		build,
		artifact,
		attestation: asId(record, "attestation_log_id")
	};
}
function readBuild(record) {
	const id = asId(record, "id");
	const name = asString(memberOf(record, "name"));
	const version = asString(memberOf(record, "version"));
	return id === void 0 || name === void 0 || version === void 0 ? void 0 : {
		id,
		name,
		version
	};
}
function readArtifact(record) {
	const id = asId(record, "id");
	const name = asString(memberOf(record, "name"));
	const isAttested = memberOf(record, "has_attestation");
	return id === void 0 || name === void 0 || typeof isAttested !== "boolean" ? void 0 : {
		id,
		name,
		isAttested
	};
}
// src/reproduced/rebuilderd-service.ts
/**
* A rebuilderd, asked for one package at a time. Its own word that a package is GOOD or BAD is unsigned and about a
* name and a version: it leads to attestations, and only these say something.
*/
var RebuilderdService = class {
	#downloads;
	#base;
	#keys;
	#at;
	/**
	* @param base what `api/v1/…` is below, such as `https://reproduce.debian.net/amd64/`
	* @param keys the daemon's, or its workers'; never those that the service itself offers
	*/
	constructor(downloads, base, keys, at) {
		this.#downloads = downloads;
		this.#base = new URL(base.href.endsWith("/") ? base.href : `${base.href}/`);
		this.#keys = keys;
		this.#at = at;
	}
	async ask(rebuilt) {
		let found;
		try {
			found = await this.#find(rebuilt);
		} catch (error) {
			if (!(error instanceof DebproofError)) throw error;
			return {
				statements: [],
				unusable: [],
				unreachable: [describeError(error)]
			};
		}
		const { urls, notes } = found;
		const read = urls.slice(0, 32);
		const answer = await collectStatements(read.map((url) => ({
			url,
			read: async () => {
				const document = await fetchAttestation(this.#downloads, url);
				return document && verifyRebuilderdLink(document, this.#keys, this.#at, rebuilt);
			}
		})));
		if (read.length === urls.length) return {
			...answer,
			...notes.length === 0 ? {} : { notes }
		};
		const unread = `${this.#base.href} has ${urls.length} attestations of one file; only ${read.length} were read.`;
		return {
			...answer,
			unreachable: [...answer.unreachable, unread]
		};
	}
	async #find(rebuilt) {
		const found = await findAttestationsV1(this.#downloads, this.#base, rebuilt) ?? await findAttestationsV0(this.#downloads, this.#base, rebuilt);
		if (found === void 0) throw noAnswer(this.#base, "it has neither api/v1 nor api/v0");
		return found;
	}
};
// src/reproduced/sha256sums.ts
/**
* Reads what sha256sum(1) prints: 64 hex digits, a blank, a blank or `*`, a path. Blank lines and those that begin
* with `#` are passed over. A list that can be read in two ways is refused whole: a .deb with two hashes, an escaped
* name (`\` before the hash), a line of any other form. Of other files with one name and two hashes, which lie in
* several folders, none is given.
*
* @param text one character for each byte; never more than what a signature covers
* @param what names it in errors
* @throws DebproofError STATEMENT, TOO_LARGE
*/
function parseSha256sums(text, what) {
	const malformed = (problem) => new DebproofError("STATEMENT", `${what} ${problem}.`);
	const lines = text.split("\n");
	if (lines.at(-1) === "") lines.pop();
	if (lines.length > 1e5) throw new DebproofError("TOO_LARGE", `${what} has more than ${MAX_SHA256SUMS_LINES} lines.`);
	const sums = /* @__PURE__ */ new Map();
	const ambiguous = /* @__PURE__ */ new Set();
	for (const [index, line] of lines.entries()) {
		if (line.startsWith("#") || /^[ \t]*$/.test(line)) continue;
		if (line.startsWith("\\")) throw malformed(`has an escaped file name in line ${index + 1}; such names are not read`);
		const sha256 = parseSha256(line.slice(0, 64));
		const path = line.slice(66);
		const name = path.slice(path.lastIndexOf("/") + 1);
		if (sha256 === void 0 || !/^ [ *]$/.test(line.slice(64, 66)) || !isFileName(path) || !isFileName(name)) throw malformed(`is no list of sha256sum's: line ${index + 1} is ${JSON.stringify(line.slice(0, 200))}`);
		const earlier = sums.get(name);
		if (earlier !== void 0 && earlier !== sha256) {
			if (/\.u?deb$/.test(name)) throw malformed(`lists ${name} with two different hashes`);
			ambiguous.add(name);
		}
		sums.set(name, sha256);
	}
	if (sums.size === 0) throw malformed("lists no file");
	for (const name of ambiguous) sums.delete(name);
	return sums;
}
/** No control characters: a terminal or a log would show something else than what is compared. */
function isFileName(text) {
	for (let index = 0; index < text.length; index++) {
		const code = text.charCodeAt(index);
		if (code < 32 || code === 127) return false;
	}
	return text !== "" && text !== "." && text !== "..";
}
/**
* Verifies signed sums, and reads what the signature covers, and nothing else.
*
* @param document the sums, with their signature around them or beside them
* @param signature detached, armored or binary; not looked at where the sums have theirs around them
* @throws DebproofError STATEMENT, TOO_LARGE
*/
async function readSignedSums(document, signature, keyring, at) {
	const what = document.url.href;
	if (document.bytes.length > 8388608) throw new DebproofError("TOO_LARGE", `${what} is larger than ${MAX_SHA256SUMS} bytes.`);
	const beside = isClearsigned(document.bytes) ? void 0 : signature;
	const split = () => beside === void 0 ? splitClearsignedSums(document) : pairWithSignature(document, beside);
	const { text, signers, signedAt } = await verifyText(split, keyring, at, what);
	return {
		evidence: [evidenceOf(document, "sha256sums", signers, signedAt), ...beside === void 0 ? [] : [evidenceOf(beside, "sha256sums-signature", signers, signedAt)]],
		sums: parseSha256sums(text, what),
		record: recordOfSums(what, hashOfText(text))
	};
}
function splitClearsignedSums({ url, bytes }) {
	if (isClearsigned(bytes)) return splitClearsignedStatement(bytes, url.href);
	throw new DebproofError("STATEMENT", `${url.href} is not signed: its signature must be around it, or beside it in ${url.href}.asc.`);
}
/**
* Every OpenPGP packet has the high bit set in its first byte (RFC 9580, 4.2), and no armor has; a byte order mark
* has it too.
*/
function isBinarySignature(bytes) {
	return ((bytes[0] ?? 0) & 128) !== 0 && !(bytes[0] === 239 && bytes[1] === 187 && bytes[2] === 191);
}
function pairWithSignature(sums, signature) {
	if (isBinarySignature(signature.bytes)) return {
		text: sums.bytes,
		blocks: [signature.bytes]
	};
	return pairDetached(sums.bytes, sums.url.href, withoutBlankEnd(signature.bytes), signature.url.href);
}
/**
* Whether a file can be sums at all: with a signature around it, or with a line of theirs, be it of another form or
* another kind of hash. What servers answer instead of a 404 is none.
*/
function looksLikeSums({ bytes }) {
	return isClearsigned(bytes) || /^(?:\\?|SHA256 \(.*\) = )[0-9a-f]{64}/im.test(latin1(bytes));
}
/** Whether a file can be a signature, binary or armored, or holds sums with theirs around them. */
function looksLikeSignature({ bytes }) {
	return isBinarySignature(bytes) || latin1(bytes).includes("-----BEGIN PGP ");
}
/** What signed sums say of a package: nothing, where they do not list it. */
function sumsStatement({ evidence, sums, record }, { fileName }) {
	const sha256 = sums.get(fileName);
	return {
		evidence,
		attestations: sha256 === void 0 ? [] : [{
			fileName,
			sha256,
			sources: []
		}],
		record
	};
}
/**
* The file names in sums, signed or not: to find those that may speak of a file, never to believe them.
*/
function filesSummedIn(bytes) {
	const names = latin1(bytes).split("\n").map((line) => /^\\?[0-9a-f]{64} [ *](?:.*\/)?([^/]+)$/is.exec(line)?.[1]?.trimEnd());
	return new Set(names.filter((name) => name !== void 0));
}
function latin1(bytes) {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}
// src/reproduced/sha256sums-service.ts
/** Where the signature of a file is looked for: the first of these that is there. */
const SIGNATURES = [
	".asc",
	".gpg",
	".sig"
];
/**
* Signed sums: one `SHA256SUMS` on a server or on the disk, with its signature around it or beside it; or all files
* below a folder on the disk whose names end so, as bitcoin-core/guix.sigs keeps them. They are read and verified
* once, when the first package is asked for.
*/
var Sha256sumsService = class {
	#options;
	#outcomes;
	constructor(options) {
		this.#options = options;
	}
	async ask(rebuilt) {
		this.#outcomes ??= this.#readAll();
		return await collectStatements((await this.#outcomes).filter((outcome) => mayList(outcome, rebuilt.fileName)).map((outcome) => ({
			url: outcome.url,
			read: async () => {
				if ("error" in outcome) throw outcome.error;
				return sumsStatement(outcome.signed, rebuilt);
			}
		})));
	}
	async #readAll() {
		const { url } = this.#options;
		const isFolder = url.pathname.endsWith("/");
		if (!isFolder || url.protocol !== "file:") {
			const outcome = await this.#read(isFolder ? urlBelow(url, "SHA256SUMS") : url);
			if (outcome !== void 0) return ["error" in outcome ? {
				...outcome,
				listed: void 0
			} : outcome];
			if (url.protocol !== "file:") return [];
			return [{
				url,
				error: new DebproofError("FETCH", `${url.href} is no file; the URL of a folder ends in a slash.`),
				listed: void 0
			}];
		}
		try {
			const files = await recordedStatementFiles(this.#options.downloads, url, "sha256sums", (name) => /SHA256SUMS(?:\.asc)?$/.test(name));
			const outcomes = [];
			for (const href of new Set(files.map((file) => file.href.replace(/\.asc$/, "")))) {
				const outcome = await this.#read(new URL(href));
				if (outcome !== void 0) outcomes.push(outcome);
			}
			return outcomes;
		} catch (error) {
			if (!(error instanceof DebproofError)) throw error;
			return [{
				url,
				error,
				listed: void 0
			}];
		}
	}
	/** Undefined where there are none. */
	async #read(url) {
		const seen = [];
		try {
			const signed = await this.#readSigned(url, seen);
			return signed === void 0 ? void 0 : {
				url,
				signed
			};
		} catch (error) {
			if (!(error instanceof DebproofError)) throw error;
			const listed = new Set(seen.flatMap(({ bytes }) => [...filesSummedIn(bytes)]));
			return {
				url,
				error,
				listed: seen.length === 0 ? void 0 : listed
			};
		}
	}
	/** @param seen gets what was fetched, before it is verified */
	async #readSigned(url, seen) {
		const { downloads, keyring, at } = this.#options;
		let other;
		const fetch = async (from, what, isIt) => {
			const document = await fetchDocument(downloads, from, MAX_SHA256SUMS);
			if (document === void 0) return void 0;
			seen.push(document);
			if (isIt(document)) return document;
			other ??= new DebproofError("FETCH", `${from.href} did not answer with ${what}.`);
		};
		const sums = await fetch(url, "a list of SHA-256 sums", looksLikeSums);
		if (sums !== void 0 && isClearsigned(sums.bytes)) return await readSignedSums(sums, void 0, keyring, at);
		for (const suffix of sums === void 0 ? [".asc"] : SIGNATURES) {
			const signature = await fetch(withSuffix(url, suffix), "a signature", looksLikeSignature);
			if (signature === void 0) continue;
			if (isClearsigned(signature.bytes)) return await readSignedSums(signature, void 0, keyring, at);
			if (sums !== void 0) return await readSignedSums(sums, signature, keyring, at);
			if (other !== void 0) throw other;
			throw new DebproofError("STATEMENT", `${signature.url.href} is the signature of a file that is not there.`);
		}
		if (other !== void 0) throw other;
		return sums === void 0 ? void 0 : await readSignedSums(sums, void 0, keyring, at);
	}
};
function mayList(outcome, fileName) {
	if ("signed" in outcome) return outcome.signed.sums.has(fileName);
	return outcome.listed?.has(fileName) ?? true;
}
function withSuffix(url, suffix) {
	const other = new URL(url);
	other.pathname += suffix;
	return other;
}
// src/reproduced/rebuilders.ts
/** The rebuilders of one archive: who they are, and how many must agree. */
var Rebuilders = class Rebuilders {
	threshold;
	sourceRequired;
	#parties;
	constructor(threshold, sourceRequired, parties) {
		this.threshold = threshold;
		this.sourceRequired = sourceRequired;
		this.#parties = parties;
	}
	/** @throws DebproofError POLICY for a layout that cannot be used */
	static async open(policy, context) {
		const parties = policy.parties.map((party) => ({
			name: party.name,
			places: party.places.map(({ url }) => url),
			cosigned: party.cosigned,
			services: servicesOf(party, context)
		}));
		if (policy.layout === void 0) return new Rebuilders(policy.threshold ?? 1, policy.sourceRequired, parties);
		const layout = await openLayout(policy.layout, context.at);
		const threshold = Math.max(policy.threshold ?? 1, layout.threshold);
		const keys = partiesOfLayout(layout, policy);
		if (threshold > parties.length + keys.length) throw new DebproofError("POLICY", `The layout ${policy.layout.file.href} and the policy ask for ${threshold} parties to agree, but only ${parties.length + keys.length} count: who built or signs what is served does not.`);
		const places = policy.layout.places.map((base) => ({
			base,
			downloads: context.downloads.forPlace(base)
		}));
		const more = keys.map((key) => ({
			name: key.fingerprint,
			places: places.map(({ base }) => base),
			cosigned: false,
			services: servicesOfLayoutKey(key, layout, places, context.at)
		}));
		return new Rebuilders(threshold, policy.sourceRequired, [...parties, ...more]);
	}
	/** What each party says of one package, in the order of the policy. */
	async ask(rebuilt) {
		return await Promise.all(this.#parties.map(async ({ name, places, cosigned, services }) => {
			const answers = await Promise.all(services.map((service) => service.ask(rebuilt)));
			return {
				party: name,
				places: places.map(({ href }) => href),
				cosigned,
				statements: answers.flatMap(({ statements }) => statements),
				unusable: answers.flatMap(({ unusable }) => unusable),
				unreachable: answers.flatMap(({ unreachable }) => unreachable),
				notes: answers.flatMap(({ notes = [] }) => notes)
			};
		}));
	}
};
function servicesOf(party, context) {
	return party.places.map(({ format, url }) => serviceAt(format, url, party, context));
}
function serviceAt(format, url, { name, keyring, publicKeys }, context) {
	const { at, keysAt } = context;
	const downloads = context.downloads.forPlace(url);
	if (format === "rebuilderd") return new RebuilderdService(downloads, url, publicKeys, keysAt);
	if (format === "dsse") return new DsseService({
		downloads,
		at: keysAt,
		base: url,
		keys: publicKeys
	});
	if (keyring === void 0) throw new Error(`the policy gave ${name} no keyring`);
	switch (format) {
		case "buildinfo": return new BuildinfoService({
			...context,
			downloads,
			base: url,
			keyring
		});
		case "in-toto": return new InTotoService(downloads, url, (document, rebuilt) => verifyLink(document, keyring, at, rebuilt));
		case "sha256sums": return new Sha256sumsService({
			downloads,
			at,
			url,
			keyring
		});
	}
}
async function openLayout({ file, bytes, owner }, at) {
	try {
		return await verifyLayout({
			url: file,
			bytes
		}, owner, at);
	} catch (error) {
		if (!isDebproofError(error)) throw error;
		throw new DebproofError("POLICY", `The layout ${file.href} cannot be used: ${describeError(error)}`, { cause: error });
	}
}
/**
* The layout's keys, without those of the builder and of who signs what is under test. A key that is also a party's of
* the policy would count twice.
*/
function partiesOfLayout({ keys }, { parties, builder, underTest, layout }) {
	const isOneOf = (key, ids) => [...key.keys].some(([fingerprint, raw]) => ids.has(fingerprint) || ids.has(materialOfKey(raw.key)));
	for (const party of parties) {
		const ids = keyIdsOf(party);
		const shared = keys.find((key) => isOneOf(key, ids));
		if (shared !== void 0) throw new DebproofError("POLICY", `The layout ${layout?.file.href} and the party ${party.name} have the same key ${shared.fingerprint}: leave out one.`);
	}
	const builders = keyIdsOf(builder);
	return keys.filter((key) => !isOneOf(key, builders) && !isOneOf(key, underTest));
}
/** Whom a layout trusts rests on the layout too. */
function servicesOfLayoutKey(key, layout, places, at) {
	const verify = async (document, rebuilt) => {
		const statement = await verifyLinkByLayoutKey(document, key, at, rebuilt);
		const evidence = [...statement.evidence, layout.evidence];
		return {
			...statement,
			evidence
		};
	};
	return places.map(({ base, downloads }) => new InTotoService(downloads, base, verify));
}
// src/reproduced/rebuilt-package.ts
/**
* What a build calls the .deb that an index lists. Never the index's own `Filename`: whoever writes the index could
* point it at a sibling, or at an older version, that rebuilders do vouch for.
*/
function rebuiltPackageOf(entry) {
	const { name, version, architecture, file } = entry;
	const suffix = file.path.endsWith(".udeb") ? "udeb" : "deb";
	return {
		name,
		version,
		architecture,
		source: sourceOf(entry),
		fileName: fileName(entry, suffix)
	};
}
/** The same for a package that no archive lists; what it was built from is then a guess. */
function rebuiltPackageOfUse({ name, version }, architecture) {
	const identity = {
		name,
		version,
		architecture
	};
	return {
		...identity,
		source: {
			name,
			version
		},
		fileName: fileName(identity, "deb")
	};
}
/** dpkg-deb(1): the version in a file name has no epoch. */
function fileName({ name, version, architecture }, suffix) {
	return `${name}_${version.replace(/^\d+:/, "")}_${architecture}.${suffix}`;
}
// src/reproduced/prove-reproduced.ts
/**
* Asks the rebuilders of each archive about the packages that it lists and that no upstream signed.
*
* @param proofs what the upstreams say: where one signed these bytes, or others, no rebuilder is asked
* @throws DebproofError POLICY for a layout that cannot be used
*/
async function proveReproduced(located, archives, proofs, proving) {
	const answers = /* @__PURE__ */ new Map();
	for (const reading of archives) {
		const rebuilt = /* @__PURE__ */ new Map();
		for (const { listing, reading: own } of located) {
			const { entry } = listing;
			if (own === reading && entry.kind === "binary" && isOpen(proofs.get(listing))) rebuilt.set(listing, rebuiltPackageOf(entry));
		}
		const said = await askArchive(reading, [...rebuilt.values()], proving);
		for (const [listing, item] of rebuilt) {
			const rebuilds = said.get(item);
			if (rebuilds !== void 0) answers.set(listing, rebuilds);
		}
	}
	return answers;
}
/**
* Asks rebuilders about packages that are known by their hash and that no archive lists: those of the archives that
* list the name in another version. The rebuilders of one archive have no say on another's packages.
*
* @param direct what the upstreams say of them
* @param lists whether an archive lists the name of a package
*/
async function proveUnlocatedReproduced(direct, archives, lists, proving) {
	const answers = /* @__PURE__ */ new Map();
	for (const reading of archives) {
		const rebuilt = /* @__PURE__ */ new Map();
		for (const [use, proof] of direct) {
			const architecture = use.architecture ?? nativeOf(reading.archive);
			if (use.kind === "binary" && architecture !== void 0 && isOpen(proof) && lists(reading, use)) rebuilt.set(use, rebuiltPackageOfUse(use, architecture));
		}
		const said = await askArchive(reading, [...rebuilt.values()], proving);
		for (const [use, item] of rebuilt) {
			const rebuilds = said.get(item);
			if (rebuilds === void 0) continue;
			answers.set(use, (answers.get(use) ?? /* @__PURE__ */ new Map()).set(reading.archive.name, rebuilds));
		}
	}
	return answers;
}
function isOpen(proof) {
	return proof === void 0 || proof.outcome === "unproven" || proof.outcome === "undecided";
}
async function askArchive(reading, rebuilt, proving) {
	const policy = reading.archive.rebuilders;
	if (policy === void 0 || rebuilt.length === 0) return /* @__PURE__ */ new Map();
	const rebuilders = await openRebuilders(policy, reading, proving);
	const answers = await Promise.all(rebuilt.map(async (item) => ({
		item,
		answers: await rebuilders.ask(item)
	})));
	const sources = await readSources(reading, answers, proving);
	const words = await Promise.all(answers.map(async ({ item, answers: said }) => {
		const parties = await Promise.all(said.map((answer) => wordOf(answer, item, sources)));
		const { threshold, sourceRequired } = rebuilders;
		return [item, {
			threshold,
			sourceRequired,
			parties,
			hasEpoch: item.version.includes(":")
		}];
	}));
	return new Map(words);
}
async function openRebuilders(policy, { archive }, { downloads, at, keysAt }) {
	const architectures = archive.served.area.architectures.filter((architecture) => architecture !== "all");
	return await Rebuilders.open(policy, {
		downloads,
		at,
		keysAt,
		architectures
	});
}
/** The archive's own `Sources`, which are read only where a statement names a source. */
async function readSources({ archive }, answers, { downloads, at }) {
	const wanted = answers.filter(({ answers: said }) => said.some(({ statements }) => statements.some(({ attestations }) => attestations.some(({ sources }) => sources.length > 0))));
	const { area, keyring } = archive.served;
	let facts = {
		listings: [],
		failures: [],
		unclear: [],
		notes: []
	};
	if (wanted.length > 0) {
		const names = new WantedNames(wanted.map(({ item }) => item.source.name));
		facts = await new ArchiveReader({
			downloads,
			at,
			wanted: names,
			kinds: ["Sources"]
		}).read({
			area,
			keyring,
			refuseHidden: true
		});
	}
	return new AttestedSources(facts, area.base, downloads);
}
/** A party's statements on one package, each compared with the source that the archive serves. */
async function wordOf(answer, item, sources) {
	const { party, places, cosigned, statements, unusable, unreachable, notes = [] } = answer;
	const claims = [];
	for (const { attestations, evidence, record } of statements) {
		const own = evidence.map((file) => ({
			...file,
			parties: [party]
		}));
		const findings = /* @__PURE__ */ new Map();
		for (const { sha256, version, sources: named } of attestations) {
			const source = findings.get(named) ?? await sources.compare(named, item);
			findings.set(named, source);
			claims.push({
				sha256,
				hasVersion: version !== void 0,
				source,
				record,
				evidence: own
			});
		}
	}
	return {
		party,
		places,
		cosigned,
		claims,
		unusable,
		unreachable,
		notes
	};
}
// src/unproven/compare-files.ts
/**
* Compares all files that an archive lists with all that those list who may vouch for it, by their hashes. As for a
* package that was used, every state of a history within its window is asked while anything is left: a state may have
* gaps, and a copy may be a mixture of several. Which ones are asked depends on nothing but the files, so that each part
* of a verification comes to the same.
*/
async function compareFiles(served, vouchers) {
	const all = union(served);
	const unhashed = served.reduce((sum, index) => sum + index.unhashed, 0);
	const listed = all.size + unhashed;
	const unread = [];
	let rest = all;
	for (const { source } of vouchers) {
		if (rest.size === 0) break;
		for await (const { name, testify } of source.witnesses(() => [], false)) {
			const { files = [], failures } = await testify();
			rest = rest.without(files.map(({ mayBeDelivered }) => mayBeDelivered));
			unread.push(...failures, ...withoutHashes(name, files));
			if (rest.size === 0) break;
		}
	}
	return {
		listed,
		rest,
		unhashed,
		unread: rest.size === 0 ? [] : unread
	};
}
/** What a state lists in stanzas whose hash is not certain: it may have signed any file there. */
function withoutHashes(what, files) {
	const count = files.reduce((sum, { unhashed }) => sum + unhashed, 0);
	if (count === 0) return [];
	const problem = `It has ${count} ${count === 1 ? "stanza" : "stanzas"} that do not state one SHA-256 as archives write it.`;
	return [{
		what,
		error: new DebproofError("INDEX_MALFORMED", problem)
	}];
}
/** Most archives have one index, whose set will do. */
function union(indexes) {
	const [first, ...others] = indexes;
	if (first === void 0 || others.length === 0) return first?.hashes ?? new FileHashes();
	const all = new FileHashes();
	for (const { hashes } of indexes) all.addAll(hashes);
	return all;
}
// src/unproven/unproven-file.ts
/** Each file once, also where several indexes list it, such as one for all architectures; sorted by name. */
function sortedFiles(located) {
	const files = /* @__PURE__ */ new Map();
	for (const file of located.map(fileOf)) {
		const key = JSON.stringify([
			file.sha256,
			file.name,
			file.version,
			file.architecture
		]);
		if (!files.has(key)) files.set(key, file);
	}
	return [...files.values()].sort((a, b) => sortKey(a) < sortKey(b) ? -1 : 1);
}
function fileOf({ file, index }) {
	if (file.kind === "unreadable") {
		const { name, version, architecture } = file;
		return {
			name,
			version,
			architecture,
			sha256: null,
			index
		};
	}
	const { name, version, architecture, file: pool } = file.entry;
	return {
		name,
		version,
		architecture,
		sha256: pool.sha256,
		index
	};
}
function sortKey({ name, version, architecture, sha256, index }) {
	return [
		name,
		version,
		architecture,
		sha256 ?? "",
		index
	].join(" ");
}
// src/unproven/find-unproven.ts
/**
* Compares everything that an archive lists with everything that the upstreams of the policy sign, and asks its
* rebuilders about the rest. A .deb calls itself what it likes, so any that nobody vouches for may have been installed
* in the place of any package that is known by name and version alone.
*/
async function findUnproven(reading, archives, searching) {
	const { upstreams } = searching;
	if (isItsOwnUpstream(reading)) return void 0;
	const { listed, rest, unhashed, unread } = await compareFiles(reading.facts.files ?? [], [...ownVouchers(reading, upstreams), ...otherVouchers(reading, archives, upstreams)]);
	const none = {
		listed,
		count: 0,
		files: [],
		unread: []
	};
	if (rest.size + unhashed === 0) return none;
	const { named = [], failures } = await nameFiles(reading, rest, searching);
	const rebuilt = await reproduced(reading, named, rest, searching);
	const count = rest.size + unhashed - rebuilt.hashes.size;
	if (count === 0) return none;
	return {
		listed,
		count,
		files: sortedFiles(named).filter(({ sha256 }) => sha256 === null || !rebuilt.hashes.has(sha256)).slice(0, searching.most),
		unread: [
			...[...unread, ...failures].map(({ what, error }) => `${what}: ${error.message}`),
			...rebuilt.unread,
			...count === unhashed ? [uncompared(unhashed, named)] : []
		]
	};
}
/** Where nothing else is left, it is open whether anything is that nobody vouches for. */
function uncompared(count, named) {
	const first = named.find(({ file }) => file.kind === "unreadable");
	return `the files of ${count} of its own stanzas${first?.file.kind === "unreadable" ? ` (first: ${first.file.name} in ${first.index})` : ""}, which do not state one SHA-256 as archives write it`;
}
/** What such an archive lists is what its upstream signed, unless the policy lets it deliver only a part. */
function isItsOwnUpstream({ archive }) {
	return archive.servedByUpstream && archive.served.names === void 0;
}
/** Reads the archive once more, for the stanzas of these files. */
async function nameFiles(reading, rest, { downloads, at }) {
	return await new ArchiveReader({
		downloads,
		at,
		wanted: new WantedNames([]),
		kinds: ["Packages"],
		files: rest
	}).read(reading.request);
}
async function reproduced(reading, named, rest, proving) {
	const { name: archive, rebuilders, served } = reading.archive;
	if (rebuilders === void 0) return {
		hashes: /* @__PURE__ */ new Set(),
		unread: []
	};
	const weighed = [...await proveReproduced(named.flatMap(({ listing }) => listing === void 0 || served.names?.allow(listing.entry.name) === false ? [] : [listing]).map((listing) => ({
		reading,
		listing
	})), [reading], /* @__PURE__ */ new Map(), proving)].map(([{ entry }, rebuilds]) => {
		const { sha256 } = entry.file;
		return {
			entry,
			sha256,
			...weighRebuilds(sha256, rebuilds)
		};
	});
	const hashes = new Set(weighed.flatMap(({ sha256, outcome }) => outcome === "enough" ? [sha256] : []));
	const unknown = weighed.filter(({ sha256, outcome }) => outcome === "unknown" && !hashes.has(sha256));
	const [first] = unknown;
	const asked = new Set(named.flatMap(({ file }) => file.kind === "entry" ? [file.entry.file.sha256] : []));
	const unasked = rest.size - asked.size;
	return {
		hashes,
		unread: [...first === void 0 ? [] : [`the rebuilders of ${archive} on ${unknown.length} of them, first ${first.entry.name}: ${first.reason}`], ...unasked > 0 ? [`the rebuilders of ${archive}, who were not asked about ${unasked} of them`] : []]
	};
}
export { detachedForm as a, Upstreams as c, proveLocated as d, proveOthers as f, nativeOf as h, proveUnlocatedReproduced as i, rememberedReleases as l, ListingTable as m, sortedFiles as n, readServed as o, proveUnlocated as p, proveReproduced as r, weighRebuilds as s, findUnproven as t, ownVouchers as u };
