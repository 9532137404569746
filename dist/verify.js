import { n as purposeOf, r as commentOn, t as run } from "./run.js";
import { n as detectPlatform, t as policyPlaces } from "./policy-places.js";
import { n as secretsIn } from "./job-secrets.js";
import { l as COMMON_OPTIONS, u as JSON_OPTION } from "./places.js";
import { t as readRunOptions } from "./run-options.js";
import { t as readSigningInput } from "./signing-input.js";
import { t as VERIFY_OPTIONS } from "./verify-options.js";
import { t as visible } from "./visible.js";
import { t as printReport } from "./print-report.js";
import { t as ProgressLine } from "./progress-line.js";
// src/commands/verify.ts
const verifyCommand = {
	name: "verify",
	usage: "[--policy FILE | --system]",
	title: "prove every package of a build identical to its upstream, or reproduced, and write a signed report",
	description: "Reads the package lists of a build, locates each package in the archives of the policy, proves it identical to\nwhat its upstream signed, or reproduced by enough rebuilders, and writes report.json, report.json.asc, summary.md,\njunit.xml, verdict.env and the evidence.\n\nExit codes: 0 every package is proven or excepted, 1 at least one failed, 2 the command, policy, key or a\npackage list is wrong, 3 nothing failed but something could not be decided.",
	options: [
		...VERIFY_OPTIONS,
		JSON_OPTION,
		...COMMON_OPTIONS
	],
	positionals: {
		min: 0,
		max: 0
	},
	async run(given, terminal) {
		const progress = new ProgressLine(terminal, {
			quiet: given.flag("quiet"),
			verbose: given.flag("verbose")
		});
		const options = await runOptions(given, terminal);
		const result = await run(options, progress).finally(() => progress.end());
		const code = printReport(given, terminal, result);
		if (given.flag("comment")) await comment(options, result, terminal);
		return code;
	}
};
async function runOptions(given, { environment }) {
	const signing = await readSigningInput(given.text("signing-key"), environment);
	const isPullRequest = detectPlatform(environment)?.isPullRequest ?? false;
	const places = policyPlaces(environment, given.texts("allow-path"));
	return {
		...readRunOptions(given, {
			environment,
			signing,
			isPullRequest,
			places
		}),
		secrets: secretsIn(environment)
	};
}
/** The verdict stands whatever comes of it. */
async function comment(options, { report, reportPath }, terminal) {
	const { environment } = options;
	const token = environment["DEBPROOF_COMMENT_TOKEN"] ?? "";
	const job = environment["CI_JOB_URL"];
	const whereRest = job === void 0 ? `the whole report: ${reportPath}.` : `[the whole report](${job}/artifacts/browse).`;
	const outcome = await commentOn(report, environment, token, purposeOf(options, environment), whereRest);
	const line = "problem" in outcome ? `No comment was written: ${outcome.problem}` : `Comment: ${outcome.url}`;
	terminal.err(`${visible(line)}\n`);
}
export { verifyCommand };
