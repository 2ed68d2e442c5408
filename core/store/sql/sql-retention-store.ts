import { sql } from 'kysely'
import type { AuditDraft } from '../../domain/audit-entry.ts'
import { HoldfastError } from '../../domain/errors.ts'
import type { RecordingId, RetentionRunId } from '../../domain/ids.ts'
import type { Recording } from '../../domain/recording.ts'
import type { CandidatePage, ItemOutcome, LeaseGrant, RetentionCandidate, RetentionItem, RetentionRun, RetentionStamp, RetentionStore } from '../../ports/retention-store.ts'
import type { AuditChain } from './audit-chain.ts'
import { actorJson } from './hold-rows.ts'
import { loadRecordings } from './load-recordings.ts'
import { insertIfAbsent, locked } from './portable.ts'
import { candidateOf, itemOf, runOf, subjectColumns } from './retention-rows.ts'
import { writeStamps } from './retention-stamps.ts'
import type { SqlDatabase, Tx } from './sql-database.ts'

const LEASE = 'run'
/** Rows in one statement: six parameters each. */
const ROWS_PER_QUERY = 500
const NOTHING_PLANNED: RetentionRun['planned'] = { archive: { recordings: 0, durationMs: 0, sizeBytes: 0 }, purge: { recordings: 0, durationMs: 0, sizeBytes: 0 } }

/** Rules, stamps and runs of retention as rows of the catalogue. */
export class SqlRetentionStore implements RetentionStore {
  readonly #database: SqlDatabase
  readonly #chain: AuditChain

  constructor(database: SqlDatabase, chain: AuditChain) {
    this.#database = database
    this.#chain = chain
  }

