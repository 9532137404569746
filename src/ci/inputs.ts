import * as core from '@actions/core'
import { DebproofError } from '../errors.ts'
import { secretsIn } from '../job-secrets.ts'
import type { Arguments } from '../options/arguments.ts'
import { readRunOptions } from '../options/run-options.ts'
import type { SigningInput } from '../options/signing-input.ts'
import { VERIFY_OPTIONS } from '../options/verify-options.ts'
import type { RunOptions } from '../run.ts'
import { detectPlatform } from './platform.ts'
import { policyPlaces } from './policy-places.ts'

/** How one folder is uploaded. */
export interface ArtifactInput {
  readonly name: string
  /** Days; absent: as long as the repository keeps artifacts. */
  readonly retentionDays?: number
  /** From 0, none, to 9. */
  readonly compression: number
}

/** Every input of the GitHub Action. */
export interface ActionInputs {
  readonly run: RunOptions
  /** Absent: nothing is uploaded. */
  readonly artifact?: ArtifactInput
  /** Absent: the evidence is part of the artifact of the report. */
  readonly evidenceArtifact?: ArtifactInput
  /** Whether the cache goes through GitHub's cache service. */
  readonly cacheService: boolean
  readonly attest: boolean
  readonly comment: boolean
  /** For attestations and comments; empty where none was given. */
  readonly token: string
}

/** How a missing key is to be given, and why it may be missing though somebody thinks that it is there. */
const KEY_INPUT = 'the input signing-key'
const KEY_ADVICE =
  'give the input signing-key, from a secret (empty where the job names no `environment:` that has it), or set the ' +
  'input unsigned'

const SECRETS = ['signing-key', 'signing-passphrase', 'github-token'] as const

type Environment = Record<string, string | undefined>

/**
 * Reads every input of the GitHub Action. Secrets are masked in the log and taken out of the environment, so that no
 * program that is started later inherits them.
 *
 * @throws DebproofError USAGE
 */
export function loadInputs(environment: Environment): ActionInputs {
  const [armored, passphrase, token] = SECRETS.map((name) => takeSecret(name, environment))
  const signing = armored === '' || armored === undefined ? undefined : signingInput(armored, passphrase)
  const given = argumentsOfInputs()
  const isPullRequest = detectPlatform(environment)?.isPullRequest ?? false
  const places = policyPlaces(environment, given.texts('allow-path'))
  const run = readRunOptions(given, { environment, signing, isPullRequest, places })
  return {
    run: { ...run, keyAdvice: KEY_ADVICE, secrets: secretsIn({ ...environment, 'INPUT_GITHUB-TOKEN': token }) },
    ...artifactInputs(),
    cacheService: flag('cache-service'),
    attest: flag('attest'),
    comment: flag('comment'),
    token: token ?? '',
  }
}

/** The folder that the report is written to, whatever is wrong with the other inputs. */
export function outputFolder(): string | undefined {
  return argumentsOfInputs().text('output')
}

/** Takes the secrets out of the environment of a process that needs none of them. */
export function dropSecrets(environment: Environment): void {
  for (const name of SECRETS) takeSecret(name, environment)
}

function takeSecret(name: string, environment: Environment): string {
  const secret = core.getInput(name)
  // GitHub masks by line, and shows what is short.
  for (const line of secret.split('\n').map((text) => text.trim())) {
    if (line !== '' && (name !== 'signing-key' || line.length > 20)) core.setSecret(line)
  }
  delete environment[`INPUT_${name.toUpperCase()}`]
  return secret
}

function signingInput(armored: string, passphrase = ''): SigningInput {
  return { armored, source: KEY_INPUT, ...(passphrase === '' ? {} : { passphrase }) }
}

