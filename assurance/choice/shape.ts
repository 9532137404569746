import type { PrivateKey } from 'openpgp'
import { block, clearsigned, releaseDate, row, signature } from '../../__tests__/making/signed-archive.ts'
import { Random } from '../random.ts'
import { drawRelease, type MadeIndex } from './release-shapes.ts'
import { drawFile, drawIndex, type MadeFile, plainStanza, upstreamFiles } from './stanza-shapes.ts'

/** One archive under test: the adversary signs it. */
export interface MadeArchive {
  readonly name: string
  readonly suites: readonly string[]
  readonly components: readonly string[]
  readonly architectures: readonly string[]
  /** What it serves, by path below its base. */
  readonly files: Readonly<Record<string, Buffer>>
}

/** Archives as one seed draws them. */
export interface Shape {
  readonly seed: number
  readonly archives: readonly MadeArchive[]
  /** The native one first. */
  readonly architectures: readonly string[]
  readonly byHttp: boolean
  /** What is odd about it, in words. */
  readonly odd: readonly string[]
}

/** Draws a shape: archives that the adversary signs, with genuine files and his own under the same names. */
export async function drawShape(seed: number, key: PrivateKey, now: Date): Promise<Shape> {
  const random = new Random(seed)
  // Many of the shapes are nearly plain, for what is odd in one place may be hidden by what is odd in another.
  const oddity = random.pick([0.01, 0.05, 0.1, 0.2, 0.5, 1])
  const byHttp = random.chance(0.3)
  const architectures = random.chance(0.25) ? ['amd64', 'i386'] : ['amd64']
  const odd: string[] = []
  const archives: MadeArchive[] = []
  for (let count = random.weighted([{ is: 1, weight: 3 }, { is: 2 }]).is; count > 0; count--) {
    const suites = drawSuites(random)
    const components = random.chance(0.3) ? ['main', 'contrib'] : ['main']
    const files: Record<string, Buffer> = {}
    for (const suite of suites) {
      const indexes = drawIndexes(random, suite, oddity, odd)
      const date = releaseDate(new Date(now.getTime() - 3_600_000))
      const about = { suite: suite.replace(/\/updates$/, ''), date, byHttp }
      const drawn = drawRelease(random, indexes, about, oddity)
      odd.push(...drawn.odd)
      const directory = directoryOf(suite)
      for (const [path, bytes] of Object.entries(drawn.files)) files[directory + path] = bytes
      // Blanks at the end of a line are not part of what is signed (RFC 9580, 7.2).
      const signed = await signature(drawn.release.replaceAll(/[ \t]+$/gm, ''), key, { date: now })
      files[`${directory}InRelease`] = Buffer.from(clearsigned(drawn.release, block(signed)), 'latin1')
    }
    archives.push({ name: `archive${archives.length + 1}`, suites, components, architectures, files })
  }
  return { seed, archives, architectures, byHttp, odd }
}

/** The upstream's own archive: the genuine files, and nothing odd. */
export async function upstreamArchive(key: PrivateKey, now: Date): Promise<Readonly<Record<string, Buffer>>> {
  const text = upstreamFiles().map((file) => `${plainStanza(file).join('\n')}\n`)
  const path = 'main/binary-amd64/Packages'
  const index = Buffer.from(text.join('\n'))
  const fields = ['Origin: Upstream', 'Codename: made', `Date: ${releaseDate(new Date(now.getTime() - 3_600_000))}`]
  const release = [...fields, `SHA256:\n${row(path, index)}`].join('\n')
  const signed = clearsigned(release, block(await signature(release, key, { date: now })))
  return { 'dists/made/InRelease': Buffer.from(signed, 'latin1'), [`dists/made/${path}`]: index }
}

function drawSuites(random: Random): string[] {
  return random.weighted<{ suites: string[]; weight?: number }>([
    { suites: ['made'], weight: 8 },
    { suites: ['made', 'other'], weight: 2 },
    { suites: ['made/updates'] },
    { suites: ['./'] },
    { suites: ['below/'] },
  ]).suites
}

function directoryOf(suite: string): string {
  if (suite === './') return ''
  return suite.endsWith('/') ? suite : `dists/${suite}/`
}

/** The indexes of a suite with their stanzas; what apt does not look at is drawn as well. */
function drawIndexes(random: Random, suite: string, oddity: number, odd: string[]): MadeIndex[] {
  const flat = suite.endsWith('/')
  const paths = flat
    ? [{ path: 'Packages', architecture: 'amd64', share: 1 }]
    : ['main', 'contrib'].flatMap((component) =>
        ['amd64', 'all', 'i386'].map((architecture) => ({
          path: `${component}/binary-${architecture}/Packages`,
          architecture,
          share: (component === 'main' ? 1 : 0.3) * (architecture === 'i386' ? 0.4 : 0.8),
        })),
      )
  const made: MadeIndex[] = []
  for (const { path, architecture, share } of paths) {
    if (!random.chance(share)) continue
    const one = drawIndex(random, drawFiles(random, architecture), oddity)
    // The other content is plain: what is looked for is which of the two counts.
    const other = drawIndex(random, drawFiles(random, architecture), 0)
    odd.push(...one.odd)
    made.push({ path, text: one.text, other: other.text })
  }
  return made
}

function drawFiles(random: Random, architecture: string): MadeFile[] {
  const count = random.weighted([{ is: 0 }, { is: 1, weight: 6 }, { is: 2, weight: 4 }, { is: 3, weight: 2 }]).is
  return Array.from({ length: count }, () => drawFile(random, random.chance(0.2) ? 'all' : architecture))
}
