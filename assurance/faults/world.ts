import { archiveFiles, deb, type MadeDeb, projectKey, upstreamKey } from '../../__tests__/making/archive-folder.ts'
import { keyringFile, newKey, once, releaseDate } from '../../__tests__/making/signed-archive.ts'
import { archivePolicy, listText, policyText } from '../../__tests__/making/site.ts'
import type { Random } from '../random.ts'
import { found, status } from './answer.ts'
import { REPLAYS } from './content-faults.ts'
import type { Origin } from './proxy.ts'
import type { Truth, Truths } from './truth.ts'

/** What there is to verify, where it is served, and what is true of it. */
export interface World {
  readonly name: string
  /** Below the folder of a run: policy, keys, package list. */
  readonly files: Readonly<Record<string, string | Uint8Array>>
  readonly origin: Origin
  readonly truths: Truths
  /** What must have come whole from the servers in a run that passes. */
  readonly needed: readonly string[]
  /** Options of `verify` beside those of every run. */
  readonly options: readonly string[]
  /** Milliseconds after which a run hangs. */
  readonly deadline: number
  readonly close?: () => Promise<void>
}

/** @param base where the archives are, for debproof; ends in `/` */
export type MakeWorld = (random: Random, base: string) => Promise<World>

/** Who signs reports. */
export const reportKey = once(() => newKey({ name: 'Reports' }))

export async function commonFiles(): Promise<Record<string, string | Uint8Array>> {
  const report = await reportKey()
  return {
    'keys/project.gpg': keyringFile([await projectKey()]),
    'keys/upstream.asc': (await upstreamKey()).toPublic().armor(),
    'keys/report.asc': report.armor(),
    'keys/report.gpg': keyringFile([report]),
  }
}

/** Serves files by their paths, whatever the query. */
export function filesOrigin(files: Readonly<Record<string, string | Uint8Array>>): Origin {
  return async (path) => {
    const content = files[decodeURIComponent(path.split('?')[0] ?? '')]
    return content === undefined ? status(404, 'Not Found') : found(Buffer.from(content))
  }
}

/** A project's snapshot of an upstream: the archives that most policies have. */
export const snapshotWorld: MakeWorld = async (random, base) => {
  const truths = new Map<string, Truth>()
  const served: MadeDeb[] = []
  const distributed: MadeDeb[] = []
  const used: MadeDeb[] = []
  const isAllGood = random.chance(0.45)
  for (let number = 0, last = random.between(1, 25); number < last; number++) {
    const made = deb(`made-${number}`, { version: `${random.between(1, 9)}.0-1`, content: `made ${number}` })
    const truth: Truth = isAllGood ? 'good' : random.pick(['good', 'good', 'good', 'tampered', 'foreign', 'unlisted'])
    truths.set(`${made.name} ${made.version}`, truth)
    used.push(made)
    if (truth !== 'unlisted') served.push(truth === 'tampered' ? altered(made) : made)
    if (truth === 'good' || truth === 'tampered') distributed.push(made)
  }
  // An index of some size, so that there is a middle to break off in.
  const others = Array.from({ length: random.pick([0, 0, 300]) }, (_, number) => deb(`other-${number}`))
  const deep = random.chance(0.25)
  const date = hoursAgo(2)
  const fields = { 'Valid-Until': releaseDate(hoursAgo(-7 * 24)) }
  const [project, upstream] = [await projectKey(), await upstreamKey()]
  const files: Record<string, Uint8Array> = {
    ...below('snapshot/', await archiveFiles({ key: project, debs: [...served, ...others], date, fields })),
    ...below('upstream/', await archiveFiles({ key: upstream, debs: [...distributed, ...others], date, fields })),
    ...(await replays(
      upstream,
      [...distributed, ...others].filter((_, number) => number % 2 === 1),
    )),
  }
  const policy = policyText([archivePolicy({ url: `${base}snapshot`, upstream: `${base}upstream` })])
  return {
    name: deep ? 'snapshot, deep' : 'snapshot',
    files: { 'debproof.yml': policy, 'build.packages': listText(used) },
    origin: filesOrigin(files),
    truths,
    needed: [
      'snapshot/dists/made/InRelease',
      'upstream/dists/made/InRelease',
      ...(deep
        ? Object.keys(files).filter((name) => used.some((one) => name.startsWith(`snapshot/pool/main/${one.name}_`)))
        : []),
    ],
    options: deep ? ['--deep'] : [],
    deadline: 150_000,
  }
}

/** The same name, version and architecture, and other bytes. */
export function altered({ name, version, architecture }: MadeDeb): MadeDeb {
  return deb(name, { version, architecture, content: 'altered' })
}

/** What the upstream signed days ago, when it had some of its packages, and another suite of it. */
export async function replays(
  key: Awaited<ReturnType<typeof upstreamKey>>,
  debs: readonly MadeDeb[],
): Promise<Record<string, Uint8Array>> {
  const fields = { 'Valid-Until': releaseDate(hoursAgo(-2 * 24)) }
  const old = await archiveFiles({ key, debs, date: hoursAgo(4 * 24), fields })
  const other = await archiveFiles({
    key,
    debs,
    date: hoursAgo(3),
    fields: { ...fields, Codename: 'other', Suite: 'other' },
  })
  return { ...below(`${REPLAYS.old}upstream/`, old), ...below(`${REPLAYS.other}upstream/`, other) }
}

export function below(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Record<string, Uint8Array> {
  return Object.fromEntries(Object.entries(files).map(([name, content]) => [folder + name, Buffer.from(content)]))
}

/** Release files are dated in whole seconds. */
export function hoursAgo(hours: number): Date {
  return new Date(Math.floor(Date.now() / 1000) * 1000 - hours * 3_600_000)
}
