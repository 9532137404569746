import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import { DebproofError, systemErrorCode } from '../errors.ts'
import { whenInterrupted } from '../interruption.ts'
import { MAX_OUTPUT_CLAIM, MAX_OUTPUT_SILENCE } from '../limits.ts'
import { type Holder, isAlive, parseHolder, serializeHolder, thisProcess } from './lock-holder.ts'

/**
 * One run at a time writes to an output folder. Each that wants to puts a file of its own there, by a name that nobody
 * used before, and then looks for those of others:
 *
 * - of another one that holds the folder: this one goes;
 * - of another one that has not decided yet: the lower name wins, and the other goes. Whoever did not see this file
 *   when it looked holds the folder, which is seen then;
 * - of a process that is gone: the file is removed. No name is used twice, so it can be no other's.
 *
 * Of two that hold the folder each would have looked before the other wrote its file, which cannot be.
 */
const CLAIM = /^\.debproof-run\.[0-9a-f]{32}$/

/** Written behind what a file says of its process, when that holds the folder. */
const HELD = 'held\n'

/** No link is followed by that, and each sign of life is there for other machines too when it was given. */
const NEW = constants.O_CREAT | constants.O_EXCL | constants.O_RDWR | constants.O_SYNC

/** Milliseconds to wait for one that has not decided yet, which takes none, and between looks at it. */
const PATIENCE = 2000
const PAUSE = 5

/** Signs of life that may fail to come before a process that cannot be looked at is taken for gone. */
const BEATS = 12

interface Claim {
  readonly file: string
  readonly holder: Holder | undefined
  readonly isHeld: boolean
  /** Milliseconds since its last sign of life, by the clock of the file system. */
  readonly silence: number
}

/** An output folder that this run alone writes to. */
export class OutputLock {
  readonly #file: string
  readonly #descriptor: number
  readonly #beat: NodeJS.Timeout
  readonly #settled: () => void
  #isReleased = false

  private constructor(file: string, descriptor: number) {
    this.#file = file
    this.#descriptor = descriptor
    this.#beat = setInterval(() => touch(descriptor), MAX_OUTPUT_SILENCE / BEATS)
    this.#beat.unref()
    this.#settled = whenInterrupted(() => this.release())
  }

  /**
   * @param folder which is there
   * @throws DebproofError OUTPUT where another run writes to it; what the file system throws where it cannot be written
   */
  static take(folder: string): OutputLock {
    const name = `.debproof-run.${randomBytes(16).toString('hex')}`
    const file = path.join(folder, name)
    const descriptor = openSync(file, NEW, 0o644)
    try {
      writeSync(descriptor, serializeHolder(thisProcess()), 0)
      waitForTurn(folder, name, descriptor)
      writeSync(descriptor, HELD, fstatSync(descriptor).size)
      return new OutputLock(file, descriptor)
    } catch (error) {
      giveUp(file, descriptor)
      throw error
    }
  }

