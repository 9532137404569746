import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { recordCommand } from '../../src/commands/record.ts'
import { call } from '../commands/cli.ts'
import { CODENAME, mirrorOfThisMachine } from '../e2e/mirror.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'debproof-live-'))

afterAll(() => rmSync(folder, { recursive: true }))

describe("record, on the mirror of this machine's apt", () => {
  const { debian, security } = mirrorOfThisMachine()
  const store = path.join(folder, 'evidence')
  const suites = [CODENAME, `${CODENAME}-updates`].flatMap((suite) => ['--suite', suite])
  const common = ['--store', store, '--architecture', 'amd64', '--signed-by', 'debian', '--json']

  it.each([
    ['the suites of the archive', ['--url', debian, ...suites]],
    ['the security archive', ['--url', security, '--suite', `${CODENAME}-security`]],
  ])('keeps %s, and the second time adds nothing but that it was seen', async (_, where) => {
    const first = await call(recordCommand, [...common, ...where])
    // A mirror that was not updated for long shows an expired state: that is told, and kept all the same.
    expect([0, 3]).toContain(first.code)
    const { suites: recorded } = JSON.parse(first.out)
    for (const suite of recorded) expect(suite).toMatchObject({ outcome: 'new', anomalies: [] })
    const second = JSON.parse((await call(recordCommand, [...common, ...where])).out)
    for (const suite of second.suites) expect(suite).toMatchObject({ anomalies: [], added: { files: 0, bytes: 0 } })
  })

  it('keeps it so that all of it can be checked', async () => {
    const check = await call(recordCommand, ['--store', store, '--verify', '--signed-by', 'debian', '--json'])
    expect(check.code).toBe(0)
    const seenTwice = expect.stringMatching(/ was seen 2 times, from /)
    expect(JSON.parse(check.out)).toMatchObject({
      sightings: 6,
      problems: [],
      notes: [seenTwice, seenTwice, seenTwice],
    })
  })
})
