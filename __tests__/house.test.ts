import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'

interface Import {
  readonly from: string
  readonly to: string
  readonly typeOnly: boolean
}

const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => /(?<!\.d)\.ts$/.test(file))

const imports: Import[] = files.flatMap((file) =>
  [...readFileSync(path.join('src', file), 'utf8').matchAll(/^(import|export) (type )?[^'"]*?from '([^']+)'/gms)].map(
    ([, , typeOnly, target = '']) => ({
      from: file,
      to: target.startsWith('.') ? path.join(path.dirname(file), target) : target,
      typeOnly: typeOnly !== undefined,
    }),
  ),
)

const readSource = (file: string): string => readFileSync(path.join('src', file), 'utf8')

/** The room of a file: its folder, or the file itself at the top of src/. */
const room = (file: string): string => (file.includes('/') ? (file.split('/')[0] ?? '') : file)

/** What each room may import beside itself; types go where they like, downwards. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  net: [],
  archive: ['net'],
  packages: ['archive', 'net'],
  policy: ['archive'],
  judge: [],
  locate: ['archive'],
  store: ['archive', 'net'],
  identical: ['archive', 'judge', 'locate', 'net', 'policy', 'store'],
  reproduced: ['archive', 'judge', 'locate', 'net', 'policy'],
  unproven: ['archive', 'identical', 'judge', 'locate', 'net', 'policy', 'reproduced'],
  rebuild: ['archive', 'net', 'parts', 'policy', 'report', 'reproduced'],
  report: ['archive', 'judge'],
  parts: ['judge', 'policy', 'report'],
  evidence: ['archive', 'net', 'packages', 'policy', 'report', 'reproduced'],
  options: ['net', 'packages', 'parts'],
  commands: [
    'archive',
    'ci',
    'evidence',
    'net',
    'options',
    'packages',
    'parts',
    'policy',
    'rebuild',
    'recheck.ts',
    'report',
    'run.ts',
    'store',
    'unproven',
  ],
  ci: ['evidence', 'net', 'options', 'report'],
  'verify.ts': ['archive', 'identical', 'judge', 'locate', 'net', 'policy', 'reproduced', 'unproven'],
  'derive.ts': ['packages', 'parts', 'report', 'verify.ts'],
  'run.ts': ['archive', 'derive.ts', 'evidence', 'net', 'packages', 'policy', 'report'],
  'recheck.ts': ['archive', 'derive.ts', 'evidence', 'net', 'packages', 'parts', 'policy', 'report'],
  'terminal.ts': ['report'],
  'cli.ts': ['commands', 'report', 'terminal.ts'],
  'action.ts': ['ci', 'run.ts', 'terminal.ts'],
  'save-cache.ts': ['ci'],
}

/** Every room may use these: they hold no step of the way of the data. */
const COMMON = [
  'errors.ts',
  'limits.ts',
  'tool.ts',
  'spelling.ts',
  'package-root.ts',
  'exit-code.ts',
  'find-files.ts',
  'make-folder.ts',
  'kernel-file.ts',
  'lasting-file.ts',
  'interruption.ts',
  'open-file.ts',
  'read-file-up-to.ts',
  'job-secrets.ts',
  'places.ts',
]

describe('the house', () => {
  test('its imports are seen', () => {
    expect(imports).toContainEqual({ from: 'cli.ts', to: 'errors.ts', typeOnly: false })
    expect(imports).toContainEqual({ from: 'judge/judge.ts', to: 'judge/candidate.ts', typeOnly: true })
  })

  test('arrows run one way: entry, commands, run, verify, stages, archive, net', () => {
    const wrong = imports.filter(({ from, to, typeOnly }) => {
      if (typeOnly || to.startsWith('node:') || !files.includes(to)) return false
      const [source, target] = [room(from), room(to)]
      if (source === target || COMMON.includes(target)) return false
      return !(MAY_IMPORT[source] ?? []).includes(target)
    })
    expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([])
  })

  test('the judge does no I/O and looks at no clock', () => {
    const judge = files.filter((file) => room(file) === 'judge')
    expect(imports.filter(({ from, to }) => judge.includes(from) && to.startsWith('node:'))).toEqual([])
    for (const file of judge) expect(readFileSync(path.join('src', file), 'utf8')).not.toMatch(/new Date\(\)|process\./)
  })

  test('other programs are started by these files alone, by name and never by a shell', () => {
    const starting = files.filter((file) => /child_process|worker_threads|\bcluster\b/.test(readSource(file)))
    expect(starting.sort()).toEqual([
      'ci/cache-service.ts',
      'rebuild/child.ts',
      'rebuild/tools.ts',
      'rebuild/workshop.ts',
    ])
    for (const file of starting) expect(readSource(file)).not.toMatch(/shell:|\bexec\(|execSync/)
    for (const file of files) expect(readSource(file)).not.toMatch(/\beval\(|new Function\(|node:vm/)
  })

  test('what is printed goes through one writer for the terminal and one for the log of a job', () => {
    const WRITING =
      /\bconsole\.|\bstd(?:out|err)\b\.?\w*\.?write|\bprocess\.(?:stdout|stderr|_raw)|\bwriteSync\(\s*[12]\b|\bcore\.(?:info|debug|notice|warning|error|setFailed|startGroup|endGroup|group|summary|setOutput|exportVariable|addPath)\b/
    const code = (file: string): string => readSource(file).replaceAll(/^\s*(?:\/?\*|\/\/).*$/gm, '')
    expect(files.filter((file) => WRITING.test(code(file))).sort()).toEqual([
      'ci/job-log.ts',
      // Keeps what a library would print.
      'ci/overhear.ts',
      // Watches the streams for errors, and hands them to the writer.
      'cli.ts',
      'terminal.ts',
    ])
    expect(code('cli.ts').match(/process\.std\w+\.\w+/g)).toEqual(['process.stdout.on', 'process.stderr.on'])
    for (const file of ['terminal.ts', 'ci/job-log.ts'])
      expect(imports.map(({ from, to }) => `${from} ${to}`)).toContain(`${file} report/visible.ts`)
    expect(files.filter((file) => /from '@actions\/core'/.test(readSource(file))).sort()).toEqual([
      'ci/cache-service.ts',
      'ci/inputs.ts',
      'ci/job-log.ts',
    ])
  })

  test('what a policy names is opened in its places: nobody else opens files in the rooms that read it', () => {
    const rooms = ['archive', 'identical', 'locate', 'net', 'packages', 'policy', 'reproduced', 'unproven']
    const OPENING =
      /^import [^;]*?\b(?:open|openSync|readFile|readFileSync|createReadStream|openFile|openInput|readFileUpTo)\b[^;]*? from '(?:node:fs(?:\/promises)?|[./]+\/(?:open-file|read-file-up-to)\.ts)'/m
    const opening = files.filter((file) => rooms.includes(room(file)) && OPENING.test(readSource(file)))
    const ofTheCache = ['net/cache-content.ts', 'net/cache.ts', 'net/content-folder.ts', 'net/kept-chunks.ts']
    const ofTheSystem = ['policy/kept-by-apt.ts', 'policy/system-files.ts', 'policy/system-policy.ts']
    const inPlaces = [
      'net/file-transport.ts',
      'packages/deb-file.ts',
      'packages/read-list.ts',
      'policy/policy-files.ts',
    ]
    // Says of a file in a folder of .debs whether it is one.
    const yesOrNo = ['packages/unnamed-debs.ts']
    expect(opening.sort()).toEqual([...ofTheCache, ...ofTheSystem, ...inPlaces, ...yesOrNo].sort())
    for (const file of inPlaces) expect(readSource(file)).toMatch(/[pP]laces\.open\b/)
  })

  test('no file imports itself in a circle', () => {
    const next = new Map(
      files.map((file) => [
        file,
        imports
          .filter(({ from, to, typeOnly }) => from === file && !typeOnly && files.includes(to))
          .map(({ to }) => to),
      ]),
    )
    const circles: string[] = []
    const visit = (file: string, way: readonly string[]): void => {
      if (way.includes(file)) circles.push([...way, file].join(' → '))
      else for (const target of next.get(file) ?? []) visit(target, [...way, file])
    }
    for (const file of ['cli.ts', 'action.ts', 'save-cache.ts', 'commands/verify.ts']) visit(file, [])
    expect(circles).toEqual([])
  })
})
