import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { PrivateKey } from 'openpgp'
import { readSigningKey } from '../../src/report/sign.ts'
import type { Random } from '../random.ts'

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
type Holder = Json[] | { [name: string]: Json }

/** What a lying signer changed: `report/predicate/packages/0/sha256`, `index/run/at`, `text/…` or `file/…`. */
export interface Lie {
  readonly place: string
  readonly how: string
}

/**
 * Changes one thing of a report, of the index of its evidence or of a file of that, makes hashes and sizes fit again,
 * and signs the report: the lie of somebody who holds its key.
 */
export async function lie(folder: string, key: PrivateKey, random: Random): Promise<Lie> {
  const choice = random.below(20)
  const told =
    choice < 11
      ? lieInReport(folder, random)
      : choice < 17
        ? lieInIndex(folder, random)
        : choice < 19
          ? lieInFile(folder, random)
          : lieInText(folder, random)
  await signAgain(folder, key)
  return told
}

/** Signs a report as it is. */
export async function signAgain(folder: string, key: PrivateKey): Promise<void> {
  const signing = await readSigningKey(key.armor(), undefined, 'a made report')
  writeFileSync(
    path.join(folder, 'report.json.asc'),
    await signing.sign(readFileSync(path.join(folder, 'report.json'))),
  )
}

function lieInReport(folder: string, random: Random): Lie {
  const file = path.join(folder, 'report.json')
  const report = readJson(file)
  const told = random.once(4) ? verdictLie(report, random) : change(report, 'report', random)
  if (random.chance(0.5)) recount(report)
  writeJson(file, report)
  return told
}

function lieInIndex(folder: string, random: Random): Lie {
  const file = path.join(folder, 'evidence/index.json')
  const index = readJson(file)
  const told = change(index, 'index', random)
  writeJson(file, index)
  settle(folder)
  return told
}

/** Another content, under its own name wherever it was named. */
function lieInFile(folder: string, random: Random): Lie {
  const content = path.join(folder, 'evidence/sha256')
  const name = random.pick(readdirSync(content).sort())
  const bytes = readFileSync(path.join(content, name))
  const keys = at(readJson(path.join(folder, 'evidence/index.json')), ['keys'])
  const isKey = JSON.stringify(keys ?? []).includes(name)
  const position = random.below(bytes.length)
  bytes[position] = (bytes[position] ?? 0) ^ (1 << random.below(7))
  const other = sha256(bytes)
  renameSync(path.join(content, name), path.join(content, other))
  writeFileSync(path.join(content, other), bytes)
  for (const file of ['report.json', 'evidence/index.json']) {
    const text = readFileSync(path.join(folder, file), 'utf8')
    writeFileSync(path.join(folder, file), text.replaceAll(name, other))
  }
  settle(folder)
  return { place: isKey ? 'file/key' : 'file', how: `byte ${position} of ${name.slice(0, 8)}` }
}

const TEXTS: readonly (readonly [string, (text: string) => string])[] = [
  ['no line end', (text) => text.trimEnd()],
  ['a carriage return', (text) => text.replace('\n', '\r\n')],
  ['an escape', (text) => text.replace('"verdict": "p', '"verdict": "\\u0070')],
  ['a name twice', (text) => text.replace('  "verdict"', '  "verdict": "fail",\n  "verdict"')],
  ['a NUL', (text) => text.replace('",\n', '"\0,\n')],
  ['a blank more', (text) => text.replace('": "', '":  "')],
  ['text behind', (text) => `${text}{}\n`],
]

function lieInText(folder: string, random: Random): Lie {
  const inIndex = random.chance(0.5)
  const file = path.join(folder, inIndex ? 'evidence/index.json' : 'report.json')
  const [how, edit] = random.pick(TEXTS)
  writeFileSync(file, edit(readFileSync(file, 'utf8')))
  if (inIndex) settle(folder)
  return { place: `text/${inIndex ? 'index' : 'report'}`, how }
}

/** Calls a package proven that is not, or moves a proof to other bytes. */
function verdictLie(report: Json, random: Random): Lie {
  const packages = at(report, ['predicate', 'packages'])
  if (!Array.isArray(packages) || packages.length === 0) return change(report, 'report', random)
  const index = random.below(packages.length)
  const item = packages[index]
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return change(report, 'report', random)
  const how = random.pick(['identical', 'reproduced', 'sha256', 'version', 'name'])
  if (how === 'identical' || how === 'reproduced') item['verdict'] = how
  else if (how === 'sha256') item[how] = sha256(Buffer.from(String(random.next())))
  else item[how] = `${String(item[how])}1`
  return {
    place: `report/predicate/packages/${index}/${how === 'identical' || how === 'reproduced' ? 'verdict' : how}`,
    how,
  }
}

