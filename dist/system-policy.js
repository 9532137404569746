import { a as readCertificates, i as Keyring } from "./shipped-keys.js";
import { K as MAX_KEYRING, a as systemErrorCode, i as isDebproofError, jt as MAX_SOURCES, t as DebproofError } from "./errors.js";
import { t as readFileUpTo } from "./read-file-up-to.js";
import { a as parseFingerprint, i as parseArchitecture } from "./deb822.js";
import { f as isPathSuite, u as withOwnKeys } from "./policy-schema.js";
import { i as systemHash, r as recordOfArchive, t as SYSTEM_RULES } from "./system-record.js";
import { lstatSync, readFileSync, readdirSync, readlinkSync, statSync } from "node:fs";
import path, { join, posix } from "node:path";
// src/policy/deb822-sources.ts
/**
* The stanzas of a `.sources` file (sources.list(5), deb822 style): `Field: value`, continuation lines start with
* a blank, `#` in the first column is a comment.
*
* @throws DebproofError POLICY
*/
function* readDeb822Sources(text, file) {
	let fields = /* @__PURE__ */ new Map();
	let last = "";
	for (const [index, written] of [...text.split("\n"), ""].entries()) {
		const location = `${file}:${index + 1}`;
		const line = written.replace(/\r$/, "");
		if (line.startsWith("#")) continue;
		if (line === "") {
			const [first] = fields.values();
			if (first !== void 0) yield stanzaEntry(fields, first.location);
			fields = /* @__PURE__ */ new Map();
			continue;
		}
		refuseForeignBlanks(line, location);
		if (/^[ \t]/.test(line)) {
			if (fields.size === 0 && line.trim() === "") continue;
			const field = fields.get(last) ?? refuse(location, "continues no field: remove the blanks before it");
			fields.set(last, {
				...field,
				value: `${field.value}\n${line.trim()}`
			});
			continue;
		}
		const [, name, value] = /^([^\s:]+):(.*)$/s.exec(line) ?? [];
		if (name === void 0 || value === void 0) return refuse(location, "is no \"Field: value\" line");
		last = name.toLowerCase();
		if (fields.has(last)) refuse(location, `has the field "${name}" twice in one stanza: separate stanzas with an empty line`);
		fields.set(last, {
			value: value.trim(),
			location
		});
	}
}
function stanzaEntry(fields, location) {
	const words = (name) => wordsOf(fields.get(name));
	return {
		location,
		types: words("types"),
		uris: words("uris"),
		suites: words("suites"),
		components: words("components"),
		options: fields
	};
}
function wordsOf(field) {
	return field?.value.match(/\S+/g) ?? [];
}
/** What JavaScript takes for a blank and apt does not would split words in other places than apt does. */
function refuseForeignBlanks(line, location) {
	if (/[^\S \t\v\f\r]/.test(line)) refuse(location, "has a Unicode blank such as U+00A0: use plain blanks");
}
/** What is quoted from the file must bring no escape sequences to the terminal and no passwords to a log. */
function refuse(location, problem) {
	const message = problem.replaceAll(/\/\/[^/@]*@/g, "//…@").replaceAll(/\p{Cc}/gu, "?");
	throw new DebproofError("POLICY", `${location} ${message.length > 400 ? `${message.slice(0, 400)}…` : message}`);
}
// src/policy/one-line-sources.ts
/**
* The lines of a `.list` file (sources.list(5), one-line style): `deb [option=value …] uri suite [component …]`.
*
* @throws DebproofError POLICY
*/
function* readOneLineSources(text, file) {
	for (const [index, written] of text.split("\n").entries()) {
		const location = `${file}:${index + 1}`;
		const uncommented = withoutComment(written);
		refuseForeignBlanks(uncommented, location);
		const line = uncommented.trim();
		if (line === "") continue;
		const [, type = "", bracket, rest = ""] = /^(\S+)(?:\s+\[([^\]]*)\](?=\s|$))?(.*)$/s.exec(line) ?? [];
		if (bracket === void 0 && rest.trimStart().startsWith("[")) refuse(location, "has an option list that is not closed by \"]\" and a blank");
		const options = readOptions(bracket ?? "", location);
		const words = splitQuotedWords(rest, location);
		yield {
			location,
			types: [type],
			uris: words.slice(0, 1),
			suites: words.slice(1, 2),
			components: words.slice(2),
			options
		};
	}
}
/** A `#` starts a comment, except inside of brackets. */
function withoutComment(line) {
	for (let at = 0; at < line.length; at++) {
		if (line[at] === "#") return line.slice(0, at);
		if (line[at] !== "[") continue;
		at = line.indexOf("]", at);
		if (at < 0) break;
	}
	return line;
}
/** The deb822 names of the options that matter here. apt ignores what it does not know, and so do we the rest. */
const OPTION_FIELDS = /* @__PURE__ */ new Map([
	["arch", "architectures"],
	["arch+", "architectures-add"],
	["arch-", "architectures-remove"],
	["signed-by", "signed-by"],
	["trusted", "trusted"],
	["snapshot", "snapshot"],
	["include", "include"],
	["exclude", "exclude"],
	["inrelease-path", "inrelease-path"],
	["target", "targets"],
	["target-", "targets-remove"],
	["Packages", "packages"],
	["Sources", "sources"]
]);
function readOptions(text, location) {
	const options = /* @__PURE__ */ new Map();
	for (const option of splitQuotedWords(text, location)) {
		const [, name, value] = /^([^=]+)=(.+)$/s.exec(option) ?? [];
		if (name === void 0 || value === void 0) return refuse(location, `has the option "${option}": write name=value`);
		const field = OPTION_FIELDS.get(name);
		if (field === void 0) continue;
		if (options.has(field)) refuse(location, `has the option "${name}" twice: join its values with commas`);
		options.set(field, {
			value: field.startsWith("architectures") ? value.replaceAll(",", " ") : value,
			location
		});
	}
	return options;
}
/** Words as apt's ParseQuoteWord splits them: blanks inside "…" and […] belong to the word, %20 stands for a blank. */
function splitQuotedWords(text, location) {
	const words = [];
	for (let at = 0; at < text.length;) {
		const start = at;
		for (; at < text.length && !/\s/.test(text[at] ?? ""); at++) {
			const close = text[at] === "\"" ? "\"" : text[at] === "[" ? "]" : void 0;
			if (close !== void 0) at = text.indexOf(close, at + 1);
			if (at < 0) return refuse(location, `has no closing ${close}`);
		}
		if (at > start) words.push(unquoted(text.slice(start, at), location));
		else at++;
	}
	return words;
}
function unquoted(word, location) {
	const plain = word.replaceAll("\"", "").replaceAll(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
	return /\p{Cc}/u.test(plain) ? refuse(location, `has a control character in "${word}"`) : plain;
}
// src/policy/source-options.ts
/** Whether it is one of the words by which apt's StringToBool knows no. */
function isNo(text) {
	return /^(?:no|false|without|off|disable|0)$/i.test(text);
}
/** Options by which apt takes some packages of a source only, or its release file from another place. */
const ALWAYS = [
	"include",
	"exclude",
	"inrelease-path"
];
/**
* The option by which apt takes less of a source than it lists, or reads it elsewhere (sources.list(5)), as
* `include=foo`; undefined where apt reads the source as it stands.
*
* @param type what is read of it: `Packages` of `deb`, `Sources` of `deb-src`
*/
function narrowingOption(options, type) {
	const value = (name) => options.get(name)?.value ?? "";
	const words = (name) => value(name).match(/[^\s,]+/g) ?? [];
	const index = type === "deb" ? "Packages" : "Sources";
	const narrows = {
		...Object.fromEntries(ALWAYS.map((name) => [name, options.has(name)])),
		snapshot: value("snapshot") !== "" && !isNo(value("snapshot")),
		targets: words("targets").length > 0 && !words("targets").includes(index),
		"targets-remove": words("targets-remove").includes(index),
		[index.toLowerCase()]: isNo(value(index.toLowerCase()))
	};
	const name = Object.keys(narrows).find((one) => narrows[one]);
	return name === void 0 ? void 0 : `${name}=${value(name).replaceAll(/\s+/g, " ")}`;
}
// src/policy/system-files.ts
/**
* Where a file of the system under `root` is, with symbolic links followed as inside a chroot: an absolute
* link must not lead to the host's file, which could be another keyring. It need not exist.
*
* @throws DebproofError POLICY
*/
function pathInSystem(root, path) {
	const todo = path.split("/");
	let inside = "/";
	let links = 0;
	for (let part = todo.shift(); part !== void 0; part = todo.shift()) {
		const next = posix.join(inside, part);
		const target = linkTarget(join(root, next));
		if (target === void 0) {
			inside = next;
			continue;
		}
		links += 1;
		if (links > 40) throw new DebproofError("POLICY", `${join(root, path)} has too many symbolic links`);
		if (target.startsWith("/")) inside = "/";
		todo.unshift(...target.split("/"));
	}
	return join(root, inside);
}
/** What is at a path of the system under `root`; undefined where there is nothing. */
function statInSystem(root, path) {
	return attempt(join(root, path), () => statSync(pathInSystem(root, path), { throwIfNoEntry: false }));
}
/**
* A regular file's text; undefined where there is none (apt too skips what is no regular file).
*
* @param limit bytes that it may have
* @throws DebproofError POLICY
*/
function readSystemFile(root, file, limit) {
	const found = statInSystem(root, file);
	if (!found?.isFile()) return void 0;
	const shown = join(root, file);
	if (found.size > limit) throw new DebproofError("POLICY", `${shown} is larger than ${limit} bytes`);
	return attempt(shown, () => readFileSync(pathInSystem(root, file), "utf8"));
}
/** The files of a `.d` directory that apt reads, sorted: sources.list(5), and `:`, which apt takes too. */
function filesOf(root, directory, extensions) {
	if (!statInSystem(root, directory)?.isDirectory()) return [];
	const name = new RegExp(`^[A-Za-z0-9_:-][A-Za-z0-9_.:-]*\\.(?:${extensions.join("|")})$`);
	return attempt(join(root, directory), () => readdirSync(pathInSystem(root, directory))).filter((entry) => name.test(entry)).sort().map((entry) => posix.join(directory, entry));
}
function linkTarget(path) {
	return attempt(path, () => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(path) : void 0);
}
function attempt(path, action) {
	try {
		return action();
	} catch (error) {
		if (systemErrorCode(error) === void 0) throw error;
		throw new DebproofError("POLICY", `${path} cannot be read: check its permissions, or the root directory given`, { cause: error });
	}
}
// src/policy/system-architectures.ts
const ARCH_FILE = "/var/lib/dpkg/arch";
const STATUS_FILE = "/var/lib/dpkg/status";
/**
* dpkg's own architecture, and those added with `dpkg --add-architecture` (dpkg(1)): from /var/lib/dpkg/arch,
* which has the native one first, or from the entry of dpkg in /var/lib/dpkg/status.
*
* @throws DebproofError POLICY when neither says
*/
function systemArchitectures(root) {
	const listed = readListed(root);
	const [native, ...foreign] = listed.length > 0 ? listed : readOwn(root);
	if (native === void 0) return refuse(join(root, "/var/lib/dpkg"), "does not say the architecture of the system: is this the root of a Debian system?");
	return {
		native,
		foreign: foreign.filter((architecture) => architecture !== native)
	};
}
function readListed(root) {
	return (readSystemFile(root, ARCH_FILE, 1048576)?.split("\n") ?? []).map((line) => line.trim()).filter((line) => line !== "").map((name) => checked(name, join(root, ARCH_FILE)));
}
function readOwn(root) {
	const status = readSystemFile(root, STATUS_FILE, 268435456) ?? "";
	const start = `\n${status}`.indexOf("\nPackage: dpkg\n");
	const stanza = start === -1 ? "" : status.slice(start).split("\n\n", 1)[0];
	const name = /^Architecture: *(\S+)$/m.exec(stanza ?? "")?.[1];
	return name === void 0 ? [] : [checked(name, join(root, STATUS_FILE))];
}
function checked(name, location) {
	return parseArchitecture(name) ?? refuse(location, `names no architecture: "${name}"`);
}
// src/policy/apt-sources.ts
/**
* The apt sources of a system, as sources.list(5) describes them and apt 2.6 was seen to read them. Where apt
* guesses or lets a later value silently win (a field twice, an option twice, an unreadable yes/no), this
* reader refuses: debproof must not trust another archive or key than the one the reader of the file sees.
*/
/**
* Reads /etc/apt/sources.list and /etc/apt/sources.list.d of the system under `root`, in apt's order.
*
* @throws DebproofError POLICY that names file and line where apt would refuse a source, where two sources
* contradict each other, and past the limits (1 MiB a file, 1000 sources)
*/
function readAptSources(root) {
	let known;
	const system = () => {
		known ??= systemArchitectures(root);
		return known;
	};
	const sources = [];
	for (const file of ["/etc/apt/sources.list", ...filesOf(root, "/etc/apt/sources.list.d", ["list", "sources"])]) {
		const text = readSystemFile(root, file, 1048576) ?? "";
		const shown = join(root, file);
		if (text.includes("\0")) refuse(shown, "has a NUL byte: it is no list of apt sources");
		const read = file.endsWith(".sources") ? readDeb822Sources : readOneLineSources;
		for (const entry of read(text, shown)) for (const source of multiply(entry, system)) {
			if (sources.length >= 1e3) refuse(entry.location, `is one source too many: the limit is ${MAX_SOURCES}`);
			sources.push(source);
		}
	}
	refuseContradictions(sources);
	return sources;
}
/**
* The keyrings that apt trusts for sources without Signed-By (apt-secure(8)): /etc/apt/trusted.gpg and
* /etc/apt/trusted.gpg.d/*.{gpg,asc}. Absolute paths inside the system: open them with `pathInSystem`.
*
* @throws DebproofError POLICY
*/
function globalKeyringFiles(root) {
	return ["/etc/apt/trusted.gpg", ...filesOf(root, "/etc/apt/trusted.gpg.d", ["gpg", "asc"])].filter((file) => statInSystem(root, file)?.isFile());
}
/** Makes the sources of an entry, with the checks that apt makes. */
function* multiply(entry, system) {
	const { location, options } = entry;
	const types = readTypes(entry);
	if (readBoolean(options.get("enabled")) === false) return;
	const components = [...new Set(entry.components)];
	if (entry.uris.length === 0) refuse(location, "has no URI");
	if (entry.suites.length === 0) refuse(location, "has no suite");
	const architectures = readArchitectures(options, system);
	const signedBy = readSignedBy(options.get("signed-by"));
	const trusted = readBoolean(options.get("trusted"));
	const substitute = (text) => {
		const result = text.replaceAll("$(ARCH)", () => system().native);
		if (result.includes("$(")) refuse(location, `has a variable in "${text}" that apt does not know there: write it out`);
		return result;
	};
	const uris = entry.uris.map((uri) => {
		if (!/^[a-z][a-z0-9.+-]*:./i.test(uri)) refuse(location, `has "${uri}" where a URI belongs`);
		return substitute(uri).replace(/\/?$/, "/");
	});
	const suites = entry.suites.map((suite) => {
		if (isPathSuite(suite)) {
			if (components.length > 0) refuse(location, `has components after the exact path "${suite}": remove them`);
			return substitute(suite);
		}
		if (components.length === 0) refuse(location, `has no component for the suite "${suite}"`);
		if (suite.includes("$(")) refuse(location, `has a variable in the suite "${suite}": write it out`);
		return suite;
	});
	if (options.has("include") && options.has("exclude")) refuse(location, "has both Include and Exclude: apt takes one");
	for (const type of types) {
		const narrowedBy = narrowingOption(options, type);
		for (const uri of uris) for (const suite of suites) yield {
			type,
			uri,
			suite,
			components,
			...architectures,
			...signedBy && { signedBy },
			...trusted !== void 0 && { trusted },
			...narrowedBy !== void 0 && { narrowedBy },
			location
		};
	}
}
function readTypes({ types, location }) {
	if (types.length === 0) refuse(location, "has no type");
	return types.map((type) => type === "deb" || type === "deb-src" ? type : refuse(location, `has the type "${type}": apt knows deb and deb-src`));
}
/** The words that apt's StringToBool knows. */
function readBoolean(field) {
	if (field === void 0 || field.value === "") return void 0;
	if (/^(?:yes|true|with|on|enable|1)$/i.test(field.value)) return true;
	if (isNo(field.value)) return false;
	return refuse(field.location, `has "${field.value}" where yes or no belongs`);
}
function readArchitectures(options, system) {
	const read = (name) => {
		const field = options.get(name);
		return field && wordsOf(field).map((word) => parseArchitecture(word) ?? refuse(field.location, `has "${word}" where an architecture belongs`));
	};
	const set = read("architectures");
	const add = read("architectures-add");
	const remove = new Set(read("architectures-remove"));
	if (set === void 0 && add === void 0 && remove.size === 0) return {};
	const base = set ?? [system().native, ...system().foreign];
	return {
		architectures: [.../* @__PURE__ */ new Set([...base, ...add ?? []])].filter((architecture) => !remove.has(architecture)),
		...remove.has("all") ? { withoutAll: true } : {}
	};
}
/** Paths and fingerprints, separated by blanks or commas, or one armored key with ` .` for its empty line. */
function readSignedBy(field) {
	if (field === void 0) return void 0;
	const value = field.value.trim();
	if (value.startsWith("-----BEGIN PGP PUBLIC KEY BLOCK-----")) {
		if (!value.endsWith("\n-----END PGP PUBLIC KEY BLOCK-----")) refuse(field.location, "has a key that does not end with its \"-----END PGP PUBLIC KEY BLOCK-----\" line");
		return {
			files: [],
			fingerprints: [],
			embedded: `${value.replaceAll(/^\.$/gm, "")}\n`
		};
	}
	const files = [];
	const fingerprints = [];
	for (const word of value.match(/[^\s,]+/g) ?? []) {
		const digits = /^([0-9A-F]+)!?$/i.exec(word)?.[1];
		const fingerprint = digits === void 0 ? void 0 : parseFingerprint(digits);
		if (word.startsWith("/")) files.push(word);
		else if (fingerprint !== void 0) fingerprints.push({
			fingerprint,
			exact: word.endsWith("!")
		});
		else refuse(field.location, `has "${word}" in Signed-By: give absolute paths of keyrings or whole fingerprints`);
	}
	return files.length + fingerprints.length > 0 ? {
		files,
		fingerprints
	} : void 0;
}
/**
* apt keeps one Signed-By and one Trusted for each place and suite, whatever the type, and refuses the sources
* when they differ (apt 2.6 lets one without Signed-By come before one with it: here that is refused too).
*/
function refuseContradictions(sources) {
	const seen = /* @__PURE__ */ new Map();
	for (const source of sources) {
		const key = `${placeOf(source.uri)}\n${source.suite}`;
		const first = seen.get(key) ?? source;
		seen.set(key, first);
		const differ = (option) => refuse(source.location, `sets another ${option} for ${source.uri} ${source.suite} than ${first.location}: make them the same`);
		if (first.trusted !== source.trusted) differ("Trusted");
		if (comparable(first.signedBy) !== comparable(source.signedBy)) differ("Signed-By");
	}
}
/** A URI without scheme and login, both of which apt leaves out when it compares: host and path, or a path. */
function placeOf(uri) {
	const [, authority = "", path = ""] = /^[^:]*:(?:\/\/([^/]*))?(.*)$/s.exec(uri) ?? [];
	return authority.replace(/^.*@/s, "").toLowerCase() + path;
}
function comparable(signedBy) {
	const { files = [], fingerprints = [], embedded = "" } = signedBy ?? {};
	const keys = fingerprints.map(({ fingerprint, exact }) => `${fingerprint}${exact ? "!" : ""}`);
	return [.../* @__PURE__ */ new Set([...files, ...keys])].sort().join("\n") + embedded;
}
// src/policy/archive-names.ts
/** Gives archives short names after their URLs: `debian`, `debian-security`, `example.org`; each once. */
var ArchiveNames = class {
	#taken = /* @__PURE__ */ new Set(["none"]);
	of(base) {
		const parts = base.pathname.split("/").filter((part) => /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(part));
		const generic = /* @__PURE__ */ new Set([
			"apt",
			"repo",
			"deb",
			"dists",
			"ubuntu"
		]);
		const last = parts.at(-1);
		const wanted = last !== void 0 && !generic.has(last) ? last : base.hostname.replace(/[^A-Za-z0-9.-]/g, "") || "local";
		let name = wanted;
		for (let number = 2; this.#taken.has(name); number++) name = `${wanted}-${number}`;
		this.#taken.add(name);
		return name;
	}
};
// src/policy/system-policy.ts
/** Where dpkg keeps what is installed, and apt what it fetched. */
function statusFile(root) {
	return path.join(root, "var/lib/dpkg/status");
}
/**
* Makes a policy of a system's own apt sources: every package must be what one of them signed. Each source is its
* own upstream.
*
* @throws DebproofError POLICY, also where the system has no source
*/
async function systemPolicy({ root, fromLists, warn, at, clock = { from: "option" } }) {
	const sources = usableSources(root, warn);
	const { native, foreign } = systemArchitectures(root);
	const names = new ArchiveNames();
	const found = [];
	for (const group of groupSources(sources)) {
		const [first] = group;
		if (first === void 0) continue;
		const area = {
			base: new URL(first.uri),
			suites: [...new Set(group.map(({ suite }) => suite))],
			components: first.components,
			architectures: first.architectures ?? [native, ...foreign]
		};
		const upstream = {
			kind: "live",
			area,
			keyring: await keyringOf(first, root, warn)
		};
		found.push({
			name: names.of(area.base),
			require: "identical",
			served: upstream,
			servedByUpstream: true,
			unprovenFiles: "report",
			upstreams: [upstream],
			...fromLists ? { aptLists: path.join(root, "var/lib/apt/lists") } : {}
		});
	}
	const archives = await withOwnKeys(found);
	return {
		sha256: systemHash(archives.map(recordOfArchive)),
		at,
		clock,
		archives,
		...SYSTEM_RULES
	};
}
/** Binary sources that can be asked. What cannot is named, and its packages will be in no archive. */
function usableSources(root, warn) {
	const all = readAptSources(root).filter(({ type }) => type === "deb");
	const usable = all.filter((source) => whyLeftOut(source) === void 0);
	for (const source of all) {
		const why = whyLeftOut(source);
		if (why !== void 0) warn(`${source.location}: this source is left out: ${why}.`);
	}
	if (usable.length === 0) throw new DebproofError("POLICY", `The system at ${root} has no apt source to verify against; write a policy instead (debproof init).`);
	return usable;
}
/** Why nothing is read of a source; undefined where it is. */
function whyLeftOut(source) {
	if (!isReadable(source)) return "only http, https and file URLs without a login are read";
	if (source.withoutAll === true) return "it takes the architecture all away, which is read with every other here";
	if (source.narrowedBy !== void 0) return `with ${source.narrowedBy} apt takes less of it, or reads it elsewhere, and it would be read whole here`;
	return source.trusted === false ? "it says trusted=no, so apt believes nothing of it" : void 0;
}
/** Whether a source's archive can be asked: a login would stand in the report and in the log. */
function isReadable({ uri }) {
	if (!/^(?:https?|file):/.test(uri) || !URL.canParse(uri)) return false;
	const { username, password } = new URL(uri);
	return username === "" && password === "";
}
/** Sources that differ in their suite only are one archive. */
function groupSources(sources) {
	const groups = /* @__PURE__ */ new Map();
	for (const source of sources) {
		const key = JSON.stringify([
			source.uri,
			source.components,
			source.architectures ?? [],
			source.signedBy ?? {},
			source.trusted === false,
			source.narrowedBy ?? ""
		]);
		groups.set(key, [...groups.get(key) ?? [], source]);
	}
	return [...groups.values()];
}
/**
* The keys that apt would take. A keyring that is missing or broken leaves the source without keys, as apt leaves
* it: nothing of it can be proven, and the reasons say so.
*/
async function keyringOf(source, root, warn) {
	const { signedBy } = source;
	const certificates = [];
	const own = signedBy?.files ?? [];
	const files = own.length > 0 || signedBy?.embedded !== void 0 ? own : globalKeyringFiles(root);
	for (const file of files) try {
		const bytes = await readFileUpTo(pathInSystem(root, file), MAX_KEYRING);
		if (bytes === void 0) throw new DebproofError("KEY", `${file} is larger than ${MAX_KEYRING} bytes.`);
		certificates.push(...await readCertificates(bytes, file));
	} catch (error) {
		if (error instanceof Error && !isDebproofError(error, "KEY") && !("code" in error)) throw error;
		warn(`${source.location}: the keyring ${file} cannot be read and is left out.`);
	}
	if (signedBy?.embedded !== void 0) certificates.push(...await readCertificates(Buffer.from(signedBy.embedded), `in ${source.location}`));
	return new Keyring(certificates, signedBy?.fingerprints ?? []);
}
export { whyLeftOut as a, readAptSources as c, statInSystem as d, systemPolicy as i, systemArchitectures as l, keyringOf as n, ArchiveNames as o, statusFile as r, globalKeyringFiles as s, groupSources as t, pathInSystem as u };
