import { t as DebproofError } from "./errors.js";
// src/archive/deb822.ts
/**
* Parses one stanza, strictly. What apt reads in another way than people do is refused: a field given twice (the
* last would win), a line without a colon (it swallows the next field), a blank before the colon, a line of
* blanks only (a continuation, not a separator), a comment. Values of several lines keep their line ends and lose
* the blanks around each line.
*
* Source: deb822(5), Debian Policy 5.1; apt's pkgTagSection::Scan for what it tolerates.
*
* @param text the stanza without the blank lines around it; a final newline may be there
* @throws DebproofError INDEX_MALFORMED that quotes the line
*/
function parseStanza(text) {
	const fields = /* @__PURE__ */ new Map();
	let name = "";
	let valueStart = 0;
	let folded = false;
	const close = (end) => {
		if (name === "") return;
		const value = text.slice(valueStart, end);
		fields.set(name, folded ? unfold(value) : trimBlanks(value));
	};
	const length = text.endsWith("\n") ? text.length - 1 : text.length;
	for (let start = 0; start < length;) {
		const newline = text.indexOf("\n", start);
		const end = newline === -1 ? length : newline;
		if (isBlank(text.charCodeAt(start))) {
			if (name === "") throw malformed("starts with a continuation line", text, start, end);
			if (trimBlanks(text.slice(start, end)) === "") throw malformed("has a line of blanks only", text, start, end);
			folded = true;
		} else {
			close(start - 1);
			const colon = text.indexOf(":", start);
			if (colon === -1 || colon >= end) throw malformed("has a line without a colon", text, start, end);
			const written = text.slice(start, colon);
			if (!FIELD_NAME.test(written)) throw malformed("has a line that is not a field", text, start, end);
			name = lowerCase(written);
			if (fields.has(name)) throw malformed(`has the field ${written} twice`, text, start, end);
			valueStart = colon + 1;
			folded = false;
		}
		start = end + 1;
	}
	close(length);
	return fields;
}
/** deb822(5): printable ASCII but colon and blank; not starting with `#` or `-`. */
const FIELD_NAME = /^[!"$-,.-9;-~][!-9;-~]*$/;
/** Field names repeat in every stanza, and lower-casing is slower than looking up. */
const LOWER_CASE = /* @__PURE__ */ new Map();
function lowerCase(name) {
	let lower = LOWER_CASE.get(name);
	if (lower === void 0) {
		lower = name.toLowerCase();
		if (LOWER_CASE.size < 1e3) LOWER_CASE.set(name, lower);
	}
	return lower;
}
function unfold(value) {
	return value.split("\n").map((line, index) => trimBlanks(index === 0 ? line : line.slice(1))).join("\n");
}
/**
* Without the spaces and tabs around it, which are all that deb822(5) calls blank: a no-break space is part of a
* value. Not a regular expression: one that ends in `$` takes quadratic time on a line of blanks.
*/
function trimBlanks(text) {
	let start = 0;
	while (start < text.length && isBlank(text.charCodeAt(start))) start++;
	return trimBlanksAtEnd(text.slice(start));
}
/** Without the spaces and tabs at its end. */
function trimBlanksAtEnd(text) {
	let end = text.length;
	while (end > 0 && isBlank(text.charCodeAt(end - 1))) end--;
	return text.slice(0, end);
}
function isBlank(code) {
	return code === 32 || code === 9;
}
function malformed(problem, text, start, end) {
	const line = JSON.stringify(text.slice(start, Math.min(end, start + 80)));
	return new DebproofError("INDEX_MALFORMED", `The stanza ${problem}: ${line}.`);
}
export { trimBlanksAtEnd as n, parseStanza as t };
