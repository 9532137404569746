/** What a worker and its watchdog see of each other without a message, which a thread that hangs would never send. */
export class SharedState {
  readonly memory: SharedArrayBuffer
  /** Executions begun, length of the input under way. */
  readonly #numbers: Int32Array
  readonly #input: Uint8Array

  constructor(memory = new SharedArrayBuffer(8 + 1024 * 1024)) {
    this.memory = memory
    this.#numbers = new Int32Array(memory, 0, 2)
    this.#input = new Uint8Array(memory, 8)
  }

  begin(bytes: Uint8Array): void {
    this.#input.set(bytes.subarray(0, this.#input.length))
    this.#numbers[1] = Math.min(bytes.length, this.#input.length)
    Atomics.add(this.#numbers, 0, 1)
  }

  get executions(): number {
    return Atomics.load(this.#numbers, 0)
  }

  /** A copy of the input under way, or of the last one. */
  get input(): Uint8Array {
    return Uint8Array.from(this.#input.subarray(0, this.#numbers[1] ?? 0))
  }
}
