import { a as systemErrorCode, ht as MAX_REPORT, i as isDebproofError, k as MAX_DETACHED_SIGNATURE, r as describeError, t as DebproofError } from "./errors.js";
import { M as countSelfVouched, d as byIdentity, f as joinSigners, h as remainingTrust, m as serializeReport, o as combineVerdicts, s as countVerdicts, t as surroundingsOf } from "./surroundings.js";
import { E as safeParse, a as getDotPath, s as is } from "./dist.js";
import { t as TOOL } from "./tool.js";
import { i as shardOfName, t as formatShard } from "./shard.js";
import { p as signatureBlocks, y as verifySignatures } from "./shipped-keys.js";
import { n as reportSchema } from "./report-schema.js";
import { isDeepStrictEqual } from "node:util";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
// src/parts/check-part.ts
/**
* Holds one report to what it must be as a part: of this program, of its own packages, and true to itself.
* @throws DebproofError USAGE, naming the folder
*/
function checkPart(folder, report) {
	const refused = (problem, advice) => new DebproofError("USAGE", `The report in ${folder} ${problem}: ${advice}.`);
	const again = "make it again with `debproof verify --shard`";
	const { shard, tool, counts, verdict, packages, archives, trust } = report.predicate;
	if (shard === void 0) throw refused("is not that of a part", "leave it out, or make it with --shard");
	if (shard.index > shard.of || shard.of > 1e3) throw refused(`says that it is ${formatShard(shard)}`, again);
	if (tool.name !== TOOL.name || tool.version !== TOOL.version) throw refused(`was made by ${tool.name} ${tool.version}, and this is ${TOOL.version}`, "make and merge all parts with one version");
	const foreign = packages.find(({ name }) => shardOfName(name, shard.of) !== shard.index);
	if (foreign !== void 0) throw refused(`judges ${foreign.name}, which is not in part ${formatShard(shard)}`, again);
	if (!isDeepStrictEqual(counts, countVerdicts(packages))) throw refused("counts its packages wrongly", again);
	const own = combineVerdicts(packages, surroundingsOf(report.predicate));
	if (verdict !== own) throw refused(`says ${verdict} where its packages say ${own}`, again);
	if (!isDeepStrictEqual(archives, countSelfVouched(archives, packages))) throw refused("counts wrongly what rests on the word of its own archive", again);
	if (!isDeepStrictEqual(trust, remainingTrust(report.predicate))) throw refused("says other things of what has to be trusted than its packages do", again);
	return {
		folder,
		report,
		shard
	};
}
/**
* The parts in their order, where they are all parts of one verification and none is missing.
* @throws DebproofError USAGE, naming the folders
*/
function checkParts(parts) {
	const [first] = parts;
	if (first === void 0) throw new DebproofError("USAGE", "There is no part to merge.");
	for (const part of parts.slice(1)) refuseForeign(first, part);
	const byIndex = /* @__PURE__ */ new Map();
	for (const part of parts) {
		const other = byIndex.get(part.shard.index);
		if (other !== void 0) {
			const both = `${other.folder} and ${part.folder}`;
			throw new DebproofError("USAGE", `${both} are both part ${formatShard(part.shard)}: leave out one of them.`);
		}
		byIndex.set(part.shard.index, part);
	}
	const { of, total } = first.shard;
	const ordered = Array.from({ length: of }, (_, index) => byIndex.get(index + 1));
	const missing = ordered.flatMap((part, index) => part === void 0 ? [index + 1] : []);
	if (missing.length > 0) {
		const named = missing.length === 1 ? `part ${missing[0]} is` : `parts ${shorten(missing)} are`;
		throw new DebproofError("USAGE", `Of ${of} parts ${named} missing: name the folder of every part.`);
	}
	const found = parts.reduce((sum, { report }) => sum + report.predicate.packages.length, 0);
	if (found !== total) throw new DebproofError("USAGE", `The parts have ${found} packages together and say that there are ${total}: make all of them again.`);
	return ordered.filter((part) => part !== void 0);
}
/** What must be the same in all parts, each with how it is called and how it is mended. */
const COMMON = [
	[
		"number of parts",
		"give every part the same N in --shard i/N",
		({ shard }) => shard.of
	],
	[
		"policy",
		"verify every part with the same policy file",
		({ report }) => report.predicate.policy
	],
	[
		"rule for hashes",
		"give every part the same --require-hashes",
		({ report }) => report.predicate.hashes
	],
	[
		"release",
		"give every part the same --release",
		({ report }) => report.predicate.release
	],
	[
		"clock",
		"give every part the same --at; without it each machine takes its own present time",
		({ report: { predicate } }) => [predicate.at, predicate.clock]
	],
	[
		"day for public keys",
		"the last day of one passed between them, so make all parts again",
		({ report }) => report.predicate.keysDay
	],
	[
		"package lists",
		"give every part all package lists",
		({ report }) => report.predicate.lists
	],
	[
		"number of packages in all",
		"give every part all package lists",
		({ shard }) => shard.total
	],
	[
		"subjects",
		"give every part the same --image",
		({ report }) => report.subject
	],
	[
		"archives",
		"give every part the same variables that the policy puts into places and keys",
		({ report }) => report.predicate.archives.map(({ unread, notes, unproven, selfVouched, ...fixed }) => [fixed, selfVouched?.keys])
	],
	[
		"exceptions",
		"verify every part with the same policy file",
		({ report }) => report.predicate.exceptions.map(({ status, packages, unexcused, ...fixed }) => fixed)
	]
];
function refuseForeign(first, part) {
	for (const [what, advice, of] of COMMON) {
		if (isDeepStrictEqual(of(first), of(part))) continue;
		throw new DebproofError("USAGE", `The report in ${part.folder} has not the same ${what} as that in ${first.folder}: ${advice}.`);
	}
}
function shorten(numbers) {
	return numbers.length > 10 ? `${numbers.slice(0, 10).join(", ")} and ${numbers.length - 10} more` : numbers.join(", ");
}
// src/parts/merge-reports.ts
/**
* The report that one run over all packages would have made, but for its evidence bundle. Pure.
*
* @param parts all parts of one verification, in their order: what checkParts gives
* @param bundle the evidence of all parts; null where there is none
* @throws DebproofError USAGE where the parts contradict each other about a file of evidence
*/
function mergeReports(parts, bundle) {
	const predicates = parts.map(({ report }) => report.predicate);
	const model = parts.find(({ report }) => report.predicate.upstreams !== void 0) ?? parts[0];
	if (model === void 0) throw new Error("there is at least one part");
	const { shard: _, unsigned: __, otherArchives: ___, ...whole } = model.report.predicate;
	const rest = {
		...whole,
		...mergeOthers(predicates)
	};
	const packages = predicates.flatMap((part) => part.packages).sort(byIdentity);
	const read = rest.archives.map((archive, index) => ({
		...archive,
		...mergeUnproven(predicates.map((part) => part.archives[index]?.unproven)),
		unread: union(predicates.map((part) => part.archives[index]?.unread ?? [])),
		notes: union(predicates.map((part) => part.archives[index]?.notes ?? []))
	}));
	const archives = countSelfVouched(read, packages);
	const upstreams = predicates.map((part) => part.upstreams ?? []);
	return {
		...model.report,
		predicate: {
			...rest,
			verdict: combineVerdicts(packages, surroundingsOf({
				...rest,
				archives
			})),
			counts: countVerdicts(packages),
			archives,
			...rest.upstreams === void 0 ? {} : { upstreams: mergeUpstreams(upstreams) },
			exceptions: rest.exceptions.map((exception, index) => mergeException(exception, index, predicates)),
			packages,
			evidence: mergeEvidenceNames(parts),
			bundle,
			trust: remainingTrust({
				...rest,
				packages,
				archives
			})
		}
	};
}
/**
* Each part compares the whole archive, and comes to the same unless the archive or its upstream changed in between:
* then the one that found most counts.
*/
function mergeUnproven(found) {
	const [most] = found.filter((one) => one !== void 0).sort((a, b) => b.count - a.count || b.listed - a.listed);
	return most === void 0 ? {} : { unproven: most };
}
/** What any part found among apt's lists that no archive of the policy reads: what to make of it says the policy. */
function mergeOthers(predicates) {
	const all = predicates.flatMap(({ otherArchives }) => otherArchives ?? []);
	const [first] = all;
	if (first === void 0) return {};
	const found = all.flatMap((one) => one.found);
	const folders = [...new Set(found.map(({ folder }) => folder))];
	return { otherArchives: {
		...first,
		found: folders.map((folder) => {
			const own = found.filter((one) => one.folder === folder);
			return {
				folder,
				files: [...new Set(own.flatMap(({ files }) => files))].sort()
			};
		})
	} };
}
/** Used where any part used it. Whether it is expired is a matter of the clock, which is the same. */
function mergeException(exception, index, predicates) {
	const packages = predicates.reduce((sum, part) => sum + (part.exceptions[index]?.packages ?? 0), 0);
	const status = exception.status === "expired" ? "expired" : packages > 0 ? "used" : "unused";
	const { unexcused: _, ...others } = exception;
	const unexcused = [...new Set(predicates.flatMap((part) => part.exceptions[index]?.unexcused ?? []))].sort();
	return {
		...others,
		status,
		packages,
		...unexcused.length === 0 ? {} : { unexcused }
	};
}
/** Each part asks the upstreams until its own packages are proven: all of them together asked what one run asks. */
function mergeUpstreams(parts) {
	return [...new Set(parts.flat().map(({ name }) => name))].sort().map((name) => {
		const own = parts.flat().filter((upstream) => upstream.name === name);
		return {
			name,
			unread: union(own.map(({ unread }) => unread)),
			notes: union(own.map(({ notes }) => notes))
		};
	});
}
/**
* What is said of a file that several packages rest on is said by the last of them, as in one run; its signers and
* parties are all that anybody found.
*/
function mergeEvidenceNames(parts) {
	const found = /* @__PURE__ */ new Map();
	for (const { folder, report } of parts) {
		const { packages, evidence } = report.predicate;
		const lasts = new Map(packages.flatMap((item) => item.evidence.map((name) => [name, item.name])));
		for (const [name, file] of Object.entries(evidence)) {
			const last = lasts.get(name) ?? "";
			const other = found.get(name);
			if (other !== void 0 && other.evidence.size !== file.size) throw new DebproofError("USAGE", `The report in ${folder} says another size of ${name} than other parts do.`);
			if (other === void 0) found.set(name, {
				last,
				evidence: file
			});
			else if (last < other.last) found.set(name, {
				last: other.last,
				evidence: joined(file, other.evidence)
			});
			else found.set(name, {
				last,
				evidence: joined(other.evidence, file)
			});
		}
	}
	const sorted = [...found].sort(([a], [b]) => a < b ? -1 : 1);
	return Object.fromEntries(sorted.map(([name, { evidence }]) => [name, evidence]));
}
function joined(one, other) {
	return {
		...other,
		...joinSigners(one, other)
	};
}
/** All items of several lists, each once, in the order in which they first occur. */
function union(lists) {
	return [...new Map(lists.flat().map((item) => [JSON.stringify(item), item])).values()];
}
// src/report/read-report.ts
/**
* Reads `report.json` and `report.json.asc` from an output folder of `verify`: the signature first, over exactly the
* bytes of the file, and then the report.
*
* @param keyring whose keys may have signed it
* @param now the real time: reports are signed by the machine's clock, not by that of the verdicts
* @throws DebproofError USAGE, naming the folder, for a report that is missing, not signed by these keys, or malformed
*/
async function readSignedReport(folder, keyring, now) {
	const file = path.join(folder, "report.json");
	const bytes = await readLimited(file, MAX_REPORT);
	if (bytes === void 0) throw noReport(folder);
	const signature = await readLimited(`${file}.asc`, MAX_DETACHED_SIGNATURE);
	if (signature === void 0) throw new DebproofError("USAGE", `The report in ${folder} is not signed: there is no report.json.asc. Make it again with --signing-key.`);
	const signers = await signersOf(file, bytes, signature, keyring, now);
	return {
		report: parseReport(file, bytes),
		bytes,
		signers
	};
}
/**
* Reads a report of which nobody asks who wrote it.
* @throws DebproofError USAGE
*/
async function readUnsignedReport(folder) {
	const file = path.join(folder, "report.json");
	const bytes = await readLimited(file, MAX_REPORT);
	if (bytes === void 0) throw noReport(folder);
	return parseReport(file, bytes);
}
function noReport(folder) {
	return new DebproofError("USAGE", `There is no report.json in ${folder}: name the output folder of \`verify\`.`);
}
async function signersOf(file, bytes, signature, keyring, now) {
	const clock = new Date(now.getTime() + 1e4);
	try {
		const blocks = signatureBlocks(signature, "report.json.asc");
		return await verifySignatures({
			text: bytes,
			blocks
		}, keyring, clock);
	} catch (error) {
		if (!isDebproofError(error, "RELEASE_UNTRUSTED", "RELEASE_MALFORMED", "TOO_LARGE")) throw error;
		throw new DebproofError("USAGE", `${file} is not signed by a key that --signed-by names, and is not believed: ${error.message}`, { cause: error.cause });
	}
}
/** Its items stay in the order of the file, so that it can be written again byte for byte. */
function parseReport(file, bytes) {
	let text;
	let json;
	try {
		text = new TextDecoder("utf-8", {
			fatal: true,
			ignoreBOM: true
		}).decode(bytes);
		json = JSON.parse(text);
	} catch (error) {
		throw new DebproofError("USAGE", `${file} is no report: it is not JSON (${describeError(error)}).`);
	}
	if (!is(reportSchema, json)) {
		const [issue] = safeParse(reportSchema, json).issues ?? [];
		const where = issue === void 0 ? "" : ` ${getDotPath(issue)?.slice(0, 200) ?? ""}: ${issue.message.slice(0, 200)}`;
		throw new DebproofError("USAGE", `${file} is no report of this version of debproof:${where}. Make it again with the version that reads it.`);
	}
	if (text !== Buffer.from(serializeReport(json)).toString("utf8")) throw new DebproofError("USAGE", `${file} is not written as debproof writes reports. Make it again.`);
	return json;
}
/** Undefined where there is no such file. */
async function readLimited(file, limit) {
	try {
		const found = await stat(file);
		if (!found.isFile()) throw new DebproofError("USAGE", `${file} is not a file.`);
		if (found.size > limit) throw new DebproofError("USAGE", `${file} is larger than the ${limit} bytes that it may have.`);
		return await readFile(file);
	} catch (error) {
		if (error instanceof DebproofError) throw error;
		if (["ENOENT", "ENOTDIR"].includes(systemErrorCode(error) ?? "")) return void 0;
		throw new DebproofError("USAGE", `${file} cannot be read`, { cause: error });
	}
}
export { checkParts as a, checkPart as i, readUnsignedReport as n, mergeReports as r, readSignedReport as t };
