import {
  aptInstalls,
  backports,
  beside,
  type Debs,
  forAllArchitectures,
  foreign,
  seenByApt,
  snapshot,
  snapshotOf,
  twoFiles,
  twoForms,
} from './adversary-scenes.ts'
import type { Scene } from './adversary-site.ts'
import { indexOf, listing } from './lying-archive.ts'

/** How the adversary gets the file installed, and the same site with nothing to hide. */
export interface Way {
  readonly title: string
  readonly attack: (debs: Debs) => Scene
  readonly honest: (debs: Debs) => Scene
  /**
   * How debproof must see it. `same name`: the package does not pass, and the reason names the file. `other name`:
   * `archives[].unproven` names the file, and `unproven-files: fail` fails for it. `stanza`: the package
   * is undecided, and the reason names its stanza. `index`: the index is refused.
   * `other archive`, `other index`: the build's apt saw one that the policy does not name.
   */
  readonly seen: 'same name' | 'other name' | 'stanza' | 'index' | 'other archive' | 'other index'
}

const PIN = 'Package: hello\nPin: version 0.9-1\nPin-Priority: 1001\n'

export const WAYS: readonly Way[] = [
  {
    title: 'the index lists it with a higher version',
    attack: (debs) => snapshot(debs, [{ deb: debs.good }, { deb: debs.evil, as: { Version: '1.0-2' } }]),
    honest: (debs) => snapshot(debs, [{ deb: debs.good }, { deb: debs.newer }]),
    seen: 'same name',
  },
  {
    title: 'the index lists it with a lower version, which a pin prefers',
    attack: (debs) => {
      const listed = [{ deb: debs.good }, { deb: debs.evil, as: { Version: '0.9-1' } }]
      return snapshot(debs, listed, aptInstalls(['hello'], { preferences: PIN }))
    },
    honest: (debs) => {
      const listed = [{ deb: debs.good }, { deb: debs.older }]
      return snapshot(debs, listed, aptInstalls(['hello'], { preferences: PIN }))
    },
    seen: 'same name',
  },
  {
    title: 'the index lists it with a lower version, which the builder asks for',
    attack: (debs) => {
      const listed = [{ deb: debs.good }, { deb: debs.evil, as: { Version: '0.9-1' } }]
      return snapshot(debs, listed, aptInstalls(['hello=0.9-1']))
    },
    honest: (debs) => snapshot(debs, [{ deb: debs.good }, { deb: debs.older }], aptInstalls(['hello=0.9-1'])),
    seen: 'same name',
  },
  {
    title: 'the index lists it last with a lower version, and debootstrap takes the last stanza of a name',
    attack: (debs) => {
      const listed = [{ deb: debs.good }, { deb: debs.evil, as: { Version: '0.9-1' } }]
      return snapshot(debs, listed, (site) => site.debootstrap('hello'))
    },
    honest: (debs) => snapshot(debs, [{ deb: debs.good }, { deb: debs.older }], (site) => site.debootstrap('hello')),
    seen: 'same name',
  },
  {
    title: 'the index lists it with the same version for all architectures',
    attack: (debs) => snapshot(debs, [{ deb: debs.evil, as: { Architecture: 'all' } }, { deb: debs.good }]),
    honest: (debs) => snapshot(debs, [{ deb: debs.forAll }, { deb: debs.good }], aptInstalls(['docs', 'hello'])),
    seen: 'same name',
  },
  {
    title: 'a suite lists it that calls itself NotAutomatic, and the builder asks for that suite',
    attack: (debs) => backports(debs, { deb: debs.evil, as: { Version: '1.1-1~bpo1' } }),
    honest: (debs) => backports(debs, { deb: debs.newer }),
    seen: 'same name',
  },
  {
    title: "the project's custom archive lists it under the name",
    attack: (debs) => beside(debs, 'custom', [{ deb: debs.evil, as: { Version: '1.0-2' } }]),
    honest: (debs) => beside(debs, 'custom', [{ deb: debs.own }], ['hello', 'own']),
    seen: 'same name',
  },
  {
    title: 'an archive lists it from which nothing may come',
    attack: (debs) => beside(debs, 'nightly', [{ deb: debs.evil, as: { Version: '1.0-2' } }]),
    honest: (debs) => beside(debs, 'nightly', [{ deb: debs.own }]),
    seen: 'same name',
  },
  {
    title: 'the custom archive lists it under another name, which the builder installs too',
    attack: (debs) => beside(debs, 'custom', [{ deb: debs.evil, as: { Package: 'meta' } }], ['hello', 'meta']),
    honest: (debs) => beside(debs, 'custom', [{ deb: debs.own }], ['hello', 'own']),
    seen: 'other name',
  },
  {
    title: 'the snapshot lists it under another name that provides the asked one, in the place of the package',
    attack: (debs) => {
      const virtual = { deb: debs.evil, as: { Package: 'hello-virtual', Provides: 'greeter' } }
      return snapshot(debs, [{ deb: debs.good }, virtual], aptInstalls(['hello', 'greeter']))
    },
    honest: (debs) => snapshot(debs, [{ deb: debs.good }, { deb: debs.tool }], aptInstalls(['hello', 'tool'])),
    seen: 'other name',
  },
  {
    title: 'the snapshot lists it under another name, which its index has the genuine package recommend',
    attack: (debs) => {
      const after = { deb: debs.evil, as: { Package: 'meta', 'Pre-Depends': 'hello' } }
      const listed = [{ deb: debs.good, as: { Recommends: 'meta' } }, after]
      return snapshot(debs, listed, aptInstalls(['--install-recommends', 'hello']))
    },
    honest: (debs) => {
      const listed = [{ deb: debs.good, as: { Recommends: 'tool' } }, { deb: debs.tool }]
      return snapshot(debs, listed, aptInstalls(['--install-recommends', 'hello']))
    },
    seen: 'other name',
  },
  {
    title: 'a stanza states two files, of which apt takes the second',
    attack: (debs) => snapshotOf(debs, twoFiles(debs)),
    honest: (debs) => snapshotOf(debs, listing({ deb: debs.good })),
    seen: 'stanza',
  },
  {
    title: 'a stanza of another name has a second Package field, which apt goes by',
    attack: (debs) => {
      const hidden = listing({ deb: debs.evil, as: { Version: '1.0-2' } })
      return snapshotOf(debs, `${listing({ deb: debs.good })}\nPackage: filler\nSection: misc\n${hidden}`)
    },
    honest: (debs) => snapshotOf(debs, `${listing({ deb: debs.good })}\n${listing({ deb: debs.tool })}`),
    seen: 'index',
  },
  {
    title: 'the release file lists two compressed forms alone, which differ, and debootstrap reads the smaller one',
    attack: (debs) => twoForms(debs, [{ deb: debs.evil }]),
    honest: (debs) => snapshot(debs, [{ deb: debs.good }], (site) => site.debootstrap('hello')),
    seen: 'index',
  },
  {
    title: 'the release file lists a smaller form that is not what it says of the content, and debootstrap reads that',
    attack: (debs) => twoForms(debs, [{ deb: debs.evil }], indexOf([{ deb: debs.good }, { deb: debs.tool }])),
    honest: (debs) => twoForms(debs, [{ deb: debs.good }], indexOf([{ deb: debs.good }])),
    seen: 'index',
  },
  {
    title: 'debootstrap does not know the hash in small letters, and takes that of the stanza before',
    attack: (debs) => {
      const small = listing({ deb: debs.good }).replaceAll(/^(?:Filename|Size|SHA256)/gm, (name) => name.toLowerCase())
      const index = `${listing({ deb: debs.evil, as: { Package: 'filler' } })}\n${small}`
      return snapshotOf(debs, index, (site) => site.debootstrap('hello'))
    },
    honest: (debs) =>
      snapshotOf(debs, `${listing({ deb: debs.tool })}\n${listing({ deb: debs.good })}`, (site) =>
        site.debootstrap('hello'),
      ),
    seen: 'stanza',
  },
  {
    title: 'the index lists it last for another architecture, at which debootstrap does not look',
    attack: (debs) => {
      const listed = [{ deb: debs.good }, { deb: debs.evil, as: { Architecture: 'i386' } }]
      return snapshot(debs, listed, (site) => site.debootstrap('hello'))
    },
    honest: (debs) => snapshot(debs, [{ deb: debs.forAll }, { deb: debs.good }], (site) => site.debootstrap('hello')),
    seen: 'same name',
  },
  {
    title: 'the index for all architectures lists it, which the suite says that it has',
    attack: (debs) => forAllArchitectures(debs, { deb: debs.evil, as: { Version: '1.0-2' } }),
    honest: (debs) => forAllArchitectures(debs, { deb: debs.forAll }),
    seen: 'same name',
  },
  {
    title: "another architecture's index lists it, which the policy does not name and the build's apt read",
    attack: (debs) => seenByApt(foreign(debs, { deb: debs.evil, as: { Version: '1.0-2' } }, ['amd64', 'i386'])),
    honest: (debs) => seenByApt(foreign(debs, { deb: debs.newer, as: { Architecture: 'i386' } }, ['amd64'])),
    seen: 'other index',
  },
  {
    title: "only the build's own apt had the archive",
    attack: (debs) => seenByApt(beside(debs, 'unnamed', [{ deb: debs.evil, as: { Version: '1.0-2' } }])),
    honest: (debs) => seenByApt(beside(debs, 'custom', [{ deb: debs.own }], ['hello', 'own'])),
    seen: 'other archive',
  },
  {
    title: 'the index lists it with a version that sorts alike',
    attack: (debs) => {
      const listed = [{ deb: debs.evil, as: { Version: '1.0-01' } }, { deb: debs.good }]
      return snapshot(debs, listed, aptInstalls(['hello=1.0-01']))
    },
    honest: (debs) => snapshot(debs, [{ deb: debs.good, as: { Version: '0:1.0-1' } }]),
    seen: 'same name',
  },
  {
    title: 'the index lists it with an epoch of zero',
    attack: (debs) => snapshot(debs, [{ deb: debs.evil, as: { Version: '0:1.0-1' } }, { deb: debs.good }]),
    honest: (debs) => snapshot(debs, [{ deb: debs.good, as: { Version: '0:1.0-1' } }]),
    seen: 'same name',
  },
  {
    title: 'the index lists it under the name in capital letters',
    attack: (debs) =>
      snapshot(debs, [{ deb: debs.good }, { deb: debs.evil, as: { Package: 'HELLO', Version: '1.0-2' } }]),
    honest: (debs) => snapshot(debs, [{ deb: debs.good }, { deb: debs.newer, as: { Package: 'HELLO' } }]),
    seen: 'same name',
  },
]
