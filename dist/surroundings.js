import { a as systemErrorCode, n as ERROR_CODES, t as DebproofError, x as MAX_BUNDLE_INDEX, xt as MAX_SHARDS } from "./errors.js";
import { t as STATEMENT_TYPE } from "./statement-type.js";
import { C as record, D as strictObject, E as safeParse, _ as number, b as picklist, c as isoDate, d as maxLength, g as nullable, j as union, k as string, l as isoTimestamp, m as minValue, n as boolean, o as integer, p as minLength, t as array, u as literal, w as regex, x as pipe, y as optional } from "./dist.js";
import { t as TOOL } from "./tool.js";
import { S as sha256Of } from "./shipped-keys.js";
import { t as PREDICATE_TYPE } from "./report-schema.js";
import { readdir, rm } from "node:fs/promises";
import path from "node:path";
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
const SHOWN = 10;
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
	const named = files.slice(0, SHOWN).map((file) => `${file.name} ${file.version} ${file.architecture} (${file.sha256 ?? "without a SHA-256 of its own"})`);
	const more = count > named.length ? ` and ${count - named.length} more` : "";
	return `: ${named.join(", ")}${more}`;
}
/** The files among apt's lists that no archive of the policy reads. */
function otherArchiveLines({ otherArchives }) {
	if (otherArchives === void 0) return [];
	const { action, reason, found } = otherArchives;
	const rule = action === "ignore" ? `ignored by the policy: ${reason ?? "it gives no reason"}` : "name their archive, suite, component and architecture in the policy, or say there why they do not matter (other-archives)";
	return found.map(({ folder, files }) => {
		const more = files.length > SHOWN ? ` and ${files.length - SHOWN} more` : "";
		return `${folder}: the build's apt also saw ${files.slice(0, SHOWN).join(", ")}${more}; ${rule}`;
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
		return await readdir(folder);
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
// src/report/surroundings.ts
/** What counts for the verdict beside the packages, as a report states it. */
function surroundingsOf({ archives, otherArchives, shard }) {
	return {
		unread: archives.some(({ unread }) => unread.length > 0) || otherArchives?.action === "fail",
		refused: archives.map(({ unproven, unread }) => unproven?.action === "fail" ? refusalOf(unproven, unread.length === 0) : "none"),
		isPart: shard !== void 0
	};
}
export { unprovenLines as A, ATTENTION as C, packagesToLookAt as D, nameOf as E, countSelfVouched as M, selfVouchedTrust as N, unreadParts as O, ADVICE as S, headline as T, bundleFiles as _, serializeIndex as a, signedStates as b, refusalOf as c, byIdentity as d, joinSigners as f, BUNDLE_FOLDER as g, remainingTrust as h, parseIndex as i, unprovenSentence as j, otherArchiveLines as k, PASSING as l, serializeReport as m, POLICY as n, combineVerdicts as o, makeReport as p, filesOf as r, countVerdicts as s, surroundingsOf as t, asWritten as u, removeBundle as v, archiveNotes as w, toldClock as x, describeStates as y };
