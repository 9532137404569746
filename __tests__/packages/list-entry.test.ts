import { describe, expect, test } from 'vitest'
import { entryLines, packageUse, quote, showPath } from '../../src/packages/list-entry.ts'

describe('an entry of a list', () => {
  test('is refused with file and line when a part of it breaks the rules of Debian Policy', () => {
    const good = { kind: 'binary', name: 'hello', version: '2.10-3' } as const
    expect(() => packageUse({ ...good, name: '-x' }, 'l', 3)).toThrow('l:3: "-x" is not a package name.')
    expect(() => packageUse({ ...good, version: '1_2' }, 'l', 3)).toThrow('l:3: "1_2", the version of hello, is not')
    expect(() => packageUse({ ...good, version: 'a:1' }, 'l', 3)).toThrow('not a Debian version')
    expect(() => packageUse({ ...good, architecture: 'x86_64' }, 'l', 3)).toThrow('l:3: "x86_64", the architecture')
    expect(() => packageUse({ ...good, sha256: 'AB' }, 'l', 3)).toThrow('l:3: "AB" is not a SHA-256.')
  })

  test('keeps its line number past comments and blank lines', () => {
    expect([...entryLines('# a\n\n  \nb 1\n#\nc 2', 'l')]).toEqual([
      ['b 1', 4],
      ['c 2', 6],
    ])
  })
})

describe('text from outside in a message', () => {
  test('cannot move the cursor, end the line or hide', () => {
    expect(quote('a\u001b[2J\n"\\\u202e')).toBe('"a\\u001b[2J\\u000a\\"\\\\\\u202e"')
    expect(quote('x'.repeat(1000))).toHaveLength(83)
  })

  test('leaves ordinary paths as they are, and quotes others', () => {
    expect(showPath('out/Größe 1.packages')).toBe('out/Größe 1.packages')
    expect(showPath('a\n::error::b')).toBe('"a\\u000a::error::b"')
  })
})
