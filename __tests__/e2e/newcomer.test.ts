import { existsSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { gpgVerify } from './gnupg.ts'
import { countsOf, PROJECT, readReport, run, scratchFolder, succeed } from './running.ts'

describe('a newcomer with nothing but Node', () => {
  const scratch = scratchFolder()

  it('clones the repository, runs `npm start`, and has a passing report that gpg accepts', async () => {
    const home = path.join(scratch, 'home')
    const clone = path.join(scratch, 'debproof')
    await mkdir(home)
    // A checkout of a CI may belong to somebody else than who runs the tests, which git refuses to read.
    await writeFile(path.join(home, '.gitconfig'), '[safe]\n\tdirectory = *\n')
    const env = { PATH: `${folderOfNpm()}:/usr/bin:/bin`, HOME: home, LC_ALL: 'C.UTF-8' }
    await succeed('git', ['clone', '--quiet', pathToFileURL(PROJECT).href, clone], { env })
    expect(existsSync(path.join(clone, 'node_modules'))).toBe(false)

    const { code, stdout, stderr } = await run('npm', ['start'], { cwd: clone, env })
    expect({ code, stdout, stderr }).toMatchObject({ code: 0, stdout: expect.stringContaining('PASS: ') })
    expect(existsSync(path.join(clone, 'node_modules'))).toBe(false)

    const output = path.join(clone, 'debproof-report')
    expect(await readdir(output)).toEqual(expect.arrayContaining(['report.json', 'report.json.asc', 'summary.md']))
    const report = await readReport(output)
    expect(report.predicate.verdict).toBe('pass')
    expect(countsOf(report)).toEqual({ total: 7, identical: 6, reproduced: 1 })

    const certificate = path.join(clone, 'examples/release/keys/report.asc')
    const [signature, signed] = ['report.json.asc', 'report.json'].map((name) => path.join(output, name))
    const verified = await gpgVerify(scratch, certificate, signature ?? '', signed ?? '')
    expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining('[GNUPG:] VALIDSIG ') })
    expect(await succeed('git', ['status', '--porcelain'], { cwd: clone, env })).toBe('')
  })
})

/** The system's own, not what npm puts before it for this project's scripts. */
function folderOfNpm(): string {
  const folders = (process.env['PATH'] ?? '').split(':').filter((folder) => !folder.includes('node_modules'))
  const folder = folders.find((candidate) => ['node', 'npm'].every((name) => existsSync(path.join(candidate, name))))
  if (folder === undefined) throw new Error('There is no folder with node and npm on the PATH.')
  return folder
}
