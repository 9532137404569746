import fc from 'fast-check'

/** What may be done to the fields of a stanza, each a line; never to its Package field, nor to where it ends. */
export function anyOddFields(hashes: readonly string[]): fc.Arbitrary<(lines: readonly string[]) => string[]> {
  const value = fc.oneof(
    fc.constantFrom(...hashes, ...hashes.map((hash) => hash.toUpperCase()), '', 'all', '2.0-1', '1', 'pool/evil.deb'),
    // Of a line that is none the next one may be taken for a part, so that it must be seen in all places.
    fc.stringMatching(/^[!-~][ -~]{0,20}$/),
  )
  const field = fc.constantFrom('Version', 'Architecture', 'Filename', 'Size', 'SHA256', 'sha256', 'MD5sum', 'Depends')
  const between = fc.constantFrom(': ', ':', ':  ', ' : ', '\t: ', ':\n ')
  const written = fc.tuple(field, between, value).map((parts) => parts.join('').replace(/\n $/, ''))
  const place = fc.nat({ max: 20 })
  // The name's own line stays where it is or moves as a whole; what comes before it is a field.
  const behindName = (lines: readonly string[], at: number): number =>
    lines.findIndex((line) => line.startsWith('Package: ')) + 1 + (at % lines.length)
  const step = fc.oneof(
    place.map((at) => (lines: readonly string[]) => lines.filter((line, index) => index !== at || isName(line))),
    fc.tuple(place, written).map(([at, line]) => (lines: readonly string[]) => {
      return lines.toSpliced(behindName(lines, at), 0, line)
    }),
    fc.tuple(place, value).map(([at, text]) => (lines: readonly string[]) => {
      return lines.map((line, index) => (index === at && !isName(line) ? line.replace(/:.*/s, `: ${text}`) : line))
    }),
    place.map((at) => (lines: readonly string[]) => lines.toSpliced(behindName(lines, at), 0, 'nothing at all')),
    place.map((at) => (lines: readonly string[]) => {
      return lines.map((line, index) => (index === at && !isName(line) ? line.toLowerCase() : line))
    }),
  )
  // A line that is none must not come before the name: what it is about would be open.
  const turned = fc.boolean().map((turn) => (lines: readonly string[]) => {
    return turn ? [...lines.slice(1), ...lines.slice(0, 1)] : [...lines]
  })
  return fc.tuple(turned, fc.array(step, { minLength: 1, maxLength: 3 })).map(([turn, steps]) => (lines) => {
    const made = steps.reduce((before, one) => one(before), turn(lines))
    // Nor at the end: where the stanza ends would be open.
    return made.at(-1)?.includes(':') === true ? made : [...made, 'Section: misc']
  })
}

function isName(line: string): boolean {
  return line.startsWith('Package: ')
}
