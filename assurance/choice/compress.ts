import { execFileSync } from 'node:child_process'
import { gzipSync } from 'node:zlib'

/** The suffixes of the forms that apt knows; the empty one is the index itself. */
export const SUFFIXES = ['', '.gz', '.xz', '.bz2', '.zst', '.lzma', '.lz4'] as const
export type Suffix = (typeof SUFFIXES)[number]

const PROGRAMS: Readonly<Record<Exclude<Suffix, '' | '.gz'>, readonly [string, ...string[]]>> = {
  '.xz': ['xz', '-c'],
  '.bz2': ['bzip2', '-c'],
  '.zst': ['zstd', '-q', '-c'],
  '.lzma': ['xz', '--format=lzma', '-c'],
  '.lz4': ['lz4', '-q', '-c'],
}

export function compress(text: string, suffix: Suffix): Buffer {
  const bytes = Buffer.from(text, 'latin1')
  if (suffix === '') return bytes
  if (suffix === '.gz') return gzipSync(bytes)
  const [program, ...args] = PROGRAMS[suffix]
  return execFileSync(program, args, { input: bytes })
}
