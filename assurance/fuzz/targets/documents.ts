import { createHash } from 'node:crypto'
import { readPublicKeys } from '../../../src/archive/public-key.ts'
import { canonicalOlpc } from '../../../src/reproduced/canonical-json.ts'
import { parseDirectoryListing } from '../../../src/reproduced/directory-listing.ts'
import { parseStrictJson } from '../../../src/reproduced/strict-json.ts'
import { canonicalText, latin1, promise, type Target, unlessRefusedNow } from '../target.ts'
import { fileSeeds, REBUILDS, textSeeds } from './files.ts'
import { LINKS } from './in-toto.ts'
import { JSON_TOKENS } from './json-tokens.ts'
import { plainOf } from './rebuilderd.ts'
import { CODES } from './statements.ts'

const listing: Target = {
  name: 'directory-listing',
  promise: 'a page gives plain names in its own folder',
  seeds: () =>
    textSeeds({
      apache:
        '<table><tr><td><a href="?C=N;O=D">Name</a></td></tr><tr><td><a href="hello_1.0-1_amd64.buildinfo">hello</a></td></tr><tr><td><a href="sub/">sub</a></td></tr></table>',
      nginx: '<h1>Index</h1><pre><a href="../">../</a>\n<a href="a%2bb.link">a+b.link</a> 01-Jun-2026 12:00 12\n</pre>',
      python:
        '<ul><li><a href="a&amp;b.link">a&amp;b.link</a></li><li><A HREF=\'c.link\'>c</A></li><li><a class=x href=d.link>d</a></li></ul>',
    }),
  tokens: [
    '<a ',
    ' href="',
    '>',
    '&amp;',
    '&#x2f;',
    '&#0;',
    '%2f',
    '%00',
    '%e2%80%a8',
    '..',
    'http://h/',
    '//',
    '\\',
    '?',
    '#',
    '%',
  ],
  run(bytes) {
    const base = new URL('https://h:8443/a/b/')
    const names = unlessRefusedNow(['TOO_LARGE'], () => parseDirectoryListing(latin1(bytes), base))
    for (const name of names ?? []) {
      promise(
        !/[/\\\0\n\r]/.test(name) && name !== '' && name !== '.' && name !== '..',
        `${JSON.stringify(name)} is no file name`,
      )
      const url = new URL(encodeURIComponent(name), base)
      promise(url.href.startsWith(base.href), `${url.href} is elsewhere`)
    }
    return names === undefined || names.length === 0 ? 'refused' : 'accepted'
  },
}

export const json: Target = {
  name: 'strict-json',
  promise: 'what is accepted is what JSON.parse reads, and its canonical form is that of no other value',
  seeds: () => [
    ...fileSeeds(LINKS[0] ?? '', `${REBUILDS}/rbA.v1_packages_binary.json`),
    ...textSeeds({ values: '{"a":[1,-2,true,false,null,"\\u00e9\\n\\"\\\\\xc3\xa9"],"b":{"":{}},"c":1.5e3}' }),
  ],
  tokens: JSON_TOKENS,
  run(bytes) {
    const any = unlessRefusedNow(CODES, () => parseStrictJson(bytes, 'it', { limit: 65_536, numbers: 'any' }))
    const integers = unlessRefusedNow(CODES, () => parseStrictJson(bytes, 'it', { limit: 65_536, numbers: 'integers' }))
    if (integers !== undefined) {
      promise(
        any !== undefined && canonicalText(any) === canonicalText(integers),
        'the stricter reader reads something else',
      )
      const digest = createHash('sha256').update(canonicalOlpc(integers)).digest('hex')
      const again = parseStrictJson(Buffer.from(JSON.stringify(plainOf(integers))), 'it', {
        limit: 1e7,
        numbers: 'integers',
      })
      const same = createHash('sha256').update(canonicalOlpc(again)).digest('hex') === digest
      promise(
        same || latin1(bytes).includes('__proto__') || latin1(bytes).includes('\\u'),
        'its canonical form is another when it is read again',
      )
    }
    if (any === undefined) return 'refused'
    promise(
      canonicalText(plainOf(any)) === canonicalText(withoutPrototypes(JSON.parse(Buffer.from(bytes).toString('utf8')))),
      'JSON.parse reads something else',
    )
    return 'accepted'
  },
}

function withoutPrototypes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPrototypes)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== '__proto__')
      .map(([name, part]) => [name, withoutPrototypes(part)]),
  )
}

const pem: Target = {
  name: 'public-keys',
  promise: 'a PEM file gives keys that can be used, or is refused',
  seeds: () => textSeeds({ daemon: PEM, two: PEM + PEM }),
  tokens: ['-----BEGIN PUBLIC KEY-----\n', '-----END PUBLIC KEY-----\n', '-----BEGIN PGP', '\r\n', 'PRIVATE KEY'],
  run(bytes) {
    const keys = unlessRefusedNow(['KEY'], () => readPublicKeys(bytes, 'a.pem'))
    if (keys === undefined) return 'refused'
    for (const key of keys)
      promise(!key.verify(Buffer.from('a'), Buffer.alloc(64)), 'a key takes zeros for a signature')
    return 'accepted'
  },
  limit: 4096,
}

const PEM =
  '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n'

/** Forms that statements come in. */
export const DOCUMENT_TARGETS: readonly Target[] = [listing, json, pem]
