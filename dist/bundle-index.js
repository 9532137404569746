import { a as systemErrorCode, n as ERROR_CODES, t as DebproofError, x as MAX_BUNDLE_INDEX, yt as MAX_SHARDS } from "./errors.js";
import { t as STATEMENT_TYPE } from "./statement-type.js";
import { A as union, C as regex, E as strictObject, O as string, S as record, T as safeParse, b as pipe, d as maxLength, g as number, h as nullable, l as isoTimestamp, m as minValue, n as boolean, o as integer, p as minLength, t as array, u as literal, v as optional, y as picklist } from "./dist.js";
import { t as TOOL } from "./tool.js";
import { u as sha256Of } from "./keyring.js";
import { t as PREDICATE_TYPE } from "./report-schema.js";
import { readdir, rm } from "node:fs/promises";
import path from "node:path";
// src/report/headline.ts
/** Verdicts that need attention, the gravest first. */
const ATTENTION = [
	"mismatch",
	"forbidden",
	"unlisted",
	"unproven",
	"undecided"
];
/** What a release manager does next, for each verdict that needs attention. */
const ADVICE = {
	mismatch: "Do not release. Somebody changed this file after its upstream signed it, or built it again under the same version: get both files, compare them (diffoscope), and find out who wrote the one that was served.",
	forbidden: "Find out how a package of this archive came into the build; a release must contain nothing from it.",
	unlisted: "Name the archive that it came from in the policy, or among the apt sources of a system. A version that was superseded since needs an archive, or apt lists, that still have it; a package that is made during the build needs an exception with `archive: none`.",
	unproven: "A package of somebody else: name the upstream that first distributed this version; one that its live archive has dropped needs an archive that still has it. A package of your own: the reason says which rebuilders did not get it, and why; `debproof rebuild` makes what is missing.",
	undecided: "Read the reasons. What was refused (a signature, a hash, a date) may have been tampered with: find out who wrote it. What could not be reached: run again when it can be."
};
/** The verdict in one line: what a person reads first. */
function headline({ predicate }) {
	const { verdict, counts, archives, shard } = predicate;
	const of = `${counts.total} package${counts.total === 1 ? "" : "s"}`;
	const part = shard === void 0 ? "" : `, part ${shard.index} of ${shard.of}`;
	switch (verdict) {
		case "pass":
			if (counts.total === 0) return `PASS${part}: there is no package in it.`;
			return `PASS${part}: ${of} proven (${listCounts(counts, [
				"identical",
				"reproduced",
				"excepted"
			])}).`;
		case "fail": return `FAIL${part}: of ${of}, ${listCounts(counts, ATTENTION)}.`;
		case "undecided": {
			if (counts.undecided > 0) return `UNDECIDED${part}: of ${of}, ${listCounts(counts, ATTENTION)}; none failed.`;
			const unread = archives.filter((archive) => archive.unread.length > 0).map(({ name }) => name);
			return unread.length > 0 ? `UNDECIDED${part}: ${of} proven, but ${unread.join(", ")} could not be read and may have served other bytes.` : "UNDECIDED: there was no package to judge.";
		}
	}
}
/** The packages that need attention, the gravest first, else in the report's order. */
function packagesToLookAt({ predicate }) {
	return ATTENTION.flatMap((verdict) => predicate.packages.filter((item) => item.verdict === verdict));
}
/** `name version architecture`, as people write it. */
function nameOf({ name, version, architecture }) {
	return [
		name,
		version,
		architecture
	].filter((part) => part !== null).join(" ");
}
/** What could not be read, as `archive: what (reason)`. */
function unreadParts({ predicate }) {
	return predicate.archives.flatMap(({ name, unread }) => unread.map(({ what, reason }) => `${name} ${what}: ${reason}`));
}
/** What an archive does not have of what the policy names. */
function archiveNotes({ predicate }) {
	return predicate.archives.flatMap(({ name, notes }) => notes.map((note) => `${name}: ${note}`));
}
/** Exceptions that somebody should look after. What was not read might have shown that one is needed. */
function staleExceptions({ predicate }) {
	const isWhole = predicate.counts.undecided === 0 && predicate.archives.every(({ unread }) => unread.length === 0);
	return predicate.exceptions.filter(({ status }) => status === "expired" || status === "unused" && isWhole).map(({ package: name, until, status }) => status === "expired" ? `The exception for ${name} ended with ${until ?? ""} and excuses nothing.` : `The exception for ${name} matches no package that needs one: remove it.`);
}
function listCounts(counts, verdicts) {
	return verdicts.filter((verdict) => counts[verdict] > 0).map((verdict) => `${counts[verdict]} ${verdict}`).join(", ");
}
// src/evidence/bundle-folder.ts
/** Where, below the output folder, the evidence of a report is. */
const BUNDLE_FOLDER = "evidence";
/**
* Removes the evidence of an earlier report. A folder of that name that holds anything else is somebody else's.
* @throws DebproofError OUTPUT
*/
async function removeBundle(output) {
	const folder = path.join(output, BUNDLE_FOLDER);
	const content = path.join(folder, "sha256");
	const foreign = [...(await namesIn(folder)).filter((name) => name !== "index.json" && name !== "sha256"), ...(await namesIn(content)).filter((name) => !/^(?:[0-9a-f]{64}|\.[0-9a-f]{16}\.part)$/.test(name))];
	if (foreign.length > 0) throw new DebproofError("OUTPUT", `${folder} holds ${foreign[0]}, which is not debproof's, and is not replaced; name another folder with --output.`);
	try {
		await rm(folder, {
			recursive: true,
			force: true
		});
	} catch (error) {
		throw new DebproofError("OUTPUT", `${folder} cannot be removed; name another folder with --output`, { cause: error });
	}
}
/** The files of the evidence in an output folder, relative to that: those that debproof wrote. Sorted. */
async function bundleFiles(output) {
	const content = await namesIn(path.join(output, BUNDLE_FOLDER, "sha256"));
	if (!(await namesIn(path.join(output, "evidence"))).includes("index.json")) return [];
	return ["index.json", ...content.filter((name) => /^[0-9a-f]{64}$/.test(name)).map((name) => `sha256/${name}`)].sort().map((name) => `${BUNDLE_FOLDER}/${name}`);
}
async function namesIn(folder) {
	try {
		return await readdir(folder);
	} catch (error) {
		if (systemErrorCode(error) === "ENOENT") return [];
		throw new DebproofError("OUTPUT", `The folder ${folder} cannot be read; name another with --output`, { cause: error });
	}
}
// src/report/trust.ts
/** An index may say one name and version, and its .deb another: a list of installed packages shows the .deb's. */
const TRUTHFUL = "And that no other .deb of the archive calls itself by this name and version against what its index says. Give the .debs, or a list with hashes, to be certain.";
/**
* What a reader of the report still has to believe, for each class of packages; classes without packages are left out.
*
* @param unread the names of the archives that could not be read, or not whole
*/
function remainingTrust(packages, unread) {
	const trust = [];
	const add = (count, of, trusts) => {
		if (count > 0) trust.push({
			packages: count,
			of,
			trusts
		});
	};
	const identical = packages.filter(({ verdict }) => verdict === "identical");
	add(identical.length, "identical", "That the upstream signed only what it meant to distribute, and that its keys were in its hands alone.");
	const reproduced = packages.filter(({ verdict }) => verdict === "reproduced");
	add(reproduced.length, "reproduced", "That those rebuilders who got these bytes did not work or fall together, and that the source is what the project meant: a rebuild proves what a source makes, not what the source is.");
	for (const [verdict, proven] of [["identical", identical], ["reproduced", reproduced]]) {
		const from = (source) => proven.filter(({ hashFrom }) => hashFrom === source).length;
		add(from("archive"), `${verdict}, known by the archive`, `That the archive showed the build the same index as it shows now. ${TRUTHFUL}`);
		add(from("apt-lists"), `${verdict}, known by the apt lists`, `That the apt lists are those of the build. ${TRUTHFUL}`);
		add(from("list"), `${verdict}, known by the package list`, "That the package list states what the build used.");
		add(from("deb"), `${verdict}, known by the .deb`, "That the .debs that were hashed are those that the build used.");
	}
	add(packages.filter(({ verdict }) => verdict === "excepted").length, "excepted", "The policy's exceptions.");
	if (unread.length > 0) add(packages.filter(({ hashFrom }) => hashFrom === "archive" || hashFrom === "apt-lists").length, "known by the archives", `That ${unread.join(", ")}, which could not be read, listed no other bytes under the same name and version.`);
	return trust;
}
// src/report/statement.ts
/** Makes the report: nothing in it depends on anything but the inputs and the clock that was given. */
function makeReport(result, context) {
	const packages = result.packages.map(reportPackage).sort(byIdentity);
	const subjects = context.images.length > 0 ? context.images : context.lists;
	return {
		_type: STATEMENT_TYPE,
		subject: subjects.map(({ name, sha256 }) => ({
			name,
			digest: { sha256 }
		})),
		predicateType: PREDICATE_TYPE,
		predicate: {
			verdict: result.verdict,
			release: context.release ?? null,
			at: formatTime(context.at),
			tool: {
				name: TOOL.name,
				version: TOOL.version
			},
			policy: { sha256: context.policy },
			lists: context.lists.map(({ name, format, sha256, content }) => ({
				name,
				format,
				sha256,
				packages: content.packages.length
			})),
			counts: result.counts,
			archives: result.archives.map(reportArchive),
			exceptions: result.exceptions.map(({ exception, status, packages: count }) => ({
				package: exception.package,
				version: exception.version ?? null,
				architecture: exception.architecture ?? null,
				archive: exception.archive ?? null,
				reason: exception.reason,
				until: exception.until ?? null,
				status,
				packages: count
			})),
			packages,
			evidence: collectEvidence(result.packages),
			...result.upstreams.length === 0 ? {} : { upstreams: result.upstreams.map(reportUpstream) },
			...context.shard === void 0 ? {} : { shard: context.shard },
			trust: remainingTrust(result.packages, unreadArchives(result))
		}
	};
}
/** The same report, saying what was kept of its evidence, and why it is written without a signature where it is. */
function asWritten({ predicate, ...statement }, bundle, unsigned) {
	return {
		...statement,
		predicate: {
			...predicate,
			bundle,
			...unsigned === void 0 ? {} : { unsigned }
		}
	};
}
/** The bytes that are signed: JSON in UTF-8, one item a line, so that two reports can be compared by eye. */
function serializeReport(report) {
	return Buffer.from(`${JSON.stringify(report, null, 1)}\n`);
}
function unreadArchives({ archives }) {
	return archives.filter(({ facts }) => facts.failures.length > 0).map(({ archive }) => archive.name);
}
function reportArchive({ archive, facts }) {
	const { name, require, served, upstreams, rebuilders } = archive;
	return {
		name,
		require,
		url: served.area.base.href,
		suites: [...served.area.suites],
		upstreams: upstreams.map((upstream) => ({
			kind: upstream.kind,
			place: placeOf(upstream),
			keys: primaryKeysOf(upstream.keyring)
		})),
		...rebuilders === void 0 ? {} : { rebuilders: reportRebuilders(rebuilders) },
		unread: facts.failures.map(({ what, error }) => ({
			what,
			code: error.code,
			reason: error.message
		})),
		notes: [...facts.notes]
	};
}
function placeOf(upstream) {
	switch (upstream.kind) {
		case "live": return upstream.area.base.href;
		case "snapshots": return upstream.services.map((service) => `${service.href}archive/${upstream.archive}/`).join(" ");
		case "store": return upstream.folder;
	}
}
function primaryKeysOf(keyring) {
	return [...new Set(keyring.signingKeys().map(({ primaryFingerprint }) => primaryFingerprint))].sort();
}
function reportUpstream({ name, failures, notes }) {
	return {
		name,
		unread: failures.map(({ what, error }) => ({
			what,
			code: error.code,
			reason: error.message
		})),
		notes: [...notes]
	};
}
function reportRebuilders({ threshold, sourceRequired, parties, layout }) {
	return {
		threshold: threshold ?? null,
		sourceRequired,
		parties: parties.map(({ name, keyring, publicKeys, places }) => ({
			name,
			keys: [...keyring === void 0 ? [] : primaryKeysOf(keyring), ...publicKeys.map(({ fingerprint }) => fingerprint)].sort(),
			places: places.map(({ format, url }) => ({
				format,
				url: url.href
			}))
		})),
		layout: layout === void 0 ? null : {
			sha256: sha256Of(layout.bytes),
			places: layout.places.map(({ href }) => href)
		}
	};
}
function reportPackage(judged) {
	const { use } = judged;
	return {
		name: use.name,
		version: use.version,
		architecture: use.kind === "source" ? "source" : judged.architecture ?? null,
		kind: use.kind,
		sha256: judged.sha256 ?? null,
		...judged.expected === void 0 ? {} : { expected: [...judged.expected] },
		hashFrom: judged.hashFrom ?? null,
		archive: judged.archive ?? null,
		verdict: judged.verdict,
		reason: judged.reason,
		evidence: [...new Set(judged.evidence.map(evidenceName))].sort()
	};
}
function collectEvidence(packages) {
	const files = /* @__PURE__ */ new Map();
	for (const file of packages.flatMap(({ evidence }) => evidence)) {
		const known = files.get(evidenceName(file));
		files.set(evidenceName(file), known === void 0 || known === file ? file : {
			...file,
			...joinSigners(known, file)
		});
	}
	const sorted = [...files].sort(([a], [b]) => a < b ? -1 : 1);
	return Object.fromEntries(sorted.map(([name, { kind, url, size, date, signers, parties }]) => [name, {
		kind,
		url,
		size,
		date: date === void 0 ? null : formatTime(date),
		signers: [...signers],
		...parties === void 0 ? {} : { parties: [...parties] }
	}]));
}
/** Who signed a file that was found twice, and whose statement it is. */
function joinSigners(one, other) {
	const both = (a = [], b = []) => [.../* @__PURE__ */ new Set([...a, ...b])].sort();
	const parties = both(one.parties, other.parties);
	return {
		signers: both(one.signers, other.signers),
		...parties.length === 0 ? {} : { parties }
	};
}
function evidenceName({ sha256 }) {
	return `sha256:${sha256}`;
}
/** RFC 3339, in whole seconds. */
function formatTime(time) {
	return time.toISOString().replace(/\.\d{3}Z$/, "Z");
}
/** The order of a report's packages. */
function byIdentity(a, b) {
	const keys = (item) => [
		item.name,
		item.version,
		item.architecture ?? "",
		item.kind,
		item.sha256 ?? ""
	];
	const right = keys(b);
	for (const [index, left] of keys(a).entries()) {
		const other = right[index] ?? "";
		if (left !== other) return left < other ? -1 : 1;
	}
	return 0;
}
// src/judge/verdict.ts
const PASSING = /* @__PURE__ */ new Set([
	"identical",
	"reproduced",
	"excepted"
]);
const FAILING = /* @__PURE__ */ new Set([
	"mismatch",
	"unproven",
	"unlisted",
	"forbidden"
]);
// src/judge/combine.ts
function countVerdicts(packages) {
	const counts = {
		total: packages.length,
		identical: 0,
		reproduced: 0,
		excepted: 0,
		mismatch: 0,
		unproven: 0,
		unlisted: 0,
		forbidden: 0,
		undecided: 0
	};
	for (const { verdict } of packages) counts[verdict] += 1;
	return counts;
}
/**
* The report's verdict: fail if any package fails, else undecided if any is, else pass.
*
* An archive that could not be read may have served the build other bytes under a name that another archive lists
* too. So as long as the hash of any package is known only from what archives list, a run that could not read all
* of them does not pass.
*
* @param unreadArchives whether an archive of the policy, or a part of one, could not be read
* @param isPart whether other machines judge the rest: a part may be empty, where no packages at all prove nothing
*/
function combineVerdicts(packages, unreadArchives, isPart = false) {
	if (packages.some(({ verdict }) => FAILING.has(verdict))) return "fail";
	if (packages.length === 0 && !isPart || packages.some(({ verdict }) => verdict === "undecided")) return "undecided";
	const restsOnListings = packages.some(({ hashFrom }) => hashFrom !== "deb" && hashFrom !== "list");
	return unreadArchives && restsOnListings ? "undecided" : "pass";
}
// src/evidence/bundle-index.ts
/**
* The shape of `evidence/index.json`: what a run was given and what it read, so that its verdicts can be derived again.
* The report names its SHA-256, so the report's signature covers it and every file that it names.
*/
const hex256 = pipe(string(), regex(/^[0-9a-f]{64}$/));
const size = pipe(number(), integer(), minValue(0));
const look = picklist([1, 2]);
const failure = {
	code: picklist(ERROR_CODES),
	message: string(),
	cause: nullable(string())
};
const fileOutcome = strictObject({
	url: string(),
	look,
	sha256: hex256,
	size,
	complete: boolean(),
	kept: boolean()
});
const failureOutcome = strictObject({
	url: string(),
	look,
	...failure,
	status: nullable(number())
});
const namesOutcome = strictObject({
	folder: string(),
	names: nullable(array(string())),
	failure: nullable(strictObject(failure))
});
/** What the policy is called among the inputs; every other one has a whole path. */
const POLICY = "policy";
const shard = strictObject({
	index: number(),
	of: number()
});
const keptList = strictObject({
	path: string(),
	format: string(),
	sha256: hex256,
	size,
	debs: optional(array(strictObject({
		path: string(),
		name: string(),
		version: string(),
		architecture: string()
	})))
});
/** The apt sources of a system, which have no policy file: what was made of them. */
const systemArchive = strictObject({
	name: string(),
	url: string(),
	suites: array(string()),
	components: array(string()),
	architectures: array(string()),
	keyring: nullable(hex256),
	only: array(strictObject({
		fingerprint: string(),
		exact: boolean()
	})),
	aptLists: nullable(string())
});
const tool = strictObject({
	name: string(),
	version: string()
});
const runIndexSchema = strictObject({
	version: literal(1),
	tool,
	run: strictObject({
		folder: string(),
		release: nullable(string()),
		at: pipe(string(), isoTimestamp()),
		environment: record(string(), string()),
		offline: boolean(),
		deep: boolean(),
		shard: nullable(shard),
		system: nullable(strictObject({ archives: array(systemArchive) }))
	}),
	inputs: array(strictObject({
		path: string(),
		sha256: hex256,
		size
	})),
	lists: array(keptList),
	images: array(strictObject({
		name: string(),
		sha256: hex256
	})),
	fetched: array(union([
		fileOutcome,
		failureOutcome,
		namesOutcome
	])),
	keys: array(strictObject({
		fingerprint: string(),
		sha256: hex256,
		size
	})),
	signed: array(strictObject({
		document: hex256,
		text: hex256,
		signature: hex256
	}))
});
const mergedIndexSchema = strictObject({
	version: literal(1),
	tool,
	parts: pipe(array(hex256), minLength(1), maxLength(MAX_SHARDS))
});
/** One value a line: two can be compared by eye, and awk can read it. */
function serializeIndex(index) {
	return Buffer.from(`${JSON.stringify(index, null, 1)}\n`);
}
/** @throws DebproofError EVIDENCE */
function parseIndex(bytes, name) {
	if (bytes.length > 268435456) throw new DebproofError("EVIDENCE", `${name} is larger than ${MAX_BUNDLE_INDEX} bytes.`);
	const result = safeParse(union([runIndexSchema, mergedIndexSchema]), jsonOf(bytes, name));
	if (result.success) return result.output;
	const [issue] = result.issues;
	const where = (issue.path?.map(({ key }) => String(key)).join(".") ?? "").slice(0, 200);
	throw new DebproofError("EVIDENCE", `${name} is no index of evidence: ${where} ${issue.message.slice(0, 200)}.`);
}
function jsonOf(bytes, name) {
	try {
		return JSON.parse(Buffer.from(bytes).toString("utf8"));
	} catch (error) {
		throw new DebproofError("EVIDENCE", `${name} is not JSON`, { cause: error });
	}
}
/** The files below `sha256/` that an index names, with their sizes where it states them. */
function filesOf(index) {
	const files = /* @__PURE__ */ new Map();
	if ("parts" in index) {
		for (const part of index.parts) files.set(part, void 0);
		return files;
	}
	const { fetched, inputs, lists, keys, signed, run } = index;
	for (const { sha256, size: bytes } of [
		...inputs,
		...lists,
		...keys
	]) files.set(sha256, bytes);
	for (const outcome of fetched) if ("sha256" in outcome && outcome.kept) files.set(outcome.sha256, outcome.size);
	for (const { text, signature } of signed) for (const sha256 of [text, signature]) files.set(sha256, files.get(sha256));
	for (const { keyring } of run.system?.archives ?? []) if (keyring !== null) files.set(keyring, files.get(keyring));
	return files;
}
export { staleExceptions as C, packagesToLookAt as S, ADVICE as _, combineVerdicts as a, headline as b, asWritten as c, makeReport as d, serializeReport as f, removeBundle as g, bundleFiles as h, serializeIndex as i, byIdentity as l, BUNDLE_FOLDER as m, filesOf as n, countVerdicts as o, remainingTrust as p, parseIndex as r, PASSING as s, POLICY as t, joinSigners as u, ATTENTION as v, unreadParts as w, nameOf as x, archiveNotes as y };
