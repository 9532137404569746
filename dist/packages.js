import { t as DebproofError } from "./errors.js";
import { i as Downloads } from "./read-list.js";
import { l as COMMON_OPTIONS, u as JSON_OPTION } from "./places.js";
import { i as parseListSource } from "./verify-options.js";
import { t as readPackageLists } from "./find-lists.js";
import { n as LIST_FORMATS, r as writeSha256sums } from "./formats.js";
import { t as mergePackageUses } from "./merge.js";
import { t as visible } from "./visible.js";
import { n as USER_AGENT } from "./tool.js";
// src/commands/packages.ts
const packagesCommand = {
	name: "packages",
	usage: "PATH[:FORMAT]…",
	title: "show what package lists resolve to",
	description: `Reads package lists, folders of .debs or globs, and prints the packages that they name together.

Formats:
${LIST_FORMATS.map(({ name, madeBy }) => `  ${name}: ${madeBy}`).join("\n")}\n  deb-directory: a folder of .debs, which are hashed`,
	options: [
		{
			name: "format",
			value: "FORMAT",
			description: "text; json, as --json; or sha256sums, a list with hashes to publish beside a release: the SHA-256 of each .deb under the name that apt gives it, as sha256sum writes and checks them. A package without a hash is an error then. Default: text."
		},
		JSON_OPTION,
		...COMMON_OPTIONS
	],
	positionals: {
		min: 1,
		max: 1e3
	},
	async run(given, terminal) {
		const format = parseFormat(given);
		const downloads = new Downloads({ userAgent: USER_AGENT });
		try {
			const lists = await readPackageLists(given.positionals.map(parseListSource), process.cwd(), downloads);
			const uses = mergePackageUses(lists);
			if (format === "json") {
				const summary = lists.map(({ name, format, sha256, content }) => {
					return {
						name,
						format,
						sha256,
						packages: content.packages.length,
						references: content.references ?? {}
					};
				});
				terminal.out(`${JSON.stringify({
					lists: summary,
					packages: uses.map(toJson)
				}, null, 1)}\n`);
				return 0;
			}
			if (format === "sha256sums") terminal.out(toSha256sums(uses));
			else if (!given.flag("quiet")) for (const use of uses) terminal.out(`${toLine(use)}\n`);
			for (const { path, format, content } of lists) terminal.err(`${visible(path)}: ${content.packages.length} packages (${format})\n`);
			terminal.err(`${uses.length} packages in all\n`);
			return 0;
		} finally {
			await downloads.close();
		}
	}
};
const FORMATS = [
	"text",
	"json",
	"sha256sums"
];
function parseFormat(given) {
	const text = given.text("format") ?? (given.flag("json") ? "json" : "text");
	const format = FORMATS.find((name) => name === text);
	if (format === void 0 || given.flag("json") && format !== "json") throw new DebproofError("USAGE", format === void 0 ? `packages: there is no format ${JSON.stringify(text)}: ${FORMATS.join(", ")}.` : `packages: --json and --format ${format} are two formats: leave one out.`);
	return format;
}
function toSha256sums(uses) {
	const written = writeSha256sums(uses);
	if ("text" in written) return written.text;
	const named = written.unknown.slice(0, 5).map(({ name, version, architecture }) => [
		name,
		version,
		architecture
	].filter((part) => part !== void 0).join(" "));
	const more = written.unknown.length > named.length ? ` and ${written.unknown.length - named.length} more` : "";
	throw new DebproofError("PACKAGE_LIST", `The SHA-256 of ${named.join(", ")}${more} is in none of these lists: give the folder of the .debs, or a list with hashes (docs/package-lists.md).`);
}
function toJson({ kind, name, version, architecture, hash }) {
	return {
		kind,
		name,
		version,
		architecture: architecture ?? null,
		sha256: hash?.sha256 ?? null,
		hashFrom: hash?.from ?? null
	};
}
function toLine({ kind, name, version, architecture, hash }) {
	return [
		name,
		version,
		kind === "source" ? "source" : architecture ?? "-",
		hash?.sha256 ?? "-"
	].join("	");
}
export { packagesCommand };
