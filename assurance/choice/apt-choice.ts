import { updateApt } from './apt-update.ts'
import { NAMES } from './stanza-shapes.ts'

/** A version that apt offers, and the file with which it would install it. */
export interface Offer {
  readonly name: string
  readonly version: string
  readonly architecture: string
  readonly sha256: string
}

/** What apt makes of the sources. */
export interface AptChoice {
  /** Whether the update ended well; where it did not, apt dropped all of some suite, and said so. */
  readonly updated: boolean
  /** SHA-256 of every stanza in the indexes that apt keeps. */
  readonly kept: ReadonlySet<string>
  readonly offers: readonly Offer[]
  /** The first error, or the first warning. */
  readonly said: string
}

/** Asks the installed apt, with a configuration and state of its own below `folder`. */
export async function askApt(
  folder: string,
  sources: readonly string[],
  architectures: readonly string[],
): Promise<AptChoice> {
  const { updated, indexes, said, ask } = await updateApt(folder, sources, architectures)
  const kept = new Set(indexes.flatMap(hashesOf))
  const names = architectures.flatMap((architecture) => NAMES.map((name) => `${name}:${architecture}`))
  const shown = await ask('apt-cache', ['show', '--all-versions', ...names])
  const records = shown.stdout.toString('latin1').split(/\n\n+/)
  const specs = records.flatMap((record) => {
    const [name, version, architecture] = ['Package', 'Version', 'Architecture'].map((one) => lastField(record, one))
    if (name === undefined || version === undefined || architecture === undefined) return []
    return [`${name.toLowerCase()}:${architecture === 'all' ? 'amd64' : architecture}=${version}`]
  })
  const download = async (some: readonly string[]): ReturnType<typeof ask> =>
    await ask('apt-get', ['download', '-qq', '--print-uris', ...some])
  const together = await download([...new Set(specs)])
  // One that cannot be downloaded makes it print none.
  const printed =
    together.code === 0 ? [together] : await Promise.all([...new Set(specs)].map((one) => download([one])))
  const offers = printed.flatMap(({ stdout }) => offersOf(stdout.toString('latin1')))
  return { updated, kept, offers, said }
}

/** What `--print-uris` says: a file is named by package, version and architecture, whatever its URL is. */
function offersOf(text: string): Offer[] {
  const found = text.matchAll(/^'.*' ([^_\s]+)_([^_\s]+)_([^_\s]+)\.deb \d+ SHA256:([0-9a-f]{64})/gm)
  return [...found].flatMap(([, name = '', version = '', architecture = '', sha256 = '']) =>
    // A stanza may have a name that is none; no list has it.
    NAMES.some((one) => one === name) ? [{ name, version: decodeURIComponent(version), architecture, sha256 }] : [],
  )
}

function hashesOf(text: string): string[] {
  return [...text.matchAll(/^sha256[ \t]*:\s*([0-9a-f]{64})/gim)].map(([, sha256 = '']) => sha256.toLowerCase())
}

/** apt takes the last one of a field that is there twice. */
function lastField(record: string, name: string): string | undefined {
  const found = [...record.matchAll(new RegExp(`^${name}[ \\t]*:\\s*([^\\s]+)`, 'gim'))]
  return found.at(-1)?.[1]
}
