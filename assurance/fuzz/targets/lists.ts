import { debFileName, dscFileName } from '../../../src/packages/deb-file-name.ts'
import { LIST_FORMATS } from '../../../src/packages/formats.ts'
import type { PackageListContent } from '../../../src/packages/list-format.ts'
import { readManifestLines } from '../../../src/packages/manifest-lines.ts'
import { readAnyYaml } from '../../../src/packages/manifest-yaml.ts'
import type { PackageUse } from '../../../src/packages/package-use.ts'
import { parsePackageList } from '../../../src/packages/read-list.ts'
import { writeSha256sums } from '../../../src/packages/sha256sums.ts'
import { canonicalText, latin1, promise, type Seed, type Target, unlessRefusedNow } from '../target.ts'
import { fileSeeds, LISTS, textSeeds } from './files.ts'

/** How a list of each format is written again, where what was read can be. */
const PRINTERS: Readonly<Record<string, (content: PackageListContent) => string | undefined>> = {
  'dpkg-query': ({ packages }) => packages.map((use) => `${qualified(use)}\t${use.version}\n`).join(''),
  'name-version': ({ packages }) => packages.map((use) => `${qualified(use)}=${use.version}\n`).join(''),
  'dpkg-status': ({ packages }) =>
    packages
      .map(
        ({ name, version, architecture }) =>
          `Package: ${name}\nStatus: install ok installed\nArchitecture: ${architecture}\nVersion: ${version}\n\n`,
      )
      .join(''),
  'print-uris': ({ packages }) =>
    packages
      .map(({ kind, name, version, architecture, hash }) => {
        const written =
          kind === 'source' ? dscFileName(name, version) : debFileName(name, version, architecture ?? 'all')
        return `'http://h/${name}' ${written} 1${hash === undefined ? '' : ` SHA256:${hash.sha256}`}\n`
      })
      .join(''),
  'apt-hook': ({ packages }) =>
    packages
      .map((use) => `apt-hook/1 ${use.hash?.sha256} ${use.name} ${use.version} ${use.architecture} a file.deb\n`)
      .join(''),
  sha256sums: ({ packages }) => {
    const written = writeSha256sums(packages)
    // Sorted, which the order of a list is not.
    return 'text' in written && packages.length === 1 ? written.text : undefined
  },
  'build-manifest': ({ packages, references = {} }) => {
    const origins = Object.entries(references).map(
      ([origin, reference]) => `  ${origin}:\n    reference: '${reference}'\n`,
    )
    const written = (of: PackageUse): string => `package: '${of.name}'\n    version: '${of.version}'\n`
    const binary = packages
      .filter(({ kind }) => kind === 'binary')
      .map((use) => `  - arch: '${use.architecture}'\n    ${written(use)}`)
    const source = packages.filter(({ kind }) => kind === 'source').map((use) => `  - ${written(use)}`)
    return `${origins.length === 0 ? '' : `origin_references:\n${origins.join('')}`}packages:\n  binary:\n${binary.join('')}  source:\n${source.join('')}`
  },
}

