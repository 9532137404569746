import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sha256Of } from '../../src/archive/hash.ts'
import { hashOfText, recordOfLink } from '../../src/reproduced/build-record.ts'

const anyLine = fc.stringMatching(/^[a-c]{1,8}$/)
const anyBlanks = fc.stringMatching(/^[ \t]{0,3}$/)

describe('the hash of a signed text', () => {
  it('does not hang on what a cleartext signature leaves out, and on all else', () => {
    fc.assert(
      fc.property(
        fc.array(anyLine, { minLength: 1, maxLength: 5 }),
        fc.array(anyBlanks, { minLength: 5, maxLength: 5 }),
        anyLine,
        (lines, blanks, other) => {
          const hash = hashOfText(lines.join('\n'))
          const blank = lines.map((line, index) => `${line}${blanks[index]}`)
          for (const end of ['', '\n', ' \n\n']) expect(hashOfText(`${blank.join('\n')}${end}`)).toBe(hash)
          for (const changed of [[...lines, other], [other, ...lines], lines.map((line) => ` ${line}`)]) {
            expect(hashOfText(changed.join('\n'))).not.toBe(hash)
          }
        },
      ),
    )
  })

  it('takes time in proportion to the text, whatever blanks it has', () => {
    const started = performance.now()
    hashOfText(`${' '.repeat(1e6)}x${' \t'.repeat(1e6)}\n`.repeat(2))
    expect(performance.now() - started).toBeLessThan(5000)
  })
})

describe('the record that a link is', () => {
  const [one, other] = [sha256Of('one'), sha256Of('other')]
  const shared = (...[a, b]: readonly ReturnType<typeof recordOfLink>[]): boolean =>
    a?.names.some((name) => b?.names.includes(name)) === true

  it('is another one at another place by another signer, or with another content', () => {
    const link = recordOfLink('https://a.example/x', one, ['AA', 'bb'])
    expect(shared(link, recordOfLink('https://b.example/x', one, ['cc']))).toBe(false)
    expect(shared(link, recordOfLink('https://b.example/x', other, ['aa']))).toBe(false)
    expect(shared(link, recordOfLink('https://b.example/x', one, ['aa']))).toBe(true)
    expect(shared(link, recordOfLink('https://a.example/x#y', other, ['cc']))).toBe(true)
  })
})
