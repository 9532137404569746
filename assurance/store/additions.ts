import { execFileSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import path from 'node:path'
import { addFile, addObject, addSighting, sightingOf, unlessThere } from '../../__tests__/making/added.ts'
import { ago, DAY, sha256Hex } from '../../__tests__/making/signed-archive.ts'
import { sha256Of } from '../../src/archive/hash.ts'
import { formatSighting, type Sighting, sightingName } from '../../src/store/sighting.ts'
import { suiteFolder } from '../../src/store/store-layout.ts'
import type { Random } from '../random.ts'
import { kept, STATES, type StateName } from './states.ts'

/** Where somebody adds files. */
export interface Place {
  readonly random: Random
  readonly store: string
  /** The URL that was recorded. */
  readonly archive: URL
  /** The sightings that the recorder wrote. */
  readonly sightings: readonly string[]
  /** A file and a folder that are not of the store. */
  readonly outside: { readonly file: string; readonly folder: string }
}

/** Something that somebody adds to a store. */
export interface Addition {
  readonly name: string
  /** Whether it brings what the upstream really signed: that may prove something, and excuses nothing. */
  readonly isGenuine?: boolean
  readonly weight?: number
  readonly add: (place: Place) => void | Promise<void>
}

const SEEN = [
  new Date('1999-01-01T00:00:00Z'),
  ago(69 * DAY),
  ago(55 * DAY),
  ago(49 * DAY),
  ago(DAY),
  new Date('2099-01-01T00:00:00Z'),
]
const DATES = [...SEEN, ...Object.values(STATES).map(({ date }) => date)]

function copied(change: (sighting: Sighting, place: Place) => Partial<Sighting>): Addition['add'] {
  return (place) => {
    if (place.sightings.length === 0) return
    const sighting = sightingOf(place.random.pick(place.sightings))
    addSighting(place.store, { ...sighting, ...change(sighting, place) })
  }
}

async function invented({ random, archive }: Place): Promise<Sighting> {
  const { sighting } = await kept(random.pick(Object.keys(STATES) as StateName[]), archive, random.pick(SEEN))
  return sighting
}

function genuine(names: readonly StateName[], isAtArchive: boolean): Addition['add'] {
  return async ({ random, store, archive }) => {
    const at = isAtArchive ? archive : new URL('http://mirror.example/debian/')
    const { objects, sighting } = await kept(random.pick(names), at, random.pick(SEEN))
    for (const object of objects) addObject(store, object)
    addSighting(store, sighting)
  }
}

const GENUINE = (Object.keys(STATES) as StateName[]).filter((name) => !name.startsWith('of another'))

export const ADDITIONS: readonly Addition[] = [
  {
    name: 'a sighting copied under another URL',
    weight: 3,
    add: copied(({ archive }, { random }) => ({
      archive: random.pick([
        new URL('http://mirror.example/debian/'),
        new URL(archive.href.replace('127.0.0.1', 'localhost')),
        new URL(`${archive.href}/`),
      ]),
    })),
  },
  {
    name: 'a sighting copied at another time',
    weight: 4,
    add: copied((_, { random }) => ({ seen: random.pick(SEEN) })),
  },
  {
    name: 'a sighting copied with another Date',
    weight: 2,
    add: copied((_, { random }) => ({ date: random.pick(DATES) })),
  },
  {
    name: 'a sighting copied with another state',
    add: copied((_, { random }) => ({ state: sha256Of(String(random.next())) })),
  },
  {
    name: 'a sighting copied with another identity',
    weight: 2,
    add: copied((_, { random }) => ({
      seen: random.pick(SEEN),
      date: random.pick(DATES),
      identity: {
        origin: random.once(3) ? undefined : random.pick(['Other', 'Made']),
        label: 'Made',
        codename: 'made',
      },
    })),
  },
  {
    name: 'a sighting copied with other signers',
    weight: 2,
    add: copied((_, { random }) => ({ signers: ['0'.repeat(40)], seen: random.pick(SEEN), date: random.pick(DATES) })),
  },
  {
    name: 'a sighting copied into another suite',
    add: copied((_, { random }) => ({ suite: random.pick(['Made', 'other', 'made/', 'MADE', './']) })),
  },
  {
    name: 'a sighting copied without its indexes',
    add: copied((_, { random }) => ({ indexes: [], seen: random.pick(SEEN) })),
  },
  {
    name: 'a sighting copied under an earlier name or another',
    add: ({ random, store, sightings }) => {
      if (sightings.length === 0) return
      const file = random.pick(sightings)
      const name = random.pick([
        `${path.basename(file)}.bak`,
        path.basename(file).toUpperCase(),
        'x.json',
        'README',
        '.x',
      ])
      addFile(path.join(suiteFolder(store, 'made'), name), readFileSync(file))
    },
  },
  {
    name: 'an unsigned sighting',
    weight: 5,
    add: async (place) => {
      const { random, store } = place
      const absent = { path: 'InRelease', sha256: sha256Of(String(random.next())), size: 1 } as const
      const state = random.chance(0.5) ? { state: sha256Of(String(random.next())) } : {}
      const date = random.chance(0.5) ? { date: random.pick(DATES) } : {}
      addSighting(store, { ...(await invented(place)), ...state, ...date, release: [absent] })
    },
  },
  {
    name: 'two unsigned sightings around all',
    weight: 3,
    add: async (place) => {
      const [first, last] = [SEEN[0], SEEN.at(-1)]
      for (const seen of [first, last]) {
        if (seen === undefined) continue
        const absent = { path: 'InRelease', sha256: sha256Of(String(place.random.next())), size: 1 } as const
        addSighting(place.store, { ...(await invented(place)), signers: ['0'.repeat(40)], seen, release: [absent] })
      }
    },
  },
  { name: 'a state that another key signed', weight: 2, add: genuine(['of another key'], true) },
  { name: 'a state of another suite', weight: 2, add: genuine(['of another suite'], true) },
  { name: 'a genuine state', isGenuine: true, weight: 5, add: genuine(GENUINE, true) },
  { name: 'a genuine state, elsewhere', isGenuine: true, weight: 2, add: genuine(GENUINE, false) },
  {
    name: 'a sighting of a newer format',
    add: ({ random, store, sightings }) => {
      const folder = suiteFolder(store, 'made')
      const [file] = sightings
      if (file === undefined || random.chance(0.5)) {
        addFile(path.join(folder, `20990101T000000.000Z_20990101T000000Z_${'0'.repeat(300 - 200)}.v2.json`), '{}')
        return
      }
      const text = formatSighting({ ...sightingOf(file), seen: random.pick(SEEN) }).replace(
        '"version": 1',
        '"version": 2',
      )
      const name = sightingName({ ...sightingOf(file), seen: random.pick(SEEN) }).replace(/[0-9a-f]{16}\.json$/, '')
      addFile(path.join(folder, `${name}${sha256Hex(text).slice(0, 16)}.json`), text)
    },
  },
  {
    name: 'an object that is cut',
    weight: 2,
    add: async ({ random, store, archive }) => {
      const { objects, sighting } = await kept(random.pick(GENUINE), archive, random.pick(SEEN))
      for (const object of objects) {
        const name = sha256Hex(object)
        addFile(path.join(store, 'objects', name.slice(0, 2), name), object.subarray(0, random.below(object.length)))
      }
      addSighting(store, sighting)
    },
  },
  {
    name: 'a link in the place of a sighting or an object',
    weight: 2,
    add: async ({ random, store, archive, outside }) => {
      const { objects, sighting } = await kept(random.pick(GENUINE), archive, random.pick(SEEN))
      for (const object of objects) {
        const name = sha256Hex(object)
        const file = path.join(store, 'objects', name.slice(0, 2), name)
        unlessThere(() => mkdirSync(path.dirname(file), { recursive: true }))
        link(addFile(path.join(outside.folder, name), object), file)
      }
      if (random.chance(0.5)) addSighting(store, sighting)
      else {
        const text = addFile(path.join(outside.folder, sightingName(sighting)), formatSighting(sighting))
        unlessThere(() => mkdirSync(suiteFolder(store, 'made'), { recursive: true }))
        link(text, path.join(suiteFolder(store, 'made'), sightingName(sighting)))
      }
    },
  },
  {
    name: 'a link among the folders',
    add: ({ random, store, outside }) => {
      const place = random.pick(['sightings/other', 'objects/zz', 'incoming/x.part', 'incoming/x', 'x', 'sightings/x'])
      link(random.pick([outside.folder, outside.file, '/etc/passwd', '.']), path.join(store, place))
    },
  },
  {
    name: 'a folder',
    add: ({ random, store }) => {
      const places = [
        'incoming/x',
        'incoming/x.part',
        'objects/x',
        'sightings/made/x',
        'sightings/made/x.json',
        'x',
        'sightings/X',
      ]
      unlessThere(() => mkdirSync(path.join(store, random.pick(places)), { recursive: true }))
    },
  },
  {
    name: 'a folder or a pipe in the place of a sighting',
    weight: 2,
    add: async (place) => {
      const file = path.join(suiteFolder(place.store, 'made'), sightingName(await invented(place)))
      unlessThere(() => mkdirSync(path.dirname(file), { recursive: true }))
      if (place.random.chance(0.5)) unlessThere(() => mkdirSync(file))
      else pipe(file)
    },
  },
  {
    name: 'a pipe in the place of an object',
    add: async ({ random, store, archive }) => {
      const { objects, sighting } = await kept(random.pick(GENUINE), archive, random.pick(SEEN))
      const name = sha256Hex(random.pick(objects))
      unlessThere(() => mkdirSync(path.join(store, 'objects', name.slice(0, 2)), { recursive: true }))
      pipe(path.join(store, 'objects', name.slice(0, 2), name))
      addSighting(store, sighting)
    },
  },
  {
    name: 'a huge sighting or object',
    add: async ({ random, store, archive }) => {
      const { objects, sighting } = await kept(random.pick(GENUINE), archive, random.pick(SEEN))
      const name = sha256Hex(random.pick(objects))
      huge(
        random.chance(0.5)
          ? path.join(suiteFolder(store, 'made'), sightingName(sighting))
          : path.join(store, 'objects', name.slice(0, 2), name),
      )
      if (random.chance(0.5)) addSighting(store, sighting)
    },
  },
  {
    name: 'junk under the name of a sighting',
    weight: 2,
    add: async (place) => {
      const { random, store } = place
      const junk = random.pick(['', '{', 'null', '[]', '{"version":1}', '\0'.repeat(99), '{"__proto__":{}}'])
      addFile(path.join(suiteFolder(store, 'made'), sightingName(await invented(place))), junk)
    },
  },
  {
    name: 'other files',
    add: ({ random, store }) => {
      const name = random.pick([
        '.DS_Store',
        'objects/README',
        'sightings/made/.x',
        'sightings/VERSION',
        'README.md',
        'sightings/made/~',
      ])
      addFile(path.join(store, name), 'x')
    },
  },
  {
    name: 'folders in other cases',
    add: ({ store, sightings }) => {
      for (const [from, to] of [
        ['sightings/made', 'sightings/Made'],
        ['objects', 'Objects'],
      ] as const) {
        const folder = path.join(store, from)
        if (sightings.length === 0) continue
        for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
          const file = path.join(entry.parentPath, entry.name)
          if (!entry.isFile() || statSync(file).size > 1e6) continue
          addFile(path.join(store, to, path.relative(folder, file)), readFileSync(file))
        }
      }
    },
  },
]

function link(to: string, file: string): void {
  unlessThere(() => symlinkSync(to, file))
}

function pipe(file: string): void {
  if (!existsSync(file)) execFileSync('mkfifo', [file])
}

/** Without taking the room on the disk. */
function huge(file: string): void {
  unlessThere(() => {
    mkdirSync(path.dirname(file), { recursive: true })
    const handle = openSync(file, 'wx')
    ftruncateSync(handle, 3e9)
    closeSync(handle)
  })
}
