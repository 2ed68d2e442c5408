import { once } from 'node:events'
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { fileEnding, type MediaFormat } from '../core/domain/media.ts'
import type { Playback } from '../core/library/playback/playback.ts'
import type { Bearer, TicketedMedia } from '../core/library/playback/ticketed-media.ts'
import { parseByteRange } from './byte-range.ts'
import { sendRefusal } from './http-answer.ts'
import { setMediaHeaders } from './response-headers.ts'

const CONTENT_TYPES: Readonly<Record<MediaFormat, string>> = { 'wav-pcm16': 'audio/wav', 'wav-mulaw': 'audio/wav', 'wav-alaw': 'audio/wav', flac: 'audio/flac' }

/** One request for audio: who brings which ticket, and how to know that they have gone. */
export interface MediaRequest {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly ticket: string
  readonly bearer: Bearer
  readonly signal: AbortSignal
}

export type MediaRoute = (asked: MediaRequest) => Promise<void>

/** `GET` and `HEAD` of a recording's audio behind a ticket, whole or one range of it. */
export function createMediaRoute({ playback, stallMs }: { readonly playback: Playback; readonly stallMs: number }): MediaRoute {
  return async ({ request, response, ticket, bearer, signal }) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      sendRefusal(response, { status: 405, message: 'audio is read with GET or HEAD', headers: { Allow: 'GET, HEAD' } })
      return
    }
    const found = await playback.find(ticket, bearer)
    setMediaHeaders(response)
    const plan = planOf(request, found)
    if (plan.type === 'bytes') await send(response, playback.read(found, plan.start, plan.end), { plan, signal, stallMs })
    else response.writeHead(plan.status, plan.headers).end()
  }
}

type Plan =
  | { readonly type: 'headers'; readonly status: number; readonly headers: OutgoingHttpHeaders }
  | { readonly type: 'bytes'; readonly status: number; readonly headers: OutgoingHttpHeaders; readonly start: number; readonly end: number }

/** What is going to be answered, from the headers alone. Source: RFC 9110 §13.2.2 (order of conditions), §14.2, §15.3.7, §15.5.17 */
function planOf({ method, headers }: IncomingMessage, { media, recording, heard: { file, version } }: TicketedMedia): Plan {
  // Other parts of it in silence are other bytes.
  const etag = version === '' ? `"${media.sha256}"` : `"${media.sha256}-${version}"`
  const size = file.sizeBytes
  const common: OutgoingHttpHeaders = { 'Accept-Ranges': 'bytes', ETag: etag }
  if (lists(headers['if-none-match'], etag)) return { type: 'headers', status: 304, headers: common }
  const described = { ...common, 'Content-Type': CONTENT_TYPES[file.format], 'Content-Disposition': `inline; filename="recording-${recording.id}.${fileEnding(file.format)}"` }
  // A range is defined for GET alone (§14.2).
  if (method === 'HEAD') return { type: 'headers', status: 200, headers: { ...described, 'Content-Length': size } }
  // If-Range wants the very same bytes: a date, or another tag, gets the whole (§13.1.5).
  const wanted = headers['if-range'] === undefined || headers['if-range'] === etag ? headers.range : undefined
  const range = parseByteRange(wanted, size)
  if (range.type === 'unsatisfiable') return { type: 'headers', status: 416, headers: { ...common, 'Content-Range': `bytes */${size}`, 'Content-Length': 0 } }
  if (range.type === 'whole') return { type: 'bytes', status: 200, headers: { ...described, 'Content-Length': size }, start: 0, end: size }
  const { start, end } = range
  return { type: 'bytes', status: 206, headers: { ...described, 'Content-Range': `bytes ${start}-${end - 1}/${size}`, 'Content-Length': end - start }, start, end }
}

/**
 * Sends the chunks as fast as the client takes them. The first is there before the status is sent, so that what cannot be
 * read is an honest error; a fault after it ends the connection, and the client sees that bytes are missing.
 */
async function send(response: ServerResponse, chunks: AsyncGenerator<Uint8Array, void>, { plan, signal, stallMs }: { readonly plan: Plan; readonly signal: AbortSignal; readonly stallMs: number }): Promise<void> {
  try {
    let step = await chunks.next()
    if (signal.aborted) return
    response.writeHead(plan.status, plan.headers)
    for (; step.done !== true; step = await chunks.next()) {
      if (!response.write(step.value) && !await drained(response, signal, stallMs)) return
    }
    response.end()
  } finally {
    await chunks.return()
  }
}

/** Waits until the client takes more; a client that has gone, or stands still for too long, gets no more. */
async function drained(response: ServerResponse, gone: AbortSignal, stallMs: number): Promise<boolean> {
  const patience = AbortSignal.any([gone, AbortSignal.timeout(stallMs)])
  try {
    await once(response, 'drain', { signal: patience })
    return true
  } catch (error) {
    if (!patience.aborted) throw error
    response.destroy()
    return false
  }
}

/** Whether an If-None-Match names the tag. Weak tags compare equal here. Source: RFC 9110 §13.1.2, §8.8.3.2 */
function lists(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return header.trim() === '*' || header.split(',').some((part) => part.trim().replace(/^W\//, '') === etag)
}
