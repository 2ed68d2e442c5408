import { type InsertQueryBuilder, type InsertResult, sql } from 'kysely'
import type { RecordingId } from '../../domain/ids.ts'
import type { JobKind } from '../../ports/job-queue.ts'
import { insertIfAbsent } from './portable.ts'
import type { Tx } from './sql-database.ts'
import type { Tables } from './tables.ts'

/** What queues work within the transaction that makes it necessary. Idempotent by kind and recording. */
export function jobToQueue(tx: Tx, kind: JobKind, { recordingId, runAt }: { readonly recordingId: RecordingId; readonly runAt: Date }): InsertQueryBuilder<Tables, 'jobs', InsertResult> {
  const row = { kind, recording_id: Number(recordingId), due_at: runAt.getTime(), available_at: runAt.getTime(), leased_by: null, attempts: 0, last_error: null }
  return insertIfAbsent(tx, tx.insertInto('jobs').values(row), { kind: sql.ref<string>('kind') })
}
