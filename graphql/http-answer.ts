import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { type ErrorCode, isHoldfastError } from '../core/domain/errors.ts'
import type { Log } from '../core/ports/runtime.ts'
import type { UserErrorCode } from './generated/resolvers.ts'
import { maskOf, type UserErrorModel, userErrorOf } from './user-errors.ts'

/** The HTTP status of each failure that a caller can act upon. */
const STATUS: Readonly<Record<UserErrorCode, number>> = {
  MALFORMED_ID: 400,
  FILTER_INVALID: 400,
  CURSOR_INVALID: 400,
  POLICY_INVALID: 400,
  PEOPLE_INVALID: 400,
  PEOPLE_NOT_FOUND: 404,
  OPERATION_UNKNOWN: 400,
  QUERY_TOO_COSTLY: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  PAUSE_NOT_ALLOWED: 403,
  EXPORT_NOT_FOUND: 404,
  EXPORT_NOT_READY: 409,
  EXPORT_OVER: 410,
  EXPORT_TOO_LARGE: 400,
  EXPORT_LIMIT: 429,
  ENCODER_MISSING: 503,
  ENCODER_FAILED: 502,
  HOLD_NOT_FOUND: 404,
  HOLD_TOO_LATE: 409,
  HOLD_RELEASED: 409,
  RECORDING_HELD: 409,
  RECORDING_KEPT: 409,
  RECORDING_BUSY: 409,
  REASON_REQUIRED: 400,
  RETENTION_INVALID: 400,
  RETENTION_RUNNING: 409,
  START_NOT_ALLOWED: 403,
  STOP_NOT_ALLOWED: 403,
  ATTACHED_REFUSED: 400,
  PBX_UNKNOWN: 404,
  RECORDING_NOT_FOUND: 404,
  INTERACTION_NOT_FOUND: 404,
  NO_LIVE_CALL: 404,
  TICKET_INVALID: 404,
  CHANNEL_GONE: 409,
  DESK_IN_USE: 409,
  RECORDING_NOT_ACTIVE: 409,
  MEDIA_NOT_READY: 409,
  MEDIA_ABSENT: 410,
  TICKET_EXPIRED: 410,
  BLOB_RANGE: 416,
  RATE_LIMITED: 429,
  INTEGRITY_MISMATCH: 500,
  PAUSE_FAILED: 502,
  START_FAILED: 502,
  STOP_FAILED: 502,
  ATTACHED_FAILED: 502,
  NO_IDENTITY: 503,
  AUDIT_UNAVAILABLE: 503,
  QUERY_TIMEOUT: 504,
}

/** Told with a refusal that passes by itself. Source: the window of core/library/refused-attempts */
const RETRY_AFTER_SECONDS = 60

/** A database server is started anew in some seconds. */
const UNAVAILABLE_SECONDS = 5

const EXTRA: { readonly [C in UserErrorCode]?: OutgoingHttpHeaders } = {
  UNAUTHENTICATED: { 'WWW-Authenticate': 'Bearer realm="holdfast"' },
  RATE_LIMITED: { 'Retry-After': RETRY_AFTER_SECONDS },
}

export interface Answer {
  readonly status: number
  readonly body: unknown
  readonly headers?: OutgoingHttpHeaders
}

/** A JSON document; nothing is sent when an answer has begun already. */
export function sendJson(response: ServerResponse, { status, body, headers = {} }: Answer): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const text = `${JSON.stringify(body)}\n`
  response.writeHead(status, { ...headers, 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(text) })
  response.end(response.req.method === 'HEAD' ? undefined : text)
}

/** A refusal in words of HTTP alone. The connection ends with it: a body that nobody is going to read may still be on its way. */
export function sendRefusal(response: ServerResponse, { status, message, headers = {} }: { readonly status: number; readonly message: string; readonly headers?: OutgoingHttpHeaders }): void {
  sendJson(response, { status, body: { errors: [{ message }] }, headers: { ...headers, Connection: 'close' } })
}

/** A failure, in the shape that GraphQL errors have; what is not the caller's is logged and masked. */
export function sendError(response: ServerResponse, error: unknown, log: Log): void {
  const told = userErrorOf(error)
  if (told === null) {
    log.error({ error }, 'request failed')
    const { status, message, extensions } = maskOf(error)
    sendJson(response, { status, body: { errors: [{ message, extensions }] }, headers: { ...(status === 503 ? { 'Retry-After': UNAVAILABLE_SECONDS } : {}), Connection: 'close' } })
    return
  }
  sendJson(response, { status: STATUS[told.code], body: { errors: [graphqlShape(told)] }, headers: { ...EXTRA[told.code], ...retryAfter(error), Connection: 'close' } })
}

/** How long to wait, where the failure knows it better than the table. */
function retryAfter(error: unknown): OutgoingHttpHeaders {
  const wait = isHoldfastError(error, 'RATE_LIMITED') ? error.details['retryAfterSeconds'] : undefined
  return typeof wait === 'number' ? { 'Retry-After': wait } : {}
}

/** The status that belongs to a code. */
export function statusOf(code: UserErrorCode & ErrorCode): number {
  return STATUS[code]
}

function graphqlShape({ code, message, retry }: UserErrorModel): object {
  return { message, extensions: { code, retry } }
}
