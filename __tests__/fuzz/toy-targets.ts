import type { Target } from '../../assurance/fuzz/target.ts'

const base = { promise: 'none', seeds: () => [{ name: 'plain', bytes: Buffer.from('plain') }] }

/** Each does wrong in its own way, from its first inputs on. */
const TOYS: readonly Target[] = [
  { ...base, name: 'sound', run: () => 'accepted' },
  {
    ...base,
    name: 'computes for ever',
    run() {
      for (;;) Math.random()
    },
  },
  {
    ...base,
    name: 'throws beside',
    run: async () => {
      setTimeout(() => {
        throw new Error('nobody listens')
      }, 1)
      return await new Promise<'accepted'>(() => {})
    },
  },
  {
    ...base,
    name: 'fills the memory',
    run() {
      const lists: number[][] = []
      for (;;) lists.push(Array.from({ length: 100_000 }, (_, index) => index))
    },
  },
]

export function targetNamed(name: string): Target {
  const target = TOYS.find((each) => each.name === name)
  if (target === undefined) throw new RangeError(name)
  return target
}
