import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPathBelow, urlBelow } from '../../src/archive/path-below.ts'

const HTTP = new URL('http://example.org/debian/')
const FILE = new URL('file:///srv/archive/')

describe('paths in release files and indexes', () => {
  it.each([
    'main/binary-amd64/Packages.xz',
    'pool/main/g/g++/g++_1%3a2~rc+b1_amd64.deb',
    'main/binary-amd64/Packages.diff/Index',
    'x',
    '...',
    '.hidden/..x',
    'a:b@c',
  ])('%s lies below', (path) => {
    expect(isPathBelow(path)).toBe(true)
  })

  it.each([
    '',
    '/',
    '/x',
    'x/',
    'a//b',
    '.',
    '..',
    './x',
    '../x',
    'a/../b',
    'a/./b',
    'a/..',
    'http://x/y',
    '//x/y',
    'a\\b',
    'a b',
    'a?b',
    'a#b',
    'a\nb',
    'a\0b',
    'a\x7fb',
    'caf\xe9',
    '<a>',
  ])('%j does not', (path) => {
    expect(isPathBelow(path)).toBe(false)
  })

  it('a path that lies below leads below, over http and on disk, whatever it is made of', () => {
    const part = fc.string({
      unit: fc.constantFrom('.', '/', '%', '2', 'e', 'f', ':', '@', '~', '+', 'a', '\\', '?'),
      maxLength: 12,
    })
    fc.assert(
      fc.property(part, (path) => {
        fc.pre(isPathBelow(path))
        const url = urlBelow(HTTP, path)
        expect(url.origin).toBe(HTTP.origin)
        expect(url.search + url.hash).toBe('')
        expect(decodeURIComponent(url.pathname)).toBe(`/debian/${path}`)
        expect(posix.normalize(fileURLToPath(urlBelow(FILE, path)))).toBe(`/srv/archive/${path}`)
      }),
      { numRuns: 1000 },
    )
  })

  it('escapes what apt escapes: + and % but not : and @', () => {
    expect(urlBelow(HTTP, 'pool/g++_1%3a2~rc@x:y').href).toBe('http://example.org/debian/pool/g%2B%2B_1%253a2~rc@x:y')
  })
})
