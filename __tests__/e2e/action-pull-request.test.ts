import { existsSync } from 'node:fs'
import { appendFile, readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { startResultsService } from '../making/results-service.ts'
import { copyExample, EXAMPLE, exampleClock } from './example.ts'
import { type ActionOptions, type ActionResult, runAction } from './run-action.ts'
import { debproof, PROJECT, readReport, scratchFolder, whenOver } from './running.ts'

/** As a fork's pull request has it: no secret at all, and a token that may read. */
const PULL_REQUEST = {
  eventName: 'pull_request',
  ref: 'refs/pull/7/merge',
  event: { pull_request: { number: 7, head: { repo: { fork: true } } } },
} as const

describe('the action in a pull request', () => {
  const scratch = scratchFolder()
  let at: string

  beforeAll(async () => {
    at = await exampleClock()
  })

  async function act(
    name: string,
    options: Partial<ActionOptions>,
  ): Promise<ActionResult & { readonly folder: string }> {
    const folder = await copyExample(path.join(scratch, name))
    const results = await startResultsService()
    whenOver(() => results.close())
    const { ACTIONS_ID_TOKEN_REQUEST_URL: _, ...env } = results.env
    const { inputs, ...more } = options
    const result = await runAction(PROJECT, {
      workspace: folder,
      ...more,
      inputs: { at, ...inputs },
      env: { ...env, XDG_CACHE_HOME: path.join(folder, '.cache'), ...options.env },
    })
    return { ...result, folder }
  }

  const errors = ({ commands }: ActionResult): string[] =>
    commands.filter(({ command }) => command === 'error').map(({ message }) => message)

  it('from a fork, without a key, writes a report that says that it is unsigned, where that is allowed', async () => {
    const inputs = { unsigned: 'allow-in-pull-requests' }
    const { exitCode, outputs, summary, log, folder } = await act('fork', { ...PULL_REQUEST, inputs })
    expect(exitCode).toBe(0)
    expect(outputs).toMatchObject({ verdict: 'pass', 'signed-by': '', 'artifact-id': '1' })
    const output = path.join(folder, 'debproof-report')
    expect(JSON.parse(await readFile(path.join(output, 'report.json'), 'utf8')).predicate.unsigned).toBe('pull-request')
    expect(existsSync(path.join(output, 'report.json.asc'))).toBe(false)
    expect(summary).toContain('**UNSIGNED**')
    expect(log).toContain('(UNSIGNED)')
    expect((await debproof(['recheck', output, '--unsigned'])).code).toBe(0)
  })

  it('fails without a key where nobody allowed that', async () => {
    const result = await act('forbidden', { ...PULL_REQUEST, inputs: {} })
    expect(result.exitCode).toBe(1)
    expect(errors(result)).toEqual([expect.stringMatching(/no key to sign/)])
  })

  it.each(['push', 'workflow_dispatch', 'pull_request_target', 'schedule'])(
    'is meant alone: at the event %s a missing key fails, and nothing is written',
    async (eventName) => {
      const result = await act(`event-${eventName}`, { eventName, inputs: { unsigned: 'allow-in-pull-requests' } })
      expect(result.exitCode).toBe(1)
      expect(errors(result)).toEqual([expect.stringMatching(/no key to sign/)])
      expect(existsSync(path.join(result.folder, 'debproof-report/report.json'))).toBe(false)
    },
  )

  it('of somebody who has the secrets is signed all the same', async () => {
    const key = await readFile(path.join(EXAMPLE, 'keys/report-signing-key.asc'), 'utf8')
    const inputs = { unsigned: 'allow-in-pull-requests', 'signing-key': key }
    const { outputs, folder } = await act('own', { ...PULL_REQUEST, inputs })
    expect(outputs['signed-by']).toMatch(/^[0-9A-F]{40}$/)
    expect((await readReport(path.join(folder, 'debproof-report'))).predicate).not.toHaveProperty('unsigned')
  })

  it('fails in it as anywhere when a package is not proven', async () => {
    const folder = await copyExample(path.join(scratch, 'alien'))
    await appendFile(path.join(folder, 'example-1.0.packages'), 'alien\t1.0-1\n')
    const { exitCode, outputs, summary } = await runAction(PROJECT, {
      ...PULL_REQUEST,
      workspace: folder,
      inputs: { at, unsigned: 'allow-in-pull-requests' },
    })
    expect([exitCode, outputs['verdict']]).toEqual([1, 'fail'])
    expect(summary).toMatch(/^# debproof: fail\n/)
  })

  describe('that asks to be attested', () => {
    it('without the permission fails at once, with the lines to add', async () => {
      const result = await act('unpermitted', { inputs: { unsigned: 'true', attest: 'true' } })
      expect(result.exitCode).toBe(1)
      expect(errors(result)).toEqual([expect.stringMatching(/permissions:\n.*id-token: write\n *attestations: write/s)])
      expect(existsSync(path.join(result.folder, 'debproof-report'))).toBe(false)
    })

    it('is not, where it comes from a fork, and a notice says so', async () => {
      const inputs = { unsigned: 'allow-in-pull-requests', attest: 'true' }
      const result = await act('unattested', { ...PULL_REQUEST, inputs })
      expect(result.exitCode).toBe(0)
      const notices = result.commands.filter(({ command }) => command === 'notice')
      expect(notices.map(({ message }) => message)).toEqual([expect.stringMatching(/^Nothing will be attested/)])
    })
  })

  describe('that asks for a comment', () => {
    const inputs = { unsigned: 'allow-in-pull-requests', comment: 'true', 'github-token': 'ghs_made' }

    it('has its verdict there, and the place in an output', async () => {
      const bodies: string[] = []
      const url = await graphql((query, variables) => {
        if (query.startsWith('query')) {
          const comments = { nodes: [], pageInfo: { hasPreviousPage: false, startCursor: null } }
          return { data: { repository: { pullRequest: { id: 'PR', comments } } } }
        }
        bodies.push(String(variables['body']))
        return { data: { addComment: { commentEdge: { node: { url: 'https://github.com/c/1' } } } } }
      })
      const { exitCode, outputs, log } = await act('comment', {
        ...PULL_REQUEST,
        inputs,
        env: { GITHUB_GRAPHQL_URL: url },
      })
      expect([exitCode, outputs['comment-url']]).toEqual([0, 'https://github.com/c/1'])
      expect(bodies).toEqual([expect.stringContaining('✅ PASS: 7 packages proven')])
      expect(bodies[0]).toContain('/actions/runs/1/artifacts/1')
      expect(log.replaceAll(/^::add-mask::.*$/gm, '')).not.toContain('ghs_made')
    })

    it('and may write none has its verdict all the same, and a notice', async () => {
      const url = await graphql(() => ({ errors: [{ message: 'Resource not accessible by integration' }] }))
      const result = await act('refused', { ...PULL_REQUEST, inputs, env: { GITHUB_GRAPHQL_URL: url } })
      expect([result.exitCode, result.outputs['comment-url']]).toEqual([0, undefined])
      const notices = result.commands.filter(({ command }) => command === 'notice')
      expect(notices.map(({ message }) => message)).toEqual([
        expect.stringMatching(/not accessible.*pull-requests: write/),
      ])
    })

    async function graphql(answer: (query: string, variables: Record<string, unknown>) => object): Promise<string> {
      const server = createServer((request, response) => {
        let text = ''
        request.on('data', (chunk) => (text += String(chunk)))
        request.on('end', () => {
          expect(request.headers.authorization).toBe('Bearer ghs_made')
          const { query, variables } = JSON.parse(text)
          response.end(JSON.stringify(answer(query, variables)))
        })
      })
      whenOver(() => closed(server))
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const address = server.address()
      if (address === null || typeof address === 'string') throw new Error('the server has no port')
      return `http://127.0.0.1:${address.port}/graphql`
    }
  })
})

async function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}
