import { parseAst } from 'rolldown/parseAst'
import { HOOK } from './coverage.ts'

export interface Instrumented {
  readonly code: string
  /** How many blocks the code has; they are numbered from the first that was given. */
  readonly blocks: number
  /** Texts that the code compares with or looks for: what a mutator should know of the grammar. */
  readonly tokens: readonly string[]
}

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [member: string]: unknown
}

/**
 * Puts a call of the coverage hook into each block of JavaScript: functions, branches (those that are not written too),
 * loops, cases, and the right sides of `&&`, `||` and `??`.
 */
export function instrument(source: string, first: number, script = false): Instrumented {
  const insertions: { at: number; text: string }[] = []
  const tokens = new Set<string>()
  let next = first
  const insert = (at: number, text: string): void => {
    insertions.push({ at, text })
  }
  const call = (): string => `${HOOK}(${next++})`

  const wrap = (node: Node | undefined, open: string, close: string): void => {
    if (node === undefined) return
    insert(node.start, open)
    visit(node)
    insert(node.end, close)
  }
  const expression = (node: Node | undefined): void => wrap(node, `(${call()},`, ')')
  const statement = (node: Node | undefined): void => {
    if (node?.type === 'BlockStatement') block(node)
    else wrap(node, `{${call()};`, '}')
  }
  const block = (node: Node): void => {
    insert(node.start + 1, `${call()};`)
    children(node)
  }
  const children = (node: Node, ...skip: string[]): void => {
    for (const [name, member] of Object.entries(node))
      if (!skip.includes(name)) for (const child of nodesIn(member)) visit(child)
  }

  const visit = (node: Node): void => {
    const part = (name: string): Node | undefined => nodesIn(node[name])[0]
    switch (node.type) {
      case 'FunctionDeclaration':
      case 'FunctionExpression': {
        children(node, 'body')
        const body = part('body')
        if (body !== undefined) block(body)
        return
      }
      case 'ArrowFunctionExpression': {
        children(node, 'body')
        const body = part('body')
        if (body?.type === 'BlockStatement') block(body)
        else expression(body)
        return
      }
      case 'IfStatement':
        for (const child of nodesIn(node['test'])) visit(child)
        statement(part('consequent'))
        if (part('alternate') === undefined) insert(node.end, ` else {${call()};}`)
        else statement(part('alternate'))
        return
      case 'ConditionalExpression':
        for (const child of nodesIn(node['test'])) visit(child)
        expression(part('consequent'))
        expression(part('alternate'))
        return
      case 'LogicalExpression':
        for (const child of nodesIn(node['left'])) visit(child)
        expression(part('right'))
        return
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
        children(node, 'body')
        statement(part('body'))
        return
      case 'SwitchCase': {
        const [begin] = nodesIn(node['consequent'])
        if (begin !== undefined) insert(begin.start, `${call()};`)
        children(node)
        return
      }
      case 'CatchClause': {
        children(node, 'body')
        const body = part('body')
        if (body !== undefined) block(body)
        return
      }
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
        return
      case 'Literal':
        for (const text of literalTexts(node)) if (text.length > 0 && text.length <= 48) tokens.add(text)
        return
      case 'TemplateElement':
        return
      default:
        children(node)
    }
  }

  visit(nodeOf(parseAst(source, { lang: 'js', sourceType: script ? 'commonjs' : 'module' })))
  return { code: applied(source, insertions), blocks: next - first, tokens: [...tokens] }
}

function literalTexts({ value, regex }: Node): string[] {
  if (typeof value === 'string') return [value]
  if (typeof regex !== 'object' || regex === null || !('pattern' in regex)) return []
  return String(regex.pattern).match(/[A-Za-z0-9:=_.@ -]{3,}/g) ?? []
}

function nodesIn(member: unknown): Node[] {
  if (Array.isArray(member)) return member.flatMap(nodesIn)
  return isNode(member) ? [member] : []
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value && 'end' in value
}

function nodeOf(value: unknown): Node {
  if (!isNode(value)) throw new TypeError('the parser gave no tree')
  return value
}

/** Those at one place stay in the order in which they were made: what ends there before what begins there. */
function applied(source: string, insertions: readonly { at: number; text: string }[]): string {
  const parts: string[] = []
  let position = 0
  for (const { at, text } of insertions.toSorted((one, other) => one.at - other.at)) {
    parts.push(source.slice(position, at), text)
    position = at
  }
  return `${parts.join('')}${source.slice(position)}`
}
