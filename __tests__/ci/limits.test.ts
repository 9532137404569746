import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { attestReport } from '../../src/ci/attestation.ts'
import { writeComment } from '../../src/ci/comment.ts'
import { publishOnGitHub } from '../../src/ci/github.ts'
import { GitHubComments } from '../../src/ci/github-comments.ts'
import { GitLabComments } from '../../src/ci/gitlab-comments.ts'
import { loadInputs } from '../../src/ci/inputs.ts'
import { callApi } from '../../src/ci/json-api.ts'
import { overhear } from '../../src/ci/overhear.ts'
import { detectPlatform } from '../../src/ci/platform.ts'
import {
  API_TIMEOUT,
  MAX_ANNOTATED,
  MAX_API_ANSWER,
  MAX_ATTESTED_PREDICATE,
  MAX_ATTESTED_SUBJECTS,
  MAX_COMMENT,
  MAX_COMMENT_PAGES,
  MAX_EVENT,
  MAX_JOB_SUMMARY,
  MAX_OVERHEARD,
} from '../../src/limits.ts'
import { failure } from '../making/failure.ts'
import { closeAll, serve } from '../making/loopback-server.ts'
import { madeArchive, madeReport, reported } from '../report/made-report.ts'

// The code is what it is; only the numbers are smaller: a test does not wait for half a minute.
vi.mock('../../src/limits.ts', async (original) => ({
  ...(await original<object>()),
  API_TIMEOUT: 700,
  MAX_API_ANSWER: 20_000,
  MAX_ATTESTED_PREDICATE: 20_000,
}))

const folder = mkdtempSync(path.join(tmpdir(), 'debproof-limits-'))
afterEach(async () => {
  vi.unstubAllEnvs()
  await closeAll()
})
afterAll(() => rmSync(folder, { recursive: true }))

describe("a CI's API", () => {
  const call = async (base: URL): Promise<string> => await failure(() => callApi(base, {}, { method: 'GET' }))

  it('is waited for up to the limit, also where it sends a byte now and then', async () => {
    const answering = (after: number) => serve((_, response) => void setTimeout(() => response.end('{}'), after))
    expect(await call((await answering(API_TIMEOUT / 7)).base)).toBe('accepted')
    const started = performance.now()
    expect(await call((await answering(API_TIMEOUT * 5)).base)).toMatch(/could not be asked: .*(?:abort|time)/i)
    const drip = await serve((_, response) => {
      const timer = setInterval(() => response.write(' '), 50)
      response.on('close', () => clearInterval(timer))
    })
    expect(await call(drip.base)).toMatch(/could not be asked: .*(?:abort|time)/i)
    expect(performance.now() - started).toBeLessThan(API_TIMEOUT * 5)
  })

  it('has an answer no larger than the limit', async () => {
    const sized = async (size: number): Promise<string> =>
      await call((await serve((_, response) => response.end('{}'.padEnd(size)))).base)
    expect(await sized(MAX_API_ANSWER)).toBe('accepted')
    expect(await sized(MAX_API_ANSWER + 1)).toMatch(/answered more than 20000 bytes/)
  })
})

