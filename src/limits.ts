/**
 * Every limit on what comes from outside, in one place, each with its reason. Bytes unless said otherwise.
 * Crossing one is an error with a code, never a silent cut.
 */

/** A release file. apt's own limit (`Acquire::MaxReleaseFileSize`); Debian's largest has 0.2 MB. */
export const MAX_RELEASE_FILE = 10_000_000

/** One line of a release file; gpgv refuses longer ones in a signed text. */
export const MAX_RELEASE_LINE = 16_384

/** Indexes that one release file may list. Debian's largest suite lists some 700. */
export const MAX_RELEASE_ENTRIES = 200_000

/** Signatures in one release file. Debian uses three. */
export const MAX_SIGNATURES = 64

/** A compressed index as downloaded. Debian's largest Packages.gz has 15 MB. */
export const MAX_INDEX = 512 * 1024 * 1024

/** A decompressed index: a bomb stops here even where the release file does not state the plain size. */
export const MAX_PLAIN_INDEX = 4 * 1024 * 1024 * 1024

/** One stanza of an index; apt refuses about the same. */
export const MAX_STANZA = 2 * 1024 * 1024

/** A keyring file. Debian's two together have 0.3 MB. */
export const MAX_KEYRING = 8 * 1024 * 1024

/** The policy file. */
export const MAX_POLICY = 1024 * 1024

/** Aliases in it: for each the YAML parser goes through all of it once more. */
export const MAX_POLICY_ALIASES = 200

/** A package file that `--deep` downloads. Debian's largest has 1.6 GB. */
export const MAX_PACKAGE_FILE = 8 * 1024 * 1024 * 1024

/** What a package file may have more than its index says before it is no longer read: its hash can then be told. */
export const MAX_PACKAGE_EXCESS = 64 * 1024 * 1024

/**
 * What one piece of compressed input may grow to. The decoders in JavaScript decode all of it at once, and a bomb
 * would fill the memory before anybody could stop taking; an index shrinks to a sixth, not to a thirtieth.
 */
export const MAX_BURST = 32 * 1024 * 1024

/**
 * How many times its compressed size decompressed data may have beyond that: each stanza of an index has a hash of 32
 * bytes that does not shrink, and few have 1 000 bytes. gzip alone makes a thousand of one, bzip2 a million.
 */
export const MAX_GROWTH = 100

/** Redirects that one download follows. */
export const MAX_REDIRECTS = 5

/** Milliseconds until a server must have accepted the connection. */
export const CONNECT_TIMEOUT = 15_000

/** Milliseconds without a byte of the answer after which a download is given up. */
export const IDLE_TIMEOUT = 30_000

/** Milliseconds for one whole download of an index or a release file. */
export const DOWNLOAD_TIMEOUT = 10 * 60_000

/** Milliseconds for a rebuilder's statement: a few kB, for each of thousands of packages. */
export const STATEMENT_TIMEOUT = 60_000

/** Tries of one download when the server or the network fails; a 404 is an answer and is not tried again. */
export const DOWNLOAD_TRIES = 3

/** Downloads that fail one after another, with all their tries, until a place is no longer asked in this run. */
export const MAX_FAILURES_IN_A_ROW = 8

/** Milliseconds that the downloads from one place may take in all: so many, and so many more for each of them. */
export const PATIENCE = 5 * 60_000
export const PATIENCE_PER_DOWNLOAD = 2000

/** Downloads under way at once from one server. */
export const CONNECTIONS_PER_HOST = 4

/** Seconds that a release file's Date may lie ahead of the clock (`Acquire::Max-FutureTime`). */
export const MAX_FUTURE_SECONDS = 10

/**
 * Milliseconds after its Date in which a past release file must have been signed: the keys of Debian's machines follow
 * two minutes later at most, those of people up to 38. And before it, for clocks that differ.
 */
export const MAX_SIGNED_AFTER_DATE = 3_600_000
export const MAX_SIGNED_BEFORE_DATE = 10_000

/** Milliseconds before a failed download is tried again; doubled each time. */
export const RETRY_DELAY = 500

/** Seconds that a server may ask to wait (Retry-After); one that asks for more is not waited for. */
export const MAX_RETRY_AFTER = 30

/**
 * Milliseconds between the starts of two requests to one snapshot service, as other tools keep it: faster ones are
 * answered with errors there.
 */
export const REQUEST_INTERVAL = 1500

/** Tries of one download from a snapshot service: it turns away whoever asks too often, for minutes. */
export const PACED_TRIES = 7

/** Milliseconds before the second of them, doubled each time, and the longest: some four minutes in all. */
export const PACED_RETRY_DELAY = 4000
export const MAX_PACED_DELAY = 120_000

/** Seconds that a snapshot service may ask to wait: there is no other place to go to. */
export const MAX_PACED_RETRY_AFTER = 15 * 60

/** Downloads from a snapshot service that fail one after another, with all their tries, until it is no longer asked. */
export const MAX_SERVICE_FAILURES = 3

