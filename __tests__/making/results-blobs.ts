import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { TwirpError } from './results-twirp.ts'

/** The Azure SDK reads `/ACCOUNT/CONTAINER/BLOB` out of a URL whose host is an IP address. */
const PREFIX = '/devstoreaccount1/results/'

interface Blob {
  readonly fileName: string
  readonly blocks: Map<string, Buffer>
  content?: Buffer
  contentType?: string
}

/** Put Blob, Put Block, Put Block List and Get Blob of the Azure Blob Storage REST API, behind signed URLs. */
export class ResultsBlobs {
  readonly #blobs = new Map<string, Blob>()
  readonly #secret = randomBytes(32)

  /** The id of a blob that is to be uploaded. */
  create(fileName: string): string {
    const id = randomUUID()
    this.#blobs.set(id, { fileName, blocks: new Map() })
    return id
  }

  /** The URL to upload to and to download from, for whoever has it. */
  urlOf(id: string, base: string): string {
    return `${base}${PREFIX}${id}?se=2099-01-01&sig=${this.#signatureOf(id)}`
  }

  /** What was uploaded, which must have the size that the client declares. */
  uploaded(id: string, declaredSize: string): Buffer {
    const content = this.#blobs.get(id)?.content
    if (content === undefined) throw new TwirpError(400, 'invalid_argument', 'nothing was uploaded')
    if (String(content.length) !== declaredSize) {
      throw new TwirpError(400, 'invalid_argument', `size is ${content.length}, not ${declaredSize}`)
    }
    return content
  }

  /** Puts other bytes in the place of what was uploaded. */
  replace(id: string, content: Buffer): void {
    const blob = this.#blobs.get(id)
    if (blob !== undefined) blob.content = content
  }

  remove(id: string): void {
    this.#blobs.delete(id)
  }

  serves(url: URL): boolean {
    return url.pathname.startsWith(PREFIX)
  }

  serve(url: URL, request: IncomingMessage, response: ServerResponse, body: Buffer): void {
    const id = url.pathname.slice(PREFIX.length)
    const blob = this.#blobs.get(id)
    const status = blob === undefined ? 404 : url.searchParams.get('sig') === this.#signatureOf(id) ? undefined : 403
    if (blob === undefined || status !== undefined) response.writeHead(status ?? 404).end()
    else if (request.method === 'PUT') put(blob, url, request, response, body)
    else get(blob, request, response)
  }

  #signatureOf(id: string): string {
    return createHmac('sha256', this.#secret).update(id).digest('base64url')
  }
}

function get({ content, contentType, fileName }: Blob, request: IncomingMessage, response: ServerResponse): void {
  if (content === undefined) {
    response.writeHead(404).end()
    return
  }
  response.writeHead(200, {
    'content-length': content.length,
    'content-type': contentType ?? 'application/octet-stream',
    'content-disposition': `attachment; filename="${fileName}"`,
  })
  response.end(request.method === 'GET' ? content : undefined)
}

function put(blob: Blob, url: URL, request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  const component = url.searchParams.get('comp')
  if (component === 'block') {
    blob.blocks.set(url.searchParams.get('blockid') ?? '', body)
  } else if (component === 'blocklist') {
    const ids = [...body.toString().matchAll(/<Latest>([^<]+)<\/Latest>/g)].map(([, id = '']) => id)
    const blocks = ids.flatMap((id) => blob.blocks.get(id) ?? [])
    if (blocks.length !== ids.length) {
      response.writeHead(400).end()
      return
    }
    blob.content = Buffer.concat(blocks)
  } else {
    blob.content = body
  }
  const type = request.headers['x-ms-blob-content-type']
  if (typeof type === 'string') blob.contentType = type
  response.writeHead(201, { 'x-ms-request-id': randomUUID(), etag: '"0x1"' }).end()
}
