import {
  archiveFiles,
  deb,
  type MadeArchive,
  type MadeDeb,
  projectKey,
  upstreamKey,
} from '../../__tests__/making/archive-folder.ts'
import { ago, DAY, once } from '../../__tests__/making/signed-archive.ts'
import { sha256Of } from '../../src/archive/hash.ts'
import { parseFingerprint } from '../../src/archive/identity.ts'
import { splitInRelease } from '../../src/archive/signed-text.ts'
import { releaseIdentity, releaseState } from '../../src/store/release-state.ts'
import type { KeptFile, Sighting } from '../../src/store/sighting.ts'

/** A really signed state of the suite `made`, whoever shows or records it. */
export interface MadeState {
  readonly date: Date
  readonly debs: readonly MadeDeb[]
  readonly fields?: Readonly<Record<string, string>>
  /** Whether the upstream signed it, and not somebody else. */
  readonly isGenuine: boolean
}

const hello = (version: string, content = 'x'): MadeDeb => deb('hello', { version, content })

/** What a build may have used. */
export const DEBS = {
  first: hello('1.0-1'),
  second: hello('2.0-1'),
  third: hello('3.0-1'),
  fourth: hello('4.0-1'),
  /** Signed in a second release file of one Date. */
  forked: hello('2.0-1', 'another'),
  /** Signed by nobody. */
  forged: hello('3.0-1', 'forged'),
} as const
export type DebName = keyof typeof DEBS

const day = (days: number): Date => ago(days * DAY)
const state = (days: number, debs: readonly MadeDeb[], fields: MadeState['fields'] = {}): MadeState => ({
  date: day(days),
  debs,
  fields,
  isGenuine: true,
})

export const STATES = {
  /** Before anything was recorded. */
  zero: state(70, [hello('0.9-1')]),
  first: state(60, [DEBS.first]),
  second: state(50, [DEBS.second]),
  'second, forked': state(50, [DEBS.forked]),
  'second, of another Origin': state(50, [DEBS.second], { Origin: 'Other' }),
  third: state(40, [DEBS.third]),
  'third, forked': state(40, [DEBS.forked]),
  /** After the last one that is ever recorded. */
  fourth: state(3, [DEBS.fourth]),
  'fourth, of another Origin': state(2, [DEBS.fourth], { Origin: 'Other' }),
  'of another suite': state(45, [DEBS.forged], { Codename: 'other', Suite: 'other' }),
  'of another key': { ...state(45, [DEBS.forged]), isGenuine: false },
} as const satisfies Record<string, MadeState>
export type StateName = keyof typeof STATES

/** What a server shows for it. */
export async function shown(name: StateName): Promise<MadeArchive> {
  const { date, debs, fields, isGenuine }: MadeState = STATES[name]
  return {
    key: await (isGenuine ? upstreamKey() : projectKey()),
    date,
    debs,
    ...(fields === undefined ? {} : { fields }),
  }
}

const FILES = new Map(
  Object.keys(STATES).map((name) => [name, once(async () => await archiveFiles(await shown(name as StateName)))]),
)

/** The objects that a store has of a state, and a sighting of it by somebody who never looked. */
export async function kept(
  name: StateName,
  archive: URL,
  seen: Date,
): Promise<{ readonly objects: readonly Buffer[]; readonly sighting: Sighting }> {
  const files = await FILES.get(name)?.()
  const inRelease = files?.['dists/made/InRelease']
  const index = files?.['dists/made/main/binary-amd64/Packages.gz']
  if (inRelease === undefined || index === undefined) throw new Error(`${name} has no files`)
  const file = (path: string, bytes: Buffer): KeptFile => ({ path, sha256: sha256Of(bytes), size: bytes.length })
  const signed = splitInRelease(inRelease)
  const { key } = await shown(name)
  const signer = parseFingerprint(key.getFingerprint())
  const sighting: Sighting = {
    archive,
    suite: 'made',
    seen,
    date: STATES[name].date,
    state: releaseState(signed),
    identity: releaseIdentity(signed),
    signers: signer === undefined ? [] : [signer],
    release: [file('InRelease', inRelease)],
    indexes: [file('main/binary-amd64/Packages.gz', index)],
  }
  return { objects: [inRelease, index], sighting }
}
