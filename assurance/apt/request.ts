/** What the hook in apt's test framework tells of one `apt update`: fields that end in NUL, then the environment. */
export interface UpdateRequest {
  /** Told before apt runs, and once more after it. */
  readonly when: 'before' | 'after'
  readonly test: string
  /** The folder that the command runs in. */
  readonly cwd: string
  /** The test's own folder. */
  readonly folder: string
  /** Such as `/usr/bin/apt-get`. */
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

export function parseRequest(body: Buffer): UpdateRequest {
  const fields = body.toString('utf8').split('\0')
  const [when, test = '', cwd = '', folder = '', config = '', command = '', count = ''] = fields
  if (when !== 'before' && when !== 'after') throw new Error(`The hook sent ${JSON.stringify(when)}.`)
  const first = 7
  const args = fields.slice(first, first + Number(count))
  const env = Object.fromEntries(
    fields.slice(first + Number(count)).flatMap((line) => {
      const equals = line.indexOf('=')
      return equals < 1 ? [] : [[line.slice(0, equals), line.slice(equals + 1)]]
    }),
  )
  return { when, test, cwd, folder, command, args, env: { ...env, APT_CONFIG: config } }
}

/** The options among the arguments of `apt update` that apt's other commands take too. */
export function configOptions(args: readonly string[]): string[] {
  const options: string[] = []
  for (const [index, arg] of args.entries()) {
    const value = args[index + 1]
    if ((arg === '-o' || arg === '--option' || arg === '-c' || arg === '--config-file') && value !== undefined) {
      options.push(arg, value)
    } else if (/^(?:-o|-c|--option=|--config-file=)./.test(arg)) {
      options.push(arg)
    }
  }
  return options
}
