import { urlBelow } from '../archive/path-below.ts'
import type { PublicKey } from '../archive/public-key.ts'
import { DebproofError, describeError } from '../errors.ts'
import { MAX_STATEMENTS_PER_PACKAGE } from '../limits.ts'
import type { Downloads } from '../net/downloads.ts'
import { collectStatements, fetchDocument } from './document.ts'
import { verifyDsse } from './dsse.ts'
import type { RebuiltPackage, ServiceAnswer, StatementService } from './statement.ts'
import { recordedStatementFiles } from './statement-folder.ts'

/** What is appended to the name of a file for that of its attestations (in-toto Attestation Framework, bundles). */
const SUFFIXES = ['.intoto.jsonl', '.intoto.json'] as const

export interface DsseServiceOptions {
  readonly downloads: Downloads
  /** http, https or file; ends in `/`. */
  readonly base: URL
  /** The party's. */
  readonly keys: readonly PublicKey[]
  readonly at: Date
}

/**
 * in-toto Statements in DSSE envelopes, in files named for the package file: on a server right below the base, in a
 * folder on the disk anywhere below it. All that are there are read: one may contradict another.
 */
export class DsseService implements StatementService {
  readonly #options: DsseServiceOptions
  /** Files of the folder, by name. */
  #folder: Promise<ReadonlyMap<string, readonly URL[]>> | undefined

  constructor(options: DsseServiceOptions) {
    this.#options = options
  }

  async ask(rebuilt: RebuiltPackage): Promise<ServiceAnswer> {
    const { downloads, keys, at } = this.#options
    let urls: readonly URL[]
    try {
      urls = await this.#urlsFor(rebuilt)
    } catch (error) {
      if (!(error instanceof DebproofError)) throw error
      return { statements: [], unusable: [], unreachable: [describeError(error)] }
    }
    return await collectStatements(
      urls.map((url) => ({
        url,
        read: async () => {
          const document = await fetchDocument(downloads, url)
          const statement = document === undefined ? undefined : verifyDsse(document, keys, at, rebuilt)
          return statement?.attestations.length === 0 ? undefined : statement
        },
      })),
    )
  }

  async #urlsFor({ fileName }: RebuiltPackage): Promise<readonly URL[]> {
    const { base } = this.#options
    const names = SUFFIXES.map((suffix) => `${fileName}${suffix}`)
    if (base.protocol !== 'file:') return names.map((name) => urlBelow(base, name))
    this.#folder ??= listByName(this.#options.downloads, base)
    const folder = await this.#folder
    const urls = names.flatMap((name) => folder.get(name) ?? [])
    if (urls.length > MAX_STATEMENTS_PER_PACKAGE) {
      throw new DebproofError(
        'TOO_LARGE',
        `${base.href} has more than ${MAX_STATEMENTS_PER_PACKAGE} files named for ${fileName}.`,
      )
    }
    return urls
  }
}

async function listByName(downloads: Downloads, base: URL): Promise<ReadonlyMap<string, readonly URL[]>> {
  const byName = new Map<string, URL[]>()
  for (const url of await recordedStatementFiles(downloads, base, 'dsse', (name) =>
    SUFFIXES.some((suffix) => name.endsWith(suffix)),
  )) {
    const name = decodeURIComponent(url.pathname.slice(url.pathname.lastIndexOf('/') + 1))
    const same = byName.get(name)
    if (same === undefined) byName.set(name, [url])
    else same.push(url)
  }
  return byName
}
