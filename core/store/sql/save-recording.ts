import { type Compilable, sql } from 'kysely'
import type { Recording } from '../../domain/recording.ts'
import { insertIfAbsent, together } from './portable.ts'
import { attachedChangeRow, demandRow, partyRow, pauseRow, recordingRow, segmentRow } from './recording-rows.ts'
import { searchKey } from './search-key.ts'
import { accessRows, attachedRows } from './search-pairs.ts'
import type { AttachedRow } from './search-tables.ts'
import type { Tx } from './sql-database.ts'
import { transferRow } from './transfer-rows.ts'
import { isStampedAnew, stamped, stamps } from './unit-stamps.ts'

/** A recording as the database has it (`null`: not yet) and as it is to be. */
export interface RecordingChange {
  readonly before: Recording | null
  readonly after: Recording
}

/** Writes what changed: lists only grow, and their elements are compared as they are, because evolving keeps what it does not touch. */
export async function saveRecordings(tx: Tx, changes: readonly RecordingChange[]): Promise<void> {
  const anew = changes.filter(({ before, after }) => before === null ? after.parties.length > 0 : isStampedAnew(before, after)).map(({ after }) => stamped(after))
  const { queries } = await stamps(tx, anew)
  await together(tx, [...changes.flatMap((change) => queriesOf(tx, change)), ...queries])
}

function queriesOf(tx: Tx, { before, after }: RecordingChange): readonly Compilable[] {
  return [
    ...(before === null ? inserts(tx, after) : before === after ? [] : updates(tx, before, after)),
    ...ofSegments(tx, before, after),
    ...ofPauses(tx, before, after),
    ...ofDemands(tx, before, after),
    ...ofParties(tx, before, after),
    ...ofTransfers(tx, before, after),
    ...ofAttached(tx, before, after),
  ]
}

function inserts(tx: Tx, recording: Recording): readonly Compilable[] {
  const access = accessRows(recording)
  return [tx.insertInto('recordings').values(recordingRow(recording)), ...(access.length === 0 ? [] : [tx.insertInto('access').values(access)])]
}

function updates(tx: Tx, before: Recording, after: Recording): readonly Compilable[] {
  // What the request said stays, and a decision may be long.
  const { id, retention_class: _, decision_json: __, ...changing } = recordingRow(after)
  const update = tx.updateTable('recordings').set(changing).where('id', '=', id)
  if (before.partitions === after.partitions && before.parties === after.parties) return [update]
  const had = accessRows(before)
  const gained = accessRows(after).filter((row) => !had.some((known) => known.scope === row.scope && Buffer.compare(known.value, row.value) === 0))
  return [update, ...(gained.length === 0 ? [] : [tx.insertInto('access').values(gained)])]
}

function ofSegments(tx: Tx, before: Recording | null, after: Recording): readonly Compilable[] {
  const id = Number(after.id)
  const { added, changed } = compare(before?.segments ?? [], after.segments)
  const names = new Set(added.flatMap(([, segment]) => [segment.files.received, segment.files.transmitted]))
  const files = [...names].map((name) => ({ name: searchKey(name), recording_id: id }))
  return [
    ...(added.length === 0 ? [] : [
      tx.insertInto('segments').values(added.map(([, segment]) => segmentRow(id, segment))),
      insertIfAbsent(tx, tx.insertInto('spool_files').values(files), { recording_id: sql.ref<number>('recording_id') }),
    ]),
    ...changed.map(([, segment]) => {
      const { recording_id: recordingId, segment_index: index, ...row } = segmentRow(id, segment)
      return tx.updateTable('segments').set(row).where('recording_id', '=', recordingId).where('segment_index', '=', index)
    }),
  ]
}

function ofPauses(tx: Tx, before: Recording | null, after: Recording): readonly Compilable[] {
  const { added, changed } = compare(before?.pauses ?? [], after.pauses)
  return [
    ...(added.length === 0 ? [] : [tx.insertInto('pauses').values(added.map(([, pause]) => pauseRow(Number(after.id), pause)))]),
    ...changed.map(([, pause]) => {
      const { recording_id: recordingId, pause_index: index, ...row } = pauseRow(Number(after.id), pause)
      return tx.updateTable('pauses').set(row).where('recording_id', '=', recordingId).where('pause_index', '=', index)
    }),
  ]
}

function ofDemands(tx: Tx, before: Recording | null, after: Recording): readonly Compilable[] {
  const { added, changed } = compare(before?.demands ?? [], after.demands)
  return [
    ...(added.length === 0 ? [] : [tx.insertInto('demands').values(added.map(([, demand]) => demandRow(Number(after.id), demand)))]),
    ...changed.map(([, demand]) => {
      const { recording_id: recordingId, demand_index: index, ...row } = demandRow(Number(after.id), demand)
      return tx.updateTable('demands').set(row).where('recording_id', '=', recordingId).where('demand_index', '=', index)
    }),
  ]
}

function ofParties(tx: Tx, before: Recording | null, after: Recording): readonly Compilable[] {
  const { added, changed } = compare(before?.parties ?? [], after.parties)
  return [
    ...(added.length === 0 ? [] : [tx.insertInto('parties').values(added.map(([index, party]) => partyRow(Number(after.id), party, index)))]),
    ...changed.map(([place, party]) => {
      const { recording_id: recordingId, party_index: index, ...row } = partyRow(Number(after.id), party, place)
      return tx.updateTable('parties').set(row).where('recording_id', '=', recordingId).where('party_index', '=', index)
    }),
  ]
}

function ofTransfers(tx: Tx, before: Recording | null, after: Recording): readonly Compilable[] {
  const { added } = compare(before?.transfers ?? [], after.transfers)
  return added.length === 0 ? [] : [tx.insertInto('transfers').values(added.map(([index, transfer]) => transferRow(Number(after.id), transfer, index)))]
}

function ofAttached(tx: Tx, before: Recording | null, after: Recording): readonly Compilable[] {
  const { added } = compare(before?.attachedChanges ?? [], after.attachedChanges)
  return [
    ...(added.length === 0 ? [] : [tx.insertInto('attached_changes').values(added.map(([index, change]) => attachedChangeRow(Number(after.id), change, index)))]),
    ...ofSearchPairs(tx, before, after),
  ]
}

/** What it is found by, row by row. */
export function ofSearchPairs(tx: Tx, before: Recording | null, after: Recording): readonly Compilable[] {
  const had = before === null ? [] : attachedRows(before)
  const has = attachedRows(after)
  const fresh = difference(has, had)
  return [
    ...difference(had, has).map((row) => tx.deleteFrom('attached').where('k', '=', row.k).where('v', '=', row.v).where('id', '=', row.id)),
    ...(fresh.length === 0 ? [] : [tx.insertInto('attached').values(fresh)]),
  ]
}

function compare<T>(before: readonly T[], after: readonly T[]): { readonly added: readonly (readonly [number, T])[]; readonly changed: readonly (readonly [number, T])[] } {
  const entries = [...after.entries()]
  return { added: entries.slice(before.length), changed: entries.slice(0, before.length).filter(([index, item]) => item !== before[index]) }
}

/** Rows of the first list that the second has not got. A key may have several values: labels. */
function difference(rows: readonly AttachedRow[], others: readonly AttachedRow[]): readonly AttachedRow[] {
  const known = new Set(others.map(keyOf))
  return rows.filter((row) => !known.has(keyOf(row)))
}

function keyOf({ k, v }: AttachedRow): string {
  return `${k} ${Buffer.from(v).toString('hex')}`
}
