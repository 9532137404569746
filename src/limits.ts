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
