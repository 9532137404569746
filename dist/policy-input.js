import { i as clocks } from "./option.js";
import { s as filesOnDisk } from "./shipped-keys.js";
import { t as readPolicy } from "./read-policy.js";
// src/commands/policy-input.ts
/**
* The policy of `--policy`, with what `--release`, `--at` and the environment say.
* @throws DebproofError POLICY, USAGE
*/
async function readPolicyInput(given, { environment }) {
	const release = given.text("release");
	return await readPolicy(given.text("policy") ?? "", {
		...release === void 0 ? {} : { release },
		...clocks(given.text("at")),
		files: filesOnDisk,
		environment
	});
}
export { readPolicyInput as t };
