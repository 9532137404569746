import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  MAX_HASHES_PER_STATEMENT,
  MAX_SIGNATURES,
  MAX_SOURCES_PER_STATEMENT,
  MAX_STATEMENT,
  MAX_STATEMENTS_PER_PACKAGE,
} from '../../src/limits.ts'
import { verifyDsse } from '../../src/reproduced/dsse.ts'
import { readInTotoStatement } from '../../src/reproduced/in-toto-statement.ts'
import type { Statement } from '../../src/reproduced/statement.ts'
import { AT, sha256Hex } from '../making/signed-archive.ts'
import {
  base64,
  base64url,
  dsseSigner,
  envelope,
  IN_TOTO,
  linkStatement,
  provenance,
  statement,
  subject,
} from './dsse-envelopes.ts'
import { documentOf, OTHER_SHA256, packageOf, SHA256 } from './signed-statements.ts'

const HELLO = packageOf('hello_1.0-1_amd64.deb')
const NAME = `${HELLO.fileName}.intoto.json`

const party = dsseSigner()
const second = dsseSigner('p256')
const stranger = dsseSigner()
const KEYS = [party.publicKey, second.publicKey]

const statementError = (pattern: RegExp) =>
  expect.objectContaining({ code: 'STATEMENT', message: expect.stringMatching(pattern) })

function outcome(content: unknown, { keys = KEYS, name = NAME, at = AT } = {}): Statement | unknown {
  const bytes = content instanceof Uint8Array ? content : Buffer.from(JSON.stringify(content))
  try {
    return verifyDsse(documentOf(bytes, name), keys, at, HELLO)
  } catch (error) {
    return error
  }
}

/** What a statement says of hello when the party signs it. */
const saysOf = (payload: unknown): unknown => outcome(envelope(payload, [party]))

const lines = (...envelopes: readonly object[]): Buffer =>
  Buffer.from(envelopes.map((each) => `${JSON.stringify(each)}\n`).join(''))

const hexOf = (index: number): string => index.toString(16).padStart(64, '0')

const counted = { attestations: [{ fileName: HELLO.fileName, sha256: SHA256, sources: [] }] }

