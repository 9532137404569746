import { t as AptLists } from "./apt-lists.js";
import { et as MAX_NAMED_FILES, i as isDebproofError, t as DebproofError } from "./errors.js";
import { n as exitCodeOf } from "./exit-code.js";
import { a as Cache, i as parseListSource, n as cacheFolder, t as VERIFY_OPTIONS } from "./verify-options.js";
import { i as Downloads } from "./read-list.js";
import { l as COMMON_OPTIONS, u as JSON_OPTION } from "./places.js";
import { t as readPackageLists } from "./find-lists.js";
import { r as mergeReferences } from "./read-policy.js";
import { t as closest } from "./spelling.js";
import { n as USER_AGENT } from "./tool.js";
import { d as ArchiveReader } from "./strict-json.js";
import { A as WantedNames, P as FileHashes } from "./policy-schema.js";
import { c as Upstreams, l as rememberedReleases, n as sortedFiles, o as readServed, t as findUnproven, u as ownVouchers } from "./find-unproven.js";
import { t as visible } from "./visible.js";
import { n as readPolicyInput, t as placesFor } from "./policy-input.js";
import { t as ProgressLine } from "./progress-line.js";
// src/unproven/find-missing.ts
/**
* The reverse of what nobody vouches for. A snapshot of a part of an archive lacks most of it, and one that was taken
* earlier lacks what came since: that is nothing to be judged, and what an administrator wants to know.
*
* @param naming makes upstreams that look for these files by their hashes
*/
async function findMissing(reading, upstreams, naming) {
	const nearest = await nearestState(reading, upstreams);
	if (nearest === void 0) return void 0;
	const { name, testimony } = nearest;
	const signed = new FileHashes();
	for (const { mayBeDelivered } of testimony.files ?? []) signed.addAll(mayBeDelivered);
	const missing = signed.without((reading.facts.files ?? []).map(({ hashes }) => hashes));
	const unread = testimony.failures.map(({ what, error }) => `${what}: ${error.message}`);
	if (missing.size === 0) return {
		upstream: name,
		count: 0,
		files: [],
		unread
	};
	const again = await nearestState(reading, naming(missing));
	const files = sortedFiles(again?.testimony.named ?? []).slice(0, MAX_NAMED_FILES);
	return {
		upstream: name,
		count: missing.size,
		files,
		unread
	};
}
async function nearestState(reading, upstreams) {
	const [voucher] = ownVouchers(reading, upstreams);
	if (voucher === void 0) return void 0;
	for await (const { name, testify } of voucher.source.witnesses(() => [], false)) return {
		name,
		testimony: await testify()
	};
}
// src/unproven/compare-archive.ts
/** Compares everything that archives list with everything that is vouched for, without any list of packages. */
async function compareArchives({ policy, downloads, names, lists, keysAt, progress }) {
	const { at } = policy;
	const readerOf = (files) => new ArchiveReader({
		downloads,
		at,
		wanted: new WantedNames([]),
		kinds: ["Packages"],
		remembered: rememberedReleases(policy, downloads),
		files,
		everyForm: files === "hashes"
	});
	const upstreamsOf = (reader) => new Upstreams({
		reader,
		downloads,
		progress
	});
	const reader = readerOf("hashes");
	progress("Reading the archives");
	const archives = await Promise.all(policy.archives.map((archive) => readServed(archive, reader, lists.get(archive.aptLists ?? ""))));
	const upstreams = upstreamsOf(reader);
	const compared = [];
	for (const reading of archives.filter(({ archive }) => names.includes(archive.name))) {
		progress(`Comparing ${reading.archive.name} with those who vouch for it`);
		const unproven = reading.facts.files === void 0 ? void 0 : await findUnproven(reading, archives, {
			downloads,
			at,
			keysAt,
			upstreams,
			most: MAX_NAMED_FILES
		});
		const missing = unproven === void 0 ? void 0 : await findMissing(reading, upstreams, (files) => upstreamsOf(readerOf(files)));
		compared.push({
			reading,
			unproven,
			missing
		});
	}
	return compared;
}
// src/commands/compare-text.ts
/** Files of each kind that are shown without --verbose. */
const SHOWN = 20;
function comparedJson(archives, verdict) {
	return {
		verdict,
		archives: archives.map(({ name, url, ownKeys, unproven, missing, unread }) => ({
			name,
			url,
			ownKeys,
			unproven: unproven ?? null,
			missing: missing ?? null,
			unread
		}))
	};
}
function comparedText(archives, verdict, given) {
	const first = `${verdict === "pass" ? passed(archives) : FIRST[verdict]}\n`;
	if (given.flag("quiet")) return first;
	const shown = given.flag("verbose") ? Number.POSITIVE_INFINITY : SHOWN;
	return [first, ...archives.map((archive) => `\n${archiveLines(archive, shown).map(inPlace).join("\n")}\n`)].join("");
}
const FIRST = {
	fail: "FAIL: there are .debs that nobody vouches for.",
	undecided: "UNDECIDED: not everything could be read."
};
/** Nothing is claimed of an archive for which nobody but itself vouches. */
function passed(archives) {
	const own = archives.filter(({ unproven }) => unproven === void 0).map(({ name }) => name);
	if (own.length === 0) return "PASS: somebody vouches for everything that is listed.";
	const names = own.join(", ");
	return own.length === archives.length ? `PASS: nothing was compared, for each archive is its own upstream: ${names}.` : `PASS: somebody vouches for everything that was compared. Its own upstream, and so not compared: ${names}.`;
}
function archiveLines({ name, url, ownKeys, unproven, missing, unread }, shown) {
	const title = `${name}: ${url}`;
	const failed = unread.map((what) => `  Not read: ${what}`);
	if (unproven === void 0) return [
		title,
		`  ${unread.length > 0 ? "It could not be compared." : "It is its own upstream: nobody else vouches for it."}`,
		...failed
	];
	const { listed, count, files } = unproven;
	const lines = [
		title,
		`  lists ${listed} .deb${listed === 1 ? "" : "s"}: ${listed - count} vouched for, ${count} by nobody`,
		...fileLines(files, count, shown),
		...ownKeys.length === 0 ? [] : [`  Keys that sign it vouch for it too, which is its own word: ${ownKeys.join(", ")}`],
		...unproven.unread.map((what) => `  Not read, and might vouch for them: ${what}`)
	];
	if (missing === void 0) return [...lines, ...failed];
	return [
		...lines,
		`  lacks ${missing.count} of ${missing.upstream}`,
		...fileLines(missing.files, missing.count, shown),
		...missing.unread.map((what) => `  Not read of it: ${what}`),
		...failed
	];
}
function fileLines(files, count, shown) {
	const named = files.slice(0, shown);
	const lines = named.map(({ name, version, architecture, sha256, index }) => `    ${name} ${version} ${architecture} ${sha256 ?? "without a SHA-256 of its own"} (${index})`);
	return count > named.length ? [...lines, `    … and ${count - named.length} more`] : lines;
}
/** Names and reasons come from outside. */
function inPlace(text) {
	return visible(text).replaceAll("\n", " ");
}
// src/commands/compare.ts
/** Those of `verify` that say where archives are and how they are read. */
const SHARED = [
	"policy",
	"packages",
	"release",
	"at",
	"offline",
	"cache",
	"allow-path"
];
const compareCommand = {
	name: "compare",
	usage: "[ARCHIVE]",
	title: "show what an archive of the policy lists and nobody vouches for, and what of its upstream it lacks",
	description: "Compares every .deb that an archive lists, such as a snapshot, with every one that the upstreams of the policy\nsign and that enough of its rebuilders got: whether or not a build used it. Without ARCHIVE all archives of the\npolicy are compared but those that must be absent. Package lists are read only for the snapshots that they name.\n\nWhat the upstream has and the archive lacks is told, and judged by nobody: a snapshot is often of a part.\n\nExit codes: 0 somebody vouches for everything that is listed, 1 there is something that nobody vouches for,\n2 the command, policy or a key is wrong, 3 not everything that was needed to know could be read.",
	options: [
		...VERIFY_OPTIONS.filter(({ name }) => SHARED.includes(name)),
		JSON_OPTION,
		...COMMON_OPTIONS
	],
	positionals: {
		min: 0,
		max: 1
	},
	async run(given, terminal) {
		const progress = new ProgressLine(terminal, {
			quiet: given.flag("quiet"),
			verbose: given.flag("verbose")
		});
		const compared = await compare(given, terminal, progress).finally(() => progress.end());
		const verdict = verdictOf(compared);
		if (given.flag("json")) terminal.out(`${JSON.stringify(comparedJson(compared, verdict), null, 1)}\n`);
		else terminal.out(comparedText(compared, verdict, given));
		return exitCodeOf(verdict);
	}
};
async function compare(given, terminal, progress) {
	const cache = cacheFolder(given.text("cache"), terminal.environment);
	const places = placesFor(given, terminal);
	const downloads = new Downloads({
		userAgent: USER_AGENT,
		offline: given.flag("offline"),
		places,
		...cache === void 0 ? {} : { cache: new Cache(cache) },
		onDownload: progress.download
	});
	try {
		const policy = await resolved(await readPolicyInput(given, terminal), given, downloads, places);
		const names = namesOf(policy, given.positionals[0]);
		const folders = policy.archives.flatMap(({ aptLists }) => aptLists === void 0 ? [] : [aptLists]);
		return (await compareArchives({
			policy,
			downloads,
			names,
			lists: new Map(folders.map((folder) => [folder, new AptLists(folder, downloads)])),
			keysAt: new Date(Math.max(policy.at.getTime(), Date.now())),
			progress: progress.progress
		})).map(({ reading, unproven, missing }) => ({
			name: reading.archive.name,
			url: reading.archive.served.area.base.href,
			ownKeys: reading.archive.ownKeys,
			unproven,
			missing,
			unread: reading.facts.failures.map(({ what, error }) => `${what}: ${error.message}`)
		}));
	} finally {
		await downloads.close();
	}
}
/** A policy may take times from package lists; one that does not needs none. */
async function resolved(file, given, downloads, places) {
	const named = given.texts("packages").map(parseListSource);
	try {
		const lists = named.length > 0 ? await readPackageLists(named, process.cwd(), downloads) : await readPackageLists(file.lists, file.folder, downloads, places);
		return await file.resolve(mergeReferences(lists));
	} catch (error) {
		if (named.length > 0 || !isDebproofError(error, "PACKAGE_LIST")) throw error;
		return await file.resolve({});
	}
}
/** @throws DebproofError USAGE */
function namesOf({ archives }, asked) {
	const names = archives.map(({ name }) => name);
	if (asked === void 0) return archives.flatMap(({ name, require }) => require === "absent" ? [] : [name]);
	if (names.includes(asked)) return [asked];
	const guess = closest(asked, names);
	throw new DebproofError("USAGE", `The policy has no archive ${asked}${guess === void 0 ? "" : `; did you mean ${guess}?`} It has ${names.join(", ")}.`);
}
/** What was read shows files that nobody vouches for: that is certain only where all who might was read. */
function verdictOf(compared) {
	const found = compared.filter(({ unproven }) => unproven !== void 0 && unproven.count > 0);
	if (found.some(({ unproven }) => unproven?.unread.length === 0)) return "fail";
	return found.length > 0 || compared.some(({ unread }) => unread.length > 0) ? "undecided" : "pass";
}
export { compareCommand };
