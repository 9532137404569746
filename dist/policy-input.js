import { t as policyPlaces } from "./policy-places.js";
import { d as clocks } from "./places.js";
import { c as filesWithin } from "./shipped-keys.js";
import { t as readPolicy } from "./read-policy.js";
// src/commands/policy-input.ts
/** Where the files may lie that the policy names, and the folders that the user names beside it. */
function placesFor(given, { environment }, ...named) {
	return policyPlaces(environment, [...given.texts("allow-path"), ...named]);
}
/**
* The policy of `--policy`, with what `--release`, `--at` and the environment say.
* @throws DebproofError POLICY, USAGE
*/
async function readPolicyInput(given, terminal) {
	const policy = given.text("policy") ?? "";
	const release = given.text("release");
	return await readPolicy(policy, {
		...release === void 0 ? {} : { release },
		...clocks(given.text("at")),
		files: filesWithin(placesFor(given, terminal), policy),
		environment: terminal.environment
	});
}
export { readPolicyInput as n, placesFor as t };
