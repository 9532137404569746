import { expect, it } from 'vitest'
import { normalizedArchive } from '../../src/store/archive-url.ts'
import { archiveDigest, writtenArchiveDigest } from '../../src/store/store-layout.ts'

const same = (one: string, other: string): boolean =>
  normalizedArchive(new URL(one)) === normalizedArchive(new URL(other))

it.each([
  ['HTTP://FTP.Debian.ORG:80/debian/', 'http://ftp.debian.org/debian/'],
  ['https://a.example:443/x/', 'https://a.example/x/'],
  ['http://a.example/x/../debian/./', 'http://a.example/debian/'],
  ['http://a.example/%7euser/%2Dx%5f/', 'http://a.example/~user/-x_/'],
  ['http://a.example/a%2fb%c3%a9/', 'http://a.example/a%2Fb%C3%A9/'],
  ['http://a.example/é/', 'http://a.example/%c3%a9/'],
])('%s and %s are one archive (RFC 3986, 6.2.2)', (one, other) => {
  expect(same(one, other)).toBe(true)
  expect(archiveDigest(new URL(one))).toBe(archiveDigest(new URL(other)))
})

it.each([
  ['http://a.example/debian/', 'https://a.example/debian/'],
  ['http://a.example/debian/', 'http://a.example//debian/'],
  ['http://a.example/debian/', 'http://a.example/Debian/'],
  ['http://localhost/', 'http://127.0.0.1/'],
  ['http://a.example/a%2Fb/', 'http://a.example/a/b/'],
  ['http://a.example/', 'http://a.example:8080/'],
])('%s and %s are two', (one, other) => expect(same(one, other)).toBe(false))

it('names of the first stores have the URL as it was written', () => {
  const url = new URL('http://a.example/%7euser/')
  expect(writtenArchiveDigest(url)).not.toBe(archiveDigest(url))
  expect(writtenArchiveDigest(new URL('http://a.example/~user/'))).toBe(archiveDigest(url))
})