describe("one's own comment", () => {
  const MARKER = '<!-- mine -->'

  it.each([MAX_COMMENT_PAGES, MAX_COMMENT_PAGES + 1])('on page %i is found on GitHub up to the limit', async (page) => {
    const { base, asked } = await serve((_, response) => {
      const isThere = asked.length === page
      const nodes = isThere ? [{ id: 'C_1', viewerDidAuthor: true, body: MARKER }] : []
      const comments = { nodes, pageInfo: { hasPreviousPage: true, startCursor: 'x' } }
      response.end(JSON.stringify({ data: { repository: { pullRequest: { id: 'PR', comments } } } }))
    })
    const environment = { GITHUB_GRAPHQL_URL: base.href, GITHUB_REPOSITORY: 'a/b' }
    const found = await new GitHubComments(environment, 'secret', 7).find(MARKER)
    expect(found).toBe(page <= MAX_COMMENT_PAGES ? 'C_1' : undefined)
    expect(asked).toHaveLength(MAX_COMMENT_PAGES)
  })

  it.each([MAX_COMMENT_PAGES, MAX_COMMENT_PAGES + 1])('on page %i is found on GitLab up to the limit', async (page) => {
    const pages: string[] = []
    const { base } = await serve((request, response) => {
      const url = new URL(request.url ?? '', 'http://h')
      if (url.pathname.endsWith('/user')) return response.end('{"id":1}')
      const number = url.searchParams.get('page') ?? ''
      pages.push(number)
      response.setHeader('x-next-page', String(Number(number) + 1))
      const notes = Number(number) === page ? [{ id: 9, body: MARKER, author: { id: 1 } }] : []
      return response.end(JSON.stringify(notes))
    })
    const environment = { CI_API_V4_URL: base.href.replace(/\/$/, ''), CI_PROJECT_ID: '42' }
    const found = await new GitLabComments(environment, 'secret', 7).find(MARKER)
    expect(found).toBe(page <= MAX_COMMENT_PAGES ? '9' : undefined)
    expect(pages).toHaveLength(MAX_COMMENT_PAGES)
  })

  it('has no more bytes than the limit, and says where the rest is', async () => {
    const packages = Array.from({ length: 2000 }, (_, index) =>
      reported({ name: `p${index}`, verdict: 'mismatch', reason: 'x'.repeat(3000) }),
    )
    const bodies: string[] = []
    const thread = {
      find: async () => undefined,
      create: async (body: string) => {
        bodies.push(body)
        return 'https://h/1'
      },
      update: async () => 'https://h/1',
    }
    await writeComment(thread, madeReport(packages, { verdict: 'fail' }), ['x'], 'the whole report from there.')
    const size = Buffer.byteLength(bodies[0] ?? '')
    expect(size).toBeLessThan(MAX_COMMENT + 500)
    expect(size).toBeLessThan(65_536)
    expect(bodies[0]).toContain('Download the whole report from there.')
  })
})

describe('an attestation', () => {
  const environment = { GITHUB_SERVER_URL: 'https://github.com' }
  const attest = async (report: Parameters<typeof attestReport>[0]): Promise<string> =>
    await failure(() => attestReport(report, 'secret', environment))
  const withSubjects = (count: number) => {
    const subject = Array.from({ length: count }, (_, index) => ({
      name: `${index}`,
      digest: { sha256: 'a'.repeat(64) },
    }))
    return { ...madeReport([reported()]), subject }
  }

  // Beyond these limits nothing is asked for; within them there is no identity token here, which is told otherwise.
  it('has no more subjects than the limit', async () => {
    expect(await attest(withSubjects(MAX_ATTESTED_SUBJECTS))).not.toMatch(/subjects/)
    expect(await attest(withSubjects(MAX_ATTESTED_SUBJECTS + 1))).toMatch(
      /It has 1025 subjects, and 1024 may be attested: name fewer images/,
    )
  })

  it('has no larger predicate than the limit', async () => {
    const sized = (size: number) => {
      const empty = madeReport([reported({ reason: '' })])
      const rest = size - Buffer.byteLength(JSON.stringify(empty.predicate))
      return madeReport([reported({ reason: 'x'.repeat(rest) })])
    }
    expect(await attest(sized(MAX_ATTESTED_PREDICATE))).not.toMatch(/may be attested/)
    expect(await attest(sized(MAX_ATTESTED_PREDICATE + 1))).toMatch(/It has 20001 bytes, and 20000 may be attested/)
  })
})

