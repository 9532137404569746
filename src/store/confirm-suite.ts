import { primaryFingerprints } from '../archive/evidence.ts'
import { DebproofError } from '../errors.ts'
import { changedFields, contradictionsOf } from './contradiction.ts'
import { identitiesOf } from './identities.ts'
import { type Kept, keepBytes, type Recorder } from './keep-object.ts'
import type { Gathered, SuiteRecord } from './record-suite.ts'
import { identityDigest, releaseIdentity, releaseState } from './release-state.ts'
import { type Sighting, sightingName } from './sighting.ts'
import {
  archiveDigest,
  formatSightingName,
  parseSightingName,
  type SightingName,
  writtenArchiveDigest,
} from './store-layout.ts'
import { describeContradiction } from './suite-history.ts'

/**
 * Says that a suite was seen, once all that it was seen with is on the disk, and compares it with all that was seen
 * before. A file that the store holds damaged cannot be confirmed: then nothing is said of the suite.
 *
 * @throws DebproofError OUTPUT
 */
export async function confirmSuite(
  recorder: Recorder,
  archive: URL,
  suite: string,
  { bytes, release, indexes, failures, notes }: Gathered,
): Promise<SuiteRecord> {
  const { reader, writer, at } = recorder
  const files: Kept[] = []
  for (const file of bytes.files) {
    const name = file.url.slice(file.url.lastIndexOf('/') + 1)
    files.push(await keepBytes(recorder, file.bytes, name))
  }
  const all = [...files, ...indexes]
  const held = (kept: readonly Kept[]) => kept.flatMap((one) => (one.outcome === 'anomaly' ? [] : [one.file]))
  const added = all.flatMap((one) => (one.outcome === 'added' ? [one.file] : []))
  const anomalies = all.flatMap((one) => (one.outcome === 'anomaly' ? [one.why] : []))
  const common = {
    archive,
    suite,
    date: release.date,
    added: { files: added.length, bytes: added.reduce((sum, { size }) => sum + size, 0) },
    reused: all.filter(({ outcome }) => outcome === 'reused').length,
    failures,
    notes,
  }
  const [first, second] = held(files)
  if (first === undefined || files.some(({ outcome }) => outcome === 'anomaly')) {
    return { ...common, outcome: 'unread', anomalies }
  }
  const sighting: Sighting = {
    archive,
    suite,
    seen: at,
    date: release.date,
    state: releaseState(bytes.signed),
    identity: releaseIdentity(bytes.signed),
    signers: primaryFingerprints(release.signers),
    release: second === undefined ? [first] : [first, second],
    indexes: held(indexes).sort((a, b) => (a.path < b.path ? -1 : 1)),
  }
  const file = await writer.putSighting(sighting)
  const own = sightingName(sighting)
  // Listed only now, so that of two processes that record at once one sees the other's.
  const { names, foreign } = await reader.suite(suite)
  if (foreign !== undefined) anomalies.push(foreign.message)
  const spellings = [archiveDigest(archive), writtenArchiveDigest(archive)]
  const others = names.filter((look) => spellings.includes(look.archive) && formatSightingName(look) !== own)
  for (const one of contradictionsOf(lookOf(sighting), others)) {
    anomalies.push(describeContradiction(writer.folder, suite, one))
  }
  const earlier = others.filter((look) => look.seen <= at)
  anomalies.push(...(await changes(recorder, sighting, earlier, file)))
  const latest = latestOf(earlier)
  const isNew = latest?.state !== sighting.state || added.length > 0
  return { ...common, outcome: isNew ? 'new' : 'unchanged', sighting: file, anomalies }
}

/** Origin, Label and Codename are held to what every release file says that the store has of the archive. */
async function changes(
  { reader }: Recorder,
  { suite, identity, date }: Sighting,
  earlier: readonly SightingName[],
  file: string,
): Promise<string[]> {
  const { known, failures } = await identitiesOf(reader, suite, earlier)
  const told = failures.slice(0, 1).map(({ message }) => message)
  const other = known.find((one) => one.identity !== identityDigest(identity))
  if (other === undefined) return told
  try {
    const before = await reader.sighting(suite, other.name)
    const changed = changedFields(before.identity, identity)
    const when = `${date.toISOString()} (${file}) to that of ${before.date.toISOString()}, seen before`
    return [...told, `The release file of ${suite} of ${when}, does not fit: ${changed.join('; ')}.`]
  } catch (error) {
    if (!(error instanceof DebproofError)) throw error
    return [...told, error.message]
  }
}

/** By its own name. */
function lookOf(sighting: Sighting): SightingName {
  const name = parseSightingName(sightingName(sighting))
  if (name === undefined) throw new Error('a sighting has a name that is none')
  return name
}

function latestOf(looks: readonly SightingName[]): SightingName | undefined {
  return [...looks].sort((a, b) => b.seen.getTime() - a.seen.getTime())[0]
}
