import { generateKeyPairSync } from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { decompress } from '../../src/archive/decompress.ts'
import { parseArchitecture, parsePackageName, parseSha256, parseVersion } from '../../src/archive/identity.ts'
import { parseBinaryEntry } from '../../src/archive/index-entry.ts'
import { checkPool } from '../../src/archive/pool.ts'
import { readPublicKeys } from '../../src/archive/public-key.ts'
import { readIndex, scanIndex } from '../../src/archive/read-index.ts'
import { verifyRelease } from '../../src/archive/release.ts'
import { splitInRelease } from '../../src/archive/signed-text.ts'
import { StanzaScanner, WantedNames } from '../../src/archive/stanza-scanner.ts'
import { describeError } from '../../src/errors.ts'
import {
  MAX_ARCHITECTURE,
  MAX_BURST,
  MAX_FUTURE_SECONDS,
  MAX_INDEX,
  MAX_NAME,
  MAX_PACKAGE_EXCESS,
  MAX_PACKAGE_FILE,
  MAX_PLAIN_INDEX,
  MAX_PUBLIC_KEY_FILE,
  MAX_RELEASE_ENTRIES,
  MAX_RELEASE_LINE,
  MAX_SIGNED_AFTER_DATE,
  MAX_SIGNED_BEFORE_DATE,
  MAX_STANZA,
  MAX_WANTED_STANZAS,
  MAX_ZSTD_FRAMES,
} from '../../src/limits.ts'
import { BOMB, COMPRESSED_EMPTY } from '../making/compressed.ts'
import { failure } from '../making/failure.ts'
import { closeAll, downloads, serve, serveFiles } from '../making/loopback-server.ts'
import { binaryStanza } from '../making/served-archive.ts'
import {
  AT,
  ago,
  block,
  clearsigned,
  keyringOf,
  latin1,
  newKey,
  once,
  releaseDate,
  releaseText,
  sha256Hex,
  signature,
} from '../making/signed-archive.ts'

// The code is what it is; only the numbers are smaller where crossing the real ones would take minutes or gigabytes.
vi.mock('../../src/limits.ts', async (original) => ({
  ...(await original<object>()),
  MAX_RELEASE_ENTRIES: 2000,
  MAX_BURST: 1024 * 1024,
  MAX_PACKAGE_FILE: 2000,
  MAX_PACKAGE_EXCESS: 500,
  MAX_WANTED_STANZAS: 10_000,
  MAX_ZSTD_FRAMES: 40,
}))

afterEach(closeAll)

const key = once(newKey)

async function judge(text: string, { signed = AT, past = false } = {}): Promise<string> {
  const signer = await key()
  const file = clearsigned(text, block(await signature(text, signer, { date: signed })))
  try {
    await verifyRelease(splitInRelease(latin1(file)), {
      keyring: await keyringOf([signer]),
      at: AT,
      suite: 'made',
      past,
    })
    return 'accepted'
  } catch (error) {
    return describeError(error)
  }
}

describe('a release file', () => {
  it('has no line over the limit, which is named', async () => {
    const line = (length: number): string => releaseText({ Changelogs: 'x'.repeat(length - 'Changelogs: '.length) })
    expect(await judge(line(MAX_RELEASE_LINE))).toBe('accepted')
    expect(await judge(line(MAX_RELEASE_LINE + 1))).toMatch(/InRelease has a line of more than 16384 bytes, line \d+/)
  })

  it('lists no more indexes than the limit', async () => {
    const rows = (count: number): string =>
      Array.from({ length: count }, (_, index) => `\n ${sha256Hex('x')} 1 p${index}`).join('')
    expect(await judge(releaseText({ SHA256: rows(MAX_RELEASE_ENTRIES) }))).toBe('accepted')
    expect(await judge(releaseText({ SHA256: rows(MAX_RELEASE_ENTRIES + 1) }))).toMatch(/lists more than 2000 files/)
  })

  it('is dated no further in the future than the limit', async () => {
    const dated = (seconds: number): string => releaseText({ Date: releaseDate(ago(-seconds)) })
    expect(await judge(dated(MAX_FUTURE_SECONDS))).toBe('accepted')
    expect(await judge(dated(MAX_FUTURE_SECONDS + 1))).toMatch(/future|ahead|after/)
  })

  it('of a past state was signed within the limits around its Date', async () => {
    const dated = 7200
    const signed = async (milliseconds: number): Promise<string> =>
      await judge(releaseText({ Date: releaseDate(ago(dated)) }), {
        signed: new Date(ago(dated).getTime() + milliseconds),
        past: true,
      })
    expect(await signed(MAX_SIGNED_AFTER_DATE)).toBe('accepted')
    expect(await signed(MAX_SIGNED_AFTER_DATE + 1000)).toMatch(/was not signed within an hour of it/)
    expect(await signed(-MAX_SIGNED_BEFORE_DATE)).toBe('accepted')
    expect(await signed(-MAX_SIGNED_BEFORE_DATE - 1000)).toMatch(/was not signed within an hour of it/)
  })
})

