import { B as MAX_JOB_SUMMARY, _ as MAX_ATTESTED_SUBJECTS, g as MAX_ATTESTED_PREDICATE, r as describeError, t as DebproofError } from "./errors.js";
import { c as REPORT_FILES, d as removeEarlierReport, i as onSignals, r as whereNobodyWrites } from "./output-lock.js";
import { F as packagesToLookAt, I as unreadParts, N as headline, P as nameOf, T as bundleFiles } from "./surroundings.js";
import { o as shortSummary } from "./report-files.js";
import { a as rememberCache, c as overhear, i as outputFolder, l as jobLog, n as inWordsOfTheAction, o as restoreCache, r as loadInputs } from "./inputs.js";
import { n as purposeOf, r as commentOn, t as run } from "./run.js";
import { n as detectPlatform } from "./policy-places.js";
import { t as terminalOf } from "./terminal.js";
import path from "node:path";
import { readdir } from "node:fs/promises";
// src/ci/artifacts.ts
/** Why this runner has no service for artifacts; undefined where it has one. */
function whyNoArtifacts(environment) {
	if (!((environment["ACTIONS_RUNTIME_TOKEN"] ?? "") !== "" && (environment["ACTIONS_RESULTS_URL"] ?? "") !== "")) return "this runner has no artifact service";
	return isEnterpriseServer(environment) ? "GitHub Enterprise Server has no artifact service of this version" : void 0;
}
/**
* Uploads the files of a report: those that debproof wrote, and never what else lies in the folder, which may be the
* whole workspace with the token of a checkout in it.
*
* @param what the report's own files, the evidence's, or both
* @throws DebproofError PUBLISH
*/
async function uploadArtifact(folder, what, { name, retentionDays, compression }) {
	const files = [...what.includes("report") ? await reportFilesIn(folder) : [], ...what.includes("evidence") ? await bundleFiles(folder) : []];
	if (files.length === 0) return void 0;
	try {
		const { DefaultArtifactClient } = await import("./artifact.js");
		const options = {
			compressionLevel: compression,
			...retentionDays === void 0 ? {} : { retentionDays }
		};
		const root = path.resolve(folder);
		const paths = files.map((file) => path.join(root, file));
		const { id } = await new DefaultArtifactClient().uploadArtifact(name, paths, root, options);
		if (id === void 0) throw new Error("the service gave it no id");
		return {
			id: String(id),
			url: artifactUrl(process.env, id)
		};
	} catch (error) {
		throw new DebproofError("PUBLISH", `The artifact ${name} could not be uploaded (${describeError(error)}). ${advice(error)}`, { cause: error });
	}
}
/** Publishes the artifacts of a run: an id and a URL for each that was uploaded, as outputs. */
async function publishArtifacts(folder, artifact, evidence) {
	if (artifact === void 0 && evidence === void 0) return void 0;
	const missing = whyNoArtifacts(process.env);
	if (missing !== void 0) {
		jobLog.notice(`No artifact was uploaded: ${missing}. The report is in ${folder} on this runner.`);
		return;
	}
	const uploaded = artifact === void 0 ? void 0 : await uploadArtifact(folder, evidence === void 0 ? ["report", "evidence"] : ["report"], artifact);
	setOutputs("artifact", uploaded);
	if (evidence !== void 0) setOutputs("evidence-artifact", await uploadArtifact(folder, ["evidence"], evidence));
	return uploaded;
}
function setOutputs(prefix, uploaded) {
	jobLog.setOutput(`${prefix}-id`, uploaded?.id ?? "");
	jobLog.setOutput(`${prefix}-url`, uploaded?.url ?? "");
}
async function reportFilesIn(folder) {
	const names = new Set(await readdir(folder));
	return REPORT_FILES.filter((name) => names.has(name));
}
function advice(error) {
	const text = describeError(error);
	if (/already exists|Conflict|\(409\)/i.test(text)) return "Each job of a run needs a name of its own: set the input artifact, in a matrix with its values in it.";
	if (/quota|insufficient usage/i.test(text)) return "Remove old artifacts, or set artifact-retention-days lower.";
	return "Run the job again; where artifacts are not wanted, set the input artifact to none.";
}
/** As @actions/artifact tells it. */
function isEnterpriseServer(environment) {
	const { hostname } = new URL(environment["GITHUB_SERVER_URL"] || "https://github.com");
	return hostname !== "github.com" && !hostname.endsWith(".ghe.com") && !hostname.endsWith(".localhost");
}
function artifactUrl(environment, id) {
	return `${environment["GITHUB_SERVER_URL"] || "https://github.com"}/${environment["GITHUB_REPOSITORY"] ?? ""}/actions/runs/${environment["GITHUB_RUN_ID"] ?? ""}/artifacts/${id}`;
}
// src/ci/attestation.ts
const PERMISSIONS = `Add to the job:

    permissions:
      contents: read
      id-token: write
      attestations: write
`;
/**
* Why nothing can be attested here; undefined where it can. Asked before a run, which may take long.
*
* GitHub gives no identity to a job without `id-token: write`, nor to pull requests from forks.
*/
function whyNoAttestation(environment) {
	const { hostname } = new URL(environment["GITHUB_SERVER_URL"] || "https://github.com");
	if (hostname !== "github.com" && !hostname.endsWith(".ghe.com")) return `attest needs github.com or ghe.com: ${hostname} stores no attestations.`;
	if ((environment["ACTIONS_ID_TOKEN_REQUEST_URL"] ?? "") !== "") return void 0;
	return `attest needs an identity token for the job, and this one is not permitted to ask for one. ${PERMISSIONS}`;
}
/**
* Has Sigstore and GitHub attest a report: the same statement as report.json.
*
* One that does not pass is never attested: whoever looks for an attestation of this type takes it for a yes.
*
* @throws DebproofError PUBLISH
*/
async function attestReport(report, token, environment) {
	const { subject, predicateType, predicate } = report;
	if (predicate.verdict !== "pass") throw new Error("only a report that passes is attested");
	if (predicate.shard !== void 0) throw cannot("It is on one part of the packages: attest the merged one.");
	if (predicate.counts.total === 0) throw cannot("There is no package in it.");
	if (subject.length > 1024) throw cannot(`It has ${subject.length} subjects, and ${MAX_ATTESTED_SUBJECTS} may be attested: name fewer images.`);
	const size = Buffer.byteLength(JSON.stringify(predicate));
	if (size > 16777216) throw cannot(`It has ${size} bytes, and ${MAX_ATTESTED_PREDICATE} may be attested: attest its signature instead.`);
	try {
		const { attest } = await import("./lib.js");
		const subjects = subject.map(({ name, digest }) => ({
			name,
			digest: { ...digest }
		}));
		const { result } = await overhear(async () => await attest({
			subjects,
			predicateType,
			predicate,
			token
		}));
		const id = String(result.attestationID ?? "");
		if (id === "") throw new Error("GitHub gave it no id");
		return {
			id,
			url: `${environment["GITHUB_SERVER_URL"] || "https://github.com"}/${environment["GITHUB_REPOSITORY"] ?? ""}/attestations/${id}`
		};
	} catch (error) {
		const advice = /not accessible|forbidden|\b403\b/i.test(describeError(error)) ? ` ${PERMISSIONS}` : "";
		throw new DebproofError("PUBLISH", `The report could not be attested: ${describeError(error)}.${advice}`, { cause: error });
	}
}
function cannot(why) {
	return new DebproofError("PUBLISH", `The report could not be attested. ${why}`);
}
// src/ci/github.ts
/** Whether the lines of the run are folded together in the log. */
let isGroupOpen = false;
/** Tells a run's progress in the log of a GitHub job. */
const githubWatcher = {
	progress: jobLog.step,
	warn: jobLog.warning,
	download: (url) => jobLog.debug(url.href)
};
/**
* Removes the report of an earlier run before any input is judged: however the step ends, no later one publishes a
* verdict that is not its own. What is wrong with the folder is told by the run.
*/
function removeEarlierOutput() {
	const folder = outputFolder();
	try {
		if (folder !== void 0) whereNobodyWrites(folder, () => removeEarlierReport(folder));
	} catch {}
}
/**
* Does what comes before the run: sees that it may attest, restores the cache.
* @throws DebproofError USAGE
*/
async function prepareOnGitHub({ run, cacheService, attest }) {
	const problem = attest ? whyNoAttestation(process.env) : void 0;
	if (problem !== void 0) {
		if (detectPlatform(process.env)?.isPullRequest !== true) throw new DebproofError("USAGE", problem);
		jobLog.notice(`Nothing will be attested in this pull request: ${problem}`);
	}
	const restored = cacheService && run.cache !== void 0 && !run.offline ? await restoreCache(run.cache, purposeOf(run, process.env)) : "";
	jobLog.startGroup("debproof verify");
	isGroupOpen = true;
	return {
		restored,
		attest: attest && problem === void 0
	};
}
/** Publishes a result: outputs, annotations, artifacts, an attestation, the job summary, a comment. */
async function publishOnGitHub(result, inputs, prepared) {
	jobLog.endGroup();
	isGroupOpen = false;
	const { report, reportPath, signedBy } = result;
	const { verdict, counts } = report.predicate;
	jobLog.setOutput("verdict", verdict);
	jobLog.setOutput("report", reportPath);
	jobLog.setOutput("counts", JSON.stringify(counts));
	jobLog.setOutput("signed-by", signedBy ?? "");
	const line = headline(report);
	if (verdict === "pass") jobLog.info(line);
	else jobLog.setFailed(line);
	annotate(result);
	jobLog.info(`Report: ${reportPath} (${signedBy === void 0 ? "UNSIGNED" : `signed by ${signedBy}`})`);
	const { run } = inputs;
	if (inputs.cacheService && run.cache !== void 0) rememberCache(run.cache, purposeOf(run, process.env), prepared.restored, result.cached);
	const artifact = await attempt(async () => await publishArtifacts(run.output, inputs.artifact, inputs.evidenceArtifact));
	if (prepared.attest) await attempt(async () => await attest(result, inputs));
	const whereRest = placeOf(reportPath, artifact);
	await attempt(async () => await writeSummary(result, whereRest));
	if (inputs.comment) await comment(result, inputs, whereRest);
}
/** One annotation for each package that failed; with none, for each that is undecided. And why parts were not read. */
function annotate({ report }) {
	const packages = packagesToLookAt(report);
	const failed = packages.filter(({ verdict }) => verdict !== "undecided");
	const [kind, shown] = failed.length > 0 ? ["failed", failed] : ["undecided", packages];
	const open = packages.length - failed.length;
	if (failed.length > 0 && open > 0) jobLog.warning(`${open} more packages are undecided; see the report.`);
	const unread = unreadParts(report);
	for (const part of unread.slice(0, 9)) jobLog.warning(`Not read: ${part}`);
	if (unread.length > 9) jobLog.warning(`${unread.length - 9} more were not read; see the report.`);
	for (const item of shown.slice(0, 9)) jobLog.error(item.reason, `${item.verdict}: ${nameOf(item)}`);
	const rest = shown.length - 9;
	if (rest > 0) jobLog.warning(`${rest} more packages ${kind === "failed" ? "failed" : "are undecided"}; see the report.`);
}
/** What the services of GitHub do changes no verdict; but a report that nobody gets fails the step too. */
async function attempt(publish) {
	try {
		return await publish();
	} catch (error) {
		jobLog.setFailed(describeError(error));
		return;
	}
}
async function attest({ report }, { token }) {
	if (report.predicate.verdict !== "pass") {
		jobLog.notice(`Nothing was attested: the verdict is ${report.predicate.verdict}.`);
		return;
	}
	const { id, url } = await attestReport(report, token, process.env);
	jobLog.setOutput("attestation-id", id);
	jobLog.setOutput("attestation-url", url);
	jobLog.info(`Attestation: ${url}`);
}
function placeOf(reportPath, artifact) {
	return artifact === void 0 ? `the whole report from the runner: ${reportPath}.` : `[the whole report](${artifact.url}).`;
}
async function writeSummary({ report }, whereRest) {
	if ((process.env["GITHUB_STEP_SUMMARY"] ?? "") === "") return;
	const text = shortSummary(report, MAX_JOB_SUMMARY, whereRest);
	await jobLog.summary(text, `Download ${whereRest}`);
}
async function comment({ report }, { run, token }, whereRest) {
	const outcome = await commentOn(report, process.env, token, purposeOf(run, process.env), whereRest);
	if ("problem" in outcome) {
		jobLog.notice(`No comment was written: ${outcome.problem}`);
		return;
	}
	jobLog.setOutput("comment-url", outcome.url);
	jobLog.info(`Comment: ${outcome.url}`);
}
/** What the user can mend is told in words; a bug with its trace, which the log of a debug run shows. */
function failOnGitHub(error, message) {
	if (isGroupOpen) jobLog.endGroup();
	if (!(error instanceof DebproofError) && error instanceof Error) jobLog.debug(error.stack ?? "");
	jobLog.setFailed(inWordsOfTheAction(message));
}
// src/action.ts
/** The entry of the GitHub Action. */
process.on("uncaughtException", (error) => {
	failOnGitHub(error, describeError(error));
	process.exit();
});
try {
	onSignals(terminalOf(process).err);
	removeEarlierOutput();
	const inputs = loadInputs(process.env);
	const prepared = await prepareOnGitHub(inputs);
	await publishOnGitHub(await run(inputs.run, githubWatcher), inputs, prepared);
} catch (error) {
	failOnGitHub(error, describeError(error));
}
export {};