const SEEDS: Readonly<Record<string, () => Seed[]>> = {
  'dpkg-query': () => [
    ...fileSeeds(`${LISTS}/dpkg-query-W.default.tsv`, `${LISTS}/live-build.live-image-amd64.packages`),
    ...textSeeds({ small: 'libc6:amd64\t2.41-12\nhello\t1:2.10-3\n', ubuntu: 'snap:core22\t1\t2\nhello\t1\n' }),
  ],
  'name-version': () => [
    ...fileSeeds(`${LISTS}/dpkg-query.name=version.txt`),
    ...textSeeds({ small: 'hello=1.0\nlibc6:amd64==2.41-12\n# c\n' }),
  ],
  'dpkg-status': () => fileSeeds(`${LISTS}/mmdebstrap.dpkg-status.head`),
  'print-uris': () => [
    ...fileSeeds(
      `${LISTS}/apt-print-uris.txt`,
      `${LISTS}/apt/apt-2.6-install.txt`,
      `${LISTS}/apt/apt-3.0-apt-install.txt`,
    ),
    ...textSeeds({
      source: `'http://h/hello_1.dsc' hello_1.dsc 12 SHA256:${'a'.repeat(64)}\n'http://h/hello_1.tar.xz' hello_1.tar.xz 9\n'http://h/g.deb' git_1%3a2.39.5-1_amd64.deb 1 SHA256:${'b'.repeat(64)}\n`,
    }),
  ],
  'apt-hook': () =>
    textSeeds({
      small: `apt-hook/1 ${'a'.repeat(64)} git 1:2.39.5-1 amd64 git_1%3a2.39.5-1_amd64.deb\napt-hook/1 ${'b'.repeat(64)} hello 2 all my own.deb\n`,
    }),
  sha256sums: () =>
    textSeeds({
      small: `${'a'.repeat(64)}  pool/main/g/git/git_2.39.5-1_amd64.deb\n${'b'.repeat(64)} *git_1%3a2.39.5-1.dsc\n`,
      one: `${'a'.repeat(64)}  git_1%3a2.39.5-1_amd64.deb\n`,
    }),
  'build-manifest': () =>
    textSeeds({
      tails:
        "---\norigin_references:\n  debian:\n    reference: '2026010101'\n  tails:\n    reference: 'none'\npackages:\n  binary:\n  - arch: amd64\n    package: hello\n    version: 1:2.10-3\n  - arch: all\n    package: 'adduser'\n    version: '3.134'\n  source:\n  - package: hello\n    version: 1:2.10-3\n",
      yaml: 'packages: {binary: [{arch: amd64, package: "hello", version: 1.0}], source: []}\n',
      comment: '# made\npackages:\n  binary:\n    - package: a1\n      version: "2"\n      arch: all\n',
    }),
}

const TOKENS = [
  '\t',
  '=',
  '==',
  ':amd64',
  '---\n',
  '- ',
  '  ',
  '&a ',
  '*a',
  '!!binary ',
  '? ',
  '|\n',
  '>\n',
  '{',
  '}',
  '[',
  ']',
  ': ',
  "'",
  '"',
  'SHA256:',
  'apt-hook/1 ',
  'E: ',
  'Suggested packages:\n',
  '%3a',
  '%00',
  '_',
  '.dsc',
  '.deb',
  'snap:',
  '\n\n',
  '<<: ',
]

function qualified({ name, architecture }: PackageUse): string {
  return architecture === undefined ? name : `${name}:${architecture}`
}

const FORMAT_TARGETS: readonly Target[] = LIST_FORMATS.map((format) => ({
  name: `list-${format.name}`,
  promise: 'what is read can be written in the same format and is read the same again',
  seeds: () => SEEDS[format.name]?.() ?? [],
  tokens: TOKENS,
  run(bytes) {
    const text = latin1(bytes)
    format.detect(text, 'some.manifest')
    const content = unlessRefusedNow(['PACKAGE_LIST'], () => format.read(text, 'some.manifest'))
    if (content === undefined) return 'refused'
    const again = PRINTERS[format.name]?.(content)
    if (again !== undefined) {
      promise(
        canonicalText(format.read(again, 'some.manifest')) === canonicalText(content),
        'it reads another list than it wrote',
      )
    }
    if (format.name === 'build-manifest') compareReaders(text)
    return 'accepted'
  },
}))

/** There is a quick reader for Tails' own way of writing and one for all of YAML. */
function compareReaders(text: string): void {
  const quick = readManifestLines(text)
  if (quick === undefined) return
  const slow = readAnyYaml(text, 'some.manifest')
  const plain = ({ references, entries }: typeof quick): string =>
    canonicalText({
      references: references.map(({ origin, reference }) => [origin, reference]),
      entries: entries.map(({ line: _, ...entry }) => entry),
    })
  promise(plain(quick) === plain(slow), 'the quick reader and the YAML parser read different lists')
}

const anyList: Target = {
  name: 'list-detection',
  promise: 'a list whose format is detected is read as with the format named',
  seeds: () => Object.values(SEEDS).flatMap((seeds) => seeds().slice(-1)),
  tokens: TOKENS,
  run(bytes) {
    const list = unlessRefusedNow(['PACKAGE_LIST'], () => parsePackageList(Buffer.from(bytes), 'some.list', 'auto'))
    if (list === undefined) return 'refused'
    promise(list.content.packages.length > 0, 'a list without a package was accepted')
    const named = parsePackageList(Buffer.from(bytes), 'some.list', list.format)
    promise(canonicalText(named.content) === canonicalText(list.content), 'named and detected it reads differently')
    return 'accepted'
  },
}

export const LIST_TARGETS: readonly Target[] = [...FORMAT_TARGETS, anyList]
