import { chmod, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { closeAll, serve } from '../making/loopback-server.ts'
import { copyExample, exampleClock } from './example.ts'
import { folderOfPrograms, type Instance, MERGE_REQUEST, makeInstance, Project } from './gitlab.ts'
import { JOB_TOKEN } from './gitlab-server.ts'
import { type Finished, scratchFolder, succeed } from './running.ts'

/** What Debian's essential packages have, and Node: no git, no curl, no wget. */
const SLIM = 'sh bash cat cp find gzip mkdir mktemp mv rm rsync tar touch node'.split(' ')

describe('the job of the GitLab component gets debproof', () => {
  const scratch = scratchFolder()
  let instance: Instance
  let project: Project
  let slim: string

  beforeAll(async () => {
    instance = await makeInstance(scratch)
    slim = await folderOfPrograms(path.join(scratch, 'slim'), SLIM)
    project = await Project.create(instance, await copyExample(path.join(scratch, 'project')))
    const component = `$CI_SERVER_FQDN/${instance.project}/verify@${instance.sha}`
    await project.commit({
      include: [{ component, inputs: { at: await exampleClock(), unsigned: 'true' } }],
      // Where a job finds programs, as its image would have it.
      debproof: { before_script: ['export PATH="$IMAGE"'] },
    })
    // The instance reads the component, which gitlab-ci-local has to fetch while it is public.
    expect(await project.jobs(MERGE_REQUEST)).toEqual(['debproof'])
  })

  async function runIn(search: string, variables: Readonly<Record<string, string>> = {}): Promise<Finished> {
    return await project.run({ variables: { ...MERGE_REQUEST, IMAGE: search, ...variables } })
  }

  it('in an image that has Node and no git, curl or wget, as an archive', async () => {
    const before = instance.server.requests.length
    const result = await runIn(slim)
    expect(result, result.stdout + result.stderr).toMatchObject({ code: 0 })
    const archive = `/${instance.project}/-/archive/${instance.sha}/debproof-${instance.sha}.tar.gz`
    expect(instance.server.requests.slice(before).filter((file) => file.endsWith('.tar.gz'))).toEqual([archive])
  })

  it('by git where there is one, at the one commit', async () => {
    const search = await withRecordedGit('recorded')
    const before = instance.server.requests.length
    expect(await runIn(search)).toMatchObject({ code: 0 })
    const asked = instance.server.requests.slice(before)
    expect(asked.some((file) => file.includes('/archive/'))).toBe(false)
    expect(asked).toContain(`/${instance.project}.git/git-upload-pack`)
    expect(await readFile(path.join(scratch, 'recorded.calls'), 'utf8')).toContain(`--depth=1`)
  })

  describe('from a private project', () => {
    beforeAll(() => {
      instance.server.privateProjects.add(instance.project)
    })

    it("by git with the job's token, which is in no argument, no URL and no log", async () => {
      const search = await withRecordedGit('private')
      const before = instance.server.requests.length
      const result = await runIn(search, { CI_JOB_TOKEN: JOB_TOKEN })
      expect(result, result.stdout + result.stderr).toMatchObject({ code: 0 })
      const calls = await readFile(path.join(scratch, 'private.calls'), 'utf8')
      const encoded = Buffer.from(`gitlab-ci-token:${JOB_TOKEN}`).toString('base64')
      for (const secret of [JOB_TOKEN, encoded]) {
        expect(calls).not.toContain(secret)
        expect(instance.server.requests.slice(before).join()).not.toContain(secret)
        expect(await project.log('debproof')).not.toContain(secret)
      }
    })

    it('not with another token, and says what to look at', async () => {
      expect(await runIn(await withRecordedGit('other'), { CI_JOB_TOKEN: 'another' })).toMatchObject({ code: 1 })
      expect(await project.log('debproof')).toMatch(/cannot be fetched\. Is the input project right.*job token/)
    })

    it('never by showing the token to another server, to which it is sent on', async () => {
      const shown: unknown[] = []
      const other = await serve((request, response) => {
        shown.push(request.headers.authorization)
        response.writeHead(401, { 'www-authenticate': 'Basic realm="GitLab"' }).end()
      })
      instance.server.elsewhere = other.base.href.replace(/\/$/, '')
      try {
        expect(await runIn(await withRecordedGit('sent-on'), { CI_JOB_TOKEN: JOB_TOKEN })).toMatchObject({ code: 1 })
      } finally {
        instance.server.elsewhere = undefined
        await closeAll()
      }
      expect(shown.filter((authorization) => authorization !== undefined)).toEqual([])
      expect(await project.log('debproof')).toContain('cannot be fetched')
    })

    it('not without git, and says what would help', async () => {
      expect(await runIn(slim, { CI_JOB_TOKEN: JOB_TOKEN })).toMatchObject({ code: 1 })
      expect(await project.log('debproof')).toMatch(/HTTP 302\..*must be public.*must have git/)
    })
  })

  describe('not from an archive', () => {
    beforeAll(() => {
      instance.server.privateProjects.clear()
    })

    it('that has no end, which stops at a limit', async () => {
      let sent = 0
      instance.server.archives.set(instance.project, (response) => {
        const piece = Buffer.alloc(4 * 1024 * 1024)
        const more = (): void => {
          while (!response.destroyed && response.write(piece)) sent += piece.length
          sent += piece.length
        }
        response.on('drain', more)
        more()
      })
      expect(await runIn(slim)).toMatchObject({ code: 1 })
      expect(await project.log('debproof')).toMatch(/cannot be downloaded: it has more than 104857600 bytes/)
      expect(sent).toBeLessThan(200 * 1024 * 1024)
    })

    it('that is cut off', async () => {
      instance.server.archives.set(instance.project, (response) => {
        response.writeHead(200, { 'content-length': 1000 })
        response.write('x', () => response.destroy())
      })
      expect(await runIn(slim)).toMatchObject({ code: 1 })
      expect(await project.log('debproof')).toMatch(/cannot be downloaded/)
    })

    it('of something else', async () => {
      const other = path.join(scratch, 'other.tar.gz')
      await succeed('tar', ['-czf', other, '-C', path.join(project.folder, '..'), 'project/debproof.yml'])
      const bytes = await readFile(other)
      instance.server.archives.set(instance.project, (response) => response.end(bytes))
      expect(await runIn(slim)).toMatchObject({ code: 1 })
      expect(await project.log('debproof')).toMatch(/has no dist\/cli\.js.*Is the input project right/)
    })
  })

  it('in no image without Node, and says so', async () => {
    const bare = await folderOfPrograms(
      path.join(scratch, 'bare'),
      SLIM.filter((name) => name !== 'node'),
    )
    expect(await runIn(bare)).toMatchObject({ code: 1 })
    expect(await project.log('debproof')).toContain('has no node; debproof needs Node 20.19 or later')
  })

  /** PATH with a git that writes down its arguments. */
  async function withRecordedGit(name: string): Promise<string> {
    const folder = await folderOfPrograms(path.join(scratch, name), SLIM)
    const git = (await succeed('which', ['git'])).trim()
    const calls = path.join(scratch, `${name}.calls`)
    await writeFile(path.join(folder, 'git'), `#!/bin/sh\nprintf '%s\\n' "$@" >>${calls}\nexec ${git} "$@"\n`)
    await chmod(path.join(folder, 'git'), 0o755)
    return folder
  }
})
