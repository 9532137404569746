import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { PrivateKey } from 'openpgp'
import { parseArchitecture, parsePackageName, parseVersion } from '../../src/archive/identity.ts'
import { Keyring, readCertificates } from '../../src/archive/keyring.ts'
import type { Document } from '../../src/reproduced/document.ts'
import type { RebuiltPackage } from '../../src/reproduced/statement.ts'
import { AT, block, clearsigned, latin1, type SignatureOptions, signature } from '../making/signed-archive.ts'

const FIXTURES = path.join(import.meta.dirname, '../fixtures/rebuilds')

export const RSA = '77F8430082FE6879C4047951F225965A8CCAFCD4'
export const ED25519 = '28C1E5F11336D081517B344AD9D14034EC40E7B4'

/** What Debian's tools made: builds, and certificates of those who signed them. */
export function fixture(name: string): Buffer {
  return readFileSync(path.join(FIXTURES, name))
}

/** The keyring with these of the fixtures' certificates. */
export async function fixtureKeyring(...fingerprints: readonly string[]): Promise<Keyring> {
  const files = fingerprints.map((fingerprint) => readCertificates(fixture(`${fingerprint}.asc`), fingerprint))
  return new Keyring((await Promise.all(files)).flat())
}

/** A document as it was fetched; a string is latin1. */
export function documentOf(content: string | Uint8Array, name = 'a.buildinfo'): Document {
  const bytes = typeof content === 'string' ? latin1(content) : content
  return { url: new URL(name, 'https://rebuilder.example/'), bytes }
}

/** The package that this file is; the source is of the same name and version unless said otherwise. */
export function packageOf(
  fileName: string,
  { epoch = '', source, sourceVersion }: { epoch?: string; source?: string; sourceVersion?: string } = {},
): RebuiltPackage {
  const [name = '', version = '', architecture = ''] = fileName.replace(/\.deb$/, '').split('_')
  const full = must(parseVersion(`${epoch}${version}`))
  return {
    name: must(parsePackageName(name)),
    version: full,
    architecture: must(parseArchitecture(architecture)),
    source: {
      name: must(parsePackageName(source ?? name)),
      version: must(parseVersion(sourceVersion ?? full)),
    },
    fileName,
  }
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the test names no package')
  return value
}

/** The text with its signature around it, as gpg writes it. */
export async function clearsignedBy(text: string, key: PrivateKey, options?: SignatureOptions): Promise<string> {
  const signed = text.replace(/\n$/, '')
  return clearsigned(signed, block(await signature(signed, key, options)))
}

export const SHA256 = '0123456789abcdef'.repeat(4)
export const OTHER_SHA256 = 'f'.repeat(64)

/** A `.buildinfo` of the shape that dpkg-genbuildinfo(1) writes. */
export function buildinfoText({
  source = 'hello',
  version = '1.0-1',
  files = { 'hello_1.0-1_amd64.deb': SHA256 },
}: {
  source?: string
  version?: string
  files?: Readonly<Record<string, string>>
} = {}): string {
  const rows = Object.entries(files).map(([name, sha256]) => ` ${sha256} 1234 ${name}`)
  return `${[
    'Format: 1.0',
    `Source: ${source}`,
    'Binary: hello',
    'Architecture: amd64',
    `Version: ${version}`,
    'Checksums-Md5:',
    ` d41d8cd98f00b204e9800998ecf8427e 1234 hello_1.0-1_amd64.deb`,
    'Checksums-Sha256:',
    ...rows,
    'Build-Origin: Debian',
    'Build-Architecture: amd64',
    'Build-Date: Mon, 01 Jun 2026 10:00:00 +0000',
    'Installed-Build-Depends:',
    ' base-files (= 13.8),',
    ' libc6 (= 2.41-12)',
    'Environment:',
    ' LC_ALL="C.UTF-8"',
  ].join('\n')}\n`
}

export { AT }
