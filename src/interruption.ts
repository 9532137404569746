const SIGNALS = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const

/** What is taken away by a signal, the last first: what a folder holds before who holds the folder. */
const cleanups = new Set<() => void>()

/** How many actions are not to be interrupted, and the signal that waits for them. */
let held = 0
let waiting: NodeJS.Signals | undefined

let say: (text: string) => void = () => {}

/**
 * From now on a signal that ends the program has half-done things taken away and says so first; then it ends it as
 * its sender expects. A second one ends it at once.
 */
export function onSignals(tell: (text: string) => void): void {
  say = tell
  for (const signal of SIGNALS) process.once(signal, end)
}

/** Has something taken away by a signal, at once and without waiting. @returns what ends that */
export function whenInterrupted(cleanup: () => void): () => void {
  cleanups.add(cleanup)
  return () => cleanups.delete(cleanup)
}

/** Runs what must be done whole once it is begun: a signal that comes meanwhile waits for its end. */
export async function uninterrupted<T>(action: () => Promise<T>): Promise<T> {
  held += 1
  try {
    return await action()
  } finally {
    held -= 1
    if (held === 0 && waiting !== undefined) end(waiting)
  }
}

function end(signal: NodeJS.Signals): void {
  waiting = signal
  if (held > 0) return
  for (const cleanup of [...cleanups].reverse()) {
    try {
      cleanup()
    } catch {
      // What cannot be removed is no reason to stay.
    }
  }
  say(`debproof: stopped by ${signal}.\n`)
  process.kill(process.pid, signal)
}
