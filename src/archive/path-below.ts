/**
 * Whether a name in a release file or an index is a relative path that stays below where it starts: no empty, `.`
 * or `..` part, no character that a URL or a file system reads in another way.
 */
export function isPathBelow(path: string): boolean {
  return path
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && /^[!"$-.0-;=@-[\]-~]+$/.test(part))
}

/** The URL of a path below a base URL that ends in `/`, with every character escaped that apt escapes. */
export function urlBelow(base: URL, path: string): URL {
  const escaped = path.split('/').map((part) => encodeURIComponent(part).replaceAll('%3A', ':').replaceAll('%40', '@'))
  return new URL(base.href + escaped.join('/'))
}
