import { data, Evaluator, Lexer, Parser } from '@actions/expressions'

/** What expressions see: each context by its name, as plain values. */
export type Contexts = Readonly<Record<string, unknown>>

/** How the steps or jobs before stand. */
export interface Status {
  readonly success: boolean
  readonly failure: boolean
}

const STATUS_FUNCTIONS = ['success', 'failure', 'always', 'cancelled'] as const

/** The value of an expression, without its braces, by GitHub's own evaluator. */
export function evaluate(expression: string, contexts: Contexts, status?: Status): unknown {
  const values: Readonly<Record<string, boolean>> =
    status === undefined ? {} : { ...status, always: true, cancelled: false }
  const functions = Object.entries(values).map(([name, value]) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(value),
  }))
  const tree = new Parser(new Lexer(expression).lex().tokens, Object.keys(contexts), functions).parse()
  const known = new data.Dictionary(...Object.entries(contexts).map(([key, value]) => ({ key, value: dataOf(value) })))
  const result = new Evaluator(tree, known, new Map(functions.map((one) => [one.name, one]))).evaluate()
  return JSON.parse(JSON.stringify(result, data.replacer))
}

/** A text with its expressions put in place. */
export function interpolate(text: string, contexts: Contexts): string {
  return text.replaceAll(/\$\{\{(.*?)\}\}/gs, (_, expression: string) => textOf(evaluate(expression, contexts)))
}

/** A value that is one expression, such as a matrix. */
export function evaluateWhole(text: string, contexts: Contexts): unknown {
  return evaluate(withoutBraces(text), contexts)
}

/** Whether a step or job runs: `success()` is asked for wherever no function of status is. */
export function isMet(condition: string | undefined, contexts: Contexts, status: Status): boolean {
  const written = condition === undefined ? 'success()' : withoutBraces(condition)
  const asksItself = STATUS_FUNCTIONS.some((name) => new RegExp(`\\b${name}\\s*\\(`).test(written))
  return isTrue(evaluate(asksItself ? written : `success() && (${written})`, contexts, status))
}

function withoutBraces(text: string): string {
  return /^\s*\$\{\{(.*)\}\}\s*$/s.exec(text)?.[1] ?? text
}

function dataOf(value: unknown): data.ExpressionData {
  return JSON.parse(JSON.stringify(value), data.reviver)
}

function isTrue(value: unknown): boolean {
  return value !== false && value !== 0 && value !== '' && value !== null
}

/** As GitHub writes values into a text. */
function textOf(value: unknown): string {
  if (value === null) return ''
  if (typeof value === 'object') throw new Error('an object was put into a text')
  return String(value)
}
