/**
 * Archives of people who are no distribution, made by the tools that they use and with the oddities that they have, read
 * by real apt and by debproof: what apt reads passes, or a reason is given why not.
 *
 *   node assurance/field/all.ts SCRATCH [--root=FOLDER]... [--cli=CLI] [--only=PATTERN]
 *
 * FOLDER is another Debian, such as assurance/apt/in-sid.sh makes, whose apt is asked besides (as root). CLI is the
 * cli.js of a built version; without it the source is run. Needs Debian's apt-utils, aptly, bzip2, dpkg-dev, gnupg,
 * reprepro, time, xz-utils and zstd.
 *
 * Prints a Markdown table, then how many pass of those that every apt reads. Exits with 1 where debproof passes what an
 * apt refuses, where it does not pass what every apt reads and no reason is known, or where it passes in spite of one.
 */
import { copyFileSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { updateApt } from '../choice/apt-update.ts'
import { serveFolder } from '../choice/served.ts'
import { succeed } from '../differential/tools.ts'
import { made } from '../honest/honest-archive.ts'
import { type Outcome, verify } from '../honest/outcome.ts'
import { Workplace } from '../honest/workplace.ts'
import { BY_TOOLS } from './by-tools.ts'
import { USED } from './debs.ts'
import type { FieldArchive, Published } from './field-archive.ts'
import { ODD_KEYS } from './odd-keys.ts'
import { ODD_RELEASES } from './odd-releases.ts'
import { ODD_STANZAS } from './odd-stanzas.ts'

const ARCHIVES: readonly FieldArchive[] = [...BY_TOOLS, ...ODD_RELEASES, ...ODD_KEYS, ...ODD_STANZAS]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    root: { type: 'string', multiple: true, default: [] },
    cli: { type: 'string', default: path.join(import.meta.dirname, '../../src/cli.ts') },
    only: { type: 'string', default: '' },
  },
})
const [folder] = positionals
if (folder === undefined) throw new Error('Name a scratch folder.')
const scratch = path.resolve(folder)
mkdirSync(scratch, { recursive: true })
const cli = path.resolve(values.cli)
const roots = ['', ...values.root.map((root) => path.resolve(root))]

const workplace = new Workplace(scratch, cli)
const server = await serveFolder(scratch)
const wrong: string[] = []
let [read, passed] = [0, 0]

function urlOf({ folder: place }: Published): string {
  return `${server.base.href}${path.relative(scratch, place)}`
}

/** What an apt says; undefined where it has every package that the build uses. */
async function refusalOfApt(root: string, published: Published, place: string): Promise<string | undefined> {
  const { suite, components = [] } = published
  const inside = path.join(root === '' ? place : '/tmp/debproof-field', path.basename(place), 'apt')
  mkdirSync(path.join(root, inside), { recursive: true })
  const keyring = path.join(inside, `keyring${path.extname(published.keyring)}`)
  copyFileSync(published.keyring, path.join(root, keyring))
  const source = `deb [signed-by=${keyring}] ${urlOf(published)} ${[suite, ...components].join(' ')}`
  const { updated, indexes, said } = await updateApt(inside, [source], ['amd64'], root)
  const text = indexes.join('\n')
  const isWhole = USED.every(({ name }) => text.includes(`${name}\n`))
  return updated && isWhole ? undefined : said || 'it kept no index'
}

async function outcomeOf(published: Published, place: string): Promise<Outcome | string> {
  const { suite, components, keyring, releaseName } = published
  const area = {
    suites: [suite],
    ...(components === undefined ? {} : { components }),
    'signed-by': keyring,
    ...(releaseName === undefined ? {} : { 'release-name': releaseName }),
  }
  const { components: _, suites: __, ...own } = area
  const vendor = {
    require: 'identical',
    url: urlOf(published),
    ...area,
    architectures: ['amd64'],
    upstream: [{ url: urlOf(published), ...own }],
  } as const
  const list = USED.map(({ name, version }) => `${name}\t${version}\n`).join('')
  return await verify(cli, made(place, list, { vendor }, new Date()), 'report').catch(String)
}

/** Why debproof does not pass; undefined where it does. */
function refusalOf(outcome: Outcome | string): string | undefined {
  if (typeof outcome === 'string') return outcome
  const packages = [...outcome.packages.values()]
  if (outcome.code === 0 && packages.length === USED.length) return undefined
  const [first] = outcome.unread
  return first ?? packages.find(({ verdict }) => verdict !== 'identical')?.reason ?? `exit code ${outcome.code}`
}

async function compare({ name, by, stricter, although, make }: FieldArchive): Promise<void> {
  const place = workplace.folder(`${by} ${name}`)
  const published = await make(workplace, place)
  const apts: (string | undefined)[] = []
  for (const root of roots) apts.push(await refusalOfApt(root, published, place))
  const refusal = refusalOf(await outcomeOf(published, place))
  const isRead = apts.every((one) => one === undefined)
  const mayPass = although === undefined ? isRead : apts.includes(undefined)
  const expected = mayPass && stricter === undefined ? 'pass' : 'not read'
  const seen = refusal === undefined ? 'pass' : 'not read'
  const words = apts.map((one) => (one === undefined ? 'reads' : 'refuses'))
  const why = stricter ?? although ?? (isRead ? '' : short(apts.find((one) => one !== undefined) ?? ''))
  console.log(`| ${[by, name, ...words, expected, seen, why].join(' | ')} |`)
  if (isRead) read += 1
  if (isRead && refusal === undefined) passed += 1
  if (expected !== seen) wrong.push(`${by}, ${name}: expected ${expected}, seen ${seen}. ${refusal ?? ''}`)
}

function short(text: string): string {
  return text
    .replaceAll(/https?:\/\/\S+/g, '…')
    .replaceAll('|', '/')
    .slice(0, 100)
}

async function versionIn(root: string): Promise<string> {
  const said = await succeed(root === '' ? ['apt-get'] : ['chroot', root, 'apt-get'], ['--version'])
  return `apt ${/\d+(?:\.\d+)+/.exec(said)?.[0] ?? ''}`
}

try {
  const versions = await Promise.all(roots.map(versionIn))
  const head = ['made by', 'archive', ...versions, 'expected', 'debproof', 'why not']
  console.log(`| ${head.join(' | ')} |\n|${'---|'.repeat(head.length)}`)
  const pattern = new RegExp(values.only)
  for (const archive of ARCHIVES.filter(({ by, name }) => pattern.test(`${by}, ${name}`))) await compare(archive)
  console.log(`\n${passed} pass of ${read} that every apt reads.`)
} finally {
  await workplace.close()
  await server.close()
}
if (wrong.length > 0) {
  console.error(`\n${wrong.join('\n')}`)
  process.exitCode = 1
}
