/** An HTTP answer on its way from an archive to debproof: what a fault may change before it is put on the wire. */
export interface Answer {
  readonly status: number
  readonly reason: string
  /** As they are written, in order; may name one field twice. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Uint8Array
  /** How its end is told: Content-Length, the chunked coding, or the end of the connection. */
  readonly framing: 'length' | 'chunked' | 'close'
}

/** What is done on the wire, one after another. */
export type Piece =
  | Uint8Array
  /** Milliseconds without a byte. */
  | { readonly wait: number }
  /** These bytes again and again, until the other side has had enough. */
  | { readonly endless: Uint8Array }
  /** An orderly end of the connection, or one by RST; or none, and no byte any more. */
  | 'end'
  | 'reset'
  | 'hold'

export function found(body: Uint8Array): Answer {
  return { status: 200, reason: 'OK', headers: [], body, framing: 'length' }
}

export function status(code: number, reason: string, text = ''): Answer {
  return { status: code, reason, headers: [], body: Buffer.from(text), framing: 'length' }
}

/** The answer in pieces: its head, and its body in so many parts. */
export function onTheWire(answer: Answer, parts: number): Piece[] {
  const { status: code, reason, headers, body, framing } = answer
  const isBodiless = code === 204 || code === 304
  const own: (readonly [string, string])[] =
    framing === 'length' && !isBodiless
      ? [['Content-Length', String(body.length)]]
      : framing === 'chunked'
        ? [['Transfer-Encoding', 'chunked']]
        : [['Connection', 'close']]
  // A fault that says the length itself says it instead.
  const isSaid = headers.some(([name]) => name.toLowerCase() === 'content-length')
  const lines = [...(isSaid && framing === 'length' ? [] : own), ...headers].map(([name, value]) => `${name}: ${value}`)
  const head = Buffer.from(`HTTP/1.1 ${code} ${reason}\r\n${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  const size = Math.max(1, Math.ceil(body.length / parts))
  const pieces: Piece[] = [head]
  if (isBodiless) return pieces
  for (let start = 0; start < body.length; start += size) {
    const part = body.subarray(start, start + size)
    pieces.push(framing === 'chunked' ? chunk(part) : part)
  }
  if (framing === 'chunked') pieces.push(Buffer.from('0\r\n\r\n'))
  if (framing === 'close') pieces.push('end')
  return pieces
}

function chunk(part: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')])
}
