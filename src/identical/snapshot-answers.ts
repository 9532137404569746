import * as v from 'valibot'
import { DebproofError } from '../errors.ts'

/** When a run of a snapshot service began, as the service writes it: `20210331T150000Z`. */
const TIMESTAMP = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/

const timestampSchema = v.pipe(
  v.string(),
  v.check((text) => parseTimestamp(text) !== undefined),
)

const fileInfoSchema = v.object({ archive_name: v.string(), first_seen: timestampSchema })
const filesSchema = v.object({
  result: v.array(v.object({ hash: v.string(), architecture: v.optional(v.string()) })),
  fileinfo: v.record(v.string(), v.array(fileInfoSchema)),
})

/** Milliseconds since 1970; undefined for what is none, and for a day or an hour that does not exist. */
export function parseTimestamp(text: string): number | undefined {
  const parts = TIMESTAMP.exec(text)
  if (parts === null) return undefined
  const [, year, month, day, hour, minute, second] = parts
  const instant = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return !Number.isNaN(instant) && formatTimestamp(instant) === text ? instant : undefined
}

/** The inverse; fractions of a second are cut off. */
export function formatTimestamp(instant: number): string {
  return new Date(instant)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(/[-:]/g, '')
}

/**
 * The runs that a service names in its answer to `/mr/timestamp/`, each once and sorted:
 * `{"result": {"debian": ["20210331T150000Z", …]}}`, without the archive where it has none to name.
 *
 * @param what the URL, for errors
 * @throws DebproofError FETCH
 */
export function parseRunList(answer: Uint8Array, archive: string, what: string): string[] {
  const schema = v.object({ result: v.object({ [archive]: v.optional(v.array(timestampSchema)) }) })
  const { result } = parse(schema, answer, what)
  return [...new Set(result[archive] ?? [])].sort()
}

export interface FileHints {
  readonly archive: string
  /** Absent: files of every architecture count. */
  readonly architectures?: readonly string[]
}

/**
 * The runs in which a service says that it first saw the files of a package, each once and sorted. That is all that is
 * taken from its answer to `binfiles` and `srcfiles`: its SHA-1 hashes prove nothing, a signed index must.
 *
 * @param what the URL, for errors
 * @throws DebproofError FETCH
 */
export function parseFirstSeen(answer: Uint8Array, { archive, architectures }: FileHints, what: string): string[] {
  const { result, fileinfo } = parse(filesSchema, answer, what)
  const seen = result
    .filter(({ architecture }) => architecture === undefined || (architectures?.includes(architecture) ?? true))
    .flatMap(({ hash }) => (Object.hasOwn(fileinfo, hash) ? (fileinfo[hash] ?? []) : []))
    .filter(({ archive_name }) => archive_name === archive)
    .map(({ first_seen }) => first_seen)
  return [...new Set(seen)].sort()
}

function parse<Schema extends v.GenericSchema>(
  schema: Schema,
  answer: Uint8Array,
  what: string,
): v.InferOutput<Schema> {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(answer))
  } catch (error) {
    throw new DebproofError('FETCH', `${what} did not answer with JSON, as a snapshot service does.`, { cause: error })
  }
  const parsed = v.safeParse(schema, value, { abortEarly: true })
  if (parsed.success) return parsed.output
  const where = v.getDotPath(parsed.issues[0])?.slice(0, 200) ?? 'all of it'
  throw new DebproofError(
    'FETCH',
    `${what} did not answer as a snapshot service does: ${where} is not as it should be.`,
  )
}
