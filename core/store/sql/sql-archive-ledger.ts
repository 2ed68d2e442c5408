import type { AuditDraft } from '../../domain/audit-entry.ts'
import { parseRecordingId, parseRetentionRunId, type RecordingId, type RetentionRunId } from '../../domain/ids.ts'
import { transition } from '../../domain/lifecycle.ts'
import type { ArchiveCandidate, ArchiveLedger, ArchiveNote, ArchivePlace, ArchiveRecorded, LeftOriginal } from '../../ports/archive-ledger.ts'
import type { AuditChain } from './audit-chain.ts'
import { holdRecordings } from './load-recordings.ts'
import { together } from './portable.ts'
import type { SqlDatabase } from './sql-database.ts'

export class SqlArchiveLedger implements ArchiveLedger {
  readonly #database: SqlDatabase
  readonly #chain: AuditChain

  constructor(database: SqlDatabase, chain: AuditChain) {
    this.#database = database
    this.#chain = chain
  }

  candidate(id: RecordingId): Promise<ArchiveCandidate | null> {
    return this.#database.change(async (tx) => {
      const [recording] = await holdRecordings(tx, [Number(id)])
      if (recording === undefined) return null
      const row = await tx.selectFrom('media_headers').selectAll().where('recording_id', '=', Number(id)).where('version', '=', recording.media?.headerVersion ?? 0).executeTakeFirst()
      return { recording, header: row === undefined ? null : { version: row.version, bytes: row.header, recipients: JSON.parse(row.recipients_json) as readonly string[] } }
    })
  }

  record(id: RecordingId, { copied, payloadName, runId, store, archivedAt, entry }: ArchiveNote, audit: AuditDraft): Promise<ArchiveRecorded> {
    const key = Number(id)
    return this.#database.change(async (tx) => {
      const [recording] = await holdRecordings(tx, [key])
      if (recording?.state !== 'stored' || recording.media === null) return 'gone'
      if (recording.media.payloadName !== copied.payloadName || recording.media.headerVersion !== copied.headerVersion) return 'moved'
      const job = await tx.selectFrom('jobs').select('id').where('recording_id', '=', key).where('kind', '=', 'ingest').limit(1).executeTakeFirst()
      if (job !== undefined) return 'gone'
      const left = payloadName === copied.payloadName ? { left_payload: null, left_header_version: null } : { left_payload: copied.payloadName, left_header_version: copied.headerVersion }
      await together(tx, [
        tx.updateTable('recordings').set({ state: transition('stored', 'archived') }).where('id', '=', key),
        tx.updateTable('media').set({ payload_name: payloadName }).where('recording_id', '=', key),
        tx.insertInto('archived').values({ recording_id: key, run_id: runId, store, archived_at: archivedAt.getTime(), entry_json: entry, ...left }),
      ])
      await this.#chain.append(tx, [audit])
      return 'archived'
    })
  }

  async placeOf(id: RecordingId): Promise<ArchivePlace | null> {
    const row = await this.#database.ask((db) => db.selectFrom('archived').select(['archived_at', 'store', 'run_id']).where('recording_id', '=', Number(id)).executeTakeFirst())
    return row === undefined ? null : { archivedAt: new Date(row.archived_at), store: row.store, runId: parseRetentionRunId(row.run_id) }
  }

  async entriesAfter(runId: RetentionRunId, after: RecordingId | null, first: number): ReturnType<ArchiveLedger['entriesAfter']> {
    const rows = await this.#database.ask((db) => db.selectFrom('archived').select(['recording_id', 'archived_at', 'entry_json']).where('run_id', '=', runId)
      .where('recording_id', '>', Number(after ?? 0)).orderBy('recording_id').limit(first).execute())
    return rows.map((row) => ({ recordingId: parseRecordingId(String(row.recording_id)), archivedAt: new Date(row.archived_at), entry: row.entry_json }))
  }

  async leftOriginals(first: number): Promise<readonly LeftOriginal[]> {
    const rows = await this.#database.ask((db) => db.selectFrom('archived').select(['recording_id', 'left_payload', 'left_header_version']).where('left_payload', 'is not', null).orderBy('left_payload').limit(first).execute())
    return rows.map((row) => ({ recordingId: parseRecordingId(String(row.recording_id)), payloadName: row.left_payload ?? '', headerVersion: row.left_header_version ?? 0 }))
  }

  async originalGone(id: RecordingId): Promise<void> {
    await this.#database.change((tx) => tx.updateTable('archived').set({ left_payload: null, left_header_version: null }).where('recording_id', '=', Number(id)).execute())
  }
}
