import type { Evidence } from '../archive/evidence.ts'
import type { Architecture } from '../archive/identity.ts'
import { materialOfKey } from '../archive/key-material.ts'
import { DebproofError, describeError, isDebproofError } from '../errors.ts'
import type { Downloads } from '../net/downloads.ts'
import { keyIdsOf } from '../policy/key-ids.ts'
import type { LayoutPolicy, PartyPolicy, RebuildersPolicy, StatementFormat } from '../policy/policy.ts'
import { BuildinfoService } from './buildinfo-service.ts'
import { DsseService } from './dsse-service.ts'
import { type Layout, verifyLayout, verifyLinkByLayoutKey } from './in-toto-layout.ts'
import { verifyLink } from './in-toto-link.ts'
import { InTotoService } from './in-toto-service.ts'
import type { LayoutKey } from './layout-key.ts'
import { RebuilderdService } from './rebuilderd-service.ts'
import { Sha256sumsService } from './sha256sums-service.ts'
import type { RebuiltPackage, ServiceAnswer, Statement, StatementService } from './statement.ts'

/** What one party's places were brought to say. */
export interface PartyAnswer extends ServiceAnswer {
  readonly party: string
  readonly places: readonly string[]
  readonly cosigned: boolean
}

interface Party {
  readonly name: string
  readonly places: readonly URL[]
  readonly cosigned: boolean
  readonly services: readonly StatementService[]
}

/** What the services need beside the party's keys. */
export interface RebuildersContext {
  readonly downloads: Downloads
  /** The clock. */
  readonly at: Date
  /** The clock for the last days of public keys. */
  readonly keysAt: Date
  /** Of the build: .buildinfo files are named for the machine that built. */
  readonly architectures: readonly Architecture[]
}

/** The rebuilders of one archive: who they are, and how many must agree. */
export class Rebuilders {
  readonly threshold: number
  readonly sourceRequired: boolean
  readonly #parties: readonly Party[]

  private constructor(threshold: number, sourceRequired: boolean, parties: readonly Party[]) {
    this.threshold = threshold
    this.sourceRequired = sourceRequired
    this.#parties = parties
  }

  /** @throws DebproofError POLICY for a layout that cannot be used */
  static async open(policy: RebuildersPolicy, context: RebuildersContext): Promise<Rebuilders> {
    const parties = policy.parties.map((party) => ({
      name: party.name,
      places: party.places.map(({ url }) => url),
      cosigned: party.cosigned,
      services: servicesOf(party, context),
    }))
    if (policy.layout === undefined) return new Rebuilders(policy.threshold ?? 1, policy.sourceRequired, parties)
    const layout = await openLayout(policy.layout, context.at)
    const threshold = Math.max(policy.threshold ?? 1, layout.threshold)
    const keys = partiesOfLayout(layout, policy)
    if (threshold > parties.length + keys.length) {
      throw new DebproofError(
        'POLICY',
        `The layout ${policy.layout.file.href} and the policy ask for ${threshold} parties to agree, but only ` +
          `${parties.length + keys.length} count: who built or signs what is served does not.`,
      )
    }
    const places = policy.layout.places.map((base) => ({ base, downloads: context.downloads.forPlace(base) }))
    const more = keys.map((key) => ({
      name: key.fingerprint,
      places: places.map(({ base }) => base),
      cosigned: false,
      services: servicesOfLayoutKey(key, layout, places, context.at),
    }))
    return new Rebuilders(threshold, policy.sourceRequired, [...parties, ...more])
  }

  /** What each party says of one package, in the order of the policy. */
  async ask(rebuilt: RebuiltPackage): Promise<PartyAnswer[]> {
    return await Promise.all(
      this.#parties.map(async ({ name, places, cosigned, services }) => {
        const answers = await Promise.all(services.map((service) => service.ask(rebuilt)))
        return {
          party: name,
          places: places.map(({ href }) => href),
          cosigned,
          statements: answers.flatMap(({ statements }) => statements),
          unusable: answers.flatMap(({ unusable }) => unusable),
          unreachable: answers.flatMap(({ unreachable }) => unreachable),
          notes: answers.flatMap(({ notes = [] }) => notes),
        }
      }),
    )
  }
}

function servicesOf(party: PartyPolicy, context: RebuildersContext): StatementService[] {
  return party.places.map(({ format, url }) => serviceAt(format, url, party, context))
}

function serviceAt(
  format: StatementFormat,
  url: URL,
  { name, keyring, publicKeys }: PartyPolicy,
  context: RebuildersContext,
): StatementService {
  const { at, keysAt } = context
  const downloads = context.downloads.forPlace(url)
  if (format === 'rebuilderd') return new RebuilderdService(downloads, url, publicKeys, keysAt)
  if (format === 'dsse') return new DsseService({ downloads, at: keysAt, base: url, keys: publicKeys })
  if (keyring === undefined) throw new Error(`the policy gave ${name} no keyring`)
  switch (format) {
    case 'buildinfo':
      return new BuildinfoService({ ...context, downloads, base: url, keyring })
    case 'in-toto':
      return new InTotoService(downloads, url, (document, rebuilt) => verifyLink(document, keyring, at, rebuilt))
    case 'sha256sums':
      return new Sha256sumsService({ downloads, at, url, keyring })
  }
}

async function openLayout({ file, bytes, owner }: LayoutPolicy, at: Date): Promise<Layout> {
  try {
    return await verifyLayout({ url: file, bytes }, owner, at)
  } catch (error) {
    if (!isDebproofError(error)) throw error
    throw new DebproofError('POLICY', `The layout ${file.href} cannot be used: ${describeError(error)}`, {
      cause: error,
    })
  }
}

/**
 * The layout's keys, without those of the builder and of who signs what is under test. A key that is also a party's of
 * the policy would count twice.
 */
function partiesOfLayout({ keys }: Layout, { parties, builder, underTest, layout }: RebuildersPolicy): LayoutKey[] {
  const isOneOf = (key: LayoutKey, ids: ReadonlyMap<string, string>): boolean =>
    [...key.keys].some(([fingerprint, raw]) => ids.has(fingerprint) || ids.has(materialOfKey(raw.key)))
  for (const party of parties) {
    const ids = keyIdsOf(party)
    const shared = keys.find((key) => isOneOf(key, ids))
    if (shared !== undefined) {
      throw new DebproofError(
        'POLICY',
        `The layout ${layout?.file.href} and the party ${party.name} have the same key ${shared.fingerprint}: leave out one.`,
      )
    }
  }
  const builders = keyIdsOf(builder)
  return keys.filter((key) => !isOneOf(key, builders) && !isOneOf(key, underTest))
}

/** Whom a layout trusts rests on the layout too. */
function servicesOfLayoutKey(
  key: LayoutKey,
  layout: Layout,
  places: readonly { readonly base: URL; readonly downloads: Downloads }[],
  at: Date,
): StatementService[] {
  const verify = async (
    document: Parameters<typeof verifyLinkByLayoutKey>[0],
    rebuilt: RebuiltPackage,
  ): Promise<Statement> => {
    const statement = await verifyLinkByLayoutKey(document, key, at, rebuilt)
    const evidence: Evidence[] = [...statement.evidence, layout.evidence]
    return { ...statement, evidence }
  }
  return places.map(({ base, downloads }) => new InTotoService(downloads, base, verify))
}
