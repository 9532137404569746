// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the variables of a policy
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DebproofError } from '../../src/errors.ts'
import { substitute, type Variables } from '../../src/policy/variables.ts'

const VARIABLES: Variables = {
  release: '7.12',
  references: { debian: '2026112201' },
  environment: { BRANCH: 'stable', UNSET: undefined },
}

const hostile = [
  '..',
  '../x',
  'a/b',
  'a b',
  '',
  '-rf',
  '.',
  '~',
  'a\nb',
  'a%2fb',
  'a?b',
  'a#b',
  'a@b',
  'a:b',
  'ä',
  '${release}',
  '\0',
  'a\\b',
]

describe('a variable', () => {
  it('is replaced by its value, as often as it stands there', () => {
    const text = 'http://h/${release}/${reference:debian}/${BRANCH}/${release}/$release/{release}'
    expect(substitute(text, VARIABLES, 'here')).toBe('http://h/7.12/2026112201/stable/7.12/$release/{release}')
  })

  it.each([
    ['${realease}', /^here: \$\{realease\} has no value: it may be release, reference:ORIGIN, or an environment/],
    ['${HOME}', /^here: \$\{HOME\} has no value: it may be /],
    ['${UNSET}', /^here: \$\{UNSET\} has no value: this environment variable is not set\.$/],
    ['${reference:torproject}', /^here: .* no package list names a snapshot of the origin torproject\.$/],
    ['${reference:constructor}', /no package list names/],
    ['${constructor}', /it may be release/],
    ['${}', /it may be release/],
    ['${ release}', /it may be release/],
  ])('%s without a value is told with what would help', (text, message) => {
    expect(() => substitute(text, VARIABLES, 'here')).toThrow(
      expect.objectContaining({ code: 'POLICY', message: expect.stringMatching(message) }),
    )
  })

  it('release without --release says what to give', () => {
    expect(() => substitute('${release}', { references: {}, environment: {} }, 'here')).toThrow(
      /give it with --release\.$/,
    )
  })

  it.each(hostile)('that is %j is refused, whoever sets it', (value) => {
    const from: Variables = { release: value, references: { debian: value }, environment: { BRANCH: value } }
    for (const text of ['${release}', '${reference:debian}', '${BRANCH}']) {
      expect(() => substitute(text, from, 'here')).toThrow(/only letters, digits and \. _ ~ \+ - may be put/)
    }
  })

  it('is never looked for in its own value, and puts nothing into a path but a name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (release) => {
        try {
          const path = substitute('a/${release}/b', { release, references: {}, environment: {} }, 'here')
          expect(path).toBe(`a/${release}/b`)
          expect(new URL(path, 'http://h/').pathname).toBe(`/a/${release}/b`)
        } catch (error) {
          expect(error).toBeInstanceOf(DebproofError)
        }
      }),
    )
  })

  it('whose value has a dollar sign in it never comes to be', () => {
    expect(() => substitute('${release}', { ...VARIABLES, release: '$&' }, 'here')).toThrow(DebproofError)
  })
})

describe('text without variables', () => {
  it('is left as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        if (!text.includes('${')) expect(substitute(text, VARIABLES, 'here')).toBe(text)
      }),
    )
  })
})
