import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type Program, programOf, run, versionOf } from './tools.ts'

/** What a tool says of a signed file. */
export interface Verdict {
  readonly accepts: boolean
  /** The primary fingerprints of the keys with a good signature. */
  readonly signers: ReadonlySet<string>
  /** What it takes to be signed, where it writes that out. */
  readonly text?: Buffer
}

/** A release file as served: clearsigned, or a text with its detached signature. */
export type SignedFile =
  | { readonly form: 'InRelease'; readonly file: Uint8Array }
  | { readonly form: 'Release'; readonly file: Uint8Array; readonly signature: Uint8Array }

/** A tool that verifies release files, in one folder of its own. */
export interface Verifier {
  readonly name: string
  /** gpgv computes the digest that the armor header `Hash` of a clearsigned file names, whatever the signature says. */
  readonly believesHashHeader: boolean
  /** sqv reads the first signature block of a file and leaves the others. */
  readonly readsFirstBlockOnly: boolean
  verify(signed: SignedFile, folder: string): Promise<Verdict | undefined>
}

/** gpgv and sqv of this machine, and of another Debian below `root`. */
export async function findVerifiers(keyring: string, root?: string): Promise<Verifier[]> {
  const verifiers: Verifier[] = []
  for (const place of root === undefined ? [undefined] : [undefined, root]) {
    const gpgv = programOf('gpgv', place)
    if (gpgv !== undefined) verifiers.push(gpgvVerifier(await versionOf('gpgv', gpgv), gpgv, keyring))
    const sqv = programOf('sqv', place)
    if (sqv === undefined) continue
    const knowsCleartext = (await run(sqv, ['--help'])).stdout.includes('--cleartext')
    const name = await versionOf('sqv', sqv)
    verifiers.push(knowsCleartext ? sqvVerifier(name, sqv, keyring) : detachedSqvVerifier(name, sqv, keyring))
  }
  return verifiers
}

/** `gpgv --output` writes a line end after the text, which the signature does not cover. */
function gpgvVerifier(name: string, gpgv: Program, keyring: string): Verifier {
  return {
    name,
    believesHashHeader: true,
    readsFirstBlockOnly: false,
    async verify(signed, folder) {
      const files = write(signed, folder)
      const output = path.join(folder, 'text')
      const written = signed.form === 'InRelease' ? ['--output', output] : []
      const { stdout } = await run(gpgv, ['--status-fd', '1', '--keyring', keyring, ...written, ...files])
      const verdict = readStatus(stdout.toString('latin1'))
      if (!existsSync(output)) return verdict
      const text = readFileSync(output)
      return { ...verdict, text: text.at(-1) === 0x0a ? text.subarray(0, -1) : text }
    },
  }
}

/**
 * As apt reads gpgv's words: a key counts with GOODSIG and VALIDSIG, one BADSIG refuses the file, and nothing else
 * does, NODATA beside a good signature included. The exit code says something else.
 */
function readStatus(status: string): Verdict {
  const signers = new Set<string>()
  let good = false
  for (const line of status.split('\n')) {
    const [, keyword, ...values] = line.split(' ')
    if (keyword === 'NEWSIG') good = false
    if (keyword === 'GOODSIG') good = true
    if (keyword === 'VALIDSIG' && good) signers.add(values.at(-1) ?? '')
  }
  return { accepts: signers.size > 0 && !/^\[GNUPG:\] BADSIG\b/m.test(status), signers }
}

function sqvVerifier(name: string, sqv: Program, keyring: string): Verifier {
  return {
    name,
    believesHashHeader: false,
    readsFirstBlockOnly: true,
    async verify(signed, folder) {
      const files = write(signed, folder)
      const output = path.join(folder, 'text')
      const [first = '', text = ''] = files
      const what =
        signed.form === 'InRelease' ? ['--cleartext', first, '--output', output] : ['--signature-file', first, text]
      const verdict = sqvVerdict(await run(sqv, ['--keyring', keyring, ...what]))
      return existsSync(output) ? { ...verdict, text: readFileSync(output) } : verdict
    },
  }
}

/** The sqv of Debian 12 knows detached signatures alone: it is given the text that gpgv takes out of an InRelease. */
function detachedSqvVerifier(name: string, sqv: Program, keyring: string): Verifier {
  return {
    name,
    believesHashHeader: false,
    readsFirstBlockOnly: true,
    async verify(signed, folder) {
      const files = write(signed, folder)
      if (signed.form === 'Release') return sqvVerdict(await run(sqv, ['--keyring', keyring, ...files]))
      const gpgv = programOf('gpgv')
      const output = path.join(folder, 'text')
      if (gpgv === undefined) return undefined
      await run(gpgv, ['--keyring', keyring, '--output', output, ...files])
      const lines = Buffer.from(signed.file).toString('latin1').split('\n')
      const begin = lines.findIndex((line) => line.trimEnd() === '-----BEGIN PGP SIGNATURE-----')
      if (!existsSync(output) || begin === -1) return { accepts: false, signers: new Set() }
      const text = readFileSync(output)
      const detached = { form: 'Release', file: text.subarray(0, -1), signature: armor(lines, begin) } as const
      return sqvVerdict(await run(sqv, ['--keyring', keyring, ...write(detached, folder)]))
    },
  }
}

function armor(lines: readonly string[], begin: number): Buffer {
  return Buffer.from(lines.slice(begin).join('\n'), 'latin1')
}

function sqvVerdict({ code, stdout }: { code: number | null; stdout: Buffer }): Verdict {
  const signers = new Set(stdout.toString('latin1').match(/^[0-9A-F]{40,64}$/gm) ?? [])
  return { accepts: code === 0 && signers.size > 0, signers }
}

/** Writes a signed file as a tool takes it: the clearsigned file alone, or the signature and then the text. */
function write(signed: SignedFile, folder: string): string[] {
  rmSync(path.join(folder, 'text'), { force: true })
  const file = path.join(folder, signed.form)
  writeFileSync(file, signed.file)
  if (signed.form === 'InRelease') return [file]
  const signature = path.join(folder, 'Release.gpg')
  writeFileSync(signature, signed.signature)
  return [signature, file]
}
