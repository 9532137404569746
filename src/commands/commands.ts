import type { Command } from './command.ts'

/** The commands, in the order of the help. Each is loaded when it is called. */
export const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  verify: async () => (await import('./verify.ts')).verifyCommand,
  compare: async () => (await import('./compare.ts')).compareCommand,
  recheck: async () => (await import('./recheck.ts')).recheckCommand,
  inspect: async () => (await import('./inspect.ts')).inspectCommand,
  packages: async () => (await import('./packages.ts')).packagesCommand,
  record: async () => (await import('./record.ts')).recordCommand,
  rebuild: async () => (await import('./rebuild.ts')).rebuildCommand,
  plan: async () => (await import('./plan.ts')).planCommand,
  merge: async () => (await import('./merge.ts')).mergeCommand,
  init: async () => (await import('./init.ts')).initCommand,
}
