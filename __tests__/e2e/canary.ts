import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { decryptKey, generateKey, type PrivateKey, readPrivateKey } from 'openpgp'
import { run, succeed } from './running.ts'

export const PASSPHRASE = 'canary: a passphrase of some words'
export const TOKEN = 'canary-token-5f3c0d6e1b'

/** A private key that is looked for wherever it must not be. */
export interface Canary {
  readonly file: string
  readonly armored: string
  /** Each of them is a part of it, or opens it. */
  readonly needles: readonly Buffer[]
}

export type CanaryKind = 'ed25519' | 'rsa' | 'locked'

/** Makes a key and all the texts by which its private half, its passphrase and a token of the job are told. */
export async function makeCanary(folder: string, kind: CanaryKind): Promise<Canary> {
  const generated = await generateKey({
    ...(kind === 'rsa' ? { type: 'rsa', rsaBits: 3072 } : { type: 'ecc' }),
    userIDs: [{ name: kind }],
    ...(kind === 'locked' ? { passphrase: PASSPHRASE } : {}),
    format: 'object',
  })
  const armored = generated.privateKey.armor()
  const file = path.join(folder, `${kind}.asc`)
  await writeFile(file, armored)
  const known = Buffer.from(generated.publicKey.write())
  const lines = armored
    .split(/\r?\n/)
    .filter((line) => /^[A-Za-z0-9+/]{40,}=*$/.test(line) && !known.includes(Buffer.from(line, 'base64')))
  const numbers = (await unlocked(armored)).getKeys().flatMap(({ keyPacket }): Uint8Array[] => {
    return Object.values(Reflect.get(keyPacket, 'privateParams'))
  })
  if (lines.length === 0 || numbers.length === 0) throw new Error('there is nothing to look for')
  const words = [PASSPHRASE, TOKEN].flatMap((word) => formsOf(Buffer.from(word)))
  return { file, armored, needles: [...lines.map((line) => Buffer.from(line)), ...numbers.flatMap(formsOf), ...words] }
}

async function unlocked(armored: string): Promise<PrivateKey> {
  const privateKey = await readPrivateKey({ armoredKey: armored })
  return privateKey.isDecrypted() ? privateKey : await decryptKey({ privateKey, passphrase: PASSPHRASE })
}

/** The bytes as they are, in hex, and in base64 wherever they may begin in it, less what their neighbours decide. */
function formsOf(bytes: Uint8Array): Buffer[] {
  const raw = Buffer.from(bytes)
  const base64 = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), raw])
      .toString('base64')
      .replace(/=+$/, '')
    return text.slice(offset === 0 ? 0 : 4, -2)
  })
  return [raw, ...[raw.toString('hex'), raw.toString('hex').toUpperCase(), ...base64].map((text) => Buffer.from(text))]
}

/** Which of the needles is in the text, as hex; undefined where none is. */
export function foundIn(content: Uint8Array | string, { needles }: Canary): string | undefined {
  const bytes = Buffer.from(content)
  return needles.find((needle) => bytes.includes(needle))?.toString('hex')
}

/** All files below the folders that hold one of the needles, archives of tar and zip unpacked in place first. */
export async function filesWith(canary: Canary, ...folders: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const folder of folders) {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const file = path.join(entry.parentPath, entry.name)
      if (!entry.isFile()) continue
      if (foundIn(await unpacked(file), canary) !== undefined) found.push(file)
    }
  }
  return found
}

/** The content of a compressed file, such as an artifact or an entry of a cache, and of any other as it is. */
async function unpacked(file: string): Promise<Buffer> {
  const content = await readFile(file)
  if (content.subarray(0, 4).toString('latin1') === 'PK\x03\x04') {
    const folder = `${file}.unpacked`
    await succeed('python3', ['-m', 'zipfile', '-e', file, folder])
    const texts: Buffer[] = []
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) texts.push(await readFile(path.join(entry.parentPath, entry.name)))
    }
    return Buffer.concat(texts)
  }
  if (content.subarray(0, 4).toString('hex') === '28b52ffd') {
    const { code } = await run('unzstd', ['-q', '-f', '-o', `${file}.plain`, file])
    if (code !== 0) throw new Error(`${file} cannot be unpacked`)
    return await readFile(`${file}.plain`)
  }
  return content
}
