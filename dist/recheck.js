import { a as parseFingerprint, i as parseArchitecture, s as parseSha256 } from "./deb822.js";
import { B as countSelfVouched, C as remainingTrust, S as serializeReport, _ as combineVerdicts, a as compareForms, b as byIdentity, c as POLICY, f as errorOf, g as deriveReport, h as keptChunks, l as filesOf, m as keyOf, n as lastDaysOf, s as keyringsOf, t as surroundingsOf, u as parseIndex, v as countVerdicts, w as BUNDLE_FOLDER, x as joinSigners, y as asWritten } from "./surroundings.js";
import { K as MAX_KEYRING, a as systemErrorCode, bt as MAX_REPORT, ct as MAX_PLAN_SPREAD, i as isDebproofError, j as MAX_DETACHED_SIGNATURE, r as describeError, t as DebproofError, x as MAX_BUNDLE_INDEX } from "./errors.js";
import { D as sha256Of, a as readCertificates, g as signatureBlocks, i as Keyring, s as filesOnDisk, u as namedFiles, x as verifySignatures } from "./shipped-keys.js";
import { f as limited, p as digestOf } from "./formats.js";
import { u as withOwnKeys } from "./policy-schema.js";
import { r as mergeReferences, t as readPolicy } from "./read-policy.js";
import { i as systemHash, t as SYSTEM_RULES } from "./system-record.js";
import { t as readFileUpTo } from "./read-file-up-to.js";
import { i as Downloads, n as readKeptList } from "./read-list.js";
import { n as USER_AGENT, t as TOOL } from "./tool.js";
import { o as shardOfName, t as formatShard } from "./shard.js";
import { D as safeParse, a as getDotPath, s as is } from "./dist.js";
import { n as reportSchema } from "./report-schema.js";
import { createReadStream } from "node:fs";
import path from "node:path";
import { readFile, readdir as readdir$1, stat } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
// src/parts/check-part.ts
/**
* Holds one report to what it must be as a part: of this program, of its own packages, and true to itself.
* @throws DebproofError USAGE, naming the folder
*/
function checkPart(folder, report) {
	const refused = (problem, advice) => new DebproofError("USAGE", `The report in ${folder} ${problem}: ${advice}.`);
	const again = "make it again with `debproof verify --shard`";
	const { shard, run, tool, counts, verdict, packages, archives, trust } = report.predicate;
	if (shard === void 0) throw refused("is not that of a part", "leave it out, or make it with --shard");
	if (shard.index > shard.of || shard.of > 1e3) throw refused(`says that it is ${formatShard(shard)}`, again);
	if (shard.plan === void 0) throw refused("is of no plan", `${again} and --plan-id: with the id of \`debproof plan\`, the same for all parts`);
	if (run === void 0) throw refused("does not say how it was made", again);
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
		shard: {
			...shard,
			plan: shard.plan
		}
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
/** What is said of each part's own packages, or by whoever judged them, and may differ. Everything else may not. */
function commonOf({ report: { predicate, ...statement }, shard }) {
	const { verdict, counts, packages, evidence, upstreams, otherArchives, trust, bundle, unsigned, ...given } = predicate;
	const { run, archives, exceptions, clock, at, ...others } = given;
	const { index, ...planned } = shard;
	const fixed = {
		...statement,
		...planned,
		...others,
		clock: [at, clock],
		...Object.fromEntries(Object.entries(run ?? {}).map(([name, value]) => [`run.${name}`, value])),
		archives: archives.map(({ unread, notes, unproven, selfVouched, ...one }) => [one, selfVouched?.keys]),
		exceptions: exceptions.map(({ status, packages: excused, unexcused, ...one }) => one)
	};
	return new Map(Object.entries(fixed).filter(([name]) => name !== "shard"));
}
/** What they are called in which parts may not differ, and how that is mended. */
const DIFFERENCES = {
	of: ["number of parts", "give every part the same N in --shard i/N"],
	plan: ["plan", "one is of an earlier run: merge parts that were made with one --plan-id, or make all of them again"],
	policy: ["policy", "verify every part with the same policy file"],
	"run.system": ["source of its policy", "make every part with --system, or none"],
	"run.offline": ["use of the network", "make every part with --offline, or none"],
	"run.deep": ["depth", "make every part with --deep, or none"],
	"run.variables": ["variables of the policy", "set the same environment variables for every part"],
	"run.files": ["keys", "give every part the same files that the policy names"],
	hashes: ["rule for hashes", "give every part the same --require-hashes"],
	release: ["release", "give every part the same --release"],
	clock: ["clock", "give every part the same --at; without it each machine takes its own present time"],
	keysDay: ["day for public keys", "the last day of one passed between them, so make all parts again"],
	lists: ["package lists", "give every part all package lists"],
	total: ["number of packages in all", "give every part all package lists"],
	subject: ["subjects", "give every part the same --image"],
	archives: ["archives", "give every part the same variables that the policy puts into places and keys"],
	exceptions: ["exceptions", "verify every part with the same policy file"]
};
/** Told in the order of the table: what makes the others differ comes first. */
function refuseForeign(first, part) {
	const [one, other] = [commonOf(first), commonOf(part)];
	for (const name of /* @__PURE__ */ new Set([
		...Object.keys(DIFFERENCES),
		...one.keys(),
		...other.keys()
	])) {
		if (isDeepStrictEqual(one.get(name), other.get(name))) continue;
		const [what, advice] = DIFFERENCES[name] ?? [`\`${name}\``, "make all parts again, in one and the same way"];
		throw new DebproofError("USAGE", `The report in ${part.folder} has not the same ${what} as that in ${first.folder}: ${advice}.`);
	}
}
/**
* Parts of one plan were judged within a time: what was signed about a package may have been withdrawn since.
* @throws DebproofError USAGE
*/
function refuseApart(signed) {
	const [first, ...others] = signed.toSorted((a, b) => a.at.getTime() - b.at.getTime());
	const last = others.at(-1);
	if (first === void 0 || last === void 0 || last.at.getTime() - first.at.getTime() <= 6048e5) return;
	throw new DebproofError("USAGE", `The report in ${first.folder} was signed on ${first.at.toISOString()} and that in ${last.folder} on ${last.at.toISOString()}: parts are merged that were made within ${MAX_PLAN_SPREAD / 864e5} days. Make all of them again.`);
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
// src/evidence/bundle-reader.ts
/**
* Reads the evidence of a report and hashes all of it.
*
* @param folder the `evidence` folder
* @param bundle what the signed report says of it
*/
async function readBundle(folder, bundle) {
	const pathOf = (sha256) => path.join(folder, "sha256", sha256);
	const problems = [];
	const index = await readIndex(path.join(folder, "index.json"), bundle.index.slice(7), problems);
	if (index === void 0) return { problems };
	const parts = [];
	if ("parts" in index) {
		for (const sha256 of index.parts) {
			const part = await readIndex(pathOf(sha256), sha256, problems);
			if (part !== void 0 && "parts" in part) problems.push(`${pathOf(sha256)} is an index of parts, within one.`);
			else if (part !== void 0) parts.push(part);
		}
		if (parts.length < index.parts.length) return { problems };
	} else parts.push(index);
	const named = new Map([index, ...parts].flatMap((each) => [...filesOf(each)]));
	let total = await sizeOf(path.join(folder, "index.json")) ?? 0;
	for (const [sha256, size] of named) {
		const problem = await checkFile(pathOf(sha256), sha256, size);
		if (problem !== void 0) problems.push(problem);
		total += await sizeOf(pathOf(sha256)) ?? 0;
	}
	const foreign = (await namesIn(path.join(folder, "sha256"))).filter((name) => !named.has(name));
	for (const name of foreign) problems.push(`${pathOf(name)} is named by no index: nothing rests on it.`);
	if (named.size + 1 !== bundle.files) problems.push(`The report says that the evidence has ${bundle.files} files; the index names ${named.size + 1}.`);
	if (problems.length === 0 && total !== bundle.size) problems.push(`The report says that the evidence has ${bundle.size} bytes; it has ${total}.`);
	return {
		problems,
		bundle: {
			isMerged: "parts" in index,
			parts,
			pathOf
		}
	};
}
async function readIndex(file, sha256, problems) {
	try {
		const found = await stat(file);
		if (!found.isFile()) throw new DebproofError("EVIDENCE", `${file} is not a file.`);
		if (found.size > 268435456) throw new DebproofError("EVIDENCE", `${file} is larger than ${MAX_BUNDLE_INDEX} bytes.`);
		const bytes = await readFile(file);
		const hash = sha256Of(bytes);
		if (hash !== sha256) {
			problems.push(`${file} was changed: its SHA-256 is ${hash}, not ${sha256}.`);
			return;
		}
		return parseIndex(bytes, file);
	} catch (error) {
		if (!(error instanceof DebproofError) && systemErrorCode(error) === void 0) throw error;
		problems.push(error instanceof DebproofError ? error.message : `${file} cannot be read: ${describeError(error)}.`);
		return;
	}
}
async function sizeOf(file) {
	return await stat(file).then(({ size }) => size, () => void 0);
}
async function checkFile(file, sha256, size) {
	try {
		if (!(await stat(file)).isFile()) return `${file} is not a file.`;
		const found = await digestOf(createReadStream(file, { highWaterMark: 1048576 }));
		if (found.sha256 !== sha256) return `${file} was changed: its SHA-256 is ${found.sha256}.`;
		if (size !== void 0 && found.size !== size) return `${file} has ${found.size} bytes; the index says ${size}.`;
		return;
	} catch (error) {
		if (systemErrorCode(error) === void 0) throw error;
		return systemErrorCode(error) === "ENOENT" ? `${file} is missing.` : `${file} cannot be read: ${describeError(error)}.`;
	}
}
async function namesIn(folder) {
	try {
		return (await readdir$1(folder)).sort();
	} catch {
		return [];
	}
}
// src/evidence/kept-policy.ts
/**
* The policy that a run was made with, resolved again from the files that it read. Keyrings that come with the program
* are those of this one: whoever wrote the evidence could have put other keys into them, and the policy's hash would
* not show it.
*
* @param references the snapshots that its package lists name
* @throws DebproofError POLICY, KEY, EVIDENCE
*/
async function keptPolicy({ run, inputs }, references, read) {
	const at = new Date(run.at);
	const clock = run.clock ?? "option";
	if (run.system !== null) return {
		...await systemPolicy(run.system, at, read),
		clock: { from: clock }
	};
	const files = new Map(inputs.map(({ path: name, sha256 }) => [name, sha256]));
	return await (await readPolicy(POLICY, {
		...run.release === null ? {} : { release: run.release },
		environment: run.environment,
		folder: run.folder,
		...clock === "option" ? { at } : {},
		now: at,
		files: { read: async (name) => {
			if (name.startsWith("shipped:")) return await filesOnDisk.read(name);
			const sha256 = files.get(name);
			if (sha256 === void 0) throw new DebproofError("EVIDENCE", `The evidence holds no file ${name}.`);
			return await read(sha256);
		} }
	})).resolve(references);
}
/** What was made of a system's apt sources: there is no file that it could be derived from again. */
async function systemPolicy({ archives }, at, read) {
	const policy = [];
	for (const archive of archives) {
		const area = {
			base: new URL(archive.url),
			suites: archive.suites,
			components: archive.components,
			architectures: archive.architectures.map((text) => parsed(parseArchitecture(text), text))
		};
		const certificates = archive.keyring === null ? [] : await readCertificates(await read(archive.keyring), archive.keyring);
		const only = archive.only.map(({ fingerprint, exact }) => {
			return {
				fingerprint: parsed(parseFingerprint(fingerprint), fingerprint),
				exact
			};
		});
		const upstream = {
			kind: "live",
			area,
			keyring: new Keyring(certificates, only)
		};
		policy.push({
			name: archive.name,
			require: "identical",
			served: upstream,
			servedByUpstream: true,
			unprovenFiles: "report",
			upstreams: [upstream],
			...archive.aptLists === null ? {} : { aptLists: archive.aptLists }
		});
	}
	return {
		sha256: systemHash(archives),
		at,
		archives: await withOwnKeys(policy),
		...SYSTEM_RULES
	};
}
function parsed(value, text) {
	if (value === void 0) throw new DebproofError("EVIDENCE", `The index of evidence says ${JSON.stringify(text)}.`);
	return value;
}
// src/evidence/own-copy.ts
/**
* Compares the policy of a run, and every file that it named, with the reader's own copies: what a report was made
* under is then not the word of its signer.
*
* @param policy the reader's copy of the policy; the files that it names are beside it as they were beside that one
*/
async function compareWithOwnCopy({ run, inputs }, policy) {
	if (run.system !== null) return {
		problems: ["The report was made with --system, under no policy."],
		files: []
	};
	const problems = [];
	const files = [];
	for (const { path: name, sha256 } of [...inputs].sort((a, b) => Number(b.path === POLICY) - Number(a.path === POLICY))) {
		if (name.startsWith("shipped:")) continue;
		const own = name === "policy" ? policy : path.resolve(path.dirname(policy), path.relative(run.folder, name));
		const found = await hashOf(own);
		const what = name === "policy" ? "policy" : "file";
		if (found === void 0) problems.push(`The report was made with a ${what} of which there is no copy that can be read: ${own}.`);
		else if (found !== sha256) problems.push(`${own} is not the ${what} that the report was made with.`);
		else files.push(own);
	}
	return {
		problems,
		files
	};
}
/** Undefined for what is no file that can be read. */
async function hashOf(file) {
	try {
		const bytes = await readFileUpTo(file, MAX_KEYRING);
		return bytes === void 0 ? void 0 : sha256Of(bytes);
	} catch {
		return;
	}
}
// src/net/replay.ts
/**
* Plays back what a recording kept. Nothing is fetched: what was not kept is missing, and `missing` names it.
* Whoever makes it has checked the files against their names.
*/
var Replay = class {
	#pathOf;
	#looks = /* @__PURE__ */ new Map();
	#folders = /* @__PURE__ */ new Map();
	#missing = /* @__PURE__ */ new Set();
	#digests = /* @__PURE__ */ new Set();
	constructor(outcomes, pathOf) {
		this.#pathOf = pathOf;
		for (const outcome of outcomes) if ("folder" in outcome) this.#folders.set(outcome.folder, outcome);
		else this.#looks.set(`${outcome.look} ${outcome.url}`, outcome);
	}
	/** What was asked for and is not in the evidence: URLs and folders. */
	get missing() {
		return [...this.#missing].sort();
	}
	/** Files of which the digest alone was kept: the report's word for them is not checked. */
	get digests() {
		return [...this.#digests].sort();
	}
	async stream({ url, limit, look }, read) {
		const outcome = this.#looks.get(keyOf(url, look));
		if (outcome === void 0) throw this.#lacks(url.href);
		if ("code" in outcome) throw errorOf(outcome);
		if (!outcome.kept) throw this.#lacks(url.href);
		return await read(limited(keptChunks(this.#pathOf(outcome.sha256), "EVIDENCE"), limit, url));
	}
	async digest(look) {
		const outcome = this.#looks.get(keyOf(look.url, look.look));
		if (outcome !== void 0 && "sha256" in outcome && !outcome.kept) {
			this.#digests.add(look.url.href);
			return {
				sha256: outcome.sha256,
				size: outcome.size
			};
		}
		return await this.stream(look, digestOf);
	}
	async names(folder) {
		const outcome = this.#folders.get(folder.href);
		if (outcome === void 0) throw this.#lacks(folder.href);
		if (outcome.failure !== null) throw errorOf(outcome.failure);
		return outcome.names ?? [];
	}
	#lacks(what) {
		this.#missing.add(what);
		return new DebproofError("EVIDENCE", `The evidence holds nothing of ${what}.`);
	}
};
// src/report/compare-reports.ts
/** Parts of the report beside its packages, and what they are called. */
const PARTS = [
	["verdict", "verdict"],
	["release", "release"],
	["at", "clock"],
	["clock", "source of the clock"],
	["keysDay", "day for public keys"],
	["policy", "policy"],
	["run", "options, variables and files"],
	["lists", "package lists"],
	["counts", "counts"],
	["archives", "archives"],
	["hashes", "rule for hashes"],
	["otherArchives", "other archives that the build saw"],
	["upstreams", "upstreams"],
	["exceptions", "exceptions"],
	["evidence", "evidence"],
	["shard", "part"],
	["trust", "trust"]
];
/**
* How a report differs from the one that its evidence gives, each difference in a sentence.
*
* @param isSameTool whether the same version of the program made both: another one may word its sentences otherwise,
*   and nothing else
*/
function compareReports(stated, derived, isSameTool) {
	const [left, right] = isSameTool ? [stated, derived] : [withoutSentences(stated), withoutSentences(derived)];
	const differences = comparePackages(left.predicate.packages, right.predicate.packages);
	for (const [part, name] of PARTS) if (!isDeepStrictEqual(left.predicate[part], right.predicate[part])) differences.push(`The report says other things of its ${name} than the evidence gives${shown(stated.predicate[part], derived.predicate[part])}.`);
	if (!isDeepStrictEqual(stated.subject, derived.subject)) differences.push("The report names other subjects than the images and package lists of the evidence.");
	return differences;
}
/** By name; a package may be there twice, such as from two lists of which only one says its architecture. */
function comparePackages(stated, derived) {
	const [left, right] = [grouped(stated), grouped(derived)];
	const differences = [];
	for (const [name, items] of left) {
		const others = right.get(name) ?? [];
		for (const [index, item] of items.entries()) {
			const other = others[index];
			if (other === void 0) differences.push(`${name} is in the report, and not among the packages that the evidence gives.`);
			else if (item.verdict !== other.verdict) differences.push(`${name} is ${item.verdict} in the report; the evidence gives ${other.verdict}: ${other.reason}`);
			else if (!isDeepStrictEqual(item, other)) differences.push(`${name} is ${item.verdict}, but not for what the report says: ${other.reason}`);
		}
	}
	for (const [name, items] of right) if (items.length > (left.get(name)?.length ?? 0)) differences.push(`${name} is missing in the report.`);
	return differences;
}
function grouped(packages) {
	const groups = /* @__PURE__ */ new Map();
	for (const item of packages) {
		const group = groups.get(nameOf(item));
		if (group === void 0) groups.set(nameOf(item), [item]);
		else group.push(item);
	}
	return groups;
}
/** All of a report but what the program says in its own words. */
function withoutSentences(report) {
	const { predicate } = report;
	const unworded = (item) => ({
		...item,
		reason: ""
	});
	return {
		...report,
		predicate: {
			...predicate,
			packages: predicate.packages.map(({ expected: _, ...item }) => unworded(item)),
			archives: predicate.archives.map((archive) => ({
				...archive,
				unread: archive.unread.map(unworded),
				notes: []
			})),
			...predicate.upstreams === void 0 ? {} : { upstreams: predicate.upstreams.map((one) => ({
				...one,
				unread: one.unread.map(unworded),
				notes: []
			})) },
			trust: predicate.trust.map((one) => ({
				...one,
				trusts: ""
			}))
		}
	};
}
/** All that tells one package of a report from another. */
function nameOf({ name, version, architecture, kind, sha256 }) {
	return `${name} ${version} ${kind === "source" ? "source" : architecture ?? "-"} (${sha256 ?? "no hash"})`;
}
function shown(stated, derived) {
	return typeof stated === "string" && typeof derived === "string" ? `: ${stated} instead of ${derived}` : "";
}
// src/report/report-signers.ts
const KEPT = {
	mayBeYounger: false,
	mayHaveExpired: true
};
/**
* Who signed a report. It is kept for years, so what a key signed before it expired stays good, as for gpgv; a key that
* was revoked or given up signs nothing, whenever that was, and neither does a signature that has itself expired.
*
* @param signature detached and armored
* @param now the clock
* @throws DebproofError RELEASE_UNTRUSTED, RELEASE_MALFORMED, TOO_LARGE
*/
async function reportSigners(text, signature, keyring, now) {
	const clock = new Date(now.getTime() + 1e4);
	const blocks = signatureBlocks(signature, "report.json.asc");
	return (await verifySignatures({
		text,
		blocks
	}, keyring, clock, KEPT)).map((signer) => ({
		...signer,
		hasExpired: signer.expires !== void 0 && signer.expires <= clock
	}));
}
// src/report/read-report.ts
/**
* Reads `report.json` and `report.json.asc` from an output folder of `verify`: the signature first, over exactly the
* bytes of the file, and then the report.
*
* @param keyring whose keys may have signed it
* @param now the real time: reports are signed by the machine's clock, not by that of the verdicts
* @param clockOption the option that gives another time, for errors; absent where there is none
* @throws DebproofError USAGE, naming the folder, for a report that is missing, not signed by these keys, or malformed
*/
async function readSignedReport(folder, keyring, now, clockOption) {
	const file = path.join(folder, "report.json");
	const bytes = await readLimited(file, MAX_REPORT);
	if (bytes === void 0) throw noReport(folder);
	const signature = await readLimited(`${file}.asc`, MAX_DETACHED_SIGNATURE);
	if (signature === void 0) throw new DebproofError("USAGE", `The report in ${folder} is not signed: there is no report.json.asc. Make it again with --signing-key.`);
	const signers = await signersOf(file, bytes, signature, {
		keyring,
		now,
		clockOption
	});
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
async function signersOf(file, bytes, signature, { keyring, now, clockOption }) {
	try {
		return await reportSigners(bytes, signature, keyring, now);
	} catch (error) {
		if (!isDebproofError(error, "RELEASE_UNTRUSTED", "RELEASE_MALFORMED", "TOO_LARGE")) throw error;
		const { message, cause } = error;
		if (message.startsWith("BAD signature")) throw new DebproofError("USAGE", `${file} was changed after it was signed, or beside it is the signature of another report; it is not believed, get both again from whoever signed it: ${message}`, { cause });
		const isTime = /expired|in the future|older than the key/i.test(message);
		const other = clockOption === void 0 ? "check the clock of this machine" : `${clockOption} gives another time`;
		const advice = isTime ? ` The clock is ${now.toISOString()}: ${other}.` : "";
		throw new DebproofError("USAGE", `${file} is not signed by a key that --signed-by names, and is not believed: ${message}${advice}`, { cause });
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
// src/recheck.ts
/**
* Derives every verdict of a report again, from its evidence alone and by the same code that made it: the policy, the
* package lists and all that archives and rebuilders served are played back. Needs no network.
*
* @throws DebproofError USAGE where there is no report, or no evidence; EVIDENCE for one that is not signed by these keys or malformed
*/
async function recheck({ folder, keyring, policy, now, progress }) {
	progress("Checking the signature of the report");
	const { report, signers } = await readReport(folder, keyring, now);
	const { bundle } = report.predicate;
	if (bundle === void 0 || bundle === null) throw new DebproofError("USAGE", `The report in ${folder} was made without evidence (--evidence none), so nothing can be derived again.` + (keyring === void 0 ? "" : " Its signature is good."));
	const signedBy = [...new Map(signers.map((signer) => [signer.primaryFingerprint, signer]))].sort(([a], [b]) => a < b ? -1 : 1).map(([fingerprint, { name, hasExpired }]) => ({
		fingerprint,
		name,
		hasExpired
	}));
	return {
		report,
		signers: signedBy.map(({ fingerprint }) => fingerprint),
		signedBy,
		...await compareWithEvidence(report, folder, progress, policy)
	};
}
/** The same for a report whose signature was checked, or that nobody signed. */
async function compareWithEvidence(report, folder, progress, policy) {
	const { bundle: stated } = report.predicate;
	if (stated === void 0 || stated === null) return {
		problems: ["The report was made without evidence (--evidence none)."],
		remarks: []
	};
	progress("Hashing the evidence");
	const finding = await readBundle(path.join(folder, BUNDLE_FOLDER), stated);
	const problems = [...finding.problems];
	const { bundle } = finding;
	if (bundle === void 0 || problems.length > 0) return {
		problems,
		remarks: []
	};
	const own = policy === void 0 ? void 0 : {
		files: /* @__PURE__ */ new Set(),
		names: /* @__PURE__ */ new Map()
	};
	if (policy !== void 0) {
		for (const part of bundle.parts) {
			const compared = await compareWithOwnCopy(part, policy);
			problems.push(...compared.problems);
			for (const file of compared.files) own?.files.add(file);
		}
		if (problems.length > 0) return {
			problems: [...new Set(problems)],
			remarks: []
		};
	}
	progress("Deriving every verdict again");
	const remarks = [];
	try {
		const derived = await deriveAll(bundle, remarks, own?.names);
		const { tool } = report.predicate;
		const isSameTool = tool.name === TOOL.name && tool.version === TOOL.version;
		if (!isSameTool) remarks.push(`What ${tool.name} ${tool.version} says in words was not compared: this is ${TOOL.version}.`);
		const result = {
			problems: compareReports(report, asWritten(derived, stated), isSameTool),
			remarks: [...new Set(remarks)].sort()
		};
		return own === void 0 ? result : {
			...result,
			own: {
				files: [...own.files],
				names: own.names
			}
		};
	} catch (error) {
		if (!(error instanceof DebproofError)) throw error;
		return {
			problems: [`The evidence cannot be used: ${describeError(error)}`],
			remarks
		};
	}
}
/** That nobody signed it is the user's mistake only where there is no signature. */
async function readReport(folder, keyring, now) {
	try {
		if (keyring === void 0) return {
			report: await readUnsignedReport(folder),
			signers: []
		};
		return await readSignedReport(folder, keyring, now, "--at");
	} catch (error) {
		throw isDebproofError(error, "USAGE") && !/There is no report\.json in/.test(error.message) ? new DebproofError("EVIDENCE", error.message, { cause: error.cause }) : error;
	}
}
/** @param names gets the user IDs of the policy's keys, where its files are the reader's own */
async function deriveAll({ isMerged, parts, pathOf }, remarks, names) {
	const reports = [];
	for (const part of parts) reports.push(await derivePart(part, pathOf, remarks, names));
	const [only] = reports;
	if (only !== void 0 && !isMerged) return only;
	return mergeReports(checkParts(reports.map((report, index) => checkPart(`part ${index + 1} of the evidence`, report))), null);
}
/** What the run was given or told, and nobody but its signer saw. */
function wordOfTheSigner({ run, fetched, inputs }, policy, isOwn) {
	const remarks = [];
	if (run.system !== null) remarks.push("What the apt sources of the system were is the word of the signer.");
	if (!isOwn && inputs.some(({ path: name }) => name !== "policy" && !name.startsWith("shipped:"))) remarks.push("Which keys the files hold that the policy names is the word of the signer: compare them with --policy.");
	const failed = fetched.filter((outcome) => "code" in outcome && outcome.code !== "NOT_FOUND").length;
	const absent = fetched.filter((outcome) => "code" in outcome && outcome.code === "NOT_FOUND").length;
	if (failed > 0) remarks.push(`That ${failed} download${failed === 1 ? "" : "s"} failed is the word of the signer.`);
	if (absent > 0) remarks.push(`That ${absent} file${absent === 1 ? " was" : "s were"} not there, such as statements of rebuilders, is the word of the signer.`);
	const lasting = lastDaysOf(policy).filter((until) => until >= (run.keysDay ?? run.at.slice(0, 10)));
	if (lasting.length > 0) {
		const days = [...new Set(lasting)].sort().join(", ");
		remarks.push(`That the last day of a public key (${days}) was not over is the word of the signer.`);
	}
	if (policy.statedAt !== void 0 && policy.statedAt.getTime() !== policy.at.getTime()) remarks.push(`The policy gives ${policy.statedAt.toISOString()} for the clock, and the signer chose ${policy.at.toISOString()}.`);
	return remarks;
}
/** The first user ID of each certificate that a policy trusts, by its fingerprint. */
function namesOfKeys(policy) {
	const keys = keyringsOf(policy).flatMap((keyring) => keyring.signingKeys());
	return new Map(keys.map(({ primaryFingerprint, certificate }) => [primaryFingerprint, certificate.getUserIDs()[0] ?? ""]));
}
/** How the run was made, as its report says it. */
function runOf({ run, inputs }) {
	const read = inputs.flatMap(({ path: name, sha256 }) => name === "policy" ? [] : [[name, sha256]]);
	return {
		system: run.system !== null,
		offline: run.offline,
		deep: run.deep,
		variables: run.environment,
		files: namedFiles(read, run.folder)
	};
}
/** As it was planned: evidence of earlier versions names no plan. */
function shardOf({ run: { shard } }) {
	if (shard === null) return {};
	const { plan, ...part } = shard;
	return { shard: {
		...part,
		...plan === void 0 ? {} : { plan }
	} };
}
async function derivePart(index, pathOf, remarks, names) {
	const read = async (sha256) => await readFile(pathOf(sha256));
	const { run } = index;
	const lists = [];
	for (const { path: name, format, sha256, debs } of index.lists) {
		lists.push(readKeptList({
			path: name,
			format,
			bytes: await read(sha256),
			...debs === void 0 ? {} : { debs }
		}));
		if (debs !== void 0) remarks.push(`The .debs in ${name} were hashed by the signer: they are not in the evidence.`);
	}
	const policy = await keptPolicy(index, mergeReferences(lists), read);
	remarks.push(...wordOfTheSigner(index, policy, names !== void 0));
	for (const [fingerprint, name] of namesOfKeys(policy)) names?.set(fingerprint, name);
	const tape = new Replay(index.fetched, pathOf);
	const downloads = new Downloads({
		userAgent: USER_AGENT,
		offline: run.offline,
		tape
	});
	try {
		const report = await deriveReport({
			policy,
			lists,
			images: index.images.flatMap(({ name, sha256 }) => {
				const hash = parseSha256(sha256);
				return hash === void 0 ? [] : [{
					name,
					sha256: hash
				}];
			}),
			run: runOf(index),
			hashesRequired: run.hashesRequired ?? false,
			...run.release === null ? {} : { release: run.release },
			...shardOf(index),
			...run.keysDay === void 0 ? {} : { keysDay: run.keysDay }
		}, downloads, () => {});
		const [missing] = tape.missing;
		if (missing !== void 0) throw new DebproofError("EVIDENCE", `The evidence holds nothing of ${missing}.`);
		const { digests } = tape;
		if (digests.length > 0) remarks.push(`${digests.length} package files were hashed by the signer (--deep): they are not in the evidence.`);
		if (index.tool.version === TOOL.version) await compareForms(index, policy, report.predicate.evidence, read);
		else remarks.push(`The forms of the evidence for gpgv were not compared: they are of ${index.tool.version}.`);
		return report;
	} finally {
		await downloads.close();
	}
}
export { checkPart as a, mergeReports as i, recheck as n, checkParts as o, readSignedReport as r, refuseApart as s, compareWithEvidence as t };
