import { type Actor, ACTOR_TYPES } from '../../domain/audit-entry.ts'
import { HoldfastError } from '../../domain/errors.ts'
import { type ExportId, parseExportId, parseRecordingId, type RecordingId } from '../../domain/ids.ts'
import { EXPORT_AUDIOS } from '../../domain/package/manifest.ts'
import { EXPORT_STATES, type ExportHolder, type ExportRecord, type ExportRegister, type StoredPart } from '../../ports/export-register.ts'
import type { AuditChain } from './audit-chain.ts'
import type { ExportRow } from './export-tables.ts'
import { locked, lockedUnlessHeld } from './portable.ts'
import type { SqlDatabase, Tx } from './sql-database.ts'

const ROWS_PER_INSERT = 500
/** Neither over nor ready: somebody has work with it. */
const TO_BE_MADE = ['queued', 'making'] as const
/** Those that take space, now or soon. */
const KEPT = [...TO_BE_MADE, 'ready'] as const

/** Exports as rows: an order, its recordings, and the parts that are whole. */
export class SqlExportRegister implements ExportRegister {
  readonly #database: SqlDatabase
  readonly #chain: AuditChain

  constructor(database: SqlDatabase, chain: AuditChain) {
    this.#database = database
    this.#chain = chain
  }

  async place(...[order, recordings, { perActor, altogether }, audit]: Parameters<ExportRegister['place']>): Promise<'placed' | 'full'> {
    return await this.#database.change(async (tx) => {
      const kept = await locked(tx, tx.selectFrom('exports').select(['actor_type', 'actor_id']).where('state', 'in', KEPT)).execute()
      const own = kept.filter(({ actor_type: type, actor_id: id }) => type === order.by.type && id === order.by.id)
      if (kept.length >= altogether || own.length >= perActor) return 'full'
      await tx.insertInto('exports').values({
        id: order.id, actor_type: order.by.type, actor_id: order.by.id.toWellFormed(), actor_label: order.label.toWellFormed(), address: order.address, reason: order.reason.toWellFormed(), audio: order.audio,
        recipient: order.recipient, requested_at: order.requestedAt.getTime(), state: 'queued', failure: null, attempts: 0, recordings: recordings.length, manifest_sha256: null, ready_at: null, expires_at: null, leased_by: null, leased_until: null,
      }).execute()
      for (let from = 0; from < recordings.length; from += ROWS_PER_INSERT) {
        await tx.insertInto('export_members').values(recordings.slice(from, from + ROWS_PER_INSERT).map((id, index) => ({ export_id: order.id, member_index: from + index, recording_id: Number(id) }))).execute()
      }
      await this.#chain.append(tx, [audit])
      return 'placed'
    })
  }

  async find(id: ExportId): Promise<ExportRecord | null> {
    return await this.#database.read(async (tx) => {
      const row = await tx.selectFrom('exports').selectAll().where('id', '=', id).executeTakeFirst()
      return row === undefined ? null : await whole(tx, row)
    })
  }

  async list(actor: Actor | null, first: number): Promise<readonly ExportRecord[]> {
    return await this.#database.read(async (tx) => {
      const all = tx.selectFrom('exports').selectAll()
      const own = actor === null ? all : all.where('actor_id', '=', actor.id).where('actor_type', '=', actor.type)
      const rows = await own.orderBy('requested_at', 'desc').orderBy('id').limit(first).execute()
      return await Promise.all(rows.map((row) => whole(tx, row)))
    })
  }

  async lease(...[owner, now, { leaseMs, only }]: Parameters<ExportRegister['lease']>): Promise<ExportRecord | null> {
    return await this.#database.change(async (tx) => {
      const free = tx.selectFrom('exports').selectAll().where('state', 'in', TO_BE_MADE)
        .where((where) => where.or([where('leased_until', 'is', null), where('leased_until', '<=', now.getTime())])).orderBy('requested_at').orderBy('id').limit(1)
      const row = await lockedUnlessHeld(tx, only === null ? free : free.where('id', '=', only)).executeTakeFirst()
      if (row === undefined) return null
      const attempts = row.attempts + 1
      await tx.updateTable('exports').set({ state: 'making', attempts, leased_by: owner, leased_until: now.getTime() + leaseMs }).where('id', '=', row.id).execute()
      return await whole(tx, { ...row, state: 'making', attempts })
    })
  }

  async members(id: ExportId, from: number, most: number): Promise<readonly RecordingId[]> {
    const rows = await this.#database.ask((db) => db.selectFrom('export_members').select('recording_id').where('export_id', '=', id).where('member_index', '>=', from).orderBy('member_index').limit(most).execute())
    return rows.map((row) => parseRecordingId(String(row.recording_id)))
  }

  async parts(id: ExportId): Promise<readonly StoredPart[]> {
    const rows = await this.#database.ask((db) => db.selectFrom('export_parts').selectAll().where('export_id', '=', id).orderBy('part_index').execute())
    return rows.map((row) => ({
      index: row.part_index, blobName: row.blob_name, header: row.header, sizeBytes: row.size_bytes, packed: row.packed_json === null ? null : JSON.parse(row.packed_json) as StoredPart['packed'],
    }))
  }

  async addPart(...[id, holder, part, until]: Parameters<ExportRegister['addPart']>): Promise<void> {
    await this.#database.change(async (tx) => {
      await mustHold(tx, id, holder)
      await insertPart(tx, id, part)
      await tx.updateTable('exports').set({ leased_until: until.getTime() }).where('id', '=', id).execute()
    })
  }

  async hold(id: ExportId, holder: ExportHolder, until: Date): Promise<void> {
    await this.#database.change(async (tx) => {
      await mustHold(tx, id, holder)
      await tx.updateTable('exports').set({ leased_until: until.getTime() }).where('id', '=', id).execute()
    })
  }

  async release(id: ExportId, holder: ExportHolder): Promise<void> {
    await this.#database.change(async (tx) => {
      await mustHold(tx, id, holder)
      await tx.updateTable('exports').set({ state: 'queued', leased_by: null, leased_until: null }).where('id', '=', id).execute()
    })
  }

  async finish(...[id, holder, end, audits]: Parameters<ExportRegister['finish']>): Promise<void> {
    const told = end.state === 'ready' ? { manifest_sha256: end.manifestSha256, ready_at: end.at.getTime(), expires_at: end.expiresAt.getTime() } : { failure: end.failure }
    await this.#database.change(async (tx) => {
      await mustHold(tx, id, holder)
      if (end.state === 'ready') await insertPart(tx, id, end.part)
      await tx.updateTable('exports').set({ state: end.state, ...told, leased_by: null, leased_until: null }).where('id', '=', id).execute()
      await this.#chain.append(tx, audits)
    })
  }

  async cancel(...[id, audit]: Parameters<ExportRegister['cancel']>): Promise<boolean> {
    return await this.#database.change(async (tx) => {
      const row = await locked(tx, tx.selectFrom('exports').select('state').where('id', '=', id)).executeTakeFirst()
      if (row === undefined || !KEPT.some((state) => state === row.state)) return false
      await tx.updateTable('exports').set({ state: 'cancelled', leased_by: null, leased_until: null }).where('id', '=', id).execute()
      await this.#chain.append(tx, [audit])
      return true
    })
  }

  async over(now: Date): Promise<readonly ExportId[]> {
    return await this.#database.change(async (tx) => {
      await tx.updateTable('exports').set({ state: 'expired' }).where('state', '=', 'ready').where('expires_at', '<=', now.getTime()).execute()
      const outlived = await tx.selectFrom('exports').innerJoin('export_members', 'export_members.export_id', 'exports.id').innerJoin('destructions', 'destructions.recording_id', 'export_members.recording_id')
        .select('exports.id').distinct().where('exports.state', 'in', KEPT).whereRef('destructions.condemned_at', '>=', 'exports.requested_at').execute()
      if (outlived.length > 0) await tx.updateTable('exports').set({ state: 'expired', leased_by: null, leased_until: null }).where('id', 'in', outlived.map(({ id }) => id)).execute()
      const rows = await tx.selectFrom('exports').select('id').where('state', 'in', ['expired', 'cancelled', 'failed'])
        .where((where) => where.exists(where.selectFrom('export_parts').select('part_index').whereRef('export_parts.export_id', '=', 'exports.id'))).execute()
      return rows.map(({ id }) => parseExportId(id))
    })
  }

  async forgetParts(id: ExportId): Promise<void> {
    await this.#database.change((tx) => tx.deleteFrom('export_parts').where('export_id', '=', id).execute())
  }
}

