import type { Ended } from './child.ts'
import type { MachineFault } from './machine-fault.ts'

/** Exit codes of the command line. */
export const EXIT = { pass: 0, fail: 1, error: 2, undecided: 3 } as const

const CODES: readonly (number | null)[] = Object.values(EXIT)

/** A line of a stack trace, or of what Node says of an error that nobody caught. */
const TRACE = /^\s+at .+:\d+:\d+\)?$|^Node\.js v\d|^\s*throw .*;?$|UnhandledPromise|uncaughtException/m

/**
 * What is wrong with how a run ended, whatever it was to do.
 * @param untilThere CPU milliseconds that it takes to come to its first lines
 */
export function endingProblems(ended: Ended, machine: MachineFault | undefined, untilThere: number): string[] {
  const { code, signal, stdout, stderr, isHung } = ended
  const told = stdout + stderr
  if (isHung) return [`it hung: ${Math.round(ended.took / 1000)} s; ${tail(told)}`]
  const problems: string[] = []
  // Node had no memory, or could not start: it ends itself.
  const isNode = /^node:internal|^Node\.js v|^#?\s*(?:Fatal|FATAL)|^node: /m.test(told) && !told.includes('debproof:')
  const isAborted = machine?.aborts === true && (signal !== null || isNode || ![...CODES, 70].includes(code))
  if (code === 70 || told.includes('this is a bug in debproof')) problems.push(`a bug was told: ${tail(told)}`)
  else if (isAborted) return []
  else if (signal !== null && machine?.signals?.includes(signal) !== true)
    problems.push(`${signal} ended it: ${tail(told)}`)
  else if (signal === null && !CODES.includes(code)) problems.push(`exit code ${code}: ${tail(told)}`)
  if (TRACE.test(told)) problems.push(`a stack trace was shown: ${tail(told)}`)
  if (code !== EXIT.pass && machine?.isSilent !== true) {
    // A signal that came before its first line found nobody who could say anything.
    const wasThere = signal === null || (ended.usedWhenSignalled ?? 0) > untilThere
    // One that came when the result was told already found Node on its way out.
    const isSaid = signal === null ? told.trim() !== '' : stderr.includes(signal) || stdout.trim() !== ''
    if (wasThere && !isSaid && signal !== 'SIGKILL')
      problems.push(`nothing was said (${signal ?? `exit code ${code}`}): ${tail(told)}`)
  }
  return problems
}

function tail(text: string): string {
  return JSON.stringify(text.slice(-700))
}
