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
 * Stricter than apt: no carriage return or NUL, no armor header but `Hash:`.
 *
 * @param what names it in errors
 * @throws DebproofError RELEASE_MALFORMED, TOO_LARGE
 */
export function splitClearsigned(file: Uint8Array, what: string): SignedText {
  const lines = signedLines(file, what)
  if (lines[0] !== BEGIN_MESSAGE) throw malformed(what, `does not begin with ${BEGIN_MESSAGE}: it is not a signed file`)
  let next = 1
  for (; lines[next] !== ''; next++) {
    if (!/^Hash: [A-Za-z0-9, -]+$/.test(lines[next] ?? '')) {
      throw malformed(what, `has something else than a Hash header in line ${next + 1}`)
    }
  }
  const text: string[] = []
  for (next++; lines[next] !== BEGIN_SIGNATURE; next++) {
    const line = lines[next]
    if (line === undefined) throw malformed(what, 'ends before its signature')
    if (line.startsWith('- ')) text.push(line.slice(2))
    else if (line.startsWith('-')) throw malformed(what, `has an unescaped dash in line ${next + 1}`)
    else text.push(line)
  }
  return {
    // RFC 9580, 7.1: the line end before the signature is not part of the text.
    text: Buffer.from(text.join('\n'), 'latin1'),
    blocks: splitBlocks(lines.slice(next), what),
  }
}

/** Splits an `InRelease`. @throws DebproofError RELEASE_MALFORMED, TOO_LARGE */
export function splitInRelease(file: Uint8Array): SignedText {
  return splitClearsigned(file, 'InRelease')
}

/**
 * Pairs a `Release` with its `Release.gpg`, which holds signature blocks and nothing else. A stable suite of
 * Debian's has two blocks.
 *
 * @throws DebproofError RELEASE_MALFORMED, TOO_LARGE
 */
export function pairRelease(release: Uint8Array, signature: Uint8Array): SignedText {
  return pairDetached(release, 'Release', signature, 'Release.gpg')
}

/**
 * Pairs a text with a detached, armored signature.
 *
 * @throws DebproofError RELEASE_MALFORMED, TOO_LARGE
 */
export function pairDetached(
  text: Uint8Array,
  textName: string,
  signature: Uint8Array,
  signatureName: string,
): SignedText {
  const lines = signedLines(text, textName)
  if (lines[0]?.startsWith('-----') === true) {
    throw malformed(textName, `is itself a signed message; beside ${signatureName} it must be plain text`)
  }
  return { text, blocks: splitBlocks(signedLines(signature, signatureName), signatureName) }
}

/**
 * The blocks of a detached, armored signature over bytes that need not be text.
 *
 * @param name the signature's file, for errors
 * @throws DebproofError RELEASE_MALFORMED, TOO_LARGE
 */
export function signatureBlocks(signature: Uint8Array, name: string): Uint8Array[] {
  return splitBlocks(signedLines(signature, name), name)
}

/** The lines of a file without trailing blanks, which a cleartext signature does not cover (RFC 9580, 7.1). */
function signedLines(file: Uint8Array, what: string): string[] {
  if (file.length === 0) throw malformed(what, 'is empty')
  if (file.length > MAX_RELEASE_FILE) {
    throw new DebproofError('TOO_LARGE', `${what} is larger than ${MAX_RELEASE_FILE} bytes.`)
  }
  const text = Buffer.from(file.buffer, file.byteOffset, file.byteLength).toString('latin1')
  if (/[\0\r]/.test(text)) throw malformed(what, 'contains a NUL or a carriage return')
  const lines = text.split('\n')
  const long = lines.findIndex((line) => line.length > MAX_RELEASE_LINE)
  if (long !== -1) throw malformed(what, `has a line of more than ${MAX_RELEASE_LINE} bytes, line ${long + 1}`)
  if (lines.at(-1) === '') lines.pop()
  return lines.map(trimBlanksAtEnd)
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
