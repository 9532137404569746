import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { createMessage, readSignature, verify } from 'openpgp'
import { isSound, type Truths, VERDICT_OF } from './truth.ts'
import { reportKey } from './world.ts'

/** What this oracle looks at in a report.json. */
export interface SeenReport {
  readonly verdict: string
  readonly packages: readonly {
    readonly name: string
    readonly version: string
    readonly verdict: string
    readonly reason: string
  }[]
}

const OUTPUT_NAMES = new Set([
  'report.json',
  'report.json.asc',
  'summary.md',
  'junit.xml',
  'verdict.env',
  'recheck.sh',
  'evidence',
])

/** The bytes of report.json; undefined where there is none. */
export function reportBytes(output: string): Buffer | undefined {
  const file = path.join(output, 'report.json')
  return existsSync(file) ? readFileSync(file) : undefined
}

/** @throws Error for what is no report */
export function parseReport(bytes: Uint8Array): SeenReport {
  const json: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'))
  const predicate = member(json, 'predicate')
  const packages = member(predicate, 'packages')
  if (!Array.isArray(packages)) throw new Error('no packages')
  const text = (value: unknown): string => {
    if (typeof value !== 'string') throw new Error('no text')
    return value
  }
  return {
    verdict: text(member(predicate, 'verdict')),
    packages: packages.map((item: unknown) => ({
      name: text(member(item, 'name')),
      version: text(member(item, 'version')),
      verdict: text(member(item, 'verdict')),
      reason: text(member(item, 'reason')),
    })),
  }
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) throw new Error(`no ${name}`)
  return Object.entries(value).find(([key]) => key === name)?.[1]
}

/** What is in an output folder that debproof never leaves there. */
export function strangersIn(output: string, leavesParts: boolean): string[] {
  if (!existsSync(output)) return []
  return readdirSync(output).filter(
    (name) =>
      !OUTPUT_NAMES.has(name) &&
      !(leavesParts && /^\..*\.part$|^\.writable$|^\.debproof-run\.[0-9a-f]{32}$/.test(name)),
  )
}

/** Whether report.json.asc is a good signature of the key over report.json; by OpenPGP.js alone. */
export async function signatureProblems(output: string, bytes: Uint8Array): Promise<string[]> {
  const file = path.join(output, 'report.json.asc')
  if (!existsSync(file)) return ['there is a report.json without its signature']
  try {
    const { signatures } = await verify({
      message: await createMessage({ binary: bytes }),
      signature: await readSignature({ armoredSignature: readFileSync(file, 'latin1') }),
      verificationKeys: (await reportKey()).toPublic(),
      // Some of the clocks here are far off.
      date: null,
    })
    const [first] = signatures
    if (first === undefined) return ['report.json.asc holds no signature']
    await first.verified
    return []
  } catch (error) {
    return [`the signature of report.json is not good: ${String(error)}`]
  }
}

/** What may become of a sound package, by the effects of what happened. */
export interface Allowed {
  /** Nothing that happened may change a verdict. */
  readonly nothing: boolean
  /** A server may have said that something is not there. */
  readonly absence: boolean
  /** Other signed content may have been served. */
  readonly replay: boolean
  /** A pool may have served other bytes, and the same again. */
  readonly mismatch: boolean
}

/** Verdicts that are not what they may be. */
export function verdictProblems(report: SeenReport, truths: Truths, allowed: Allowed): string[] {
  const problems: string[] = []
  const seen = new Set<string>()
  for (const { name, version, verdict, reason } of report.packages) {
    const truth = truths.get(`${name} ${version}`)
    seen.add(`${name} ${version}`)
    if (truth === undefined) {
      problems.push(`${name} ${version} was never used`)
      continue
    }
    const right = VERDICT_OF[truth]
    const may = [
      right,
      ...(allowed.nothing ? [] : ['undecided']),
      ...(allowed.absence ? ['unproven'] : []),
      ...(allowed.mismatch ? ['mismatch'] : []),
      ...(allowed.replay ? ['unproven', 'unlisted'] : []),
    ]
    if (!may.includes(verdict))
      problems.push(`${name} ${version} is ${truth}, and the report says ${verdict}: ${reason}`)
  }
  for (const name of truths.keys()) if (!seen.has(name)) problems.push(`${name} is not in the report`)
  const verdicts = report.packages.map(({ verdict }) => verdict)
  const overall = verdicts.some((verdict) => ['mismatch', 'unproven', 'unlisted', 'forbidden'].includes(verdict))
    ? 'fail'
    : verdicts.includes('undecided')
      ? 'undecided'
      : 'pass'
  if (report.verdict !== overall) problems.push(`the report says ${report.verdict} of packages that are ${overall}`)
  if (report.verdict === 'pass' && ![...truths.values()].every(isSound))
    problems.push('a release that is not sound passed')
  return problems
}
