import { documentOf, packageOf } from '../../../__tests__/reproduced/signed-statements.ts'
import { parseBuildinfo } from '../../../src/archive/buildinfo.ts'
import { refuseUnsafeBuildinfo } from '../../../src/rebuild/safe-buildinfo.ts'
import {
  filesSummedIn,
  looksLikeSignature,
  looksLikeSums,
  parseSha256sums,
  verifySha256sums,
} from '../../../src/reproduced/sha256sums.ts'
import { filesNamedIn, looksLikeBuildinfo, verifyBuildinfo } from '../../../src/reproduced/signed-buildinfo.ts'
import { latin1, promise, type Target, unlessRefused, unlessRefusedNow } from '../target.ts'
import { CLOCK, EXAMPLE, file, fileSeeds, REBUILDS, textSeeds } from './files.ts'
import { bothKeys, CODES, DEMO, forgeryOracle, saidOf } from './statements.ts'

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

/** Statements that are buildinfos and lists of sums. */
export const BUILDINFO_TARGETS: readonly Target[] = [signedBuildinfo, buildinfo, sums]
