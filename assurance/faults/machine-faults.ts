import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, rmSync, watch } from 'node:fs'
import path from 'node:path'
import type { Random } from '../random.ts'
import type { Running, Start } from './child.ts'
import type { MachineFault, Place } from './machine-fault.ts'
import type { FaultProxy } from './proxy.ts'

const FAKETIME = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1'

const isRoot = (): boolean => process.getuid?.() === 0

/** Faults of the machine: its disk, its clock, its memory, its users, and whoever stops a program. */
export const MACHINE_FAULTS: readonly MachineFault[] = [
  {
    name: 'output disk full',
    weight: 5,
    isPossible: isRoot,
    prepare: ({ output }, random) => mountSmall(output, random.pick([4, 16, 24, 32, 48, 64, 96, 128])),
    after: ({ output }) => unmount(output),
  },
  {
    name: 'cache disk full',
    weight: 3,
    isPossible: isRoot,
    prepare: ({ cache }, random) => mountSmall(cache, random.pick([4, 8, 16, 64])),
    after: ({ cache }) => unmount(cache),
    isHarmless: true,
  },
  {
    name: 'store disk full',
    weight: 0,
    isPossible: isRoot,
    prepare: ({ store }, random) => mountSmall(store, random.pick([16, 24, 32, 48, 64])),
    after: ({ store }) => unmount(store),
  },
  {
    name: 'files limited in size',
    weight: 3,
    start: (start, _, random) => limited(start, `ulimit -f ${random.pick([0, 1, 2, 4, 8, 16, 32])}`),
    signals: ['SIGXFSZ'],
    leavesParts: true,
  },
  {
    name: 'output read-only',
    weight: 2,
    isPossible: isRoot,
    seal: ({ output }) => immutable(output, true),
    after: ({ output }) => immutable(output, false),
    isRefused: true,
    keepsEarlier: true,
  },
  {
    name: 'cache read-only',
    weight: 2,
    isPossible: isRoot,
    seal: ({ cache }) => immutable(cache, true),
    after: ({ cache }) => immutable(cache, false),
    isHarmless: true,
  },
  {
    name: 'output read-only in the middle',
    weight: 3,
    isPossible: isRoot,
    during: (_, { output }, proxy, random) => atRequest(proxy, random, () => immutable(output, true)),
    after: ({ output }) => immutable(output, false),
    leavesParts: true,
  },
  {
    name: 'cache gone in the middle',
    weight: 2,
    during: (_, { cache }, proxy, random) =>
      atRequest(proxy, random, () => rmSync(cache, { recursive: true, force: true })),
    isHarmless: true,
  },
  {
    name: 'output gone in the middle',
    weight: 2,
    during: (_, { output }, proxy, random) =>
      atRequest(proxy, random, () => rmSync(output, { recursive: true, force: true })),
  },
  {
    name: 'evidence gone in the middle',
    weight: 2,
    during: (_, { output }, proxy, random) =>
      atRequest(proxy, random, () => rmSync(path.join(output, 'evidence'), { recursive: true, force: true })),
  },
  {
    name: 'another user, who may not write the output',
    weight: 2,
    isPossible: isRoot,
    seal: ({ output }) => chmodSync(output, 0o755),
    start: (start) => asNobody(start),
    isRefused: true,
    keepsEarlier: true,
  },
  {
    name: 'a user without a name and a home',
    weight: 3,
    isPossible: isRoot,
    prepare: ({ output, store }) => {
      chmodSync(output, 0o777)
      chmodSync(store, 0o777)
    },
    seal: ({ output }) => execFileSync('chown', ['-R', '54321', output]),
    start: (start) => asNobody({ ...start, env: without(start.env, 'HOME', 'XDG_CACHE_HOME') }),
    isHarmless: true,
  },
  { name: 'no HOME', start: (start) => ({ ...start, env: without(start.env, 'HOME') }), isHarmless: true, weight: 0.5 },
  {
    name: 'HOME that cannot be written',
    start: (start, _, random) => ({
      ...start,
      env: { ...start.env, HOME: random.pick(['/proc', '/dev/null', '/nonexistent/x', '']) },
    }),
    isHarmless: true,
  },
  {
    name: 'no TMPDIR',
    start: (start) => ({ ...start, env: { ...start.env, TMPDIR: '/nonexistent/tmp' } }),
    isHarmless: true,
  },
  {
    name: 'clock far off (--at)',
    weight: 3,
    options: (random) => [
      '--at',
      random.pick([
        '1970-01-01T00:00:00Z',
        '0001-01-01T00:00:00Z',
        '2038-01-19T03:14:08Z',
        '2106-02-07T06:28:16Z',
        '9999-12-31T23:59:59Z',
        '2026-02-30T00:00:00Z',
        '2025-01-01T00:00:00Z',
      ]),
    ],
  },
  {
    name: 'clock far off (the system)',
    weight: 3,
    isPossible: () => existsSync(FAKETIME),
    start: (start, _, random) => ({
      ...start,
      env: {
        ...start.env,
        LD_PRELOAD: FAKETIME,
        DONT_FAKE_MONOTONIC: '1',
        FAKETIME: random.pick(['-40y', '-3d', '+3d', '+30d', '+90y', '@2038-01-19 03:14:00', '+0 x5000', '-1h x-500']),
      },
    }),
  },
  {
    name: 'SIGTERM',
    weight: 7,
    during: (running, place, proxy, random) => stop(running, place, proxy, random, 'SIGTERM'),
    signals: ['SIGTERM'],
  },
  {
    name: 'SIGINT',
    weight: 5,
    during: (running, place, proxy, random) => stop(running, place, proxy, random, 'SIGINT'),
    signals: ['SIGINT'],
  },
  {
    name: 'SIGHUP',
    weight: 2,
    during: (running, place, proxy, random) => stop(running, place, proxy, random, 'SIGHUP'),
    signals: ['SIGHUP'],
  },
  {
    name: 'SIGKILL',
    weight: 7,
    during: (running, place, proxy, random) => stop(running, place, proxy, random, 'SIGKILL'),
    signals: ['SIGKILL'],
    isSilent: true,
    leavesParts: true,
  },
  {
    name: 'little heap',
    weight: 4,
    start: (start, _, random) => ({
      ...start,
      env: { ...start.env, NODE_OPTIONS: `--max-old-space-size=${random.between(6, 24)}` },
    }),
    aborts: true,
    leavesParts: true,
  },
  {
    name: 'little address space',
    weight: 2,
    start: (start, _, random) => limited(start, `ulimit -v ${random.between(500, 1500) * 1024}`),
    aborts: true,
    leavesParts: true,
  },
  {
    name: 'few file descriptors',
    weight: 4,
    start: (start, _, random) => limited(start, `ulimit -n ${random.between(18, 36)}`),
    aborts: true,
    // Whose file it is cannot be seen where no file can be opened.
    keepsEarlier: true,
    leavesParts: true,
  },
  {
    name: 'standard output full',
    weight: 3,
    start: (start) => ({ ...start, stdout: '/dev/full' }),
    isRefused: true,
  },
  {
    name: 'standard error full',
    weight: 2,
    start: (start) => ({ ...start, stderr: '/dev/full' }),
    isHarmless: true,
    isSilent: true,
  },
  {
    name: 'nobody reads standard output',
    weight: 2,
    start: (start) => ({ ...start, nobodyReads: true }),
    isHarmless: true,
    isSilent: true,
  },
  { name: 'standard streams closed', weight: 2, start: (start) => limited(start, 'exec <&- >&- 2>&-'), isSilent: true },
  {
    name: 'odd standard input',
    start: (start, _, random) => ({ ...start, stdin: random.pick(['/dev/zero', '/dev/full', '/', '/dev/urandom']) }),
    isHarmless: true,
  },
  {
    name: 'working folder gone',
    weight: 2,
    start: (start, { temporary }) => {
      const folder = path.join(temporary, 'gone')
      mkdirSync(folder)
      return limited({ ...start, cwd: folder }, `rmdir "${folder}"`)
    },
  },
]

