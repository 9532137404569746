import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { craftedCertificate, craftedKey, craftedSignature } from '../../../__tests__/making/crafted-openpgp.ts'
import { AT, armorLines, releaseText } from '../../../__tests__/making/signed-archive.ts'
import { sha256Of } from '../../../src/archive/hash.ts'
import { Keyring, readCertificates } from '../../../src/archive/keyring.ts'
import { verifyRelease } from '../../../src/archive/release.ts'
import { STATEMENT, verifySignatures } from '../../../src/archive/signature.ts'
import { pairRelease, splitInRelease } from '../../../src/archive/signed-text.ts'
import { scratchFolder } from '../scratch.ts'
import { latin1, promise, type Target, unlessRefused, unlessRefusedNow } from '../target.ts'
import {
  CLOCK,
  ED25519_KEY,
  EXAMPLE,
  file,
  fileSeeds,
  keyringFrom,
  once,
  REBUILDS,
  RSA_KEY,
  textSeeds,
} from './files.ts'

const SIGNED_RELEASES = [
  `${EXAMPLE}/own/dists/example/InRelease`,
  `${EXAMPLE}/snapshot/dists/trixie-security/InRelease`,
]
const SIGNED_TEXTS = [
  ...SIGNED_RELEASES,
  `${EXAMPLE}/rebuilders/alpha/example-greeting_1.0-1_all.buildinfo`,
  `${EXAMPLE}/rebuilders/beta/SHA256SUMS`,
  `${REBUILDS}/rebuild.ed25519.signed.buildinfo`,
  `${REBUILDS}/orig.rsa.signed.buildinfo`,
  `${REBUILDS}/rebuild.debsign.signed.buildinfo`,
]

const ARMOR_TOKENS = [
  '-----BEGIN PGP SIGNED MESSAGE-----\n',
  'Hash: SHA256\n',
  '\n-----BEGIN PGP SIGNATURE-----\n\n',
  '\n-----END PGP SIGNATURE-----\n',
  '-----BEGIN PGP MESSAGE-----\n',
  '-----BEGIN PGP PUBLIC KEY BLOCK-----\n',
  '- ',
  '- -----BEGIN PGP SIGNATURE-----\n',
  'Version: GnuPG v2\n',
  'Charset: UTF-16\n',
  'NotDashEscaped: yes\n',
  ' \n',
  '\t\n',
  '\r\n',
  '=AAAA\n',
]

/** Everything that the fixtures' owners signed, as the bytes that they signed. */
const genuine = once(async () => {
  const texts = SIGNED_TEXTS.map((name) => splitInRelease(file(name)).text)
  return new Set(texts.map((text) => sha256Of(text)))
})

const allKeys = once(() =>
  keyringFrom(
    ...['own', 'project', 'alpha', 'beta'].map((name) => `${EXAMPLE}/keys/${name}.asc`),
    ED25519_KEY,
    RSA_KEY,
  ),
)

/** The text between the header and the first signature line, unescaped and without trailing blanks, found by nothing but lines. */
function naiveText(written: string): string {
  const lines = written.split('\n').map((line) => line.replace(/\r$/, '').replace(/[ \t]+$/, ''))
  const begin = lines.indexOf('') + 1
  const end = lines.indexOf('-----BEGIN PGP SIGNATURE-----', begin)
  return lines
    .slice(begin, end)
    .map((line) => (line.startsWith('- ') ? line.slice(2) : line))
    .join('\n')
}

/** Each armor with the checksum that its content has. */
function withChecksums(bytes: Uint8Array): Uint8Array {
  const repaired = latin1(bytes).replaceAll(
    /(-----BEGIN PGP SIGNATURE-----\n(?:[^\n-][^\n]*\n)*\n)([A-Za-z0-9+/=\n]*?)\n=[A-Za-z0-9+/]{4}\n(?=-----END)/g,
    (_, head: string, body: string) => {
      const { checksum } = armorLines(Buffer.from(body.replaceAll('\n', ''), 'base64'))
      return `${head}${body}\n${checksum}\n`
    },
  )
  return Buffer.from(repaired, 'latin1')
}

