import * as v from 'valibot'
import { MAX_PLAN_ID } from '../limits.ts'
import { STATEMENT_TYPE } from './statement-type.ts'

/**
 * The shape of `report.json`: an in-toto Statement v1 (in-toto attestation framework, spec/v1/statement.md) whose
 * predicate is the report. The types that write it and the JSON Schema in schemas/ are made from this.
 */

export const PREDICATE_TYPE = 'urn:debproof:report:v1'

const hex256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))
const evidenceName = v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/))
const time = v.pipe(v.string(), v.isoTimestamp())
const count = v.pipe(v.number(), v.integer(), v.minValue(0))

const verdict = v.picklist([
  'identical',
  'reproduced',
  'excepted',
  'mismatch',
  'unproven',
  'unlisted',
  'forbidden',
  'undecided',
])

const excusable = v.picklist(['mismatch', 'forbidden', 'unproven', 'unlisted', 'undecided'])

const reportedPackage = v.strictObject({
  name: v.string(),
  version: v.string(),
  architecture: v.pipe(v.nullable(v.string()), v.description('null where neither a list nor an archive says it.')),
  kind: v.picklist(['binary', 'source']),
  sha256: v.pipe(v.nullable(hex256), v.description('Of the .deb, or of the .dsc; null where it is not known.')),
  expected: v.optional(
    v.pipe(
      v.array(hex256),
      v.description(
        'For a mismatch: what the upstream signed, or rebuilders got, instead; absent where none is known.',
      ),
    ),
  ),
  hashFrom: v.pipe(
    v.nullable(v.picklist(['deb', 'list', 'apt-lists', 'archive'])),
    v.description('How the hash of what the build used is known, strongest first; null where it is not.'),
  ),
  archive: v.pipe(v.nullable(v.string()), v.description('The archive that lists it; null where none does.')),
  vouchedBy: v.optional(
    v.pipe(
      v.array(v.string()),
      v.description(
        'Of one that is proven: the archives of the policy on whose word that rests. With several, each of them lists ' +
          'a file under this name and vouches for its own, and which of these was used is open.',
      ),
    ),
  ),
  vouchedAt: v.optional(
    v.pipe(
      time,
      v.description(
        'For an identical one: the Date of the release file that vouches for it, of the oldest if several.',
      ),
    ),
  ),
  verdict,
  selfVouched: v.optional(
    v.pipe(
      v.array(v.string()),
      v.description(
        'The archives on whose own word alone it rests: nobody else vouches for a file that the build may have used. ' +
          'Absent where somebody else does, and for what did not pass.',
      ),
    ),
  ),
  excepted: v.optional(
    v.pipe(
      v.strictObject({ verdict: excusable, reason: v.string(), until: v.optional(v.string()) }),
      v.description(
        'With the verdict excepted: which verdict the exception hides, why that is accepted, and the last day of it.',
      ),
    ),
  ),
  reason: v.string(),
  evidence: v.array(evidenceName),
})

const unprovenFile = v.strictObject({
  name: v.string(),
  version: v.string(),
  architecture: v.string(),
  sha256: v.pipe(
    v.nullable(hex256),
    v.description('null where its stanza does not state it once and in the usual form.'),
  ),
  index: v.pipe(v.string(), v.description('The index that lists it: suite and path.')),
})

const evidence = v.strictObject({
  kind: v.picklist([
    'release',
    'release-signature',
    'packages',
    'sources',
    'buildinfo',
    'in-toto-link',
    'in-toto-layout',
    'rebuilderd-link',
    'sha256sums',
    'sha256sums-signature',
    'dsse',
  ]),
  url: v.string(),
  size: count,
  date: v.pipe(
    v.nullable(time),
    v.description(
      'The Date of the release file, or of the one that lists the index; when a statement was signed; null where ' +
        'nothing that is signed says it.',
    ),
  ),
  signers: v.pipe(
    v.array(v.string()),
    v.description('Fingerprints of the keys whose signatures count: primary keys, for OpenPGP.'),
  ),
  parties: v.optional(
    v.pipe(v.array(v.string()), v.description('The rebuilders whose statement it is, as the policy names them.')),
  ),
})

