import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const lock: {
  packages: Record<string, { integrity?: string; resolved?: string; link?: boolean; hasInstallScript?: boolean }>
} = JSON.parse(readFileSync('package-lock.json', 'utf8'))
const manifest: Record<string, Record<string, string> | undefined> = JSON.parse(readFileSync('package.json', 'utf8'))
const notices = readFileSync('dist/notices.txt', 'utf8')
const security = readFileSync('docs/security.md', 'utf8')

/** Packages of which an entry of the bundle has code, as `name version`. */
function bundledIn(entry: string): string[] {
  const names = new RegExp(`^${entry}: (.*)$`, 'm').exec(notices)?.[1]?.split(', ') ?? []
  return names.map((name) => {
    const version = new RegExp(`^${name} (\\d\\S*) \\(`, 'm').exec(notices)?.[1]
    return `${name} ${version}`
  })
}

describe('what it is made of', () => {
  const installed = Object.entries(lock.packages).filter(([name]) => name !== '')

  test('is locked by SHA-512, whatever registry it comes from', () => {
    expect(installed.length).toBeGreaterThan(100)
    for (const [name, { integrity, resolved, link }] of installed) {
      expect({ name, integrity }).toEqual({ name, integrity: expect.stringMatching(/^sha512-[A-Za-z0-9+/]{86}==$/) })
      expect({ name, resolved, link }).toEqual({ name, resolved: undefined, link: undefined })
    }
  })

  test('has no install scripts', () => {
    expect(installed.filter(([, { hasInstallScript }]) => hasInstallScript === true)).toEqual([])
  })

  test('is asked for in exact versions', () => {
    for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies']) {
      const versions = Object.entries(manifest[kind] ?? {})
      expect(versions.length).toBeGreaterThan(0)
      for (const [name, version] of versions) {
        expect(`${name} ${version}`).toMatch(/ \d+\.\d+\.\d+$/)
      }
    }
  })

  test('is, for the command line, what docs/security.md says', () => {
    const [, table = ''] = security.split('holds code of these packages')
    const [rows = ''] = table.split('\n\nThe action has')
    const told = [...rows.matchAll(/(?<=[|,] )(@?[a-z0-9/-]+ \d+\.\d+\.\d+)(?=[, ])/g)].map(([, written]) => written)
    expect(told.sort()).toEqual(bundledIn('cli.js').sort())
    expect(told).toContain('openpgp 6.3.2')
  })
})
