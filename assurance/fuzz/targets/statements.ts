import { packageOf } from '../../../__tests__/reproduced/signed-statements.ts'
import type { Statement } from '../../../src/reproduced/statement.ts'
import { canonicalText, promise } from '../target.ts'
import { ED25519_KEY, EXAMPLE, keyringFrom, once, RSA_KEY } from './files.ts'

export const CODES = ['STATEMENT', 'TOO_LARGE'] as const
export const DEMO = packageOf('debproof-demo_1.0-1_amd64.deb')
export const HELLO = packageOf('hello_1.0-1_amd64.deb')

/** What was attested, for comparing with what was really signed. */
export function saidOf({ attestations }: Statement): string {
  return canonicalText(attestations.map(({ fileName, sha256 }) => `${fileName} ${sha256}`).sort())
}

/** Keeps what the genuine documents say: whatever else is accepted must say one of these things. */
export function forgeryOracle(genuine: () => Promise<readonly string[]>): (statement: Statement) => Promise<void> {
  const said = once(async () => new Set([...(await genuine()), canonicalText([])]))
  return async (statement) =>
    promise((await said()).has(saidOf(statement)), `FORGERY: nobody signed ${saidOf(statement).slice(0, 300)}`)
}

export const bothKeys = once(() =>
  keyringFrom(RSA_KEY, ED25519_KEY, `${EXAMPLE}/keys/alpha.asc`, `${EXAMPLE}/keys/beta.asc`),
)
