import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Workplace } from '../honest/workplace.ts'
import type { FieldArchive, Published } from './field-archive.ts'
import { ftparchive, VENDOR } from './ftparchive.ts'
import { gpg, keyringOf } from './signing.ts'

const BY = 'apt-ftparchive, gpg'
const MADE = ['--faked-system-time', '20240101T000000']

/** A key that ends soon, with which an archive is signed, and which is then renewed. */
async function renewed(
  workplace: Workplace,
  folder: string,
  keyring: 'new' | 'old, new' | 'new, old',
): Promise<Published> {
  // Of this run: what an earlier one left is renewed already.
  const name = `Renewed ${Date.now()}`
  await gpg(workplace, folder, ...MADE, '--quick-generate-key', name, 'rsa2048', 'sign', '20290101T000000')
  const key = await workplace.key(name)
  const published = await ftparchive(workplace, folder, { signers: [name] })
  const old = readFileSync(await keyringOf(workplace, folder, name))
  // What was signed before a self-signature is what this is about.
  await new Promise((resolve) => setTimeout(resolve, 1500))
  await gpg(workplace, folder, '--quick-set-expire', key, '9y')
  const now = readFileSync(await keyringOf(workplace, folder, name))
  writeFileSync(
    published.keyring,
    Buffer.concat(keyring === 'new' ? [now] : keyring === 'old, new' ? [old, now] : [now, old]),
  )
  return published
}

/** Keys that people sign with, and the keyrings that they give away. */
export const ODD_KEYS: readonly FieldArchive[] = [
  {
    name: 'a renewed key, its new certificate alone',
    although: 'sqv wants a self-signature that is older than what was signed',
    by: BY,
    make: (workplace, folder) => renewed(workplace, folder, 'new'),
  },
  {
    name: 'a renewed key, old and new certificate',
    by: BY,
    make: (workplace, folder) => renewed(workplace, folder, 'old, new'),
  },
  {
    name: 'a renewed key, new and old certificate',
    by: BY,
    make: (workplace, folder) => renewed(workplace, folder, 'new, old'),
  },
  {
    name: 'two signers of which the keyring has one',
    by: BY,
    make: async (workplace, folder) => {
      const published = await ftparchive(workplace, folder, { signers: [VENDOR, 'A former signer'] })
      return { ...published, keyring: await keyringOf(workplace, folder, VENDOR) }
    },
  },
  {
    name: 'a keyring of several keys',
    by: BY,
    make: async (workplace, folder) => {
      const published = await ftparchive(workplace, folder)
      return { ...published, keyring: await keyringOf(workplace, folder, 'A former signer', VENDOR) }
    },
  },
  {
    name: 'an armored keyring',
    by: BY,
    make: async (workplace, folder) => {
      const published = await ftparchive(workplace, folder)
      return { ...published, keyring: path.join(folder, await workplace.certificate(VENDOR, folder)) }
    },
  },
  {
    name: 'an Ed25519 key',
    by: BY,
    make: async (workplace, folder) => {
      await gpg(workplace, folder, ...MADE, '--quick-generate-key', 'Edwards', 'ed25519', 'sign', 'never')
      return await ftparchive(workplace, folder, { signers: ['Edwards'] })
    },
  },
  {
    name: 'a subkey that signs',
    by: BY,
    make: async (workplace, folder) => {
      const name = 'With a subkey'
      const key = await workplace.key(name)
      await gpg(workplace, folder, ...MADE, '--quick-add-key', key, 'rsa3072', 'sign', 'never')
      return await ftparchive(workplace, folder, { signers: [name] })
    },
  },
]
