import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { type Ending, runChild } from '../../src/rebuild/child.ts'
import { newFolder, removeProjects } from './made-project.ts'

let folder: string
let log: string

beforeEach(() => {
  folder = newFolder()
  log = path.join(folder, 'log')
})

afterAll(removeProjects)

async function sh(
  script: string,
  { timeout = 10_000, signal }: { timeout?: number; signal?: AbortSignal } = {},
): Promise<Ending> {
  const env = { PATH: '/usr/bin:/bin', GIVEN: 'given' }
  return await runChild('sh', ['-c', script], {
    cwd: folder,
    env,
    timeout,
    log,
    ...(signal === undefined ? {} : { signal }),
  })
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 200) throw new Error('it did not happen')
    await sleep(25)
  }
}

describe('a program', () => {
  test('ends with its exit code, with all that it prints in the log', async () => {
    process.env['DEBPROOF_TEST_SECRET'] = 'secret'
    expect(await sh('echo out; echo err >&2; env; exit 3')).toEqual({ kind: 'exit', code: 3 })
    const text = readFileSync(log, 'utf8')
    expect(text).toMatch(/out\nerr\n/)
    expect(text).toContain('GIVEN=given')
    expect(text).not.toContain('secret')
    await sh('echo more')
    expect(readFileSync(log, 'utf8')).toMatch(/out[\s\S]*more/)
  })

  test('that does not exist is told apart', async () => {
    const options = { cwd: folder, env: { PATH: folder }, timeout: 1000, log }
    expect(await runChild('no-such-program', [], options)).toEqual({ kind: 'absent' })
  })

  test('is ended at its time limit, with the programs that it started', async () => {
    const ending = await sh('(trap "" HUP; while :; do sleep 0.05; date > alive; done) & sleep 60', { timeout: 300 })
    expect(ending).toEqual({ kind: 'timeout' })
    const written = (): number => statSync(path.join(folder, 'alive')).mtimeMs
    const last = written()
    await sleep(300)
    expect(written()).toBe(last)
  })

  test('leaves no program behind when it ends by itself', async () => {
    expect(await sh('(while :; do sleep 0.05; date > alive; done) > /dev/null 2>&1 & sleep 0.3')).toEqual({
      kind: 'exit',
      code: 0,
    })
    const last = statSync(path.join(folder, 'alive')).mtimeMs
    await sleep(300)
    expect(statSync(path.join(folder, 'alive')).mtimeMs).toBe(last)
  })

  test('may clean up when it is no longer wanted', async () => {
    const controller = new AbortController()
    const running = sh('trap "echo cleaned; exit 0" TERM; touch ready; while :; do sleep 0.05; done', {
      signal: controller.signal,
    })
    await until(() => existsSync(path.join(folder, 'ready')))
    controller.abort()
    expect(await running).toEqual({ kind: 'interrupted' })
    expect(readFileSync(log, 'utf8')).toContain('cleaned')
  })

  test('is not started when nothing is wanted any more', async () => {
    expect(await sh('touch started', { signal: AbortSignal.abort() })).toEqual({ kind: 'interrupted' })
    expect(existsSync(path.join(folder, 'started'))).toBe(false)
  })
})
