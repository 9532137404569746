/**
 * Every limit on what comes from outside, in one place, each with its reason. Bytes unless said otherwise.
 * What happens when it is crossed stands behind `Crossed:`; docs/limits.md is made of these comments (`npm run reference`).
 */

/**
 * A release file. apt's own limit (`Acquire::MaxReleaseFileSize`); Debian's largest has 0.2 MB.
 * Crossed: `TOO_LARGE`: the archive is not read, and what rests on it is `undecided`; `inspect` refuses the file.
 */
export const MAX_RELEASE_FILE = 10 * 1000 * 1000

/**
 * One line of a release file; gpgv refuses longer ones in a signed text.
 * Crossed: `RELEASE_MALFORMED`, with the number of the line: the archive is not read, and what rests on it is
 * `undecided`.
 */
export const MAX_RELEASE_LINE = 16 * 1024

/**
 * Indexes that one release file may list. Debian's largest suite lists some 700.
 * Crossed: `RELEASE_MALFORMED`: the archive is not read, and what rests on it is `undecided`.
 */
export const MAX_RELEASE_ENTRIES = 200_000

/**
 * Signatures in one release file. Debian uses three.
 * Crossed: `RELEASE_MALFORMED` for a release file, whose archive is not read; `STATEMENT` for a statement, which does
 * not count.
 */
export const MAX_SIGNATURES = 64

/**
 * A compressed index as downloaded. Debian's largest Packages.gz has 15 MB.
 * Crossed: `TOO_LARGE`: the index is not read, and what rests on it is `undecided`.
 */
export const MAX_INDEX = 512 * 1024 * 1024

/**
 * A decompressed index: a bomb stops here even where the release file does not state the plain size.
 * Crossed: `TOO_LARGE` where it is stated, `INDEX_MISMATCH` where it grows so: the index is not read, and what rests
 * on it is `undecided`.
 */
export const MAX_PLAIN_INDEX = 4 * 1024 * 1024 * 1024

/**
 * Characters of a package's name, and of a version. Debian 12 has up to 75 and 52.
 * Crossed: it is no name or no version: `INDEX_MALFORMED` in an index, `PACKAGE_LIST` in a list.
 */
export const MAX_NAME = 255

/**
 * Characters of the name of an architecture.
 * Crossed: it is no architecture: `INDEX_MALFORMED` in an index, `PACKAGE_LIST` in a list, `POLICY` in a policy.
 */
export const MAX_ARCHITECTURE = 64

/**
 * One stanza of an index with its last line end; apt refuses about the same.
 * Crossed: `INDEX_MALFORMED`: the index is not read, and what rests on it is `undecided`.
 */
export const MAX_STANZA = 2 * 1024 * 1024

/**
 * The stanzas of one index that are looked for, which are kept. All of Debian 12 for one architecture has 50 MB; an
 * index that lists one package a million times over would fill the memory.
 * Crossed: `INDEX_MALFORMED`: the index is not read, and what rests on it is `undecided`.
 */
export const MAX_WANTED_STANZAS = 128 * 1024 * 1024

/**
 * How many of them are kept: each takes some 0.6 kB, however small it is. All of Debian for one architecture has 70 000
 * packages, and an archive that keeps every version some hundreds of each.
 * Crossed: `INDEX_MALFORMED`: the index is not read, and what rests on it is `undecided`.
 */
export const MAX_KEPT_STANZAS = 300_000

/**
 * Packages that are looked for and of which one index has stanzas that not everybody reads alike: of each the first is
 * told. Archives have one or two; what writes a thousand writes all of them so.
 * Crossed: `INDEX_MALFORMED`: the index is not read, and what rests on it is `undecided`.
 */
export const MAX_UNCLEAR_NAMES = 1_000

/**
 * Of these, those that a report tells among the notes on an archive, for each index. The reason of each package tells
 * its own.
 * Crossed: the others are counted.
 */
export const MAX_UNCLEAR_TOLD = 10

/**
 * Files that one `Packages` index may list, whose hashes are all kept for the comparison with an upstream: 64 bytes
 * each. All of Debian for one architecture has 70 000.
 * Crossed: `INDEX_MALFORMED`: the index is not read, and what rests on it is `undecided`.
 */