  async candidates({ after, first, notStampedBy, fields }: CandidatePage): Promise<readonly RetentionCandidate[]> {
    const rows = await this.#database.ask((db) => db.selectFrom('recordings')
      .leftJoin('media', 'media.recording_id', 'recordings.id')
      .leftJoin('retention_stamps', 'retention_stamps.recording_id', 'recordings.id')
      .select([...subjectColumns(fields), 'media.payload_size_bytes', 'retention_stamps.kept_until', 'retention_stamps.version'])
      .where('recordings.id', '>', Number(after ?? 0))
      .where('recordings.state', '!=', 'purged')
      .$if(notStampedBy !== undefined, (query) => query.where((where) => where.or([where('retention_stamps.version', 'is', null), where('retention_stamps.version', '!=', notStampedBy ?? '')])))
      .orderBy('recordings.id').limit(first).execute())
    return rows.map((row) => candidateOf(row))
  }

  async countCandidates(): Promise<number> {
    const { all } = await this.#database.ask((db) => db.selectFrom('recordings').select((select) => select.fn.countAll<number>().as('all')).where('state', '!=', 'purged').executeTakeFirstOrThrow())
    return all
  }

  async candidate(id: RecordingId): Promise<RetentionCandidate | null> {
    const row = await this.#database.ask((db) => db.selectFrom('recordings')
      .leftJoin('media', 'media.recording_id', 'recordings.id')
      .leftJoin('retention_stamps', 'retention_stamps.recording_id', 'recordings.id')
      .select([...subjectColumns('all'), 'media.payload_size_bytes', 'retention_stamps.kept_until', 'retention_stamps.version'])
      .where('recordings.id', '=', Number(id)).executeTakeFirst())
    return row === undefined ? null : candidateOf(row)
  }

  recordings(ids: readonly RecordingId[]): Promise<readonly Recording[]> {
    return this.#database.read((tx) => loadRecordings(tx, ids.map(Number)))
  }

  useRules({ version, canonical, at }: { readonly version: string; readonly canonical: string; readonly at: Date }, audit: AuditDraft): Promise<'new' | 'same'> {
    return this.#database.change(async (tx) => {
      const last = await locked(tx, tx.selectFrom('retention_rules').selectAll().orderBy('last_used_at', 'desc').orderBy('first_used_at', 'desc').limit(1)).executeTakeFirst()
      const usedAt = Math.max(at.getTime(), (last?.last_used_at ?? 0) + (last?.version === version ? 0 : 1))
      await insertIfAbsent(tx, tx.insertInto('retention_rules').values({ version, text: canonical, first_used_at: usedAt, last_used_at: usedAt }), { version: sql.ref<string>('version') }).execute()
      await tx.updateTable('retention_rules').set({ last_used_at: usedAt }).where('version', '=', version).execute()
      if (last?.version === version) return 'same'
      await this.#chain.append(tx, [audit])
      return 'new'
    })
  }

  async lastRules(): Promise<{ readonly version: string; readonly canonical: string } | null> {
    const row = await this.#database.ask((db) => db.selectFrom('retention_rules').select(['version', 'text']).orderBy('last_used_at', 'desc').orderBy('first_used_at', 'desc').limit(1).executeTakeFirst())
    return row === undefined ? null : { version: row.version, canonical: row.text }
  }

  async rulesText(version: string): Promise<{ readonly version: string; readonly canonical: string } | null> {
    const row = await this.#database.ask((db) => db.selectFrom('retention_rules').select(['version', 'text']).where('version', '=', version).executeTakeFirst())
    return row === undefined ? null : { version: row.version, canonical: row.text }
  }

  async stamp(stamps: readonly RetentionStamp[]): Promise<void> {
    await this.#database.change((tx) => writeStamps(tx, stamps))
  }

  takeLease(owner: string, { now, until }: { readonly now: Date; readonly until: Date }): Promise<LeaseGrant> {
    return this.#database.change(async (tx) => {
      await insertIfAbsent(tx, tx.insertInto('retention_lease').values({ name: LEASE, owner: null, until_at: 0 }), { name: sql.ref<string>('name') }).execute()
      const held = await lease(tx)
      if (held.owner !== null && held.owner !== owner && held.until_at > now.getTime()) return { outcome: 'taken', until: new Date(held.until_at) }
      await tx.updateTable('retention_lease').set({ owner, until_at: until.getTime() }).where('name', '=', LEASE).execute()
      const left = await tx.selectFrom('retention_runs').selectAll().where('state', '=', 'running').orderBy('begun_at').limit(1).executeTakeFirst()
      return { outcome: 'granted', left: left === undefined ? null : runOf(left) }
    })
  }

  async extendLease(owner: string, until: Date): Promise<void> {
    await this.#database.change(async (tx) => {
      if ((await lease(tx)).owner !== owner) throw new HoldfastError('RETENTION_RUNNING', 'another run of the retention rules has taken over')
      await tx.updateTable('retention_lease').set({ until_at: until.getTime() }).where('name', '=', LEASE).execute()
    })
  }

  async releaseLease(owner: string): Promise<void> {
    await this.#database.change((tx) => tx.updateTable('retention_lease').set({ owner: null, until_at: 0 }).where('name', '=', LEASE).where('owner', '=', owner).execute())
  }

  async open({ id, version, begunBy, begunAt, plannedAt }: Parameters<RetentionStore['open']>[0]): Promise<void> {
    await this.#database.change(async (tx) => {
      const left = await tx.selectFrom('retention_runs').select('id').where('state', '=', 'planning').execute()
      for (const run of left) {
        await tx.deleteFrom('retention_items').where('run_id', '=', run.id).execute()
        await tx.deleteFrom('retention_runs').where('id', '=', run.id).execute()
      }
      await tx.insertInto('retention_runs').values({
        id, version, state: 'planning', begun_by: actorJson(begunBy), begun_at: begunAt.getTime(), planned_at: plannedAt.getTime(), digest: '', planned_json: JSON.stringify(NOTHING_PLANNED),
        done_json: null, manifest: null, ended_at: null,
      }).execute()
    })
  }

  async addItems(id: RetentionRunId, items: readonly RetentionItem[]): Promise<void> {
    if (items.length === 0) return
    await this.#database.change(async (tx) => {
      for (let from = 0; from < items.length; from += ROWS_PER_QUERY) {
        await tx.insertInto('retention_items').values(items.slice(from, from + ROWS_PER_QUERY).map(({ recordingId, action, rule }) => ({ run_id: id, recording_id: Number(recordingId), action, rule, outcome: null, done_at: null }))).execute()
      }
    })
  }

  async begin(id: RetentionRunId, { digest, planned }: Pick<RetentionRun, 'digest' | 'planned'>, audit: AuditDraft): Promise<void> {
    await this.#database.change(async (tx) => {
      await tx.updateTable('retention_runs').set({ state: 'running', digest, planned_json: JSON.stringify(planned) }).where('id', '=', id).execute()
      await this.#chain.append(tx, [audit])
    })
  }

  async itemsLeft(id: RetentionRunId, { after, first }: { readonly after: RecordingId | null; readonly first: number }): Promise<readonly RetentionItem[]> {
    const rows = await this.#database.ask((db) => db.selectFrom('retention_items').selectAll().where('run_id', '=', id).where('recording_id', '>', Number(after ?? 0)).where('outcome', 'is', null)
      .orderBy('recording_id').limit(first).execute())
    return rows.map(itemOf)
  }

  async countItems(id: RetentionRunId): Promise<{ readonly all: number; readonly left: number }> {
    const { all, done } = await this.#database.ask((db) => db.selectFrom('retention_items').where('run_id', '=', id)
      .select((select) => [select.fn.countAll<number>().as('all'), select.fn.count<number>('outcome').as('done')]).executeTakeFirstOrThrow())
    return { all, left: all - done }
  }

  async finish(id: RetentionRunId, recordingId: RecordingId, { outcome, at }: { readonly outcome: ItemOutcome; readonly at: Date }): Promise<void> {
    await this.#database.change((tx) => tx.updateTable('retention_items').set({ outcome, done_at: at.getTime() }).where('run_id', '=', id).where('recording_id', '=', Number(recordingId)).where('outcome', 'is', null).execute())
  }

  async outcomes(id: RetentionRunId): Promise<Readonly<Partial<Record<ItemOutcome, number>>>> {
    const rows = await this.#database.ask((db) => db.selectFrom('retention_items').select(['outcome', (select) => select.fn.countAll<number>().as('count')]).where('run_id', '=', id).where('outcome', 'is not', null).groupBy('outcome').execute())
    return Object.fromEntries(rows.map((row) => [row.outcome, row.count]))
  }

  async end(id: RetentionRunId, { done, manifest, endedAt }: Parameters<RetentionStore['end']>[1], audit: AuditDraft): Promise<void> {
    await this.#database.change(async (tx) => {
      const run = await locked(tx, tx.selectFrom('retention_runs').select('state').where('id', '=', id)).executeTakeFirst()
      if (run?.state !== 'running') return
      await tx.updateTable('retention_runs').set({ state: 'ended', done_json: JSON.stringify(done), manifest, ended_at: endedAt?.getTime() ?? null }).where('id', '=', id).execute()
      await this.#chain.append(tx, [audit])
    })
  }

  async runs({ first, before }: { readonly first: number; readonly before: Date | null }): Promise<readonly RetentionRun[]> {
    const rows = await this.#database.ask((db) => db.selectFrom('retention_runs').selectAll().where('state', '!=', 'planning').$if(before !== null, (query) => query.where('begun_at', '<', before?.getTime() ?? 0))
      .orderBy('begun_at', 'desc').limit(first).execute())
    return rows.map(runOf)
  }
}

function lease(tx: Tx): Promise<{ readonly owner: string | null; readonly until_at: number }> {
  return locked(tx, tx.selectFrom('retention_lease').select(['owner', 'until_at']).where('name', '=', LEASE)).executeTakeFirstOrThrow()
}
