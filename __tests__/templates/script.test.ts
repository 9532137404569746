import { execFileSync, type StdioOptions, spawnSync } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type InputValue, readComponent, variablesFor } from './component.ts'

const component = readComponent('verify')
const script = component.job.script?.at(-1) ?? ''

/** As a runner: what fails ends the job. The program writes down its arguments, and may use a file of its cache. */
const PRELUDE = `set -e
debproof_home=$HOME_OF_TEST
debproof() {
  printf '%s\\0' "$@" >"$HOME_OF_TEST/arguments"
  if [ -n "\${USE:-}" ]; then touch "$USE"; fi
  return "\${CODE:-0}"
}
`

/** Those of Debian's images, and that of Alpine's. */
const shells = ['sh', 'bash', 'dash', 'busybox sh'].filter(
  (shell) => spawnSync('sh', ['-c', `command -v ${shell}`]).status === 0,
)

let folder: string
let project: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'debproof-component-'))
  project = path.join(folder, 'project')
  mkdirSync(project)
})

afterEach(() => rmSync(folder, { recursive: true }))

interface Ran {
  readonly code: number | null
  readonly words: string[]
  readonly stderr: string
}

function runScript(
  shell: string,
  inputs: Readonly<Record<string, InputValue>>,
  more: Readonly<Record<string, string>> = {},
): Ran {
  const [program = '', ...words] = shell.split(' ')
  const env = { PATH: process.env['PATH'], HOME_OF_TEST: folder, ...variablesFor(component, inputs), ...more }
  // Not a socket, at the other end of which bash would expect a person.
  const stdio: StdioOptions = ['ignore', 'pipe', 'pipe']
  const options = { cwd: project, env, encoding: 'utf8', stdio, timeout: 15_000 } as const
  const { status, stderr } = spawnSync(program, [...words, '-c', PRELUDE + script], options)
  const file = path.join(folder, 'arguments')
  const given = existsSync(file) ? readFileSync(file, 'utf8').split('\0').slice(0, -1) : []
  return { code: status, words: given, stderr }
}

const PLAIN = ['--output=debproof-report', '--evidence=needed']
const CACHED = '--cache=.debproof-cache'

