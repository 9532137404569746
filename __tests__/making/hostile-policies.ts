import { readFileSync } from 'node:fs'
import { stringify } from 'yaml'
import { archivePolicy } from './site.ts'

/** What a log or a terminal acts on: commands of GitHub's runner, sections of GitLab, OSC 8 and 52, C1, bidi, separators. */
export const HOSTILE =
  'x\n::set-output name=pwned::1\n \u00a0::stop-commands::pwned\na ##[set-env name=pwned]1\r\x1b]8;;http://e\x07\x1b]52;c;eA==\x07' +
  '\x9b31m\x9d\x7f\u202e\u2066\u2028::set-output name=pwned::1\nsection_start:1:pwned\r\x1b[0K'

type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value }
type Path = readonly (string | number)[]

const AREA = { suites: ['made'], components: ['main'], architectures: ['amd64'] }
const KEY = 'keys/upstream.asc'

/** A policy with every key that there is. */
const WHOLE: Value = {
  version: 1,
  env: ['MADE'],
  at: '2026-06-01',
  packages: [{ path: 'build.packages', format: 'dpkg-query' }],
  archives: {
    plain: { require: 'identical', url: 'file:snapshot', ...AREA, 'signed-by': 'keys/project.gpg', 'max-age': '90d' },
    listed: { require: 'absent', url: 'file:snapshot', ...AREA, 'apt-lists': 'lists', 'signed-by': 'keys/project.gpg' },
    named: {
      require: 'identical',
      url: 'file:snapshot',
      ...AREA,
      'signed-by': 'keys/project.gpg',
      names: ['hel*'],
      'unproven-files': 'report',
      upstream: [
        { url: 'file:upstream', 'signed-by': KEY, ...AREA, 'release-name': 'made', 'max-age': '90d' },
        { snapshots: ['http://127.0.0.1:9/'], archive: 'debian', at: '2026-06-01', window: '3d', 'signed-by': KEY },
        { store: 'store', at: '2026-06-01', window: '3d', 'signed-by': KEY, memory: false },
      ],
    },
    own: {
      require: 'reproduced',
      url: 'file:snapshot',
      ...AREA,
      'signed-by': 'keys/project.gpg',
      rebuilders: {
        threshold: 1,
        source: 'optional',
        parties: {
          one: {
            buildinfo: 'file:made/',
            'in-toto': 'file:made/',
            sha256sums: 'file:made/',
            'signed-by': KEY,
            cosigned: true,
          },
          two: {
            rebuilderd: 'http://127.0.0.1:9/',
            dsse: 'file:made/',
            'public-key': [{ file: 'keys/p.pem', until: '2030-01-01' }],
          },
        },
        layout: { file: 'root.layout', 'signed-by': KEY, 'in-toto': 'file:made/' },
        builder: { 'signed-by': KEY, 'public-key': 'keys/p.pem' },
      },
    },
  },
  hashes: 'required',
  'other-archives': { ignore: 'a reason' },
  exceptions: [
    {
      package: 'hello',
      version: '1.0',
      architecture: 'amd64',
      archive: 'plain',
      sha256: 'a'.repeat(64),
      verdict: 'mismatch',
      reason: 'a reason',
      until: '2030-01-01',
    },
  ],
}

/** The keys of the schema that `WHOLE` lacks: none. */
export function keysOfSchemaNotHere(): string[] {
  const schema: unknown = JSON.parse(readFileSync('schemas/policy.schema.json', 'utf8'))
  const here = new Set<string>()
  visit(WHOLE, [], (path) => here.add(String(path.at(-1))))
  const missing = new Set<string>()
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'properties' && typeof inner === 'object')
        for (const name of Object.keys(inner)) if (!here.has(name)) missing.add(name)
      walk(inner)
    }
  }
  walk(schema)
  return [...missing]
}

/** Policies with a hostile text in one place each: every text, every key, and what is no YAML or of no known key. */
export function* hostilePolicies(hostile = HOSTILE): Generator<readonly [place: string, text: string]> {
  const places: Path[] = []
  visit(WHOLE, [], (path) => places.push(path))
  for (const path of places) {
    const name = path.join('.')
    const policy = onlyWhatLeadsTo(WHOLE, path)
    if (typeof valueAt(WHOLE, path) === 'string') {
      yield [name, stringify(changed(policy, path, (value) => `${String(value)}${hostile}`))]
      yield [`${name}, whole`, stringify(changed(policy, path, () => hostile))]
    }
    if (typeof path.at(-1) === 'string')
      yield [`the key ${name}`, stringify(renamed(policy, path, (key) => `${key}${hostile}`))]
  }
  const head = `version: 1\narchives:\n${archivePolicy()}`
  yield ['an alias', `${head}env: [*${hostile.replaceAll(/\s/g, '')}]\n`]
  yield ['a tag', `${head}env: !${hostile.replaceAll(/\s/g, '')} []\n`]
  yield ['no YAML', `${head}env: [${hostile}\n`]
  yield ['a quote', `${head}env: "${hostile}\\q"\n`]
  yield ['a key twice', `${head}"${hostile.replaceAll('\n', '\\n')}": 1\n"${hostile.replaceAll('\n', '\\n')}": 2\n`]
  yield ['no policy at all', hostile]
}

function visit(value: Value, path: Path, seen: (path: Path) => void): void {
  if (typeof value !== 'object') return
  for (const [key, inner] of entriesOf(value)) {
    seen([...path, key])
    visit(inner, [...path, key], seen)
  }
}

function entriesOf(value: object): [string | number, Value][] {
  return Array.isArray(value) ? value.map((inner, index): [number, Value] => [index, inner]) : Object.entries(value)
}

function valueAt(value: Value, path: Path): Value | undefined {
  return path.reduce<Value | undefined>((at, key) => (typeof at === 'object' ? Reflect.get(at, key) : undefined), value)
}

function changed(value: Value, path: Path, change: (value: Value) => Value): Value {
  const [key, ...rest] = path
  if (key === undefined) return change(value)
  if (Array.isArray(value)) return value.map((inner, index) => (index === key ? changed(inner, rest, change) : inner))
  return Object.fromEntries(
    entriesOf(Object(value)).map(([name, inner]) => [name, name === key ? changed(inner, rest, change) : inner]),
  )
}

function renamed(value: Value, path: Path, change: (key: string) => string): Value {
  return changed(value, path.slice(0, -1), (parent) =>
    Object.fromEntries(
      entriesOf(Object(parent)).map(([name, inner]) => [name === path.at(-1) ? change(String(name)) : name, inner]),
    ),
  )
}

/** Of archives and of upstreams that on the way alone, so that nothing else ends the run before; the others as they are. */
function onlyWhatLeadsTo(value: Value, path: Path): Value {
  const [first, archive, third] = path
  const kept = first === 'archives' && archive !== undefined ? archive : 'plain'
  const only = changed(value, ['archives'], (archives) => ({ [kept]: Object(archives)[kept] }))
  const before =
    first === 'exceptions'
      ? only
      : Object.fromEntries(entriesOf(Object(only)).filter(([name]) => name !== 'exceptions'))
  if (kept !== 'named') return before
  // The other entries would answer first.
  return changed(before, ['archives', 'named', 'upstream'], (list) =>
    Array.isArray(list)
      ? list.map((entry, index) =>
          third !== 'upstream' || index === path[3] ? entry : { url: 'file:upstream', 'signed-by': KEY },
        )
      : list,
  )
}
