/** Lets so many tasks of one key run at once; the others wait in line. */
export class Slots {
  readonly #size: number
  readonly #lines = new Map<string, { running: number; waiting: (() => void)[] }>()

  constructor(size: number) {
    this.#size = size
  }

  async run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const line = this.#lines.get(key) ?? { running: 0, waiting: [] }
    this.#lines.set(key, line)
    if (line.running < this.#size) line.running += 1
    // Whoever finishes hands over the place, so the count stays.
    else await new Promise<void>((resolve) => line.waiting.push(resolve))
    try {
      return await task()
    } finally {
      const next = line.waiting.shift()
      if (next === undefined) line.running -= 1
      else next()
    }
  }
}
