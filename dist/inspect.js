import { D as sha256Of, h as pairRelease, s as filesOnDisk, v as splitInRelease, y as verifyRelease } from "./shipped-keys.js";
import { i as isDebproofError, r as describeError, t as DebproofError, vt as MAX_RELEASE_FILE } from "./errors.js";
import { t as EXIT } from "./exit-code.js";
import { f as parseAt, l as COMMON_OPTIONS, u as JSON_OPTION } from "./places.js";
import { t as TrustAnchors } from "./trust.js";
import { t as readFileUpTo } from "./read-file-up-to.js";
import { t as visible } from "./visible.js";
import path from "node:path";
// src/commands/inspect.ts
const inspectCommand = {
	name: "inspect",
	usage: "FILE",
	title: "judge one release file: accepted or refused and why, signers, dates",
	description: "Reads an InRelease, or a Release with its detached signature, and judges it as `verify` does.\n\nExit codes: 0 accepted, 1 refused, 2 the command is wrong.",
	options: [
		{
			name: "signature",
			value: "FILE",
			description: "The Release.gpg that belongs to a Release."
		},
		{
			name: "signed-by",
			value: "KEYRING",
			multiple: true,
			description: "A keyring file or `debian` for the shipped one; fingerprints beside it restrict it. Required."
		},
		{
			name: "suite",
			value: "NAME",
			description: "Refuse a release file of any other suite or codename."
		},
		{
			name: "at",
			value: "TIME",
			description: "The clock that signatures and dates are judged by, in RFC 3339. The default is now."
		},
		JSON_OPTION,
		...COMMON_OPTIONS
	],
	positionals: {
		min: 1,
		max: 1
	},
	async run(given, terminal) {
		const [file = ""] = given.positionals;
		const signedBy = given.texts("signed-by");
		if (signedBy.length === 0) throw new DebproofError("USAGE", "inspect: --signed-by is missing: a file, or `debian` for the shipped keyring.");
		const keyring = await new TrustAnchors(process.cwd(), filesOnDisk).keyring(signedBy, "--signed-by");
		const at = parseAt(given.text("at"), /* @__PURE__ */ new Date());
		const suite = given.text("suite");
		const signature = given.text("signature");
		try {
			const bytes = await readBytes(file);
			const signatureBytes = signature === void 0 ? void 0 : await readBytes(signature);
			const release = await verifyRelease(split(bytes, signatureBytes), {
				keyring,
				at,
				...suite === void 0 ? {} : { suite }
			});
			terminal.out(accepted(given, file, bytes, release, at));
			return EXIT.pass;
		} catch (error) {
			if (!isDebproofError(error) || error.code === "USAGE") throw error;
			const reason = describeError(error);
			terminal.out(given.flag("json") ? `${JSON.stringify({
				verdict: "refused",
				code: error.code,
				reason,
				at: at.toISOString()
			}, null, 1)}\n` : `${oneLine(`REFUSED: ${path.basename(file)}: ${reason}`)}\n`);
			return EXIT.fail;
		}
	}
};
function split(file, signature) {
	return signature === void 0 ? splitInRelease(file) : pairRelease(file, signature);
}
async function readBytes(file) {
	let bytes;
	try {
		bytes = await readFileUpTo(file, MAX_RELEASE_FILE);
	} catch (error) {
		throw new DebproofError("USAGE", `${file} cannot be read`, { cause: error });
	}
	if (bytes !== void 0) return bytes;
	throw new DebproofError("TOO_LARGE", `${file} is larger than the ${MAX_RELEASE_FILE} bytes that a release file may have.`);
}
function accepted(given, file, bytes, release, at) {
	const facts = {
		codename: release.codename ?? null,
		suite: release.suite ?? null,
		date: release.date.toISOString(),
		validUntil: release.validUntil?.toISOString() ?? null,
		sha256: sha256Of(bytes),
		files: release.entries.size,
		acquireByHash: release.acquireByHash,
		signers: release.signers.map(({ primaryFingerprint, fingerprint, name, signedAt }) => {
			return {
				primaryFingerprint,
				fingerprint,
				name,
				signedAt: signedAt.toISOString()
			};
		})
	};
	if (given.flag("json")) return `${JSON.stringify({
		verdict: "accepted",
		at: at.toISOString(),
		...facts
	}, null, 1)}\n`;
	const head = `ACCEPTED: ${path.basename(file)} is a release file of ${facts.codename ?? facts.suite ?? "no suite"}`;
	if (given.flag("quiet")) return `${oneLine(head)}\n`;
	return [
		head,
		`  Suite:       ${facts.suite ?? "-"}`,
		`  Codename:    ${facts.codename ?? "-"}`,
		`  Date:        ${facts.date}`,
		`  Valid until: ${facts.validUntil ?? "not stated"}`,
		`  Judged at:   ${at.toISOString()}`,
		`  Files:       ${facts.files}${facts.acquireByHash ? ", by hash" : ""}`,
		`  SHA-256:     ${facts.sha256}`,
		...facts.signers.flatMap((signer) => [`  Signed by:   ${signer.primaryFingerprint} ${signer.name}`, `               at ${signer.signedAt} with ${signer.fingerprint}`]),
		""
	].map(oneLine).join("\n");
}
/** Fields may be folded: a line of theirs must not pass for one of ours, or for a command to a CI that reads the log. */
function oneLine(text) {
	return visible(text).replaceAll("\n", " ");
}
export { inspectCommand };
