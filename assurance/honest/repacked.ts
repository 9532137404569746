import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { readStanzas, type Stanza } from './real-suite.ts'
import type { Workplace } from './workplace.ts'

/** A package that a vendor or project builds itself. */
export interface Built {
  readonly stanza: Stanza
  /** Of the .deb. */
  readonly file: string
}

/** What a real package is called when somebody else builds it. */
export type Renamed = (stanza: Stanza) => { readonly name: string; readonly version: string }

/** Unpacks real .debs and builds them under other names or versions, into a folder of their own. */
export async function repack(
  workplace: Workplace,
  folder: string,
  debs: readonly (readonly [Stanza, string])[],
  renamed: Renamed,
): Promise<Built[]> {
  const output = path.join(folder, 'built')
  mkdirSync(output, { recursive: true })
  for (const [stanza, deb] of debs) {
    const { name, version } = renamed(stanza)
    const tree = path.join(folder, 'trees', `${name}-${version.replaceAll(':', '%')}`)
    mkdirSync(path.dirname(tree), { recursive: true })
    await workplace.run('dpkg-deb', ['--raw-extract', deb, tree], folder)
    const control = path.join(tree, 'DEBIAN/control')
    const text = readFileSync(control, 'utf8')
      .replace(/^Package: .*$/m, `Package: ${name}`)
      .replace(/^Version: .*$/m, `Version: ${version}`)
    writeFileSync(control, text)
    await workplace.run('dpkg-deb', ['--root-owner-group', '-Zxz', '-z0', '--build', tree, output], folder)
  }
  const index = await workplace.run('dpkg-scanpackages', ['--multiversion', '.'], output)
  return readStanzas(index).map((stanza) => ({ stanza, file: path.join(output, stanza.file) }))
}