export const MAX_INDEX_FILES = 2_000_000

/**
 * Files of one index that nobody vouches for and that are read a second time, to be named and to be asked about. Where
 * there are more, whoever made the archive knows why.
 * Crossed: the others are counted, not named, and no rebuilder is asked about them.
 */
export const MAX_NAMED_FILES = 1_000

/**
 * Of the files that an archive lists and nobody vouches for, those that a report names.
 * Crossed: the others are counted.
 */
export const MAX_REPORTED_FILES = 100

/**
 * A keyring file. Debian's two together have 0.3 MB.
 * Crossed: `KEY`; a keyring of a system's apt sources is left out with a warning, and its source has no keys.
 */
export const MAX_KEYRING = 8 * 1024 * 1024

/**
 * The policy file.
 * Crossed: `POLICY`.
 */
export const MAX_POLICY = 1024 * 1024

/**
 * Aliases in it: for each the YAML parser goes through all of it once more.
 * Crossed: `POLICY`, with the line.
 */
export const MAX_POLICY_ALIASES = 200

/**
 * What YAML's aliases may make of one value of the policy: so many times what is written.
 * Crossed: `POLICY`.
 */
export const MAX_YAML_ALIASES = 100

/**
 * Characters of one value of the policy: a path, a URL, a reason.
 * Crossed: `POLICY`, with the line.
 */
export const MAX_POLICY_TEXT = 4096

/**
 * Items of one list of the policy: suites, components, architectures, package lists.
 * Crossed: `POLICY`, with the line.
 */
export const MAX_POLICY_ITEMS = 1000

/**
 * Upstreams of one archive, and places and public keys of one rebuilder.
 * Crossed: `POLICY`, with the line.
 */
export const MAX_POLICY_PLACES = 100

/**
 * Snapshot services that have the same content.
 * Crossed: `POLICY`, with the line.
 */
export const MAX_SNAPSHOT_SERVICES = 10

/**
 * Exceptions of one policy.
 * Crossed: `POLICY`, with the line.
 */
export const MAX_EXCEPTIONS = 10_000

/**
 * A package file that `--deep` downloads. Debian's largest has 1.6 GB.
 * Crossed: with `--deep` the package is `undecided`; `rebuild` ends it with `TOO_LARGE`.
 */
export const MAX_PACKAGE_FILE = 8 * 1024 * 1024 * 1024

/**
 * What a package file may have more than its index says before it is no longer read: its hash can then be told.
 * Crossed: the pool serves another file: the package is a `mismatch`, without the hash of what is served.
 */
export const MAX_PACKAGE_EXCESS = 64 * 1024 * 1024

/**
 * What one piece of compressed input may grow to. The decoders in JavaScript decode all of it at once, and a bomb
 * would fill the memory before anybody could stop taking; an index shrinks to a sixth, not to a thirtieth.
 * Crossed: `COMPRESSION`: the index is not read, and what rests on it is `undecided`.
 */
export const MAX_BURST = 32 * 1024 * 1024

/**
 * How many times its compressed size decompressed data may have beyond that: each stanza of an index has a hash of 32
 * bytes that does not shrink, and few have 1 000 bytes. gzip alone makes a thousand of one, bzip2 a million.
 * Crossed: `COMPRESSION`: the index or the package file is not read; what rests on an index is `undecided`.
 */
export const MAX_GROWTH = 100

/**
 * Frames of a zstd file, of which each has a decoder of its own: most files have one, apt-ftparchive's two, and one that
 * several processors wrote some for each 8 MiB.
 * Crossed: `COMPRESSION`: the index or the package file is not read; what rests on an index is `undecided`.
 */
export const MAX_ZSTD_FRAMES = 1000

/**
 * Bytes of its content that a zstd frame may ask a decoder to keep: as many as libzstd keeps unless it is told otherwise.
 * Crossed: `COMPRESSION`: the index or the package file is not read; what rests on an index is `undecided`.
 */
export const MAX_ZSTD_WINDOW = 128 * 1024 * 1024

