import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { stringify } from 'yaml'
import { readAptSources } from '../../../src/policy/apt-sources.ts'
import { parsePolicy } from '../../../src/policy/parse-policy.ts'
import { scratchFolder } from '../scratch.ts'
import { canonicalText, promise, type Target, unlessRefusedNow } from '../target.ts'
import { EXAMPLE, fileSeeds, textSeeds } from './files.ts'

const policy: Target = {
  name: 'policy',
  promise: 'a policy that is read can be written and read again',
  seeds: () => [
    ...fileSeeds(`${EXAMPLE}/debproof.yml`),
    ...textSeeds({
      snapshot:
        'version: 1\npackages: [{path: a.packages, format: dpkg-query}]\narchives:\n  debian:\n    require: identical\n    url: https://h/\n    suites: [trixie]\n    components: [main]\n    architectures: [amd64]\n    signed-by: debian\n    upstream:\n      - snapshots: [https://s/]\n        archive: debian\n        signed-by: debian\nexceptions:\n  - package: hello\n    reason: because\n    until: 2026-12-31\n',
      keys: 'version: 1\npackages:\n  - path: "*.packages"\narchives:\n  own:\n    require: reproduced\n    url: file:own/\n    suites: [example]\n    signed-by: {file: k.asc}\n    rebuilders:\n      threshold: 1\n      parties:\n        a: { rebuilderd: "https://r/", public-key: k.pub }\n',
      least:
        'version: 1\npackages: [{path: a}]\narchives: {a: {require: absent, url: "file:a/", suites: [s], signed-by: k.asc}}\n',
    }),
  ],
  tokens: [
    '&a ',
    '*a',
    '<<: ',
    '!!js/undefined ',
    '? ',
    '[',
    '{',
    '__proto__: ',
    'constructor: ',
    'until: ',
    '"',
    "'",
    '|\n',
    '- ',
    '---\n',
    '...\n',
    '%YAML 1.1\n',
    '$\x7bRELEASE}',
  ],
  run(bytes) {
    const text = Buffer.from(bytes).toString('utf8')
    const read = unlessRefusedNow(['POLICY'], () => parsePolicy(text, 'debproof.yml'))
    if (read === undefined) return 'refused'
    const again = parsePolicy(stringify(read), 'debproof.yml')
    promise(canonicalText(again) === canonicalText(read), 'it reads another policy than it wrote')
    return 'accepted'
  },
}

let system: string | undefined

/** A system with nothing in it but its architecture. */
function systemFolder(): string {
  if (system !== undefined) return system
  const folder = scratchFolder()
  system = folder
  mkdirSync(path.join(folder, 'etc/apt/sources.list.d'), { recursive: true })
  mkdirSync(path.join(folder, 'var/lib/dpkg'), { recursive: true })
  writeFileSync(path.join(folder, 'var/lib/dpkg/arch'), 'amd64\ni386\n')
  return folder
}

function sourcesTarget(name: string, file: string, seeds: Readonly<Record<string, string>>): Target {
  return {
    name,
    promise: 'every source has a place, a suite and a known type, and is read the same twice',
    seeds: () => textSeeds(seeds),
    tokens: [
      'deb ',
      'deb-src ',
      '[',
      ']',
      'signed-by=',
      'arch=',
      'arch-=',
      'trusted=yes',
      '#',
      '"',
      '%20',
      '$(ARCH)',
      'Types: deb\n',
      'URIs: ',
      'Suites: ',
      'Components: ',
      'Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n',
      ' -----END PGP PUBLIC KEY BLOCK-----',
      'Enabled: no\n',
      '\n\n',
      '\xc2\xa0',
      'Trusted: ',
    ],
    run(bytes) {
      const root = systemFolder()
      writeFileSync(path.join(root, file), bytes)
      try {
        const sources = unlessRefusedNow(['POLICY'], () => readAptSources(root))
        if (sources === undefined) return 'refused'
        for (const { type, uri, suite, components } of sources) {
          promise(type === 'deb' || type === 'deb-src', `the type is ${type}`)
          promise(/^[a-z][a-z0-9.+-]*:.*\/$/is.test(uri) && suite !== '', 'a source has no place')
          promise(suite.endsWith('/') === (components.length === 0), 'components do not fit the suite')
        }
        promise(
          canonicalText(readAptSources(root)) === canonicalText(sources),
          'it is read differently the second time',
        )
        return sources.length === 0 ? 'refused' : 'accepted'
      } finally {
        rmSync(path.join(root, file))
      }
    },
  }
}

const ONE_LINE = {
  plain:
    'deb http://ftp.debian.org/debian trixie main contrib # the archive\ndeb-src http://ftp.debian.org/debian trixie main\n',
  options:
    'deb [arch=amd64,i386 signed-by=/usr/share/keyrings/a.gpg] http://a/$(ARCH)/ ./\ndeb [ trusted=no ] "cdrom:[A disc]/" trixie main\n',
}

const DEB822 = {
  plain:
    'Types: deb deb-src\nURIs: http://ftp.debian.org/debian http://b/\nSuites: trixie trixie-updates\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.pgp\n\n# second\nTypes: deb\nURIs: http://c/\nSuites: ./\nTrusted: no\n',
  embedded:
    'Types: deb\nURIs: http://a/\nSuites: trixie\nComponents: main\nEnabled: yes\nArchitectures-Add: arm64\nArchitectures-Remove: i386\nSigned-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n AAAA\n -----END PGP PUBLIC KEY BLOCK-----\n',
}

export const POLICY_TARGETS: readonly Target[] = [
  policy,
  sourcesTarget('apt-sources-list', 'etc/apt/sources.list', ONE_LINE),
  sourcesTarget('apt-sources-deb822', 'etc/apt/sources.list.d/a.sources', DEB822),
]
