import type { JsonObject, JsonValue } from './strict-json.ts'

/**
 * Canonical JSON as OLPC defined it and as in-toto 0.9 signs it (securesystemslib, `encode_canonical`): names sorted
 * by code points, no blanks, integers only, and in strings nothing escaped but `\` and `"`. A line feed stands there
 * as it is, so the result need not be JSON.
 */
export function canonicalOlpc(value: JsonValue): Uint8Array {
  return Buffer.from(canonical(value, quotedOlpc))
}

/**
 * What rebuilderd signs (in-toto-rs): names sorted by UTF-8 bytes, no blanks, integers only, strings as JSON escapes
 * them and no further; in the whole of it, each `\` with an `n` behind it then becomes a line feed.
 */
export function canonicalRebuilderd(value: JsonValue): Uint8Array {
  return Buffer.from(canonical(value, (text) => JSON.stringify(text)).replaceAll('\\n', '\n'))
}

function quotedOlpc(text: string): string {
  return /[\\"]/.test(text) ? `"${text.replaceAll(/[\\"]/g, '\\$&')}"` : `"${text}"`
}

function canonical(value: JsonValue, quoted: (text: string) => string): string {
  const parts: string[] = []
  write(value)
  return parts.join('')

  function write(part: JsonValue): void {
    if (typeof part === 'string') {
      parts.push(quoted(part))
    } else if (typeof part === 'number') {
      // The parser refuses these, by rule; whoever makes values to sign must not sign what has no canonical form.
      if (!Number.isSafeInteger(part)) throw new RangeError(`canonical JSON cannot write the number ${part}`)
      parts.push(String(part))
    } else if (part === null || typeof part === 'boolean') {
      parts.push(String(part))
    } else if (part instanceof Map) {
      parts.push('{')
      for (const [index, name] of sortedNames(part).entries()) {
        parts.push(index === 0 ? '' : ',', quoted(name), ':')
        write(part.get(name) ?? null)
      }
      parts.push('}')
    } else if (Array.isArray(part)) {
      parts.push('[')
      for (const [index, item] of part.entries()) {
        if (index > 0) parts.push(',')
        write(item)
      }
      parts.push(']')
    } else {
      throw new TypeError('canonical JSON is made of parsed values only')
    }
  }
}

/** In the order of their UTF-8 bytes, which is that of their code points; JavaScript compares UTF-16. */
function sortedNames(object: JsonObject): string[] {
  /** By what they are sorted by, those names that are not their own. */
  const names = new Map<string, string>()
  // Once for each name and not for each comparison: an object may have a hundred thousand.
  const keys = [...object.keys()].map((name) => {
    if (!/[^ -~]/.test(name)) return name
    const bytes = Buffer.from(name).toString('latin1')
    names.set(bytes, name)
    return bytes
  })
  return keys.sort().map((key) => names.get(key) ?? key)
}
