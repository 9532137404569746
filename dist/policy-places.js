import { r as placesBelow, t as ANYWHERE } from "./places.js";
import "./errors.js";
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
/**
* The workspace of a pipeline that runs on what somebody proposes, who may be a stranger: any event of a pull or merge
* request, whatever secrets its pipeline has, also those of its merge queue, of a comment on it, and of a workflow that
* runs after one of it. Undefined for all others.
*/
function workspaceOfStrangers(environment) {
	if (environment["GITHUB_ACTIONS"] === "true" && isProposalOnGitHub(environment)) return folderOf(environment["GITHUB_WORKSPACE"]);
	return environment["GITLAB_CI"] === "true" && isProposalOnGitLab(environment) ? folderOf(environment["CI_PROJECT_DIR"]) : void 0;
}
/** Tools that run a pipeline on a desk name the runner's folder, which is not there: then it is the one of the job. */
function folderOf(named = "") {
	return named !== "" && statSync(named, { throwIfNoEntry: false })?.isDirectory() === true ? named : process.cwd();
}
function isProposalOnGitHub(environment) {
	const name = environment["GITHUB_EVENT_NAME"] ?? "";
	if (/^pull_request|^merge_group$/.test(name)) return true;
	if (/^refs\/pull\//.test(environment["GITHUB_REF"] ?? "")) return true;
	const event = readEvent(environment);
	if (name === "issue_comment") return memberOf(memberOf(event, "issue"), "pull_request") !== void 0;
	return name === "workflow_run" && /^pull_request/.test(String(memberOf(memberOf(event, "workflow_run"), "event")));
}
/** A child pipeline has the variables of its parent's merge request, and another source. */
function isProposalOnGitLab(environment) {
	const source = environment["CI_PIPELINE_SOURCE"] ?? "";
	return /^(?:merge_request|external_pull_request)_event$/.test(source) || ["CI_MERGE_REQUEST_IID", "CI_EXTERNAL_PULL_REQUEST_IID"].some((name) => (environment[name] ?? "") !== "");
}
function numberInEvent(environment) {
	const number = memberOf(memberOf(readEvent(environment), "pull_request"), "number");
	return number === void 0 ? void 0 : numberOf(String(number));
}
/** What GitHub says of the event that started the workflow; a file that cannot be used says nothing. */
function readEvent(environment) {
	const file = environment["GITHUB_EVENT_PATH"];
	if (file === void 0 || file === "") return void 0;
	try {
		const found = statSync(file);
		if (!found.isFile() || found.size > 4194304) return void 0;
		return JSON.parse(readFileSync(file, "utf8"));
	} catch {
		return;
	}
}
function memberOf(value, name) {
	return typeof value === "object" && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : void 0;
}
function numberOf(text) {
	return text !== void 0 && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : void 0;
}
// src/ci/policy-places.ts
/**
* Where the files may lie that a policy names: anywhere, unless the pipeline is for a pull or merge request, whose
* author wrote the policy.
*
* @param allowed folders of --allow-path, and others that the user named for the policy's sake
*/
function policyPlaces(environment, allowed) {
	const workspace = workspaceOfStrangers(environment);
	return workspace === void 0 ? ANYWHERE : placesBelow(workspace, allowed);
}
export { detectPlatform as n, policyPlaces as t };
