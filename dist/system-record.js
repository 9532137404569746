import { D as sha256Of } from "./shipped-keys.js";
// src/policy/system-record.ts
/** What holds for a system, which has no policy that could say otherwise. */
const SYSTEM_RULES = {
	exceptions: [],
	hashesRequired: false,
	otherArchives: { action: "fail" }
};
/**
* The hash that stands for a policy where there is none: of everything that was made of the apt sources, so that it can
* be derived again. No policy file begins as the text does that is hashed.
*/
function systemHash(archives) {
	const fields = archives.map(({ name, url, suites, components, architectures, keyring, only, aptLists }) => [
		[
			name,
			url,
			suites,
			components,
			architectures,
			keyring
		],
		only.map(({ fingerprint, exact }) => [fingerprint, exact]),
		aptLists
	]);
	return sha256Of(`debproof system\n${JSON.stringify(fields)}`);
}
/** All that is hashed of one archive. */
function recordOfArchive({ name, served, aptLists }) {
	const { area, keyring } = served;
	return {
		name,
		url: area.base.href,
		suites: [...area.suites],
		components: [...area.components],
		architectures: [...area.architectures],
		keyring: keyring.certificates.length === 0 ? null : sha256Of(binaryKeyring(keyring)),
		only: keyring.only.map(({ fingerprint, exact }) => ({
			fingerprint,
			exact
		})),
		aptLists: aptLists ?? null
	};
}
/** Its certificates one after another, as `gpg --export` writes them. */
function binaryKeyring({ certificates }) {
	return Buffer.concat(certificates.map((certificate) => certificate.write()));
}
export { systemHash as i, binaryKeyring as n, recordOfArchive as r, SYSTEM_RULES as t };
