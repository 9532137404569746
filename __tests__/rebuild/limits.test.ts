import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { parsePackageName, parseSha256, parseVersion } from '../../src/archive/identity.ts'
import {
  DIFFOSCOPE_TIMEOUT,
  KILL_GRACE,
  MAX_BUILD_DEPENDENCIES,
  MAX_BUILDINFO,
  MAX_DSC,
  MAX_LOG_TAIL,
  MAX_PACKAGE_FILE,
  MAX_REPORT,
  MAX_SOURCES_FILE,
  MAX_TOOL_COMPLAINT,
  TOOL_PROBE_TIMEOUT,
} from '../../src/limits.ts'
import { readBuildSources } from '../../src/rebuild/build-sources.ts'
import { runChild } from '../../src/rebuild/child.ts'
import { explainDifference } from '../../src/rebuild/explain-difference.ts'
import { tailOfLog } from '../../src/rebuild/log-tail.ts'
import { readBuildinfoFile } from '../../src/rebuild/original-build.ts'
import { refuseUnsafeBuildinfo } from '../../src/rebuild/safe-buildinfo.ts'
import { fetchPoolFile, readSourceDescription } from '../../src/rebuild/source-files.ts'
import { findTools } from '../../src/rebuild/tools.ts'
import { readUnproven } from '../../src/rebuild/unproven.ts'
import { failure } from '../making/failure.ts'
import { closeAll, downloads, serveFiles } from '../making/loopback-server.ts'
import { sha256Hex } from '../making/signed-archive.ts'
import { madeReport } from '../report/made-report.ts'
import { buildinfoText, newFolder, removeProjects } from './made-project.ts'

// The code is what it is; only the numbers are smaller: a test does not wait for minutes, nor write gigabytes.
vi.mock('../../src/limits.ts', async (original) => ({
  ...(await original<object>()),
  KILL_GRACE: 300,
  TOOL_PROBE_TIMEOUT: 1500,
  DIFFOSCOPE_TIMEOUT: 1000,
  MAX_PACKAGE_FILE: 2000,
  MAX_REPORT: 20_000,
}))

afterAll(async () => {
  await closeAll()
  removeProjects()
})

function put(content: string | Uint8Array, mode = 0o644): string {
  const file = path.join(newFolder(), 'file')
  writeFileSync(file, content, { mode })
  return file
}

describe('what a rebuild is given', () => {
  test('is a report up to the limit', async () => {
    const report = JSON.stringify(madeReport([]))
    expect(await failure(() => readUnproven(put(report.padEnd(MAX_REPORT))))).toBe('accepted')
    expect(await failure(() => readUnproven(put(report.padEnd(MAX_REPORT + 1))))).toMatch(
      /file is larger than the 20000 bytes that a report may have/,
    )
  })

  test('is a .buildinfo up to the limit', async () => {
    expect((await readBuildinfoFile(put(Buffer.alloc(MAX_BUILDINFO)))).bytes).toHaveLength(MAX_BUILDINFO)
    expect(await failure(() => readBuildinfoFile(put(Buffer.alloc(MAX_BUILDINFO + 1))))).toMatch(
      /file is larger than 4194304 bytes/,
    )
  })

  test('are apt sources up to the limit', async () => {
    const sources = 'deb http://h/d s main\n#'
    expect(await failure(() => readBuildSources(put(sources.padEnd(MAX_SOURCES_FILE, 'x'))))).toBe('accepted')
    expect(await failure(() => readBuildSources(put(sources.padEnd(MAX_SOURCES_FILE + 1, 'x'))))).toMatch(
      /file is larger than the 1048576 bytes that apt sources may have/,
    )
    expect(await failure(() => readBuildSources('/dev/zero'))).toMatch(/\/dev\/zero cannot be read: it is a device/)
  })
})

describe('what an archive gives', () => {
  const fileOf = (content: string) => {
    const sha256 = parseSha256(sha256Hex(content))
    if (sha256 === undefined) throw new Error('no hash')
    return { path: 'pool/file', size: content.length, sha256 }
  }

  test('is a .dsc up to the limit', async () => {
    const [name, version] = [parsePackageName('hello'), parseVersion('1')]
    if (name === undefined || version === undefined) throw new Error('no name')
    const read = async (size: number): Promise<string> => {
      const dsc = 'Binary: hello\nX: '.padEnd(size, 'x')
      const { base } = await serveFiles({ 'pool/file': dsc })
      const file = fileOf(dsc)
      return await failure(() =>
        readSourceDescription(downloads(), base, { kind: 'source', name, version, file, files: [file] }),
      )
    }
    expect(await read(MAX_DSC)).toBe('accepted')
    expect(await read(MAX_DSC + 1)).toMatch(/pool\/file is larger than 4194304 bytes/)
  })

  test('is a package file up to the limit', async () => {
    const fetch = async (size: number): Promise<string> => {
      const content = 'x'.repeat(size)
      const { base } = await serveFiles({ 'pool/file': content })
      return await failure(() => fetchPoolFile(downloads(), base, fileOf(content), path.join(newFolder(), 'file')))
    }
    expect(await fetch(MAX_PACKAGE_FILE)).toBe('accepted')
    expect(await fetch(MAX_PACKAGE_FILE + 1)).toMatch(/pool\/file is larger than 2000 bytes/)
  })

  test('is a .buildinfo with so many build dependencies', async () => {
    const read = async (count: number): Promise<string> => {
      const lines = Array.from({ length: count }, (_, index) => `\n p${index} (= 1)${index < count - 1 ? ',' : ''}`)
      const text = buildinfoText('hello', '1.0', [{ name: 'hello' }], { 'Installed-Build-Depends': lines.join('') })
      return await failure(() => refuseUnsafeBuildinfo(text, 'x.buildinfo'))
    }
    expect(await read(MAX_BUILD_DEPENDENCIES)).toBe('accepted')
    expect(await read(MAX_BUILD_DEPENDENCIES + 1)).toMatch(/x\.buildinfo lists more than 20000 build dependencies/)
  })
})

