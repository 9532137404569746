import { readFileSync } from 'node:fs'
import path from 'node:path'
import { XMLParser } from 'fast-xml-parser'
import { afterEach, describe, expect, it } from 'vitest'
import { mergeCommand } from '../../src/commands/merge.ts'
import { reportText } from '../../src/report/text.ts'
import { call } from '../commands/cli.ts'
import { deb, projectKey, upstreamKey } from '../making/archive-folder.ts'
import { stanzaOf } from '../making/index-site.ts'
import { suiteFiles } from '../making/served-archive.ts'
import { newKey, once } from '../making/signed-archive.ts'
import { archivePolicy, listText, newSite, policyText, removeSites, runSite, type Site } from '../making/site.ts'

afterEach(removeSites)

const machine = once(() => newKey({ name: 'Machine' }))

/** Names that every object of JavaScript has members of, as far as they are names of packages. */
const INHERITED = ['constructor', 'tostring', 'valueof', 'hasownproperty', 'isprototypeof', 'prototype']
const debs = INHERITED.map((name) => deb(name))
const changed = deb('tostring', { content: 'evil' })
const [first] = debs

/**
 * Archives and rebuilders' names, components, and packages that are named as what objects inherit. `tostring` was
 * changed in the snapshot, `valueof` is in no archive, `hasownproperty` is excused for not being distributed.
 */
async function inheritedSite(): Promise<Site> {
  const site = await newSite()
  const served = debs
    .map((item) => (item.name === 'tostring' ? changed : item))
    .filter(({ name }) => name !== 'valueof')
  const distributed = debs.filter(({ name }) => name !== 'valueof' && name !== 'hasownproperty')
  for (const [folder, key, listed] of [
    ['snapshot', await projectKey(), served],
    ['upstream', await upstreamKey(), distributed],
  ] as const) {
    const index = listed.map((item) => stanzaOf(item)).join('\n')
    const files = await suiteFiles(key, { indexes: { 'constructor/binary-amd64/Packages': index } })
    for (const [name, content] of Object.entries(files)) site.put({ [`${folder}/${name}`]: content })
  }
  const policy = archivePolicy({ name: 'toString' }).replace('[main]', '[constructor]')
  const exceptions = 'exceptions:\n  - {package: hasownproperty, reason: "valueOf __proto__"}\n'
  site.put({
    'debproof.yml': policyText([policy], exceptions),
    'build.packages': listText(debs),
    'keys/machine.asc': (await machine()).toPublic().armor(),
  })
  return site
}

const VERDICTS = {
  constructor: 'identical',
  hasownproperty: 'excepted',
  isprototypeof: 'identical',
  prototype: 'identical',
  tostring: 'mismatch',
  valueof: 'unlisted',
}

describe('packages, components and archives that are named as members of every object', () => {
  it('get their verdicts in every form of the report', async () => {
    const site = await inheritedSite()
    const { predicate, summary, report } = await runSite(site)
    expect(Object.entries(predicate.packages.map(({ name, verdict }) => [name, verdict]))).toHaveLength(6)
    expect(new Map(predicate.packages.map(({ name, verdict }) => [name, verdict]))).toEqual(
      new Map(Object.entries(VERDICTS)),
    )
    expect(predicate.counts).toMatchObject({ total: 6, identical: 3, mismatch: 1, unlisted: 1, excepted: 1 })
    const written = JSON.parse(readFileSync(path.join(site.folder, 'report/report.json'), 'utf8'))
    expect(written.predicate.packages).toEqual(JSON.parse(JSON.stringify(predicate.packages)))
    for (const text of [summary, reportText(report, { limit: 100 })]) {
      expect(text).toMatch(/tostring[^\n]*\n?/)
      expect(text).toContain('valueof')
    }
    const junit = new XMLParser({ ignoreAttributes: false }).parse(
      readFileSync(path.join(site.folder, 'report/junit.xml'), 'utf8'),
    )
    const cases = [junit.testsuites.testsuite].flat().flatMap((suite) => suite.testcase)
    const failed = cases.filter((item) => item.failure !== undefined).map((item) => JSON.stringify(item))
    expect(failed.filter((item) => /tostring|valueof/.test(item))).toHaveLength(2)
    expect(failed.filter((item) => /constructor 1|isprototypeof|hasownproperty/.test(item))).toEqual([])
  })

  it('get the same verdicts when parts are merged', async () => {
    const site = await inheritedSite()
    const signing = { armored: (await machine()).armor(), source: 'a test' }
    const parts = ['1', '2', '3'].map((index) => path.join(site.folder, `part${index}`))
    for (const [index, output] of parts.entries()) {
      await runSite(site, { shard: { index: index + 1, of: 3, plan: 'made' }, signing, output })
    }
    const merged = path.join(site.folder, 'merged')
    const words = [
      ...parts,
      '--signed-by',
      path.join(site.folder, 'keys/machine.asc'),
      '--output',
      merged,
      '--unsigned',
    ]
    expect(await call(mergeCommand, words)).toMatchObject({ code: 1 })
    const { predicate } = JSON.parse(readFileSync(path.join(merged, 'report.json'), 'utf8'))
    const verdicts = predicate.packages.map(({ name, verdict }: { name: string; verdict: string }) => [name, verdict])
    expect(new Map(verdicts)).toEqual(new Map(Object.entries(VERDICTS)))
  })

  it.each(['__proto__', 'constructor'])('cannot be lost: %s is refused as the name of an archive', async (name) => {
    const site = await inheritedSite()
    site.put({ 'debproof.yml': policyText([archivePolicy({ name: 'debian' }), archivePolicy({ name })]) })
    await expect(runSite(site)).rejects.toMatchObject({ code: 'POLICY' })
  })

  it.each(['__proto__', 'constructor', 'toString'])('are no keys of a policy: %s', async (name) => {
    const site = await inheritedSite()
    site.put({ 'debproof.yml': policyText([archivePolicy({ more: `${name}: { require: identical }` })]) })
    await expect(runSite(site)).rejects.toMatchObject({ code: 'POLICY' })
    site.put({ 'debproof.yml': policyText([archivePolicy()], `${name}: {}\n`) })
    await expect(runSite(site)).rejects.toMatchObject({ code: 'POLICY' })
  })

  it.each(['__proto__', '_', 'to String'])('are no packages where Debian has no such name: %s', async (name) => {
    const site = await inheritedSite()
    site.put({ 'build.packages': `${listText(debs)}${name}\t1.0-1\n` })
    await expect(runSite(site)).rejects.toMatchObject({ code: 'PACKAGE_LIST' })
  })

  it.each(['__proto__', 'constructor', 'toString'])(
    'are members of a build manifest like any other: %s',
    async (name) => {
      const site = await inheritedSite()
      const wanted = `  binary:\n  - package: ${first?.name}\n    version: 1.0-1\n    ${name}: {binary: []}\n`
      site.put({ 'build.packages': `${name}: {packages: {}}\npackages:\n${wanted}  ${name}: []\n` })
      const result = await runSite(site).catch((error: unknown) => error)
      // Read for what it says, or refused: never read for less.
      if (result instanceof Error) expect(result).toMatchObject({ code: 'PACKAGE_LIST' })
      else expect(result).toMatchObject({ predicate: { verdict: 'pass', counts: { total: 1, identical: 1 } } })
    },
  )
})
