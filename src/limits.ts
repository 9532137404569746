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

/** A package file that `--deep` downloads. Debian's largest has 1.6 GB. */
export const MAX_PACKAGE_FILE = 8 * 1024 * 1024 * 1024

/** What a package file may have more than its index says before it is no longer read: its hash can then be told. */
export const MAX_PACKAGE_EXCESS = 64 * 1024 * 1024

/**
 * What one piece of compressed input may grow to. The decoders in JavaScript decode all of it at once, and a bomb
 * would fill the memory before anybody could stop taking; an index shrinks to a sixth, not to a thirtieth.
 */
export const MAX_BURST = 32 * 1024 * 1024

/** Redirects that one download follows. */
export const MAX_REDIRECTS = 5

/** Milliseconds until a server must have accepted the connection. */
export const CONNECT_TIMEOUT = 15_000

/** Milliseconds without a byte of the answer after which a download is given up. */
export const IDLE_TIMEOUT = 30_000

/** Milliseconds for one whole download of an index or a release file. */
export const DOWNLOAD_TIMEOUT = 10 * 60_000

/** Tries of one download when the server or the network fails; a 404 is an answer and is not tried again. */
export const DOWNLOAD_TRIES = 3

/** Downloads under way at once from one server. */
export const CONNECTIONS_PER_HOST = 4

/** Seconds that a release file's Date may lie ahead of the clock (`Acquire::Max-FutureTime`). */
export const MAX_FUTURE_SECONDS = 10

/** Milliseconds before a failed download is tried again; doubled each time. */
export const RETRY_DELAY = 500

/** Seconds that a server may ask to wait (Retry-After); one that asks for more is not waited for. */
export const MAX_RETRY_AFTER = 30

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
