import { DebproofError } from '../errors.ts'
import { MAX_RELEASE_FILE, MAX_RELEASE_LINE, MAX_SIGNATURES } from '../limits.ts'
import { BEGIN_SIGNATURE, dearmor, END_SIGNATURE } from './armor.ts'
import { trimBlanksAtEnd } from './deb822.ts'

const BEGIN_MESSAGE = '-----BEGIN PGP SIGNED MESSAGE-----'

/** What is signed, and the signatures over it, before anything was verified. */
export interface SignedText {
  /** Exactly the bytes that the signatures cover. */
  readonly text: Uint8Array
  /** One item for each armored block: the OpenPGP packets in it. */
  readonly blocks: readonly Uint8Array[]
}

/**
 * Splits a clearsigned file, such as an `InRelease`, into its text and its signature blocks, as apt's SplitClearSignedFile does
 * (apt-pkg/contrib/gpgv.cc; RFC 9580, 7): one signed message from the first byte to the last, nothing before,
 * between or after. A splitter that looks for the message inside the file would verify one text and parse another.
 *
 * Stricter than apt: no NUL, no carriage return but, with `crlf`, before a line end, no armor header but `Hash:`.
 *
 * @param what names it in errors
 * @param crlf whether lines may end in CRLF: those of the text all or none, for who does not know them sees the others
 * @throws DebproofError RELEASE_MALFORMED, TOO_LARGE
 */
export function splitClearsigned(file: Uint8Array, what: string, { crlf = false } = {}): SignedText {
  const { lines, returned } = signedLines(file, what, crlf)
  if (lines[0] !== BEGIN_MESSAGE) throw malformed(what, `does not begin with ${BEGIN_MESSAGE}: it is not a signed file`)
  let next = 1
  for (; lines[next] !== ''; next++) {
    if (!/^Hash: [A-Za-z0-9, -]+$/.test(lines[next] ?? '')) {
      throw malformed(what, `has something else than a Hash header in line ${next + 1}`)
    }
  }
  const text: string[] = []
  const first = ++next
  for (; lines[next] !== BEGIN_SIGNATURE; next++) {
    const line = lines[next]
    if (line === undefined) throw malformed(what, 'ends before its signature')
    if (line.startsWith('- ')) text.push(line.slice(2))
    else if (line.startsWith('-')) throw malformed(what, `has an unescaped dash in line ${next + 1}`)
    else text.push(line)
  }
  const ends = returned.filter((index) => index >= first && index < next).length
  if (ends > 0 && ends < text.length) throw malformed(what, 'has both kinds of line ends in its text')
  return {
    // RFC 9580, 7.1: the line end before the signature is not part of the text.
    text: Buffer.from(text.join('\n'), 'latin1'),
    blocks: splitBlocks(lines.slice(next), what),
  }
}

/** Splits an `InRelease`. @throws DebproofError RELEASE_MALFORMED, TOO_LARGE */
export function splitInRelease(file: Uint8Array): SignedText {
  return splitClearsigned(file, 'InRelease', { crlf: true })
}

/**
 * Pairs a `Release` with its `Release.gpg`, which holds signature blocks and nothing else. A stable suite of
 * Debian's has two blocks.
 *
 * @throws DebproofError RELEASE_MALFORMED, TOO_LARGE
 */
export function pairRelease(release: Uint8Array, signature: Uint8Array): SignedText {
  return pairDetached(release, 'Release', signature, 'Release.gpg', { crlf: true })
}

/**
 * Pairs a text with a detached, armored signature.
 *
 * @param crlf whether lines may end in CRLF, which is left in the text: it is signed
 * @throws DebproofError RELEASE_MALFORMED, TOO_LARGE
 */
export function pairDetached(
  text: Uint8Array,
  textName: string,
  signature: Uint8Array,
  signatureName: string,
  { crlf = false } = {},
): SignedText {
  const { lines } = signedLines(text, textName, crlf)
  if (lines[0]?.startsWith('-----') === true) {
    throw malformed(textName, `is itself a signed message; beside ${signatureName} it must be plain text`)
  }
  return { text, blocks: splitBlocks(signedLines(signature, signatureName, crlf).lines, signatureName) }
}

/**
 * The blocks of a detached, armored signature over bytes that need not be text.
 *
 * @param name the signature's file, for errors
 * @throws DebproofError RELEASE_MALFORMED, TOO_LARGE
 */
export function signatureBlocks(signature: Uint8Array, name: string): Uint8Array[] {
  return splitBlocks(signedLines(signature, name, false).lines, name)
}

interface SignedLines {
  /** Without trailing blanks, which a cleartext signature does not cover (RFC 9580, 7.1). */
  readonly lines: readonly string[]
  /** The indexes of those that ended in CRLF. */
  readonly returned: readonly number[]
}

function signedLines(file: Uint8Array, what: string, crlf: boolean): SignedLines {
  if (file.length === 0) throw malformed(what, 'is empty')
  if (file.length > MAX_RELEASE_FILE) {
    throw new DebproofError('TOO_LARGE', `${what} is larger than ${MAX_RELEASE_FILE} bytes.`)
  }
  const text = Buffer.from(file.buffer, file.byteOffset, file.byteLength).toString('latin1')
  if ((crlf ? /\0|\r(?!\n|$)/ : /[\0\r]/).test(text)) {
    throw malformed(what, `contains a NUL or a carriage return${crlf ? ' inside of a line' : ''}`)
  }
  const lines = text.split('\n')
  const long = lines.findIndex((line) => line.length > MAX_RELEASE_LINE)
  if (long !== -1) throw malformed(what, `has a line of more than ${MAX_RELEASE_LINE} bytes, line ${long + 1}`)
  if (lines.at(-1) === '') lines.pop()
  const returned = [...lines.keys()].filter((index) => lines[index]?.endsWith('\r') === true)
  const whole = returned.length === 0 ? lines : lines.map((line) => line.replace(/\r$/, ''))
  return { lines: whole.map(trimBlanksAtEnd), returned }
}

/** Closed signature blocks, one after another, up to the end of the file. */
function splitBlocks(lines: readonly string[], what: string): Uint8Array[] {
  const blocks: Uint8Array[] = []
  for (let begin = 0; begin < lines.length; ) {
    if (lines[begin] !== BEGIN_SIGNATURE) throw malformed(what, 'has text outside its signature blocks')
    const end = lines.indexOf(END_SIGNATURE, begin)
    if (end === -1) throw malformed(what, 'ends inside a signature block')
    const inside = lines.slice(begin + 1, end)
    if (inside.some((line) => line.startsWith('-'))) throw malformed(what, 'has a dash inside a signature block')
    if (blocks.length >= MAX_SIGNATURES) throw malformed(what, `has more than ${MAX_SIGNATURES} signature blocks`)
    blocks.push(dearmor(inside, what))
    begin = end + 1
  }
  if (blocks.length === 0) throw malformed(what, 'has no signature')
  return blocks
}

function malformed(what: string, problem: string): DebproofError {
  return new DebproofError('RELEASE_MALFORMED', `${what} ${problem}.`)
}
