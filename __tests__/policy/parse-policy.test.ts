import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DebproofError } from '../../src/errors.ts'
import { MAX_POLICY_ALIASES } from '../../src/limits.ts'
import { parsePolicy } from '../../src/policy/parse-policy.ts'

/** The contract's own example, without what this version does not know: snapshot services, stores, rebuilders. */
const EXAMPLE = `version: 1
packages:
  - path: "*.build-manifest"
    format: auto
archives:
  debian:
    require: identical
    url: "http://tagged.snapshots.example/\${release}/debian"
    suites: [bookworm, bookworm-updates]
    components: [main, contrib, non-free-firmware]
    architectures: [amd64]
    apt-lists: chroot/var/lib/apt/lists
    signed-by: keys/project.asc
    upstream:
      - url: http://ftp.debian.org/debian
        signed-by: debian
  tails:
    require: reproduced
    url: "https://deb.example/"
    suites: ["\${release}"]
    components: [main]
    signed-by: keys/project.asc
  nightly:
    require: absent
    url: "https://nightly.example/"
    suites: [unstable]
    signed-by: keys/project.asc
exceptions:
  - { package: libdvdcss2, archive: none, reason: "compiled during the build, issue 123", until: 2027-03-01 }
`

const HEAD = 'version: 1\narchives:\n  debian:\n    require: identical\n    suites: [made]\n'

/** The message that a policy is refused with; it must be one for people. */
function refusal(text: string): string {
  try {
    parsePolicy(text, 'debproof.yml')
  } catch (error) {
    if (!(error instanceof DebproofError)) throw error
    expect(error.code).toBe('POLICY')
    return error.message
  }
  throw new Error('the policy was accepted')
}

describe('a policy', () => {
  it('is read as the manual shows it', () => {
    const policy = parsePolicy(EXAMPLE, 'debproof.yml')
    expect(Object.keys(policy.archives)).toEqual(['debian', 'tails', 'nightly'])
    expect(policy.archives['debian']).toMatchObject({
      'apt-lists': 'chroot/var/lib/apt/lists',
      'signed-by': 'keys/project.asc',
    })
    expect(policy.exceptions).toEqual([
      { package: 'libdvdcss2', archive: 'none', reason: 'compiled during the build, issue 123', until: '2027-03-01' },
    ])
  })

  it('names the format of a list only where it must', () => {
    expect(parsePolicy(`${HEAD}packages: [{path: a}]`, 'debproof.yml').packages).toEqual([
      { path: 'a', format: 'auto' },
    ])
  })
})

