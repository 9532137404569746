import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_LISTED_FILES } from '../../src/limits.ts'
import { parseDirectoryListing } from '../../src/reproduced/directory-listing.ts'

const BASE = new URL('https://rebuilder.example/build%20info/')
const listed = (page: string, base = BASE) => parseDirectoryListing(page, base)

const APACHE = `<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN">
<html>
 <head><title>Index of /build info</title></head>
 <body>
<h1>Index of /build info</h1>
  <table>
   <tr><th valign="top"><img src="/icons/blank.gif" alt="[ICO]"></th><th><a href="?C=N;O=D">Name</a></th><th><a href="?C=M;O=A">Last modified</a></th></tr>
   <tr><th colspan="5"><hr></th></tr>
<tr><td valign="top"><img src="/icons/back.gif" alt="[PARENTDIR]"></td><td><a href="/">Parent Directory</a></td><td>&nbsp;</td></tr>
<tr><td valign="top"><img src="/icons/folder.gif" alt="[DIR]"></td><td><a href="old/">old/</a></td><td align="right">2026-11-22 14:51  </td></tr>
<tr><td valign="top"><img src="/icons/unknown.gif" alt="[   ]"></td><td><a href="sl_5.02-1+b1_amd64.buildinfo">sl_5.02-1+b1_amd64.bu..&gt;</a></td><td align="right">2026-11-22 14:51  </td></tr>
</table>
<address>Apache/2.4.67 (Debian) Server at rebuilder.example Port 443</address>
</body></html>
`

const NGINX = `<html>
<head><title>Index of /build info/</title></head>
<body>
<h1>Index of /build info/</h1><hr><pre><a href="../">../</a>
<a href="old/">old/</a>                                               22-Nov-2026 14:51                   -
<a href="sl_5.02-1%2Bb1_amd64.buildinfo">sl_5.02-1+b1_amd64.buildinfo</a>                       22-Nov-2026 14:51                5120
</pre><hr></body>
</html>
`

const PYTHON = `<!DOCTYPE HTML>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Directory listing for /build info/</title>
</head>
<body>
<h1>Directory listing for /build info/</h1>
<hr>
<ul>
<li><a href="old/">old/</a></li>
<li><a href="sl_5.02-1%2Bb1_amd64.buildinfo">sl_5.02-1+b1_amd64.buildinfo</a></li>
</ul>
<hr>
</body>
</html>
`

