import * as v from 'valibot'
import {
  MAX_EXCEPTIONS,
  MAX_POLICY_ITEMS,
  MAX_POLICY_PLACES,
  MAX_POLICY_TEXT,
  MAX_SNAPSHOT_SERVICES,
} from '../limits.ts'

/**
 * The shape of `debproof.yml`. The types of the raw policy and the JSON Schema in schemas/ are made from it.
 */

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_POLICY_TEXT))
const texts = v.pipe(v.array(text), v.minLength(1), v.maxLength(MAX_POLICY_ITEMS))

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
const releaseName = v.pipe(
  text,
  v.description(
    'The Suite or Codename that the release file has, where it is not the suite above: only for one suite. For a path it ' +
      'is compared too.',
  ),
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

/** What `debproof init` writes where only people know what belongs there: nothing is verified until they have said it. */
export const OPEN_PLACE = 'FIXME'
const stillOpen = `is still ${OPEN_PLACE}, which \`debproof init\` left for you:`
const upstreamUrl = v.pipe(
  text,
  v.notValue(
    OPEN_PLACE,
    `${stillOpen} write the archive that first distributed the packages, such as http://ftp.debian.org/debian, or, ` +
      'where the archive itself is the first to distribute them, on purpose its own url',
  ),
  v.regex(/^(?:https?:\/\/|file:)/, 'must begin with http://, https:// or file:'),
)
const upstreamSignedBy = v.pipe(
  signedBy,
  v.check((value) => value !== OPEN_PLACE, `${stillOpen} write whose keys sign there, \`debian\` or a keyring file`),
)

const maxAge = v.pipe(
  v.string('must be a number of days or hours, such as 14d or 36h'),
  v.regex(/^[1-9]\d{0,3}[dh]$/, 'must be a number of days or hours, such as 14d or 36h'),
  v.description(
    'How old a release file may be, such as 14d or 36h, even if its Valid-Until is later. Any age if left out.',
  ),
)
const window = v.pipe(
  v.string('must be a number of days or hours, such as 3d'),
  v.regex(/^[1-9]\d{0,3}[dh]$/, 'must be a number of days or hours, such as 3d'),
  v.description('How far before and after `at` states are looked at, such as 3d, which is the default.'),
)
const reference = v.pipe(
  text,
  v.description(
    'A date, a serial such as 2021033101 (a date with a counter), or a timestamp: 20210331T150000Z, RFC 3339.',
  ),
)
const upstreamKeys = v.strictObject({
  url: v.optional(
    v.pipe(
      upstreamUrl,
      v.description('The archive that first distributed the packages, as it is now: any mirror of it will do.'),
    ),
  ),
  snapshots: v.optional(
    v.pipe(
      v.union(
        [url, v.pipe(v.array(url), v.minLength(1), v.maxLength(MAX_SNAPSHOT_SERVICES))],
        'must be a URL or a list of URLs',
      ),
      v.description(
        'Instead of url: a snapshot service such as https://snapshot.debian.org, or several that are the same.',
      ),
    ),
  ),
  store: v.optional(
    v.pipe(text, v.description('Instead of url: a folder that `debproof record` wrote, relative to the policy.')),
  ),
  archive: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[a-z0-9][a-z0-9-]*$/, 'must be the name of an archive there, such as debian or debian-security'),
      v.description('With snapshots: what the service calls the archive, such as debian or debian-security.'),
    ),
  ),
  at: v.optional(
    v.pipe(reference, v.description('With snapshots or store: the instant whose state is looked for; else the clock.')),
  ),
  window: v.optional(window),
  memory: v.optional(
    v.pipe(
      v.boolean(),
      v.description(
        'With store: false where archives are not to be held to what it saw of them, since another store was begun; true ' +
          'where it is left out.',
      ),
    ),
  ),
  'signed-by': upstreamSignedBy,
  suites: v.optional(suites),
  'release-name': v.optional(releaseName),
  components: v.optional(components),
  architectures: v.optional(architectures),
  'max-age': v.optional(maxAge),
})

export const upstreamSchema = v.pipe(
  upstreamKeys,
  v.check(
    ({ url: live, snapshots, store }) => [live, snapshots, store].filter((kind) => kind !== undefined).length === 1,
    'must have one of url, snapshots and store, and only one',
  ),
)

const places = v.pipe(
  v.union(
    [url, v.pipe(v.array(url), v.minLength(1), v.maxLength(MAX_POLICY_PLACES))],
    'must be a URL or a list of URLs',
  ),
  v.description('Where the statements are: one URL or several, http(s) or file.'),
)

export const publicKeySchema = v.strictObject({
  file: v.pipe(text, v.description('A PEM file with one or more PUBLIC KEY blocks.')),
  until: v.optional(
    v.pipe(v.string(), v.isoDate('must be a date such as 2027-03-01'), v.description('The last day it counts, UTC.')),
  ),
})

