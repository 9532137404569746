import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { reportText } from '../src/report/text.ts'
import { deb, projectKey } from './making/archive-folder.ts'
import {
  archivePolicy,
  policyText,
  removeSites,
  runSite,
  type Site,
  type SiteRun,
  snapshotSite,
} from './making/site.ts'

afterEach(removeSites)

const HELLO = deb('hello')
const CHANGED = deb('hello', { content: 'changed by somebody' })
const OTHERS = Array.from({ length: 9 }, (_, index) => deb(`p${index}`))

/** Ten packages, of which one is not what the upstream signed, and a policy with these exceptions. */
async function changedSite(exception: string, archives = [archivePolicy()]): Promise<Site> {
  const site = await snapshotSite([CHANGED, ...OTHERS], [HELLO, ...OTHERS])
  site.put({ 'debproof.yml': policyText(archives, `exceptions:\n  - {package: hello, ${exception}}\n`) })
  return site
}

const shown = ({ report }: SiteRun): string => reportText(report, { limit: 20 })

describe('an exception with the reason "we know it"', () => {
  it('does not excuse a mismatch, and the report says what it would have to say', async () => {
    const found = await runSite(await changedSite('reason: we know it'))
    expect(found.of('hello').verdict).toBe('mismatch')
    expect(found.predicate.exceptions[0]).toMatchObject({ status: 'unused', unexcused: ['mismatch'] })
    for (const text of [shown(found), found.summary]) expect(text).toContain('does not excuse a mismatch')
  })

  it.each([
    ['the version', 'version: 1.0-1, '],
    ['the file', `sha256: ${CHANGED.sha256}, `],
  ])('excuses one where it says so and names %s, and is seen wherever the verdict is', async (_, names) => {
    const exception = `${names}verdict: mismatch, reason: we know it, until: 2026-06-02`
    const site = await changedSite(exception.replace('version: 1.0-1', 'version: "1.0-1"'))
    const found = await runSite(site)
    const text = shown(found)
    expect(text.split('\n')[0]).toBe('PASS: 9 packages proven (9 identical), 1 excepted by the policy.')
    expect(found.of('hello').excepted).toEqual({ verdict: 'mismatch', reason: 'we know it', until: '2026-06-02' })
    const junit = readFileSync(path.join(site.folder, 'report/junit.xml'), 'utf8')
    for (const form of [text, found.summary, junit]) {
      for (const word of ['hello', 'mismatch, until 2026-06-02', 'we know it', HELLO.sha256])
        expect(form).toContain(word)
    }
    expect(junit).toContain('failures="0" errors="0" skipped="1"')
  })

  it('excuses no other file than it names', async () => {
    const site = await changedSite(`sha256: ${HELLO.sha256}, verdict: mismatch, reason: we know it`)
    expect((await runSite(site)).of('hello').verdict).toBe('mismatch')
  })

  it('excuses the file that it names only where nothing else may have been used in its place', async () => {
    const site = await changedSite(`sha256: ${CHANGED.sha256}, verdict: mismatch, reason: we know it`)
    for (const further of [
      deb('hello', { content: 'and by somebody else' }),
      deb('hello', { version: '2.0-1', content: 'which calls itself 1.0-1' }),
    ]) {
      await site.archive('snapshot', { key: await projectKey(), debs: [CHANGED, further, ...OTHERS] })
      expect((await runSite(site)).of('hello').verdict).toBe('mismatch')
    }
  })
})

describe('an exception for what could not be found out', () => {
  const away = [archivePolicy({ upstream: 'file:away' })]

  it('has to say so: a mismatch whose upstream is kept away is not excused as what has no proof', async () => {
    const site = await changedSite('reason: nobody builds it', away)
    const found = await runSite(site)
    expect(found.of('hello').verdict).toBe('undecided')
    expect(found.predicate.exceptions[0]?.unexcused).toEqual(['undecided'])
  })

  it('excuses it where it does', async () => {
    const site = await changedSite('reason: nobody builds it, version: "1.0-1", verdict: undecided', away)
    expect((await runSite(site)).of('hello')).toMatchObject({ verdict: 'excepted', excepted: { verdict: 'undecided' } })
  })
})

describe('an exception for what comes from an archive that must be absent', () => {
  const nightly = [archivePolicy({ require: 'absent', upstream: null })]

  it.each([
    ['version: "1.0-1", verdict: forbidden, ', 'excepted'],
    ['version: "1.0-1", ', 'forbidden'],
    ['', 'forbidden'],
  ] as const)('with `%s` leaves it %s', async (says, verdict) => {
    const site = await changedSite(`${says}reason: for this once`, nightly)
    expect((await runSite(site)).of('hello').verdict).toBe(verdict)
  })
})

describe('an exception for what is compiled during the build (archive: none)', () => {
  const policy = policyText(
    [archivePolicy()],
    'exceptions:\n  - { package: libown, archive: none, reason: compiled during the build }\n',
  )

  it('does not excuse a package that an archive lists in another version, which may have been installed instead', async () => {
    const lie = deb('libown', { version: '9.0', content: 'calls itself 1.4' })
    const site = await snapshotSite([HELLO, lie], [HELLO], [HELLO, deb('libown', { version: '1.4' })])
    site.put({ 'debproof.yml': policy })
    const { of, predicate } = await runSite(site)
    expect(of('libown')).toMatchObject({ verdict: 'unlisted', reason: expect.stringContaining('debian lists under') })
    expect(predicate.verdict).toBe('fail')
  })

  it('excuses it where the other version that is listed is what the upstream signed', async () => {
    const own = deb('libown', { version: '1.0' })
    const site = await snapshotSite([HELLO, own], [HELLO, own], [HELLO, deb('libown', { version: '1.4' })])
    site.put({ 'debproof.yml': policy })
    expect((await runSite(site)).of('libown').verdict).toBe('excepted')
  })
})
