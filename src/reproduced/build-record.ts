import { trimBlanksAtEnd } from '../archive/deb822.ts'
import { sha256Of } from '../archive/hash.ts'
import type { Sha256 } from '../archive/identity.ts'
import type { BuildRecord } from '../judge/builds.ts'

/**
 * The hash of a text that is signed, the same with its signature around it and beside it: what no cleartext signature
 * covers, blanks at the ends of lines and of the text, is left out (RFC 9580, 7.1).
 *
 * @param text one character for each byte
 */
export function hashOfText(text: string): Sha256 {
  const lines = text.split('\n').map(trimBlanksAtEnd)
  while (lines.at(-1) === '') lines.pop()
  return sha256Of(Buffer.from(lines.join('\n'), 'latin1'))
}

/** A document that is the record of one build: what is at one place, or says the same in every byte, is one. */
export function recordOfContents(url: string, contents: Iterable<Sha256>): BuildRecord {
  return { names: [placeName(url), ...[...contents].map((sha256) => `content ${sha256}`)], kind: 'build' }
}

/** Sums, which every builder of the same bytes writes alike. */
export function recordOfSums(url: string, content: Sha256): BuildRecord {
  return { names: [placeName(url), `content ${content}`], kind: 'sums' }
}

/**
 * A link of in-toto 0.9. The links of two builders that got the same bytes from the same input are equal: in-toto asks
 * for it where several must agree, and rebuilderd writes nothing else. So one link is what has a place or one of its
 * signatures in common with another of the same content.
 *
 * @param keyIds all that the document says of who signed it, whether or not the policy knows these keys
 */
export function recordOfLink(url: string, content: Sha256, keyIds: Iterable<string>): BuildRecord {
  const signed = [...keyIds].map((keyId) => `content ${content} signed by ${keyId.toLowerCase()}`)
  return { names: [placeName(url), ...new Set(signed)], kind: 'build' }
}

/** Without the fragment, which no server sees. */
function placeName(url: string): string {
  const place = new URL(url)
  place.hash = ''
  return `place ${place.href}`
}
