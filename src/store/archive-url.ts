/**
 * An archive's URL in the one spelling that all equivalent ones have (RFC 3986, 6.2.2): what need not be escaped is
 * not, and escapes are in capitals. The case of scheme and host, the default port and dot segments are put right by
 * `URL` itself. Another name of the host, another scheme, and `//` within the path make another URL.
 */
export function normalizedArchive(base: URL): string {
  return base.href.replaceAll(/%[0-9A-Fa-f]{2}/g, (octet) => {
    const character = String.fromCharCode(Number.parseInt(octet.slice(1), 16))
    return /[A-Za-z0-9._~-]/.test(character) ? character : octet.toUpperCase()
  })
}
