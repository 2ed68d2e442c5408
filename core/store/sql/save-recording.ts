import { sql } from 'kysely'
import type { Recording } from '../../domain/recording.ts'
import { insertIfAbsent } from './portable.ts'
import { attachedChangeRow, demandRow, partyRow, pauseRow, recordingRow, segmentRow } from './recording-rows.ts'
import { searchKey } from './search-key.ts'
import { accessRows, attachedRows } from './search-pairs.ts'
import type { AttachedRow } from './search-tables.ts'
import type { Tx } from './sql-database.ts'
import { transferRow } from './transfer-rows.ts'

/** A recording as the database has it (`null`: not yet) and as it is to be. */
export interface RecordingChange {
  readonly before: Recording | null
  readonly after: Recording
}

/** Writes what changed: lists only grow, and their elements are compared as they are, because evolving keeps what it does not touch. */
export async function saveRecording(tx: Tx, { before, after }: RecordingChange): Promise<void> {
  if (before === null) await insert(tx, after)
  else if (before !== after) await update(tx, before, after)
  await saveSegments(tx, before, after)
  await savePauses(tx, before, after)
  await saveDemands(tx, before, after)
  await saveParties(tx, before, after)
  await saveTransfers(tx, before, after)
  await saveAttached(tx, before, after)
}

async function insert(tx: Tx, recording: Recording): Promise<void> {
  await tx.insertInto('recordings').values(recordingRow(recording)).execute()
  const access = accessRows(recording)
  if (access.length > 0) await tx.insertInto('access').values(access).execute()
}

async function update(tx: Tx, before: Recording, after: Recording): Promise<void> {
  // What the request said stays, and a decision may be long.
  const { id, retention_class: _, decision_json: __, ...changing } = recordingRow(after)
  await tx.updateTable('recordings').set(changing).where('id', '=', id).execute()
  if (before.partitions === after.partitions && before.parties === after.parties) return
  const had = accessRows(before)
  const gained = accessRows(after).filter((row) => !had.some((known) => known.scope === row.scope && Buffer.compare(known.value, row.value) === 0))
  if (gained.length > 0) await tx.insertInto('access').values(gained).execute()
}

async function saveSegments(tx: Tx, before: Recording | null, after: Recording): Promise<void> {
  const id = Number(after.id)
  const { added, changed } = compare(before?.segments ?? [], after.segments)
  if (added.length > 0) {
    await tx.insertInto('segments').values(added.map(([, segment]) => segmentRow(id, segment))).execute()
    const names = new Set(added.flatMap(([, segment]) => [segment.files.received, segment.files.transmitted]))
    const rows = [...names].map((name) => ({ name: searchKey(name), recording_id: id }))
    await insertIfAbsent(tx, tx.insertInto('spool_files').values(rows), { recording_id: sql.ref<number>('recording_id') }).execute()
  }
  for (const [, segment] of changed) {
    const { recording_id: recordingId, segment_index: index, ...row } = segmentRow(id, segment)
    await tx.updateTable('segments').set(row).where('recording_id', '=', recordingId).where('segment_index', '=', index).execute()
  }
}

async function savePauses(tx: Tx, before: Recording | null, after: Recording): Promise<void> {
  const { added, changed } = compare(before?.pauses ?? [], after.pauses)
  if (added.length > 0) await tx.insertInto('pauses').values(added.map(([, pause]) => pauseRow(Number(after.id), pause))).execute()
  for (const [, pause] of changed) {
    const { recording_id: recordingId, pause_index: index, ...row } = pauseRow(Number(after.id), pause)
    await tx.updateTable('pauses').set(row).where('recording_id', '=', recordingId).where('pause_index', '=', index).execute()
  }
}

async function saveDemands(tx: Tx, before: Recording | null, after: Recording): Promise<void> {
  const { added, changed } = compare(before?.demands ?? [], after.demands)
  if (added.length > 0) await tx.insertInto('demands').values(added.map(([, demand]) => demandRow(Number(after.id), demand))).execute()
  for (const [, demand] of changed) {
    const { recording_id: recordingId, demand_index: index, ...row } = demandRow(Number(after.id), demand)
    await tx.updateTable('demands').set(row).where('recording_id', '=', recordingId).where('demand_index', '=', index).execute()
  }
}

async function saveParties(tx: Tx, before: Recording | null, after: Recording): Promise<void> {
  const { added, changed } = compare(before?.parties ?? [], after.parties)
  if (added.length > 0) await tx.insertInto('parties').values(added.map(([index, party]) => partyRow(Number(after.id), party, index))).execute()
  for (const [place, party] of changed) {
    const { recording_id: recordingId, party_index: index, ...row } = partyRow(Number(after.id), party, place)
    await tx.updateTable('parties').set(row).where('recording_id', '=', recordingId).where('party_index', '=', index).execute()
  }
}

async function saveTransfers(tx: Tx, before: Recording | null, after: Recording): Promise<void> {
  const { added } = compare(before?.transfers ?? [], after.transfers)
  if (added.length > 0) await tx.insertInto('transfers').values(added.map(([index, transfer]) => transferRow(Number(after.id), transfer, index))).execute()
}

async function saveAttached(tx: Tx, before: Recording | null, after: Recording): Promise<void> {
  const { added } = compare(before?.attachedChanges ?? [], after.attachedChanges)
  if (added.length > 0) await tx.insertInto('attached_changes').values(added.map(([index, change]) => attachedChangeRow(Number(after.id), change, index))).execute()
  const had = before === null ? [] : attachedRows(before)
  const has = attachedRows(after)
  for (const row of difference(had, has)) {
    await tx.deleteFrom('attached').where('k', '=', row.k).where('v', '=', row.v).where('id', '=', row.id).execute()
  }
  const fresh = difference(has, had)
  if (fresh.length > 0) await tx.insertInto('attached').values(fresh).execute()
}

function compare<T>(before: readonly T[], after: readonly T[]): { readonly added: readonly (readonly [number, T])[]; readonly changed: readonly (readonly [number, T])[] } {
  const entries = [...after.entries()]
  return { added: entries.slice(before.length), changed: entries.slice(0, before.length).filter(([index, item]) => item !== before[index]) }
}

/** Rows of the first list that the second has not got. */
function difference(rows: readonly AttachedRow[], others: readonly AttachedRow[]): readonly AttachedRow[] {
  const known = new Map(others.map((row) => [row.k, row.v]))
  return rows.filter((row) => {
    const value = known.get(row.k)
    return value === undefined || Buffer.compare(value, row.v) !== 0
  })
}
