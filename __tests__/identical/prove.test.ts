import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Listing } from '../../src/archive/archive-reader.ts'
import { NamePatterns } from '../../src/archive/name-patterns.ts'
import type { UnclearListing } from '../../src/archive/unclear-listing.ts'
import { claimOfListing, claimOfUse } from '../../src/identical/claim.ts'
import { proveIdentical } from '../../src/identical/prove.ts'
import type { Testimony, WitnessSource } from '../../src/identical/witness.ts'
import type { Proof } from '../../src/judge/candidate.ts'
import { architectureOf, evidence, nameOf, sha, use } from '../judge/given.ts'
import { binary, source, vouchers, witness } from './listings.ts'

async function prove(listing: Listing, ...witnesses: WitnessSource[]): Promise<Proof> {
  const claim = claimOfListing(listing)
  const proof = (await proveIdentical([claim], vouchers(...witnesses))).get(claim)
  if (proof === undefined) throw new Error('every claim gets a proof')
  return proof
}

async function testimonyOf(source: WitnessSource): Promise<Testimony> {
  for await (const one of source.witnesses(() => [])) return await one.testify()
  throw new Error('there is no witness')
}

const nobody = witness('nobody', [])
const down = witness('the one that is down', [], 'bookworm')

describe('a claim', () => {
  it('is identical when an upstream lists the same hash under the same name, version and architecture', async () => {
    const proof = await prove(binary('a'), witness('debian', [binary('a')]))
    expect(proof).toEqual({ outcome: 'identical', upstream: 'debian', archive: 'made', evidence: [evidence('a')] })
  })

  it('is a mismatch when an upstream lists another hash, with what it signed', async () => {
    const proof = await prove(binary('a'), witness('debian', [binary('b')]))
    expect(proof).toEqual({ outcome: 'mismatch', upstream: 'debian', signed: [sha('b')], evidence: [evidence('b')] })
  })

  it('is neither for the same hash under another architecture or version', async () => {
    const others = [binary('a', 'all'), binary('a', 'i386'), binary('a', 'amd64', '1.0-1')]
    expect(await prove(binary('a'), witness('debian', others))).toEqual({ outcome: 'unproven' })
  })

  it('is proven by either of two contents that an upstream shipped under one triple', async () => {
    const both = witness('debian', [binary('a'), binary('b')])
    expect((await prove(binary('a'), both)).outcome).toBe('identical')
    expect((await prove(binary('b'), both)).outcome).toBe('identical')
    expect(await prove(binary('c'), both)).toMatchObject({ outcome: 'mismatch', signed: [sha('a'), sha('b')] })
  })

  it('is unproven when everybody was read and nobody lists it, or when there is nobody', async () => {
    expect(await prove(binary('a'), nobody, nobody)).toEqual({ outcome: 'unproven' })
    expect(await prove(binary('a'))).toEqual({ outcome: 'unproven' })
  })

  it('has nothing for it in what a witness is not believed for, and what is in there against it', async () => {
    const doubtful: WitnessSource = {
      async *witnesses() {
        const [failure] = (await testimonyOf(down)).failures
        if (failure === undefined) throw new Error('it is not down')
        yield {
          name: 'one that contradicts itself',
          testify: async () => ({ listings: [], doubted: [binary('a')], failures: [failure], unclear: [], notes: [] }),
        }
      },
    }
    expect(await prove(binary('a'), doubtful)).toMatchObject({ outcome: 'undecided' })
    expect(await prove(binary('b'), doubtful)).toMatchObject({ outcome: 'mismatch', signed: [sha('a')] })
    expect(await prove(binary('b'), doubtful, witness('debian', [binary('b')]))).toMatchObject({ outcome: 'identical' })
    // That somebody signed these, whether or not it is believed, makes others no proof of another content.
    const other = witness('debian', [binary('b')])
    for (const witnesses of [
      [doubtful, other],
      [other, doubtful],
    ]) {
      expect(await prove(binary('a'), ...witnesses)).toMatchObject({ outcome: 'undecided' })
    }
  })

  it('is undecided when one could not be read and nobody lists it, in either order', async () => {
    for (const witnesses of [
      [nobody, down],
      [down, nobody],
    ]) {
      const proof = await prove(binary('a'), ...witnesses)
      expect(proof).toEqual({
        outcome: 'undecided',
        why: 'the one that is down could not be read: bookworm is not served (HTTP 500).',
      })
    }
  })

  it('is undecided, and tells how much more, when several parts could not be read', async () => {
    const proof = await prove(binary('a'), witness('debian', [], 'one', 'two', 'three'))
    expect(proof).toMatchObject({
      outcome: 'undecided',
      why: expect.stringContaining('one is not served (HTTP 500). (and 2 more)'),
    })
  })

  it('is undecided when an upstream has a stanza of its name that not everybody reads alike, and of no other', async () => {
    const unclear = (name: string, kind: 'binary' | 'source' = 'binary'): UnclearListing => {
      return { name: nameOf(name), kind, index: 'made Packages', number: 7, problem: 'It has two Versions.', count: 1 }
    }
    expect(await prove(binary('a'), witness('debian', [], unclear('hello')), nobody)).toEqual({
      outcome: 'undecided',
      why:
        'What debian lists under this name is open: made Packages has a stanza of hello, its number 7, that not ' +
        'everybody reads alike. It has two Versions.',
    })
    const others = witness('debian', [], unclear('hell'), unclear('hello', 'source'))
    expect(await prove(binary('a'), others)).toEqual({ outcome: 'unproven' })
    // What it was read to sign is evidence, for and against.
    expect((await prove(binary('a'), witness('debian', [binary('a')], unclear('hello')))).outcome).toBe('identical')
    expect((await prove(binary('a'), witness('debian', [binary('b')], unclear('hello')))).outcome).toBe('mismatch')
    // Of a name for which the policy does not trust it, it may say what it likes.
    const claim = claimOfListing(binary('a'))
    const partial = vouchers(witness('vendor', [], unclear('hello'))).map((one) => ({
      ...one,
      names: new NamePatterns(['vendor-*']),
    }))
    expect((await proveIdentical([claim], partial)).get(claim)).toEqual({ outcome: 'unproven' })
  })

  it('is decided by what could be read of an upstream of which a part could not', async () => {
    expect((await prove(binary('a'), witness('debian', [binary('a')], 'contrib'))).outcome).toBe('identical')
    expect((await prove(binary('a'), witness('debian', [binary('b')], 'contrib'))).outcome).toBe('mismatch')
  })

  it('stays a mismatch when another upstream could not be read, in either order', async () => {
    const other = witness('debian', [binary('b')])
    expect((await prove(binary('a'), other, down)).outcome).toBe('mismatch')
    expect((await prove(binary('a'), down, other)).outcome).toBe('mismatch')
  })

  it('is identical when a later upstream signed these bytes, though an earlier one signed others', async () => {
    const proof = await prove(binary('a'), witness('live', [binary('b')]), down, witness('history', [binary('a')]))
    expect(proof).toMatchObject({ outcome: 'identical', upstream: 'history' })
  })

  it('is a mismatch with the first upstream that signed other bytes', async () => {
    const proof = await prove(binary('a'), witness('live', [binary('b')]), witness('history', [binary('c')]))
    expect(proof).toMatchObject({ outcome: 'mismatch', upstream: 'live', signed: [sha('b')] })
  })
})

