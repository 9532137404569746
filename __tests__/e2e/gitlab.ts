import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { commitAll, type GitLabServer, publish, serveGitLab } from './gitlab-server.ts'
import { cleanEnvironment, type Finished, PROJECT, run, succeed } from './running.ts'

/** Of gitlab-ci-local, which runs pipelines on this machine; it leaves its own files in this folder of a project. */
const STATE = '.gitlab-ci-local'
/** What of this repository is published: all that a job runs, and what includes it. */
const PUBLISHED = ['dist', 'keyrings', 'recheck', 'schemas', 'templates', 'examples', 'package.json', '.gitlab-ci.yml']
/** One pipeline of several jobs, each of some seconds. Milliseconds. */
const TIMEOUT = 180_000

/** An instance of GitLab's stand-in that has debproof. */
export interface Instance {
  readonly server: GitLabServer
  /** The path of the project that holds debproof. */
  readonly project: string
  /** Its commit, and the tag of it, which is the version that the examples include. */
  readonly sha: string
  readonly version: string
  /** A working tree of it. */
  readonly folder: string
}

/** Publishes what this working tree has as the project debproof/debproof of an instance of its own. */
export async function makeInstance(scratch: string): Promise<Instance> {
  const [repositories, folder] = [path.join(scratch, 'repositories'), path.join(scratch, 'debproof')]
  for (const name of PUBLISHED) await cp(path.join(PROJECT, name), path.join(folder, name), { recursive: true })
  const manifest: { version: string } = JSON.parse(await readFile(path.join(PROJECT, 'package.json'), 'utf8'))
  const project = 'debproof/debproof'
  const sha = await publish(folder, repositories, project, manifest.version)
  return { server: await serveGitLab(repositories), project, sha, version: manifest.version, folder }
}

export interface PipelineOptions {
  /** Those of this pipeline, beside those that a pipeline for a branch has. */
  readonly variables?: Readonly<Record<string, string>>
  /** Variables of the project, of type file, by their content: child pipelines have them too. */
  readonly fileVariables?: Readonly<Record<string, string>>
  /** PATH in every job; by default that of these tests. */
  readonly search?: string
  /** The jobs to run; by default all whose rules say so. */
  readonly jobs?: readonly string[]
}

/** What a merge request's pipeline has. */
export const MERGE_REQUEST = { CI_PIPELINE_SOURCE: 'merge_request_event', CI_MERGE_REQUEST_IID: '7' } as const

/** A project of an instance, with a working tree whose pipelines gitlab-ci-local runs. */
export class Project {
  readonly folder: string

  constructor(folder: string) {
    this.folder = folder
  }

  /** Makes files that are there a project of the instance. */
  static async create(instance: Instance, folder: string, name = 'group/build'): Promise<Project> {
    const git = (...words: readonly string[]): Promise<string> => succeed('git', ['-C', folder, ...words])
    await mkdir(folder, { recursive: true })
    await succeed('git', ['init', '--quiet', '--initial-branch=main', folder])
    await writeFile(path.join(folder, '.git/info/exclude'), `${STATE}/\n`)
    await git('remote', 'add', 'origin', `${instance.server.url}/${name}.git`)
    await commitAll(folder)
    await git('update-ref', 'refs/remotes/origin/main', 'HEAD')
    await git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main')
    return new Project(folder)
  }

  /** Writes the pipeline, and commits it with all else that changed. */
  async commit(pipeline: object): Promise<void> {
    await writeFile(path.join(this.folder, '.gitlab-ci.yml'), JSON.stringify(pipeline, null, 1))
    await commitAll(this.folder)
  }

  /** The jobs whose rules let them run in a pipeline with these variables, sorted. */
  async jobs(variables: Readonly<Record<string, string>>): Promise<string[]> {
    const { code, stdout, stderr } = await gitlabCiLocal(['--list-json', ...variableWords(variables)], this.folder)
    if (code !== 0) throw new Error(stdout + stderr)
    const jobs: { name: string; when: string }[] = JSON.parse(stdout)
    return jobs.flatMap(({ name, when }) => (when === 'never' ? [] : [name])).sort()
  }

