import { t as DebproofError } from "./errors.js";
// src/commands/option.ts
/** Where results go and how much is said: for every command. */
const COMMON_OPTIONS = [
	{
		name: "quiet",
		description: "Print the verdict alone, and errors."
	},
	{
		name: "verbose",
		description: "Print every download, every package that needs attention, and the trace of a bug."
	},
	{
		name: "help",
		description: "Print this help."
	}
];
const JSON_OPTION = {
	name: "json",
	description: "Print the result as JSON."
};
const AT_OPTION = {
	name: "at",
	value: "TIME",
	description: "The clock for every decision (signatures, Valid-Until, exceptions), in RFC 3339, such as 2026-11-22T12:00:00Z. The default is now."
};
/** @throws DebproofError USAGE for anything but an RFC 3339 time */
function parseAt(text, now) {
	const time = text === void 0 ? now : parseTime(text);
	return /* @__PURE__ */ new Date(Math.floor(time.getTime() / 1e3) * 1e3);
}
/** RFC 3339, 5.6, of a day and an hour that exist: JavaScript takes 30 February for 2 March. */
function parseTime(text) {
	const day = /^(\d{4}-\d{2}-\d{2})[Tt ](?:[01]\d|2[0-3]):\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/.exec(text)?.[1];
	const time = new Date(text.replace(" ", "T"));
	if (day === void 0 || Number.isNaN(time.getTime()) || !isDay(day)) throw new DebproofError("USAGE", `--at ${JSON.stringify(text)} is not an RFC 3339 time with its zone, such as 2026-11-22T12:00:00Z.`);
	return time;
}
function isDay(day) {
	const midnight = /* @__PURE__ */ new Date(`${day}T00:00:00Z`);
	return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}