describe('what a CI says of its event', () => {
  it('is read up to the limit', () => {
    const number = (size: number): number | undefined => {
      const file = path.join(folder, 'event.json')
      writeFileSync(file, '{"pull_request":{"number":8}}'.padEnd(size))
      return detectPlatform({ GITHUB_ACTIONS: 'true', GITHUB_EVENT_PATH: file })?.pullRequest
    }
    expect(number(MAX_EVENT)).toBe(8)
    expect(number(MAX_EVENT + 1)).toBeUndefined()
  })
})

describe('what a library writes', () => {
  it('is kept up to the limit', async () => {
    const heard = async (size: number): Promise<number> =>
      (await overhear(async () => void process.stdout.write('x'.repeat(size)))).text.length
    expect(await heard(MAX_OVERHEARD)).toBe(MAX_OVERHEARD)
    expect(await heard(MAX_OVERHEARD + 1)).toBe(MAX_OVERHEARD)
  })
})

describe('what GitHub shows of a run', () => {
  const publish = async (report: ReturnType<typeof madeReport>): Promise<{ log: string; summary: string }> => {
    const summary = path.join(folder, 'step-summary.md')
    writeFileSync(summary, '')
    for (const name of Object.keys(process.env)) if (name.startsWith('INPUT_')) vi.stubEnv(name, '')
    vi.stubEnv('GITHUB_STEP_SUMMARY', summary)
    vi.stubEnv('GITHUB_OUTPUT', '')
    const inputs = loadInputs({ GITHUB_ACTIONS: 'true' })
    const { artifact: _, evidenceArtifact: __, ...bare } = inputs
    const { text } = await overhear(async () => {
      const result = { report, summary: '', reportPath: '/r/report.json', summaryPath: '/r/summary.md', cached: [] }
      const given = { ...bare, cacheService: false, attest: false, comment: false }
      await publishOnGitHub(result, given, { restored: '', attest: false })
    })
    process.exitCode = undefined
    return { log: text, summary: readFileSync(summary, 'utf8') }
  }
  const failing = (count: number, reason = 'Other bytes.') =>
    Array.from({ length: count }, (_, index) => reported({ name: `p${index}`, verdict: 'mismatch', reason }))

  it('are so many packages and parts that were not read, and how many more there are', async () => {
    const unread = (count: number) => [
      madeArchive({
        unread: Array.from({ length: count }, (_, index) => ({ what: `part ${index}`, code: 'FETCH', reason: 'away' })),
      }),
    ]
    const fits = await publish(madeReport(failing(MAX_ANNOTATED), { verdict: 'fail', archives: unread(MAX_ANNOTATED) }))
    expect(fits.log.match(/^::error title=mismatch/gm)).toHaveLength(MAX_ANNOTATED)
    expect(fits.log.match(/^::warning::Not read: /gm)).toHaveLength(MAX_ANNOTATED)
    expect(fits.log).not.toMatch(/more packages|more were not read/)
    const over = await publish(
      madeReport(failing(MAX_ANNOTATED + 2), { verdict: 'fail', archives: unread(MAX_ANNOTATED + 3) }),
    )
    expect(over.log.match(/^::error title=mismatch/gm)).toHaveLength(MAX_ANNOTATED)
    expect(over.log).toMatch(/^::warning::2 more packages failed; see the report\.$/m)
    expect(over.log.match(/^::warning::Not read: /gm)).toHaveLength(MAX_ANNOTATED)
    expect(over.log).toMatch(/^::warning::3 more were not read; see the report\.$/m)
  })

  it('is a job summary within the limit, which says where the whole report is', async () => {
    const { summary } = await publish(madeReport(failing(3000, 'x'.repeat(3000)), { verdict: 'fail' }))
    expect(Buffer.byteLength(summary)).toBeLessThan(MAX_JOB_SUMMARY + 1000)
    expect(Buffer.byteLength(summary)).toBeLessThan(1024 * 1024)
    expect(summary).toContain('Download the whole report from the runner: /r/report.json.')
  })
})
