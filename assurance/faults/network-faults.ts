import type { Random } from '../random.ts'
import { ANSWER_FAULTS } from './answer-faults.ts'
import { CONTENT_FAULTS } from './content-faults.ts'
import type { NetworkFault } from './network-fault.ts'
import type { Meddler } from './proxy.ts'
import { WIRE_FAULTS } from './wire-faults.ts'

const NETWORK_FAULTS: readonly NetworkFault[] = [...ANSWER_FAULTS, ...WIRE_FAULTS, ...CONTENT_FAULTS]

/** A fault, and when it happens. */
export interface DrawnFault {
  readonly fault: NetworkFault
  /** Which requests it may happen to. */
  readonly of: RegExp
  /** How often it happens to each path. */
  readonly times: number
}

const PATHS = [/^/, /^/, /^upstream\//, /^snapshot\//, /InRelease/, /Packages/, /^(?:alpha|beta)\//, /\.deb/, /^mr\//]

export function drawFaults(random: Random, count: number, isQuick: boolean): DrawnFault[] {
  const faults = NETWORK_FAULTS.filter(({ slow }) => slow !== true || (!isQuick && random.chance(0.06)))
  return Array.from({ length: count }, () => ({
    fault: random.weighted(faults),
    of: random.pick(PATHS),
    times: random.pick([1, 1, 2, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]),
  }))
}

/** What is done to each request, and which faults were done at all. */
export function meddlerOf(drawn: readonly DrawnFault[], happened: Set<DrawnFault>): Meddler {
  const counts = new Map<string, number>()
  return (path) => {
    const file = path.split('?')[0] ?? ''
    return drawn.flatMap((one, index) => {
      const key = `${index} ${file}`
      const count = counts.get(key) ?? 0
      if (!one.of.test(file) || count >= one.times) return []
      counts.set(key, count + 1)
      happened.add(one)
      return [one.fault]
    })
  }
}
