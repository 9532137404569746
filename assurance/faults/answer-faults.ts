import { gzipSync } from 'node:zlib'
import type { Random } from '../random.ts'
import { type Answer, status } from './answer.ts'
import type { NetworkFault } from './network-fault.ts'

/** Faults in what a server says: its status, its fields, its content. */
export const ANSWER_FAULTS: readonly NetworkFault[] = [
  {
    name: 'a corrupt byte',
    effect: 'transport',
    weight: 4,
    answer: (answer, { random }) => withBody(answer, flipped(answer.body, random)),
  },
  {
    name: 'cut, with the length of what is left',
    effect: 'transport',
    weight: 2,
    answer: (answer, { random }) =>
      withBody(answer, answer.body.subarray(0, random.between(0, Math.max(0, answer.body.length - 1)))),
  },
  {
    name: 'bytes added at the end',
    effect: 'transport',
    answer: (answer, { random }) =>
      withBody(answer, Buffer.concat([answer.body, Buffer.from(random.pick(['\n', '\0', 'x'.repeat(5000), '\r\n']))])),
  },
  {
    name: 'a part twice',
    effect: 'transport',
    weight: 2,
    answer: (answer, { random }) => withBody(answer, rearranged(answer.body, random, true)),
  },
  {
    name: 'parts in another order',
    effect: 'transport',
    weight: 2,
    answer: (answer, { random }) => withBody(answer, rearranged(answer.body, random, false)),
  },
  {
    name: 'an HTML page with 200',
    effect: 'transport',
    weight: 2,
    answer: () => ({
      ...status(200, 'OK', '<!DOCTYPE html><html><title>Log in</title><body>Please pay.</body></html>\n'),
      headers: [['Content-Type', 'text/html']],
    }),
  },
  { name: 'an empty body with 200', effect: 'transport', answer: (answer) => withBody(answer, Buffer.alloc(0)) },
  {
    name: '304 unasked',
    effect: 'transport',
    answer: () => ({ ...status(304, 'Not Modified'), headers: [['ETag', '"x"']] }),
  },
  { name: '204', effect: 'transport', answer: () => status(204, 'No Content') },
  {
    name: '206 unasked, without Content-Range',
    effect: 'transport',
    answer: (answer) => ({ ...answer, status: 206, reason: 'Partial Content' }),
  },
  {
    name: '206 of another range',
    effect: 'transport',
    answer: (answer) => ({
      ...answer,
      status: 206,
      reason: 'Partial Content',
      headers: [...answer.headers, ['Content-Range', 'bytes 5-4/99999999999']],
    }),
  },
  {
    name: 'Content-Encoding: gzip that is none',
    effect: 'transport',
    answer: (answer) => ({ ...answer, headers: [...answer.headers, ['Content-Encoding', 'gzip']] }),
  },
  {
    name: 'Content-Encoding: gzip, truly',
    effect: 'transport',
    answer: (answer) => ({
      ...answer,
      body: gzipSync(answer.body),
      headers: [...answer.headers, ['Content-Encoding', 'gzip']],
    }),
  },
  { name: '404', effect: 'absence', weight: 2, answer: () => status(404, 'Not Found', 'no') },
  { name: '410', effect: 'transport', answer: () => status(410, 'Gone', 'no') },
  { name: '403', effect: 'transport', answer: () => status(403, 'Forbidden', 'no') },
  { name: '451', effect: 'transport', answer: () => status(451, 'Unavailable For Legal Reasons') },
  { name: '500', effect: 'transport', retried: true, answer: () => status(500, 'Oops', 'no') },
  { name: '503', effect: 'transport', retried: true, weight: 2, answer: () => status(503, 'Later', 'no') },
  { name: '999', effect: 'transport', answer: () => status(999, 'What') },
  ...['1', '0', '-5', 'soon', '1e3'].map(
    (value): NetworkFault => ({
      name: '429, Retry-After small or none',
      effect: 'transport',
      retried: true,
      weight: 0.4,
      answer: () => ({ ...status(429, 'Slow down'), headers: [['Retry-After', value]] }),
    }),
  ),
  ...['999999999', '99999999999999999999', 'Fri, 31 Dec 2999 23:59:59 GMT', '86400'].map(
    (value): NetworkFault => ({
      name: '429, Retry-After huge',
      effect: 'transport',
      weight: 0.4,
      answer: () => ({ ...status(429, 'Slow down'), headers: [['Retry-After', value]] }),
    }),
  ),
  {
    name: 'fields of no concern',
    effect: 'none',
    answer: (answer) => ({
      ...answer,
      headers: [
        ...answer.headers,
        ['ETag', 'W/"1"'],
        ['Age', '99999999'],
        ['Set-Cookie', 'a=b'],
        ['Content-Type', 'text/html; charset=x'],
        ['Content-Range', 'bytes 0-1/2'],
        ['Refresh', '0; url=http://127.0.0.1:1/'],
        ['Last-Modified', 'Thu, 01 Jan 1970 00:00:00 GMT'],
      ],
    }),
  },
  { name: 'the end told by the connection', effect: 'none', answer: (answer) => ({ ...answer, framing: 'close' }) },
  { name: 'chunked', effect: 'none', answer: (answer) => ({ ...answer, framing: 'chunked' }) },
]

function withBody(answer: Answer, body: Uint8Array): Answer {
  return { ...answer, body }
}

function flipped(body: Uint8Array, random: Random): Uint8Array {
  const copy = Buffer.from(body)
  if (copy.length > 0) {
    const place = random.between(0, copy.length - 1)
    copy.writeUInt8(copy.readUInt8(place) ^ (1 << random.between(0, 7)), place)
  }
  return copy
}

/** Three parts: the middle one twice, or the last two in each other's place. */
function rearranged(body: Uint8Array, random: Random, twice: boolean): Uint8Array {
  const one = random.between(0, body.length)
  const two = random.between(one, body.length)
  const [a, b, c] = [body.subarray(0, one), body.subarray(one, two), body.subarray(two)]
  return Buffer.concat(twice ? [a, b, b, c] : [a, c, b])
}