  /**
   * Whether nobody took it for gone and removed its file: on a machine that slept, beside one that did not. The name
   * tells it from all others; not every file system gives a file one number.
   */
  get isOwn(): boolean {
    if (this.#isReleased) return false
    try {
      return lstatSync(this.#file).isFile()
    } catch {
      return false
    }
  }

  /** Leaves nothing in the folder. */
  release(): void {
    if (this.#isReleased) return
    clearInterval(this.#beat)
    const { isOwn } = this
    this.#isReleased = true
    this.#settled()
    if (isOwn) giveUp(this.#file, this.#descriptor)
    else closeSync(this.#descriptor)
  }
}

/** Does something to a folder that no other run writes to; nothing where one does, or where there is no folder. */
export function whereNobodyWrites(folder: string, action: () => void): void {
  if (!existsSync(folder)) return
  let lock: OutputLock | undefined
  try {
    lock = OutputLock.take(folder)
  } catch (error) {
    // A folder that is full is one that an earlier verdict can be removed from.
    if (isTaken(error) || isClaimed(folder)) return
  }
  try {
    action()
  } finally {
    lock?.release()
  }
}

function isClaimed(folder: string): boolean {
  try {
    return claimsIn(folder, 0).length > 0
  } catch {
    return false
  }
}

/** Whether that is why a folder could not be taken. */
export function isTaken(error: unknown): boolean {
  return error instanceof DebproofError
}

function waitForTurn(folder: string, name: string, descriptor: number): void {
  const until = Date.now() + PATIENCE
  for (;;) {
    const others = claimsIn(folder, fstatSync(descriptor).mtimeMs).filter(({ file }) => path.basename(file) !== name)
    const isLate = Date.now() > until
    const [first] = others.filter(
      ({ isHeld, file, silence }) => isHeld || isLate || silence > PATIENCE || path.basename(file) < name,
    )
    if (first !== undefined) throw taken(folder, first)
    if (others.length === 0) return
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE)
    touch(descriptor)
  }
}

/**
 * Those of processes that run. Files of processes that do not are removed.
 *
 * @param now the present time, by the clock of the file system; 0 where it is not known, and silence tells nothing
 */
function claimsIn(folder: string, now: number): Claim[] {
  return readdirSync(folder)
    .filter((name) => CLAIM.test(name))
    .flatMap((name) => {
      const claim = readClaim(path.join(folder, name), now)
      if (claim === undefined) return []
      const alive = claim.holder === undefined ? undefined : isAlive(claim.holder)
      if (alive ?? claim.silence <= MAX_OUTPUT_SILENCE) return [claim]
      rmSync(claim.file, { force: true })
      return []
    })
}

/** Undefined for what is gone meanwhile, and for what is no file: no run makes such a thing. */
function readClaim(file: string, now: number): Claim | undefined {
  let descriptor: number
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    // One that another user wrote and did not let be read is one all the same.
    if (systemErrorCode(error) !== 'EACCES') return undefined
    const found = lstatSync(file, { throwIfNoEntry: false })
    return found?.isFile() === true
      ? { file, holder: undefined, isHeld: true, silence: silenceOf(found, now) }
      : undefined
  }
  try {
    const found = fstatSync(descriptor)
    if (!found.isFile()) return undefined
    const bytes = Buffer.alloc(MAX_OUTPUT_CLAIM)
    const text = bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, MAX_OUTPUT_CLAIM, 0))
    return { file, holder: parseHolder(text), isHeld: text.endsWith(`\n${HELD}`), silence: silenceOf(found, now) }
  } finally {
    closeSync(descriptor)
  }
}

/** A time in the future is no sign of life either. */
function silenceOf({ mtimeMs }: { readonly mtimeMs: number }, now: number): number {
  return now === 0 ? 0 : Math.abs(now - mtimeMs)
}

/** The file's time becomes that of its file system, whichever machine that is on. */
function touch(descriptor: number): void {
  try {
    const first = Buffer.alloc(1)
    if (readSync(descriptor, first, 0, 1, 0) === 1) writeSync(descriptor, first, 0, 1, 0)
  } catch {
    // The folder may be gone; whoever writes the report sees that.
  }
}

/** A folder that has become read-only keeps the file: whoever comes next sees that its process is gone. */
function giveUp(file: string, descriptor: number): void {
  try {
    rmSync(file, { force: true })
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error
  }
  closeSync(descriptor)
}

function taken(folder: string, { file, holder, silence }: Claim): DebproofError {
  const who = holder === undefined ? 'another run of debproof' : `process ${holder.pid} on ${holder.host}`
  const seconds = Math.ceil((MAX_OUTPUT_SILENCE - silence) / 1000)
  const advice =
    holder !== undefined && isAlive(holder) === true
      ? 'Wait for its end, or name another folder with --output.'
      : `Name another folder with --output. That process cannot be seen from here: if it is gone, the folder is free in ` +
        `${seconds} s, or at once without ${file}.`
  return new DebproofError('OUTPUT', `The output folder ${folder} is being written to by ${who}. ${advice}`)
}
