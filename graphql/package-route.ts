import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Actor } from '../core/domain/audit-entry.ts'
import type { Download, Downloads } from '../core/library/export/downloads.ts'
import type { Exports } from '../core/library/export/exports.ts'
import { parseByteRange } from './byte-range.ts'
import { sendRefusal } from './http-answer.ts'

const CONTENT_TYPES: Readonly<Record<Download['format'], string>> = { 'wav-pcm16': 'audio/wav', 'wav-mulaw': 'audio/wav', 'wav-alaw': 'audio/wav', flac: 'audio/flac', opus: 'audio/ogg; codecs=opus' }

export interface PackageRequest {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly ticket: string
  /** Of the token that came with the ticket; `null`: none came. */
  readonly bearer: Actor | null
  readonly signal: AbortSignal
}

export type PackageRoute = (asked: PackageRequest) => Promise<void>

/** `GET` and `HEAD` of a package behind a ticket, whole or from a place on: a download that broke off is gone on with. Source: RFC 9110 §14 */
export function createPackageRoute({ exports, stallMs }: { readonly exports: Exports; readonly stallMs: number }): PackageRoute {
  return async ({ request, response, ticket, bearer, signal }) => {
    if (!isRead(request, response)) return
    const found = await exports.open(ticket, bearer)
    const { id, sizeBytes, manifestSha256 } = found.record
    const etag = `"${manifestSha256 ?? ''}"`
    const common: OutgoingHttpHeaders = { 'Accept-Ranges': 'bytes', ETag: etag, 'Content-Type': 'application/x-tar', 'Content-Disposition': `attachment; filename="holdfast-export-${id}.tar"`, 'Cache-Control': 'no-store' }
    if (request.method === 'HEAD') {
      response.writeHead(200, { ...common, 'Content-Length': sizeBytes }).end()
      return
    }
    const wanted = request.headers['if-range'] === undefined || request.headers['if-range'] === etag ? request.headers.range : undefined
    const range = parseByteRange(wanted, sizeBytes)
    if (range.type === 'unsatisfiable') {
      response.writeHead(416, { 'Content-Range': `bytes */${sizeBytes}`, 'Content-Length': 0 }).end()
      return
    }
    const { start, end } = range.type === 'whole' ? { start: 0, end: sizeBytes } : range
    const partial = range.type === 'whole' ? {} : { 'Content-Range': `bytes ${start}-${end - 1}/${sizeBytes}` }
    await send(response, exports.read(found, start, end), { status: range.type === 'whole' ? 200 : 206, headers: { ...common, ...partial, 'Content-Length': end - start }, signal, stallMs })
  }
}

/** `GET` of one recording as a file, behind a ticket that is good for once. */
export function createDownloadRoute({ downloads, stallMs }: { readonly downloads: Downloads; readonly stallMs: number }): PackageRoute {
  return async ({ request, response, ticket, bearer, signal }) => {
    if (request.method !== 'GET') {
      sendRefusal(response, { status: 405, message: 'a recording is fetched with GET', headers: { Allow: 'GET' } })
      return
    }
    const file = await downloads.open(ticket, bearer)
    const { fileName, format, sizeBytes } = file
    await send(response, file.bytes(signal), { status: 200, headers: { 'Content-Type': CONTENT_TYPES[format], 'Content-Disposition': `attachment; filename="${fileName}"`, 'Cache-Control': 'no-store', ...sizeBytes === null ? {} : { 'Content-Length': sizeBytes } }, signal, stallMs })
  }
}

function isRead(request: IncomingMessage, response: ServerResponse): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return true
  sendRefusal(response, { status: 405, message: 'a package is fetched with GET or HEAD', headers: { Allow: 'GET, HEAD' } })
  return false
}

interface Sending {
  readonly status: number
  readonly headers: OutgoingHttpHeaders
  readonly signal: AbortSignal
  readonly stallMs: number
}

/** The first bytes are there before the status is: what cannot be read is an honest error. A client that takes nothing for so long is cut off. */
async function send(response: ServerResponse, bytes: AsyncGenerator<Uint8Array, void>, { status, headers, signal, stallMs }: Sending): Promise<void> {
  const first = await bytes.next()
  response.writeHead(status, headers)
  response.setTimeout(stallMs, () => response.destroy())
  await pipeline(Readable.from(joined(first, bytes)), response, { signal })
}

async function* joined(first: IteratorResult<Uint8Array, void>, rest: AsyncGenerator<Uint8Array, void>): AsyncGenerator<Uint8Array, void> {
  try {
    if (first.done !== true) yield first.value
    yield* rest
  } finally {
    await rest.return()
  }
}