/** Milliseconds that a snapshot service may take in all: so many, and so many more for each download. */
export const SERVICE_PATIENCE = 60 * 60_000
export const SERVICE_PATIENCE_PER_DOWNLOAD = 20_000

/** A list of a snapshot service's runs: all of Debian's, four a day since 2005, have 0.7 MB. */
export const MAX_RUN_LIST = 4 * 1024 * 1024

/** Runs of a window that are looked at, the nearest: four a day over 50 days. Each costs some seconds. */
export const MAX_SNAPSHOT_RUNS = 400

/** What a snapshot service says of one package: a file of all architectures in many archives has some 20 kB. */
export const MAX_FILE_HINTS = 1024 * 1024

/** Packages that a snapshot service is asked about one by one, two seconds each, where its indexes list them not. */
export const MAX_HINTED_CLAIMS = 200

/** Runs that are looked at because of what it says: some seconds each. */
export const MAX_HINTED_RUNS = 60

/** Runs from the one on in which a file was first seen: it may reach a suite's index a day after the pool. */
export const RUNS_PER_HINT = 4

/** Milliseconds after that run in which those are looked for. */
export const HINT_SPAN = 3 * 24 * 3_600_000

/** A package list. The status file of the largest desktop image has some 6 MB. */
export const MAX_LIST = 64 * 1024 * 1024

/** Lines of a package list. Tails' longest has 6 200; a status file of 100 000 packages has 2.5 million. */
export const MAX_LIST_LINES = 4_000_000

/** YAML that is not written as Tails writes it: the parser needs seconds and a GB of memory for a hostile MB. */
export const MAX_LIST_YAML = 512 * 1024

/** .debs in one folder. All of Debian for one architecture has 70 000. */
export const MAX_DEBS = 200_000

/** Files and folders that are looked at to find .debs, and how deep. */
export const MAX_FOLDER_ENTRIES = 1_000_000
export const MAX_FOLDER_DEPTH = 64

/** The compressed control member of a .deb. Debian's largest has 2 MB. */
export const MAX_CONTROL_MEMBER = 64 * 1024 * 1024

/** The same, decompressed. Debian's largest has some 15 MB. */
export const MAX_CONTROL_TAR = 64 * 1024 * 1024

/** The control file of a .deb. Debian's largest have some 100 kB. */
export const MAX_CONTROL_FILE = 1024 * 1024

/** One file of apt's sources, and dpkg's list of architectures. */
export const MAX_SOURCES_FILE = 1024 * 1024

/** apt sources of one system. */
export const MAX_SOURCES = 1000

/** dpkg's status file, where only the architecture is looked for. */
export const MAX_STATUS_FILE = 256 * 1024 * 1024

/** Symbolic links in one path, as many as Linux follows (path_resolution(7)). */
export const MAX_LINKS = 40

/** A .buildinfo. Debian's largest, of builds with thousands of dependencies, have some 0.3 MB. */
export const MAX_BUILDINFO = 4 * 1024 * 1024

/** Files that one .buildinfo lists. Debian's largest builds make some 1 000. */
export const MAX_BUILDINFO_FILES = 5000

/**
 * Files listed by all .buildinfo files of one place that are kept at once; what is dropped is read again when asked
 * for. All of Debian for one architecture has some 150 000 with those of debug symbols, in some 30 MB.
 */
export const MAX_KEPT_BUILDINFO_FILES = 500_000

/** A rebuilder's statement. Links that list every .deb of a large build have some 0.1 MB. */
export const MAX_STATEMENT = 4 * 1024 * 1024

/** Levels of arrays and objects in a statement, whose reader calls itself. The deepest known have some ten. */
export const MAX_JSON_DEPTH = 64

/** Values in one JSON text. A link that lists a thousand files has some ten thousand. */
export const MAX_JSON_VALUES = 200_000

/** Characters of a number in JSON; a double takes no more than 25. */
export const MAX_JSON_NUMBER = 1000

/** Keys of one step of a layout: as many rebuilders. */
export const MAX_LAYOUT_KEYS = 1000

/** Files in one folder that may be statements. A rebuilder of all of Debian for one architecture signs 40 000. */
export const MAX_STATEMENT_FILES = 200_000

/** Files and folders that are looked at to find them: each version of a source package has its own folder. */
export const MAX_STATEMENT_FOLDER_ENTRIES = 1_000_000

/** A list that rebuilderd answers with. A record has some 0.5 kB; the unpaged list of all of Debian has 168 MB. */
export const MAX_REBUILDERD_ANSWER = 4 * 1024 * 1024

/** Records of one page, and pages of one answer: a package has one record for each release that it is in. */
export const REBUILDERD_PAGE = 100
export const MAX_REBUILDERD_PAGES = 10

/** Attestations of one file that are read from one rebuilderd: each build of the same bytes has the same. */
export const MAX_REBUILDERD_ATTESTATIONS = 32

/** Earlier builds that are looked into where the latest did not come out the same. It retries a day, two, … later. */
export const MAX_REBUILDERD_BUILDS = 8

/** A PEM file of public keys: each has some 0.2 kB. */
export const MAX_PUBLIC_KEY_FILE = 64 * 1024