async function insertPart(tx: Tx, id: ExportId, { index, blobName, header, sizeBytes, packed }: StoredPart): Promise<void> {
  await tx.insertInto('export_parts').values({ export_id: id, part_index: index, blob_name: blobName, header, size_bytes: sizeBytes, packed_json: packed === null ? null : JSON.stringify(packed) }).execute()
}

async function mustHold(tx: Tx, id: ExportId, { owner, attempt }: ExportHolder): Promise<void> {
  const row = await locked(tx, tx.selectFrom('exports').select('id').where('id', '=', id).where('leased_by', '=', owner).where('attempts', '=', attempt).where('state', '=', 'making')).executeTakeFirst()
  if (row === undefined) throw new HoldfastError('JOB_LEASE_LOST', 'the export is over, or somebody else makes it', { exportId: id })
}

/** An order with what the rows of its parts tell. */
// MariaDB adds up in decimals, which come as text.
async function whole(tx: Tx, row: ExportRow): Promise<ExportRecord> {
  const { done, size } = await tx.selectFrom('export_parts').select((select) => [select.fn.count<number | string>('packed_json').as('done'), select.fn.sum<number | string | null>('size_bytes').as('size')]).where('export_id', '=', row.id).executeTakeFirstOrThrow()
  return {
    id: parseExportId(row.id), by: { type: known(ACTOR_TYPES, row.actor_type), id: row.actor_id }, label: row.actor_label, address: row.address, reason: row.reason, audio: known(EXPORT_AUDIOS, row.audio), recipient: row.recipient,
    requestedAt: new Date(row.requested_at), state: known(EXPORT_STATES, row.state), failure: row.failure, attempts: row.attempts, recordings: row.recordings, done: Number(done), sizeBytes: Number(size ?? 0),
    manifestSha256: row.manifest_sha256, readyAt: row.ready_at === null ? null : new Date(row.ready_at), expiresAt: row.expires_at === null ? null : new Date(row.expires_at),
  }
}

function known<Word extends string>(words: readonly Word[], text: string): Word {
  const word = words.find((each) => each === text)
  if (word === undefined) throw new HoldfastError('STORE_FAILED', 'an export has a word that this version does not know', { word: text })
  return word
}
