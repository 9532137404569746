import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { jsonSchemas } from '../build/schemas.ts'

const schemas = jsonSchemas()

describe('the JSON Schemas', () => {
  test.each([...schemas])('%s is what the program itself checks with', (file, text) => {
    expect(readFileSync(file, 'utf8')).toBe(text)
  })

  test('the example policy is valid, and one with a wrong key is not', () => {
    const ajv = new Ajv({ strict: false })
    const validate = ajv.compile(JSON.parse(schemas.get('schemas/policy.schema.json') ?? ''))
    const policy = parse(readFileSync('examples/release/debproof.yml', 'utf8'))
    expect(validate(policy)).toBe(true)
    expect(validate({ ...policy, archive: {} })).toBe(false)
    expect(validate({ ...policy, version: 2 })).toBe(false)
  })
})
