import type { JsonValue } from './strict-json.ts'

/**
 * Canonical JSON as OLPC defined it and as in-toto 0.9 signs it (securesystemslib, `encode_canonical`): names sorted
 * by code points, no blanks, integers only, and in strings nothing escaped but `\` and `"`. A line feed stands there
 * as it is, so the result need not be JSON.
 */
export function canonicalOlpc(value: JsonValue): Uint8Array {
  return Buffer.from(canonical(value, (text) => `"${text.replaceAll(/[\\"]/g, '\\$&')}"`))
}

/**
 * What rebuilderd signs (in-toto-rs): names sorted by UTF-8 bytes, no blanks, integers only, strings as JSON escapes
 * them and no further; in the whole of it, each `\` with an `n` behind it then becomes a line feed.
 */
export function canonicalRebuilderd(value: JsonValue): Uint8Array {
  return Buffer.from(canonical(value, (text) => JSON.stringify(text)).replaceAll('\\n', '\n'))
}

function canonical(value: JsonValue, quoted: (text: string) => string): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'number') {
    // The parser refuses these, by rule; whoever makes values to sign must not sign what has no canonical form.
    if (!Number.isSafeInteger(value)) throw new RangeError(`canonical JSON cannot write the number ${value}`)
    return String(value)
  }
  if (value === null || typeof value === 'boolean') return String(value)
  if (value instanceof Map) {
    const members = [...value.entries()].sort(([one], [other]) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
    return `{${members.map(([name, member]) => `${quoted(name)}:${canonical(member, quoted)}`).join(',')}}`
  }
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, quoted)).join(',')}]`
  throw new TypeError('canonical JSON is made of parsed values only')
}
