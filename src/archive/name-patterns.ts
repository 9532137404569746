import type { PackageName } from './identity.ts'

/** Package names, and patterns of them in which `*` stands for any text, also for none. */
export class NamePatterns {
  readonly #patterns: readonly (readonly string[])[]

  /** @param patterns in lower case, as package names are */
  constructor(patterns: readonly string[]) {
    this.#patterns = patterns.map((pattern) => pattern.split('*'))
  }

  allow(name: PackageName): boolean {
    return this.#patterns.some((parts) => matches(parts, name))
  }
}

/** The parts between the asterisks, each found as early as it can be: no pattern takes longer than it is. */
function matches([first = '', ...others]: readonly string[], name: string): boolean {
  const last = others.pop()
  if (last === undefined) return name === first
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false
  const end = name.length - last.length
  let position = first.length
  for (const part of others) {
    const found = name.indexOf(part, position)
    if (found === -1 || found + part.length > end) return false
    position = found + part.length
  }
  return true
}
