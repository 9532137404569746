import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { craftedCertificate, craftedKey, craftedSignature } from '../../__tests__/making/crafted-openpgp.ts'
import { AT, block, clearsigned, framed } from '../../__tests__/making/signed-archive.ts'
import { succeed } from '../differential/tools.ts'
import { Gpg, releaseTextAt } from './made-keys.ts'

/** A release file, and the keyring that it is judged by. */
export interface Case {
  readonly name: string
  /** Files of certificates, which make one keyring in this order. */
  readonly keyring: readonly Buffer[]
  /** Such as `.gpg`, which apt goes by. */
  readonly ending?: '.gpg' | '.asc'
  readonly file: Buffer
  /** In UTC. */
  readonly clock: string
  /** Why debproof may take what one of the tools refuses. */
  readonly looser?: string
}

const SIGNED = '2025-10-01 20:01:00'
const NOW = '2026-12-01 00:00:00'

export async function allCases(folder: string): Promise<Case[]> {
  const gpg = new Gpg(path.join(folder, 'gnupg'))
  return [
    ...(await renewed(gpg)),
    ...(await shortened(gpg)),
    ...(await revoked(gpg)),
    ...(await overSha1(gpg)),
    ...packets(),
    ...(await forms(gpg)),
  ]
}

const RENEWED = 'signed before the renewal: sqv wants a self-signature of then, which gpg has replaced'
const MERGED = 'gpgv reads the first certificate of a key alone'

/** `gpg --quick-set-expire` puts a new self-signature in the place of the old one. */
async function renewed(gpg: Gpg): Promise<Case[]> {
  const key = await gpg.make('renewed', '2025-01-01 00:00:00', '2y')
  const before = await gpg.export(key)
  const file = await gpg.clearsign(key, SIGNED, releaseTextAt(SIGNED))
  await gpg.run('2026-06-01 00:00:00', ['--quick-set-expire', key, '2029-06-01'])
  const after = await gpg.export(key)
  const later = '2027-02-01 00:00:00'
  const last = '2029-07-01 00:00:00'
  return [
    { name: 'renewed: certificate of before', keyring: [before], file, clock: NOW },
    { name: 'renewed: certificate of before, after its end', keyring: [before], file, clock: later },
    { name: 'renewed: new certificate', keyring: [after], file, clock: NOW, looser: RENEWED },
    {
      name: 'renewed: new certificate, clock of before',
      keyring: [after],
      file,
      clock: '2025-11-01 00:00:00',
      looser: RENEWED,
    },
    { name: 'renewed: new certificate, after its end', keyring: [after], file, clock: last },
    { name: 'renewed: both, old first', keyring: [before, after], file, clock: NOW },
    { name: 'renewed: both, new first', keyring: [after, before], file, clock: NOW },
    {
      name: 'renewed: both, old first, after the end of the old',
      keyring: [before, after],
      file,
      clock: later,
      looser: MERGED,
    },
    { name: 'renewed: both, new first, after the end of the old', keyring: [after, before], file, clock: later },
    { name: 'renewed: both, old first, after both ends', keyring: [before, after], file, clock: last },
  ]
}

async function shortened(gpg: Gpg): Promise<Case[]> {
  const key = await gpg.make('shortened', '2025-01-01 00:00:00')
  const before = await gpg.export(key)
  const file = await gpg.clearsign(key, SIGNED, releaseTextAt(SIGNED))
  await gpg.run('2026-01-01 00:00:00', ['--quick-set-expire', key, '2026-06-01'])
  const after = await gpg.export(key)
  return [
    { name: 'ended early: both, old first', keyring: [before, after], file, clock: NOW },
    { name: 'ended early: both, new first', keyring: [after, before], file, clock: NOW },
    { name: 'ended early: both, clock before the end', keyring: [after, before], file, clock: '2026-03-01 00:00:00' },
  ]
}

async function revoked(gpg: Gpg): Promise<Case[]> {
  const cases: Case[] = []
  const key = await gpg.make('revoked', '2025-01-01 00:00:00')
  const before = await gpg.export(key)
  const file = await gpg.clearsign(key, SIGNED, releaseTextAt(SIGNED))
  for (const reason of ['no reason', 'superseded'] as const) {
    const after = await gpg.revoked(key, '2026-01-01 00:00:00', reason)
    const name = `revoked, ${reason}`
    for (const [clock, when] of [
      [NOW, ''],
      ['2025-12-01 00:00:00', ', clock of before'],
    ] as const) {
      const looser = reason === 'superseded' && when !== '' ? 'gpgv knows no time of a revocation' : undefined
      const rest = { file, clock, ...(looser === undefined ? {} : { looser }) }
      cases.push(
        { name: `${name}${when}`, keyring: [after], ...rest },
        { name: `${name}: both, revoked last${when}`, keyring: [before, after], ...rest },
        { name: `${name}: both, revoked first${when}`, keyring: [after, before], ...rest },
      )
    }
  }
  return cases
}

