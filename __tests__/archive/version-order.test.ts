import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseVersion, type Version } from '../../src/archive/identity.ts'
import { compareVersions } from '../../src/archive/version-order.ts'

function version(text: string): Version {
  const parsed = parseVersion(text)
  if (parsed === undefined) throw new Error(`${text} is no version`)
  return parsed
}

const versions = fc
  .tuple(fc.nat(3), fc.stringMatching(/^[0-9][0-9a-z.+~]{0,6}$/), fc.stringMatching(/^(?:-[0-9a-z+~.]{1,4})?$/))
  .map(([epoch, upstream, revision]) => version(`${epoch}:${upstream}${revision}`))

describe('the order of versions', () => {
  // Each row was asked of `dpkg --compare-versions`.
  it.each([
    ['1.0~rc1', '<', '1.0'],
    ['1.0', '=', '1.0-0'],
    ['1.0-1', '=', '1.0-01'],
    ['1.0-1', '<', '1.0-1+b1'],
    ['1.0-1', '<', '1.0-1.1'],
    ['1.0', '<', '1.0a'],
    ['1.0a', '<', '1.0+'],
    ['9', '<', '10'],
    ['2', '<', '1:0'],
    ['0:1.0', '=', '1.0'],
    ['1.0-1~deb12u1', '<', '1.0-1'],
    ['20250419~deb12u2', '<', '20250419'],
  ])('%s %s %s', (a, sign, b) => {
    const order = { '<': -1, '=': 0 }[sign] ?? 1
    expect(Math.sign(compareVersions(version(a), version(b)))).toBe(order)
    expect(Math.sign(compareVersions(version(b), version(a)))).toBe(order === 0 ? 0 : -order)
  })

  it('is an order: every version equals itself, and no three run in a circle', () => {
    fc.assert(
      fc.property(versions, versions, versions, (a, b, c) => {
        expect(compareVersions(a, a)).toBe(0)
        const sorted = [a, b, c].sort(compareVersions)
        expect(compareVersions(sorted[0] ?? a, sorted[2] ?? a)).toBeLessThanOrEqual(0)
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0)
      }),
    )
  })
})
