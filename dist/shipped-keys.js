import { K as MAX_KEYRING, _t as MAX_RELEASE_ENTRIES, r as describeError, t as DebproofError, vt as MAX_RELEASE_FILE, yt as MAX_RELEASE_LINE } from "./errors.js";
import { t as ANYWHERE } from "./places.js";
import { a as parseFingerprint, c as parseSha512, n as trimBlanks, r as trimBlanksAtEnd, s as parseSha256 } from "./deb822.js";
import { t as readFileUpTo } from "./read-file-up-to.js";
import { createHash, createPublicKey, verify } from "node:crypto";
import path from "node:path";
// src/archive/hash.ts
/** The SHA-256 of bytes at hand. */
function sha256Of(bytes) {
	return createHash("sha256").update(bytes).digest("hex");
}
/** Counts and hashes what passes. */
var Digester = class {
	#sha256 = createHash("sha256");
	#sha512;
	size = 0;
	/** @param withSha512 also compute the SHA-512, which costs as much again */
	constructor(withSha512 = false) {
		this.#sha512 = withSha512 ? createHash("sha512") : void 0;
	}
	update(chunk) {
		this.size += chunk.length;
		this.#sha256.update(chunk);
		this.#sha512?.update(chunk);
	}
	/** The end: a digester gives its result once. */
	finish() {
		return {
			size: this.size,
			sha256: this.#sha256.digest("hex"),
			sha512: this.#sha512?.digest("hex")
		};
	}
};
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
	"jan",
	"feb",
	"mar",
	"apr",
	"may",
	"jun",
	"jul",
	"aug",
	"sep",
	"oct",
	"nov",
	"dec"
];
const WEEKDAY = "(?:sun|mon|tue|wed|thu|fri|sat)";
const DAY = "(?<day>\\d{1,2})";
/** The first three letters decide: `November` and `Sept` are months too. */
const MONTH = "(?<month>[a-z]{3,10})";
const TIME = "(?<hour>\\d{1,2}):(?<minute>\\d{1,2}):(?<second>\\d{1,2})";
const YEAR = "(?<year>[1-9]\\d{3})";
const ZONE = "(?<zone>[A-Za-z0-9+-]{1,10})";
/** The three forms of a date in HTTP (RFC 9110, 5.6.7), which apt tells apart by the length of the weekday. */
const FORMS = [
	new RegExp(`^${WEEKDAY},[ \\t]+${DAY}[ \\t]+${MONTH}[ \\t]+${YEAR}[ \\t]+${TIME}[ \\t]+${ZONE}$`, "i"),
	new RegExp(`^${WEEKDAY}[ \\t]+${MONTH}[ \\t]+${DAY}[ \\t]+${TIME}[ \\t]+${YEAR}$`, "i"),
	new RegExp(`^${WEEKDAY}[a-z]{2,6},[ \\t]+${DAY}-${MONTH}-(?<shortYear>\\d{2})[ \\t]+${TIME}[ \\t]+${ZONE}$`, "i")
];
/**
* The dates of release files, in UTC, as apt reads them (RFC1123StrToTime in apt-pkg/contrib/strutl.cc, the same in apt
* 2.6 and 3.3): the three forms of HTTP, in any case of letters. The weekday is not compared.
*
* The two digits of RFC 850 are a year from 1969 to 2068, as POSIX has it (strptime, %y). For apt they are of the 1900s, so
* that no Date lies ahead and no Valid-Until counts, which it takes for none before 1970.
*
* Undefined for anything else. That is stricter than apt where it reads what is not written: any word as a month (`Foo`
* as January, `Mär` as May), a day that does not exist, a year of another length (the `2026` of RFC 850 as 3926), and
* what follows the seconds.
*/
function parseArchiveDate(text) {
	for (const form of FORMS) {
		const { groups } = form.exec(text) ?? {};
		if (groups !== void 0) return dateOf(groups);
	}
}
function dateOf(groups) {
	const { zone = "UTC", month: monthName = "", shortYear } = groups;
	if (!/^(?:GMT|UTC|Z|[+-]?0+)$/.test(zone)) return void 0;
	const part = (name) => Number(groups[name]);
	const year = shortYear === void 0 ? part("year") : Number(shortYear) + (Number(shortYear) < 69 ? 2e3 : 1900);
	const month = MONTHS.indexOf(monthName.slice(0, 3).toLowerCase());
	if (month === -1 || part("hour") > 23 || part("minute") > 59 || part("second") > 60) return void 0;
	const date = new Date(Date.UTC(year, month, part("day")));
	if (date.getUTCMonth() !== month || date.getUTCDate() !== part("day")) return void 0;
	return new Date(date.getTime() + ((part("hour") * 60 + part("minute")) * 60 + part("second")) * 1e3);
}
// src/archive/release-fields.ts
/**
* The fields of a release file, as apt reads them where every other reader reads the same or nothing (debootstrap,
* python-debian): with CRLF line ends throughout, one empty line before the first field, blanks before a colon,
* comments, and a field that is there twice and says the same. Of two that differ apt takes the last, which is taken here
* for Date and Valid-Until alone, since nobody else reads them.
*
* Refused is what readers take for different things: a line of blanks or a second stanza, a line without a colon, which
* swallows the next field for apt, and line ends of both kinds.
*
* Sources: deb822(5); apt's pkgTagSection::Scan; docs/apt-parity.md says what was measured.
*
* @param text what is signed
* @throws DebproofError RELEASE_MALFORMED that quotes the line
*/
function parseReleaseFields(text) {
	const fields = /* @__PURE__ */ new Map();
	for (const { name, written, values } of linesOf(text)) {
		const value = values.join("\n");
		const other = fields.get(name);
		if (other !== void 0 && other !== value && !LAST_COUNTS.has(name)) throw malformed$3("a field twice", written);
		fields.set(name, value);
	}
	return fields;
}
const LAST_COUNTS = /* @__PURE__ */ new Set(["date", "valid-until"]);
/** What debootstrap, which reads line by line, looks for. */
const READ_BY_LINE = /* @__PURE__ */ new Set([...[
	"suite",
	"codename",
	"components",
	"acquire-by-hash",
	"md5sum",
	"sha1",
	"sha256",
	"sha512"
]]);
/** deb822(5): printable ASCII but colon and blank; not starting with `#` or `-`. */
const FIELD_NAME = /^[!"$-,.-9;-~][!-9;-~]*$/;
function* linesOf(text) {
	const lines = textLines(text);
	for (let next = 0; next < lines.length;) {
		const written = lines[next] ?? "";
		if (isContinued(written)) throw malformed$3("a continuation line without a field", written);
		if (written.startsWith("#")) {
			next = afterComment(lines, next);
			continue;
		}
		const { name, value } = fieldOf(written);
		const values = [value];
		for (next++; isContinued(lines[next] ?? ""); next++) values.push(trimBlanks(lines[next] ?? ""));
		yield {
			name,
			written,
			values
		};
	}
}
/** The lines up to the empty ones at the end, which separate nothing; with none of them empty. */
function textLines(bytes) {
	const lines = withoutReturns(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1").split("\n"));
	while (lines.at(-1) === "") lines.pop();
	if (lines.length > 1 && trimBlanks(lines[0] ?? "") === "") lines.shift();
	if (lines.some((line) => trimBlanks(line) === "")) throw new DebproofError("RELEASE_MALFORMED", "The release file has more than one stanza.");
	return lines;
}
/** Whoever does not know CRLF finds nothing in a file of such lines, and only a part in one of both kinds. */
function withoutReturns(lines) {
	if (!lines.some((line) => line.includes("\r"))) return lines;
	const last = lines.at(-1) === "" ? lines.length - 1 : lines.length;
	return lines.map((line, index) => {
		if (index >= last) return line;
		const whole = line.endsWith("\r") ? line.slice(0, -1) : index === lines.length - 1 ? line : `${line}\r`;
		if (whole.includes("\r")) throw malformed$3("line ends of more than one kind", line);
		return whole;
	});
}
/**
* Where a comment is passed over. apt knows none in a release file: with a colon it is a field that nobody asks for, and
* without one it takes the next field with it. That is refused where others read that field.
*
* @returns the index of the line after it, and after what it takes with it
*/
function afterComment(lines, first) {
	const comment = lines[first] ?? "";
	let next = first;
	while ((lines[next] ?? "").startsWith("#") && !(lines[next] ?? "").includes(":")) next++;
	const end = lines[next];
	if (end === void 0 || isContinued(end)) throw malformed$3("a comment that apt takes for part of a field", comment);
	const isTaken = !end.startsWith("#");
	if (isTaken && READ_BY_LINE.has(fieldOf(end).name)) throw malformed$3(`a comment without a colon before ${JSON.stringify(end.slice(0, 80))}, which apt does not read`, comment);
	next++;
	if (!isContinued(lines[next] ?? "")) return next;
	if (!isTaken) throw malformed$3("a comment that is continued", comment);
	while (isContinued(lines[next] ?? "")) next++;
	return next;
}
function fieldOf(line) {
	const colon = line.indexOf(":");
	if (colon === -1) throw malformed$3("a line without a colon", line);
	const name = trimBlanksAtEnd(line.slice(0, colon));
	if (!FIELD_NAME.test(name)) throw malformed$3("a line that is not a field", line);
	return {
		name: name.toLowerCase(),
		value: trimBlanks(line.slice(colon + 1))
	};
}
function isContinued(line) {
	return line.startsWith(" ") || line.startsWith("	");
}
function malformed$3(problem, line) {
	return new DebproofError("RELEASE_MALFORMED", `The release file has ${problem}: ${JSON.stringify(line.slice(0, 80))}.`);
}
// src/archive/openpgp-config.ts
let loaded;
async function loadOpenPGP() {
	if (process.env["NODE_ENV"] === "development") delete process.env["NODE_ENV"];
	loaded = await import("./openpgp.js");
	return loaded;
}
/** The same for who has a certificate, which nobody makes without it. */
function openPGPOfCertificates() {
	if (loaded === void 0) throw new Error("a certificate was read without openpgp.js");
	return loaded;
}
/**
* From when on a self-signature over SHA-1 counts for nothing: sequoia-openpgp's StandardPolicy, which sqv has, for what
* needs second preimage resistance alone. A self-signature does: its owner wrote what it signs. apt's own
* default-sequoia.config puts this off until 2026-02-01, and gpgv has no such date.
*/
const SHA1_SELF_SIGNATURES_UNTIL = "2023-02-01";
/**
* What makes a signature acceptable, passed on each call and never set globally. Nothing here is looser than
* apt 2.6 with gpgv, apt 3 with gpgv and apt 3 with sqv: of what passes, each of them takes the algorithms.
*
* @param at the clock; SHA-1 counts for nothing where there is none
*/
function strictConfig({ enums }, at) {
	const weak = [enums.hash.md5, enums.hash.ripemd];
	return {
		rejectHashAlgorithms: new Set(at !== void 0 && at < /* @__PURE__ */ new Date("2023-02-01") ? weak : [...weak, enums.hash.sha1]),
		rejectMessageHashAlgorithms: /* @__PURE__ */ new Set([
			enums.hash.md5,
			enums.hash.ripemd,
			enums.hash.sha1,
			enums.hash.sha224
		]),
		minRSABits: 2048,
		rejectPublicKeyAlgorithms: /* @__PURE__ */ new Set([enums.publicKey.elgamal, enums.publicKey.dsa]),
		rejectCurves: /* @__PURE__ */ new Set([
			enums.curve.secp256k1,
			enums.curve.brainpoolP256r1,
			enums.curve.brainpoolP384r1,
			enums.curve.brainpoolP512r1,
			enums.curve.nistP521
		]),
		allowInsecureVerificationWithReformattedKeys: false,
		allowMissingKeyFlags: false,
		ignoreMalformedPackets: false
	};
}
// src/archive/key-validity.ts
/**
* Throws unless a key was good at a time, by what its owner signed: bound, allowed to sign, not ended.
*
* The word of then decides, as for sqv: the latest that was not younger. Where there is none, the key was renewed
* since, and gpg replaced its self-signature: then it is the first one after it, for what was signed while a key was
* good stays good. gpgv goes by the last word of all, so the key must not have ended by that either.
*
* @param config says which digests count
*/
async function checkKeyAt(openpgp, signing, time, config) {
	const { certificate, key } = signing;
	if (time < certificate.getCreationTime() || time < key.getCreationTime()) throw refused("the key was made later");
	const words = await wordsAt(openpgp, signing, time, config);
	const end = Math.min(...words.map(endOf));
	if (end <= time.getTime()) throw refused(`it expired at ${new Date(end).toISOString()}`);
	const [primary, ...ofSubkey] = words.map(({ needed }) => clockOf(needed, time));
	try {
		const [before, clock] = [new Date(primary ?? time), new Date(Math.max(primary ?? 0, ...ofSubkey))];
		await (await certificateAt(openpgp, signing, before, config)).verifyPrimaryKey(before, void 0, config);
		await (await certificateAt(openpgp, signing, clock, config)).getSigningKey(key.getKeyID(), clock, void 0, config);
	} catch (error) {
		if (!describeError(error).includes("Insecure hash algorithm: SHA1")) throw error;
		throw refused(WEAK);
	}
}
const WEAK = `what its owner signed about it is over SHA-1, which counts for nothing from ${SHA1_SELF_SIGNATURES_UNTIL} on: get the owner's renewed certificate`;
/** Throws where the key is revoked: softly by `at`, or for good, whenever that was (RFC 9580, 5.2.3.31). */
async function checkNotRevoked(openpgp, signing, at, config) {
	const { certificate, key } = signing;
	const { keyRevocation, subkeyRevocation } = openpgp.enums.signature;
	const revokes = (packet, type, data) => isRevocation(openpgp, packet, certificate, type, data, at, config);
	for (const packet of certificate.revocationSignatures) if (await revokes(packet, keyRevocation, { key: certificate.keyPacket })) throw refused("it is revoked");
	if (!("mainKey" in key)) return;
	for (const packet of key.revocationSignatures) if (await revokes(packet, subkeyRevocation, {
		key: certificate.keyPacket,
		bind: key.keyPacket
	})) throw refused("it is revoked");
}
/** When the key ends by its owner's last word, or the certificate that it belongs to. */
async function keyEnd(openpgp, signing, at, config) {
	const end = Math.min(...(await wordsAt(openpgp, signing, at, config)).map(endOf));
	return Number.isFinite(end) ? new Date(end) : void 0;
}
/** Of the primary key, and then of the subkey where it is one. User IDs that are revoked at a time say nothing. */
async function wordsAt(openpgp, { certificate, key }, time, config) {
	const { certGeneric, key: direct, subkeyBinding } = openpgp.enums.signature;
	const { keyPacket } = certificate;
	const certifications = [];
	const dropped = [];
	const valid = new Set((await usersAt(openpgp, certificate, time, config)).map(({ userID }) => userID));
	for (const { userID, selfCertifications } of certificate.users) {
		if (userID === null) continue;
		const words = await wordsOf(selfCertifications, certificate, certGeneric, {
			key: keyPacket,
			userID
		}, config);
		dropped.push(...words);
		if (valid.has(userID)) certifications.push(...words);
	}
	const onKey = await wordsOf(directSignatures(openpgp, certificate), certificate, direct, { key: keyPacket }, config);
	const primary = keyPacket.version === 6 ? {
		needed: onKey,
		others: certifications,
		dropped
	} : {
		needed: certifications,
		others: onKey,
		dropped
	};
	if (!("mainKey" in key)) return [primary];
	const data = {
		key: keyPacket,
		bind: key.keyPacket
	};
	return [primary, {
		needed: await wordsOf(key.bindingSignatures, key, subkeyBinding, data, config),
		others: []
	}];
}
/**
* The part of a certificate that the library may judge at a time. It marks what it once found to be revoked as revoked
* for ever, so it gets to see no revocation.
*/
async function certificateAt(openpgp, { certificate, key }, time, config) {
	const packets = new openpgp.PacketList();
	packets.push(certificate.keyPacket, ...directSignatures(openpgp, certificate));
	for (const { userID, selfCertifications } of await usersAt(openpgp, certificate, time, config)) packets.push(userID, ...selfCertifications);
	if ("mainKey" in key) packets.push(key.keyPacket, ...key.bindingSignatures);
	return new openpgp.PublicKey(packets);
}
async function usersAt(openpgp, certificate, time, config) {
	const users = [];
	const { certRevocation } = openpgp.enums.signature;
	for (const { userID, selfCertifications, revocationSignatures } of certificate.users) {
		if (userID === null) continue;
		const data = {
			key: certificate.keyPacket,
			userID
		};
		let isRevoked = false;
		for (const packet of revocationSignatures) isRevoked ||= await isRevocation(openpgp, packet, certificate, certRevocation, data, time, config);
		if (!isRevoked) users.push({
			userID,
			selfCertifications
		});
	}
	return users;
}
function directSignatures({ enums, SignaturePacket }, certificate) {
	return [...certificate.toPacketList()].flatMap((packet) => packet instanceof SignaturePacket && packet.signatureType === enums.signature.key ? [packet] : []);
}
async function wordsOf(packets, about, type, data, config) {
	const certificate = "mainKey" in about ? about.mainKey : about;
	const words = [];
	for (const packet of packets) {
		const { created, hashAlgorithm, keyExpirationTime, keyNeverExpires } = packet;
		if (created === null || !await isSigned(packet, certificate, type, data, created, config)) continue;
		const lasts = keyNeverExpires === false ? (keyExpirationTime ?? 0) * 1e3 : Number.POSITIVE_INFINITY;
		words.push({
			said: created.getTime(),
			ends: about.getCreationTime().getTime() + lasts,
			isStrong: hashAlgorithm !== null && !config.rejectHashAlgorithms.has(hashAlgorithm)
		});
	}
	return words;
}
async function isRevocation({ enums }, packet, certificate, type, data, at, config) {
	const { keyRetired, keySuperseded, userIDInvalid } = enums.reasonForRevocation;
	const soft = [
		keyRetired,
		keySuperseded,
		userIDInvalid
	];
	const { created } = packet;
	const time = created !== null && created > at && soft.includes(packet.reasonForRevocationFlag) ? at : created ?? at;
	return await isSigned(asOfKey(packet, certificate), certificate, type, data, time, config);
}
/** RFC 9580, 9.1: RSA, and RSA that only signs, which some wrote for the same key. */
const RSA$1 = [1, 3];
/** The library takes no signature that calls its RSA key by the other of the two; gpgv takes such a revocation. */
function asOfKey(packet, { keyPacket }) {
	if (!(packet.publicKeyAlgorithm !== keyPacket.algorithm) || !RSA$1.includes(packet.publicKeyAlgorithm) || !RSA$1.includes(keyPacket.algorithm)) return packet;
	return Object.create(packet, { publicKeyAlgorithm: { value: keyPacket.algorithm } });
}
/** A weak digest is no reason to trust, and none to overlook a revocation or an end: here any will do. */
async function isSigned(packet, { keyPacket }, type, data, time, config) {
	try {
		await packet.verify(keyPacket, type, data, time, false, {
			...config,
			rejectHashAlgorithms: /* @__PURE__ */ new Set()
		});
		return true;
	} catch {
		return false;
	}
}
function endOf({ needed, others, dropped = [] }) {
	return Math.min(endByLast(needed), endByLast(others), endByLast(dropped));
}
/** Where two were said in one second, the earlier end counts. */
function endByLast(words) {
	const last = Math.max(...words.map(({ said }) => said));
	return Math.min(...words.filter(({ said }) => said === last).map(({ ends }) => ends));
}
/** The time at which the library finds the word that counts: the time itself, or when the first one after it was said. */
function clockOf(words, time) {
	const earliest = Math.min(...words.filter(({ isStrong }) => isStrong).map(({ said }) => said));
	return Number.isFinite(earliest) ? Math.max(time.getTime(), earliest) : time.getTime();
}
function refused(why) {
	return new DebproofError("RELEASE_UNTRUSTED", why);
}
// src/archive/signature-check.ts
/** The signature over the text, by a key that existed when it was made; the caller judges the key. */
async function verifyByKeyAlone(openpgp, text, packet, { key }, at) {
	const [literal] = (await openpgp.createMessage({ binary: text })).packets;
	if (literal === void 0) throw new Error("a message has a literal packet");
	const config = {
		...openpgp.config,
		...strictConfig(openpgp)
	};
	await packet.verify(key.keyPacket, packet.signatureType ?? openpgp.enums.signature.binary, literal, at, true, config);
	if (packet.created === null || packet.created < key.getCreationTime()) throw new DebproofError("RELEASE_UNTRUSTED", "the signature is older than the key");
}
// src/archive/signature-packets.ts
/** RFC 9580, 5.2.3.7: the type of a notation, without the bit that makes it critical. */
const NOTATION = 20;
/**
* RFC 9580, 4.2: the packets of a signature block, all of which must be signatures (tag 2) of definite length. The
* subpackets of each are walked: nobody signs where those end, the library reads past it, and gpgv and sqv take such a
* packet for none.
*
* @throws DebproofError RELEASE_MALFORMED
*/
function signaturePackets(block) {
	const reader = new Reader(block, "A signature packet is cut short.");
	const signatures = [];
	while (!reader.isAtEnd()) {
		const start = reader.position;
		const header = reader.number(1);
		const isNewFormat = (header & 64) !== 0;
		const tag = isNewFormat ? header & 63 : header >> 2 & 15;
		if ((header & 128) === 0 || tag !== 2) throw malformed$2("There is something else than signatures in a signature block.");
		const body = reader.take(isNewFormat ? newLength(reader) : oldLength(reader, header & 3));
		signatures.push({
			...readSignature(body),
			body,
			packet: block.subarray(start, reader.position)
		});
	}
	return signatures;
}
function newLength(reader) {
	const first = reader.number(1);
	if (first < 192) return first;
	if (first < 224) return (first - 192) * 256 + reader.number(1) + 192;
	if (first === 255) return reader.number(4);
	throw malformed$2("A signature packet has no definite length.");
}
function oldLength(reader, lengthType) {
	if (lengthType === 3) throw malformed$2("A signature packet has no definite length.");
	return reader.number(2 ** lengthType);
}
/** RFC 9580, 5.2.2 and 5.2.3: version, type and two algorithms, then the subpackets that are signed and those that are not. */
function readSignature(body) {
	const reader = new Reader(body, "The subpackets of a signature end elsewhere than it says.");
	const version = reader.number(1);
	if (version === 3) {
		if (reader.number(1) !== 5) throw malformed$2("A version 3 signature signs something else than its type and its time.");
		const type = reader.number(1);
		reader.take(13);
		return {
			version,
			type,
			digest: reader.number(1)
		};
	}
	if (version !== 4 && version !== 6) return { version };
	const type = reader.number(1);
	reader.take(1);
	const digest = reader.number(1);
	for (let area = 0; area < 2; area++) checkSubpackets(reader.take(reader.number(version === 6 ? 4 : 2)));
	return {
		version,
		type,
		digest
	};
}
function checkSubpackets(area) {
	const reader = new Reader(area, "The subpackets of a signature end elsewhere than it says.");
	while (!reader.isAtEnd()) {
		const first = reader.number(1);
		let length = first;
		if (first === 255) length = reader.number(4);
		else if (first >= 192) length = (first - 192) * 256 + reader.number(1) + 192;
		const subpacket = new Reader(reader.take(length), "A signature has a subpacket that is cut short.");
		if ((subpacket.number(1) & 127) !== NOTATION) continue;
		subpacket.take(4);
		const [name, value] = [subpacket.number(2), subpacket.number(2)];
		subpacket.take(name + value);
		if (!subpacket.isAtEnd()) throw malformed$2("A signature has a notation of another length than it says.");
	}
}
/** Takes numbers and bytes one after another. */
var Reader = class {
	#bytes;
	#whenShort;
	#position = 0;
	constructor(bytes, whenShort) {
		this.#bytes = bytes;
		this.#whenShort = whenShort;
	}
	/** How many bytes were taken. */
	get position() {
		return this.#position;
	}
	isAtEnd() {
		return this.#position === this.#bytes.length;
	}
	take(length) {
		const taken = this.#bytes.subarray(this.#position, this.#position + length);
		if (taken.length !== length) throw malformed$2(this.#whenShort);
		this.#position += length;
		return taken;
	}
	/** Big-endian. */
	number(length) {
		return this.take(length).reduce((value, byte) => value * 256 + byte, 0);
	}
};
function malformed$2(problem) {
	return new DebproofError("RELEASE_MALFORMED", problem);
}
// src/archive/version-3.ts
/** RFC 9580, 9.5. One that is over another digest is not looked into: nothing rests on it. */
const DIGESTS = {
	2: "sha1",
	8: "sha256",
	9: "sha384",
	10: "sha512",
	11: "sha224"
};
/** RFC 9580, 9.1: RSA, and RSA that only signs. */
const RSA = [1, 3];
/**
* Why a signature of version 3 (RFC 4880, 5.2.2) does not count. It has no subpackets, so it cannot say what a later one
* does; sqv refuses it by apt's policy since 2026-02-01, gpgv takes it.
*
* It is looked at for one thing: one of a trusted key that does not fit the text refuses the file, as every other.
*
* @throws DebproofError RELEASE_UNTRUSTED for a bad one
*/
function refusalOfVersion3(text, signature, keyring) {
	const id = Buffer.from(signature.body.subarray(7, 15)).toString("hex");
	const keys = keyring.withKeyId(id);
	const [key] = keys;
	if (key === void 0) return `a signature of version 3 is by the key ${id.toUpperCase()}, which is not in the keyring`;
	if (keys.length === 1 && !fits(text, signature, key)) throw new DebproofError("RELEASE_UNTRUSTED", `BAD signature by the trusted key ${key.primaryFingerprint}: the file was changed after it was signed.`);
	return `key ${key.primaryFingerprint}: a signature of version 3, which is obsolete and which sqv refuses too: ask the archive's owner to sign anew (build.opensuse.org and pkgs.k8s.io sign with version 4 since November 2025)`;
}
/** Whether an RSA signature is over this text; true where it is of a kind that is not looked into. */
function fits(text, { body, type, digest }, { key }) {
	const hash = DIGESTS[digest ?? 0];
	const { n, e } = {
		n: part(key, "n"),
		e: part(key, "e")
	};
	if (hash === void 0 || n === void 0 || e === void 0 || !RSA.includes(body[15] ?? 0)) return true;
	const canonical = type === 1 ? Buffer.from(latin1(text).replaceAll(/\r?\n/g, "\r\n"), "latin1") : text;
	const signed = Buffer.concat([canonical, body.subarray(2, 7)]);
	const number = body.subarray(21);
	const size = n.length - Math.max(0, n.findIndex((byte) => byte !== 0));
	if (number.length > size) return false;
	const padded = Buffer.concat([Buffer.alloc(size - number.length), number]);
	const jwk = {
		kty: "RSA",
		n: n.toString("base64url"),
		e: e.toString("base64url")
	};
	try {
		return verify(hash, signed, createPublicKey({
			key: jwk,
			format: "jwk"
		}), padded);
	} catch {
		return true;
	}
}
function part({ keyPacket }, name) {
	const value = Reflect.get(keyPacket.publicParams ?? {}, name);
	return value instanceof Uint8Array ? Buffer.from(value) : void 0;
}
function latin1(bytes) {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}
// src/archive/signature.ts
/** For what is served now. */
const PRESENT = { mayBeYounger: false };
/** For what was kept: an old suite is signed anew when a later release comes out, its contents unchanged. */
const PAST = { mayBeYounger: true };
/** For a rebuilder's statement: that an old package was rebuilt may be said any time later. */
const STATEMENT = { mayBeYounger: true };
/**
* Verifies the signatures over a release file with the clock at `at`.
*
* The rule is the strictest of apt's three (2.6 with gpgv, 3 with gpgv, 3 with sqv): a signature of a trusted key
* that does not fit the text refuses the file, whatever stands beside it (gpgv); one that is expired, too weak or
* by an unknown key is not counted; one must count, and one in the first block (sqv reads that block alone). Two things
* are taken that sqv refuses, and docs/apt-parity.md says why: a signature from before its key was renewed, and one
* beside another of version 3.
*
* @throws DebproofError RELEASE_UNTRUSTED, RELEASE_MALFORMED
*/
async function verifySignatures({ text, blocks }, keyring, at, { mayBeYounger, mayHaveExpired = false } = PRESENT) {
	const openpgp = await loadOpenPGP();
	const signers = [];
	const refusals = [];
	let isBehindUnread = false;
	for (const [index, block] of blocks.entries()) {
		const counted = signers.length;
		for (const raw of readBlock(block)) {
			const judgement = await judgePacket(openpgp, text, raw, keyring, at, {
				mayBeYounger,
				mayHaveExpired
			});
			if (judgement.outcome === "not counted") refusals.push(judgement.why);
			else if (isBehindUnread) refusals.push(`key ${judgement.signer.primaryFingerprint}: ${BEHIND_UNKNOWN}`);
			else signers.push(judgement.signer);
			isBehindUnread ||= raw.version !== 3 && raw.version !== 4;
		}
		if (index === 0 && signers.length === counted) {
			const first = blocks.length > 1 ? "The first signature block has no" : "There is no";
			throw new DebproofError("RELEASE_UNTRUSTED", `${first} valid signature by a trusted key: ${refusals.join("; ") || "it holds no signature"}.`);
		}
	}
	return signers;
}
/** So does the gpgv of apt 2.6 with every version but 3 and 4. */
const BEHIND_UNKNOWN = "it stands behind a signature of a version that gpgv does not know, and there gpgv stops reading";
/** RFC 9580, 9.5, without SHA-3. For any other, gpgv and sqv refuse the file, whichever key it is and whatever stands beside. */
const KNOWN_DIGESTS = /* @__PURE__ */ new Set([
	1,
	2,
	3,
	8,
	9,
	10,
	11
]);
/** The signatures of a block, all of which are over documents. */
function readBlock(block) {
	const signatures = signaturePackets(block);
	if (signatures.length === 0) throw new DebproofError("RELEASE_MALFORMED", "A signature block is empty.");
	if (signatures.length > 64) throw new DebproofError("RELEASE_MALFORMED", `There are more than 64 signatures.`);
	for (const { type, digest } of signatures) {
		if (type !== void 0 && type !== 0 && type !== 1) throw new DebproofError("RELEASE_MALFORMED", "A signature is of a kind that does not sign documents.");
		if (digest !== void 0 && !KNOWN_DIGESTS.has(digest)) throw new DebproofError("RELEASE_MALFORMED", "A signature is over a digest that gpgv does not know.");
	}
	return signatures;
}
/** What cannot count, whoever made it, is told as what it is: it does not spoil what stands beside it. */
async function judgePacket(openpgp, text, raw, keyring, at, { mayBeYounger, mayHaveExpired = false }) {
	if (raw.version === 3) return {
		outcome: "not counted",
		why: refusalOfVersion3(text, raw, keyring)
	};
	if (raw.type === void 0) return {
		outcome: "not counted",
		why: `a signature is of version ${raw.version}, which nobody here knows`
	};
	const packet = await readPacket(openpgp, raw);
	if (packet === void 0) return {
		outcome: "not counted",
		why: `a signature is of the algorithm ${raw.body[2]}, which nobody here knows`
	};
	return await judgeSignature(openpgp, text, packet, keyring, mayBeYounger && packet.created !== null && packet.created > at ? packet.created : at, mayHaveExpired);
}
/** Undefined for an algorithm that the library does not know: it then drops the packet without a word. */
async function readPacket(openpgp, { packet }) {
	try {
		const [first] = (await openpgp.readSignature({
			binarySignature: packet,
			config: strictConfig(openpgp)
		})).packets;
		return first instanceof openpgp.SignaturePacket ? first : void 0;
	} catch (error) {
		throw new DebproofError("RELEASE_MALFORMED", `A signature cannot be read (${describeError(error)}).`, { cause: error });
	}
}
async function judgeSignature(openpgp, text, packet, keyring, at, mayHaveExpired) {
	const config = {
		...openpgp.config,
		...strictConfig(openpgp, at)
	};
	const keyId = packet.issuerKeyID.toHex();
	const keys = keyring.withKeyId(keyId);
	const [key] = keys;
	if (keyId === "") return {
		outcome: "not counted",
		why: "a signature does not say whose it is"
	};
	if (key === void 0) return {
		outcome: "not counted",
		why: `key ${keyId.toUpperCase()} is not in the keyring`
	};
	if (keys.length > 1) return {
		outcome: "not counted",
		why: `the key ID ${keyId.toUpperCase()} is ambiguous`
	};
	const { curve } = key.key.getAlgorithmInfo();
	if ([...config.rejectCurves].some((refused) => String(refused) === curve)) return notCounted(key, `its curve ${curve ?? ""} is not accepted`);
	try {
		await verifyByKeyAlone(openpgp, text, packet, key, at);
	} catch (error) {
		if (isBadSignature(error)) throw new DebproofError("RELEASE_UNTRUSTED", `BAD signature by the trusted key ${key.primaryFingerprint}: the file was changed after it was signed.`, { cause: error });
		return notCounted(key, describeError(error));
	}
	const issuer = packet.issuerFingerprint;
	if (issuer !== null && issuer !== void 0 && Buffer.from(issuer).toString("hex").toUpperCase() !== key.fingerprint) return notCounted(key, "the signature names another fingerprint");
	try {
		await checkKeyAt(openpgp, key, packet.created ?? at, config);
		if (!mayHaveExpired) await checkKeyAt(openpgp, key, at, config);
		await checkNotRevoked(openpgp, key, at, config);
	} catch (error) {
		return notCounted(key, describeError(error));
	}
	if (!keyring.allows(key)) return notCounted(key, "signed-by does not name it");
	const expires = await keyEnd(openpgp, key, at, config);
	return {
		outcome: "counted",
		signer: {
			primaryFingerprint: key.primaryFingerprint,
			fingerprint: key.fingerprint,
			name: key.certificate.getUserIDs()[0] ?? "",
			signedAt: packet.created ?? at,
			...expires === void 0 ? {} : { expires }
		}
	};
}
function notCounted(key, why) {
	return {
		outcome: "not counted",
		why: `key ${key.primaryFingerprint}: ${why}`
	};
}
/** The ways in which openpgp.js says that text, signature and key do not belong together. */
function isBadSignature(error) {
	const message = describeError(error);
	return message.includes("Signed digest did not match") || message.includes("Signature verification failed") || message.includes("does not match issuer key algorithm");
}
// src/archive/release.ts
/**
* Judges a release file: signatures first, then the fields of the bytes that they cover.
*
* @throws DebproofError RELEASE_UNTRUSTED, RELEASE_MALFORMED, RELEASE_TIME, RELEASE_SUITE
*/
async function verifyRelease(signed, { keyring, at, suite, releaseName, maxAge, past = false, servedAt }) {
	const signers = await verifySignatures(signed, keyring, at, past ? PAST : PRESENT);
	const fields = parseReleaseFields(signed.text);
	const date = dateIn(fields, "date");
	if (date === void 0) throw new DebproofError("RELEASE_MALFORMED", "The release file has no Date.");
	const validUntil = dateIn(fields, "valid-until");
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
	if (suite !== void 0) checkSuite(suite, releaseName, release);
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
/** Undefined where there is none, and where it is empty, which is none for apt too. */
function dateIn(fields, name) {
	const value = fields.get(name) ?? "";
	if (value === "") return void 0;
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
/**
* Suite names move from release to release, codenames do not; `buster/updates` has the codename `buster`. Where the path
* of a suite is neither, whoever trusts the archive says its name: another suite that the same keys sign has another one.
*/
function checkSuite(asked, declared, release) {
	if (declared === void 0 && asked.endsWith("/")) return;
	if ((declared === void 0 ? [asked, asked.replace(/\/updates$/, "")] : [declared]).some((name) => name === release.codename || name === release.suite)) return;
	const carried = Object.entries({
		Codename: release.codename,
		Suite: release.suite
	}).flatMap(([field, name = ""]) => name === "" ? [] : [{
		field,
		name: JSON.stringify(name.slice(0, 200))
	}]);
	const [first] = carried;
	const says = carried.map(({ field, name }) => `${field} ${name}`).join(" and ") || "neither Codename nor Suite";
	if (declared !== void 0) {
		const why = `The release file of suite ${asked} must be for ${declared} (release-name), and it says ${says}.`;
		throw new DebproofError("RELEASE_SUITE", why);
	}
	const hint = first === void 0 ? "Nothing in it tells of which suite it is: ask its owner for a Codename." : `Where this is the suite that is meant, a policy says so: \`release-name: ${first.name}\`.`;
	throw new DebproofError("RELEASE_SUITE", `Suite ${asked} was asked for, but the release file says ${says}. ${hint}`);
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
		const other = rows.get(path);
		if (other !== void 0) {
			if (other.hash !== hash || other.size !== size) throw malformedEntry("is listed twice, and not alike", path);
			continue;
		}
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
// src/archive/armor.ts
/** The lines that enclose a signature in ASCII armor (RFC 9580, 6.2). */
const BEGIN_SIGNATURE = "-----BEGIN PGP SIGNATURE-----";
const END_SIGNATURE = "-----END PGP SIGNATURE-----";
/**
* Decodes one ASCII armor (RFC 9580, 6.2), strictly: every armor header is `Key: value`, an empty line follows
* them, nothing but base64 follows that, and the checksum must match where there is one. Libraries skip what they
* do not know, and what is skipped by one reader and read by another is where forgeries live.
*
* @param lines the lines between BEGIN and END, without trailing blanks
* @param what names the armor in errors, such as `InRelease`
* @throws DebproofError RELEASE_MALFORMED
*/
function dearmor(lines, what) {
	const separator = lines.indexOf("");
	if (separator === -1) throw malformed$1(what, "has no empty line after the armor headers");
	for (const header of lines.slice(0, separator)) if (!/^[A-Za-z][A-Za-z0-9-]*: [\x20-\x7e]*$/.test(header)) throw malformed$1(what, `has a line that is no armor header: ${JSON.stringify(header.slice(0, 80))}`);
	const body = lines.slice(separator + 1);
	const last = body.at(-1);
	const checksum = last !== void 0 && /^=[A-Za-z0-9+/]{4}$/.test(last) ? last.slice(1) : void 0;
	const base64 = (checksum === void 0 ? body : body.slice(0, -1)).join("");
	if (body.includes("") || base64 === "" || base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw malformed$1(what, "is not valid base64");
	const bytes = Buffer.from(base64, "base64");
	if (checksum !== void 0 && Buffer.from(checksum, "base64").readUIntBE(0, 3) !== crc24(bytes)) throw malformed$1(what, "does not match its own checksum");
	return bytes;
}
/** What each byte does to the checksum: a keyring has so many bytes that doing it bit by bit shows. */
const CRC24 = Uint32Array.from({ length: 256 }, (_, byte) => {
	let crc = byte << 16;
	for (let bit = 0; bit < 8; bit++) crc = (crc & 8388608) === 0 ? crc << 1 : crc << 1 ^ 25578747;
	return crc & 16777215;
});
/** RFC 9580, 6.1. */
function crc24(bytes) {
	let crc = 11994318;
	for (const byte of bytes) crc = crc << 8 & 16777215 ^ (CRC24[crc >> 16 ^ byte] ?? 0);
	return crc;
}
function malformed$1(what, problem) {
	return new DebproofError("RELEASE_MALFORMED", `The armor of ${what} ${problem}.`);
}
// src/archive/signed-text.ts
const BEGIN_MESSAGE = "-----BEGIN PGP SIGNED MESSAGE-----";
/**
* Splits a clearsigned file, such as an `InRelease`, into its text and its signature blocks, as apt's SplitClearSignedFile does
* (apt-pkg/contrib/gpgv.cc; RFC 9580, 7): one signed message from the first byte to the last, nothing before,
* between or after. A splitter that looks for the message inside the file would verify one text and parse another.
*
* Stricter than apt: no NUL, no carriage return but, with `crlf`, before a line end, no armor header but `Hash:`.
*
* @param what names it in errors
* @param crlf whether lines may end in CRLF: those of the text all or none, for who does not know them sees the others
* @throws DebproofError RELEASE_MALFORMED, TOO_LARGE
*/
function splitClearsigned(file, what, { crlf = false } = {}) {
	const { lines, returned } = signedLines(file, what, crlf);
	if (lines[0] !== BEGIN_MESSAGE) throw malformed(what, `does not begin with ${BEGIN_MESSAGE}: it is not a signed file`);
	let next = 1;
	for (; lines[next] !== ""; next++) if (!/^Hash: [A-Za-z0-9, -]+$/.test(lines[next] ?? "")) throw malformed(what, `has something else than a Hash header in line ${next + 1}`);
	const text = [];
	const first = ++next;
	for (; lines[next] !== BEGIN_SIGNATURE; next++) {
		const line = lines[next];
		if (line === void 0) throw malformed(what, "ends before its signature");
		if (line.startsWith("- ")) text.push(line.slice(2));
		else if (line.startsWith("-")) throw malformed(what, `has an unescaped dash in line ${next + 1}`);
		else text.push(line);
	}
	const ends = returned.filter((index) => index >= first && index < next).length;
	if (ends > 0 && ends < text.length) throw malformed(what, "has both kinds of line ends in its text");
	return {
		text: Buffer.from(text.join("\n"), "latin1"),
		blocks: splitBlocks(lines.slice(next), what)
	};
}
/** Splits an `InRelease`. @throws DebproofError RELEASE_MALFORMED, TOO_LARGE */
function splitInRelease(file) {
	return splitClearsigned(file, "InRelease", { crlf: true });
}
/**
* Pairs a `Release` with its `Release.gpg`, which holds signature blocks and nothing else. A stable suite of
* Debian's has two blocks.
*
* @throws DebproofError RELEASE_MALFORMED, TOO_LARGE
*/
function pairRelease(release, signature) {
	return pairDetached(release, "Release", signature, "Release.gpg", { crlf: true });
}
/**
* Pairs a text with a detached, armored signature.
*
* @param crlf whether lines may end in CRLF, which is left in the text: it is signed
* @throws DebproofError RELEASE_MALFORMED, TOO_LARGE
*/
function pairDetached(text, textName, signature, signatureName, { crlf = false } = {}) {
	const { lines } = signedLines(text, textName, crlf);
	if (lines[0]?.startsWith("-----") === true) throw malformed(textName, `is itself a signed message; beside ${signatureName} it must be plain text`);
	return {
		text,
		blocks: splitBlocks(signedLines(signature, signatureName, crlf).lines, signatureName)
	};
}
/**
* The blocks of a detached, armored signature over bytes that need not be text.
*
* @param name the signature's file, for errors
* @throws DebproofError RELEASE_MALFORMED, TOO_LARGE
*/
function signatureBlocks(signature, name) {
	return splitBlocks(signedLines(signature, name, false).lines, name);
}
function signedLines(file, what, crlf) {
	if (file.length === 0) throw malformed(what, "is empty");
	if (file.length > 1e7) throw new DebproofError("TOO_LARGE", `${what} is larger than ${MAX_RELEASE_FILE} bytes.`);
	const text = Buffer.from(file.buffer, file.byteOffset, file.byteLength).toString("latin1");
	if ((crlf ? /\0|\r(?!\n|$)/ : /[\0\r]/).test(text)) throw malformed(what, `contains a NUL or a carriage return${crlf ? " inside of a line" : ""}`);
	const lines = text.split("\n");
	const long = lines.findIndex((line) => line.length > MAX_RELEASE_LINE);
	if (long !== -1) throw malformed(what, `has a line of more than ${MAX_RELEASE_LINE} bytes, line ${long + 1}`);
	if (lines.at(-1) === "") lines.pop();
	const returned = [...lines.keys()].filter((index) => lines[index]?.endsWith("\r") === true);
	return {
		lines: (returned.length === 0 ? lines : lines.map((line) => line.replace(/\r$/, ""))).map(trimBlanksAtEnd),
		returned
	};
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
// src/archive/key-material.ts
/**
* What tells a public key from all others, in hex, however it is written: in an OpenPGP packet of whichever version, as
* SubjectPublicKeyInfo, as bare numbers. Of a point on a curve it is one coordinate: whoever has the private half of one
* of the two points with it has that of the other.
*/
function materialOfKey(key) {
	const { kty, n = "", x = "" } = key.export({ format: "jwk" });
	const [modulus, point] = [n, x].map((part) => Buffer.from(part, "base64url"));
	if (kty === "RSA") return ofNumber(modulus ?? Buffer.alloc(0));
	return kty === "OKP" ? ofEdwardsPoint(point ?? Buffer.alloc(0)) : (point ?? Buffer.alloc(0)).toString("hex");
}
/**
* The same of an OpenPGP key (RFC 9580, 5.5.5): `n` of RSA, `Q` of a point (behind 0x40 for legacy Ed25519), `A` of
* Ed25519 and its like, `y` of DSA and Elgamal. Empty for what is none of these.
*/
function materialOfPacket({ keyPacket }) {
	const parts = keyPacket.publicParams ?? {};
	const part = (name) => {
		const value = Reflect.get(parts, name);
		return value instanceof Uint8Array ? Buffer.from(value) : void 0;
	};
	const number = part("n") ?? part("y");
	if (number !== void 0) return ofNumber(number);
	const [native, point] = [part("A"), part("Q")];
	if (native !== void 0) return ofEdwardsPoint(native);
	return point === void 0 ? "" : ofPoint(point);
}
function ofNumber(number) {
	return number.toString("hex").replace(/^(?:00)+/, "");
}
/** SEC 1, 2.3.3, and what OpenPGP writes before the points of other curves (RFC 9580, 11.2.2). */
function ofPoint(point) {
	switch (point[0]) {
		case 64: return ofEdwardsPoint(point.subarray(1));
		case 4: return point.subarray(1, (point.length + 1) / 2).toString("hex");
		case 2:
		case 3: return point.subarray(1).toString("hex");
		default: return point.toString("hex");
	}
}
/** RFC 8032, 5.1.2: the last bit is the sign of the other coordinate. */
function ofEdwardsPoint(point) {
	const coordinate = Buffer.from(point);
	const last = coordinate.length - 1;
	if (last >= 0) coordinate[last] = (coordinate[last] ?? 0) & 127;
	return coordinate.toString("hex");
}
// src/archive/merge-certificates.ts
/**
* Makes one certificate of all that have the same primary key, as `gpg --import` does, whichever order they stand in: all
* user IDs and subkeys, and all signatures, whoever made them. Which of these count is found out where a key is judged:
* a renewal does not take away what was signed before it, and a revocation in one of them counts.
*
* gpgv and sqv do not: gpgv takes the first certificate of a key that it meets.
*/
function mergeCertificates(certificates) {
	const [first] = certificates;
	if (first === void 0) return [];
	const openpgp = openPGPOfCertificates();
	const groups = /* @__PURE__ */ new Map();
	for (const certificate of certificates) {
		const key = identityOf(openpgp, certificate.keyPacket);
		groups.set(key, [...groups.get(key) ?? [], certificate]);
	}
	return [...groups.values()].flatMap((group) => {
		const [only] = group;
		return group.length === 1 && only !== void 0 ? [only] : [mergeGroup(openpgp, group)];
	});
}
function mergeGroup(openpgp, group) {
	const components = /* @__PURE__ */ new Map();
	for (const certificate of newestFirst(openpgp, group)) {
		let component;
		for (const packet of certificate.toPacketList()) {
			const identity = identityOf(openpgp, packet);
			if (packet instanceof openpgp.SignaturePacket) component?.signatures.set(identity, packet);
			else {
				component = components.get(identity) ?? {
					head: packet,
					signatures: /* @__PURE__ */ new Map()
				};
				components.set(identity, component);
			}
		}
	}
	const packets = new openpgp.PacketList();
	for (const { head, signatures } of components.values()) packets.push(head, ...signatures.values());
	return new openpgp.PublicKey(packets);
}
/** What the result looks like, such as which name is the first, must not depend on the order of files. */
function newestFirst(openpgp, group) {
	const sorted = group.map((certificate) => {
		const times = [...certificate.toPacketList()].filter((packet) => packet instanceof openpgp.SignaturePacket).filter(({ issuerKeyID }) => issuerKeyID.equals(certificate.getKeyID())).map(({ created }) => created?.getTime() ?? 0);
		return {
			certificate,
			latest: Math.max(0, ...times),
			bytes: hex(certificate.write())
		};
	});
	sorted.sort((a, b) => b.latest - a.latest || (a.bytes < b.bytes ? -1 : 1));
	return sorted.map(({ certificate }) => certificate);
}
/** Its bytes, with its kind in front. */
function identityOf(openpgp, packet) {
	const alone = new openpgp.PacketList();
	alone.push(packet);
	return hex(alone.write());
}
function hex(bytes) {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}
// src/package-root.ts
/** The folder that holds `keyrings/` and `package.json`: the parent of `src/`, and of the bundled `dist/`. */
const PACKAGE_ROOT = new URL("..", import.meta.url);
// src/policy/policy-files.ts
/** What comes with the program is known by its place in the package, wherever that is installed. */
const SHIPPED_FILE = "shipped:";
const filesOnDisk = filesWithin(ANYWHERE);
/** @param policy the policy itself, which the user named */
function filesWithin(places, policy) {
	return { read: async (file) => {
		if (file.startsWith("shipped:")) return await readSmall(new URL(file.slice(8), PACKAGE_ROOT));
		return await readSmall(file, file === policy ? places.openNamed : places.open);
	} };
}
/** The same files, and the SHA-256 of each that is read under its path. */
function hashedFiles(files) {
	const read = /* @__PURE__ */ new Map();
	return {
		files: { read: async (file) => {
			const bytes = await files.read(file);
			read.set(file, sha256Of(bytes));
			return bytes;
		} },
		read
	};
}
/**
* The files that a policy names, called so that no place on a machine shows: relative to the policy where they are
* below it, else by the last part of their names. Sorted, each once.
*
* @param read paths, or SHIPPED_FILE and a path, each with the SHA-256 of the bytes
* @param folder what the policy's relative names are relative to
*/
function namedFiles(read, folder) {
	const named = /* @__PURE__ */ new Map();
	for (const [file, sha256] of read) {
		const name = nameOf(file, folder);
		named.set(`${name}\n${sha256}`, {
			name,
			sha256
		});
	}
	return [...named].sort(([a], [b]) => a < b ? -1 : 1).map(([, file]) => file);
}
function nameOf(file, folder) {
	if (file.startsWith("shipped:")) return file;
	const relative = path.relative(folder, file);
	return relative.split(path.sep)[0] === ".." || path.isAbsolute(relative) ? path.basename(file) : relative;
}
/** Of all that a policy names, a keyring may be the largest. Whoever parses the others has narrower limits. */
async function readSmall(file, opened = ANYWHERE.open) {
	const bytes = await readFileUpTo(file, MAX_KEYRING, opened);
	if (bytes === void 0) throw new Error(`it is larger than ${MAX_KEYRING} bytes`);
	return bytes;
}
// src/archive/keyring.ts
/**
* The keys that an archive's release files may be signed with. Trust anchors: passed in, never fetched. Of several
* certificates of one key, in one file or in many, it makes one.
*/
var Keyring = class {
	certificates;
	only;
	#keys = /* @__PURE__ */ new Map();
	constructor(certificates, only = []) {
		this.certificates = mergeCertificates(certificates);
		this.only = only;
		for (const certificate of this.certificates) for (const key of certificate.getKeys()) {
			const id = key.getKeyID().toHex();
			const signingKey = {
				certificate,
				key,
				fingerprint: fingerprintOf(key),
				primaryFingerprint: fingerprintOf(certificate),
				material: materialOfPacket(key)
			};
			this.#keys.set(id, [...this.#keys.get(id) ?? [], signingKey]);
		}
	}
	/** The keys with this 64-bit ID (16 hex digits): more than one only where somebody made them collide. */
	withKeyId(id) {
		return this.#keys.get(id) ?? [];
	}
	/** The keys that may sign. */
	signingKeys() {
		return [...this.#keys.values()].flat().filter((key) => this.allows(key));
	}
	/** All keys of the certificates of which one may sign: who holds that one holds them. */
	holdersKeys() {
		const holders = new Set(this.signingKeys().map(({ certificate }) => certificate));
		return [...this.#keys.values()].flat().filter(({ certificate }) => holders.has(certificate));
	}
	/** Whether `Signed-By` lets this key sign. */
	allows(key) {
		if (this.only.length === 0) return true;
		return this.only.some(({ fingerprint, exact }) => fingerprint === key.fingerprint || !exact && fingerprint === key.primaryFingerprint);
	}
};
/**
* Reads the certificates of a keyring file: binary as gpg exports it, or any number of armored blocks one after
* another (the library reads only the first).
*
* @param name the file, for errors
* @throws DebproofError KEY
*/
async function readCertificates(file, name) {
	if (file.length > 8388608) throw unusable(name, `is larger than ${MAX_KEYRING} bytes`);
	const openpgp = await loadOpenPGP();
	const certificates = [];
	for (const binaryKeys of keyBlocks(file, name)) try {
		for (const key of await openpgp.readKeys({
			binaryKeys,
			config: strictConfig(openpgp)
		})) {
			if (key.isPrivate()) throw unusable(name, PRIVATE);
			certificates.push(key);
		}
	} catch (error) {
		if (error instanceof DebproofError) throw error;
		throw unusable(name, `cannot be read as OpenPGP keys (${describeError(error)})`, error);
	}
	if (certificates.length === 0) throw unusable(name, "holds no OpenPGP key");
	return certificates;
}
const PRIVATE = "holds a private key; a keyring of trusted keys must hold public keys only";
function keyBlocks(file, name) {
	const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
	if (bytes.length === 0) throw unusable(name, "is empty");
	if (bytes.subarray(8, 12).equals(Buffer.from("KBXf"))) throw unusable(name, "is a GnuPG keybox; write it with `gpg --export` instead");
	if (((bytes[0] ?? 0) & 128) !== 0) return [bytes];
	const blocks = [];
	let inside;
	for (const line of bytes.toString("latin1").split(/\r?\n/).map((text) => text.trimEnd())) if (line === "-----BEGIN PGP PRIVATE KEY BLOCK-----") throw unusable(name, PRIVATE);
	else if (line === "-----BEGIN PGP PUBLIC KEY BLOCK-----") inside = [];
	else if (line === "-----END PGP PUBLIC KEY BLOCK-----" && inside !== void 0) {
		blocks.push(dearmorKeys(inside, name));
		inside = void 0;
	} else inside?.push(line);
	if (inside !== void 0) throw unusable(name, "ends inside a key block");
	return blocks;
}
function dearmorKeys(lines, name) {
	try {
		return dearmor(lines, name);
	} catch (error) {
		throw unusable(name, `cannot be read (${describeError(error)})`, error);
	}
}
function fingerprintOf(key) {
	const fingerprint = parseFingerprint(key.getFingerprint());
	if (fingerprint === void 0) throw new DebproofError("KEY", "A key has a fingerprint of unknown form.");
	return fingerprint;
}
function unusable(name, problem, cause) {
	return new DebproofError("KEY", `The keyring ${name} ${problem}.`, { cause });
}
// src/policy/shipped-keys.ts
/** Keyrings that come with the tool, by the names that `signed-by` takes. */
const SHIPPED = { debian: "keyrings/debian.asc" };
let reading;
/** The keyrings of the shipped upstreams, by their names: always this program's own, whatever evidence brings along. */
async function shippedKeyrings() {
	reading ??= Promise.all(Object.entries(SHIPPED).map(async ([name, file]) => {
		return [name, new Keyring(await readCertificates(await filesOnDisk.read(`${SHIPPED_FILE}${file}`), file))];
	})).then((keyrings) => new Map(keyrings));
	return await reading;
}
/**
* The shipped upstream whose keys these are, every one of them: told by fingerprints, since a file may have any name.
* Undefined where any key is not that upstream's, and where there is none.
*/
async function shippedUpstreamOf(keyring) {
	const keys = keyring.signingKeys();
	if (keys.length === 0) return void 0;
	for (const [name, shipped] of await shippedKeyrings()) {
		const known = new Set(shipped.signingKeys().map(({ fingerprint }) => fingerprint));
		if (keys.every(({ primaryFingerprint }) => known.has(primaryFingerprint)) && keyring.only.every(({ fingerprint }) => known.has(fingerprint))) return name;
	}
}
export { parseReleaseFields as C, sha256Of as D, Digester as E, loadOpenPGP as S, urlBelow as T, splitClearsigned as _, readCertificates as a, STATEMENT as b, filesWithin as c, PACKAGE_ROOT as d, mergeCertificates as f, signatureBlocks as g, pairRelease as h, Keyring as i, hashedFiles as l, pairDetached as m, shippedKeyrings as n, SHIPPED_FILE as o, materialOfKey as p, shippedUpstreamOf as r, filesOnDisk as s, SHIPPED as t, namedFiles as u, splitInRelease as v, isPathBelow as w, verifySignatures as x, verifyRelease as y };
