import { a as systemErrorCode, i as isDebproofError, r as describeError, t as DebproofError } from "./errors.js";
import { n as exitCodeOf, t as EXIT } from "./exit-code.js";
import { r as filesOnDisk, t as TrustAnchors } from "./trust.js";
import { i as parseSha256, n as parseFingerprint, t as parseArchitecture } from "./identity.js";
import { i as deriveReport, r as keyOf, t as errorOf } from "./outcome.js";
import { _ as headline, i as BUNDLE_FOLDER, n as parseIndex, p as withBundle, t as filesOf } from "./bundle-index.js";
import { l as sha256Of, n as readCertificates, t as Keyring } from "./keyring.js";
import { f as MAX_BUNDLE_INDEX, vt as COMMON_OPTIONS, xt as parseAt, yt as JSON_OPTION } from "./limits.js";
import { d as digestOf, f as limited, i as Downloads, n as readKeptList } from "./read-list.js";
import { r as mergeReferences, t as readPolicy } from "./read-policy.js";
import { n as mergeReports, r as checkPart, t as readSignedReport } from "./read-report.js";
import { n as USER_AGENT, t as TOOL } from "./tool.js";
import { t as visible } from "./visible.js";
import { t as ProgressLine } from "./progress-line.js";
import { isDeepStrictEqual } from "node:util";
import { readFile, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { createReadStream } from "node:fs";
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
	for (const [sha256, size] of named) {
		const problem = await checkFile(pathOf(sha256), sha256, size);
		if (problem !== void 0) problems.push(problem);
	}
	const foreign = (await namesIn(path.join(folder, "sha256"))).filter((name) => !named.has(name));
	for (const name of foreign) problems.push(`${pathOf(name)} is named by no index: nothing rests on it.`);
	if (named.size + 1 !== bundle.files) problems.push(`The report says that the evidence has ${bundle.files} files; the index names ${named.size + 1}.`);
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
		if ((await stat(file)).size > 268435456) throw new DebproofError("EVIDENCE", `${file} is larger than ${MAX_BUNDLE_INDEX} bytes.`);
		const bytes = await readFile(file);
		const found = sha256Of(bytes);
		if (found !== sha256) {
			problems.push(`${file} was changed: its SHA-256 is ${found}, not ${sha256}.`);
			return;
		}
		return parseIndex(bytes, file);
	} catch (error) {
		if (!(error instanceof DebproofError) && systemErrorCode(error) === void 0) throw error;
		problems.push(error instanceof DebproofError ? error.message : `${file} cannot be read: ${describeError(error)}.`);
		return;
	}
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
		return (await readdir(folder)).sort();
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
	if (run.system !== null) return await systemPolicy(run.system, at, read);
	const files = new Map(inputs.map(({ path: name, sha256 }) => [name, sha256]));
	return await (await readPolicy(run.policy, {
		...run.release === null ? {} : { release: run.release },
		environment: run.environment,
		folder: run.folder,
		at,
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
async function systemPolicy({ sha256, archives }, at, read) {
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
			upstreams: [upstream],
			...archive.aptLists === null ? {} : { aptLists: archive.aptLists }
		});
	}
	return {
		sha256: parsed(parseSha256(sha256), sha256),
		at,
		archives: policy,
		exceptions: []
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
* @returns a sentence for each file that is another one
*/
async function compareWithOwnCopy({ run, inputs }, policy) {
	if (run.system !== null) return ["The report was made with --system, under no policy."];
	const problems = [];
	for (const { path: name, sha256 } of inputs) {
		if (name.startsWith("shipped:")) continue;
		const relative = path.relative(run.folder, path.resolve(run.folder, name));
		const own = name === run.policy ? policy : path.resolve(path.dirname(policy), relative);
		const found = await hashOf(own);
		if (found === void 0) problems.push(`The policy of the report names ${name}, and there is no ${own}.`);
		else if (found !== sha256) problems.push(`${own} is not the file that the report was made with, ${name}.`);
	}
	return problems;
}
async function hashOf(file) {
	try {
		return sha256Of(await readFile(file));
	} catch (error) {
		if (systemErrorCode(error) === void 0) throw error;
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
		return await read(limited(createReadStream(this.#pathOf(outcome.sha256)), limit, url));
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
/** What another version of the program may word otherwise; everything else must be the same. */
const WORDING = ["reason"];
/** Parts of the report beside its packages, and what they are called. */
const PARTS = [
	["verdict", "verdict"],
	["release", "release"],
	["at", "clock"],
	["policy", "policy"],
	["lists", "package lists"],
	["counts", "counts"],
	["archives", "archives"],
	["upstreams", "upstreams"],
	["exceptions", "exceptions"],
	["evidence", "evidence"],
	["shard", "part"],
	["trust", "trust"]
];
/** The parts that hold sentences of the program. */
const WORDED = [
	"archives",
	"upstreams",
	"exceptions",
	"trust"
];
/**
* How a report differs from the one that its evidence gives, each difference in a sentence.
*
* @param version of the program that derived it: sentences of another one may be worded otherwise
*/
function compareReports(stated, derived, version) {
	const sameTool = stated.predicate.tool.version === version;
	const differences = comparePackages(stated.predicate.packages, derived.predicate.packages, sameTool);
	for (const [part, name] of PARTS) {
		if (!sameTool && WORDED.includes(part)) continue;
		if (!isDeepStrictEqual(stated.predicate[part], derived.predicate[part])) differences.push(`The report says other things of its ${name} than the evidence gives${shown(stated.predicate[part], derived.predicate[part])}.`);
	}
	if (!isDeepStrictEqual(stated.subject, derived.subject)) differences.push("The report names other subjects than the images and package lists of the evidence.");
	return differences;
}
function comparePackages(stated, derived, sameTool) {
	const found = new Map(derived.map((item) => [nameOf(item), item]));
	const differences = [];
	const seen = /* @__PURE__ */ new Set();
	for (const item of stated) {
		const name = nameOf(item);
		const other = found.get(name);
		if (seen.has(name)) differences.push(`${name} is in the report twice.`);
		seen.add(name);
		if (other === void 0) differences.push(`${name} is in the report, and not among the packages that the evidence gives.`);
		else if (item.verdict !== other.verdict) differences.push(`${name} is ${item.verdict} in the report; the evidence gives ${other.verdict}: ${other.reason}`);
		else if (!isDeepStrictEqual(withoutWording(item, sameTool), withoutWording(other, sameTool))) differences.push(`${name} is ${item.verdict}, but not for what the report says: ${other.reason}`);
	}
	for (const name of found.keys()) if (!seen.has(name)) differences.push(`${name} is missing in the report.`);
	return differences;
}
/** All that tells one package of a report from another. */
function nameOf({ name, version, architecture, kind, sha256 }) {
	return `${name} ${version} ${kind === "source" ? "source" : architecture ?? "-"} (${sha256 ?? "no hash"})`;
}
function withoutWording(item, sameTool) {
	if (sameTool) return item;
	return Object.fromEntries(Object.entries(item).filter(([key]) => !WORDING.some((word) => word === key)));
}
function shown(stated, derived) {
	return typeof stated === "string" && typeof derived === "string" ? `: ${stated} instead of ${derived}` : "";
}
// src/recheck.ts
/**
* Derives every verdict of a report again, from its evidence alone and by the same code that made it: the policy, the
* package lists and all that archives and rebuilders served are played back. Needs no network.
*
* @throws DebproofError USAGE where there is no report; EVIDENCE for one that is not signed by these keys or malformed
*/
async function recheck({ folder, keyring, policy, now, progress }) {
	progress("Checking the signature of the report");
	const { report, signers } = await readReport(folder, keyring, now);
	return {
		report,
		signers: [...new Set(signers.map(({ primaryFingerprint }) => primaryFingerprint))].sort(),
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
	if (policy !== void 0) {
		for (const part of bundle.parts) problems.push(...await compareWithOwnCopy(part, policy));
		if (problems.length > 0) return {
			problems: [...new Set(problems)],
			remarks: []
		};
	}
	progress("Deriving every verdict again");
	const remarks = [];
	try {
		const derived = await deriveAll(bundle, remarks);
		return {
			problems: compareReports(report, withBundle(derived, stated), TOOL.version),
			remarks: [...new Set(remarks)].sort()
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
		return await readSignedReport(folder, keyring, now);
	} catch (error) {
		throw isDebproofError(error, "USAGE") && !/There is no report\.json in/.test(error.message) ? new DebproofError("EVIDENCE", error.message, { cause: error.cause }) : error;
	}
}
async function deriveAll({ isMerged, parts, pathOf }, remarks) {
	const reports = [];
	for (const part of parts) reports.push(await derivePart(part, pathOf, remarks));
	const [only] = reports;
	if (only !== void 0 && !isMerged) return only;
	return mergeReports(reports.map((report, index) => checkPart(`part ${index + 1}`, report)), null);
}
async function derivePart(index, pathOf, remarks) {
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
	if (run.system !== null) remarks.push("What the apt sources of the system were is the word of the signer.");
	const policy = await keptPolicy(index, mergeReferences(lists), read);
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
			deep: run.deep,
			...run.release === null ? {} : { release: run.release },
			...run.shard === null ? {} : { shard: run.shard }
		}, downloads, () => {});
		const [missing] = tape.missing;
		if (missing !== void 0) throw new DebproofError("EVIDENCE", `The evidence holds nothing of ${missing}.`);
		const { digests } = tape;
		if (digests.length > 0) remarks.push(`${digests.length} package files were hashed by the signer (--deep): they are not in the evidence.`);
		return report;
	} finally {
		await downloads.close();
	}
}
// src/commands/recheck.ts
/** Problems that are shown without --verbose. */
const SHOWN = 20;
const recheckCommand = {
	name: "recheck",
	usage: "DIR",
	title: "derive every verdict of a report again from its evidence, offline, and check its signature",
	description: "Reads an output folder of `verify` or `merge`: checks the signature of the report, hashes all files of evidence/,\nand derives every verdict again from them alone. Needs no policy and no network.\n\nExit codes: 0 all agree and the report says pass, 1 a report or file was changed, a verdict differs, or all agree\nand the report says fail, 2 the command is wrong, 3 all agree and the report says undecided.",
	options: [
		{
			name: "signed-by",
			value: "KEYRING",
			multiple: true,
			description: "Who may have signed the report: a keyring file; fingerprints beside it restrict it. Required."
		},
		{
			name: "policy",
			value: "FILE",
			description: "Your own copy of the policy, beside the keys that it names: those that the report was made with must be these."
		},
		{
			name: "at",
			value: "TIME",
			description: "The clock that the signature of the report is judged by, in RFC 3339. The default is now."
		},
		JSON_OPTION,
		...COMMON_OPTIONS
	],
	positionals: {
		min: 1,
		max: 1
	},
	async run(given, terminal) {
		const [folder = ""] = given.positionals;
		const signedBy = given.texts("signed-by");
		if (signedBy.length === 0) throw new DebproofError("USAGE", "recheck: --signed-by is missing: the keyring file of who signs your reports.");
		const keyring = await new TrustAnchors(process.cwd(), filesOnDisk).keyring(signedBy, "--signed-by");
		const watcher = new ProgressLine(terminal, {
			quiet: given.flag("quiet"),
			verbose: given.flag("verbose")
		});
		const now = parseAt(given.text("at"), /* @__PURE__ */ new Date());
		const policy = given.text("policy");
		const result = await recheck({
			folder,
			keyring,
			...policy === void 0 ? {} : { policy },
			now,
			progress: watcher.progress
		}).finally(() => watcher.end());
		if (given.flag("json")) terminal.out(`${JSON.stringify(asJson(result), null, 1)}\n`);
		else terminal.out(asText(result, given.flag("quiet"), given.flag("verbose")));
		return result.problems.length > 0 ? EXIT.fail : exitCodeOf(result.report.predicate.verdict);
	}
};
function asJson({ report, signers, problems, remarks }) {
	const { verdict, policy, counts } = report.predicate;
	return {
		agrees: problems.length === 0,
		verdict,
		counts,
		policy,
		signers,
		problems,
		remarks
	};
}
function asText(result, quiet, verbose) {
	const { report, problems, remarks, signers } = result;
	const { packages, policy } = report.predicate;
	const shown = problems.slice(0, verbose ? problems.length : SHOWN);
	const more = problems.length - shown.length;
	const head = problems.length > 0 ? `REFUSED: the report does not follow from its evidence: ${problems.length} problem${problems.length === 1 ? "" : "s"}.` : `AGREED: all ${packages.length} verdicts follow from the evidence. The report says: ${headline(report)}`;
	if (quiet) return `${visible(head)}\n`;
	return [
		head,
		...shown.map((problem) => `  ${problem}`),
		...more > 0 ? [`  … and ${more} more (--verbose)`] : [],
		...problems.length > 0 ? ["", "Do not rely on it: get the report and its evidence again, from whoever signed it."] : [
			"",
			`Signed by:     ${signers.join(", ")}`,
			`Under policy:  sha256:${policy.sha256}`,
			...trustedKeys(result),
			...remarks.map((remark) => `Not derived:   ${remark}`)
		],
		""
	].map((line) => visible(line).replaceAll("\n", " ")).join("\n");
}
/** Whoever reads this compares them with the keys that they know: a policy may name anybody's. */
function trustedKeys({ report }) {
	return [...new Set(Object.values(report.predicate.evidence).flatMap(({ signers }) => signers))].sort().map((key) => `Rests on key:  ${key}`);
}
export { recheckCommand };
