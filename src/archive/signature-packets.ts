import { DebproofError } from '../errors.ts'

/** RFC 9580, 5.2.3.7: the type of a notation, without the bit that makes it critical. */
const NOTATION = 20

/**
 * RFC 9580, 4.2: walks the packets of a signature block, all of which must be signatures (tag 2) of definite length,
 * and the subpackets of each. Nobody signs where those end, the library reads past it, and gpgv and sqv take such a
 * packet for none.
 *
 * @throws DebproofError RELEASE_MALFORMED
 */
export function checkSignaturePackets(block: Uint8Array): void {
  const reader = new Reader(block, 'A signature packet is cut short.')
  while (!reader.isAtEnd()) {
    const header = reader.number(1)
    const isNewFormat = (header & 0x40) !== 0
    const tag = isNewFormat ? header & 0x3f : (header >> 2) & 0x0f
    if ((header & 0x80) === 0 || tag !== 2)
      throw malformed('There is something else than signatures in a signature block.')
    checkSignature(reader.take(isNewFormat ? newLength(reader) : oldLength(reader, header & 0x03)))
  }
}

function newLength(reader: Reader): number {
  const first = reader.number(1)
  if (first < 192) return first
  if (first < 224) return (first - 192) * 256 + reader.number(1) + 192
  if (first === 255) return reader.number(4)
  throw malformed('A signature packet has no definite length.')
}

function oldLength(reader: Reader, lengthType: number): number {
  if (lengthType === 3) throw malformed('A signature packet has no definite length.')
  return reader.number(2 ** lengthType)
}

/** RFC 9580, 5.2.3: version, type and two algorithms, then the subpackets that are signed and those that are not. */
function checkSignature(body: Uint8Array): void {
  const reader = new Reader(body, 'The subpackets of a signature end elsewhere than it says.')
  const version = reader.number(1)
  if (version !== 4 && version !== 6) return
  reader.take(3)
  for (let area = 0; area < 2; area++) checkSubpackets(reader.take(reader.number(version === 6 ? 4 : 2)))
}

function checkSubpackets(area: Uint8Array): void {
  const reader = new Reader(area, 'The subpackets of a signature end elsewhere than it says.')
  while (!reader.isAtEnd()) {
    const first = reader.number(1)
    let length = first
    if (first === 255) length = reader.number(4)
    else if (first >= 192) length = (first - 192) * 256 + reader.number(1) + 192
    const subpacket = new Reader(reader.take(length), 'A signature has a subpacket that is cut short.')
    if ((subpacket.number(1) & 0x7f) !== NOTATION) continue
    subpacket.take(4)
    const [name, value] = [subpacket.number(2), subpacket.number(2)]
    subpacket.take(name + value)
    if (!subpacket.isAtEnd()) throw malformed('A signature has a notation of another length than it says.')
  }
}

/** Takes numbers and bytes one after another. */
class Reader {
  readonly #bytes: Uint8Array
  readonly #whenShort: string
  #position = 0

  constructor(bytes: Uint8Array, whenShort: string) {
    this.#bytes = bytes
    this.#whenShort = whenShort
  }

  isAtEnd(): boolean {
    return this.#position === this.#bytes.length
  }

  take(length: number): Uint8Array {
    const taken = this.#bytes.subarray(this.#position, this.#position + length)
    if (taken.length !== length) throw malformed(this.#whenShort)
    this.#position += length
    return taken
  }

  /** Big-endian. */
  number(length: number): number {
    return this.take(length).reduce((value, byte) => value * 256 + byte, 0)
  }
}

function malformed(problem: string): DebproofError {
  return new DebproofError('RELEASE_MALFORMED', problem)
}