describe('the index page of a folder', () => {
  it.each([
    ['Apache', APACHE],
    ['nginx', NGINX],
    ["Python's http.server", PYTHON],
  ])('as %s writes it', (_name, page) => {
    expect(listed(page)).toEqual(['sl_5.02-1+b1_amd64.buildinfo'])
  })

  it.each([
    ['in capitals', '<A HREF="a_1.buildinfo">', 'a_1.buildinfo'],
    ['in single quotes', "<a class='x' href='a_1.buildinfo'>", 'a_1.buildinfo'],
    ['without quotes', '<a href=a_1.buildinfo>', 'a_1.buildinfo'],
    ['with blanks and line ends', '<a\n  href = "a_1.buildinfo"\n>', 'a_1.buildinfo'],
    ['from here', '<a href="./a_1.buildinfo">', 'a_1.buildinfo'],
    ['from the root', '<a href="/build%20info/a_1.buildinfo">', 'a_1.buildinfo'],
    ['in full', '<a href="https://rebuilder.example/build%20info/a_1.buildinfo">', 'a_1.buildinfo'],
    ['with character references', '<a href="a&amp;b&#43;c&#x7e;_1.buildinfo">', 'a&b+c~_1.buildinfo'],
    ['with an escaped colon', '<a href="a_1%3a2.buildinfo">', 'a_1:2.buildinfo'],
  ])('a link %s', (_name, page, name) => {
    expect(listed(page)).toEqual([name])
  })

  it.each([
    ['another host', '<a href="https://other.example/build%20info/a.buildinfo">'],
    ['another host without scheme', '<a href="//other.example/build%20info/a.buildinfo">'],
    ['another scheme', '<a href="http://rebuilder.example/build%20info/a.buildinfo">'],
    ['another port', '<a href="https://rebuilder.example:8443/build%20info/a.buildinfo">'],
    ['a user', '<a href="https://me@rebuilder.example/build%20info/a.buildinfo">'],
    ['a script', '<a href="javascript:alert(1)">'],
    ['the folder above', '<a href="../a.buildinfo">'],
    ['the folder above, written otherwise', '<a href="%2e%2e/a.buildinfo">'],
    ['the root', '<a href="/a.buildinfo">'],
    ['a folder below', '<a href="old/a.buildinfo">'],
    ['a folder below, with an escaped slash', '<a href="old%2fa.buildinfo">'],
    ['a name with a backslash', '<a href="old%5ca.buildinfo">'],
    ['a name with a NUL', '<a href="a%00.buildinfo">'],
    ['a name with a line end', '<a href="a%0a.buildinfo">'],
    ['a name that is not UTF-8', '<a href="a%ff.buildinfo">'],
    ['a query', '<a href="a.buildinfo?x">'],
    ['a part of the page', '<a href="#a.buildinfo">'],
    ['the folder itself', '<a href="./">'],
    ['nothing', '<a href="">'],
    ['no URL', '<a href="https://[">'],
    ['something that is no link', '<link href="a.buildinfo"><abbr href="a.buildinfo">'],
    ['an anchor', '<a name="a.buildinfo">'],
    ['other data', '<a data-href="a.buildinfo">'],
    ['a tag without an end', '<a href="a.buildinfo"'],
    ['a tag of absurd length', `<a title="${'x'.repeat(5000)}" href="a.buildinfo">`],
  ])('no link to %s', (_name, page) => {
    expect(listed(page)).toEqual([])
  })

  it('names each file once', () => {
    expect(listed('<a href="a">a</a><a href="./a">a</a><a href="b">b</a>')).toEqual(['a', 'b'])
  })

  it('is refused when it names too many', () => {
    const page = Array.from({ length: MAX_LISTED_FILES + 1 }, (_, index) => `<a href=${index}>`).join('')
    expect(() => listed(page)).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }))
  })

  it('gives back every name that a server writes into it, however it escapes', () => {
    const name = fc.stringMatching(/^[a-z0-9][a-z0-9+.~_&' %#?=-]{0,20}$/)
    const html = (text: string) => text.replaceAll('&', '&amp;').replaceAll("'", '&#39;')
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 10 }), fc.constantFrom('"', "'"), (names, quote) => {
        const page = names
          .map((each) => `<li><a href=${quote}${html(encodeURIComponent(each))}${quote}>${html(each)}</a></li>\n`)
          .join('')
        expect(listed(page)).toEqual(names)
      }),
    )
  })

  it('gives names in that very folder, whatever the page', () => {
    const part = fc.oneof(
      fc.constantFrom('<a ', 'href=', '"', "'", '>', '/', '..', '%2e', '%2F', '\\', '//', ':', '&#47;', '?', '#', ' '),
      fc.string({ maxLength: 3 }),
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        for (const name of listed(`<a href="${parts.join('')}">x</a><a href=${parts.join('')}>`)) {
          expect(name).not.toMatch(/[/\\\0\n]/)
          expect(['', '.', '..']).not.toContain(name)
          const target = new URL(encodeURIComponent(name), BASE)
          expect(target.href.startsWith(BASE.href)).toBe(true)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('is read in time that grows with its size alone', () => {
    const start = performance.now()
    for (const part of [
      '<a ',
      '<a href',
      '<a href="',
      '<a href=x ',
      '<',
      ' ',
      'href="',
      "<a href='>",
      '<a x=">',
      '&#',
    ]) {
      listed(part.repeat(4_000_000 / part.length))
      listed(`${part.repeat(4_000_000 / part.length)}>`)
    }
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})