describe.each(shells)('the script of the component in %s', (shell) => {
  test('says nothing of what was left at its default', () => {
    expect(runScript(shell, {})).toEqual({ code: 0, words: ['verify', ...PLAIN, CACHED], stderr: '' })
  })

  test('hands on every input', () => {
    const values = {
      policy: 'p.yml',
      release: '1',
      at: 'now',
      output: 'o',
      shard: '1/2',
      'plan-id': 'x',
      evidence: 'all',
      cache: '/v',
    }
    const { words } = runScript(shell, { ...values, offline: true, deep: true, comment: true })
    expect(words[0]).toBe('verify')
    const expected = [...Object.entries(values).map(([name, value]) => `--${name}=${value}`)]
    expect(words.slice(1).sort()).toEqual([...expected, '--offline', '--deep', '--comment'].sort())
    const system = ['verify', '--root=/chroot', ...PLAIN, '--system', CACHED]
    expect(runScript(shell, { system: true, root: '/chroot' }).words).toEqual(system)
  })

  test.each([
    ['false', []],
    ['true', ['--unsigned']],
    ['allow-in-pull-requests', ['--unsigned-in-pull-requests']],
  ] as const)('takes unsigned: %s', (unsigned, flags) => {
    expect(runScript(shell, { unsigned }).words).toEqual(['verify', ...PLAIN, ...flags, CACHED])
  })

  test('makes an option of every line of a list, without the space around it', () => {
    const packages = '\n  a b.packages\n\n--release=x\n\tc:dpkg-query \n*\n'
    const { words } = runScript(shell, { packages, image: 'one.iso\ntwo.iso' })
    const lists = ['a b.packages', '--release=x', 'c:dpkg-query', '*'].map((line) => `--packages=${line}`)
    expect(words).toEqual(['verify', ...lists, '--image=one.iso', '--image=two.iso', ...PLAIN, CACHED])
  })

  test('takes no value for anything but a value', () => {
    const odd = `-x "$(touch pwned)" \`touch pwned\` '\\n' ; touch pwned & $HOME * ~ %s\nEND\nEOF`
    const { words } = runScript(shell, { policy: odd, release: odd, output: odd, cache: odd, packages: odd })
    const lines = odd.split('\n').map((line) => `--packages=${line}`)
    const values = ['policy', 'release', 'output'].map((name) => `--${name}=${odd}`)
    expect(words).toEqual(['verify', ...lines, ...values, '--evidence=needed', `--cache=${odd}`])
    expect(existsSync(path.join(project, 'pwned'))).toBe(false)
  })

  test.each([0, 1, 2, 3, 70])('ends with the exit code of the program, such as %d', (code) => {
    expect(runScript(shell, {}, { CODE: String(code) }).code).toBe(code)
  })

  test('leaves nothing of a cache but plain files below sha256', () => {
    fill('sha256/aa/aa11', 'url/aa/aa22', 'new/part', 'debproof.yml')
    symlinkSync('/etc/passwd', path.join(project, '.debproof-cache/sha256/aa/aa33'))
    symlinkSync('/etc', path.join(project, '.debproof-cache/sha256/bb'))
    expect(runScript(shell, {}, { USE: '.debproof-cache/sha256/aa/aa11' }).code).toBe(0)
    expect(cached()).toEqual(['.debproof-cache/sha256/aa/aa11'])
  })

  test.each(['.debproof-cache', '.debproof-cache/sha256'])('follows no link that a cache put at %s', (link) => {
    mkdirSync(path.join(folder, 'elsewhere/sha256'), { recursive: true })
    const files = ['precious', 'sha256/precious'].map((name) => path.join(folder, 'elsewhere', name))
    for (const file of files) writeFileSync(file, 'x')
    mkdirSync(path.dirname(path.join(project, link)), { recursive: true })
    symlinkSync(path.join(folder, 'elsewhere'), path.join(project, link))
    expect(runScript(shell, {}, { CODE: '1' }).code).toBe(1)
    expect(files.map((file) => existsSync(file))).toEqual([true, true])
    expect(lstatSync(path.join(project, link), { throwIfNoEntry: false })?.isSymbolicLink() ?? false).toBe(false)
  })

  test('drops from the cache what this run did not use, whatever its date says, also where the verdict is no', () => {
    fill('sha256/aa/used', 'sha256/aa/old', 'sha256/bb/future')
    execFileSync('touch', ['-d', '2099-01-01', path.join(project, '.debproof-cache/sha256/bb/future')])
    expect(runScript(shell, {}, { USE: '.debproof-cache/sha256/aa/used', CODE: '3' }).code).toBe(3)
    expect(cached()).toEqual(['.debproof-cache/sha256/aa/used'])
  })

  test('leaves a folder alone that is not for the cache service', () => {
    fill('sha256/aa/old', 'url/aa/old')
    for (const inputs of [{ cache: '.debproof-cache' }, { 'cache-service': false }]) {
      expect(runScript(shell, inputs).words.at(-1)).toBe(
        `--cache=${'cache' in inputs ? inputs.cache : `${folder}/cache`}`,
      )
      expect(cached()).toEqual(['.debproof-cache/sha256/aa/old', '.debproof-cache/url/aa/old'])
    }
  })
})

function fill(...names: readonly string[]): void {
  for (const name of names) {
    const file = path.join(project, '.debproof-cache', name)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, 'x')
  }
}

/** The files and links that are left of the cache. */
function cached(): string[] {
  const found = execFileSync('find', ['.debproof-cache', '!', '-type', 'd'], { cwd: project, encoding: 'utf8' })
  return found.trim().split('\n').sort()
}
