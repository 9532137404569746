import { createPublicKey, verify, X509Certificate } from 'node:crypto'
import { mockFulcio, mockRekor, mockTSA } from '@sigstore/mock'
import * as v from 'valibot'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { attestReport, whyNoAttestation } from '../../src/ci/attestation.ts'
import { closeAll, serve } from '../making/loopback-server.ts'
import { type ResultsService, startResultsService } from '../making/results-service.ts'
import { madeReport, reported } from '../report/made-report.ts'

/** A Sigstore bundle with an envelope in it (sigstore.dev bundle v0.3), as far as these tests look. */
const stored = v.object({
  bundle: v.object({
    mediaType: v.string(),
    verificationMaterial: v.object({ certificate: v.object({ rawBytes: v.string() }) }),
    dsseEnvelope: v.object({
      payload: v.string(),
      payloadType: v.string(),
      signatures: v.array(v.object({ sig: v.string() })),
    }),
  }),
})

/** Pre-authentication encoding (DSSE, protocol.md). */
function encoded(type: string, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload])
}

describe('the attestation of a report', () => {
  const report = madeReport([reported()])
  const bundles: string[] = []
  let before: NodeJS.ProcessEnv
  let results: ResultsService
  let answer: { status: number; body: string }

  beforeAll(async () => {
    before = { ...process.env }
    results = await startResultsService()
    const { base } = await serve((request, response) => {
      let text = ''
      request.on('data', (chunk) => (text += String(chunk)))
      request.on('end', () => {
        expect(request.url).toBe('/repos/octo-org/octo-repo/attestations')
        expect(request.headers.authorization).toBe('token secret')
        bundles.push(text)
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body)
      })
    })
    // The library reads these when it is loaded.
    Object.assign(process.env, results.env, {
      GITHUB_API_URL: base.href.replace(/\/$/, ''),
      GITHUB_REPOSITORY: 'octo-org/octo-repo',
    })
  })

  afterEach(() => {
    bundles.length = 0
  })

  afterAll(async () => {
    await results.close()
    await closeAll()
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
    Object.assign(process.env, before)
  })

  /** Sigstore's services answer once each: a private repository's at GitHub. */
  async function sigstore(): Promise<void> {
    await mockFulcio({ baseURL: 'https://fulcio.githubapp.com' })
    await mockTSA({ baseURL: 'https://timestamp.githubapp.com' })
    await mockRekor()
  }

  it('is the very statement of report.json, signed for the job’s identity and stored at GitHub', async () => {
    await sigstore()
    answer = { status: 201, body: '{"id":4711}' }
    expect(await attestReport(report, 'secret', process.env)).toEqual({
      id: '4711',
      url: 'https://github.com/octo-org/octo-repo/attestations/4711',
    })
    const { bundle } = v.parse(stored, JSON.parse(bundles[0] ?? ''))
    const { payload, payloadType, signatures } = bundle.dsseEnvelope
    const statement = Buffer.from(payload, 'base64')
    expect(JSON.parse(statement.toString())).toEqual(report)
    const certificate = new X509Certificate(Buffer.from(bundle.verificationMaterial.certificate.rawBytes, 'base64'))
    const key = createPublicKey(certificate.publicKey.export({ type: 'spki', format: 'pem' }))
    const signature = Buffer.from(signatures[0]?.sig ?? '', 'base64')
    expect(verify('sha256', encoded(payloadType, statement), key, signature)).toBe(true)
  })

  it('that GitHub refuses says which permissions to add', async () => {
    await sigstore()
    answer = { status: 403, body: '{"message":"Resource not accessible by integration"}' }
    await expect(attestReport(report, 'secret', process.env)).rejects.toMatchObject({
      code: 'PUBLISH',
      message: expect.stringMatching(
        /not accessible.*\n\n {4}permissions:\n.*\n {6}id-token: write\n {6}attestations: write/s,
      ),
    })
  })

  it.each(['fail', 'undecided'] as const)('is never made of a report that says %s', async (verdict) => {
    const other = madeReport([reported()], { verdict })
    await expect(attestReport(other, 'secret', process.env)).rejects.toThrow('only a report that passes')
    expect(bundles).toEqual([])
  })

  it('is never made of a part of the packages, nor of none', async () => {
    const part = madeReport([reported()], { shard: { index: 1, of: 100, total: 200 } })
    const message = expect.stringMatching(/one part of the packages/)
    await expect(attestReport(part, 'secret', process.env)).rejects.toMatchObject({ code: 'PUBLISH', message })
    await expect(attestReport(madeReport([]), 'secret', process.env)).rejects.toMatchObject({ code: 'PUBLISH' })
    expect(bundles).toEqual([])
  })

  it('has no more subjects than GitHub takes', async () => {
    const subject = Array.from({ length: 1025 }, (_, index) => ({
      name: `i${index}`,
      digest: { sha256: 'a'.repeat(64) },
    }))
    await expect(attestReport({ ...report, subject }, 'secret', process.env)).rejects.toMatchObject({
      code: 'PUBLISH',
      message: expect.stringContaining('It has 1025 subjects, and 1024 may be attested'),
    })
  })
})

describe('whether a job may attest', () => {
  const job = { GITHUB_SERVER_URL: 'https://github.com', ACTIONS_ID_TOKEN_REQUEST_URL: 'https://x.example/' }

  it.each([
    ['a job with an identity', job, undefined],
    ['one of ghe.com', { ...job, GITHUB_SERVER_URL: 'https://octo.ghe.com' }, undefined],
    ['one without', { GITHUB_SERVER_URL: 'https://github.com' }, /id-token: write/],
    ['GitHub Enterprise Server', { ...job, GITHUB_SERVER_URL: 'https://github.example.org' }, /github\.example\.org/],
    ['a host that only ends alike', { ...job, GITHUB_SERVER_URL: 'https://notghe.com' }, /notghe\.com/],
  ])('is known of %s', (_, environment, problem) => {
    const why = whyNoAttestation(environment)
    if (problem === undefined) expect(why).toBeUndefined()
    else expect(why).toMatch(problem)
  })
})