describe('a build', () => {
  test('that does not end when it is asked to is killed after a grace', async () => {
    const folder = newFolder()
    const run = async (script: string): Promise<number> => {
      const started = performance.now()
      const options = { cwd: folder, env: { PATH: '/usr/bin:/bin' }, timeout: 200, log: path.join(folder, 'log') }
      expect(await runChild('sh', ['-c', script], options)).toEqual({ kind: 'timeout' })
      return performance.now() - started
    }
    expect(await run('trap "exit 0" TERM; while :; do sleep 0.05; done')).toBeLessThan(200 + KILL_GRACE)
    const stubborn = await run('trap "" TERM; while :; do sleep 0.05; done')
    expect(stubborn).toBeGreaterThan(200 + KILL_GRACE - 20)
    expect(stubborn).toBeLessThan(10_000)
  })

  test('may print more than there is memory: the last lines are told all the same', async () => {
    const log = put('')
    truncateSync(log, 1024 ** 3)
    writeFileSync(log, `\n${'x'.repeat(600)}\nthe last line\n\n`, { flag: 'a' })
    expect(await tailOfLog(log)).toEqual([expect.any(String), `| ${'x'.repeat(500)}`, '| the last line'])
  })

  test('has its last lines looked for in so much of its log', async () => {
    const lines = (text: string, size: number): string => `${text}\n${'x'.repeat(size - text.length - 1)}`
    expect(await tailOfLog(put(lines('first', MAX_LOG_TAIL)))).toContain('| first')
    expect(await tailOfLog(put(lines('first', MAX_LOG_TAIL + 6)))).not.toContain('| first')
    const many = Array.from({ length: 12 }, (_, index) => `line ${index}`).join('\n')
    expect(await tailOfLog(put(many))).toEqual(
      many
        .split('\n')
        .slice(2)
        .map((line) => `| ${line}`),
    )
  })
})

describe('a tool', () => {
  const tools = (script: string): { bin: string; ids: string[] } => {
    const folder = newFolder()
    const bin = path.join(folder, 'bin')
    mkdirSync(bin)
    for (const name of ['debrebuild', 'sbuild', 'mmdebstrap', 'newuidmap', 'awk']) {
      writeFileSync(path.join(bin, name), `#!/bin/sh\n${name === 'debrebuild' ? script : 'exit 0'}\n`, { mode: 0o755 })
    }
    for (const name of ['sh', 'sleep', 'head', 'tr']) symlinkSync(path.join('/bin', name), path.join(bin, name))
    const ids = [path.join(folder, 'subuid')]
    writeFileSync(ids[0] ?? '', `${userInfo().username}:100000:65536\n`)
    return { bin, ids }
  }

  test('that does not print its help in time does not work', async () => {
    const slow = tools('exec sleep 60')
    const started = performance.now()
    expect(await failure(() => findTools(slow.bin, slow.ids))).toMatch(/debrebuild/)
    expect(performance.now() - started).toBeGreaterThan(TOOL_PROBE_TIMEOUT - 100)
    expect(performance.now() - started).toBeLessThan(20_000)
    const fine = tools('sleep 0.1')
    expect(await failure(() => findTools(fine.bin, fine.ids))).toBe('accepted')
  })

  test('that complains without end is heard to the limit', async () => {
    const endless = tools('head -c 50000000 /dev/zero | tr "\\\\0" x >&2; exit 1')
    const told = await failure(() => findTools(endless.bin, endless.ids))
    expect(told).toMatch(/x{100}/)
    // A chunk of a pipe has 64 kB.
    expect(told.length).toBeLessThan(MAX_TOOL_COMPLAINT + 70_000)
  })

  test('diffoscope is given up at its limit', async () => {
    const folder = newFolder()
    const diffoscope = put('#!/bin/sh\nif [ -e "$5.slow" ]; then sleep 60; fi\nexit 1\n', 0o755)
    const rebuilt = path.join(folder, 'a.deb')
    const explain = async (): Promise<string | undefined> =>
      await explainDifference(diffoscope, 'original', rebuilt, {
        env: { PATH: '/usr/bin:/bin' },
        log: path.join(folder, 'log'),
      })
    expect(await explain()).toBe(`${rebuilt}.diffoscope.txt`)
    writeFileSync(`${rebuilt}.slow`, '')
    const started = performance.now()
    expect(await explain()).toBeUndefined()
    expect(performance.now() - started).toBeGreaterThan(DIFFOSCOPE_TIMEOUT - 50)
    expect(performance.now() - started).toBeLessThan(15_000)
  })
})
