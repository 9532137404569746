import {
  dsseSigner,
  envelope,
  linkStatement,
  provenance,
  subject,
} from '../../../__tests__/reproduced/dsse-envelopes.ts'
import { documentOf } from '../../../__tests__/reproduced/signed-statements.ts'
import { verifyDsse } from '../../../src/reproduced/dsse.ts'
import { latin1, promise, type Target, unlessRefusedNow } from '../target.ts'
import { CLOCK, textSeeds } from './files.ts'
import { JSON_TOKENS } from './json-tokens.ts'
import { CODES, forgeryOracle, HELLO, saidOf } from './statements.ts'

const ours = dsseSigner()
const DSSE_SEEDS = {
  link: JSON.stringify(linkStatement()),
  provenance: JSON.stringify(
    provenance({
      dependencies: [{ uri: 'pkg:deb/debian/hello@1.0-1?arch=source', digest: { sha256: 'c'.repeat(64) } }],
      metadata: { startedOn: '2026-06-01T12:00:00Z' },
    }),
  ),
  subjects: JSON.stringify(linkStatement({}, [subject(), subject('b.deb', 'f'.repeat(64))])),
}

const dsseEnvelope: Target = {
  name: 'dsse',
  promise: 'what is attested was signed',
  seeds: () =>
    textSeeds(
      Object.fromEntries(
        Object.entries(DSSE_SEEDS).map(([name, text]) => [name, JSON.stringify(envelope(text, [ours]))]),
      ),
    ),
  tokens: [...JSON_TOKENS, '"payload":"', '"payloadType":"', '"signatures":[', '"sig":"', '=', '-', '_'],
  async run(bytes) {
    const statement = unlessRefusedNow(CODES, () =>
      verifyDsse(documentOf(bytes, 'a.dsse'), [ours.publicKey], CLOCK, HELLO),
    )
    const lines = unlessRefusedNow(CODES, () =>
      verifyDsse(documentOf(bytes, 'a.jsonl'), [ours.publicKey], CLOCK, HELLO),
    )
    if (statement !== undefined) await dsseOracle(statement)
    return statement === undefined && lines === undefined ? 'refused' : 'accepted'
  },
}

const dsseOracle = forgeryOracle(async () =>
  Object.values(DSSE_SEEDS).map((text) =>
    saidOf(verifyDsse(documentOf(JSON.stringify(envelope(text, [ours])), 'a.dsse'), [ours.publicKey], CLOCK, HELLO)),
  ),
)

const dsseContent: Target = {
  name: 'dsse-content',
  promise: 'a statement says of a file a hash that stands in it',
  seeds: () => textSeeds(DSSE_SEEDS),
  tokens: [...JSON_TOKENS, '"subject":[', '"digest":{', '"predicateType":"', '"resolvedDependencies":['],
  run(bytes) {
    const signed = JSON.stringify(envelopeOfBytes(bytes))
    const statement = unlessRefusedNow(CODES, () =>
      verifyDsse(documentOf(signed, 'a.dsse'), [ours.publicKey], CLOCK, HELLO),
    )
    if (statement === undefined) return 'refused'
    for (const { sha256 } of statement.attestations)
      promise(latin1(bytes).includes(sha256), 'a hash is not in the statement')
    return 'accepted'
  },
}

function envelopeOfBytes(body: Uint8Array): object {
  const payloadType = 'application/vnd.in-toto+json'
  const sig = ours.sign(
    Buffer.concat([Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${body.length} `), body]),
  )
  return {
    payload: Buffer.from(body).toString('base64'),
    payloadType,
    signatures: [{ keyid: '', sig: sig.toString('base64') }],
  }
}

/** Envelopes of DSSE. */
export const DSSE_TARGETS: readonly Target[] = [dsseEnvelope, dsseContent]
