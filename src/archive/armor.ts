import { DebproofError } from '../errors.ts'

/** The lines that enclose a signature in ASCII armor (RFC 9580, 6.2). */
export const BEGIN_SIGNATURE = '-----BEGIN PGP SIGNATURE-----'
export const END_SIGNATURE = '-----END PGP SIGNATURE-----'

/**
 * Decodes one ASCII armor (RFC 9580, 6.2), strictly: every armor header is `Key: value`, an empty line follows
 * them, nothing but base64 follows that, and the checksum must match where there is one. Libraries skip what they
 * do not know, and what is skipped by one reader and read by another is where forgeries live.
 *
 * @param lines the lines between BEGIN and END, without trailing blanks
 * @param what names the armor in errors, such as `InRelease`
 * @throws DebproofError RELEASE_MALFORMED
 */
export function dearmor(lines: readonly string[], what: string): Uint8Array {
  const separator = lines.indexOf('')
  if (separator === -1) throw malformed(what, 'has no empty line after the armor headers')
  for (const header of lines.slice(0, separator)) {
    if (!/^[A-Za-z][A-Za-z0-9-]*: [\x20-\x7e]*$/.test(header)) {
      throw malformed(what, `has a line that is no armor header: ${JSON.stringify(header.slice(0, 80))}`)
    }
  }
  const body = lines.slice(separator + 1)
  const last = body.at(-1)
  const checksum = last !== undefined && /^=[A-Za-z0-9+/]{4}$/.test(last) ? last.slice(1) : undefined
  const base64 = (checksum === undefined ? body : body.slice(0, -1)).join('')
  if (body.includes('') || base64 === '' || base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) {
    throw malformed(what, 'is not valid base64')
  }
  const bytes = Buffer.from(base64, 'base64')
  if (checksum !== undefined && Buffer.from(checksum, 'base64').readUIntBE(0, 3) !== crc24(bytes)) {
    throw malformed(what, 'does not match its own checksum')
  }
  return bytes
}

/** What each byte does to the checksum: a keyring has so many bytes that doing it bit by bit shows. */
const CRC24 = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 16
  for (let bit = 0; bit < 8; bit++) crc = (crc & 0x800000) === 0 ? crc << 1 : (crc << 1) ^ 0x1864cfb
  return crc & 0xffffff
})

/** RFC 9580, 6.1. */
function crc24(bytes: Uint8Array): number {
  let crc = 0xb704ce
  for (const byte of bytes) crc = ((crc << 8) & 0xffffff) ^ (CRC24[(crc >> 16) ^ byte] ?? 0)
  return crc
}

function malformed(what: string, problem: string): DebproofError {
  return new DebproofError('RELEASE_MALFORMED', `The armor of ${what} ${problem}.`)
}
