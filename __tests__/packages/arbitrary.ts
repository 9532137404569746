import fc from 'fast-check'
import { parseArchitecture, parsePackageName, parseSha256, parseVersion } from '../../src/archive/identity.ts'
import { isDebproofError } from '../../src/errors.ts'
import type { ListFormat } from '../../src/packages/list-format.ts'
import type { PackageUse } from '../../src/packages/package-use.ts'

function checked<Type>(value: Type | undefined): Type {
  if (value === undefined) throw new Error('the generator made what the parser refuses')
  return value
}

export const nameText = fc.stringMatching(/^[a-z0-9][a-z0-9+.-]{1,20}$/)
export const versionText = fc.stringMatching(/^(?:[0-9]{1,2}:)?[0-9][A-Za-z0-9.+~-]{0,20}$/)
export const architectureText = fc.constantFrom('amd64', 'i386', 'all', 'arm64')
export const sha256Text = fc.stringMatching(/^[0-9a-f]{64}$/)

/** A package as a test writes it. */
export function use(
  name: string,
  version: string,
  architecture?: string,
  hash?: { sha256: string; from: 'deb' | 'list' },
): PackageUse {
  return {
    kind: 'binary',
    name: checked(parsePackageName(name)),
    version: checked(parseVersion(version)),
    ...(architecture === undefined ? {} : { architecture: checked(parseArchitecture(architecture)) }),
    ...(hash === undefined ? {} : { hash: { sha256: checked(parseSha256(hash.sha256)), from: hash.from } }),
  }
}

export function sourceUse(name: string, version: string): PackageUse {
  const { architecture: _, ...rest } = use(name, version)
  return { ...rest, kind: 'source' }
}

export const binaryUse = fc
  .record({ name: nameText, version: versionText, architecture: architectureText })
  .map(({ name, version, architecture }) => use(name, version, architecture))

export const maybeQualifiedUse = fc
  .record({ name: nameText, version: versionText, architecture: fc.option(architectureText, { nil: undefined }) })
  .map(({ name, version, architecture }) => use(name, version, architecture))

/** `name[:arch]`, as dpkg and apt write it. */
export function qualified({ name, architecture }: PackageUse): string {
  return architecture === undefined ? name : `${name}:${architecture}`
}

/** Texts that look a little like lists: lines of fragments that mean something in one of the formats. */
export const listLikeText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc
    .array(
      fc.oneof(
        fc.constantFrom('\n', '\n\n', '\t', ' ', '=', '==', ':', '_', "'", '"', '#', '- ', '  ', '---\n', '&a ', '*a'),
        fc.constantFrom(
          'Package: a\n',
          'Status: install ok installed\n',
          'Version: 1\n',
          'Architecture: all\n',
          ' x\n',
        ),
        fc.constantFrom('packages:\n', '  binary:\n', '  - arch: amd64\n', '    package: a\n', '    version: 2:1.2\n'),
        fc.constantFrom("'http://a/b' ", 'a_1_all.deb', ' 1 ', 'SHA256:00', 'a_1.dsc', 'snap:core', '[', '{', '!!int '),
        nameText,
        versionText,
      ),
      { maxLength: 30 },
    )
    .map((parts) => parts.join('')),
)

/** That reading any text gives packages or a PACKAGE_LIST error with the file's name, and nothing else. */
export function onlyForeseenErrors(format: ListFormat): void {
  fc.assert(
    fc.property(listLikeText, (text) => {
      format.detect(text, 'dir/some.manifest')
      try {
        format.read(text, 'dir/some.manifest')
      } catch (error) {
        return isDebproofError(error, 'PACKAGE_LIST') && error.message.startsWith('dir/some.manifest')
      }
      return true
    }),
    { numRuns: 500 },
  )
}
