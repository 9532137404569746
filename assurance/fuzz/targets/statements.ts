import { createHash } from 'node:crypto'
import {
  linkOf,
  newKey,
  pinnedKey,
  signedLink as signedRebuilderdLink,
} from '../../../__tests__/making/rebuilderd-link.ts'
import {
  dsseSigner,
  envelope,
  linkStatement,
  provenance,
  subject,
} from '../../../__tests__/reproduced/dsse-envelopes.ts'
import {
  headersOf,
  layout,
  link,
  metablock,
  metablockSignature,
  rawSigner,
} from '../../../__tests__/reproduced/signed-metablocks.ts'
import { documentOf, packageOf } from '../../../__tests__/reproduced/signed-statements.ts'
import { parseBuildinfo } from '../../../src/archive/buildinfo.ts'
import { readPublicKeys } from '../../../src/archive/public-key.ts'
import type { Downloads } from '../../../src/net/downloads.ts'
import { refuseUnsafeBuildinfo } from '../../../src/rebuild/safe-buildinfo.ts'
import { canonicalOlpc } from '../../../src/reproduced/canonical-json.ts'
import { parseDirectoryListing } from '../../../src/reproduced/directory-listing.ts'
import { verifyDsse } from '../../../src/reproduced/dsse.ts'
import { verifyLayout, verifyLinkByLayoutKey } from '../../../src/reproduced/in-toto-layout.ts'
import { productsNamedIn, verifyLink } from '../../../src/reproduced/in-toto-link.ts'
import { parseLayoutKey } from '../../../src/reproduced/layout-key.ts'
import { parseOtherHeaders } from '../../../src/reproduced/other-headers.ts'
import { verifyRebuilderdLink } from '../../../src/reproduced/rebuilderd-link.ts'
import { findAttestationsV0 } from '../../../src/reproduced/rebuilderd-v0.ts'
import { findAttestationsV1 } from '../../../src/reproduced/rebuilderd-v1.ts'
import {
  filesSummedIn,
  looksLikeSignature,
  looksLikeSums,
  parseSha256sums,
  verifySha256sums,
} from '../../../src/reproduced/sha256sums.ts'
import { filesNamedIn, looksLikeBuildinfo, verifyBuildinfo } from '../../../src/reproduced/signed-buildinfo.ts'
import type { Statement } from '../../../src/reproduced/statement.ts'
import { type JsonValue, parseStrictJson } from '../../../src/reproduced/strict-json.ts'
import { canonicalText, latin1, promise, type Target, unlessRefused, unlessRefusedNow } from '../target.ts'
import {
  CLOCK,
  ED25519_KEY,
  EXAMPLE,
  file,
  fileSeeds,
  folderSeeds,
  keyringFrom,
  once,
  REBUILDS,
  RSA_KEY,
  textSeeds,
} from './files.ts'

const CODES = ['STATEMENT', 'TOO_LARGE'] as const
const DEMO = packageOf('debproof-demo_1.0-1_amd64.deb')
const HELLO = packageOf('hello_1.0-1_amd64.deb')
const JSON_TOKENS = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ':',
  ',',
  'null',
  '1e999',
  '-0',
  '"__proto__":',
  '\\u0000',
  '\\ud800',
  '\\n',
  '\xef\xbb\xbf',
  '"sha256":"',
  '9007199254740993',
]

/** What was attested, for comparing with what was really signed. */
function saidOf({ attestations }: Statement): string {
  return canonicalText(attestations.map(({ fileName, sha256 }) => `${fileName} ${sha256}`).sort())
}

/** Keeps what the genuine documents say: whatever else is accepted must say one of these things. */
function forgeryOracle(genuine: () => Promise<readonly string[]>): (statement: Statement) => Promise<void> {
  const said = once(async () => new Set([...(await genuine()), canonicalText([])]))
  return async (statement) =>
    promise((await said()).has(saidOf(statement)), `FORGERY: nobody signed ${saidOf(statement).slice(0, 300)}`)
}

const bothKeys = once(() => keyringFrom(RSA_KEY, ED25519_KEY, `${EXAMPLE}/keys/alpha.asc`, `${EXAMPLE}/keys/beta.asc`))

const SIGNED_BUILDINFOS = ['orig.rsa.signed', 'rebuild.ed25519.signed', 'rebuild.debsign.signed'].map(
  (name) => `${REBUILDS}/${name}.buildinfo`,
)

