import { DebproofError } from '../errors.ts'

/** RFC 9580, 5.2.3.7: the type of a notation, without the bit that makes it critical. */
const NOTATION = 20

/** A signature of a block, before anything of it was verified. */
export interface RawSignature {
  readonly version: number
  /** RFC 9580, 5.2.1; undefined, as all that follows, where the version is not known. */
  readonly type?: number
  /** RFC 9580, 9.5. */
  readonly digest?: number
  /** The packet without its header. */
  readonly body: Uint8Array
  /** The packet. */
  readonly packet: Uint8Array
}

/**
 * RFC 9580, 4.2: the packets of a signature block, all of which must be signatures (tag 2) of definite length. The
 * subpackets of each are walked: nobody signs where those end, the library reads past it, and gpgv and sqv take such a
 * packet for none.
 *
 * @throws DebproofError RELEASE_MALFORMED
 */
export function signaturePackets(block: Uint8Array): RawSignature[] {
  const reader = new Reader(block, 'A signature packet is cut short.')
  const signatures: RawSignature[] = []
  while (!reader.isAtEnd()) {
    const start = reader.position
    const header = reader.number(1)
    const isNewFormat = (header & 0x40) !== 0
    const tag = isNewFormat ? header & 0x3f : (header >> 2) & 0x0f
    if ((header & 0x80) === 0 || tag !== 2)
      throw malformed('There is something else than signatures in a signature block.')
    const body = reader.take(isNewFormat ? newLength(reader) : oldLength(reader, header & 0x03))
    signatures.push({ ...readSignature(body), body, packet: block.subarray(start, reader.position) })
  }
  return signatures
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

/** RFC 9580, 5.2.2 and 5.2.3: version, type and two algorithms, then the subpackets that are signed and those that are not. */
function readSignature(body: Uint8Array): Pick<RawSignature, 'version' | 'type' | 'digest'> {
  const reader = new Reader(body, 'The subpackets of a signature end elsewhere than it says.')
  const version = reader.number(1)
  if (version === 3) {
    if (reader.number(1) !== 5)
      throw malformed('A version 3 signature signs something else than its type and its time.')
    const type = reader.number(1)
    reader.take(4 + 8 + 1)
    return { version, type, digest: reader.number(1) }
  }
  if (version !== 4 && version !== 6) return { version }
  const type = reader.number(1)
  reader.take(1)
  const digest = reader.number(1)
  for (let area = 0; area < 2; area++) checkSubpackets(reader.take(reader.number(version === 6 ? 4 : 2)))
  return { version, type, digest }
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

  /** How many bytes were taken. */
  get position(): number {
    return this.#position
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
