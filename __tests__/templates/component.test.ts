import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { parseEvidence } from '../../src/options/verify-options.ts'
import { type Component, problemsOf, readComponent, readIncludes, textsOf } from './component.ts'

const action: { inputs: Record<string, { description: string; default: string }> } = parse(
  readFileSync('action.yml', 'utf8'),
)
const manifest: { version: string; scripts: { start: string } } = JSON.parse(readFileSync('package.json', 'utf8'))
const verify = readComponent('verify')
const install = readComponent('install')

/** Services of GitHub's, and secrets, which a pipeline of GitLab's has in variables. */
const GITHUB_ALONE = [
  'artifact',
  'artifact-compression',
  'artifact-retention-days',
  'attest',
  'evidence-artifact',
  'github-token',
  'signing-key',
  'signing-passphrase',
]
/** What a workflow of GitHub's says beside the step. */
const GITLAB_ALONE = ['expire-in', 'job-name', 'project', 'rules', 'runner-image', 'stage']
/** What is one thing on both, so that it is told in the same words. */
const TOLD_ALIKE = [
  'packages',
  'at',
  'image',
  'system',
  'root',
  'offline',
  'deep',
  'shard',
  'plan-id',
  'evidence',
  'allow-path',
]

describe('the component verify and the action', () => {
  test('have the same inputs, but for those that one platform alone has', () => {
    const [ours, theirs] = [Object.keys(verify.inputs), Object.keys(action.inputs)]
    expect(ours).toEqual(expect.arrayContaining(GITLAB_ALONE))
    expect(theirs).toEqual(expect.arrayContaining(GITHUB_ALONE))
    const common = ours.filter((name) => !GITLAB_ALONE.includes(name))
    expect(common.sort()).toEqual(theirs.filter((name) => !GITHUB_ALONE.includes(name)).sort())
  })

  test('have the same defaults, where the action writes booleans as text', () => {
    for (const [name, { default: preset }] of Object.entries(verify.inputs)) {
      if (!GITLAB_ALONE.includes(name)) expect([name, String(preset)]).toEqual([name, action.inputs[name]?.default])
    }
  })

  test('have a boolean, or a choice with false in it, on the one side for true or false on the other', () => {
    for (const [name, { type, options = [] }] of Object.entries(verify.inputs)) {
      const isFlag = ['true', 'false'].includes(action.inputs[name]?.default ?? '')
      expect([name, type === 'boolean' || options.includes('false')]).toEqual([name, isFlag])
    }
  })

  test.each(TOLD_ALIKE)('say the same of %s', (name) => {
    expect(verify.inputs[name]?.description).toBe(action.inputs[name]?.description)
  })

  test('take the same values of evidence and unsigned', () => {
    expect(verify.inputs['evidence']?.options).toHaveLength(3)
    for (const option of verify.inputs['evidence']?.options ?? []) expect(parseEvidence(option)).toBe(option)
    expect(verify.inputs['unsigned']?.options).toEqual(['false', 'true', 'allow-in-pull-requests'])
  })
})

