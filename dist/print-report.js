import { n as exitCodeOf } from "./exit-code.js";
import { A as ADVICE, F as packagesToLookAt, I as unreadParts, L as otherArchiveLines, M as archiveNotes, N as headline, P as nameOf, R as unprovenLines, k as toldClock } from "./surroundings.js";
import { c as staleExceptions, s as exceptedText } from "./report-files.js";
import { n as visibleLine, t as visible } from "./visible.js";
// src/report/text.ts
/** The report for a terminal: the verdict, what needs attention and what to do about it. */
function reportText(report, { limit }) {
	const lines = [];
	const packages = packagesToLookAt(report);
	const shown = packages.slice(0, limit);
	for (const [verdict, items] of groupBy(shown, (item) => item.verdict)) {
		lines.push("", `${verdict}: ${ADVICE[verdict] ?? ""}`);
		for (const [reason, alike] of groupBy(items, (item) => item.reason)) {
			for (const item of alike) lines.push(`  ${nameOf(item)}${item.archive === null ? "" : ` (${item.archive})`}`);
			lines.push(`    ${reason}`);
		}
	}
	if (packages.length > shown.length) lines.push("", `… and ${packages.length - shown.length} more, in report.json.`);
	lines.push(...exceptedText(report, limit));
	const unread = unreadParts(report);
	if (unread.length > 0) lines.push("", "Not read:", ...unread.map((part) => `  ${part}`));
	const notes = archiveNotes(report);
	if (notes.length > 0) lines.push("", "Not there:", ...notes.map((note) => `  ${note}`));
	const others = otherArchiveLines(report.predicate);
	if (others.length > 0) lines.push("", "Seen by the build, and in no archive of the policy:", ...others.map((one) => `  ${one}`));
	const unproven = unprovenLines(report.predicate);
	if (unproven.length > 0) lines.push("", "What the archives list:", ...unproven.map((one) => `  ${one}`));
	const stale = staleExceptions(report);
	if (stale.length > 0) lines.push("", ...stale);
	const told = toldClock(report.predicate);
	if (told !== void 0) lines.push("", told);
	return `${[visibleLine(headline(report)), ...lines.map(inPlace)].join("\n")}\n`;
}
function groupBy(items, key) {
	const groups = /* @__PURE__ */ new Map();
	for (const item of items) {
		const group = groups.get(key(item));
		if (group === void 0) groups.set(key(item), [item]);
		else group.push(item);
	}
	return groups;
}
/** Text of several lines, none of which can pass for a line of this report or for a command to a CI that reads the log. */
function inPlace(text) {
	return visible(text).replaceAll(/\n */g, "\n    | ");
}
// src/commands/print-report.ts
/** Packages that are shown without --verbose. */
const SHOWN = 20;
/** Where a report's evidence is, and how much it is. */
function evidence({ predicate: { bundle } }, isSigned) {
	if (bundle === void 0 || bundle === null) return "none: the verdicts cannot be derived again";
	return `${bundle.files} files, ${formatSize(bundle.size)}; \`debproof recheck${isSigned ? "" : " --unsigned"}\` derives every verdict again from them`;
}
function formatSize(bytes) {
	return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
/**
* Shows a report as --json, --quiet and --verbose ask for it.
* @returns the exit code of its verdict
*/
function printReport(given, terminal, { report, reportPath, summaryPath, signedBy }) {
	if (given.flag("json")) terminal.out(`${JSON.stringify(report, null, 1)}\n`);
	else {
		const text = reportText(report, { limit: given.flag("quiet") ? 0 : given.flag("verbose") ? Number.POSITIVE_INFINITY : SHOWN });
		terminal.out(given.flag("quiet") ? `${text.split("\n")[0] ?? ""}\n` : text, report.predicate.verdict);
		if (!given.flag("quiet")) {
			const signature = signedBy === void 0 ? "UNSIGNED" : `signed by ${signedBy}`;
			terminal.out(`\nReport: ${reportPath} (${signature})\nSummary: ${summaryPath}\nEvidence: ${evidence(report, signedBy !== void 0)}\n`);
		}
	}
	return exitCodeOf(report.predicate.verdict);
}
export { printReport as t };
