import type { Keyring } from '../archive/keyring.ts'
import { isPathSuite } from '../archive/suite-layout.ts'
import { DebproofError } from '../errors.ts'
import { MAX_SOURCES_FILE } from '../limits.ts'
import type { Policy } from '../policy/policy.ts'
import { readFileUpTo } from '../read-file-up-to.ts'

/** apt sources for the build dependencies (sources.list(5)), with the keyrings that they name. */
export interface BuildSources {
  readonly text: string
  /** By file name in the folder that `text` refers to. */
  readonly keyrings: ReadonlyMap<string, Uint8Array>
}

/**
 * The archives that the build was served from, as apt sources: the project's own snapshots hold the very versions
 * that its packages were built with. Archives that must be absent are left out.
 *
 * @param folder where the keyrings will be; an absolute path without blanks
 */
export function policySources(policy: Policy, folder: string): BuildSources {
  const keyrings = new Map<string, Uint8Array>()
  const stanzas = policy.archives
    .filter(({ require }) => require !== 'absent')
    .flatMap(({ name, served }) => {
      const file = `${name.replaceAll(/[^A-Za-z0-9.-]/g, '_')}-${keyrings.size}.gpg`
      keyrings.set(file, keyringFile(served.keyring))
      const { base, suites, components, architectures } = served.area
      const common = [
        // What lies in a local folder is copied into the chroot, which cannot see it.
        `URIs: ${base.href.replace(/^file:/, 'copy:')}`,
        `Architectures: ${architectures.join(' ')}`,
        `Signed-By: ${folder}/${file}`,
        // A snapshot of last year is what a package of last year was built with.
        'Check-Valid-Until: no',
      ]
      const flat = suites.filter(isPathSuite)
      const named = suites.filter((suite) => !isPathSuite(suite))
      return [
        ...(named.length === 0 ? [] : [[`Suites: ${named.join(' ')}`, `Components: ${components.join(' ')}`]]),
        ...flat.map((suite) => [`Suites: ${suite}`]),
      ].map((own) => `${['Types: deb', ...common, ...own].join('\n')}\n`)
    })
  return { text: stanzas.join('\n'), keyrings }
}

/** The certificates that may sign, as a binary keyring. */
function keyringFile({ certificates, only }: Keyring): Uint8Array {
  const allowed = certificates.filter(
    (certificate) =>
      only.length === 0 ||
      certificate
        .getKeys()
        .some((key) => only.some(({ fingerprint }) => fingerprint === key.getFingerprint().toUpperCase())),
  )
  return Buffer.concat(allowed.map((certificate) => certificate.write()))
}

/** Sources of the user's own, in either format of sources.list(5). @throws DebproofError USAGE */
export async function readBuildSources(file: string): Promise<BuildSources> {
  let bytes: Buffer | undefined
  try {
    bytes = await readFileUpTo(file, MAX_SOURCES_FILE)
  } catch (error) {
    throw new DebproofError('USAGE', `The build sources ${file} cannot be read`, { cause: error })
  }
  if (bytes === undefined) {
    throw new DebproofError('USAGE', `${file} is larger than the ${MAX_SOURCES_FILE} bytes that apt sources may have.`)
  }
  const text = bytes.toString('utf8')
  if (!/^(?:deb[ \t]|types:)/im.test(text)) {
    throw new DebproofError(
      'USAGE',
      `${file} has no apt source in it: neither a line \`deb …\` nor a stanza \`Types: deb\`.`,
    )
  }
  return { text: text.endsWith('\n') ? text : `${text}\n`, keyrings: new Map() }
}
