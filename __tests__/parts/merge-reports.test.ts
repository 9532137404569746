import { describe, expect, it } from 'vitest'
import type { Part } from '../../src/parts/check-part.ts'
import { mergeReports } from '../../src/parts/merge-reports.ts'
import type { Report } from '../../src/report/report-schema.ts'
import { madeArchive, madeReport, reported } from '../report/made-report.ts'

type Predicate = Report['predicate']

const FILE = `sha256:${'1'.repeat(64)}`

function part(index: number, packages: readonly string[], more: Partial<Predicate> = {}): Part {
  const shard = { index, of: 2, total: 2, plan: 'made' }
  const items = packages.map((name) => reported({ name, evidence: more.evidence === undefined ? [] : [FILE] }))
  return { folder: String(index), report: madeReport(items, { shard, ...more }), shard }
}

function file(url: string, more: Partial<Predicate['evidence'][string]> = {}): Predicate['evidence'] {
  return { [FILE]: { kind: 'packages', url, size: 1, date: null, signers: ['A'], ...more } }
}

const unread = (what: string) => ({ what, code: 'FETCH', reason: `${what} was away.` })

describe('parts that machines saw differently', () => {
  it('say of a file together what the last package that rests on it says, as one run does', () => {
    const url = (...parts: readonly Part[]) => mergeReports(parts, null).predicate.evidence[FILE]?.url
    expect(url(part(1, ['a', 'c'], { evidence: file('first') }), part(2, ['b'], { evidence: file('second') }))).toBe(
      'first',
    )
    expect(url(part(1, ['a', 'c'], { evidence: file('first') }), part(2, ['d'], { evidence: file('second') }))).toBe(
      'second',
    )
    expect(url(part(1, ['d'], { evidence: file('first') }), part(2, ['b', 'c'], { evidence: file('second') }))).toBe(
      'first',
    )
  })

  it('name all signers and parties of a file', () => {
    const one = part(1, ['a'], { evidence: file('url', { signers: ['B'], parties: ['beta'] }) })
    const other = part(2, ['b'], { evidence: file('url', { signers: ['A'], parties: ['alpha', 'beta'] }) })
    expect(mergeReports([one, other], null).predicate.evidence[FILE]).toMatchObject({
      signers: ['A', 'B'],
      parties: ['alpha', 'beta'],
    })
  })

  it('are undecided where one of them could not read an archive that the other could', () => {
    const away = madeArchive({ name: 'own', unread: [unread('made')], notes: ['one', 'two'] })
    const here = madeArchive({ name: 'own', unread: [], notes: ['two', 'three'] })
    const { predicate } = mergeReports(
      [part(1, ['a'], { archives: [here] }), part(2, ['b'], { archives: [away] })],
      null,
    )
    expect(predicate.verdict).toBe('undecided')
    expect(predicate.archives).toEqual([{ ...here, unread: [unread('made')], notes: ['two', 'three', 'one'] }])
    expect(predicate.trust.map(({ of }) => of)).toContain('known by the archives')
  })

  it.each([
    [1, 2],
    [2, 1],
  ])("are undecided where part %i found others among apt's lists than the policy names", (seeing, blind) => {
    const found = [{ folder: '/lists', files: ['evil_InRelease'] }]
    const otherArchives = { action: 'fail' as const, reason: null, found }
    const parts = [part(seeing, ['a'], { otherArchives }), part(blind, ['b'])]
    const { predicate } = mergeReports(seeing === 1 ? parts : parts.reverse(), null)
    expect([predicate.verdict, predicate.otherArchives]).toEqual(['undecided', otherArchives])
    expect(predicate.trust.map(({ of }) => of)).toContain("known by the archives, while the build's apt saw others")
  })

  it('tell of each upstream what any of them was told, by its name', () => {
    const told = (name: string, what: string) => ({ name, unread: [unread(what)], notes: [what] })
    const { predicate } = mergeReports(
      [
        part(1, ['a']),
        part(2, ['b'], { upstreams: [told('b', 'one'), told('c', 'two')] }),
        part(3, ['c'], { upstreams: [told('a', 'one'), told('b', 'two'), told('c', 'two')] }),
      ],
      null,
    )
    expect(predicate.upstreams).toEqual([
      told('a', 'one'),
      { name: 'b', unread: [unread('one'), unread('two')], notes: ['one', 'two'] },
      told('c', 'two'),
    ])
    expect(mergeReports([part(1, ['a']), part(2, ['b'])], null).predicate).not.toHaveProperty('upstreams')
  })

  it('leave nothing of the parts: no shard, and the evidence that is given', () => {
    const { predicate } = mergeReports([part(1, ['b']), part(2, ['a'])], null)
    expect(predicate).not.toHaveProperty('shard')
    expect(predicate.bundle).toBeNull()
    expect(predicate.packages.map(({ name }) => name)).toEqual(['a', 'b'])
  })
})
