import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { createMessage, sign } from 'openpgp'
import { afterEach, expect, it } from 'vitest'
import { deb } from '../making/archive-folder.ts'
import { DAY, newKey } from '../making/signed-archive.ts'
import { removeSites, snapshotSite } from '../making/site.ts'
import { mergeParts, runParts, wholeKey } from './made-parts.ts'

afterEach(removeSites)

it('parts that a machine signed before its key expired are merged, and that is said', async () => {
  const days = (count: number): Date => new Date(Date.now() - count * DAY * 1000)
  const key = await newKey({ name: 'Old', created: days(200), expiresAfter: 190 * DAY })
  const site = await snapshotSite(['one', 'two', 'three'].map((name) => deb(name)))
  const folders = await runParts(site, 2)
  for (const folder of folders) {
    const message = await createMessage({ binary: readFileSync(path.join(folder, 'report.json')) })
    const signed = await sign({ message, signingKeys: key, detached: true, date: days(100) })
    writeFileSync(path.join(folder, 'report.json.asc'), signed)
  }
  site.put({ 'keys/machine.asc': key.toPublic().armor(), 'keys/whole-secret.asc': (await wholeKey()).armor() })
  const { code, err } = await mergeParts(site, folders)
  const fingerprint = key.getFingerprint().toUpperCase()
  expect([
    code,
    err.match(new RegExp(`signed in time by a key that has expired since: ${fingerprint}`, 'g'))?.length,
  ]).toEqual([0, 2])
})
