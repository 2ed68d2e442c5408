import { type Compilable, sql, type UpdateQueryBuilder, type UpdateResult } from 'kysely'
import { aboutRecording, type AuditDraft } from '../../domain/audit-entry.ts'
import { type CaptureFact, isRecordingFact } from '../../domain/capture-fact.ts'
import { HoldfastError } from '../../domain/errors.ts'
import { type InteractionId, parseRecordingId, type RecordingId } from '../../domain/ids.ts'
import { type LifecycleEvent, RECORDING_STATES, isLive, transition } from '../../domain/lifecycle.ts'
import type { QualityFinding } from '../../domain/media.ts'
import type { Interaction, Recording, StateReason } from '../../domain/recording.ts'
import type { JournalledFact } from '../../ports/capture-journal.ts'
import {
  type AccessScope, ANY_RECORDING, type AppliedBatch, COUNT_CAP, type FactSource, type RecordingFilter, type RecordingPage, type RecordingPageRequest, type RecordingRepository, type StoredMedia,
} from '../../ports/recording-repository.ts'
import type { Runtime } from '../../ports/runtime.ts'
import { applyFacts } from './apply-facts.ts'
import type { AuditChain } from './audit-chain.ts'
import { boundedName } from './bounded-name.ts'
import { reopenExpectations } from './coverage-facts.ts'
import { soundRow } from './coverage-rows.ts'
import { factToJson } from './fact-json.ts'
import { rootInteraction } from './interactions.ts'
import { jobToQueue } from './job-rows.ts'
import { holdRecordings, loadRecordings } from './load-recordings.ts'
import { keptPolicy, keptVersions } from './policies.ts'
import { insertIfAbsent, locked, together } from './portable.ts'
import { findingRow, mediaRow } from './recording-rows.ts'
import { AGENT_SCOPE, PARTITION_SCOPE, UNIT_SCOPE } from './search-pairs.ts'
import type { AccessScopeName } from './search-tables.ts'
import { SearchDeadline } from './search-deadline.ts'
import { searchKey } from './search-key.ts'
import { matchingIds } from './search-recordings.ts'
import type { SqlDatabase, Tx } from './sql-database.ts'
import type { Tables } from './tables.ts'

const LIVE_STATES = RECORDING_STATES.filter((state) => isLive(state))
/** What ended a recording before its time: that there was no sound either is no news, and must not hide it. */
const FAILED_IN_CAPTURE: ReadonlySet<StateReason> = new Set<StateReason>(['start-refused'])
/** Why something was not stored: it may be, later. */
const FAILED_IN_INGEST: ReadonlySet<StateReason> = new Set<StateReason>(['quarantined', 'ingest-failed', 'spool-file-missing', 'no-audio', 'discarded-by-pbx'])
/** One call has a handful of recordings; a loop of transfers may make many. What lies beyond is found by search. */
const MAX_OF_INTERACTION = 200

export class SqlRecordingRepository implements RecordingRepository {
  readonly #database: SqlDatabase
  readonly #chain: AuditChain
  readonly #runtime: Runtime

  constructor(database: SqlDatabase, options: { readonly chain: AuditChain; readonly runtime: Runtime }) {
    this.#database = database
    this.#chain = options.chain
    this.#runtime = options.runtime
  }

