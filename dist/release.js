import { ft as MAX_RELEASE_ENTRIES, t as DebproofError } from "./errors.js";
import { o as parseSha256, s as parseSha512, t as parseStanza } from "./deb822.js";
import { S as sha256Of, _ as PRESENT, g as PAST, y as verifySignatures } from "./shipped-keys.js";
// src/archive/path-below.ts
/**
* Whether a name in a release file or an index is a relative path that stays below where it starts: no empty, `.`
* or `..` part, no character that a URL or a file system reads in another way.
*/
function isPathBelow(path) {
	return path.split("/").every((part) => part !== "" && part !== "." && part !== ".." && /^[!"$-.0-;=@-[\]-~]+$/.test(part));
}
/** The URL of a path below a base URL that ends in `/`, with every character escaped that apt escapes. */
function urlBelow(base, path) {
	const escaped = path.split("/").map((part) => encodeURIComponent(part).replaceAll("%3A", ":").replaceAll("%40", "@"));
	return new URL(base.href + escaped.join("/"));
}
// src/archive/archive-date.ts
const MONTHS = [
	"Jan",
	"Feb",
	"Mar",
	"Apr",
	"May",
	"Jun",
	"Jul",
	"Aug",
	"Sep",
	"Oct",
	"Nov",
	"Dec"
];
const ARCHIVE_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), {1,2}(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) {1,2}(\d{1,2}):(\d{2}):(\d{2}) (?:UTC|GMT|Z|[+-]0000)$/;
/**
* The dates of release files: RFC 5322 in UTC, which is all that apt accepts (Debian's repository format, "Date,
* Valid-Until"). Returns undefined for anything else, a date that does not exist included.
*/
function parseArchiveDate(text) {
	const match = ARCHIVE_DATE.exec(text);
	if (match === null) return void 0;
	const [, day, monthName, year, hour, minute, second] = match;
	const month = MONTHS.indexOf(monthName ?? "");
	if (month === -1 || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return void 0;
	const date = new Date(Date.UTC(Number(year), month, Number(day), Number(hour), Number(minute), Number(second)));
	if (date.getUTCFullYear() !== Number(year)) return void 0;
	return date.getUTCMonth() === month && date.getUTCDate() === Number(day) ? date : void 0;
}
// src/archive/release.ts
/**
* Judges a release file: signatures first, then the fields of the bytes that they cover.
*
* @throws DebproofError RELEASE_UNTRUSTED, RELEASE_MALFORMED, RELEASE_TIME, RELEASE_SUITE
*/
async function verifyRelease(signed, { keyring, at, suite, maxAge, past = false, servedAt }) {
	const signers = await verifySignatures(signed, keyring, at, past ? PAST : PRESENT);
	const fields = parseReleaseStanza(signed.text);
	const date = requiredDate(fields, "date");
	const validUntil = fields.has("valid-until") ? requiredDate(fields, "valid-until") : void 0;
	if (past) checkSignedAtDate(date, signers);
	if (past && servedAt !== void 0) checkDates(date, validUntil, servedAt, void 0);
	if (!past) checkDates(date, validUntil, at, maxAge);
	const release = {
		sha256: sha256Of(signed.text),
		size: signed.text.length,
		suite: fields.get("suite"),
		codename: fields.get("codename"),
		date,
		validUntil,
		architectures: words(fields, "architectures"),
		acquireByHash: fields.get("acquire-by-hash")?.toLowerCase() === "yes",
		hasArchitectureAllIndex: readsArchitectureAll(fields),
		signers,
		...parseEntries(fields)
	};
	if (suite !== void 0) checkSuite(suite, release);
	return release;
}
/**
* apt reads binary-all where `all` is an architecture of the suite, or where the suite names none, unless the release
* file rules it out (apt's debReleaseIndex::IsArchitectureAllSupportedFor). Its words are taken as apt takes them, case
* and all: of an index too many, something could be proven that the build's apt never saw.
*/
function readsArchitectureAll(fields) {
	const architectures = words(fields, "architectures");
	const unsupported = words(fields, "no-support-for-architecture-all");
	return (architectures.length === 0 || architectures.includes("all")) && !unsupported.includes("Packages");
}
/** apt reads the first stanza and ignores more; a second one is refused here. */
function parseReleaseStanza(text) {
	const content = Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString("latin1");
	let end = content.length;
	while (content[end - 1] === "\n") end--;
	const stanza = content.slice(0, end);
	if (/(?:^|\n)[ \t]*\n/.test(stanza)) throw new DebproofError("RELEASE_MALFORMED", "The release file has more than one stanza.");
	try {
		return parseStanza(stanza);
	} catch (error) {
		throw new DebproofError("RELEASE_MALFORMED", "The release file is not a valid stanza", { cause: error });
	}
}
function requiredDate(fields, name) {
	const value = fields.get(name);
	if (value === void 0) throw new DebproofError("RELEASE_MALFORMED", "The release file has no Date.");
	const date = parseArchiveDate(value);
	if (date === void 0) throw new DebproofError("RELEASE_MALFORMED", `The release file has an unreadable date: ${JSON.stringify(value.slice(0, 200))}.`);
	return date;
}
/** apt-secure(8), apt.conf(5) Acquire::Max-FutureTime, Check-Valid-Until. */
function checkDates(date, validUntil, at, maxAge) {
	if (date.getTime() > at.getTime() + 1e4) throw new DebproofError("RELEASE_TIME", `The release file is dated ${date.toISOString()}, after ${at.toISOString()}: check the clock, or --at.`);
	if (validUntil !== void 0 && validUntil.getTime() < at.getTime()) throw new DebproofError("RELEASE_TIME", `The release file expired at ${validUntil.toISOString()} (Valid-Until), before ${at.toISOString()}: the server is stale; use another one, or --at for a past build.`);
	if (maxAge !== void 0 && date.getTime() < at.getTime() - maxAge) throw new DebproofError("RELEASE_TIME", `The release file is dated ${date.toISOString()}, more than max-age before ${at.toISOString()}: the server is stale; use another one, or allow a higher max-age.`);
}
/** Whoever got hold of a key after its time could sign an invented past; a date that nobody signed at says nothing. */
function checkSignedAtDate(date, signers) {
	const isTimely = ({ signedAt }) => {
		const later = signedAt.getTime() - date.getTime();
		return later >= -1e4 && later <= 36e5;
	};
	if (signers.some(isTimely)) return;
	const times = signers.map(({ signedAt }) => signedAt.toISOString()).join(", ");
	throw new DebproofError("RELEASE_TIME", `The release file is dated ${date.toISOString()} and was not signed within an hour of it, but at ${times}: a past state cannot be read from an archive that signs with dates of its own choosing.`);
}
/** Suite names move from release to release, codenames do not; `buster/updates` has the codename `buster`. */
function checkSuite(asked, release) {
	if (asked.endsWith("/")) return;
	if ([asked, asked.replace(/\/updates$/, "")].some((name) => name === release.codename || name === release.suite)) return;
	throw new DebproofError("RELEASE_SUITE", `Suite ${asked} was asked for, but the release file is for ${release.codename ?? release.suite ?? "none"}.`);
}
/**
* Debian's repository format, "MD5Sum, SHA1, SHA256". Every section must give a file the same size; SHA-256 must
* be there, SHA-512 is checked too where it is.
*/
function parseEntries(fields) {
	const rows = parseSection(fields, "sha256");
	const strong = parseSection(fields, "sha512");
	const weak = [
		parseSection(fields, "md5sum"),
		parseSection(fields, "sha1"),
		strong
	];
	const entries = /* @__PURE__ */ new Map();
	for (const [path, { hash, size }] of rows) {
		const sha256 = parseSha256(hash);
		if (sha256 === void 0) throw malformedEntry(`${hash.slice(0, 200)} is not a SHA-256`, path);
		for (const section of weak) {
			const other = section.get(path);
			if (other !== void 0 && other.size !== size) throw malformedEntry("has two sizes", path);
		}
		const text = strong.get(path)?.hash;
		const sha512 = text === void 0 ? void 0 : parseSha512(text);
		if (text !== void 0 && sha512 === void 0) throw malformedEntry(`${text?.slice(0, 200)} is not a SHA-512`, path);
		entries.set(path, {
			path,
			size,
			sha256,
			...sha512 === void 0 ? {} : { sha512 }
		});
	}
	if (entries.size === 0) throw new DebproofError("RELEASE_MALFORMED", "The release file lists no file with its SHA-256.");
	for (const path of strong.keys()) if (!entries.has(path)) throw malformedEntry("with a SHA-512 and without a SHA-256", path);
	const unhashed = weak.flatMap((section) => [...section.keys()]).filter((path) => !entries.has(path));
	return {
		entries,
		unhashed: new Set(unhashed)
	};
}
function parseSection(fields, name) {
	const rows = /* @__PURE__ */ new Map();
	for (const line of (fields.get(name) ?? "").split("\n")) {
		if (line === "") continue;
		const [hash, sizeText, path, ...rest] = line.split(/[ \t]+/);
		if (hash === void 0 || sizeText === void 0 || path === void 0 || rest.length > 0) throw new DebproofError("RELEASE_MALFORMED", `The release file has a bad row in ${name}: ${JSON.stringify(line.slice(0, 200))}.`);
		if (path.startsWith("./")) continue;
		const size = Number(sizeText);
		if (!/^\d{1,15}$/.test(sizeText)) throw malformedEntry(`has the size ${JSON.stringify(sizeText.slice(0, 200))}`, path);
		if (!isPathBelow(path)) throw malformedEntry("is not a path below the release file", path);
		if (rows.has(path)) throw malformedEntry("is listed twice", path);
		if (rows.size >= 2e5) throw new DebproofError("RELEASE_MALFORMED", `The release file lists more than ${MAX_RELEASE_ENTRIES} files.`);
		rows.set(path, {
			hash,
			size
		});
	}
	return rows;
}
/**
* The words of a field by which apt chooses indexes. It splits at the space alone, so that a tab or a folded line makes
* one word of what people read as two, and its white space at the ends is more than deb822's: neither is guessed at.
*/
function words(fields, name) {
	const value = fields.get(name);
	if (value === void 0) return [];
	if (!/^[ -~]*$/.test(value)) throw new DebproofError("RELEASE_MALFORMED", `The release file has a field ${name} with other characters than words and spaces between them, which apt and others read in different ways: ${JSON.stringify(value.slice(0, 200))}.`);
	return value.split(/ +/).filter((word) => word !== "");
}
function malformedEntry(problem, path) {
	return new DebproofError("RELEASE_MALFORMED", `The release file lists ${JSON.stringify(path.slice(0, 200))}: ${problem}.`);
}
export { isPathBelow as n, urlBelow as r, verifyRelease as t };
