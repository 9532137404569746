import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readUnproven } from '../../src/rebuild/unproven.ts'
import { verdictOf } from '../making/signed-archive.ts'
import { madeArchive, madeReport, reported } from '../report/made-report.ts'
import { newFolder, removeProjects } from './made-project.ts'

afterAll(removeProjects)

function reportFile(content: unknown): string {
  const file = path.join(newFolder(), 'report.json')
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

const ARCHIVES = [madeArchive(), madeArchive({ name: 'project', require: 'reproduced' })]

describe('a report', () => {
  test('asks for what is unproven in archives whose packages must be reproduced, and for nothing else', async () => {
    const packages = [
      reported({ name: 'mine', archive: 'project', verdict: 'unproven', version: '1:2.0', architecture: 'all' }),
      reported({ name: 'done', archive: 'project', verdict: 'reproduced' }),
      reported({ name: 'theirs', archive: 'debian', verdict: 'unproven' }),
      reported({ name: 'nowhere', archive: null, verdict: 'unlisted' }),
    ]
    expect(await readUnproven(reportFile(madeReport(packages, { archives: ARCHIVES })))).toEqual([
      {
        text: 'mine=1:2.0',
        name: 'mine',
        version: '1:2.0',
        sourceOnly: false,
        architecture: 'all',
        sha256: 'a'.repeat(64),
        archive: 'project',
      },
    ])
  })

  test('asks for what is undecided too: a place that does not answer yet leaves it so', async () => {
    const packages = [
      reported({ name: 'mine', archive: 'project', verdict: 'undecided' }),
      reported({ name: 'theirs', archive: 'debian', verdict: 'undecided' }),
      reported({ name: 'wrong', archive: 'project', verdict: 'mismatch' }),
    ]
    const wishes = await readUnproven(reportFile(madeReport(packages, { archives: ARCHIVES })))
    expect(wishes.map(({ name }) => name)).toEqual(['mine'])
  })

  test('of a source package asks for that', async () => {
    const source = reported({
      name: 'mine',
      kind: 'source',
      archive: 'project',
      verdict: 'unproven',
      architecture: 'source',
    })
    const [wish] = await readUnproven(reportFile(madeReport([source], { archives: ARCHIVES })))
    expect(wish).toMatchObject({ text: 'src:mine=1.0-1', sourceOnly: true })
    expect(wish).not.toHaveProperty('architecture')
  })

  test.each([
    ['no JSON', 'hello'],
    ['another JSON', { packages: [] }],
    [
      'a name that is none',
      madeReport([reported({ name: '../x', archive: 'project', verdict: 'unproven' })], { archives: ARCHIVES }),
    ],
  ])('that is %s is refused', async (_, content) => {
    expect(await verdictOf(() => readUnproven(reportFile(content)))).toBe('USAGE')
  })

  test('must be there', async () => {
    expect(await verdictOf(() => readUnproven('/nonexistent/report.json'))).toBe('USAGE')
  })
})
