import { generateKeyPairSync, sign } from 'node:crypto'
import { buildinfoText, clearsignedBy } from '../reproduced/signed-statements.ts'
import type { MadeDeb } from './archive-folder.ts'
import { newKey, sha256Hex } from './signed-archive.ts'

/** A file by its path below the folder that a rebuilder publishes. */
export type Published = Readonly<Record<string, string>>

/** A rebuilder with keys of its own, who says in several ways what came out of its builds. */
export interface MadeRebuilder {
  /** Its OpenPGP certificate, armored. */
  readonly certificate: string
  /** Its Ed25519 key, PEM. */
  readonly publicKey: string
  /** A clearsigned .buildinfo of one source package. */
  buildinfo(source: string, debs: readonly MadeDeb[], more?: Readonly<Record<string, string>>): Promise<Published>
  /** A clearsigned SHA256SUMS. */
  sums(debs: readonly MadeDeb[]): Promise<Published>
  /** An in-toto link in a DSSE envelope for each .deb, with what it was built from: texts, or hashes of them. */
  dsse(debs: readonly MadeDeb[], materials?: Readonly<Record<string, string | { readonly sha512: string }>>): Published
}

export async function newRebuilder(name: string): Promise<MadeRebuilder> {
  const key = await newKey({ name })
  const pair = generateKeyPairSync('ed25519')
  return {
    certificate: key.toPublic().armor(),
    publicKey: pair.publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    buildinfo: async (source, debs, more = {}) => {
      const version = debs[0]?.version ?? '1.0-1'
      const files = { ...Object.fromEntries(debs.map((deb) => [debFileName(deb), deb.sha256])), ...more }
      // Two machines never write the same: at least the time of the build differs.
      const text = buildinfoText({ source, version, files }).replace('Build-Origin: Debian', `Build-Origin: ${name}`)
      return { [`${source}_${withoutEpoch(version)}_amd64.buildinfo`]: await clearsignedBy(text, key) }
    },
    sums: async (debs) => {
      const text = debs.map((deb) => `${deb.sha256}  ${debFileName(deb)}\n`).join('')
      return { SHA256SUMS: await clearsignedBy(text, key) }
    },
    dsse: (debs, materials = {}) => {
      const entries = debs.map((deb) => {
        const statement = {
          _type: 'https://in-toto.io/Statement/v1',
          subject: [{ name: debFileName(deb), digest: { sha256: deb.sha256 } }],
          predicateType: 'https://in-toto.io/attestation/link/v0.3',
          predicate: {
            name: 'rebuild',
            environment: { machine: name },
            materials: Object.entries(materials).map(([file, given]) => ({
              name: file,
              digest: typeof given === 'string' ? { sha256: sha256Hex(given) } : given,
            })),
          },
        }
        const payloadType = 'application/vnd.in-toto+json'
        const body = Buffer.from(JSON.stringify(statement))
        const signed = Buffer.concat([Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${body.length} `), body])
        const envelope = {
          payload: body.toString('base64'),
          payloadType,
          signatures: [{ sig: sign(null, signed, pair.privateKey).toString('base64') }],
        }
        return [`${debFileName(deb)}.intoto.jsonl`, `${JSON.stringify(envelope)}\n`]
      })
      return Object.fromEntries(entries)
    },
  }
}

/** What dpkg-deb(1) calls the file. */
export function debFileName({ name, version, architecture }: MadeDeb): string {
  return `${name}_${withoutEpoch(version)}_${architecture}.deb`
}

function withoutEpoch(version: string): string {
  return version.replace(/^\d+:/, '')
}
