import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseWish } from '../../src/rebuild/wish.ts'
import { verdictOf } from '../making/signed-archive.ts'

test('a name alone means every version', () => {
  expect(parseWish('hello')).toEqual({ text: 'hello', name: 'hello', sourceOnly: false })
})

test('a version has its epoch, and src: means the source package', () => {
  expect(parseWish('src:hello=1:2.0-1+b1')).toMatchObject({ name: 'hello', version: '1:2.0-1+b1', sourceOnly: true })
})

test.each(['', '-x', '=1', 'hello=', 'hello=1 2', '../hello', 'hello/1', 'src:', 'hello\n'])(
  '%j is refused',
  async (text) => {
    expect(await verdictOf(() => parseWish(text))).toBe('USAGE')
  },
)

test('whatever is typed is read or refused, and what is read can be put into a path', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), async (text) => {
      const verdict = await verdictOf(() => {
        const { name, version = '' } = parseWish(text)
        expect(`${name}${version}`).not.toMatch(/[/\s]/)
      })
      expect(['accepted', 'USAGE']).toContain(verdict)
    }),
  )
})
