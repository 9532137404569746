import path from 'node:path'
import { DebproofError } from '../errors.ts'
import { type AptSource, globalKeyringFiles, readAptSources } from './apt-sources.ts'
import { ArchiveNames } from './archive-names.ts'
import { systemArchitectures } from './system-architectures.ts'
import { groupSources, statusFile, whyLeftOut } from './system-policy.ts'

/** A policy to start from, and the keys that apt sources hold inline, by the file that the policy names. */
export interface FirstPolicy {
  readonly text: string
  readonly keys: ReadonlyMap<string, string>
}

/**
 * Writes a policy of a system's apt sources: its packages must be identical to what each source's archive signed.
 * @throws DebproofError POLICY
 */
export function firstPolicy(root: string): FirstPolicy {
  const sources = readAptSources(root).filter(({ type }) => type === 'deb')
  if (sources.length === 0) {
    throw new DebproofError(
      'POLICY',
      `The system at ${root} has no apt source to start from; name another with --root.`,
    )
  }
  const { native, foreign } = systemArchitectures(root)
  const keys = new Map<string, string>()
  const names = new ArchiveNames()
  const archives = groupSources(sources).flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const why = whyLeftOut(first)
    if (why !== undefined) return [`  # ${first.location} is left out: ${why}.`]
    const name = names.of(new URL(first.uri))
    const trusted = signedBy(first, name, root, keys)
    if (trusted === undefined) {
      return [`  # ${first.location}: ${first.uri} is left out: neither the source nor the system names a key for it.`]
    }
    return [
      `  ${name}:`,
      '    require: identical',
      '    # Where your builds use a copy of your own, name it here, with your own key:',
      '    # url: "https://snapshots.example/debian"',
      '    # signed-by: keys/project.asc',
      `    suites: ${list([...new Set(group.map(({ suite }) => suite))])}`,
      ...(first.components.length > 0 ? [`    components: ${list(first.components)}`] : []),
      `    architectures: ${list(first.architectures ?? [native, ...foreign])}`,
      '    upstream:',
      `      - url: ${quote(first.uri)}`,
      `        signed-by: ${trusted}`,
    ]
  })
  if (archives.every((line) => line.startsWith('  #'))) {
    throw new DebproofError('POLICY', `No apt source of the system at ${root} can be verified:\n${archives.join('\n')}`)
  }
  const text = [
    '# What debproof verifies, and whom it trusts. Reference: docs/policy.md.',
    'version: 1',
    'packages:',
    '  # What the build says it used; several lists are merged.',
    `  - path: ${quote(statusFile(path.resolve(root)))}`,
    'archives:',
    ...archives,
    '',
  ].join('\n')
  return { text, keys }
}

/** Undefined where nothing says which keys sign the source (`[trusted=yes]`, or a system without keyrings). */
function signedBy(source: AptSource, name: string, root: string, keys: Map<string, string>): string | undefined {
  const trust = source.signedBy
  const own = trust?.files ?? []
  if (trust?.embedded !== undefined) {
    const file = `keys/${name}.asc`
    keys.set(file, trust.embedded.endsWith('\n') ? trust.embedded : `${trust.embedded}\n`)
    return quote(file)
  }
  const files = own.length > 0 ? own : globalKeyringFiles(root)
  if (files.length === 0) return undefined
  const only = (trust?.fingerprints ?? []).map(({ fingerprint, exact }) => `${fingerprint}${exact ? '!' : ''}`)
  if (files.every((file) => /^\/(?:usr\/share\/keyrings|etc\/apt\/trusted\.gpg\.d)\/debian-archive-/.test(file))) {
    return only.length === 0 ? 'debian' : list(['debian', ...only])
  }
  return list([...files.map((file) => path.join(path.resolve(root), file)), ...only])
}

/** A JSON string is a YAML string. */
function quote(text: string): string {
  return JSON.stringify(text)
}

function list(items: readonly string[]): string {
  return `[${items.map((item) => (/^[A-Za-z][A-Za-z0-9-]*$/.test(item) ? item : quote(item))).join(', ')}]`
}
