import type { SourceEntry } from './deb822-sources.ts'

/** Whether it is one of the words by which apt's StringToBool knows no. */
export function isNo(text: string): boolean {
  return /^(?:no|false|without|off|disable|0)$/i.test(text)
}

/** Options by which apt takes some packages of a source only, or its release file from another place. */
const ALWAYS = ['include', 'exclude', 'inrelease-path'] as const

/**
 * The option by which apt takes less of a source than it lists, or reads it elsewhere (sources.list(5)), as
 * `include=foo`; undefined where apt reads the source as it stands.
 *
 * @param type what is read of it: `Packages` of `deb`, `Sources` of `deb-src`
 */
export function narrowingOption(options: SourceEntry['options'], type: 'deb' | 'deb-src'): string | undefined {
  const value = (name: string): string => options.get(name)?.value ?? ''
  const words = (name: string): string[] => value(name).match(/[^\s,]+/g) ?? []
  const index = type === 'deb' ? 'Packages' : 'Sources'
  const narrows: Readonly<Record<string, boolean>> = {
    ...Object.fromEntries(ALWAYS.map((name) => [name, options.has(name)])),
    snapshot: value('snapshot') !== '' && !isNo(value('snapshot')),
    targets: words('targets').length > 0 && !words('targets').includes(index),
    'targets-remove': words('targets-remove').includes(index),
    [index.toLowerCase()]: isNo(value(index.toLowerCase())),
  }
  const name = Object.keys(narrows).find((one) => narrows[one])
  return name === undefined ? undefined : `${name}=${value(name).replaceAll(/\s+/g, ' ')}`
}
