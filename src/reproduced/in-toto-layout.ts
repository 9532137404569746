import type { Evidence } from '../archive/evidence.ts'
import { materialOfKey } from '../archive/key-material.ts'
import type { Keyring } from '../archive/keyring.ts'
import { DebproofError } from '../errors.ts'
import { MAX_LAYOUT_KEYS } from '../limits.ts'
import { type Document, evidenceOf } from './document.ts'
import { linkStatement, readLink, STEP } from './in-toto-link.ts'
import { type LayoutKey, parseLayoutKey, verifyByLayoutKey } from './layout-key.ts'
import { parseMetablock, verifyByKeyring } from './metablock.ts'
import type { RebuiltPackage, Statement } from './statement.ts'
import { asArray, asInteger, asObject, asString, memberOf } from './strict-json.ts'

/** Whom the owner of a layout trusts to rebuild, and how many of them must agree. */
export interface Layout {
  readonly threshold: number
  readonly expires: Date
  /** In the order in which the step names them. */
  readonly keys: readonly LayoutKey[]
  readonly evidence: Evidence
}

/**
 * Verifies a layout of in-toto 0.9 (4.3) that is signed with OpenPGP, and takes from it who may do the step
 * `rebuild`. Nothing in it is executed: of what `inspect` and the rules say, nothing is needed to compare one file.
 *
 * @param ownerKeyring the keys of the layout's owner, who decides for whoever pins them
 * @throws DebproofError STATEMENT, TOO_LARGE
 */
export async function verifyLayout(document: Document, ownerKeyring: Keyring, at: Date): Promise<Layout> {
  const malformed = (problem: string): DebproofError =>
    new DebproofError('STATEMENT', `The layout ${document.url.href} ${problem}.`)
  const { signed, signers, signedAt } = await verifyByKeyring(parseMetablock(document), ownerKeyring, at)
  if (signed.get('_type') !== 'layout') throw malformed('is no layout')
  const expires = parseExpires(asString(signed.get('expires')) ?? '')
  if (expires === undefined) throw malformed('does not say when it expires, as in 2030-01-01T00:00:00Z')
  if (at >= expires) throw malformed(`expired at ${expires.toISOString()}: ask its owner for a new one`)
  const steps = asArray(signed.get('steps'))?.filter((each) => memberOf(each, 'name') === STEP) ?? []
  const [step] = steps
  if (step === undefined || steps.length > 1) throw malformed(`does not have one step ${STEP}`)
  const threshold = asInteger(memberOf(step, 'threshold'))
  if (threshold === undefined || threshold < 1) throw malformed(`has a threshold that is no number from 1 on`)
  const listed = asObject(signed.get('keys'))
  const pubkeys = asArray(memberOf(step, 'pubkeys'))
  if (listed === undefined || pubkeys === undefined) throw malformed('has no keys')
  if (pubkeys.length > MAX_LAYOUT_KEYS) throw malformed(`names more than ${MAX_LAYOUT_KEYS} keys`)
  const keys: LayoutKey[] = []
  for (const keyid of new Set(pubkeys)) {
    const written = asString(keyid)
    if (written === undefined || !listed.has(written)) {
      throw malformed(`names the key ${JSON.stringify(written ?? null).slice(0, 80)} and does not hold it`)
    }
    keys.push(parseLayoutKey(written, listed.get(written)))
  }
  if (keys.length < threshold) throw malformed(`asks for ${threshold} keys to agree and names ${keys.length}`)
  if (sharesKeys(keys)) throw malformed('has one key under two fingerprints, which would count twice')
  return { threshold, expires, keys, evidence: evidenceOf(document, 'in-toto-layout', signers, signedAt) }
}

/**
 * Verifies a link of in-toto 0.9 against a key that a layout carries.
 *
 * @throws DebproofError STATEMENT, TOO_LARGE
 */
export async function verifyLinkByLayoutKey(
  document: Document,
  key: LayoutKey,
  at: Date,
  rebuilt: RebuiltPackage,
): Promise<Statement> {
  const link = await readLink(document, key, at, (metablock) => verifyByLayoutKey(metablock, key, at))
  return linkStatement(link, document, rebuilt)
}

/** in-toto 0.9, 4.3: ISO 8601 in UTC, in whole seconds. A day that does not exist is none. */
function parseExpires(text: string): Date | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(text)) return undefined
  const time = new Date(text)
  return Number.isNaN(time.getTime()) || time.toISOString() !== text.replace('Z', '.000Z') ? undefined : time
}

function sharesKeys(keys: readonly LayoutKey[]): boolean {
  const all = keys.flatMap((each) => [...each.keys.values()].map(({ key }) => materialOfKey(key)))
  return new Set(all).size < all.length
}