const publicKeys = v.pipe(
  v.union(
    [
      text,
      publicKeySchema,
      v.pipe(v.array(v.union([text, publicKeySchema])), v.minLength(1), v.maxLength(MAX_POLICY_PLACES)),
    ],
    'must be a PEM file, or a list of them',
  ),
  v.description('PEM files of Ed25519 or ECDSA P-256 public keys, each optionally with the last day it counts.'),
)

export const partySchema = v.strictObject({
  buildinfo: v.optional(v.pipe(places, v.description('Clearsigned .buildinfo files; needs signed-by.'))),
  'in-toto': v.optional(v.pipe(places, v.description('in-toto links with OpenPGP signatures; needs signed-by.'))),
  sha256sums: v.optional(v.pipe(places, v.description('A signed SHA256SUMS file, or its folder; needs signed-by.'))),
  rebuilderd: v.optional(v.pipe(places, v.description('A rebuilderd service; needs public-key.'))),
  dsse: v.optional(v.pipe(places, v.description('in-toto Statements in DSSE envelopes; needs public-key.'))),
  'signed-by': v.optional(signedBy),
  'public-key': v.optional(publicKeys),
  cosigned: v.optional(
    v.pipe(
      v.boolean('must be true or false'),
      v.description(
        'true: it built what it signs in a SHA256SUMS together with other parties. Without it, the same sums under ' +
          'several parties count for one.',
      ),
    ),
  ),
})

export const layoutSchema = v.strictObject({
  file: v.pipe(text, v.description('An in-toto layout: its keys for the step `rebuild` are parties.')),
  'signed-by': v.pipe(signedBy, v.description('Who may sign the layout: its owner.')),
  'in-toto': v.pipe(places, v.description('Where the links of its keys are.')),
})

export const rebuildersSchema = v.strictObject({
  threshold: v.optional(
    v.pipe(
      v.number('must be a number'),
      v.integer('must be a whole number'),
      v.minValue(1, 'must be at least 1'),
      v.maxValue(1000, 'must be at most 1000'),
      v.description('How many different parties must have got exactly these bytes.'),
    ),
  ),
  parties: v.optional(
    v.pipe(
      v.record(v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'is no name for a party')), partySchema),
      v.description('A party counts once, however many keys, places and statements it has.'),
    ),
  ),
  layout: v.optional(layoutSchema),
  builder: v.optional(
    v.pipe(
      v.union(
        [signedBy, v.strictObject({ 'signed-by': v.optional(signedBy), 'public-key': v.optional(publicKeys) })],
        'must be a keyring, or signed-by and public-key',
      ),
      v.description('The keys of who built what is served: their word on it does not count.'),
    ),
  ),
  source: v.optional(
    v.pipe(
      v.picklist(['optional', 'required'], 'must be optional or required'),
      v.description(
        'required: a statement counts only where it names the source package that the archive serves. optional: one ' +
          'that names none counts too. One that was made from another source never counts.',
      ),
    ),
  ),
})

export const archiveSchema = v.strictObject({
  require: v.pipe(
    v.picklist(['identical', 'reproduced', 'absent'], 'must be identical, reproduced or absent'),
    v.description(
      'identical: every package is byte for byte what an upstream signed. reproduced: enough rebuilders got the ' +
        'same bytes; also satisfied by a package that is identical to what an upstream signed. absent: no package may come from here.',
    ),
  ),
  url: v.optional(v.pipe(url, v.description('What the build was served from. Leave out where that is the upstream.'))),
  suites,
  'release-name': v.optional(releaseName),
  components: v.optional(components),
  architectures: v.optional(architectures),
  'apt-lists': v.optional(
    v.pipe(text, v.description("The build's own /var/lib/apt/lists: what its apt saw, instead of what url says now.")),
  ),
  'signed-by': v.optional(signedBy),
  'max-age': v.optional(maxAge),
  names: v.optional(
    v.pipe(
      v.array(
        v.pipe(
          text,
          v.regex(/^[a-z0-9*][a-z0-9+._*-]*$/, 'must be a package name, in which * stands for any text'),
          v.description('Such as vendor-*.'),
        ),
      ),
      v.minLength(1),
      v.maxLength(MAX_POLICY_ITEMS),
      v.description('What it may deliver: whatever it lists under other names is unproven. Any package if left out.'),
    ),
  ),
  'unproven-files': v.optional(
    v.pipe(
      v.picklist(['report', 'fail'], 'must be report or fail'),
      v.description(
        'fail: the verdict is fail where it lists any .deb that nobody vouches for, whether or not it was used. ' +
          'report: these are told, which is the default.',
      ),
    ),
  ),
  upstream: v.optional(v.pipe(v.array(upstreamSchema), v.minLength(1), v.maxLength(MAX_POLICY_PLACES))),
  rebuilders: v.optional(rebuildersSchema),
})

