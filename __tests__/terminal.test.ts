import { describe, expect, it } from 'vitest'
import { formsOf, secretsIn } from '../src/job-secrets.ts'
import { terminalOf } from '../src/terminal.ts'

/** What a terminal was sent. */
function sent(
  isTTY: boolean,
  env: Record<string, string> = {},
): { terminal: ReturnType<typeof terminalOf>; text: () => string } {
  let text = ''
  const stream = { isTTY, write: (more: string) => (text += more) }
  return { terminal: terminalOf({ stdout: stream, stderr: stream, env }), text: () => text }
}

describe('the one writer of the command line', () => {
  it.each([
    ['a workflow command', '::set-output name=x::y', '\\u003a:set-output name=x::y'],
    ['one behind blanks', ' \t::error::y', ' \t\\u003a:error::y'],
    ['one behind a blank that only .NET trims', '\u00a0\u3000::error::y', '\u00a0\u3000\\u003a:error::y'],
    ['one of the old form', 'a ##[set-output name=x]y', 'a ##\\u005bset-output name=x]y'],
    ['one of Azure and TeamCity', '##vso[task] ##teamcity[x', '##vso\\u005btask] ##teamcity\\u005bx'],
    ['a section of GitLab', 'section_start:1:a\r\x1b[0K', 'section_start\\u003a1:a\\u000d\\u001b[0K'],
    [
      'a link and the clipboard (OSC 8, 52)',
      '\x1b]8;;http://e\x07\x1b]52;c;eA==\x07',
      '\\u001b]8;;http://e\\u0007\\u001b]52;c;eA==\\u0007',
    ],
    ['C1', '\x9b31m\x9d', '\\u009b31m\\u009d'],
    [
      'bidi controls, DEL and separators',
      '\u202e\u2066\u061c\x7f\u2028\u2029\x85',
      '\\u202e\\u2066\\u061c\\u007f\\u2028\\u2029\\u0085',
    ],
    ['characters of a tag that nobody sees', '\u{e0041}', '\\udb40\\udc41'],
  ])('shows %s, in both streams, where it begins a line and where it ends one', (_, hostile, shown) => {
    for (const stream of ['out', 'err'] as const) {
      const { terminal, text } = sent(true)
      terminal[stream](`a\n${hostile}\nb\n`)
      expect(text()).toBe(`a\n${shown}\nb\n`)
    }
  })

  it('leaves what harms nobody, and what was made visible once', () => {
    const { terminal, text } = sent(false)
    const plain = 'a\tb: c::d [e] # http://[::1]/ ä € 😀\n\\u001b\n'
    terminal.out(plain)
    expect(text()).toBe(plain)
  })

  it('leaves JSON the same JSON, without anything that a terminal acts on', () => {
    const value = { text: 'x\n::error::y\r\x1b\x9b\u202e\x7f\u{e0041}##[a', 'section_start:1:k': ['::a'] }
    const { terminal, text } = sent(false)
    terminal.out(JSON.stringify(value, null, 1))
    expect(JSON.parse(text())).toEqual(value)
    expect(text()).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]|##\[|section_start:/u)
  })

  it('colours the first line of a result where there are colours, and erases a line where there is one', () => {
    for (const [isTTY, env, out] of [
      [true, {}, '\x1b[1;32mPASS\\u001b\x1b[0m\nmore\n\r\x1b[K'],
      [true, { NO_COLOR: '' }, 'PASS\\u001b\nmore\n\r\x1b[K'],
      [false, {}, 'PASS\\u001b\nmore\n'],
    ] as const) {
      const { terminal, text } = sent(isTTY, env)
      terminal.out('PASS\x1b\nmore\n', 'pass')
      terminal.eraseLine()
      expect(text()).toBe(out)
    }
  })

  it('covers the secrets of a job in each form in which git and the toolkits write them', () => {
    const token = 'ghs_16C7e42F292c6912E7710c838347Ae178B4a'
    const env = { GITHUB_TOKEN: token }
    const basic = (user: string): string => Buffer.from(`${user}:${token}`).toString('base64')
    for (const written of [
      token,
      `AUTHORIZATION: basic ${basic('x-access-token')}`,
      basic('user'),
      basic('us'),
      Buffer.from(token).toString('base64url'),
      Buffer.from(token).toString('hex'),
    ]) {
      const { terminal, text } = sent(false, env)
      terminal.err(`before ${written} after\n`)
      expect(text()).toMatch(/^before .*\*\*\*.* after\n$/)
      expect(formsOf(token).filter((form) => text().includes(form))).toEqual([])
    }
  })
})

describe('the secrets of an environment', () => {
  it('are known by the names of their variables', () => {
    const value = 'a-value-of-some-length'
    const names = [
      'GITHUB_TOKEN',
      'ACTIONS_RUNTIME_TOKEN',
      'CI_JOB_TOKEN',
      'CI_REGISTRY_PASSWORD',
      'AWS_SECRET_ACCESS_KEY',
      'DEBPROOF_SIGNING_PASSPHRASE',
      'DEBPROOF_SIGNING_KEY',
      'CI_JOB_JWT',
      'MY_PAT',
    ]
    for (const name of names) expect([name, secretsIn({ [name]: value })]).toEqual([name, [value]])
    for (const name of ['CACHE_KEY', 'KEYRING', 'SSH_AUTH_SOCK', 'ACTIONS_ID_TOKEN_REQUEST_URL', 'PATH', 'CI_JOB_ID'])
      expect([name, secretsIn({ [name]: value })]).toEqual([name, []])
  })

  it('are not the names of files, URLs, nor what may stand anywhere by chance', () => {
    for (const value of [
      '/builds/x.tmp/DEBPROOF_SIGNING_KEY',
      './key.asc',
      '~/key.asc',
      'https://example.org/token',
      'short',
      '',
    ])
      expect(secretsIn({ DEBPROOF_SIGNING_KEY: value })).toEqual([])
  })
})
