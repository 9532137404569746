import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Workplace } from '../honest/workplace.ts'

/** The packages that a build takes from each archive. */
export const USED = [
  { name: 'field-hello', version: '1.0-1', architecture: 'amd64' },
  { name: 'field-data', version: '2:2.10~rc1-1', architecture: 'all' },
  { name: 'field-lib0', version: '0.3+b1', architecture: 'amd64' },
] as const

/** One that each archive has too, and that no build uses. */
export const UNUSED = { name: 'field-unused', version: '9-1', architecture: 'amd64' } as const

export interface Built {
  readonly name: string
  readonly version: string
  readonly architecture: string
}

/** Builds .debs into a folder, and returns their paths. */
export async function buildDebs(
  workplace: Workplace,
  folder: string,
  packages: readonly Built[] = [...USED, UNUSED],
): Promise<string[]> {
  mkdirSync(folder, { recursive: true })
  const files: string[] = []
  for (const { name, version, architecture } of packages) {
    const tree = path.join(workplace.scratch, 'trees', `${name}-${version.replace(':', '%')}`)
    mkdirSync(path.join(tree, 'DEBIAN'), { recursive: true })
    const control = [
      ...[`Package: ${name}`, `Version: ${version}`, `Architecture: ${architecture}`, 'Section: misc'],
      ...['Priority: optional', 'Maintainer: Field <field@example.org>', 'Description: made for a test', ''],
    ]
    writeFileSync(path.join(tree, 'DEBIAN/control'), control.join('\n'))
    const file = path.join(folder, `${name}_${version.replace(/^\d+:/, '')}_${architecture}.deb`)
    await workplace.run('dpkg-deb', ['--root-owner-group', '-Zgzip', '--build', tree, file], folder)
    files.push(file)
  }
  return files
}

/** A second name for each file, in another folder. */
export function copyInto(folder: string, files: readonly string[]): void {
  mkdirSync(folder, { recursive: true })
  for (const file of files) copyFileSync(file, path.join(folder, path.basename(file)))
}
