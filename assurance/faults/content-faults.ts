import { type Answer, status } from './answer.ts'
import type { NetworkFault } from './network-fault.ts'
import type { Exchange } from './proxy.ts'

/** Where an origin keeps what was signed once and is no longer, or is of another suite: `replays/old/` + path. */
export const REPLAYS = { old: 'replays/old/', other: 'replays/other/' } as const

/** Faults that send a reader elsewhere, or give it other sound content. */
export const CONTENT_FAULTS: readonly NetworkFault[] = [
  ...(
    [
      ['file:', 'file:///etc/hostname'],
      ['ftp:', 'ftp://ftp.example/x'],
      ['data:', 'data:text/plain,x'],
      ['javascript:', 'javascript:1'],
      ['metadata of a cloud, IPv4', 'http://169.254.169.254/latest/meta-data/'],
      ['metadata of a cloud, IPv6', 'http://[fd00:ec2::254]/latest/'],
      ['nowhere', ''],
      ['no URL', 'http://[::'],
      ['control characters', 'http://127.0.0.1/\x07a b'],
    ] as const
  ).map(
    ([what, location]): NetworkFault => ({
      name: `redirect to ${what}`,
      effect: 'transport',
      weight: 0.5,
      answer: (_, { base }) =>
        // From an address inside, one inside is allowed, and would be asked: nobody here is to be asked for real.
        location.startsWith('http://') && base.startsWith('http://127.') && !location.startsWith('http://[::')
          ? redirect('https://no.such.name.invalid/')
          : redirect(location),
    }),
  ),
  { name: 'redirect to the canary', effect: 'transport', weight: 3, answer: (_, { canary }) => redirect(canary) },
  {
    name: 'redirect to the canary by another name',
    effect: 'transport',
    weight: 2,
    answer: (_, { canary, random }) => {
      const port = new URL(canary).port
      const host = random.pick(['localhost', '0x7f.1', '2130706433', '[::ffff:127.0.0.1]', '127.1', 'a.localhost', '0'])
      return redirect(`http://${host}:${port}/`)
    },
  },
  { name: 'redirect to itself', effect: 'transport', answer: (_, { base, path }) => redirect(base + path) },
  {
    name: 'redirects without end',
    effect: 'transport',
    answer: (_, { base, path, random }) => redirect(`${base}${path.split('?')[0]}?${random.between(0, 1e9)}`),
  },
  {
    name: 'redirect with credentials to the same',
    effect: 'transport',
    answer: (answer, { base, path }) =>
      path.includes('?') ? answer : redirect(`${base.replace('http://', 'http://user:secret@')}${path}?1`),
  },
  {
    name: 'one redirect to the same',
    effect: 'none',
    answer: (answer, { base, path, random }) =>
      path.includes('?') ? answer : { ...redirect(`${base}${path}?1`), status: random.pick([301, 302, 303, 307, 308]) },
  },
  { name: '300 without Location', effect: 'transport', answer: () => status(300, 'Choose') },
  { name: 'an older state, signed', effect: 'replay', weight: 4, answer: replayed(REPLAYS.old) },
  { name: 'another suite, signed', effect: 'replay', weight: 3, answer: replayed(REPLAYS.other) },
  {
    name: "another file's content",
    effect: 'replay',
    weight: 3,
    answer: async (answer, { origin, path, random }) => {
      const other = random.pick(['upstream/dists/made/InRelease', 'snapshot/dists/made/InRelease', `${path}.gz`])
      const swapped = await origin(other)
      return swapped.status === 200 ? swapped : answer
    },
  },
]

function redirect(location: string): Answer {
  return { ...status(302, 'Found'), headers: [['Location', location]] }
}

function replayed(place: string): (answer: Answer, exchange: Exchange) => Promise<Answer> {
  return async (answer, { origin, path }) => {
    const older = await origin(place + path)
    return older.status === 200 ? older : answer
  }
}
