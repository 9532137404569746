import { t as DebproofError } from "./errors.js";
// src/policy/variables.ts
/** What may stand in a URL or a path without leading elsewhere: a branch name from a fork could. */
const HARMLESS = /^[A-Za-z0-9][A-Za-z0-9._~+-]*$/;
/**
* Replaces each `${name}` of a policy's text.
* @param where the place in the policy, for errors
* @throws DebproofError POLICY for a name that is unknown or has no value
*/
function substitute(text, variables, where) {
	return text.replaceAll(/\$\{([^}]*)\}/g, (_, name) => {
		const value = lookUp(name, variables, where);
		if (!HARMLESS.test(value)) throw new DebproofError("POLICY", `${where}: ${whatIs(name, value, variables)}; only letters, digits and . _ ~ + - may be put into a policy.`);
		return value;
	});
}
/** The origins that a text of the policy names as `${reference:ORIGIN}`, each once. */
function originsIn(text) {
	return [...new Set([...text.matchAll(/\$\{reference:([^}]*)\}/g)].map(([, origin = ""]) => origin))];
}
/** The value of an environment variable is not shown: it may be one that nobody meant to show. */
function whatIs(name, value, { environment }) {
	return !Object.hasOwn(environment, name) ? `\${${name}} is ${JSON.stringify(value)}` : `the value of \${${name}} has other characters`;
}
function lookUp(name, { release, references, environment }, where) {
	const missing = (advice) => new DebproofError("POLICY", `${where}: \${${name}} has no value: ${advice}.`);
	if (name === "release") {
		if (release === void 0) throw missing("give it with --release");
		return release;
	}
	if (name.startsWith("reference:")) {
		const origin = name.slice(10);
		const reference = Object.hasOwn(references, origin) ? references[origin] : void 0;
		if (reference === void 0) throw missing(`no package list names a snapshot of the origin ${origin}`);
		return reference;
	}
	if (Object.hasOwn(environment, name)) {
		const value = environment[name];
		if (value === void 0) throw missing("this environment variable is not set");
		return value;
	}
	throw missing("it may be release, reference:ORIGIN, or an environment variable that `env:` names");
}
export { originsIn as n, substitute as r, HARMLESS as t };
