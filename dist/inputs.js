import { r as describeError, rt as MAX_OVERHEARD, t as DebproofError } from "./errors.js";
import { n as visibleLine, t as visible } from "./visible.js";
import { a as getMultilineInput, b as summary, c as isDebug, d as setFailed, f as setOutput, h as warning, i as getInput, l as notice$1, m as startGroup, n as endGroup, o as getState, p as setSecret, r as error, s as info, t as debug$1, u as saveState } from "./core.js";
import { A as string, D as safeParse, t as array, y as object } from "./dist.js";
import { o as adoptContent, s as gatherContent, t as VERIFY_OPTIONS } from "./verify-options.js";
import { n as detectPlatform, t as policyPlaces } from "./policy-places.js";
import { n as secretsIn } from "./job-secrets.js";
import { t as readRunOptions } from "./run-options.js";
import { createHash } from "node:crypto";
import path from "node:path";
import { mkdtemp, rm } from "node:fs/promises";
import { promisify } from "node:util";
import { execFile } from "node:child_process";
// src/ci/job-log.ts
/**
* The one writer of the action: what it says in the log, in annotations and in the job summary. All of it is made
* visible here, so that no text of a policy, an archive or a server can give GitHub's runner a command.
*/
const jobLog = {
	info: (text) => info(visible(text)),
	/** A step of the run, in one line. */
	step: (text) => info(`${visibleLine(text)} …`),
	debug: (text) => debug$1(visible(text)),
	isDebug: () => isDebug(),
	warning: (text) => warning(visible(text)),
	notice: (text) => notice$1(visible(text), TITLED),
	error: (text, title) => error(visible(text), { title: visibleLine(title) }),
	/** An error, which fails the step too. */
	setFailed: (text) => setFailed(visible(text)),
	startGroup: (name) => startGroup(visibleLine(name)),
	endGroup: () => endGroup(),
	/** Markdown, in which foreign text was escaped already. */
	summary: async (...lines) => {
		for (const line of lines) summary.addRaw(visible(line)).addEOL();
		await summary.write();
	},
	/** The runner reads an output between lines that nobody can guess, so that it may hold any text. */
	setOutput: (name, value) => setOutput(name, value)
};
const TITLED = { title: "debproof" };
// src/ci/overhear.ts
/**
* Runs code of a library that writes to the log what it likes, and collects that instead of showing it: there a CI takes
* lines for commands, and a warning for each try is no help to anybody. Of very much, the beginning is kept.
*
* @throws whatever `action` throws
*/
async function overhear(action) {
	const parts = [];
	let size = 0;
	const streams = [process.stdout, process.stderr].map((stream) => ({
		stream,
		write: stream.write
	}));
	for (const { stream } of streams) stream.write = (chunk, ...rest) => {
		const text = typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8");
		if (size < 65536) parts.push(text.slice(0, MAX_OVERHEARD - size));
		size += text.length;
		const done = rest.at(-1);
		if (typeof done === "function") done();
		return true;
	};
	try {
		return {
			result: await action(),
			text: parts.join("")
		};
	} finally {
		for (const { stream, write } of streams) stream.write = write;
	}
}
/** What was warned of in a collected text, or called an error, as GitHub's toolkit writes it. */
function complaintIn(text) {
	const [, message] = /^::(?:warning|error)(?: [^:]*)?::(.*)$/m.exec(text) ?? [];
	return message?.replaceAll("%0D", "").replaceAll("%0A", " ").replaceAll("%25", "%");
}
// src/ci/cache-service.ts
/**
* GitHub's cache service between runs: content under its SHA-256 and nothing else, of one run in each entry.
*
* Whoever can write the cache of a repository writes what is unpacked here, so nothing of it is believed. Its archive
* is unpacked into a folder of its own, whatever paths it names; of that, files whose bytes have the hash that is their
* name are taken, and the rest is thrown away; and the run hashes each of them again when it uses it. What a URL gave
* is not kept there: a name is not content.
*/
/** What the main step leaves for the one after the job. */
const savedState = object({
	folder: string(),
	scope: string(),
	/** The entry that was restored. */
	matched: string(),
	hashes: array(string())
});
/** Entries of another version of this program, whose archive might look otherwise, are not looked at. */
const PREFIX = "debproof-1";
const STATE = "cache";
/**
* Restores the content of an earlier run into the folder of the cache. Where that cannot be done, a notice says why,
* and the run downloads what it needs.
*
* @param purpose what the run is for: entries of the same purpose are looked for first
* @returns the key of the entry; empty where there was none
*/
async function restoreCache(folder, purpose) {
	const unavailable = await whyUnavailable(process.env);
	if (unavailable !== void 0) {
		notice(`not used: ${unavailable}`);
		return "";
	}
	const staging = stagingFolder(process.env);
	let jail;
	try {
		jail = await mkdtemp(path.join(path.dirname(staging), "debproof-restored-"));
		const { restoreCache: restore } = await import("./cache.js");
		const scope = scopeOf(purpose);
		const options = process.env["TAR_OPTIONS"];
		process.env["TAR_OPTIONS"] = confinedTo(jail);
		const { result: matched, text } = await overhear(async () => await restore([staging], `${PREFIX}-${scope}-`, [`${PREFIX}-`])).finally(() => {
			if (options === void 0) delete process.env["TAR_OPTIONS"];
			else process.env["TAR_OPTIONS"] = options;
		});
		debug(text);
		const complaint = complaintIn(text);
		if (complaint !== void 0) notice(`not restored: ${complaint}`);
		const taken = await adoptContent(jail, path.resolve(folder));
		if (taken > 0) jobLog.info(`${taken} files of an earlier run came from the cache service.`);
		return matched ?? "";
	} catch (error) {
		notice(`not restored: ${describeError(error)}`);
		return "";
	} finally {
		if (jail !== void 0) await removeWhole(jail);
	}
}
/** Also folders that may not be entered: what is in them would fill the disk. */
async function removeWhole(folder) {
	await promisify(execFile)("chmod", [
		"-R",
		"u+rwX",
		"--",
		folder
	], { timeout: 6e4 }).catch(() => {});
	await rm(folder, {
		recursive: true,
		force: true
	}).catch(() => {});
}
/** Leaves word of what the run used, for `saveCache`, which another process calls after the job. */
function rememberCache(folder, purpose, matched, hashes) {
	const state = {
		folder: path.resolve(folder),
		scope: scopeOf(purpose),
		matched,
		hashes: [...hashes]
	};
	saveState(STATE, JSON.stringify(state));
}
/** Saves what the run used, unless the entry that it restored holds just that. Never throws. */
async function saveCache() {
	const staging = stagingFolder(process.env);
	try {
		const state = readState(getState(STATE));
		if (state === void 0 || state.hashes.length === 0) return;
		if (await whyUnavailable(process.env) !== void 0) return;
		await rm(staging, {
			recursive: true,
			force: true
		});
		const gathered = await gatherContent(state.folder, state.hashes, staging);
		const key = `${PREFIX}-${state.scope}-${hashOf(gathered)}`;
		if (gathered.length === 0) return;
		if (key === state.matched) {
			jobLog.info("The cache service has all that this run used.");
			return;
		}
		const { saveCache: save } = await import("./cache.js");
		const { result: id, text } = await overhear(async () => await save([staging], key));
		debug(text);
		const complaint = complaintIn(text);
		if (complaint !== void 0) notice(`not saved: ${complaint}`);
		else if (id !== -1) jobLog.info(`${gathered.length} files were saved in the cache service.`);
	} catch (error) {
		notice(`not saved: ${describeError(error)}`);
	} finally {
		await rm(staging, {
			recursive: true,
			force: true
		}).catch(() => {});
	}
}
/** The path is part of what an entry is found by, so it is the same in every job. */
function stagingFolder(environment) {
	return path.join(environment["RUNNER_TEMP"] ?? "", "debproof-cache");
}
/**
* The service's archives are unpacked with `tar -P`, which lets them name any place on the machine. These options of
* GNU tar (tar(1), TAR_OPTIONS and --transform) put every member below one folder, links and what they point to
* included, and keep a name that is printed on its line.
*/
function confinedTo(folder) {
	return `--transform=flags=rsh;s,[.][.],__,g;s,^/*,${folder}/, --quoting-style=escape`;
}
/** Characters that mean nothing in TAR_OPTIONS, nor in the replacement of a --transform. */
const PLAIN_PATH = /^\/[A-Za-z0-9/._+-]+$/;
async function whyUnavailable(environment) {
	const { isFeatureAvailable } = await import("./cache.js");
	if (!isFeatureAvailable()) return "there is no cache service here.";
	const temp = environment["RUNNER_TEMP"] ?? "";
	if (!PLAIN_PATH.test(temp)) return `RUNNER_TEMP (${temp}) has characters that cannot be given to tar.`;
	return (await promisify(execFile)("tar", ["--version"], { timeout: 1e4 }).catch(() => ({ stdout: "" }))).stdout.includes("GNU tar") ? void 0 : "it needs GNU tar.";
}
function scopeOf(purpose) {
	return hashOf(purpose).slice(0, 16);
}
function hashOf(texts) {
	return createHash("sha256").update(JSON.stringify(texts)).digest("hex").slice(0, 32);
}
/** The runner hands it on in a file: it is read as anything from outside. */
function readState(text) {
	if (text === "") return void 0;
	const state = safeParse(savedState, JSON.parse(text));
	return state.success ? state.output : void 0;
}
function notice(problem) {
	jobLog.notice(`The cache service was ${problem}`);
}
function debug(text) {
	if (jobLog.isDebug()) {
		for (const line of text.split("\n")) if (line !== "") jobLog.debug(line);
	}
}
// src/ci/inputs.ts
/** How a missing key is to be given, and why it may be missing though somebody thinks that it is there. */
const KEY_INPUT = "the input signing-key";
const KEY_ADVICE = "give the input signing-key, from a secret (empty where the job names no `environment:` that has it), or set the input unsigned";
const SECRETS = [
	"signing-key",
	"signing-passphrase",
	"github-token"
];
/**
* Reads every input of the GitHub Action. Secrets are masked in the log and taken out of the environment, so that no
* program that is started later inherits them.
*
* @throws DebproofError USAGE
*/
function loadInputs(environment) {
	const [armored, passphrase, token] = SECRETS.map((name) => takeSecret(name, environment));
	const signing = armored === "" || armored === void 0 ? void 0 : signingInput(armored, passphrase);
	const given = argumentsOfInputs();
	const isPullRequest = detectPlatform(environment)?.isPullRequest ?? false;
	const places = policyPlaces(environment, given.texts("allow-path"));
	return {
		run: {
			...readRunOptions(given, {
				environment,
				signing,
				isPullRequest,
				places
			}),
			keyAdvice: KEY_ADVICE,
			secrets: secretsIn({
				...environment,
				"INPUT_GITHUB-TOKEN": token
			})
		},
		...artifactInputs(),
		cacheService: flag("cache-service"),
		attest: flag("attest"),
		comment: flag("comment"),
		token: token ?? ""
	};
}
/** The folder that the report is written to, whatever is wrong with the other inputs. */
function outputFolder() {
	return argumentsOfInputs().text("output");
}
/** Takes the secrets out of the environment of a process that needs none of them. */
function dropSecrets(environment) {
	for (const name of SECRETS) takeSecret(name, environment);
}
function takeSecret(name, environment) {
	const secret = getInput(name);
	for (const line of secret.split("\n").map((text) => text.trim())) if (line !== "" && (name !== "signing-key" || line.length > 20)) setSecret(line);
	delete environment[`INPUT_${name.toUpperCase()}`];
	return secret;
}
function signingInput(armored, passphrase = "") {
	return {
		armored,
		source: KEY_INPUT,
		...passphrase === "" ? {} : { passphrase }
	};
}
/** What an error says of options of the command line, said of inputs. */
function inWordsOfTheAction(message) {
	return message.replaceAll(/--([a-z][a-z-]*)/g, (option, name) => VERIFY_OPTIONS.some((one) => one.name === name) ? `the input ${name}` : option).replaceAll("DEBPROOF_SIGNING_PASSPHRASE", "the input signing-passphrase");
}
/** The inputs that are options of `verify`, as if they had been given on the command line. */
function argumentsOfInputs() {
	const option = (name) => VERIFY_OPTIONS.find((one) => one.name === name);
	const texts = (name) => {
		return (option(name)?.multiple === true ? getMultilineInput(name) : [getInput(name)]).filter((value) => value !== "" && value !== option(name)?.default);
	};
	const unsigned = getInput("unsigned");
	const flags = {
		unsigned: () => unsigned !== ALLOWED && flag("unsigned"),
		"unsigned-in-pull-requests": () => unsigned === ALLOWED
	};
	return {
		positionals: [],
		text: (name) => texts(name)[0] ?? option(name)?.default,
		texts,
		flag: (name) => flags[name]?.() ?? flag(name)
	};
}
/** The value of `unsigned` that stands for --unsigned-in-pull-requests. */
const ALLOWED = "allow-in-pull-requests";
/** As the runner writes booleans (YAML 1.2, 10.3.2). */
function flag(name) {
	const text = getInput(name);
	if (/^(?:true|True|TRUE)$/.test(text)) return true;
	if (/^(?:false|False|FALSE|)$/.test(text)) return false;
	const values = name === "unsigned" ? `true, false and ${ALLOWED}` : "true and false";
	throw new DebproofError("USAGE", `The input ${name} is ${JSON.stringify(text)}: it takes ${values}.`);
}
function artifactInputs() {
	const [name, evidence] = [artifactName("artifact"), artifactName("evidence-artifact")];
	const compression = wholeNumber("artifact-compression", 0, 9) ?? 6;
	const retentionDays = wholeNumber("artifact-retention-days", 1, 400);
	if (name !== void 0 && name === evidence) throw new DebproofError("USAGE", "The inputs artifact and evidence-artifact must name two artifacts.");
	if (evidence !== void 0 && (name === void 0 || getInput("evidence") === "none")) {
		const why = name === void 0 ? "artifact names none for its report" : "evidence keeps none";
		throw new DebproofError("USAGE", `The input evidence-artifact is ${JSON.stringify(evidence)}, but the input ${why}.`);
	}
	const how = {
		compression,
		...retentionDays === void 0 ? {} : { retentionDays }
	};
	return {
		...name === void 0 ? {} : { artifact: {
			name,
			...how
		} },
		...evidence === void 0 ? {} : { evidenceArtifact: {
			name: evidence,
			...how
		} }
	};
}
/** What GitHub refuses in the name of an artifact, so that it is told before anything was done. */
function artifactName(input) {
	const name = getInput(input);
	if (name === "" || name === "none") return void 0;
	if (/["<>|*?:\\/\r\n]/.test(name) || name.length > 256) throw new DebproofError("USAGE", `The input ${input} is ${JSON.stringify(name)}: a name of an artifact has no " < > | * ? : / \\ and at most 256 characters.`);
	return name;
}
function wholeNumber(input, min, max) {
	const text = getInput(input);
	if (text === "") return void 0;
	const number = /^\d{1,3}$/.test(text) ? Number(text) : -1;
	if (number < min || number > max) throw new DebproofError("USAGE", `The input ${input} is ${JSON.stringify(text)}: it takes ${min} to ${max}.`);
	return number;
}
export { rememberCache as a, overhear as c, outputFolder as i, jobLog as l, inWordsOfTheAction as n, restoreCache as o, loadInputs as r, saveCache as s, dropSecrets as t };
