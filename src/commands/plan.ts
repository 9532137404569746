import { DebproofError } from '../errors.ts'
import { EXIT } from '../exit-code.ts'
import { MAX_SHARDS } from '../limits.ts'
import { COMMON_OPTIONS, parseAt } from '../options/option.ts'
import { MATRIX_FORMATS, type MatrixFormat } from '../parts/matrix.ts'
import { formatPlan, readReleases } from '../parts/plan.ts'
import { newPlanId, parsePlanId } from '../parts/shard.ts'
import { closest } from '../spelling.ts'
import type { Command } from './command.ts'

export const planCommand: Command = {
  name: 'plan',
  usage: '--releases FILE|LIST --format github|gitlab [--shards N]',
  title: 'print a CI matrix that verifies many releases, each in parts, on many machines',
  description:
    'Prints the matrix for a CI: one job for each part of each release, which runs `debproof verify --shard`, and\n' +
    'whose signed reports `debproof merge` joins again. Nothing is read but the names of the releases.\n\n' +
    'With --shards the plan has an id, new each time, which every part signs: `debproof merge` takes parts of one plan.\n\n' +
    "github is JSON for fromJSON() in a workflow's strategy.matrix, with release, at, shard, part and plan for each job.\n" +
    'gitlab is a file for a child pipeline with the hidden jobs .debproof-verify and .debproof-merge to extend, with\n' +
    'the variables RELEASE, AT, SHARD, PART and PLAN.',
  options: [
    {
      name: 'releases',
      value: 'FILE|LIST',
      description:
        'Names with commas between them, or a file with a release in each line: NAME, or NAME and the time that is ' +
        'its clock; # begins a comment. Required.',
    },
    { name: 'format', value: 'FORMAT', description: `The CI: ${MATRIX_FORMATS.join(' or ')}. Required.` },
    { name: 'shards', value: 'N', description: 'Verify each release in so many parts. By default each is whole.' },
    {
      name: 'at',
      value: 'TIME',
      description:
        'The clock of releases beside which none stands, in RFC 3339. All parts of a release need the same one: give ' +
        'the present time here, or one in the policy.',
    },
    {
      name: 'plan-id',
      value: 'ID',
      description:
        'The id of the plan instead of a random one: letters, digits and . _ -, and never the same for two pipelines.',
    },
    ...COMMON_OPTIONS,
  ],
  positionals: { min: 0, max: 0 },
  async run(given, terminal) {
    const text = given.text('releases')
    if (text === undefined) {
      throw new DebproofError('USAGE', 'plan: --releases is missing: a file of releases, or names with commas between.')
    }
    const format = parseFormat(given.text('format'))
    const shards = given.text('shards')
    const parts = shards === undefined ? undefined : parseParts(shards)
    const id = given.text('plan-id')
    const plan = id !== undefined ? parsePlanId(id) : parts === undefined ? undefined : newPlanId()
    const now = given.text('at')
    const at =
      now === undefined
        ? undefined
        : parseAt(now, new Date())
            .toISOString()
            .replace(/\.\d{3}Z$/, 'Z')
    const releases = await readReleases(text, (time) => parseAt(time, new Date()))
    const clocked = at === undefined ? releases : releases.map((release) => ({ at, ...release }))
    const split = { ...(parts === undefined ? {} : { parts }), ...(plan === undefined ? {} : { plan }) }
    terminal.out(formatPlan(clocked, { format, ...split }))
    return EXIT.pass
  },
}

function parseFormat(text: string | undefined): MatrixFormat {
  const format = MATRIX_FORMATS.find((name) => name === text)
  if (format !== undefined) return format
  if (text === undefined) {
    throw new DebproofError('USAGE', `plan: --format is missing: ${MATRIX_FORMATS.join(' or ')}.`)
  }
  const suggestion = closest(text, MATRIX_FORMATS)
  const advice = suggestion === undefined ? `It is ${MATRIX_FORMATS.join(' or ')}.` : `Did you mean ${suggestion}?`
  throw new DebproofError('USAGE', `plan: there is no format ${JSON.stringify(text)}. ${advice}`)
}

function parseParts(text: string): number {
  const parts = /^[1-9]\d{0,3}$/.test(text) ? Number(text) : 0
  if (parts < 1 || parts > MAX_SHARDS) {
    throw new DebproofError('USAGE', `plan: --shards ${JSON.stringify(text)} is no number from 1 to ${MAX_SHARDS}.`)
  }
  return parts
}
