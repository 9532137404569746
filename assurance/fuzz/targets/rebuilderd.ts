import {
  linkOf,
  newKey,
  pinnedKey,
  signedLink as signedRebuilderdLink,
} from '../../../__tests__/making/rebuilderd-link.ts'
import { documentOf, packageOf } from '../../../__tests__/reproduced/signed-statements.ts'
import type { Downloads } from '../../../src/net/downloads.ts'
import { verifyRebuilderdLink } from '../../../src/reproduced/rebuilderd-link.ts'
import { findAttestationsV0 } from '../../../src/reproduced/rebuilderd-v0.ts'
import { findAttestationsV1 } from '../../../src/reproduced/rebuilderd-v1.ts'
import { type JsonValue, parseStrictJson } from '../../../src/reproduced/strict-json.ts'
import { latin1, promise, type Target, unlessRefused, unlessRefusedNow } from '../target.ts'
import { CLOCK, file, fileSeeds, folderSeeds, REBUILDS, textSeeds } from './files.ts'
import { JSON_TOKENS } from './json-tokens.ts'
import { CODES, DEMO, forgeryOracle, HELLO, saidOf } from './statements.ts'

const daemonKey = pinnedKey(String(JSON.parse(latin1(file(`${REBUILDS}/rbA.v1_meta_public-keys.json`))).current))
const REBUILDERD_LINKS = [
  'rbA.v0_builds_1_attestation.json',
  'rbA.v1_attestation_artifact1.json',
  'rbA.v1_attestation_artifact2.json',
].map((name) => `${REBUILDS}/${name}`)
const PACKAGES = [DEMO, packageOf('debproof-demo-data_1.0-1_all.deb', { source: 'debproof-demo' })]
const rebuilderdOracle = forgeryOracle(async () =>
  REBUILDERD_LINKS.flatMap((name) =>
    PACKAGES.flatMap((rebuilt) => {
      const statement = unlessRefusedNow(CODES, () =>
        verifyRebuilderdLink(documentOf(file(name)), [daemonKey], CLOCK, rebuilt),
      )
      return statement === undefined ? [] : [saidOf(statement)]
    }),
  ),
)

const rebuilderdLink: Target = {
  name: 'rebuilderd-link',
  promise: 'what is attested was signed',
  seeds: () => fileSeeds(...REBUILDERD_LINKS),
  tokens: [...JSON_TOKENS, '"signatures":[', '"sig":"', '"keyid":"', '"products":{', '"name":"rebuild '],
  async run(bytes) {
    const statements = PACKAGES.map((rebuilt) =>
      unlessRefusedNow(CODES, () => verifyRebuilderdLink(documentOf(bytes), [daemonKey], CLOCK, rebuilt)),
    )
    for (const statement of statements) if (statement !== undefined) await rebuilderdOracle(statement)
    return statements.some((statement) => statement !== undefined) ? 'accepted' : 'refused'
  },
}

export const own = newKey()

const rebuilderdContent: Target = {
  name: 'rebuilderd-link-content',
  promise: 'a link says of a file a hash that stands in it',
  seeds: () =>
    textSeeds({
      made: JSON.stringify(linkOf(HELLO.fileName, 'a'.repeat(64))),
      line: JSON.stringify(linkOf(HELLO.fileName, 'b'.repeat(64), { byproducts: { stdout: 'a\nb\\n' } })),
    }),
  tokens: [...JSON_TOKENS, '"products":{', '"materials":{', '\\\\n'],
  run(bytes) {
    const parsed = unlessRefusedNow(CODES, () => parseStrictJson(bytes, 'it', { limit: 65_536, numbers: 'integers' }))
    if (!(parsed instanceof Map)) return 'refused'
    const signed = signedRebuilderdLink(plainOf(parsed), own)
    const statement = unlessRefusedNow(CODES, () =>
      verifyRebuilderdLink(documentOf(Buffer.from(signed)), [own.pinned], CLOCK, HELLO),
    )
    if (statement === undefined) return 'refused'
    for (const { sha256 } of statement.attestations)
      promise(latin1(bytes).includes(sha256), 'a hash is not in the link')
    return 'accepted'
  },
}

/** `JSON.parse` would make a prototype of a member `__proto__`. */
export function plainOf(value: JsonValue): unknown {
  if (value instanceof Map)
    return Object.fromEntries(
      [...value].filter(([name]) => name !== '__proto__').map(([name, part]) => [name, plainOf(part)]),
    )
  return Array.isArray(value) ? value.map(plainOf) : value
}

/** Gives one answer to every question. */
function answering(bytes: Uint8Array): Downloads {
  return { bytes: async () => bytes } as never
}

const BASE = new URL('http://rebuilder.example/')

const rebuilderdAnswers: Target = {
  name: 'rebuilderd-answers',
  promise: 'an answer leads to URLs below the rebuilder, and to no more than it may',
  seeds: () =>
    folderSeeds(
      REBUILDS,
      /^rb[AB]\.(?:v[01]_(?:pkgs_list|builds|packages_binary|builds_1_artifacts)|bad\..*)\.json$|^rbB\.bad/,
    ),
  tokens: [
    ...JSON_TOKENS,
    '"total":',
    '"records":[',
    '"id":',
    '"attestation_log_id":',
    '"build_id":',
    '"has_attestation":true',
  ],
  async run(bytes) {
    const codes = ['FETCH', 'TOO_LARGE'] as const
    let isAnswer = false
    for (const rebuilt of PACKAGES) {
      const v0 = await unlessRefused(codes, () => findAttestationsV0(answering(bytes), BASE, rebuilt))
      const v1 = await unlessRefused(codes, () => findAttestationsV1(answering(bytes), BASE, rebuilt))
      for (const found of [v0, v1]) {
        isAnswer ||= found !== undefined
        for (const url of found?.urls ?? [])
          promise(url.href.startsWith(`${BASE.href}api/v`), `${url.href} is elsewhere`)
      }
    }
    return isAnswer ? 'accepted' : 'refused'
  },
}

/** What a rebuilderd answers. */
export const REBUILDERD_TARGETS: readonly Target[] = [rebuilderdLink, rebuilderdContent, rebuilderdAnswers]
