import { t as DebproofError } from "./errors.js";
import { n as exitCodeOf } from "./exit-code.js";
import { a as nameOf, c as unreadParts, i as headline, n as ADVICE, o as packagesToLookAt, r as archiveNotes, s as staleExceptions, t as run } from "./run.js";
import { t as visible } from "./visible.js";
import { ct as parseAt, ot as COMMON_OPTIONS, st as JSON_OPTION } from "./limits.js";
import { n as ProgressLine, t as readSigningInput } from "./signing-input.js";
import { o as VERIFY_OPTIONS, s as parseListSource } from "./find-lists.js";
// src/report/text.ts
const COLORS = {
	pass: "\x1B[1;32m",
	fail: "\x1B[1;31m",
	undecided: "\x1B[1;33m"
};
/** The report for a terminal: the verdict, what needs attention and what to do about it. */
function reportText(report, { color, limit }) {
	const lines = [];
	const packages = packagesToLookAt(report);
	const shown = packages.slice(0, limit);
	for (const [verdict, items] of groupBy(shown, (item) => item.verdict)) {
		lines.push("", `${verdict}: ${ADVICE[verdict] ?? ""}`);
		for (const [reason, alike] of groupBy(items, (item) => item.reason)) {
			lines.push(...alike.map((item) => `  ${nameOf(item)}${item.archive === null ? "" : ` (${item.archive})`}`));
			lines.push(`    ${reason}`);
		}
	}
	if (packages.length > shown.length) lines.push("", `… and ${packages.length - shown.length} more, in report.json.`);
	const unread = unreadParts(report);
	if (unread.length > 0) lines.push("", "Not read:", ...unread.map((part) => `  ${part}`));
	const notes = archiveNotes(report);
	if (notes.length > 0) lines.push("", "Not there:", ...notes.map((note) => `  ${note}`));
	const stale = staleExceptions(report);
	if (stale.length > 0) lines.push("", ...stale);
	const first = visible(headline(report));
	return `${[color ? `${COLORS[report.predicate.verdict]}${first}\x1b[0m` : first, ...lines.map(inPlace)].join("\n")}\n`;
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
// src/commands/verify.ts
/** Packages that are shown without --verbose. */
const SHOWN = 20;
const verifyCommand = {
	name: "verify",
	usage: "[--policy FILE | --system]",
	title: "prove every package of a build identical to its upstream, or reproduced, and write a signed report",
	description: "Reads the package lists of a build, locates each package in the archives of the policy, proves it identical to\nwhat its upstream signed, or reproduced by enough rebuilders, and writes report.json, report.json.asc and\nsummary.md.\n\nExit codes: 0 every package is proven or excepted, 1 at least one failed, 2 the command, policy, key or a\npackage list is wrong, 3 nothing failed but something could not be decided.",
	options: [
		...VERIFY_OPTIONS,
		JSON_OPTION,
		...COMMON_OPTIONS
	],
	positionals: {
		min: 0,
		max: 0
	},
	async run(given, terminal) {
		const progress = new ProgressLine(terminal, {
			quiet: given.flag("quiet"),
			verbose: given.flag("verbose")
		});
		const result = await run(await runOptions(given, terminal), progress).finally(() => progress.end());
		if (given.flag("json")) terminal.out(`${JSON.stringify(result.report, null, 1)}\n`);
		else {
			const limit = given.flag("quiet") ? 0 : given.flag("verbose") ? Number.POSITIVE_INFINITY : SHOWN;
			const text = reportText(result.report, {
				color: terminal.color,
				limit
			});
			terminal.out(given.flag("quiet") ? `${text.split("\n")[0] ?? ""}\n` : text);
			if (!given.flag("quiet")) terminal.out(`\nReport: ${result.reportPath} (${signature(result.signedBy)})\nSummary: ${result.summaryPath}\n`);
		}
		return exitCodeOf(result.report.predicate.verdict);
	}
};
function signature(signedBy) {
	return signedBy === void 0 ? "UNSIGNED" : `signed by ${signedBy}`;
}
async function runOptions(given, { environment }) {
	const release = given.text("release");
	const signing = await readSigningInput(given.text("signing-key"), environment);
	if (given.flag("system") && given.texts("policy").length > 0) throw new DebproofError("USAGE", "--system reads no policy; leave out --policy, or --system.");
	if (given.texts("root").length > 0 && !given.flag("system")) throw new DebproofError("USAGE", "--root is for --system; say that too, or leave it out.");
	return {
		policy: given.text("policy") ?? "",
		packages: given.texts("packages").map(parseListSource),
		...release === void 0 ? {} : { release },
		at: parseAt(given.text("at"), /* @__PURE__ */ new Date()),
		images: given.texts("image"),
		output: given.text("output") ?? "",
		system: given.flag("system"),
		root: given.text("root") ?? "/",
		offline: given.flag("offline"),
		deep: given.flag("deep"),
		...signing === void 0 ? {} : { signing },
		unsigned: given.flag("unsigned"),
		environment
	};
}
export { verifyCommand };
