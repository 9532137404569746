/**
 * Release files by renewed, ended, revoked and old keys, and with signatures of all kinds, before apt and before
 * debproof, each with its own clock.
 *
 *   node assurance/keys/all.ts FOLDER [--root=SID]
 *
 * FOLDER keeps what was made. SID is a chroot of a Debian whose apt checks signatures with sqv; as root. Needs gpg 2.2,
 * faketime, and an apt that has gpgv: Debian 12's.
 *
 * Prints Markdown. Exits with 1 where debproof takes what an apt refuses and no reason is written down for it.
 */
import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { Keyring, readCertificates } from '../../src/archive/keyring.ts'
import { verifySignatures } from '../../src/archive/signature.ts'
import { splitInRelease } from '../../src/archive/signed-text.ts'
import { DebproofError } from '../../src/errors.ts'
import { aptTakes, findApts } from './apt-says.ts'
import { allCases, type Case } from './cases.ts'

const { values, positionals } = parseArgs({ allowPositionals: true, options: { root: { type: 'string' } } })
const [folder] = positionals
if (folder === undefined) throw new Error('Name a folder.')
const work = path.resolve(folder)
rmSync(work, { recursive: true, force: true })
mkdirSync(work, { recursive: true })

const apts = await findApts(values.root)
console.log(
  `| case | clock | ${apts.map(({ name }) => name).join(' | ')} | debproof | |\n|---|---|${'---|'.repeat(apts.length + 2)}`,
)
let looser = 0
for (const each of await allCases(work)) {
  const said = await Promise.all(apts.map(async (apt) => await aptTakes(apt, each, work)))
  const ours = await debproofTakes(each)
  const isLooser = ours === undefined && said.includes(false)
  if (isLooser && each.looser === undefined) looser++
  const note = isLooser ? (each.looser ?? 'LOOSER') : ours === undefined ? '' : shortened(ours)
  const words = [...said, ours === undefined].map((takes) => (takes ? 'yes' : 'no'))
  console.log(`| ${each.name} | ${each.clock.slice(0, 10)} | ${words.join(' | ')} | ${note} |`)
}
process.exitCode = looser > 0 ? 1 : 0

/** Undefined where debproof takes it, else why not. */
async function debproofTakes({ keyring, file, clock }: Case): Promise<string | undefined> {
  try {
    const certificates = await Promise.all(keyring.map((bytes, index) => readCertificates(bytes, `keyring ${index}`)))
    const at = new Date(`${clock.replace(' ', 'T')}Z`)
    await verifySignatures(splitInRelease(file), new Keyring(certificates.flat()), at)
    return undefined
  } catch (error) {
    if (!(error instanceof DebproofError)) throw error
    return error.message
  }
}

function shortened(why: string): string {
  return why
    .replace(/^.*?trusted key: /, '')
    .replaceAll(/\b[0-9A-F]{16,64}\b/g, '…')
    .slice(0, 160)
}
