import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { ArchiveReader } from '../../src/archive/archive-reader.ts'
import type { Architecture } from '../../src/archive/identity.ts'
import type { Keyring } from '../../src/archive/keyring.ts'
import { WantedNames } from '../../src/archive/stanza-scanner.ts'
import { Downloads } from '../../src/net/downloads.ts'
import { run } from '../../src/run.ts'
import type { MadeArchive, Shape } from './shape.ts'
import { NAMES } from './stanza-shapes.ts'

/** What debproof makes of the same archives. */
export interface DebproofChoice {
  /** SHA-256 of every listing, with the archive and suite that list it. */
  readonly listed: ReadonlyMap<string, string>
  /** What could not be read, with its code. */
  readonly failures: readonly { readonly what: string; readonly code: string; readonly message: string }[]
  /** Names of which a stanza is not read alike by everybody, and why. */
  readonly unclear: readonly { readonly name: string; readonly message: string }[]
}

export async function readArchives(
  shape: Shape,
  urls: ReadonlyMap<MadeArchive, URL>,
  keyring: Keyring,
  at: Date,
): Promise<DebproofChoice> {
  const downloads = new Downloads({ userAgent: 'debproof-choice', retryDelay: 1 })
  const reader = new ArchiveReader({ downloads, at, wanted: new WantedNames(NAMES), kinds: ['Packages'] })
  const listed = new Map<string, string>()
  const failures: { what: string; code: string; message: string }[] = []
  const unclear: { name: string; message: string }[] = []
  try {
    for (const archive of shape.archives) {
      const { suites, components } = archive
      const base = urls.get(archive)
      if (base === undefined) throw new Error('every archive has a URL')
      // Names that the generator chose, as a policy would give them.
      const area = { base, suites, components, architectures: archive.architectures as Architecture[] }
      const facts = await reader.read({ area, keyring, refuseHidden: true })
      for (const { entry, suite } of facts.listings) listed.set(entry.file.sha256, `${archive.name} ${suite}`)
      for (const { what, error } of facts.failures) failures.push({ what, code: error.code, message: error.message })
      for (const one of facts.unclear) unclear.push({ name: one.name, message: one.problem })
    }
  } finally {
    await downloads.close()
  }
  return { listed, failures, unclear }
}

/** A package of a report. */
export interface Judged {
  readonly name: string
  readonly version: string
  readonly verdict: string
  readonly sha256: string | null
}

/** A whole run of `verify` over the archives, with a list of names and versions. */
export async function verifyShape(
  folder: string,
  shape: Shape,
  urls: ReadonlyMap<MadeArchive, URL>,
  used: readonly { readonly name: string; readonly version: string }[],
  at: Date,
): Promise<{ readonly verdict: string; readonly packages: readonly Judged[] }> {
  mkdirSync(folder, { recursive: true })
  const archives = shape.archives.map((archive) => [
    `  ${archive.name}:`,
    '    require: identical',
    `    url: "${urls.get(archive)?.href}"`,
    `    suites: ${JSON.stringify(archive.suites)}`,
    `    components: ${JSON.stringify(archive.components)}`,
    `    architectures: ${JSON.stringify(archive.architectures)}`,
    '    signed-by: ../../../project.gpg',
    '    upstream:',
    '      - url: "file:../../../upstream"',
    '        suites: [made]',
    '        components: [main]',
    '        signed-by: ../../../upstream.gpg',
  ])
  const policy = ['version: 1', 'packages:', '  - path: build.packages', 'archives:', ...archives.flat(), '']
  writeFileSync(path.join(folder, 'debproof.yml'), policy.join('\n'))
  const list = [...new Set(used.map(({ name, version }) => `${name}\t${version}\n`))]
  writeFileSync(path.join(folder, 'build.packages'), list.join(''))
  const { report } = await run(
    {
      policy: path.join(folder, 'debproof.yml'),
      packages: [],
      at,
      now: at,
      evidence: 'needed',
      images: [],
      output: path.join(folder, 'report'),
      system: false,
      root: '/',
      offline: false,
      deep: false,
      hashesRequired: false,
      unsigned: 'requested',
      environment: {},
    },
    { progress: () => {}, warn: () => {} },
  )
  const { verdict, packages } = report.predicate
  const judged = packages.map((item): Judged => {
    const { name, version, verdict: said } = item
    return { name, version, verdict: said, sha256: item.sha256 }
  })
  return { verdict, packages: judged }
}
