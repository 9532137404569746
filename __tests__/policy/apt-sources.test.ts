import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isDebproofError } from '../../src/errors.ts'
import { readAptSources } from '../../src/policy/apt-sources.ts'

const FINGERPRINT = 'B8B80B5B623EAB6AD8775C45B7C5D7D6350947F8'
const STANZA = 'Types: deb\nURIs: http://ftp.debian.org/debian\nSuites: trixie\nComponents: main\n'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'debproof-apt-'))
})

afterEach(() => {
  rmSync(root, { recursive: true, force: true })
})

function put(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
}

/** The sources of a system that has these alone, in one-line style. */
function list(text: string) {
  rmSync(join(root, 'etc/apt/sources.list.d/a.sources'), { force: true })
  put('etc/apt/sources.list', text)
  return readAptSources(root)
}

/** The same in deb822 style. */
function deb822(text: string) {
  rmSync(join(root, 'etc/apt/sources.list'), { force: true })
  put('etc/apt/sources.list.d/a.sources', text)
  return readAptSources(root)
}

function policyError(pattern: RegExp) {
  return expect.objectContaining({ code: 'POLICY', message: expect.stringMatching(pattern) })
}

function thrown(action: () => unknown): unknown {
  try {
    return { returned: action() }
  } catch (error) {
    return error
  }
}

