import { AppendTogether } from './append-together.ts'
import { type Compilable, type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import { type CaptureFact, type InteractionPaused, isCoverageFact, isRecordingFact, isSeatFact, type RecordingFact } from '../../domain/capture-fact.ts'
import type { Expectation } from '../../domain/coverage.ts'
import { isHoldfastError } from '../../domain/errors.ts'
import { evolve } from '../../domain/evolve.ts'
import { type ChannelId, type InteractionId, type PbxId, parseRecordingId, type RecordingId } from '../../domain/ids.ts'
import { isLive } from '../../domain/lifecycle.ts'
import { isOpeningFact, type OpenInteraction } from '../../domain/open-interaction.ts'
import { accountEndsAt } from '../../domain/rules/quota.ts'
import { fileNames, type Recording } from '../../domain/recording.ts'
import type { Seat } from '../../domain/seat.ts'
import type { CaptureJournal, JournalId, JournalledFact, Observation } from '../../ports/capture-journal.ts'
import type { Runtime } from '../../ports/runtime.ts'
import { factFromJson, factToJson } from './fact-json.ts'
import { coverageKept, observationOf, openExpectations, seen } from './journal-coverage.ts'
import { forgetRecordings, forgottenUntil } from './journal-forgetting.ts'
import { interactionRows, interactionsKept, keptInteractions } from './journal-interactions.ts'
import { together, writtenThenRead } from './portable.ts'
import { RecordingIdMint } from './recording-id-mint.ts'
import { searchKey } from './search-key.ts'
import type { SqlDatabase, Tx } from './sql-database.ts'
import type { Tables } from './tables.ts'

const FORWARDED = 'forwarded-through'
/** Legs in one `in (…)` list: far below SQLite's 32,766 parameters. */
const LEGS_PER_QUERY = 500
/** Facts after which sound may come no more. */
const ENDINGS: ReadonlySet<CaptureFact['type']> = new Set(['recording-stopped', 'recording-failed', 'recording-declined'])

/** The journal in a SQLite file, on a connection of its own: an append is within one transaction, on the disk when it resolves. */
export class SqlCaptureJournal implements CaptureJournal {
  readonly #database: SqlDatabase
  readonly #mint: RecordingIdMint
  readonly #appends = new AppendTogether((take) => this.#write(take))

  constructor(database: SqlDatabase, options: { readonly nodeNumber: number; readonly runtime: Runtime }) {
    this.#database = database
    this.#mint = new RecordingIdMint({ database, nodeNumber: options.nodeNumber, clock: options.runtime.clock })
  }

  async id(): Promise<JournalId> {
    const { id } = await this.#database.ask((db) => db.selectFrom('journal_identity').select('id').executeTakeFirstOrThrow())
    return id
  }

  mintRecordingId(startedAt: Date): Promise<RecordingId> {
    return this.#mint.mint(startedAt)
  }

  async append(facts: readonly CaptureFact[]): Promise<void> {
    if (facts.length === 0) return
    await this.#appends.append(facts)
    for (const fact of facts) if (fact.type === 'recording-requested') this.#mint.written(fact.recordingId)
  }

  async #write(take: () => readonly CaptureFact[]): Promise<void> {
    await this.#database.change(async (tx) => {
      const facts = take()
      const opening = facts.filter(isOpeningFact)
      const ended = [...new Set(facts.flatMap((fact) => (isRecordingFact(fact) && ENDINGS.has(fact.type) ? [fact.recordingId] : [])))]
      const written = facts.flatMap((fact) => rowsOf(tx, fact))
      // Two messages, whatever is in them: one costs as much as a statement, and on a busy machine more than the disk.
      const known = await writtenThenRead(tx, { written, one: interactionRows(tx, opening), other: ended.map((id) => factsOf(tx, Number(id))) })
      const kept = [...interactionsKept(tx, opening, known.one), ...livesKept(tx, ended, known.other)]
      if (kept.length > 0) await together(tx, kept)
    })
  }

  async liveRecordings(): Promise<readonly Recording[]> {
    return this.#database.read(async (tx) => {
      const rows = await tx.selectFrom('journal_recordings').select('id').where('live', '=', 1).orderBy('id').execute()
      const recordings: Recording[] = []
      for (const { id } of rows) {
        const recording = await rebuilt(tx, id)
        if (recording !== null && isLive(recording.state)) recordings.push(recording)
      }
      return recordings
    })
  }

  openInteractions(): Promise<readonly OpenInteraction[]> {
    return this.#database.read(keptInteractions)
  }

  async openPauses(): Promise<readonly InteractionPaused[]> {
    const rows = await this.#database.ask((db) => db.selectFrom('journal_pauses').select('fact_json').execute())
    return rows.map(({ fact_json: json }) => factFromJson(json)).filter((fact) => fact.type === 'interaction-paused').toSorted((one, other) => one.at.getTime() - other.at.getTime())
  }

  async askedBy(pbxId: PbxId, channelIds: readonly ChannelId[]): Promise<readonly Recording[]> {
    return await this.#database.read(async (tx) => {
      const recordings: Recording[] = []
      for (let from = 0; from < channelIds.length; from += LEGS_PER_QUERY) {
        const legs = channelIds.slice(from, from + LEGS_PER_QUERY).map((channelId) => legKey(pbxId, channelId))
        for (const { recording_id: id } of await tx.selectFrom('journal_askers').select('recording_id').where('leg', 'in', legs).orderBy('recording_id').execute()) {
          const recording = await rebuilt(tx, id)
          if (recording !== null) recordings.push(recording)
        }
      }
      return recordings
    })
  }

  async openSeats(): Promise<readonly Seat[]> {
    const rows = await this.#database.ask((db) => db.selectFrom('journal_seats').select('fact_json').orderBy('id').execute())
    return rows.map((row) => factFromJson(row.fact_json)).flatMap((fact) => isSeatFact(fact) ? [fact.seat] : [])
  }

  recording(id: RecordingId): Promise<Recording | null> {
    return this.#database.read((tx) => rebuilt(tx, Number(id)))
  }

  async recordingOfFile(name: string): Promise<RecordingId | null> {
    const row = await this.#database.ask((db) => db.selectFrom('journal_files').select('recording_id')
      .where('name', '=', searchKey(name)).orderBy('recording_id', 'desc').limit(1).executeTakeFirst())
    return row === undefined ? null : parseRecordingId(String(row.recording_id))
  }

  async quotaCounts(accounts: readonly string[], except: InteractionId): Promise<ReadonlyMap<string, number>> {
    return this.#database.read(async (tx) => {
      const counts = new Map<string, number>()
      for (const account of accounts) {
        const { count } = await tx.selectFrom('journal_quotas').select((select) => select.fn.countAll<number>().as('count'))
          .where('account', '=', searchKey(account)).where('interaction_id', '<>', except).executeTakeFirstOrThrow()
        counts.set(account, count)
      }
      return counts
    })
  }

  async forgetQuotas(overBefore: Date): Promise<number> {
    const { numDeletedRows } = await this.#database.change((tx) => tx.deleteFrom('journal_quotas').where('ends_at', '<', overBefore.getTime()).executeTakeFirstOrThrow())
    return Number(numDeletedRows)
  }

  async countOnQuotas(interactionId: InteractionId, accounts: readonly string[]): Promise<void> {
    if (accounts.length === 0) return
    const rows = accounts.map((account) => ({ account: searchKey(account), interaction_id: interactionId, ends_at: accountEndsAt(account)?.getTime() ?? null }))
    await this.#database.change((tx) => tx.insertInto('journal_quotas').values(rows).onConflict((conflict) => conflict.doNothing()).execute())
  }

  async forget(recordingIds: readonly RecordingId[], until: Date): Promise<number> {
    const forgotten = await this.#database.change((tx) => forgetRecordings(tx, recordingIds, { through: forwardedThrough, until }))
    if (forgotten > 0) await this.#database.forgetOldPages()
    return forgotten
  }

  forgottenUntil(): Promise<Date | null> {
    return this.#database.read(forgottenUntil)
  }

  openExpectations(): Promise<readonly Expectation[]> {
    return this.#database.read((tx) => openExpectations(tx))
  }

  observation(pbxId: PbxId): Promise<Observation | null> {
    return this.#database.read((tx) => observationOf(tx, pbxId))
  }

  async noteObserved(pbxId: PbxId, at: Date): Promise<void> {
    await this.#database.change((tx) => together(tx, seen(tx, pbxId, at)))
  }

  async unforwarded(limit: number): Promise<readonly JournalledFact[]> {
    const rows = await this.#database.ask((db) => db.selectFrom('journal_facts').select(['sequence', 'fact_json'])
      .where('sequence', '>', forwardedThrough(db))
      .orderBy('sequence').limit(limit).execute())
    return rows.map((row) => ({ sequence: row.sequence, fact: factFromJson(row.fact_json) }))
  }

  async markForwarded(throughSequence: number): Promise<void> {
    await this.#database.change((tx) => tx.insertInto('journal_state').values({ name: FORWARDED, value: throughSequence })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: throughSequence }).where('journal_state.value', '<', throughSequence)).execute())
  }

  async forwardedBeyond(sequence: number): Promise<{ readonly count: number; readonly firstAt: Date | null }> {
    return await this.#database.read(async (tx) => {
      const beyond = tx.selectFrom('journal_facts').where('sequence', '>', sequence).where('sequence', '<=', forwardedThrough(tx))
      const { count } = await beyond.select((select) => select.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
      const first = await beyond.select('fact_json').orderBy('sequence').limit(1).executeTakeFirst()
      return { count, firstAt: first === undefined ? null : factFromJson(first.fact_json).at }
    })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#database.close()
  }
}

