import { Et as MAX_SHARDS, i as isDebproofError, r as describeError, t as DebproofError, x as MAX_BUNDLE_INDEX } from "./errors.js";
import { E as removeBundle, d as serializeIndex, l as filesOf, u as parseIndex, w as BUNDLE_FOLDER, y as asWritten } from "./surroundings.js";
import { D as sha256Of, s as filesOnDisk } from "./shipped-keys.js";
import { a as ContentFolder, i as refuseSecrets, n as OutputFolder, r as writeChecker, t as reportFiles } from "./report-files.js";
import { t as TOOL } from "./tool.js";
import { a as uninterrupted, o as whenInterrupted } from "./output-lock.js";
import { n as secretsIn } from "./job-secrets.js";
import { l as COMMON_OPTIONS, u as JSON_OPTION } from "./places.js";
import { t as readSigningInput } from "./signing-input.js";
import { a as checkPart, i as mergeReports, o as checkParts, r as readSignedReport, s as refuseApart, t as compareWithEvidence } from "./recheck.js";
import { r as parsePlanId } from "./shard.js";
import { t as TrustAnchors } from "./trust.js";
import { r as readReportKey } from "./sign.js";
import { t as printReport } from "./print-report.js";
import { t as ProgressLine } from "./progress-line.js";
import { createReadStream, rmSync } from "node:fs";
import path from "node:path";
import { readFile, realpath, stat } from "node:fs/promises";
// src/evidence/merge-bundles.ts
/**
* Joins the evidence of all parts below the output folder: each file once, the index of each part among them, and a
* new index that names those. Every file is hashed while it is copied: the parts came over networks and disks that
* nobody signed.
*
* @param parts in their order
* @returns null where a part has no evidence: half of it derives no verdict again
* @throws DebproofError USAGE, naming the folder, where a part's evidence is not what its report says; OUTPUT
*/
async function mergeBundles(parts, output) {
	const bundles = parts.flatMap((part) => {
		const { bundle } = part.report.predicate;
		return bundle === void 0 || bundle === null ? [] : [{
			part,
			bundle
		}];
	});
	if (bundles.length < parts.length) return null;
	const folder = path.join(output, BUNDLE_FOLDER);
	const content = await ContentFolder.open(path.join(folder, "sha256"));
	const sizes = /* @__PURE__ */ new Map();
	for (const { part, bundle } of bundles) await addBundle(part, bundle, content, sizes);
	const index = serializeIndex({
		version: 1,
		tool: {
			name: TOOL.name,
			version: TOOL.version
		},
		parts: bundles.map(({ bundle }) => hexOf(bundle))
	});
	const { sha256 } = await content.add(index);
	await content.moveOut(sha256, path.join(folder, "index.json"));
	return {
		index: `sha256:${sha256}`,
		kept: bundles.every(({ bundle }) => bundle.kept === "all") ? "all" : "needed",
		files: sizes.size + 1,
		size: [...sizes.values()].reduce((sum, size) => sum + size, index.length)
	};
}
async function addBundle({ folder, shard }, bundle, content, sizes) {
	const below = path.join(folder, BUNDLE_FOLDER);
	const refused = (problem) => new DebproofError("USAGE", `The evidence in ${below} is not that of its report: ${problem}. Get the part anew.`);
	const bytes = await readIndex(path.join(below, "index.json"), refused);
	const name = hexOf(bundle);
	if (sha256Of(bytes) !== name) throw refused("index.json has other bytes");
	const index = parseIndexOf(bytes, refused);
	if ("parts" in index || index.run.shard?.index !== shard.index || index.run.shard.of !== shard.of) throw refused(`it is not of part ${shard.index} of ${shard.of}`);
	if (index.run.shard.plan !== shard.plan) throw refused(`it is not of the plan ${shard.plan}`);
	const files = filesOf(index);
	if (files.size + 1 !== bundle.files) throw refused(`it names ${files.size + 1} files, and not ${bundle.files}`);
	let left = bundle.size - bytes.length;
	for (const [sha256, expected] of files) {
		const size = await copy(below, sha256, Math.min(expected ?? left, left), content, refused);
		if (expected !== void 0 && size !== expected) throw refused(`${sha256} has ${size} bytes, and not ${expected}`);
		sizes.set(sha256, size);
		left -= size;
	}
	if (left !== 0) throw refused(`its files have not ${bundle.size} bytes together`);
	await content.add(bytes);
	sizes.set(name, bytes.length);
}
/** @returns its size in bytes */
async function copy(below, sha256, limit, content, refused) {
	const file = path.join(below, "sha256", sha256);
	const found = await stat(file).catch(() => void 0);
	if (found?.isFile() !== true) throw refused(`${sha256} is missing`);
	if (found.size > limit) throw refused(`${sha256} is larger than it says`);
	const spool = await content.spool();
	try {
		for await (const _ of spool.tee(limited(file, limit)));
	} catch (error) {
		await spool.discard();
		if (isDebproofError(error)) throw error;
		throw refused(`${sha256} cannot be read (${describeError(error)})`);
	}
	const kept = await spool.keep();
	if (kept.sha256 !== sha256) throw refused(`${sha256} has other bytes`);
	return kept.size;
}
/** A file may grow while it is read. */
async function* limited(file, limit) {
	if (limit > 0) yield* createReadStream(file, {
		end: limit - 1,
		highWaterMark: 1048576
	});
}
async function readIndex(file, refused) {
	const found = await stat(file).catch(() => void 0);
	if (found?.isFile() !== true) throw refused("index.json is missing");
	if (found.size > 268435456) throw refused(`index.json is larger than ${MAX_BUNDLE_INDEX} bytes`);
	return await readFile(file);
}
function parseIndexOf(bytes, refused) {
	try {
		return parseIndex(bytes, "index.json");
	} catch (error) {
		if (!isDebproofError(error, "EVIDENCE")) throw error;
		throw refused(describeError(error).replace(/\.$/, ""));
	}
}
function hexOf({ index }) {
	return index.slice(7);
}
// src/commands/merge.ts
const mergeCommand = {
	name: "merge",
	usage: "DIR… --signed-by KEYRING",
	title: "join the signed reports of all parts of a verification into one, and sign that",
	description: "Reads the output folders of `debproof verify --shard 1/N` to N/N, holds each signature against the keys of the\nmachines that made them, and writes the report that one run over all packages would have written, with the\nevidence of all parts. A part that is missing, unsigned, changed, there twice, of another plan or verification is\nrefused. Every verdict is derived again from the evidence, as `recheck` does, before the report is signed.\n\nExit codes: those of `verify`, by the verdict of the whole; 2 also where a part is refused.",
	options: [
		{
			name: "signed-by",
			value: "KEYRING",
			multiple: true,
			description: "A file with the public keys that the parts are signed with; fingerprints beside it restrict it. Required."
		},
		{
			name: "plan-id",
			value: "ID",
			description: "Take parts of this plan alone. Without it, parts of any one plan are merged."
		},
		{
			name: "output",
			value: "DIR",
			default: "debproof-report",
			description: "The folder that the report is written to. An earlier report there is replaced."
		},
		{
			name: "signing-key",
			value: "FILE",
			description: "The armored OpenPGP private key that signs the report; or its text in DEBPROOF_SIGNING_KEY. Its passphrase is read from DEBPROOF_SIGNING_PASSPHRASE."
		},
		{
			name: "unsigned",
			description: "Write a report without signature; without a key this must be said. Parts must be signed anyway."
		},
		JSON_OPTION,
		...COMMON_OPTIONS
	],
	positionals: {
		min: 1,
		max: MAX_SHARDS
	},
	async run(given, terminal) {
		const signedBy = given.texts("signed-by");
		if (signedBy.length === 0) throw new DebproofError("USAGE", "merge: --signed-by is missing: a file with the keys that signed the parts.");
		const id = given.text("plan-id");
		const plan = id === void 0 ? void 0 : parsePlanId(id);
		const folder = given.text("output") ?? "";
		await refuseAsOutput(folder, given.positionals);
		const output = await OutputFolder.prepare(folder);
		try {
			await removeBundle(folder);
			const signing = await readSigningInput(given.text("signing-key"), terminal.environment);
			const key = await readReportKey(signing, given.flag("unsigned") ? "requested" : void 0);
			const keyring = await new TrustAnchors(process.cwd(), filesOnDisk).keyring(signedBy, "--signed-by");
			const progress = new ProgressLine(terminal, {
				quiet: given.flag("quiet"),
				verbose: given.flag("verbose")
			});
			try {
				progress.progress("Reading the parts");
				const report = await merge(checkParts(await readParts(given.positionals, keyring, plan, progress.warn)), output, key, {
					progress: progress.progress,
					secrets: secretsIn(terminal.environment)
				});
				const { reportPath, summaryPath } = output;
				progress.end();
				const written = {
					report,
					reportPath,
					summaryPath,
					...key === void 0 ? {} : { signedBy: key.fingerprint }
				};
				return printReport(given, terminal, written);
			} finally {
				key?.forget();
				progress.end();
			}
		} finally {
			output.release();
		}
	}
};
/** One after another: each may fill some of the memory while it is read. */
async function readParts(folders, keyring, plan, note) {
	const parts = [];
	const signed = [];
	for (const folder of folders) {
		const { report, signers } = await readSignedReport(folder, keyring, /* @__PURE__ */ new Date());
		if (signers.every(({ hasExpired }) => hasExpired)) note(`${folder} was signed in time by a key that has expired since: ${[...new Set(signers.map(({ primaryFingerprint }) => primaryFingerprint))].join(", ")}.`);
		const part = checkPart(folder, report);
		if (plan !== void 0 && part.shard.plan !== plan) throw new DebproofError("USAGE", `The report in ${folder} is of the plan ${part.shard.plan}, and not of ${plan}, which --plan-id names: merge the parts that were made with that.`);
		parts.push(part);
		const [at] = signers.map(({ signedAt }) => signedAt).sort((a, b) => a.getTime() - b.getTime());
		if (at !== void 0) signed.push({
			folder,
			at
		});
	}
	refuseApart(signed);
	return parts;
}
/**
* Writes the report of all parts, where it follows from their evidence. Evidence that does not fit, or a report that
* cannot be written, leaves none behind.
*/
async function merge(parts, output, key, { progress, secrets }) {
	const { folder } = output;
	const settled = whenInterrupted(() => {
		if (output.isOwn) rmSync(path.join(folder, BUNDLE_FOLDER), {
			recursive: true,
			force: true
		});
	});
	try {
		progress("Joining the evidence");
		const bundle = await mergeBundles(parts, folder);
		const report = asWritten(mergeReports(parts, bundle), bundle, key === void 0 ? "requested" : void 0);
		if (bundle !== null) await refuseUnfounded(report, folder, progress);
		const files = await reportFiles(report, key);
		await refuseSecrets(folder, files.report, [...secrets, ...key?.secrets ?? []]);
		await uninterrupted(async () => {
			if (bundle !== null) await writeChecker(folder);
			await output.write(files);
			settled();
		});
		return report;
	} catch (error) {
		if (output.isOwn) await removeBundle(folder).catch(() => {});
		throw error;
	} finally {
		settled();
	}
}
/** What `recheck` would refuse is not signed: a machine may say of its part what its evidence does not give. */
async function refuseUnfounded(report, folder, progress) {
	const { problems } = await compareWithEvidence(report, folder, progress);
	const [problem, ...others] = problems;
	if (problem === void 0) return;
	const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
	throw new DebproofError("USAGE", `What the parts say together does not follow from their evidence, and \`recheck\` would refuse it: ${problem}${more} Try \`debproof recheck\` on each part, and make those again that it refuses.`);
}
/** What is in the output folder is removed before anything is written to it. */
async function refuseAsOutput(output, folders) {
	const place = await realpath(output).catch(() => void 0);
	for (const folder of folders) if (place !== void 0 && await realpath(folder).catch(() => void 0) === place) throw new DebproofError("USAGE", `${folder} is a part and cannot be the output too: name another with --output.`);
}
export { mergeCommand };