const exceptionKeys = v.strictObject({
  package: text,
  version: v.optional(text),
  architecture: v.optional(text),
  archive: v.optional(v.pipe(text, v.description('The name of an archive above, or none.'))),
  sha256: v.optional(
    v.pipe(
      v.string('must be 64 hexadecimal digits in quotes'),
      v.regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits in lower case'),
      v.description('Of the very .deb or .dsc that was used: it excuses no other file.'),
    ),
  ),
  verdict: v.optional(
    v.pipe(
      v.picklist(
        ['mismatch', 'forbidden', 'unproven', 'unlisted', 'undecided'],
        'must be mismatch, forbidden, unproven, unlisted or undecided',
      ),
      v.description(
        'The one verdict that it excuses; unproven and unlisted if left out. mismatch, forbidden and undecided need ' +
          'version or sha256 too.',
      ),
    ),
  ),
  reason: v.pipe(text, v.description('Why this is accepted. It is part of the report.')),
  until: v.optional(
    v.pipe(v.string(), v.isoDate('must be a date such as 2027-03-01'), v.description('The last day it excuses, UTC.')),
  ),
})

export const exceptionSchema = v.pipe(
  exceptionKeys,
  v.check(
    ({ verdict, version, sha256 }) => !isGrave(verdict) || version !== undefined || sha256 !== undefined,
    'needs `version: …` or `sha256: …` beside this `verdict`: what may be another file than was meant is excused for ' +
      'one version or file alone',
  ),
  v.check(
    ({ verdict, archive }) => archive !== 'none' || verdict === undefined || verdict === 'unlisted',
    'has `archive: none`, which excuses what no archive lists and nothing else: leave out `verdict` or `archive`',
  ),
)

/** Verdicts behind which other bytes may be than anybody meant. */
function isGrave(verdict: string | undefined): boolean {
  return verdict === 'mismatch' || verdict === 'forbidden' || verdict === 'undecided'
}

export const packageListSchema = v.strictObject({
  path: v.pipe(text, v.description('A file, a folder of .debs, or a glob, relative to the policy, or an http(s) URL.')),
  format: v.optional(text, 'auto'),
})

/** A policy of a pull request is written by whoever opened it, and may not take the secrets of the job. */
const SECRET =
  /TOKEN|SECRET|PASS|CREDENTIAL|AUTH|JWT|(?:^|_)KEY|KEY(?:_|$)|(?:^|_)PAT(?:_|$)|^(?:INPUT|STATE)_|^CI_REPOSITORY_URL$/i

export const policySchema = v.strictObject({
  version: v.literal(1, 'must be 1'),
  env: v.optional(
    v.pipe(
      v.array(
        v.pipe(
          v.string(),
          v.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable'),
          v.check(
            (name) => !SECRET.test(name),
            'names what a CI keeps secret by its name; a value would stand in URLs, in the log and in the evidence',
          ),
        ),
      ),
      v.description('Environment variables that may be written as variables in this policy.'),
    ),
  ),
  at: v.optional(v.pipe(reference, v.description("The build's own date: the clock, unless --at is given."))),
  packages: v.optional(v.pipe(v.array(packageListSchema), v.minLength(1), v.maxLength(MAX_POLICY_ITEMS))),
  archives: v.pipe(
    v.record(v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'is no name for an archive')), archiveSchema),
    v.check((archives) => Object.keys(archives).length > 0, 'must name at least one archive'),
  ),
  hashes: v.optional(
    v.pipe(
      v.literal('required', 'must be required'),
      v.description(
        'required: a package of which no list states the hash, and whose .deb was not given, is undecided. ' +
          'Lists of names and versions prove less: see docs/report.md.',
      ),
    ),
  ),
  'other-archives': v.optional(
    v.pipe(
      v.union(
        [v.picklist(['fail', 'ignore']), v.strictObject({ ignore: text })],
        'must be fail, ignore, or { ignore: REASON }',
      ),
      v.description(
        "With apt-lists: what becomes of archives that the build's apt saw and that are not in this policy. fail, which " +
          'is the default: the verdict is not pass. ignore, or { ignore: REASON }: they are told.',
      ),
    ),
  ),
  exceptions: v.optional(v.pipe(v.array(exceptionSchema), v.maxLength(MAX_EXCEPTIONS))),
})

/** A policy file as written, before names are resolved and keys are read. */
export type RawPolicy = v.InferOutput<typeof policySchema>
export type RawArchive = v.InferOutput<typeof archiveSchema>
export type RawUpstream = v.InferOutput<typeof upstreamSchema>
export type RawRebuilders = v.InferOutput<typeof rebuildersSchema>
export type RawParty = v.InferOutput<typeof partySchema>
