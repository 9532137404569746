import { W as MAX_KEYRING, mt as MAX_RELEASE_LINE, pt as MAX_RELEASE_FILE, r as describeError, t as DebproofError } from "./errors.js";
import { i as parseFingerprint, l as refuseKernelFile, n as trimBlanksAtEnd } from "./deb822.js";
import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
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
// src/archive/openpgp-config.ts
async function loadOpenPGP() {
	if (process.env["NODE_ENV"] === "development") delete process.env["NODE_ENV"];
	return await import("./openpgp.js");
}
/**
* What makes a signature acceptable, passed on each call and never set globally. Nothing here is looser than
* apt 2.6 with gpgv, apt 3 with gpgv and apt 3 with sqv: whatever passes, each of them would take.
*/
function strictConfig({ enums }) {
	return {
		rejectHashAlgorithms: /* @__PURE__ */ new Set([
			enums.hash.md5,
			enums.hash.ripemd,
			enums.hash.sha1
		]),
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
// src/archive/signature-packets.ts
/** RFC 9580, 5.2.3.7: the type of a notation, without the bit that makes it critical. */
const NOTATION = 20;
/**
* RFC 9580, 4.2: walks the packets of a signature block, all of which must be signatures (tag 2) of definite length,
* and the subpackets of each. Nobody signs where those end, the library reads past it, and gpgv and sqv take such a
* packet for none.
*
* @throws DebproofError RELEASE_MALFORMED
*/
function checkSignaturePackets(block) {
	const reader = new Reader(block, "A signature packet is cut short.");
	while (!reader.isAtEnd()) {
		const header = reader.number(1);
		const isNewFormat = (header & 64) !== 0;
		const tag = isNewFormat ? header & 63 : header >> 2 & 15;
		if ((header & 128) === 0 || tag !== 2) throw malformed$2("There is something else than signatures in a signature block.");
		checkSignature(reader.take(isNewFormat ? newLength(reader) : oldLength(reader, header & 3)));
	}
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
/** RFC 9580, 5.2.3: version, type and two algorithms, then the subpackets that are signed and those that are not. */
function checkSignature(body) {
	const reader = new Reader(body, "The subpackets of a signature end elsewhere than it says.");
	const version = reader.number(1);
	if (version !== 4 && version !== 6) return;
	reader.take(3);
	for (let area = 0; area < 2; area++) checkSubpackets(reader.take(reader.number(version === 6 ? 4 : 2)));
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
// src/archive/signature.ts
/** For what is served now. */
const PRESENT = {
	mayBeYounger: false,
	mayBeRenewed: false
};
/** For what was kept: an old suite is signed anew when a later release comes out, its contents unchanged. */
const PAST = {
	mayBeYounger: true,
	mayBeRenewed: false
};
/** For a rebuilder's statement: that an old package was rebuilt may be said any time later. */
const STATEMENT = {
	mayBeYounger: true,
	mayBeRenewed: true
};
/**
* Verifies the signatures over a release file with the clock at `at`.
*
* The rule is the strictest of apt's three (2.6 with gpgv, 3 with gpgv, 3 with sqv): a signature of a trusted key
* that does not fit the text refuses the file, whatever stands beside it (gpgv); one that is expired, too weak or
* by an unknown key is not counted; one must count, and one in the first block (sqv reads that block alone).
*
* @throws DebproofError RELEASE_UNTRUSTED, RELEASE_MALFORMED
*/
async function verifySignatures({ text, blocks }, keyring, at, { mayBeYounger, mayBeRenewed } = PRESENT) {
	const openpgp = await loadOpenPGP();
	const signers = [];
	const refusals = [];
	for (const [index, block] of blocks.entries()) {
		const packets = await readSignaturePackets(openpgp, block);
		const counted = signers.length;
		for (const packet of packets) {
			const judgement = await judgeSignature(openpgp, text, packet, keyring, mayBeYounger && packet.created !== null && packet.created > at ? packet.created : at, mayBeRenewed);
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
/** Signature packets and nothing else: the library drops what it does not know without a word. */
async function readSignaturePackets(openpgp, block) {
	checkSignaturePackets(block);
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
	for (const packet of packets) {
		if (!(packet instanceof openpgp.SignaturePacket) || packet.signatureType !== 0 && packet.signatureType !== 1) throw new DebproofError("RELEASE_MALFORMED", "A signature is of a kind that does not sign documents.");
		if (packet.hashAlgorithm === null || !KNOWN_DIGESTS.has(packet.hashAlgorithm)) throw new DebproofError("RELEASE_MALFORMED", "A signature is over a digest that gpgv does not know.");
	}
	return packets;
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
			signedAt: packet.created ?? at,
			...await keyExpiry(openpgp, key, at)
		}
	};
}
/** When the key ends by the self-signatures of `at`, or the certificate that it belongs to. */
async function keyExpiry(openpgp, { key, certificate }, at) {
	const full = {
		...openpgp.config,
		...strictConfig(openpgp)
	};
	const ends = [await certificate.getExpirationTime(void 0, full)];
	if ("mainKey" in key) ends.push(await key.getExpirationTime(at, full));
	const times = ends.flatMap((end) => end instanceof Date ? [end.getTime()] : []);
	return times.length === 0 ? {} : { expires: new Date(Math.min(...times)) };
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
/**
* The blocks of a detached, armored signature over bytes that need not be text.
*
* @param name the signature's file, for errors
* @throws DebproofError RELEASE_MALFORMED, TOO_LARGE
*/
function signatureBlocks(signature, name) {
	return splitBlocks(signedLines(signature, name), name);
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
// src/package-root.ts
/** The folder that holds `keyrings/` and `package.json`: the parent of `src/`, and of the bundled `dist/`. */
const PACKAGE_ROOT = new URL("..", import.meta.url);
// src/read-file-up-to.ts
/**
* Reads a whole file, of whatever kind: a pipe or a device does not say its size, and may have no end.
*
* @param limit bytes that it may have
* @returns undefined where it has more
* @throws as node:fs does, and for what the kernel makes up
*/
async function readFileUpTo(file, limit) {
	const handle = await open(file);
	try {
		await refuseKernelFile(handle);
		const chunks = [];
		for (let size = 0;;) {
			const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, null);
			if (bytesRead === 0) return Buffer.concat(chunks, size);
			chunks.push(buffer.subarray(0, bytesRead));
			size += bytesRead;
			if (size > limit) return void 0;
		}
	} finally {
		await handle.close();
	}
}
const CHUNK = 65536;
// src/policy/policy-files.ts
/** What comes with the program is known by its place in the package, wherever that is installed. */
const SHIPPED_FILE = "shipped:";
const filesOnDisk = { read: async (file) => {
	if (file.startsWith("shipped:")) return await readSmall(new URL(file.slice(8), PACKAGE_ROOT));
	await refuseKernelFile(file);
	return await readSmall(file);
} };
/** Of all that a policy names, a keyring may be the largest. Whoever parses the others has narrower limits. */
async function readSmall(file) {
	const bytes = await readFileUpTo(file, MAX_KEYRING);
	if (bytes === void 0) throw new Error(`it is larger than ${MAX_KEYRING} bytes`);
	return bytes;
}
// src/archive/keyring.ts
/** The keys that an archive's release files may be signed with. Trust anchors: passed in, never fetched. */
var Keyring = class {
	certificates;
	only;
	#keys = /* @__PURE__ */ new Map();
	constructor(certificates, only = []) {
		const unique = new Map(certificates.map((certificate) => [certificate.getFingerprint(), certificate]));
		this.certificates = [...unique.values()];
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
export { sha256Of as S, PRESENT as _, readCertificates as a, loadOpenPGP as b, readFileUpTo as c, pairDetached as d, pairRelease as f, PAST as g, splitInRelease as h, Keyring as i, PACKAGE_ROOT as l, splitClearsigned as m, shippedKeyrings as n, SHIPPED_FILE as o, signatureBlocks as p, shippedUpstreamOf as r, filesOnDisk as s, SHIPPED as t, materialOfKey as u, STATEMENT as v, Digester as x, verifySignatures as y };