const splitter: Target = {
  name: 'release-splitter',
  promise: 'the signed text is what stands between the header and the signature, and splits out the same again',
  seeds: () => [
    ...fileSeeds(...SIGNED_TEXTS),
    ...textSeeds({
      escaped:
        '-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n- -a\n- - b \nc\n-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----\n',
      crlf: '-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\na: b \r\nc\r\n-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----\n',
    }),
  ],
  tokens: ARMOR_TOKENS,
  repair: withChecksums,
  run(bytes) {
    const split = unlessRefusedNow(['RELEASE_MALFORMED', 'TOO_LARGE'], () => splitInRelease(bytes))
    if (split === undefined) return 'refused'
    const text = latin1(split.text)
    promise(text === naiveText(latin1(bytes)), 'the text is not that of the lines')
    promise(
      split.blocks.length > 0 && split.blocks.every((block) => block.length > 0),
      'there is a block without packets',
    )
    const armor = split.blocks
      .map(
        (block) =>
          `-----BEGIN PGP SIGNATURE-----\n\n${armorLines(block).base64.join('\n')}\n-----END PGP SIGNATURE-----\n`,
      )
      .join('')
    const again = splitInRelease(
      Buffer.from(
        `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n${text.replaceAll(/^-/gm, '- -')}\n${armor}`,
        'latin1',
      ),
    )
    promise(
      latin1(again.text) === text && again.blocks.length === split.blocks.length,
      'it does not split out the same',
    )
    // The same blocks beside the text must be what a Release.gpg gives.
    const pair = unlessRefusedNow(['RELEASE_MALFORMED', 'TOO_LARGE'], () => pairRelease(split.text, Buffer.from(armor)))
    promise(pair === undefined || latin1(pair.text) === text, 'the pair has another text')
    return 'accepted'
  },
}

const release: Target = {
  name: 'signed-release',
  promise: 'what is accepted has a text that was really signed, and gpgv takes it too',
  seeds: () => fileSeeds(...SIGNED_TEXTS),
  tokens: ARMOR_TOKENS,
  repair: withChecksums,
  async run(bytes) {
    const codes = ['RELEASE_MALFORMED', 'RELEASE_UNTRUSTED', 'RELEASE_TIME', 'RELEASE_SUITE', 'TOO_LARGE'] as const
    const keyring = await allKeys()
    const judged = await unlessRefused(codes, async () => {
      const signed = splitInRelease(bytes)
      const signers = await verifySignatures(signed, keyring, CLOCK, STATEMENT)
      return { signed, signers }
    })
    if (judged === undefined) return 'refused'
    promise((await genuine()).has(sha256Of(judged.signed.text)), 'FORGERY: nobody signed this text')
    promise(judged.signers.length > 0, 'nobody signed it')
    await unlessRefused(codes, () => verifyRelease(judged.signed, { keyring, at: CLOCK }))
    return 'accepted'
  },
  async confirm(bytes) {
    await gpgvAccepts(bytes)
  },
}

const keyringFile = once(async () => {
  const folder = scratchFolder()
  const { certificates } = await allKeys()
  writeFileSync(path.join(folder, 'keys.gpg'), Buffer.concat(certificates.map((certificate) => certificate.write())))
  return folder
})

/** Where gpgv is not installed there is nothing to compare with. */
async function gpgvAccepts(bytes: Uint8Array): Promise<void> {
  const folder = await keyringFile()
  const message = path.join(folder, 'message')
  writeFileSync(message, bytes)
  const { status, error, stderr } = spawnSync('gpgv', ['--keyring', path.join(folder, 'keys.gpg'), message], {
    encoding: 'utf8',
  })
  if (error !== undefined) return
  promise(status === 0, `gpgv refuses what was accepted: ${stderr.slice(0, 400)}`)
}

const PACKETS_OF = `${REBUILDS}/rebuild.ed25519.signed.buildinfo`

