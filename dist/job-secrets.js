// src/job-secrets.ts
/**
* Names of variables whose values a CI and its users keep secret: ACTIONS_RUNTIME_TOKEN, CI_JOB_TOKEN,
* CI_REGISTRY_PASSWORD, AWS_SECRET_ACCESS_KEY, DEBPROOF_SIGNING_PASSPHRASE and their like.
*/
const SECRET_NAME = /(?:TOKEN|PASSWORD|PASSWD|PASSPHRASE|SECRET|CREDENTIALS?|JWT|_PAT|(?:PRIVATE|SECRET|ACCESS|SIGNING|DEPLOY|API|SSH|GPG)_?KEY)$/i;
/** Characters below which a text may stand anywhere by chance. */
const SHORTEST = 12;
/** What a secret is in the environment of a job: its values, without the names of files and URLs that some hold instead. */
function secretsIn(environment) {
	const values = Object.entries(environment).flatMap(([name, value = ""]) => {
		const text = value.trim();
		return SECRET_NAME.test(name) && !/^(?:[.~]{0,2}\/|[a-z][a-z0-9+.-]*:\/\/)/i.test(text) ? [text] : [];
	});
	return [...new Set(values)].filter((text) => text.length >= SHORTEST);
}
/**
* The forms in which git, the toolkits of CIs and our own files write a secret: as it is; in base64 and base64url (RFC
* 4648), also behind a user's name, as `http.extraheader` of git has it; in URLs, in JSON and in hex. Each is a text
* that stands nowhere by chance.
*
* In base64 a text looks three ways, by what stands before it; its first and last characters depend on its neighbours,
* and are left out.
*/
function formsOf(secret) {
	const bytes = Buffer.from(secret);
	const base64 = [
		0,
		1,
		2
	].map((before) => {
		const text = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64url");
		const known = Math.floor((before + bytes.length) * 8 / 6);
		return text.slice(Math.ceil(before * 8 / 6), known);
	});
	const escaped = encodeURIComponent(secret.toWellFormed());
	const hex = bytes.toString("hex");
	const forms = [
		secret,
		...base64,
		...base64.map((text) => text.replaceAll("-", "+").replaceAll("_", "/")),
		escaped,
		escaped.replaceAll(/%../g, (code) => code.toLowerCase()),
		JSON.stringify(secret).slice(1, -1),
		hex,
		hex.toUpperCase()
	];
	return [...new Set(forms)];
}
/** By environment, which stays the same object for all that a process prints. */
const known = /* @__PURE__ */ new WeakMap();
/** A text for the log, with each secret of the job in it covered, as GitHub covers those that it knows. */
function withoutSecrets(text, environment) {
	let forms = known.get(environment);
	if (forms === void 0) {
		forms = secretsIn(environment).flatMap(formsOf);
		known.set(environment, forms);
	}
	return forms.reduce((covered, form) => covered.replaceAll(form, "***"), text);
}
export { secretsIn as n, withoutSecrets as r, formsOf as t };
