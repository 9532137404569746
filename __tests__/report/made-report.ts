import type { Report, ReportedPackage } from '../../src/report/report-schema.ts'

type Predicate = Report['predicate']

/** A package as a report has it: identical unless said otherwise. */
export function reported(more: Partial<ReportedPackage> = {}): ReportedPackage {
  return {
    name: 'hello',
    version: '1.0-1',
    architecture: 'amd64',
    kind: 'binary',
    sha256: 'a'.repeat(64),
    hashFrom: 'archive',
    archive: 'debian',
    verdict: 'identical',
    reason: 'The upstream signed exactly these bytes.',
    evidence: [],
    ...more,
  }
}

/** A report on these packages, its counts made of them. */
export function madeReport(packages: readonly ReportedPackage[], more: Partial<Predicate> = {}): Report {
  const counts = {
    identical: 0,
    reproduced: 0,
    excepted: 0,
    mismatch: 0,
    unproven: 0,
    unlisted: 0,
    forbidden: 0,
    undecided: 0,
  }
  for (const { verdict } of packages) counts[verdict] += 1
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'build.packages', digest: { sha256: 'b'.repeat(64) } }],
    predicateType: 'urn:debproof:report:v1',
    predicate: {
      verdict: 'pass',
      release: null,
      at: '2026-06-01T12:00:00Z',
      tool: { name: 'debproof', version: '0' },
      policy: { sha256: 'c'.repeat(64) },
      lists: [],
      counts: { total: packages.length, ...counts },
      archives: [],
      exceptions: [],
      packages: [...packages],
      evidence: {},
      trust: [],
      ...more,
    },
  }
}

export function madeArchive(more: Partial<Predicate['archives'][number]> = {}): Predicate['archives'][number] {
  return { name: 'debian', require: 'identical', url: 'http://h/', suites: ['made'], unread: [], notes: [], ...more }
}

export function madeException(more: Partial<Predicate['exceptions'][number]> = {}): Predicate['exceptions'][number] {
  return {
    package: 'hello',
    version: null,
    architecture: null,
    archive: null,
    reason: 'issue 123',
    until: null,
    status: 'used',
    packages: 1,
    ...more,
  }
}