describe('one-line style', () => {
  it('reads type, URI, suite and components, and says where', () => {
    expect(list('\n# comment\n\tdeb http://ftp.debian.org/debian\ttrixie main contrib # more\n')).toEqual([
      {
        type: 'deb',
        uri: 'http://ftp.debian.org/debian/',
        suite: 'trixie',
        components: ['main', 'contrib'],
        location: `${root}/etc/apt/sources.list:3`,
      },
    ])
  })

  it('reads every option that decides what is trusted and fetched, and ignores others as apt does', () => {
    const [source] = list(
      `deb-src [ arch=amd64,i386 arch+=armhf arch-=i386 signed-by=/k/a.gpg,/k/../b.asc,${FINGERPRINT}! trusted=no lang=de snapshot=20250520T000000Z ] https://h/d/ trixie main`,
    )
    expect(source).toMatchObject({
      type: 'deb-src',
      uri: 'https://h/d/',
      architectures: ['amd64', 'armhf'],
      signedBy: { files: ['/k/a.gpg', '/k/../b.asc'], fingerprints: [{ fingerprint: FINGERPRINT, exact: true }] },
      trusted: false,
      narrowedBy: 'snapshot=20250520T000000Z',
    })
  })

  it('adds and removes architectures from those of the system when none are set', () => {
    put('var/lib/dpkg/arch', 'amd64\ni386\n')
    expect(list('deb [arch+=arm64] http://h/d s main')[0]?.architectures).toEqual(['amd64', 'i386', 'arm64'])
    expect(list('deb [arch-=i386] http://h/d s main')[0]?.architectures).toEqual(['amd64'])
  })

  it.each([
    ['cdrom:[Debian GNU/Linux 12 #1]/', 'cdrom:[Debian GNU/Linux 12 #1]/'],
    ['mirror+https://h/mirrors.txt', 'mirror+https://h/mirrors.txt/'],
    ['tor+http://h/d', 'tor+http://h/d/'],
    ['file:/srv/debian', 'file:/srv/debian/'],
    ['"http://h/a b"', 'http://h/a b/'],
    ['http://h/a%20b', 'http://h/a b/'],
  ])('keeps the URI %s', (written, uri) => {
    expect(list(`deb ${written} s main # comment`)).toMatchObject([{ uri, suite: 's', components: ['main'] }])
  })

  it('takes a suite that ends in "/" for a path, without components', () => {
    expect(list('deb http://h/d ./\ndeb http://h/e /')).toMatchObject([
      { suite: './', components: [] },
      { suite: '/', components: [] },
    ])
  })

  it('puts the native architecture for $(ARCH) in a URI and a path, as apt does', () => {
    put('var/lib/dpkg/arch', 'amd64\n')
    expect(list('deb http://h/$(ARCH)/d $(ARCH)/x/')).toMatchObject([{ uri: 'http://h/amd64/d/', suite: 'amd64/x/' }])
  })

  it.each([
    ['foo http://h/d s main', /sources\.list:1 has the type "foo"/],
    ['\ndeb', /sources\.list:2 has no URI/],
    ['deb http://h/d', /has no suite/],
    ['deb http://h/d s', /has no component/],
    ['deb http://h/d s/ main', /remove them/],
    ['deb h/d s main', /where a URI belongs/],
    ['deb [arch=amd64]http://h/d s main', /not closed/],
    ['deb [arch=amd64 http://h/d s main', /not closed/],
    ['deb "http://h/d s main', /no closing "/],
    ['deb [arch=] http://h/d s main', /write name=value/],
    ['deb [arch=AMD64] http://h/d s main', /architecture belongs/],
    ['deb [arch+=a arch+=b] http://h/d s main', /twice/],
    ['deb [signed-by=/a signed-by=/b] http://h/d s main', /twice/],
    ['deb [signed-by=0123ABCD] http://h/d s main', /whole fingerprints/],
    ['deb [signed-by=keys/a.gpg] http://h/d s main', /absolute paths/],
    ['deb [trusted=perhaps] http://h/d s main', /yes or no/],
    ['deb http://h/$(VERSION)/d s main', /variable/],
    ['deb http://h/d s-$(ARCH) main', /variable/],
    ['deb http://h/d%0a s main', /control character/],
    ['deb http://h/d\u00a0s main', /Unicode blank/],
  ])('refuses %j, naming file and line', (text, message) => {
    expect(thrown(() => list(text))).toEqual(policyError(message))
  })

  it('shows neither a password nor a terminal sequence of the file in its message', () => {
    const error = thrown(() => list('deb http://me:secret@h/d \u001b[31ms'))
    expect(error).toEqual(policyError(/^[^\p{Cc}]+$/u))
    const clash = thrown(() => list('deb http://me:secret@h/d s main\ndeb [trusted=yes] http://me:secret@h/d s main'))
    expect(clash).toEqual(policyError(/^(?!.*secret)/))
    const two = thrown(() => list('deb http://me:secret@h/%0a,http://me:secret@h/ s main'))
    expect(two).toEqual(policyError(/^(?!.*secret)/))
  })
})

describe('deb822 style', () => {
  it('multiplies types, URIs and suites out', () => {
    const sources = deb822(
      'Types: deb deb-src\nURIs: http://h/d\n http://h/e/\nSuites: a b\nComponents: main contrib\nArchitectures: amd64\n',
    )
    expect(sources.map(({ type, uri, suite }) => `${type} ${uri} ${suite}`)).toEqual([
      'deb http://h/d/ a',
      'deb http://h/d/ b',
      'deb http://h/e/ a',
      'deb http://h/e/ b',
      'deb-src http://h/d/ a',
      'deb-src http://h/d/ b',
      'deb-src http://h/e/ a',
      'deb-src http://h/e/ b',
    ])
    expect(sources[0]).toMatchObject({ components: ['main', 'contrib'], architectures: ['amd64'] })
  })

  it('reads several stanzas, comments, names in any case and CRLF line ends', () => {
    const text = `# first\n\n${STANZA}#URIs: http://evil/\n\n\n${STANZA.toLowerCase().replace('trixie', 'sid')}`
    for (const variant of [text, text.replaceAll('\n', '\r\n')]) {
      expect(deb822(variant)).toMatchObject([
        { suite: 'trixie', location: `${root}/etc/apt/sources.list.d/a.sources:3` },
        { suite: 'sid', location: `${root}/etc/apt/sources.list.d/a.sources:10` },
      ])
    }
  })

  it.each(['no', 'false', '0', 'No'])('leaves out a stanza with Enabled: %s', (value) => {
    expect(deb822(`Enabled: ${value}\n${STANZA}`)).toEqual([])
  })

  it('reads Trusted, Snapshot and a Signed-By of paths and fingerprints', () => {
    expect(
      deb822(`${STANZA}Trusted: yes\nSnapshot: enable\nSigned-By: /a.gpg, /b.gpg\n ${FINGERPRINT.toLowerCase()}\n`),
    ).toMatchObject([
      {
        trusted: true,
        narrowedBy: 'snapshot=enable',
        signedBy: { files: ['/a.gpg', '/b.gpg'], fingerprints: [{ fingerprint: FINGERPRINT, exact: false }] },
      },
    ])
  })

  it.each([
    ['Include: foo bar', 'include=foo bar'],
    ['Exclude: foo,\n bar', 'exclude=foo, bar'],
    ['InRelease-Path: elsewhere/InRelease', 'inrelease-path=elsewhere/InRelease'],
    ['Snapshot: 20250520T000000Z', 'snapshot=20250520T000000Z'],
    ['Targets: Translations, Contents-deb', 'targets=Translations, Contents-deb'],
    ['Targets-Remove: Packages', 'targets-remove=Packages'],
    ['Snapshot: disable', undefined],
    ['Targets: Packages Sources', undefined],
    ['Targets-Add: Contents-deb', undefined],
    ['Targets-Remove: Translations', undefined],
    ['Languages: none', undefined],
  ])('knows by which options apt takes less of a source: %s', (option, narrowedBy) => {
    expect(deb822(`${STANZA}${option}\n`).map((source) => source.narrowedBy)).toEqual([narrowedBy])
  })

  it.each([
    ['include=foo,bar', 'include=foo,bar'],
    ['exclude=foo', 'exclude=foo'],
    ['inrelease-path=x/InRelease', 'inrelease-path=x/InRelease'],
    ['snapshot=enable', 'snapshot=enable'],
    ['target=Translations', 'targets=Translations'],
    ['target-=Packages', 'targets-remove=Packages'],
    ['Packages=no', 'packages=no'],
    ['Sources=no', undefined],
    ['Packages=yes', undefined],
    ['target+=Contents-deb', undefined],
    ['snapshot=no', undefined],
  ])('knows the same options on one line: %s', (option, narrowedBy) => {
    expect(list(`deb [${option}] http://h/ s main`).map((source) => source.narrowedBy)).toEqual([narrowedBy])
  })

  it('reads an embedded key, " ." as its empty line', () => {
    const key = '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDMEYCQj\nIxYJ=\n-----END PGP PUBLIC KEY BLOCK-----\n'
    const field = key
      .trimEnd()
      .split('\n')
      .map((line) => ` ${line || '.'}`)
      .join('\n')
    expect(deb822(`${STANZA}Signed-By:\n${field}\n`)[0]?.signedBy).toEqual({
      files: [],
      fingerprints: [],
      embedded: key,
    })
  })

  it.each([
    ['URIs: http://h/d\nSuites: s\nComponents: main\n', /a\.sources:1 has no type/],
    ['Enabled: no\nURIs: http://h/d\n', /has no type/],
    ['Types: deb\nSuites: s\nComponents: main\n', /has no URI/],
    ['\n\nTypes: deb\nURIs: http://h/d\nComponents: main\n', /a\.sources:3 has no suite/],
    ['Types: deb\nURIs: http://h/d\nSuites: s x/\nComponents: main\n', /exact path "x\/"/],
    [`${STANZA}types: deb-src\n`, /a\.sources:5 has the field "types" twice/],
    [`${STANZA} \n${STANZA}`, /twice in one stanza/],
    [`junk\n${STANZA}`, /a\.sources:1 is no "Field: value" line/],
    [` x\n${STANZA}`, /continues no field/],
    [`${STANZA}Architectures: amd64,i386\n`, /a\.sources:5 has "amd64,i386" where an architecture belongs/],
    [`${STANZA}Enabled: perhaps\n`, /yes or no/],
    [`${STANZA}Include: a\nExclude: b\n`, /a\.sources:1 has both Include and Exclude/],
    [`${STANZA}Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abcd\n`, /does not end/],
  ])('refuses %j, naming file and line', (text, message) => {
    expect(thrown(() => deb822(text))).toEqual(policyError(message))
  })
})

describe('contradictions', () => {
  it.each([
    ['deb [signed-by=/a] http://h/d s main\ndeb http://h/d/ s contrib'],
    ['deb http://h/d s main\ndeb [signed-by=/a] http://h/d s contrib'],
    ['deb [signed-by=/a] http://h/d s main\ndeb-src [signed-by=/b] http://h/d s main'],
    [`deb [signed-by=${FINGERPRINT}] http://h/d s main\ndeb [signed-by=${FINGERPRINT}!] http://h/d s main`],
    ['deb [trusted=yes] http://h/d s main\ndeb http://h/d s contrib'],
    ['deb [signed-by=/a] https://me:secret@H/d s main\ndeb [signed-by=/b] http://h/d/ s contrib'],
    ['deb [trusted=no] http://h/d s main\ndeb [trusted=yes] http://h/d s contrib'],
  ])('between two sources of one URI and suite are refused: %j', (text) => {
    expect(thrown(() => list(text))).toEqual(policyError(/list:2 sets another .* http:\/\/h\/d\/ s than .*list:1/))
  })

  it('are not found between other suites, nor in the order of one list', () => {
    expect(list('deb [signed-by=/a,/b] http://h/d s main\ndeb [signed-by=/b,/a] http://h/d s contrib')).toHaveLength(2)
    expect(list('deb [signed-by=/a] http://h/d s main\ndeb http://h/d t main')).toHaveLength(2)
  })
})

describe('a hostile list', () => {
  it('is at most 1 MiB, and 1000 sources', () => {
    expect(thrown(() => list('#'.repeat(1024 * 1024 + 1)))).toEqual(policyError(/sources\.list is larger than 1048576/))
    const stanza = `Types: deb\nURIs: ${'http://h/d '.repeat(40)}\nSuites: ${'s '.repeat(40)}\nComponents: main\n`
    expect(thrown(() => deb822(stanza))).toEqual(policyError(/the limit is 1000/))
  })

  it.each(['[', '"', 'a[', ' ', '"[', '(', '%', '=', '/', 'a ', '\n ', 'A\n'])(
    'of 1 MiB of %j is read in linear time',
    (text) => {
      // The time of this process: others may keep the machine busy.
      const start = process.cpuUsage()
      thrown(() => list(`deb x${text.repeat((1024 * 1024 - 10) / text.length)}\n`))
      thrown(() => deb822(`Types: x${text.repeat((1024 * 1024 - 10) / text.length)}`))
      thrown(() => deb822(`${STANZA}Signed-By: ${text.repeat((1024 * 1024 - 100) / text.length)}`))
      const { user, system } = process.cpuUsage(start)
      expect((user + system) / 1000).toBeLessThan(3000)
    },
  )

  it('never makes it throw anything but a DebproofError', () => {
    const names = 'deb deb-src arch += signed-by Types URIs Suites Components Signed-By http://h/d main $(ARCH) %41 %0a'
    const word = fc.constantFrom(
      ...names.split(' '),
      ...' \n\r\t[]"#=:/.',
      '\n\n',
      '\n ',
      '-----BEGIN PGP PUBLIC KEY BLOCK-----',
    )
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.oneof(word, fc.string({ maxLength: 3 })), { maxLength: 40 }).map((words) => words.join('')),
    )
    fc.assert(
      fc.property(text, (content) => {
        for (const read of [list, deb822]) {
          const result = thrown(() => read(content))
          if (result instanceof Error && !isDebproofError(result, 'POLICY')) throw result
        }
      }),
      { numRuns: 500 },
    )
  })
})
