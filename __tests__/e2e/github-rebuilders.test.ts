import { existsSync } from 'node:fs'
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it, vi } from 'vitest'
import { startResultsService } from '../making/results-service.ts'
import { Gnupg } from './gnupg.ts'
import { onlyFile } from './mirror.ts'
import {
  type BuiltSource,
  buildSource,
  inTotoVerify,
  makeBuildChroot,
  makeSource,
  publishArchive,
  readLink,
  rebuildPolicy,
  scriptSource,
} from './rebuilding.ts'
import { PROJECT, scratchFolder, whenOver } from './running.ts'
import { unpackArtifact } from './workflow/artifacts.ts'
import { runWorkflow } from './workflow/run-workflow.ts'
import { makeProgram, makeRepository } from './workflow/world.ts'

// Three builds, each with a limit of its own.
vi.setConfig({ testTimeout: 1_800_000, hookTimeout: 1_800_000 })

const scratch = scratchFolder()

it('the example for rebuilders builds what nobody vouches for, states what is the same, and fails for what it cannot build', async () => {
  const gnupg = new Gnupg(scratch)
  const chroot = await makeBuildChroot(scratch)
  const built: BuiltSource[] = []
  for (const name of ['debproof-tool', 'debproof-other']) {
    const dsc = await makeSource(scratch, scriptSource(name))
    built.push(await buildSource(chroot, dsc, path.join(scratch, 'built', name)))
  }
  const project = await gnupg.makeKey('Project <project@project.example>')
  const archive = await publishArchive(scratch, gnupg, project, built)
  // Without the record of its build it cannot be built again.
  await rm(onlyFile(path.join(archive.folder, 'pool'), /^debproof-other_.*\.buildinfo$/))
  const folder = path.join(scratch, 'rebuilder')
  await mkdir(folder)
  await copyFile(archive.certificate, path.join(folder, 'project.asc'))
  await writeFile(path.join(folder, 'debproof.yml'), rebuildPolicy({ ...archive, certificate: 'project.asc' }))
  await writeFile(path.join(folder, 'build.packages'), 'debproof-tool\t1.0\ndebproof-other\t1.0\n')
  const rebuilder = await gnupg.makeKey('Alpha <alpha@alpha.example>')
  const secret = path.join(scratch, 'alpha.asc')
  await gnupg.exportSecret(rebuilder, secret)
  const programs = path.join(scratch, 'programs')
  // In the container the job is root; whoever tests may need sudo for the same.
  for (const name of process.getuid?.() === 0 ? [] : ['apt-get', 'usermod']) {
    await makeProgram(programs, name, `#!/bin/sh\nexec sudo -n "$(PATH=/usr/sbin:/usr/bin command -v ${name})" "$@"\n`)
  }
  const service = await startResultsService()
  whenOver(() => service.close())

  const result = await runWorkflow(path.join(PROJECT, 'examples/github/rebuilders.yml'), {
    scratch,
    repository: await makeRepository(scratch, 'rebuilder', folder),
    event: { name: 'workflow_dispatch', ref: 'refs/heads/main' },
    secrets: {},
    environments: { rebuilder: { DEBPROOF_REBUILD_KEY: await readFile(secret, 'utf8') } },
    service,
    programs,
  })

  expect(
    result.of('rebuild').map(({ matrix, result: end }) => [matrix['source'], end]),
    result.log,
  ).toEqual([
    ['debproof-other', 'failure'],
    ['debproof-tool', 'success'],
  ])
  expect(result.of('join').map(({ result: end }) => end)).toEqual(['success'])
  const published = await unpackArtifact(service, 'public', scratch)
  const link = path.join(published, 'sources/debproof-tool/1.0/metadata')
  expect(await inTotoVerify(link, gnupg)).toMatchObject({ code: 0, stdout: 'good\n' })
  expect((await readLink(link)).signatures[0]?.keyid).toBe(rebuilder.toLowerCase())
  expect(existsSync(path.join(published, 'sources/debproof-other'))).toBe(false)
})
