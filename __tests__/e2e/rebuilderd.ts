import { type ChildProcess, spawn } from 'node:child_process'
import { createPublicKey } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream, readdirSync } from 'node:fs'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { mirrorOfThisMachine } from './mirror.ts'
import { cleanEnvironment, succeed, whenOver } from './running.ts'

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'
const SIGNUP_SECRET = 'a secret of this test'

/** A package to be rebuilt: what it is built by, and the files that should come out. URLs are those of a server. */
export interface Job {
  readonly name: string
  readonly version: string
  readonly url: string
  readonly artifacts: readonly { readonly name: string; readonly architecture: string; readonly url: string }[]
}

/** A rebuilderd of Debian's, with a worker, that run as whoever runs the tests. */
export interface Rebuilderd {
  /** Ends in `/`. */
  readonly base: URL
  /** The PEM text of the key that signs: the daemon's, or its worker's where the daemon has none. */
  readonly publicKey: () => Promise<string>
  /** Has a package built; returns when that many builds are known in all, of which v0 has one for each file. */
  readonly build: (job: Job, builds: number) => Promise<void>
  /** Has a package built once more; v1 only. */
  readonly buildAgain: (job: Job, builds: number) => Promise<void>
}

/**
 * Unpacks a suite's rebuilderd and starts it on a free port of 127.0.0.1 until the tests of this file are over. Its
 * programs run by the loader and the libraries of their own suite: nothing is installed and no root is needed.
 *
 * @param backend the program that builds: it gets the input file as its argument, with what should come out beside it,
 *   and writes what did come out to $REBUILDERD_OUTDIR
 * @param api the newest interface that the suite's version has
 */
export async function startRebuilderd(
  folder: string,
  suite: string,
  backend: string,
  api: 'v0' | 'v1',
): Promise<Rebuilderd> {
  const scratch = path.join(folder, suite)
  await mkdir(scratch)
  const root = await unpack(scratch, suite)
  const [daemonFolder, workerFolder] = [path.join(scratch, 'daemon'), path.join(scratch, 'worker')]
  await mkdir(daemonFolder)
  await mkdir(workerFolder)
  const base = new URL(`http://127.0.0.1:${await freePort()}/`)
  const cookieFile = path.join(daemonFolder, 'cookie')
  const env = { PATH: process.env['PATH'], HOME: scratch, TMPDIR: scratch, REBUILDERD_COOKIE_PATH: cookieFile }
  const daemonConfig = path.join(scratch, 'rebuilderd.conf')
  await writeFile(daemonConfig, `[http]\nbind_addr = "${base.host}"\n[worker]\nsignup_secret = "${SIGNUP_SECRET}"\n`)
  const workerConfig = path.join(scratch, 'rebuilderd-worker.conf')
  await writeFile(
    workerConfig,
    `endpoint = "${base.origin}"\nsignup_secret = "${SIGNUP_SECRET}"\n[build]\ntimeout = 60\n` +
      `[diffoscope]\nenabled = false\n[backend."debian"]\npath = "${backend}"\n`,
  )
  const start = (program: string, args: readonly string[], cwd: string): ChildProcess => {
    const [command = '', ...rest] = commandOf(root, program)
    const child = spawn(command, [...rest, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const log = createWriteStream(path.join(scratch, `${program}.log`), { flags: 'a' })
    child.stdout.pipe(log, { end: false })
    child.stderr.pipe(log, { end: false })
    whenOver(() => end(child))
    return child
  }
  const explained = async (problem: string): Promise<Error> => {
    const logs = ['rebuilderd', 'rebuilderd-worker'].map((each) =>
      readFile(path.join(scratch, `${each}.log`), 'utf8').catch(() => ''),
    )
    return new Error([problem, ...(await Promise.all(logs)).map((log) => log.slice(-4000))].join('\n'))
  }

  start('rebuilderd', ['-v', '-c', daemonConfig], daemonFolder)
  const known = async (): Promise<number | undefined> => {
    const answer = await getJson(new URL(api === 'v1' ? 'api/v1/builds' : 'api/v0/pkgs/list', base))
    if (Array.isArray(answer)) return answer.filter(({ build_id }) => typeof build_id === 'number').length
    return hasTotal(answer) ? answer.total : undefined
  }
  if (!(await within(30_000, async () => (await known()) === 0))) throw await explained('rebuilderd does not answer')
  const cookie = (await readFile(cookieFile, 'utf8')).trim()

  const post = async (question: string, body: unknown): Promise<void> => {
    const headers = { 'x-auth-cookie': cookie, 'content-type': 'application/json' }
    const answer = await fetch(new URL(question, base), { method: 'POST', headers, body: JSON.stringify(body) })
    if (!answer.ok) throw await explained(`rebuilderd answers POST ${question} with HTTP ${answer.status}`)
  }
  /** A worker that finds no work asks again only after minutes: it is started when there is some. */
  const work = async (builds: number): Promise<void> => {
    const worker = start('rebuilderd-worker', ['-c', workerConfig, 'connect'], workerFolder)
    const done = await within(90_000, async () => (await known()) === builds)
    await end(worker)
    if (!done) throw await explained(`rebuilderd has not built within its time: ${await known()} of ${builds}`)
  }
  const publicKey = async (): Promise<string> => {
    if (api === 'v0') return publicKeyOf(await readFile(path.join(workerFolder, 'rebuilder.v2.key')))
    const [command = '', ...args] = commandOf(root, 'rebuilderd')
    return await succeed(command, [...args, '--derive-pubkey', path.join(daemonFolder, 'rebuilderd.sign.key')])
  }
  const build = async ({ artifacts, ...job }: Job, builds: number): Promise<void> => {
    const versioned = artifacts.map((artifact) => ({ ...artifact, version: job.version, component: 'main' }))
    if (api === 'v1') {
      const packages = [{ ...job, artifacts: versioned }]
      await post('api/v1/packages', { distribution: 'debian', release: suite, architecture: 'amd64', packages })
    } else {
      const of = { distro: 'debian', suite: 'main', architecture: 'amd64', input_url: job.url }
      await post('api/v0/pkgs/sync', { ...of, groups: [{ ...job, ...of, artifacts: versioned }] })
    }
    await work(builds)
  }
  const buildAgain = async ({ name, version }: Job, builds: number): Promise<void> => {
    await post('api/v1/queue', { distribution: 'debian', release: suite, name, version, priority: 1 })
    await work(builds)
  }
  return { base, publicKey, build, buildAgain }
}

/** The public half of a key in PKCS #8 with both halves (RFC 5958), where it stands last. */
function publicKeyOf(secretKey: Uint8Array): string {
  const bytes = Buffer.from(secretKey).subarray(-32).toString('base64url')
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: bytes }, format: 'jwk' })
  return key.export({ format: 'pem', type: 'spki' }).toString()
}

