import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { clockOf, fileUrl, type HonestArchive, type Made, made } from './honest-archive.ts'
import { dpkgQuery, indexText, type Stanza, sample, stanzasOf } from './real-suite.ts'
import type { Workplace } from './workplace.ts'

/**
 * An upstream that has moved on since the snapshot, or lags behind it. A mirror has one state of each suite, so the
 * upstream is one of real stanzas with a key of its own: first bookworm, and after its next point release bookworm
 * with what bookworm-security has newer.
 */
export const MOVED: readonly HonestArchive[] = [
  moved('a snapshot that is older than its upstream', {
    snapshot: ['first'],
    upstream: ['live second'],
    used: 'first',
  }),
  moved('a snapshot that is newer than a mirror of its upstream', {
    snapshot: ['second'],
    upstream: ['live first'],
    used: 'second',
  }),
  moved('an older snapshot, and a store of both states', {
    snapshot: ['first'],
    upstream: ['live second', 'store'],
    used: 'first',
  }),
  moved('a snapshot that keeps superseded versions, and a store of both states', {
    snapshot: ['first', 'second'],
    upstream: ['live second', 'store'],
    used: 'second',
  }),
  {
    ...moved('a snapshot that keeps superseded versions', {
      snapshot: ['first', 'second'],
      upstream: ['live second'],
      used: 'second',
    }),
    undecidedFor: 'the snapshot keeps superseded versions, and the policy names nobody who knows them',
  },
]

type State = 'first' | 'second'

interface Situation {
  readonly snapshot: readonly State[]
  readonly upstream: readonly (`live ${State}` | 'store')[]
  readonly used: State
}

const INDEX = 'main/binary-amd64/Packages'
const UPSTREAM = 'An upstream'
const DAY = 86_400_000

function moved(name: string, situation: Situation): HonestArchive {
  return { name, make: async (workplace, folder) => await make(workplace, folder, situation) }
}

async function make(workplace: Workplace, folder: string, { snapshot, upstream, used }: Situation): Promise<Made> {
  const [base, security] = await Promise.all([
    workplace.suites.read({ name: 'bookworm' }),
    workplace.suites.read({ archive: 'debian-security', name: 'bookworm-security' }),
  ])
  const first = stanzasOf(base)
  const newer = new Map(stanzasOf(security).map((stanza) => [`${stanza.name}:${stanza.architecture}`, stanza]))
  const second = first.map((stanza) => newer.get(`${stanza.name}:${stanza.architecture}`) ?? stanza)
  const states: Record<State, readonly Stanza[]> = { first, second }
  const now = new Date()
  const dates: Record<State, Date> = { first: new Date(now.getTime() - 2 * DAY), second: new Date(now.getTime() - DAY) }
  for (const state of ['first', 'second'] as const) {
    const indexes = [{ path: INDEX, text: indexText(states[state]) }]
    await workplace.publish(path.join(folder, state), 'stable', indexes, UPSTREAM, dates[state])
  }
  const all = new Map(snapshot.flatMap((state) => states[state]).map((stanza) => [stanza.sha256, stanza]))
  await workplace.publish(
    path.join(folder, 'snapshot'),
    'stable',
    [{ path: INDEX, text: indexText([...all.values()]) }],
    'A project',
  )
  const certificate = await workplace.certificate(UPSTREAM, folder)
  const described = { suites: ['stable'], components: ['main'], architectures: ['amd64'] }
  const sources = upstream.map((source) =>
    source === 'store'
      ? { store: 'store', 'signed-by': certificate }
      : { url: fileUrl(folder, source.slice('live '.length)), 'signed-by': certificate },
  )
  if (upstream.includes('store')) await record(workplace, folder, certificate, described)
  const superseded = states[used].filter(({ name, architecture }) => newer.has(`${name}:${architecture}`))
  const list = [...sample(superseded, 300), ...sample(states[used], 1500)]
  const unique = new Map(list.map((stanza) => [`${stanza.name}:${stanza.architecture}`, stanza]))
  return made(
    folder,
    dpkgQuery([...unique.values()]),
    {
      project: {
        require: 'identical',
        url: fileUrl(folder, 'snapshot'),
        ...described,
        'signed-by': await workplace.certificate('A project', folder),
        upstream: sources,
      },
    },
    clockOf([now]),
  )
}

/** Keeps both states, as `debproof record` does when it runs every day. */
async function record(
  workplace: Workplace,
  folder: string,
  certificate: string,
  described: Readonly<Record<string, unknown>>,
): Promise<void> {
  for (const state of ['first', 'second'] as const) {
    const source = {
      require: 'identical',
      ...described,
      upstream: [{ url: fileUrl(folder, state), 'signed-by': certificate }],
    }
    const policy = path.join(folder, `record-${state}.yml`)
    writeFileSync(policy, JSON.stringify({ version: 1, packages: [{ path: 'used.packages' }], archives: { source } }))
    await workplace.debproof(['record', '--policy', policy, '--store', path.join(folder, 'store')], folder)
  }
}
