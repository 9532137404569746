import { visibleLine } from '../report/visible.ts'
import type { RebuildResult } from './rebuild.ts'
import { type BuildResult, type Outcome, type PackageResult, worstOf } from './result.ts'

const HEADS: Readonly<Record<Outcome, string>> = {
  same: 'SAME',
  different: 'DIFFERENT',
  undone: 'UNDONE',
}

/** What became of each package, for people. The first line says all of it. */
export function rebuildText({ packages, fingerprint }: RebuildResult, output: string): string {
  const count = (outcome: Outcome): number => packages.filter((item) => item.outcome === outcome).length
  const counts = [
    `${count('same')} came out the same`,
    ...(count('different') > 0 ? [`${count('different')} different`] : []),
    ...(count('undone') > 0 ? [`${count('undone')} could not be built`] : []),
  ]
  const verdict = worstOf(packages.map(({ outcome }) => outcome))
  const hasStatements = packages.some(
    ({ statements, builds }) => statements.length > 0 || builds.some((build) => build.statements.length > 0),
  )
  const signed =
    fingerprint === undefined || !hasStatements ? 'nothing was signed' : `statements signed by ${fingerprint}`
  return [
    `${HEADS[verdict]}: of ${packages.length} source packages ${counts.join(', ')}.`,
    ...packages.flatMap(packageLines),
    '',
    `Output: ${output} (${signed})`,
    '',
  ]
    .map((line) => visibleLine(line))
    .join('\n')
}

function packageLines({ source, version, outcome, problem, notes, builds, statements }: PackageResult): string[] {
  return [
    '',
    `${HEADS[outcome].toLowerCase().padEnd(10)} ${source} ${version}`,
    ...(problem === undefined ? [] : [`    ${problem}`]),
    ...notes.map((note) => `    ${note}`),
    ...builds.flatMap(buildLines),
    ...statements.map((file) => `    stated in  ${file}`),
  ]
}

function buildLines({ debs, additional, notes, log, statements, different }: BuildResult): string[] {
  return [
    ...debs.flatMap(({ expected, outcome, sha256 }) => [
      `    ${outcome.padEnd(10)} ${expected.fileName} ${expected.sha256}${expected.entry === undefined ? ' (not in the archive’s index)' : ''}`,
      ...(outcome === 'different' ? [`               rebuilt as ${sha256 ?? '-'}`] : []),
    ]),
    ...additional.map((name) => `    additional ${name}`),
    ...notes.map((note) => `    ${note}`),
    ...different.map((file) => `    see        ${file}`),
    `    log        ${log}`,
    ...statements.map((file) => `    stated in  ${file}`),
  ]
}

/** The same for programs. */
export function rebuildJson({ packages, fingerprint }: RebuildResult): string {
  const result = {
    outcome: worstOf(packages.map(({ outcome }) => outcome)),
    signedBy: fingerprint ?? null,
    packages: packages.map((item) => ({
      source: item.source,
      version: item.version,
      archive: item.archive,
      outcome: item.outcome,
      problem: item.problem ?? null,
      notes: item.notes,
      statements: item.statements,
      builds: item.builds.map((build) => ({
        ...build,
        debs: build.debs.map(({ expected, outcome, sha256 }) => ({
          file: expected.fileName,
          outcome,
          sha256: expected.sha256,
          rebuiltSha256: sha256 ?? null,
          listed: expected.entry !== undefined,
        })),
      })),
    })),
  }
  return `${JSON.stringify(result, null, 1)}\n`
}