/** Deletes, retypes, replaces, repeats, swaps, renames or adds at a place drawn among all. */
function change(root: Json, start: string, random: Random): Lie {
  const places = placesOf(root)
  const [names, holder, name] = random.pick(places)
  let place = [start, ...names].join('/')
  const list = Array.isArray(holder) ? holder : undefined
  const value = list === undefined ? (holder as { [name: string]: Json })[name] : list[Number(name)]
  const set = (next: Json): void => void Object.assign(holder, { [name]: next })
  let how = random.pick(['delete', 'null', 'retype', 'other', 'other', 'other', 'repeat', 'swap', 'rename', 'add'])
  if ((how === 'add' && !isObject(value)) || (list === undefined && (how === 'repeat' || how === 'swap')))
    how = 'delete'
  if (how === 'null') set(null)
  else if (how === 'retype') set(retyped(value ?? null))
  else if (how === 'other') set(otherOf(value ?? null, places, random))
  else if (how === 'add' && isObject(value)) {
    value['more'] = 'x'
    place += '/more'
  } else if (list !== undefined && how === 'repeat') list.splice(Number(name), 0, structuredClone(value ?? null))
  else if (list !== undefined && how === 'swap') list.reverse()
  else if (list === undefined && how === 'rename') {
    delete (holder as { [name: string]: Json })[name]
    Object.assign(holder, { [`${name}x`]: value })
  } else if (list !== undefined) list.splice(Number(name), 1)
  else delete (holder as { [name: string]: Json })[name]
  return { place, how }
}

function placesOf(root: Json): [string[], Holder, string][] {
  const places: [string[], Holder, string][] = []
  const walk = (value: Json, names: string[]): void => {
    if (value === null || typeof value !== 'object') return
    for (const [name, inner] of Object.entries(value)) {
      places.push([[...names, name], value, name])
      walk(inner, [...names, name])
    }
  }
  walk(root, [])
  return places
}

function retyped(value: Json): Json {
  if (typeof value === 'string') return /^\d+$/.test(value) ? Number(value) : [value]
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return Object.fromEntries(value.entries())
  return value === null ? '' : Object.values(value)
}

function otherOf(value: Json, places: readonly [string[], Holder, string][], random: Random): Json {
  if (typeof value === 'number') return random.pick([0, value + 1, value + 1000])
  if (typeof value === 'boolean') return !value
  const alike = places.flatMap(([, holder, name]) => {
    const other = Reflect.get(holder, name) as Json
    return typeof other === typeof value && Array.isArray(other) === Array.isArray(value) ? [other] : []
  })
  if (typeof value === 'string' && random.chance(0.4)) return `${value}0`
  return structuredClone(random.pick(alike.length > 0 ? alike : [value]))
}

/** Counts and verdict as the packages would make them. */
function recount(report: Json): void {
  const [packages, counts, predicate] = [
    at(report, ['predicate', 'packages']),
    at(report, ['predicate', 'counts']),
    at(report, ['predicate']),
  ]
  if (!Array.isArray(packages) || !isObject(counts) || !isObject(predicate)) return
  for (const name of Object.keys(counts)) counts[name] = 0
  for (const item of packages) {
    const verdict = isObject(item) ? item['verdict'] : undefined
    if (typeof verdict === 'string') counts[verdict] = Number(counts[verdict] ?? 0) + 1
  }
  counts['total'] = packages.length
  const failing = ['mismatch', 'unproven', 'unlisted', 'forbidden'].some((name) => Number(counts[name] ?? 0) > 0)
  predicate['verdict'] = failing ? 'fail' : Number(counts['undecided'] ?? 0) > 0 ? 'undecided' : 'pass'
}

/** Hash, number and size of the evidence as they are. */
function settle(folder: string): void {
  const file = path.join(folder, 'report.json')
  const report = readJson(file)
  const bundle = at(report, ['predicate', 'bundle'])
  if (!isObject(bundle)) return
  const content = path.join(folder, 'evidence/sha256')
  const files = [
    path.join(folder, 'evidence/index.json'),
    ...readdirSync(content).map((name) => path.join(content, name)),
  ]
  bundle['index'] = `sha256:${sha256(readFileSync(path.join(folder, 'evidence/index.json')))}`
  bundle['files'] = files.length
  bundle['size'] = files.reduce((sum, name) => sum + statSync(name).size, 0)
  writeJson(file, report)
}

function at(root: Json, names: readonly string[]): Json | undefined {
  let value: Json | undefined = root
  for (const name of names) value = isObject(value) ? value[name] : undefined
  return value
}

function isObject(value: Json | undefined): value is { [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function readJson(file: string): Json {
  return JSON.parse(readFileSync(file, 'utf8')) as Json
}

function writeJson(file: string, json: Json): void {
  writeFileSync(file, `${JSON.stringify(json, null, 1)}\n`)
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
