import { DebproofError } from '../errors.ts'
import type { ContentFolder, Spool } from './content-folder.ts'
import { keptChunks } from './kept-chunks.ts'
import { limited } from './limited.ts'
import { errorOf, failureOf, keyOf, type NamesOutcome, type Outcome } from './outcome.ts'
import { type Digest, digestOf, type Look, type Read, type Tape } from './tape.ts'

/** A failure to record; whoever asks again downloads again. */
type Settled = Exclude<Outcome, NamesOutcome> | undefined

/**
 * Keeps everything that a run reads, under its SHA-256, and what came of each look at a URL. Each look is taken once:
 * all who ask see the same, as they will when it is played back.
 */
export class Recording implements Tape {
  readonly #folder: ContentFolder
  readonly #keepAll: boolean
  readonly #looks = new Map<string, Promise<Settled>>()
  readonly #names = new Map<string, Promise<NamesOutcome>>()

  /** @param keepAll also the package files that are only hashed */
  constructor(folder: ContentFolder, { keepAll }: { readonly keepAll: boolean }) {
    this.#folder = folder
    this.#keepAll = keepAll
  }

  async stream<T>(look: Look, read: Read<T>, fetch: (read: Read<T>) => Promise<T>): Promise<T> {
    const key = keyOf(look.url, look.look)
    // Who reads less than the first did not see its end: it is read again for the next one, who may want more.
    for (let pending = this.#looks.get(key); pending !== undefined; pending = this.#looks.get(key)) {
      const known = await pending
      if (known !== undefined && 'code' in known) throw errorOf(known)
      if (known?.complete === true && known.kept) {
        return await read(limited(keptChunks(this.#folder.pathOf(known.sha256), 'OUTPUT'), look.limit, look.url))
      }
      if (this.#looks.get(key) === pending) break
    }
    return await this.#take(key, look, read, fetch)
  }

  async digest(look: Look, fetch: (read: Read<Digest>) => Promise<Digest>): Promise<Digest> {
    if (this.#keepAll) return await this.stream(look, digestOf, fetch)
    const settle = this.#begin(keyOf(look.url, look.look))
    try {
      const found = await fetch(digestOf)
      settle({ url: look.url.href, look: look.look, ...found, complete: true, kept: false })
      return found
    } catch (error) {
      settle(error instanceof DebproofError ? { url: look.url.href, look: look.look, ...failureOf(error) } : undefined)
      throw error
    }
  }

  async names(folder: URL, list: () => Promise<readonly string[]>): Promise<readonly string[]> {
    let pending = this.#names.get(folder.href)
    if (pending === undefined) {
      pending = namesOf(folder, list)
      this.#names.set(folder.href, pending)
    }
    const { names, failure } = await pending
    if (failure !== null) throw errorOf(failure)
    return names ?? []
  }

  /** What came of every look, in an order that depends on nothing else. */
  async outcomes(): Promise<Outcome[]> {
    const settled = [...(await Promise.all(this.#looks.values())), ...(await Promise.all(this.#names.values()))]
    const order = (outcome: Outcome): string =>
      'folder' in outcome ? `1 ${outcome.folder}` : `0 ${outcome.url} ${outcome.look}`
    return settled.filter((outcome) => outcome !== undefined).sort((a, b) => (order(a) < order(b) ? -1 : 1))
  }

  #begin(key: string): (settled: Settled) => void {
    let settle: (settled: Settled) => void = () => {}
    this.#looks.set(key, new Promise((resolve) => (settle = resolve)))
    return settle
  }

  async #take<T>(key: string, look: Look, read: Read<T>, fetch: (read: Read<T>) => Promise<T>): Promise<T> {
    const settle = this.#begin(key)
    const { url } = look
    let spool: Spool | undefined
    try {
      const result = await fetch(async (chunks) => {
        await spool?.discard()
        spool = await this.#folder.spool()
        return await read(spool.tee(chunks))
      })
      settle(spool === undefined ? undefined : { url: url.href, look: look.look, ...(await spool.keep()), kept: true })
      return result
    } catch (error) {
      // What the reader refused is evidence of why; what could not be fetched leaves the failure alone.
      if (spool !== undefined && !spool.brokeOff) {
        settle({ url: url.href, look: look.look, ...(await spool.keep()), kept: true })
      } else {
        await spool?.discard()
        settle(error instanceof DebproofError ? { url: url.href, look: look.look, ...failureOf(error) } : undefined)
      }
      throw error
    }
  }
}

async function namesOf(folder: URL, list: () => Promise<readonly string[]>): Promise<NamesOutcome> {
  try {
    return { folder: folder.href, names: [...(await list())], failure: null }
  } catch (error) {
    if (!(error instanceof DebproofError)) throw error
    const { code, message, cause } = failureOf(error)
    return { folder: folder.href, names: null, failure: { code, message, cause } }
  }
}