async function overSha1(gpg: Gpg): Promise<Case[]> {
  const key = await gpg.make('old', '2011-01-01 00:00:00', 'never', ['--cert-digest-algo', 'SHA1'])
  const keyring = [await gpg.export(key)]
  const signed = '2012-01-30 20:01:00'
  const file = await gpg.clearsign(key, signed, releaseTextAt(signed))
  const weak = await gpg.clearsign(key, signed, releaseTextAt(signed), 'SHA1')
  const clocks = ['2012-02-01', '2023-01-31', '2023-02-02', '2026-01-31', '2026-02-02', '2026-12-01']
  return [
    ...clocks.map((clock) => ({ name: 'self-signature over SHA-1', keyring, file, clock: `${clock} 00:00:00` })),
    { name: 'release file signed over SHA-1', keyring, file: weak, clock: '2012-02-01 00:00:00' },
  ]
}

const VERSION_3 = "sqv's parser stops at a signature of version 3 since 2026-02-01, whatever stands beside it"

function packets(): Case[] {
  const [key, other, stranger] = [craftedKey('rsa'), craftedKey('rsa'), craftedKey('rsa')]
  const text = releaseTextAt('2026-06-01 11:00:00').trimEnd()
  const bytes = Buffer.from(text)
  const good = craftedSignature(bytes, key)
  const withByte = (position: number, value: number, packet = craftedSignature(bytes, stranger)): Buffer => {
    const copy = Buffer.from(packet)
    copy.writeUInt8(value, 6 + position)
    return copy
  }
  const old = craftedSignature(bytes, key, { version: 3 })
  const oldBad = craftedSignature(randomBytes(8), other, { version: 3 })
  const rows: readonly (readonly [string, readonly Buffer[], string?])[] = [
    ['version 4', [good]],
    ['version 3 alone', [old]],
    ['version 3, then 4', [old, good], VERSION_3],
    ['version 4, then 3', [good, old], VERSION_3],
    ['version 4, then 3 by another key', [good, craftedSignature(bytes, stranger, { version: 3 })], VERSION_3],
    ['version 4, then BAD version 3', [good, oldBad]],
    ...[2, 5, 6, 99].flatMap((version) => {
      const packet = version === 6 ? VERSION_6 : withByte(0, version)
      return [
        [`version 4, then ${version}`, [good, packet]],
        [`version ${version}, then 4`, [packet, good]],
      ] as const
    }),
    ['unknown algorithm, then good', [withByte(2, 99), good]],
    ['good, then unknown algorithm', [good, withByte(2, 99)]],
    ['unknown algorithm alone', [withByte(2, 99)]],
    ['unknown digest, then good', [withByte(3, 99), good]],
    ['certification, then good', [withByte(1, 0x10), good]],
    ['marker packet, then good', [framed(10, Buffer.from('PGP')), good]],
  ]
  return rows.map(([name, blocks, looser]) => ({
    name: `packets: ${name}`,
    keyring: [craftedCertificate(key), craftedCertificate(other)],
    file: Buffer.from(clearsigned(text, block(...blocks)).replace('SHA512', 'SHA256'), 'latin1'),
    clock: AT.toISOString().slice(0, 19).replace('T', ' '),
    ...(looser === undefined ? {} : { looser }),
  }))
}

/** Ed25519 over SHA-256 by nobody (RFC 9580, 5.2.3). */
const VERSION_6 = framed(
  2,
  Buffer.concat([
    Buffer.from([6, 0, 27, 8, 0, 0, 0, 6, 5, 2, 0x69, 0, 0, 0, 0, 0, 0, 0, 1, 2, 16]),
    Buffer.alloc(16 + 64, 7),
  ]),
)

const FORMS = 'apt goes by the name of the file; what is in it is the same keys'

async function forms(gpg: Gpg): Promise<Case[]> {
  const key = await gpg.make('forms', '2025-01-01 00:00:00')
  const file = await gpg.clearsign(key, SIGNED, releaseTextAt(SIGNED))
  const binary = await gpg.export(key)
  const armor = Buffer.from(await succeed(['gpg'], ['--enarmor'], binary), 'latin1')
  const text = armor
    .toString('latin1')
    .replaceAll('PGP ARMORED FILE', 'PGP PUBLIC KEY BLOCK')
    .replace(/^Comment:.*\n/gm, '')
  const armored = Buffer.from(text, 'latin1')
  const crlf = Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1')
  const rest = { file, clock: NOW }
  return [
    { name: 'keyring .gpg, binary', keyring: [binary], ending: '.gpg', ...rest },
    { name: 'keyring .asc, armor', keyring: [armored], ending: '.asc', ...rest },
    { name: 'keyring .gpg, armor', keyring: [armored], ending: '.gpg', ...rest, looser: FORMS },
    { name: 'keyring .asc, binary', keyring: [binary], ending: '.asc', ...rest, looser: FORMS },
    { name: 'keyring .asc, armor with CRLF', keyring: [crlf], ending: '.asc', ...rest, looser: FORMS },
    { name: 'keyring .asc, two armored blocks', keyring: [armored, armored], ending: '.asc', ...rest },
  ]
}
