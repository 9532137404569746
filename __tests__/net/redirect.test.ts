import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { redirectTarget } from '../../src/net/redirect.ts'

const HTTP = new URL('http://mirror.example/debian/dists/x/InRelease')
const HTTPS = new URL('https://mirror.example/debian/dists/x/InRelease')

function refused(why: RegExp): object {
  return expect.objectContaining({ code: 'FETCH', message: expect.stringMatching(why) })
}

describe('a redirect', () => {
  it.each([
    [HTTP, 'http://other.example/x', 'http://other.example/x'],
    [HTTP, 'https://other.example/x', 'https://other.example/x'],
    [HTTPS, '/x', 'https://mirror.example/x'],
    [HTTP, 'Other', 'http://mirror.example/debian/dists/x/Other'],
    [HTTP, 'http://151.101.2.132/x', 'http://151.101.2.132/x'],
  ])('of %s to %s is followed', (from, location, target) => {
    expect(redirectTarget(from, location, false).href).toBe(target)
  })

  it.each([
    [HTTPS, 'http://mirror.example/x', /must not fall back/],
    [HTTP, 'file:///etc/passwd', /only http and https/],
    [HTTP, 'ftp://mirror.example/', /only http and https/],
    [HTTP, undefined, /not a URL/],
    [HTTP, 'http://a b/', /not a URL/],
    [HTTP, 'http://[::1', /not a URL/],
  ])('of %s to %j is refused', (from, location, why) => {
    expect(() => redirectTarget(from, location, false)).toThrow(refused(why))
  })

  it.each([
    'http://127.0.0.1/',
    'http://127.1:8080/',
    'http://0x7f000001/',
    'http://2130706433/',
    'http://0/',
    'http://localhost/',
    'http://LOCALHOST:631/',
    'http://x.localhost/',
    'http://169.254.169.254/latest/meta-data/',
    'http://10.1.2.3/',
    'http://172.31.0.1/',
    'http://192.168.1.1/',
    'http://100.100.100.200/',
    'https://[::1]/',
    'https://[fd00:ec2::254]/',
    'https://[fe80::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[64:ff9b::127.0.0.1]/',
    'https://[2002:7f00:1::]/',
    'http://168.63.129.16/',
    'http://localhost./',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    '//127.0.0.1/',
  ])('from a public server to %s is refused', (location) => {
    expect(() => redirectTarget(HTTP, location, false)).toThrow(refused(/must not lead to an address inside/))
  })

  it('inside may lead on inside', () => {
    for (const location of ['http://127.0.0.1:2/', 'http://10.0.0.2/', 'http://localhost/']) {
      expect(redirectTarget(HTTP, location, true).href).toBe(location)
    }
  })

  it('leads to http or https, or is a foreseen failure', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.webUrl(),
          fc.string(),
          fc.ipV4().map((ip) => `http://${ip}/`),
        ),
        (location) => {
          try {
            expect(redirectTarget(HTTP, location, false).protocol).toMatch(/^https?:$/)
          } catch (error) {
            expect(error).toMatchObject({ code: 'FETCH' })
          }
        },
      ),
    )
  })
})
