/** Lets so many tasks of one key run at once; the others wait in line. */
export class Slots {
  readonly #size: number
  readonly #running = new Map<string, number>()
  readonly #waiting = new Map<string, (() => void)[]>()

  constructor(size: number) {
    this.#size = size
  }

  async run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const running = this.#running.get(key) ?? 0
    if (running < this.#size) {
      this.#running.set(key, running + 1)
    } else {
      // Whoever finishes hands over the place, so the count stays.
      await new Promise<void>((resolve) => {
        this.#waiting.set(key, [...(this.#waiting.get(key) ?? []), resolve])
      })
    }
    try {
      return await task()
    } finally {
      const [next, ...rest] = this.#waiting.get(key) ?? []
      this.#waiting.set(key, rest)
      if (next === undefined) this.#running.set(key, (this.#running.get(key) ?? 1) - 1)
      else next()
    }
  }
}