describe('a mistake', () => {
  it.each([
    [`${HEAD}exeptions: []\n`, 'debproof.yml:6: exeptions is not known; did you mean exceptions?'],
    [`${HEAD}    upstreams: []\n`, 'debproof.yml:6: archives.debian.upstreams is not known; did you mean upstream?'],
    [`${HEAD}    signed_by: x\n`, 'debproof.yml:6: archives.debian.signed_by is not known; did you mean signed-by?'],
    [
      `${HEAD}    upstream:\n      - url: "file:a"\n        signed-by: x\n        component: [main]\n`,
      'debproof.yml:9: archives.debian.upstream.0.component is not known; did you mean components?',
    ],
    [
      `${HEAD}exceptions:\n  - {package: a, reason: b, pakage: c}\n`,
      'debproof.yml:7: exceptions.0.pakage is not known; did you mean package?',
    ],
    [
      `${HEAD}packages:\n  - {path: a, fromat: b}\n`,
      'debproof.yml:7: packages.0.fromat is not known; did you mean format?',
    ],
    [
      `${HEAD}    zzz: 1\n`,
      /^debproof.yml:6: archives.debian.zzz is not known; here may stand: require, url, suites, /,
    ],
    [`${HEAD}constructor: 1\n`, /^debproof.yml:6: constructor is not known/],
    [`${HEAD}<<: {env: [A]}\n`, /^debproof.yml:6: << is not known/],
  ])('in a key of %j is told with file, line and what was meant', (text, message) => {
    if (typeof message === 'string') expect(refusal(text)).toBe(message)
    else expect(refusal(text)).toMatch(message)
  })

  it.each([
    ['archives: {}', 'version is missing.'],
    ['version: 1', 'archives is missing.'],
    ['version: 2\narchives: {}', 'version must be 1.'],
    ['version: "1"\narchives: {}', 'version must be 1.'],
    ['version: 1\narchives: {}', 'archives must name at least one archive.'],
    [HEAD.replace('    require: identical\n', ''), 'archives.debian.require is missing.'],
    [HEAD.replace('identical', 'identcal'), 'archives.debian.require must be identical, reproduced or absent.'],
    [HEAD.replace('    suites: [made]\n', ''), 'archives.debian.suites is missing.'],
    [HEAD.replace('[made]', '[]'), 'archives.debian.suites must not be empty.'],
    [HEAD.replace('[made]', 'made'), 'archives.debian.suites must be Array.'],
    [HEAD.replace('debian:', '"-rf":'), 'archives.-rf is no name for an archive.'],
    [`${HEAD}    url: ftp://h/\n`, 'archives.debian.url must begin with http://, https:// or file:.'],
    [`${HEAD}    url: archive/\n`, 'archives.debian.url must begin with http://, https:// or file:.'],
    [
      `${HEAD}    upstream: [{signed-by: debian}]\n`,
      'archives.debian.upstream.0 must have one of url, snapshots and store, and only one.',
    ],
    [`${HEAD}    upstream: [{url: "file:a"}]\n`, 'archives.debian.upstream.0.signed-by is missing.'],
    [`${HEAD}exceptions: [{package: a}]\n`, 'exceptions.0.reason is missing.'],
    [`${HEAD}exceptions: [{reason: a}]\n`, 'exceptions.0.package is missing.'],
    [`${HEAD}exceptions: [{package: "", reason: a}]\n`, 'exceptions.0.package must not be empty.'],
    ...['mismatch', 'forbidden', 'undecided'].map((verdict): [string, string] => [
      `${HEAD}exceptions: [{package: a, reason: b, verdict: ${verdict}}]\n`,
      'exceptions.0 needs `version: …` or `sha256: …` beside this `verdict`',
    ]),
    [
      `${HEAD}exceptions: [{package: a, reason: b, verdict: mismatch, version: "1", archive: none}]\n`,
      'exceptions.0 has `archive: none`, which excuses what no archive lists and nothing else',
    ],
    [
      `${HEAD}exceptions: [{package: a, reason: b, verdict: identical}]\n`,
      'exceptions.0.verdict must be mismatch, forbidden, unproven, unlisted or undecided.',
    ],
    [
      `${HEAD}exceptions: [{package: a, reason: b, sha256: abc}]\n`,
      'exceptions.0.sha256 must be 64 hexadecimal digits in lower case.',
    ],
    [
      `${HEAD}exceptions: [{package: a, reason: b, until: soon}]\n`,
      'exceptions.0.until must be a date such as 2027-03-01.',
    ],
    [
      `${HEAD}exceptions: [{package: a, reason: b, version: 1.10}]\n`,
      'exceptions.0.version must be text; put it in quotes.',
    ],
    [`${HEAD}env: [A-B]\n`, 'env.0 must be the name of an environment variable.'],
    [`${HEAD}env: [MIRROR, DEBPROOF_SIGNING_KEY]\n`, 'env.1 names what a CI keeps secret by its name'],
    [`${HEAD}env: [GITHUB_TOKEN]\n`, 'env.0 names what a CI keeps secret by its name'],
    [`${HEAD}env: [CI_JOB_TOKEN]\n`, 'env.0 names what a CI keeps secret by its name'],
    [`${HEAD}env: [DEBPROOF_SIGNING_PASSPHRASE]\n`, 'env.0 names what a CI keeps secret by its name'],
    ['[]', 'version is missing.'],
    ['hello', 'the policy must be Object.'],
  ])('in the value of %j is told', (text, message) => {
    expect(refusal(text).split('\n')[0]).toMatch(/^debproof\.yml:\d+: /)
    expect(refusal(text)).toContain(message)
  })

  it('is told together with the others', () => {
    expect(refusal('version: 2\narchives: {}\nfoo: 1\n').split('\n')).toHaveLength(3)
  })

  it.each(['', '# nothing\n', 'null', '---\n'])('of leaving %j empty is told', (text) => {
    expect(refusal(text)).toBe('debproof.yml is empty.')
  })

  it.each(['constructor', 'prototype', '__proto__'])(
    'of calling an archive %s is told: it does not get lost',
    (name) => {
      expect(refusal(`${HEAD}  ${name}:\n    require: absent\n    suites: [made]\n`)).toBe(
        `debproof.yml: archives: "${name}" cannot be a name here; choose another.`,
      )
    },
  )
})

