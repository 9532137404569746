// src/report/visible.ts
/**
* Text that comes from outside, with what a terminal or a log would act on made visible: control characters, those
* that turn the direction of writing or show nothing, and what a CI's log knows a command by:
*
* - `::` at the start of a line, behind blanks of any kind (actions/runner, ActionCommand.TryParseV2, which trims), and
*   `##[`, `##vso[` and their like anywhere in it (TryParseV1, and what was there before GitHub);
* - `section_start:` and `section_end:` (GitLab, custom collapsible sections).
*
* Line ends and tabs stay. Each UTF-16 code unit is written as JSON writes it (RFC 8259, 7), so that a JSON text stays
* the same JSON text; and what was made visible once is left as it is.
*/
function visible(text) {
	return text.replaceAll(ACTED_ON, (found) => found.split("").map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join(""));
}
const ACTED_ON = /(?![\n\t])[\p{Cc}\p{Cf}\u2028\u2029]|\[(?<=##\w*\[)|:(?=:)(?<=(?:^|\n)\s*:)|(?<=section_(?:start|end)):/gu;
/** The same in one line: foreign text that is part of a line of ours can begin none of its own. */
function visibleLine(text) {
	return visible(text).replaceAll("\n", " ");
}
export { visibleLine as n, visible as t };
