import { Et as MAX_SHARDS, a as systemErrorCode, gt as MAX_RELEASES_FILE, t as DebproofError } from "./errors.js";
import { t as EXIT } from "./exit-code.js";
import { f as parseAt, l as COMMON_OPTIONS } from "./places.js";
import { i as gitlabMatrix, n as MATRIX_LIMITS, r as githubMatrix, t as MATRIX_FORMATS } from "./matrix.js";
import { t as HARMLESS } from "./variables.js";
import { t as readFileUpTo } from "./read-file-up-to.js";
import { n as newPlanId, r as parsePlanId, s as shards, t as formatShard } from "./shard.js";
import { t as closest } from "./spelling.js";
// src/parts/plan.ts
/**
* Reads the releases: from a file of lines `NAME` or `NAME TIME`, with comments behind `#`, or from a list of names
* with commas between them. A single name that could be that of a file is one only where such a file is there.
*
* @param parseTime what reads a TIME; it throws for anything else
* @throws DebproofError USAGE
*/
async function readReleases(text, parseTime) {
	const releases = text.includes(",") ? fromList(text) : await fromFileOrName(text, parseTime);
	if (releases.length === 0) throw new DebproofError("USAGE", `--releases ${JSON.stringify(text)} names no release.`);
	const seen = /* @__PURE__ */ new Set();
	for (const { name } of releases) {
		if (seen.has(name)) throw new DebproofError("USAGE", `--releases names ${name} twice; name each release once.`);
		seen.add(name);
	}
	return releases;
}
/**
* The matrix of all parts of all releases. On GitLab it has two hidden jobs: `.debproof-verify`, one for each part,
* and `.debproof-merge`, one for each release.
*
* @throws DebproofError USAGE for more jobs than a matrix may have
*/
function formatPlan(releases, { format, parts, plan }) {
	const jobs = releases.length * (parts ?? 1);
	const limit = MATRIX_LIMITS[format];
	if (jobs > limit) {
		const of = parts === void 0 ? "" : ` in ${parts} parts each`;
		throw new DebproofError("USAGE", `${releases.length} releases${of} are ${jobs} jobs, and a matrix of ${NAMES[format]} may have ${limit}: plan ${parts === void 0 ? "fewer releases at once" : "fewer releases at once, or with fewer --shards"}.`);
	}
	const split = releases.flatMap((release) => parts === void 0 ? [{ release }] : shards(parts).map((shard) => ({
		release,
		shard
	})));
	if (format === "github") return githubMatrix(split.map(({ release: { name, at = "" }, shard }) => ({
		release: name,
		at,
		...shard === void 0 ? {} : {
			shard: formatShard(shard),
			part: partName(shard)
		},
		...plan === void 0 ? {} : { plan }
	})));
	const jobsOf = {
		".debproof-verify": split.map(({ release, shard }) => ({
			...gitlabRelease(release),
			...shard === void 0 ? {} : {
				SHARD: formatShard(shard),
				PART: partName(shard)
			}
		})),
		".debproof-merge": releases.map(gitlabRelease)
	};
	return gitlabMatrix(jobsOf, plan === void 0 ? {} : { PLAN: plan });
}
const NAMES = {
	github: "GitHub",
	gitlab: "GitLab"
};
/** GitLab refuses a value that is empty, so a variable without one is left out. */
function gitlabRelease({ name, at }) {
	return {
		RELEASE: name,
		...at === void 0 ? {} : { AT: at }
	};
}
/** For names of artifacts and folders, in which no slash can be. */
function partName({ index, of }) {
	return `${index}-of-${of}`;
}
/** `7.1,7.2`; one comma at the end may stand, so that a single name can be told from a file. */
function fromList(text) {
	const names = text.split(",").map((name) => name.trim());
	if (names.at(-1) === "") names.pop();
	return names.map((name) => ({ name: releaseName(name, "--releases") }));
}
async function fromFileOrName(text, parseTime) {
	const bytes = await readReleasesFile(text);
	if (bytes !== void 0) return fromFile(bytes, text, parseTime);
	if (text.includes("/") || /\.[A-Za-z]+$/.test(text)) throw new DebproofError("USAGE", `There is no file ${text}; for a release of this name write --releases ${text},`);
	return [{ name: releaseName(text, "--releases") }];
}
/** Undefined where no such file is there. */
async function readReleasesFile(file) {
	try {
		const bytes = await readFileUpTo(file, MAX_RELEASES_FILE);
		if (bytes !== void 0) return bytes;
		throw new DebproofError("USAGE", `${file} is larger than the ${MAX_RELEASES_FILE} bytes that are read.`);
	} catch (error) {
		if (error instanceof DebproofError) throw error;
		if (systemErrorCode(error) === "ENOENT" || file === "") return void 0;
		throw new DebproofError("USAGE", `The releases in ${file} cannot be read`, { cause: error });
	}
}
function fromFile(bytes, file, parseTime) {
	return Buffer.from(bytes).toString("utf8").split(/\r?\n/).flatMap((line, index) => {
		const [name, ...time] = line.replace(/(?:^|\s)#.*$/s, "").split(/[\t ]+/).filter((word) => word !== "");
		if (name === void 0) return [];
		const where = `${file}:${index + 1}`;
		const release = releaseName(name, where);
		return [time.length === 0 ? { name: release } : {
			name: release,
			at: clock(time.join(" "), where, parseTime)
		}];
	});
}
/** A date means its first instant in UTC. */
function clock(text, where, parseTime) {
	try {
		return parseTime(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text).toISOString().replace(/\.\d{3}Z$/, "Z");
	} catch (error) {
		if (!(error instanceof DebproofError)) throw error;
		throw new DebproofError("USAGE", `${where}: ${JSON.stringify(text)} is no time: behind a release stands its clock, such as 2026-11-22 or 2026-11-22T12:00:00Z, or nothing.`);
	}
}
function releaseName(name, where) {
	if (!HARMLESS.test(name) || name.length > 64) throw new DebproofError("USAGE", `${where}: ${JSON.stringify(name.slice(0, 200))} is no name of a release: it begins with a letter or a digit and has only letters, digits and . _ ~ + -, at most 64 in all.`);
	return name;
}
// src/commands/plan.ts
const planCommand = {
	name: "plan",
	usage: "--releases FILE|LIST --format github|gitlab [--shards N]",
	title: "print a CI matrix that verifies many releases, each in parts, on many machines",
	description: "Prints the matrix for a CI: one job for each part of each release, which runs `debproof verify --shard`, and\nwhose signed reports `debproof merge` joins again. Nothing is read but the names of the releases.\n\nWith --shards the plan has an id, new each time, which every part signs: `debproof merge` takes parts of one plan.\n\ngithub is JSON for fromJSON() in a workflow's strategy.matrix, with release, at, shard, part and plan for each job.\ngitlab is a file for a child pipeline with the hidden jobs .debproof-verify and .debproof-merge to extend, with\nthe variables RELEASE, AT, SHARD, PART and PLAN.",
	options: [
		{
			name: "releases",
			value: "FILE|LIST",
			description: "Names with commas between them, or a file with a release in each line: NAME, or NAME and the time that is its clock; # begins a comment. Required."
		},
		{
			name: "format",
			value: "FORMAT",
			description: `The CI: ${MATRIX_FORMATS.join(" or ")}. Required.`
		},
		{
			name: "shards",
			value: "N",
			description: "Verify each release in so many parts. By default each is whole."
		},
		{
			name: "at",
			value: "TIME",
			description: "The clock of releases beside which none stands, in RFC 3339. All parts of a release need the same one: give the present time here, or one in the policy."
		},
		{
			name: "plan-id",
			value: "ID",
			description: "The id of the plan instead of a random one: letters, digits and . _ -, and never the same for two pipelines."
		},
		...COMMON_OPTIONS
	],
	positionals: {
		min: 0,
		max: 0
	},
	async run(given, terminal) {
		const text = given.text("releases");
		if (text === void 0) throw new DebproofError("USAGE", "plan: --releases is missing: a file of releases, or names with commas between.");
		const format = parseFormat(given.text("format"));
		const shards = given.text("shards");
		const parts = shards === void 0 ? void 0 : parseParts(shards);
		const id = given.text("plan-id");
		const plan = id !== void 0 ? parsePlanId(id) : parts === void 0 ? void 0 : newPlanId();
		const now = given.text("at");
		const at = now === void 0 ? void 0 : parseAt(now, /* @__PURE__ */ new Date()).toISOString().replace(/\.\d{3}Z$/, "Z");
		const releases = await readReleases(text, (time) => parseAt(time, /* @__PURE__ */ new Date()));
		const clocked = at === void 0 ? releases : releases.map((release) => ({
			at,
			...release
		}));
		const split = {
			...parts === void 0 ? {} : { parts },
			...plan === void 0 ? {} : { plan }
		};
		terminal.out(formatPlan(clocked, {
			format,
			...split
		}));
		return EXIT.pass;
	}
};
function parseFormat(text) {
	const format = MATRIX_FORMATS.find((name) => name === text);
	if (format !== void 0) return format;
	if (text === void 0) throw new DebproofError("USAGE", `plan: --format is missing: ${MATRIX_FORMATS.join(" or ")}.`);
	const suggestion = closest(text, MATRIX_FORMATS);
	const advice = suggestion === void 0 ? `It is ${MATRIX_FORMATS.join(" or ")}.` : `Did you mean ${suggestion}?`;
	throw new DebproofError("USAGE", `plan: there is no format ${JSON.stringify(text)}. ${advice}`);
}
function parseParts(text) {
	const parts = /^[1-9]\d{0,3}$/.test(text) ? Number(text) : 0;
	if (parts < 1 || parts > 1e3) throw new DebproofError("USAGE", `plan: --shards ${JSON.stringify(text)} is no number from 1 to ${MAX_SHARDS}.`);
	return parts;
}
export { planCommand };
