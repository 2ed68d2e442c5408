import { sql } from 'kysely'
import type { Actor } from '../../domain/audit-entry.ts'
import type { SeatFact } from '../../domain/capture-fact.ts'
import { parsePbxId, parseSeatId } from '../../domain/ids.ts'
import type { SeatSource } from '../../domain/seat.ts'
import type { PastSeat, SeatFilter, SeatHistory } from '../../ports/seat-history.ts'
import { insertIfAbsent } from './portable.ts'
import { searchKey } from './search-key.ts'
import type { SqlDatabase, Tx } from './sql-database.ts'
import type { SeatRow } from './tables.ts'

/** Keeps who sat where, from when to when. */
export async function applySeatFact(tx: Tx, { type, seat, by, at }: SeatFact): Promise<void> {
  if (type === 'seat-left') {
    await tx.updateTable('seats').set({ to_at: at.getTime(), ended_by: actorText(by) }).where('id', '=', seat.id).where('to_at', 'is', null).execute()
    return
  }
  const row: SeatRow = {
    id: seat.id,
    agent: seat.agent,
    agent_key: searchKey(seat.agent),
    pbx_id: seat.desk.pbxId,
    endpoint: seat.desk.endpoint,
    source: seat.source,
    from_at: seat.fromAt.getTime(),
    to_at: null,
    begun_by: actorText(by),
    ended_by: null,
  }
  await insertIfAbsent(tx, tx.insertInto('seats').values(row), { id: sql.ref<string>('id') }).execute()
}

export class SqlSeatHistory implements SeatHistory {
  readonly #database: SqlDatabase

  constructor(database: SqlDatabase) {
    this.#database = database
  }

  async seats({ agent, desk, from, to }: SeatFilter, first: number): Promise<readonly PastSeat[]> {
    return await this.#database.read(async (tx) => {
      let query = tx.selectFrom('seats').selectAll()
      if (agent !== null) query = query.where('agent_key', '=', searchKey(agent))
      if (desk !== null) query = query.where('pbx_id', '=', desk.pbxId).where('endpoint', '=', desk.endpoint)
      if (from !== null) query = query.where((where) => where.or([where('to_at', 'is', null), where('to_at', '>', from.getTime())]))
      if (to !== null) query = query.where('from_at', '<', to.getTime())
      return (await query.orderBy('from_at', 'desc').orderBy('id', 'desc').limit(first).execute()).map(seatOf)
    })
  }
}

function seatOf(row: SeatRow): PastSeat {
  return {
    id: parseSeatId(row.id),
    agent: row.agent,
    desk: { pbxId: parsePbxId(row.pbx_id), endpoint: row.endpoint },
    source: row.source as SeatSource,
    fromAt: new Date(row.from_at),
    toAt: row.to_at === null ? null : new Date(row.to_at),
    begunBy: row.begun_by,
    endedBy: row.ended_by,
  }
}

function actorText({ type, id }: Actor): string {
  return `${type}:${id}`
}
