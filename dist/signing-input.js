import { t as DebproofError } from "./errors.js";
import { readFile } from "node:fs/promises";
// src/commands/signing-input.ts
/**
* The key of `--signing-key`, else that in DEBPROOF_SIGNING_KEY; undefined where neither is given.
* @throws DebproofError KEY
*/
async function readSigningInput(file, environment) {
	const passphrase = environment["DEBPROOF_SIGNING_PASSPHRASE"];
	const unlock = passphrase === void 0 ? {} : { passphrase };
	if (file !== void 0) try {
		return {
			armored: await readFile(file, "utf8"),
			source: file,
			...unlock
		};
	} catch (error) {
		throw new DebproofError("KEY", `The signing key ${file} cannot be read`, { cause: error });
	}
	const armored = environment["DEBPROOF_SIGNING_KEY"];
	return armored === void 0 || armored === "" ? void 0 : {
		armored,
		source: "DEBPROOF_SIGNING_KEY",
		...unlock
	};
}
export { readSigningInput as t };
