// src/archive/identity.ts
function parseSha256(text) {
	return /^[0-9a-f]{64}$/.test(text) ? text : void 0;
}
function parseSha512(text) {
	return /^[0-9a-f]{128}$/.test(text) ? text : void 0;
}
/** Accepts blanks and a leading `0x`, as gpg prints and people paste them. */
function parseFingerprint(text) {
	const digits = text.replaceAll(/\s/g, "").replace(/^0x/i, "").toUpperCase();
	return /^(?:[0-9A-F]{40}|[0-9A-F]{64})$/.test(digits) ? digits : void 0;
}
/** Debian Policy 5.6.7; `_` and upper case as dpkg accepts them from others' packages, folded as dpkg folds. */
function parsePackageName(text) {
	return text.length <= 255 && /^[a-z0-9][a-z0-9+._-]*$/i.test(text) ? text.toLowerCase() : void 0;
}
/**
* Debian Policy 5.6.12: a colon after the epoch only where there is an epoch. An epoch of zero is left out, as dpkg
* leaves it out: an index that says 0:1.0 and a list that says 1.0 mean one version.
*/
function parseVersion(text) {
	const written = /^0*(\d+):([^:]+)$/.exec(text);
	if (written === null) return checkedVersion(text);
	const [, epoch = "", rest = ""] = written;
	return checkedVersion(epoch === "0" ? rest : `${epoch}:${rest}`);
}
function checkedVersion(text) {
	return text.length <= 255 && /^(?:\d+:[A-Za-z0-9.+~:-]+|[A-Za-z0-9.+~-]+)$/.test(text) ? text : void 0;
}
function parseArchitecture(text) {
	return text.length <= 64 && /^[a-z0-9][a-z0-9-]*$/.test(text) ? text : void 0;
}
export { parseSha512 as a, parseSha256 as i, parseFingerprint as n, parseVersion as o, parsePackageName as r, parseArchitecture as t };