describe.each([verify, install])('the component $name', (component: Component) => {
  const { context, inputs, job } = component
  const texts = textsOf({ '$[[ inputs.job-name ]]': job })
  const scripts = [...(job.before_script ?? []), ...(job.script ?? [])]

  test('describes every input in full sentences of less than 1 kB, and has a default for each', () => {
    for (const [name, { description, default: preset }] of Object.entries(inputs)) {
      expect([name, description]).toEqual([name, expect.stringMatching(/\.$/)])
      expect(description.length).toBeLessThan(1000)
      expect([name, preset]).toEqual([name, expect.anything()])
    }
  })

  test('takes its own defaults', () => {
    const defaults = Object.entries(inputs).map(([name, input]) => [name, input.default])
    expect(problemsOf(component, Object.fromEntries(defaults))).toEqual([])
  })

  test('uses every input that it declares, and declares all that it uses', () => {
    const used = texts.flatMap((text) => [...text.matchAll(/\$\[\[\s*(.*?)\s*\]\]/g)].map(([, inside = '']) => inside))
    const declared = [...Object.keys(inputs).map((name) => `inputs.${name}`), 'component.sha']
    expect([...new Set(used)].sort()).toEqual(declared.sort())
    expect(context).toContain('sha')
  })

  test('pastes no value into a script, and into no text of more than 1 kB', () => {
    expect(scripts.length).toBeGreaterThan(0)
    for (const script of scripts) expect(script).not.toContain('$[[')
    for (const text of texts.filter((one) => one.includes('$[['))) expect(text.length).toBeLessThan(1000)
  })

  test('gives its scripts every variable that they read, and no other', () => {
    const isForScripts = /^DEBPROOF_(?:INPUT|COMPONENT)_/
    const read = scripts.flatMap((script) => script.match(/DEBPROOF_\w+/g) ?? [])
    const given = Object.keys(job.variables).filter((name) => isForScripts.test(name))
    expect([...new Set(read)].sort()).toEqual(given.sort())
  })

  test('has only text as variables, since GitLab refuses anything else', () => {
    for (const value of Object.values(job.variables)) {
      expect(value).toBeTypeOf('string')
      for (const [, name = ''] of value.matchAll(/^\$\[\[ inputs\.(\S+) \]\]$/g)) {
        expect([name, inputs[name]?.type ?? 'string']).toEqual([name, 'string'])
      }
    }
  })

  test('names no instance of GitLab, since it runs on any', () => {
    expect(component.text).not.toMatch(/gitlab\.com/i)
  })
})

describe('the components', () => {
  test('fetch debproof by one script, and say the same of what both take', () => {
    expect(install.job.before_script?.[0]).toBe(verify.job.script?.[1])
    for (const name of ['project', 'runner-image']) expect(install.inputs[name]).toEqual(verify.inputs[name])
  })

  test('save of the cache what is named by its hash alone', () => {
    expect(verify.job['cache']).toMatchObject({ paths: ['.debproof-cache/sha256'] })
  })

  test('are each shown in README by one example, as the catalog wants it', () => {
    const readme = readFileSync('README.md', 'utf8')
    const [, after = ''] = readme.split('\n## Components\n')
    const [section = ''] = after.split('\n## ')
    const shown = [...section.matchAll(/component: \S+\/(\w+)@/g)].map(([, name]) => name)
    expect(shown.sort()).toEqual(
      readdirSync('templates')
        .map((file) => path.basename(file, '.yml'))
        .sort(),
    )
    expect(readme).toMatch(/^## Contribute$/m)
  })
})

describe('the pipelines that include them', () => {
  const examples = readdirSync('examples/gitlab', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yml'))
    .map((file) => path.join('examples/gitlab', file))

  test.each([...examples, '.gitlab-ci.yml'])('%s gives inputs that the components take', (file) => {
    const includes = readIncludes(file)
    expect(includes.length).toBeGreaterThan(0)
    for (const { component, inputs = {} } of includes) {
      const name = /^\$CI_SERVER_FQDN\/.+\/(\w+)@/.exec(component)?.[1] ?? ''
      expect(problemsOf(readComponent(name), inputs)).toEqual([])
    }
  })

  test.each(examples)('%s is of this version, and says at its head, in ten lines at most, what it is for', (file) => {
    for (const { component } of readIncludes(file)) expect(component.split('@')[1]).toBe(manifest.version)
    const head = readFileSync(file, 'utf8')
      .split('\n')
      .findIndex((line) => !line.startsWith('# '))
    expect(head).toBeGreaterThan(0)
    expect(head).toBeLessThanOrEqual(10)
  })

  test('are of this version where the documents show some', () => {
    const documents = ['README.md', ...readdirSync('docs').map((file) => path.join('docs', file))]
    const shown = documents.flatMap((file) => readFileSync(file, 'utf8').match(/^ *- component: \S+/gm) ?? [])
    expect(shown.length).toBeGreaterThan(3)
    expect(shown.filter((line) => !line.endsWith(`@${manifest.version}`))).toEqual([])
  })

  test('of this project verifies the example by the clock of npm start', () => {
    const [include] = readIncludes('.gitlab-ci.yml')
    expect(manifest.scripts.start).toContain(`--at ${include?.inputs?.['at']} `)
  })
})
