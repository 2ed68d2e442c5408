import type { Compilable } from 'kysely'
import type { Recording } from '../../domain/recording.ts'
import { together } from './portable.ts'
import { recordingRow } from './recording-rows.ts'
import { accessRows, attachedRows } from './search-pairs.ts'
import type { Tx } from './sql-database.ts'

/** Rows of a recording that go with it. Which time was covered stays (`segment_sounds`): the ledger asks whether sound was lost, not whether it is kept. */
const CHILDREN = ['archived', 'media_headers', 'media', 'findings', 'attached_changes', 'parties', 'pauses', 'transfers', 'demands', 'segments'] as const

/** Puts the tombstone in the recording's place; `before` is how its rows are, held by this transaction. */
export async function reduceRecording(tx: Tx, before: Recording, tombstone: Recording): Promise<void> {
  const { id, ...row } = recordingRow(tombstone)
  const kept = accessRows(tombstone)
  const access = accessRows(before).filter((had) => !kept.some((row) => row.scope === had.scope && Buffer.compare(row.value, had.value) === 0))
  await together(tx, [
    ...CHILDREN.map((table): Compilable => tx.deleteFrom(table).where('recording_id', '=', id)),
    // By their whole keys: neither table is in the order of recordings.
    ...attachedRows(before).map((each) => tx.deleteFrom('attached').where('k', '=', each.k).where('v', '=', each.v).where('id', '=', each.id)),
    ...access.map((each) => tx.deleteFrom('access').where('scope', '=', each.scope).where('value', '=', each.value).where('id', '=', each.id)),
    tx.updateTable('recordings').set(row).where('id', '=', id),
  ])
}