describe('an index', () => {
  const directory = new URL('http://127.0.0.1:9/dists/made/')
  const stated = async (sizes: Readonly<Record<string, number>>): Promise<string> => {
    const sha256 = sha256Hex('other')
    const rows = Object.entries(sizes).map(([name, size]) => `\n ${sha256} ${size} ${name}`)
    const text = releaseText({ SHA256: rows.join('') })
    const signer = await key()
    const file = clearsigned(text, block(await signature(text, signer)))
    const release = await verifyRelease(splitInRelease(latin1(file)), { keyring: await keyringOf([signer]), at: AT })
    const request = { kind: 'Packages', wanted: new WantedNames(['a']), refuseHidden: true } as const
    const client = downloads({ offline: true })
    return await failure(() => readIndex(client, { directory, look: 1 }, release, 'Packages', request))
  }
  const ASKED = /--offline forbids the network/

  it('that is stated as larger than the limit is not even asked for', async () => {
    expect(await stated({ Packages: 100, 'Packages.gz': MAX_INDEX })).toMatch(ASKED)
    expect(await stated({ Packages: 100, 'Packages.gz': MAX_INDEX + 1 })).toMatch(
      /^The index Packages\.gz has 536870913 bytes, and 536870912 are read at most/,
    )
    expect(await stated({ Packages: MAX_PLAIN_INDEX })).toMatch(ASKED)
    expect(await stated({ Packages: MAX_PLAIN_INDEX + 1 })).toMatch(/^The index Packages has 4294967297 bytes/)
  })

  it('that is stated to grow beyond the limit is no bomb with a licence', async () => {
    expect(await stated({ 'Packages.gz': 100, Packages: MAX_PLAIN_INDEX })).toMatch(ASKED)
    expect(await stated({ 'Packages.gz': 100, Packages: MAX_PLAIN_INDEX + 1 })).toMatch(
      /^The index Packages has 4294967297 bytes, and 4294967296 are read at most/,
    )
  })

  it('is kept no further than the limit of what is looked for, however often it lists it', async () => {
    const stanza = binaryStanza('a').trimEnd()
    const times = Math.floor(MAX_WANTED_STANZAS / stanza.length)
    const scan = async (count: number, wanted: string): Promise<string> => {
      const text = `${stanza}\n\n`.repeat(count)
      const request = { kind: 'Packages', wanted: new WantedNames([wanted]), refuseHidden: true } as const
      return await failure(() => scanIndex(inPieces(Buffer.from(text), 999), 'plain', {}, request, 'http://h/Packages'))
    }
    expect(await scan(times, 'a')).toBe('accepted')
    expect(await scan(times + 1, 'a')).toBe(
      'http://h/Packages: The index has more than 10000 bytes of stanzas of packages that are looked for.',
    )
    expect(await scan(times + 1, 'b')).toBe('accepted')
  })

  it('has no stanza over the limit, wherever its chunks end', () => {
    const head = 'Package: a\nX: '
    for (const size of [1024 * 1024, MAX_STANZA - 1, MAX_STANZA, MAX_STANZA + 1, 8 * 1024 * 1024]) {
      for (const [more, expected] of [
        [0, 1],
        [1, 'A stanza is larger than 2097152 bytes.'],
      ] as const) {
        let found = 0
        const scanner = new StanzaScanner({
          wanted: new WantedNames(['a']),
          onStanza: () => (found += 1),
          refuseHidden: true,
        })
        const text = Buffer.from(`${head}${'x'.repeat(MAX_STANZA + more - head.length - 1)}\n\nPackage: b\n`)
        let outcome: unknown
        try {
          for (let start = 0; start < text.length; start += size) scanner.push(text.subarray(start, start + size))
          scanner.end()
          outcome = found
        } catch (error) {
          outcome = describeError(error)
        }
        expect(outcome, `${more} more in chunks of ${size}`).toBe(expected)
      }
    }
  })

  it('in bzip2 may grow beyond MAX_GROWTH as far as one piece may, and no further', async () => {
    const mebibytes = MAX_BURST / 1024 / 1024
    const burst = async (count: number): Promise<string> =>
      await failure(async () => {
        const whole = Buffer.concat(Array<Buffer>(count).fill(BOMB.bz2))
        for await (const _ of decompress('bz2', inPieces(whole, whole.length))) {
          // Only whether it comes is asked.
        }
      })
    expect(await burst(mebibytes)).toBe('accepted')
    expect(await burst(mebibytes + 1)).toMatch(/The bz2 data grows beyond all measure/)
  })
})

