import { setTimeout as sleep } from 'node:timers/promises'
import {
  DOWNLOAD_TRIES,
  MAX_PACED_DELAY,
  MAX_PACED_RETRY_AFTER,
  MAX_RETRY_AFTER,
  PACED_RETRY_DELAY,
  PACED_TRIES,
  REQUEST_INTERVAL,
  RETRY_DELAY,
} from '../limits.ts'
import { Slots } from './slots.ts'

/** How often a download is tried that the server or the network failed, and how long is waited in between. */
export interface RetryRules {
  readonly tries: number
  /** Milliseconds before the second try; doubled each time, up to `longest`. */
  readonly delay: number
  readonly longest: number
  /** Seconds that a server may ask to wait. */
  readonly maxRetryAfter: number
}

/** For a mirror: it answers, or another one is used. */
export const MIRROR_RETRIES: RetryRules = {
  tries: DOWNLOAD_TRIES,
  delay: RETRY_DELAY,
  longest: RETRY_DELAY * 2 ** DOWNLOAD_TRIES,
  maxRetryAfter: MAX_RETRY_AFTER,
}

/** For a service of which there is one, and which turns away who asks too often. */
export const SERVICE_RETRIES: RetryRules = {
  tries: PACED_TRIES,
  delay: PACED_RETRY_DELAY,
  longest: MAX_PACED_DELAY,
  maxRetryAfter: MAX_PACED_RETRY_AFTER,
}

/**
 * Milliseconds to wait before the next try; undefined to give up.
 *
 * @param attempt the one that failed, from 1 on
 * @param asked seconds that the server asked to wait (RFC 9110, 10.2.3)
 */
export function delayBefore(attempt: number, asked: number | undefined, rules: RetryRules): number | undefined {
  if (attempt >= rules.tries) return undefined
  const delay = Math.min(rules.delay * 2 ** (attempt - 1), rules.longest)
  if (asked === undefined) return delay
  return asked > rules.maxRetryAfter ? undefined : Math.max(asked * 1000, delay)
}

/** Asks one service gently: one request at a time, and some time between their starts. */
export class Pace {
  readonly #interval: number
  readonly #slots = new Slots(1)
  #next = 0

  /** @param interval milliseconds between the starts of two requests */
  constructor(interval = REQUEST_INTERVAL) {
    this.#interval = interval
  }

  get interval(): number {
    return this.#interval
  }

  /** Runs a download when those before it are over, with all their waiting. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    return await this.#slots.run('', task)
  }

  /** Waits until the next request may start; redirects are requests too. */
  readonly turn = async (): Promise<void> => {
    const now = performance.now()
    const start = Math.max(now, this.#next)
    this.#next = start + this.#interval
    if (start > now) await sleep(start - now)
  }
}