const buildinfoOracle = forgeryOracle(async () => {
  const keyring = await bothKeys()
  return await Promise.all(
    SIGNED_BUILDINFOS.map(async (name) => saidOf(await verifyBuildinfo(documentOf(file(name)), keyring, CLOCK, DEMO))),
  )
})

const signedBuildinfo: Target = {
  name: 'signed-buildinfo',
  promise: 'what is attested was signed',
  seeds: () => fileSeeds(...SIGNED_BUILDINFOS),
  tokens: [
    '-----BEGIN PGP SIGNED MESSAGE-----\n',
    '-----BEGIN PGP SIGNATURE-----\n',
    '- ',
    ' \n',
    'Checksums-Sha256:\n ',
  ],
  async run(bytes) {
    const document = documentOf(bytes)
    looksLikeBuildinfo(document)
    const named = filesNamedIn(bytes)
    const statement = await unlessRefused(
      CODES,
      async () => await verifyBuildinfo(document, await bothKeys(), CLOCK, DEMO),
    )
    if (statement === undefined) return 'refused'
    await buildinfoOracle(statement)
    for (const { fileName } of statement.attestations) promise(named.has(fileName), `${fileName} would not be found`)
    return 'accepted'
  },
}

const buildinfo: Target = {
  name: 'buildinfo',
  promise: 'a .buildinfo lists plain file names with hashes that stand in it',
  seeds: () => [
    ...['netbase_6.5_amd64', 'orig', 'sl_5.02-1_amd64']
      .map((name) => `${REBUILDS}/${name}.buildinfo`)
      .flatMap((name) => fileSeeds(name)),
  ],
  tokens: [
    'Format: 1.0\n',
    'Source: ',
    'Version: ',
    'Checksums-Sha256:\n ',
    'Build-Architecture: ',
    'Environment:\n ',
    '="',
    '(= ',
    '/build/',
    '../',
  ],
  run(bytes) {
    const text = latin1(bytes)
    const read = unlessRefusedNow(CODES, () => parseBuildinfo(text, 'http://h/a.buildinfo'))
    const safe = unlessRefusedNow(
      ['STATEMENT', 'INDEX_MALFORMED'],
      () => refuseUnsafeBuildinfo(text, 'a.buildinfo') ?? true,
    )
    if (safe !== undefined)
      promise(
        !/^ *-/m.test(/^environment:((?:\n[ \t].*)*)/im.exec(text)?.[1] ?? ''),
        'an option for env(1) was let through',
      )
    if (read === undefined) return 'refused'
    for (const [name, { sha256 }] of read.files) {
      promise(!name.includes('/') && name !== '..' && name !== '', `${name} is no file name`)
      promise(text.includes(sha256), 'a hash is not in the text')
    }
    return 'accepted'
  },
}

const SUMS = `${EXAMPLE}/rebuilders/beta/SHA256SUMS`
const GREETING = packageOf('example-greeting_1.0-1_all.deb')
const sumsOracle = forgeryOracle(async () => [
  saidOf(await verifySha256sums(documentOf(file(SUMS)), undefined, await bothKeys(), CLOCK, GREETING)),
])

const sums: Target = {
  name: 'sha256sums',
  promise: 'signed sums say what was signed, and a list is read as sha256sum writes it',
  seeds: () => [
    ...fileSeeds(SUMS),
    ...textSeeds({
      plain: `${'a'.repeat(64)}  pool/hello_1.0-1_amd64.deb\n# c\n\n${'b'.repeat(64)} *b.deb\n`,
      tagged: `SHA256 (a.deb) = ${'a'.repeat(64)}\n`,
    }),
  ],
  tokens: ['  ', ' *', '\\', '/', '\r', '.deb', 'a'.repeat(64), '-----BEGIN PGP SIGNED MESSAGE-----\n'],
  async run(bytes) {
    const document = documentOf(bytes, 'SHA256SUMS')
    looksLikeSums(document)
    looksLikeSignature(document)
    const found = filesSummedIn(bytes)
    const listed = unlessRefusedNow(CODES, () => parseSha256sums(latin1(bytes), 'SHA256SUMS'))
    for (const [name, sha256] of listed ?? []) {
      promise(latin1(bytes).includes(sha256) && found.has(name.trimEnd()), `${JSON.stringify(name)} would not be found`)
    }
    const statement = await unlessRefused(
      CODES,
      async () => await verifySha256sums(document, undefined, await bothKeys(), CLOCK, GREETING),
    )
    if (statement !== undefined) await sumsOracle(statement)
    return statement === undefined && listed === undefined ? 'refused' : 'accepted'
  },
}

