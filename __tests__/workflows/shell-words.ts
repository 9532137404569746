/** A command of debproof in a script of a workflow. */
export interface CommandLine {
  readonly command: string
  readonly words: readonly string[]
}

/** The uses of `node …/dist/cli.js` in a script, as the shell splits them; what it puts in place of $NAME stays. */
export function commandLines(script: string): CommandLine[] {
  const joined = script.replaceAll(/\\\n\s*/g, ' ')
  return [...joined.matchAll(/\bnode \S*dist\/cli\.js (?<rest>[^\n]*)/g)].map(({ groups }) => {
    const [command = '', ...words] = shellWords(groups?.['rest'] ?? '')
    return { command, words }
  })
}

/** Up to the end of the simple command. */
function shellWords(text: string): string[] {
  const words: string[] = []
  for (const [token = ''] of text.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"';&|<>()#])+|[;&|<>()#]/g)) {
    if (/^[;&|<>()#]$/.test(token)) break
    words.push(token.replaceAll(/["']/g, ''))
  }
  return words
}
