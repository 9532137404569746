import { a as parseFingerprint } from "./deb822.js";
import { a as readCertificates, i as Keyring, n as shippedKeyrings, o as SHIPPED_FILE, t as SHIPPED } from "./shipped-keys.js";
import { a as systemErrorCode, t as DebproofError } from "./errors.js";
import { t as closest } from "./spelling.js";
import path from "node:path";
// src/policy/trust.ts
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
			reading = shipped === void 0 ? readKeyringFile(this.#files, file, name, where) : readShipped(this.#files, file, name);
			this.#read.set(file, reading);
		}
		return await reading;
	}
};
/** Parsed once in a process, whoever asks; read here, so that a run keeps it among its inputs. */
async function readShipped(files, file, name) {
	await files.read(file);
	return [...(await shippedKeyrings()).get(name)?.certificates ?? []];
}
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
export { TrustAnchors as t };
