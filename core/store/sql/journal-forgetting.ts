import { type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import type { RecordingId } from '../../domain/ids.ts'
import type { Tx } from './sql-database.ts'
import type { Tables } from './tables.ts'

const FORGOTTEN = 'forgotten-until'

interface Forgetting {
  /** The last fact that the catalogue has. */
  readonly through: (db: Kysely<Tables>) => SelectQueryBuilder<Tables, 'journal_state', { readonly value: number }>
  readonly until: Date
}

/** Removes the facts of recordings that are destroyed. Their numbers are never given again: SQLite's AUTOINCREMENT remembers the greatest. */
export async function forgetRecordings(tx: Tx, recordingIds: readonly RecordingId[], { through, until }: Forgetting): Promise<number> {
  const live = new Set((await tx.selectFrom('journal_recordings').select('id').where('live', '=', 1).execute()).map(({ id }) => id))
  const ids = recordingIds.map(Number).filter((id) => !live.has(id))
  await tx.insertInto('journal_state').values({ name: FORGOTTEN, value: until.getTime() })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: until.getTime() }).where('journal_state.value', '<', until.getTime())).execute()
  if (ids.length === 0) return 0
  const { numDeletedRows } = await tx.deleteFrom('journal_facts').where('recording_id', 'in', ids).where('sequence', '<=', through(tx)).executeTakeFirstOrThrow()
  // Which leg asked for it, and what its files were called, tells of no person: a file that turns up late is still known.
  return Number(numDeletedRows)
}

export async function forgottenUntil(tx: Tx): Promise<Date | null> {
  const { value } = await tx.selectFrom('journal_state').select(sql<number | null>`max(value)`.as('value')).where('name', '=', FORGOTTEN).executeTakeFirstOrThrow()
  return value === null ? null : new Date(value)
}
