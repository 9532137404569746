import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { archiveFiles, deb, upstreamKey, writeFiles } from '../making/archive-folder.ts'
import { keyringFile, newKey } from '../making/signed-archive.ts'
import { buildinfoText, contentOf, fileOf, makeProject, removeProjects } from '../rebuild/made-project.ts'
import { type Instance, makeInstance, Project } from './gitlab.ts'
import { JOB_TOKEN } from './gitlab-server.ts'
import { debproof, PROJECT, scratchFolder, succeed } from './running.ts'
import { serveFolder } from './serving.ts'

const PIPELINES = path.join(PROJECT, 'examples/gitlab')
const SCHEDULE = { CI_PIPELINE_SOURCE: 'schedule' } as const
const HOUR = 3_600_000

describe('the scheduled pipelines to copy, as they are', () => {
  const scratch = scratchFolder()
  let instance: Instance

  beforeAll(async () => {
    instance = await makeInstance(scratch)
  })

  afterAll(removeProjects)

  describe('record.yml', () => {
    const upstream = path.join(scratch, 'upstream')
    const NAME = 'group/evidence'
    let repository: string
    let project: Project

    beforeAll(async () => {
      const folder = path.join(scratch, 'evidence-project')
      const { url } = await serveFolder(upstream)
      await publishUpstream('1.0-1', new Date(Date.now() - 2 * HOUR))
      await mkdir(folder)
      await cp(path.join(PIPELINES, 'record.yml'), path.join(folder, '.gitlab-ci.yml'))
      await writeFile(path.join(folder, 'upstream.gpg'), keyringFile([await upstreamKey()]))
      await writeFile(
        path.join(folder, 'debproof.yml'),
        'version: 1\npackages: [{ path: none }]\narchives:\n  debian:\n    require: identical\n    suites: [made]\n' +
          `    architectures: [amd64]\n    upstream: [{ url: "${url}", signed-by: upstream.gpg }]\n`,
      )
      project = await Project.create(instance, folder, NAME)
      repository = path.join(scratch, 'repositories', `${NAME}.git`)
      await succeed('git', ['clone', '--quiet', '--bare', folder, repository])
      instance.server.privateProjects.add(NAME)
    })

    async function publishUpstream(version: string, date: Date): Promise<void> {
      writeFiles(upstream, await archiveFiles({ key: await upstreamKey(), debs: [deb('hello', { version })], date }))
    }

    /** Runs the pipeline, then takes what was pushed into the working tree, as the next one on GitLab would. */
    async function recordAgain(): Promise<number | null> {
      const result = await project.run({ variables: { ...SCHEDULE, CI_JOB_TOKEN: JOB_TOKEN } })
      const log = await project.log('record')
      expect(log).not.toContain(JOB_TOKEN)
      await succeed('git', ['-C', project.folder, 'pull', '--quiet', '--ff-only', repository, 'main'])
      return result.code === 0 ? 0 : Number(/finished in .* FAIL (\d+)/.exec(result.stdout + result.stderr)?.[1])
    }

    it('pushes what it recorded to its own repository, and adds to it the next time', async () => {
      expect(await recordAgain()).toBe(0)
      await publishUpstream('1.0-2', new Date(Date.now() - HOUR))
      expect(await recordAgain()).toBe(0)
      const log = await succeed('git', ['-C', repository, 'log', '--format=%s', 'main'])
      expect(log.split('\n').slice(0, 2)).toEqual(Array(2).fill(expect.stringMatching(/^Recorded at .*, exit code 0$/)))
      const store = path.join(scratch, 'clone')
      await succeed('git', ['clone', '--quiet', repository, store])
      const words = [
        '--store',
        path.join(store, 'evidence'),
        '--verify',
        '--signed-by',
        path.join(store, 'upstream.gpg'),
      ]
      const { code, stdout } = await debproof(['record', ...words])
      expect([code, stdout]).toEqual([0, expect.stringMatching(/^SOUND: .*2 /)])
    })

    it('keeps also what contradicts what was seen before, and fails', async () => {
      await publishUpstream('0.9-1', new Date(Date.now() - 3 * HOUR))
      expect(await recordAgain()).toBe(1)
      expect(await succeed('git', ['-C', repository, 'log', '-1', '--format=%s', 'main'])).toMatch(/exit code 1$/m)
    })
  })

  describe('rebuilders', () => {
    const HELLO = { name: 'hello', source: 'hello' }
    const TOOL = { name: 'tool', source: 'tool' }
    const ALTERED = { name: 'altered', source: 'altered' }
    let project: Project
    let reportUrl: string
    let search: string

    beforeAll(async () => {
      const made = await makeProject(
        [HELLO, TOOL, ALTERED].map(({ name }) => ({ name, binaries: [name] })),
        [HELLO, TOOL, ALTERED],
        Object.fromEntries(
          [HELLO, TOOL, ALTERED].map((item) => [
            `${item.name}_1.0_amd64.buildinfo`,
            buildinfoText(item.name, '1.0', [item]),
          ]),
        ),
      )
      const { url } = await serveFolder(made.archive)
      const policy = await readFile(made.policyFile, 'utf8')
      await writeFile(made.policyFile, policy.replace('file:archive', url))
      await writeFile(path.join(made.folder, 'build.packages'), 'hello\t1.0\ntool\t1.0\naltered\t1.0\n')
      const output = path.join(scratch, 'project-report')
      await debproof(['verify', '--policy', made.policyFile, '--unsigned', '--output', output])
      reportUrl = `${(await serveFolder(output)).url}/report.json`
      const folder = path.join(scratch, 'rebuilder')
      await mkdir(folder)
      for (const name of ['debproof.yml', 'project.gpg'])
        await cp(path.join(made.folder, name), path.join(folder, name))
      for (const name of ['.gitlab-ci.yml', 'rebuild.yml']) {
        await cp(path.join(PIPELINES, 'rebuilders', name), path.join(folder, name))
      }
      project = await Project.create(instance, folder, 'party/rebuilds')
      search = await standIns()
    })

    /** PATH with programs for those that need root, or an hour: what debrebuild would have built is put in its place. */
    async function standIns(): Promise<string> {
      const folder = path.join(scratch, 'stand-ins')
      const built = [
        { ...HELLO, content: contentOf(HELLO) },
        { ...TOOL, content: contentOf(TOOL) },
        { ...ALTERED, content: 'what the source gives' },
      ]
      for (const item of built) {
        const own = path.join(folder, 'built', item.name)
        await mkdir(own, { recursive: true })
        await writeFile(path.join(own, fileOf(item)), item.content)
        const text = buildinfoText(item.name, '1.0', [item], { 'Build-Date': 'Mon, 23 Nov 2026 10:00:00 +0000' })
        await writeFile(path.join(own, `${item.name}_1.0_amd64.buildinfo`), text)
      }
      const programs = {
        'apt-get': 'echo "apt-get $*"',
        usermod: 'echo "usermod $*"',
        debrebuild: [
          'for word in "$@"; do case $word in --buildresult=*) output=$word ;; esac; buildinfo=$word; done',
          '[ -n "$output" ] || exit 0',
          `source=$(basename "$buildinfo" | sed 's/^original-//; s/_.*//')`,
          `cp ${folder}/built/"$source"/* "$(echo "$output" | sed 's/^[^=]*=//')"`,
        ].join('\n'),
      }
      for (const [name, text] of Object.entries(programs)) {
        await writeFile(path.join(folder, name), `#!/bin/sh\n${text}\n`)
        await chmod(path.join(folder, name), 0o755)
      }
      return `${folder}:${path.dirname(process.execPath)}:${process.env['PATH']}`
    }

    it('rebuild each source package that a report calls unproven in a job of its own, and gather the statements', async () => {
      const key = await newKey({ name: 'Party', created: new Date(Date.now() - HOUR) })
      const fileVariables = { REBUILD_KEY: key.armor() }
      const variables = { ...SCHEDULE, REPORT_URL: reportUrl }
      const result = await project.run({ variables, fileVariables, search })
      const said = result.stdout + result.stderr
      expect(said).toMatch(/apt-get install --yes --no-install-recommends devscripts sbuild/)
      expect(result.stdout, said).not.toMatch(/^ FAIL /m)
      expect(result.stdout.match(/^ WARN +rebuild: .*altered/gm), said).toHaveLength(1)
      const statements = path.join('public', 'buildinfo')
      for (const name of ['hello', 'tool']) {
        const text = await readFile(project.artifact('publish', `${statements}/${name}_1.0_amd64.buildinfo`), 'latin1')
        expect(text).toContain('-----BEGIN PGP SIGNED MESSAGE-----')
        expect(text).toContain(fileOf({ name }))
      }
      expect(existsSync(project.artifact('publish', `${statements}/altered_1.0_amd64.buildinfo`))).toBe(false)
    })
  })
})
