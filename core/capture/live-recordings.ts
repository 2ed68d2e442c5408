import { type CaptureFact, isRecordingFact } from '../domain/capture-fact.ts'
import { evolve } from '../domain/evolve.ts'
import type { ChannelId, InteractionId, PbxId, RecordingId } from '../domain/ids.ts'
import { isLive } from '../domain/lifecycle.ts'
import type { Recording, Segment } from '../domain/recording.ts'
import type { CaptureJournal } from '../ports/capture-journal.ts'
import { SerialByKey } from './serial.ts'

/** Facts of interactions alone wait for each other. */
const NO_RECORDING = 'interactions'

/** The recordings whose sound may still come: journal first, memory after it. One for all PBXs of a capture node. */
export class LiveRecordings {
  readonly #journal: CaptureJournal
  readonly #byId = new Map<RecordingId, Recording>()
  readonly #appended: () => void
  readonly #serial = new SerialByKey()

  /** @param appended - called after each durable append: somebody forwards the facts to the catalogue */
  constructor(journal: CaptureJournal, appended: () => void) {
    this.#journal = journal
    this.#appended = appended
  }

  /** What a node that was killed goes on with. Call once, before the first fact. */
  async restore(): Promise<void> {
    for (const recording of await this.#journal.liveRecordings()) this.#byId.set(recording.id, recording)
  }

  /**
   * Makes the facts durable, then believes them.
   * @throws HoldfastError `STORE_FAILED`; `ILLEGAL_TRANSITION` (nothing was written then)
   */
  async record(...facts: readonly CaptureFact[]): Promise<void> {
    // Facts of one recording that come from two sides (an event and a desk) are believed in the order in which they are journalled.
    const key = facts.find(isRecordingFact)?.recordingId ?? NO_RECORDING
    await this.#serial.run(key, async () => {
      const next = this.#preview(facts)
      await this.#journal.append(facts)
      for (const [id, recording] of next) {
        if (isLive(recording.state)) this.#byId.set(id, recording)
        else this.#byId.delete(id)
      }
    })
    this.#appended()
  }

  find(id: RecordingId): Recording | null {
    return this.#byId.get(id) ?? null
  }

  all(): readonly Recording[] {
    return [...this.#byId.values()]
  }

  ofPbx(pbxId: PbxId): readonly Recording[] {
    return this.all().filter((recording) => recording.pbxId === pbxId)
  }

  ofInteraction(interactionId: InteractionId): readonly Recording[] {
    return this.all().filter((recording) => recording.interactionId === interactionId)
  }

  /** Recordings that a recorder on this channel is writing, or is about to. */
  onChannel(pbxId: PbxId, channelId: ChannelId): readonly Recording[] {
    return this.ofPbx(pbxId).filter((recording) => recordedChannel(recording) === channelId)
  }

  /** Recordings that this channel asked for, and that no recorder writes yet: the leg to record is not there yet. */
  waitingOn(pbxId: PbxId, channelId: ChannelId): readonly Recording[] {
    return this.ofPbx(pbxId).filter((recording) => recording.segments.length === 0 && recording.channelId === channelId)
  }

  #preview(facts: readonly CaptureFact[]): Map<RecordingId, Recording> {
    const next = new Map<RecordingId, Recording>()
    for (const fact of facts.filter(isRecordingFact)) {
      next.set(fact.recordingId, evolve(next.get(fact.recordingId) ?? this.find(fact.recordingId), fact))
    }
    return next
  }
}

/** The segment that is being written, or `null`. */
export function openSegment(recording: Pick<Recording, 'segments'>): Segment | null {
  return recording.segments.findLast((segment) => segment.endedAt === null) ?? null
}

/** The channel that the recorder sits on now, or sat on last; `null` before the first segment. */
export function recordedChannel(recording: Pick<Recording, 'segments'>): ChannelId | null {
  return (openSegment(recording) ?? recording.segments.at(-1))?.channelId ?? null
}
