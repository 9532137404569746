import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, watch } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { OutputFolder } from '../../src/report/output-folder.ts'
import { deb } from '../making/archive-folder.ts'
import { newKey } from '../making/signed-archive.ts'
import { newSite, removeSites, runSite, snapshotSite } from '../making/site.ts'

afterEach(removeSites)

const REPORT = ['evidence', 'junit.xml', 'recheck.sh', 'report.json', 'report.json.asc', 'summary.md', 'verdict.env']

/** The beginnings by which an earlier report is known. */
const EARLIER: Readonly<Record<string, string>> = {
  'report/report.json': '{\n "_type": "https://in-toto.io/Statement/v1",\n',
  'report/report.json.asc': 'earlier',
  'report/summary.md': '# debproof: pass\n',
  'report/junit.xml': '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="debproof" tests="0">',
  'report/verdict.env': 'DEBPROOF_VERDICT=pass\n',
}

describe('the output folder', () => {
  it('is made with its parents, and holds the report and nothing else', async () => {
    const site = await snapshotSite([deb('hello')])
    const output = path.join(site.folder, 'a/b/report')
    const signing = { armored: (await newKey()).armor(), source: 'a test' }
    const { report, summary } = await runSite(site, { output, signing })
    expect(readdirSync(output).sort()).toEqual(REPORT)
    expect(JSON.parse(readFileSync(path.join(output, 'report.json'), 'utf8'))).toEqual(report)
    expect(readFileSync(path.join(output, 'summary.md'), 'utf8')).toBe(summary)
  })

  it('gets the report after its signature, and the verdict last: at no moment is there one that nobody signed', async () => {
    const site = await snapshotSite([deb('hello')])
    const output = path.join(site.folder, 'report')
    mkdirSync(output)
    const names: string[] = []
    const watcher = watch(output, (_, name) => names.push(name ?? ''))
    const signing = { armored: (await newKey()).armor(), source: 'a test' }
    await runSite(site, { signing })
    await expect.poll(() => names.includes('verdict.env')).toBe(true)
    watcher.close()
    const order = [...new Set(names)].filter((name) => REPORT.includes(name) && name !== 'evidence')
    expect(order).toEqual(['recheck.sh', 'report.json.asc', 'summary.md', 'junit.xml', 'report.json', 'verdict.env'])
  })

  it('is rid of what a killed run was writing', async () => {
    const site = await snapshotSite([deb('hello')])
    const parts = ['report.json.asc', '.writable', 'recheck.sh'].map((name) => `report/.${name}.0123456789abcdef.part`)
    site.put(Object.fromEntries(parts.map((name) => [name, 'half'])))
    site.put({ 'report/.mine.part': 'mine' })
    await runSite(site)
    const names = readdirSync(path.join(site.folder, 'report'))
    expect(names.filter((name) => name.startsWith('.'))).toEqual(['.mine.part'])
  })

  it('keeps what is in it besides, and has no signature of an earlier report', async () => {
    const site = await snapshotSite([deb('hello')])
    site.put({ 'report/notes.txt': 'mine', ...EARLIER })
    await runSite(site)
    expect(readdirSync(path.join(site.folder, 'report')).sort()).toEqual([
      'evidence',
      'junit.xml',
      'notes.txt',
      'recheck.sh',
      'report.json',
      'summary.md',
      'verdict.env',
    ])
    expect(readFileSync(path.join(site.folder, 'report/notes.txt'), 'utf8')).toBe('mine')
  })

  it.each(['report.json', 'summary.md', 'junit.xml', 'verdict.env'])(
    'does not replace a %s that somebody else wrote',
    async (name) => {
      const site = await snapshotSite([deb('hello')])
      site.put({ 'report/verdict.env': 'DEBPROOF_VERDICT=pass\n', [`report/${name}`]: 'mine' })
      await expect(runSite(site)).rejects.toMatchObject({ code: 'OUTPUT' })
      expect(readFileSync(path.join(site.folder, 'report', name), 'utf8')).toBe('mine')
      // And nothing beside it says what an earlier run came to.
      expect(readdirSync(path.join(site.folder, 'report'))).toEqual([name])
    },
  )

  it('has no report after a run that could not be made, nor parts of one', async () => {
    const site = await snapshotSite([deb('hello')])
    site.put({
      'debproof.yml': 'version: 2\n',
      ...EARLIER,
    })
    await expect(runSite(site)).rejects.toMatchObject({ code: 'POLICY' })
    expect(readdirSync(path.join(site.folder, 'report'))).toEqual([])
  })

  it('has no earlier verdict either where the signing key is wrong, for a run that failed says none', async () => {
    const site = await snapshotSite([deb('hello')])
    site.put(EARLIER)
    await expect(runSite(site, { signing: { armored: 'no key', source: 'a test' } })).rejects.toMatchObject({
      code: 'KEY',
    })
    await expect(
      runSite(site, { unsigned: 'pull-request', signing: { armored: 'no key', source: 'a test' } }),
    ).rejects.toMatchObject({ code: 'KEY' })
    expect(readdirSync(path.join(site.folder, 'report'))).toEqual([])
  })

  it('has no part of a report that could not be written whole, and no verdict', async () => {
    const folder = path.join((await newSite()).folder, 'out')
    const output = await OutputFolder.prepare(folder)
    // A folder in the place of the last file that is written.
    mkdirSync(path.join(folder, 'verdict.env/x'), { recursive: true })
    const files = {
      report: Buffer.from('{}'),
      signature: 's',
      summary: 's',
      junit: 'j',
      variables: 'DEBPROOF_VERDICT=pass',
    }
    await expect(output.write(files)).rejects.toMatchObject({ code: 'OUTPUT' })
    output.release()
    expect(readdirSync(folder).filter((name) => name !== 'verdict.env')).toEqual([])
  })

  it('is not written through a link that somebody put there', async () => {
    const site = await snapshotSite([deb('hello')])
    site.put({ victim: 'mine' })
    mkdirSync(path.join(site.folder, 'report'))
    for (const name of ['summary.md', 'verdict.env']) {
      symlinkSync(path.join(site.folder, 'victim'), path.join(site.folder, `report/.${name}.${process.pid}.part`))
    }
    await runSite(site)
    expect(readFileSync(path.join(site.folder, 'victim'), 'utf8')).toBe('mine')
    expect(lstatSync(path.join(site.folder, 'report/verdict.env')).isFile()).toBe(true)
  })

  it.each([
    ['is a file', 'keys/upstream.asc'],
    ['is below a file', 'keys/upstream.asc/report'],
    ['is in a folder that nobody can write', '../../../proc/report'],
  ])('that %s is told, before any work is done', async (_, below) => {
    const site = await newSite()
    const output = path.join(site.folder, below)
    await expect(runSite(site, { output, policy: 'is not looked for' })).rejects.toMatchObject({
      code: 'OUTPUT',
      message: expect.stringContaining('cannot be written; name another with --output'),
    })
  })

  it('with a folder where the report should be is told', async () => {
    const site = await newSite()
    site.put({ 'out/report.json/file': '' })
    await expect(OutputFolder.prepare(path.join(site.folder, 'out'))).rejects.toMatchObject({ code: 'OUTPUT' })
    expect(existsSync(path.join(site.folder, 'out/report.json/file'))).toBe(true)
  })

  it('that vanishes while a run is under way is told, and no part is left', async () => {
    const site = await newSite()
    const folder = path.join(site.folder, 'out')
    const output = await OutputFolder.prepare(folder)
    site.put({ 'out/report.json/file': '' })
    await expect(
      output.write({ report: Buffer.from('{}'), summary: '', junit: '', variables: '' }),
    ).rejects.toMatchObject({ code: 'OUTPUT' })
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([])
  })
})
