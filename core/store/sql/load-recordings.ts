import type { Recording } from '../../domain/recording.ts'
import { holdRows, together } from './portable.ts'
import { recordingOf } from './recording-rows.ts'
import type { Tx } from './sql-database.ts'

/** Ids in one `in (…)` list: a page and more, and far below SQLite's 32,766 parameters. */
const IDS_PER_QUERY = 500

/** The recordings with these ids, newest first, whole: one query per table however many there are. */
export async function loadRecordings(tx: Tx, ids: readonly number[]): Promise<readonly Recording[]> {
  const recordings: Recording[] = []
  const newestFirst = [...ids].sort((a, b) => b - a)
  for (let from = 0; from < newestFirst.length; from += IDS_PER_QUERY) {
    recordings.push(...await loadSome(tx, newestFirst.slice(from, from + IDS_PER_QUERY)))
  }
  return recordings
}

/** The same, held until the transaction ends: what is written back is built on what was read. */
export async function holdRecordings(tx: Tx, ids: readonly number[]): Promise<readonly Recording[]> {
  if (ids.length > 0) await holdRows(tx, tx.selectFrom('recordings').select('id').where('id', 'in', ids).orderBy('id'))
  return loadRecordings(tx, ids)
}

async function loadSome(tx: Tx, ids: readonly number[]): Promise<readonly Recording[]> {
  const [rows, segments, pauses, demands, parties, transfers, changes, findings, media] = await together(tx, [
    tx.selectFrom('recordings').selectAll().where('id', 'in', ids).orderBy('id', 'desc'),
    tx.selectFrom('segments').selectAll().where('recording_id', 'in', ids).orderBy('recording_id').orderBy('segment_index'),
    tx.selectFrom('pauses').selectAll().where('recording_id', 'in', ids).orderBy('recording_id').orderBy('pause_index'),
    tx.selectFrom('demands').selectAll().where('recording_id', 'in', ids).orderBy('recording_id').orderBy('demand_index'),
    tx.selectFrom('parties').selectAll().where('recording_id', 'in', ids).orderBy('recording_id').orderBy('party_index'),
    tx.selectFrom('transfers').selectAll().where('recording_id', 'in', ids).orderBy('recording_id').orderBy('transfer_index'),
    tx.selectFrom('attached_changes').selectAll().where('recording_id', 'in', ids).orderBy('recording_id').orderBy('change_index'),
    tx.selectFrom('findings').selectAll().where('recording_id', 'in', ids).orderBy('recording_id').orderBy('finding_index'),
    tx.selectFrom('media').selectAll().where('recording_id', 'in', ids),
  ])
  const of = { segments: byRecording(segments), pauses: byRecording(pauses), demands: byRecording(demands), parties: byRecording(parties), transfers: byRecording(transfers), changes: byRecording(changes), findings: byRecording(findings), media: byRecording(media) }
  return rows.map((recording) => recordingOf({
    recording,
    segments: of.segments(recording.id),
    pauses: of.pauses(recording.id),
    demands: of.demands(recording.id),
    parties: of.parties(recording.id),
    transfers: of.transfers(recording.id),
    attachedChanges: of.changes(recording.id),
    findings: of.findings(recording.id),
    media: of.media(recording.id)[0] ?? null,
  }))
}

function byRecording<Row extends { readonly recording_id: number }>(rows: readonly Row[]): (id: number) => readonly Row[] {
  const groups = Map.groupBy(rows, (row) => row.recording_id)
  return (id) => groups.get(id) ?? []
}
