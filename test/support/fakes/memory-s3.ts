import { createHash, randomBytes } from 'node:crypto'

interface Upload {
  readonly key: string
  readonly begunAt: Date
  readonly parts: Map<number, Buffer>
}

/** An S3 service of one bucket that answers the requests of our store from memory; what it knows was seen at a real one, on which the same contract runs. */
export class MemoryS3 {
  readonly objects = new Map<string, Buffer>()
  readonly uploads = new Map<string, Upload>()
  readonly asked: string[] = []
  /** Answers in place of the service; `null`: the service answers. */
  instead: (request: { readonly method: string; readonly url: URL }) => Response | null = () => null

  readonly fetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(input instanceof Request ? input.url : input)
    const method = init.method ?? 'GET'
    this.asked.push(`${method} ${url.pathname}${url.search}`)
    await Promise.resolve()
    const key = decodeURIComponent(url.pathname.split('/').slice(2).join('/'))
    return this.instead({ method, url }) ?? this.#answer({ method, key, query: url.searchParams, body: bodyOf(init.body), range: new Headers(init.headers).get('range') })
  }

  #answer(request: Asked): Response {
    const { method, key, query } = request
    if (query.has('uploads') || query.has('uploadId')) return this.#multipart(request)
    if (key === '') return new Response(null, { status: 200 })
    if (method === 'PUT') return this.#put(key, request.body)
    if (method === 'DELETE') return this.#remove(key)
    const found = this.objects.get(key)
    if (found === undefined) return method === 'HEAD' ? new Response(null, { status: 404 }) : failure(404, 'NoSuchKey')
    if (method === 'HEAD') return new Response(null, { status: 200, headers: { 'content-length': String(found.length) } })
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.range ?? '') ?? []
    if (from === undefined || to === undefined) return new Response(new Uint8Array(found))
    return Number(from) >= found.length ? failure(416, 'InvalidRange') : new Response(new Uint8Array(found.subarray(Number(from), Number(to) + 1)), { status: 206 })
  }

  #put(key: string, body: Buffer): Response {
    this.objects.set(key, body)
    return new Response(null, { status: 200, headers: { etag: `"${createHash('md5').update(body).digest('hex')}"` } })
  }

  #remove(key: string): Response {
    this.objects.delete(key)
    return new Response(null, { status: 204 })
  }

  #multipart({ method, key, query, body }: Asked): Response {
    if (method === 'GET') return xml(`<ListMultipartUploadsResult>${[...this.uploads].map(([id, { key: of, begunAt }]) => `<Upload><Key>${of}</Key><UploadId>${id}</UploadId><Initiated>${begunAt.toISOString()}</Initiated></Upload>`).join('')}</ListMultipartUploadsResult>`)
    const id = query.get('uploadId')
    if (id === null) return this.#begin(key)
    const upload = this.uploads.get(id)
    if (upload === undefined) return failure(404, 'NoSuchUpload')
    if (method === 'PUT') {
      upload.parts.set(Number(query.get('partNumber')), body)
      return new Response(null, { status: 200, headers: { etag: `"${createHash('md5').update(body).digest('hex')}"` } })
    }
    this.uploads.delete(id)
    if (method === 'DELETE') return new Response(null, { status: 204 })
    this.objects.set(key, Buffer.concat([...upload.parts].toSorted(([a], [b]) => a - b).map(([, part]) => part)))
    return xml('<CompleteMultipartUploadResult><ETag>"whole"</ETag></CompleteMultipartUploadResult>')
  }

  #begin(key: string): Response {
    const id = randomBytes(8).toString('hex')
    this.uploads.set(id, { key, begunAt: new Date('2026-11-20T08:00:00Z'), parts: new Map() })
    return xml(`<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`)
  }
}

interface Asked {
  readonly method: string
  readonly key: string
  readonly query: URLSearchParams
  readonly body: Buffer
  readonly range: string | null
}

/** As a service tells a failure. */
export function failure(status: number, code: string): Response {
  return new Response(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code></Error>`, { status, headers: { 'content-type': 'application/xml' } })
}

function xml(text: string): Response {
  return new Response(`<?xml version="1.0" encoding="UTF-8"?>${text}`, { status: 200, headers: { 'content-type': 'application/xml' } })
}

function bodyOf(body: RequestInit['body']): Buffer {
  if (typeof body === 'string') return Buffer.from(body)
  return body instanceof Uint8Array ? Buffer.from(body) : Buffer.alloc(0)
}
