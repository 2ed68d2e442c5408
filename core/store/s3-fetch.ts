import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { Agent as PlainAgent, type IncomingMessage, request as plainRequest } from 'node:http'
import { Agent as TlsAgent, request as tlsRequest } from 'node:https'
import { Readable } from 'node:stream'

export interface S3Route {
  /** Certificate authorities, PEM; `null`: those of the system. */
  readonly caPem: string | null
  /** Until an answer begins, and between two pieces of it. */
  readonly deadlineMs: number
}

/** A connection that nobody used for so long is closed: servers close theirs after a minute, and one that they just closed fails a request. */
const IDLE_MS = 4000
/** Answers that have no body by their status. Source: Fetch standard, "null body status" */
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304])

/**
 * What the S3 client sends its requests with, in place of the runtime's own `fetch`: that one knows no certificate authority of a
 * house and no deadline between two pieces. What is sent carries its MD5, so that the server refuses bytes that changed on their way.
 * Source: Amazon S3 API, PutObject and UploadPart, `Content-MD5` → `BadDigest`
 */
export function s3Fetch({ caPem, deadlineMs }: S3Route): { readonly fetch: typeof fetch; readonly close: () => void } {
  const agents = { 'http:': new PlainAgent({ keepAlive: true, timeout: IDLE_MS }), 'https:': new TlsAgent({ keepAlive: true, timeout: IDLE_MS, ...(caPem === null ? {} : { ca: caPem }) }) }
  const send = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(input instanceof Request ? input.url : input)
    const { method = 'GET' } = init
    const body = bytesOf(init.body)
    const described = method === 'PUT' || method === 'POST' ? { 'content-length': String(body.length), 'content-md5': createHash('md5').update(body).digest('base64') } : {}
    const headers = { ...described, ...headersOf(init.headers) }
    const signal = AbortSignal.timeout(deadlineMs)
    const request = url.protocol === 'https:' ? tlsRequest(url, { method, headers, signal, agent: agents['https:'] }) : plainRequest(url, { method, headers, signal, agent: agents['http:'] })
    request.end(body)
    const [answer] = await once(request, 'response') as [IncomingMessage]
    return responseOf(answer, method, deadlineMs)
  }
  return { fetch: send, close: () => Object.values(agents).forEach((agent) => agent.destroy()) }
}

function responseOf(answer: IncomingMessage, method: string, deadlineMs: number): Response {
  const status = answer.statusCode ?? 0
  const headers = Object.entries(answer.headers).flatMap(([name, value]): [string, string][] => typeof value === 'string' ? [[name, value]] : [])
  answer.setTimeout(deadlineMs, () => answer.destroy(new Error('the store stopped in the middle of an answer')))
  if (method !== 'HEAD' && !WITHOUT_BODY.has(status)) return new Response(Readable.toWeb(answer) as ReadableStream<Uint8Array>, { status, headers })
  answer.resume()
  return new Response(null, { status, headers })
}

function headersOf(headers: RequestInit['headers']): Readonly<Record<string, string>> {
  return Object.fromEntries(new Headers(headers).entries())
}

function bytesOf(body: RequestInit['body']): Uint8Array {
  if (body === null || body === undefined) return new Uint8Array()
  if (typeof body === 'string') return Buffer.from(body)
  if (body instanceof Uint8Array) return body
  throw new TypeError('the S3 client sends bytes and text alone')
}
