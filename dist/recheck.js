import { a as systemErrorCode, i as isDebproofError, r as describeError, t as DebproofError, x as MAX_BUNDLE_INDEX } from "./errors.js";
import { n as exitCodeOf, t as EXIT } from "./exit-code.js";
import { a as parseAt, n as COMMON_OPTIONS, r as JSON_OPTION } from "./option.js";
import { S as sha256Of, a as readCertificates, i as Keyring, s as filesOnDisk } from "./shipped-keys.js";
import { t as TrustAnchors } from "./trust.js";
import { i as parseFingerprint, o as parseSha256, r as parseArchitecture } from "./deb822.js";
import { a as keyOf, o as keptChunks, r as errorOf, s as deriveReport, t as lastDaysOf } from "./public-keys-clock.js";
import { T as headline, g as BUNDLE_FOLDER, i as parseIndex, n as POLICY, r as filesOf, u as asWritten } from "./surroundings.js";
import { d as limited, p as digestOf } from "./formats.js";
import { u as withOwnKeys } from "./policy-schema.js";
import { r as mergeReferences, t as readPolicy } from "./read-policy.js";
import { i as systemHash, t as SYSTEM_RULES } from "./system-record.js";
import { i as Downloads, n as readKeptList } from "./read-list.js";
import { a as checkParts, i as checkPart, n as readUnsignedReport, r as mergeReports, t as readSignedReport } from "./read-report.js";
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
* @returns a sentence for each file that is another one
*/
async function compareWithOwnCopy({ run, inputs }, policy) {
	if (run.system !== null) return ["The report was made with --system, under no policy."];
	const problems = [];
	for (const { path: name, sha256 } of inputs) {
		if (name.startsWith("shipped:")) continue;
		const own = name === "policy" ? policy : path.resolve(path.dirname(policy), path.relative(run.folder, name));
		const found = await hashOf(own);
		const what = name === "policy" ? "policy" : "file";
		if (found === void 0) problems.push(`The report was made with a ${what} of which there is no copy: ${own}.`);
		else if (found !== sha256) problems.push(`${own} is not the ${what} that the report was made with.`);
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
		const { tool } = report.predicate;
		const isSameTool = tool.name === TOOL.name && tool.version === TOOL.version;
		if (!isSameTool) remarks.push(`What ${tool.name} ${tool.version} says in words was not compared: this is ${TOOL.version}.`);
		return {
			problems: compareReports(report, asWritten(derived, stated), isSameTool),
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
		if (keyring === void 0) return {
			report: await readUnsignedReport(folder),
			signers: []
		};
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
	refuseOtherInputs(parts);
	const checked = reports.map((report, index) => checkPart(`part ${index + 1} of the evidence`, report));
	return mergeReports(checkParts(checked), null);
}
/** What the run was given or told, and nobody but its signer saw. */
function wordOfTheSigner({ run, fetched, inputs }, policy) {
	const remarks = [];
	if (run.system !== null) remarks.push("What the apt sources of the system were is the word of the signer.");
	if (inputs.some(({ path: name }) => name !== "policy" && !name.startsWith("shipped:"))) remarks.push("Which keys the files hold that the policy names is the word of the signer: compare them with --policy.");
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
/**
* Parts of one verification were given the same: the report states the policy of one of them. Each machine may have
* the policy in another folder, with the files that it names in their places beside it.
*/
function refuseOtherInputs(parts) {
	const given = ({ run, inputs, lists, images }) => {
		const { shard: _, folder, ...common } = run;
		const beside = (file) => path.isAbsolute(file.path) ? {
			...file,
			path: path.relative(folder, file.path)
		} : file;
		return {
			run: common,
			inputs: inputs.map(beside),
			lists: lists.map(beside),
			images
		};
	};
	const [first, ...others] = parts;
	const other = others.findIndex((part) => first === void 0 || !isDeepStrictEqual(given(part), given(first)));
	if (other === -1) return;
	throw new DebproofError("EVIDENCE", `Part ${other + 2} of the evidence was given another policy, list or key than part 1.`);
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
	const policy = await keptPolicy(index, mergeReferences(lists), read);
	remarks.push(...wordOfTheSigner(index, policy));
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
			hashesRequired: run.hashesRequired ?? false,
			...run.release === null ? {} : { release: run.release },
			...run.shard === null ? {} : { shard: run.shard },
			...run.keysDay === void 0 ? {} : { keysDay: run.keysDay }
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
			description: "Who may have signed the report: a keyring file; fingerprints beside it restrict it."
		},
		{
			name: "unsigned",
			description: "Take a report that nobody signed; without --signed-by this must be said."
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
		const unsigned = given.flag("unsigned");
		if (signedBy.length === 0 && !unsigned) throw new DebproofError("USAGE", "recheck: --signed-by is missing: the keyring file of who signs your reports. For one without a signature say --unsigned.");
		if (signedBy.length > 0 && unsigned) throw new DebproofError("USAGE", "recheck: --unsigned contradicts --signed-by.");
		const anchors = new TrustAnchors(process.cwd(), filesOnDisk);
		const signers = unsigned ? {} : { keyring: await anchors.keyring(signedBy, "--signed-by") };
		const watcher = new ProgressLine(terminal, {
			quiet: given.flag("quiet"),
			verbose: given.flag("verbose")
		});
		const now = parseAt(given.text("at"), /* @__PURE__ */ new Date());
		const policy = given.text("policy");
		const own = policy === void 0 ? {} : { policy };
		const result = await recheck({
			folder,
			...signers,
			...own,
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
		keys: keysOf(report),
		problems,
		remarks
	};
}
function asText(result, quiet, verbose) {
	const { report, problems, remarks, signers } = result;
	const { packages, policy } = report.predicate;
	const shown = problems.slice(0, verbose ? problems.length : SHOWN);
	const more = problems.length - shown.length;
	const head = problems.length > 0 ? `REFUSED: the report does not follow from its evidence: ${problems.length} problem${problems.length === 1 ? "" : "s"}.` : `AGREED: ${packages.length === 1 ? "the verdict follows" : `all ${packages.length} verdicts follow`} from the evidence. The report says: ${headline(report)}`;
	if (quiet) return `${visible(head)}\n`;
	return [
		head,
		...shown.map((problem) => `  ${problem}`),
		...more > 0 ? [`  … and ${more} more (--verbose)`] : [],
		...problems.length > 0 ? ["", "Do not rely on it: get the report and its evidence again, from whoever signed it."] : [
			"",
			"Compare these with the keys and the policy that you know:",
			`Signed by:     ${signers.join(", ") || "nobody"}`,
			`Under policy:  sha256:${policy.sha256}`,
			`Judged at:     ${report.predicate.at}${report.predicate.release === null ? "" : `, release ${report.predicate.release}`}`,
			...trustedKeys(result),
			...remarks.map((remark) => `Not derived:   ${remark}`)
		],
		""
	].map((line) => visible(line).replaceAll("\n", " ")).join("\n");
}
/** A policy may name anybody's keys: whoever reads this must know them, and what they were trusted for. */
function trustedKeys({ report }) {
	return keysOf(report).map(({ key, roles }) => `Rests on key:  ${key} (${roles.join(", ")})`);
}
/** The keys that signed what the verdicts rest on, and what the policy trusts them for. */
function keysOf({ predicate }) {
	return [...new Set(Object.values(predicate.evidence).flatMap(({ signers }) => signers))].sort().map((key) => {
		const roles = predicate.archives.flatMap(({ name, upstreams = [], rebuilders }) => [...upstreams.some((upstream) => upstream.keys.includes(key)) ? [`upstream of ${name}`] : [], ...(rebuilders?.parties ?? []).flatMap((party) => party.keys.includes(key) ? [`rebuilder ${party.name} of ${name}`] : [])]);
		return {
			key,
			roles: roles.length > 0 ? roles : ["an archive as it was served"]
		};
	});
}
export { recheckCommand };
