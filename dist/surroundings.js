import { Et as MAX_SHARDS, a as systemErrorCode, at as MAX_PACKAGE_EXCESS, i as isDebproofError, n as ERROR_CODES, ot as MAX_PACKAGE_FILE, r as describeError, t as DebproofError, x as MAX_BUNDLE_INDEX } from "./errors.js";
import { t as STATEMENT_TYPE } from "./statement-type.js";
import { A as string, D as safeParse, M as union, O as strictObject, S as pipe, T as regex, _ as nullable, b as optional, c as isoDate, f as maxLength, h as minValue, l as isoTimestamp, m as minLength, n as boolean, o as integer, t as array, u as literal, v as number, w as record, x as picklist } from "./dist.js";
import { t as TOOL } from "./tool.js";
import { a as partOf } from "./shard.js";
import { D as sha256Of, T as urlBelow, f as mergeCertificates } from "./shipped-keys.js";
import { t as mergePackageUses } from "./merge.js";
import { t as PREDICATE_TYPE } from "./report-schema.js";
import { A as WantedNames } from "./policy-schema.js";
import { t as AptLists } from "./apt-lists.js";
import { d as ArchiveReader, f as describeUnclear } from "./strict-json.js";
import { a as detachedForm, c as Upstreams, d as proveLocated, f as proveOthers, h as nativeOf, i as proveUnlocatedReproduced, l as rememberedReleases, m as ListingTable, o as readServed, p as proveUnlocated, r as proveReproduced, s as weighRebuilds, t as findUnproven } from "./find-unproven.js";
import { o as RequestRefusedError } from "./read-list.js";
import { createReadStream } from "node:fs";
import path from "node:path";
import { readdir as readdir$1, rm } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
// src/report/self-vouched.ts
/** The archives with how many of the packages rest on the own word of each: counted anew, whatever they said. */
function countSelfVouched(archives, packages) {
	const counts = /* @__PURE__ */ new Map();
	for (const name of packages.flatMap((item) => item.selfVouched ?? [])) counts.set(name, (counts.get(name) ?? 0) + 1);
	return archives.map((archive) => {
		const { name, selfVouched } = archive;
		if (selfVouched === void 0) return archive;
		return {
			...archive,
			selfVouched: {
				...selfVouched,
				packages: counts.get(name) ?? 0
			}
		};
	});
}
/**
* What a reader has to believe of each archive that vouches for itself. Keys are told by their fingerprints: what a key
* calls its owner is the word of whoever made it.
*/
function selfVouchedTrust(archives) {
	return archives.flatMap(({ name, selfVouched }) => {
		if (selfVouched === void 0 || selfVouched.packages === 0) return [];
		const keys = `key${selfVouched.keys.length === 1 ? "" : "s"} ${selfVouched.keys.join(", ")}`;
		return [{
			packages: selfVouched.packages,
			of: `on the word of the archive ${name} alone`,
			trusts: `That ${name} is the first to distribute these packages, and that whoever holds its ${keys} made them as they should be: nobody else vouches for them.`
		}];
	});
}
/** The part of the verdict in one line that says so; empty where somebody else vouches for every package. */
function onOwnWord({ packages, archives }) {
	const count = packages.filter(({ selfVouched = [] }) => selfVouched.length > 0).length;
	if (count === 0) return "";
	const names = archives.filter(({ selfVouched }) => (selfVouched?.packages ?? 0) > 0).map(({ name }) => name);
	const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : "";
	return `; ${count} of them on the word of their own archive alone: ${names.slice(0, MAX_NAMED).join(", ")}${more}`;
}
/** Archives that the line names. */
const MAX_NAMED = 5;
// src/report/unproven-text.ts
/** Files that are named in a line or two of a summary. */
const SHOWN$1 = 10;
/** What an archive lists and nobody vouches for, in one clause. */
function unprovenSentence({ name, unproven, unread }) {
	const { listed = 0, count = 0 } = unproven ?? {};
	const files = `${unread.length === 0 ? "" : "as far as it could be read, "}${name} lists ${listed} .deb${listed === 1 ? "" : "s"}`;
	return count === 0 ? `${files}, and all of them are vouched for` : `${files}, ${count} of which nobody vouches for`;
}
/**
* How each archive differs from those who vouch for it, one line for each, and the files where they are few. Nothing
* of archives that are their own upstream.
*/
function unprovenLines({ archives }) {
	return archives.flatMap((archive) => {
		const { require, unproven } = archive;
		if (unproven === void 0) return [];
		const absent = require === "absent" ? " Nothing may come from there." : "";
		const unread = unproven.unread.length === 0 ? "" : ` Not all who might was read: ${unproven.unread[0]}`;
		return [`${unprovenSentence(archive)}${namedFiles(unproven)}.${absent}${unread}`];
	});
}
function namedFiles({ files, count }) {
	if (files.length === 0) return "";
	const named = files.slice(0, SHOWN$1).map((file) => `${file.name} ${file.version} ${file.architecture} (${file.sha256 ?? "without a SHA-256 of its own"})`);
	const more = count > named.length ? ` and ${count - named.length} more` : "";
	return `: ${named.join(", ")}${more}`;
}
/** The files among apt's lists that no archive of the policy reads. */
function otherArchiveLines({ otherArchives }) {
	if (otherArchives === void 0) return [];
	const { action, reason, found } = otherArchives;
	const rule = action === "ignore" ? `ignored by the policy: ${reason ?? "it gives no reason"}` : "name their archive, suite, component and architecture in the policy, or say there why they do not matter (other-archives)";
	return found.map(({ folder, files }) => {
		const more = files.length > SHOWN$1 ? ` and ${files.length - SHOWN$1} more` : "";
		return `${folder}: the build's apt also saw ${files.slice(0, SHOWN$1).join(", ")}${more}; ${rule}`;
	});
}
// src/report/vouchers.ts
/**
* Packages of which it is open who vouches for what was used: how many, by the archives that may have delivered them
* (`debian or vendor`). Archives whose upstreams are trusted by the same keys are one and the same word.
*/
function openVouchers(packages, archives) {
	const keys = new Map(archives.map((archive) => [archive.name, keysOf(archive)]));
	const found = /* @__PURE__ */ new Map();
	for (const { vouchedBy = [] } of packages) {
		if (new Set(vouchedBy.map((name) => keys.get(name) ?? name)).size < 2) continue;
		const names = vouchedBy.join(" or ");
		found.set(names, (found.get(names) ?? 0) + 1);
	}
	return new Map([...found].sort(([a], [b]) => a < b ? -1 : 1));
}
/** Archives that vouch for packages: one of those that are trusted by the same keys. */
function differentVouchers(archives) {
	const byKeys = /* @__PURE__ */ new Map();
	for (const archive of archives) {
		const { name, upstreams = [], rebuilders } = archive;
		if (upstreams.length === 0 && rebuilders === void 0) continue;
		const keys = keysOf(archive);
		if (!byKeys.has(keys)) byKeys.set(keys, name);
	}
	return [...byKeys.values()];
}
/** What its own word rests on; that of an archive with rebuilders is nobody else's. */
function keysOf({ name, upstreams = [], rebuilders }) {
	const keys = new Set(upstreams.flatMap((upstream) => upstream.keys));
	return rebuilders !== void 0 || keys.size === 0 ? name : [...keys].sort().join(" ");
}
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
	const of = countOf(counts.total);
	const proven = `${countOf(counts.identical + counts.reproduced)} proven`;
	const excepted = counts.excepted === 0 ? "" : `, ${counts.excepted} excepted by the policy`;
	const part = shard === void 0 ? "" : `, part ${shard.index} of ${shard.of}`;
	switch (verdict) {
		case "pass":
			if (counts.total === 0) return `PASS${part}: there is no package in it.`;
			return `PASS${part}: ${proven}${howProven(predicate)}${excepted}.${openWords(predicate)}`;
		case "fail": {
			const failed = listCounts(counts, ATTENTION);
			const refused = refusedFiles(predicate);
			if (refused === "") return `FAIL${part}: of ${of}, ${failed}${excepted}.`;
			return `FAIL${part}: ${refused}${failed === "" ? "" : `; of ${of}, ${failed}`}${excepted}.`;
		}
		case "undecided": {
			if (counts.undecided > 0) return `UNDECIDED${part}: of ${of}, ${listCounts(counts, ATTENTION)}${excepted}; none failed.`;
			const unread = archives.filter((archive) => archive.unread.length > 0).map(({ name }) => name);
			if (unread.length > 0) return `UNDECIDED${part}: ${proven}${excepted}, but ${unread.join(", ")} could not be read and may have served other bytes.`;
			if (counts.total === 0) return "UNDECIDED: there was no package to judge.";
			const refused = refusedFiles(predicate);
			if (refused !== "") return `UNDECIDED${part}: ${proven}${excepted}, but ${refused}, and not all who might was read.`;
			return `UNDECIDED${part}: ${proven}${excepted}, but the build's apt saw archives that the policy does not name.`;
		}
	}
}
/** Of how many packages it is open which archive delivered them, and thus who vouches for them. */
function openWords({ packages, archives }) {
	const open = [...openVouchers(packages, archives)].map(([names, count]) => `${count} from ${names}`);
	if (open.length === 0) return "";
	return ` Which archive delivered some of them is open: ${open.slice(0, 3).join(", ")}${open.length > 3 ? " and others" : ""}.`;
}
/** What archives list and nobody vouches for, where the policy refuses that. */
function refusedFiles({ archives }) {
	return archives.filter(({ unproven }) => unproven?.action === "fail" && unproven.count > 0).map(unprovenSentence).join("; ");
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
function countOf(packages) {
	return `${packages === 0 ? "no" : packages} package${packages === 1 ? "" : "s"}`;
}
function howProven(predicate) {
	const listed = listCounts(predicate.counts, ["identical", "reproduced"]);
	return listed === "" ? "" : ` (${listed}${onOwnWord(predicate)})`;
}
function listCounts(counts, verdicts) {
	return verdicts.filter((verdict) => counts[verdict] > 0).map((verdict) => `${counts[verdict]} ${verdict}`).join(", ");
}
// src/report/clock.ts
/** Where the clock comes from, and which package lists told it. */
function reportClock(clock, lists) {
	return clock.from === "list" ? {
		from: "list",
		lists: tellers(clock.origins, lists)
	} : { from: clock.from };
}
/** The names of the package lists that say which snapshot of one of these origins was used. */
function tellers(origins, lists) {
	const telling = lists.filter(({ content }) => origins.some((one) => Object.hasOwn(content.references ?? {}, one)));
	return [...new Set(telling.map(({ name }) => name))].sort();
}
/** Undefined where no package is proven by a dated state. */
function signedStates({ at, packages }) {
	const dates = packages.flatMap(({ vouchedAt }) => vouchedAt ?? []).sort();
	const [first, last] = [dates[0], dates.at(-1)];
	if (first === void 0 || last === void 0) return void 0;
	const distance = (time) => Math.abs(Date.parse(time) - Date.parse(at)) / 864e5;
	return {
		packages: dates.length,
		first,
		last,
		days: Math.ceil(Math.max(distance(first), distance(last)))
	};
}
/** `from … to …`, and how many days lie between them and the clock. */
function describeStates({ first, last, days }, at) {
	return `${first === last ? `dated ${first}` : `dated ${first} to ${last}`}; the clock is ${at}: at most ${days} day${days === 1 ? "" : "s"} apart`;
}
/** Which package list set the clock, in a sentence; undefined where none did. */
function toldClock({ clock }) {
	return clock?.lists === void 0 ? void 0 : `The clock was set by ${named(clock.lists)}, as the policy has it.`;
}
/** What a reader still has to believe of the time that was judged for. */
function clockTrust({ at, clock, packages, archives }) {
	const trust = [];
	const add = (items, of, trusts) => {
		if (items.length > 0) trust.push({
			packages: items.length,
			of,
			trusts
		});
	};
	const dated = packages.filter(({ vouchedAt }) => vouchedAt !== void 0);
	const states = signedStates({
		at,
		packages
	});
	if (states !== void 0) add(dated, "identical, by the date of the signed state", `That what was signed then is what the build was meant to use: it is ${describeStates(states, at)}.`);
	if (clock?.lists !== void 0) add(packages, "all", `That ${named(clock.lists)} tells the time of the build truthfully: it set the clock.`);
	for (const { name, upstreams = [] } of archives) {
		const own = packages.filter(({ archive, vouchedAt }) => archive === name && vouchedAt !== void 0);
		for (const { place, at: instant, lists } of upstreams) {
			if (lists === void 0 || instant === void 0) continue;
			const asked = `it chose ${instant}, around which ${place} was asked for`;
			add(own, `identical, from ${name}`, `That ${named(lists)} tells truthfully which snapshot was used: ${asked}.`);
		}
	}
	return trust;
}
function named(lists) {
	return `the package list${lists.length === 1 ? "" : "s"} ${lists.join(", ")}`;
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
		return await readdir$1(folder);
	} catch (error) {
		if (systemErrorCode(error) === "ENOENT") return [];
		throw new DebproofError("OUTPUT", `The folder ${folder} cannot be read; name another with --output`, { cause: error });
	}
}
// src/report/trust.ts
/** What a reader of the report still has to believe, for each class of packages; classes without packages are left out. */
function remainingTrust(basis) {
	const { packages, archives, otherArchives } = basis;
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
	for (const [verdict, own] of [["identical", identical], ["reproduced", reproduced]]) {
		const from = (source) => own.filter(({ hashFrom }) => hashFrom === source).length;
		add(from("archive"), `${verdict}, known by the archive`, `That the archive showed the build the same index as it shows now. ${truthOf(archives)}`);
		add(from("apt-lists"), `${verdict}, known by the apt lists`, `That the apt lists are those of the build. ${truthOf(archives)}`);
		add(from("list"), `${verdict}, known by the package list`, "That the package list states what the build used.");
		add(from("deb"), `${verdict}, known by the .deb`, "That the .debs that were hashed are those that the build used.");
	}
	add(packages.filter(({ verdict }) => verdict === "excepted").length, "excepted", "The policy's exceptions.");
	for (const [vouchers, count] of openVouchers(packages, archives)) add(count, `vouched for by ${vouchers}`, "That each of these archives means well: each lists files under these names and vouches for its own, and a list of names and versions does not say which of them delivered what was used.");
	const listed = packages.filter(({ hashFrom }) => hashFrom === "archive" || hashFrom === "apt-lists").length;
	const unread = archives.filter((archive) => archive.unread.length > 0).map(({ name }) => name);
	if (unread.length > 0) add(listed, "known by the archives", `${`That ${unread.join(", ")}, which could not be read,`} listed no other bytes under the same name and version.`);
	if (otherArchives !== void 0) add(listed, "known by the archives, while the build's apt saw others", "That nothing was installed from the archives among apt's lists that the policy does not name.");
	return [
		...trust,
		...clockTrust(basis),
		...selfVouchedTrust(archives)
	];
}
/**
* What must be true of the .debs that the archives list, where the used ones are known by name and version: a .deb may
* call itself what it likes, and a list of installed packages shows what it calls itself.
*/
function truthOf(archives) {
	const unproven = archives.flatMap(({ name, unproven: files }) => files === void 0 || files.count === 0 ? [] : [`${files.count} of ${name}`]);
	const own = archives.filter(({ selfVouched }) => selfVouched !== void 0).map(({ name }) => name);
	const vouchers = differentVouchers(archives);
	const whose = vouchers.length < 2 ? "" : ` A .deb that one of ${vouchers.join(", ")} vouches for may call itself by a name of another's: each of them is trusted for all of these packages, under whatever names it lists its own.`;
	if (unproven.length + own.length === 0) return `Somebody vouches for every .deb that the archives list${whose === "" ? ", so that a list of names and versions is as good here as one with hashes;" : ","} but for what the archive showed the build.${whose}`;
	return `And that ${[...unproven.length === 0 ? [] : [`none of the .debs that nobody vouches for (${unproven.join(", ")})`], ...own.length === 0 ? [] : [`none of those for which the own keys of ${own.join(", ")} alone vouch`]].join(", and ")} was installed and calls itself by one of these names and versions. Give the .debs, or a list with hashes, to be certain.${whose}`;
}
// src/report/statement.ts
/** Makes the report: nothing in it depends on anything but the inputs and the clock that was given. */
function makeReport(result, context) {
	const packages = result.packages.map(reportPackage).sort(byIdentity);
	const [at, clock] = [formatTime(context.at), reportClock(context.policy.clock, context.lists)];
	const subjects = context.images.length > 0 ? context.images : context.lists;
	const archives = countSelfVouched(result.archives.map((reading) => reportArchive(reading, result.unproven.get(reading), context.lists)), packages);
	const others = result.otherArchives.length === 0 ? {} : { otherArchives: reportOthers(result, context.policy) };
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
			at,
			clock,
			...context.keysDay === void 0 ? {} : { keysDay: context.keysDay },
			tool: {
				name: TOOL.name,
				version: TOOL.version
			},
			policy: { sha256: context.policy.sha256 },
			run: context.run,
			lists: context.lists.map(({ name, format, sha256, content }) => ({
				name,
				format,
				sha256,
				packages: content.packages.length
			})),
			counts: result.counts,
			archives,
			...context.hashesRequired ? { hashes: "required" } : {},
			...others,
			exceptions: result.exceptions.map(reportException),
			packages,
			evidence: collectEvidence(result.packages),
			...result.upstreams.length === 0 ? {} : { upstreams: result.upstreams.map(reportUpstream) },
			...context.shard === void 0 ? {} : { shard: context.shard },
			trust: remainingTrust({
				at,
				clock,
				packages,
				archives,
				...others
			})
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
function reportArchive({ archive, facts }, unproven, lists) {
	const { name, require, served, upstreams, rebuilders, unprovenFiles, ownKeys } = archive;
	return {
		name,
		require,
		url: served.area.base.href,
		suites: [...served.area.suites],
		upstreams: upstreams.map((upstream) => ({
			kind: upstream.kind,
			place: placeOf(upstream),
			keys: primaryKeysOf(upstream.keyring),
			...upstream.kind === "live" ? {} : { at: formatTime(upstream.at) },
			...upstream.kind === "live" || upstream.atOrigins === void 0 ? {} : { lists: tellers(upstream.atOrigins, lists) }
		})),
		...rebuilders === void 0 ? {} : { rebuilders: reportRebuilders(rebuilders) },
		...unproven === void 0 ? {} : { unproven: {
			listed: unproven.listed,
			count: unproven.count,
			files: unproven.files.map((file) => ({ ...file })),
			unread: [...unproven.unread],
			action: unprovenFiles
		} },
		...ownKeys.length === 0 ? {} : { selfVouched: {
			keys: [...ownKeys],
			packages: 0
		} },
		unread: facts.failures.map(({ what, error }) => ({
			what,
			code: error.code,
			reason: error.message
		})),
		notes: [...facts.notes]
	};
}
function reportOthers({ otherArchives }, { otherArchives: rule }) {
	return {
		action: rule.action,
		reason: rule.action === "ignore" ? rule.reason ?? null : null,
		found: otherArchives.map(({ folder, files }) => ({
			folder,
			files: [...files]
		}))
	};
}
function reportException({ exception, status, packages, unexcused }) {
	const { package: name, version, architecture, archive, sha256, verdict, reason, until } = exception;
	return {
		package: name,
		version: version ?? null,
		architecture: architecture ?? null,
		archive: archive ?? null,
		...sha256 === void 0 ? {} : { sha256 },
		...verdict === void 0 ? {} : { verdict },
		reason,
		until: until ?? null,
		status,
		packages,
		...unexcused.length === 0 ? {} : { unexcused: [...unexcused] }
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
		parties: parties.map(({ name, keyring, publicKeys, places, cosigned }) => ({
			name,
			keys: [...keyring === void 0 ? [] : primaryKeysOf(keyring), ...publicKeys.map(({ fingerprint }) => fingerprint)].sort(),
			places: places.map(({ format, url }) => ({
				format,
				url: url.href
			})),
			...cosigned ? { cosigned: true } : {}
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
		...judged.vouchedBy === void 0 ? {} : { vouchedBy: [...judged.vouchedBy] },
		...judged.vouchedAt === void 0 ? {} : { vouchedAt: formatTime(judged.vouchedAt) },
		verdict: judged.verdict,
		...judged.selfVouched === void 0 ? {} : { selfVouched: [...judged.selfVouched] },
		...judged.excepted === void 0 ? {} : { excepted: judged.excepted },
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
// src/archive/pool.ts
/** Downloads a package's files from the pool and compares size and SHA-256 with the index. */
async function checkPool(downloads, base, entry) {
	for (const file of entry.kind === "source" ? entry.files : [entry.file]) {
		const answer = await checkFile(downloads, urlBelow(base, file.path), file);
		if (answer.outcome !== "same") return answer;
	}
	return { outcome: "same" };
}
/**
* What differs is looked at twice: bytes that a transfer spoilt are no evidence against an archive, and those that it
* serves again are. A pool that once had the right ones is no proof either.
*/
async function checkFile(downloads, url, file) {
	const first = await look$1(downloads, url, file, 1);
	if (first.outcome !== "different") return first;
	const second = await look$1(downloads, url, file, 2);
	if (second.outcome === "different" && second.why === first.why) return first;
	const then = second.outcome === "same" ? "A second look found what the index says." : second.why;
	return {
		outcome: "unread",
		why: `${first.why} It was not so again: ${then}`
	};
}
async function look$1(downloads, url, file, number) {
	try {
		const limit = Math.min(file.size + MAX_PACKAGE_EXCESS, MAX_PACKAGE_FILE);
		const found = await downloads.digest(url, limit, number);
		if (found.size === file.size && found.sha256 === file.sha256) return { outcome: "same" };
		return {
			outcome: "different",
			why: `${url.href} is ${found.sha256} (${found.size} bytes), but the index says ${file.sha256} (${file.size}).`
		};
	} catch (error) {
		if (!isDebproofError(error)) throw error;
		if (error.code === "TOO_LARGE" && file.size < 8589934592) return {
			outcome: "different",
			why: `${url.href} is far larger than the ${file.size} bytes that the index says.`
		};
		return {
			outcome: "unread",
			why: `${url.href} could not be hashed: ${describeError(error)}`
		};
	}
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
* What an archive's files mean for the run where the policy takes none that nobody vouches for. What could not be read
* of the archive may list such a file.
*/
function refusalOf(files, isRead) {
	if (files.count > 0) return files.unread.length > 0 ? "undecided" : "fail";
	return isRead ? "none" : "undecided";
}
/**
* The report's verdict: fail if any package fails, else undecided if any is, else pass.
*
* An archive that could not be read may have served the build other bytes under a name that another archive lists
* too. So as long as the hash of any package is known only from what archives list, a run that could not read all
* of them does not pass.
*/
function combineVerdicts(packages, { unread, refused, isPart }) {
	if (packages.some(({ verdict }) => FAILING.has(verdict)) || refused.includes("fail")) return "fail";
	if (packages.length === 0 && !isPart || packages.some(({ verdict }) => verdict === "undecided")) return "undecided";
	if (refused.includes("undecided")) return "undecided";
	const restsOnListings = packages.some(({ hashFrom }) => hashFrom !== "deb" && hashFrom !== "list");
	return unread && restsOnListings ? "undecided" : "pass";
}
// src/judge/exceptions.ts
/**
* What says no more than that proof is missing. The others an exception excuses only where it says `verdict`: there is
* proof against the file, or, for `undecided`, there may be some that nobody could read, which is all that it takes to
* hide a mismatch.
*/
const EXCUSED_UNSAID = /* @__PURE__ */ new Set(["unproven", "unlisted"]);
/**
* Turns the verdict of a package that the policy excepts into `excepted`, and tells what became of each exception.
* Pure.
*
* @param at the clock: an exception excuses to the end of its last day, in UTC
*/
function applyExceptions(packages, exceptions, at) {
	const today = at.toISOString().slice(0, 10);
	const isExpired = ({ until }) => until !== void 0 && until < today;
	const uses = /* @__PURE__ */ new Map();
	const unexcused = /* @__PURE__ */ new Map();
	return {
		packages: packages.map((item) => {
			const verdict = excusable(item);
			if (verdict === void 0) return item;
			const named = exceptions.filter((candidate) => !isExpired(candidate) && names(candidate, item, verdict));
			const exception = named.find((candidate) => excuses(candidate, verdict));
			if (exception === void 0) {
				for (const one of named) unexcused.set(one, (unexcused.get(one) ?? /* @__PURE__ */ new Set()).add(verdict));
				return item;
			}
			uses.set(exception, (uses.get(exception) ?? 0) + 1);
			const { reason, until } = exception;
			return {
				...item,
				verdict: "excepted",
				reason: `Excepted by the policy: ${reason} (otherwise ${verdict}: ${item.reason})`,
				excepted: {
					verdict,
					reason,
					...until === void 0 ? {} : { until }
				}
			};
		}),
		exceptions: exceptions.map((exception) => {
			const count = uses.get(exception) ?? 0;
			return {
				exception,
				status: isExpired(exception) ? "expired" : count > 0 ? "used" : "unused",
				packages: count,
				unexcused: [...unexcused.get(exception) ?? []].sort()
			};
		})
	};
}
/** Undefined where there is nothing to excuse. */
function excusable({ verdict }) {
	if (verdict === "identical" || verdict === "reproduced" || verdict === "excepted") return void 0;
	return verdict;
}
function excuses(exception, verdict) {
	return exception.verdict === void 0 ? EXCUSED_UNSAID.has(verdict) : exception.verdict === verdict;
}
function names(exception, item, verdict) {
	const { use, archive, architecture, sha256, mayBeFrom = [] } = item;
	if (exception.package.toLowerCase() !== use.name) return false;
	if (exception.version !== void 0 && exception.version !== use.version) return false;
	if (exception.architecture !== void 0 && exception.architecture !== architecture) return false;
	if (exception.sha256 !== void 0 && (mayBeFrom.length > 0 || exception.sha256 !== sha256)) return false;
	if (exception.archive === "none") return verdict === "unlisted" && mayBeFrom.length === 0;
	return exception.archive === void 0 || [archive, ...mayBeFrom].every((name) => name === exception.archive);
}
// src/judge/finding.ts
/** When the build may have used several files, the worst of them decides. */
const WORST_FIRST = [
	"mismatch",
	"forbidden",
	"unlisted",
	"unproven",
	"undecided",
	"reproduced",
	"identical"
];
function bySeverity(a, b) {
	return WORST_FIRST.indexOf(a.verdict) - WORST_FIRST.indexOf(b.verdict);
}
// src/judge/vouched-at.ts
/** Taken from what the proof rests on: its release file, and the indexes that this lists. */
function vouched(proof) {
	return proof.outcome === "identical" ? oldest(proof.evidence.map(({ date }) => date)) : {};
}
/** Of several files of which any may have been used: one that is older says more. */
function vouchedForAll(files) {
	return oldest(files.map(({ vouchedAt }) => vouchedAt));
}
function oldest(dates) {
	const [first] = dates.filter((date) => date !== void 0).sort((a, b) => a.getTime() - b.getTime());
	return first === void 0 ? {} : { vouchedAt: first };
}
// src/judge/file.ts
/** The files that are listed, sorted by hash, each with all that list it. */
function bySha256(candidates) {
	const groups = /* @__PURE__ */ new Map();
	for (const candidate of candidates) {
		const group = groups.get(candidate.sha256);
		if (group === void 0) groups.set(candidate.sha256, [candidate]);
		else group.push(candidate);
	}
	return [...groups].sort(([a], [b]) => a < b ? -1 : 1);
}
/**
* One file, in every archive that lists it: one archive whose requirement it meets is enough. But what some rebuilders
* got does not outweigh that others of another archive got, or an upstream signed, other bytes.
*/
function judgeFile(files) {
	return bestOf(files.map(judgeInArchive));
}
/**
* One file whatever is required of the archives that list it: whether anybody vouches for it. From an archive that
* must be absent nothing may come, but that it lists a file too which somebody vouches for harms nobody.
*/
function judgeBytes(files) {
	return bestOf(files.map(judgeProof));
}
function bestOf(findings) {
	const [best] = [...findings].sort((a, b) => bySeverity(b, a));
	if (best === void 0) throw new Error("a file is judged in at least one archive");
	const mismatch = findings.find(({ verdict }) => verdict === "mismatch");
	return best.verdict === "reproduced" && mismatch !== void 0 ? mismatch : best;
}
function judgeInArchive(file) {
	if (file.require !== "absent") return judgeProof(file);
	return {
		verdict: "forbidden",
		reason: `The archive ${file.archive} lists it, and nothing may come from there.`,
		sha256: file.sha256,
		candidate: file,
		evidence: file.evidence
	};
}
function judgeProof(file) {
	const { proof, pool, sha256, evidence: listing } = file;
	const found = (verdict, reason, evidence = [], expected = []) => ({
		verdict,
		reason,
		sha256,
		expected,
		candidate: file,
		evidence: [...listing, ...evidence]
	});
	if (pool?.outcome === "different") return found("mismatch", pool.why);
	switch (proof.outcome) {
		case "mismatch": return found("mismatch", mismatchReason(sha256, proof), proof.evidence, otherHashes(proof.signed, sha256));
		case "identical":
			if (pool?.outcome === "unread") return found("undecided", pool.why, proof.evidence);
			return {
				...found("identical", `${proof.upstream} signed exactly these bytes.`, proof.evidence),
				vouchedBy: [proof.archive],
				...vouched(proof)
			};
	}
	const rebuilt = file.rebuilds === void 0 ? void 0 : weighRebuilds(sha256, file.rebuilds);
	if (rebuilt?.outcome === "conflict") return found("mismatch", rebuilt.reason, rebuilt.evidence, rebuilt.others);
	if (rebuilt?.outcome === "enough") {
		if (pool?.outcome === "unread") return found("undecided", pool.why, rebuilt.evidence);
		const unread = proof.outcome === "undecided" ? ` No upstream was seen to sign other bytes, but: ${proof.why}` : "";
		return {
			...found("reproduced", `${rebuilt.reason}${unread}`, rebuilt.evidence),
			vouchedBy: [file.archive]
		};
	}
	const reasons = [proof.outcome === "undecided" ? proof.why : void 0, rebuilt?.reason ?? unvouched(file)].filter((reason) => reason !== void 0);
	return found(proof.outcome === "undecided" || rebuilt?.outcome === "unknown" ? "undecided" : "unproven", reasons.join(" "), rebuilt?.evidence);
}
/** What is to be said of a file that no rebuilder was asked about. */
function unvouched({ archive, require, mayDeliver, proof, architecture }) {
	if (!mayDeliver) return `The policy does not let the archive ${archive} deliver packages of this name.`;
	if (proof.outcome === "undecided") return void 0;
	if (require === "identical") return `No upstream of the policy lists it.${hintOf(proof)}`;
	const signed = "no upstream of the policy signed these bytes";
	if (architecture === "source") return `A source package is not built, so nobody can reproduce it, and ${signed}.`;
	return `The policy names no rebuilders, and ${signed}.`;
}
function mismatchReason(used, proof) {
	const difference = proof.difference === void 0 ? "" : ` (${proof.difference})`;
	return `The bytes are ${used}, but ${proof.upstream} signed ${proof.signed.join(" and ")}${difference}.`;
}
/** Of a source package the .dsc may be the same, and another of its files not. */
function otherHashes(hashes, used) {
	return hashes.filter((hash) => hash !== used);
}
function hintOf(proof) {
	return proof?.outcome === "unproven" && proof.hint !== void 0 ? ` ${proof.hint}` : "";
}
// src/judge/same-name.ts
/**
* Judges a package of which only name and version are known and whose own listings are good. An index says what it
* likes of a .deb, and the .deb calls itself what it likes; so every file that any archive lists under the name could
* be the one that was used. Each must be vouched for, whatever its version, suite and archive are. Pure.
*
* @param own what was found of the files under the used version: the worst of it, which passes
* @param files every file under the name
*/
function judgeName(own, files) {
	const all = bytesOf(files);
	const unproven = all.filter(({ finding }) => !PASSING.has(finding.verdict));
	const [first] = unproven;
	if (first !== void 0) return openBy(own, first, unproven.length);
	const vouchedBy = whoVouches(all);
	const [worst = own] = all.map(({ finding }) => finding).sort(bySeverity);
	if (all.length === 1) return {
		...own,
		vouchedBy
	};
	const evidence = all.flatMap(({ finding }) => finding.evidence);
	const at = vouchedForAll(all.map(({ finding }) => finding));
	if (vouchedBy.length === 1 && worst.verdict === own.verdict) return {
		...own,
		...at,
		vouchedBy,
		evidence
	};
	return {
		...own,
		...at,
		verdict: worst.verdict,
		reason: `The archives list ${all.length} files under this name (${all.slice(0, SHOWN).map(describe).join("; ")}${all.length > SHOWN ? "; and more" : ""}), and which of them was used is open; each is vouched for.`,
		vouchedBy,
		evidence
	};
}
/** Files that a reason names. */
const SHOWN = 4;
function bytesOf(candidates) {
	return bySha256(candidates).map(([sha256, files]) => ({
		sha256,
		files,
		finding: judgeBytes(files),
		vouchers: [...new Set(files.flatMap((file) => judgeBytes([file]).vouchedBy ?? []))]
	}));
}
/** One archive where it vouches for each of the files, otherwise all whose word some file rests on. */
function whoVouches(all) {
	const everyone = [...new Set(all.flatMap(({ vouchers }) => vouchers))];
	const single = everyone.find((archive) => all.every(({ vouchers }) => vouchers.includes(archive)));
	return single === void 0 ? everyone.sort() : [single];
}
function openBy(own, { sha256, files, finding }, count) {
	const [file] = files;
	const where = [...new Set(files.map(({ archive }) => archive))].join(" and ");
	const more = count > 1 ? ` ${count - 1} more such files are listed.` : "";
	const { vouchedBy: _, vouchedAt: __, ...undecided } = own;
	return {
		...undecided,
		verdict: "undecided",
		reason: `${where} also lists ${file === void 0 ? "" : `${file.version} ${file.architecture}`} under this name (${sha256}), and nobody vouches for that file: ${finding.reason}${more} Whichever of them was used may call itself by this version. Give the .debs or a list with hashes, or have that file proven or taken away.`,
		evidence: [...own.evidence, ...finding.evidence]
	};
}
function describe({ sha256, files: [file], vouchers }) {
	return `${file === void 0 ? sha256 : `${file.version} ${file.architecture}, ${sha256}`}: ${vouchers.join(" and ")}`;
}
// src/judge/self-vouched.ts
/**
* The archives on whose own word alone a package rests: nobody else vouches for a file that the build may have used.
* Each file that it may have used counts; one for which anybody else vouches too rests on that. Pure.
*/
function selfVouched({ use, candidates, others, direct, ownKeys = /* @__PURE__ */ new Map() }) {
	const known = use.hash?.sha256;
	const files = known === void 0 ? [...candidates, ...others] : candidates.filter(({ sha256 }) => sha256 === known);
	if (files.length === 0) return direct?.outcome === "identical" ? alone(direct.evidence, [...ownKeys.keys()], ownKeys) : [];
	const archives = [...new Set(files.map(({ sha256 }) => sha256))].flatMap((sha256) => {
		const alike = files.filter((file) => file.sha256 === sha256);
		return alone(alike.flatMap(({ proof }) => proof.outcome === "identical" ? proof.evidence : []), alike.map(({ archive }) => archive), ownKeys);
	});
	return [...new Set(archives)].sort();
}
/** Of the archives that may have delivered a file, those that vouch for it, where all who vouch are among them. */
function alone(evidence, archives, ownKeys) {
	const signers = new Set(evidence.flatMap((file) => file.signers));
	const vouching = archives.filter((archive) => ownKeys.get(archive)?.some((key) => signers.has(key)));
	const own = new Set(vouching.flatMap((archive) => ownKeys.get(archive) ?? []));
	return [...signers].every((key) => own.has(key)) ? vouching : [];
}
// src/judge/judge.ts
/**
* Judges one package. Pure: no clock, no I/O, no environment.
*
* Identity is the hash, never name and version. Where the hash of what the build used is known, that file alone is
* judged. Where it is not, the build may have used any file that an archive lists under the name: those of the used
* version must pass, and for every other one somebody must vouch.
*/
function judge(given) {
	const known = given.use.hash;
	const finding = known === void 0 ? judgeEveryFile(given) : judgeKnownFile(given, known.sha256);
	const { candidate, sha256, expected, vouchedBy } = finding;
	const hashFrom = known?.from ?? candidate?.listedIn;
	const architecture = given.use.kind === "source" ? "source" : given.use.architecture ?? candidate?.architecture;
	const elsewhere = mayBeFrom(given, finding);
	const ownWord = PASSING.has(finding.verdict) ? selfVouched(given) : [];
	return {
		use: given.use,
		verdict: finding.verdict,
		reason: finding.reason,
		evidence: finding.evidence,
		...candidate === void 0 ? {} : { archive: candidate.archive },
		...finding.verdict === "identical" ? vouchedForAll([finding]) : {},
		...sha256 === void 0 ? {} : { sha256 },
		...expected === void 0 || expected.length === 0 ? {} : { expected },
		...hashFrom === void 0 || sha256 === void 0 ? {} : { hashFrom },
		...vouchedBy === void 0 ? {} : { vouchedBy },
		...architecture === void 0 ? {} : { architecture },
		...ownWord.length === 0 ? {} : { selfVouched: ownWord },
		...known !== void 0 || elsewhere.length === 0 ? {} : { mayBeFrom: elsewhere }
	};
}
/** Who lists another file, which is not proven, that may have been used in place of the one that was found. */
function mayBeFrom({ candidates, others }, { verdict, sha256 }) {
	if (PASSING.has(verdict)) return [];
	const unproven = bySha256([...candidates, ...others]).filter(([hash, same]) => hash !== sha256 && !PASSING.has(judgeBytes(same).verdict));
	return [...new Set(unproven.flatMap(([, same]) => same.map(({ archive }) => archive)))].sort();
}
function judgeEveryFile(given) {
	const files = bySha256(given.candidates);
	const findings = files.map(([, listed]) => judgeFile(listed));
	const [worst] = [...findings].sort(bySeverity);
	if (worst === void 0) return judgeUnlisted(given);
	if (PASSING.has(worst.verdict)) return passOnlyByHash(given, passOnlyIfClear(given, judgeName(worst, [...given.candidates, ...given.others])));
	if (files.length === 1) return worst;
	const further = files.flatMap(([sha256]) => sha256 === worst.sha256 ? [] : [sha256]);
	return {
		...worst,
		reason: `${worst.reason} Ambiguous: ${shorten(further)} is listed under the same name and version too.`,
		evidence: findings.flatMap(({ evidence }) => evidence)
	};
}
/** Whichever file an unclear stanza lists, it may be the one that was used. */
function passOnlyIfClear({ unclear }, finding) {
	const [first] = unclear;
	if (first === void 0 || !PASSING.has(finding.verdict)) return finding;
	const { vouchedBy: _, vouchedAt: __, ...undecided } = finding;
	const reason = `Another file may be listed under this name: ${first}${unclear.length === 1 ? "" : ` ${unclear.length - 1} more indexes have such stanzas.`} Give the .debs or a list with hashes, or have that stanza written anew.`;
	return {
		...undecided,
		verdict: "undecided",
		reason
	};
}
function passOnlyByHash({ hashRequired }, finding) {
	if (!hashRequired || !PASSING.has(finding.verdict)) return finding;
	const { vouchedBy: _, vouchedAt: __, ...undecided } = finding;
	const reason = `No list states its SHA-256, and the policy asks for one (hashes: required): give the .deb, or a list with hashes. By name and version alone: ${finding.reason}`;
	return {
		...undecided,
		verdict: "undecided",
		reason
	};
}
function judgeKnownFile(given, sha256) {
	const files = given.candidates.filter((file) => file.sha256 === sha256);
	if (files.length > 0) return judgeFile(files);
	const { direct } = given;
	const listed = [...new Set(given.candidates.map((file) => file.sha256))].sort().join(", ");
	const notServed = listed === "" ? "No archive of the policy lists it" : `The archives list other bytes (${listed})`;
	switch (direct?.outcome) {
		case "identical": return {
			verdict: "identical",
			reason: `${notServed}, but ${direct.upstream} signed exactly these bytes.`,
			sha256,
			vouchedBy: [direct.archive],
			evidence: direct.evidence,
			...vouched(direct)
		};
		case "mismatch": return {
			verdict: "mismatch",
			reason: `${mismatchReason(sha256, direct)} ${notServed}.`,
			sha256,
			expected: otherHashes(direct.signed, sha256),
			evidence: direct.evidence
		};
	}
	const said = given.directRebuilds ?? /* @__PURE__ */ new Map();
	const rebuilt = [...said.values()].map((rebuilds) => weighRebuilds(sha256, rebuilds));
	const [first] = rebuilt;
	const open = rebuilt.find(({ outcome }) => outcome === "conflict") ?? rebuilt.find(({ outcome }) => outcome !== "enough");
	const word = open?.outcome === "insufficient" ? void 0 : open ?? first;
	if (word !== void 0) {
		const verdict = VERDICT_OF_REBUILDS[word.outcome];
		return {
			verdict,
			reason: `${notServed}. ${word.reason}`,
			sha256,
			expected: word.others,
			...verdict === "reproduced" ? { vouchedBy: [...said.keys()] } : {},
			evidence: word.evidence
		};
	}
	if (direct?.outcome === "undecided") return {
		verdict: "undecided",
		reason: `${notServed}. ${direct.why}`,
		sha256,
		evidence: []
	};
	const unlisted = judgeUnlisted(given);
	return {
		...unlisted,
		reason: `${unlisted.reason}${hintOf(direct)}`,
		sha256
	};
}
const VERDICT_OF_REBUILDS = {
	conflict: "mismatch",
	enough: "reproduced",
	unknown: "undecided",
	insufficient: "unproven"
};
function judgeUnlisted(given) {
	const { use, candidates, otherVersions } = given;
	const unread = [...given.unread, ...given.unclear];
	const versions = otherVersions.length === 0 ? "" : ` Listed versions: ${shorten(otherVersions)}.`;
	if (unread.length > 0) return {
		verdict: "undecided",
		reason: `No archive that could be read lists it; not read: ${shorten(unread)}.${versions}`,
		evidence: []
	};
	const other = [...new Set(candidates.map(({ sha256 }) => sha256))].sort();
	const reason = use.hash !== void 0 && other.length > 0 ? `No archive of the policy lists these bytes; under this name and version they list ${other.join(", ")}.` : `No archive of the policy lists it.${versions}`;
	const elsewhere = use.hash === void 0 ? mayBeFrom(given, { verdict: "unlisted" }) : [];
	return {
		verdict: "unlisted",
		reason: `${reason}${elsewhere.length === 0 ? "" : ` Nobody vouches for what ${shorten(elsewhere)} lists under this name, which may call itself by this version.`}`,
		evidence: candidates.flatMap(({ evidence }) => evidence)
	};
}
function shorten(items) {
	const shown = items.slice(0, 5).join(", ");
	return items.length > 5 ? `${shown} and ${items.length - 5} more` : shown;
}
// src/unproven/other-archives.ts
/** @param lists by folder, after all archives of the policy were read */
async function findOtherArchives(lists) {
	const found = [];
	for (const [folder, list] of lists) {
		const files = await othersOf(list);
		if (files.length > 0) found.push({
			folder,
			files
		});
	}
	return found;
}
/** Lists that cannot be read leave their archives unread, which is told there. */
async function othersOf(list) {
	try {
		return await list.others();
	} catch (error) {
		if (!(error instanceof DebproofError)) throw error;
		return [];
	}
}
// src/verify.ts
/**
* The main job: read the archives, locate each package, prove it identical or reproduced, judge it.
*
* Never throws for what archives and rebuilders do: what could not be found out is in the verdicts.
*
* @throws DebproofError POLICY for an in-toto layout that cannot be used
*/
async function verify(verification) {
	const { uses, policy, progress, downloads } = verification;
	const whole = verification.whole ?? uses;
	const { at } = policy;
	const kinds = [...whole.some(({ kind }) => kind === "binary") ? ["Packages"] : [], ...whole.some(({ kind }) => kind === "source") ? ["Sources"] : []];
	const comparing = policy.archives.some(({ servedByUpstream, served }) => !servedByUpstream || served.names !== void 0);
	const reader = new ArchiveReader({
		downloads,
		at,
		wanted: new WantedNames(whole.map(({ name }) => name)),
		kinds,
		remembered: rememberedReleases(policy, downloads),
		...comparing ? { files: "hashes" } : {},
		everyForm: whole.some(({ hash }) => hash === void 0)
	});
	progress("Reading the archives of the build");
	const lists = aptListsOf(policy, downloads);
	const archives = await Promise.all(policy.archives.map((archive) => readServed(archive, reader, lists.get(archive.aptLists ?? ""))));
	const tables = archives.map((reading) => ({
		reading,
		table: new ListingTable(reading.facts.listings)
	}));
	const otherArchives = kinds.includes("Packages") ? await findOtherArchives(lists) : [];
	progress("Locating the packages");
	const located = uses.flatMap((use) => tables.flatMap(({ reading, table }) => table.find(use, nativeOf(reading.archive)).map((listing) => ({
		use,
		reading,
		listing
	}))));
	const others = uses.flatMap((use) => tables.flatMap(({ reading, table }) => use.hash !== void 0 ? [] : table.others(use, nativeOf(reading.archive)).map((listing) => ({
		use,
		reading,
		listing
	}))));
	progress("Comparing with what the upstreams signed");
	const upstreams = new Upstreams({
		reader,
		downloads,
		progress
	});
	const proofs = await proveLocated(located, archives, upstreams);
	const proofsOfOthers = await proveOthers(others, proofs, archives, upstreams);
	const direct = await proveUnlocated(uses, located, archives, upstreams);
	if (policy.archives.some(({ rebuilders }) => rebuilders !== void 0)) progress("Asking the rebuilders");
	const askedOthers = [...groupByUse(others).values()].flatMap((group) => group.slice(0, 20));
	const keysDay = new Date(verification.keysDay === void 0 ? at : `${verification.keysDay}T00:00:00Z`);
	const proving = {
		downloads,
		at,
		keysAt: keysDay > at ? keysDay : at
	};
	const rebuilds = await proveReproduced([...located, ...askedOthers].filter(({ reading, use }) => mayDeliver(reading, use)), archives, new Map([...proofsOfOthers, ...proofs]), proving);
	const listsName = (reading, use) => mayDeliver(reading, use) && (tables.some((one) => one.reading === reading && one.table.versions(use).length > 0) || unclearOf(use, [reading]).length > 0);
	const directRebuilds = await proveUnlocatedReproduced(direct, archives, listsName, proving);
	const compared = comparing && kinds.includes("Packages") ? archives : [];
	if (compared.length > 0) progress("Comparing all files that the archives list");
	const unproven = /* @__PURE__ */ new Map();
	for (const reading of compared) {
		const files = await findUnproven(reading, archives, {
			...proving,
			upstreams,
			most: 100
		});
		if (files !== void 0) unproven.set(reading, files);
	}
	if (verification.deep) progress("Hashing the files in the pools");
	const pool = verification.deep ? await checkPools(located, downloads) : /* @__PURE__ */ new Map();
	progress("Judging");
	const unread = archives.flatMap(({ archive, facts }) => facts.failures.map(({ what }) => `${archive.name} ${what}`));
	const candidates = groupByUse(located);
	const sameName = groupByUse(others);
	const ownKeys = new Map(policy.archives.map((archive) => [archive.name, archive.ownKeys]));
	const { packages, exceptions } = applyExceptions(uses.map((use) => {
		const files = (candidates.get(use) ?? []).map((found) => toCandidate(found, {
			proofs,
			rebuilds,
			pool
		}));
		const proof = direct.get(use);
		const said = directRebuilds.get(use);
		return judge({
			use,
			candidates: files,
			others: (sameName.get(use) ?? []).map((found) => toCandidate(found, {
				proofs: proofsOfOthers,
				rebuilds,
				pool
			})),
			hashRequired: verification.hashesRequired || policy.hashesRequired,
			unread,
			unclear: unclearOf(use, archives),
			ownKeys,
			otherVersions: files.length > 0 ? [] : versionsOf(use, tables),
			...proof === void 0 ? {} : { direct: proof },
			...said === void 0 ? {} : { directRebuilds: said }
		});
	}), policy.exceptions, at);
	return {
		verdict: combineVerdicts(packages, {
			unread: unread.length > 0 || otherArchives.length > 0 && policy.otherArchives.action === "fail",
			refused: archives.map((reading) => {
				const files = reading.archive.unprovenFiles === "fail" ? unproven.get(reading) : void 0;
				return files === void 0 ? "none" : refusalOf(files, reading.facts.failures.length === 0);
			}),
			isPart: verification.whole !== void 0
		}),
		counts: countVerdicts(packages),
		packages,
		exceptions,
		archives,
		unproven,
		otherArchives,
		upstreams: upstreams.asked()
	};
}
/** One for each folder of apt's lists: it knows which of its files were read. */
function aptListsOf({ archives }, downloads) {
	const folders = archives.flatMap(({ aptLists }) => aptLists === void 0 ? [] : [aptLists]);
	return new Map(folders.map((folder) => [folder, new AptLists(folder, downloads)]));
}
/** What these archives list under a name that not everybody reads alike: a text for each index. */
function unclearOf({ kind, name }, archives) {
	return archives.flatMap(({ archive, facts }) => facts.unclear.filter((one) => one.kind === kind && one.name === name).map((one) => `${archive.name}: ${describeUnclear(one)}`));
}
function mayDeliver({ archive }, { name }) {
	return archive.served.names?.allow(name) ?? true;
}
async function checkPools(located, downloads) {
	const checks = /* @__PURE__ */ new Map();
	for (const { listing, reading } of located) if (!checks.has(listing)) checks.set(listing, checkPool(downloads, reading.archive.served.area.base, listing.entry));
	return new Map(await Promise.all([...checks].map(async ([listing, check]) => [listing, await check])));
}
function toCandidate({ use, reading, listing }, { proofs, rebuilds, pool }) {
	const { archive } = reading;
	const { entry } = listing;
	const check = pool.get(listing);
	const said = rebuilds.get(listing);
	return {
		sha256: entry.file.sha256,
		version: entry.version,
		architecture: entry.kind === "binary" ? entry.architecture : "source",
		archive: archive.name,
		require: archive.require,
		mayDeliver: mayDeliver(reading, use),
		listedIn: archive.aptLists === void 0 ? "archive" : "apt-lists",
		evidence: listing.evidence,
		proof: proofs.get(listing) ?? { outcome: "unproven" },
		...said === void 0 ? {} : { rebuilds: said },
		...check === void 0 ? {} : { pool: check }
	};
}
function groupByUse(located) {
	const groups = /* @__PURE__ */ new Map();
	for (const found of located) {
		const group = groups.get(found.use);
		if (group === void 0) groups.set(found.use, [found]);
		else group.push(found);
	}
	return groups;
}
function versionsOf(use, tables) {
	return [...new Set(tables.flatMap(({ table }) => table.versions(use)))];
}
// src/derive.ts
/** Verifies the packages and says what was found: the same inputs and the same downloads give the same report. */
async function deriveReport({ policy, lists, images, release, shard, run, hashesRequired, keysDay }, downloads, progress) {
	const all = mergePackageUses(lists);
	return makeReport(await verify({
		uses: shard === void 0 ? all : partOf(all, shard),
		policy,
		downloads,
		deep: run.deep,
		hashesRequired,
		progress,
		...shard === void 0 ? {} : { whole: all },
		...keysDay === void 0 ? {} : { keysDay }
	}), {
		...release === void 0 ? {} : { release },
		at: policy.at,
		policy,
		run,
		hashesRequired: hashesRequired || policy.hashesRequired,
		...keysDay === void 0 ? {} : { keysDay },
		lists,
		images,
		...shard === void 0 ? {} : { shard: {
			...shard,
			total: all.length
		} }
	});
}
// src/net/kept-chunks.ts
/**
* The bytes of a file of evidence that was kept before.
*
* @param code for a file that somebody took away meanwhile: OUTPUT in a run, EVIDENCE where it is rechecked
* @throws DebproofError with that code
*/
async function* keptChunks(file, code) {
	try {
		yield* createReadStream(file);
	} catch (error) {
		if (systemErrorCode(error) === void 0) throw error;
		throw new DebproofError(code, `The evidence ${file} was there and cannot be read any more`, { cause: error });
	}
}
// src/net/outcome.ts
function keyOf(url, look) {
	return `${look} ${url.href}`;
}
function failureOf(error) {
	return {
		code: error.code,
		message: error.message,
		cause: error.cause === void 0 ? null : describeError(error.cause),
		status: error instanceof RequestRefusedError ? error.status : null
	};
}
/** The error that was recorded, as far as anybody looks at it. */
function errorOf({ code, message, cause, status = null }) {
	if (status !== null) return new RequestRefusedError(message, status);
	return new DebproofError(code, message, cause === null ? {} : { cause: new Error(cause) });
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
	of: number(),
	plan: optional(string())
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
		clock: optional(picklist(["option", "now"])),
		/** By which the last days of public keys were judged, where not by `at`. */
		keysDay: optional(pipe(string(), isoDate())),
		environment: record(string(), string()),
		offline: boolean(),
		deep: boolean(),
		hashesRequired: optional(boolean()),
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
	const json = jsonOf(bytes, name);
	const result = safeParse(union([runIndexSchema, mergedIndexSchema]), json);
	if (result.success) {
		if (!Buffer.from(`${JSON.stringify(json, null, 1)}\n`).equals(bytes)) throw new DebproofError("EVIDENCE", `${name} is not written as debproof writes an index.`);
		return result.output;
	}
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
// src/evidence/keyrings-of.ts
/** All OpenPGP keyrings that a policy trusts for anything. */
function keyringsOf({ archives }) {
	return archives.flatMap(({ served, upstreams, rebuilders }) => [
		served.keyring,
		...upstreams.map(({ keyring }) => keyring),
		...(rebuilders?.parties ?? []).flatMap(({ keyring }) => keyring ?? []),
		...rebuilders?.layout === void 0 ? [] : [rebuilders.layout.owner]
	]);
}
// src/evidence/for-gpgv.ts
/** The certificates of all who signed something that a verdict rests on. Sorted. */
function certificatesFor(policy, evidence) {
	const signers = new Set(Object.values(evidence).flatMap((file) => file.signers));
	return mergeCertificates(keyringsOf(policy).flatMap(({ certificates }) => certificates)).map((certificate) => ({
		fingerprint: certificate.getFingerprint().toUpperCase(),
		bytes: certificate.write()
	})).filter(({ fingerprint }) => signers.has(fingerprint)).sort((a, b) => a.fingerprint < b.fingerprint ? -1 : 1);
}
/**
* The links of in-toto 0.9, whose OpenPGP signatures only its own libraries read, once more in a form for gpgv.
* @param read gives a file of the evidence by its SHA-256
*/
async function gpgvForms(evidence, read) {
	const forms = [];
	for (const [name, { kind, url }] of Object.entries(evidence)) {
		if (kind !== "in-toto-link") continue;
		const document = name.slice(7);
		try {
			forms.push({
				document,
				...detachedForm({
					url: new URL(url),
					bytes: await read(document)
				})
			});
		} catch (error) {
			if (!isDebproofError(error, "STATEMENT")) throw error;
		}
	}
	return forms;
}
/**
* Compares what an index names for gpgv with what its policy and its evidence give: whoever checks a report without
* this program rests on it.
*
* @throws DebproofError EVIDENCE
*/
async function compareForms({ keys, signed }, policy, evidence, read) {
	const ownKeys = certificatesFor(policy, evidence).map(({ fingerprint, bytes }) => [fingerprint, sha256Of(bytes)]);
	if (!isDeepStrictEqual(ownKeys, keys.map(({ fingerprint, sha256 }) => [fingerprint, sha256]))) throw new DebproofError("EVIDENCE", "Its certificates (keys) are not those by which the policy trusts who signed.");
	const own = (await gpgvForms(evidence, read)).map(({ document, text, signature }) => [
		document,
		sha256Of(text),
		sha256Of(signature)
	]);
	if (!isDeepStrictEqual(own, signed.map(({ document, text, signature }) => [
		document,
		text,
		signature
	]))) throw new DebproofError("EVIDENCE", "Its links for gpgv (signed) are not the links of in-toto that it holds.");
}
// src/policy/public-keys-clock.ts
/** The last days (`until`) of the public keys that the policy pins for its rebuilders, `YYYY-MM-DD` in UTC. */
function lastDaysOf({ archives }) {
	return archives.flatMap(({ rebuilders }) => rebuilders?.parties ?? []).flatMap(({ publicKeys }) => publicKeys.map(({ until }) => until)).filter((until) => until !== void 0);
}
/**
* The day by which the last days of public keys are judged, where that is not the clock's own: what such a key signs has
* no date that a certificate could be held against, so it counts only while the key does. Whoever turns the clock back
* must not bring back a key that was given up.
*
* It is the first day on which all of these keys were over that are over by now, and not the present day: the same inputs
* give the same report until another one is.
*
* @param now the real time of the run
*/
function publicKeysDay(lastDays, at, now) {
	const [clock, today] = [dayOf(at), dayOf(now)];
	const last = lastDays.filter((until) => until >= clock && until < today).sort().at(-1);
	if (last === void 0) return void 0;
	const next = /* @__PURE__ */ new Date(`${last}T00:00:00Z`);
	next.setUTCDate(next.getUTCDate() + 1);
	return dayOf(next);
}
function dayOf(time) {
	return time.toISOString().slice(0, 10);
}
// src/report/surroundings.ts
/** What counts for the verdict beside the packages, as a report states it. */
function surroundingsOf({ archives, otherArchives, shard }) {
	return {
		unread: archives.some(({ unread }) => unread.length > 0) || otherArchives?.action === "fail",
		refused: archives.map(({ unproven, unread }) => unproven?.action === "fail" ? refusalOf(unproven, unread.length === 0) : "none"),
		isPart: shard !== void 0
	};
}
export { ADVICE as A, countSelfVouched as B, remainingTrust as C, describeStates as D, removeBundle as E, packagesToLookAt as F, unreadParts as I, otherArchiveLines as L, archiveNotes as M, headline as N, signedStates as O, nameOf as P, unprovenLines as R, serializeReport as S, bundleFiles as T, selfVouchedTrust as V, combineVerdicts as _, compareForms as a, byIdentity as b, POLICY as c, serializeIndex as d, errorOf as f, deriveReport as g, keptChunks as h, certificatesFor as i, ATTENTION as j, toldClock as k, filesOf as l, keyOf as m, lastDaysOf as n, gpgvForms as o, failureOf as p, publicKeysDay as r, keyringsOf as s, surroundingsOf as t, parseIndex as u, countVerdicts as v, BUNDLE_FOLDER as w, joinSigners as x, asWritten as y, unprovenSentence as z };
