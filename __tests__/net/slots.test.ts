import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Slots } from '../../src/net/slots.ts'

describe('slots', () => {
  it('run every task, never more at once of one key than there are places, whatever fails', async () => {
    const task = fc.record({ key: fc.constantFrom('a', 'b'), turns: fc.nat(5), fails: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(task), fc.integer({ min: 1, max: 4 }), async (tasks, size) => {
        const slots = new Slots(size)
        const running = new Map<string, number>()
        const results = await Promise.allSettled(
          tasks.map(({ key, turns, fails }, index) =>
            slots.run(key, async () => {
              running.set(key, (running.get(key) ?? 0) + 1)
              expect(running.get(key)).toBeLessThanOrEqual(size)
              for (let turn = 0; turn < turns; turn++) await Promise.resolve()
              running.set(key, (running.get(key) ?? 0) - 1)
              if (fails) throw new Error(`${index}`)
              return index
            }),
          ),
        )
        expect(results.map(({ status }) => status)).toEqual(
          tasks.map(({ fails }) => (fails ? 'rejected' : 'fulfilled')),
        )
      }),
    )
  })

  it('let those who wait go first come, first served', async () => {
    const slots = new Slots(1)
    const order: number[] = []
    await Promise.all([1, 2, 3].map((number) => slots.run('a', async () => void order.push(number))))
    expect(order).toEqual([1, 2, 3])
  })

  it('do not let one key wait for another', async () => {
    const slots = new Slots(1)
    let release = (): void => {}
    const stuck = slots.run('a', () => new Promise<void>((resolve) => (release = resolve)))
    expect(await slots.run('b', async () => 'done')).toBe('done')
    release()
    await stuck
  })
})