/** The last fact that the catalogue has. */
function forwardedThrough(db: Kysely<Tables>): SelectQueryBuilder<Tables, 'journal_state', { readonly value: number }> {
  return db.selectFrom('journal_state').select(sql<number>`coalesce(max(value), 0)`.as('value')).where('name', '=', FORWARDED)
}

function legKey(pbxId: PbxId, channelId: ChannelId): Uint8Array {
  return searchKey(`${pbxId} ${channelId}`)
}

interface FactRow {
  readonly fact_json: string
}

/** What one fact leaves in the journal by itself. */
function rowsOf(tx: Tx, fact: CaptureFact): readonly Compilable[] {
  const factJson = factToJson(fact)
  const rows: Compilable[] = [tx.insertInto('journal_facts').values({ recording_id: isRecordingFact(fact) ? Number(fact.recordingId) : null, fact_json: factJson })]
  if (fact.type === 'recording-requested') {
    rows.push(tx.insertInto('journal_recordings').values({ id: Number(fact.recordingId), live: 1 }).onConflict((conflict) => conflict.doNothing()))
    rows.push(tx.insertInto('journal_askers').values({ leg: legKey(fact.pbxId, fact.channelId), recording_id: Number(fact.recordingId) }).onConflict((conflict) => conflict.doNothing()))
  }
  if (fact.type === 'interaction-paused') {
    rows.push(tx.insertInto('journal_pauses').values({ interaction_id: fact.interactionId, fact_json: factJson }).onConflict((conflict) => conflict.doNothing()))
  }
  if (fact.type === 'interaction-resumed') rows.push(tx.deleteFrom('journal_pauses').where('interaction_id', '=', fact.interactionId))
  if (fact.type === 'seat-left') rows.push(tx.deleteFrom('journal_seats').where('id', '=', fact.seat.id))
  else if (isSeatFact(fact)) rows.push(tx.insertInto('journal_seats').values({ id: fact.seat.id, fact_json: factJson }).onConflict((conflict) => conflict.doNothing()))
  if (fact.type === 'segment-opened') {
    const files = fileNames(fact.files).map((name) => ({ name: searchKey(name), recording_id: Number(fact.recordingId) }))
    rows.push(tx.insertInto('journal_files').values(files).onConflict((conflict) => conflict.doNothing()))
  }
  if (isCoverageFact(fact)) rows.push(...coverageKept(tx, fact))
  return rows
}

