import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { refuseUnsafeBuildinfo } from '../../src/rebuild/safe-buildinfo.ts'
import { verdictOf } from '../making/signed-archive.ts'
import { buildinfoText } from './made-project.ts'

async function judge(fields: Record<string, string | undefined>): Promise<string> {
  const text = buildinfoText('hello', '1.0', [{ name: 'hello' }], fields)
  return await verdictOf(() => refuseUnsafeBuildinfo(text, 'x.buildinfo'))
}

test('what dpkg writes is let through', async () => {
  expect(await judge({})).toBe('accepted')
  expect(
    await judge({
      'Installed-Build-Depends': '\n gcc:i386 (= 4:12.2.0-3),\n libfoo++-dev (= 1.0~rc1+dfsg-2+deb12u1)',
      'Build-Path': '/build/reproducible-path/hello-1.0',
      Environment: '\n DEB_BUILD_OPTIONS="parallel=2 nocheck \\"x\\\\"',
      'Build-Tainted-By': '\n merged-usr-via-aliased-dirs',
    }),
  ).toBe('accepted')
  expect(await judge({ 'Build-Path': undefined, Environment: undefined })).toBe('accepted')
})

describe('the Environment, which debrebuild gives to env(1) outside of the chroot', () => {
  test.each([
    ['an option of env that runs a command', ' --split-string="touch /tmp/owned"'],
    ['an option without a value', ' -S'],
    ['a search path', ' PATH="/tmp/evil"'],
    ['a library to load', ' LD_PRELOAD="/tmp/evil.so"'],
    ['a library path', ' LD_LIBRARY_PATH="/tmp"'],
    ['modules for perl', ' PERL5OPT="-Mevil"'],
    ['the configuration of sbuild', ' SBUILD_CONFIG="/tmp/evil"'],
    ['a variable of the stand-ins', ' DEBPROOF_SBUILD="/tmp/evil"'],
    ['another root for dpkg', ' DPKG_ROOT="/tmp"'],
    ['a value without quotes', ' LC_ALL=C'],
    ['a value that goes on after its quote', ' LC_ALL="C" x="y"'],
  ])('must not hold %s', async (_, line) => {
    expect(await judge({ Environment: `\n${line}` })).toBe('STATEMENT')
  })
})

describe('Installed-Build-Depends, which names packages to apt', () => {
  test.each([
    ['an option', '-oDir=/tmp (= 1)'],
    ['a pattern', '?essential (= 1)'],
    ['a path', './evil.deb (= 1)'],
    ['an alternative', 'gcc (= 1) | clang (= 1)'],
    ['a range', 'gcc (>= 1)'],
    ['no version', 'gcc'],
    ['a version with a shell in it', 'gcc (= 1$(touch\tx))'],
    ['two in one line', 'gcc (= 1), clang (= 2)'],
  ])('must not hold %s', async (_, line) => {
    expect(await judge({ 'Installed-Build-Depends': `\n ${line}` })).toBe('STATEMENT')
  })

  test('must be there', async () => {
    expect(await judge({ 'Installed-Build-Depends': undefined })).toBe('STATEMENT')
  })
})

test.each(['/etc', '/build/../etc', '/build/x;rm', '/build/$(x)', 'build/x', '/build/a b'])(
  'the Build-Path %s is refused',
  async (path) => {
    expect(await judge({ 'Build-Path': path })).toBe('STATEMENT')
  },
)

test('no variable gets through whose name is not on the list, and no other line', async () => {
  const line = fc.string({ unit: 'binary-ascii' }).filter((text) => !/[\n\r\0]/.test(text) && text.trim() !== '')
  await fc.assert(
    fc.asyncProperty(line, async (text) => {
      const isHarmless = /^(?:CC|AS|LD|PC|FC|AR)="[^"\\]*"$/.test(text.trim())
      const verdict = await judge({ Environment: `\n ${text}` })
      expect(isHarmless ? ['accepted'] : ['STATEMENT', 'INDEX_MALFORMED']).toContain(verdict)
    }),
  )
})