  async apply(source: FactSource, facts: readonly JournalledFact[]): Promise<AppliedBatch> {
    const last = facts.at(-1)
    if (last === undefined) return { refused: [], touched: [], due: [] }
    const applied = await this.#database.change(async (tx) => {
      const position = await heldPosition(tx, source)
      const outcome = await applyFacts(tx, facts.filter(({ sequence }) => sequence > position))
      await this.#chain.append(tx, outcome.audit)
      await together(tx, [
        ...outcome.ended.map(({ id, at }) => jobToQueue(tx, 'ingest', { recordingId: id, runAt: at })),
        ...(last.sequence > position ? [positionAt(tx, source, last.sequence)] : []),
      ])
      return outcome
    })
    for (const { sequence, fact } of applied.refused) this.#runtime.log.error({ node: source.node, sequence, fact: fact.type }, 'fact refused')
    if (applied.refused.length > 0) this.#runtime.metrics.count('holdfast_facts_refused_total', {}, applied.refused.length)
    return { refused: applied.refused, touched: applied.touched, due: applied.ended.map(({ id }) => id) }
  }

  async position({ journal }: FactSource): Promise<number> {
    const row = await this.#database.ask((db) => db.selectFrom('journal_positions').select('sequence').where('journal', '=', journal).executeTakeFirst())
    return row?.sequence ?? 0
  }

  async setAside(source: FactSource, { sequence, fact }: JournalledFact, { error, at }: { readonly error: string; readonly at: Date }): Promise<void> {
    await this.#database.change(async (tx) => {
      if (sequence <= await heldPosition(tx, source)) return
      await tx.insertInto('facts_set_aside').values({ ...source, sequence, fact: Buffer.from(factToJson(fact)), error: error.toWellFormed(), set_aside_at: at.getTime() }).execute()
      await this.#chain.append(tx, incidentOf(fact, { ...source, sequence, at }))
      await positionAt(tx, source, sequence).execute()
    })
  }

  policyText(version: string): Promise<{ readonly version: string; readonly canonical: string } | null> {
    return this.#database.read((tx) => keptPolicy(tx, version))
  }

  policyVersions(): Promise<readonly { readonly version: string; readonly firstUsedAt: Date }[]> {
    return this.#database.read((tx) => keptVersions(tx))
  }

  find(id: RecordingId, scope: AccessScope): Promise<Recording | null> {
    return this.#database.read(async (tx) => await isReached(tx, id, scope) ? (await loadRecordings(tx, [Number(id)]))[0] ?? null : null)
  }

  findInteraction(id: InteractionId, scope: AccessScope): Promise<{ readonly interaction: Interaction; readonly recordings: readonly Recording[] } | null> {
    return this.#database.read(async (tx) => {
      const interaction = await rootInteraction(tx, id)
      if (interaction === null) return null
      const filter = { ...ANY_RECORDING, interactionId: id }
      const recordings = await loadRecordings(tx, await matchingIds(tx, { filter, scope, before: null, limit: MAX_OF_INTERACTION, deadline: this.#deadline() }))
      return recordings.length === 0 && scope.type !== 'all' ? null : { interaction, recordings }
    })
  }

  findLive(scope: AccessScope, first: number): Promise<readonly Recording[]> {
    const filter = { ...ANY_RECORDING, states: LIVE_STATES }
    return this.#database.read(async (tx) => loadRecordings(tx, await matchingIds(tx, { filter, scope, before: null, limit: first, deadline: this.#deadline() })))
  }

  search({ filter, scope, first, before }: RecordingPageRequest): Promise<RecordingPage> {
    const deadline = this.#deadline()
    return this.#database.read(async (tx) => {
      const ids = await matchingIds(tx, { filter, scope, before: before === null ? null : Number(before), limit: first + 1, deadline })
      return { recordings: await loadRecordings(tx, ids.slice(0, first)), hasMore: ids.length > first }
    })
  }

  async count(filter: RecordingFilter, scope: AccessScope): Promise<number> {
    const ids = await this.#database.read((tx) => matchingIds(tx, { filter, scope, before: null, limit: COUNT_CAP + 1, order: 'any', deadline: this.#deadline() }))
    return ids.length
  }

  #deadline(): SearchDeadline {
    return new SearchDeadline(this.#runtime.clock)
  }

  async beginIngest(id: RecordingId): Promise<void> {
    await this.#database.change(async (tx) => {
      const recording = await held(tx, id)
      await moved(tx, recording, 'ingest-began').execute()
    })
  }

  async recordMedia(id: RecordingId, { media, header, recipients, findings, sounds }: StoredMedia, audit: AuditDraft): Promise<void> {
    await this.#database.change(async (tx) => {
      const recording = await held(tx, id)
      if (recording.state === 'stored') return
      await together(tx, [
        moved(tx, { ...recording, media }, 'stored'),
        tx.insertInto('media').values(mediaRow(Number(id), media)),
        tx.insertInto('media_headers').values({
          recording_id: Number(id), version: media.headerVersion, header, recipients_json: JSON.stringify(recipients), written_at: media.storedAt.getTime(),
        }),
        ...(await endedAgain(tx, recording)),
        ...replacedFindings(tx, recording, findings),
        ...(sounds.length === 0 ? [] : [tx.insertInto('segment_sounds').values(sounds.map((sound) => soundRow(Number(id), sound)))]),
      ])
      await reopenExpectations(tx, recording.pbxId, [...recording.segments, ...recording.parties].map(({ channelId }) => channelId))
      await this.#chain.append(tx, [audit])
    })
  }

  async closeWithoutMedia(id: RecordingId, { state, reason, findings }: Parameters<RecordingRepository['closeWithoutMedia']>[1], audit: AuditDraft): Promise<void> {
    await this.#database.change(async (tx) => {
      const recording = await held(tx, id)
      if (recording.state === state) return
      const failedBefore = recording.reason !== null && FAILED_IN_CAPTURE.has(recording.reason)
      await together(tx, [
        moved(tx, recording, state === 'failed' || failedBefore ? 'failed' : 'declined'),
        ...(failedBefore ? [] : [tx.updateTable('recordings').set({ reason }).where('id', '=', Number(id))]),
        ...replacedFindings(tx, recording, findings),
      ])
      await this.#chain.append(tx, [audit])
    })
  }

  async mediaHeader(id: RecordingId): Promise<Uint8Array | null> {
    const row = await this.#database.ask((db) => db.selectFrom('media').innerJoin('media_headers', (join) => join
      .onRef('media_headers.recording_id', '=', 'media.recording_id').onRef('media_headers.version', '=', 'media.header_version'))
      .select('media_headers.header').where('media.recording_id', '=', Number(id)).executeTakeFirst())
    return row === undefined ? null : row.header
  }

  async knowsSpoolFile(name: string): Promise<RecordingId | null> {
    const row = await this.#database.ask((db) => db.selectFrom('spool_files').select('recording_id')
      .where('name', '=', searchKey(name)).orderBy('recording_id', 'desc').limit(1).executeTakeFirst())
    return row === undefined ? null : parseRecordingId(String(row.recording_id))
  }
}