const LINKS = ['rebuild.28c1e5f1.link', 'rebuild.77f84300.link'].map((name) => `${REBUILDS}/${name}`)
const linkOracle = forgeryOracle(async () => {
  const keyring = await bothKeys()
  return await Promise.all(
    LINKS.map(async (name) => saidOf(await verifyLink(documentOf(file(name)), keyring, CLOCK, DEMO))),
  )
})

const signedLink: Target = {
  name: 'in-toto-link',
  promise: 'what is attested was signed',
  seeds: () => fileSeeds(...LINKS),
  tokens: [...JSON_TOKENS, '"signatures":[', '"signed":', '"other_headers":"', '"keyid":"'],
  async run(bytes) {
    const document = documentOf(bytes, 'rebuild.link')
    productsNamedIn(document)
    const statement = await unlessRefused(CODES, async () => await verifyLink(document, await bothKeys(), CLOCK, DEMO))
    if (statement === undefined) return 'refused'
    await linkOracle(statement)
    return 'accepted'
  },
}

const raw = rawSigner('ed25519')
const rawKey = parseLayoutKey(
  raw.fingerprint,
  parseStrictJson(Buffer.from(JSON.stringify(raw.layoutKey)), 'a key', { limit: 65_536, numbers: 'any' }),
)

/** The input is what is signed: it is signed here, so that all behind the signature is reached. */
const linkContent: Target = {
  name: 'in-toto-link-content',
  promise: 'a link says of a file a hash that stands in it',
  seeds: () => [
    ...textSeeds({
      made: JSON.stringify(link()),
      materials: JSON.stringify(
        link(
          {
            'a/hello_1.0-1_amd64.deb': { sha256: 'a'.repeat(64) },
            'b/hello_1.0-1_amd64.deb': { sha256: 'b'.repeat(64) },
          },
          { materials: { 'x/hello_1.dsc': { sha256: 'c'.repeat(64) } } },
        ),
      ),
    }),
  ],
  tokens: [...JSON_TOKENS, '"hello_1.0-1_amd64.deb":', '.dsc', '.buildinfo', '"materials":'],
  async run(bytes) {
    const signed = signedByRaw(bytes)
    if (signed === undefined) return 'refused'
    const document = documentOf(signed, 'rebuild.link')
    const statement = await unlessRefused(CODES, () => verifyLinkByLayoutKey(document, rawKey, CLOCK, HELLO))
    if (statement === undefined) return 'refused'
    for (const { sha256 } of statement.attestations)
      promise(latin1(bytes).includes(sha256), 'a hash is not in the link')
    if (statement.attestations.length > 0)
      promise(productsNamedIn(document).includes(HELLO.fileName), 'it would not be found')
    return 'accepted'
  },
}

/** A metablock around JSON that the strict parser takes; undefined where it takes it not. */
function signedByRaw(bytes: Uint8Array): Buffer | undefined {
  const parsed = unlessRefusedNow(CODES, () => parseStrictJson(bytes, 'it', { limit: 65_536, numbers: 'integers' }))
  if (!(parsed instanceof Map)) return undefined
  const headers = headersOf(raw)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(headers.length)
  const signature = raw.sign(Buffer.concat([canonicalOlpc(parsed), headers, Buffer.from([4, 0xff]), length]))
  const written = JSON.stringify([
    { keyid: raw.fingerprint, other_headers: headers.toString('hex'), signature: signature.toString('hex') },
  ])
  return Buffer.concat([Buffer.from(`{"signatures":${written},"signed":`), bytes, Buffer.from('}')])
}

const owner = once(() => keyringFrom(`${REBUILDS}/owner.asc`))