export const reportSchema = v.strictObject({
  _type: v.literal(STATEMENT_TYPE),
  subject: v.pipe(
    v.array(v.strictObject({ name: v.string(), digest: v.strictObject({ sha256: hex256 }) })),
    v.description('The images, or the package lists where no image was named.'),
  ),
  predicateType: v.literal(PREDICATE_TYPE),
  predicate: v.strictObject({
    verdict: v.picklist(['pass', 'fail', 'undecided']),
    release: v.nullable(v.string()),
    at: v.pipe(time, v.description('The clock that every decision was made by.')),
    clock: v.optional(
      v.pipe(
        v.strictObject({
          from: v.picklist(['option', 'policy', 'list', 'now']),
          lists: v.optional(v.array(v.string())),
        }),
        v.description(
          'Where the clock comes from: it was given, or the policy says it, or lets a package list say it (lists: which ' +
            'ones), or the machine.',
        ),
      ),
    ),
    keysDay: v.optional(
      v.pipe(
        v.string(),
        v.isoDate(),
        v.description(
          'The day by which the last days (`until`) of public keys were judged, where one that counted at the clock was ' +
            'over when the run was made: what such a key signs has no date of its own.',
        ),
      ),
    ),
    tool: v.strictObject({ name: v.string(), version: v.string() }),
    unsigned: v.optional(
      v.pipe(
        v.picklist(['requested', 'pull-request']),
        v.description(
          'Why it was written without a signature: somebody asked for that, or the pipeline of a pull or merge request ' +
            'had no key. Absent where it was signed when it was written.',
        ),
      ),
    ),
    policy: v.strictObject({
      sha256: v.pipe(hex256, v.description('Of the policy file; of the apt sources for --system.')),
    }),
    run: v.optional(
      v.pipe(
        v.strictObject({
          system: v.pipe(
            v.boolean(),
            v.description("Whether the policy was made of a system's apt sources (--system)."),
          ),
          offline: v.pipe(v.boolean(), v.description('Whether the network was left alone (--offline).')),
          deep: v.pipe(v.boolean(), v.description('Whether package files were downloaded and hashed (--deep).')),
          variables: v.pipe(
            v.record(v.string(), v.string()),
            v.description('The environment variables that the policy uses, by name.'),
          ),
          files: v.pipe(
            v.array(v.strictObject({ name: v.string(), sha256: hex256 })),
            v.description(
              'What the policy names and was read, such as keys: relative to the policy where it is below it, else the ' +
                'last part of its name; sorted.',
            ),
          ),
        }),
        v.description('What the run was given beside policy and lists, as far as a verdict can depend on it.'),
      ),
    ),
    lists: v.array(v.strictObject({ name: v.string(), format: v.string(), sha256: hex256, packages: count })),
    counts: v.strictObject({
      total: count,
      identical: count,
      reproduced: count,
      excepted: count,
      mismatch: count,
      unproven: count,
      unlisted: count,
      forbidden: count,
      undecided: count,
    }),
    archives: v.array(
      v.strictObject({
        name: v.string(),
        require: v.picklist(['identical', 'reproduced', 'absent']),
        url: v.string(),
        suites: v.array(v.string()),
        upstreams: v.optional(
          v.pipe(
            v.array(
              v.strictObject({
                kind: v.picklist(['live', 'snapshots', 'store']),
                place: v.string(),
                keys: v.pipe(
                  v.array(v.string()),
                  v.description('Fingerprints of the primary keys that may sign for it.'),
                ),
                at: v.optional(
                  v.pipe(
                    time,
                    v.description('Of snapshots and store: the instant around which states were asked for.'),
                  ),
                ),
                lists: v.optional(
                  v.pipe(
                    v.array(v.string()),
                    v.description('The package lists that told `at`; absent where none did.'),
                  ),
                ),
              }),
            ),
            v.description('Who is trusted to say what its packages are, in the order of the policy.'),
          ),
        ),
        rebuilders: v.optional(
          v.pipe(
            v.strictObject({
              threshold: v.pipe(
                v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1))),
                v.description('How many parties the policy asks for; null where the layout alone says it.'),
              ),
              sourceRequired: v.boolean(),
              parties: v.array(
                v.strictObject({
                  name: v.string(),
                  keys: v.pipe(v.array(v.string()), v.description('Fingerprints of the keys that count as its own.')),
                  places: v.array(v.strictObject({ format: v.string(), url: v.string() })),
                  cosigned: v.optional(
                    v.pipe(
                      v.literal(true),
                      v.description('The policy says that it built what the sums list that it signs with others.'),
                    ),
                  ),
                }),
              ),
              layout: v.pipe(
                v.nullable(v.strictObject({ sha256: hex256, places: v.array(v.string()) })),
                v.description('The in-toto layout whose keys are parties too.'),
              ),
            }),
            v.description('Who was asked to have rebuilt its packages.'),
          ),
        ),
        unproven: v.optional(
          v.pipe(
            v.strictObject({
              listed: v.pipe(count, v.description('How many different .debs its indexes list.')),
              count: v.pipe(count, v.description('How many of them nobody vouches for.')),
              files: v.pipe(v.array(unprovenFile), v.description('The first hundred of these, sorted by name.')),
              unread: v.pipe(
                v.array(v.string()),
                v.description('What could not be read of those who might vouch for them.'),
              ),
              action: v.pipe(
                v.picklist(['report', 'fail']),
                v.description('What the policy makes of them (`unproven-files`).'),
              ),
            }),
            v.description(
              'What it lists and nobody vouches for, whether or not it was used. Absent where the archive is its own ' +
                'upstream, and where no binary package was used.',
            ),
          ),
        ),
        selfVouched: v.optional(
          v.pipe(
            v.strictObject({
              keys: v.pipe(
                v.array(v.string()),
                v.description('Fingerprints of the primary keys that sign what it serves and vouch for that too.'),
              ),
              packages: count,
            }),
            v.description(
              'How many packages rest on its own word alone, and by which keys; absent where it has no such key. The ' +
                'keys that come with debproof are none.',
            ),
          ),
        ),
        unread: v.pipe(
          v.array(v.strictObject({ what: v.string(), code: v.string(), reason: v.string() })),
          v.description('What could not be read of it, and why.'),
        ),
        notes: v.array(v.string()),
      }),
    ),
    hashes: v.optional(
      v.pipe(
        v.literal('required'),
        v.description('Where a package whose hash no list states was to be undecided, by the policy or on request.'),
      ),
    ),
    otherArchives: v.optional(
      v.pipe(
        v.strictObject({
          action: v.picklist(['fail', 'ignore']),
          reason: v.pipe(v.nullable(v.string()), v.description('Why the policy ignores them.')),
          found: v.array(v.strictObject({ folder: v.string(), files: v.array(v.string()) })),
        }),
        v.description(
          "Release files and indexes among apt's lists that no archive of the policy reads, where any are.",
        ),
      ),
    ),
    upstreams: v.optional(
      v.pipe(
        v.array(
          v.strictObject({
            name: v.string(),
            unread: v.array(v.strictObject({ what: v.string(), code: v.string(), reason: v.string() })),
            notes: v.array(v.string()),
          }),
        ),
        v.description('Of which states of the upstreams something is to be known: what was not read, keys, gaps.'),
      ),
    ),
    exceptions: v.array(
      v.strictObject({
        package: v.string(),
        version: v.nullable(v.string()),
        architecture: v.nullable(v.string()),
        archive: v.nullable(v.string()),
        sha256: v.optional(v.pipe(hex256, v.description('The very file that it excuses; absent where it names none.'))),
        verdict: v.optional(
          v.pipe(excusable, v.description('The one verdict that it excuses; absent for unproven and unlisted.')),
        ),
        reason: v.string(),
        until: v.nullable(v.string()),
        status: v.picklist(['used', 'unused', 'expired']),
        packages: count,
        unexcused: v.optional(
          v.pipe(
            v.array(excusable),
            v.description('Verdicts of packages that it names and does not excuse; absent where there are none.'),
          ),
        ),
      }),
    ),
    packages: v.array(reportedPackage),
    evidence: v.record(evidenceName, evidence),
    shard: v.optional(
      v.pipe(
        v.strictObject({
          index: v.pipe(v.number(), v.integer(), v.minValue(1)),
          of: v.pipe(v.number(), v.integer(), v.minValue(1)),
          total: count,
          plan: v.optional(
            v.pipe(
              v.string(),
              v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/),
              v.maxLength(MAX_PLAN_ID),
              v.description('The id that all parts of one plan have; only such parts are merged.'),
            ),
          ),
        }),
        v.description(
          'Which part of the packages this is, of how many parts, and how many packages all have together.',
        ),
      ),
    ),
    bundle: v.optional(
      v.pipe(
        v.nullable(
          v.strictObject({ index: evidenceName, kept: v.picklist(['needed', 'all']), files: count, size: count }),
        ),
        v.description(
          'The evidence that the verdicts can be derived from again: the SHA-256 of evidence/index.json, which names ' +
            'all files, how many they are, and their bytes together. null where none was kept.',
        ),
      ),
    ),
    trust: v.pipe(
      v.array(v.strictObject({ packages: count, of: v.string(), trusts: v.string() })),
      v.description('What still has to be trusted, for each class of packages.'),
    ),
  }),
})

export type Report = v.InferOutput<typeof reportSchema>
export type ReportedPackage = v.InferOutput<typeof reportedPackage>
