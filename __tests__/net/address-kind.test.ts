import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressKind, hostKind } from '../../src/net/address-kind.ts'

describe('an address', () => {
  it.each([
    '169.254.169.254',
    '169.254.170.2',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    'fe80::1',
    'fe80::1%eth0',
    'fd00:ec2::254',
    '::ffff:169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::1',
  ])('%s is where a cloud keeps keys', (address) => {
    expect(addressKind(address)).toBe('metadata')
  })

  it.each([
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.255',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '198.19.0.1',
    '224.0.0.251',
    '255.255.255.255',
    '::',
    '::1',
    'fc00::1',
    'fdff::1',
    'fec0::1',
    'ff02::1',
    '::ffff:10.0.0.1',
    '::ffff:7f00:1',
    '64:ff9b::10.0.0.1',
    '2002:0a00:0001::',
  ])('%s is inside', (address) => {
    expect(addressKind(address)).toBe('inside')
  })

  it.each([
    '1.1.1.1',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '151.101.2.132',
    '169.253.255.255',
    '172.15.0.1',
    '172.32.0.1',
    '192.0.1.1',
    '192.169.0.1',
    '223.255.255.255',
    '2a04:4e42::644',
    '::ffff:151.101.2.132',
    '64:ff9b::151.101.2.132',
    '2002:9765:284::1',
  ])('%s is public', (address) => {
    expect(addressKind(address)).toBe('public')
  })

  it('of IPv4 is of the same kind in each form that it has in IPv6', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const kind = addressKind(address)
        const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number)
        const groups = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
        for (const form of [`::ffff:${groups}`, `64:ff9b::${groups}`, `2002:${groups}::`]) {
          expect([form, addressKind(form)]).toEqual([form, kind])
        }
      }),
    )
  })
})

describe('the host of a URL', () => {
  it.each([
    ['http://127.1/', 'inside'],
    ['http://0x7f000001/', 'inside'],
    ['http://2852039166/', 'metadata'],
    ['http://localhost./', 'inside'],
    ['http://x.LocalHost/', 'inside'],
    ['http://[::1]:8080/', 'inside'],
    ['http://[fd00:ec2::254]/', 'metadata'],
    ['http://ftp.debian.org/', undefined],
    ['http://localhost.example/', undefined],
    ['http://8.8.8.8/', 'public'],
  ])('%s is %s by its form', (url, kind) => {
    expect(hostKind(new URL(url))).toBe(kind)
  })
})
