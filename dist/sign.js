import { S as loadOpenPGP } from "./shipped-keys.js";
import { r as describeError, t as DebproofError } from "./errors.js";
// src/report/sign.ts
const COMMAND_LINE_ADVICE = "give --signing-key FILE or DEBPROOF_SIGNING_KEY (a CI gives protected variables to protected branches and tags alone), or say --unsigned";
/**
* The key for a report; undefined for one that shall have no signature, which must be said.
* @param advice what to do where it is missing
* @throws DebproofError KEY, USAGE
*/
async function readReportKey(signing, unsigned, advice = COMMAND_LINE_ADVICE) {
	if (signing === void 0) {
		if (unsigned !== void 0) return void 0;
		throw new DebproofError("KEY", `There is no key to sign the report with: ${advice}.`);
	}
	if (unsigned === "requested") throw new DebproofError("USAGE", "--unsigned contradicts the signing key that was given.");
	return await readSigningKey(signing.armored, signing.passphrase, signing.source);
}
/**
* Reads an armored private key and unlocks it.
*
* @param source names where it came from, for errors; never the key itself
* @throws DebproofError KEY
*/
async function readSigningKey(armored, passphrase, source) {
	const openpgp = await loadOpenPGP();
	const key = await readPrivateKey(armored, passphrase, source);
	return {
		fingerprint: key.getFingerprint().toUpperCase(),
		secrets: [...privateLines(armored, key.toPublic().write()), ...longPassphrase(passphrase)],
		sign: async (bytes) => {
			const signature = await openpgp.sign({
				message: await openpgp.createMessage({ binary: bytes }),
				signingKeys: key,
				detached: true,
				config: { nonDeterministicSignaturesViaNotation: false }
			});
			await checkSignature(signature, bytes, key, source);
			return signature;
		},
		forget: () => forgetPrivateHalf(key)
	};
}
/** A clock that is far off makes signatures that nobody can check, for their time has 32 bits. @throws DebproofError KEY */
async function checkSignature(armored, bytes, key, source) {
	const openpgp = await loadOpenPGP();
	const { signatures } = await openpgp.verify({
		message: await openpgp.createMessage({ binary: bytes }),
		signature: await openpgp.readSignature({ armoredSignature: armored }),
		verificationKeys: key.toPublic()
	});
	try {
		if (await signatures[0]?.verified !== true) throw new Error("there is no signature");
	} catch (error) {
		throw unusable(source, "makes no signature that holds: the clock of this machine may be wrong", error);
	}
}
/**
* The lines of an armored private key that no copy of its public half has. An archive may be signed with the same key,
* and of an RSA key both halves begin alike, line by line, as gpg writes them.
*/
function privateLines(armored, publicHalf) {
	const known = Buffer.from(publicHalf);
	return armored.split(/\r?\n/).map((line) => line.trim()).filter((line) => /^[A-Za-z0-9+/]{40,}={0,2}$/.test(line) && !known.includes(Buffer.from(line, "base64")));
}
/** A short one may stand anywhere by chance. */
function longPassphrase(passphrase = "") {
	return passphrase.length >= 12 ? [passphrase] : [];
}
/** The same as the library has it, unlocked and able to sign. @throws DebproofError KEY */
async function readPrivateKey(armored, passphrase, source) {
	const openpgp = await loadOpenPGP();
	if (armored.includes("-----BEGIN PGP PUBLIC KEY BLOCK-----")) throw unusable(source, "is a public key; the private key is needed: gpg --armor --export-secret-keys KEYID");
	let key;
	try {
		key = await openpgp.readPrivateKey({ armoredKey: armored });
	} catch (error) {
		const hint = armored.trim().includes("\n") ? "" : "; it is to be the whole text, with its line breaks";
		throw unusable(source, `cannot be read as an armored OpenPGP private key (${describeError(error)})${hint}`, error);
	}
	key = await unlock(key, passphrase, source);
	try {
		await key.getSigningKey();
	} catch (error) {
		throw unusable(source, `cannot sign (${describeError(error)})`, error);
	}
	return key;
}
/** The library overwrites the numbers that make up the key; its types do not know that it does. */
function forgetPrivateHalf(key) {
	for (const { keyPacket } of key.getKeys()) {
		if (!keyPacket.isDecrypted()) continue;
		Reflect.apply(Reflect.get(keyPacket, "clearPrivateParams"), keyPacket, []);
	}
}
async function unlock(key, passphrase, source) {
	if (key.isDecrypted()) return key;
	if (passphrase === void 0 || passphrase === "") throw unusable(source, "is encrypted; give its passphrase in DEBPROOF_SIGNING_PASSPHRASE");
	const openpgp = await loadOpenPGP();
	try {
		return await openpgp.decryptKey({
			privateKey: key,
			passphrase
		});
	} catch (error) {
		throw unusable(source, `cannot be unlocked with this passphrase (${describeError(error)})`, error);
	}
}
function unusable(source, problem, cause) {
	return new DebproofError("KEY", `The signing key from ${source} ${problem}.`, { cause });
}
export { readPrivateKey as n, readReportKey as r, forgetPrivateHalf as t };
