import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { formatJobs, jobsOf } from '../../src/rebuild/matrix.ts'
import { selectTargets } from '../../src/rebuild/target.ts'
import { parseWish } from '../../src/rebuild/wish.ts'
import { closeAll } from '../making/loopback-server.ts'
import { indexes, makeProject, policyOf, removeProjects } from './made-project.ts'

afterAll(async () => {
  await closeAll()
  removeProjects()
})

const JOB = { package: 'src:hello=1.0', source: 'hello', version: '1.0', architecture: 'amd64', archive: 'project' }

describe('the list of what needs rebuilding', () => {
  test('has one job for each source package, on a machine of its own architecture', async () => {
    const project = await makeProject(
      [{ name: 'hello', binaries: ['hello', 'hello-data'] }],
      [{ name: 'hello' }, { name: 'hello-data', architecture: 'all', source: 'hello' }],
    )
    const targets = await selectTargets(['hello-data', 'hello'].map(parseWish), await policyOf(project), indexes())
    expect(jobsOf(targets)).toEqual([JOB])
  })

  test("is what GitHub's fromJSON takes for a matrix, in one line", () => {
    const text = formatJobs([JOB], 'matrix')
    expect(text).toBe(`${JSON.stringify({ include: [JOB] })}\n`)
    expect(JSON.parse(formatJobs([], 'matrix'))).toEqual({ include: [] })
  })

  test("is a file for GitLab's child pipelines, with a hidden job whose variables are all strings", () => {
    expect(parse(formatJobs([JOB], 'gitlab'))).toEqual({
      '.debproof-rebuild': {
        parallel: { matrix: [{ PACKAGE: 'src:hello=1.0', ARCHITECTURE: 'amd64', ARCHIVE: 'project' }] },
      },
    })
  })

  test('is, where nothing needs rebuilding, a hidden job that never runs, since GitLab refuses an empty matrix', () => {
    expect(parse(formatJobs([], 'gitlab'))).toEqual({ '.debproof-rebuild': { rules: [{ when: 'never' }] } })
  })

  test('is one line a package as text, whose first word `rebuild` takes', () => {
    expect(formatJobs([JOB, JOB], 'text')).toBe('src:hello=1.0 amd64 project\n'.repeat(2))
    expect(parseWish(JOB.package)).toMatchObject({ name: 'hello', version: '1.0', sourceOnly: true })
  })

  test('is an array as JSON', () => {
    expect(JSON.parse(formatJobs([JOB], 'json'))).toEqual([JOB])
  })
})
