import { expect, it } from 'vitest'
import { type UnclearListing, unclearNotes } from '../../src/archive/unclear-listing.ts'
import { MAX_UNCLEAR_TOLD } from '../../src/limits.ts'
import { nameOf } from '../judge/given.ts'

it('the unclear stanzas of an index are told one by one, so many of them, and the others counted', () => {
  const many = Array.from({ length: MAX_UNCLEAR_TOLD + 2 }, (_, index): UnclearListing => {
    return { name: nameOf(`p${index}`), kind: 'binary', index: 'made Packages', number: 7, problem: 'Odd.', count: 3 }
  })
  expect(unclearNotes(many.slice(0, MAX_UNCLEAR_TOLD))).toHaveLength(MAX_UNCLEAR_TOLD)
  const notes = unclearNotes(many)
  expect(notes).toHaveLength(MAX_UNCLEAR_TOLD + 1)
  expect([notes[0], notes.at(-1)]).toEqual([
    'made Packages has a stanza of p0, its number 7, that not everybody reads alike. Odd. 2 more of its stanzas there ' +
      'are not read alike either.',
    'made Packages has such stanzas of 2 more packages.',
  ])
  expect(unclearNotes([])).toEqual([])
})