// src/archive/identity.ts
function parseSha256(text) {
	return /^[0-9a-f]{64}$/.test(text) ? text : void 0;
}
function parseSha512(text) {
	return /^[0-9a-f]{128}$/.test(text) ? text : void 0;
}
/** Accepts blanks and a leading `0x`, as gpg prints and people paste them. */
function parseFingerprint(text) {
	const digits = text.replaceAll(/\s/g, "").replace(/^0x/i, "").toUpperCase();
	return /^(?:[0-9A-F]{40}|[0-9A-F]{64})$/.test(digits) ? digits : void 0;
}
/** Debian Policy 5.6.7; `_` and upper case as dpkg accepts them from others' packages, folded as dpkg folds. */
function parsePackageName(text) {
	return text.length <= 255 && /^[a-z0-9][a-z0-9+._-]*$/i.test(text) ? text.toLowerCase() : void 0;
}
/**
* Debian Policy 5.6.12: a colon after the epoch only where there is an epoch. An epoch of zero is left out, as dpkg
* leaves it out: an index that says 0:1.0 and a list that says 1.0 mean one version.
*/
function parseVersion(text) {
	const written = /^0*(\d+):([^:]+)$/.exec(text);
	if (written === null) return checkedVersion(text);
	const [, epoch = "", rest = ""] = written;
	return checkedVersion(epoch === "0" ? rest : `${epoch}:${rest}`);
}
function checkedVersion(text) {
	return text.length <= 255 && /^(?:\d+:[A-Za-z0-9.+~:-]+|[A-Za-z0-9.+~-]+)$/.test(text) ? text : void 0;
}
function parseArchitecture(text) {
	return text.length <= 64 && /^[a-z0-9][a-z0-9-]*$/.test(text) ? text : void 0;
}
// src/limits.ts
/**
* Every limit on what comes from outside, in one place, each with its reason. Bytes unless said otherwise.
* Crossing one is an error with a code, never a silent cut.
*/
/** A release file. apt's own limit (`Acquire::MaxReleaseFileSize`); Debian's largest has 0.2 MB. */
const MAX_RELEASE_FILE = 1e7;
/** One line of a release file; gpgv refuses longer ones in a signed text. */
const MAX_RELEASE_LINE = 16384;
/** Indexes that one release file may list. Debian's largest suite lists some 700. */
const MAX_RELEASE_ENTRIES = 2e5;
/** A compressed index as downloaded. Debian's largest Packages.gz has 15 MB. */
const MAX_INDEX = 536870912;
/** A decompressed index: a bomb stops here even where the release file does not state the plain size. */
const MAX_PLAIN_INDEX = 4294967296;
/** One stanza of an index; apt refuses about the same. */
const MAX_STANZA = 2097152;
/** A keyring file. Debian's two together have 0.3 MB. */
const MAX_KEYRING = 8388608;
/** The policy file. */
const MAX_POLICY = 1048576;
/** A package file that `--deep` downloads. Debian's largest has 1.6 GB. */
const MAX_PACKAGE_FILE = 8589934592;
/** What a package file may have more than its index says before it is no longer read: its hash can then be told. */
const MAX_PACKAGE_EXCESS = 67108864;
/**
* What one piece of compressed input may grow to. The decoders in JavaScript decode all of it at once, and a bomb
* would fill the memory before anybody could stop taking; an index shrinks to a sixth, not to a thirtieth.
*/
const MAX_BURST = 33554432;
/** Milliseconds until a server must have accepted the connection. */
const CONNECT_TIMEOUT = 15e3;
/** Milliseconds without a byte of the answer after which a download is given up. */
const IDLE_TIMEOUT = 3e4;
/** Milliseconds for one whole download of an index or a release file. */
const DOWNLOAD_TIMEOUT = 6e5;
/** Milliseconds for a rebuilder's statement: a few kB, for each of thousands of packages. */
const STATEMENT_TIMEOUT = 6e4;
/** Milliseconds that the downloads from one place may take in all: so many, and so many more for each of them. */
const PATIENCE = 3e5;
const PATIENCE_PER_DOWNLOAD = 2e3;
/** A package list. The status file of the largest desktop image has some 6 MB. */
const MAX_LIST = 67108864;
/** Lines of a package list. Tails' longest has 6 200; a status file of 100 000 packages has 2.5 million. */
const MAX_LIST_LINES = 4e6;
/** YAML that is not written as Tails writes it: the parser needs seconds and a GB of memory for a hostile MB. */
const MAX_LIST_YAML = 524288;
/** .debs in one folder. All of Debian for one architecture has 70 000. */
const MAX_DEBS = 2e5;
/** Files and folders that are looked at to find .debs, and how deep. */
const MAX_FOLDER_ENTRIES = 1e6;
/** The compressed control member of a .deb. Debian's largest has 2 MB. */
const MAX_CONTROL_MEMBER = 67108864;
/** The same, decompressed. Debian's largest has some 15 MB. */
const MAX_CONTROL_TAR = 67108864;
/** The control file of a .deb. Debian's largest have some 100 kB. */
const MAX_CONTROL_FILE = 1048576;
/** One file of apt's sources, and dpkg's list of architectures. */
const MAX_SOURCES_FILE = 1048576;
/** apt sources of one system. */
const MAX_SOURCES = 1e3;
/** dpkg's status file, where only the architecture is looked for. */
const MAX_STATUS_FILE = 268435456;
/** A .buildinfo. Debian's largest, of builds with thousands of dependencies, have some 0.3 MB. */
const MAX_BUILDINFO = 4194304;
/** Files that one .buildinfo lists. Debian's largest builds make some 1 000. */
const MAX_BUILDINFO_FILES = 5e3;
/**
* Files listed by all .buildinfo files of one place that are kept at once; what is dropped is read again when asked
* for. All of Debian for one architecture has some 150 000 with those of debug symbols, in some 30 MB.
*/
const MAX_KEPT_BUILDINFO_FILES = 5e5;
/** A rebuilder's statement. Links that list every .deb of a large build have some 0.1 MB. */
const MAX_STATEMENT = 4194304;
/** Values in one JSON text. A link that lists a thousand files has some ten thousand. */
const MAX_JSON_VALUES = 2e5;
/** Characters of a number in JSON; a double takes no more than 25. */
const MAX_JSON_NUMBER = 1e3;
/** Keys of one step of a layout: as many rebuilders. */
const MAX_LAYOUT_KEYS = 1e3;
/** Files in one folder that may be statements. A rebuilder of all of Debian for one architecture signs 40 000. */
const MAX_STATEMENT_FILES = 2e5;
/** Files and folders that are looked at to find them: each version of a source package has its own folder. */
const MAX_STATEMENT_FOLDER_ENTRIES = 1e6;
/** A list that rebuilderd answers with. A record has some 0.5 kB; the unpaged list of all of Debian has 168 MB. */
const MAX_REBUILDERD_ANSWER = 4194304;
/** A PEM file of public keys: each has some 0.2 kB. */
const MAX_PUBLIC_KEY_FILE = 65536;
/** A SHA256SUMS file. One that lists all of Debian for one architecture has 8 MB. */
const MAX_SHA256SUMS = 8388608;
/** Lines of a SHA256SUMS file. All of Debian for one architecture has 70 000 packages. */
const MAX_SHA256SUMS_LINES = 1e5;
/** The index page of a folder on a server. A line of Apache's has some 250 bytes. */
const MAX_DIRECTORY_LISTING = 33554432;
/** Links in one index page: a folder with a .buildinfo for each source package of Debian has 40 000. */
const MAX_LISTED_FILES = 2e5;
/** Documents of one party that may speak of one package. One that builds it again every night has a year of them. */
const MAX_STATEMENTS_PER_PACKAGE = 1e3;
/** Links of a folder that are kept while other packages may ask for them, and their bytes, the latest of them. */
const MAX_RECENT_LINKS = 1e3;
const MAX_RECENT_LINK_BYTES = 33554432;
/** A report.json that `rebuild --unproven` reads. One of 70 000 packages has some 40 MB. */
const MAX_REPORT = 268435456;
/** A .dsc. Debian's largest, with thousands of binary packages, have some 0.3 MB. */
const MAX_DSC = 4194304;
/** Packages of one build environment. Debian's largest have some 2 000. */
const MAX_BUILD_DEPENDENCIES = 2e4;
/** Milliseconds between asking a build to end and killing it: sbuild takes its chroot away meanwhile. */
const KILL_GRACE = 3e4;
/** Milliseconds in which a tool must have printed its help. */
const TOOL_PROBE_TIMEOUT = 3e4;
/** Milliseconds that diffoscope may look for what differs between two files. */
const DIFFOSCOPE_TIMEOUT = 6e5;
export { parseArchitecture as $, MAX_POLICY as A, MAX_SHA256SUMS_LINES as B, MAX_LIST as C, MAX_PACKAGE_EXCESS as D, MAX_LIST_YAML as E, MAX_RELEASE_ENTRIES as F, MAX_STATEMENTS_PER_PACKAGE as G, MAX_SOURCES_FILE as H, MAX_RELEASE_FILE as I, MAX_STATUS_FILE as J, MAX_STATEMENT_FILES as K, MAX_RELEASE_LINE as L, MAX_REBUILDERD_ANSWER as M, MAX_RECENT_LINKS as N, MAX_PACKAGE_FILE as O, MAX_RECENT_LINK_BYTES as P, TOOL_PROBE_TIMEOUT as Q, MAX_REPORT as R, MAX_LAYOUT_KEYS as S, MAX_LIST_LINES as T, MAX_STANZA as U, MAX_SOURCES as V, MAX_STATEMENT as W, PATIENCE_PER_DOWNLOAD as X, PATIENCE as Y, STATEMENT_TIMEOUT as Z, MAX_INDEX as _, KILL_GRACE as a, AT_OPTION as at, MAX_KEPT_BUILDINFO_FILES as b, MAX_BUILD_DEPENDENCIES as c, parseAt as ct, MAX_CONTROL_MEMBER as d, parseFingerprint as et, MAX_CONTROL_TAR as f, MAX_FOLDER_ENTRIES as g, MAX_DSC as h, IDLE_TIMEOUT as i, parseVersion as it, MAX_PUBLIC_KEY_FILE as j, MAX_PLAIN_INDEX as k, MAX_BURST as l, MAX_DIRECTORY_LISTING as m, DIFFOSCOPE_TIMEOUT as n, parseSha256 as nt, MAX_BUILDINFO as o, COMMON_OPTIONS as ot, MAX_DEBS as p, MAX_STATEMENT_FOLDER_ENTRIES as q, DOWNLOAD_TIMEOUT as r, parseSha512 as rt, MAX_BUILDINFO_FILES as s, JSON_OPTION as st, CONNECT_TIMEOUT as t, parsePackageName as tt, MAX_CONTROL_FILE as u, MAX_JSON_NUMBER as v, MAX_LISTED_FILES as w, MAX_KEYRING as x, MAX_JSON_VALUES as y, MAX_SHA256SUMS as z };
