import { t as DebproofError } from "./errors.js";
import { i as parseListSource, n as cacheFolder, r as parseEvidence } from "./verify-options.js";
import { n as parseShard } from "./shard.js";
import { i as clocks } from "./option.js";
import { readFileSync, statSync } from "node:fs";
// src/ci/platform.ts
/** Undefined outside of a CI that is known. */
function detectPlatform(environment) {
	if (environment["GITHUB_ACTIONS"] === "true") {
		const number = numberOf(environment["GITHUB_REF"]?.match(/^refs\/pull\/(\d+)\//)?.[1]) ?? numberInEvent(environment);
		return {
			name: "github",
			isPullRequest: environment["GITHUB_EVENT_NAME"] === "pull_request",
			...number === void 0 ? {} : { pullRequest: number }
		};
	}
	if (environment["GITLAB_CI"] === "true") {
		const number = numberOf(environment["CI_MERGE_REQUEST_IID"]);
		return {
			name: "gitlab",
			isPullRequest: environment["CI_PIPELINE_SOURCE"] === "merge_request_event",
			...number === void 0 ? {} : { pullRequest: number }
		};
	}
}
/** What GitHub says of the event that started the workflow; a file that cannot be used says nothing. */
function numberInEvent(environment) {
	const file = environment["GITHUB_EVENT_PATH"];
	if (file === void 0 || file === "") return void 0;
	try {
		if (statSync(file).size > 4194304) return void 0;
		const event = JSON.parse(readFileSync(file, "utf8"));
		if (typeof event !== "object" || event === null || !("pull_request" in event)) return void 0;
		const { pull_request: request } = event;
		if (typeof request !== "object" || request === null || !("number" in request)) return void 0;
		return numberOf(String(request.number));
	} catch {
		return;
	}
}
function numberOf(text) {
	return text !== void 0 && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : void 0;
}
// src/options/run-options.ts
/**
* What a run takes, from the options of VERIFY_OPTIONS: those of the command line and the inputs of the action alike.
* @throws DebproofError USAGE
*/
function readRunOptions(given, { environment, signing, isPullRequest }) {
	const release = given.text("release");
	const shard = given.text("shard");
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
		...shard === void 0 ? {} : { shard: parseShard(shard) },
		evidence: parseEvidence(given.text("evidence") ?? ""),
		...cache === void 0 ? {} : { cache },
		...signing === void 0 ? {} : { signing },
		...unsigned === void 0 ? {} : { unsigned },
		environment
	};
}
export { detectPlatform as n, readRunOptions as t };
