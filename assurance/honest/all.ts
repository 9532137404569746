/**
 * Honest archives, made of real ones, verified by an earlier version of debproof and by this one, with lists of names
 * and versions: no package may be undecided now that was not before, unless its reason names the file that makes it so.
 *
 *   npm run build && node assurance/honest/all.ts SCRATCH --before=CLI [--now=CLI] [--only=PATTERN]
 *
 * CLI is the cli.js of a built version. SCRATCH keeps what was downloaded (some 60 MB) from the mirror of this
 * machine's apt sources. Needs Debian's apt-utils, aptly, dpkg-dev, gnupg, reprepro, time and xz-utils.
 *
 * Prints a Markdown table, and the first reasons of what became undecided. Exits with 1 where a package became
 * undecided and its reason names no file, where any other verdict or exit code differs, or where less than 20 archives
 * could be made.
 */
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { APT_ROOTS } from './apt-roots.ts'
import { CUSTOM } from './custom.ts'
import type { HonestArchive } from './honest-archive.ts'
import { MOVED } from './moved.ts'
import { asBefore, verify } from './outcome.ts'
import { PROJECTS } from './projects.ts'
import { MirrorLacks } from './real-suite.ts'
import { SNAPSHOTS } from './snapshots.ts'
import { VENDORS } from './vendors.ts'
import { countVerdicts, differenceOf } from './verdicts.ts'
import { Workplace } from './workplace.ts'

const ARCHIVES: readonly HonestArchive[] = [...SNAPSHOTS, ...PROJECTS, ...CUSTOM, ...VENDORS, ...MOVED, ...APT_ROOTS]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { before: { type: 'string' }, now: { type: 'string' }, only: { type: 'string', default: '' } },
})
const [folder] = positionals
if (folder === undefined || values.before === undefined) throw new Error('Name a scratch folder, and --before=CLI.')
const scratch = path.resolve(folder)
mkdirSync(scratch, { recursive: true })
const earlier = path.resolve(values.before)
const present = path.resolve(values.now ?? path.join(import.meta.dirname, '../../dist/cli.js'))

const workplace = new Workplace(scratch, present)
const wrong: string[] = []
const notes: string[] = []
let compared = 0

async function compare({ name, undecidedFor, make }: HonestArchive): Promise<void> {
  const made = await make(workplace, workplace.folder(name)).catch((error: unknown) => {
    if (error instanceof MirrorLacks) return error
    throw error
  })
  if (made instanceof MirrorLacks) {
    notes.push(`${name}: left out. ${made.message}`)
    return
  }
  const before = await verify(earlier, asBefore(made), 'before')
  const now = await verify(present, made, 'now')
  const { shown, hidden, other } = differenceOf(before, now)
  const cells = [
    ...[name, now.packages.size, countVerdicts(before), countVerdicts(now)],
    ...[shown.length + hidden.length, shown.length, now.unproven ?? '–'],
    ...[before.seconds.toFixed(1), now.seconds.toFixed(1), (now.seconds / before.seconds).toFixed(2)],
  ]
  console.log(`| ${cells.join(' | ')} |`)
  compared += 1
  wrong.push(...hidden.map((one) => `${name}: ${one.name} ${one.version} is undecided without a file: ${one.reason}`))
  wrong.push(...other.map((text) => `${name}: ${text}`))
  wrong.push(...now.unread.map((reason) => `${name}: could not be read: ${reason}`))
  if (shown.length + other.length === 0 && now.code !== before.code) {
    wrong.push(`${name}: exit code ${before.code} before, ${now.code} now, with the same verdicts`)
  }
  if (shown.length > 0 && undecidedFor === undefined) wrong.push(`${name}: ${shown.length} became undecided.`)
  const [first] = shown
  if (first !== undefined) notes.push(`${name}: ${undecidedFor ?? 'not foreseen'}. ${first.name}: ${first.reason}`)
}

try {
  console.log(
    '| archive | packages | before | now | newly undecided | file named | unproven files | CPU s before | now | ratio |',
  )
  console.log('|---|---|---|---|---|---|---|---|---|---|')
  for (const archive of ARCHIVES.filter(({ name }) => name.match(values.only) !== null)) await compare(archive)
} finally {
  await workplace.close()
}
if (values.only === '' && compared < 20) wrong.push(`Only ${compared} archives were compared.`)
for (const note of notes) console.log(`\n${note}`)
if (wrong.length > 0) {
  console.error(`\n${wrong.slice(0, 50).join('\n')}`)
  process.exitCode = 1
}
