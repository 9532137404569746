import { mkdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import type { Keyring } from '../../src/archive/keyring.ts'
import { Random } from '../random.ts'
import { Comparison } from './comparison.ts'
import { MUTATIONS, type Mutation } from './mutate.ts'
import { type OurVerdict, ourVerdict, type ReleaseFile } from './release-files.ts'
import { forEach } from './tools.ts'
import type { SignedFile, Verifier } from './verifiers.ts'

interface Mutant {
  readonly name: string
  readonly mutation: string
  readonly signed: SignedFile
  readonly original: SignedFile
}

/** What came of one kind of mutation. */
interface Outcome {
  mutants: number
  accepted: number
  /** Refused here and accepted by every tool. */
  stricter: number
}

/**
 * Mutated release files: what debproof accepts every tool accepts, over the same text, and with each of debproof's
 * signers among its own. Returns the comparison, and what came of each kind of mutation as Markdown.
 */
export async function compareMutants(
  files: readonly ReleaseFile[],
  keyring: Keyring,
  verifiers: readonly Verifier[],
  scratch: string,
  perFile: number,
): Promise<{ comparison: Comparison; outcomes: string }> {
  const names = verifiers.map(({ name }) => name).join(', ')
  const comparison = new Comparison('mutated release files: accepted only if every tool accepts', names)
  const outcomes = new Map<string, Outcome>(
    MUTATIONS.map(({ name }) => [name, { mutants: 0, accepted: 0, stricter: 0 }]),
  )
  const at = new Date()
  comparison.count('release files', files.length)
  await forEach(mutants(files, perFile), availableParallelism(), async (mutant, worker) => {
    const { mutation, signed } = mutant
    const folder = path.join(scratch, `mutants-${worker}`)
    mkdirSync(folder, { recursive: true })
    const ours = await ourVerdict(signed, keyring, at)
    const outcome = outcomes.get(mutation)
    if (outcome !== undefined) outcome.mutants++
    if (outcome !== undefined && ours.accepts) outcome.accepted++
    comparison.count('mutants')
    if (ours.accepts) {
      comparison.count('accepted by debproof')
      for (const verifier of verifiers) await compareAccepted(comparison, mutant, ours, verifier, folder)
      return
    }
    for (const verifier of verifiers) if ((await verifier.verify(signed, folder))?.accepts === false) return
    if (outcome !== undefined) outcome.stricter++
    const why = ours.why.replaceAll(/"[^"]*"|\b[0-9A-F]{16,}\b|\d+/g, '…')
    comparison.explain(`debproof is stricter, every tool accepts: ${why}`)
  })
  const rows = [...outcomes].map(
    ([name, { mutants, accepted, stricter }]) => `| ${name} | ${mutants} | ${accepted} | ${stricter} |`,
  )
  const table = ['| mutation | mutants | accepted | refused, while every tool accepts |', '|---|---|---|---|', ...rows]
  return { comparison, outcomes: table.join('\n') }
}

async function compareAccepted(
  comparison: Comparison,
  { name, mutation, signed, original }: Mutant,
  ours: OurVerdict & { accepts: true },
  verifier: Verifier,
  folder: string,
): Promise<void> {
  const where = `${name}, ${mutation}, ${verifier.name}`
  let theirs = await verifier.verify(signed, folder)
  if (theirs === undefined) return
  if (!theirs.accepts && verifier.believesHashHeader) {
    theirs = await verifier.verify(withHeaderOf(original, signed), folder)
    if (theirs?.accepts === true) comparison.explain(HASH_HEADER)
  }
  comparison.count('verdicts on those')
  if (theirs?.accepts !== true) {
    comparison.differ(`${where}: debproof accepted, the tool refused`)
    return
  }
  if (theirs.text !== undefined) {
    comparison.count('texts of those')
    if (!theirs.text.equals(ours.text)) comparison.differ(`${where}: another signed text`)
  }
  const signers = verifier.readsFirstBlockOnly ? ours.signers.firstBlock : ours.signers.all
  const more = [...signers].filter((signer) => !theirs.signers.has(signer))
  if (more.length > 0) comparison.differ(`${where}: debproof counts ${more.join(' ')}, the tool does not`)
}

const HASH_HEADER =
  'the armor header Hash names another digest: gpgv believes it where it reads the clearsigned file itself; apt hands ' +
  'it text and signature apart, sqv and debproof go by the signature. With the right header gpgv accepts the same text'

/** A clearsigned file with the armor headers of another. */
function withHeaderOf(original: SignedFile, signed: SignedFile): SignedFile {
  if (signed.form !== 'InRelease') return signed
  const [header, file] = [Buffer.from(original.file), Buffer.from(signed.file)]
  return {
    form: 'InRelease',
    file: Buffer.concat([header.subarray(0, header.indexOf('\n\n')), file.subarray(file.indexOf('\n\n'))]),
  }
}

/** The same mutants in every run; each kind in turn, so that each has its share. */
export function* mutants(files: readonly ReleaseFile[], perFile: number): Generator<Mutant> {
  for (const [index, { name, signed }] of files.entries()) {
    const random = new Random(index + 1)
    const others = files.filter((file, at) => at !== index && file.signed.form === signed.form)
    for (let number = 0; number < perFile; number++) {
      const mutation = MUTATIONS[number % MUTATIONS.length]
      const other = random.pick(others)?.signed ?? signed
      if (mutation !== undefined)
        yield { name, mutation: mutation.name, original: signed, signed: mutate(signed, mutation, random, other) }
    }
  }
}

/** Of a pair, one of the two files, the signature more often: nothing that is changed in the text can be accepted. */
function mutate(signed: SignedFile, mutation: Mutation, random: Random, other: SignedFile): SignedFile {
  const apply = (file: Uint8Array, another: Uint8Array): Buffer =>
    mutation.apply(Buffer.from(file), random, Buffer.from(another))
  if (signed.form === 'InRelease') return { form: 'InRelease', file: apply(signed.file, other.file) }
  if (random.below(4) === 0) return { ...signed, file: apply(signed.file, other.file) }
  const signature = other.form === 'Release' ? other.signature : other.file
  return { ...signed, signature: apply(signed.signature, signature) }
}
