import * as v from 'valibot'
import { parse } from 'yaml'

/** What the workflows of this repository use of GitHub's syntax; anything else is an error. */
const scalar = v.union([v.string(), v.number(), v.boolean()])
const variables = v.optional(v.record(v.string(), scalar), {})
const permissions = v.record(v.string(), v.picklist(['read', 'write', 'none']))
const concurrency = v.strictObject({
  group: v.string(),
  'cancel-in-progress': v.optional(v.union([v.boolean(), v.string()])),
})
const defaults = v.strictObject({ run: v.strictObject({ shell: v.string() }) })

const step = v.strictObject({
  id: v.optional(v.string()),
  name: v.optional(v.string()),
  if: v.optional(v.string()),
  uses: v.optional(v.string()),
  with: variables,
  run: v.optional(v.string()),
  env: variables,
})

const job = v.strictObject({
  needs: v.optional(v.union([v.string(), v.array(v.string())]), []),
  if: v.optional(v.string()),
  'runs-on': v.string(),
  'timeout-minutes': v.optional(v.number()),
  container: v.optional(v.strictObject({ image: v.string(), options: v.string() })),
  environment: v.optional(v.string()),
  permissions: v.optional(permissions),
  outputs: v.optional(v.record(v.string(), v.string()), {}),
  strategy: v.optional(v.strictObject({ 'fail-fast': v.optional(v.boolean(), true), matrix: v.string() })),
  steps: v.array(step),
})

const input = v.strictObject({
  description: v.string(),
  required: v.optional(v.boolean()),
  default: v.optional(v.string()),
  type: v.literal('string'),
})

const workflow = v.strictObject({
  name: v.string(),
  on: v.strictObject({
    push: v.optional(
      v.strictObject({ branches: v.optional(v.array(v.string())), tags: v.optional(v.array(v.string())) }),
    ),
    pull_request: v.optional(v.null()),
    schedule: v.optional(v.array(v.strictObject({ cron: v.string() }))),
    workflow_dispatch: v.optional(v.nullable(v.strictObject({ inputs: v.record(v.string(), input) }))),
  }),
  permissions: v.optional(permissions),
  concurrency: v.optional(concurrency),
  env: variables,
  defaults: v.optional(defaults),
  jobs: v.record(v.string(), job),
})

export type Workflow = v.InferOutput<typeof workflow>
export type Job = v.InferOutput<typeof job>
export type Step = v.InferOutput<typeof step>

export function parseWorkflow(text: string): Workflow {
  return v.parse(workflow, parse(text))
}

export function needsOf({ needs }: Job): readonly string[] {
  return typeof needs === 'string' ? [needs] : needs
}
