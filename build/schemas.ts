import { mkdirSync, writeFileSync } from 'node:fs'
import { toJsonSchema } from '@valibot/to-json-schema'
import { policySchema } from '../src/policy/policy-schema.ts'
import { reportSchema } from '../src/report/report-schema.ts'

/** The JSON Schemas of the policy and the report, made from the schemas that the program itself uses. */
export function jsonSchemas(): ReadonlyMap<string, string> {
  const make = (title: string, schema: Parameters<typeof toJsonSchema>[0]): string =>
    `${JSON.stringify({ title, ...toJsonSchema(schema, { errorMode: 'ignore' }) }, null, 2)}\n`
  return new Map([
    ['schemas/policy.schema.json', make('debproof policy (debproof.yml)', policySchema)],
    ['schemas/report.schema.json', make('debproof report (report.json)', reportSchema)],
  ])
}

if (import.meta.main) {
  mkdirSync('schemas', { recursive: true })
  for (const [file, text] of jsonSchemas()) writeFileSync(file, text)
}
