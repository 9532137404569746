import type { Keyring } from '../archive/keyring.ts'
import { urlBelow } from '../archive/path-below.ts'
import { DebproofError } from '../errors.ts'
import { MAX_SHA256SUMS } from '../limits.ts'
import type { Downloads } from '../net/downloads.ts'
import { collectStatements, type Document, fetchDocument } from './document.ts'
import {
  filesSummedIn,
  looksLikeSignature,
  looksLikeSums,
  readSignedSums,
  type SignedSums,
  sumsStatement,
} from './sha256sums.ts'
import type { RebuiltPackage, ServiceAnswer, StatementService } from './statement.ts'
import { recordedStatementFiles } from './statement-folder.ts'
import { isClearsigned } from './verified-text.ts'

export interface Sha256sumsServiceOptions {
  /** http, https or file: of a folder, which ends in `/`, or of the sums themselves. */
  readonly url: URL
  readonly keyring: Keyring
  readonly at: Date
  readonly downloads: Downloads
}

/** What came of one file of sums. */
type Outcome =
  | { readonly url: URL; readonly signed: SignedSums }
  /** `listed`: what they claim to list; undefined where they may list anything. */
  | { readonly url: URL; readonly error: DebproofError; readonly listed: ReadonlySet<string> | undefined }

/** Where the signature of a file is looked for: the first of these that is there. */
const SIGNATURES = ['.asc', '.gpg', '.sig'] as const

/**
 * Signed sums: one `SHA256SUMS` on a server or on the disk, with its signature around it or beside it; or all files
 * below a folder on the disk whose names end so, as bitcoin-core/guix.sigs keeps them. They are read and verified
 * once, when the first package is asked for.
 */
export class Sha256sumsService implements StatementService {
  readonly #options: Sha256sumsServiceOptions
  #outcomes: Promise<readonly Outcome[]> | undefined

  constructor(options: Sha256sumsServiceOptions) {
    this.#options = options
  }

  async ask(rebuilt: RebuiltPackage): Promise<ServiceAnswer> {
    this.#outcomes ??= this.#readAll()
    const outcomes = await this.#outcomes
    return await collectStatements(
      outcomes
        .filter((outcome) => mayList(outcome, rebuilt.fileName))
        .map((outcome) => ({
          url: outcome.url,
          read: async () => {
            if ('error' in outcome) throw outcome.error
            return sumsStatement(outcome.signed, rebuilt)
          },
        })),
    )
  }

  async #readAll(): Promise<readonly Outcome[]> {
    const { url } = this.#options
    const isFolder = url.pathname.endsWith('/')
    if (!isFolder || url.protocol !== 'file:') {
      const outcome = await this.#read(isFolder ? urlBelow(url, 'SHA256SUMS') : url)
      // The only file that there is: that it cannot be used concerns every package.
      if (outcome !== undefined) return ['error' in outcome ? { ...outcome, listed: undefined } : outcome]
      if (url.protocol !== 'file:') return []
      // Who names a file on the own disk has it: the name is wrong, or nobody has put it there yet.
      return [
        {
          url,
          error: new DebproofError('FETCH', `${url.href} is no file; the URL of a folder ends in a slash.`),
          listed: undefined,
        },
      ]
    }
    try {
      const files = await recordedStatementFiles(this.#options.downloads, url, 'sha256sums', (name) =>
        /SHA256SUMS(?:\.asc)?$/.test(name),
      )
      const outcomes: Outcome[] = []
      for (const href of new Set(files.map((file) => file.href.replace(/\.asc$/, '')))) {
        const outcome = await this.#read(new URL(href))
        if (outcome !== undefined) outcomes.push(outcome)
      }
      return outcomes
    } catch (error) {
      if (!(error instanceof DebproofError)) throw error
      return [{ url, error, listed: undefined }]
    }
  }

  /** Undefined where there are none. */
  async #read(url: URL): Promise<Outcome | undefined> {
    const seen: Document[] = []
    try {
      const signed = await this.#readSigned(url, seen)
      return signed === undefined ? undefined : { url, signed }
    } catch (error) {
      if (!(error instanceof DebproofError)) throw error
      const listed = new Set(seen.flatMap(({ bytes }) => [...filesSummedIn(bytes)]))
      return { url, error, listed: seen.length === 0 ? undefined : listed }
    }
  }

  /** @param seen gets what was fetched, before it is verified */
  async #readSigned(url: URL, seen: Document[]): Promise<SignedSums | undefined> {
    const { downloads, keyring, at } = this.#options
    let other: DebproofError | undefined
    const fetch = async (
      from: URL,
      what: string,
      isIt: (document: Document) => boolean,
    ): Promise<Document | undefined> => {
      const document = await fetchDocument(downloads, from, MAX_SHA256SUMS)
      if (document === undefined) return undefined
      seen.push(document)
      if (isIt(document)) return document
      // A page for whatever is asked for is no statement that fails: nobody knows what the party has.
      other ??= new DebproofError('FETCH', `${from.href} did not answer with ${what}.`)
      return undefined
    }
    const sums = await fetch(url, 'a list of SHA-256 sums', looksLikeSums)
    if (sums !== undefined && isClearsigned(sums.bytes)) return await readSignedSums(sums, undefined, keyring, at)
    for (const suffix of sums === undefined ? (['.asc'] as const) : SIGNATURES) {
      const signature = await fetch(withSuffix(url, suffix), 'a signature', looksLikeSignature)
      if (signature === undefined) continue
      // What `gpg --clearsign` writes is named as a signature is, and has the sums in it.
      if (isClearsigned(signature.bytes)) return await readSignedSums(signature, undefined, keyring, at)
      if (sums !== undefined) return await readSignedSums(sums, signature, keyring, at)
      if (other !== undefined) throw other
      throw new DebproofError('STATEMENT', `${signature.url.href} is the signature of a file that is not there.`)
    }
    if (other !== undefined) throw other
    return sums === undefined ? undefined : await readSignedSums(sums, undefined, keyring, at)
  }
}

function mayList(outcome: Outcome, fileName: string): boolean {
  if ('signed' in outcome) return outcome.signed.sums.has(fileName)
  return outcome.listed?.has(fileName) ?? true
}

function withSuffix(url: URL, suffix: string): URL {
  const other = new URL(url)
  other.pathname += suffix
  return other
}