const signedLayout: Target = {
  name: 'in-toto-layout',
  promise: 'a layout that is accepted is the one that its owner signed',
  seeds: () => [
    ...fileSeeds(`${REBUILDS}/demo.layout`),
    ...textSeeds({ other: latin1(metablock(layout([raw]), metablockSignature(layout([raw]), raw))) }),
  ],
  tokens: [...JSON_TOKENS, '"threshold":', '"pubkeys":[', '"expires":"', '"steps":['],
  async run(bytes) {
    const keyring = await owner()
    const read = await unlessRefused(CODES, () => verifyLayout(documentOf(bytes, 'a.layout'), keyring, CLOCK))
    if (read === undefined) return 'refused'
    const { threshold, expires, keys } = await genuineLayout()
    promise(
      read.threshold === threshold && read.expires.getTime() === expires.getTime(),
      'FORGERY: its owner did not say so',
    )
    promise(
      read.keys.map(({ fingerprint }) => fingerprint).join() === keys.map(({ fingerprint }) => fingerprint).join(),
      'FORGERY: other keys',
    )
    return 'accepted'
  },
}

const genuineLayout = once(
  async () => await verifyLayout(documentOf(file(`${REBUILDS}/demo.layout`), 'a.layout'), await owner(), CLOCK),
)

const layoutKey: Target = {
  name: 'layout-key',
  promise: 'a key of a layout can be used, or is refused',
  seeds: () =>
    textSeeds({
      ed25519: JSON.stringify(raw.layoutKey),
      subkeys: JSON.stringify({
        ...raw.layoutKey,
        creation_time: 1,
        validity_period: 100,
        subkeys: { ['a'.repeat(40)]: { ...raw.layoutKey, keyid: 'a'.repeat(40) } },
      }),
      rsa: JSON.stringify(RSA_LAYOUT_KEY),
    }),
  tokens: [
    ...JSON_TOKENS,
    '"subkeys":{',
    '"creation_time":',
    '"validity_period":',
    '"n":"',
    '"e":"',
    'pgp+rsa-pkcsv1.5',
    'pgp+eddsa-ed25519',
  ],
  run(bytes) {
    const value = unlessRefusedNow(CODES, () => parseStrictJson(bytes, 'it', { limit: 65_536, numbers: 'integers' }))
    const keyid = value instanceof Map ? value.get('keyid') : undefined
    if (typeof keyid !== 'string') return 'refused'
    const key = unlessRefusedNow(CODES, () => parseLayoutKey(keyid, value))
    if (key === undefined) return 'refused'
    for (const { expiresAt, createdAt } of key.keys.values()) {
      promise(!Number.isNaN(expiresAt?.getTime()) && !Number.isNaN(createdAt?.getTime()), 'a time is none')
    }
    return 'accepted'
  },
}

const RSA_LAYOUT_KEY = { ...rawSigner('rsa').layoutKey, keyid: 'b'.repeat(40) }

const otherHeaders: Target = {
  name: 'other-headers',
  promise: 'every byte of the headers is accounted for',
  seeds: () => [
    { name: 'made', bytes: headersOf(raw) },
    {
      name: 'expiry',
      bytes: headersOf(raw, {
        subpackets: [
          Buffer.from([5, 2, 1, 2, 3, 4]),
          Buffer.from([5, 3, 0, 0, 1, 0]),
          Buffer.concat([Buffer.from([22, 33, 4]), Buffer.alloc(20, 7)]),
          Buffer.concat([Buffer.from([9, 16]), Buffer.alloc(8, 7)]),
        ],
      }),
    },
  ],
  run(bytes) {
    const read = unlessRefusedNow(['STATEMENT'], () => parseOtherHeaders(bytes))
    if (read === undefined) return 'refused'
    promise(latin1(bytes).includes(latin1(Buffer.from(read.issuer, 'hex'))), 'the issuer is not in the headers')
    promise(!Number.isNaN(read.signedAt.getTime()), 'the time is none')
    return 'accepted'
  },
  limit: 2048,
}

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

const daemonKey = pinnedKey(String(JSON.parse(latin1(file(`${REBUILDS}/rbA.v1_meta_public-keys.json`))).current))
const REBUILDERD_LINKS = [
  'rbA.v0_builds_1_attestation.json',
  'rbA.v1_attestation_artifact1.json',
  'rbA.v1_attestation_artifact2.json',
].map((name) => `${REBUILDS}/${name}`)
const PACKAGES = [DEMO, packageOf('debproof-demo-data_1.0-1_all.deb', { source: 'debproof-demo' })]
const rebuilderdOracle = forgeryOracle(async () =>
  REBUILDERD_LINKS.flatMap((name) =>
    PACKAGES.flatMap((rebuilt) => {
      const statement = unlessRefusedNow(CODES, () =>
        verifyRebuilderdLink(documentOf(file(name)), [daemonKey], CLOCK, rebuilt),
      )
      return statement === undefined ? [] : [saidOf(statement)]
    }),
  ),
)

