import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Command } from '../../src/commands/command.ts'
import { parseArguments } from '../../src/commands/parse-arguments.ts'
import { ProgressLine } from '../../src/commands/progress-line.ts'
import { DebproofError } from '../../src/errors.ts'
import { parseAt } from '../../src/options/option.ts'
import { parseListSource } from '../../src/options/verify-options.ts'
import { FORMAT_NAMES } from '../../src/packages/formats.ts'
import { terminalOf } from '../../src/terminal.ts'

function usage(pattern: RegExp): object {
  return expect.objectContaining({ code: 'USAGE', message: expect.stringMatching(pattern) })
}

describe('--at', () => {
  const NOW = new Date('2026-11-22T17:00:00.789Z')

  it.each([
    ['2026-06-01T12:00:00Z', '2026-06-01T12:00:00.000Z'],
    ['2026-06-01t12:00:00z', '2026-06-01T12:00:00.000Z'],
    ['2026-06-01 12:00:00Z', '2026-06-01T12:00:00.000Z'],
    ['2026-06-01T14:00:00+02:00', '2026-06-01T12:00:00.000Z'],
    ['2026-06-01T12:00:00.999Z', '2026-06-01T12:00:00.000Z'],
    ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
  ])('%s is %s', (text, time) => {
    expect(parseAt(text, NOW).toISOString()).toBe(time)
  })

  it.each([
    'yesterday',
    '2026-06-01',
    '2026-06-01T12:00Z',
    '2026-06-01T12:00:00',
    '12:00:00Z',
    '1780315200',
    '2026-13-01T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '2027-02-29T00:00:00Z',
    '2026-06-01T24:00:00Z',
    '2026-06-01T12:60:00Z',
    '2026-06-01T12:00:00+25:00',
    '2026-06-01T12:00:00Z ',
    ' 2026-06-01T12:00:00Z',
    '2026-06-01T12:00:00Z\n',
    'Mon, 01 Jun 2026 12:00:00 GMT',
    '+002026-06-01T12:00:00Z',
  ])('%j is refused', (text) => {
    expect(() => parseAt(text, NOW)).toThrow(usage(/is not an RFC 3339 time with its zone/))
  })

  it('is now where it is not given, in whole seconds', () => {
    expect(parseAt(undefined, NOW).toISOString()).toBe('2026-11-22T17:00:00.000Z')
  })

  it('is not now where a variable that was to give it is empty', () => {
    expect(() => parseAt('', NOW)).toThrow('RFC 3339')
  })

  it('is read back as it is written, and any other text is a foreseen mistake', () => {
    const times = fc.date({
      min: new Date('1970-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(times, (time) => {
        expect(parseAt(time.toISOString(), NOW).getTime()).toBe(Math.floor(time.getTime() / 1000) * 1000)
      }),
    )
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        try {
          parseAt(text, NOW)
        } catch (error) {
          expect(error).toBeInstanceOf(DebproofError)
        }
      }),
    )
  })
})

describe('--packages PATH:FORMAT', () => {
  it.each(['auto', ...FORMAT_NAMES])('takes %s for a format', (format) => {
    expect(parseListSource(`a/b:${format}`)).toEqual({ path: 'a/b', format })
    expect(parseListSource(`https://h:8080/list:${format}`)).toEqual({ path: 'https://h:8080/list', format })
  })

  it.each([
    'list',
    'a:b',
    'C:\\list',
    'https://h:8080/list',
    'https://h/',
    'a:AUTO',
    'a:auto:x',
    ':auto',
    'auto',
    'a:',
  ])('takes all of %s for a path', (path) => {
    expect(parseListSource(path)).toEqual({ path, format: 'auto' })
  })

  it('loses nothing of any path', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.constantFrom(...FORMAT_NAMES), (path, format) => {
        expect(parseListSource(`${path}:${format}`)).toEqual({ path, format })
      }),
    )
  })
})

const COMMAND: Command = {
  name: 'made',
  usage: 'FILE',
  title: 'made',
  description: 'Made.',
  options: [
    { name: 'one', value: 'X', default: 'preset', description: 'One.' },
    { name: 'many', value: 'X', multiple: true, description: 'Many.' },
    { name: 'flag', description: 'A flag.' },
    { name: 'help', description: 'Help.' },
  ],
  positionals: { min: 1, max: 2 },
  run: async () => 0,
}

describe('arguments', () => {
  it('are held against the table of options', () => {
    const given = parseArguments(COMMAND, ['a', '--many', '1', '--flag', '--many=2', 'b'])
    expect(given.positionals).toEqual(['a', 'b'])
    expect([given.text('one'), given.texts('one'), given.texts('many')]).toEqual(['preset', [], ['1', '2']])
    expect([given.flag('flag'), given.flag('help')]).toEqual([true, false])
    expect(parseArguments(COMMAND, ['a', '--one', 'set']).text('one')).toBe('set')
  })

  it('after -- are no options', () => {
    expect(parseArguments(COMMAND, ['--', '--flag']).positionals).toEqual(['--flag'])
  })

  it.each<[string[], RegExp]>([
    [[], /^made: FILE is missing — see `debproof made --help`\.$/],
    [['a', 'b', 'c'], /^made: "c" is too much/],
    [['a', '--manny', 'x'], /^made: there is no option --manny; did you mean --many\?/],
    [['a', '--toString'], /^made: there is no option --toString —/],
    [['a', '-f'], /^made: there is no option --f/],
    [['a', '--one', '1', '--one', '2'], /^made: --one is given twice/],
    [['a', '--one'], /^made: Option '--one <value>' argument missing/],
    [['a', '--one', '--flag'], /^made: Option '--one' argument is ambiguous/],
    [['a', '--flag=yes'], /^made: Option '--flag' does not take an argument/],
  ])('%j are refused', (words, message) => {
    expect(() => parseArguments(COMMAND, words)).toThrow(usage(message))
  })

  it('may be missing where help is asked for', () => {
    expect(parseArguments(COMMAND, ['--help']).flag('help')).toBe(true)
  })

  it('of any kind are arguments or a foreseen mistake', () => {
    const word = fc.oneof(fc.string(), fc.constantFrom('--one', '--many', '--flag', '--', '--help', '--no-flag', '-'))
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (words) => {
        try {
          parseArguments(COMMAND, words)
        } catch (error) {
          expect(error).toBeInstanceOf(DebproofError)
        }
      }),
    )
  })
})

describe('progress', () => {
  function shown(interactive: boolean, options: { quiet?: boolean; verbose?: boolean } = {}): string {
    let text = ''
    const stream = { isTTY: interactive, write: (more: string) => (text += more) }
    const terminal = terminalOf({ stdout: stream, stderr: stream, env: {} })
    const line = new ProgressLine(terminal, { quiet: false, verbose: false, ...options })
    line.progress('Reading')
    line.download(new URL('http://h/a'))
    line.warn('Hostile \x1b[2J')
    line.end()
    return text
  }

  it('is one line a step where nobody looks on, and says nothing with --quiet but warnings', () => {
    expect(shown(false)).toBe('Reading …\nWarning: Hostile \\u001b[2J\n')
    expect(shown(false, { quiet: true })).toBe('Warning: Hostile \\u001b[2J\n')
    expect(shown(false, { verbose: true })).toBe('Reading …\n  http://h/a\nWarning: Hostile \\u001b[2J\n')
  })

  it('is one line that is written over on a terminal, and gone at the end', () => {
    expect(shown(true)).toBe(
      '\r\x1b[KReading …\r\x1b[KReading … (1 files)\r\x1b[KWarning: Hostile \\u001b[2J\n\r\x1b[K',
    )
  })
})
