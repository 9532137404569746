import packageJson from '../package.json' with { type: 'json' }

/** The tool's own name and version, for reports, servers and `--version`. */
export const TOOL = { name: packageJson.name, version: packageJson.version } as const

export const USER_AGENT = `${TOOL.name}/${TOOL.version}`
