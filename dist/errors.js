// src/limits.ts
/**
* Every limit on what comes from outside, in one place, each with its reason. Bytes unless said otherwise.
* What happens when it is crossed stands behind `Crossed:`; docs/limits.md is made of these comments (`npm run reference`).
*/
/**
* A release file. apt's own limit (`Acquire::MaxReleaseFileSize`); Debian's largest has 0.2 MB.
* Crossed: `TOO_LARGE`: the archive is not read, and what rests on it is `undecided`; `inspect` refuses the file.
*/
const MAX_RELEASE_FILE = 1e7;
/**
* One line of a release file; gpgv refuses longer ones in a signed text.
* Crossed: `RELEASE_MALFORMED`, with the number of the line: the archive is not read, and what rests on it is
* `undecided`.
*/
const MAX_RELEASE_LINE = 16384;
/**
* Indexes that one release file may list. Debian's largest suite lists some 700.
* Crossed: `RELEASE_MALFORMED`: the archive is not read, and what rests on it is `undecided`.
*/
const MAX_RELEASE_ENTRIES = 2e5;
/**
* A compressed index as downloaded. Debian's largest Packages.gz has 15 MB.
* Crossed: `TOO_LARGE`: the index is not read, and what rests on it is `undecided`.
*/
const MAX_INDEX = 536870912;
/**
* A decompressed index: a bomb stops here even where the release file does not state the plain size.
* Crossed: `TOO_LARGE` where it is stated, `INDEX_MISMATCH` where it grows so: the index is not read, and what rests
* on it is `undecided`.
*/
const MAX_PLAIN_INDEX = 4294967296;
/**
* One stanza of an index with its last line end; apt refuses about the same.
* Crossed: `INDEX_MALFORMED`: the index is not read, and what rests on it is `undecided`.
*/
const MAX_STANZA = 2097152;
/**
* The stanzas of one index that are looked for, which are kept. All of Debian 12 for one architecture has 50 MB; an
* index that lists one package a million times over would fill the memory.
* Crossed: `INDEX_MALFORMED`: the index is not read, and what rests on it is `undecided`.
*/
const MAX_WANTED_STANZAS = 134217728;
/**
* How many of them are kept: each takes some 0.6 kB, however small it is. All of Debian for one architecture has 70 000
* packages, and an archive that keeps every version some hundreds of each.
* Crossed: `INDEX_MALFORMED`: the index is not read, and what rests on it is `undecided`.
*/
const MAX_KEPT_STANZAS = 3e5;
/**
* Packages that are looked for and of which one index has stanzas that not everybody reads alike: of each the first is
* told. Archives have one or two; what writes a thousand writes all of them so.
* Crossed: `INDEX_MALFORMED`: the index is not read, and what rests on it is `undecided`.
*/
const MAX_UNCLEAR_NAMES = 1e3;
/**
* Files that one `Packages` index may list, whose hashes are all kept for the comparison with an upstream: 64 bytes
* each. All of Debian for one architecture has 70 000.
* Crossed: `INDEX_MALFORMED`: the index is not read, and what rests on it is `undecided`.
*/
const MAX_INDEX_FILES = 2e6;
/**
* Files of one index that nobody vouches for and that are read a second time, to be named and to be asked about. Where
* there are more, whoever made the archive knows why.
* Crossed: the others are counted, not named, and no rebuilder is asked about them.
*/
const MAX_NAMED_FILES = 1e3;
/**
* A keyring file. Debian's two together have 0.3 MB.
* Crossed: `KEY`; a keyring of a system's apt sources is left out with a warning, and its source has no keys.
*/
const MAX_KEYRING = 8388608;
/**
* The policy file.
* Crossed: `POLICY`.
*/
const MAX_POLICY = 1048576;
/**
* Characters of one value of the policy: a path, a URL, a reason.
* Crossed: `POLICY`, with the line.
*/
const MAX_POLICY_TEXT = 4096;
/**
* Items of one list of the policy: suites, components, architectures, package lists.
* Crossed: `POLICY`, with the line.
*/
const MAX_POLICY_ITEMS = 1e3;
/**
* Exceptions of one policy.
* Crossed: `POLICY`, with the line.
*/
const MAX_EXCEPTIONS = 1e4;
/**
* A package file that `--deep` downloads. Debian's largest has 1.6 GB.
* Crossed: with `--deep` the package is `undecided`; `rebuild` ends it with `TOO_LARGE`.
*/
const MAX_PACKAGE_FILE = 8589934592;
/**
* What a package file may have more than its index says before it is no longer read: its hash can then be told.
* Crossed: the pool serves another file: the package is a `mismatch`, without the hash of what is served.
*/
const MAX_PACKAGE_EXCESS = 67108864;
/**
* What one piece of compressed input may grow to. The decoders in JavaScript decode all of it at once, and a bomb
* would fill the memory before anybody could stop taking; an index shrinks to a sixth, not to a thirtieth.
* Crossed: `COMPRESSION`: the index is not read, and what rests on it is `undecided`.
*/
const MAX_BURST = 33554432;
/**
* Frames of a zstd file, of which each has a decoder of its own: most files have one, apt-ftparchive's two, and one that
* several processors wrote some for each 8 MiB.
* Crossed: `COMPRESSION`: the index or the package file is not read; what rests on an index is `undecided`.
*/
const MAX_ZSTD_FRAMES = 1e3;
/**
* Bytes of its content that a zstd frame may ask a decoder to keep: as many as libzstd keeps unless it is told otherwise.
* Crossed: `COMPRESSION`: the index or the package file is not read; what rests on an index is `undecided`.
*/
const MAX_ZSTD_WINDOW = 134217728;
/**
* Milliseconds until a server must have accepted the connection.
* Crossed: `FETCH`, after all tries.
*/
const CONNECT_TIMEOUT = 15e3;
/**
* Milliseconds without a byte of the answer after which a download is given up.
* Crossed: `FETCH`, after all tries.
*/
const IDLE_TIMEOUT = 3e4;
/**
* Milliseconds for one whole download of an index or a release file.
* Crossed: `FETCH`: it is not tried again.
*/
const DOWNLOAD_TIMEOUT = 6e5;
/**
* Milliseconds for a rebuilder's statement: a few kB, for each of thousands of packages.
* Crossed: the statement is not read, and the rebuilder counts as unreachable for its package.
*/
const STATEMENT_TIMEOUT = 6e4;
/**
* Milliseconds that the downloads from one place may take in all: so many, and so many more for each of them.
* Crossed: `FETCH` at once for all that is still wanted from there, which says how long it took.
*/
const PATIENCE = 3e5;
const PATIENCE_PER_DOWNLOAD = 2e3;
/**
* Milliseconds after its Date in which a past release file must have been signed: the keys of Debian's machines follow
* two minutes later at most, those of people up to 38. And before it, for clocks that differ.
* Crossed: `RELEASE_TIME`: that state is not read, and what only it could prove is `undecided`.
*/
const MAX_SIGNED_AFTER_DATE = 36e5;
const MAX_SIGNED_BEFORE_DATE = 1e4;
/**
* Milliseconds between the starts of two requests to one snapshot service, as other tools keep it: faster ones are
* answered with errors there.
* Crossed: the next request waits for its turn.
*/
const REQUEST_INTERVAL = 1500;
/**
* Milliseconds before the second of them, doubled each time, and the longest: some four minutes in all.
* Crossed: the wait does not grow any more.
*/
const PACED_RETRY_DELAY = 4e3;
const MAX_PACED_DELAY = 12e4;
/**
* Milliseconds that a snapshot service may take in all: so many, and so many more for each download.
* Crossed: `FETCH` at once for all that is still wanted from it: what only it could prove is `undecided`.
*/
const SERVICE_PATIENCE = 36e5;
const SERVICE_PATIENCE_PER_DOWNLOAD = 2e4;
/**
* A list of a snapshot service's runs: all of Debian's, four a day since 2005, have 0.7 MB.
* Crossed: `TOO_LARGE`: its runs are not known, and what only it could prove is `undecided`.
*/
const MAX_RUN_LIST = 4194304;
/**
* What a snapshot service says of one package: a file of all architectures in many archives has some 20 kB.
* Crossed: `TOO_LARGE`: what it says is not read, and the package is `undecided`.
*/
const MAX_FILE_HINTS = 1048576;
/**
* Milliseconds after that run in which those are looked for.
* Crossed: later runs are not looked for, and a package that only they list stays without proof.
*/
const HINT_SPAN = 2592e5;
/**
* A package list. The status file of the largest desktop image has some 6 MB.
* Crossed: `PACKAGE_LIST`; `TOO_LARGE` is its cause for one that is downloaded.
*/
const MAX_LIST = 67108864;
/**
* Lines of a package list. Tails' longest has 6 200; a status file of 100 000 packages has 2.5 million.
* Crossed: `PACKAGE_LIST`, with the line.
*/
const MAX_LIST_LINES = 4e6;
/**
* YAML that is not written as Tails writes it: the parser needs seconds and a GB of memory for a hostile MB.
* Crossed: `PACKAGE_LIST`.
*/
const MAX_LIST_YAML = 524288;
/**
* .debs in one folder. All of Debian for one architecture has 70 000.
* Crossed: `PACKAGE_LIST`.
*/
const MAX_DEBS = 2e5;
/**
* Files and folders that are looked at to find .debs, and how deep.
* Crossed: `PACKAGE_LIST`; `TOO_LARGE` for a folder of statements that is deeper, and its rebuilder is unreachable.
*/
const MAX_FOLDER_ENTRIES = 1e6;
/**
* The compressed control member of a .deb. Debian's largest has 2 MB.
* Crossed: `PACKAGE_LIST`, naming the .deb.
*/
const MAX_CONTROL_MEMBER = 67108864;
/**
* The same, decompressed. Debian's largest has some 15 MB.
* Crossed: `PACKAGE_LIST`, naming the .deb.
*/
const MAX_CONTROL_TAR = 67108864;
/**
* The control file of a .deb. Debian's largest have some 100 kB.
* Crossed: `PACKAGE_LIST`, naming the .deb.
*/
const MAX_CONTROL_FILE = 1048576;
/**
* One file of apt's sources, and dpkg's list of architectures.
* Crossed: `POLICY`; `USAGE` for the sources that `rebuild` is given.
*/
const MAX_SOURCES_FILE = 1048576;
/**
* apt sources of one system.
* Crossed: `POLICY`, with the line.
*/
const MAX_SOURCES = 1e3;
/**
* dpkg's status file, where only the architecture is looked for.
* Crossed: `POLICY`.
*/
const MAX_STATUS_FILE = 268435456;
/**
* A .buildinfo. Debian's largest, of builds with thousands of dependencies, have some 0.3 MB.
* Crossed: `TOO_LARGE`: it does not count as a statement, and cannot be repeated by `rebuild`.
*/
const MAX_BUILDINFO = 4194304;
/**
* Files that one .buildinfo lists. Debian's largest builds make some 1 000.
* Crossed: `TOO_LARGE`: it does not count as a statement, and cannot be repeated by `rebuild`.
*/
const MAX_BUILDINFO_FILES = 5e3;
/**
* Files listed by all .buildinfo files of one place that are kept at once; what is dropped is read again when asked
* for. All of Debian for one architecture has some 150 000 with those of debug symbols, in some 30 MB.
* Crossed: the one that was used the longest ago is dropped, and read again when it is asked for.
*/
const MAX_KEPT_BUILDINFO_FILES = 5e5;
/**
* A rebuilder's statement. Links that list every .deb of a large build have some 0.1 MB.
* Crossed: `TOO_LARGE`: it does not count; `POLICY` for a layout.
*/
const MAX_STATEMENT = 4194304;
/**
* Values in one JSON text. A link that lists a thousand files has some ten thousand.
* Crossed: `STATEMENT`: the document does not count.
*/
const MAX_JSON_VALUES = 2e5;
/**
* Characters of a number in JSON; a double takes no more than 25.
* Crossed: `STATEMENT`: the document does not count.
*/
const MAX_JSON_NUMBER = 1e3;
/**
* Keys of one step of a layout: as many rebuilders.
* Crossed: `STATEMENT`: the layout cannot be used.
*/
const MAX_LAYOUT_KEYS = 1e3;
/**
* Bits of an RSA key of a layout, and of a signature by one: gpg makes none with more than 4096.
* Crossed: `STATEMENT`: the layout cannot be used, or the signature does not count.
*/
const MAX_RSA_BITS = 16384;
/**
* Files in one folder that may be statements. A rebuilder of all of Debian for one architecture signs 40 000.
* Crossed: `TOO_LARGE`: the rebuilder is unreachable, and what only it could prove is `undecided`.
*/
const MAX_STATEMENT_FILES = 2e5;
/**
* Files and folders that are looked at to find them: each version of a source package has its own folder.
* Crossed: `TOO_LARGE`: the rebuilder is unreachable, and what only it could prove is `undecided`.
*/
const MAX_STATEMENT_FOLDER_ENTRIES = 1e6;
/**
* A list that rebuilderd answers with. A record has some 0.5 kB; the unpaged list of all of Debian has 168 MB.
* Crossed: `TOO_LARGE`: the rebuilder is unreachable for the package.
*/
const MAX_REBUILDERD_ANSWER = 4194304;
/**
* A PEM file of public keys: each has some 0.2 kB.
* Crossed: `KEY`.
*/
const MAX_PUBLIC_KEY_FILE = 65536;
/**
* A SHA256SUMS file. One that lists all of Debian for one architecture has 8 MB.
* Crossed: `TOO_LARGE`: the rebuilder is unreachable, and what only it could prove is `undecided`.
*/
const MAX_SHA256SUMS = 8388608;
/**
* Lines of a SHA256SUMS file. All of Debian for one architecture has 70 000 packages.
* Crossed: `TOO_LARGE`: it does not count.
*/
const MAX_SHA256SUMS_LINES = 1e5;
/**
* The index page of a folder on a server. A line of Apache's has some 250 bytes.
* Crossed: `TOO_LARGE`: the rebuilder is unreachable, and what only it could prove is `undecided`.
*/
const MAX_DIRECTORY_LISTING = 33554432;
/**
* Characters of a link in an index page: file names have 255 bytes, each of which may be written as `%xx`.
* Crossed: it is no link to a file.
*/
const MAX_LINK_TAG = 4096;
/**
* Links in one index page: a folder with a .buildinfo for each source package of Debian has 40 000.
* Crossed: `TOO_LARGE`: the rebuilder is unreachable, and what only it could prove is `undecided`.
*/
const MAX_LISTED_FILES = 2e5;
/**
* Documents of one party that may speak of one package. One that builds it again every night has a year of them.
* Crossed: the rebuilder is unreachable for the package, which says so: none of them was read.
*/
const MAX_STATEMENTS_PER_PACKAGE = 1e3;
/**
* Links of a folder that are kept while other packages may ask for them, the latest of them.
* Crossed: the oldest is dropped, and read again when it is asked for.
*/
const MAX_RECENT_LINKS = 1e3;
/**
* The same, all of them together.
* Crossed: the oldest is dropped, and read again when it is asked for.
*/
const MAX_RECENT_LINK_BYTES = 33554432;
/**
* A report.json that `rebuild --unproven` reads. One of 70 000 packages has some 40 MB.
* Crossed: `USAGE`; `EVIDENCE` for `recheck`.
*/
const MAX_REPORT = 268435456;
/**
* A .dsc. Debian's largest, with thousands of binary packages, have some 0.3 MB.
* Crossed: `TOO_LARGE`: the package is not rebuilt.
*/
const MAX_DSC = 4194304;
/**
* What of the end of a build's log is looked at, for its last lines.
* Crossed: lines before it are not shown; the log itself is kept whole.
*/
const MAX_LOG_TAIL = 65536;
/**
* Packages of one build environment. Debian's largest have some 2 000.
* Crossed: `STATEMENT`: the build is not repeated.
*/
const MAX_BUILD_DEPENDENCIES = 2e4;
/**
* Milliseconds between asking a build to end and killing it: sbuild takes its chroot away meanwhile.
* Crossed: all of its processes are killed.
*/
const KILL_GRACE = 3e4;
/**
* Milliseconds in which a tool must have printed its help.
* Crossed: `USAGE`: the tool does not work.
*/
const TOOL_PROBE_TIMEOUT = 3e4;
/**
* Characters of what a tool complains of when it cannot print its help.
* Crossed: the rest is not kept: its first line is shown.
*/
const MAX_TOOL_COMPLAINT = 1e4;
/**
* Milliseconds that diffoscope may look for what differs between two files.
* Crossed: there is no text of its; the verdict stands without it.
*/
const DIFFOSCOPE_TIMEOUT = 6e5;
/**
* Milliseconds before and after a build's date in which past states of an upstream are looked at.
* Crossed: none: `window` in the policy says otherwise. States outside of it are not looked at.
*/
const DEFAULT_WINDOW = 2592e5;
/**
* A sighting in a store of evidence: some 160 bytes for each index of its suite. Debian's largest suite lists 700.
* Crossed: `TOO_LARGE`: the sighting is not read, and what rests on it is `undecided`.
*/
const MAX_SIGHTING = 4194304;
/**
* Sightings of one suite in one store. One that is recorded every hour has 9 000 a year.
* Crossed: `TOO_LARGE`, which says to begin another store.
*/
const MAX_SIGHTINGS = 5e5;
/**
* Milliseconds that the recorder's clock may be before what the store says of when a suite was last seen: recorders that
* share a store have clocks of their own.
* Crossed: `RELEASE_TIME`: the suite is not recorded.
*/
const MAX_CLOCK_BEHIND = 6e5;
/**
* Milliseconds that the recorder's clock may be ahead of what a server says of the time: proxies keep answers for hours
* without saying so.
* Crossed: `RELEASE_TIME`: the suite is not recorded.
*/
const MAX_CLOCK_AHEAD = 864e5;
/**
* Milliseconds after which what a process left half written in a store of evidence is removed.
* Crossed: it is removed by the next `record`.
*/
const ABANDONED_AFTER = 864e5;
/**
* Parts that one verification is split into: as many machines.
* Crossed: `USAGE`; `EVIDENCE` for an index of merged evidence with more parts.
*/
const MAX_SHARDS = 1e3;
/**
* Milliseconds between the signatures of the first part of a plan and of the last: a job that failed on a Friday may be
* run again after a holiday, and what rebuilders say changes in a month.
* Crossed: `USAGE`, naming the two parts.
*/
const MAX_PLAN_SPREAD = 6048e5;
/**
* A file of releases to plan for. A line has some 40 bytes, and a matrix takes 256 of them.
* Crossed: `USAGE`.
*/
const MAX_RELEASES_FILE = 65536;
/**
* A detached signature file. One by an RSA key of 4096 bits has 0.8 kB.
* Crossed: `USAGE`; `EVIDENCE` for `recheck`.
*/
const MAX_DETACHED_SIGNATURE = 65536;
/**
* The index of the evidence of one report. One of 70 000 packages read from a folder of .debs has some 20 MB.
* Crossed: `EVIDENCE`; `USAGE` for `merge`.
*/
const MAX_BUNDLE_INDEX = 268435456;
/**
* Milliseconds without a sign of life after which a run on another machine, or in another container, is taken for gone:
* it gives one every five seconds, and nothing that it does holds it up for longer than a few.
* Crossed: the output folder that it wrote to is free.
*/
const MAX_OUTPUT_SILENCE = 6e4;
/**
* What a run says of itself in the output folder that it writes to: one line of 100 characters.
* Crossed: the rest is not read, and the run is known by its signs of life alone.
*/
const MAX_OUTPUT_CLAIM = 1024;
/**
* What a CI says of the event that started it: GitHub's largest payloads have some 100 kB.
* Crossed: the number of the pull request is not known, and no comment is written.
*/
const MAX_EVENT = 4194304;
/**
* Packages that have a test of their own in junit.xml, and as many that the policy excepts: the page of a CI that shows
* them is for people.
* Crossed: one more test stands for all others, says how many they are and fails, or is skipped, like them.
*/
const MAX_JUNIT_CASES = 1e3;
/**
* The job summary: GitHub drops a larger one whole.
* Crossed: it is shortened, and says where the whole report is.
*/
const MAX_JOB_SUMMARY = 1044480;
/**
* A comment: GitHub takes 65 536 characters.
* Crossed: it is shortened, and says where the whole report is.
*/
const MAX_COMMENT = 6e4;
/**
* Files that a cache from elsewhere may have: one run uses some hundreds of indexes. And how deep they may lie.
* Crossed: the rest of it is left out, and downloaded instead.
*/
const MAX_CACHE_FILES = 2e4;
/**
* All content that one run hands to a CI's cache service, which keeps 10 GB for a whole repository.
* Crossed: the rest of it is left out, and downloaded instead.
*/
const MAX_SAVED_CACHE = 2147483648;
/**
* Milliseconds for one question to a CI's API.
* Crossed: `PUBLISH`: a notice that there is no comment; the verdict stands.
*/
const API_TIMEOUT = 3e4;
/**
* The answer of a CI's API: a page of a hundred long comments.
* Crossed: `PUBLISH`: a notice that there is no comment; the verdict stands.
*/
const MAX_API_ANSWER = 16777216;
/**
* Subjects of one attestation: what GitHub takes.
* Crossed: `PUBLISH`: the step fails after the report was published.
*/
const MAX_ATTESTED_SUBJECTS = 1024;
/**
* The predicate of an attestation: what GitHub takes.
* Crossed: `PUBLISH`: the step fails after the report was published.
*/
const MAX_ATTESTED_PREDICATE = 16777216;
/**
* Characters of what a library writes while it is overheard: an error of tar's may quote a megabyte for each file.
* Crossed: the rest is not kept.
*/
const MAX_OVERHEARD = 65536;
// src/errors.ts
/**
* The closed set of things that can go wrong. A code is a contract: scripts match on it, so a code may be
* added but its meaning never changes. The message is for people and says what to do next.
*/
const ERROR_CODES = [
	"USAGE",
	"POLICY",
	"PACKAGE_LIST",
	"KEY",
	"OUTPUT",
	"RELEASE_MALFORMED",
	"RELEASE_UNTRUSTED",
	"RELEASE_TIME",
	"RELEASE_SUITE",
	"INDEX_MISMATCH",
	"INDEX_MALFORMED",
	"INDEX_UNLISTED",
	"INDEX_UNREADABLE",
	"NOT_FOUND",
	"FETCH",
	"TOO_LARGE",
	"COMPRESSION",
	"STATEMENT",
	"EVIDENCE",
	"PUBLISH",
	"OFFLINE"
];
/** A failure that is foreseen: its message is enough for the user, no stack trace is shown. */
var DebproofError = class extends Error {
	code;
	constructor(code, message, options) {
		super(upToLimit(message), options);
		this.name = "DebproofError";
		this.code = code;
	}
};
/** True for a DebproofError, of one of `codes` when any are given. */
function isDebproofError(error, ...codes) {
	return error instanceof DebproofError && (codes.length === 0 || codes.includes(error.code));
}
/** How many causes are looked at: an error may be its own cause. */
const MAX_CAUSES = 8;
/** The message of anything thrown, with the messages of its causes. */
function describeError(error) {
	const messages = [];
	let current = error;
	for (let depth = 0; depth < MAX_CAUSES && current !== void 0; depth++) {
		if (current instanceof AggregateError && current.message === "") current = current.errors[0];
		const message = current instanceof Error ? messageOf(current) : String(current);
		if (!messages.some((earlier) => earlier.includes(message))) messages.push(message);
		current = current instanceof Error ? current.cause : void 0;
	}
	return upToLimit(messages.map((message, index) => index + 1 < messages.length ? message.replace(/\.$/, "") : message).join(": "));
}
/** JSON.parse quotes what it reads, which may be any file that somebody named. */
function messageOf(error) {
	if (error instanceof SyntaxError && error.message.endsWith("is not valid JSON")) return "it is not valid JSON";
	return error.message || error.name;
}
/** Without its middle where it is too long: what is wrong stands before what is quoted, or after it. */
function upToLimit(message) {
	if (message.length <= 16384) return message;
	return `${message.slice(0, 8191)}…${message.slice(-8192)}`;
}
/** The errno code (`ENOENT`, `EACCES`, …) of an error of Node's, if it has one. */
function systemErrorCode(error) {
	if (!(error instanceof Error) || error instanceof DebproofError || !("code" in error)) return void 0;
	return typeof error.code === "string" ? error.code : void 0;
}
export { MAX_LOG_TAIL as $, MAX_DEBS as A, MAX_SIGNED_BEFORE_DATE as At, MAX_JOB_SUMMARY as B, MAX_UNCLEAR_NAMES as Bt, MAX_CACHE_FILES as C, MAX_SAVED_CACHE as Ct, MAX_CONTROL_FILE as D, MAX_SIGHTING as Dt, MAX_COMMENT as E, MAX_SHARDS as Et, MAX_EXCEPTIONS as F, MAX_STATEMENTS_PER_PACKAGE as Ft, MAX_KEPT_STANZAS as G, PATIENCE as Gt, MAX_JSON_VALUES as H, MAX_ZSTD_FRAMES as Ht, MAX_FILE_HINTS as I, MAX_STATEMENT_FILES as It, MAX_LINK_TAG as J, SERVICE_PATIENCE as Jt, MAX_KEYRING as K, PATIENCE_PER_DOWNLOAD as Kt, MAX_FOLDER_ENTRIES as L, MAX_STATEMENT_FOLDER_ENTRIES as Lt, MAX_DIRECTORY_LISTING as M, MAX_SOURCES_FILE as Mt, MAX_DSC as N, MAX_STANZA as Nt, MAX_CONTROL_MEMBER as O, MAX_SIGHTINGS as Ot, MAX_EVENT as P, MAX_STATEMENT as Pt, MAX_LIST_YAML as Q, MAX_INDEX as R, MAX_STATUS_FILE as Rt, MAX_BURST as S, MAX_RUN_LIST as St, MAX_CLOCK_BEHIND as T, MAX_SHA256SUMS_LINES as Tt, MAX_JUNIT_CASES as U, MAX_ZSTD_WINDOW as Ut, MAX_JSON_NUMBER as V, MAX_WANTED_STANZAS as Vt, MAX_KEPT_BUILDINFO_FILES as W, PACED_RETRY_DELAY as Wt, MAX_LISTED_FILES as X, STATEMENT_TIMEOUT as Xt, MAX_LIST as Y, SERVICE_PATIENCE_PER_DOWNLOAD as Yt, MAX_LIST_LINES as Z, TOOL_PROBE_TIMEOUT as Zt, MAX_ATTESTED_SUBJECTS as _, MAX_RELEASE_ENTRIES as _t, systemErrorCode as a, MAX_PACKAGE_EXCESS as at, MAX_BUILD_DEPENDENCIES as b, MAX_REPORT as bt, CONNECT_TIMEOUT as c, MAX_PLAN_SPREAD as ct, DOWNLOAD_TIMEOUT as d, MAX_POLICY_TEXT as dt, MAX_NAMED_FILES as et, HINT_SPAN as f, MAX_PUBLIC_KEY_FILE as ft, MAX_ATTESTED_PREDICATE as g, MAX_RELEASES_FILE as gt, MAX_API_ANSWER as h, MAX_RECENT_LINK_BYTES as ht, isDebproofError as i, MAX_PACED_DELAY as it, MAX_DETACHED_SIGNATURE as j, MAX_SOURCES as jt, MAX_CONTROL_TAR as k, MAX_SIGNED_AFTER_DATE as kt, DEFAULT_WINDOW as l, MAX_POLICY as lt, KILL_GRACE as m, MAX_RECENT_LINKS as mt, ERROR_CODES as n, MAX_OUTPUT_SILENCE as nt, ABANDONED_AFTER as o, MAX_PACKAGE_FILE as ot, IDLE_TIMEOUT as p, MAX_REBUILDERD_ANSWER as pt, MAX_LAYOUT_KEYS as q, REQUEST_INTERVAL as qt, describeError as r, MAX_OVERHEARD as rt, API_TIMEOUT as s, MAX_PLAIN_INDEX as st, DebproofError as t, MAX_OUTPUT_CLAIM as tt, DIFFOSCOPE_TIMEOUT as u, MAX_POLICY_ITEMS as ut, MAX_BUILDINFO as v, MAX_RELEASE_FILE as vt, MAX_CLOCK_AHEAD as w, MAX_SHA256SUMS as wt, MAX_BUNDLE_INDEX as x, MAX_RSA_BITS as xt, MAX_BUILDINFO_FILES as y, MAX_RELEASE_LINE as yt, MAX_INDEX_FILES as z, MAX_TOOL_COMPLAINT as zt };
