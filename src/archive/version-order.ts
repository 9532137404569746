import type { Version } from './identity.ts'

/**
 * Compares two versions as dpkg and apt do (Debian Policy 5.6.12; deb-version(7)): negative when `a` is older, 0 when
 * they sort alike, as 1.0-1 and 1.0-01 do, positive when `a` is newer.
 */
export function compareVersions(a: Version, b: Version): number {
  const left = split(a)
  const right = split(b)
  return (
    left.epoch - right.epoch ||
    compareParts(left.upstream, right.upstream) ||
    compareParts(left.revision, right.revision)
  )
}

function split(version: string): { epoch: number; upstream: string; revision: string } {
  const colon = version.indexOf(':')
  const rest = version.slice(colon + 1)
  const hyphen = rest.lastIndexOf('-')
  return {
    epoch: colon === -1 ? 0 : Number(version.slice(0, colon)),
    upstream: hyphen === -1 ? rest : rest.slice(0, hyphen),
    revision: hyphen === -1 ? '' : rest.slice(hyphen + 1),
  }
}

/** Parts that are no digits and parts that are, in turn. */
function compareParts(a: string, b: string): number {
  const left: string[] = a.match(/\D+|\d+/g) ?? []
  const right: string[] = b.match(/\D+|\d+/g) ?? []
  if (/^\d/.test(a)) left.unshift('')
  if (/^\d/.test(b)) right.unshift('')
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const order =
      index % 2 === 0
        ? compareText(left[index] ?? '', right[index] ?? '')
        : compareNumbers(left[index] ?? '', right[index] ?? '')
    if (order !== 0) return order
  }
  return 0
}

/** Of any length: leading zeros do not count. */
function compareNumbers(a: string, b: string): number {
  const [left, right] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')]
  return left.length - right.length || (left < right ? -1 : left > right ? 1 : 0)
}

function compareText(a: string, b: string): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const order = weight(a[index]) - weight(b[index])
    if (order !== 0) return order
  }
  return 0
}

/** A tilde before the end, the end before letters, letters before everything else. */
function weight(character: string | undefined): number {
  if (character === '~') return -1
  if (character === undefined) return 0
  const code = character.charCodeAt(0)
  return /[A-Za-z]/.test(character) ? code : code + 256
}