  /** Runs a pipeline to its end; its exit code is not 0 where a job failed. */
  async run({ variables = {}, fileVariables = {}, search, jobs = [] }: PipelineOptions = {}): Promise<Finished> {
    const set = variableWords({ GITLAB_CI: 'true', ...variables })
    const variable = (text: string, type = 'variable'): object => ({ type, values: { '*': text } })
    const files = Object.entries(fileVariables).map(([name, text]) => [name, variable(text, 'file')])
    const own = path.join(STATE, 'variables-of-project.yml')
    await mkdir(path.join(this.folder, STATE), { recursive: true })
    const ofProject = { ...Object.fromEntries(files), ...(search === undefined ? {} : { PATH: variable(search) }) }
    await writeFile(path.join(this.folder, own), JSON.stringify(ofProject))
    const words = ['--force-shell-executor', '--shell-isolation', '--no-artifacts-to-source', '--no-color']
    return await gitlabCiLocal(['--variables-file', own, ...words, ...set, ...jobs], this.folder)
  }

  /** What a job left, by its path below the project's folder. */
  artifact(job: string, file: string): string {
    return path.join(this.folder, STATE, 'artifacts', folderOf(job), file)
  }

  /** Where a cache is kept between pipelines. */
  cache(key: string): string {
    return path.join(this.folder, STATE, 'cache', key)
  }

  async log(job: string): Promise<string> {
    return await readFile(path.join(this.folder, STATE, 'output', `${folderOf(job)}.log`), 'utf8')
  }
}

/** As gitlab-ci-local names what belongs to a job: what no file name has is encoded. */
function folderOf(job: string): string {
  return job.replaceAll(/[^\w-]+/g, (text) => Buffer.from(text).toString('base64url'))
}

/** Sets variables, also those that are GitLab's own, which it would warn of. */
function variableWords(variables: Readonly<Record<string, string>>): string[] {
  const set = Object.entries(variables).flatMap(([name, value]) => ['--variable', `${name}=${value}`])
  return [...set, '--ignore-predefined-vars', Object.keys(variables).join(',')]
}

/** Runs gitlab-ci-local, which needs Node 22: the one that runs these tests. */
async function gitlabCiLocal(words: readonly string[], cwd: string): Promise<Finished> {
  const program = path.join(PROJECT, 'node_modules/gitlab-ci-local/dist/index.js')
  // Where these tests run in a pipeline themselves, its variables are not those of the pipelines under test.
  const own = Object.entries(cleanEnvironment()).filter(([name]) => !/^(?:CI|CI_.*|GITLAB_.*|RELEASE)$/.test(name))
  const search = [path.dirname(process.execPath), process.env['PATH']].join(':')
  const env = { ...Object.fromEntries(own), PATH: search, HOME: path.join(cwd, STATE) }
  return await run(process.execPath, [program, ...words], { cwd, env, timeout: TIMEOUT })
}

/** The variables of a dotenv report. */
export async function readVariables(file: string): Promise<Record<string, string>> {
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n')
  return Object.fromEntries(lines.map((line) => line.split('=', 2)))
}

/** A folder with nothing in it but these programs, for PATH. */
export async function folderOfPrograms(folder: string, names: readonly string[]): Promise<string> {
  await mkdir(folder, { recursive: true })
  for (const name of names) {
    const found = name === 'node' ? process.execPath : (await succeed('which', [name])).trim()
    await symlink(found, path.join(folder, name))
  }
  return folder
}

/** What GitLab reads of a JUnit report, by another reader of XML. */
export interface Junit {
  readonly tests: number
  readonly failures: number
  readonly errors: number
  /** The names of the tests that have a failure or an error in them. */
  readonly broken: readonly string[]
}

export async function readJunit(file: string): Promise<Junit> {
  const program = [
    'import json, sys, xml.etree.ElementTree as tree',
    'root = tree.parse(sys.argv[1]).getroot()',
    'cases = root.findall("./testsuite/testcase")',
    'count = lambda name: sum(case.find(name) is not None for case in cases)',
    'broken = [c.get("name") for c in cases if c.find("failure") is not None or c.find("error") is not None]',
    'print(json.dumps({"tests": len(cases), "failures": count("failure"), "errors": count("error"), "broken": broken}))',
  ]
  return JSON.parse(await succeed('python3', ['-c', program.join('\n'), file]))
}
