import { existsSync, readdirSync } from 'node:fs'
import { cp, mkdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { copyExample, exampleClock } from './example.ts'
import { type Instance, MERGE_REQUEST, makeInstance, Project } from './gitlab.ts'
import { countsOf, readReport, scratchFolder } from './running.ts'
import { type FileServer, serveFolder } from './serving.ts'

const HIDDEN = '.debproof-cache'
const PASSING = { total: 7, identical: 6, reproduced: 1 }

describe('the cache of the GitLab component', () => {
  const scratch = scratchFolder()
  let instance: Instance
  let archives: FileServer
  let project: Project
  let at: string

  beforeAll(async () => {
    instance = await makeInstance(scratch)
    at = await exampleClock()
    archives = await serveFolder(await copyExample(path.join(scratch, 'served')))
    project = await projectOf('caching', {})
    expect((await indexesAskedFor()).length).toBe(3)
  })

  /** The example, with its archives on a server. */
  async function projectOf(name: string, inputs: object): Promise<Project> {
    const folder = await copyExample(path.join(scratch, name))
    const policy = path.join(folder, 'debproof.yml')
    const text = await readFile(policy, 'utf8')
    await writeFile(policy, text.replaceAll(/file:(snapshot|upstream|own)/g, `${archives.url}/$1`))
    const made = await Project.create(instance, folder)
    const component = `$CI_SERVER_FQDN/${instance.project}/verify@${instance.sha}`
    await made.commit({ include: [{ component, inputs: { at, unsigned: 'true', ...inputs } }] })
    return made
  }

  /** Runs the pipeline, which must pass; returns the indexes that it asked the archives for. */
  async function indexesAskedFor(of = project): Promise<string[]> {
    const before = archives.requests.length
    const result = await of.run({ variables: MERGE_REQUEST })
    expect(result, result.stdout + result.stderr).toMatchObject({ code: 0 })
    expect(countsOf(await readReport(of.artifact('debproof', 'debproof-report')))).toEqual(PASSING)
    return archives.requests.slice(before).filter((file) => /\/Packages(?:\.[gx]z)?$/.test(file))
  }

  /** What is saved, by its path below the folder of the cache. */
  function saved(of = project): string[] {
    const folder = path.join(of.cache('debproof'), HIDDEN)
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
    return entries.flatMap((entry) =>
      entry.isDirectory() ? [] : [path.relative(folder, path.join(entry.parentPath, entry.name))],
    )
  }

  it('brings the indexes of one pipeline to the next, and to the one after that', async () => {
    const first = saved().sort()
    expect(first.length).toBe(3)
    for (const file of first) expect(file).toMatch(/^sha256\/[0-9a-f]{2}\/[0-9a-f]{64}$/)
    for (let run = 0; run < 2; run++) {
      expect(await indexesAskedFor()).toEqual([])
      expect(saved().sort()).toEqual(first)
    }
  })

  it('changes no verdict when somebody swapped, cut off and added files: they are not used, and not saved again', async () => {
    const folder = path.join(project.cache('debproof'), HIDDEN)
    const own = saved().sort()
    const [one = '', two = '', three = ''] = own.map((file) => path.join(folder, file))
    await rename(one, `${one}.aside`)
    await cp(two, one)
    await rename(`${one}.aside`, two)
    await truncate(three, 100)
    for (const name of ['url/aa/aa', 'sha256/aa/stray', 'new/part']) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true })
      await writeFile(path.join(folder, name), 'x')
    }
    expect((await indexesAskedFor()).length).toBe(3)
    // What was there before stays in the place where gitlab-ci-local keeps caches; GitLab writes each anew.
    const ran = path.join(project.folder, '.gitlab-ci-local/builds/debproof', HIDDEN)
    const left = readdirSync(ran, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    expect(left.map((entry) => path.relative(ran, path.join(entry.parentPath, entry.name))).sort()).toEqual(own)
  })

  it('does not come from, or go to, the service where that is off', async () => {
    const alone = await projectOf('alone', { 'cache-service': false })
    await cp(project.cache('debproof'), alone.cache('debproof'), { recursive: true })
    for (let run = 0; run < 2; run++) expect((await indexesAskedFor(alone)).length).toBe(3)
    expect(readdirSync(path.dirname(alone.cache('debproof')))).toEqual(['debproof'])
    expect(existsSync(path.join(alone.folder, '.gitlab-ci-local/builds/debproof', HIDDEN))).toBe(false)
  })

  it('may be a folder of its own, which a job leaves as it is', async () => {
    const volume = path.join(scratch, 'volume')
    const own = await projectOf('volume-user', { cache: volume })
    expect((await indexesAskedFor(own)).length).toBe(3)
    const stranger = path.join(volume, 'sha256/aa/stranger')
    await mkdir(path.dirname(stranger), { recursive: true })
    await writeFile(stranger, 'x')
    await rm(path.join(own.folder, '.gitlab-ci-local/cache'), { recursive: true, force: true })
    expect(await indexesAskedFor(own)).toEqual([])
    expect(existsSync(stranger)).toBe(true)
  })
})
