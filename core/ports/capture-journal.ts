import type { CaptureFact, InteractionPaused } from '../domain/capture-fact.ts'
import type { Expectation } from '../domain/coverage.ts'
import type { ChannelId, InteractionId, PbxId, RecordingId } from '../domain/ids.ts'
import type { OpenInteraction } from '../domain/open-interaction.ts'
import type { Recording } from '../domain/recording.ts'
import type { Seat } from '../domain/seat.ts'

/** One journal among all that there ever were: random, made with its file. Whoever begins a new file begins a new journal. */
export type JournalId = string

/** A fact with its place in this node's journal; the first is 1. */
export interface JournalledFact {
  readonly sequence: number
  readonly fact: CaptureFact
}

/** How far this node has seen a PBX. */
export interface Observation {
  /** It was seen until then, at least. */
  readonly until: Date
  /** Since when it is not: the fact of it has no end yet. `null` while it is, also when the process died without a word. */
  readonly lostAt: Date | null
}

/** A capture node's own memory, always local. Capture waits for it and for nothing else. */
export interface CaptureJournal extends AsyncDisposable {
  /** The same as long as the journal lives; another one after it was lost and begun anew. @throws HoldfastError `STORE_FAILED` */
  id(): Promise<JournalId>
  /**
   * A new id, never given before by this node, whose time is `startedAt` up to a few milliseconds.
   * It becomes durable with the `recording-requested` fact that carries it.
   */
  mintRecordingId(startedAt: Date): Promise<RecordingId>
  /** Durable when it resolves (fsync), all or none. @throws HoldfastError `STORE_FAILED` */
  append(facts: readonly CaptureFact[]): Promise<void>
  /** Recordings whose sound may still come, rebuilt from their facts: what a restarted service goes on with. */
  liveRecordings(): Promise<readonly Recording[]>
  /** Interactions whose end was not told yet. */
  openInteractions(): Promise<readonly OpenInteraction[]>
  /** Pauses of conversations that nothing has ended yet, oldest first. */
  openPauses(): Promise<readonly InteractionPaused[]>
  /** The recordings that these legs asked for, live or not; also those that were declined. */
  askedBy(pbxId: PbxId, channelIds: readonly ChannelId[]): Promise<readonly Recording[]>
  /** Who sits where, as the facts tell it: what a restarted service goes on with. */
  openSeats(): Promise<readonly Seat[]>
  /** The recording as its facts tell it, or `null`. */
  recording(id: RecordingId): Promise<Recording | null>
  /** The recordings that a spool file belongs to, by the file names of their segments. */
  recordingOfFile(name: string): Promise<RecordingId | null>
  /** How many interactions, but for this one, stand on each account; every account is in the answer. */
  quotaCounts(accounts: readonly string[], except: InteractionId): Promise<ReadonlyMap<string, number>>
  /** Forgets the accounts whose period was over before then; gives how many lines that were. @throws HoldfastError `STORE_FAILED` */
  forgetQuotas(overBefore: Date): Promise<number>
  /** Puts the interaction on each account once, however often it is told. @throws HoldfastError `STORE_FAILED` */
  countOnQuotas(interactionId: InteractionId, accounts: readonly string[]): Promise<void>
  /**
   * Removes every fact of these recordings that the catalogue has, but for live ones: they are destroyed. Twice is once.
   * @param until - kept, for `forgottenUntil`; never goes back
   * @returns how many facts that were
   * @throws HoldfastError `STORE_FAILED`
   */
  forget(recordingIds: readonly RecordingId[], until: Date): Promise<number>
  /** The greatest instant that `forget` was given; `null`: none yet. */
  forgottenUntil(): Promise<Date | null>
  /** Expectations that were opened and not closed. */
  openExpectations(): Promise<readonly Expectation[]>
  /** How far this PBX was seen, by the facts and by `noteObserved`; `null`: never. */
  observation(pbxId: PbxId): Promise<Observation | null>
  /** It is seen at this moment: what a process that is killed cannot say any more. Never goes back. @throws HoldfastError `STORE_FAILED` */
  noteObserved(pbxId: PbxId, at: Date): Promise<void>
  /** Facts that the catalogue has not got yet, oldest first. */
  unforwarded(limit: number): Promise<readonly JournalledFact[]>
  markForwarded(throughSequence: number): Promise<void>
  /** Of the facts that were marked as forwarded and are still here, those behind this one: what a catalogue lacks that had taken no more. */
  forwardedBeyond(sequence: number): Promise<{ readonly count: number; readonly firstAt: Date | null }>
}
