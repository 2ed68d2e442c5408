import { sql } from 'kysely'
import type { AuditDraft } from '../../domain/audit-entry.ts'
import { type HoldId, parseRecordingId, type RecordingId } from '../../domain/ids.ts'
import type { Recording } from '../../domain/recording.ts'
import type { Hold, HoldDraft, HoldExtension, HoldPlacement, HoldRegister } from '../../ports/hold-register.ts'
import { COUNT_CAP } from '../../ports/recording-repository.ts'
import type { AuditChain } from './audit-chain.ts'
import { actorJson } from './hold-rows.ts'
import { insertIfAbsent, locked } from './portable.ts'
import { matchingIds } from './search-recordings.ts'
import type { SqlDatabase, Tx } from './sql-database.ts'
import { holdsOver, passGate, wholeHolds } from './standing-holds.ts'

/** Rows in one statement. */
const ROWS_PER_INSERT = 500

/** Holds as rows of the catalogue; a search is stored, and asked whenever something is to be destroyed. */
export class SqlHoldRegister implements HoldRegister {
  readonly #database: SqlDatabase
  readonly #chain: AuditChain

  constructor(database: SqlDatabase, chain: AuditChain) {
    this.#database = database
    this.#chain = chain
  }

  place({ members, ...draft }: HoldDraft, ...audit: readonly AuditDraft[]): Promise<HoldPlacement> {
    return this.#database.change(async (tx) => {
      await passGate(tx)
      const tooLate = await condemnedAmong(tx, members.recordings)
      if (isAllTooLate(members, tooLate)) return { outcome: 'too-late', tooLate }
      await tx.insertInto('holds').values({
        id: draft.id, case_name: draft.caseName.toWellFormed(), reason: draft.reason.toWellFormed(), placed_by: actorJson(draft.placedBy), placed_at: draft.placedAt.getTime(),
        scope_json: JSON.stringify(draft.scope), released_by: null, released_at: null, release_reason: null,
      }).execute()
      return this.#join(tx, { id: draft.id, members, by: draft.placedBy, reason: draft.reason, at: draft.placedAt, scope: draft.scope }, { tooLate, audit })
    })
  }

  extend(extension: HoldExtension, ...audit: readonly AuditDraft[]): Promise<HoldPlacement> {
    return this.#database.change(async (tx) => {
      await passGate(tx)
      const row = await locked(tx, tx.selectFrom('holds').select('released_at').where('id', '=', extension.id)).executeTakeFirst()
      if (row === undefined) return { outcome: 'unknown' }
      if (row.released_at !== null) return { outcome: 'released' }
      const tooLate = await condemnedAmong(tx, extension.members.recordings)
      if (isAllTooLate(extension.members, tooLate)) return { outcome: 'too-late', tooLate }
      return this.#join(tx, extension, { tooLate, audit })
    })
  }

  release(id: HoldId, { by, reason, at }: NonNullable<Hold['released']>, audit: AuditDraft): Promise<'released' | 'already' | 'unknown'> {
    return this.#database.change(async (tx) => {
      const row = await locked(tx, tx.selectFrom('holds').select('released_at').where('id', '=', id)).executeTakeFirst()
      if (row === undefined) return 'unknown'
      if (row.released_at !== null) return 'already'
      await tx.updateTable('holds').set({ released_by: actorJson(by), released_at: at.getTime(), release_reason: reason.toWellFormed() }).where('id', '=', id).execute()
      await this.#chain.append(tx, [audit])
      return 'released'
    })
  }

  find(id: HoldId): Promise<Hold | null> {
    return this.#database.read((tx) => findHold(tx, id))
  }

  list(which: 'standing' | 'all'): Promise<readonly Hold[]> {
    return this.#database.read(async (tx) => {
      const all = tx.selectFrom('holds').selectAll().orderBy('placed_at', 'desc').orderBy('id')
      return wholeHolds(tx, await (which === 'standing' ? all.where('released_at', 'is', null) : all).execute())
    })
  }

  async named(id: HoldId, { first, before }: { readonly first: number; readonly before: RecordingId | null }): Promise<readonly RecordingId[]> {
    const rows = await this.#database.ask((db) => db.selectFrom('hold_recordings').select('recording_id').where('hold_id', '=', id)
      .where('recording_id', '<', before === null ? Number.MAX_SAFE_INTEGER : Number(before)).orderBy('recording_id', 'desc').limit(first).execute())
    return rows.map((row) => parseRecordingId(String(row.recording_id)))
  }

  over(recordings: readonly Recording[]): Promise<ReadonlyMap<RecordingId, readonly Hold[]>> {
    return this.#database.read((tx) => holdsOver(tx, recordings))
  }

  async #join(tx: Tx, { id, members, by, reason, at, scope }: HoldExtension, { tooLate, audit }: { readonly tooLate: readonly RecordingId[]; readonly audit: readonly AuditDraft[] }): Promise<HoldPlacement> {
    const why = reason.toWellFormed()
    const late = new Set(tooLate)
    const rows = [...new Set(members.recordings)].filter((each) => !late.has(each)).map((each) => ({ hold_id: id, reason: why, recording_id: Number(each), held_at: at.getTime(), held_by: actorJson(by) }))
    for (let from = 0; from < rows.length; from += ROWS_PER_INSERT) {
      await insertIfAbsent(tx, tx.insertInto('hold_recordings').values(rows.slice(from, from + ROWS_PER_INSERT)), { hold_id: sql.ref<string>('hold_id') }).execute()
    }
    const { count } = await tx.selectFrom('hold_searches').select((select) => select.fn.countAll<number>().as('count')).where('hold_id', '=', id).executeTakeFirstOrThrow()
    const searches = members.searches.map((filter, index) => ({
      hold_id: id, reason: why, search_index: count + index, filter_json: JSON.stringify(filter), scope_json: JSON.stringify(scope), added_by: actorJson(by), added_at: at.getTime(),
    }))
    if (searches.length > 0) await tx.insertInto('hold_searches').values(searches).execute()
    const found: number[] = []
    // Behind the gate: what is counted here is held, whatever is destroyed next.
    for (const filter of members.searches) found.push((await matchingIds(tx, { filter, scope, before: null, limit: COUNT_CAP + 1, order: 'any', deadline: null })).length)
    await this.#chain.append(tx, audit)
    const hold = await findHold(tx, id)
    return hold === null ? { outcome: 'unknown' } : { outcome: 'placed', hold, tooLate, found }
  }
}

function isAllTooLate({ recordings, searches }: HoldDraft['members'], tooLate: readonly RecordingId[]): boolean {
  return searches.length === 0 && recordings.length > 0 && tooLate.length === new Set(recordings).size
}

async function findHold(tx: Tx, id: HoldId): Promise<Hold | null> {
  return (await wholeHolds(tx, await tx.selectFrom('holds').selectAll().where('id', '=', id).execute()))[0] ?? null
}

/** Those whose destruction was decided. */
async function condemnedAmong(tx: Tx, ids: readonly RecordingId[]): Promise<readonly RecordingId[]> {
  const condemned: RecordingId[] = []
  const wanted = [...new Set(ids)].map(Number)
  for (let from = 0; from < wanted.length; from += ROWS_PER_INSERT) {
    const rows = await tx.selectFrom('destructions').select('recording_id').where('recording_id', 'in', wanted.slice(from, from + ROWS_PER_INSERT)).orderBy('recording_id').execute()
    condemned.push(...rows.map((row) => parseRecordingId(String(row.recording_id))))
  }
  return condemned
}
