import { i as Downloads } from "./read-list.js";
import { n as COMMON_OPTIONS, r as JSON_OPTION } from "./option.js";
import { i as parseListSource } from "./verify-options.js";
import { t as readPackageLists } from "./find-lists.js";
import { n as LIST_FORMATS } from "./formats.js";
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
	options: [JSON_OPTION, ...COMMON_OPTIONS],
	positionals: {
		min: 1,
		max: 1e3
	},
	async run(given, terminal) {
		const downloads = new Downloads({ userAgent: USER_AGENT });
		try {
			const lists = await readPackageLists(given.positionals.map(parseListSource), process.cwd(), downloads);
			const uses = mergePackageUses(lists);
			if (given.flag("json")) {
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
			if (!given.flag("quiet")) for (const use of uses) terminal.out(`${toLine(use)}\n`);
			for (const { path, format, content } of lists) terminal.err(`${visible(path)}: ${content.packages.length} packages (${format})\n`);
			terminal.err(`${uses.length} packages in all\n`);
			return 0;
		} finally {
			await downloads.close();
		}
	}
};
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