/**
 * Redirects that one download follows.
 * Crossed: `FETCH`: the download has failed.
 */
export const MAX_REDIRECTS = 5

/**
 * Milliseconds until a server must have accepted the connection.
 * Crossed: `FETCH`, after all tries.
 */
export const CONNECT_TIMEOUT = 15_000

/**
 * Milliseconds without a byte of the answer after which a download is given up.
 * Crossed: `FETCH`, after all tries.
 */
export const IDLE_TIMEOUT = 30_000

/**
 * Milliseconds for one whole download of an index or a release file.
 * Crossed: `FETCH`: it is not tried again.
 */
export const DOWNLOAD_TIMEOUT = 10 * 60_000

/**
 * Milliseconds for a rebuilder's statement: a few kB, for each of thousands of packages.
 * Crossed: the statement is not read, and the rebuilder counts as unreachable for its package.
 */
export const STATEMENT_TIMEOUT = 60_000

/**
 * Tries of one download when the server or the network fails; a 404 is an answer and is not tried again.
 * Crossed: `FETCH`, with what the last try met.
 */
export const DOWNLOAD_TRIES = 3

/**
 * Downloads that fail one after another, with all their tries, until a place is no longer asked in this run.
 * Crossed: `FETCH` at once for all that is still wanted from there, which says that it is no longer asked.
 */
export const MAX_FAILURES_IN_A_ROW = 8

/**
 * Milliseconds that the downloads from one place may take in all: so many, and so many more for each of them.
 * Crossed: `FETCH` at once for all that is still wanted from there, which says how long it took.
 */
export const PATIENCE = 5 * 60_000
export const PATIENCE_PER_DOWNLOAD = 2000

/**
 * Downloads under way at once from one server.
 * Crossed: the next download waits for its turn.
 */
export const CONNECTIONS_PER_HOST = 4

/**
 * Seconds that a release file's Date may lie ahead of the clock (`Acquire::Max-FutureTime`).
 * Crossed: `RELEASE_TIME`: the archive is not read, and what rests on it is `undecided`; a report signed later than
 * that is not believed.
 */
export const MAX_FUTURE_SECONDS = 10

/**
 * Milliseconds after its Date in which a past release file must have been signed: the keys of Debian's machines follow
 * two minutes later at most, those of people up to 38. And before it, for clocks that differ.
 * Crossed: `RELEASE_TIME`: that state is not read, and what only it could prove is `undecided`.
 */
export const MAX_SIGNED_AFTER_DATE = 3_600_000
export const MAX_SIGNED_BEFORE_DATE = 10_000

/**
 * Milliseconds before a failed download is tried again; doubled each time.
 * Crossed: the next try begins.
 */
export const RETRY_DELAY = 500

/**
 * Seconds that a server may ask to wait (Retry-After); one that asks for more is not waited for.
 * Crossed: `FETCH` at once: there is no further try.
 */
export const MAX_RETRY_AFTER = 30

/**
 * Milliseconds between the starts of two requests to one snapshot service, as other tools keep it: faster ones are
 * answered with errors there.
 * Crossed: the next request waits for its turn.
 */
export const REQUEST_INTERVAL = 1500

/**
 * Tries of one download from a snapshot service: it turns away whoever asks too often, for minutes.
 * Crossed: `FETCH`: the run of the service is not read, and what only it could prove is `undecided`.
 */
export const PACED_TRIES = 7

/**
 * Milliseconds before the second of them, doubled each time, and the longest: some four minutes in all.
 * Crossed: the wait does not grow any more.
 */
export const PACED_RETRY_DELAY = 4000
export const MAX_PACED_DELAY = 120_000

/**
 * Seconds that a snapshot service may ask to wait: there is no other place to go to.
 * Crossed: `FETCH` at once: there is no further try.
 */
export const MAX_PACED_RETRY_AFTER = 15 * 60

/**
 * Downloads from a snapshot service that fail one after another, with all their tries, until it is no longer asked.
 * Crossed: `FETCH` at once for all that is still wanted from it: what only it could prove is `undecided`.
 */
export const MAX_SERVICE_FAILURES = 3

