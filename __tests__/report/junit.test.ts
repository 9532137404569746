import fc from 'fast-check'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { combineVerdicts } from '../../src/judge/combine.ts'
import { MAX_JUNIT_CASES } from '../../src/limits.ts'
import { junitReport } from '../../src/report/junit.ts'
import type { Report, ReportedPackage } from '../../src/report/report-schema.ts'
import { madeArchive, madeReport, reported } from './made-report.ts'

const trouble = v.object({ type: v.string(), message: v.string(), '#text': v.optional(v.string()) })
const suites = v.object({
  tests: v.string(),
  failures: v.string(),
  errors: v.string(),
  skipped: v.string(),
  testsuite: v.array(
    v.object({
      name: v.string(),
      testcase: v.array(
        v.object({
          classname: v.string(),
          name: v.string(),
          failure: v.optional(trouble),
          error: v.optional(trouble),
          skipped: v.optional(v.object({ message: v.string() })),
          'system-out': v.optional(v.string()),
        }),
      ),
    }),
  ),
})

/** Reads JUnit XML by a parser that is not ours, which must find it well-formed. */
function read(xml: string): v.InferOutput<typeof suites> {
  expect(XMLValidator.validate(xml)).toBe(true)
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseTagValue: false,
    trimValues: false,
    isArray: (name) => name === 'testsuite' || name === 'testcase',
  })
  return v.parse(suites, parser.parse(xml).testsuites)
}

const cases = (report: Report): v.InferOutput<typeof suites>['testsuite'][number]['testcase'] =>
  read(junitReport(report)).testsuite.flatMap(({ testcase }) => testcase)

const VERDICTS: readonly ReportedPackage['verdict'][] = [
  'identical',
  'reproduced',
  'excepted',
  'mismatch',
  'unproven',
  'unlisted',
  'forbidden',
  'undecided',
]

describe('JUnit', () => {
  it('has one test for each package that fails or is undecided, and one for all others of an archive', () => {
    const packages = [
      ...Array.from({ length: 50 }, (_, index) => reported({ name: `p${index}` })),
      reported({ name: 'changed', verdict: 'mismatch', expected: ['b'.repeat(64)], reason: 'Other bytes.' }),
      reported({ name: 'away', verdict: 'undecided', archive: 'own', reason: 'HTTP 500.' }),
      reported({ name: 'alien', verdict: 'unlisted', archive: null }),
    ]
    const report = madeReport(packages, { verdict: 'fail', archives: [madeArchive(), madeArchive({ name: 'own' })] })
    const { tests, failures, errors } = read(junitReport(report))
    expect({ tests, failures, errors }).toEqual({ tests: '5', failures: '2', errors: '1' })
    expect(
      cases(report)
        .map(({ classname, name }) => `${classname}: ${name}`)
        .sort(),
    ).toEqual([
      'debian: changed 1.0-1 amd64',
      'debian: proven packages',
      'in no archive: alien 1.0-1 amd64',
      'own: away 1.0-1 amd64',
      'own: proven packages',
    ])
    const changed = cases(report).find(({ name }) => name.startsWith('changed'))
    expect(changed?.failure).toMatchObject({ type: 'mismatch', message: 'Other bytes.' })
    expect(changed?.failure?.['#text']).toContain('a'.repeat(64))
    expect(changed?.failure?.['#text']).toContain('b'.repeat(64))
    expect(changed?.failure?.['#text']).toContain('Do not release')
    expect(cases(report).find(({ name }) => name.startsWith('away'))?.error).toMatchObject({ type: 'undecided' })
    const proven = cases(report).filter(({ name }) => name === 'proven packages')
    expect(proven.map((one) => one['system-out'])).toEqual(['50 packages: 50 identical', '0 packages: none'])
  })

  it('has a test that is skipped for each package that the policy excepts, which says what that hides', () => {
    const excepted = reported({
      name: 'known',
      verdict: 'excepted',
      excepted: { verdict: 'mismatch', reason: 'we know it', until: '2027-03-01' },
      reason: 'Excepted by the policy: we know it (otherwise mismatch: Other bytes.)',
    })
    const report = madeReport([reported(), excepted], { archives: [madeArchive()] })
    expect(read(junitReport(report))).toMatchObject({ tests: '2', failures: '0', errors: '0', skipped: '1' })
    const [known, proven] = cases(report)
    expect(known).toMatchObject({
      name: 'known 1.0-1 amd64',
      classname: 'debian',
      skipped: { message: 'excepted by the policy: mismatch, until 2027-03-01: we know it' },
      'system-out': excepted.reason,
    })
    expect(proven).toMatchObject({ name: 'proven packages', 'system-out': '1 package: 1 identical' })
    const many = junitReport(madeReport(Array.from({ length: MAX_JUNIT_CASES + 5 }, () => excepted)))
    expect(read(many).skipped).toBe(String(MAX_JUNIT_CASES + 1))
    expect(many).toContain('The policy excepts 5 more packages')
  })

  it('is an error where an archive could not be read, though every package is proven', () => {
    const unread = madeArchive({ unread: [{ what: 'stable', code: 'FETCH', reason: 'HTTP 500.' }] })
    const [only] = cases(madeReport([reported()], { verdict: 'undecided', archives: [unread] }))
    expect(only?.error).toMatchObject({ type: 'unread', '#text': 'stable: HTTP 500.' })
  })

  it('fails if and only if the report does, and errs if and only if it is undecided', () => {
    const anyPackage = fc
      .record({
        name: fc.string({ unit: 'binary' }),
        verdict: fc.constantFrom(...VERDICTS),
        archive: fc.constantFrom('debian', 'own', null),
      })
      .map((some) => reported(some))
    fc.assert(
      fc.property(fc.array(anyPackage, { maxLength: 12 }), fc.boolean(), (packages, isUnread) => {
        const unread = isUnread ? [{ what: 'stable', code: 'FETCH', reason: 'no' }] : []
        const verdict = combineVerdicts(packages, { unread: isUnread, refused: [], isPart: false })
        const report = madeReport(packages, { verdict, archives: [madeArchive({ unread })] })
        const { tests, failures, errors } = read(junitReport(report))
        expect(Number(failures) > 0).toBe(verdict === 'fail')
        if (verdict !== 'fail') expect(Number(errors) > 0).toBe(verdict === 'undecided')
        expect(Number(tests)).toBe(cases(report).length)
      }),
    )
  })

  it('stays readable where everything fails, and says how many more there are', () => {
    const packages = Array.from({ length: 70_000 }, (_, index) => reported({ name: `p${index}`, verdict: 'unproven' }))
    const xml = junitReport(madeReport(packages, { verdict: 'fail', archives: [madeArchive()] }))
    expect(Buffer.byteLength(xml)).toBeLessThan(2 * 1024 * 1024)
    expect(read(xml).failures).toBe(String(MAX_JUNIT_CASES + 1))
    expect(xml).toContain(`${70_000 - MAX_JUNIT_CASES} more packages fail`)
  })

  it.each(['a<b>&"\'c]]>', '\x00\x1b[2J\x7f\ufffe\uffff\ud800', 'line\nline', '</failure><testcase name="x"/>'])(
    'holds %j as text',
    (text) => {
      const report = madeReport([reported({ name: text, reason: text, archive: text, verdict: 'mismatch' })], {
        verdict: 'fail',
      })
      expect(cases(report).filter(({ failure }) => failure !== undefined)).toHaveLength(1)
      expect(cases(report)).toHaveLength(1)
    },
  )
})
