import { DebproofError } from '../errors.ts'
import { defaultCacheFolder } from '../net/cache.ts'
import { FORMAT_NAMES } from '../packages/formats.ts'
import type { ListSource } from '../policy/policy.ts'
import { ALLOW_PATH_OPTION, AT_OPTION, type Option } from './option.ts'

/** What `verify` takes; the GitHub Action has an input of the same name for each. */
export const VERIFY_OPTIONS: readonly Option[] = [
  {
    name: 'policy',
    value: 'FILE',
    default: 'debproof.yml',
    description: 'The policy: which archives must satisfy what.',
  },
  {
    name: 'packages',
    value: 'PATH[:FORMAT]',
    multiple: true,
    description:
      "A package list, a folder of .debs, or a glob, instead of the policy's; the format is detected unless named.",
  },
  {
    name: 'release',
    value: 'NAME',
    description:
      'The release that is verified. The policy writes it as a variable named release; the report states it.',
  },
  AT_OPTION,
  {
    name: 'image',
    value: 'FILE',
    multiple: true,
    description: 'An image that was built, or a glob: its SHA-256 becomes a subject of the report.',
  },
  {
    name: 'output',
    value: 'DIR',
    default: 'debproof-report',
    description: 'The folder that the report is written to. An earlier report there is replaced.',
  },
  {
    name: 'system',
    description: 'Verify the packages installed on this machine against its own apt sources; no policy is read.',
  },
  {
    name: 'root',
    value: 'DIR',
    default: '/',
    description: 'With --system: the root folder of another system, such as a chroot.',
  },
  {
    name: 'offline',
    description:
      'Use no network: local folders, apt lists, evidence stores and the cache only. With --system, what apt fetched last.',
  },
  {
    name: 'require-hashes',
    description:
      'Take no package whose hash is known only from what archives list: it is undecided. The policy may say the same ' +
      '(hashes: required).',
  },
  { name: 'deep', description: "Also download every file from the archives' pools and hash it." },
  {
    name: 'shard',
    value: 'I/N',
    description: 'Verify part I of N of the packages, on as many machines; `debproof merge` joins the parts.',
  },
  {
    name: 'plan-id',
    value: 'ID',
    description:
      'With --shard: the id that `debproof plan` gave all parts, or another that is new for every pipeline. The part ' +
      'signs it, and `debproof merge` takes parts of one id.',
  },
  {
    name: 'evidence',
    value: 'WHAT',
    default: 'needed',
    description:
      'What is kept of what was read: needed (what `debproof recheck` needs to derive every verdict again), all (also ' +
      'the package files that --deep hashed), or none.',
  },
  {
    name: 'cache',
    value: 'DIR',
    description:
      'The folder for what never changes, shared by runs; `none` for none. The default is ' +
      '$XDG_CACHE_HOME/debproof, or ~/.cache/debproof.',
  },
  ALLOW_PATH_OPTION,
  {
    name: 'signing-key',
    value: 'FILE',
    description:
      'The armored OpenPGP private key that signs the report; or its text in DEBPROOF_SIGNING_KEY. Its passphrase is ' +
      'read from DEBPROOF_SIGNING_PASSPHRASE.',
  },
  { name: 'unsigned', description: 'Write a report without signature; without a key this must be said.' },
  {
    name: 'unsigned-in-pull-requests',
    description:
      'Without a key, write a report without signature in a pipeline for a pull request or a merge request, which a CI ' +
      'may give no secrets to; anywhere else a missing key is an error.',
  },
  {
    name: 'comment',
    description:
      'Write the verdict as a comment on the pull request or merge request that the pipeline is for, updated in place. ' +
      'Needs a token in DEBPROOF_COMMENT_TOKEN; without one, or elsewhere, it says so and changes nothing.',
  },
]

/** @throws DebproofError USAGE */
export function parseEvidence(text: string): 'none' | 'needed' | 'all' {
  if (text === 'none' || text === 'needed' || text === 'all') return text
  throw new DebproofError('USAGE', `--evidence ${JSON.stringify(text)} is not known: say none, needed or all.`)
}

/** The folder of the cache; undefined where none is to be used. */
export function cacheFolder(
  text: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (text === 'none') return undefined
  return text === undefined || text === '' ? defaultCacheFolder(environment) : text
}

/** `PATH` or `PATH:FORMAT`: a colon belongs to the path unless a format's name, or `auto`, follows it. */
export function parseListSource(text: string): ListSource {
  const colon = text.lastIndexOf(':')
  const format = text.slice(colon + 1)
  const isFormat = format === 'auto' || FORMAT_NAMES.includes(format)
  return colon > 0 && isFormat ? { path: text.slice(0, colon), format } : { path: text, format: 'auto' }
}
