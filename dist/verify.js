import { t as DebproofError } from "./errors.js";
import { n as parseShard } from "./shard.js";
import { t as run } from "./run.js";
import { bt as clocks, vt as COMMON_OPTIONS, yt as JSON_OPTION } from "./limits.js";
import { t as printReport } from "./print-report.js";
import { t as ProgressLine } from "./progress-line.js";
import { t as readSigningInput } from "./signing-input.js";
import { a as parseEvidence, i as cacheFolder, o as parseListSource, r as VERIFY_OPTIONS } from "./find-lists.js";
// src/commands/verify.ts
const verifyCommand = {
	name: "verify",
	usage: "[--policy FILE | --system]",
	title: "prove every package of a build identical to its upstream, or reproduced, and write a signed report",
	description: "Reads the package lists of a build, locates each package in the archives of the policy, proves it identical to\nwhat its upstream signed, or reproduced by enough rebuilders, and writes report.json, report.json.asc, summary.md\nand the evidence.\n\nExit codes: 0 every package is proven or excepted, 1 at least one failed, 2 the command, policy, key or a\npackage list is wrong, 3 nothing failed but something could not be decided.",
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
		const result = await run(await runOptions(given, terminal), progress).finally(() => progress.end());
		return printReport(given, terminal, result);
	}
};
async function runOptions(given, { environment }) {
	const release = given.text("release");
	const shard = given.text("shard");
	const cache = cacheFolder(given.text("cache"), environment);
	const signing = await readSigningInput(given.text("signing-key"), environment);
	if (given.flag("system") && given.texts("policy").length > 0) throw new DebproofError("USAGE", "--system reads no policy; leave out --policy, or --system.");
	if (given.texts("root").length > 0 && !given.flag("system")) throw new DebproofError("USAGE", "--root is for --system; say that too, or leave it out.");
	return {
		policy: given.text("policy") ?? "",
		packages: given.texts("packages").map(parseListSource),
		...release === void 0 ? {} : { release },
		...clocks(given.text("at")),
		images: given.texts("image"),
		output: given.text("output") ?? "",
		system: given.flag("system"),
		root: given.text("root") ?? "/",
		offline: given.flag("offline"),
		deep: given.flag("deep"),
		...shard === void 0 ? {} : { shard: parseShard(shard) },
		evidence: parseEvidence(given.text("evidence") ?? ""),
		...cache === void 0 ? {} : { cache },
		...signing === void 0 ? {} : { signing },
		unsigned: given.flag("unsigned"),
		environment
	};
}
export { verifyCommand };
