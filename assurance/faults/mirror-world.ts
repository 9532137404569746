import { execFileSync } from 'node:child_process'
import { mirrorOfThisMachine } from '../../__tests__/e2e/mirror.ts'
import { projectKey } from '../../__tests__/making/archive-folder.ts'
import {
  block,
  clearsigned,
  once,
  releaseDate,
  releaseText,
  row,
  sha256Hex,
  signature,
} from '../../__tests__/making/signed-archive.ts'
import { archivePolicy, policyText } from '../../__tests__/making/site.ts'
import type { Answer } from './answer.ts'
import { hashesOf, passedOn } from './other-worlds.ts'
import type { Truth } from './truth.ts'
import { below, filesOrigin, hoursAgo, type MakeWorld } from './world.ts'

const SUITE = 'bookworm-updates'
const DIRECTORY = `dists/${SUITE}`
const INDEX = 'main/binary-amd64/Packages'

const known = new Map<string, Promise<Answer>>()

/** What the mirror of this machine's apt has, each file asked for once. */
async function fromMirror(path: string): Promise<Answer> {
  const base = new URL(`${mirrorOfThisMachine().debian}/`)
  const pending = known.get(path) ?? passedOn(new URL(path, base), base, base.href)
  known.set(path, pending)
  return await pending
}

const realIndex = once(async () => {
  const { body } = await fromMirror(`${DIRECTORY}/${INDEX}.xz`)
  return String(execFileSync('xz', ['-dc'], { input: body, maxBuffer: 1e9 }))
})

/** A suite of the real mirror as the upstream, and a project's snapshot of it, of which some entries were changed. */
export const mirrorWorld: MakeWorld = async (random, base) => {
  const index = await realIndex()
  const isAllGood = random.chance(0.5)
  const truths = new Map<string, Truth>()
  let served = index
  for (const [name, sha256] of hashesOf(index)) {
    const isTampered = !isAllGood && random.chance(0.1)
    truths.set(name, isTampered ? 'tampered' : 'good')
    if (isTampered) served = served.replaceAll(sha256, sha256Hex(name))
  }
  // The index lists one version of some packages twice, for amd64 and for all: the list names each once.
  const text = releaseText({
    Codename: SUITE,
    Suite: 'oldstable-updates',
    Date: releaseDate(hoursAgo(2)),
    SHA256: `\n${row(INDEX, served)}`,
  })
  const signed = clearsigned(text, block(await signature(text, await projectKey())))
  const own = filesOrigin(
    below(`snapshot/${DIRECTORY}/`, { InRelease: Buffer.from(signed, 'latin1'), [INDEX]: served }),
  )
  return {
    name: 'real mirror',
    files: {
      'debproof.yml': policyText([
        archivePolicy({ url: `${base}snapshot`, suite: SUITE, upstream: `${base}upstream` }).replace(
          'keys/upstream.asc',
          'debian',
        ),
      ]),
      'build.packages': [...truths.keys()].map((name) => `${name.replace(' ', '\t')}\n`).join(''),
    },
    origin: async (path) =>
      path.startsWith('upstream/') ? await fromMirror(path.slice('upstream/'.length)) : await own(path),
    truths,
    needed: [`snapshot/${DIRECTORY}/InRelease`, `upstream/${DIRECTORY}/InRelease`],
    options: [],
    deadline: 150_000,
  }
}
