import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { AuditDraft } from '../../domain/audit-entry.ts'
import { attemptOfPayload, payloadNameOf } from '../../domain/blob-names.ts'
import { placedName, storeOfName, unplacedName } from '../../domain/blob-place.ts'
import { FIRST_HEADER_VERSION, headerBlobName, headerBlobNames } from '../../domain/header-blob.ts'
import { parseRecordingId, type RecordingId } from '../../domain/ids.ts'
import { isUnfinished, transition } from '../../domain/lifecycle.ts'
import { fileNames, type Recording } from '../../domain/recording.ts'
import { later } from '../../domain/retention/judge-retention.ts'
import { tombstoneOf } from '../../domain/tombstone.ts'
import type { Condemnation, DestructionLedger, EndedPlace } from '../../ports/destruction-ledger.ts'
import type { Destruction, DestructionCause, DestructionOrder, DestructionPlan, DestructionRefusal, DestructionStep } from '../../ports/recording-destroyer.ts'
import type { AuditChain } from './audit-chain.ts'
import { actorJson, actorOf } from './hold-rows.ts'
import type { DestructionRow, HoldTables } from './hold-tables.ts'
import { holdRecordings } from './load-recordings.ts'
import { locked } from './portable.ts'
import { reduceRecording } from './reduce-recording.ts'
import { stampedUntil } from './retention-stamps.ts'
import type { SqlDatabase, Tx } from './sql-database.ts'
import { holdsOver, passGate } from './standing-holds.ts'
import type { MediaHeaderRow } from './tables.ts'

/** Attempts whose blobs are looked for where the catalogue names none: ingest gives up after 20 of its own faults, and an outage may add some (a guess). */
const ATTEMPTS_LOOKED_FOR = 64

type Condemned = Awaited<ReturnType<DestructionLedger['condemn']>>

/** Destructions as rows of the catalogue, decided where the holds are. */
export class SqlDestructionLedger implements DestructionLedger {
  readonly #database: SqlDatabase
  readonly #chain: AuditChain

  constructor(database: SqlDatabase, chain: AuditChain) {
    this.#database = database
    this.#chain = chain
  }

  condemn(order: DestructionOrder, condemnation: Condemnation): Promise<Condemned> {
    return this.#database.change(async (tx) => {
      await passGate(tx)
      const [recording] = await holdRecordings(tx, [Number(order.recordingId)])
      if (recording === undefined) return { outcome: 'unknown' }
      const decided = await findDestruction(tx, recording.id)
      if (decided !== null) return { outcome: 'already', destruction: decided }
      const refusal = await refusalOf(tx, recording, condemnation)
      if (refusal !== null) return refusal
      const row = destructionRow(order, { at: condemnation.at, plan: await planOf(tx, recording, condemnation) })
      await tx.insertInto('destructions').values(row).execute()
      await reduceRecording(tx, recording, { ...tombstoneOf(recording, order.cause === 'retention' ? 'retention' : 'deleted'), state: transition(recording.state, 'purged') })
      await this.#chain.append(tx, [condemnation.audit(recording)])
      return { outcome: 'condemned', destruction: destructionOf(row) }
    })
  }

  stampedUntil(id: RecordingId): Promise<Date | null> {
    return this.#database.read((tx) => stampedUntil(tx, Number(id)))
  }

  async mark(id: RecordingId, step: DestructionStep): Promise<void> {
    await this.#database.change((tx) => tx.updateTable('destructions').set({ step }).where('recording_id', '=', Number(id)).where('ended_at', 'is', null).execute())
  }

  async end(id: RecordingId, { at, receipt }: { readonly at: Date; readonly receipt: string }, audit: AuditDraft): Promise<string> {
    return this.#database.change(async (tx) => {
      const had = await locked(tx, tx.selectFrom('destructions').select('receipt').where('recording_id', '=', Number(id))).executeTakeFirstOrThrow()
      if (had.receipt !== null) return had.receipt
      await tx.updateTable('destructions').set({ step: 'receipt', ended_at: at.getTime(), receipt }).where('recording_id', '=', Number(id)).execute()
      await tx.deleteFrom('spool_files').where('recording_id', '=', Number(id)).execute()
      await tx.deleteFrom('facts_set_aside').where(sql<number>`instr(fact, ${Buffer.from(`"recordingId":"${id}"`)})`, '>', 0).execute()
      await this.#chain.append(tx, [audit])
      return receipt
    })
  }

  find(id: RecordingId): Promise<Destruction | null> {
    return this.#database.read((tx) => findDestruction(tx, id))
  }

  async unfinished(first: number): Promise<readonly Destruction[]> {
    const rows = await this.#database.ask((db) => db.selectFrom('destructions').selectAll().where('ended_at', 'is', null).orderBy('recording_id').limit(first).execute())
    return rows.map(destructionOf)
  }

  async endedFrom(after: EndedPlace | null, first: number): Promise<readonly (EndedPlace & { readonly recordingId: RecordingId })[]> {
    const [at, id] = [after?.endedAt.getTime() ?? 0, Number(after?.recordingId ?? 0)]
    const rows = await this.#database.ask((db) => db.selectFrom('destructions').select(['recording_id', 'ended_at']).where('ended_at', '>=', at)
      .where((where) => where.or([where('ended_at', '>', at), where('recording_id', '>', id)])).orderBy('ended_at').orderBy('recording_id').limit(first).execute())
    return rows.map((row) => ({ recordingId: parseRecordingId(String(row.recording_id)), endedAt: new Date(row.ended_at ?? 0) }))
  }

  forgetOldPages(): Promise<void> {
    return this.#database.forgetOldPages()
  }
}

