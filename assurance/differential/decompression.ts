import { createHash } from 'node:crypto'
import { createReadStream, mkdirSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type Compression, decompress } from '../../src/archive/decompress.ts'
import { isDebproofError } from '../../src/errors.ts'
import type { Comparison } from './comparison.ts'
import { DECOMPRESSORS, type Index } from './indexes.ts'
import { outputOf, type Program, run } from './tools.ts'

interface Content {
  readonly size: number
  readonly sha256: string
}

async function contentOf(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Content> {
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    hash.update(chunk)
  }
  return { size, sha256: hash.digest('hex') }
}

/** What debproof makes of a file; the code of the error where it refuses it. */
async function ours(file: string, compression: Compression, cut: number): Promise<Content | string> {
  try {
    return await contentOf(decompress(compression, createReadStream(file, { highWaterMark: cut })))
  } catch (error) {
    if (!isDebproofError(error)) throw error
    return error.code
  }
}

/** Every index in every form that was downloaded: the same bytes as by the form's own tool. */
export async function compareIndexContent(comparison: Comparison, { name, forms }: Index): Promise<void> {
  for (const { compression, file } of forms) {
    const theirs = await contentOf(outputOf(DECOMPRESSORS[compression], [file]))
    comparison.count(`${compression} files`)
    comparison.count('MB decompressed', Math.round(theirs.size / 1e6))
    comparison.same(
      `${name}, ${compression}`,
      JSON.stringify(await ours(file, compression, 64 * 1024)),
      JSON.stringify(theirs),
    )
  }
}

const XZ = ['xz', '--compress', '--stdout'] as const
const FILTERS = ['--x86', '--arm64', '--delta=dist=4'] as const

/** How xz may be told to write what `xz --decompress` reads. */
const XZ_FORMS: readonly (readonly string[])[] = [
  ...['none', 'crc32', 'crc64', 'sha256'].map((check) => [`--check=${check}`]),
  ...['-0', '-1', '-6', '-9', '-9e'].map((preset) => [preset]),
  ['--threads=0', '--block-size=65536'],
  ['--threads=0', '--block-size=1000003', '--check=crc32'],
  ['--threads=1', '--block-size=4096'],
  ['--block-list=10000,1,70000,0'],
  ['--flush-timeout=1'],
  ...['4KiB', '64KiB', '1MiB', '64MiB', '192MiB'].map((size) => [`--lzma2=preset=6,dict=${size}`]),
  ['--lzma2=preset=9e,lc=4,lp=0,pb=0'],
  ['--lzma2=preset=1,lc=0,lp=4,pb=4'],
  ['--lzma2=preset=0,mode=fast,nice=8,mf=hc3'],
  ...FILTERS.map((filter) => [filter, '--lzma2=preset=6']),
]

const OTHER_FORMS: readonly { readonly compression: Compression; readonly program: Program }[] = [
  ...['-1', '-6', '-9'].map((level) => ({ compression: 'gz', program: ['gzip', '--stdout', level] }) as const),
  ...['-1', '-9'].map((level) => ({ compression: 'bz2', program: ['bzip2', '--stdout', level] }) as const),
  ...['-1', '-19'].map((level) => ({ compression: 'zst', program: ['zstd', '--stdout', '-q', level] }) as const),
  { compression: 'zst', program: ['zstd', '--stdout', '-q', '--no-check'] },
]

/**
 * An index compressed anew in every way that the tools have, alone, twice in one file, with padding, cut short and
 * followed by something else: the same bytes as by the tool where debproof takes it, and a refusal where the tool
 * refuses. What only the tool takes is counted.
 */
export async function compareCompressedAnew(
  comparison: Comparison,
  { forms: [form] }: Index,
  scratch: string,
): Promise<void> {
  const folder = path.join(scratch, 'compressed')
  mkdirSync(folder, { recursive: true })
  const plain = await run(DECOMPRESSORS[form.compression], [form.file])
  const compress = async (program: Program, args: readonly string[]): Promise<Buffer | undefined> => {
    const { code, stdout } = await run(program, args, plain.stdout)
    return code === 0 ? stdout : undefined
  }
  for (const options of XZ_FORMS) {
    const whole = await compress(XZ, options)
    // An older xz knows fewer filters.
    if (whole === undefined) comparison.explain(`this machine's xz does not know ${options.join(' ')}`)
    else await compareVariants(comparison, `xz ${options.join(' ')}`, 'xz', whole, folder)
  }
  for (const { compression, program } of OTHER_FORMS) {
    const whole = await compress(program, [])
    if (whole !== undefined) await compareVariants(comparison, program.join(' '), compression, whole, folder)
  }
  for (const options of [['--format=lzma'], ['--format=raw', '--lzma2=preset=6']]) {
    const whole = await compress(XZ, options)
    if (whole === undefined) throw new Error(`xz ${options.join(' ')} failed`)
    const file = path.join(folder, 'foreign')
    writeFileSync(file, whole)
    comparison.count('files of another format')
    comparison.same(
      `xz ${options.join(' ')}`,
      JSON.stringify(await ours(file, 'xz', 4096)),
      JSON.stringify('COMPRESSION'),
    )
  }
}

async function compareVariants(
  comparison: Comparison,
  name: string,
  compression: Compression,
  whole: Buffer,
  folder: string,
): Promise<void> {
  const variants: Readonly<Record<string, Buffer>> = {
    alone: whole,
    twice: Buffer.concat([whole, whole]),
    'twice, zeros between': Buffer.concat([whole, Buffer.alloc(8), whole]),
    'zeros after it': Buffer.concat([whole, Buffer.alloc(12)]),
    'text after it': Buffer.concat([whole, Buffer.from('Package: x\n')]),
    'cut short': whole.subarray(0, -1),
    'cut in half': whole.subarray(0, Math.floor(whole.length / 2)),
    'a bit flipped': flipped(whole),
  }
  for (const [variant, bytes] of Object.entries(variants)) {
    const file = path.join(folder, 'made')
    writeFileSync(file, bytes)
    const { code, stdout } = await run(DECOMPRESSORS[compression], [file])
    const theirs = code === 0 ? await contentOf([stdout]) : 'COMPRESSION'
    const cut = 1 + (statSync(file).size % 65_536)
    const made = await ours(file, compression, cut)
    comparison.count('files made')
    if (made === 'COMPRESSION' && theirs !== 'COMPRESSION')
      comparison.explain(`refused (undecided), and read by the tool: ${described(name, compression, variant)}`)
    else comparison.same(`${name}, ${variant}`, JSON.stringify(made), JSON.stringify(theirs))
  }
}

/** By the options where a file is refused that is nothing but what xz makes with them. */
function described(name: string, compression: Compression, variant: string): string {
  return compression === 'xz' ? `${name}, ${variant}` : `${compression}, ${variant}`
}

function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  const at = Math.floor(copy.length / 3)
  copy[at] = (copy[at] ?? 0) ^ 4
  return copy
}