function mountSmall(folder: string, kilobytes: number): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k,mode=777`, 'tmpfs', folder])
}

function unmount(folder: string): void {
  execFileSync('umount', ['--lazy', folder])
}

/** Also root may then neither add to it nor take from it. */
function immutable(folder: string, isOn: boolean): void {
  if (existsSync(folder)) execFileSync('chattr', [isOn ? '+i' : '-i', folder])
}

/** Sets a limit in a shell, which then becomes the program. */
function limited(start: Start, limit: string): Start {
  return { ...start, command: 'bash', args: ['-c', `${limit}; exec "$0" "$@"`, start.command, ...start.args] }
}

/** A user that is in no passwd(5). */
function asNobody(start: Start): Start {
  const user = ['--reuid=54321', '--regid=54321', '--clear-groups']
  return { ...start, command: 'setpriv', args: [...user, start.command, ...start.args] }
}

function without(env: Start['env'], ...names: readonly string[]): Start['env'] {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)))
}

/** Does something once, when the servers were asked for the first, second, … time. */
function atRequest(proxy: FaultProxy, random: Random, action: () => void): () => void {
  const at = random.between(1, 5)
  proxy.onRequest = (count) => {
    if (count === at) action()
  }
  return () => {
    proxy.onRequest = () => {}
  }
}

/** Sends a signal at some moment: of the clock, or of what the program does. */
function stop(
  running: Running,
  { output }: Place,
  proxy: FaultProxy,
  random: Random,
  signal: NodeJS.Signals,
): () => void {
  // Once: a second one ends it at once, as it should.
  let isSent = false
  const send = (): void => {
    if (!isSent) running.signal(signal)
    isSent = true
  }
  switch (random.pick(['clock', 'clock', 'request', 'message', 'file', 'file'])) {
    case 'request': {
      const delay = random.pick([0, 0, 5, 30])
      return atRequest(proxy, random, () => setTimeout(send, delay))
    }
    case 'message': {
      let left = random.between(1, 4)
      running.onStderr = () => {
        left -= 1
        if (left === 0) send()
      }
      return () => {}
    }
    case 'file': {
      const name = random.pick([
        'report.json',
        'report.json',
        'report.json.asc',
        'summary.md',
        'verdict.env',
        'evidence',
        '.writable',
      ])
      const watcher = watch(output, (_, changed) => {
        if (changed === name) send()
      })
      // A folder that is taken away is no longer watched.
      watcher.on('error', () => {})
      return () => watcher.close()
    }
    default: {
      const timer = setTimeout(send, random.between(0, random.pick([60, 300, 1200])))
      return () => clearTimeout(timer)
    }
  }
}
