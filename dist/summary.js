import { t as DebproofError } from "./errors.js";
import { S as unreadParts, _ as archiveNotes, b as packagesToLookAt, g as ADVICE, v as headline, x as staleExceptions } from "./bundle-index.js";
import { t as visible } from "./visible.js";
import { t as makeFolder } from "./make-folder.js";
import { n as STATEMENT_TYPE } from "./report-schema.js";
import { i as PACKAGE_ROOT } from "./trust.js";
import { createHash, randomBytes } from "node:crypto";
import { open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
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
// src/evidence/write-checker.ts
/** What the script is called in an output folder. */
const CHECKER$1 = "recheck.sh";
/**
* Puts the script beside a report that checks it and its evidence with gpgv, sha256sum, xz, gzip and awk, so that
* nobody has to trust this program. An earlier one is replaced, whole or not at all.
*
* @param folder an output folder, which is there
* @throws DebproofError OUTPUT
*/
async function writeChecker(folder) {
	const script = await readFile(new URL(`recheck/${CHECKER$1}`, PACKAGE_ROOT));
	const temporary = path.join(folder, `.${CHECKER$1}.${process.pid}.part`);
	try {
		await writeFile(temporary, script, { mode: 493 });
		await rename(temporary, path.join(folder, CHECKER$1));
	} catch (error) {
		await rm(temporary, { force: true });
		throw new DebproofError("OUTPUT", `${CHECKER$1} cannot be written to ${folder}; name another with --output`, { cause: error });
	}
}
// src/report/output-folder.ts
/** The script that checks a report with other tools; `verify` puts it beside one that has evidence. */
const CHECKER = "recheck.sh";
/** In the order in which they are written: what makes a report whole comes last. */
const NAMES = {
	checker: CHECKER,
	summary: "summary.md",
	report: "report.json",
	signature: "report.json.asc"
};
/**
* The folder that a report is written to. An earlier report there is removed at the start, so that a run that ends
* early leaves none that looks like its own.
*/
var OutputFolder = class OutputFolder {
	folder;
	constructor(folder) {
		this.folder = folder;
	}
	/**
	* Makes the folder and sees that it can be written, before any work is done.
	* @throws DebproofError OUTPUT
	*/
	static async prepare(folder) {
		const output = new OutputFolder(folder);
		try {
			await makeFolder(folder);
			await refuseForeignFiles(folder);
			for (const name of Object.values(NAMES).reverse()) await rm(path.join(folder, name), { force: true });
			await output.#write(".writable", "");
			await rm(path.join(folder, ".writable"));
		} catch (error) {
			throw error instanceof DebproofError ? error : cannotWrite(folder, error);
		}
		return output;
	}
	get reportPath() {
		return path.join(this.folder, NAMES.report);
	}
	get summaryPath() {
		return path.join(this.folder, NAMES.summary);
	}
	/** @throws DebproofError OUTPUT */
	async write({ report, signature, summary }) {
		try {
			await this.#write(NAMES.summary, summary);
			await this.#write(NAMES.report, report);
			if (signature !== void 0) await this.#write(NAMES.signature, signature);
		} catch (error) {
			throw cannotWrite(this.folder, error);
		}
	}
	/** A file is there whole or not at all. */
	async #write(name, content) {
		const temporary = path.join(this.folder, `.${name}.${process.pid}.part`);
		try {
			await writeFile(temporary, content, { flush: true });
			await rename(temporary, path.join(this.folder, name));
		} finally {
			await rm(temporary, { force: true });
		}
	}
};
/** An earlier report may be replaced; a file of the same name that somebody else wrote may not. */
async function refuseForeignFiles(folder) {
	const starts = {
		[NAMES.report]: `{\n "_type": "${STATEMENT_TYPE}"`,
		[NAMES.summary]: "# debproof: ",
		[CHECKER]: "#!/bin/sh\n# Checks a debproof report"
	};
	for (const [name, start] of Object.entries(starts)) {
		const file = path.join(folder, name);
		const text = await readFile(file, "utf8").catch(() => void 0);
		if (text !== void 0 && !text.startsWith(start)) throw new DebproofError("OUTPUT", `${file} is not debproof's and is not replaced; name another folder with --output.`);
	}
}
function cannotWrite(folder, cause) {
	return new DebproofError("OUTPUT", `The output folder ${folder} cannot be written; name another with --output`, { cause });
}
// src/report/summary.ts
/** Packages in the tables; a job summary may have 1 MiB. */
const MAX_ROWS = 200;
/** The report as Markdown: `summary.md`, and the job summary of a CI. */
function reportSummary(report) {
	const { predicate } = report;
	const lines = [
		`# debproof: ${predicate.verdict}`,
		"",
		plain(headline(report)),
		""
	];
	const packages = packagesToLookAt(report);
	const shown = packages.slice(0, MAX_ROWS);
	for (const verdict of new Set(shown.map((item) => item.verdict))) {
		const rows = shown.filter((item) => item.verdict === verdict);
		lines.push(`## ${verdict}`, "", ADVICE[verdict] ?? "", "");
		lines.push("| package | version | architecture | archive | reason |", "|---|---|---|---|---|");
		for (const { name, version, architecture, archive, reason } of rows) lines.push(`| ${[
			name,
			version,
			architecture ?? "",
			archive ?? "none",
			reason
		].map(plain).join(" | ")} |`);
		lines.push("");
	}
	if (packages.length > shown.length) lines.push(`${packages.length - shown.length} more packages are in report.json.`, "");
	const remarks = [
		...unreadParts(report).map((part) => `Not read: ${part}`),
		...archiveNotes(report).map((note) => `Not there: ${note}`),
		...staleExceptions(report)
	];
	if (remarks.length > 0) lines.push(...remarks.map((remark) => `- ${plain(remark)}`), "");
	lines.push("| verdict | packages |", "|---|---|");
	for (const [verdict, count] of Object.entries(predicate.counts)) if (count > 0) lines.push(`| ${verdict} | ${count} |`);
	lines.push("", "## What still has to be trusted", "");
	for (const { packages: count, of, trusts } of predicate.trust) lines.push(`- ${of} (${count}): ${trusts}`);
	lines.push("", `Judged at ${predicate.at} by ${predicate.tool.name} ${predicate.tool.version}.`, "");
	return lines.join("\n");
}
/** Plain text in a Markdown table: names and reasons come from outside. */
function plain(text) {
	return visible(text).replaceAll("\n", " ").replaceAll(/[\\`*_[\]<>|~&]/g, (character) => `&#${character.charCodeAt(0)};`);
}
export { ContentFolder as i, OutputFolder as n, writeChecker as r, reportSummary as t };
