import {
  headersOf,
  layout,
  link,
  metablock,
  metablockSignature,
  rawSigner,
} from '../../../__tests__/reproduced/signed-metablocks.ts'
import { documentOf } from '../../../__tests__/reproduced/signed-statements.ts'
import { canonicalOlpc } from '../../../src/reproduced/canonical-json.ts'
import { verifyLayout, verifyLinkByLayoutKey } from '../../../src/reproduced/in-toto-layout.ts'
import { productsNamedIn, verifyLink } from '../../../src/reproduced/in-toto-link.ts'
import { parseLayoutKey } from '../../../src/reproduced/layout-key.ts'
import { parseOtherHeaders } from '../../../src/reproduced/other-headers.ts'
import { parseStrictJson } from '../../../src/reproduced/strict-json.ts'
import { latin1, promise, type Target, unlessRefused, unlessRefusedNow } from '../target.ts'
import { CLOCK, file, fileSeeds, keyringFrom, once, REBUILDS, textSeeds } from './files.ts'
import { JSON_TOKENS } from './json-tokens.ts'
import { bothKeys, CODES, DEMO, forgeryOracle, HELLO, saidOf } from './statements.ts'

export const LINKS = ['rebuild.28c1e5f1.link', 'rebuild.77f84300.link'].map((name) => `${REBUILDS}/${name}`)
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

/** in-toto's links and layouts. */
export const IN_TOTO_TARGETS: readonly Target[] = [signedLink, linkContent, signedLayout, layoutKey, otherHeaders]
