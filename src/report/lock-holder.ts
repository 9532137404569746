import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { systemErrorCode } from '../errors.ts'

/** A process, so that it can be told from every other one, wherever it runs. */
export interface Holder {
  readonly pid: number
  /** For people. */
  readonly host: string
  /** Where the kernel can be asked for it; absent elsewhere. */
  readonly place?: Place
}

/** Linux: proc(5), namespaces(7). */
interface Place {
  /** A random name that the kernel has from one start of the machine to the next. */
  readonly boot: string
  /** Numbers of processes mean the same within one namespace of processes only: a container has its own. */
  readonly namespace: string
  /** When the process began, in ticks since the machine did: its number may be given again. */
  readonly start: string
}

const LINE = /^debproof (\d{1,10}) ([A-Za-z0-9._-]{1,255}) (?:- - -|([0-9a-f-]{36}) (pid:\[\d{1,20}\]) (\d{1,20}))\n/

export function thisProcess(): Holder {
  const { pid } = process
  const host =
    hostname()
      .replaceAll(/[^A-Za-z0-9._-]/g, '-')
      .slice(0, 255) || '-'
  const start = stateOf(pid)?.start
  const here = herePlace()
  return { pid, host, ...(here === undefined || start === undefined ? {} : { place: { ...here, start } }) }
}

/** One line, which parseHolder reads. */
export function serializeHolder({ pid, host, place }: Holder): string {
  return `debproof ${pid} ${host} ${place === undefined ? '- - -' : `${place.boot} ${place.namespace} ${place.start}`}\n`
}

/** Undefined for what is not written so, such as half of it. */
export function parseHolder(text: string): Holder | undefined {
  const [, pid = '', host = '', boot, namespace, start] = LINE.exec(text) ?? []
  if (pid === '') return undefined
  const place =
    boot === undefined || namespace === undefined || start === undefined ? undefined : { boot, namespace, start }
  return { pid: Number(pid), host, ...(place === undefined ? {} : { place }) }
}

/** Whether a process runs; undefined where that cannot be seen from here: on another machine, in another container. */
export function isAlive({ pid, place }: Holder): boolean | undefined {
  const here = herePlace()
  if (place === undefined || here === undefined) return undefined
  if (place.boot !== here.boot || place.namespace !== here.namespace) return undefined
  if (!isThere(pid)) return false
  const state = stateOf(pid)
  // The processes of other users may be hidden.
  if (state === undefined) return undefined
  return state.start === place.start && !state.hasEnded
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return systemErrorCode(error) !== 'ESRCH'
  }
}

function herePlace(): Omit<Place, 'start'> | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
    const namespace = readlinkSync('/proc/self/ns/pid')
    return /^[0-9a-f-]{36}$/.test(boot) && /^pid:\[\d+\]$/.test(namespace) ? { boot, namespace } : undefined
  } catch {
    return undefined
  }
}

/** proc_pid_stat(5): the second field is a name in brackets, which may hold anything. */
function stateOf(pid: number): { readonly start: string; readonly hasEnded: boolean } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const [state = '', start = ''] = [fields[0], fields[19]]
    return /^\d+$/.test(start) ? { start, hasEnded: /^[ZXx]$/.test(state) } : undefined
  } catch {
    return undefined
  }
}
