import { DebproofError } from '../errors.ts'
import { MAX_LINK_TAG, MAX_LISTED_FILES } from '../limits.ts'

/**
 * The files that the index page of a folder links to, as Apache, nginx and Python's http.server write such pages:
 * names in that very folder, decoded, each once. Links to other places, to folders and with a query, such as those
 * that sort the page, are left out. A page of any other kind has no such links, and gives no names.
 *
 * Never an answer, only a hint of what to ask for: whoever serves the page can put anything into it.
 *
 * @param page one character for each byte
 * @param base of the folder; ends in `/`
 * @throws DebproofError TOO_LARGE
 */
export function parseDirectoryListing(page: string, base: URL): string[] {
  const names = new Set<string>()
  for (const href of links(page)) {
    const name = nameBelow(href, base)
    if (name === undefined) continue
    names.add(name)
    if (names.size > MAX_LISTED_FILES) {
      throw new DebproofError('TOO_LARGE', `${base.href} links to more than ${MAX_LISTED_FILES} files.`)
    }
  }
  return [...names]
}

/**
 * The `href` of each `<a …>`. Every character is looked at a few times at most, whatever the page: a regular
 * expression over all of it would go through the rest of the page again for each `<a` that is never closed.
 */
function* links(page: string): Generator<string> {
  const begin = /<a\s/gi
  for (let found = begin.exec(page); found !== null; found = begin.exec(page)) {
    const end = page.indexOf('>', begin.lastIndex)
    if (end === -1) return
    if (end - begin.lastIndex <= MAX_LINK_TAG) {
      const href = /(?:^|\s)href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i.exec(page.slice(begin.lastIndex, end))
      if (href !== null) yield unescapeHtml(href[1] ?? href[2] ?? href[3] ?? '')
    }
    begin.lastIndex = end + 1
  }
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The character references that servers write into attributes. */
function unescapeHtml(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,3})|#x([0-9a-f]{1,2})|(amp|lt|gt|quot|apos));/gi, (_, decimal, hex, named) => {
    if (named !== undefined) return NAMED[named.toLowerCase()] ?? ''
    return String.fromCharCode(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal))
  })
}

/** The name of a file in the folder itself; undefined for every other place. */
function nameBelow(href: string, base: URL): string | undefined {
  if (!URL.canParse(href, base)) return undefined
  const target = new URL(href, base)
  if (target.origin !== base.origin || target.username !== base.username || target.password !== base.password) {
    return undefined
  }
  if (target.search !== '' || target.hash !== '' || !target.pathname.startsWith(base.pathname)) return undefined
  try {
    const name = decodeURIComponent(target.pathname.slice(base.pathname.length))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not be in a name
    return name === '' || /[/\\\x00-\x1f\x7f]/.test(name) ? undefined : name
  } catch {
    return undefined
  }
}
