import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import * as v from 'valibot'
import { Keyring, readCertificates } from '../../src/archive/keyring.ts'
import { isDebproofError } from '../../src/errors.ts'
import { recheck } from '../../src/recheck.ts'
import { reportSchema } from '../../src/report/report-schema.ts'
import type { Random } from '../random.ts'
import { type Lie, lie } from './lies.ts'
import { DATA, type World } from './worlds.ts'

export const SCRIPT = path.join(import.meta.dirname, '../../recheck/recheck.sh')

/**
 * What the script reads, and so must not agree with where `recheck` refuses. Of all else its header says that it is
 * not checked.
 */
const CHECKED: readonly RegExp[] = [
  /^report\/(_type|predicateType|subject(\/.*)?|predicate)$/,
  /^report\/predicate\/(verdict|at|release|policy(\/.*)?|counts(\/.*)?|packages|bundle|bundle\/index)$/,
  /^report\/predicate\/packages\/\d+\/(name|version|architecture|kind|sha256|verdict)$/,
  /^report\/predicate\/archives\/\d+\/rebuilders\/threshold$/,
  /^index\/(run|fetched|inputs|lists|keys|images)$/,
  /^index\/run\/(at|release)$/,
  /^index\/(lists|images|fetched|keys)\/\d+\/sha256$/,
  /^text\//,
]

/** In which a package is reproduced, so that a threshold is read. */
const RESTS_ON_REBUILDERS: ReadonlySet<string> = new Set(['reproduced', 'an udeb, and all called amd64'])

/** A lower threshold is another rule than the policy's, and one that is no threshold is none. */
function isChecked({ place, how }: Lie, world: string, isOfData: boolean): boolean {
  // Nothing that is there besides is read.
  if (place.endsWith('/more')) return false
  if (/threshold$/.test(place)) return how !== 'other' && RESTS_ON_REBUILDERS.has(world)
  if (isOfData && /architecture$/.test(place)) return how !== 'other'
  // Fewer packages, or more: the header says that these are not counted.
  if (place === 'report/predicate/packages' && ['delete', 'other'].includes(how)) return false
  return CHECKED.some((pattern) => pattern.test(place))
}

export interface Told {
  readonly world: string
  readonly lie: Lie | undefined
  readonly recheck: 'pass' | 'other' | 'refused'
  readonly script: readonly number[]
  /** Why the two must not differ so; absent where they may. */
  readonly violation?: string
  readonly text: string
}

/** Copies an honest report, has its signer lie where that is wanted, and asks both. */
export async function compare(world: World, random: Random | undefined, work: string): Promise<Told> {
  const folder = path.join(work, `report-${process.pid}`)
  rmSync(folder, { recursive: true, force: true })
  cpSync(world.folder, folder, { recursive: true })
  const told = random === undefined ? undefined : await lie(folder, world.key, random)
  const keyring = path.join(work, 'signers.asc')
  writeFileSync(keyring, world.key.toPublic().armor())
  const [mine, ...scripts] = await Promise.all([
    rechecked(folder, world.key.toPublic().write()),
    ...shells(work).map(async (shell) => await scripted(shell, folder, keyring)),
  ])
  const outcome = { world: world.name, lie: told, recheck: mine, script: scripts.map(({ status }) => status) }
  const violation = violationOf(told, mine, scripts, { world: world.name, isOfData: isOfData(world, told) })
  return { ...outcome, text: scripts[0]?.text ?? '', ...(violation === undefined ? {} : { violation }) }
}

async function rechecked(folder: string, certificate: Uint8Array): Promise<Told['recheck']> {
  try {
    const keyring = new Keyring(await readCertificates(Buffer.from(certificate), 'signers.asc'), [])
    const { problems, report } = await recheck({ folder, keyring, now: new Date(), progress: () => {} })
    if (problems.length > 0) return 'refused'
    return report.predicate.verdict === 'pass' ? 'pass' : 'other'
  } catch (error) {
    if (!isDebproofError(error)) throw error
    return 'refused'
  }
}

interface Answer {
  readonly status: number
  readonly text: string
}

async function scripted(shell: readonly string[], folder: string, keyring: string): Promise<Answer> {
  const [command = 'sh', ...words] = shell
  const child = spawn(command, [...words, SCRIPT, keyring, folder], { stdio: ['ignore', 'pipe', 'pipe'] })
  const parts: Buffer[] = []
  child.stdout.on('data', (part: Buffer) => parts.push(part))
  child.stderr.on('data', (part: Buffer) => parts.push(part))
  const status = await new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1)))
  return { status, text: Buffer.concat(parts).toString('utf8') }
}

/** sh with the system's awk; and busybox, with its own shell, awk and the rest, where it is there. */
function shells(work: string): string[][] {
  const found = spawnSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).stdout.trim()
  if (found === '') return [['sh']]
  const bin = path.join(work, 'bin')
  if (!existsSync(bin)) {
    mkdirSync(bin, { recursive: true })
    for (const name of ['awk', 'gzip', 'sha256sum', 'base64', 'cat', 'rm', 'mkdir'])
      symlinkSync(found, path.join(bin, name))
  }
  return [['sh'], ['env', `PATH=${bin}:${process.env['PATH'] ?? ''}`, 'busybox', 'sh']]
}

/** Whether the lie is about the package that is for all architectures. */
function isOfData({ folder }: World, told: Lie | undefined): boolean {
  const [, index] = /^report\/predicate\/packages\/(\d+)\//.exec(told?.place ?? '') ?? []
  const report: unknown = JSON.parse(readFileSync(path.join(folder, 'report.json'), 'utf8'))
  return v.parse(reportSchema, report).predicate.packages[Number(index ?? -1)]?.name === DATA.name
}

function violationOf(
  told: Lie | undefined,
  mine: Told['recheck'],
  scripts: readonly Answer[],
  { world, isOfData }: { readonly world: string; readonly isOfData: boolean },
): string | undefined {
  const [first, ...others] = scripts
  if (first === undefined) return 'there is no shell'
  if (others.some(({ status }) => status !== first.status)) return 'the shells differ'
  if (![0, 1, 3].includes(first.status)) return `the script ends with ${first.status}`
  if (first.status === 0 && mine === 'other')
    return 'the script agrees that all is well, and the report does not say so'
  if (first.status === 0 && mine === 'refused')
    return told === undefined || isChecked(told, world, isOfData) ? 'the script agrees with a lie' : undefined
  if (mine !== 'refused' && first.text.startsWith('REFUSED')) return 'the script refuses what is true'
  if (mine === 'pass' && first.status === 1) return 'the script fails what passes'
  return undefined
}
