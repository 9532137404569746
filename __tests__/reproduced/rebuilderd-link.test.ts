import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { type PublicKey, readPublicKeys } from '../../src/archive/public-key.ts'
import { isDebproofError } from '../../src/errors.ts'
import { MAX_SOURCES_PER_STATEMENT } from '../../src/limits.ts'
import { canonicalRebuilderd } from '../../src/reproduced/canonical-json.ts'
import { rebuilderdKeyId, verifyRebuilderdLink } from '../../src/reproduced/rebuilderd-link.ts'
import type { Statement } from '../../src/reproduced/statement.ts'
import { asObject, memberOf, parseStrictJson } from '../../src/reproduced/strict-json.ts'
import { linkOf, newKey, pinnedKey, signatureOf, signedLink } from '../making/rebuilderd-link.ts'
import { documentOf, fixture, packageOf } from './signed-statements.ts'

vi.mock('../../src/reproduced/canonical-json.ts', { spy: true })

const AT = new Date('2026-11-22T12:00:00Z')
const DEMO = packageOf('debproof-demo_1.0-1_amd64.deb')
const DATA = packageOf('debproof-demo-data_1.0-1_all.deb', { source: 'debproof-demo' })
const DEMO_SHA256 = '918fc1abbffbe06bc53931da10db751f28b09588e38a1460844eeebbed0d3bd1'
const FILE = packageOf('a_1_amd64.deb')
const SHA256 = 'a'.repeat(64)

/** The key that a daemon published when its answers were captured. */
function daemonKey(daemon: 'rbA' | 'rbB', until?: string): PublicKey {
  const { current }: { current: string[] } = JSON.parse(fixture(`${daemon}.v1_meta_public-keys.json`).toString())
  return pinnedKey(current.join(''), until)
}

function captured(daemon: 'rbA' | 'rbB', artifact: 1 | 2): Buffer {
  return fixture(`${daemon}.v1_attestation_artifact${artifact}.json`)
}

function verify(content: string | Uint8Array, keys: readonly PublicKey[], at = AT, rebuilt = FILE): Statement {
  return verifyRebuilderdLink(documentOf(content, 'attestation'), keys, at, rebuilt)
}

function problemOf(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (isDebproofError(error, 'STATEMENT')) return error.message
    throw error
  }
  throw new Error('it was accepted')
}

