import { parseArchitecture, parseFingerprint } from '../archive/identity.ts'
import { Keyring, readCertificates } from '../archive/keyring.ts'
import { DebproofError } from '../errors.ts'
import { type ArchiveWithoutOwnKeys, withOwnKeys } from '../policy/own-keys.ts'
import type { Policy } from '../policy/policy.ts'
import { filesOnDisk, SHIPPED_FILE } from '../policy/policy-files.ts'
import { readPolicy } from '../policy/read-policy.ts'
import { SYSTEM_RULES, systemHash } from '../policy/system-record.ts'
import { type KeptSystem, POLICY, type RunIndex } from './bundle-index.ts'

/** Reads a kept file by the SHA-256 that it was seen to have. */
export type ReadKept = (sha256: string) => Promise<Uint8Array>

/**
 * The policy that a run was made with, resolved again from the files that it read. Keyrings that come with the program
 * are those of this one: whoever wrote the evidence could have put other keys into them, and the policy's hash would
 * not show it.
 *
 * @param references the snapshots that its package lists name
 * @throws DebproofError POLICY, KEY, EVIDENCE
 */
export async function keptPolicy(
  { run, inputs }: RunIndex,
  references: Readonly<Record<string, string>>,
  read: ReadKept,
): Promise<Policy> {
  const at = new Date(run.at)
  // One that was not given is found again: the policy, or a package list, must say it.
  const clock = run.clock ?? 'option'
  if (run.system !== null) return { ...(await systemPolicy(run.system, at, read)), clock: { from: clock } }
  const files = new Map(inputs.map(({ path: name, sha256 }) => [name, sha256]))
  const file = await readPolicy(POLICY, {
    ...(run.release === null ? {} : { release: run.release }),
    environment: run.environment,
    folder: run.folder,
    ...(clock === 'option' ? { at } : {}),
    now: at,
    files: {
      read: async (name) => {
        if (name.startsWith(SHIPPED_FILE)) return await filesOnDisk.read(name)
        const sha256 = files.get(name)
        if (sha256 === undefined) throw new DebproofError('EVIDENCE', `The evidence holds no file ${name}.`)
        return await read(sha256)
      },
    },
  })
  return await file.resolve(references)
}

/** What was made of a system's apt sources: there is no file that it could be derived from again. */
async function systemPolicy({ archives }: KeptSystem, at: Date, read: ReadKept): Promise<Omit<Policy, 'clock'>> {
  const policy: ArchiveWithoutOwnKeys[] = []
  for (const archive of archives) {
    const area = {
      base: new URL(archive.url),
      suites: archive.suites,
      components: archive.components,
      architectures: archive.architectures.map((text) => parsed(parseArchitecture(text), text)),
    }
    const certificates =
      archive.keyring === null ? [] : await readCertificates(await read(archive.keyring), archive.keyring)
    const only = archive.only.map(({ fingerprint, exact }) => {
      return { fingerprint: parsed(parseFingerprint(fingerprint), fingerprint), exact }
    })
    const upstream = { kind: 'live' as const, area, keyring: new Keyring(certificates, only) }
    policy.push({
      name: archive.name,
      require: 'identical',
      served: upstream,
      servedByUpstream: true,
      unprovenFiles: 'report',
      upstreams: [upstream],
      ...(archive.aptLists === null ? {} : { aptLists: archive.aptLists }),
    })
  }
  return { sha256: systemHash(archives), at, archives: await withOwnKeys(policy), ...SYSTEM_RULES }
}

function parsed<T>(value: T | undefined, text: string): T {
  if (value === undefined) throw new DebproofError('EVIDENCE', `The index of evidence says ${JSON.stringify(text)}.`)
  return value
}