async function unpack(scratch: string, suite: string): Promise<string> {
  const tarball = path.join(scratch, 'rebuilderd.tar')
  const root = path.join(scratch, 'root')
  // It works below its TMPDIR, which must be open to the users that it may work as.
  await chmod(scratch, 0o755)
  const source = `deb [signed-by=${KEYRING}] ${mirrorOfThisMachine().debian} ${suite} main`
  const options = [
    '--variant=extract',
    '--include=rebuilderd,rebuilderd-worker',
    `--keyring=${KEYRING}`,
    '--aptopt=APT::Install-Recommends "false"',
    // A mirror that was frozen serves what was signed when it was.
    '--aptopt=Acquire::Check-Valid-Until "false"',
  ]
  await succeed('mmdebstrap', [...options, suite, tarball, source], {
    env: { ...cleanEnvironment(), TMPDIR: scratch },
    timeout: 240_000,
  })
  await mkdir(root)
  const extract = ['--extract', '--file', tarball, '--directory', root, '--no-same-owner', '--no-same-permissions']
  await succeed('tar', [...extract, '--wildcards', './usr/bin/rebuilderd*', './usr/lib/*-linux-gnu*'])
  return root
}

/** The command line that runs a program of that root, without chroot(2). */
function commandOf(root: string, program: string): string[] {
  const parent = path.join(root, 'usr/lib')
  const libraries = readdirSync(parent).find((name) => /-linux-gnu\w*$/.test(name)) ?? 'no libraries'
  const loader = readdirSync(path.join(parent, libraries)).find((name) => /^ld-linux.*\.so\.\d+$/.test(name))
  const folder = path.join(parent, libraries)
  return [path.join(folder, loader ?? 'no loader'), '--library-path', folder, path.join(root, 'usr/bin', program)]
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = once(child, 'close')
  child.kill('SIGKILL')
  await closed
}

async function within(time: number, isSo: () => Promise<boolean>): Promise<boolean> {
  for (const start = Date.now(); Date.now() - start < time; await sleep(200)) if (await isSo()) return true
  return false
}

/** Undefined while nobody answers. */
async function getJson(url: URL): Promise<unknown> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5000) })
    return answer.ok ? await answer.json() : undefined
  } catch {
    return undefined
  }
}

function hasTotal(answer: unknown): answer is { readonly total: number } {
  return typeof answer === 'object' && answer !== null && 'total' in answer && typeof answer.total === 'number'
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('there is no free port')
  return address.port
}
