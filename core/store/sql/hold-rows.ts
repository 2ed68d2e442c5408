import type { Actor } from '../../domain/audit-entry.ts'
import { parseHoldId } from '../../domain/ids.ts'
import type { HeldSearch, Hold } from '../../ports/hold-register.ts'
import { ANY_RECORDING, type AccessScope, type RecordingFilter } from '../../ports/recording-repository.ts'
import type { HoldRow, HoldSearchRow } from './hold-tables.ts'

/** What the rows say. They were written by `…Row` below. */
export function holdOf(row: HoldRow, { searches, named }: { readonly searches: readonly HoldSearchRow[]; readonly named: number }): Hold {
  return {
    id: parseHoldId(row.id),
    caseName: row.case_name,
    reason: row.reason,
    placedBy: actorOf(row.placed_by),
    placedAt: new Date(row.placed_at),
    scope: row.scope_json === null ? { type: 'all' } : scopeOf(row.scope_json),
    named,
    searches: searches.map(heldSearchOf),
    released: row.released_at === null ? null : { by: actorOf(row.released_by ?? '{"type":"system","id":""}'), reason: row.release_reason ?? '', at: new Date(row.released_at) },
  }
}

export function heldSearchOf(row: HoldSearchRow): HeldSearch {
  return { filter: filterOf(row.filter_json), scope: scopeOf(row.scope_json), by: actorOf(row.added_by), reason: row.reason, at: new Date(row.added_at) }
}

export function actorJson({ type, id }: Actor): string {
  return JSON.stringify({ type, id: id.toWellFormed() })
}

export function actorOf(json: string): Actor {
  return JSON.parse(json) as Actor
}

type StoredFilter = Omit<RecordingFilter, 'startedFrom' | 'startedTo'> & { readonly startedFrom: string | null; readonly startedTo: string | null }

/** A condition that did not exist when it was stored is one that was not asked. */
function filterOf(json: string): RecordingFilter {
  const { startedFrom, startedTo, ...stored } = JSON.parse(json) as StoredFilter
  return { ...ANY_RECORDING, ...stored, startedFrom: startedFrom === null ? null : new Date(startedFrom), startedTo: startedTo === null ? null : new Date(startedTo) }
}

function scopeOf(json: string): AccessScope {
  return JSON.parse(json) as AccessScope
}