describe('a DSSE envelope', () => {
  it('counts when a pinned key signed it: Ed25519 or ECDSA on P-256, in either base64', () => {
    for (const signer of [party, second]) {
      for (const encoding of [base64, base64url]) {
        const content = envelope(linkStatement(), [stranger, signer], { encoding })
        const bytes = Buffer.from(JSON.stringify(content))
        expect(outcome(bytes)).toEqual({
          evidence: [
            {
              kind: 'dsse',
              url: `https://rebuilder.example/${NAME}`,
              sha256: sha256Hex(bytes),
              size: bytes.length,
              signers: [signer.publicKey.fingerprint],
            },
          ],
          ...counted,
          record: expect.objectContaining({ kind: 'build' }),
        })
      }
    }
  })

  it('that several pinned keys signed is one statement of all of them', () => {
    const signers = [party.publicKey.fingerprint, second.publicKey.fingerprint].sort()
    expect(outcome(envelope(linkStatement(), [party, second, party]))).toMatchObject({
      ...counted,
      evidence: [{ signers }],
    })
  })

  it('is made in these tests as in the example of the specification (DSSE 1.0, protocol.md)', () => {
    const head = 'DSSEv1 29 http://example.com/HelloWorld 11 hello world'
    const made = envelope('hello world', [{ ...party, sign: (message) => message }], {
      payloadType: 'http://example.com/HelloWorld',
    })
    expect(made).toMatchObject({ signatures: [{ sig: base64(Buffer.from(head)) }] })
  })

  it('is refused without a signature by a pinned key', () => {
    const refused = statementError(/^https:.* holds no statement that counts: envelope 1: It has no valid signature/)
    expect(outcome(envelope(linkStatement(), [stranger]))).toEqual(refused)
    expect(outcome(envelope(linkStatement(), []))).toEqual(refused)
    expect(outcome(envelope(linkStatement(), [party]), { keys: [] })).toEqual(refused)
  })

  it('is refused when it was signed as another type, or says that it is of another', () => {
    const types = ['application/json', `${IN_TOTO} `, 'application/vnd.in-toto', '']
    for (const type of types) {
      expect(outcome(envelope(linkStatement(), [party], { payloadType: type }))).toEqual(statementError(/payloadType/))
      const relabelled = envelope(linkStatement(), [party], { payloadType: type, writtenType: IN_TOTO })
      expect(outcome(relabelled)).toEqual(statementError(/no valid signature/))
    }
  })

  it('is refused where the signature covers the payload without its type', () => {
    const payload = Buffer.from(JSON.stringify(linkStatement()))
    const content = {
      payload: base64(payload),
      payloadType: IN_TOTO,
      signatures: [{ sig: base64(party.sign(payload)) }],
    }
    expect(outcome(content)).toEqual(statementError(/no valid signature/))
  })

  it('is refused with base64 that is not exact', () => {
    const made: Record<string, unknown> = { ...envelope(linkStatement(), [party]) }
    const payload = String(made['payload'])
    const wrong = [`${payload}\n`, ` ${payload}`, `${payload}=`, `${payload}AAAA`, `%${payload}`, '', 17, undefined]
    for (const each of wrong) expect(outcome({ ...made, payload: each })).toMatchObject({ code: 'STATEMENT' })
    const mixed = Buffer.from([0xfb, 0xff, 0xfe, 0xfb, 0xef, 0xff]).toString('base64')
    const half = mixed.replace('+', '-')
    expect(outcome({ ...made, signatures: [{ sig: half }] })).toEqual(statementError(/no base64/))
    expect(outcome({ ...made, signatures: [{ sig: 'QUJDRA' }] })).toEqual(statementError(/no base64/))
    expect(outcome({ ...made, signatures: [{ sig: 'QUJDRB==' }] })).toEqual(statementError(/no base64/))
  })

  it('is refused with what is no envelope', () => {
    for (const text of ['<!DOCTYPE html><p>Not found</p>', '[]', '{}', '{"payload":"e30=","payloadType":"x"}', '""']) {
      expect(outcome(Buffer.from(text))).toEqual(statementError(/no statement that counts: envelope 1: /))
    }
    const made = JSON.stringify(envelope(linkStatement(), [party]))
    expect(outcome(Buffer.from(made.replace('{', '{"payload":"e30=",')))).toEqual(
      statementError(/two members "payload"/),
    )
    expect(outcome(Buffer.alloc(MAX_STATEMENT + 1))).toMatchObject({ code: 'TOO_LARGE' })
    const many = Array.from({ length: MAX_SIGNATURES + 1 }, () => party)
    expect(outcome(envelope(linkStatement(), many))).toEqual(statementError(/more than \d+ signatures/))
  })

  it('counts up to the last day of its key', () => {
    const ending = dsseSigner('ed25519', '2026-06-01')
    const content = envelope(linkStatement(), [ending])
    const keys = [ending.publicKey]
    expect(outcome(content, { keys, at: new Date('2026-06-01T23:59:59Z') })).toMatchObject(counted)
    expect(outcome(content, { keys, at: new Date('2026-06-02T00:00:00Z') })).toEqual(
      statementError(/whose last day was 2026-06-01/),
    )
  })

  it('changed in any one byte it is refused, or says the same', () => {
    for (const signer of [party, second]) {
      const original = Buffer.from(JSON.stringify(envelope(linkStatement(), [signer])))
      fc.assert(
        fc.property(fc.nat(original.length - 1), fc.integer({ min: 1, max: 255 }), (position, change) => {
          const bytes = Buffer.from(original)
          bytes.writeUInt8(bytes.readUInt8(position) ^ change, position)
          const got = outcome(bytes)
          if (got instanceof Error) expect(got).toMatchObject({ code: 'STATEMENT' })
          else expect(got).toMatchObject(counted)
        }),
        { numRuns: 300 },
      )
    }
  })
})

