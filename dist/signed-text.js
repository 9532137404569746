import { i as systemErrorCode, n as describeError, t as DebproofError } from "./errors.js";
import { F as MAX_RELEASE_ENTRIES, I as MAX_RELEASE_FILE, L as MAX_RELEASE_LINE, et as parseFingerprint, nt as parseSha256, rt as parseSha512 } from "./limits.js";
import { n as trimBlanksAtEnd, t as parseStanza } from "./deb822.js";
import { a as BEGIN_SIGNATURE, i as strictConfig, l as sha256Of, n as readCertificates, o as END_SIGNATURE, r as loadOpenPGP, s as dearmor, t as Keyring } from "./keyring.js";
import { t as closest } from "./spelling.js";
import { fileURLToPath } from "node:url";
import { readFile } from "node:fs/promises";
import path from "node:path";
// src/package-root.ts
/** The folder that holds `keyrings/` and `package.json`: the parent of `src/`, and of the bundled `dist/`. */
const PACKAGE_ROOT = new URL("..", import.meta.url);
// src/policy/trust.ts
/** Keyrings that come with the tool, by the names that `signed-by` takes. */
const SHIPPED = { debian: "keyrings/debian.asc" };
/** Reads each keyring once, however many archives name it. */
var TrustAnchors = class {
	#folder;
	#files = /* @__PURE__ */ new Map();
	/** @param folder what file names are relative to */
	constructor(folder) {
		this.#folder = folder;
	}
	/**
	* Makes the keyring that `signed-by` describes: keyring files or names of shipped keyrings, and fingerprints that
	* restrict them, as `Signed-By` in sources.list(5).
	*
	* @throws DebproofError KEY
	*/
	async keyring(signedBy, where) {
		const words = [signedBy].flat().flatMap((item) => item.split(/[\s,]+/).filter((word) => word !== ""));
		const only = [];
		const files = [];
		for (const word of words) {
			const exact = word.endsWith("!");
			const fingerprint = parseFingerprint(exact ? word.slice(0, -1) : word);
			if (fingerprint !== void 0) only.push({
				fingerprint,
				exact
			});
			else files.push(word);
		}
		if (files.length === 0) throw new DebproofError("KEY", `${where}: signed-by names no keyring; name the file that holds the key beside its fingerprint.`);
		const certificates = (await Promise.all(files.map((file) => this.certificates(file, where)))).flat();
		const keyring = new Keyring(certificates, only);
		for (const { fingerprint } of only) if (!certificates.some((certificate) => certificate.getKeys().some((key) => key.getFingerprint().toUpperCase() === fingerprint))) throw new DebproofError("KEY", `${where}: no keyring of signed-by holds the key ${fingerprint}.`);
		return keyring;
	}
	/** The certificates of one keyring file, or of a shipped keyring. */
	async certificates(name, where) {
		const shipped = Object.hasOwn(SHIPPED, name) ? SHIPPED[name] : void 0;
		const file = shipped === void 0 ? path.resolve(this.#folder, name) : fileURLToPath(new URL(shipped, PACKAGE_ROOT));
		let reading = this.#files.get(file);
		if (reading === void 0) {
			reading = readKeyringFile(file, name, where);
			this.#files.set(file, reading);
		}
		return await reading;
	}
};
async function readKeyringFile(file, name, where) {
	let bytes;
	try {
		bytes = await readFile(file);
	} catch (error) {
		const suggestion = name.includes("/") || name.includes(".") ? void 0 : closest(name, Object.keys(SHIPPED));
		const advice = suggestion === void 0 ? "" : ` Did you mean the shipped keyring ${suggestion}?`;
		const problem = systemErrorCode(error) === "ENOENT" ? "does not exist" : "cannot be read";
		throw new DebproofError("KEY", `${where}: the keyring ${file} ${problem}.${advice}`, { cause: error });
	}
	return await readCertificates(bytes, file);
}
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
	return date.getUTCMonth() === month && date.getUTCDate() === Number(day) ? date : void 0;
}
// src/archive/signature-check.ts
/** The signature over the text, and the key's validity when it was made, by the self-signatures of then. */
async function verifyAsMessage(openpgp, text, packet, { certificate }, at) {
	const list = new openpgp.PacketList();
	list.push(packet);
	const { signatures } = await openpgp.verify({
		message: await openpgp.createMessage({ binary: text }),
		signature: new openpgp.Signature(list),
		verificationKeys: [certificate],
		date: at,
		format: "binary",
		config: strictConfig(openpgp)
	});
	const [result] = signatures;
	if (result === void 0) throw new DebproofError("RELEASE_UNTRUSTED", "it was not recognised");
	await result.verified;
}
/** The signature over the text, by a key that existed when it was made; the caller judges the key. */
async function verifyByKeyAlone(openpgp, text, packet, { key }, at) {
	if (packet.created === null || packet.created < key.getCreationTime()) throw new DebproofError("RELEASE_UNTRUSTED", "the signature is older than the key");
	const [literal] = (await openpgp.createMessage({ binary: text })).packets;
	if (literal === void 0) throw new Error("a message has a literal packet");
	const config = {
		...openpgp.config,
		...strictConfig(openpgp)
	};
	await packet.verify(key.keyPacket, packet.signatureType ?? openpgp.enums.signature.binary, literal, at, true, config);
}
/** `at`, or when the certificate's holder last renewed something in it, if that was later. */
function lastRenewal(openpgp, certificate, at) {
	const own = certificate.getKeyID();
	const times = [...certificate.toPacketList()].filter((packet) => packet instanceof openpgp.SignaturePacket).filter(({ issuerKeyID }) => issuerKeyID.equals(own)).map(({ created }) => created?.getTime() ?? 0);
	return new Date(Math.max(at.getTime(), ...times));
}
// src/archive/signature.ts
/**
* Verifies the signatures over a release file with the clock at `at`.
*
* The rule is the strictest of apt's three (2.6 with gpgv, 3 with gpgv, 3 with sqv): a signature of a trusted key
* that does not fit the text refuses the file, whatever stands beside it (gpgv); one that is expired, too weak or
* by an unknown key is not counted; one must count, and one in the first block (sqv reads that block alone).
*
* @param mayBeYounger whether a signature may be younger than `at`: it is then judged at the time that it states.
*   Release files must be of the time they speak of; that an old package was rebuilt may be said any time later. Nor
*   does it need a self-signature from before it: whoever renews a key has not taken back what it signed, and gpg
*   keeps the latest self-signature alone. For a release file that is asked for, as sqv does.
* @throws DebproofError RELEASE_UNTRUSTED, RELEASE_MALFORMED
*/
async function verifySignatures({ text, blocks }, keyring, at, { mayBeYounger } = { mayBeYounger: false }) {
	const openpgp = await loadOpenPGP();
	const signers = [];
	const refusals = [];
	for (const [index, block] of blocks.entries()) {
		const packets = await readSignaturePackets(openpgp, block);
		const counted = signers.length;
		for (const packet of packets) {
			const judgement = await judgeSignature(openpgp, text, packet, keyring, mayBeYounger && packet.created !== null && packet.created > at ? packet.created : at, mayBeYounger);
			if (judgement.outcome === "counted") signers.push(judgement.signer);
			else refusals.push(judgement.why);
		}
		if (index === 0 && signers.length === counted) {
			const first = blocks.length > 1 ? "The first signature block has no" : "There is no";
			throw new DebproofError("RELEASE_UNTRUSTED", `${first} valid signature by a trusted key: ${refusals.join("; ") || "it holds no signature"}.`);
		}
	}
	return signers;
}
/** Signature packets and nothing else: the library drops what it does not know without a word. */
async function readSignaturePackets(openpgp, block) {
	refuseOtherPackets(block);
	let packets;
	try {
		packets = [...(await openpgp.readSignature({
			binarySignature: block,
			config: strictConfig(openpgp)
		})).packets];
	} catch (error) {
		throw new DebproofError("RELEASE_MALFORMED", `A signature cannot be read (${describeError(error)}).`, { cause: error });
	}
	if (packets.length > 64) throw new DebproofError("RELEASE_MALFORMED", `There are more than 64 signatures.`);
	for (const packet of packets) if (!(packet instanceof openpgp.SignaturePacket) || packet.signatureType !== 0 && packet.signatureType !== 1) throw new DebproofError("RELEASE_MALFORMED", "A signature is of a kind that does not sign documents.");
	return packets;
}
/** RFC 9580, 4.2: walks the packet headers; every packet must be a signature (tag 2) of definite length. */
function refuseOtherPackets(block) {
	let position = 0;
	const next = () => {
		const byte = block[position++];
		if (byte === void 0) throw new DebproofError("RELEASE_MALFORMED", "A signature packet is cut short.");
		return byte;
	};
	const number = (bytes) => {
		let value = 0;
		for (let index = 0; index < bytes; index++) value = value * 256 + next();
		return value;
	};
	while (position < block.length) {
		const header = next();
		const isNewFormat = (header & 64) !== 0;
		const tag = isNewFormat ? header & 63 : header >> 2 & 15;
		if ((header & 128) === 0 || tag !== 2) throw new DebproofError("RELEASE_MALFORMED", "There is something else than signatures in a signature block.");
		let length;
		if (isNewFormat) {
			const first = next();
			if (first < 192) length = first;
			else if (first < 224) length = (first - 192) * 256 + next() + 192;
			else if (first === 255) length = number(4);
			else throw new DebproofError("RELEASE_MALFORMED", "A signature packet has no definite length.");
		} else {
			const lengthType = header & 3;
			if (lengthType === 3) throw new DebproofError("RELEASE_MALFORMED", "A signature packet has no definite length.");
			length = number(2 ** lengthType);
		}
		position += length;
	}
	if (position !== block.length) throw new DebproofError("RELEASE_MALFORMED", "A signature packet is cut short.");
}
async function judgeSignature(openpgp, text, packet, keyring, at, mayBeRenewed) {
	const config = strictConfig(openpgp);
	const full = {
		...openpgp.config,
		...config
	};
	const keyId = packet.issuerKeyID.toHex();
	const keys = keyring.withKeyId(keyId);
	const [key] = keys;
	if (key === void 0) return {
		outcome: "not counted",
		why: `key ${keyId.toUpperCase()} is not in the keyring`
	};
	if (keys.length > 1) return {
		outcome: "not counted",
		why: `the key ID ${keyId.toUpperCase()} is ambiguous`
	};
	const { curve } = key.key.getAlgorithmInfo();
	if ([...full.rejectCurves].some((refused) => String(refused) === curve)) return notCounted(key, `its curve ${curve ?? ""} is not accepted`);
	try {
		if (mayBeRenewed) await verifyByKeyAlone(openpgp, text, packet, key, at);
		else await verifyAsMessage(openpgp, text, packet, key, at);
	} catch (error) {
		if (isBadSignature(error)) throw new DebproofError("RELEASE_UNTRUSTED", `BAD signature by the trusted key ${key.primaryFingerprint}: the file was changed after it was signed.`, { cause: error });
		return notCounted(key, describeError(error));
	}
	const issuer = packet.issuerFingerprint;
	if (issuer !== null && issuer !== void 0 && Buffer.from(issuer).toString("hex").toUpperCase() !== key.fingerprint) return notCounted(key, "the signature names another fingerprint");
	try {
		const clock = mayBeRenewed ? lastRenewal(openpgp, key.certificate, at) : at;
		await key.certificate.verifyPrimaryKey(clock, void 0, full);
		const binding = "mainKey" in key.key ? await key.key.verify(clock, full) : void 0;
		if (mayBeRenewed) await key.certificate.getSigningKey(key.key.getKeyID(), clock, void 0, full);
		const anyDigest = {
			...full,
			rejectHashAlgorithms: /* @__PURE__ */ new Set()
		};
		if (await key.certificate.isRevoked(void 0, void 0, clock, anyDigest) || "mainKey" in key.key && binding !== void 0 && await key.key.isRevoked(binding, key.certificate.keyPacket, clock, anyDigest)) return notCounted(key, "it is revoked");
	} catch (error) {
		return notCounted(key, describeError(error));
	}
	if (!keyring.allows(key)) return notCounted(key, "signed-by does not name it");
	return {
		outcome: "counted",
		signer: {
			primaryFingerprint: key.primaryFingerprint,
			fingerprint: key.fingerprint,
			name: key.certificate.getUserIDs()[0] ?? "",
			signedAt: packet.created ?? at
		}
	};
}
function notCounted(key, why) {
	return {
		outcome: "not counted",
		why: `key ${key.primaryFingerprint}: ${why}`
	};
}
/** The two ways in which openpgp.js says that text and signature do not belong together. */
function isBadSignature(error) {
	const message = describeError(error);
	return message.includes("Signed digest did not match") || message.includes("Signature verification failed");
}
// src/archive/release.ts
/**
* Judges a release file: signatures first, then the fields of the bytes that they cover.
*
* @throws DebproofError RELEASE_UNTRUSTED, RELEASE_MALFORMED, RELEASE_TIME, RELEASE_SUITE
*/
async function verifyRelease(signed, { keyring, at, suite }) {
	const signers = await verifySignatures(signed, keyring, at);
	const fields = parseReleaseStanza(signed.text);
	const date = requiredDate(fields, "date");
	const validUntil = fields.has("valid-until") ? requiredDate(fields, "valid-until") : void 0;
	checkDates(date, validUntil, at);
	const release = {
		sha256: sha256Of(signed.text),
		size: signed.text.length,
		suite: fields.get("suite"),
		codename: fields.get("codename"),
		date,
		validUntil,
		architectures: words(fields.get("architectures")),
		acquireByHash: fields.get("acquire-by-hash")?.toLowerCase() === "yes",
		notAutomatic: fields.get("notautomatic")?.toLowerCase() === "yes",
		hasArchitectureAllIndex: readsArchitectureAll(fields),
		signers,
		...parseEntries(fields)
	};
	if (suite !== void 0) checkSuite(suite, release);
	return release;
}
/**
* apt reads binary-all where `all` is an architecture of the suite, or where the suite names none, unless the release
* file rules it out. It splits that field in its own way: anything but Debian's own wording does not rule it out here,
* for an index too many hides nothing.
*/
function readsArchitectureAll(fields) {
	const architectures = words(fields.get("architectures"));
	return (architectures.length === 0 || architectures.includes("all")) && fields.get("no-support-for-architecture-all") !== "Packages";
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
	if (date === void 0) throw new DebproofError("RELEASE_MALFORMED", `The release file has an unreadable date: ${JSON.stringify(value)}.`);
	return date;
}
/** apt-secure(8), apt.conf(5) Acquire::Max-FutureTime, Check-Valid-Until. */
function checkDates(date, validUntil, at) {
	if (date.getTime() > at.getTime() + 1e4) throw new DebproofError("RELEASE_TIME", `The release file is dated ${date.toISOString()}, after ${at.toISOString()}: check the clock, or --at.`);
	if (validUntil !== void 0 && validUntil.getTime() < at.getTime()) throw new DebproofError("RELEASE_TIME", `The release file expired at ${validUntil.toISOString()} (Valid-Until), before ${at.toISOString()}: the server is stale; use another one, or --at for a past build.`);
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
		if (sha256 === void 0) throw malformedEntry(`${hash} is not a SHA-256`, path);
		for (const section of weak) {
			const other = section.get(path);
			if (other !== void 0 && other.size !== size) throw malformedEntry("has two sizes", path);
		}
		const text = strong.get(path)?.hash;
		const sha512 = text === void 0 ? void 0 : parseSha512(text);
		if (text !== void 0 && sha512 === void 0) throw malformedEntry(`${text} is not a SHA-512`, path);
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
		if (!/^\d{1,15}$/.test(sizeText)) throw malformedEntry(`has the size ${JSON.stringify(sizeText)}`, path);
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
function words(value) {
	return value === void 0 || value === "" ? [] : value.split(/[ \t\n]+/);
}
function malformedEntry(problem, path) {
	return new DebproofError("RELEASE_MALFORMED", `The release file lists ${JSON.stringify(path.slice(0, 200))}: ${problem}.`);
}
// src/archive/signed-text.ts
const BEGIN_MESSAGE = "-----BEGIN PGP SIGNED MESSAGE-----";
/**
* Splits a clearsigned file, such as an `InRelease`, into its text and its signature blocks, as apt's SplitClearSignedFile does
* (apt-pkg/contrib/gpgv.cc; RFC 9580, 7): one signed message from the first byte to the last, nothing before,
* between or after. A splitter that looks for the message inside the file would verify one text and parse another.
*
* Stricter than apt: no carriage return or NUL, no armor header but `Hash:`.
*
* @param what names it in errors
* @throws DebproofError RELEASE_MALFORMED, TOO_LARGE
*/
function splitClearsigned(file, what) {
	const lines = signedLines(file, what);
	if (lines[0] !== BEGIN_MESSAGE) throw malformed(what, `does not begin with ${BEGIN_MESSAGE}: it is not a signed file`);
	let next = 1;
	for (; lines[next] !== ""; next++) if (!/^Hash: [A-Za-z0-9, -]+$/.test(lines[next] ?? "")) throw malformed(what, `has something else than a Hash header in line ${next + 1}`);
	const text = [];
	for (next++; lines[next] !== BEGIN_SIGNATURE; next++) {
		const line = lines[next];
		if (line === void 0) throw malformed(what, "ends before its signature");
		if (line.startsWith("- ")) text.push(line.slice(2));
		else if (line.startsWith("-")) throw malformed(what, `has an unescaped dash in line ${next + 1}`);
		else text.push(line);
	}
	return {
		text: Buffer.from(text.join("\n"), "latin1"),
		blocks: splitBlocks(lines.slice(next), what)
	};
}
/** Splits an `InRelease`. @throws DebproofError RELEASE_MALFORMED, TOO_LARGE */
function splitInRelease(file) {
	return splitClearsigned(file, "InRelease");
}
/**
* Pairs a `Release` with its `Release.gpg`, which holds signature blocks and nothing else. A stable suite of
* Debian's has two blocks.
*
* @throws DebproofError RELEASE_MALFORMED, TOO_LARGE
*/
function pairRelease(release, signature) {
	return pairDetached(release, "Release", signature, "Release.gpg");
}
/**
* Pairs a text with a detached, armored signature.
*
* @throws DebproofError RELEASE_MALFORMED, TOO_LARGE
*/
function pairDetached(text, textName, signature, signatureName) {
	if (signedLines(text, textName)[0]?.startsWith("-----") === true) throw malformed(textName, `is itself a signed message; beside ${signatureName} it must be plain text`);
	return {
		text,
		blocks: splitBlocks(signedLines(signature, signatureName), signatureName)
	};
}
/** The lines of a file without trailing blanks, which a cleartext signature does not cover (RFC 9580, 7.1). */
function signedLines(file, what) {
	if (file.length === 0) throw malformed(what, "is empty");
	if (file.length > 1e7) throw new DebproofError("TOO_LARGE", `${what} is larger than ${MAX_RELEASE_FILE} bytes.`);
	const text = Buffer.from(file.buffer, file.byteOffset, file.byteLength).toString("latin1");
	if (/[\0\r]/.test(text)) throw malformed(what, "contains a NUL or a carriage return");
	const lines = text.split("\n");
	const long = lines.findIndex((line) => line.length > MAX_RELEASE_LINE);
	if (long !== -1) throw malformed(what, `has a line of more than ${MAX_RELEASE_LINE} bytes, line ${long + 1}`);
	if (lines.at(-1) === "") lines.pop();
	return lines.map(trimBlanksAtEnd);
}
/** Closed signature blocks, one after another, up to the end of the file. */
function splitBlocks(lines, what) {
	const blocks = [];
	for (let begin = 0; begin < lines.length;) {
		if (lines[begin] !== "-----BEGIN PGP SIGNATURE-----") throw malformed(what, "has text outside its signature blocks");
		const end = lines.indexOf(END_SIGNATURE, begin);
		if (end === -1) throw malformed(what, "ends inside a signature block");
		const inside = lines.slice(begin + 1, end);
		if (inside.some((line) => line.startsWith("-"))) throw malformed(what, "has a dash inside a signature block");
		if (blocks.length >= 64) throw malformed(what, `has more than 64 signature blocks`);
		blocks.push(dearmor(inside, what));
		begin = end + 1;
	}
	if (blocks.length === 0) throw malformed(what, "has no signature");
	return blocks;
}
function malformed(what, problem) {
	return new DebproofError("RELEASE_MALFORMED", `${what} ${problem}.`);
}
export { verifyRelease as a, urlBelow as c, splitInRelease as i, TrustAnchors as l, pairRelease as n, verifySignatures as o, splitClearsigned as r, isPathBelow as s, pairDetached as t };