describe('YAML', () => {
  it.each(['', '%YAML 1.1\n---\n'])(
    'is of version 1.2 after %j: no numbers in base 60, no yes and no, no dates',
    (start) => {
      const text = `${start}${HEAD}exceptions:\n  - {package: no, version: 2:1.2, reason: yes, until: 2027-03-01}\n`
      expect(parsePolicy(text, 'debproof.yml').exceptions).toEqual([
        { package: 'no', version: '2:1.2', reason: 'yes', until: '2027-03-01' },
      ])
    },
  )

  it.each([
    ['a key twice', 'version: 1\nversion: 1\n', /^debproof\.yml:2: this is not valid YAML: Map keys must be unique/],
    [
      'a name that is written in two ways',
      'version: 1\narchives:\n  1: {}\n  "1": {}\n',
      /^debproof\.yml:4: .*must be unique/,
    ],
    ['an archive twice', `${HEAD}  debian: {}\n`, /^debproof\.yml:6: this is not valid YAML: Map keys must be unique/],
    [
      'tabs',
      'version: 1\narchives:\n\tdebian: {}\n',
      /^debproof\.yml:\d: this is not valid YAML: Tabs are not allowed/,
    ],
    [
      'two documents',
      `${HEAD}---\n${HEAD}`,
      /^debproof\.yml:6: this is not valid YAML: Source contains multiple documents/,
    ],
    ['an open quote', 'version: "1', /^debproof\.yml:1: this is not valid YAML/],
    ['a bracket without end, however deep', '['.repeat(20_000), /^debproof\.yml:1: this is not valid YAML/],
    ['lists in lists, however deep', '- '.repeat(20_000), /^debproof\.yml:1: this is not valid YAML/],
  ])('with %s is refused', (_, text, message) => {
    expect(refusal(text)).toMatch(message)
  })

  it.each([
    ['keys', Array.from({ length: 50_000 }, (_, index) => `k${index}: 1\n`).join('')],
    ['keys in braces', `{${Array.from({ length: 50_000 }, (_, index) => `k${index}: 1`).join(', ')}}`],
    ['aliases', Array.from({ length: 20_000 }, (_, index) => `- &a${index} 1\n- *a${index}\n`).join('')],
    ['brackets without end', '['.repeat(120_000)],
  ])('with %s beyond number is refused in seconds, not in minutes', (_, text) => {
    const start = performance.now()
    expect(refusal(text)).toMatch(/^debproof\.yml:\d+: /)
    expect(performance.now() - start).toBeLessThan(15_000)
  })

  it('with more aliases than anybody writes is refused, for each costs a walk through all of it', () => {
    const aliases = Array.from({ length: MAX_POLICY_ALIASES + 1 }, () => '*a').join(', ')
    expect(refusal(`a: &a 1\nb: [${aliases}]\n`)).toBe(
      'debproof.yml:2: this is not valid YAML: There are more than 200 aliases',
    )
  })

  it.each(['{a: 1, a: 2}', '? a\n: 1\n? "a"\n: 2\n', '1: a\n1: b\n', 'b:\n  - {c: 1, d: 1, c: 2}\n'])(
    'with a key given twice, as in %j, is refused wherever it stands',
    (text) => expect(refusal(text)).toMatch(/: this is not valid YAML: Map keys must be unique$/),
  )

  it('that grows by aliases is refused before it grows', () => {
    const levels = Array.from({ length: 12 }, (_, level) => {
      const items = level === 0 ? 'x' : Array.from({ length: 10 }, () => `*l${level - 1}`).join(', ')
      return `l${level}: &l${level} [${items}]`
    })
    const start = performance.now()
    expect(refusal(`${levels.join('\n')}\n`)).toBe('debproof.yml cannot be read')
    expect(performance.now() - start).toBeLessThan(5000)
  })

  it('that holds itself is refused', () => {
    expect(refusal('version: 1\narchives: &a\n  debian: *a\n')).toContain('archives.debian.require is missing.')
  })

  it('of more than a megabyte is refused', () => {
    expect(refusal(`${HEAD}#${'x'.repeat(1024 * 1024)}`)).toContain('is larger than 1048576 bytes')
  })
})

describe('any text', () => {
  function isHandled(text: string): void {
    try {
      parsePolicy(text, 'debproof.yml')
    } catch (error) {
      expect(error).toBeInstanceOf(DebproofError)
    }
  }

  it('is a policy or a foreseen mistake', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), isHandled), { numRuns: 500 })
  })

  it('made of the words and signs of policies is a policy or a foreseen mistake', () => {
    const words = [
      ...EXAMPLE.matchAll(/[A-Za-z0-9.-]+|[^A-Za-z0-9.-]/g),
      ...'!!set|!!binary|&a|*a|<<|%YAML 1.1'.split('|'),
    ].map(String)
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 60 }), (parts) => isHandled(parts.join(''))),
      { numRuns: 500 },
    )
  })

  it('put anywhere into a policy leaves a policy or a foreseen mistake', () => {
    fc.assert(
      fc.property(fc.nat(EXAMPLE.length), fc.string({ maxLength: 20 }), fc.nat(30), (at, inserted, removed) =>
        isHandled(EXAMPLE.slice(0, at) + inserted + EXAMPLE.slice(at + removed)),
      ),
      { numRuns: 500 },
    )
  })
})