/**
 * Milliseconds that a snapshot service may take in all: so many, and so many more for each download.
 * Crossed: `FETCH` at once for all that is still wanted from it: what only it could prove is `undecided`.
 */
export const SERVICE_PATIENCE = 60 * 60_000
export const SERVICE_PATIENCE_PER_DOWNLOAD = 20_000

/**
 * A list of a snapshot service's runs: all of Debian's, four a day since 2005, have 0.7 MB.
 * Crossed: `TOO_LARGE`: its runs are not known, and what only it could prove is `undecided`.
 */
export const MAX_RUN_LIST = 4 * 1024 * 1024

/**
 * Runs of a window that are looked at, the nearest: four a day over 50 days. Each costs some seconds.
 * Crossed: what none of those proves is `undecided`, and the reason says to narrow the window.
 */
export const MAX_SNAPSHOT_RUNS = 400

/**
 * What a snapshot service says of one package: a file of all architectures in many archives has some 20 kB.
 * Crossed: `TOO_LARGE`: what it says is not read, and the package is `undecided`.
 */
export const MAX_FILE_HINTS = 1024 * 1024

/**
 * Packages that a snapshot service is asked about one by one, two seconds each, where its indexes list them not.
 * Crossed: the other packages are `undecided`, and the reason names the limit, if there are runs in the window that
 * were not read; else `unproven`, and the reason does not say when they were first seen.
 */
export const MAX_HINTED_CLAIMS = 200

/**
 * Runs of the window, beside the nearest, that are looked at because of what it says: some seconds each.
 * Crossed: the other packages are `undecided`, and the reason names the limit.
 */
export const MAX_HINTED_RUNS = 60

/**
 * Runs from the one on in which a file was first seen: it may reach a suite's index a day after the pool.
 * Crossed: later runs are not read, and a package that only they list stays without proof.
 */
export const RUNS_PER_HINT = 4

/**
 * Milliseconds after that run in which those are looked for.
 * Crossed: later runs are not looked for, and a package that only they list stays without proof.
 */
export const HINT_SPAN = 3 * 24 * 3_600_000

/**
 * A package list. The status file of the largest desktop image has some 6 MB.
 * Crossed: `PACKAGE_LIST`; `TOO_LARGE` is its cause for one that is downloaded.
 */
export const MAX_LIST = 64 * 1024 * 1024

/**
 * Lines of a package list. Tails' longest has 6 200; a status file of 100 000 packages has 2.5 million.
 * Crossed: `PACKAGE_LIST`, with the line.
 */
export const MAX_LIST_LINES = 4_000_000

/**
 * YAML that is not written as Tails writes it: the parser needs seconds and a GB of memory for a hostile MB.
 * Crossed: `PACKAGE_LIST`.
 */
export const MAX_LIST_YAML = 512 * 1024

/**
 * .debs in one folder. All of Debian for one architecture has 70 000.
 * Crossed: `PACKAGE_LIST`.
 */
export const MAX_DEBS = 200_000

/**
 * Files and folders that are looked at to find .debs, and how deep.
 * Crossed: `PACKAGE_LIST`; `TOO_LARGE` for a folder of statements that is deeper, and its rebuilder is unreachable.
 */
export const MAX_FOLDER_ENTRIES = 1_000_000
export const MAX_FOLDER_DEPTH = 64

/**
 * The compressed control member of a .deb. Debian's largest has 2 MB.
 * Crossed: `PACKAGE_LIST`, naming the .deb.
 */
export const MAX_CONTROL_MEMBER = 64 * 1024 * 1024

/**
 * The same, decompressed. Debian's largest has some 15 MB.
 * Crossed: `PACKAGE_LIST`, naming the .deb.
 */
export const MAX_CONTROL_TAR = 64 * 1024 * 1024

/**
 * The control file of a .deb. Debian's largest have some 100 kB.
 * Crossed: `PACKAGE_LIST`, naming the .deb.
 */
export const MAX_CONTROL_FILE = 1024 * 1024

/**
 * One file of apt's sources, and dpkg's list of architectures.
 * Crossed: `POLICY`; `USAGE` for the sources that `rebuild` is given.
 */
