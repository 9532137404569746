import { DebproofError } from '../errors.ts'
import { Downloads } from '../net/downloads.ts'
import type { Arguments } from '../options/arguments.ts'
import { COMMON_OPTIONS, JSON_OPTION } from '../options/option.ts'
import { parseListSource } from '../options/verify-options.ts'
import { readPackageLists } from '../packages/find-lists.ts'
import { LIST_FORMATS } from '../packages/formats.ts'
import { mergePackageUses } from '../packages/merge.ts'
import type { PackageUse } from '../packages/package-use.ts'
import { writeSha256sums } from '../packages/sha256sums.ts'
import { visible } from '../report/visible.ts'
import { USER_AGENT } from '../tool.ts'
import type { Command } from './command.ts'

export const packagesCommand: Command = {
  name: 'packages',
  usage: 'PATH[:FORMAT]…',
  title: 'show what package lists resolve to',
  description:
    'Reads package lists, folders of .debs or globs, and prints the packages that they name together.\n\nFormats:\n' +
    `${LIST_FORMATS.map(({ name, madeBy }) => `  ${name}: ${madeBy}`).join('\n')}\n` +
    '  deb-directory: a folder of .debs, which are hashed',
  options: [
    {
      name: 'format',
      value: 'FORMAT',
      description:
        'text; json, as --json; or sha256sums, a list with hashes to publish beside a release: the SHA-256 of each ' +
        '.deb under the name that apt gives it, as sha256sum writes and checks them. A package without a hash is an ' +
        'error then. Default: text.',
    },
    JSON_OPTION,
    ...COMMON_OPTIONS,
  ],
  positionals: { min: 1, max: 1000 },
  async run(given, terminal) {
    const format = parseFormat(given)
    const downloads = new Downloads({ userAgent: USER_AGENT })
    try {
      const lists = await readPackageLists(given.positionals.map(parseListSource), process.cwd(), downloads)
      const uses = mergePackageUses(lists)
      if (format === 'json') {
        const summary = lists.map(({ name, format, sha256, content }) => {
          return { name, format, sha256, packages: content.packages.length, references: content.references ?? {} }
        })
        terminal.out(`${JSON.stringify({ lists: summary, packages: uses.map(toJson) }, null, 1)}\n`)
        return 0
      }
      if (format === 'sha256sums') terminal.out(toSha256sums(uses))
      else if (!given.flag('quiet')) for (const use of uses) terminal.out(`${toLine(use)}\n`)
      for (const { path, format, content } of lists) {
        terminal.err(`${visible(path)}: ${content.packages.length} packages (${format})\n`)
      }
      terminal.err(`${uses.length} packages in all\n`)
      return 0
    } finally {
      await downloads.close()
    }
  },
}

const FORMATS = ['text', 'json', 'sha256sums'] as const

function parseFormat(given: Arguments): (typeof FORMATS)[number] {
  const text = given.text('format') ?? (given.flag('json') ? 'json' : 'text')
  const format = FORMATS.find((name) => name === text)
  if (format === undefined || (given.flag('json') && format !== 'json')) {
    throw new DebproofError(
      'USAGE',
      format === undefined
        ? `packages: there is no format ${JSON.stringify(text)}: ${FORMATS.join(', ')}.`
        : `packages: --json and --format ${format} are two formats: leave one out.`,
    )
  }
  return format
}

function toSha256sums(uses: readonly PackageUse[]): string {
  const written = writeSha256sums(uses)
  if ('text' in written) return written.text
  const named = written.unknown
    .slice(0, 5)
    .map(({ name, version, architecture }) =>
      [name, version, architecture].filter((part) => part !== undefined).join(' '),
    )
  const more = written.unknown.length > named.length ? ` and ${written.unknown.length - named.length} more` : ''
  throw new DebproofError(
    'PACKAGE_LIST',
    `The SHA-256 of ${named.join(', ')}${more} is in none of these lists: give the folder of the .debs, or a list ` +
      'with hashes (docs/package-lists.md).',
  )
}

function toJson({ kind, name, version, architecture, hash }: PackageUse): Record<string, string | null> {
  return {
    kind,
    name,
    version,
    architecture: architecture ?? null,
    sha256: hash?.sha256 ?? null,
    hashFrom: hash?.from ?? null,
  }
}

function toLine({ kind, name, version, architecture, hash }: PackageUse): string {
  return [name, version, kind === 'source' ? 'source' : (architecture ?? '-'), hash?.sha256 ?? '-'].join('\t')
}
