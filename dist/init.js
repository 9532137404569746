import { a as systemErrorCode, t as DebproofError } from "./errors.js";
import { t as makeFolder } from "./make-folder.js";
import { n as COMMON_OPTIONS } from "./option.js";
import { a as ArchiveNames, c as systemArchitectures, i as whyLeftOut, n as statusFile, o as globalKeyringFiles, s as readAptSources, t as groupSources } from "./system-policy.js";
import { writeFile } from "node:fs/promises";
import path from "node:path";
// src/policy/first-policy.ts
/**
* Writes a policy of a system's apt sources: its packages must be identical to what each source's archive signed.
* @throws DebproofError POLICY
*/
function firstPolicy(root) {
	const sources = readAptSources(root).filter(({ type }) => type === "deb");
	if (sources.length === 0) throw new DebproofError("POLICY", `The system at ${root} has no apt source to start from; name another with --root.`);
	const { native, foreign } = systemArchitectures(root);
	const keys = /* @__PURE__ */ new Map();
	const names = new ArchiveNames();
	const archives = groupSources(sources).flatMap((group) => {
		const [first] = group;
		if (first === void 0) return [];
		const why = whyLeftOut(first);
		if (why !== void 0) return [`  # ${first.location} is left out: ${why}.`];
		const name = names.of(new URL(first.uri));
		const trusted = signedBy(first, name, root, keys);
		if (trusted === void 0) return [`  # ${first.location}: ${first.uri} is left out: neither the source nor the system names a key for it.`];
		return [
			`  ${name}:`,
			"    require: identical",
			"    # Where your builds use a copy of your own, name it here, with your own key:",
			"    # url: \"https://snapshots.example/debian\"",
			"    # signed-by: keys/project.asc",
			`    suites: ${list([...new Set(group.map(({ suite }) => suite))])}`,
			...first.components.length > 0 ? [`    components: ${list(first.components)}`] : [],
			`    architectures: ${list(first.architectures ?? [native, ...foreign])}`,
			"    upstream:",
			`      - url: ${quote(first.uri)}`,
			`        signed-by: ${trusted}`
		];
	});
	if (archives.every((line) => line.startsWith("  #"))) throw new DebproofError("POLICY", `No apt source of the system at ${root} can be verified:\n${archives.join("\n")}`);
	return {
		text: [
			"# What debproof verifies, and whom it trusts. Reference: docs/policy.md.",
			"version: 1",
			"packages:",
			"  # What the build says it used; several lists are merged.",
			`  - path: ${quote(statusFile(path.resolve(root)))}`,
			"archives:",
			...archives,
			""
		].join("\n"),
		keys
	};
}
/** Undefined where nothing says which keys sign the source (`[trusted=yes]`, or a system without keyrings). */
function signedBy(source, name, root, keys) {
	const trust = source.signedBy;
	const own = trust?.files ?? [];
	if (trust?.embedded !== void 0) {
		const file = `keys/${name}.asc`;
		keys.set(file, trust.embedded.endsWith("\n") ? trust.embedded : `${trust.embedded}\n`);
		return quote(file);
	}
	const files = own.length > 0 ? own : globalKeyringFiles(root);
	if (files.length === 0) return void 0;
	const only = (trust?.fingerprints ?? []).map(({ fingerprint, exact }) => `${fingerprint}${exact ? "!" : ""}`);
	if (files.every((file) => /^\/(?:usr\/share\/keyrings|etc\/apt\/trusted\.gpg\.d)\/debian-archive-/.test(file))) return only.length === 0 ? "debian" : list(["debian", ...only]);
	return list([...files.map((file) => path.join(path.resolve(root), file)), ...only]);
}
/** A JSON string is a YAML string. */
function quote(text) {
	return JSON.stringify(text);
}
function list(items) {
	return `[${items.map((item) => /^[A-Za-z][A-Za-z0-9-]*$/.test(item) ? item : quote(item)).join(", ")}]`;
}
// src/commands/init.ts
const initCommand = {
	name: "init",
	usage: "[--root DIR]",
	title: "write a first policy from a system's apt sources",
	description: "Writes a policy from this machine's apt sources, or from those of a build's root folder.",
	options: [
		{
			name: "root",
			value: "DIR",
			default: "/",
			description: "The root folder of the system, such as a chroot."
		},
		{
			name: "output",
			value: "FILE",
			default: "debproof.yml",
			description: "The policy to write. It must not exist yet."
		},
		...COMMON_OPTIONS
	],
	positionals: {
		min: 0,
		max: 0
	},
	async run(given, terminal) {
		const { text, keys } = firstPolicy(given.text("root") ?? "/");
		const file = given.text("output") ?? "";
		await writeNew(file, text);
		for (const [name, key] of keys) {
			const keyFile = path.join(path.dirname(file), name);
			await makeFolder(path.dirname(keyFile));
			await writeNew(keyFile, key);
		}
		if (!given.flag("quiet")) terminal.out(`Wrote ${file}. Read it, then: debproof verify --policy ${file} --unsigned\n`);
		return 0;
	}
};
async function writeNew(file, text) {
	try {
		await writeFile(file, text, { flag: "wx" });
	} catch (error) {
		if (systemErrorCode(error) !== "EEXIST") throw new DebproofError("OUTPUT", `${file} cannot be written`, { cause: error });
		throw new DebproofError("OUTPUT", `${file} exists already and is not replaced; name another with --output.`);
	}
}
export { initCommand };
