import { U as MAX_KEYRING, a as systemErrorCode, dt as MAX_RELEASE_FILE, ft as MAX_RELEASE_LINE, r as describeError, t as DebproofError } from "./errors.js";
import { n as parseFingerprint, s as refuseKernelFile } from "./identity.js";
import { n as trimBlanksAtEnd } from "./deb822.js";
import { a as END_SIGNATURE, c as strictConfig, i as BEGIN_SIGNATURE, n as readCertificates, o as dearmor, r as readFileUpTo, s as loadOpenPGP, t as Keyring } from "./keyring.js";
import { t as closest } from "./spelling.js";
import path from "node:path";
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
		if ((header & 128) === 0 || tag !== 2) throw malformed$1("There is something else than signatures in a signature block.");
		checkSignature(reader.take(isNewFormat ? newLength(reader) : oldLength(reader, header & 3)));
	}
}
function newLength(reader) {
	const first = reader.number(1);
	if (first < 192) return first;
	if (first < 224) return (first - 192) * 256 + reader.number(1) + 192;
	if (first === 255) return reader.number(4);
	throw malformed$1("A signature packet has no definite length.");
}
function oldLength(reader, lengthType) {
	if (lengthType === 3) throw malformed$1("A signature packet has no definite length.");
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
		if (!subpacket.isAtEnd()) throw malformed$1("A signature has a notation of another length than it says.");
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
		if (taken.length !== length) throw malformed$1(this.#whenShort);
		this.#position += length;
		return taken;
	}
	/** Big-endian. */
	number(length) {
		return this.take(length).reduce((value, byte) => value * 256 + byte, 0);
	}
};
function malformed$1(problem) {
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
// src/package-root.ts
/** The folder that holds `keyrings/` and `package.json`: the parent of `src/`, and of the bundled `dist/`. */
const PACKAGE_ROOT = new URL("..", import.meta.url);
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
// src/policy/trust.ts
/** Keyrings that come with the tool, by the names that `signed-by` takes. */
const SHIPPED = { debian: "keyrings/debian.asc" };
/** Reads each keyring once, however many archives name it. */
var TrustAnchors = class {
	#folder;
	#files;
	#read = /* @__PURE__ */ new Map();
	/** @param folder what file names are relative to */
	constructor(folder, files) {
		this.#folder = folder;
		this.#files = files;
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
		const file = shipped === void 0 ? path.resolve(this.#folder, name) : `${SHIPPED_FILE}${shipped}`;
		let reading = this.#read.get(file);
		if (reading === void 0) {
			reading = readKeyringFile(this.#files, file, name, where);
			this.#read.set(file, reading);
		}
		return await reading;
	}
};
async function readKeyringFile(files, file, name, where) {
	let bytes;
	try {
		bytes = await files.read(file);
	} catch (error) {
		const suggestion = name.includes("/") || name.includes(".") ? void 0 : closest(name, Object.keys(SHIPPED));
		const advice = suggestion === void 0 ? "" : ` Did you mean the shipped keyring ${suggestion}?`;
		const problem = systemErrorCode(error) === "ENOENT" ? "does not exist" : "cannot be read";
		throw new DebproofError("KEY", `${where}: the keyring ${file} ${problem}.${advice}`, { cause: error });
	}
	return await readCertificates(bytes, file);
}
export { pairDetached as a, splitClearsigned as c, PRESENT as d, STATEMENT as f, PACKAGE_ROOT as i, splitInRelease as l, SHIPPED_FILE as n, pairRelease as o, verifySignatures as p, filesOnDisk as r, signatureBlocks as s, TrustAnchors as t, PAST as u };
