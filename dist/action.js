import { a as info, c as warning, i as error, l as summary, n as loadInputs, o as setFailed, r as debug, s as setOutput } from "./inputs.js";
import { r as describeError, t as DebproofError } from "./errors.js";
import { b as nameOf, x as packagesToLookAt, y as headline } from "./bundle-index.js";
import { t as visible } from "./visible.js";
import { t as run } from "./run.js";
// src/ci/github.ts
/** GitHub keeps ten errors of a step: the headline, and so many packages. */
const MAX_ANNOTATED = 9;
/** GitHub drops a larger job summary whole. Bytes. */
const MAX_SUMMARY = 1047552;
/** Tells a run's progress in the log of a GitHub job. */
const githubWatcher = {
	progress: (step) => info(`${step} …`),
	warn: (message) => warning(visible(message)),
	download: (url) => debug(visible(url.href))
};
/** Publishes a result: outputs, annotations, the job summary, and the step's own failure. */
async function publishOnGitHub(result) {
	const { report, reportPath, signedBy } = result;
	const { verdict, counts } = report.predicate;
	setOutput("verdict", verdict);
	setOutput("report", reportPath);
	setOutput("counts", JSON.stringify(counts));
	const line = visible(headline(report));
	if (verdict === "pass") info(line);
	else setFailed(line);
	annotate(result);
	await writeSummary(result);
	info(`Report: ${reportPath} (${signedBy === void 0 ? "UNSIGNED" : `signed by ${signedBy}`})`);
}
/** One annotation for each package that failed; with none, for each that is undecided. */
function annotate({ report }) {
	const packages = packagesToLookAt(report);
	const failed = packages.filter(({ verdict }) => verdict !== "undecided");
	const [kind, shown] = failed.length > 0 ? ["failed", failed] : ["undecided", packages];
	for (const item of shown.slice(0, MAX_ANNOTATED)) error(visible(item.reason), { title: visible(`${item.verdict}: ${nameOf(item)}`) });
	const rest = shown.length - MAX_ANNOTATED;
	if (rest > 0) warning(`${rest} more packages ${kind === "failed" ? "failed" : "are undecided"}; see the report.`);
}
async function writeSummary({ summary: summary$1 }) {
	if ((process.env["GITHUB_STEP_SUMMARY"] ?? "") === "") return;
	const bytes = Buffer.from(summary$1);
	const text = bytes.length <= MAX_SUMMARY ? summary$1 : `${bytes.subarray(0, MAX_SUMMARY).toString("utf8")}\n\n… the rest is in summary.md, beside the report.`;
	await summary.addRaw(text).write();
}
/** What the user can mend is told in words; a bug with its trace, which the log of a debug run shows. */
function failOnGitHub(error, message) {
	if (!(error instanceof DebproofError) && error instanceof Error) debug(error.stack ?? "");
	setFailed(visible(message));
}
// src/action.ts
/** The entry of the GitHub Action. */
try {
	await publishOnGitHub(await run(loadInputs(process.env).run, githubWatcher));
} catch (error) {
	failOnGitHub(error, describeError(error));
}
export {};
