import { a as systemErrorCode, i as isDebproofError, st as MAX_PLAIN_INDEX, t as DebproofError, vt as MAX_RELEASE_FILE } from "./errors.js";
import { t as makeFolder } from "./make-folder.js";
import { l as COMMON_OPTIONS } from "./places.js";
import { C as parseReleaseFields, h as pairRelease, n as shippedKeyrings, r as shippedUpstreamOf, v as splitInRelease, x as verifySignatures } from "./shipped-keys.js";
import { a as whyLeftOut, c as readAptSources, d as statInSystem, l as systemArchitectures, n as keyringOf, o as ArchiveNames, r as statusFile, s as globalKeyringFiles, t as groupSources, u as pathInSystem } from "./system-policy.js";
import { f as isPathSuite, t as OPEN_PLACE } from "./policy-schema.js";
import { n as listName } from "./apt-lists.js";
import { t as readFileUpTo } from "./read-file-up-to.js";
import { createReadStream, readdirSync } from "node:fs";
import path from "node:path";
import { writeFile } from "node:fs/promises";
// src/policy/first-policy-text.ts
/** The lines of an archive that a shipped upstream signs: the build used that upstream itself. */
function ownUpstreamLines(archive) {
	return [
		`  ${archive.name}:`,
		"    require: identical",
		"    # Where your builds use a copy of your own, name it here, with your own key:",
		"    # url: \"https://snapshots.example/debian\"",
		"    # signed-by: keys/project.asc",
		...areaLines(archive),
		"    upstream:",
		`      - url: ${JSON.stringify(archive.url)}`,
		`        signed-by: ${archive.shipped ?? archive.signedBy}`,
		...releaseNameLines(archive).map((line) => `        ${line}`)
	];
}
/**
* The lines of an archive with keys of its own, with the upstreams that it seems to copy, or a place left open.
*
* @param shipped the system's sources that a shipped upstream signs: what they have is read there
*/
function derivativeLines(archive, shipped) {
	const unknown = archive.suites.filter(({ likely }) => likely === void 0);
	const isWhole = unknown.length === archive.suites.length;
	return [
		`  ${archive.name}:`,
		"    require: identical",
		"    # Whoever has the keys of this archive can put anything into it, so somebody else must vouch for its packages.",
		`    url: ${JSON.stringify(archive.url)}`,
		`    signed-by: ${archive.signedBy}`,
		...areaLines(archive),
		...releaseNameLines(archive).map((line) => `    ${line}`),
		"    upstream:",
		...likelyLines(archive, shipped),
		...unknown.length === 0 ? [] : openLines(archive, unknown, isWhole)
	];
}
function areaLines({ suites, components, architectures }) {
	return [
		`    suites: ${list(suiteNames(suites))}`,
		...components.length > 0 ? [`    components: ${list(components)}`] : [],
		`    architectures: ${list(architectures)}`
	];
}
/** Where the release file that apt kept has another name than its one suite. */
function releaseNameLines({ suites }) {
	const [only, ...others] = suites;
	if (only === void 0 || others.length > 0 || isPathSuite(only.source.suite)) return [];
	const asked = [only.source.suite, only.source.suite.replace(/\/updates$/, "")];
	const names = [only.kept?.codename, only.kept?.suite].flatMap((name) => name === void 0 || name === "" ? [] : [name]);
	const [name] = names;
	if (name === void 0 || name.length > 200 || names.some((one) => asked.includes(one))) return [];
	return ["# What its release file says: see whether that is the suite that is meant.", `release-name: ${list([name]).slice(1, -1)}`];
}
/** An upstream for each place that has some of the suites. */
function likelyLines(archive, shipped) {
	const places = /* @__PURE__ */ new Map();
	for (const suite of archive.suites) {
		const { likely } = suite;
		if (likely === void 0) continue;
		const url = placeAmong(shipped, likely.suite) ?? likely.url;
		const place = places.get(url) ?? {
			suites: /* @__PURE__ */ new Set(),
			whys: /* @__PURE__ */ new Set()
		};
		places.set(url, place);
		place.suites.add(likely.suite);
		place.whys.add(`      # The release file of ${shown(suite.source.suite)} ${likely.why}.`);
	}
	if (places.size === 0) return [];
	const same = suiteNames(archive.suites).join(" ");
	return [
		"      # Taken for a copy of Debian's archive; correct this where it is none.",
		...[...places].flatMap(([url, { suites, whys }]) => [
			...whys,
			`      - url: ${JSON.stringify(url)}`,
			"        signed-by: debian",
			...[...suites].join(" ") === same ? [] : [`        suites: ${list([...suites])}`]
		]),
		"      # What Debian's live archive lists no more, its snapshot service has (docs/policy.md, Upstreams as they were):",
		"      # - snapshots: https://snapshot.debian.org",
		"      #   archive: debian   # or debian-security",
		"      #   signed-by: debian"
	];
}
/** Where a source of the system has the suite that an upstream signs itself. */
function placeAmong(shipped, suite) {
	return shipped.filter((item) => typeof item !== "string").find(({ suites }) => suites.some(({ source, kept }) => source.suite === suite || kept?.codename === suite))?.url;
}
function openLines(archive, unknown, isWhole) {
	const said = unknown.flatMap(({ source, kept }) => {
		const fields = [`Origin: ${shown(kept?.origin ?? "")}`, `Codename: ${shown(kept?.codename ?? "")}`];
		return kept === void 0 ? [] : [`      # The release file of ${shown(source.suite)} says ${fields.join(", ")}.`];
	});
	return [
		`      # ${OPEN_PLACE}: who first distributed these packages is not known. \`debproof verify\` asks for it.`,
		...said.length > 0 ? said : ["      # apt kept no release file of it that would say whose they are."],
		"      # 1. They are copies: name the archive that first distributed them, and whose keys sign there, such as",
		"      #   - url: http://ftp.debian.org/debian",
		"      #     signed-by: debian",
		"      # 2. This archive is the first to distribute them, as that of a vendor is: name it again, on purpose. Nobody",
		"      #    else vouches for its packages then, and the report counts them:",
		`      #   - url: ${JSON.stringify(archive.url)}`,
		`      #     signed-by: ${archive.signedBy}`,
		...releaseNameLines(archive).slice(-1).map((line) => `      #     ${line}`),
		`      - url: ${OPEN_PLACE}`,
		`        signed-by: ${OPEN_PLACE}`,
		...isWhole ? [] : [`        suites: ${list(suiteNames(unknown))}`]
	];
}
function suiteNames(suites) {
	return [...new Set(suites.map(({ source }) => source.suite))];
}
/** What an archive says of itself, in a comment that it cannot end. */
function shown(text) {
	return text === "" ? "nothing" : JSON.stringify(text.slice(0, 60).replaceAll(/[^\x20-\x7e]/g, "?"));
}
/** A list as YAML: a JSON string is a YAML string. */
function list(items) {
	const isPlain = (item) => /^(?!(?:true|false|null)$)[A-Za-z][A-Za-z0-9-]*$/i.test(item);
	return `[${items.map((item) => isPlain(item) ? item : JSON.stringify(item)).join(", ")}]`;
}
// src/policy/kept-by-apt.ts
/** What apt fetched last. */
const LISTS = "/var/lib/apt/lists";
/** Undefined where apt kept none, or none that can be read. */
async function keptRelease(root, source) {
	const start = `${LISTS}/${listName(new URL(source.uri), source.suite)}`;
	const read = (name) => readKept(root, `${start}${name}`);
	try {
		const signed = await signedText(read);
		if (signed === void 0) return void 0;
		const fields = parseReleaseFields(signed.text);
		const named = [
			"origin",
			"label",
			"suite",
			"codename"
		].flatMap((name) => {
			const value = fields.get(name);
			return value === void 0 ? [] : [[name, value]];
		});
		return {
			...Object.fromEntries(named),
			signed
		};
	} catch (error) {
		if (error instanceof DebproofError || systemErrorCode(error) !== void 0) return void 0;
		throw error;
	}
}
async function signedText(read) {
	const whole = await read("InRelease");
	if (whole !== void 0) return splitInRelease(whole);
	const [release, signature] = [await read("Release"), await read("Release.gpg")];
	return release === void 0 || signature === void 0 ? void 0 : pairRelease(release, signature);
}
/** Whether the indexes that apt kept of a source list each of these packages. Compressed ones are not looked into. */
async function keptIndexesList(root, source, names) {
	const missing = new Set(names.map((name) => `\nPackage: ${name}\n`));
	try {
		for (const file of keptIndexes(root, source)) await removeListed(missing, file);
	} catch (error) {
		if (!(error instanceof DebproofError) && systemErrorCode(error) === void 0) throw error;
		return false;
	}
	return missing.size === 0;
}
/** Where on this machine they are. */
function keptIndexes(root, source) {
	if (!statInSystem(root, LISTS)?.isDirectory()) return [];
	const start = listName(new URL(source.uri), source.suite);
	return readdirSync(pathInSystem(root, LISTS)).filter((name) => name.startsWith(start) && /^(?:.*_)?Packages$/.test(name.slice(start.length))).map((name) => `${LISTS}/${name}`).filter((file) => statInSystem(root, file)?.isFile()).map((file) => pathInSystem(root, file));
}
async function removeListed(lines, file) {
	let end = "\n";
	for await (const chunk of createReadStream(file, {
		encoding: "latin1",
		end: MAX_PLAIN_INDEX - 1
	})) {
		const text = end + String(chunk);
		for (const line of lines) if (text.includes(line)) lines.delete(line);
		end = text.slice(-LONGEST_LINE);
	}
}
/** Of those that are looked for: one may begin at the end of what was read. */
const LONGEST_LINE = 100;
async function readKept(root, file) {
	if (!statInSystem(root, file)?.isFile()) return void 0;
	return await readFileUpTo(pathInSystem(root, file), MAX_RELEASE_FILE);
}
// src/policy/likely-upstream.ts
const DEBIAN = "http://ftp.debian.org/debian";
const SECURITY = "http://security.debian.org/debian-security";
/** Debian's releases of which builds may still be made; further ones are known by their Origin. */
const CODENAMES = /* @__PURE__ */ new Set([...[
	"sid",
	"experimental",
	"duke",
	"forky",
	"trixie",
	"bookworm"
], ...[
	"bullseye",
	"buster",
	"stretch",
	"jessie",
	"wheezy"
]]);
/** No copy of Debian's main is without them; a vendor of a few packages for a release of Debian's has none of them. */
const BASE_PACKAGES = [
	"base-files",
	"bash",
	"dpkg"
];
/**
* Whose copy the suites of one archive seem to be: Debian's, where the release file that apt kept names Debian as the
* Origin, or where it has a codename of Debian's and the archive lists Debian's base packages.
*/
async function seenSuites(root, group) {
	const seen = [];
	for (const source of group) {
		const kept = await keptRelease(root, source);
		seen.push({
			source,
			...kept === void 0 ? {} : { kept }
		});
	}
	const guesses = seen.map(likelyUpstream);
	const listsBase = guesses.some((guess) => guess?.why === BY_NAMES) && await anyListsBase(root, group);
	return seen.map((suite, index) => {
		const likely = guesses[index];
		return likely === void 0 || likely.why === BY_NAMES && !listsBase ? suite : {
			...suite,
			likely
		};
	});
}
const BY_NAMES = `has a codename of Debian's, and the archive lists ${BASE_PACKAGES.join(", ")}`;
function likelyUpstream({ source, kept }) {
	if (kept === void 0) return void 0;
	const { origin, label, codename } = kept;
	const suite = source.suite.endsWith("/updates") ? source.suite : codename ?? source.suite;
	if (!/^[a-z][a-z0-9-]*(?:\/updates)?$/.test(suite)) return void 0;
	const found = {
		suite,
		url: label === "Debian-Security" || /(?:-security|\/updates)$/.test(suite) ? SECURITY : DEBIAN
	};
	if (origin === "Debian" || origin === "Debian Backports") return {
		...found,
		why: `names ${origin} as its Origin`
	};
	const release = suite.replace(/(?:-(?:proposed-updates|updates|security|backports)|\/updates)$/, "");
	return CODENAMES.has(release) ? {
		...found,
		why: BY_NAMES
	} : void 0;
}
async function anyListsBase(root, group) {
	for (const source of group) if (await keptIndexesList(root, source, BASE_PACKAGES)) return true;
	return false;
}
// src/policy/first-policy.ts
/**
* Writes a policy of a system's apt sources. A source that a shipped upstream signs is that upstream's word. Any other
* one is under test: somebody else must vouch for it, and where nobody is seen to, the policy has a place left open.
*
* @param at the clock
* @throws DebproofError POLICY
*/
async function firstPolicy(root, at) {
	const sources = readAptSources(root).filter(({ type }) => type === "deb");
	if (sources.length === 0) throw new DebproofError("POLICY", `The system at ${root} has no apt source to start from; name another with --root.`);
	const keys = /* @__PURE__ */ new Map();
	const read = await readArchives(root, sources, keys, at);
	const upstreams = read.filter((item) => typeof item !== "string" && item.shipped !== void 0);
	const written = read.map((item) => {
		if (typeof item === "string") return [item];
		return item.shipped === void 0 ? derivativeLines(item, upstreams) : ownUpstreamLines(item);
	});
	const archives = written.flat();
	if (read.every((item) => typeof item === "string")) throw new DebproofError("POLICY", `No apt source of the system at ${root} can be verified:\n${archives.join("\n")}`);
	return {
		text: [
			"# What debproof verifies, and whom it trusts. Reference: docs/policy.md.",
			"version: 1",
			"packages:",
			"  # What the build says it used; several lists are merged.",
			`  - path: ${JSON.stringify(statusFile(path.resolve(root)))}`,
			"archives:",
			...archives,
			""
		].join("\n"),
		keys,
		open: written.filter((lines) => lines.some((line) => line.endsWith(`url: ${OPEN_PLACE}`))).length
	};
}
/** Each archive of the sources, or a line that says why it is left out. */
async function readArchives(root, sources, keys, at) {
	const { native, foreign } = systemArchitectures(root);
	const names = new ArchiveNames();
	const found = [];
	for (const group of groupSources(sources)) {
		const [first] = group;
		if (first === void 0) continue;
		const why = whyLeftOut(first);
		if (why !== void 0) {
			found.push(`  # ${first.location} is left out: ${why}.`);
			continue;
		}
		const name = names.of(new URL(first.uri));
		const trusted = await trustOf(first, name, root, keys);
		if (typeof trusted === "string") {
			found.push(`  # ${first.location}: ${first.uri} is left out: ${trusted}.`);
			continue;
		}
		const suites = await seenSuites(root, group);
		const shipped = await shippedUpstreamOf(trusted.keyring) ?? await signerOf(suites, trusted.keyring, at);
		const architectures = first.architectures ?? [native, ...foreign];
		found.push({
			name,
			url: first.uri,
			signedBy: trusted.signedBy,
			suites,
			components: first.components,
			architectures,
			...shipped === void 0 ? {} : { shipped: trusted.only.length === 0 ? shipped : list([shipped, ...trusted.only]) }
		});
	}
	return found;
}
/** What a source's keys are, or why there are none. */
async function trustOf(source, name, root, keys) {
	const { files: own = [], embedded, fingerprints = [] } = source.signedBy ?? {};
	const files = own.length > 0 || embedded !== void 0 ? own : globalKeyringFiles(root);
	if (files.length === 0 && embedded === void 0) return "neither the source nor the system names a key for it";
	const problems = [];
	const keyring = await keyringOf(source, root, (problem) => problems.push(problem));
	if (keyring.signingKeys().length === 0) return problems.length > 0 ? "its keyring cannot be read" : "its keyring does not hold the key that it names";
	const only = fingerprints.map(({ fingerprint, exact }) => `${fingerprint}${exact ? "!" : ""}`);
	if (embedded === void 0) return {
		keyring,
		signedBy: list([...files.map((file) => path.join(path.resolve(root), file)), ...only]),
		only
	};
	const file = `keys/${name}.asc`;
	keys.set(file, embedded.endsWith("\n") ? embedded : `${embedded}\n`);
	return {
		keyring,
		signedBy: JSON.stringify(file),
		only
	};
}
/**
* The shipped upstream that signed what apt kept of every suite, where its keys are among others in the keyring: a
* system without Signed-By has all its keys together.
*/
async function signerOf(suites, keyring, at) {
	if (keyring.only.length > 0) return void 0;
	for (const [name, shipped] of await shippedKeyrings()) {
		const known = new Set(shipped.signingKeys().map(({ fingerprint }) => fingerprint));
		if (!keyring.signingKeys().some(({ primaryFingerprint }) => known.has(primaryFingerprint))) continue;
		if ((await Promise.all(suites.map((suite) => isSigned(suite, shipped, at)))).every(Boolean)) return name;
	}
}
async function isSigned({ kept }, keyring, at) {
	if (kept === void 0) return false;
	try {
		await verifySignatures(kept.signed, keyring, at);
		return true;
	} catch (error) {
		if (isDebproofError(error, "RELEASE_UNTRUSTED") || isDebproofError(error, "RELEASE_MALFORMED")) return false;
		throw error;
	}
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
		const { text, keys, open } = await firstPolicy(given.text("root") ?? "/", /* @__PURE__ */ new Date());
		const file = given.text("output") ?? "";
		await writeNew(file, text);
		for (const [name, key] of keys) {
			const keyFile = path.join(path.dirname(file), name);
			await makeFolder(path.dirname(keyFile));
			await writeNew(keyFile, key);
		}
		if (!given.flag("quiet")) {
			const fill = open === 0 ? "Read it, then" : `It does not say yet who first distributed the packages of ${open} archive${open === 1 ? "" : "s"}: write that where it has ${OPEN_PLACE}, then`;
			terminal.out(`Wrote ${file}. ${fill}: debproof verify --policy ${file} --unsigned\n`);
		}
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
