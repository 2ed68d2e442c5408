import type { Recording } from '../../domain/recording.ts'
import { locked } from './portable.ts'
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

export async function loadRecording(tx: Tx, id: number): Promise<Recording | null> {
  return (await loadSome(tx, [id]))[0] ?? null
}

/** The same, held until the transaction ends: what is written back is built on what was read. */
export async function holdRecordings(tx: Tx, ids: readonly number[]): Promise<readonly Recording[]> {
  if (ids.length > 0) await locked(tx, tx.selectFrom('recordings').select('id').where('id', 'in', ids).orderBy('id')).execute()
  return loadRecordings(tx, ids)
}

async function loadSome(tx: Tx, ids: readonly number[]): Promise<readonly Recording[]> {
  const rows = await tx.selectFrom('recordings').selectAll().where('id', 'in', ids).orderBy('id', 'desc').execute()
  if (rows.length === 0) return []
  const segments = byRecording(await tx.selectFrom('segments').selectAll().where('recording_id', 'in', ids).orderBy('recording_id').orderBy('segment_index').execute())
  const pauses = byRecording(await tx.selectFrom('pauses').selectAll().where('recording_id', 'in', ids).orderBy('recording_id').orderBy('pause_index').execute())
  const demands = byRecording(await tx.selectFrom('demands').selectAll().where('recording_id', 'in', ids).orderBy('recording_id').orderBy('demand_index').execute())
  const parties = byRecording(await tx.selectFrom('parties').selectAll().where('recording_id', 'in', ids).orderBy('recording_id').orderBy('party_index').execute())
  const transfers = byRecording(await tx.selectFrom('transfers').selectAll().where('recording_id', 'in', ids).orderBy('recording_id').orderBy('transfer_index').execute())
  const changes = byRecording(await tx.selectFrom('attached_changes').selectAll().where('recording_id', 'in', ids).orderBy('recording_id').orderBy('change_index').execute())
  const findings = byRecording(await tx.selectFrom('findings').selectAll().where('recording_id', 'in', ids).orderBy('recording_id').orderBy('finding_index').execute())
  const media = byRecording(await tx.selectFrom('media').selectAll().where('recording_id', 'in', ids).execute())
  return rows.map((recording) => recordingOf({
    recording,
    segments: segments(recording.id),
    pauses: pauses(recording.id),
    demands: demands(recording.id),
    parties: parties(recording.id),
    transfers: transfers(recording.id),
    attachedChanges: changes(recording.id),
    findings: findings(recording.id),
    media: media(recording.id)[0] ?? null,
  }))
}

function byRecording<Row extends { readonly recording_id: number }>(rows: readonly Row[]): (id: number) => readonly Row[] {
  const groups = Map.groupBy(rows, (row) => row.recording_id)
  return (id) => groups.get(id) ?? []
}