export const MAX_SOURCES_FILE = 1024 * 1024

/**
 * apt sources of one system.
 * Crossed: `POLICY`, with the line.
 */
export const MAX_SOURCES = 1000

/**
 * dpkg's status file, where only the architecture is looked for.
 * Crossed: `POLICY`.
 */
export const MAX_STATUS_FILE = 256 * 1024 * 1024

/**
 * Symbolic links in one path, as many as Linux follows (path_resolution(7)).
 * Crossed: `POLICY`.
 */
export const MAX_LINKS = 40

/**
 * A .buildinfo. Debian's largest, of builds with thousands of dependencies, have some 0.3 MB.
 * Crossed: `TOO_LARGE`: it does not count as a statement, and cannot be repeated by `rebuild`.
 */
export const MAX_BUILDINFO = 4 * 1024 * 1024

/**
 * Files that one .buildinfo lists. Debian's largest builds make some 1 000.
 * Crossed: `TOO_LARGE`: it does not count as a statement, and cannot be repeated by `rebuild`.
 */
export const MAX_BUILDINFO_FILES = 5000

/**
 * Files listed by all .buildinfo files of one place that are kept at once; what is dropped is read again when asked
 * for. All of Debian for one architecture has some 150 000 with those of debug symbols, in some 30 MB.
 * Crossed: the one that was used the longest ago is dropped, and read again when it is asked for.
 */
export const MAX_KEPT_BUILDINFO_FILES = 500_000

/**
 * A rebuilder's statement. Links that list every .deb of a large build have some 0.1 MB.
 * Crossed: `TOO_LARGE`: it does not count; `POLICY` for a layout.
 */
export const MAX_STATEMENT = 4 * 1024 * 1024

/**
 * Levels of arrays and objects in a statement, whose reader calls itself. The deepest known have some ten.
 * Crossed: `STATEMENT`: the document does not count.
 */
export const MAX_JSON_DEPTH = 64

/**
 * Values in one JSON text. A link that lists a thousand files has some ten thousand.
 * Crossed: `STATEMENT`: the document does not count.
 */
export const MAX_JSON_VALUES = 200_000

/**
 * Characters of a number in JSON; a double takes no more than 25.
 * Crossed: `STATEMENT`: the document does not count.
 */
export const MAX_JSON_NUMBER = 1000

/**
 * Keys of one step of a layout: as many rebuilders.
 * Crossed: `STATEMENT`: the layout cannot be used.
 */
export const MAX_LAYOUT_KEYS = 1000

/**
 * Subkeys of one key of a layout. Certificates in use have a handful.
 * Crossed: `STATEMENT`: the layout cannot be used.
 */
export const MAX_LAYOUT_SUBKEYS = 64

/**
 * Bits of an RSA key of a layout, and of a signature by one: gpg makes none with more than 4096.
 * Crossed: `STATEMENT`: the layout cannot be used, or the signature does not count.
 */
export const MAX_RSA_BITS = 16_384

/**
 * Files in one folder that may be statements. A rebuilder of all of Debian for one architecture signs 40 000.
 * Crossed: `TOO_LARGE`: the rebuilder is unreachable, and what only it could prove is `undecided`.
 */
export const MAX_STATEMENT_FILES = 200_000

/**
 * Files and folders that are looked at to find them: each version of a source package has its own folder.
 * Crossed: `TOO_LARGE`: the rebuilder is unreachable, and what only it could prove is `undecided`.
 */
export const MAX_STATEMENT_FOLDER_ENTRIES = 1_000_000

/**
 * A list that rebuilderd answers with. A record has some 0.5 kB; the unpaged list of all of Debian has 168 MB.
 * Crossed: `TOO_LARGE`: the rebuilder is unreachable for the package.
 */
export const MAX_REBUILDERD_ANSWER = 4 * 1024 * 1024

/**
 * Records of one page, and pages of one answer: a package has one record for each release that it is in.
 * Crossed: `FETCH`: the rebuilder is unreachable for the package.
 */
export const REBUILDERD_PAGE = 100
export const MAX_REBUILDERD_PAGES = 10

