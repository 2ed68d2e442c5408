import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Requester } from '../core/domain/actor.ts'
import { AUDIT_ACTIONS, AUDIT_OBJECTS, AUDIT_OUTCOMES, ACTOR_TYPES } from '../core/domain/audit-entry.ts'
import { HoldfastError } from '../core/domain/errors.ts'
import { parseNodeName } from '../core/domain/ids.ts'
import { AUDIT_FORMATS, type AuditExport, type AuditFormat } from '../core/library/audit/audit-export.ts'
import type { AuditFilter } from '../core/ports/audit-log.ts'
import { sendRefusal } from './http-answer.ts'

const CONTENT_TYPES: Readonly<Record<AuditFormat, string>> = { csv: 'text/csv; charset=utf-8; header=present', jsonl: 'application/jsonl; charset=utf-8' }
const WORDS = ['objectId', 'actorId', 'reason', 'recordingId', 'interactionId', 'address', 'customerId', 'number'] as const
const NAMES: ReadonlySet<string> = new Set([...WORDS, 'format', 'objectType', 'actorType', 'action', 'outcome', 'chain', 'from', 'to'])

export interface AuditRequest {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly requester: Requester
  readonly signal: AbortSignal
}

export type AuditRoute = (asked: AuditRequest) => Promise<void>

/** `GET` of the audit as CSV or JSON lines, asked with the names of GraphQL's `AuditFilter`. A client that takes nothing for so long is cut off. */
export function createAuditRoute({ auditExport, stallMs }: { readonly auditExport: AuditExport; readonly stallMs: number }): AuditRoute {
  return async ({ request, response, requester, signal }) => {
    if (request.method !== 'GET') {
      sendRefusal(response, { status: 405, message: 'the audit is read with GET', headers: { Allow: 'GET' } })
      return
    }
    const { format, filter } = auditQuery(new URL(request.url ?? '/', 'http://localhost').searchParams)
    const pieces = auditExport.export(requester, filter, format)
    // The first is there before the status is sent: a refusal is an honest error.
    const first = await pieces.next()
    response.writeHead(200, { 'Content-Type': CONTENT_TYPES[format], 'Content-Disposition': `attachment; filename="audit.${format}"`, 'Cache-Control': 'no-store' })
    response.setTimeout(stallMs, () => response.destroy())
    await pipeline(Readable.from(joined(first, pieces)), response, { signal })
  }
}

/** What a query string asks for. @throws HoldfastError `FILTER_INVALID`; `MALFORMED_ID` */
export function auditQuery(query: URLSearchParams): { readonly format: AuditFormat; readonly filter: AuditFilter } {
  const stray = [...query.keys()].find((name) => !NAMES.has(name) || (name !== 'action' && query.getAll(name).length > 1))
  // A condition that is not understood would be one that does not hold.
  if (stray !== undefined) throw invalid(stray.slice(0, 40), 'there is no such condition, or it is there twice')
  const words = Object.fromEntries(WORDS.map((name) => [name, query.get(name)])) as Record<(typeof WORDS)[number], string | null>
  const actions = query.getAll('action').map((action) => oneOf(AUDIT_ACTIONS, 'action', action))
  const chain = query.get('chain')
  return {
    format: oneOf(AUDIT_FORMATS, 'format', query.get('format') ?? 'jsonl'),
    filter: {
      ...words, action: null, actions: actions.length === 0 ? null : actions,
      objectType: optional(AUDIT_OBJECTS, 'objectType', query), actorType: optional(ACTOR_TYPES, 'actorType', query), outcome: optional(AUDIT_OUTCOMES, 'outcome', query),
      chain: chain === null ? null : parseNodeName(chain), from: timeOf('from', query), to: timeOf('to', query),
    },
  }
}

async function* joined(first: IteratorResult<string, void>, rest: AsyncGenerator<string, void>): AsyncGenerator<string, void> {
  try {
    if (first.done !== true) yield first.value
    yield* rest
  } finally {
    await rest.return()
  }
}

function optional<Value extends string>(values: readonly Value[], name: string, query: URLSearchParams): Value | null {
  const text = query.get(name)
  return text === null ? null : oneOf(values, name, text)
}

function oneOf<Value extends string>(values: readonly Value[], name: string, text: string): Value {
  const known = values.find((value) => value === text)
  if (known === undefined) throw invalid(name, `one of ${values.join(', ')}`)
  return known
}

function timeOf(name: string, query: URLSearchParams): Date | null {
  const text = query.get(name)
  const time = new Date(text ?? 0)
  if (Number.isNaN(time.getTime())) throw invalid(name, 'a time such as 2026-03-01T00:00:00Z')
  return text === null ? null : time
}

function invalid(field: string, message: string): HoldfastError {
  return new HoldfastError('FILTER_INVALID', `${field}: ${message}`, { field })
}
