import { existsSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { copyExample, exampleClock, REPORT_KEY } from './example.ts'
import { type Instance, MERGE_REQUEST, makeInstance, Project, readVariables } from './gitlab.ts'
import { countsOf, readReport, scratchFolder } from './running.ts'

describe('the GitLab component over the example release', () => {
  const scratch = scratchFolder()
  let instance: Instance
  let at: string

  beforeAll(async () => {
    instance = await makeInstance(scratch)
    at = await exampleClock()
  })

  it('passes', async () => {
    const project = await Project.create(instance, await copyExample(path.join(scratch, 'passing')))
    await project.commit({
      include: [{ component: `$CI_SERVER_FQDN/${instance.project}/verify@${instance.sha}`, inputs: { at } }],
      after: { stage: 'deploy', rules: [{ when: 'on_success' }], script: ['echo "verdict $DEBPROOF_VERDICT"'] },
    })
    const { code, stdout, stderr } = await project.run({
      variables: { ...MERGE_REQUEST, DEBPROOF_SIGNING_KEY: REPORT_KEY },
    })
    console.log(stdout, stderr)
    expect(code).toBe(0)
    expect(await readVariables(project.artifact('debproof', 'debproof-report/verdict.env'))).toEqual({})
    expect(countsOf(await readReport(project.artifact('debproof', 'debproof-report')))).toEqual({})
    expect(existsSync('x')).toBe(true)
  })
})
