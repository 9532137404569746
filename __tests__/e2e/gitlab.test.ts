import { existsSync } from 'node:fs'
import { readdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { changeOnePackage, copyExample, EXAMPLE, exampleClock } from './example.ts'
import { type Instance, MERGE_REQUEST, makeInstance, Project, readJunit, readVariables } from './gitlab.ts'
import { commitAll } from './gitlab-server.ts'
import { gpgVerify } from './gnupg.ts'
import { sha256Of } from './mirror.ts'
import { countsOf, type Finished, readReport, scratchFolder } from './running.ts'

const KEY = path.join(EXAMPLE, 'keys/report-signing-key.asc')
const REPORT = 'debproof-report'

describe('the GitLab component over the example release', () => {
  const scratch = scratchFolder()
  let instance: Instance
  let at: string

  beforeAll(async () => {
    instance = await makeInstance(scratch)
    at = await exampleClock()
  })

  /** The example as a project whose pipeline includes the component. */
  async function projectOf(name: string, inputs: object = {}, more: object = {}): Promise<Project> {
    const project = await Project.create(instance, await copyExample(path.join(scratch, name)))
    const component = `$CI_SERVER_FQDN/${instance.project}/verify@${instance.sha}`
    await project.commit({ include: [{ component, inputs: { at, ...inputs } }], ...more })
    return project
  }

  it('passes, with a signed report as artifact, its tests for the widget, and its verdict for later jobs', async () => {
    const later = { stage: 'deploy', script: ['env | grep ^DEBPROOF_ > seen', 'ls debproof-report/report.json.asc'] }
    const project = await projectOf('passing', {}, { later: { ...later, artifacts: { paths: ['seen'] } } })
    const key = await readFile(KEY, 'utf8')
    const result = await project.run({ variables: { ...MERGE_REQUEST, DEBPROOF_SIGNING_KEY: key } })
    expect(result, result.stdout + result.stderr).toMatchObject({ code: 0 })
    const folder = project.artifact('debproof', REPORT)
    expect(countsOf(await readReport(folder))).toEqual({ total: 7, identical: 6, reproduced: 1 })
    await expectSignedByExample(folder)
    expect(await readJunit(path.join(folder, 'junit.xml'))).toMatchObject({ failures: 0, errors: 0, broken: [] })
    expect(await readVariables(project.artifact('later', 'seen'))).toMatchObject({
      DEBPROOF_VERDICT: 'pass',
      DEBPROOF_TOTAL: '7',
      DEBPROOF_IDENTICAL: '6',
      DEBPROOF_REPORT_SHA256: sha256Of(await readFile(path.join(folder, 'report.json'))),
    })
    for (const line of key.split('\n').filter((text) => text.length > 20)) expect(result.stdout).not.toContain(line)
  })

  it('takes the key from a variable of type file', async () => {
    const project = await projectOf('file-variable')
    const fileVariables = { DEBPROOF_SIGNING_KEY: await readFile(KEY, 'utf8') }
    expect(await project.run({ variables: MERGE_REQUEST, fileVariables })).toMatchObject({ code: 0 })
    await expectSignedByExample(project.artifact('debproof', REPORT))
  })

  describe('without a key', () => {
    let allowing: Project

    beforeAll(async () => {
      allowing = await projectOf('allowing', { unsigned: 'allow-in-pull-requests' })
    })

    it('writes an unsigned report for a merge request, if that is allowed, which says so', async () => {
      expect(await allowing.run({ variables: MERGE_REQUEST })).toMatchObject({ code: 0 })
      const files = await readdir(allowing.artifact('debproof', REPORT))
      expect(files).toContain('report.json')
      expect(files).not.toContain('report.json.asc')
      expect(await readFile(allowing.artifact('debproof', `${REPORT}/summary.md`), 'utf8')).toMatch(/unsigned/i)
      const variables = await readVariables(allowing.artifact('debproof', `${REPORT}/verdict.env`))
      expect(variables).toMatchObject({ DEBPROOF_VERDICT: 'pass', DEBPROOF_SIGNED_BY: '' })
    })

    it('fails for a tag all the same, in a sentence that says what to do', async () => {
      expect(await allowing.run({ variables: { CI_COMMIT_TAG: '1.0' } })).toMatchObject({ code: 1 })
      expect(await allowing.log('debproof')).toMatch(/no key to sign.*unsigned/i)
    })

    it('fails for a merge request where that is not allowed, and leaves no report', async () => {
      const project = await projectOf('keyless')
      expect(await project.run({ variables: MERGE_REQUEST })).toMatchObject({ code: 1 })
      expect(await project.log('debproof')).toMatch(/no key to sign.*unsigned/i)
      expect(existsSync(project.artifact('debproof', `${REPORT}/report.json`))).toBe(false)
    })
  })

  it('fails for a package that was changed and signed anew, and keeps the report, its tests and its verdict', async () => {
    const project = await projectOf(
      'changed',
      { unsigned: 'true' },
      { report: { stage: 'deploy', when: 'on_failure', script: ['test "$DEBPROOF_VERDICT" = fail'] } },
    )
    await changeOnePackage(project.folder, scratch, new Date(Date.parse(at) - 3_600_000))
    const result: Finished = await project.run({ variables: MERGE_REQUEST })
    expect(result, result.stdout + result.stderr).toMatchObject({ code: 1 })
    expect(result.stdout).toMatch(/PASS +report/)
    const folder = project.artifact('debproof', REPORT)
    expect(countsOf(await readReport(folder))).toEqual({ total: 7, identical: 5, reproduced: 1, mismatch: 1 })
    const junit = await readJunit(path.join(folder, 'junit.xml'))
    expect(junit).toMatchObject({ failures: 1, errors: 0, broken: [expect.stringContaining('postfix-sqlite')] })
  })

  it('takes any value for a value: quotes, spaces, dollars, dashes and lines', async () => {
    const policy = `- it's "odd" $$(touch pwned) \`touch pwned\` *; touch pwned &.yml`
    const [first, second] = ['--offline', "a 'list' $$HOME.packages"]
    const project = await projectOf('odd', {
      policy,
      packages: `\n${first}:dpkg-query\n  ${second}\n`,
      unsigned: 'true',
    })
    const { folder } = project
    // In a pipeline, a dollar that stays one is written twice.
    await rename(path.join(folder, 'debproof.yml'), path.join(folder, policy.replaceAll('$$', '$')))
    const [, ...lines] = (await readFile(path.join(folder, 'example-1.0.packages'), 'utf8')).split('\n')
    await writeFile(path.join(folder, first), lines.slice(0, 3).join('\n'))
    await writeFile(path.join(folder, second.replaceAll('$$', '$')), lines.slice(3).join('\n'))
    await commitAll(folder)
    const result = await project.run({ variables: MERGE_REQUEST })
    expect(result, result.stdout + result.stderr).toMatchObject({ code: 0 })
    expect(countsOf(await readReport(project.artifact('debproof', REPORT)))).toMatchObject({ total: 6 })
    expect(existsSync(path.join(folder, '.gitlab-ci-local/builds/debproof/pwned'))).toBe(false)
  })

  it.each([
    [{ unsigned: 'maybe' }, /unsigned.*maybe/],
    [{ system: 'true' }, /system.*boolean/],
    [{ evidence: 'some' }, /evidence.*some/],
  ])('is refused where an input is %o', async (inputs, reason) => {
    const result = await (await projectOf(`refused-${Object.keys(inputs)}`, inputs)).run({ variables: MERGE_REQUEST })
    expect(result.code).not.toBe(0)
    expect(result.stdout + result.stderr).toMatch(reason)
  })

  it('runs for merge requests, tags, schedules and releases by hand, and not for a push', async () => {
    const project = await projectOf('rules')
    const runs = async (variables: Readonly<Record<string, string>>): Promise<boolean> =>
      (await project.jobs(variables)).includes('debproof')
    expect(await runs(MERGE_REQUEST)).toBe(true)
    expect(await runs({ CI_COMMIT_TAG: '1.0' })).toBe(true)
    expect(await runs({ CI_PIPELINE_SOURCE: 'schedule' })).toBe(true)
    expect(await runs({ CI_PIPELINE_SOURCE: 'web', RELEASE: '1.0' })).toBe(true)
    expect(await runs({ CI_PIPELINE_SOURCE: 'web' })).toBe(false)
    expect(await runs({})).toBe(false)
  })

  it('is what this project runs itself, before it releases for a version', async () => {
    const project = await Project.create(instance, instance.folder, instance.project)
    const result = await project.run({ jobs: ['example', 'verdict'] })
    expect(result, result.stdout + result.stderr).toMatchObject({ code: 0 })
    expect(await project.jobs({})).toEqual(['example', 'tests', 'verdict'])
    expect(await project.jobs({ CI_COMMIT_TAG: '1.2.3' })).toEqual(['example', 'release', 'tests', 'verdict'])
    expect(await project.jobs({ CI_COMMIT_TAG: 'v1.2.3' })).toEqual(['example', 'tests', 'verdict'])
  })

  async function expectSignedByExample(folder: string): Promise<void> {
    const certificate = path.join(EXAMPLE, 'keys/report.asc')
    const report = path.join(folder, 'report.json')
    const { code, stdout } = await gpgVerify(scratch, certificate, `${report}.asc`, report)
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('[GNUPG:] VALIDSIG ') })
  }
})