/** How far this journal's facts were applied; held, so that two forwarders of one journal never apply the same fact. */
async function heldPosition(tx: Tx, { journal, node }: FactSource): Promise<number> {
  const [, [row]] = await together(tx, [
    insertIfAbsent(tx, tx.insertInto('journal_positions').values({ journal, node, sequence: 0 }), { journal: sql.ref<string>('journal') }),
    locked(tx, tx.selectFrom('journal_positions').select('sequence').where('journal', '=', journal)),
  ])
  if (row === undefined) throw new HoldfastError('STORE_FAILED', 'the position of a journal was not kept', { journal })
  return row.sequence
}

function positionAt(tx: Tx, { journal }: FactSource, sequence: number): UpdateQueryBuilder<Tables, 'journal_positions', 'journal_positions', UpdateResult> {
  return tx.updateTable('journal_positions').set({ sequence }).where('journal', '=', journal)
}

/** The recording lacks something now: whoever looks into its history is told. */
function incidentOf(fact: CaptureFact, { at, ...place }: FactSource & { readonly sequence: number; readonly at: Date }): readonly AuditDraft[] {
  if (!isRecordingFact(fact)) return []
  return [{
    at, actor: { type: 'system', id: place.node }, action: 'recording.incident', object: aboutRecording(fact.recordingId), outcome: 'failed', reason: 'fact-set-aside',
    details: { ...place, fact: fact.type }, personal: {},
  }]
}

export async function isReached(tx: Tx, id: RecordingId, scope: AccessScope): Promise<boolean> {
  if (scope.type === 'all') return true
  for (const [kind, names] of accessNames(scope)) {
    if (names.length === 0) continue
    const row = await tx.selectFrom('access').select('id').where('scope', '=', kind)
      .where('value', 'in', names.map((name) => searchKey(name))).where('id', '=', Number(id)).limit(1).executeTakeFirst()
    if (row !== undefined) return true
  }
  return false
}

/** Any of these reaches. */
function accessNames(scope: AccessScope): readonly (readonly [AccessScopeName, readonly string[]])[] {
  if (scope.type === 'agent') return [[AGENT_SCOPE, [scope.agent]]]
  return scope.type === 'named' ? [[PARTITION_SCOPE, scope.partitions], [UNIT_SCOPE, scope.units]] : []
}

async function held(tx: Tx, id: RecordingId): Promise<Recording> {
  const [recording] = await holdRecordings(tx, [Number(id)])
  if (recording === undefined) throw new HoldfastError('RECORDING_NOT_FOUND', 'no such recording', { recordingId: id })
  return recording
}

function moved(tx: Tx, recording: Recording, event: LifecycleEvent): UpdateQueryBuilder<Tables, 'recordings', 'recordings', UpdateResult> {
  const state = transition(recording.state, event)
  return tx.updateTable('recordings').set({ state, duration_ms: recording.media?.durationMs ?? null }).where('id', '=', Number(recording.id))
}

/** Ingest looks at the whole recording each time: what it found before, it finds again, or it was mended. Who gave up looked at nothing. */
function replacedFindings(tx: Tx, { id }: Recording, findings: readonly QualityFinding[]): readonly Compilable[] {
  if (findings.length === 0) return []
  return [
    tx.deleteFrom('findings').where('recording_id', '=', Number(id)),
    tx.insertInto('findings').values(findings.map((finding, index) => findingRow(Number(id), finding, index))),
  ]
}

/** Why it ended is what capture told then, and not why it could not be stored for a while. */
async function endedAgain(tx: Tx, { id, reason }: Recording): Promise<readonly Compilable[]> {
  if (reason === null || !FAILED_IN_INGEST.has(reason)) return []
  const told = await tx.selectFrom('audit_entries').select('reason').where('object_id', '=', boundedName(id)).where('action', '=', 'recording.stopped')
    .orderBy('position', 'desc').limit(1).executeTakeFirst()
  return told === undefined ? [] : [tx.updateTable('recordings').set({ reason: told.reason }).where('id', '=', Number(id))]
}
