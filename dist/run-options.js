import { t as DebproofError } from "./errors.js";
import { i as parseShard, r as parsePlanId } from "./shard.js";
import { d as clocks } from "./places.js";
import { i as parseListSource, n as cacheFolder, r as parseEvidence } from "./verify-options.js";
// src/options/run-options.ts
/**
* What a run takes, from the options of VERIFY_OPTIONS: those of the command line and the inputs of the action alike.
* @throws DebproofError USAGE
*/
function readRunOptions(given, { environment, signing, isPullRequest, places }) {
	const release = given.text("release");
	const shard = readShard(given);
	const cache = cacheFolder(given.text("cache"), environment);
	if (given.flag("system") && given.texts("policy").length > 0) throw new DebproofError("USAGE", "--system reads no policy; leave out --policy, or --system.");
	if (given.texts("root").length > 0 && !given.flag("system")) throw new DebproofError("USAGE", "--root is for --system; say that too, or leave it out.");
	const unsigned = given.flag("unsigned") ? "requested" : given.flag("unsigned-in-pull-requests") && isPullRequest ? "pull-request" : void 0;
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
		hashesRequired: given.flag("require-hashes"),
		...shard === void 0 ? {} : { shard },
		evidence: parseEvidence(given.text("evidence") ?? ""),
		...cache === void 0 ? {} : { cache },
		...signing === void 0 ? {} : { signing },
		...unsigned === void 0 ? {} : { unsigned },
		places,
		environment
	};
}
/** A part without a plan could be joined with one of last week's: what was withdrawn since would count. */
function readShard(given) {
	const [shard, plan] = [given.text("shard"), given.text("plan-id")];
	if (shard === void 0 && plan === void 0) return void 0;
	if (shard === void 0) throw new DebproofError("USAGE", "--plan-id is for a part; say which with --shard, or leave it out.");
	const parsed = parseShard(shard);
	if (plan === void 0) throw new DebproofError("USAGE", "--shard needs --plan-id, the same for all parts and new for every run: the id in the matrix of `debproof plan`, or what the pipeline is called, such as $GITHUB_RUN_ID-$GITHUB_RUN_ATTEMPT or $CI_PIPELINE_ID.");
	return {
		...parsed,
		plan: parsePlanId(plan)
	};
}
export { readRunOptions as t };
