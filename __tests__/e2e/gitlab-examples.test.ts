import { existsSync } from 'node:fs'
import { chmod, cp, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { newKey } from '../making/signed-archive.ts'
import { changeOnePackage, copyExample, EXAMPLE, exampleClock } from './example.ts'
import { type Instance, MERGE_REQUEST, makeInstance, Project, readJunit } from './gitlab.ts'
import { commitAll } from './gitlab-server.ts'
import { countsOf, debproof, PROJECT, type Report, readReport, scratchFolder } from './running.ts'
import { serveFolder } from './serving.ts'

// A pipeline of ten jobs, on a machine of two cores.
vi.setConfig({ testTimeout: 600_000 })

const PIPELINES = path.join(PROJECT, 'examples/gitlab')
const REPORT_KEY = path.join(EXAMPLE, 'keys/report-signing-key.asc')
const LIST = 'example-1.0.packages'
const PASSING = { total: 7, identical: 6, reproduced: 1 }

describe('the pipelines to copy, as they are', () => {
  const scratch = scratchFolder()
  let instance: Instance
  let at: string

  beforeAll(async () => {
    instance = await makeInstance(scratch)
    at = await exampleClock()
  })

  /** A project that builds the example release, verified by the clock of the example, with files of these pipelines. */
  async function projectOf(name: string, pipelines: Readonly<Record<string, string>>): Promise<Project> {
    const folder = await copyExample(path.join(scratch, name))
    for (const [to, from] of Object.entries(pipelines)) await cp(path.join(PIPELINES, from), path.join(folder, to))
    const policy = path.join(folder, 'debproof.yml')
    await writeFile(policy, `at: "${at}"\n${await readFile(policy, 'utf8')}`)
    return await Project.create(instance, folder)
  }

  /** Has the build make the list of packages, and an image. */
  async function addBuild(name: string, pipeline: string): Promise<Project> {
    const project = await projectOf(name, { '.gitlab-ci.yml': pipeline })
    await rename(path.join(project.folder, LIST), path.join(project.folder, 'list'))
    await addScript(project, 'build.sh', `mkdir -p build; echo image >build/one.iso; cp list build/${LIST}`)
    return project
  }

  async function addScript({ folder }: Project, name: string, text: string): Promise<void> {
    await writeFile(path.join(folder, name), `#!/bin/sh\nset -eu\n${text}\n`)
    await chmod(path.join(folder, name), 0o755)
    await commitAll(folder)
  }

  async function changed(project: Project): Promise<Project> {
    await changeOnePackage(project.folder, scratch, new Date(Date.parse(at) - 3_600_000))
    return project
  }

  const reportOf = async (project: Project, job: string, folder = 'debproof-report'): Promise<Report> =>
    await readReport(project.artifact(job, folder))

  describe('merge-request.yml', () => {
    it('verifies what the build made, unsigned where there is no key', async () => {
      const project = await addBuild('merge-request', 'merge-request.yml')
      const result = await project.run({ variables: MERGE_REQUEST })
      expect(result, result.stdout + result.stderr).toMatchObject({ code: 0 })
      expect(countsOf(await reportOf(project, 'debproof'))).toEqual(PASSING)
      expect(await project.jobs({ CI_PIPELINE_SOURCE: 'push' })).toEqual([])
    })

    it('fails the merge request for a package that was changed', async () => {
      const project = await changed(await addBuild('bad-merge-request', 'merge-request.yml'))
      expect(await project.run({ variables: MERGE_REQUEST })).toMatchObject({ code: 1 })
      const { broken } = await readJunit(project.artifact('debproof', 'debproof-report/junit.xml'))
      expect(broken).toEqual([expect.stringContaining('postfix-sqlite')])
    })
  })

  describe('release.yml', () => {
    let fileVariables: Record<string, string>

    beforeAll(async () => {
      fileVariables = { DEBPROOF_SIGNING_KEY: await readFile(REPORT_KEY, 'utf8') }
    })

    async function releasing(name: string): Promise<Project> {
      const project = await addBuild(name, 'release.yml')
      const publish = `printf '%s\\n' "$@"; ls debproof-report/report.json.asc build/one.iso`
      await addScript(project, 'publish.sh', publish)
      return project
    }

    it.each([
      ['for-a-tag', { CI_COMMIT_TAG: '1.0', CI_COMMIT_BRANCH: '' }],
      ['by-hand', { CI_PIPELINE_SOURCE: 'web', CI_COMMIT_TAG: '1.0', CI_COMMIT_BRANCH: '' }],
    ])('publishes, %s, what passed, with its image, the signed report and its hash', async (how, variables) => {
      const project = await releasing(`release-${how}`)
      const result = await project.run({ variables, fileVariables })
      expect(result, result.stdout + result.stderr).toMatchObject({ code: 0 })
      const report = await reportOf(project, 'debproof')
      expect(report.subject.map(({ name }) => name)).toEqual(['one.iso'])
      expect(report.predicate.release).toBe('1.0')
      const log = await project.log('publish')
      expect(log).toMatch(/^1\.0\nbuild\ndebproof-report\n[0-9a-f]{64}\n[0-9A-F]{40}\n/m)
      expect(existsSync(path.join(project.folder, '.gitlab-ci-local/cache'))).toBe(false)
    })

    it('publishes nothing where a package was changed', async () => {
      const project = await changed(await releasing('bad-release'))
      const result = await project.run({ variables: { CI_COMMIT_TAG: '1.0' }, fileVariables })
      expect(result).toMatchObject({ code: 1 })
      expect(result.stdout).not.toMatch(/publish +starting/)
      expect((await reportOf(project, 'debproof')).predicate.verdict).toBe('fail')
    })

    it('publishes nothing without the key', async () => {
      const result = await (await releasing('keyless-release')).run({ variables: { CI_COMMIT_TAG: '1.0' } })
      expect(result).toMatchObject({ code: 1 })
      expect(result.stdout).not.toMatch(/publish +starting/)
    })
  })

  describe('past-releases', () => {
    const FILES = {
      '.gitlab-ci.yml': 'past-releases/.gitlab-ci.yml',
      'verify.yml': 'past-releases/verify.yml',
    } as const
    const BY_HAND = { CI_PIPELINE_SOURCE: 'web' }
    let fileVariables: Record<string, string>

    async function withReleases(name: string, releases: readonly string[]): Promise<Project> {
      const project = await projectOf(name, FILES)
      // Each job has a folder of its own here: archives in it would be others for each part.
      const { url } = await serveFolder(project.folder)
      const policy = path.join(project.folder, 'debproof.yml')
      await writeFile(policy, (await readFile(policy, 'utf8')).replaceAll('file:', `${url}/`))
      const key = await newKey({ name: 'Parts', created: new Date('2026-01-01T00:00:00Z') })
      fileVariables = { PART_KEY: key.armor(), REPORT_KEY: await readFile(REPORT_KEY, 'utf8') }
      await writeFile(path.join(project.folder, 'keys/parts.asc'), key.toPublic().armor())
      await writeFile(path.join(project.folder, 'releases.txt'), releases.map((line) => `${line} ${at}\n`).join(''))
      return project
    }

    it('verifies each release in parts, in a child pipeline that was planned, and merges and signs them', async () => {
      const project = await withReleases('past', ['1.0', '1.1'])
      await commitAll(project.folder)
      const result = await project.run({ variables: BY_HAND, fileVariables })
      expect(result.stdout, result.stdout + result.stderr).not.toMatch(/^ FAIL /m)
      for (const release of ['1.0', '1.1']) {
        const job = `merge: [${release},${at}]`
        const folder = project.artifact(job, `reports/${release}`)
        const report = await readReport(folder)
        expect([countsOf(report), report.predicate.release]).toEqual([PASSING, release])
        const checked = await debproof(['recheck', folder, '--signed-by', path.join(EXAMPLE, 'keys/report.asc')])
        expect(checked, checked.stdout + checked.stderr).toMatchObject({ code: 0 })
      }
    })

    it('fails for a release with a package that was changed, after all of its parts were merged', async () => {
      const project = await changed(await withReleases('bad-past', ['1.0']))
      await commitAll(project.folder)
      const result = await project.run({ variables: BY_HAND, fileVariables })
      expect(result.stdout).toMatch(/FAIL +merge/)
      const folder = project.artifact(`merge: [1.0,${at}]`, 'reports/1.0')
      expect(countsOf(await readReport(folder))).toEqual({ total: 7, identical: 5, reproduced: 1, mismatch: 1 })
      expect(await readJunit(path.join(folder, 'junit.xml'))).toMatchObject({ failures: 1 })
    })
  })
})