describe('what two real daemons signed', () => {
  test('their keys have the ids that they write', () => {
    expect(rebuilderdKeyId(daemonKey('rbA'))).toBe('e0be9309899dcc5b331e7696a9f06a1caa53610a024e5c6858a7d579f51939d7')
    expect(rebuilderdKeyId(daemonKey('rbB'))).toBe('0b116743e130d8960147a04283fa305fe0233a2943a7f50e5262079e2665b200')
  })

  test.each([
    { artifact: 1, size: 644, sha256: '0ae64fb6ec3423053561ac5ab47eba20e754d2fa35efa93f3b520c7ff11ea3be' },
    { artifact: 2, size: 650, sha256: '08826d4f7b1511837854d3c050a3d71f51ed7dbe97254d8ec632fcacc530fefa' },
  ] as const)('the signed bytes of artifact $artifact are the same of both, in whatever order', (expected) => {
    for (const daemon of ['rbA', 'rbB'] as const) {
      const document = parseStrictJson(captured(daemon, expected.artifact), daemon, { limit: 1e6, numbers: 'integers' })
      const bytes = canonicalRebuilderd(memberOf(document, 'signed') ?? null)
      expect(bytes.length).toBe(expected.size)
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(expected.sha256)
    }
  })

  test.each(['rbA', 'rbB'] as const)('%s attests the file and the .buildinfo that it was built by', (daemon) => {
    const key = daemonKey(daemon)
    const bytes = captured(daemon, 1)
    expect(verify(bytes, [key], AT, DEMO)).toEqual({
      evidence: [
        {
          kind: 'rebuilderd-link',
          url: 'https://rebuilder.example/attestation',
          size: bytes.length,
          sha256: createHash('sha256').update(bytes).digest('hex'),
          signers: [key.fingerprint],
        },
      ],
      attestations: [
        {
          fileName: 'debproof-demo_1.0-1_amd64.deb',
          sha256: DEMO_SHA256,
          sources: [
            {
              fileName: 'debproof-demo_1.0-1_amd64.buildinfo',
              sha256: '8b9838d4dcef06776fa26e3c60ba22ced6fc905c7d017f24b7a90063c148caa8',
              role: 'input',
            },
          ],
        },
      ],
      record: expect.objectContaining({ kind: 'build' }),
    })
  })

  test('an architecture-independent file of the same build has its own', () => {
    expect(verify(captured('rbA', 2), [daemonKey('rbA')], AT, DATA).attestations).toMatchObject([
      { sha256: '5459be3d80ac4b949ac4937a2eec90d1935f1143aa016e68caaf223d69384a7c' },
    ])
    expect(problemOf(() => verify(captured('rbA', 2), [daemonKey('rbA')], AT, DEMO))).toMatch(
      'is about another file: its name is "rebuild debproof-demo-data_1.0-1_all.deb"',
    )
  })

  test("the other daemon's key vouches for nothing, and no key at all for less", () => {
    for (const keys of [[daemonKey('rbB')], []]) {
      expect(problemOf(() => verify(captured('rbA', 1), keys, AT, DEMO))).toMatch('is signed by none of the keys')
    }
  })

  test('a key counts on its last day and not on the next', () => {
    const keys = [daemonKey('rbA', '2026-11-22')]
    expect(verify(captured('rbA', 1), keys, new Date('2026-11-22T23:59:59Z'), DEMO).attestations).toHaveLength(1)
    expect(problemOf(() => verify(captured('rbA', 1), keys, new Date('2026-11-23T00:00:00Z'), DEMO))).toMatch(
      /counts no more: it is signed by the key [0-9a-f]{64}, whose last day was 2026-11-22/,
    )
  })

  test('no change of a byte makes it say something else', () => {
    const bytes = captured('rbA', 1)
    const keys = [daemonKey('rbA')]
    const said = verify(bytes, keys, AT, DEMO).attestations
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (position, mask) => {
        const changed = Buffer.from(bytes)
        changed[position] = (changed[position] ?? 0) ^ mask
        try {
          expect(verify(changed, keys, AT, DEMO).attestations).toEqual(said)
        } catch (error) {
          if (!isDebproofError(error, 'STATEMENT')) throw error
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('each change of a byte of what is signed is refused', () => {
    const bytes = captured('rbA', 1)
    const signed = bytes.indexOf('"signed":{"_type') + '"signed":'.length
    fc.assert(
      fc.property(fc.integer({ min: signed, max: bytes.length - 2 }), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const changed = Buffer.from(bytes)
        changed[at] = (changed[at] ?? 0) ^ mask
        expect(problemOf(() => verify(changed, [daemonKey('rbA')], AT, DEMO))).not.toBe('')
      }),
      { numRuns: 1000 },
    )
  })
})

describe('signatures', () => {
  const daemon = newKey()
  const worker = newKey()
  const stranger = newKey()
  const link = linkOf(FILE.fileName, SHA256)

  test('of a daemon and its worker are both told where both are pinned', () => {
    const { evidence } = verify(signedLink(link, worker, daemon), [daemon.pinned, worker.pinned])
    expect(evidence[0]?.signers).toEqual([daemon.pinned.fingerprint, worker.pinned.fingerprint].sort())
  })

  test('of workers that nobody knows change nothing, good or bad', () => {
    const unknown = [
      signatureOf(linkOf('b_1_amd64.deb', SHA256), stranger),
      { keyid: 'e'.repeat(64), sig: '' },
      7,
      null,
    ]
    const document = JSON.stringify({ signatures: [...unknown, signatureOf(link, daemon)], signed: link })
    expect(verify(document, [daemon.pinned]).evidence[0]?.signers).toEqual([daemon.pinned.fingerprint])
  })

  test('of strangers alone are refused without writing anew what they signed', () => {
    const document = signedLink({ ...Object(link), byproducts: { marked: 1 } }, stranger)
    const bad = document.replace(rebuilderdKeyId(stranger.pinned), rebuilderdKeyId(daemon.pinned))
    const written = (): unknown[] =>
      vi.mocked(canonicalRebuilderd).mock.calls.filter(([value]) => memberOf(value, 'byproducts') !== undefined)
    vi.mocked(canonicalRebuilderd).mockClear()
    expect(problemOf(() => verify(document, [daemon.pinned]))).toMatch('is signed by none of the keys')
    expect(written()).toHaveLength(0)
    expect(problemOf(() => verify(bad, [daemon.pinned]))).toMatch('has a BAD signature')
    expect(written()).toHaveLength(1)
  })

  test('that are bad under a pinned key refuse the document, good ones beside them or not', () => {
    const bad = signatureOf(linkOf(FILE.fileName, 'd'.repeat(64)), worker)
    const good = signatureOf(link, daemon)
    for (const signatures of [[good, bad], [bad, good], [bad]]) {
      const document = JSON.stringify({ signatures, signed: link })
      expect(problemOf(() => verify(document, [daemon.pinned, worker.pinned]))).toMatch(
        `has a BAD signature of the key ${worker.pinned.fingerprint}`,
      )
    }
  })

  test('of a key under the id of another are bad', () => {
    const { sig } = signatureOf(link, stranger)
    const document = JSON.stringify({ signatures: [{ keyid: rebuilderdKeyId(daemon.pinned), sig }], signed: link })
    expect(problemOf(() => verify(document, [daemon.pinned, stranger.pinned]))).toMatch('has a BAD signature')
  })

  test.each([
    ['cut', (sig: string) => sig.slice(0, 126)],
    ['longer', (sig: string) => `${sig}00`],
    ['in upper case', (sig: string) => sig.toUpperCase()],
    ['not hex', () => 'z'.repeat(128)],
  ])('that are %s are bad', (_, change) => {
    const { keyid, sig } = signatureOf(link, daemon)
    const document = JSON.stringify({ signatures: [{ keyid, sig: change(sig) }], signed: link })
    expect(problemOf(() => verify(document, [daemon.pinned]))).toMatch('has a BAD signature')
  })

  test('that were made over other bytes than canonical JSON are bad', () => {
    const { keyid } = signatureOf(link, daemon)
    const sig = signatureOf({ signed: link }, daemon).sig
    const document = JSON.stringify({ signatures: [{ keyid, sig }], signed: link })
    expect(problemOf(() => verify(document, [daemon.pinned]))).toMatch('has a BAD signature')
  })

  test('that are none, no list, or too many are refused', () => {
    for (const signatures of [undefined, [], {}, 'x']) {
      expect(problemOf(() => verify(JSON.stringify({ signatures, signed: link }), [daemon.pinned]))).toMatch(
        'not signed',
      )
    }
    const many = Array.from({ length: 65 }, () => signatureOf(link, daemon))
    const document = JSON.stringify({ signatures: many, signed: link })
    expect(problemOf(() => verify(document, [daemon.pinned]))).toMatch('has more than 64 signatures')
  })

  test('cannot be by a key on P-256, which rebuilderd does not have', () => {
    const p256 = readPublicKeys(
      Buffer.from(
        '-----BEGIN PUBLIC KEY-----\n' +
          'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54W' +
          'K84zV2sxXs7LtkBoN79R9Q==\n-----END PUBLIC KEY-----\n',
      ),
      'p256.pub',
    )
    const signatures = p256.map((key) => ({ ...signatureOf(link, daemon), keyid: rebuilderdKeyId(key) }))
    const document = JSON.stringify({ signatures, signed: link })
    expect(signatures).toHaveLength(1)
    expect(problemOf(() => verify(document, p256))).toMatch('is signed by none of the keys')
  })
})

describe('what is signed well', () => {
  const key = newKey()
  const signed = (otherwise: Readonly<Record<string, unknown>>): string =>
    signedLink(linkOf(FILE.fileName, SHA256, otherwise), key)

  test.each([
    ['of another type', { _type: 'layout' }, 'its _type is another'],
    ['about a sibling', { name: 'rebuild b_1_amd64.deb' }, 'is about another file'],
    ['about an older version', { name: 'rebuild a_0_amd64.deb' }, 'is about another file'],
    ['about the file without saying that it was rebuilt', { name: FILE.fileName }, 'is about another file'],
    ['about no file', { name: null }, 'is about another file'],
    ['without a product', { products: {} }, 'as its one product'],
    ['with no map of products', { products: [FILE.fileName] }, 'as its one product'],
    ['with another product', { products: { 'b_1_amd64.deb': { sha256: SHA256 } } }, 'as its one product'],
    [
      'with two products',
      { products: { [FILE.fileName]: { sha256: SHA256 }, 'b_1_amd64.deb': { sha256: SHA256 } } },
      'as its one product',
    ],
    ['with a hash that is too short', { products: { [FILE.fileName]: { sha256: SHA256.slice(1) } } }, 'no SHA-256'],
    ['with a hash that is too long', { products: { [FILE.fileName]: { sha256: `${SHA256}a` } } }, 'no SHA-256'],
    ['with a hash in upper case', { products: { [FILE.fileName]: { sha256: 'A'.repeat(64) } } }, 'no SHA-256'],
    ['with SHA-512 alone', { products: { [FILE.fileName]: { sha512: 'c'.repeat(128) } } }, 'no SHA-256'],
  ])('but is %s is refused', (_, otherwise, problem) => {
    expect(problemOf(() => verify(signed(otherwise), [key.pinned]))).toMatch(problem)
  })

  test('is refused with a member more than was signed', () => {
    const document = signed({}).replace('"_type":"link"', '"_type":"link","note":"x"')
    expect(problemOf(() => verify(document, [key.pinned]))).toMatch('has a BAD signature')
  })

  test('is refused with a name twice, of which a lax reader takes the last', () => {
    const document = signed({}).replace('"_type":"link"', `"products":{},"_type":"link"`)
    expect(JSON.parse(document)).toEqual(JSON.parse(signed({})))
    expect(problemOf(() => verify(document, [key.pinned]))).toMatch('two members "products"')
  })

  test('is refused with numbers that canonical JSON cannot write', () => {
    const document = signed({ byproducts: { 'return-value': 0 } })
    expect(verify(document, [key.pinned]).attestations).toHaveLength(1)
    for (const number of ['0.0', '-0', '0e0']) {
      const changed = document.replace('"return-value":0', `"return-value":${number}`)
      expect(problemOf(() => verify(changed, [key.pinned]))).toMatch('no integer')
    }
  })

  test('names as sources the .buildinfo and .dsc that were given to the build, and nothing else', () => {
    const materials = {
      'a_1.dsc': { sha256: 'e'.repeat(64) },
      'a_1.tar.xz': { sha256: 'e'.repeat(64) },
      'a_1_amd64.buildinfo': { sha256: 'f'.repeat(64) },
      'b_1.dsc': { sha512: 'e'.repeat(128) },
      'c_1.dsc': 'e'.repeat(64),
    }
    expect(verify(signed({ materials }), [key.pinned]).attestations[0]?.sources).toEqual([
      { fileName: 'a_1.dsc', sha256: 'e'.repeat(64), role: 'input' },
      { fileName: 'a_1_amd64.buildinfo', sha256: 'f'.repeat(64), role: 'input' },
      { fileName: 'b_1.dsc', sha256: undefined, role: 'input' },
      { fileName: 'c_1.dsc', sha256: undefined, role: 'input' },
    ])
    expect(verify(signed({ materials: null }), [key.pinned]).attestations[0]?.sources).toEqual([])
  })

  test('names sources by their base names, and shows none of their control characters', () => {
    const sha256 = 'e'.repeat(64)
    const materials = {
      '../../../../../etc/secret.buildinfo': { sha256 },
      'x/a_1.dsc': { sha256 },
      'y/a_1.dsc': { sha256 },
      'a\u0007.dsc': { sha256 },
      '.dsc': { sha256 },
    }
    expect(verify(signed({ materials }), [key.pinned]).attestations[0]?.sources).toEqual([
      { fileName: 'secret.buildinfo', sha256, role: 'input' },
      { fileName: 'a_1.dsc', sha256, role: 'input' },
      { fileName: 'a\ufffd.dsc', sha256, role: 'input' },
      { fileName: '.dsc', sha256, role: 'input' },
    ])
  })

  test('is refused with more sources than anybody could look at', () => {
    const materials = (count: number): object =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`m${index}.buildinfo`, { sha256: SHA256 }]))
    const [attestation] = verify(signed({ materials: materials(MAX_SOURCES_PER_STATEMENT) }), [key.pinned]).attestations
    expect(attestation?.sources).toHaveLength(MAX_SOURCES_PER_STATEMENT)
    expect(
      problemOf(() => verify(signed({ materials: materials(MAX_SOURCES_PER_STATEMENT + 1) }), [key.pinned])),
    ).toMatch('names more than 64 .dsc and .buildinfo files that it was built from')
  })

  test('may have line feeds, quotes and other letters, in any order of its members', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })),
        fc.nat(),
        (byproducts, seed) => {
          const link = linkOf(FILE.fileName, SHA256, { byproducts: { 'a\nb': '\\n "é', ...byproducts } })
          const whole: unknown = JSON.parse(signedLink(link, key))
          expect(verify(reordered(whole, seed), [key.pinned]).attestations[0]?.sha256).toBe(SHA256)
        },
      ),
    )
  })

  test('that is no link at all is refused', () => {
    for (const document of ['', '[]', 'null', '{}', '{"signed":[]}', '<html></html>', '{"signed":{}', '\ufeff{}']) {
      expect(problemOf(() => verify(document, [key.pinned]))).toMatch('https://rebuilder.example/attestation')
    }
    expect(asObject(parseStrictJson(Buffer.from(signed({})), 'it', { limit: 1e6, numbers: 'any' }))).toBeDefined()
  })
})

/** The same value, written with its members in another order. */
function reordered(value: unknown, seed: number): Buffer {
  const write = (part: unknown): string => {
    if (Array.isArray(part)) return `[${part.map(write).join(', ')}]`
    if (typeof part !== 'object' || part === null) return JSON.stringify(part)
    const members = Object.entries(part).map(([name, member]) => `${JSON.stringify(name)} : ${write(member)}`)
    const turn = members.length === 0 ? 0 : seed % members.length
    return `{ ${[...members.slice(turn), ...members.slice(0, turn)].join(',\n')} }`
  }
  return Buffer.from(write(value))
}