/**
 * Attestations of one file that are read from one rebuilderd: each build of the same bytes has the same.
 * Crossed: the rest is not read, and the rebuilder counts as unreachable for the package, which says so.
 */
export const MAX_REBUILDERD_ATTESTATIONS = 32

/**
 * Earlier builds that are looked into where the latest did not come out the same. It retries a day, two, … later.
 * Crossed: the oldest are not looked into, and where that leaves no proof, the reason says how many they are.
 */
export const MAX_REBUILDERD_BUILDS = 8

/**
 * A PEM file of public keys: each has some 0.2 kB.
 * Crossed: `KEY`.
 */
export const MAX_PUBLIC_KEY_FILE = 64 * 1024

/**
 * A SHA256SUMS file. One that lists all of Debian for one architecture has 8 MB.
 * Crossed: `TOO_LARGE`: the rebuilder is unreachable, and what only it could prove is `undecided`.
 */
export const MAX_SHA256SUMS = 8 * 1024 * 1024

/**
 * Lines of a SHA256SUMS file. All of Debian for one architecture has 70 000 packages.
 * Crossed: `TOO_LARGE`: it does not count.
 */
export const MAX_SHA256SUMS_LINES = 100_000

/**
 * The index page of a folder on a server. A line of Apache's has some 250 bytes.
 * Crossed: `TOO_LARGE`: the rebuilder is unreachable, and what only it could prove is `undecided`.
 */
export const MAX_DIRECTORY_LISTING = 32 * 1024 * 1024

/**
 * Characters of a link in an index page: file names have 255 bytes, each of which may be written as `%xx`.
 * Crossed: it is no link to a file.
 */
export const MAX_LINK_TAG = 4096

/**
 * Links in one index page: a folder with a .buildinfo for each source package of Debian has 40 000.
 * Crossed: `TOO_LARGE`: the rebuilder is unreachable, and what only it could prove is `undecided`.
 */
export const MAX_LISTED_FILES = 200_000

/**
 * Documents of one party that may speak of one package. One that builds it again every night has a year of them.
 * Crossed: the rebuilder is unreachable for the package, which says so: none of them was read.
 */
export const MAX_STATEMENTS_PER_PACKAGE = 1000

/**
 * Hashes of one file in one statement that are kept: two contradict each other already, and more say no more.
 * Crossed: further hashes are left out: the statement contradicts itself and proves nothing.
 */
export const MAX_HASHES_PER_STATEMENT = 4

/**
 * Source packages and .buildinfo files that one statement says it was built from. A build has one of each.
 * Crossed: the statement does not count; of .buildinfo files, further ones are not asked for and bind no source.
 */
export const MAX_SOURCES_PER_STATEMENT = 64

/**
 * Links of a folder that are kept while other packages may ask for them, the latest of them.
 * Crossed: the oldest is dropped, and read again when it is asked for.
 */
export const MAX_RECENT_LINKS = 1000

/**
 * The same, all of them together.
 * Crossed: the oldest is dropped, and read again when it is asked for.
 */
export const MAX_RECENT_LINK_BYTES = 32 * 1024 * 1024

/**
 * A report.json that `rebuild --unproven` reads. One of 70 000 packages has some 40 MB.
 * Crossed: `USAGE`; `EVIDENCE` for `recheck`.
 */
export const MAX_REPORT = 256 * 1024 * 1024

/**
 * A .dsc. Debian's largest, with thousands of binary packages, have some 0.3 MB.
 * Crossed: `TOO_LARGE`: the package is not rebuilt.
 */
export const MAX_DSC = 4 * 1024 * 1024

/**
 * What of the end of a build's log is looked at, for its last lines.
 * Crossed: lines before it are not shown; the log itself is kept whole.
 */
export const MAX_LOG_TAIL = 64 * 1024

/**
 * Packages of one build environment. Debian's largest have some 2 000.
 * Crossed: `STATEMENT`: the build is not repeated.
 */
export const MAX_BUILD_DEPENDENCIES = 20_000

/**
 * Milliseconds between asking a build to end and killing it: sbuild takes its chroot away meanwhile.
 * Crossed: all of its processes are killed.
 */
