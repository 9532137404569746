import { a as systemErrorCode, i as isDebproofError, nt as MAX_PACKAGE_FILE, r as describeError, t as DebproofError, tt as MAX_PACKAGE_EXCESS } from "./errors.js";
import { c as refusalOf, l as PASSING, o as combineVerdicts, p as makeReport, s as countVerdicts } from "./surroundings.js";
import { r as partOf } from "./shard.js";
import { t as mergePackageUses } from "./merge.js";
import { A as WantedNames } from "./policy-schema.js";
import { r as urlBelow } from "./release.js";
import { t as AptLists } from "./apt-lists.js";
import { d as ArchiveReader } from "./strict-json.js";
import { c as Upstreams, d as proveLocated, f as proveOthers, h as nativeOf, i as proveUnlocatedReproduced, l as rememberedReleases, m as ListingTable, o as readServed, p as proveUnlocated, r as proveReproduced, s as weighRebuilds, t as findUnproven } from "./find-unproven.js";
import { o as RequestRefusedError } from "./read-list.js";
import { createReadStream } from "node:fs";
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
	const first = await look(downloads, url, file, 1);
	if (first.outcome !== "different") return first;
	const second = await look(downloads, url, file, 2);
	if (second.outcome === "different" && second.why === first.why) return first;
	const then = second.outcome === "same" ? "A second look found what the index says." : second.why;
	return {
		outcome: "unread",
		why: `${first.why} It was not so again: ${then}`
	};
}
async function look(downloads, url, file, number) {
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
	if (PASSING.has(worst.verdict)) return passOnlyByHash(given, judgeName(worst, [...given.candidates, ...given.others]));
	if (files.length === 1) return worst;
	const further = files.flatMap(([sha256]) => sha256 === worst.sha256 ? [] : [sha256]);
	return {
		...worst,
		reason: `${worst.reason} Ambiguous: ${shorten(further)} is listed under the same name and version too.`,
		evidence: findings.flatMap(({ evidence }) => evidence)
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
	const { use, candidates, unread, otherVersions } = given;
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
	const listsName = (reading, use) => mayDeliver(reading, use) && tables.some((one) => one.reading === reading && one.table.versions(use).length > 0);
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
async function deriveReport({ policy, lists, images, release, shard, deep, hashesRequired, keysDay }, downloads, progress) {
	const all = mergePackageUses(lists);
	const result = await verify({
		uses: shard === void 0 ? all : partOf(all, shard),
		policy,
		downloads,
		deep,
		hashesRequired,
		progress,
		...shard === void 0 ? {} : { whole: all },
		...keysDay === void 0 ? {} : { keysDay }
	});
	return makeReport(result, {
		...release === void 0 ? {} : { release },
		at: policy.at,
		policy,
		hashesRequired: hashesRequired || policy.hashesRequired,
		...keysDay === void 0 ? {} : { keysDay },
		lists,
		images,
		...shard === void 0 ? {} : { shard: {
			index: shard.index,
			of: shard.of,
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
export { keyOf as a, failureOf as i, publicKeysDay as n, keptChunks as o, errorOf as r, deriveReport as s, lastDaysOf as t };