describe('envelopes in lines', () => {
  const name = `${HELLO.fileName}.intoto.jsonl`

  it('all speak, and what does not count beside them does no harm', () => {
    const bytes = Buffer.concat([
      lines(envelope(linkStatement(), [stranger]), envelope(linkStatement(), [party])),
      Buffer.from('\r\n\n{"half":\n'),
      lines(envelope(linkStatement({}, [subject(undefined, OTHER_SHA256)]), [second])),
    ])
    expect(outcome(bytes, { name })).toMatchObject({
      attestations: [{ sha256: SHA256 }, { sha256: OTHER_SHA256 }],
      evidence: [{ signers: [party.publicKey.fingerprint, second.publicKey.fingerprint].sort() }],
    })
  })

  it('are refused where none counts, each with its reason', () => {
    const bytes = lines(envelope(linkStatement(), [stranger]), envelope({}, [party]))
    expect(outcome(bytes, { name })).toEqual(
      statementError(/envelope 1: It has no valid.*envelope 2: The signed state/),
    )
    expect(outcome(Buffer.from('\n\n'), { name })).toEqual(statementError(/it is empty/))
  })

  it('are refused in a few lines, however many they are', () => {
    const bytes = Buffer.from('{"half":\n'.repeat(900))
    expect(outcome(bytes, { name })).toEqual(statementError(/envelope 10: [^;]*; and 890 more\.$/))
  })

  it('are read as lines only where the name says so', () => {
    const two = lines(envelope(linkStatement(), [party]), envelope(linkStatement(), [party]))
    expect(outcome(two)).toEqual(statementError(/something after its end/))
    const spaced = Buffer.from(JSON.stringify(envelope(linkStatement(), [party]), null, 2))
    expect(outcome(spaced)).toMatchObject(counted)
  })

  it('say each thing once: those that name other sources stay apart, and hashes are few', () => {
    const materials = [{ name: 'hello_1.0-1.dsc', digest: { sha256: OTHER_SHA256 } }]
    const nightly = Array.from({ length: 20 }, () => envelope(linkStatement(), [party]))
    const bytes = lines(...nightly, envelope(linkStatement({ materials }), [party]), ...nightly)
    expect(outcome(bytes, { name })).toMatchObject({
      attestations: [
        { sha256: SHA256, sources: [] },
        { sha256: SHA256, sources: [{ fileName: 'hello_1.0-1.dsc' }] },
      ],
    })
    const others = Array.from({ length: 20 }, (_, index) =>
      envelope(linkStatement({}, [subject(undefined, hexOf(index))]), [party]),
    )
    expect(outcome(lines(...others), { name })).toMatchObject({
      attestations: [0, 1, 2, 3].map((index) => ({ sha256: hexOf(index) })),
    })
  })

  it('are limited in number', () => {
    const many = Buffer.from('{}\n'.repeat(MAX_STATEMENTS_PER_PACKAGE + 1))
    expect(outcome(many, { name })).toMatchObject({ code: 'TOO_LARGE' })
  })
})