export const KILL_GRACE = 30_000

/**
 * Milliseconds in which a tool must have printed its help.
 * Crossed: `USAGE`: the tool does not work.
 */
export const TOOL_PROBE_TIMEOUT = 30_000

/**
 * Characters of what a tool complains of when it cannot print its help.
 * Crossed: the rest is not kept: its first line is shown.
 */
export const MAX_TOOL_COMPLAINT = 10_000

/**
 * Milliseconds that diffoscope may look for what differs between two files.
 * Crossed: there is no text of its; the verdict stands without it.
 */
export const DIFFOSCOPE_TIMEOUT = 10 * 60_000

/**
 * Other files under the name of one used package that rebuilders are asked about: an index may list thousands.
 * Crossed: the others stay unproven, and the package is `undecided`.
 */
export const MAX_SAME_NAME = 20

/**
 * Milliseconds before and after a build's date in which past states of an upstream are looked at.
 * Crossed: none: `window` in the policy says otherwise. States outside of it are not looked at.
 */
export const DEFAULT_WINDOW = 3 * 24 * 3_600_000

/**
 * A sighting in a store of evidence: some 160 bytes for each index of its suite. Debian's largest suite lists 700.
 * Crossed: `TOO_LARGE`: the sighting is not read, and what rests on it is `undecided`.
 */
export const MAX_SIGHTING = 4 * 1024 * 1024

/**
 * Sightings of one suite in one store. One that is recorded every hour has 9 000 a year.
 * Crossed: `TOO_LARGE`, which says to begin another store.
 */
export const MAX_SIGHTINGS = 500_000

/**
 * Notes of one suite's contradictions: a server that falls back and forth makes one each time.
 * Crossed: the latest are told, and how many more there are.
 */
export const MAX_CONTRADICTIONS_TOLD = 10

/**
 * Sightings that are tried, one after another, for one that can be verified: as many as may be damaged or added.
 * Crossed: the first one that could not be verified is told, and what they are about is `undecided`.
 */
export const MAX_SIGHTINGS_TRIED = 10

/**
 * URLs that a note names, where a store saw a suite at others than the policy's.
 * Crossed: the note says that there are more.
 */
export const MAX_ARCHIVES_TOLD = 10

/**
 * Milliseconds that the recorder's clock may be before what the store says of when a suite was last seen: recorders that
 * share a store have clocks of their own.
 * Crossed: `RELEASE_TIME`: the suite is not recorded.
 */
export const MAX_CLOCK_BEHIND = 10 * 60_000

/**
 * Milliseconds that the recorder's clock may be ahead of what a server says of the time: proxies keep answers for hours
 * without saying so.
 * Crossed: `RELEASE_TIME`: the suite is not recorded.
 */
export const MAX_CLOCK_AHEAD = 24 * 3_600_000

/**
 * Milliseconds after which what a process left half written in a store of evidence is removed.
 * Crossed: it is removed by the next `record`.
 */
export const ABANDONED_AFTER = 24 * 3_600_000

/**
 * Parts that one verification is split into: as many machines.
 * Crossed: `USAGE`; `EVIDENCE` for an index of merged evidence with more parts.
 */
export const MAX_SHARDS = 1000

/**
 * Characters of the name of a plan: GitHub's and GitLab's names of runs have up to 20, one that `plan` makes has 32.
 * Crossed: `USAGE`.
 */
export const MAX_PLAN_ID = 64

/**
 * Milliseconds between the signatures of the first part of a plan and of the last: a job that failed on a Friday may be
 * run again after a holiday, and what rebuilders say changes in a month.
 * Crossed: `USAGE`, naming the two parts.
 */
export const MAX_PLAN_SPREAD = 7 * 24 * 3_600_000

/**
 * A file of releases to plan for. A line has some 40 bytes, and a matrix takes 256 of them.
 * Crossed: `USAGE`.
 */
export const MAX_RELEASES_FILE = 64 * 1024

/**
 * Characters of a release's name in a matrix: GitLab makes no pipeline where a job's values have more than 114.
 * Crossed: `USAGE`, with the line.
 */
