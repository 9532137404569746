import { t as DebproofError } from "./errors.js";
// src/archive/identity.ts
/**
* What identifies a Debian package. Each is its own type, made only by its parser here, so that a hash, a
* fingerprint and a version cannot be taken for one another or used unchecked.
*/
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
	if (text.length > 255) return void 0;
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
// src/archive/deb822.ts
const NEVER = () => false;
/**
* Parses one stanza, strictly. What apt reads in another way than people do is refused: a field given twice (the
* last would win), a line without a colon (it swallows the next field), a blank before the colon, a line of
* blanks only (a continuation, not a separator), a comment. Values of several lines keep their line ends and lose
* the blanks around each line.
*
* Source: deb822(5), Debian Policy 5.1; apt's pkgTagSection::Scan for what it tolerates.
*
* @param text the stanza without the blank lines around it; a final newline may be there
* @param mayRepeat of a field that may be there again, what it says first is taken
* @throws DebproofError INDEX_MALFORMED that quotes the line
*/
function parseStanza(text, mayRepeat = NEVER) {
	const fields = /* @__PURE__ */ new Map();
	const length = text.endsWith("\n") ? text.length - 1 : text.length;
	for (let start = 0; start < length;) {
		let end = endOfLine(text, start, length);
		if (isBlank(text.charCodeAt(start))) throw malformed("starts with a continuation line", text, start, end);
		const colon = text.indexOf(":", start);
		if (colon === -1 || colon >= end) throw malformed("has a line without a colon", text, start, end);
		const name = fieldName(text.slice(start, colon));
		if (name === void 0) throw malformed("has a line that is not a field", text, start, end);
		const [lineEnd, first] = [end, fields.get(name)];
		while (end < length && isBlank(text.charCodeAt(end + 1))) {
			const next = end + 1;
			end = endOfLine(text, next, length);
			if (trimmed(text, next, end) === "") throw malformed("has a line of blanks only", text, next, end);
		}
		const value = end === lineEnd ? trimmed(text, colon + 1, end) : unfold(text.slice(colon + 1, end));
		if (first === void 0) fields.set(name, value);
		else if (!mayRepeat(name, first, value)) throw malformed(`has the field ${text.slice(start, Math.min(colon, start + 80))} twice`, text, start, lineEnd);
		start = end + 1;
	}
	return fields;
}
/** deb822(5): printable ASCII but colon and blank; not starting with `#` or `-`. */
const FIELD_NAME = /^[!"$-,.-9;-~][!-9;-~]*$/;
/** Field names repeat in every stanza, and looking up one that was seen is quicker than checking it again. */
const FIELD_NAMES = /* @__PURE__ */ new Map();
/** The field's name in lower case; undefined for what is none. */
function fieldName(written) {
	const known = FIELD_NAMES.get(written);
	if (known !== void 0) return known;
	if (!FIELD_NAME.test(written)) return void 0;
	const lower = written.toLowerCase();
	if (FIELD_NAMES.size < 1e3) FIELD_NAMES.set(written, lower);
	return lower;
}
function endOfLine(text, start, length) {
	const newline = text.indexOf("\n", start);
	return newline === -1 ? length : newline;
}
function unfold(value) {
	return value.split("\n").map((line, index) => trimBlanks(index === 0 ? line : line.slice(1))).join("\n");
}
/**
* Without the spaces and tabs around it, which are all that deb822(5) calls blank: a no-break space is part of a
* value. Not a regular expression: one that ends in `$` takes quadratic time on a line of blanks.
*/
function trimBlanks(text) {
	return trimmed(text, 0, text.length);
}
/** Without the spaces and tabs at its end. */
function trimBlanksAtEnd(text) {
	return text.slice(0, endOfText(text, 0, text.length));
}
/** A part of a text without the blanks around it. */
function trimmed(text, from, to) {
	let start = from;
	while (start < to && isBlank(text.charCodeAt(start))) start++;
	return text.slice(start, endOfText(text, start, to));
}
function endOfText(text, start, to) {
	let end = to;
	while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
	return end;
}
function isBlank(code) {
	return code === 32 || code === 9;
}
function malformed(problem, text, start, end) {
	const line = JSON.stringify(text.slice(start, Math.min(end, start + 80)));
	return new DebproofError("INDEX_MALFORMED", `The stanza ${problem}: ${line}.`);
}
export { parseFingerprint as a, parseSha512 as c, parseArchitecture as i, parseVersion as l, trimBlanks as n, parsePackageName as o, trimBlanksAtEnd as r, parseSha256 as s, parseStanza as t };