/** What an error says of options of the command line, said of inputs. */
export function inWordsOfTheAction(message: string): string {
  return message
    .replaceAll(/--([a-z][a-z-]*)/g, (option, name: string) =>
      VERIFY_OPTIONS.some((one) => one.name === name) ? `the input ${name}` : option,
    )
    .replaceAll('DEBPROOF_SIGNING_PASSPHRASE', 'the input signing-passphrase')
}

/** The inputs that are options of `verify`, as if they had been given on the command line. */
function argumentsOfInputs(): Arguments {
  const option = (name: string): (typeof VERIFY_OPTIONS)[number] | undefined =>
    VERIFY_OPTIONS.find((one) => one.name === name)
  const texts = (name: string): string[] => {
    const values = option(name)?.multiple === true ? core.getMultilineInput(name) : [core.getInput(name)]
    // The runner sets every input; one that has its default was not given.
    return values.filter((value) => value !== '' && value !== option(name)?.default)
  }
  const unsigned = core.getInput('unsigned')
  const flags: Readonly<Record<string, () => boolean>> = {
    unsigned: () => unsigned !== ALLOWED && flag('unsigned'),
    'unsigned-in-pull-requests': () => unsigned === ALLOWED,
  }
  return {
    positionals: [],
    text: (name) => texts(name)[0] ?? option(name)?.default,
    texts,
    flag: (name) => flags[name]?.() ?? flag(name),
  }
}

/** The value of `unsigned` that stands for --unsigned-in-pull-requests. */
const ALLOWED = 'allow-in-pull-requests'

/** As the runner writes booleans (YAML 1.2, 10.3.2). */
function flag(name: string): boolean {
  const text = core.getInput(name)
  if (/^(?:true|True|TRUE)$/.test(text)) return true
  if (/^(?:false|False|FALSE|)$/.test(text)) return false
  const values = name === 'unsigned' ? `true, false and ${ALLOWED}` : 'true and false'
  throw new DebproofError('USAGE', `The input ${name} is ${JSON.stringify(text)}: it takes ${values}.`)
}

function artifactInputs(): Pick<ActionInputs, 'artifact' | 'evidenceArtifact'> {
  const [name, evidence] = [artifactName('artifact'), artifactName('evidence-artifact')]
  const compression = wholeNumber('artifact-compression', 0, 9) ?? 6
  const retentionDays = wholeNumber('artifact-retention-days', 1, 400)
  if (name !== undefined && name === evidence) {
    throw new DebproofError('USAGE', 'The inputs artifact and evidence-artifact must name two artifacts.')
  }
  if (evidence !== undefined && (name === undefined || core.getInput('evidence') === 'none')) {
    const why = name === undefined ? 'artifact names none for its report' : 'evidence keeps none'
    throw new DebproofError(
      'USAGE',
      `The input evidence-artifact is ${JSON.stringify(evidence)}, but the input ${why}.`,
    )
  }
  const how = { compression, ...(retentionDays === undefined ? {} : { retentionDays }) }
  return {
    ...(name === undefined ? {} : { artifact: { name, ...how } }),
    ...(evidence === undefined ? {} : { evidenceArtifact: { name: evidence, ...how } }),
  }
}

/** What GitHub refuses in the name of an artifact, so that it is told before anything was done. */
function artifactName(input: string): string | undefined {
  const name = core.getInput(input)
  if (name === '' || name === 'none') return undefined
  if (/["<>|*?:\\/\r\n]/.test(name) || name.length > 256) {
    throw new DebproofError(
      'USAGE',
      `The input ${input} is ${JSON.stringify(name)}: a name of an artifact has no " < > | * ? : / \\ and at most 256 characters.`,
    )
  }
  return name
}

function wholeNumber(input: string, min: number, max: number): number | undefined {
  const text = core.getInput(input)
  if (text === '') return undefined
  const number = /^\d{1,3}$/.test(text) ? Number(text) : -1
  if (number < min || number > max) {
    throw new DebproofError('USAGE', `The input ${input} is ${JSON.stringify(text)}: it takes ${min} to ${max}.`)
  }
  return number
}