const rebuilderdLink: Target = {
  name: 'rebuilderd-link',
  promise: 'what is attested was signed',
  seeds: () => fileSeeds(...REBUILDERD_LINKS),
  tokens: [...JSON_TOKENS, '"signatures":[', '"sig":"', '"keyid":"', '"products":{', '"name":"rebuild '],
  async run(bytes) {
    const statements = PACKAGES.map((rebuilt) =>
      unlessRefusedNow(CODES, () => verifyRebuilderdLink(documentOf(bytes), [daemonKey], CLOCK, rebuilt)),
    )
    for (const statement of statements) if (statement !== undefined) await rebuilderdOracle(statement)
    return statements.some((statement) => statement !== undefined) ? 'accepted' : 'refused'
  },
}

const own = newKey()

const rebuilderdContent: Target = {
  name: 'rebuilderd-link-content',
  promise: 'a link says of a file a hash that stands in it',
  seeds: () =>
    textSeeds({
      made: JSON.stringify(linkOf(HELLO.fileName, 'a'.repeat(64))),
      line: JSON.stringify(linkOf(HELLO.fileName, 'b'.repeat(64), { byproducts: { stdout: 'a\nb\\n' } })),
    }),
  tokens: [...JSON_TOKENS, '"products":{', '"materials":{', '\\\\n'],
  run(bytes) {
    const parsed = unlessRefusedNow(CODES, () => parseStrictJson(bytes, 'it', { limit: 65_536, numbers: 'integers' }))
    if (!(parsed instanceof Map)) return 'refused'
    const signed = signedRebuilderdLink(plainOf(parsed), own)
    const statement = unlessRefusedNow(CODES, () =>
      verifyRebuilderdLink(documentOf(Buffer.from(signed)), [own.pinned], CLOCK, HELLO),
    )
    if (statement === undefined) return 'refused'
    for (const { sha256 } of statement.attestations)
      promise(latin1(bytes).includes(sha256), 'a hash is not in the link')
    return 'accepted'
  },
}

/** `JSON.parse` would make a prototype of a member `__proto__`. */
function plainOf(value: JsonValue): unknown {
  if (value instanceof Map)
    return Object.fromEntries(
      [...value].filter(([name]) => name !== '__proto__').map(([name, part]) => [name, plainOf(part)]),
    )
  return Array.isArray(value) ? value.map(plainOf) : value
}

/** Gives one answer to every question. */
function answering(bytes: Uint8Array): Downloads {
  return { bytes: async () => bytes } as never
}

const BASE = new URL('http://rebuilder.example/')

const rebuilderdAnswers: Target = {
  name: 'rebuilderd-answers',
  promise: 'an answer leads to URLs below the rebuilder, and to no more than it may',
  seeds: () =>
    folderSeeds(
      REBUILDS,
      /^rb[AB]\.(?:v[01]_(?:pkgs_list|builds|packages_binary|builds_1_artifacts)|bad\..*)\.json$|^rbB\.bad/,
    ),
  tokens: [
    ...JSON_TOKENS,
    '"total":',
    '"records":[',
    '"id":',
    '"attestation_log_id":',
    '"build_id":',
    '"has_attestation":true',
  ],
  async run(bytes) {
    const codes = ['FETCH', 'TOO_LARGE'] as const
    let isAnswer = false
    for (const rebuilt of PACKAGES) {
      const v0 = await unlessRefused(codes, () => findAttestationsV0(answering(bytes), BASE, rebuilt))
      const v1 = await unlessRefused(codes, () => findAttestationsV1(answering(bytes), BASE, rebuilt))
      for (const found of [v0, v1]) {
        isAnswer ||= found !== undefined
        for (const url of found?.urls ?? [])
          promise(url.href.startsWith(`${BASE.href}api/v`), `${url.href} is elsewhere`)
      }
    }
    return isAnswer ? 'accepted' : 'refused'
  },
}

