import { randomBytes } from 'node:crypto'
import { rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { DebproofError } from '../errors.ts'
import { writeLasting } from '../lasting-file.ts'
import { makeFolder } from '../make-folder.ts'
import type { Link } from './link.ts'

/**
 * The output folder, which can be put on a web server as it is:
 *
 *     buildinfo/<source>_<version>_<architecture>.buildinfo   clearsigned: a policy's `buildinfo: <url>/buildinfo/`
 *     sources/<source>/<version>/rebuild.<keyid8>.<architecture>.link
 *     sources/<package>/<version>/metadata                    a link: a policy's `in-toto: <url>/`
 *     logs/, different/                                       for people: nothing there is signed
 *
 * Versions are without their epoch. The places of links are those of apt-transport-in-toto and package-rebuilder.
 */
export class Publication {
  readonly folder: string

  private constructor(folder: string) {
    this.folder = folder
  }

  /** Makes the folder before any work is done. @throws DebproofError OUTPUT */
  static async prepare(folder: string): Promise<Publication> {
    const publication = new Publication(path.resolve(folder))
    await publication.#write('.writable', '')
    await rm(path.join(publication.folder, '.writable'), { force: true })
    return publication
  }

  /** A log to append to. */
  async newLog(name: string): Promise<string> {
    await this.#write(`logs/${name}.log`, '')
    return path.join(this.folder, `logs/${name}.log`)
  }

  /** A new folder for what came out different. */
  async newDifferent(name: string): Promise<string> {
    const folder = path.join(this.folder, 'different', name)
    try {
      await rm(folder, { recursive: true, force: true })
      await makeFolder(folder)
    } catch (error) {
      throw cannotWrite(folder, error)
    }
    return folder
  }

  /** @returns the path within the folder */
  async writeBuildinfo(fileName: string, signed: string): Promise<string> {
    return await this.#write(`buildinfo/${fileName}`, signed)
  }

  /** The link of one build. */
  async writeLink(source: string, version: string, architecture: string, link: Link): Promise<string> {
    return await this.#write(
      linkPath(source, version, `rebuild.${link.keyid.slice(0, 8)}.${architecture}.link`),
      link.text,
    )
  }

  /** The link of all builds of a source package, where one who asks for a binary package finds it. */
  async writeMetadata(name: string, version: string, { text }: Link): Promise<string> {
    return await this.#write(linkPath(name, version, 'metadata'), text)
  }

  /** An earlier run's statements about these files are withdrawn: this run may come to another result. */
  async withdraw(
    builds: readonly string[],
    places: readonly (readonly [name: string, version: string])[],
  ): Promise<void> {
    try {
      for (const name of builds) {
        await rm(path.join(this.folder, 'buildinfo', `${name}.buildinfo`), { force: true })
        await rm(path.join(this.folder, 'different', name), { recursive: true, force: true })
      }
      for (const [name, version] of places) {
        await rm(path.join(this.folder, 'sources', name, version), { recursive: true, force: true })
      }
    } catch (error) {
      throw cannotWrite(this.folder, error)
    }
  }

  /** A file is there whole or not at all. */
  async #write(name: string, content: string): Promise<string> {
    const file = path.join(this.folder, name)
    // By a name that nothing has: a killed run may have left one, and its number comes again.
    const temporary = `${file}.${randomBytes(8).toString('hex')}.part`
    try {
      await makeFolder(path.dirname(file))
      await writeLasting(temporary, content)
      await rename(temporary, file)
    } catch (error) {
      throw cannotWrite(this.folder, error)
    } finally {
      await rm(temporary, { force: true }).catch(() => {})
    }
    return name
  }
}

function linkPath(name: string, version: string, file: string): string {
  return `sources/${name}/${version}/${file}`
}

function cannotWrite(folder: string, cause: unknown): DebproofError {
  return new DebproofError('OUTPUT', `The output folder ${folder} cannot be written; name another with --output`, {
    cause,
  })
}