describe('the upstreams', () => {
  it('are asked in order, and no further than needed', async () => {
    const [first, second] = [witness('first', [binary('a')]), witness('second', [binary('a')])]
    expect(await prove(binary('a'), first, second)).toMatchObject({ upstream: 'first' })
    expect([first.asked, second.asked]).toEqual([1, 0])
  })

  it('are asked about what is open only, and each once for all claims', async () => {
    const [one, two] = [claimOfListing(binary('a')), claimOfListing(binary('b', 'i386'))]
    const [first, second] = [witness('first', [binary('a')]), witness('second', [binary('b', 'i386')])]
    const proofs = await proveIdentical([one, two], vouchers(first, second))
    expect([proofs.get(one), proofs.get(two)]).toMatchObject([{ upstream: 'first' }, { upstream: 'second' }])
    expect([first.asked, second.asked]).toEqual([1, 1])
  })

  it('are not asked when there is nothing to prove', async () => {
    const first = witness('first', [])
    expect(await proveIdentical([], vouchers(first))).toEqual(new Map())
    expect(first.asked).toBe(0)
  })

  it('never make a claim identical that none of them signed, whatever the others are', async () => {
    const anyWitness = fc
      .record({ digits: fc.subarray(['a', 'b', 'c']), unread: fc.subarray(['x', 'y']) })
      .map(({ digits, unread }) => ({
        digits,
        witness: witness(
          'one',
          digits.map((digit) => binary(digit)),
          ...unread,
        ),
      }))
    await fc.assert(
      fc.asyncProperty(fc.array(anyWitness, { maxLength: 4 }), async (all) => {
        const { outcome } = await prove(binary('a'), ...all.map(({ witness: one }) => one))
        const signedThese = all.some(({ digits }) => digits.includes('a'))
        const signedOthers = all.some(({ digits }) => digits.length > 0)
        const unread = all.some(({ witness: one, digits }) => one.asked > 0 && digits.length === 0)
        expect(outcome === 'identical').toBe(signedThese)
        expect(outcome === 'mismatch').toBe(!signedThese && signedOthers)
        if (outcome === 'undecided') expect(unread).toBe(true)
      }),
    )
  })
})

