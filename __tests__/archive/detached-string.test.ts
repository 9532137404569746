import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { parseBuildinfo } from '../../src/archive/buildinfo.ts'
import { detached } from '../../src/archive/detached-string.ts'
import { buildinfoText, SHA256 } from '../reproduced/signed-statements.ts'

setFlagsFromString('--expose-gc')
const collectGarbage: unknown = runInNewContext('gc')

/** The bytes that are held once nobody needs anything but what `make` gives. */
function held(make: (each: number) => unknown): number {
  const size = (): number => {
    if (typeof collectGarbage === 'function') collectGarbage()
    const { heapUsed, external } = process.memoryUsage()
    return heapUsed + external
  }
  const before = size()
  const kept = Array.from({ length: 100 }, (_, each) => make(each))
  const after = size()
  expect(kept).toHaveLength(100)
  return after - before
}

const textOf = (content: string): string => Buffer.from(content).toString('latin1')

describe('a piece of a text', () => {
  it('is the same once it is detached', () => {
    for (const text of ['', 'hello_1.0-1_amd64.deb', '\xe9\xff', '€ 😀']) expect(detached(text)).toBe(text)
  })

  it('holds all of the text in memory, and does not once it is detached', () => {
    const piece = (each: number): string => textOf(`${each}${'x'.repeat(400_000)}`).slice(100, 150)
    expect(held(piece)).toBeGreaterThan(30_000_000)
    expect(held((each) => detached(piece(each)))).toBeLessThan(10_000_000)
  })

  it('that a .buildinfo is read into holds no text', () => {
    const files = { 'hello-with-a-long-name_1.0-1+really1.0_amd64.deb': SHA256 }
    const version = '1:1.0-1+really1.0+deb13u1'
    const text = buildinfoText({ source: 'hello-with-a-long-name', version, files })
    const more = ` ${'x'.repeat(4000)},\n`.repeat(100)
    expect(held((each) => parseBuildinfo(textOf(`${text} N="${each}"\n${more}`), 'a.buildinfo'))).toBeLessThan(
      10_000_000,
    )
  })
})
