import { U as MAX_KEYRING, r as describeError, t as DebproofError } from "./errors.js";
import { n as parseFingerprint, s as refuseKernelFile } from "./identity.js";
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
	if (separator === -1) throw malformed(what, "has no empty line after the armor headers");
	for (const header of lines.slice(0, separator)) if (!/^[A-Za-z][A-Za-z0-9-]*: [\x20-\x7e]*$/.test(header)) throw malformed(what, `has a line that is no armor header: ${JSON.stringify(header.slice(0, 80))}`);
	const body = lines.slice(separator + 1);
	const last = body.at(-1);
	const checksum = last !== void 0 && /^=[A-Za-z0-9+/]{4}$/.test(last) ? last.slice(1) : void 0;
	const base64 = (checksum === void 0 ? body : body.slice(0, -1)).join("");
	if (body.includes("") || base64 === "" || base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw malformed(what, "is not valid base64");
	const bytes = Buffer.from(base64, "base64");
	if (checksum !== void 0 && Buffer.from(checksum, "base64").readUIntBE(0, 3) !== crc24(bytes)) throw malformed(what, "does not match its own checksum");
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
function malformed(what, problem) {
	return new DebproofError("RELEASE_MALFORMED", `The armor of ${what} ${problem}.`);
}
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
				material: materialOf(key)
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
/** RFC 9580, 5.5.5: `n` of RSA, `Q` of an EC point (behind 0x40 for legacy Ed25519), `A` of Ed25519. */
function materialOf({ keyPacket }) {
	const { publicParams } = keyPacket;
	const point = [
		"n",
		"Q",
		"A"
	].map((name) => Reflect.get(publicParams ?? {}, name)).find(Boolean);
	if (!(point instanceof Uint8Array)) return "";
	const hex = Buffer.from(point).toString("hex");
	return point.length === 33 && hex.startsWith("40") ? hex.slice(2) : hex;
}
function unusable(name, problem, cause) {
	return new DebproofError("KEY", `The keyring ${name} ${problem}.`, { cause });
}
export { END_SIGNATURE as a, strictConfig as c, BEGIN_SIGNATURE as i, Digester as l, readCertificates as n, dearmor as o, readFileUpTo as r, loadOpenPGP as s, Keyring as t, sha256Of as u };
