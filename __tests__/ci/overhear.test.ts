import { describe, expect, it } from 'vitest'
import { complaintIn, overhear } from '../../src/ci/overhear.ts'

describe('what a library writes', () => {
  it('is collected, whatever form it has, and shown no more', async () => {
    const { result, text } = await overhear(async () => {
      process.stdout.write('::warning::one%0Atwo\n')
      process.stderr.write(Buffer.from('bytes\n'))
      await new Promise<void>((resolve) => process.stdout.write('waited\n', () => resolve()))
      return 7
    })
    expect({ result, text }).toEqual({ result: 7, text: '::warning::one%0Atwo\nbytes\nwaited\n' })
  })

  it('is kept to its first 64 kB, however much it is', async () => {
    const { text } = await overhear(async () => {
      for (let count = 0; count < 1000; count++) process.stderr.write('x'.repeat(10_000))
    })
    expect(text).toBe('x'.repeat(64 * 1024))
  })

  it('is shown again afterwards, also when the library threw', async () => {
    const before = [process.stdout.write, process.stderr.write]
    await expect(overhear(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect([process.stdout.write, process.stderr.write]).toEqual(before)
  })

  it.each([
    ['::warning::Failed to restore: 503%0Aagain\n', 'Failed to restore: 503 again'],
    ['fine\n::error title=x::100%25\n', '100%'],
    ['::debug::nothing\nCache hit\n', undefined],
    ['said in ::warning::the middle', undefined],
  ])('%j complains of %j', (text, complaint) => {
    expect(complaintIn(text)).toBe(complaint)
  })
})
