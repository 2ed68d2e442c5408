import { sql } from 'kysely'
import { parseRecordingId, type RecordingId } from '../../domain/ids.ts'
import { firstRecordingIdAt, nextRecordingId, recordingIdTime } from '../../domain/recording-id.ts'
import type { Clock } from '../../ports/runtime.ts'
import type { SqlDatabase } from './sql-database.ts'

/** A start within this of the clock is the present: a PBX's clock and ours differ by less, and an adopted file is older. A guess. */
const PRESENT_MS = 5000
/**
 * How far an id's time may run ahead of its recording's start: after the clock was put back, ids go on from the last one, up to here;
 * beyond it, the first free id at the start's own millisecond is as unique, and a time filter still finds it.
 */
export const MAX_ID_LEAD_MS = 60_000
/** Ids that were handed out and never written (the append failed) are forgotten in the end. */
const MAX_PENDING = 10_000

/** Gives every recording of this node an id of its own, in the order of their starts. */
export class RecordingIdMint {
  readonly #database: SqlDatabase
  readonly #nodeNumber: number
  readonly #clock: Clock
  /** Handed out, not yet seen in the journal. */
  readonly #pending = new Set<RecordingId>()
  /** The latest id of the present that was handed out or written. */
  #last: Promise<RecordingId | null> | null = null
  /** One at a time: two that ask at once must not find the same id free. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(options: { readonly database: SqlDatabase; readonly nodeNumber: number; readonly clock: Clock }) {
    this.#database = options.database
    this.#nodeNumber = options.nodeNumber
    this.#clock = options.clock
  }

  mint(startedAt: Date): Promise<RecordingId> {
    const minted = this.#turn.then(() => this.#next(startedAt))
    this.#turn = minted.catch(() => { /* its caller hears of it; the next one starts afresh */ })
    return minted
  }

  /** The journal has it now. */
  written(id: RecordingId): void {
    this.#pending.delete(id)
  }

  async #next(startedAt: Date): Promise<RecordingId> {
    const last = await this.#lastKnown()
    const isPresent = Math.abs(startedAt.getTime() - this.#clock.now().getTime()) <= PRESENT_MS
    const leadMs = last === null ? 0 : recordingIdTime(last).getTime() - startedAt.getTime()
    const first = firstRecordingIdAt(startedAt, this.#nodeNumber)
    const goesOn = isPresent && last !== null && Number(last) >= Number(first) && leadMs <= MAX_ID_LEAD_MS
    const id = await this.#firstFree(goesOn ? nextRecordingId(last) : first, last)
    this.#remember(id, last)
    return id
  }

  #remember(id: RecordingId, last: RecordingId | null): void {
    this.#pending.add(id)
    const oldest = this.#pending.values().next().value
    if (this.#pending.size > MAX_PENDING && oldest !== undefined) this.#pending.delete(oldest)
    if (last === null || Number(id) > Number(last)) this.#last = Promise.resolve(id)
  }

  /** Beyond the last one nothing was written: the database, which would have to end its transaction first, is not asked. */
  async #firstFree(from: RecordingId, last: RecordingId | null): Promise<RecordingId> {
    for (let id = from; ; id = nextRecordingId(id)) {
      if (last === null || Number(id) > Number(last)) return id
      if (!this.#pending.has(id) && !await this.#isWritten(id)) return id
    }
  }

  async #isWritten(id: RecordingId): Promise<boolean> {
    const row = await this.#database.ask((db) => db.selectFrom('journal_recordings').select('id').where('id', '=', Number(id)).executeTakeFirst())
    return row !== undefined
  }

  async #lastKnown(): Promise<RecordingId | null> {
    this.#last ??= this.#lastWritten()
    try {
      return await this.#last
    } catch (error) {
      // Not kept: the next call asks the database again.
      this.#last = null
      throw error
    }
  }

  /** Of this node's number only: a journal that changed its number has ids whose successors belong to another node. */
  async #lastWritten(): Promise<RecordingId | null> {
    const row = await this.#database.ask((db) => db.selectFrom('journal_recordings').select('id')
      .where(sql<number>`(id / 64) % 64`, '=', this.#nodeNumber).orderBy('id', 'desc').limit(1).executeTakeFirst())
    return row === undefined ? null : parseRecordingId(String(row.id))
  }
}
