import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { Keyring, readCertificates } from '../../../src/archive/keyring.ts'
import type { Seed } from '../target.ts'

const ROOT = path.join(import.meta.dirname, '../../..')

/** A file of the repository. */
export function file(name: string): Buffer {
  return readFileSync(path.join(ROOT, name))
}

export function fileSeeds(...names: readonly string[]): Seed[] {
  return names.map((name) => ({ name: path.basename(name), bytes: file(name) }))
}

/** The files of a folder whose names match. */
export function folderSeeds(folder: string, pattern: RegExp): Seed[] {
  const names = readdirSync(path.join(ROOT, folder)).filter((name) => pattern.test(name))
  return fileSeeds(...names.sort().map((name) => `${folder}/${name}`))
}

export function textSeeds(texts: Readonly<Record<string, string>>): Seed[] {
  return Object.entries(texts).map(([name, text]) => ({ name, bytes: Buffer.from(text, 'latin1') }))
}

/** The keys of these files in one keyring. */
export async function keyringFrom(...names: readonly string[]): Promise<Keyring> {
  return new Keyring((await Promise.all(names.map((name) => readCertificates(file(name), name)))).flat())
}

/** Makes something when it is first asked for, and then keeps it. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}

export const REBUILDS = '__tests__/fixtures/rebuilds'
export const RSA_KEY = `${REBUILDS}/77F8430082FE6879C4047951F225965A8CCAFCD4.asc`
export const ED25519_KEY = `${REBUILDS}/28C1E5F11336D081517B344AD9D14034EC40E7B4.asc`
export const EXAMPLE = 'examples/release'
export const LISTS = '__tests__/fixtures/lists'

/** A time at which all signatures of the fixtures and the examples count. */
export const CLOCK = new Date('2026-11-24T00:00:00Z')
