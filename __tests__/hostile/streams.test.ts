import { createHash } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { constants, gzipSync, zstdCompressSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { decompress } from '../../src/archive/decompress.ts'
import { describeError, isDebproofError } from '../../src/errors.ts'
import { deb } from '../making/archive-folder.ts'
import { xzBomb, zstdBomb } from '../making/bombs.ts'
import { COMPRESSED, FORMS } from '../making/compressed.ts'
import { indexSite, PACKAGES, stanzaOf } from '../making/index-site.ts'
import { row } from '../making/signed-archive.ts'
import { removeSites, runSite } from '../making/site.ts'

afterEach(removeSites)

const good = deb('hello')
const evil = deb('hello', { content: 'evil' })

type Form = 'gz' | 'xz' | 'zst'

/** One whole stream that holds this stanza; Node writes neither xz nor, in version 20, zstd. */
const STREAM: Readonly<Record<Form, (text: string) => Buffer>> = {
  gz: (text) => gzipSync(text),
  xz: (text) => xzBomb(0, text),
  zst: (text) => zstdBomb(0, text),
}

const ONE = `${stanzaOf(good)}\n`
const OTHER = `${stanzaOf(evil)}\n`
const first = (form: Form): Buffer => STREAM[form](ONE)
const second = (form: Form): Buffer => STREAM[form](OTHER)

/**
 * What the snapshot serves in the place of one stream. Its owner is hostile: each of these has the hash and the size
 * that are signed. Readers of compressed files do not agree on what they hold, so none may be read in part.
 */
const STREAMS: Readonly<Record<string, (form: Form) => Buffer>> = {
  'a second stream with other bytes of the package': (form) => Buffer.concat([first(form), second(form)]),
  'zeros, and then that stream': (form) => Buffer.concat([first(form), Buffer.alloc(4), second(form)]),
  'zeros of another number, and then that stream': (form) =>
    Buffer.concat([first(form), Buffer.alloc(3), second(form)]),
  'much of nothing, and then that stream': (form) =>
    Buffer.concat([first(form), Buffer.alloc(2 * 1024 * 1024), second(form)]),
  'garbage, and then that stream': (form) => Buffer.concat([first(form), Buffer.from('junk'), second(form)]),
  'the start of that stream': (form) => Buffer.concat([first(form), second(form).subarray(0, -5)]),
  garbage: (form) => Buffer.concat([first(form), Buffer.from('garbage')]),
  'one byte more': (form) => Buffer.concat([first(form), Buffer.from('g')]),
  'the stanza in plain text': (form) => Buffer.concat([first(form), Buffer.from(`\n${stanzaOf(evil)}`)]),
  'one byte less': (form) => first(form).subarray(0, -1),
  'half of it': (form) => first(form).subarray(0, first(form).length / 2),
  'another format': (form) => first(form === 'gz' ? 'xz' : 'gz'),
  nothing: () => Buffer.alloc(0),
}

describe.each<Form>(['gz', 'xz', 'zst'])('%s', (form) => {
  it.each(Object.keys(STREAMS))('with the right hash and %s never passes on what stands first alone', async (what) => {
    const bytes = STREAMS[what]?.(form) ?? Buffer.alloc(0)
    // Whatever is signed of what it decompresses to: its owner says that as well.
    for (const plain of [ONE, ONE + OTHER]) {
      const site = await indexSite(good, { [`${PACKAGES}.${form}`]: bytes }, {}, [row(PACKAGES, plain)])
      const { of, predicate } = await runSite(site)
      expect(predicate.verdict).not.toBe('pass')
      // Both streams were read, as apt reads them, or none.
      expect(['mismatch', 'undecided']).toContain(of('hello').verdict)
      if (of('hello').verdict === 'undecided') {
        expect(JSON.stringify(predicate)).toMatch(
          /Packages\.\w+: The \w+ data is damaged or cut short|is not what the signed release file says/,
        )
      }
    }
  })

  it('with the wrong hash is blamed on its hash or its size', async () => {
    const listed = first(form)
    for (const served of [
      second(form),
      Buffer.concat([listed, listed]),
      Buffer.concat([listed, Buffer.alloc(4)]),
      listed.subarray(0, -1),
    ]) {
      const site = await indexSite(good, { [`${PACKAGES}.${form}`]: listed }, {}, [row(PACKAGES, ONE)])
      site.put({ [`snapshot/dists/made/${PACKAGES}.${form}`]: served })
      const { of, predicate } = await runSite(site)
      expect(of('hello').verdict).toBe('undecided')
      expect(JSON.stringify(predicate)).toMatch(/is not what the signed release file says|damaged or cut short/)
    }
  })

  it('as one whole stream passes, so that the refusals above mean something', async () => {
    const { of } = await runSite(
      await indexSite(good, { [`${PACKAGES}.${form}`]: first(form) }, {}, [row(PACKAGES, ONE)]),
    )
    expect(of('hello').verdict).toBe('identical')
  })
})

describe('what a stream is decoded to', () => {
  const outcome = async (form: (typeof FORMS)[number], parts: readonly Uint8Array[]): Promise<string> => {
    const source = async function* (): AsyncGenerator<Uint8Array> {
      yield* parts
    }
    const chunks: Uint8Array[] = []
    try {
      for await (const chunk of decompress(form, source())) chunks.push(chunk)
      return Buffer.concat(chunks).toString('latin1')
    } catch (error) {
      if (isDebproofError(error, 'COMPRESSION')) return 'refused'
      throw error
    }
  }

  // A run reads from a network, and whoever checks its report from a disk: they must come to the same.
  it.each(FORMS)('does not depend on where the bytes are cut in pieces: %s', async (form) => {
    const whole = COMPRESSED[form]
    const zeros = Buffer.alloc(4)
    for (const parts of [
      [whole, whole],
      [whole, zeros],
      [whole, zeros, zeros, whole],
      [whole, Buffer.from('g')],
      [whole, whole.subarray(0, -1)],
      [whole.subarray(0, 9), Buffer.alloc(0), whole.subarray(9)],
    ]) {
      const joined = Buffer.concat(parts)
      const bytes = Array.from(joined, (_, at) => joined.subarray(at, at + 1))
      const answers = [await outcome(form, parts), await outcome(form, [joined]), await outcome(form, bytes)]
      expect(new Set(answers).size).toBe(1)
    }
  })
})

describe('how far a stream is decoded before it fails', () => {
  /** Random enough that it does not shrink to one piece, and damaged at its middle. */
  const content = Buffer.from(
    Array.from({ length: 40_000 }, (_, index) => createHash('sha256').update(`${index}`).digest('hex')).join('\n'),
  )
  const whole: Readonly<Record<'gz' | 'zst', Buffer>> = {
    gz: gzipSync(content, { level: 1 }),
    zst: zstdCompressSync(content, { params: { [constants.ZSTD_c_checksumFlag]: 1 } }),
  }

  const decoded = async (form: 'gz' | 'zst', bytes: Buffer, size: number, isSlow: boolean): Promise<string> => {
    const source = async function* (): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
    }
    const digest = createHash('sha256')
    let length = 0
    try {
      for await (const chunk of decompress(form, source())) {
        digest.update(chunk)
        length += chunk.length
        if (isSlow) await setTimeout(3)
      }
    } catch (error) {
      return `${length} ${digest.digest('hex')} ${describeError(error)}`
    }
    return 'read'
  }

  // Else a report says of an index that it is too long, and its evidence that it is damaged.
  it.each(['gz', 'zst'] as const)('depends neither on how it is cut nor on who is faster: %s', async (form) => {
    const middle = Buffer.from(whole[form])
    middle.fill(0xff, middle.length / 2, middle.length / 2 + 64)
    for (const bytes of [middle, whole[form].subarray(0, -1), Buffer.concat([whole[form], Buffer.from('more')])]) {
      const answers = new Set<string>()
      for (const size of [4096, 65_536, 100_000, Infinity]) {
        for (const isSlow of [false, true]) answers.add(await decoded(form, bytes, size, isSlow))
      }
      expect([...answers]).toEqual([expect.stringMatching(/^[1-9]\d* .*damaged or cut short/)])
    }
    expect(await decoded(form, whole[form], 65_536, false)).toBe('read')
  })
})

describe('one index in two forms', () => {
  it('is not read where nothing signed says what they hold: apt reads neither, and others one or the other', async () => {
    const forms = { [`${PACKAGES}.gz`]: first('gz'), [`${PACKAGES}.xz`]: second('xz') }
    const { of, predicate } = await runSite(await indexSite(good, forms))
    expect(of('hello').verdict).toBe('undecided')
    expect(JSON.stringify(predicate)).toContain('but not the index itself')
  })

  it('is read where the release file says what both decompress to', async () => {
    const forms = { [PACKAGES]: ONE, [`${PACKAGES}.gz`]: first('gz'), [`${PACKAGES}.xz`]: first('xz') }
    expect((await runSite(await indexSite(good, forms))).of('hello').verdict).toBe('identical')
    const other = { [PACKAGES]: ONE, [`${PACKAGES}.gz`]: second('gz') }
    expect((await runSite(await indexSite(good, other))).of('hello').verdict).toBe('undecided')
  })
})