describe('a source package', () => {
  const FILES = { 'hello_1.0.dsc': 'a', 'hello_1.0.orig.tar.gz': 'b', 'hello_1.0.debian.tar.xz': 'c' }

  it('is identical when every file is, wherever the archives keep them', async () => {
    const proof = await prove(source(FILES, 'mirror/h'), witness('debian', [source(FILES)]))
    expect(proof.outcome).toBe('identical')
  })

  it('is a mismatch that names the tarball when only that differs', async () => {
    const served = source({ ...FILES, 'hello_1.0.orig.tar.gz': '6' })
    const proof = await prove(served, witness('debian', [source(FILES)]))
    expect(proof).toMatchObject({
      outcome: 'mismatch',
      difference: `hello_1.0.orig.tar.gz is ${sha('6')}, signed was ${sha('b')}`,
    })
  })

  it('is a mismatch that names a file which the upstream does not have', async () => {
    const served = source({ ...FILES, 'hello_1.0.orig-more.tar.gz': '6' })
    const proof = await prove(served, witness('debian', [source(FILES)]))
    expect(proof).toMatchObject({
      outcome: 'mismatch',
      difference: 'hello_1.0.orig-more.tar.gz is not among its files',
    })
  })

  it('is not proven by the binary package of the same name and version', async () => {
    expect(await prove(source(FILES), witness('debian', [binary('a')]))).toEqual({ outcome: 'unproven' })
  })

  it('whose .dsc is known by its hash is proven by that', async () => {
    const claim = claimOfUse(use({ kind: 'source' }), sha('a'), undefined)
    const proofs = await proveIdentical([claim], vouchers(witness('debian', [source(FILES)])))
    expect(proofs.get(claim)).toMatchObject({ outcome: 'identical' })
  })
})

describe('a file whose hash is known by itself', () => {
  const native = architectureOf('amd64')

  async function proveUse(given: Parameters<typeof use>[0], ...listings: Listing[]): Promise<string | undefined> {
    const claim = claimOfUse(use(given), sha('a'), native)
    return (await proveIdentical([claim], vouchers(witness('debian', listings)))).get(claim)?.outcome
  }

  it('is of the native architecture or all where the list does not say', async () => {
    expect(await proveUse({}, binary('a'))).toBe('identical')
    expect(await proveUse({}, binary('a', 'all'))).toBe('identical')
    expect(await proveUse({}, binary('a', 'i386'))).toBe('unproven')
  })

  it('is taken for all only where the upstream has none of the named architecture', async () => {
    expect(await proveUse({ architecture: 'i386' }, binary('a', 'all'))).toBe('identical')
    expect(await proveUse({ architecture: 'i386' }, binary('a', 'all'), binary('b', 'i386'))).toBe('mismatch')
  })
})
