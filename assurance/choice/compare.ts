import type { AptChoice } from './apt-choice.ts'
import type { DebproofChoice, Judged } from './debproof-choice.ts'
import { upstreamFiles } from './stanza-shapes.ts'

/**
 * - `agreed`: both know the same files, or both know none.
 * - `neither`: debproof does not read all of the archive and says why, and apt has nothing of the rest either.
 * - `stricter`: debproof does not read all that apt has, and says why.
 * - `refused`: apt's update failed, with an error: it has nothing of that suite, and no build goes on.
 * - `hidden`: looser. apt would install a file that debproof does not list, and that debproof says nothing of.
 * - `unseen`: looser. debproof lists a file that apt has in no index.
 * - `passed`: looser. A run passes a package as identical, and apt installs a file that the upstream never had.
 */
export type Outcome = 'agreed' | 'neither' | 'stricter' | 'refused' | 'hidden' | 'unseen' | 'passed'

export const LOOSER: readonly Outcome[] = ['hidden', 'unseen', 'passed']

export interface Compared {
  readonly outcome: Outcome
  /** For `stricter`: why. For what is looser: which files. */
  readonly why: readonly string[]
}

/** One comparison of what apt and debproof know of the same archives. */
export function compareChoices(
  apt: AptChoice,
  debproof: DebproofChoice,
  judged: { readonly verdict: string; readonly packages: readonly Judged[] },
): Compared {
  const { listed, failures, unclear } = debproof
  // What could not be read is told, and a run with it never passes.
  const passed = judged.packages.filter((item) => failures.length === 0 && isWronglyPassed(apt, item))
  if (passed.length > 0) {
    return { outcome: 'passed', why: passed.map(({ name, version, sha256 }) => `${name} ${version} ${sha256}`) }
  }
  const unseen = [...listed].filter(([sha256]) => !apt.kept.has(sha256))
  if (unseen.length > 0) {
    if (!apt.updated) return { outcome: 'refused', why: [apt.said] }
    return { outcome: 'unseen', why: unseen.map(([sha256, where]) => `${sha256} of ${where}`) }
  }
  // What is told of a name is not hidden; a run that passes it all the same is seen above.
  const isUnclear = (name: string): boolean => unclear.some((one) => one.name === name)
  const hidden = apt.offers.filter(({ name, sha256 }) => !listed.has(sha256) && !isUnclear(name))
  if (failures.length > 0) {
    const outcome = [...apt.kept].every((sha256) => listed.has(sha256)) ? 'neither' : 'stricter'
    return { outcome, why: failures.map(({ code, message }) => `${code}: ${message}`) }
  }
  if (hidden.length > 0) {
    return { outcome: 'hidden', why: hidden.map(({ name, version, sha256 }) => `${name} ${version} ${sha256}`) }
  }
  if (unclear.length > 0) {
    const outcome = [...apt.kept].every((sha256) => listed.has(sha256)) ? 'neither' : 'stricter'
    return { outcome, why: unclear.map(({ message }) => `unclear: ${message}`) }
  }
  return { outcome: 'agreed', why: [] }
}

/** Proven, although apt would install another file under this version that the upstream never had, or has no such file. */
function isWronglyPassed(apt: AptChoice, { name, version, verdict, sha256 }: Judged): boolean {
  if (verdict !== 'identical' || sha256 === null) return false
  // apt has versions with an epoch of zero as they are written.
  const offers = apt.offers.filter((offer) => offer.name === name && offer.version.replace(/^0+:/, '') === version)
  return offers.some((offer) => !GENUINE.has(offer.sha256)) || (apt.updated && !apt.kept.has(sha256))
}

const GENUINE: ReadonlySet<string> = new Set(upstreamFiles().map(({ sha256 }) => sha256))
