import { chmodSync, cpSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/**
 * Copies apt's integration tests to `folder` and lets their framework tell a socket of each `apt update`, before and
 * after it runs. The answer is waited for, so that the archive is as the test made it while it is looked at.
 */
export function hookTests(source: string, folder: string, socket: string, config: readonly string[]): string {
  cpSync(path.join(source, 'test'), path.join(folder, 'test'), { recursive: true })
  const tests = path.join(folder, 'test/integration')
  const file = path.join(tests, 'framework')
  const text = readFileSync(file, 'utf8')
  const hooked = text
    // Tests of a slightly older source do not know every option of the installed apt, and fail at the warning.
    .replace(/^\techo "#x-apt-configure-index .*> aptconfig\.conf$/m, '\t: > aptconfig.conf')
    .replace(/^runapt\(\) \{$/m, () => `${hook(socket, folder)}unwatchedrunapt() {`)
    .replace(/^\techo "Dir::Etc \\"etc\\";" >> aptconfig\.conf$/m, (line) => [...config.map(echo), line].join('\n'))
  if (!hooked.includes('unwatchedrunapt() {') || config.some((line) => !hooked.includes(echo(line)))) {
    throw new Error(`${file} is not as this script knows it: the hook does not fit.`)
  }
  writeFileSync(file, hooked)
  chmodSync(folder, 0o755)
  return tests
}

function echo(line: string): string {
  return `\techo '${line}' >> aptconfig.conf`
}

function hook(socket: string, folder: string): string {
  return `tellparity() {
	local WHEN="$1"
	shift
	local CMD="$1"
	shift
	local REQUEST="${folder}/request.$$"
	{
		printf '%s\\0' "$WHEN" "\${0##*/}" "$PWD" "$TMPWORKINGDIRECTORY" "$(getaptconfig)" "\${APTCMDLINEBINDIR}/$CMD" "$#" "$@"
		env -0
	} > "$REQUEST"
	command curl -s --noproxy '*' --unix-socket '${socket}' --data-binary "@$REQUEST" http://parity/ </dev/null >/dev/null 2>&1 || true
	rm -f "$REQUEST"
}
runapt() {
	local ISUPDATE=''
	local ARG
	case "$1" in
	apt|apt-get) for ARG in "$@"; do if [ "$ARG" = 'update' ]; then ISUPDATE='yes'; fi; done;;
	esac
	case " $* " in
	*' --print-uris '*|*' install '*) ISUPDATE='';;
	esac
	if [ -z "$ISUPDATE" ]; then
		unwatchedrunapt "$@"
		return
	fi
	local UPDATESTATUS=0
	tellparity before "$@"
	unwatchedrunapt "$@" || UPDATESTATUS=$?
	tellparity after "$@"
	return $UPDATESTATUS
}
`
}
