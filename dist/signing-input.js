import { K as MAX_KEYRING, t as DebproofError } from "./errors.js";
import { t as readFileUpTo } from "./read-file-up-to.js";
import { stat } from "node:fs/promises";
// src/options/signing-input.ts
const ARMOR = "-----BEGIN PGP";
/**
* The key of `--signing-key`, else that in DEBPROOF_SIGNING_KEY; undefined where neither is given. The variable holds
* the key's text, or the name of a file with it, as a variable of GitLab's type "file" does.
*
* @throws DebproofError KEY
*/
async function readSigningInput(file, environment) {
	const passphrase = environment["DEBPROOF_SIGNING_PASSPHRASE"];
	const unlock = passphrase === void 0 ? {} : { passphrase };
	if (file !== void 0) return {
		armored: await readKeyFile(file, `The signing key ${file}`),
		source: file,
		...unlock
	};
	const given = environment["DEBPROOF_SIGNING_KEY"];
	if (given === void 0 || given.trim() === "") return void 0;
	const source = "DEBPROOF_SIGNING_KEY";
	if (given.includes(ARMOR)) return {
		armored: given,
		source,
		...unlock
	};
	if (given.includes("\n") || !await stat(given).then((found) => found.isFile()).catch(() => false)) throw new DebproofError("KEY", `${source} is neither an armored private key (${ARMOR} PRIVATE KEY BLOCK-----) nor the name of a file with one.`);
	return {
		armored: await readKeyFile(given, `The file that ${source} names`),
		source,
		...unlock
	};
}
async function readKeyFile(file, what) {
	try {
		const bytes = await readFileUpTo(file, MAX_KEYRING);
		if (bytes === void 0) throw new Error(`it is larger than ${MAX_KEYRING} bytes`);
		return bytes.toString("utf8");
	} catch (error) {
		throw new DebproofError("KEY", `${what} cannot be read`, { cause: error });
	}
}
export { readSigningInput as t };
