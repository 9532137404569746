import { Pt as MAX_STATEMENT, a as systemErrorCode, ft as MAX_PUBLIC_KEY_FILE, l as DEFAULT_WINDOW, lt as MAX_POLICY, t as DebproofError } from "./errors.js";
import { D as safeParse } from "./dist.js";
import { s as require_dist } from "./formats.js";
import { i as parseArchitecture, l as parseVersion, s as parseSha256 } from "./deb822.js";
import { D as sha256Of, p as materialOfKey } from "./shipped-keys.js";
import { a as packageListSchema, c as rebuildersSchema, i as layoutSchema, l as upstreamSchema, n as archiveSchema, o as partySchema, r as exceptionSchema, s as policySchema, u as withOwnKeys } from "./policy-schema.js";
import { t as closest } from "./spelling.js";
import { n as originsIn, r as substitute, t as HARMLESS } from "./variables.js";
import { t as TrustAnchors } from "./trust.js";
import { createPublicKey, verify } from "node:crypto";
import path from "node:path";
import { pathToFileURL } from "node:url";
// src/policy/key-ids.ts
/**
* All that tells whose keys these are, each with the fingerprint to name it by: of the keys that may sign, of all others
* of their certificates, and what the keys are made of: a key may be an OpenPGP certificate here and PEM there.
*/
function keyIdsOf({ keyring, publicKeys }) {
	const ids = /* @__PURE__ */ new Map();
	for (const { fingerprint, material } of keyring?.holdersKeys() ?? []) {
		ids.set(fingerprint, fingerprint);
		if (material !== "") ids.set(material, fingerprint);
	}
	for (const { fingerprint, material } of publicKeys) ids.set(fingerprint, fingerprint).set(material, fingerprint);
	return ids;
}
// src/archive/public-key.ts
var import_dist = require_dist();
/** SubjectPublicKeyInfo of an Ed25519 key up to its 32 bytes (RFC 8410, 4). */
const ED25519_PREFIX = Buffer.from("302a300506032b6570032100", "hex");
/** The same with the NULL parameters that RFC 8410 forbids and rebuilderd writes. */
const ED25519_PREFIX_WITH_NULL = Buffer.from("302c300706032b65700500032100", "hex");
/**
* Reads the public keys of a PEM file (`-----BEGIN PUBLIC KEY-----`, RFC 7468), one or more: Ed25519, or ECDSA on
* P-256.
*
* @param name the file, for errors
* @throws DebproofError KEY
*/
function readPublicKeys(file, name, until) {
	const unusable = (problem, cause) => new DebproofError("KEY", `The public key file ${name} ${problem}.`, { cause });
	if (file.length > 65536) throw unusable(`is larger than ${MAX_PUBLIC_KEY_FILE} bytes`);
	const text = Buffer.from(file).toString("latin1");
	if (text.includes("PRIVATE KEY")) throw unusable("holds a private key; give the public one");
	if (text.includes("BEGIN PGP")) throw unusable("is an OpenPGP key; name it with signed-by");
	const begun = text.split("-----BEGIN PUBLIC KEY-----").length - 1;
	const blocks = [...text.matchAll(/^-----BEGIN PUBLIC KEY-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END PUBLIC KEY-----\r?$/gm)];
	if (blocks.length === 0) throw unusable("holds no PEM block of a PUBLIC KEY");
	if (blocks.length < begun) throw unusable(`begins ${begun} PEM blocks, of which only ${blocks.length} can be read`);
	return blocks.map(([, base64 = ""]) => {
		try {
			const key = publicKey(Buffer.from(base64, "base64"));
			if (key === void 0) throw unusable("holds a key that is neither Ed25519 nor ECDSA on P-256");
			return until === void 0 ? key : {
				...key,
				until
			};
		} catch (error) {
			if (error instanceof DebproofError) throw error;
			throw unusable("cannot be read as a public key", error);
		}
	});
}
function publicKey(written) {
	const der = written.length === 46 && written.subarray(0, 14).equals(ED25519_PREFIX_WITH_NULL) ? Buffer.concat([ED25519_PREFIX, written.subarray(14)]) : written;
	const read = createPublicKey({
		key: der,
		format: "der",
		type: "spki"
	});
	const key = isP256(read) ? createPublicKey({
		key: read.export({ format: "jwk" }),
		format: "jwk"
	}) : read;
	const spki = key.export({
		format: "der",
		type: "spki"
	});
	const fingerprint = sha256Of(spki);
	if (key.asymmetricKeyType === "ed25519") return {
		algorithm: "ed25519",
		fingerprint,
		bytes: spki.subarray(ED25519_PREFIX.length),
		material: materialOfKey(key),
		verify: (message, sig) => verify(null, message, key, sig)
	};
	if (isP256(key)) return {
		algorithm: "ecdsa-p256",
		fingerprint,
		bytes: spki,
		material: materialOfKey(key),
		verify: (message, sig) => verify("sha256", message, key, sig)
	};
}
function isP256(key) {
	return key.asymmetricKeyType === "ec" && key.asymmetricKeyDetails?.namedCurve === "prime256v1";
}
/** Whether a key still counts at `at`. */
function isInForce({ until }, at) {
	return until === void 0 || at.toISOString().slice(0, 10) <= until;
}
// src/packages/references.ts
/**
* The snapshots that the lists name, by origin; two lists that disagree would let one of them choose for the other.
*
* @throws DebproofError PACKAGE_LIST
*/
function mergeReferences(lists) {
	const references = /* @__PURE__ */ new Map();
	for (const { name, content } of lists) for (const [origin, reference] of Object.entries(content.references ?? {})) {
		const known = references.get(origin);
		if (known !== void 0 && known !== reference) throw new DebproofError("PACKAGE_LIST", `${name} takes ${origin} from snapshot ${reference}, another package list from ${known}.`);
		references.set(origin, reference);
	}
	return Object.fromEntries(references);
}
// src/policy/defined.ts
/** Without the keys that are there but undefined, so that they do not hide inherited ones. */
function defined(record) {
	return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== void 0));
}
// src/policy/keys-under-test.ts
/**
* The keys of who signs what is under test, and so has no say on it: those of the archive itself, and of every other
* archive of the policy that is a copy under the project's control (it has a `url`). Of such a copy the keys of its own
* upstreams are left out: an archive that its upstream serves and signs is not the project's.
*
* @param own the archive whose rebuilders are asked
*/
function keysUnderTest(own, archives) {
	const owners = /* @__PURE__ */ new Map();
	for (const archive of archives) {
		if (archive.servedByUpstream && archive !== own) continue;
		const upstream = new Set(archive === own ? [] : archive.upstreams.flatMap(({ keyring }) => [...keyIdsOf({
			keyring,
			publicKeys: []
		}).keys()]));
		for (const id of keyIdsOf({
			keyring: archive.served.keyring,
			publicKeys: []
		}).keys()) if (!upstream.has(id) && owners.get(id) === void 0) owners.set(id, `the archive ${archive.name}`);
	}
	return owners;
}
// src/policy/parse-policy.ts
/**
* Parses a policy: YAML 1.2, every key known, every value of its type.
*
* @param file its name, for errors
* @throws DebproofError POLICY that names each mistake with its line
*/
function parsePolicy(text, file) {
	if (text.length > 1048576) throw new DebproofError("POLICY", `${file} is larger than ${MAX_POLICY} bytes.`);
	const lineCounter = new import_dist.LineCounter();
	const document = (0, import_dist.parseDocument)(text, {
		version: "1.2",
		schema: "core",
		uniqueKeys: false,
		prettyErrors: false,
		lineCounter
	});
	const [yamlError = toPlain(() => slowOrTwofold(document), file)] = document.errors.map(({ pos, message }) => {
		return {
			position: pos[0],
			message: firstLine(message)
		};
	});
	if (yamlError !== void 0) {
		const { line } = lineCounter.linePos(yamlError.position);
		const what = looksLikePolicy(text) ? yamlError.message : yamlError.message.split(/: |["'`\\]/)[0];
		throw new DebproofError("POLICY", `${file}:${line || 1}: this is not valid YAML: ${what}`);
	}
	const content = toPlain(() => document.toJS({ maxAliasCount: 100 }), file);
	if (content === null || content === void 0) throw new DebproofError("POLICY", `${file} is empty.`);
	const result = safeParse(policySchema, content, { abortPipeEarly: true });
	if (result.success) {
		refuseLostNames(content, result.output, file);
		return result.output;
	}
	if (isObjectWithout(content, "version", "archives")) throw new DebproofError("POLICY", `${file}:1: ${NO_POLICY}`);
	const mistakes = result.issues.slice(0, 10).map((issue) => {
		const path = (issue.path ?? []).map((item) => typeof item.key === "number" ? item.key : String(item.key));
		return `${file}:${lineOf(path)}: ${path.join(".") || "the policy"} ${explain(issue)}`;
	});
	throw new DebproofError("POLICY", mistakes.join("\n"));
	function lineOf(path) {
		for (let depth = path.length; depth >= 0; depth--) {
			const node = document.getIn(path.slice(0, depth), true);
			if ((0, import_dist.isNode)(node) && node.range) return lineCounter.linePos(node.range[0]).line;
		}
		return 1;
	}
}
/** What the parser would take, and should not: a key given twice, and aliases for each of which it reads all again. */
function slowOrTwofold(document) {
	let found;
	let aliases = 0;
	(0, import_dist.visit)(document, {
		Alias(_, { range }) {
			aliases += 1;
			if (aliases <= 200) return;
			found = {
				position: range?.[0] ?? 0,
				message: `There are more than 200 aliases`
			};
			return import_dist.visit.BREAK;
		},
		Map(_, { items }) {
			const keys = /* @__PURE__ */ new Set();
			for (const { key } of items) {
				if (!(0, import_dist.isScalar)(key)) continue;
				const name = String(key.value ?? "");
				if (keys.has(name)) {
					found = {
						position: key.range?.[0] ?? 0,
						message: "Map keys must be unique"
					};
					return import_dist.visit.BREAK;
				}
				keys.add(name);
			}
		}
	});
	return found;
}
/** valibot's records leave out a few names, such as `constructor`, without a word; nothing may get lost so. */
function refuseLostNames(content, { archives }, file) {
	const refuse = (written, kept, what) => {
		const lost = Object.getOwnPropertyNames(written ?? {}).find((name) => !Object.hasOwn(kept, name));
		if (lost === void 0) return;
		throw new DebproofError("POLICY", `${file}: ${what}: ${JSON.stringify(lost)} cannot be a name here; choose another.`);
	};
	const written = memberOf(content, "archives");
	refuse(written, archives, "archives");
	for (const [name, { rebuilders }] of Object.entries(archives)) refuse(memberOf(memberOf(memberOf(written, name), "rebuilders"), "parties"), rebuilders?.parties ?? {}, `archives.${name}.rebuilders.parties`);
}
function memberOf(value, name) {
	return typeof value === "object" && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : void 0;
}
function toPlain(convert, file) {
	try {
		return convert();
	} catch (error) {
		throw new DebproofError("POLICY", `${file} cannot be read`, { cause: error });
	}
}
function explain(issue) {
	const last = issue.path?.at(-1);
	if (issue.type === "strict_object" && issue.expected === "never" && last !== void 0) {
		const known = knownKeys(issue);
		const suggestion = closest(String(last.key), known);
		if (suggestion !== void 0) return `is not known; did you mean ${suggestion}?`;
		return `is not known; here may stand: ${known.join(", ")}.`;
	}
	if (issue.input === void 0) return "is missing.";
	if (issue.type === "min_length") return "must not be empty.";
	if (issue.kind === "schema" && issue.message.startsWith("Invalid")) return `must be ${/[Ss]tring/.test(issue.expected ?? "") ? "text; put it in quotes" : issue.expected ?? "something else"}.`;
	return `${issue.message}.`;
}
/** The keys that the object schema of an issue knows. */
function knownKeys(issue) {
	const [first, , third, fourth] = (issue.path ?? []).slice(0, -1).map((item) => String(item.key));
	if (first === void 0) return Object.keys(policySchema.entries);
	if (first === "packages") return Object.keys(packageListSchema.entries);
	if (first === "exceptions") return Object.keys(exceptionSchema.entries);
	if (third === "upstream") return Object.keys(upstreamSchema.entries);
	if (third !== "rebuilders") return Object.keys(archiveSchema.entries);
	if (fourth === "layout") return Object.keys(layoutSchema.entries);
	return Object.keys((fourth === "parties" ? partySchema : rebuildersSchema).entries);
}
/** Whatever the file is that somebody calls a policy, nothing of it is shown unless it is one. */
const NO_POLICY = "this is no policy, which has `version:` and `archives:`.";
function isObjectWithout(content, ...names) {
	return typeof content === "object" && content !== null && !Array.isArray(content) && names.every((name) => !Object.hasOwn(content, name));
}
function looksLikePolicy(text) {
	return /^["']?(?:archives|version)["']?[ \t]*:/m.test(text) || /^\s*\{\s*["'](?:archives|version)["']\s*:/.test(text);
}
function firstLine(text) {
	return text.split("\n")[0] ?? text;
}
// src/policy/reference-time.ts
const FORMS = [
	/^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)$/,
	/^(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)(?:\d\d)?$/,
	/^(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)T(?<hour>\d\d)(?<minute>\d\d)(?<second>\d\d)Z$/,
	/^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)T(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)(?:\.\d+)?Z$/
];
/** Undefined for what is none, and for a day or an hour that does not exist. */
function parseReferenceTime(text) {
	for (const form of FORMS) {
		const parts = form.exec(text)?.groups;
		if (parts === void 0) continue;
		const { year, month, day, hour, minute, second } = parts;
		const written = `${year}-${month}-${day}T${hour ?? "12"}:${minute ?? "00"}:${second ?? "00"}Z`;
		const instant = new Date(written);
		if (Number.isNaN(instant.getTime()) || instant.toISOString().replace(".000", "") !== written) return void 0;
		return {
			precision: hour === void 0 ? "day" : "instant",
			instant
		};
	}
}
/** The clock that such a time stands for: the day's last second, so that what is signed on that day is not in the future. */
function clockOf({ precision, instant }) {
	return precision === "instant" ? instant : /* @__PURE__ */ new Date(`${instant.toISOString().slice(0, 10)}T23:59:59Z`);
}
// src/policy/policy-url.ts
/**
* A URL as a policy writes it. `file:` may be followed by a path relative to the policy, as in `file:archive/`.
*
* @param where the place in the policy, for errors
* @throws DebproofError POLICY
*/
function policyUrl(text, where, folder) {
	const relative = /^file:(?!\/)(.+)$/.exec(text)?.[1];
	const slash = relative?.endsWith("/") === true ? "/" : "";
	const url = relative === void 0 ? text : pathToFileURL(path.resolve(folder, relative)).href + slash;
	if (!URL.canParse(url)) throw new DebproofError("POLICY", `${where}: ${JSON.stringify(text)} is not a URL.`);
	const parsed = new URL(url);
	if (parsed.search !== "" || parsed.hash !== "") throw new DebproofError("POLICY", `${where} must not have a query or a fragment.`);
	if (parsed.username !== "" || parsed.password !== "") throw new DebproofError("POLICY", `${where} must not hold a login.`);
	return parsed;
}
/** The same for a folder, whose URL ends in `/` whether that was written or not. */
function folderUrl(text, where, folder) {
	const url = policyUrl(text, where, folder);
	return url.href.endsWith("/") ? url : new URL(`${url.href}/`);
}
// src/policy/resolve-rebuilders.ts
/** The formats, and the kind of key that each is signed with. */
const KEY_OF = {
	buildinfo: "signed-by",
	"in-toto": "signed-by",
	sha256sums: "signed-by",
	rebuilderd: "public-key",
	dsse: "public-key"
};
const FORMATS = [
	"buildinfo",
	"in-toto",
	"sha256sums",
	"rebuilderd",
	"dsse"
];
/**
* Resolves who must have rebuilt an archive's packages, and refuses what could never do what it seems to say: a
* threshold above the number of parties, a key without a place or a place without a key, one key under two names, a
* party that signs what is under test.
*
* @throws DebproofError POLICY, KEY
*/
async function resolveRebuilders(raw, where, resolving, underTest) {
	const parties = [];
	for (const [name, party] of Object.entries(raw.parties ?? {})) parties.push(await resolveParty(name, party, `${where}.parties.${name}`, resolving));
	const layout = raw.layout === void 0 ? void 0 : await resolveLayout(raw.layout, `${where}.layout`, resolving);
	if (parties.length === 0 && layout === void 0) throw new DebproofError("POLICY", `${where} names neither parties nor a layout.`);
	if (raw.threshold === void 0 && layout === void 0) throw new DebproofError("POLICY", `${where}.threshold is missing: how many parties must agree.`);
	if (layout === void 0 && raw.threshold !== void 0 && raw.threshold > parties.length) throw new DebproofError("POLICY", `${where}.threshold is ${raw.threshold}, but there are only ${parties.length} parties: it can never be met.`);
	const builder = await resolveBuilder(raw.builder, `${where}.builder`, resolving);
	refuseSharedKeys(parties, builder, where);
	for (const party of parties) refuseKeysUnderTest(party, underTest, where);
	return {
		...raw.threshold === void 0 ? {} : { threshold: raw.threshold },
		parties,
		...layout === void 0 ? {} : { layout },
		builder,
		underTest,
		sourceRequired: raw.source === "required"
	};
}
async function resolveParty(name, raw, where, resolving) {
	const { folder, variables, anchors } = resolving;
	const places = FORMATS.flatMap((format) => [raw[format] ?? []].flat().map((text) => {
		const url = substitute(text, variables, `${where}.${format}`);
		return {
			format,
			url: (format === "sha256sums" ? policyUrl : folderUrl)(url, `${where}.${format}`, folder)
		};
	}));
	if (places.length === 0) throw new DebproofError("POLICY", `${where} says nowhere where its statements are: ${FORMATS.join(", ")}.`);
	for (const key of ["signed-by", "public-key"]) {
		const [user] = places.filter(({ format }) => KEY_OF[format] === key).map(({ format }) => format);
		if (user !== void 0 && raw[key] === void 0) throw new DebproofError("POLICY", `${where}.${key} is missing: it signs what ${user} says.`);
		if (user === void 0 && raw[key] !== void 0) throw new DebproofError("POLICY", `${where}.${key} signs none of ${places.map(({ format }) => format).join(", ")}.`);
	}
	if (raw.cosigned === true && raw.sha256sums === void 0) throw new DebproofError("POLICY", `${where}.cosigned is about sums that several parties sign together, and ${name} has none (sha256sums). Every other statement is the record of one build, which counts once.`);
	const signedBy = raw["signed-by"];
	return {
		name,
		places,
		...signedBy === void 0 ? {} : { keyring: await anchors.keyring(filled(signedBy, where, resolving), where) },
		publicKeys: await resolvePublicKeys(raw["public-key"], `${where}.public-key`, resolving),
		cosigned: raw.cosigned === true
	};
}
/** All keys of who built what is served. */
async function resolveBuilder(raw, where, resolving) {
	if (raw === void 0) return { publicKeys: [] };
	const keys = typeof raw === "string" || Array.isArray(raw) ? { "signed-by": raw } : raw;
	const signedBy = keys["signed-by"];
	const publicKeys = await resolvePublicKeys(keys["public-key"], `${where}.public-key`, resolving);
	if (signedBy === void 0 && publicKeys.length === 0) throw new DebproofError("POLICY", `${where} names no key: signed-by or public-key.`);
	if (signedBy === void 0) return { publicKeys };
	return {
		publicKeys,
		keyring: await resolving.anchors.keyring(filled(signedBy, where, resolving), where)
	};
}
async function resolvePublicKeys(raw, where, { folder, variables, files }) {
	const keys = [];
	for (const item of [raw ?? []].flat()) {
		const { file, until } = typeof item === "string" ? {
			file: item,
			until: void 0
		} : item;
		const name = path.resolve(folder, substitute(file, variables, where));
		keys.push(...readPublicKeys(await readKeyFile(files, name, where), name, until));
	}
	return keys;
}
async function resolveLayout(raw, where, resolving) {
	const { folder, variables, anchors, files } = resolving;
	const name = path.resolve(folder, substitute(raw.file, variables, `${where}.file`));
	const bytes = await readKeyFile(files, name, where);
	if (bytes.length > 4194304) throw new DebproofError("POLICY", `${where}: ${name} is larger than ${MAX_STATEMENT} bytes.`);
	return {
		file: pathToFileURL(name),
		bytes,
		owner: await anchors.keyring(filled(raw["signed-by"], where, resolving), where),
		places: [raw["in-toto"]].flat().map((text) => folderUrl(substitute(text, variables, `${where}.in-toto`), `${where}.in-toto`, folder))
	};
}
async function readKeyFile(files, file, where) {
	try {
		return await files.read(file);
	} catch (error) {
		throw new DebproofError("KEY", `${where}: ${file} cannot be read`, { cause: error });
	}
}
function filled(signedBy, where, { variables }) {
	return [signedBy].flat().map((text) => substitute(text, variables, where));
}
/**
* One key under two names would let one party count twice; the original builder's word on its own work counts for
* nothing. Subkeys of one certificate are one party's.
*/
function refuseSharedKeys(parties, builder, where) {
	const owners = /* @__PURE__ */ new Map();
	const claim = (owner, keys) => {
		for (const [id, key] of keyIdsOf(keys)) {
			const other = owners.get(id);
			if (other !== void 0 && other.owner !== owner) throw new DebproofError("POLICY", `${where}: ${other.owner} and ${owner} have the same key ${key}; they are one party, or the keyring holds too much: restrict it with fingerprints in signed-by.`);
			owners.set(id, {
				owner,
				key
			});
		}
	};
	claim("the builder", builder);
	for (const party of parties) claim(`the party ${party.name}`, party);
}
/** Whoever signs the archive has built, or could have changed, what is in it: its word on that proves nothing. */
function refuseKeysUnderTest(party, underTest, where) {
	for (const [id, key] of keyIdsOf(party)) {
		const owner = underTest.get(id);
		if (owner === void 0) continue;
		throw new DebproofError("POLICY", `${where}: the party ${party.name} has the key ${key}, which signs ${owner}: who signs what is under test cannot vouch for it. Leave the party out, or, where a keyring holds too much, restrict it with fingerprints in signed-by.`);
	}
}
// src/archive/name-patterns.ts
/** Package names, and patterns of them in which `*` stands for any text, also for none. */
var NamePatterns = class {
	#patterns;
	/** @param patterns in lower case, as package names are */
	constructor(patterns) {
		this.#patterns = patterns.map((pattern) => pattern.split("*"));
	}
	allow(name) {
		return this.#patterns.some((parts) => matches(parts, name));
	}
};
/** The parts between the asterisks, each found as early as it can be: no pattern takes longer than it is. */
function matches([first = "", ...others], name) {
	const last = others.pop();
	if (last === void 0) return name === first;
	if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
	const end = name.length - last.length;
	let position = first.length;
	for (const part of others) {
		const found = name.indexOf(part, position);
		if (found === -1 || found + part.length > end) return false;
		position = found + part.length;
	}
	return true;
}
// src/policy/resolve-upstream.ts
async function resolveServed(raw, where, resolving) {
	const { variables, anchors, folder } = resolving;
	const fill = (text) => substitute(text, variables, where);
	const maxAge = raw["max-age"];
	return {
		area: {
			base: folderUrl(fill(raw.url), `${where}.url`, folder),
			...resolveArea(raw, where, resolving, fill)
		},
		keyring: await anchors.keyring([raw["signed-by"]].flat().map(fill), where),
		...maxAge === void 0 ? {} : { maxAge: parseSpan(maxAge) }
	};
}
/**
* An upstream inherits suites, components and architectures from its archive, and not what the archive's own release file
* says of itself.
*/
async function resolveUpstream(archive, entry, where, resolving) {
	const { suites, components, architectures } = archive;
	const raw = {
		...defined({
			suites,
			components,
			architectures
		}),
		...defined(entry)
	};
	if (kindOf(raw, where) === "url" && raw.url !== void 0) return {
		kind: "live",
		...await resolveServed({
			...raw,
			url: raw.url
		}, where, resolving),
		...namesOf(archive)
	};
	return {
		...await resolvePast(raw, where, resolving),
		...namesOf(archive)
	};
}
/** The packages that an archive may deliver are also those that its upstreams vouch for. */
function namesOf({ names }) {
	return names === void 0 ? {} : { names: new NamePatterns(names) };
}
/** Which keys belong to which kind of upstream, beside those that all have. */
const KEYS_OF_KIND = {
	url: ["max-age"],
	snapshots: [
		"archive",
		"at",
		"window"
	],
	store: [
		"at",
		"window",
		"memory"
	]
};
function kindOf(raw, where) {
	const kinds = [
		"url",
		"snapshots",
		"store"
	].filter((key) => raw[key] !== void 0);
	const [kind] = kinds;
	if (kind === void 0 || kinds.length > 1) throw new DebproofError("POLICY", `${where} must have one of url, snapshots and store, and only one.`);
	const own = KEYS_OF_KIND[kind];
	for (const key of [
		"archive",
		"at",
		"window",
		"memory",
		"max-age"
	]) if (raw[key] !== void 0 && !own.includes(key)) throw new DebproofError("POLICY", `${where}.${key} does not belong to an upstream with ${kind}; leave it out.`);
	return kind;
}
async function resolvePast(raw, where, resolving) {
	const { variables, anchors, folder } = resolving;
	const fill = (text) => substitute(text, variables, where);
	const origins = raw.at === void 0 ? [] : originsIn(raw.at);
	const past = {
		area: resolveArea(raw, where, resolving, fill),
		keyring: await anchors.keyring([raw["signed-by"]].flat().map(fill), where),
		at: raw.at === void 0 ? resolving.at : referenceTime(raw.at, variables, `${where}.at`).instant,
		...origins.length === 0 ? {} : { atOrigins: origins },
		window: raw.window === void 0 ? DEFAULT_WINDOW : parseSpan(raw.window)
	};
	if (raw.store !== void 0) return {
		kind: "store",
		folder: path.resolve(folder, fill(raw.store)),
		memory: raw.memory ?? true,
		...past
	};
	if (raw.archive === void 0) throw new DebproofError("POLICY", `${where}.archive is missing: what the snapshot service calls it, such as debian.`);
	return {
		kind: "snapshots",
		services: [raw.snapshots ?? []].flat().map((url) => folderUrl(fill(url), `${where}.snapshots`, folder)),
		archive: raw.archive,
		...past
	};
}
/** @throws DebproofError POLICY */
function referenceTime(text, variables, where) {
	const filled = substitute(text, variables, where);
	const time = parseReferenceTime(filled);
	if (time !== void 0) return time;
	throw new DebproofError("POLICY", `${where}: ${JSON.stringify(filled)} is no point in time: write a date (2021-03-31), a serial (2021033101), or a timestamp (20210331T150000Z).`);
}
/** Milliseconds of `14d` or `36h`. */
function parseSpan(text) {
	return Number.parseInt(text, 10) * (text.endsWith("d") ? 24 : 1) * 36e5;
}
function resolveArea(raw, where, resolving, fill) {
	const suites = (raw.suites ?? []).map(fill);
	for (const suite of suites) if (!/^[A-Za-z0-9._~+/-]+$/.test(suite) || suite.split("/").includes("..")) throw new DebproofError("POLICY", `${where}.suites: ${JSON.stringify(suite)} is no suite.`);
	const components = (raw.components ?? ["main"]).map(fill);
	const architectures = (raw.architectures ?? resolving.architectures).map((text) => checkedArchitecture(fill(text), where));
	if (architectures.length === 0) throw new DebproofError("POLICY", `${where.replace(/\.upstream\.\d+$/, "")}.architectures is missing: name the build's own first.`);
	return {
		suites,
		...releaseNameOf(raw, suites, where, fill),
		components,
		architectures
	};
}
/** One name for several suites would let a server show one of them in the place of another. */
function releaseNameOf({ "release-name": written }, suites, where, fill) {
	if (written === void 0) return {};
	if (suites.length === 1) return { releaseName: fill(written) };
	const each = /\.upstream\.\d+$/.test(where) ? "an upstream" : "an archive";
	throw new DebproofError("POLICY", `${where}.release-name is what the release file of one suite says, and there are ${suites.length}: write ${each} for each suite, for under one name one of them could be served in the place of another.`);
}
function checkedArchitecture(text, where) {
	const architecture = parseArchitecture(text);
	if (architecture === void 0 || text === "x86-64" || text === "aarch64") throw new DebproofError("POLICY", `${where}.architectures: ${text} is no Debian architecture, such as amd64.`);
	return architecture;
}
// src/policy/read-policy.ts
/** @throws DebproofError POLICY */
async function readPolicy(file, context) {
	const text = await readPolicyText(file, context.files);
	const raw = parsePolicy(text, file);
	const environment = Object.fromEntries((raw.env ?? []).map((name) => [name, context.environment[name]]));
	const variables = {
		...context.release === void 0 ? {} : { release: context.release },
		environment
	};
	const folder = context.folder ?? path.dirname(path.resolve(file));
	return {
		lists: (raw.packages ?? []).map((list, index) => ({
			...list,
			path: substitute(list.path, {
				...variables,
				references: {}
			}, `${file}: packages.${index}.path`)
		})),
		folder,
		environment: Object.fromEntries(Object.entries(environment).flatMap(([name, value]) => value === void 0 || !HARMLESS.test(value) || !text.includes(`\${${name}}`) ? [] : [[name, value]])),
		resolve: (references) => resolvePolicy(raw, file, {
			...context,
			folder,
			sha256: sha256Of(text),
			variables: {
				...variables,
				references
			}
		})
	};
}
async function readPolicyText(file, files) {
	try {
		return Buffer.from(await files.read(file)).toString("utf8");
	} catch (error) {
		if (systemErrorCode(error) !== "ENOENT") throw new DebproofError("POLICY", `The policy ${file} cannot be read`, { cause: error });
		throw new DebproofError("POLICY", `There is no policy ${file}. Write one with \`debproof init\`, name another with --policy, or use --system.`);
	}
}
async function resolvePolicy(raw, file, context) {
	const { folder, sha256, variables, files } = context;
	const architectures = Object.values(raw.archives).find((archive) => archive.architectures)?.architectures ?? [];
	const own = raw.at === void 0 ? void 0 : clockOf(referenceTime(raw.at, variables, `${file}: at`));
	const at = context.at ?? own ?? context.now;
	const clock = context.at === void 0 ? clockSource(raw) : { from: "option" };
	const resolving = {
		folder,
		variables,
		files,
		anchors: new TrustAnchors(folder, files),
		architectures,
		at
	};
	const resolved = [];
	for (const [name, written] of Object.entries(raw.archives)) {
		const where = `${file}: archives.${name}`;
		resolved.push({
			archive: await resolveArchive(name, written, where, resolving),
			raw: written,
			where
		});
	}
	const whole = [];
	for (const { archive, raw: { rebuilders }, where } of resolved) if (rebuilders === void 0) whole.push(archive);
	else {
		const underTest = keysUnderTest(archive, resolved.map((each) => each.archive));
		const parties = await resolveRebuilders(rebuilders, `${where}.rebuilders`, resolving, underTest);
		whole.push({
			...archive,
			rebuilders: parties
		});
	}
	const archives = await withOwnKeys(whole);
	refuseContradictions(archives, file);
	const exceptions = resolveExceptions(raw, archives, file);
	return {
		sha256,
		at,
		clock,
		...own === void 0 ? {} : { statedAt: own },
		archives,
		exceptions,
		hashesRequired: raw.hashes === "required",
		otherArchives: otherArchives(raw["other-archives"])
	};
}
function otherArchives(raw = "fail") {
	if (typeof raw === "string") return { action: raw };
	return {
		action: "ignore",
		reason: raw.ignore
	};
}
/** Where the clock comes from, unless one is given. */
function clockSource({ at }) {
	if (at === void 0) return { from: "now" };
	const origins = originsIn(at);
	return origins.length === 0 ? { from: "policy" } : {
		from: "list",
		origins
	};
}
/** All but who must have rebuilt its packages. */
async function resolveArchive(name, raw, where, resolving) {
	if (name === "none") throw new DebproofError("POLICY", `${where}: \`none\` means no archive; choose another name.`);
	const upstreams = [];
	for (const [index, entry] of (raw.upstream ?? []).entries()) upstreams.push(await resolveUpstream(raw, entry, `${where}.upstream.${index}`, resolving));
	if (raw.require === "identical" && upstreams.length === 0) throw new DebproofError("POLICY", `${where}: \`require: identical\` needs an upstream to be identical to.`);
	if (raw.require === "reproduced" && raw.url === void 0) throw new DebproofError("POLICY", `${where}.url is missing: what is reproduced is what the project itself serves.`);
	const [first] = upstreams;
	let served;
	if (raw.url === void 0) {
		if (first === void 0) throw new DebproofError("POLICY", `${where}.url is missing.`);
		if (raw["signed-by"] !== void 0) throw new DebproofError("POLICY", `${where}: signed-by belongs to url, which is missing; put it under upstream.`);
		for (const key of ["max-age", "release-name"]) {
			if (raw[key] === void 0) continue;
			throw new DebproofError("POLICY", `${where}: ${key} belongs to url, which is missing; put it under upstream.`);
		}
		if (first.kind !== "live") throw new DebproofError("POLICY", `${where}.url is missing: without it the build used the first upstream itself, which is then named by a url.`);
		served = first;
	} else {
		const signedBy = raw["signed-by"];
		if (signedBy === void 0) throw new DebproofError("POLICY", `${where}.signed-by is missing.`);
		served = {
			...await resolveServed({
				...defined(raw),
				url: raw.url,
				"signed-by": signedBy
			}, where, resolving),
			...namesOf(raw)
		};
	}
	if (raw.rebuilders !== void 0 && raw.require !== "reproduced") throw new DebproofError("POLICY", `${where}.rebuilders is for \`require: reproduced\`; leave it out.`);
	const lists = raw["apt-lists"];
	return {
		name,
		require: raw.require,
		served,
		unprovenFiles: raw["unproven-files"] ?? "report",
		servedByUpstream: raw.url === void 0,
		upstreams,
		...lists === void 0 ? {} : { aptLists: path.resolve(resolving.folder, substitute(lists, resolving.variables, `${where}.apt-lists`)) }
	};
}
/** apt refuses two sources of one archive with different Signed-By (sources.list(5)). */
function refuseContradictions(archives, file) {
	const seen = /* @__PURE__ */ new Map();
	for (const { name, served, servedByUpstream } of archives) {
		if (servedByUpstream) continue;
		const keys = [...served.keyring.certificates.map((certificate) => certificate.getFingerprint()), ...served.keyring.only.map(({ fingerprint, exact }) => `${fingerprint}${exact ? "!" : ""}`)].sort();
		for (const suite of served.area.suites) {
			const source = `${served.area.base.href} ${suite}`;
			const other = seen.get(source);
			if (other !== void 0 && other.keys !== keys.join()) throw new DebproofError("POLICY", `${file}: the archives ${other.name} and ${name} read the same suite (${source}) with different signed-by.`);
			seen.set(source, {
				name,
				keys: keys.join()
			});
		}
	}
}
function resolveExceptions(raw, archives, file) {
	return (raw.exceptions ?? []).map((exception, index) => {
		const { archive } = exception;
		if (archive !== void 0 && archive !== "none" && !archives.some(({ name }) => name === archive)) throw new DebproofError("POLICY", `${file}: exceptions.${index}.archive: there is no archive ${archive}.`);
		const { version: written, sha256: hash, ...others } = defined(exception);
		const sha256 = hash === void 0 ? void 0 : parseSha256(hash);
		const matcher = {
			...others,
			...sha256 === void 0 ? {} : { sha256 }
		};
		if (written === void 0) return matcher;
		const version = parseVersion(written);
		if (version !== void 0) return {
			...matcher,
			version
		};
		throw new DebproofError("POLICY", `${file}: exceptions.${index}.version: ${JSON.stringify(written)} is no version.`);
	});
}
export { keyIdsOf as a, isInForce as i, folderUrl as n, mergeReferences as r, readPolicy as t };
