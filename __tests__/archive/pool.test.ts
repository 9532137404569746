import { afterEach, describe, expect, it } from 'vitest'
import { parseBinaryEntry } from '../../src/archive/index-entry.ts'
import { checkPool, type PoolAnswer } from '../../src/archive/pool.ts'
import { closeAll, downloads, serve } from '../making/loopback-server.ts'
import { binaryStanza } from '../making/served-archive.ts'

afterEach(closeAll)

const CONTENT = 'the file itself'

/** What comes of a pool that answers like this, the first time and the second; 404 is the status. */
async function poolOf(...answers: readonly (string | 404)[]): Promise<{ answer: PoolAnswer; asked: number }> {
  const left = [...answers]
  const server = await serve((_, response) => {
    const content = left.shift() ?? 404
    if (content === 404) response.writeHead(404).end()
    else response.end(content)
  })
  const entry = parseBinaryEntry(binaryStanza('hello', '1', CONTENT))
  return { answer: await checkPool(downloads(), server.base, entry), asked: server.asked.length }
}

describe("a file of an archive's pool", () => {
  it('that is what the index says is read once', async () => {
    expect(await poolOf(CONTENT)).toEqual({ answer: { outcome: 'same' }, asked: 1 })
  })

  it.each(['another of this', 'a longer file that somebody put there'])(
    'is another where the same other bytes are served twice: %j',
    async (other) => {
      const { answer } = await poolOf(other, other)
      expect(answer).toMatchObject({ outcome: 'different', why: expect.stringContaining('but the index says') })
    },
  )

  it.each([
    ['a bad transfer and a good one', ['the file itsel?', CONTENT], /A second look found what the index says/],
    ['two bad transfers', ['the file itsel?', 'the f?le itself'], /the index says.*the index says/],
    ['a bad transfer and none', ['the file itsel?', 404 as const], /could not be hashed/],
  ])('is neither proven nor another by %s', async (_, answers, why) => {
    const { answer, asked } = await poolOf(...answers)
    expect(answer).toMatchObject({ outcome: 'unread', why: expect.stringMatching(why) })
    expect(asked).toBe(2)
  })
})
