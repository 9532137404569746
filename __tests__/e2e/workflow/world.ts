import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { ResultsService } from '../../making/results-service.ts'
import { succeed } from '../running.ts'

/** What starts a workflow. */
export interface Event {
  readonly name: 'pull_request' | 'push' | 'schedule' | 'workflow_dispatch'
  readonly ref: string
  readonly payload?: object
  readonly inputs?: Readonly<Record<string, string>>
  /** Of a pull request from a fork: GitHub gives no secrets then, and a token that can only read. */
  readonly fromFork?: boolean
}

/** What is around a workflow that is run in a test. */
export interface World {
  /** A folder for the workspaces of jobs. */
  readonly scratch: string
  /** The repository that the workflow is in, bare. */
  readonly repository: string
  readonly event: Event
  readonly secrets: Readonly<Record<string, string>>
  /** The secrets of environments. */
  readonly environments: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly service: ResultsService
  /** Where GitHub's GraphQL API is. */
  readonly graphql?: string
  /** Programs that stand for those of GitHub's machines: before all others on the PATH. */
  readonly programs?: string
  /** Inputs of the action that are given otherwise than the workflow does. */
  readonly overridden?: Readonly<Record<string, string>>
}

export const TOKEN = 'made-github-token'

/** A bare repository with these files as the one commit of its branch main. */
export async function makeRepository(scratch: string, name: string, folder: string): Promise<string> {
  const bare = path.join(scratch, `${name}.git`)
  const git = gitIn(folder, scratch)
  await git('init', '--quiet', '--initial-branch=main')
  await git('add', '--all')
  await git('commit', '--quiet', '--message', 'The example')
  await git('clone', '--quiet', '--bare', folder, bare)
  return bare
}

/** Git as whoever tests, and not as this machine's user has it. */
export function gitIn(folder: string, scratch: string): (...words: string[]) => Promise<string> {
  const env = gitEnvironment(scratch)
  return async (...words) => await succeed('git', words, { cwd: folder, env })
}

export function gitEnvironment(home: string): Record<string, string> {
  const who = ['AUTHOR', 'COMMITTER'].flatMap((role) => [
    [`GIT_${role}_NAME`, 'Tester'],
    [`GIT_${role}_EMAIL`, 'tester@project.example'],
  ])
  return { ...Object.fromEntries(who), PATH: process.env['PATH'] ?? '', HOME: home, LC_ALL: 'C.UTF-8' }
}

/** A program for `World.programs`. */
export async function makeProgram(folder: string, name: string, script: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(path.join(folder, name), script, { mode: 0o755 })
}