const packets: Target = {
  name: 'signature-packets',
  promise: 'whatever packets stand beside a signed text, only its own signer counts, with the date that was signed',
  seeds() {
    const two = SIGNED_TEXTS.map((name) => splitInRelease(file(name)).blocks[0] ?? new Uint8Array())
    const [own = new Uint8Array()] = splitInRelease(file(PACKETS_OF)).blocks
    return [
      { name: 'own', bytes: own },
      { name: 'twice', bytes: Buffer.concat([own, own]) },
      ...two.map((bytes, index) => ({ name: `beside ${index}`, bytes: Buffer.concat([own, bytes]) })),
    ]
  },
  async run(bytes) {
    const { text } = splitInRelease(file(PACKETS_OF))
    const keyring = await packetKeys()
    const codes = ['RELEASE_MALFORMED', 'RELEASE_UNTRUSTED'] as const
    const signers = await unlessRefused(codes, () =>
      verifySignatures({ text, blocks: [bytes] }, keyring, CLOCK, STATEMENT),
    )
    if (signers === undefined) return 'refused'
    for (const signer of signers) {
      promise(ED25519_KEY.includes(signer.primaryFingerprint), `FORGERY: ${signer.fingerprint} did not sign this`)
      promise(signer.signedAt.getTime() === (await ownDate()), 'FORGERY: the date is not the one that was signed')
    }
    return 'accepted'
  },
  limit: 8192,
}

const packetKeys = once(() => keyringFrom(ED25519_KEY, RSA_KEY))
const ownDate = once(async () => {
  const [signer] = await verifySignatures(splitInRelease(file(PACKETS_OF)), await packetKeys(), CLOCK, STATEMENT)
  return signer?.signedAt.getTime()
})

const ownKey = once(async () => {
  const key = craftedKey('rsa')
  return { key, keyring: new Keyring(await readCertificates(craftedCertificate(key), 'made')) }
})

const fields: Target = {
  name: 'release-fields',
  promise: 'a text that a trusted key signed gives entries with paths below the release file, or is refused',
  seeds: () => [
    ...textSeeds({
      made: releaseText(),
      sections: releaseText({
        MD5Sum: `\n ${'0'.repeat(32)} 12 main/binary-amd64/Packages.xz`,
        SHA256: `\n ${'0'.repeat(64)} 12 main/binary-amd64/Packages.xz\n ${'1'.repeat(64)} 0 main/binary-all/Packages`,
        SHA512: `\n ${'0'.repeat(128)} 12 main/binary-amd64/Packages.xz`,
        'Valid-Until': 'Tue, 02 Jun 2026 12:00:00 UTC',
      }),
    }),
    ...SIGNED_RELEASES.map((name) => ({
      name,
      bytes: Buffer.from(
        latin1(splitInRelease(file(name)).text)
          .replace(/^Date: .*/m, 'Date: Sun, 31 May 2026 12:00:00 UTC')
          .replace(/^Valid-Until: .*\n/m, ''),
      ),
    })),
  ],
  tokens: [
    'SHA256:\n ',
    'Date: Sun, 31 May 2026 12:00:00 UTC\n',
    'Valid-Until: ',
    '# x\n',
    '# x: y\n',
    ' :',
    '\r\n',
    'Acquire-By-Hash: yes\n',
    'No-Support-for-Architecture-all: Packages\n',
    '../',
    './',
    '/',
    ' 0 ',
    'NotAutomatic: yes\n',
  ],
  async run(bytes) {
    const { key, keyring } = await ownKey()
    const signed = { text: bytes, blocks: [craftedSignature(Buffer.from(bytes), key)] }
    const codes = ['RELEASE_MALFORMED', 'RELEASE_TIME', 'RELEASE_SUITE'] as const
    const verified = await unlessRefused(codes, () => verifyRelease(signed, { keyring, at: AT }))
    if (verified === undefined) return 'refused'
    for (const [name, { path: listed, size }] of verified.entries) {
      promise(name === listed && Number.isSafeInteger(size) && size >= 0, `the entry ${name} is none`)
      const resolved = new URL(listed.replaceAll('%', '%25'), 'http://h/dists/made/')
      promise(
        resolved.pathname.startsWith('/dists/made/') && resolved.host === 'h',
        `the entry ${name} leaves its folder`,
      )
      promise(latin1(bytes).includes(` ${listed}`), `the entry ${name} is not in the text`)
    }
    promise(!Number.isNaN(verified.date.getTime()), 'the date is none')
    return 'accepted'
  },
}

export const RELEASE_TARGETS: readonly Target[] = [splitter, release, packets, fields]