describe('zstd data', () => {
  it('has no more than so many frames', async () => {
    const frames = async (count: number): Promise<string> =>
      await failure(async () => {
        const whole = Buffer.concat(Array<Buffer>(count).fill(COMPRESSED_EMPTY.zst))
        for await (const _ of decompress('zst', inPieces(whole, 100))) {
          // Only whether it ends is asked.
        }
      })
    expect(await frames(MAX_ZSTD_FRAMES)).toBe('accepted')
    expect(await frames(MAX_ZSTD_FRAMES + 1)).toMatch(
      /The zst data is damaged or cut short: there are more than 40 frames/,
    )
  })
})

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

describe('what identifies a package', () => {
  it('is no longer than the limits', () => {
    expect(parsePackageName('a'.repeat(MAX_NAME))).toBeDefined()
    expect(parsePackageName('a'.repeat(MAX_NAME + 1))).toBeUndefined()
    expect(parseVersion('1'.repeat(MAX_NAME))).toBeDefined()
    expect(parseVersion('1'.repeat(MAX_NAME + 1))).toBeUndefined()
    expect(parseArchitecture('a'.repeat(MAX_ARCHITECTURE))).toBeDefined()
    expect(parseArchitecture('a'.repeat(MAX_ARCHITECTURE + 1))).toBeUndefined()
  })

  it('is refused at once where it is a megabyte of zeros, which one stanza may hold', () => {
    const started = performance.now()
    const stanza = binaryStanza('a', '0'.repeat(1_000_000))
    expect(() => parseBinaryEntry(stanza)).toThrow(/Version/)
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})

describe('a public key file', () => {
  it('is no larger than the limit', () => {
    const pem = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const file = (size: number): Buffer => Buffer.from(`${'#'.repeat(size - pem.length - 1)}\n${pem}`)
    expect(readPublicKeys(file(MAX_PUBLIC_KEY_FILE), 'a.pem')).toHaveLength(1)
    expect(() => readPublicKeys(file(MAX_PUBLIC_KEY_FILE + 1), 'a.pem')).toThrow(/a\.pem is larger than 65536 bytes/)
  })
})

describe('a file in the pool', () => {
  const entryOf = (size: number) => {
    const sha256 = parseSha256(sha256Hex(Buffer.alloc(size)))
    if (sha256 === undefined) throw new Error('no hash')
    return { ...parseBinaryEntry(binaryStanza('a').trimEnd()), file: { path: 'pool/a.deb', size, sha256 } }
  }
  const check = async (stated: number, served: number) => {
    const { base } = await serveFiles({ 'pool/a.deb': Buffer.alloc(served) })
    return await checkPool(downloads(), base, entryOf(stated))
  }

  it('is hashed up to the limit of package files, and unread beyond', async () => {
    expect(await check(MAX_PACKAGE_FILE, MAX_PACKAGE_FILE)).toEqual({ outcome: 'same' })
    expect(await check(MAX_PACKAGE_FILE + 1, MAX_PACKAGE_FILE + 1)).toMatchObject({
      outcome: 'unread',
      why: expect.stringMatching(/could not be hashed: .*pool\/a\.deb is larger than 2000 bytes/),
    })
  })

  it('that is larger than stated is told by its hash up to the limit, and given up beyond', async () => {
    expect(await check(100, 100 + MAX_PACKAGE_EXCESS)).toMatchObject({
      outcome: 'different',
      why: expect.stringContaining(`is ${sha256Hex(Buffer.alloc(100 + MAX_PACKAGE_EXCESS))} (600 bytes)`),
    })
    expect(await check(100, 101 + MAX_PACKAGE_EXCESS)).toMatchObject({
      outcome: 'different',
      why: expect.stringContaining('is far larger than the 100 bytes that the index says'),
    })
  })

  it('without end is not read to its end', async () => {
    const { base } = await serve((_, response) => {
      const more = (): void => {
        if (!response.destroyed && response.write(Buffer.alloc(1000))) setImmediate(more)
        else response.once('drain', more)
      }
      more()
    })
    expect(await checkPool(downloads(), base, entryOf(100))).toMatchObject({ outcome: 'different' })
  })
})