/** A SHA256SUMS file. One that lists all of Debian for one architecture has 8 MB. */
export const MAX_SHA256SUMS = 8 * 1024 * 1024

/** Lines of a SHA256SUMS file. All of Debian for one architecture has 70 000 packages. */
export const MAX_SHA256SUMS_LINES = 100_000

/** The index page of a folder on a server. A line of Apache's has some 250 bytes. */
export const MAX_DIRECTORY_LISTING = 32 * 1024 * 1024

/** Links in one index page: a folder with a .buildinfo for each source package of Debian has 40 000. */
export const MAX_LISTED_FILES = 200_000

/** Documents of one party that may speak of one package. One that builds it again every night has a year of them. */
export const MAX_STATEMENTS_PER_PACKAGE = 1000

/** Hashes of one file in one statement that are kept: two contradict each other already, and more say no more. */
export const MAX_HASHES_PER_STATEMENT = 4

/** Source packages and .buildinfo files that one statement says it was built from. A build has one of each. */
export const MAX_SOURCES_PER_STATEMENT = 64

/** Links of a folder that are kept while other packages may ask for them, and their bytes, the latest of them. */
export const MAX_RECENT_LINKS = 1000
export const MAX_RECENT_LINK_BYTES = 32 * 1024 * 1024

/** A report.json that `rebuild --unproven` reads. One of 70 000 packages has some 40 MB. */
export const MAX_REPORT = 256 * 1024 * 1024

/** A .dsc. Debian's largest, with thousands of binary packages, have some 0.3 MB. */
export const MAX_DSC = 4 * 1024 * 1024

/** Packages of one build environment. Debian's largest have some 2 000. */
export const MAX_BUILD_DEPENDENCIES = 20_000

/** Milliseconds between asking a build to end and killing it: sbuild takes its chroot away meanwhile. */
export const KILL_GRACE = 30_000

/** Milliseconds in which a tool must have printed its help. */
export const TOOL_PROBE_TIMEOUT = 30_000

/** Milliseconds that diffoscope may look for what differs between two files. */
export const DIFFOSCOPE_TIMEOUT = 10 * 60_000

/** Other versions under the name of one used package that rebuilders are asked about: an index may list thousands. */
export const MAX_RIVALS = 20

/** Milliseconds before and after a build's date in which past states of an upstream are looked at. */
export const DEFAULT_WINDOW = 3 * 24 * 3_600_000

/** A sighting in a store of evidence: some 160 bytes for each index of its suite. Debian's largest suite lists 700. */
export const MAX_SIGHTING = 4 * 1024 * 1024

/** Sightings of one suite in one store. One that is recorded every hour has 9 000 a year. */
export const MAX_SIGHTINGS = 500_000

/** Notes of one suite's contradictions: a server that falls back and forth makes one each time. */
export const MAX_CONTRADICTIONS_TOLD = 10

/** Milliseconds after which what a process left half written in a store of evidence is removed. */
export const ABANDONED_AFTER = 24 * 3_600_000

/** Parts that one verification is split into: as many machines. */
export const MAX_SHARDS = 1000

/** A file of releases to plan for. A line has some 40 bytes, and a matrix takes 256 of them. */
export const MAX_RELEASES_FILE = 64 * 1024

/** Characters of a release's name in a matrix: GitLab makes no pipeline where a job's values have more than 114. */
export const MAX_RELEASE_NAME = 64

/** A detached signature file. One by an RSA key of 4096 bits has 0.8 kB. */
export const MAX_DETACHED_SIGNATURE = 64 * 1024

/** The index of the evidence of one report. One of 70 000 packages read from a folder of .debs has some 20 MB. */
export const MAX_BUNDLE_INDEX = 256 * 1024 * 1024

/** What a CI says of the event that started it: GitHub's largest payloads have some 100 kB. */
export const MAX_EVENT = 4 * 1024 * 1024

/** Packages that have a test of their own in junit.xml: the page of a CI that shows them is for people. */
export const MAX_JUNIT_CASES = 1000

/** Files that a cache from elsewhere may have: one run uses some hundreds of indexes. And how deep they may lie. */
export const MAX_CACHE_FILES = 20_000
export const MAX_CACHE_DEPTH = 32

/** All content that one run hands to a CI's cache service, which keeps 10 GB for a whole repository. */
export const MAX_SAVED_CACHE = 2 * 1024 * 1024 * 1024

/** Milliseconds for one question to a CI's API, and the bytes of its answer: a page of a hundred long comments. */
export const API_TIMEOUT = 30_000
export const MAX_API_ANSWER = 16 * 1024 * 1024

/** Pages of a hundred comments in which one's own is looked for, the newest first. */
export const MAX_COMMENT_PAGES = 10

/** Subjects of one attestation, and bytes of its predicate: what GitHub takes. */
export const MAX_ATTESTED_SUBJECTS = 1024
export const MAX_ATTESTED_PREDICATE = 16 * 1024 * 1024

/** Characters of what a library writes while it is overheard: an error of tar's may quote a megabyte for each file. */
export const MAX_OVERHEARD = 64 * 1024
