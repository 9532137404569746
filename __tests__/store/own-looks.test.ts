import { afterEach, expect, it } from 'vitest'
import { ownLooks } from '../../src/store/own-looks.ts'
import { StoreReader } from '../../src/store/store-reader.ts'
import { deb } from '../making/archive-folder.ts'
import { closeAll, downloads } from '../making/loopback-server.ts'
import { movingArchive, record, storeOf } from '../making/recorded.ts'
import { ago, DAY } from '../making/signed-archive.ts'
import { newSite, removeSites } from '../making/site.ts'

afterEach(async () => {
  removeSites()
  await closeAll()
})

it('as many looks at an archive as a store may hold are taken, and the first of them names it', async () => {
  const [site, archive] = [await newSite(), await movingArchive()]
  await archive.show({ debs: [deb('hello')], date: ago(2 * DAY) })
  await record(site, archive, ago(DAY))
  const store = new StoreReader(storeOf(site), downloads())
  const [name] = await store.names('made')
  if (name === undefined) throw new Error('nothing was recorded')
  const names = Array.from({ length: 500_000 }, () => name)
  const { looks, firsts, failures } = await ownLooks(store, 'made', names, () => true)
  expect([looks.length, firsts.get(name.archive)?.origin, failures]).toEqual([500_000, 'Made', []])
})
