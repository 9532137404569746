import { U as MAX_JUNIT_CASES, t as DebproofError } from "./errors.js";
import { a as uninterrupted, c as REPORT_FILES, d as removeEarlierReport, l as REPORT_NAMES, n as isTaken, s as CHECKER, t as OutputLock, u as partName } from "./output-lock.js";
import { A as ADVICE, D as describeStates, F as packagesToLookAt, I as unreadParts, L as otherArchiveLines, M as archiveNotes, N as headline, O as signedStates, P as nameOf, R as unprovenLines, S as serializeReport, T as bundleFiles, V as selfVouchedTrust, j as ATTENTION, k as toldClock, t as surroundingsOf, z as unprovenSentence } from "./surroundings.js";
import { t as visible } from "./visible.js";
import { t as makeFolder } from "./make-folder.js";
import { t as formsOf } from "./job-secrets.js";
import { d as PACKAGE_ROOT } from "./shipped-keys.js";
import { r as writeLasting } from "./lasting-file.js";
import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import path from "node:path";
import { open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
// src/report/exceptions-text.ts
/** The packages that the policy excepts, in the report's order. */
function exceptedPackages({ predicate }) {
	return predicate.packages.filter(({ verdict }) => verdict === "excepted");
}
/** What an exception hides and until when: `mismatch, until 2027-03-01`. */
function whatIsHidden({ excepted }) {
	if (excepted === void 0) return "the report does not say what";
	return `${excepted.verdict}, ${excepted.until === void 0 ? "without an end" : `until ${excepted.until}`}`;
}
/** Why it is accepted, in the words of the policy. */
function whyExcepted({ excepted, reason }) {
	return excepted?.reason ?? reason;
}
/** For a terminal: each package that the policy excepts, what that hides, and why it is accepted. */
function exceptedText(report, limit) {
	const packages = exceptedPackages(report);
	if (packages.length === 0 || limit === 0) return [];
	const lines = packages.slice(0, limit).flatMap((item) => [`  ${nameOf(item)}${item.archive === null ? "" : ` (${item.archive})`}: ${whatIsHidden(item)}`, `    ${item.reason}`]);
	const more = packages.length > limit ? [`  … and ${packages.length - limit} more, in report.json.`] : [];
	return [
		"",
		"excepted: These are not proven. The policy accepts them all the same.",
		...lines,
		...more
	];
}
/** Exceptions that somebody should look after. What was not read might have shown that one is needed. */
function staleExceptions({ predicate }) {
	const isWhole = predicate.counts.undecided === 0 && predicate.archives.every(({ unread }) => unread.length === 0);
	return predicate.exceptions.flatMap((exception) => {
		const { package: name, until, status, unexcused = [] } = exception;
		if (status === "expired") return [`The exception for ${name} ended with ${until ?? ""} and excuses nothing.`];
		if (unexcused.length > 0) return [whatItDoesNotExcuse(exception, unexcused)];
		return status === "unused" && isWhole ? [`The exception for ${name} matches no package that needs one: remove it.`] : [];
	});
}
function whatItDoesNotExcuse({ package: name, verdict, version, sha256 }, unexcused) {
	const which = unexcused.map((one) => `${/^[aeiou]/.test(one) ? "an" : "a"} ${one}`).join(" and ");
	if (verdict !== void 0) return `The exception for ${name} does not excuse ${which}: it says \`verdict: ${verdict}\`, and excuses that alone.`;
	const file = version === null && sha256 === void 0 ? ", and `version` or `sha256`" : "";
	return `The exception for ${name} does not excuse ${which}: one that is meant to says ${unexcused.map((one) => `\`verdict: ${one}\``).join(" or ")}${file}. Find out first what was found against the package.`;
}
// src/report/summary.ts
/** Those of summary.md. */
const DEFAULT_LIMITS = {
	rows: 200,
	reason: 2e3
};
/** Bytes into which nothing fits any more but the headline. */
const SMALLEST = {
	rows: 0,
	reason: 200
};
const MARKS = {
	pass: "✅",
	fail: "❌",
	undecided: "⚠️"
};
/**
* The report as Markdown: `summary.md`, the job summary of a CI, the comment on a pull request. The verdict comes
* first, then what to do, then what needs attention, and folded away what else a reader may ask.
*/
function reportSummary(report, limits = DEFAULT_LIMITS) {
	const { predicate } = report;
	return [
		`# debproof: ${predicate.verdict}`,
		"",
		`${MARKS[predicate.verdict]} ${plain(headline(report))}`,
		"",
		...unsignedLines(report),
		...countLines(report),
		...ownWordLines(report, limits),
		...attentionLines(report, limits),
		...undecidedLines(report, limits),
		...exceptedLines(report, limits),
		...remarkLines(report, limits),
		...clockLines(report),
		...folded("What still has to be trusted", trustLines(report)),
		...folded("What was verified", originLines(report)),
		`Judged at ${predicate.at} by ${predicate.tool.name} ${predicate.tool.version}. report.json has every package` + (predicate.bundle === null ? "." : "; `debproof recheck` derives its verdicts again from its evidence."),
		""
	].join("\n");
}
/**
* The same within a limit, shortened where it has to be: first the reasons, then the tables, never the verdict.
*
* @param maxBytes of the whole, in UTF-8
* @param whereRest tells where the rest is, where something was left out: one line
*/
function shortSummary(report, maxBytes, whereRest) {
	const whole = reportSummary(report);
	if (Buffer.byteLength(whole) <= maxBytes) return whole;
	const end = `\nThis was shortened; download ${whereRest}\n`;
	const room = maxBytes - Buffer.byteLength(end);
	for (const { rows, reason } of [
		{
			rows: 200,
			reason: 300
		},
		{
			rows: 50,
			reason: 300
		},
		{
			rows: 10,
			reason: 200
		},
		SMALLEST
	]) {
		const shorter = reportSummary(report, {
			rows,
			reason
		});
		if (Buffer.byteLength(shorter) <= room) return shorter + end;
	}
	return [
		...[
			`# debproof: ${report.predicate.verdict}`,
			"",
			shortened(headline(report), 200),
			""
		],
		...unsignedLines(report),
		end
	].join("\n");
}
function unsignedLines({ predicate: { unsigned } }) {
	if (unsigned === void 0) return [];
	return [`> **UNSIGNED**: ${unsigned === "requested" ? "it was asked for without a signature" : "it was made in a pull or merge request's pipeline, which had no signing key"}. It is no evidence for anybody who did not make it.`, ""];
}
function countLines({ predicate: { counts } }) {
	return [
		"| verdict | packages |",
		"|---|---:|",
		...Object.entries(counts).filter(([, count]) => count > 0).map(([verdict, count]) => `| ${verdict} | ${count} |`),
		""
	];
}
/** What nobody vouches for but who served it, of whatever verdict the report is. */
function ownWordLines({ predicate }, limits) {
	const lines = selfVouchedTrust(predicate.archives).map(({ packages, of, trusts }) => `- ${packages} ${shortened(`${of}. ${trusts}`, limits.reason)}`);
	return lines.length === 0 ? [] : [...cut(lines, limits), ""];
}
/** The packages that failed, the gravest first. */
function attentionLines(report, limits) {
	const packages = packagesToLookAt(report);
	const shown = packages.slice(0, limits.rows);
	const lines = ATTENTION.filter((verdict) => verdict !== "undecided").flatMap((verdict) => sectionLines(verdict, `## ${verdict}`, report, shown, limits));
	if (packages.length > shown.length) lines.push(`${packages.length - shown.length} more packages are in report.json.`, "");
	return lines;
}
function undecidedLines(report, limits) {
	const lines = sectionLines("undecided", "## Not decided", report, packagesToLookAt(report).slice(0, limits.rows), limits);
	const unread = unreadParts(report).map((part) => `- Not read: ${shortened(part, limits.reason)}`);
	if (unread.length === 0) return lines;
	return [
		...lines.length === 0 ? ["## Not decided", ""] : lines,
		...cut(unread, limits),
		""
	];
}
function sectionLines(verdict, heading, { predicate }, shown, limits) {
	if (predicate.counts[verdict] === 0) return [];
	const rows = shown.filter((item) => item.verdict === verdict);
	const table = [
		"| package | version | architecture | archive | used | expected | reason |",
		"|---|---|---|---|---|---|---|",
		...rows.map((item) => packageRow(item, limits)),
		""
	];
	return [
		heading,
		"",
		ADVICE[verdict] ?? "",
		"",
		...rows.length === 0 ? [] : table
	];
}
function packageRow(item, limits) {
	const { name, version, architecture, archive, sha256, expected = [], reason } = item;
	const texts = [
		name,
		version,
		architecture ?? "",
		archive ?? "none"
	].map((text) => shortened(text, limits.reason));
	const hashes = [sha256 ?? "not known", expected.join(", ")];
	return `| ${[
		...texts,
		...hashes,
		shortened(reason, limits.reason)
	].join(" | ")} |`;
}
/** What the policy excepts, with what that hides: whoever reads `pass` should know what it does not mean. */
function exceptedLines(report, limits) {
	const packages = exceptedPackages(report);
	if (packages.length === 0) return [];
	const rows = packages.slice(0, limits.rows).map((item) => {
		const { name, version, architecture, archive, sha256, reason } = item;
		const texts = [
			name,
			version,
			architecture ?? "",
			archive ?? "none",
			sha256 ?? "not known"
		];
		const why = [
			whatIsHidden(item),
			whyExcepted(item),
			reason
		];
		return `| ${[...texts, ...why].map((text) => shortened(text, limits.reason)).join(" | ")} |`;
	});
	const table = [
		"| package | version | architecture | archive | used | what is hidden | why | found |",
		"|---|---|---|---|---|---|---|---|",
		...rows,
		""
	];
	const more = packages.length - rows.length;
	return [
		"## Excepted by the policy",
		"",
		"These are not proven. The policy accepts them all the same.",
		"",
		...rows.length === 0 ? [] : table,
		...more > 0 ? [`${more} more excepted packages are in report.json.`, ""] : []
	];
}
function remarkLines(report, limits) {
	const lines = [
		...otherArchiveLines(report.predicate).map((line) => `Seen by the build, and in no archive of the policy: ${line}`),
		...unprovenLines(report.predicate).map((line) => `What the archive lists: ${line}`),
		...archiveNotes(report).map((note) => `Not there: ${note}`),
		...staleExceptions(report)
	].map((remark) => `- ${shortened(remark, limits.reason)}`);
	return lines.length === 0 ? [] : [...cut(lines, limits), ""];
}
/** How old what was signed is, and who told the time. */
function clockLines({ predicate }) {
	const states = signedStates(predicate);
	const told = toldClock(predicate);
	return [...states === void 0 ? [] : [`The signed states that prove packages identical are ${describeStates(states, predicate.at)}.`, ""], ...told === void 0 ? [] : [shortened(told, MAX_NAME), ""]];
}
function trustLines({ predicate }) {
	return cut(predicate.trust.map(({ packages, of, trusts }) => {
		return `- ${shortened(of, MAX_NAME)} (${packages}): ${shortened(trusts, MAX_TRUST)}`;
	}), {
		rows: MAX_NAMED,
		reason: MAX_TRUST
	});
}
/** What the reader compares with what he knows: subjects, lists, archives, the policy. */
function originLines({ predicate, subject }) {
	const limits = {
		rows: MAX_NAMED,
		reason: MAX_NAME
	};
	const subjects = subject.map(({ name, digest }) => `- ${shortened(name, MAX_NAME)}: sha256 ${digest.sha256}`);
	const archives = predicate.archives.map(({ name, require, url, suites }) => `- ${shortened(`${name} (${require}): ${url} ${suites.join(" ")}`, MAX_NAME)}`);
	return [
		...cut(subjects, limits),
		...cut(archives, limits),
		`- policy: sha256 ${predicate.policy.sha256}`
	];
}
/** Subjects and archives that are named, and characters of each. */
const MAX_NAMED = 50;
const MAX_NAME = 300;
/** Characters of what has to be trusted of a class of packages: our own words, and names. */
const MAX_TRUST = 1e3;
function folded(title, lines) {
	if (lines.length === 0) return [];
	return [
		"<details>",
		`<summary>${title}</summary>`,
		"",
		...lines,
		"",
		"</details>",
		""
	];
}
function cut(lines, { rows }) {
	const most = Math.max(rows, 3);
	return lines.length <= most ? [...lines] : [...lines.slice(0, most), `- … and ${lines.length - most} more, in report.json.`];
}
function shortened(text, length) {
	return plain(text.length <= length ? text : `${text.slice(0, length).toWellFormed()}…`);
}
/** Plain text in a Markdown table: names and reasons come from outside. */
function plain(text) {
	return visible(text).replaceAll("\n", " ").replaceAll(/[\\`*_[\]<>|~&]/g, (character) => `&#${character.charCodeAt(0)};`).replaceAll("@", "@<!-- -->");
}
// src/net/content-folder.ts
/** A folder with files under the SHA-256 of their bytes: a file is there whole or not at all. */
var ContentFolder = class ContentFolder {
	folder;
	constructor(folder) {
		this.folder = folder;
	}
	/** @throws DebproofError OUTPUT */
	static async open(folder) {
		return await writing(folder, async () => {
			await makeFolder(folder);
			return new ContentFolder(folder);
		});
	}
	pathOf(sha256) {
		return path.join(this.folder, sha256);
	}
	/** @throws DebproofError OUTPUT */
	async add(bytes) {
		const sha256 = createHash("sha256").update(bytes).digest("hex");
		return await writing(this.folder, async () => {
			const temporary = this.#temporary();
			await writeFile(temporary, bytes);
			await rename(temporary, this.pathOf(sha256));
			return {
				sha256,
				size: bytes.length
			};
		});
	}
	/** Gives a file that was added another place on the same disk, whole or not at all. @throws DebproofError OUTPUT */
	async moveOut(sha256, file) {
		await writing(this.folder, async () => await rename(this.pathOf(sha256), file));
	}
	/** @throws DebproofError OUTPUT */
	async read(sha256) {
		return await writing(this.folder, async () => await readFile(this.pathOf(sha256)));
	}
	/** @throws DebproofError OUTPUT */
	async spool() {
		return await writing(this.folder, async () => {
			const temporary = this.#temporary();
			return new Spool(this, temporary, await open(temporary, "wx"));
		});
	}
	/** Bytes of a file that is there. */
	async sizeOf(sha256) {
		return (await stat(this.pathOf(sha256))).size;
	}
	#temporary() {
		return path.join(this.folder, `.${randomBytes(8).toString("hex")}.part`);
	}
};
/** A file that is written while its bytes are read by somebody else. */
var Spool = class {
	#folder;
	#temporary;
	#file;
	#hash = createHash("sha256");
	#size = 0;
	#ended = false;
	#brokeOff = false;
	constructor(folder, temporary, file) {
		this.#folder = folder;
		this.#temporary = temporary;
		this.#file = file;
	}
	/** Whether where the bytes come from failed, rather than who read them. */
	get brokeOff() {
		return this.#brokeOff;
	}
	async *tee(chunks) {
		const source = chunks[Symbol.asyncIterator]();
		try {
			for (;;) {
				const next = await this.#next(source);
				if (next.done === true) break;
				await writing(this.#folder.folder, async () => await this.#file.writeFile(next.value));
				this.#hash.update(next.value);
				this.#size += next.value.length;
				yield next.value;
			}
			this.#ended = true;
		} finally {
			if (!this.#ended) await source.return?.();
		}
	}
	async #next(source) {
		try {
			return await source.next();
		} catch (error) {
			this.#brokeOff = true;
			throw error;
		}
	}
	/** Keeps what was read, `complete` where that was all. @throws DebproofError OUTPUT */
	async keep() {
		return await writing(this.#folder.folder, async () => {
			await this.#file.close();
			const sha256 = this.#hash.digest("hex");
			await rename(this.#temporary, this.#folder.pathOf(sha256));
			return {
				sha256,
				size: this.#size,
				complete: this.#ended
			};
		});
	}
	async discard() {
		await this.#file.close().catch(() => {});
		await rm(this.#temporary, { force: true });
	}
};
async function writing(folder, action) {
	try {
		return await action();
	} catch (error) {
		if (error instanceof DebproofError) throw error;
		throw new DebproofError("OUTPUT", `The folder ${folder} cannot be written`, { cause: error });
	}
}
// src/evidence/needles.ts
/**
* Looks for many texts at once, in one pass over the bytes that mostly leaps: with some hundred forms of a job's
* secrets and hundreds of megabytes of evidence, one search for each would take minutes (Wu and Manber, "A Fast
* Algorithm for Multi-Pattern Searching", 1994, with blocks of two bytes).
*/
var Needles = class {
	/** Bytes of the longest. */
	longest;
	#shortest;
	/** By two bytes: how far the window may move on when it ends in them; 0 where a needle may be. */
	#leaps;
	/** By the two bytes at the end of its first `#shortest` bytes. */
	#byEnd = /* @__PURE__ */ new Map();
	/** @param needles each of two bytes or more */
	constructor(needles) {
		const lengths = needles.map(({ length }) => length);
		this.longest = Math.max(0, ...lengths);
		this.#shortest = Math.min(...lengths, 255);
		if (this.#shortest < 2) throw new Error("a needle has at least two bytes");
		this.#leaps = (/* @__PURE__ */ new Uint8Array(65536)).fill(this.#shortest - 1);
		for (const needle of needles) {
			for (let end = 1; end < this.#shortest; end++) {
				const pair = pairAt(needle, end);
				this.#leaps[pair] = Math.min(this.#leaps[pair] ?? 0, this.#shortest - 1 - end);
			}
			const last = pairAt(needle, this.#shortest - 1);
			this.#byEnd.set(last, [...this.#byEnd.get(last) ?? [], needle]);
		}
	}
	/** Whether one of them is in the bytes. */
	isIn(bytes) {
		const leaps = this.#leaps;
		for (let end = this.#shortest - 1; end < bytes.length;) {
			const pair = pairAt(bytes, end);
			const leap = leaps[pair] ?? 0;
			if (leap === 0 && this.#startsAt(bytes, end - this.#shortest + 1, pair)) return true;
			end += leap === 0 ? 1 : leap;
		}
		return false;
	}
	#startsAt(bytes, start, pair) {
		return (this.#byEnd.get(pair) ?? []).some((needle) => start + needle.length <= bytes.length && needle.every((byte, index) => bytes[start + index] === byte));
	}
};
function pairAt(bytes, end) {
	return (bytes[end - 1] ?? 0) << 8 | (bytes[end] ?? 0);
}
// src/evidence/secrets.ts
/**
* Sees that neither the report nor a file of its evidence holds a secret of the job, in any form in which git and the
* toolkits of CIs write it (`formsOf`): a policy can name any file of the workspace, a CI may put variables into the
* name of a release, and both are made to be published.
*
* @param output the output folder, with the evidence
* @param report the bytes that are to be written there
* @param secrets texts, each of which is enough to tell a secret by
* @throws DebproofError USAGE
*/
async function refuseSecrets(output, report, secrets) {
	if (secrets.length === 0) return;
	const needles = new Needles(secrets.flatMap(formsOf).map((form) => Buffer.from(form)));
	if (needles.isIn(report)) throw published("The report");
	for (const file of await bundleFiles(output)) if (await holdsOneOf(path.join(output, file), needles)) throw published("A file that the policy or a list names");
}
function published(what) {
	return new DebproofError("USAGE", `${what} holds a secret of this job, such as the signing key, and would be published with the report. Find out who brought it there; nothing was kept.`);
}
async function holdsOneOf(file, needles) {
	let before = Buffer.alloc(0);
	for await (const chunk of createReadStream(file, { highWaterMark: 1048576 })) {
		const bytes = Buffer.concat([before, chunk]);
		if (needles.isIn(bytes)) return true;
		before = bytes.subarray(Math.max(0, bytes.length - needles.longest + 1));
	}
	return false;
}
// src/evidence/write-checker.ts
/**
* Puts the script beside a report that checks it and its evidence with gpgv, sha256sum, xz, gzip, base64 and awk, so that
* nobody has to trust this program. An earlier one is replaced, whole or not at all.
*
* @param folder an output folder, which is there
* @throws DebproofError OUTPUT
*/
async function writeChecker(folder) {
	const script = await readFile(new URL(`recheck/${CHECKER}`, PACKAGE_ROOT));
	const temporary = path.join(folder, partName(CHECKER));
	try {
		await writeFile(temporary, script, {
			mode: 493,
			flag: "wx"
		});
		await rename(temporary, path.join(folder, CHECKER));
	} catch (error) {
		await rm(temporary, { force: true });
		throw new DebproofError("OUTPUT", `${CHECKER} cannot be written to ${folder}; name another with --output`, { cause: error });
	}
}
// src/report/output-folder.ts
/**
* The folder that a report is written to, by one run at a time. An earlier report there is removed at the start, so that
* a run that ends early leaves none that looks like its own.
*/
var OutputFolder = class OutputFolder {
	folder;
	#lock;
	constructor(folder, lock) {
		this.folder = folder;
		this.#lock = lock;
	}
	/**
	* Makes the folder and sees that it can be written, before any work is done. It is this run's until `release`.
	* @throws DebproofError OUTPUT, also where another run writes to it
	*/
	static async prepare(folder) {
		return await uninterrupted(async () => {
			let lock;
			try {
				await makeFolder(folder);
				lock = takeOrRemove(folder);
				const output = new OutputFolder(folder, lock);
				const foreign = removeEarlierReport(folder);
				if (foreign[0] !== void 0) throw isForeign(path.join(folder, foreign[0]));
				await output.#write(".writable", "");
				await rm(path.join(folder, ".writable"));
				return output;
			} catch (error) {
				lock?.release();
				throw error instanceof DebproofError ? error : cannotWrite(folder, error);
			}
		});
	}
	/** Whether no other run took the folder while this one was not to be seen. */
	get isOwn() {
		return this.#lock.isOwn;
	}
	/** From here on another run may write to it. */
	release() {
		this.#lock.release();
	}
	get reportPath() {
		return path.join(this.folder, REPORT_NAMES.report);
	}
	get summaryPath() {
		return path.join(this.folder, REPORT_NAMES.summary);
	}
	/**
	* The report itself comes after its signature: a run that is killed in between leaves none that nobody signed.
	* @throws DebproofError OUTPUT
	*/
	async write({ report, signature, summary, junit, variables }) {
		await uninterrupted(async () => {
			if (!this.isOwn) throw new DebproofError("OUTPUT", `${this.folder} was taken from this run, which was not to be seen for long, or was removed: nothing was written.`);
			try {
				if (signature !== void 0) await this.#write(REPORT_NAMES.signature, signature);
				await this.#write(REPORT_NAMES.summary, summary);
				await this.#write(REPORT_NAMES.junit, junit);
				await this.#write(REPORT_NAMES.report, report);
				await this.#write(REPORT_NAMES.variables, variables);
			} catch (error) {
				await this.#discard();
				throw cannotWrite(this.folder, error);
			}
		});
	}
	async #discard() {
		for (const name of REPORT_FILES) await rm(path.join(this.folder, name), { force: true }).catch(() => {});
	}
	/** A file is there whole or not at all. */
	async #write(name, content) {
		const temporary = path.join(this.folder, partName(name));
		try {
			await writeLasting(temporary, content);
			await rename(temporary, path.join(this.folder, name));
		} finally {
			await rm(temporary, { force: true });
		}
	}
};
/** A folder that is full, and not another run's, keeps no verdict of an earlier one either. */
function takeOrRemove(folder) {
	try {
		return OutputLock.take(folder);
	} catch (error) {
		if (!isTaken(error)) removeEarlierReport(folder);
		throw error;
	}
}
function isForeign(file) {
	return new DebproofError("OUTPUT", `${file} is not debproof's and is not replaced; name another folder with --output.`);
}
function cannotWrite(folder, cause) {
	return new DebproofError("OUTPUT", `The output folder ${folder} cannot be written; name another with --output`, { cause });
}
// src/report/junit.ts
/** The suite of packages that no archive lists. */
const NOWHERE = "in no archive";
/**
* The report as JUnit XML, for the test reports of a CI: one test for each package that fails or is undecided, one that
* is skipped for each that the policy excepts, and one for all others of an archive, so that two thousand packages stay
* readable. It has a failure or an error if and only
* if the verdict is not `pass`, and a failure if and only if it is `fail`.
*
* The format has no standard; this is what Jenkins' and GitLab's readers take.
*/
function junitReport(report) {
	const cases = [
		...packageCases(report),
		...exceptedCases(report),
		...archiveCases(report),
		...unprovenCases(report)
	];
	const verdict = report.predicate.verdict;
	if (verdict !== "pass" && cases.every(({ trouble }) => trouble === void 0)) cases.push({
		suite: "debproof",
		name: "verdict",
		trouble: troubleOf(verdict, headline(report), "")
	});
	const suites = [...new Set(cases.map(({ suite }) => suite))];
	return [
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
		`<testsuites name="debproof"${countsOf(cases)}>`,
		...suites.flatMap((suite) => suiteLines(suite, cases)),
		"</testsuites>",
		""
	].join("\n");
}
function packageCases(report) {
	const packages = packagesToLookAt(report);
	const cases = packages.slice(0, MAX_JUNIT_CASES).map(packageCase);
	const rest = packages.slice(MAX_JUNIT_CASES);
	if (rest.length > 0) {
		const gravest = rest[0]?.verdict ?? "undecided";
		const message = `${rest.length} more packages fail or are undecided; report.json has all of them.`;
		cases.push({
			suite: "debproof",
			name: "all other packages",
			trouble: troubleOf(gravest, message, "")
		});
	}
	return cases;
}
function packageCase(item) {
	const { verdict, reason, archive, sha256, expected = [] } = item;
	const text = [
		reason,
		...[...sha256 === null ? [] : [`used:     ${sha256}`], ...expected.map((hash) => `expected: ${hash}`)],
		ADVICE[verdict] ?? ""
	].join("\n");
	return {
		suite: archive ?? NOWHERE,
		name: nameOf(item),
		trouble: troubleOf(verdict, reason, text)
	};
}
/** What the policy excepts is neither proven nor a failure. */
function exceptedCases(report) {
	const packages = exceptedPackages(report);
	const cases = packages.slice(0, MAX_JUNIT_CASES).map((item) => {
		const skipped = `excepted by the policy: ${whatIsHidden(item)}: ${whyExcepted(item)}`;
		return {
			suite: suiteOf(item),
			name: nameOf(item),
			skipped,
			output: item.reason
		};
	});
	const more = packages.length - cases.length;
	if (more > 0) {
		const skipped = `The policy excepts ${more} more packages; report.json has all of them.`;
		cases.push({
			suite: "debproof",
			name: "all other excepted packages",
			skipped
		});
	}
	return cases;
}
/** One test for what an archive listed and was proven, and what could not be read of it. */
function archiveCases({ predicate }) {
	const proven = predicate.packages.filter(({ verdict }) => verdict === "identical" || verdict === "reproduced");
	return [.../* @__PURE__ */ new Set([...predicate.archives.map(({ name }) => name), ...proven.map(suiteOf)])].map((suite) => {
		const own = proven.filter((item) => suiteOf(item) === suite);
		const unread = predicate.archives.find(({ name }) => name === suite)?.unread ?? [];
		const text = unread.map(({ what, reason }) => `${what}: ${reason}`).join("\n");
		const isOpen = unread.length > 0 && predicate.verdict !== "pass";
		return {
			suite,
			name: "proven packages",
			output: `${own.length} package${own.length === 1 ? "" : "s"}: ${listVerdicts(own)}`,
			...isOpen ? { trouble: troubleOf("unread", `${suite} could not be read, or not whole.`, text) } : {}
		};
	});
}
/** Where the policy refuses files that nobody vouches for: one test for each archive that lists such. */
function unprovenCases({ predicate }) {
	const refused = surroundingsOf(predicate).refused;
	return predicate.archives.flatMap((archive, index) => {
		const { name, unproven } = archive;
		const action = refused[index];
		if (action === void 0 || action === "none") return [];
		const text = unproven?.files.map((file) => `${file.name} ${file.version} ${file.architecture} ${file.sha256 ?? ""}`);
		const message = `${unprovenSentence(archive)}.`;
		return [{
			suite: name,
			name: "all listed files",
			trouble: troubleOf(action === "fail" ? "unproven-files" : "undecided", message, (text ?? []).join("\n"))
		}];
	});
}
function suiteOf({ archive }) {
	return archive ?? NOWHERE;
}
function listVerdicts(packages) {
	return [...new Set(packages.map(({ verdict }) => verdict))].sort().map((one) => `${packages.filter(({ verdict }) => verdict === one).length} ${one}`).join(", ") || "none";
}
function troubleOf(type, message, text) {
	return {
		element: type === "undecided" || type === "unread" ? "error" : "failure",
		type,
		message,
		text
	};
}
function suiteLines(suite, all) {
	const cases = all.filter((one) => one.suite === suite);
	return [
		`  <testsuite name="${escaped(suite)}"${countsOf(cases)}>`,
		...cases.map(({ name, trouble, skipped, output }) => {
			const body = [
				...trouble === void 0 ? [] : [`<${trouble.element} type="${escaped(trouble.type)}" message="${escaped(trouble.message)}">${escaped(trouble.text)}</${trouble.element}>`],
				...skipped === void 0 ? [] : [`<skipped message="${escaped(skipped)}"/>`],
				...output === void 0 ? [] : [`<system-out>${escaped(output)}</system-out>`]
			];
			return `    <testcase classname="${escaped(suite)}" name="${escaped(name)}">${body.join("")}</testcase>`;
		}),
		"  </testsuite>"
	];
}
function countsOf(cases) {
	const count = (element) => cases.filter(({ trouble }) => trouble?.element === element).length;
	const skipped = cases.filter((one) => one.skipped !== void 0).length;
	return ` tests="${cases.length}" failures="${count("failure")}" errors="${count("error")}" skipped="${skipped}"`;
}
/** XML 1.0, 2.2 and 2.4: characters that it cannot hold are shown, not dropped. */
function escaped(text) {
	return visible(text.toWellFormed()).replaceAll(/[\ufffe\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\"", "&quot;").replaceAll("\n", "&#10;");
}
// src/report/verdict-variables.ts
/**
* The verdict as `NAME=value` lines, for later jobs of a pipeline: GitLab's dotenv reports take at most 20 variables in
* 5 KiB, one a line, without quotes. No value comes from outside.
*
* @param bytes those of report.json
* @param signedBy the fingerprint of the key that signed it; undefined where none did, and then empty
*/
function verdictVariables({ predicate }, bytes, signedBy) {
	return [
		["VERDICT", predicate.verdict],
		["SIGNED_BY", signedBy ?? ""],
		["REPORT_SHA256", createHash("sha256").update(bytes).digest("hex")],
		...Object.entries(predicate.counts).map(([name, count]) => [name.toUpperCase(), count])
	].map(([name, value]) => `DEBPROOF_${name}=${value}\n`).join("");
}
// src/report/report-files.ts
/** The report in each of its forms: all are made of the one that is signed. */
async function reportFiles(report, key) {
	const bytes = serializeReport(report);
	return {
		report: bytes,
		...key === void 0 ? {} : { signature: await key.sign(bytes) },
		summary: reportSummary(report),
		junit: junitReport(report),
		variables: verdictVariables(report, bytes, key?.fingerprint)
	};
}
export { ContentFolder as a, staleExceptions as c, refuseSecrets as i, OutputFolder as n, shortSummary as o, writeChecker as r, exceptedText as s, reportFiles as t };