export const MAX_RELEASE_NAME = 64

/**
 * A detached signature file. One by an RSA key of 4096 bits has 0.8 kB.
 * Crossed: `USAGE`; `EVIDENCE` for `recheck`.
 */
export const MAX_DETACHED_SIGNATURE = 64 * 1024

/**
 * The index of the evidence of one report. One of 70 000 packages read from a folder of .debs has some 20 MB.
 * Crossed: `EVIDENCE`; `USAGE` for `merge`.
 */
export const MAX_BUNDLE_INDEX = 256 * 1024 * 1024

/**
 * Milliseconds without a sign of life after which a run on another machine, or in another container, is taken for gone:
 * it gives one every five seconds, and nothing that it does holds it up for longer than a few.
 * Crossed: the output folder that it wrote to is free.
 */
export const MAX_OUTPUT_SILENCE = 60_000

/**
 * What a run says of itself in the output folder that it writes to: one line of 100 characters.
 * Crossed: the rest is not read, and the run is known by its signs of life alone.
 */
export const MAX_OUTPUT_CLAIM = 1024

/**
 * What a CI says of the event that started it: GitHub's largest payloads have some 100 kB.
 * Crossed: the number of the pull request is not known, and no comment is written.
 */
export const MAX_EVENT = 4 * 1024 * 1024

/**
 * Packages that have a test of their own in junit.xml, and as many that the policy excepts: the page of a CI that shows
 * them is for people.
 * Crossed: one more test stands for all others, says how many they are and fails, or is skipped, like them.
 */
export const MAX_JUNIT_CASES = 1000

/**
 * Packages that are annotated: GitHub keeps ten errors of a step, and the headline is one.
 * Crossed: one more annotation says how many others there are.
 */
export const MAX_ANNOTATED = 9

/**
 * The job summary: GitHub drops a larger one whole.
 * Crossed: it is shortened, and says where the whole report is.
 */
export const MAX_JOB_SUMMARY = 1020 * 1024

/**
 * A comment: GitHub takes 65 536 characters.
 * Crossed: it is shortened, and says where the whole report is.
 */
export const MAX_COMMENT = 60 * 1000

/**
 * Files that a cache from elsewhere may have: one run uses some hundreds of indexes. And how deep they may lie.
 * Crossed: the rest of it is left out, and downloaded instead.
 */
export const MAX_CACHE_FILES = 20_000
export const MAX_CACHE_DEPTH = 32

/**
 * All content that one run hands to a CI's cache service, which keeps 10 GB for a whole repository.
 * Crossed: the rest of it is left out, and downloaded instead.
 */
export const MAX_SAVED_CACHE = 2 * 1024 * 1024 * 1024

/**
 * Milliseconds for one question to a CI's API.
 * Crossed: `PUBLISH`: a notice that there is no comment; the verdict stands.
 */
export const API_TIMEOUT = 30_000

/**
 * The answer of a CI's API: a page of a hundred long comments.
 * Crossed: `PUBLISH`: a notice that there is no comment; the verdict stands.
 */
export const MAX_API_ANSWER = 16 * 1024 * 1024

/**
 * Pages of a hundred comments in which one's own is looked for, the newest first.
 * Crossed: a new comment is written.
 */
export const MAX_COMMENT_PAGES = 10

/**
 * Subjects of one attestation: what GitHub takes.
 * Crossed: `PUBLISH`: the step fails after the report was published.
 */
export const MAX_ATTESTED_SUBJECTS = 1024

/**
 * The predicate of an attestation: what GitHub takes.
 * Crossed: `PUBLISH`: the step fails after the report was published.
 */
export const MAX_ATTESTED_PREDICATE = 16 * 1024 * 1024

/**
 * Characters of what a library writes while it is overheard: an error of tar's may quote a megabyte for each file.
 * Crossed: the rest is not kept.
 */
export const MAX_OVERHEARD = 64 * 1024

/**
 * Characters of an error's message: most quote what they are about, and whoever wrote that must not fill a log with it.
 * Crossed: the middle of the message is left out.
 */
export const MAX_MESSAGE = 16 * 1024
