import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildManifest } from '../../src/packages/build-manifest.ts'
import { readManifestLines } from '../../src/packages/manifest-lines.ts'
import { readAnyYaml } from '../../src/packages/manifest-yaml.ts'
import { binaryUse, listLikeText, nameText, onlyForeseenErrors, sourceUse, use, versionText } from './arbitrary.ts'
import { TAILS } from './fixtures.ts'

const MANIFEST = `---
origin_references:
  debian:
    reference: '2018081901'
packages:
  binary:
  - arch: amd64
    package: vim
    version: 2:1.2
  - arch: all
    package: tails-doc
    version: '3.118'
  source:
  - package: torbrowser-launcher
    version: 0.3.3-3
`
/** The same, in a way that Tails does not write. */
const FLOW = `packages: {source: [{package: torbrowser-launcher, version: 0.3.3-3}], binary: [
  {package: vim, version: 2:1.2, arch: amd64}, {package: tails-doc, version: 3.118, arch: all}]}
origin_references: {debian: {reference: 2018081901}}
`

describe('a build manifest', () => {
  test.each([
    ['as Tails writes it', MANIFEST],
    ['in any other YAML', FLOW],
    ['that claims to be YAML 1.1', `%YAML 1.1\n${MANIFEST}`],
  ])('%s keeps every value as text: an epoch is no number in base 60, 3.118 no float', (_, text) => {
    const { packages, references } = buildManifest.read(text, 'm')
    expect(packages).toEqual([
      use('vim', '2:1.2', 'amd64'),
      use('tails-doc', '3.118', 'all'),
      sourceUse('torbrowser-launcher', '0.3.3-3'),
    ])
    expect(references).toEqual({ debian: '2018081901' })
  })

  test('is detected by its first lines, and other YAML is not', () => {
    expect(buildManifest.detect(MANIFEST, 'x')).toBe(true)
    expect(buildManifest.detect(MANIFEST.slice(4), 'x')).toBe(true)
    expect(buildManifest.detect('---\nversion: 1\narchives:\n', 'debproof.yml')).toBe(false)
  })

  test.each([
    ['an alias', MANIFEST.replace("'2018081901'", '&a x').replace('2:1.2', '*a'), /^m:9: .*must be a text/],
    ['a tag', MANIFEST.replace('2:1.2', '!!int 7'), /^m:9: this is not a YAML document/],
    [
      'a key given twice',
      MANIFEST.replace('    version: 2:1.2', '    package: emacs\n    version: 1'),
      /m:9: the key "package" is there twice/,
    ],
    [
      'an origin given twice',
      MANIFEST.replace('packages:', "  debian:\n    reference: '1'\npackages:"),
      /m:6: the origin debian is there twice/,
    ],
    ['a second document', `${MANIFEST}---\npackages:\n`, /m:16: this is not a YAML document/],
    [
      'a kind of packages that is unknown',
      MANIFEST.replace('  source:', '  udeb:'),
      /m:\d+: packages has "udeb", not only/,
    ],
    // Each could name packages, or say of one what nobody would read.
    [
      'a key beside the packages',
      `${MANIFEST}extra: [hello]\n`,
      /m:\d+: the manifest has "extra", not only origin_ref/,
    ],
    [
      'a key of a package that is unknown',
      MANIFEST.replace('  source:', '    sha256: abc\n  source:'),
      /m:\d+: a package has "sha256", not only package, version, arch/,
    ],
    [
      'a key of an origin that is unknown',
      MANIFEST.replace('packages:', '    archive: x\npackages:'),
      /m:\d+: "[a-z]+" has "archive", not only reference/,
    ],
    [
      'an entry without a version',
      MANIFEST.replace('    version: 2:1.2\n', ''),
      /m:7: the version of a binary package must be a text/,
    ],
    ['a bad architecture', MANIFEST.replace('arch: amd64', 'arch: AMD64'), /m:7: "AMD64", the architecture of vim/],
    ['a reference that climbs', MANIFEST.replace("'2018081901'", "'../x'"), /m:\d+: "..\/x", the reference of debian/],
    ['no packages', '---\norigin_references:\n', /m:2: origin_references must be a mapping/],
    ['deep nesting', `packages: ${'['.repeat(50_000)}`, /^m:/],
    [
      'more YAML than a parser should be given',
      `${MANIFEST}#${'x'.repeat(2 ** 21)}\n`,
      /^m: a build manifest may have/,
    ],
  ])('with %s is refused', (_, text, message) => {
    expect(() => buildManifest.read(text, 'm')).toThrow(message)
  })

  test('gives back what was written into it, whichever reader takes it', () => {
    const sources = fc.array(fc.tuple(nameText, versionText).map(([name, version]) => sourceUse(name, version)))
    fc.assert(
      fc.property(fc.array(binaryUse, { minLength: 1 }), sources, (binaries, sources) => {
        const text =
          `---\npackages:\n  binary:\n${binaries.map((one) => `  - arch: ${one.architecture}\n    package: ${one.name}\n    version: ${one.version}\n`).join('')}` +
          `  source:\n${sources.map((one) => `  - package: ${one.name}\n    version: '${one.version}'\n`).join('')}`
        expect(readManifestLines(text)).toBeDefined()
        expect(buildManifest.read(text, 'm').packages).toEqual([...binaries, ...sources])
        expect(readAnyYaml(text, 'm')).toEqual({ ...readManifestLines(text) })
      }),
    )
  })

  test('reads the same from the lines as from the YAML, whatever the lines reader accepts', () => {
    const change = fc.record({
      at: fc.nat(MANIFEST.length),
      remove: fc.nat(3),
      add: fc.oneof(fc.constantFrom(':', "'", ' ', '-', '\n', '#', ''), listLikeText),
    })
    fc.assert(
      fc.property(change, ({ at, remove, add }) => {
        const text = MANIFEST.slice(0, at) + add + MANIFEST.slice(at + remove)
        const lines = readManifestLines(text)
        const originTwice = lines?.references.some(
          (one, index, all) => all.findIndex((o) => o.origin === one.origin) < index,
        )
        if (lines !== undefined && originTwice === false) expect(readAnyYaml(text, 'm')).toEqual(lines)
      }),
      { numRuns: 2000 },
    )
  })

  test('of any content fails only in foreseen ways', () => onlyForeseenErrors(buildManifest))
})

