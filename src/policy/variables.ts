import { DebproofError } from '../errors.ts'

/** What `${…}` in a policy may stand for. */
export interface Variables {
  readonly release?: string
  /** Origin to snapshot, from the package lists: `${reference:debian}`. */
  readonly references: Readonly<Record<string, string>>
  /** The environment variables that the policy names under `env:`, where they are set. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** What may stand in a URL or a path without leading elsewhere: a branch name from a fork could. */
export const HARMLESS = /^[A-Za-z0-9][A-Za-z0-9._~+-]*$/

/**
 * Replaces each `${name}` of a policy's text.
 * @param where the place in the policy, for errors
 * @throws DebproofError POLICY for a name that is unknown or has no value
 */
export function substitute(text: string, variables: Variables, where: string): string {
  return text.replaceAll(/\$\{([^}]*)\}/g, (_, name: string) => {
    const value = lookUp(name, variables, where)
    if (!HARMLESS.test(value)) {
      throw new DebproofError(
        'POLICY',
        `${where}: ${whatIs(name, value, variables)}; only letters, digits and . _ ~ + - may be put into a policy.`,
      )
    }
    return value
  })
}

/** The origins that a text of the policy names as `${reference:ORIGIN}`, each once. */
export function originsIn(text: string): string[] {
  return [...new Set([...text.matchAll(/\$\{reference:([^}]*)\}/g)].map(([, origin = '']) => origin))]
}

/** The value of an environment variable is not shown: it may be one that nobody meant to show. */
function whatIs(name: string, value: string, { environment }: Variables): string {
  const isShown = !Object.hasOwn(environment, name)
  return isShown ? `\${${name}} is ${JSON.stringify(value)}` : `the value of \${${name}} has other characters`
}

function lookUp(name: string, { release, references, environment }: Variables, where: string): string {
  const missing = (advice: string): DebproofError =>
    new DebproofError('POLICY', `${where}: \${${name}} has no value: ${advice}.`)
  if (name === 'release') {
    if (release === undefined) throw missing('give it with --release')
    return release
  }
  if (name.startsWith('reference:')) {
    const origin = name.slice('reference:'.length)
    const reference = Object.hasOwn(references, origin) ? references[origin] : undefined
    if (reference === undefined) throw missing(`no package list names a snapshot of the origin ${origin}`)
    return reference
  }
  if (Object.hasOwn(environment, name)) {
    const value = environment[name]
    if (value === undefined) throw missing('this environment variable is not set')
    return value
  }
  throw missing('it may be release, reference:ORIGIN, or an environment variable that `env:` names')
}
