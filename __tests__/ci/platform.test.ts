import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { detectPlatform, workspaceOfStrangers } from '../../src/ci/platform.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'debproof-platform-'))
afterAll(() => rmSync(folder, { recursive: true }))

function event(content: string): string {
  const file = path.join(folder, 'event.json')
  writeFileSync(file, content)
  return file
}

describe('the platform', () => {
  it('is none on a laptop, and none for a variable that only looks like one', () => {
    expect(detectPlatform({})).toBeUndefined()
    expect(detectPlatform({ GITHUB_ACTIONS: '1', GITLAB_CI: 'false' })).toBeUndefined()
  })

  it('is GitHub, where a pull request has its number in the ref or in the event', () => {
    const github = { GITHUB_ACTIONS: 'true' }
    expect(detectPlatform({ ...github, GITHUB_EVENT_NAME: 'pull_request', GITHUB_REF: 'refs/pull/17/merge' })).toEqual({
      name: 'github',
      isPullRequest: true,
      pullRequest: 17,
    })
    const target = { ...github, GITHUB_EVENT_NAME: 'pull_request_target', GITHUB_REF: 'refs/heads/main' }
    expect(detectPlatform({ ...target, GITHUB_EVENT_PATH: event('{"pull_request":{"number":8}}') })).toEqual({
      name: 'github',
      isPullRequest: false,
      pullRequest: 8,
    })
  })

  it.each(['', 'not JSON', '[]', 'null', '{}', '{"pull_request":7}', '{"pull_request":{"number":"7/../8"}}'])(
    'has no number of a pull request from the event %j',
    (content) => {
      const github = { GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'push', GITHUB_EVENT_PATH: event(content) }
      expect(detectPlatform(github)).toEqual({ name: 'github', isPullRequest: false })
    },
  )

  it('is GitLab, where a merge request has a pipeline of its own', () => {
    const gitlab = { GITLAB_CI: 'true', CI_MERGE_REQUEST_IID: '7' }
    expect(detectPlatform({ ...gitlab, CI_PIPELINE_SOURCE: 'merge_request_event' })).toEqual({
      name: 'gitlab',
      isPullRequest: true,
      pullRequest: 7,
    })
    expect(detectPlatform({ GITLAB_CI: 'true', CI_PIPELINE_SOURCE: 'push' })).toEqual({
      name: 'gitlab',
      isPullRequest: false,
    })
  })
})

describe('the workspace of a pipeline that runs on what somebody proposes', () => {
  const github = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: tmpdir() }
  const gitlab = { GITLAB_CI: 'true', CI_PROJECT_DIR: tmpdir() }

  it.each([
    { ...github, GITHUB_EVENT_NAME: 'pull_request' },
    { ...github, GITHUB_EVENT_NAME: 'pull_request_target' },
    { ...github, GITHUB_EVENT_NAME: 'pull_request_review' },
    { ...github, GITHUB_EVENT_NAME: 'merge_group' },
    { ...github, GITHUB_EVENT_NAME: 'workflow_call', GITHUB_REF: 'refs/pull/7/merge' },
    { ...github, GITHUB_EVENT_NAME: 'issue_comment', event: '{"issue":{"pull_request":{}}}' },
    { ...github, GITHUB_EVENT_NAME: 'workflow_run', event: '{"workflow_run":{"event":"pull_request"}}' },
    { ...gitlab, CI_PIPELINE_SOURCE: 'merge_request_event' },
    { ...gitlab, CI_PIPELINE_SOURCE: 'external_pull_request_event' },
    { ...gitlab, CI_PIPELINE_SOURCE: 'parent_pipeline', CI_MERGE_REQUEST_IID: '7' },
  ])('is known: %j', ({ event: content, ...environment }: Record<string, string>) => {
    const more = content === undefined ? {} : { GITHUB_EVENT_PATH: event(content) }
    expect(workspaceOfStrangers({ ...environment, ...more })).toBe(tmpdir())
  })

  it('waits for no pipe that is named as the event', () => {
    const pipe = path.join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    const comment = { ...github, GITHUB_EVENT_NAME: 'issue_comment', GITHUB_EVENT_PATH: pipe }
    expect(workspaceOfStrangers(comment)).toBeUndefined()
  })

  it('is that of the job where the named one is not there, as on a desk', () => {
    const request = { GITLAB_CI: 'true', CI_PIPELINE_SOURCE: 'merge_request_event' }
    for (const named of [{}, { CI_PROJECT_DIR: '' }, { CI_PROJECT_DIR: '/not/there' }])
      expect(workspaceOfStrangers({ ...request, ...named })).toBe(process.cwd())
  })

  it.each([
    {},
    { GITHUB_EVENT_NAME: 'pull_request' },
    { ...github, GITHUB_EVENT_NAME: 'push', GITHUB_REF: 'refs/heads/pull/7' },
    { ...github, GITHUB_EVENT_NAME: 'issue_comment', event: '{"issue":{}}' },
    { ...github, GITHUB_EVENT_NAME: 'workflow_run', event: '{"workflow_run":{"event":"push"}}' },
    { ...gitlab, CI_PIPELINE_SOURCE: 'push', CI_OPEN_MERGE_REQUESTS: 'a!7' },
  ])('is none: %j', ({ event: content, ...environment }: Record<string, string>) => {
    const more = content === undefined ? {} : { GITHUB_EVENT_PATH: event(content) }
    expect(workspaceOfStrangers({ ...environment, ...more })).toBeUndefined()
  })
})
