import { createHash } from 'node:crypto'
import type { ResultsBlobs } from './results-blobs.ts'
import { QUOTA_ERROR, TwirpError, type TwirpMethods } from './results-twirp.ts'

/** An artifact that was uploaded whole. */
export interface StoredArtifact {
  readonly id: number
  readonly name: string
  /** The zip file. */
  readonly content: Buffer
  readonly digest: string
  readonly createdAt: Date
  /** When GitHub removes it, where the client said so. */
  readonly expiresAt?: string
  readonly blob: string
}

export interface ArtifactsOptions {
  readonly blobs: ResultsBlobs
  readonly urlOf: (blob: string) => string
  readonly runId: string
  readonly jobId: string
  /** Whether so many bytes still fit. */
  readonly fits: (bytes: number) => boolean
}

/** The service of artifacts: its methods, and what was uploaded. */
export function artifactService(options: ArtifactsOptions): {
  readonly artifacts: Map<string, StoredArtifact>
  readonly methods: TwirpMethods
} {
  const { blobs, urlOf, runId, jobId, fits } = options
  const artifacts = new Map<string, StoredArtifact>()
  const begun = new Map<string, { readonly blob: string; readonly expiresAt?: string }>()
  let last = 0

  const stored = (name: string): StoredArtifact => {
    const artifact = artifacts.get(name)
    if (artifact === undefined) throw new TwirpError(404, 'not_found', `artifact ${name} not found`)
    return artifact
  }

  const methods: TwirpMethods = {
    CreateArtifact(call) {
      const name = call.text('name')
      if (artifacts.has(name) || begun.has(name)) {
        throw new TwirpError(409, 'already_exists', `an artifact named ${name} already exists`)
      }
      const version = call.number('version')
      if (version < 4) throw new TwirpError(400, 'invalid_argument', `version ${version} is not supported`)
      if (!fits(1)) throw QUOTA_ERROR
      const blob = blobs.create(call.text('mime_type') === 'application/zip' ? `${name}.zip` : name)
      const expiresAt = call.optional('expires_at')
      begun.set(name, { blob, ...(expiresAt === undefined ? {} : { expiresAt }) })
      return { ok: true, signed_upload_url: urlOf(blob) }
    },
    FinalizeArtifact(call) {
      const name = call.text('name')
      const upload = begun.get(name)
      if (upload === undefined) throw new TwirpError(404, 'not_found', `artifact ${name} not found`)
      const content = blobs.uploaded(upload.blob, call.text('size'))
      const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`
      const hash = call.optional('hash')
      if (hash !== undefined && hash !== digest) {
        throw new TwirpError(400, 'invalid_argument', `digest is ${digest}`)
      }
      if (!fits(content.length)) throw QUOTA_ERROR
      last += 1
      begun.delete(name)
      artifacts.set(name, { id: last, name, content, digest, createdAt: new Date(), ...upload })
      return { ok: true, artifact_id: String(last) }
    },
    ListArtifacts(call) {
      const [name, id] = [call.optional('name_filter'), call.optional('id_filter')]
      const listed = [...artifacts.values()].filter(
        (artifact) =>
          (name === undefined || artifact.name === name) && (id === undefined || String(artifact.id) === id),
      )
      return {
        artifacts: listed.map((artifact) => ({
          workflow_run_backend_id: runId,
          workflow_job_run_backend_id: jobId,
          database_id: String(artifact.id),
          name: artifact.name,
          size: String(artifact.content.length),
          created_at: artifact.createdAt.toISOString(),
          digest: artifact.digest,
        })),
      }
    },
    GetSignedArtifactURL: (call) => ({ signed_url: urlOf(stored(call.text('name')).blob) }),
    DeleteArtifact(call) {
      const { id, name, blob } = stored(call.text('name'))
      artifacts.delete(name)
      blobs.remove(blob)
      return { ok: true, artifact_id: String(id) }
    },
  }
  return { artifacts, methods }
}
