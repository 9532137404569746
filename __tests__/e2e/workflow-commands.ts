/** A `::command property=value::message` line of a log. */
export interface WorkflowCommand {
  readonly command: string
  readonly properties: Readonly<Record<string, string>>
  readonly message: string
}

/** The `name=value` and `name<<delimiter` entries of a file such as that of GITHUB_OUTPUT. */
export function parseFileCommands(text: string): Record<string, string> {
  const entries: Record<string, string> = {}
  const lines = text.split('\n')
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    if (line === '') continue
    const equals = line.indexOf('=')
    const heredoc = line.indexOf('<<')
    if (equals !== -1 && (heredoc === -1 || equals < heredoc)) {
      entries[line.slice(0, equals)] = line.slice(equals + 1)
    } else if (heredoc > 0) {
      const delimiter = line.slice(heredoc + 2)
      const end = lines.indexOf(delimiter)
      if (end === -1) throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`)
      entries[line.slice(0, heredoc)] = lines
        .splice(0, end + 1)
        .slice(0, end)
        .join('\n')
    } else {
      throw new Error(`Invalid format '${line}'`)
    }
  }
  return entries
}

/** What a step told the runner in its log. */
export function parseWorkflowCommands(log: string): WorkflowCommand[] {
  return [...log.matchAll(/^::([a-z-]+)(?: ([^:]*))?::(.*)$/gm)].map(([, command = '', list = '', message = '']) => ({
    command,
    message: unescapeData(message),
    properties: Object.fromEntries(
      list
        .split(',')
        .filter((property) => property !== '')
        .map((property) => {
          const equals = property.indexOf('=')
          return [property.slice(0, equals), unescapeProperty(property.slice(equals + 1))]
        }),
    ),
  }))
}

function unescapeData(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')
}

function unescapeProperty(text: string): string {
  return unescapeData(text.replaceAll('%3A', ':').replaceAll('%2C', ','))
}