/** What stands against it, in the order in which it is told. */
async function refusalOf(tx: Tx, recording: Recording, { at, keptUntil }: Condemnation): Promise<DestructionRefusal | null> {
  const holds = (await holdsOver(tx, [recording])).get(recording.id)
  if (holds !== undefined) return { outcome: 'held', holds }
  const until = later(keptUntil(recording), await stampedUntil(tx, Number(recording.id)))
  if (until !== null && until > at) return { outcome: 'kept', until }
  const { state } = recording
  if (isUnfinished(state)) return { outcome: 'busy', state }
  // Work that still reads the spool. A rotation waits for its turn in a queue of everything that is stored, and gives way: see HeaderRotation.
  const job = await tx.selectFrom('jobs').select('id').where('recording_id', '=', Number(recording.id)).where('kind', '=', 'ingest').limit(1).executeTakeFirst()
  return job === undefined ? null : { outcome: 'busy', state }
}

async function planOf(tx: Tx, recording: Recording, { stores, lockedStores }: Pick<Condemnation, 'stores' | 'lockedStores'>): Promise<DestructionPlan> {
  const headers = await tx.selectFrom('media_headers').selectAll().where('recording_id', '=', Number(recording.id)).orderBy('version').execute()
  const { interactionId, pbxId, startedAt, endedAt, media } = recording
  return {
    interactionId,
    pbxId,
    startedAt: startedAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    sound: media === null ? null : { payloadSha256: media.payloadSha256, payloadSizeBytes: media.payloadSizeBytes, plaintextSha256: media.sha256 },
    headers: headers.map(plannedHeader),
    ...leavingLocked(blobsOf(recording, stores), lockedStores),
    spoolFiles: [...new Set(recording.segments.flatMap(({ files }) => fileNames(files)))],
  }
}

function plannedHeader({ version, header, recipients_json: recipients }: MediaHeaderRow): DestructionPlan['headers'][number] {
  return { version, sha256: createHash('sha256').update(header).digest('hex'), recipients: JSON.parse(recipients) as readonly string[] }
}

/**
 * Also those of attempts before: a worker that was believed dead may have written one later. In every store: one that archived it may have
 * died between its copies and the word that they are there, or before it had removed what was there before.
 */
function blobsOf({ id, media, segments }: Recording, stores: Condemnation['stores']): Pick<DestructionPlan, 'headerBlobs' | 'payloadBlobs'> {
  if (media === null && segments.length === 0) return { headerBlobs: [], payloadBlobs: [] }
  const places = [...new Set([...(media === null ? [] : [storeOfName(media.payloadName)]), ...stores])]
  const last = media === null ? ATTEMPTS_LOOKED_FOR : attemptOfPayload(media.payloadName) ?? 0
  const attempts = Array.from({ length: last }, (_, index) => index + 1)
  const payloads = places.flatMap((store) => attempts.map((attempt) => placedName(store, payloadNameOf(id, attempt))))
  const inForce = media === null ? [] : places.map((store) => ({ headerVersion: media.headerVersion, payloadName: placedName(store, unplacedName(media.payloadName)) }))
  const headers = [...payloads.map((name) => headerBlobName(name, FIRST_HEADER_VERSION)), ...inForce.flatMap(headerBlobNames)]
  return { headerBlobs: [...new Set(headers)], payloadBlobs: [...new Set([...payloads, ...inForce.map(({ payloadName }) => payloadName)])] }
}

/** What lies in a store that is locked is named, and not tried: a removal that fails for ever would never end. */
function leavingLocked({ headerBlobs, payloadBlobs }: Pick<DestructionPlan, 'headerBlobs' | 'payloadBlobs'>, lockedStores: readonly string[]): Pick<DestructionPlan, 'headerBlobs' | 'payloadBlobs' | 'leftToArchive'> {
  const isLocked = (name: string): boolean => lockedStores.some((store) => store === storeOfName(name))
  const free = (names: readonly string[]): readonly string[] => names.filter((name) => !isLocked(name))
  return { headerBlobs: free(headerBlobs), payloadBlobs: free(payloadBlobs), leftToArchive: [...headerBlobs, ...payloadBlobs].filter(isLocked) }
}

async function findDestruction(tx: Tx, id: RecordingId): Promise<Destruction | null> {
  const row = await tx.selectFrom('destructions').selectAll().where('recording_id', '=', Number(id)).executeTakeFirst()
  return row === undefined ? null : destructionOf(row)
}

function destructionRow({ recordingId, cause, rule, reason, by }: DestructionOrder, { at, plan }: { readonly at: Date; readonly plan: DestructionPlan }): HoldTables['destructions'] {
  return {
    recording_id: Number(recordingId), cause, rule, reason: reason.toWellFormed(), ordered_by: actorJson(by), condemned_at: at.getTime(), plan_json: JSON.stringify(plan),
    step: 'condemned', ended_at: null, receipt: null,
  }
}

function destructionOf(row: DestructionRow): Destruction {
  return {
    recordingId: parseRecordingId(String(row.recording_id)),
    cause: row.cause as DestructionCause,
    rule: row.rule,
    reason: row.reason,
    by: actorOf(row.ordered_by),
    address: null,
    condemnedAt: new Date(row.condemned_at),
    plan: JSON.parse(row.plan_json) as DestructionPlan,
    step: row.step as DestructionStep,
    endedAt: row.ended_at === null ? null : new Date(row.ended_at),
    receipt: row.receipt,
  }
}
