import { t as DebproofError } from "./errors.js";
import { n as exitCodeOf, t as EXIT } from "./exit-code.js";
import { f as parseAt, l as COMMON_OPTIONS, u as JSON_OPTION } from "./places.js";
import { s as filesOnDisk } from "./shipped-keys.js";
import { t as TrustAnchors } from "./trust.js";
import { n as recheck } from "./recheck.js";
import { N as headline } from "./surroundings.js";
import { n as visibleLine, t as visible } from "./visible.js";
import { t as ProgressLine } from "./progress-line.js";
// src/commands/recheck.ts
/** Problems that are shown without --verbose. */
const SHOWN = 20;
const recheckCommand = {
	name: "recheck",
	usage: "DIR",
	title: "derive every verdict of a report again from its evidence, offline, and check its signature",
	description: "Reads an output folder of `verify` or `merge`: checks the signature of the report, hashes all files of evidence/,\nand derives every verdict again from them alone. Needs no policy and no network.\n\nExit codes: 0 all agree and the report says pass, 1 a report or file was changed, a verdict differs, or all agree\nand the report says fail, 2 the command is wrong, 3 all agree and the report says undecided.",
	options: [
		{
			name: "signed-by",
			value: "KEYRING",
			multiple: true,
			description: "Who may have signed the report: a keyring file; fingerprints beside it restrict it."
		},
		{
			name: "unsigned",
			description: "Take a report that nobody signed; without --signed-by this must be said."
		},
		{
			name: "policy",
			value: "FILE",
			description: "Your own copy of the policy, beside the keys that it names: those that the report was made with must be these."
		},
		{
			name: "at",
			value: "TIME",
			description: "The clock that the signature of the report is judged by, in RFC 3339. The default is now."
		},
		JSON_OPTION,
		...COMMON_OPTIONS
	],
	positionals: {
		min: 1,
		max: 1
	},
	async run(given, terminal) {
		const [folder = ""] = given.positionals;
		const signedBy = given.texts("signed-by");
		const unsigned = given.flag("unsigned");
		if (signedBy.length === 0 && !unsigned) throw new DebproofError("USAGE", "recheck: --signed-by is missing: the keyring file of who signs your reports. For one without a signature say --unsigned.");
		if (signedBy.length > 0 && unsigned) throw new DebproofError("USAGE", "recheck: --unsigned contradicts --signed-by.");
		const anchors = new TrustAnchors(process.cwd(), filesOnDisk);
		const signers = unsigned ? {} : { keyring: await anchors.keyring(signedBy, "--signed-by") };
		const watcher = new ProgressLine(terminal, {
			quiet: given.flag("quiet"),
			verbose: given.flag("verbose")
		});
		const now = parseAt(given.text("at"), /* @__PURE__ */ new Date());
		const policy = given.text("policy");
		const own = policy === void 0 ? {} : { policy };
		const result = await recheck({
			folder,
			...signers,
			...own,
			now,
			progress: watcher.progress
		}).finally(() => watcher.end());
		if (given.flag("json")) terminal.out(`${JSON.stringify(asJson(result), null, 1)}\n`);
		else terminal.out(asText(result, given.flag("quiet"), given.flag("verbose")));
		return result.problems.length > 0 ? EXIT.fail : exitCodeOf(result.report.predicate.verdict);
	}
};
function asJson({ report, signers, signedBy, problems, remarks, own }) {
	const { verdict, policy, counts } = report.predicate;
	const keys = keysOf(report).map((key) => {
		const name = own?.names.get(key.key);
		return name === void 0 ? key : {
			...key,
			name
		};
	});
	const compared = own === void 0 ? {} : { compared: own.files };
	return {
		agrees: problems.length === 0,
		verdict,
		counts,
		policy,
		...compared,
		signers,
		signedBy,
		keys,
		problems,
		remarks
	};
}
function asText(result, quiet, verbose) {
	const { report, problems, remarks, signedBy, own } = result;
	const { packages, policy } = report.predicate;
	const shown = problems.slice(0, verbose ? problems.length : SHOWN);
	const more = problems.length - shown.length;
	const head = problems.length > 0 ? `REFUSED: the report does not follow from its evidence: ${problems.length} problem${problems.length === 1 ? "" : "s"}.` : `AGREED: ${packages.length === 1 ? "the verdict follows" : `all ${packages.length} verdicts follow`} from the evidence. The report says: ${headline(report)}`;
	if (quiet) return `${visible(head)}\n`;
	return [
		head,
		...shown.map((problem) => `  ${problem}`),
		...more > 0 ? [`  … and ${more} more (--verbose)`] : [],
		...problems.length > 0 ? ["", "Do not rely on it: get the report and its evidence again, from whoever signed it."] : [
			"",
			...own === void 0 ? ["Compare these with the keys and the policy that you know:"] : [`Compared with: ${own.files.join(", ")}: the report was made with the same.`],
			...signedBy.length === 0 ? ["Signed by:     nobody"] : [],
			...signedBy.map((signer) => `Signed by:     ${describeSigner(signer)}`),
			`Under policy:  sha256:${policy.sha256}`,
			`Judged at:     ${report.predicate.at}${report.predicate.release === null ? "" : `, release ${report.predicate.release}`}`,
			...trustedKeys(result),
			...remarks.map((remark) => `Not derived:   ${remark}`)
		],
		""
	].map((line) => visibleLine(line)).join("\n");
}
/** A policy may name anybody's keys: whoever reads this must know them, and what they were trusted for. */
function trustedKeys({ report, own }) {
	return keysOf(report).map(({ key, roles }) => {
		const name = own?.names.get(key);
		return `Rests on key:  ${key}${name === void 0 || name === "" ? "" : ` ${name}`} (${roles.join(", ")})`;
	});
}
function describeSigner({ fingerprint, name, hasExpired }) {
	return `${fingerprint}${name === "" ? "" : ` ${name}`}${hasExpired ? ", a key that has expired since" : ""}`;
}
/** The keys that signed what the verdicts rest on, and what the policy trusts them for. */
function keysOf({ predicate }) {
	return [...new Set(Object.values(predicate.evidence).flatMap(({ signers }) => signers))].sort().map((key) => {
		const roles = predicate.archives.flatMap(({ name, upstreams = [], rebuilders }) => [...upstreams.some((upstream) => upstream.keys.includes(key)) ? [`upstream of ${name}`] : [], ...(rebuilders?.parties ?? []).flatMap((party) => party.keys.includes(key) ? [`rebuilder ${party.name} of ${name}`] : [])]);
		return {
			key,
			roles: roles.length > 0 ? roles : ["an archive as it was served"]
		};
	});
}
export { recheckCommand };