describe('a Statement v1', () => {
  const dsc = { name: 'hello_1.0-1.dsc', digest: { sha256: OTHER_SHA256 } }
  const dscSource = { fileName: 'hello_1.0-1.dsc', sha256: OTHER_SHA256, role: 'input' }

  it('that is a link says what was built, and of what', () => {
    const materials = [
      dsc,
      { uri: 'https://rebuilder.example/a%2Bb/hello_1.0-1%2Bb1_amd64.buildinfo?x=y.dsc#z', digest: { sha256: SHA256 } },
      { uri: 'https://rebuilder.example/hello_1.dsc' },
      { uri: 'https://rebuilder.example/%zz.dsc', digest: { sha256: SHA256 } },
      { name: 'hello_1.0.orig.tar.xz', digest: { sha256: SHA256 } },
      { name: 'hello_1.dsc', digest: { sha256: 'short' } },
      'hello_1.dsc',
    ]
    expect(saysOf(linkStatement({ name: 'rebuild hello', materials }))).toMatchObject({
      attestations: [
        {
          fileName: HELLO.fileName,
          sha256: SHA256,
          sources: [
            dscSource,
            { fileName: 'hello_1.0-1+b1_amd64.buildinfo', sha256: SHA256, role: 'input' },
            { fileName: 'hello_1.dsc', sha256: undefined, role: 'input' },
            { fileName: '%zz.dsc', sha256: SHA256, role: 'input' },
          ],
        },
      ],
    })
  })

  it('that is SLSA provenance says so too, and when', () => {
    const metadata = { invocationId: 'x', finishedOn: '2026-05-30T10:00:00.5+02:00', cpu: 1.5 }
    expect(saysOf(provenance({ dependencies: [dsc], metadata }))).toMatchObject({
      attestations: [{ sha256: SHA256, sources: [dscSource] }],
      evidence: [{ date: new Date('2026-05-30T08:00:00.500Z') }],
    })
    expect(saysOf(provenance())).not.toHaveProperty('evidence.0.date')
    for (const finishedOn of ['yesterday', 17, '2026-13-01T00:00:00Z', '2026']) {
      expect(saysOf(provenance({ metadata: { finishedOn } }))).toEqual(statementError(/finishedOn that is no time/))
    }
  })

  it('is about the file of this very name alone', () => {
    const others = [
      subject('hello_1.0-2_amd64.deb'),
      subject('rebuild/hello_1.0-1_amd64.deb'),
      subject('./hello_1.0-1_amd64.deb'),
      { digest: { sha256: SHA256 } },
    ]
    expect(saysOf(linkStatement({}, others))).toMatchObject({ attestations: [] })
    expect(saysOf(provenance({}, others))).toMatchObject({ attestations: [] })
  })

  it('that contradicts itself says both', () => {
    expect(saysOf(linkStatement({}, [subject(), subject(undefined, OTHER_SHA256)]))).toMatchObject({
      attestations: [{ sha256: SHA256 }, { sha256: OTHER_SHA256 }],
    })
  })

  it('with subjects and sources in any number makes few attestations', () => {
    const range = Array.from({ length: 5000 }, (_, index) => index)
    const subjects = range.map((index) => subject(undefined, hexOf(index % 2500)))
    const materials = range.map((index) => ({ name: `${index}.dsc`, digest: { sha256: hexOf(index) } }))
    const few = materials.slice(0, MAX_SOURCES_PER_STATEMENT)
    for (const payload of [linkStatement({ materials: few }, subjects), provenance({ dependencies: few }, subjects)]) {
      const { attestations } = verifyDsse(documentOf(JSON.stringify(envelope(payload, [party])), NAME), KEYS, AT, HELLO)
      expect(attestations.map(({ sha256 }) => sha256)).toEqual(range.slice(0, MAX_HASHES_PER_STATEMENT).map(hexOf))
      const payloadBytes = Buffer.from(JSON.stringify(payload))
      expect(readInTotoStatement(payloadBytes, HELLO).attestations).toEqual(attestations)
      expect(attestations[0]?.sources).toHaveLength(MAX_SOURCES_PER_STATEMENT)
      expect(new Set(attestations.map(({ sources }) => sources)).size).toBe(1)
    }
    for (const payload of [linkStatement({ materials }, subjects), provenance({ dependencies: materials }, subjects)]) {
      expect(saysOf(payload)).toEqual(statementError(/names more than 64 \.dsc and \.buildinfo files/))
    }
  })

  it('names sources by their base names, and shows none of their control characters', () => {
    const digest = { sha256: SHA256 }
    const materials = [
      { uri: 'https://rebuilder.example/..%2F..%2Fetc%2Fsecret.buildinfo', digest },
      { name: '../../a.dsc', digest },
      { name: 'a\r.dsc', digest },
      { uri: 'https://rebuilder.example/a%0A.dsc', digest },
    ]
    expect(saysOf(linkStatement({ materials }))).toMatchObject({
      attestations: [
        { sources: [{ fileName: 'secret.buildinfo' }, { fileName: 'a.dsc' }, { fileName: 'a\ufffd.dsc' }] },
      ],
    })
  })

  it("of OSS Rebuild's rebuild is about the file that was rebuilt, not upstream's", () => {
    const buildType = 'https://docs.oss-rebuild.dev/builds/Rebuild@v0.1'
    const subjects = [subject('rebuild/hello_1.0-1_amd64.deb'), subject(undefined, OTHER_SHA256)]
    expect(saysOf(provenance({ buildType }, subjects))).toMatchObject(counted)
  })

  it.each([
    [
      provenance({ buildType: 'https://docs.oss-rebuild.dev/builds/ArtifactEquivalence@v0.1' }),
      /not that they are identical/,
    ],
    [provenance({ buildType: 'https://elsewhere.example/ArtifactEquivalence@v9' }), /not that they are identical/],
    [provenance({ buildType: 'https://docs.oss-rebuild.dev/builds/Rebuild@v0.2' }), /buildType .* is not known/],
    [provenance({ buildType: '' }), /without a buildType/],
    [provenance({ buildType: 17 }), /without a buildType/],
    [statement('https://slsa.dev/provenance/v1', {}), /without a buildType/],
    [statement('https://slsa.dev/provenance/v0.2', { buildType: 'x' }), /no known kind of build/],
    [statement('https://slsa.dev/verification_summary/v1', {}), /summary of what a verifier checked/],
    [statement('https://in-toto.io/attestation/svr/v0.2', {}), /summary of what a verifier checked/],
    [statement('https://in-toto.io/attestation/scai/v0.3', {}), /claim about an artifact/],
    [statement('https://in-toto.io/attestation/test-result/v0.1', {}), /result of a test/],
    [statement('https://spdx.dev/Document/v2.3', {}), /"https:\/\/spdx\.dev\/Document\/v2\.3", which is no known/],
    [linkStatement({ name: 'build' }), /another step/],
    [linkStatement({ name: 'rebuild-failed' }), /another step/],
    [linkStatement({ name: undefined }), /another step/],
    [{ ...linkStatement(), _type: 'https://in-toto.io/Statement/v0.1' }, /is not of type/],
    [{ ...linkStatement(), subject: [] }, /has no subject/],
    [{ ...linkStatement(), subject: {} }, /has no subject/],
    [linkStatement({}, [subject(undefined, SHA256.toUpperCase())]), /without a SHA-256/],
    [linkStatement({}, [{ name: HELLO.fileName, digest: { sha512: 'x' } }]), /without a SHA-256/],
    [JSON.stringify(linkStatement()).replace('"subject":', '"subject":[],"subject":'), /two members "subject"/],
    ['hello', /payload is not usable as JSON/],
  ])('is refused that is signed and is no rebuild (%#)', (payload, pattern) => {
    expect(saysOf(payload)).toEqual(statementError(pattern))
  })
})
