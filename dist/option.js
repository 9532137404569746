import { t as DebproofError } from "./errors.js";
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
/**
* Milliseconds after its Date in which a past release file must have been signed: the keys of Debian's machines follow
* two minutes later at most, those of people up to 38. And before it, for clocks that differ.
*/
const MAX_SIGNED_AFTER_DATE = 36e5;
const MAX_SIGNED_BEFORE_DATE = 1e4;
/**
* Milliseconds between the starts of two requests to one snapshot service, as other tools keep it: faster ones are
* answered with errors there.
*/
const REQUEST_INTERVAL = 1500;
/** Milliseconds before the second of them, doubled each time, and the longest: some four minutes in all. */
const PACED_RETRY_DELAY = 4e3;
const MAX_PACED_DELAY = 12e4;
/** Milliseconds that a snapshot service may take in all: so many, and so many more for each download. */
const SERVICE_PATIENCE = 36e5;
const SERVICE_PATIENCE_PER_DOWNLOAD = 2e4;
/** A list of a snapshot service's runs: all of Debian's, four a day since 2005, have 0.7 MB. */
const MAX_RUN_LIST = 4194304;
/** What a snapshot service says of one package: a file of all architectures in many archives has some 20 kB. */
const MAX_FILE_HINTS = 1048576;
/** Milliseconds after that run in which those are looked for. */
const HINT_SPAN = 2592e5;
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
/** Milliseconds before and after a build's date in which past states of an upstream are looked at. */
const DEFAULT_WINDOW = 2592e5;
/** A sighting in a store of evidence: some 160 bytes for each index of its suite. Debian's largest suite lists 700. */
const MAX_SIGHTING = 4194304;
/** Sightings of one suite in one store. One that is recorded every hour has 9 000 a year. */
const MAX_SIGHTINGS = 5e5;
/** Milliseconds after which what a process left half written in a store of evidence is removed. */
const ABANDONED_AFTER = 864e5;
/** Parts that one verification is split into: as many machines. */
const MAX_SHARDS = 1e3;
/** A file of releases to plan for. A line has some 40 bytes, and a matrix takes 256 of them. */
const MAX_RELEASES_FILE = 65536;
/** A detached signature file. One by an RSA key of 4096 bits has 0.8 kB. */
const MAX_DETACHED_SIGNATURE = 65536;
/** The index of the evidence of one report. One of 70 000 packages read from a folder of .debs has some 20 MB. */
const MAX_BUNDLE_INDEX = 268435456;
/** What a CI says of the event that started it: GitHub's largest payloads have some 100 kB. */
const MAX_EVENT = 4194304;
/** Packages that have a test of their own in junit.xml: the page of a CI that shows them is for people. */
const MAX_JUNIT_CASES = 1e3;
/** Files that a cache from elsewhere may have: one run uses some hundreds of indexes. And how deep they may lie. */
const MAX_CACHE_FILES = 2e4;
/** All content that one run hands to a CI's cache service, which keeps 10 GB for a whole repository. */
const MAX_SAVED_CACHE = 2147483648;
/** Milliseconds for one question to a CI's API, and the bytes of its answer: a page of a hundred long comments. */
const API_TIMEOUT = 3e4;
const MAX_API_ANSWER = 16777216;
/** Subjects of one attestation, and bytes of its predicate: what GitHub takes. */
const MAX_ATTESTED_SUBJECTS = 1024;
const MAX_ATTESTED_PREDICATE = 16777216;
/** Characters of what a library writes while it is overheard: an error of tar's may quote a megabyte for each file. */
const MAX_OVERHEARD = 65536;
// src/options/option.ts
/** Where results go and how much is said: for every command. */
const COMMON_OPTIONS = [
	{
		name: "quiet",
		description: "Print the verdict or the result alone, and errors."
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
	description: "The clock for every decision (signatures, Valid-Until, exceptions), in RFC 3339, such as 2026-11-22T12:00:00Z. The default is now, or the date that the policy gives under `at`."
};
/** @throws DebproofError USAGE for anything but an RFC 3339 time */
function parseAt(text, now) {
	return wholeSeconds(text === void 0 ? now : parseTime(text));
}
/** The clocks that a policy is resolved with: the one that was given, and the one for where none is. */
function clocks(text) {
	const now = wholeSeconds(/* @__PURE__ */ new Date());
	return text === void 0 ? { now } : {
		at: wholeSeconds(parseTime(text)),
		now
	};
}
/** As reports write times. */
function wholeSeconds(time) {
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
export { MAX_RECENT_LINKS as $, MAX_DSC as A, TOOL_PROBE_TIMEOUT as At, MAX_LAYOUT_KEYS as B, MAX_CACHE_FILES as C, PACED_RETRY_DELAY as Ct, MAX_DEBS as D, SERVICE_PATIENCE as Dt, MAX_CONTROL_TAR as E, REQUEST_INTERVAL as Et, MAX_JSON_NUMBER as F, MAX_OVERHEARD as G, MAX_LISTED_FILES as H, MAX_JSON_VALUES as I, MAX_PACKAGE_FILE as J, MAX_PACED_DELAY as K, MAX_JUNIT_CASES as L, MAX_FILE_HINTS as M, MAX_FOLDER_ENTRIES as N, MAX_DETACHED_SIGNATURE as O, SERVICE_PATIENCE_PER_DOWNLOAD as Ot, MAX_INDEX as P, MAX_REBUILDERD_ANSWER as Q, MAX_KEPT_BUILDINFO_FILES as R, MAX_BURST as S, MAX_STATUS_FILE as St, MAX_CONTROL_MEMBER as T, PATIENCE_PER_DOWNLOAD as Tt, MAX_LIST_LINES as U, MAX_LIST as V, MAX_LIST_YAML as W, MAX_POLICY as X, MAX_PLAIN_INDEX as Y, MAX_PUBLIC_KEY_FILE as Z, MAX_ATTESTED_SUBJECTS as _, MAX_STANZA as _t, parseAt as a, MAX_REPORT as at, MAX_BUILD_DEPENDENCIES as b, MAX_STATEMENT_FILES as bt, CONNECT_TIMEOUT as c, MAX_SHA256SUMS as ct, DOWNLOAD_TIMEOUT as d, MAX_SIGHTING as dt, MAX_RECENT_LINK_BYTES as et, HINT_SPAN as f, MAX_SIGHTINGS as ft, MAX_ATTESTED_PREDICATE as g, MAX_SOURCES_FILE as gt, MAX_API_ANSWER as h, MAX_SOURCES as ht, clocks as i, MAX_RELEASE_LINE as it, MAX_EVENT as j, MAX_DIRECTORY_LISTING as k, STATEMENT_TIMEOUT as kt, DEFAULT_WINDOW as l, MAX_SHA256SUMS_LINES as lt, KILL_GRACE as m, MAX_SIGNED_BEFORE_DATE as mt, COMMON_OPTIONS as n, MAX_RELEASE_ENTRIES as nt, ABANDONED_AFTER as o, MAX_RUN_LIST as ot, IDLE_TIMEOUT as p, MAX_SIGNED_AFTER_DATE as pt, MAX_PACKAGE_EXCESS as q, JSON_OPTION as r, MAX_RELEASE_FILE as rt, API_TIMEOUT as s, MAX_SAVED_CACHE as st, AT_OPTION as t, MAX_RELEASES_FILE as tt, DIFFOSCOPE_TIMEOUT as u, MAX_SHARDS as ut, MAX_BUILDINFO as v, MAX_STATEMENT as vt, MAX_CONTROL_FILE as w, PATIENCE as wt, MAX_BUNDLE_INDEX as x, MAX_STATEMENT_FOLDER_ENTRIES as xt, MAX_BUILDINFO_FILES as y, MAX_STATEMENTS_PER_PACKAGE as yt, MAX_KEYRING as z };
