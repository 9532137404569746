import { spawn } from 'node:child_process'
import { constants } from 'node:fs'
import { access, readFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import path from 'node:path'
import { DebproofError } from '../errors.ts'
import { MAX_TOOL_COMPLAINT, TOOL_PROBE_TIMEOUT } from '../limits.ts'

/** Programs that a rebuild needs, with the Debian packages that bring them. */
const NEEDED: Readonly<Record<string, string>> = {
  debrebuild: 'devscripts',
  sbuild: 'sbuild',
  mmdebstrap: 'mmdebstrap',
  newuidmap: 'uidmap',
  awk: 'mawk',
}

/** Perl modules that debrebuild of some releases loads, which devscripts only recommends. */
const PERL_PACKAGES = ['libfile-homedir-perl', 'libstring-shellquote-perl', 'liburi-perl', 'libwww-perl']

/** All that `debproof rebuild` may need, in one command. */
export const INSTALL_COMMAND = [
  'apt-get install --no-install-recommends',
  ...new Set(Object.values(NEEDED)),
  ...PERL_PACKAGES,
].join(' ')

const ID_FILES: readonly string[] = ['/etc/subuid', '/etc/subgid']

/** Where the tools are. */
export interface Tools {
  readonly sbuild: string
  /** Absent where it is not installed: it is only asked why two files differ. */
  readonly diffoscope: string | undefined
}

/**
 * Finds the tools before anything is done.
 * @throws DebproofError USAGE that names the one command which installs what is missing
 */
export async function findTools(searchPath: string, idFiles = ID_FILES): Promise<Tools> {
  const missing: string[] = []
  for (const program of Object.keys(NEEDED)) {
    if ((await findProgram(program, searchPath)) === undefined) missing.push(program)
  }
  const sbuild = await findProgram('sbuild', searchPath)
  if (missing.length > 0 || sbuild === undefined) {
    throw new DebproofError('USAGE', `rebuild: ${missing.join(', ')} is missing. Run as root: ${INSTALL_COMMAND}`)
  }
  const complaint = await complaintOf('debrebuild', searchPath)
  if (complaint !== undefined) {
    throw new DebproofError(
      'USAGE',
      `rebuild: debrebuild does not start (${complaint}). Run as root: ${INSTALL_COMMAND}`,
    )
  }
  await refuseWithoutSubordinateIds(idFiles)
  return { sbuild, diffoscope: await findProgram('diffoscope', searchPath) }
}

/** The first executable of that name on PATH. */
export async function findProgram(name: string, searchPath: string): Promise<string | undefined> {
  for (const folder of searchPath.split(path.delimiter)) {
    if (folder === '') continue
    const file = path.join(folder, name)
    const found = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (found) return file
  }
  return undefined
}

/** What a program says when it cannot even print its help. */
async function complaintOf(command: string, searchPath: string): Promise<string | undefined> {
  return await new Promise((resolve) => {
    const child = spawn(command, ['--help'], {
      env: { PATH: searchPath, HOME: userInfo().homedir, LC_ALL: 'C.UTF-8' },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: TOOL_PROBE_TIMEOUT,
      killSignal: 'SIGKILL',
    })
    let text = ''
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      if (text.length < MAX_TOOL_COMPLAINT) text += chunk
    })
    child.on('error', (error) => resolve(error.message))
    child.on('close', (code) => resolve(code === 0 ? undefined : (text.trim().split('\n')[0] ?? 'no message')))
  })
}

/**
 * sbuild's unshare mode maps a range of user and group ids (subuid(5), subgid(5)) and looks for it by user name.
 * @throws DebproofError USAGE
 */
async function refuseWithoutSubordinateIds(files: readonly string[]): Promise<void> {
  const { username } = userInfo()
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => '')
    if (!text.split('\n').some((line) => line.startsWith(`${username}:`))) {
      throw new DebproofError(
        'USAGE',
        `rebuild: ${file} gives ${username} no range, which sbuild needs to build in a user namespace. ` +
          `Run as root: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${username}`,
      )
    }
  }
}