/** By all of their facts: what the lifecycle refuses has ended nothing. */
function livesKept(tx: Tx, ended: readonly RecordingId[], facts: readonly (readonly FactRow[])[]): readonly Compilable[] {
  return ended.map((id, index) => {
    const recording = evolvedFrom(facts[index] ?? [])
    return tx.updateTable('journal_recordings').set({ live: recording !== null && isLive(recording.state) ? 1 : 0 }).where('id', '=', Number(id))
  })
}

async function rebuilt(tx: Tx, id: number): Promise<Recording | null> {
  return evolvedFrom(await factsOf(tx, id).execute())
}

function factsOf(tx: Tx, id: number): SelectQueryBuilder<Tables, 'journal_facts', FactRow> {
  return tx.selectFrom('journal_facts').select('fact_json').where('recording_id', '=', id).orderBy('sequence')
}

function evolvedFrom(rows: readonly FactRow[]): Recording | null {
  return rows.map((row) => factFromJson(row.fact_json)).filter((fact) => isRecordingFact(fact)).reduce(evolved, null)
}

/** As the catalogue does it: what the lifecycle refuses changes nothing. */
function evolved(recording: Recording | null, fact: RecordingFact): Recording | null {
  try {
    return evolve(recording, fact)
  } catch (error) {
    if (isHoldfastError(error, 'ILLEGAL_TRANSITION') || isHoldfastError(error, 'RECORDING_NOT_FOUND')) return recording
    throw error
  }
}