describe.skipIf(!existsSync(TAILS))('a real manifest of Tails (skipped where ../shared has none)', () => {
  const read = (name: string) => buildManifest.read(readFileSync(join(TAILS, name), 'latin1'), name)

  test('4.19 has 1822 binary packages, 1292 of amd64 and 530 of all, 1 source, 3 origins', () => {
    const { packages, references } = read('tails-amd64-4.19.build-manifest')
    const binaries = packages.filter((one) => one.kind === 'binary')
    expect(binaries).toHaveLength(1822)
    expect(binaries.filter((one) => one.architecture === 'amd64')).toHaveLength(1292)
    expect(binaries.filter((one) => one.architecture === 'all')).toHaveLength(530)
    expect(packages.filter((one) => one.kind === 'source')).toEqual([sourceUse('torbrowser-launcher', '0.3.3-3')])
    expect(references).toEqual({ debian: '2021033101', 'debian-security': '2021053101', torproject: '2021031701' })
  })

  test('3.9 has ten versions that YAML 1.1 takes for numbers', () => {
    const { packages } = read('tails-amd64-3.9.build-manifest')
    expect(packages.filter((one) => one.version === '2:1.2')).toHaveLength(9)
    expect(packages.filter((one) => one.version === '2:1.3')).toHaveLength(1)
  })

  test.each(['tails-amd64-4.19', 'tails-amd64-3.9', 'tails-i386-2.4'])(
    '%s reads the same from its lines as from its YAML',
    (name) => {
      const text = readFileSync(join(TAILS, `${name}.build-manifest`), 'latin1')
      expect(readManifestLines(text)).toEqual(readAnyYaml(text, name))
    },
  )
})
