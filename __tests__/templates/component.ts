import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parse, parseAllDocuments } from 'yaml'

export type InputValue = string | boolean | readonly unknown[]

export interface Input {
  readonly description: string
  readonly default: InputValue
  readonly type?: 'string' | 'boolean' | 'array'
  readonly options?: readonly string[]
}

export interface Job {
  readonly variables: Readonly<Record<string, string>>
  readonly script?: readonly string[]
  readonly before_script?: readonly string[]
  readonly [keyword: string]: unknown
}

/** A file of templates/: what it takes, and the jobs that it adds to a pipeline. */
export interface Component {
  readonly name: string
  readonly context: readonly string[]
  readonly inputs: Readonly<Record<string, Input>>
  readonly text: string
  /** As it is written, with `$[[ … ]]`. */
  readonly job: Job
}

export function readComponent(name: string): Component {
  const text = readFileSync(path.join('templates', `${name}.yml`), 'utf8')
  const [header, body, ...more] = parseAllDocuments(text)
  if (header === undefined || body === undefined || more.length > 0) throw new Error(`${name} is no component`)
  for (const { errors } of [header, body]) if (errors[0] !== undefined) throw errors[0]
  const { spec }: { spec: { component: string[]; inputs: Record<string, Input> } } = header.toJS()
  const jobs: Record<string, Job> = body.toJS()
  const job = jobs['$[[ inputs.job-name ]]']
  if (job === undefined || Object.keys(jobs).length > 1) throw new Error(`${name} adds other jobs than its one`)
  return { name, context: spec.component, inputs: spec.inputs, text, job }
}

/** What an include of a component in a pipeline says. */
export interface Include {
  readonly component: string
  readonly inputs?: Readonly<Record<string, InputValue>>
}

/** The components that a pipeline includes. */
export function readIncludes(file: string): Include[] {
  const { include = [] }: { include?: (Include | { readonly local: string })[] } = parse(readFileSync(file, 'utf8'))
  return include.flatMap((entry) => ('component' in entry ? [entry] : []))
}

/** Why GitLab would refuse these inputs; gitlab-ci-local lets some of it pass. */
export function problemsOf({ inputs }: Component, given: Readonly<Record<string, InputValue>>): string[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const input = inputs[name]
    if (input === undefined) return [`there is no input ${name}`]
    const { type = 'string', options } = input
    const found = Array.isArray(value) ? 'array' : typeof value
    if (found !== type) return [`${name} is of type ${found}, not ${type}`]
    return options === undefined || options.some((option) => option === value) ? [] : [`${name} cannot be ${value}`]
  })
}

/** The variables of the job for these inputs, as GitLab makes them: a value is text, and is not looked into again. */
export function variablesFor(
  component: Component,
  given: Readonly<Record<string, InputValue>> = {},
): Record<string, string> {
  const [problem] = problemsOf(component, given)
  if (problem !== undefined) throw new Error(problem)
  const textOf = (input: string): string => String(given[input] ?? component.inputs[input]?.default)
  const variables = Object.entries(component.job.variables)
  return Object.fromEntries(
    variables.map(([name, text]) => [
      name,
      text.replaceAll(/\$\[\[\s*inputs\.([\w-]+)\s*\]\]/g, (_, input: string) => textOf(input)),
    ]),
  )
}

/** All text below a value, with the keys. */
export function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, below]) => [...(Array.isArray(value) ? [] : [key]), ...textsOf(below)])
}