const listing: Target = {
  name: 'directory-listing',
  promise: 'a page gives plain names in its own folder',
  seeds: () =>
    textSeeds({
      apache:
        '<table><tr><td><a href="?C=N;O=D">Name</a></td></tr><tr><td><a href="hello_1.0-1_amd64.buildinfo">hello</a></td></tr><tr><td><a href="sub/">sub</a></td></tr></table>',
      nginx: '<h1>Index</h1><pre><a href="../">../</a>\n<a href="a%2bb.link">a+b.link</a> 01-Jun-2026 12:00 12\n</pre>',
      python:
        '<ul><li><a href="a&amp;b.link">a&amp;b.link</a></li><li><A HREF=\'c.link\'>c</A></li><li><a class=x href=d.link>d</a></li></ul>',
    }),
  tokens: [
    '<a ',
    ' href="',
    '>',
    '&amp;',
    '&#x2f;',
    '&#0;',
    '%2f',
    '%00',
    '%e2%80%a8',
    '..',
    'http://h/',
    '//',
    '\\',
    '?',
    '#',
    '%',
  ],
  run(bytes) {
    const base = new URL('https://h:8443/a/b/')
    const names = unlessRefusedNow(['TOO_LARGE'], () => parseDirectoryListing(latin1(bytes), base))
    for (const name of names ?? []) {
      promise(
        !/[/\\\0\n\r]/.test(name) && name !== '' && name !== '.' && name !== '..',
        `${JSON.stringify(name)} is no file name`,
      )
      const url = new URL(encodeURIComponent(name), base)
      promise(url.href.startsWith(base.href), `${url.href} is elsewhere`)
    }
    return names === undefined || names.length === 0 ? 'refused' : 'accepted'
  },
}

const json: Target = {
  name: 'strict-json',
  promise: 'what is accepted is what JSON.parse reads, and its canonical form is that of no other value',
  seeds: () => [
    ...fileSeeds(LINKS[0] ?? '', `${REBUILDS}/rbA.v1_packages_binary.json`),
    ...textSeeds({ values: '{"a":[1,-2,true,false,null,"\\u00e9\\n\\"\\\\\xc3\xa9"],"b":{"":{}},"c":1.5e3}' }),
  ],
  tokens: JSON_TOKENS,
  run(bytes) {
    const any = unlessRefusedNow(CODES, () => parseStrictJson(bytes, 'it', { limit: 65_536, numbers: 'any' }))
    const integers = unlessRefusedNow(CODES, () => parseStrictJson(bytes, 'it', { limit: 65_536, numbers: 'integers' }))
    if (integers !== undefined) {
      promise(
        any !== undefined && canonicalText(any) === canonicalText(integers),
        'the stricter reader reads something else',
      )
      const digest = createHash('sha256').update(canonicalOlpc(integers)).digest('hex')
      const again = parseStrictJson(Buffer.from(JSON.stringify(plainOf(integers))), 'it', {
        limit: 1e7,
        numbers: 'integers',
      })
      const same = createHash('sha256').update(canonicalOlpc(again)).digest('hex') === digest
      promise(
        same || latin1(bytes).includes('__proto__') || latin1(bytes).includes('\\u'),
        'its canonical form is another when it is read again',
      )
    }
    if (any === undefined) return 'refused'
    promise(
      canonicalText(plainOf(any)) === canonicalText(withoutPrototypes(JSON.parse(Buffer.from(bytes).toString('utf8')))),
      'JSON.parse reads something else',
    )
    return 'accepted'
  },
}

function withoutPrototypes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPrototypes)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== '__proto__')
      .map(([name, part]) => [name, withoutPrototypes(part)]),
  )
}

const pem: Target = {
  name: 'public-keys',
  promise: 'a PEM file gives keys that can be used, or is refused',
  seeds: () => textSeeds({ daemon: PEM, two: PEM + PEM }),
  tokens: ['-----BEGIN PUBLIC KEY-----\n', '-----END PUBLIC KEY-----\n', '-----BEGIN PGP', '\r\n', 'PRIVATE KEY'],
  run(bytes) {
    const keys = unlessRefusedNow(['KEY'], () => readPublicKeys(bytes, 'a.pem'))
    if (keys === undefined) return 'refused'
    for (const key of keys)
      promise(!key.verify(Buffer.from('a'), Buffer.alloc(64)), 'a key takes zeros for a signature')
    return 'accepted'
  },
  limit: 4096,
}

const PEM =
  '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n'

export const STATEMENT_TARGETS: readonly Target[] = [
  signedBuildinfo,
  buildinfo,
  sums,
  signedLink,
  linkContent,
  signedLayout,
  layoutKey,
  otherHeaders,
  dsseEnvelope,
  dsseContent,
  rebuilderdLink,
  rebuilderdContent,
  rebuilderdAnswers,
  listing,
  json,
  pem,
]
