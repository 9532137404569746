import * as v from 'valibot'

/**
 * The shape of `debproof.yml`. The types of the raw policy and the JSON Schema in schemas/ are made from it.
 */

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(4096))
const texts = v.pipe(v.array(text), v.minLength(1), v.maxLength(1000))

const signedBy = v.pipe(
  v.union([text, texts], 'must be a keyring or a list of keyrings and fingerprints'),
  v.description(
    'A keyring file, or `debian` for the shipped one. In a list, or separated by blanks or commas, fingerprints ' +
      'restrict it to these keys; with a `!` at the end to this very key and none of its siblings.',
  ),
)
const suites = v.pipe(
  texts,
  v.description('Codenames below dists/, or paths that end in `/` (`./` for a flat archive).'),
)
const components = v.pipe(
  texts,
  v.description('Such as main and contrib; main where none is named. Not used by suites that are paths.'),
)
const architectures = v.pipe(
  texts,
  v.description(
    "Such as amd64. The first is the build's own; `all` is implied. Else those of the first archive that names any.",
  ),
)
const url = v.pipe(text, v.regex(/^(?:https?:\/\/|file:)/, 'must begin with http://, https:// or file:'))

export const upstreamSchema = v.strictObject({
  url: v.pipe(url, v.description('The archive that first distributed the packages: any mirror of it will do.')),
  'signed-by': signedBy,
  suites: v.optional(suites),
  components: v.optional(components),
  architectures: v.optional(architectures),
})

export const archiveSchema = v.strictObject({
  require: v.pipe(
    v.picklist(['identical', 'reproduced', 'absent'], 'must be identical, reproduced or absent'),
    v.description(
      'identical: every package is byte for byte what an upstream signed. reproduced: built by the project; also ' +
        'satisfied by a package that is identical to what an upstream signed. absent: no package may come from here.',
    ),
  ),
  url: v.optional(v.pipe(url, v.description('What the build was served from. Leave out where that is the upstream.'))),
  suites,
  components: v.optional(components),
  architectures: v.optional(architectures),
  'apt-lists': v.optional(
    v.pipe(text, v.description("The build's own /var/lib/apt/lists: what its apt saw, instead of what url says now.")),
  ),
  'signed-by': v.optional(signedBy),
  upstream: v.optional(v.pipe(v.array(upstreamSchema), v.minLength(1), v.maxLength(100))),
})

export const exceptionSchema = v.strictObject({
  package: text,
  version: v.optional(text),
  architecture: v.optional(text),
  archive: v.optional(v.pipe(text, v.description('The name of an archive above, or none.'))),
  reason: v.pipe(text, v.description('Why this is accepted. It is part of the report.')),
  until: v.optional(
    v.pipe(v.string(), v.isoDate('must be a date such as 2027-03-01'), v.description('The last day it excuses, UTC.')),
  ),
})

export const packageListSchema = v.strictObject({
  path: v.pipe(text, v.description('A file, a folder of .debs, or a glob, relative to the policy, or an http(s) URL.')),
  format: v.optional(text, 'auto'),
})

export const policySchema = v.strictObject({
  version: v.literal(1, 'must be 1'),
  env: v.optional(
    v.pipe(
      v.array(v.pipe(v.string(), v.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable'))),
      v.description('Environment variables that may be written as variables in this policy.'),
    ),
  ),
  packages: v.optional(v.pipe(v.array(packageListSchema), v.minLength(1), v.maxLength(1000))),
  archives: v.pipe(
    v.record(v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'is no name for an archive')), archiveSchema),
    v.check((archives) => Object.keys(archives).length > 0, 'must name at least one archive'),
  ),
  exceptions: v.optional(v.pipe(v.array(exceptionSchema), v.maxLength(10_000))),
})

/** A policy file as written, before names are resolved and keys are read. */
export type RawPolicy = v.InferOutput<typeof policySchema>
export type RawArchive = v.InferOutput<typeof archiveSchema>
export type RawUpstream = v.InferOutput<typeof upstreamSchema>
