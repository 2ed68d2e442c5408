import { type CaptureFact, isRecordingFact, type RecordingFact } from '../../domain/capture-fact.ts'
import { evolve } from '../../domain/evolve.ts'
import type { CallId, ChannelId, InteractionId, PbxId, RecordingId } from '../../domain/ids.ts'
import { isLive } from '../../domain/lifecycle.ts'
import type { Recording, Segment } from '../../domain/recording.ts'
import type { CaptureJournal } from '../../ports/capture-journal.ts'
import { IndexedMap } from './indexed-map.ts'
import { OpenInteractions } from './open-interactions.ts'
import { SerialByKey } from './serial.ts'

/** The recordings whose sound may still come: journal first, memory after it. One for all PBXs of a capture node. */
export class LiveRecordings {
  readonly interactions = new OpenInteractions()
  readonly #journal: CaptureJournal
  readonly #byId = new IndexedMap<RecordingId, Recording, 'recorder' | 'asker' | 'party' | 'call' | 'interaction'>({
    recorder: (recording) => listed(recordedChannel(recording)), asker: ({ channelId }) => [channelId],
    party: ({ parties }) => parties.flatMap(({ channelId, toAt }) => toAt === null && channelId !== null ? [channelId] : []), call: ({ callId }) => [callId],
    interaction: ({ interactionId }) => [interactionId],
  })
  /** Ended by hand, in calls that go on. */
  readonly #stopped = new Map<RecordingId, Recording>()
  readonly #appended: (recordings: readonly Recording[]) => void
  readonly #serial = new SerialByKey()

  /** @param appended - called after each durable append, with what it changed: somebody forwards the facts to the catalogue */
  constructor(journal: CaptureJournal, appended: (recordings: readonly Recording[]) => void) {
    this.#journal = journal
    this.#appended = appended
  }

  /** What a node that was killed goes on with. Call once, before the first fact. */
  async restore(): Promise<void> {
    for (const recording of await this.#journal.liveRecordings()) this.#byId.set(recording.id, recording)
    this.interactions.restore(await this.#journal.openInteractions())
  }

  /**
   * Makes the facts durable, then believes them.
   * @throws HoldfastError `STORE_FAILED`; `ILLEGAL_TRANSITION` (nothing was written then)
   */
  async record(...facts: readonly CaptureFact[]): Promise<void> {
    // Facts of one recording that come from two sides (an event and a desk) are believed in the order in which they are journalled.
    const changed = await this.#serial.runUnder(subjectsOf(facts), async () => {
      const next = await this.#preview(facts)
      await this.#journal.append(facts)
      for (const fact of facts) this.interactions.apply(fact)
      for (const [id, recording] of next) {
        const wasLive = this.#byId.get(id) !== undefined
        if (isLive(recording.state)) this.#byId.set(id, recording)
        else this.#byId.delete(id)
        if (wasLive && recording.reason === 'stopped-on-demand') this.#stopped.set(id, recording)
      }
      return [...next.values()]
    })
    this.#appended(changed)
  }

  /** What somebody ended by hand, as long as its call goes on. */
  stoppedByHand(pbxId: PbxId): readonly Recording[] {
    return [...this.#stopped.values()].filter((recording) => recording.pbxId === pbxId)
  }

  /** What was ended by hand before a restart. */
  remember(recordings: readonly Recording[]): void {
    for (const recording of recordings) if (recording.reason === 'stopped-on-demand') this.#stopped.set(recording.id, recording)
  }

  /** The leg that asked is gone, and its call with it. */
  forgetStopped(pbxId: PbxId, channelId: ChannelId): void {
    for (const recording of this.stoppedByHand(pbxId)) if (recording.channelId === channelId) this.#stopped.delete(recording.id)
  }

  /** As {@link forgetStopped}, after a gap in the events: of each leg that ended in it. */
  forgetStoppedBut(pbxId: PbxId, existing: ReadonlySet<ChannelId>): void {
    for (const { id, channelId } of this.stoppedByHand(pbxId)) if (!existing.has(channelId)) this.#stopped.delete(id)
  }

  find(id: RecordingId): Recording | null {
    return this.#byId.get(id) ?? null
  }

  all(): readonly Recording[] {
    return this.#byId.values()
  }

  ofPbx(pbxId: PbxId): readonly Recording[] {
    return this.all().filter((recording) => recording.pbxId === pbxId)
  }

  /** Of the whole conversation: also what was made under an interaction that is one with this one by now. */
  ofInteraction(interactionId: InteractionId): readonly Recording[] {
    return this.#byId.keysBy(...this.interactions.partsOf(interactionId).map((part) => ['interaction', part] as const)).flatMap((id) => this.find(id) ?? [])
  }

  /** Recordings of this call, as it is named now. */
  ofCall(pbxId: PbxId, callId: CallId): readonly Recording[] {
    return this.#byId.by('call', callId).filter((recording) => recording.pbxId === pbxId)
  }

  /** Recordings that this channel asked for, whoever is recorded by them. */
  askedBy(pbxId: PbxId, channelId: ChannelId): readonly Recording[] {
    return this.#byId.by('asker', channelId).filter((recording) => recording.pbxId === pbxId)
  }

  /** Recordings that this channel asked for, and those of a recorder that sits on it, or sat on it last. */
  askedByOrOn(pbxId: PbxId, channelId: ChannelId): readonly Recording[] {
    return this.#byId.keysBy(['asker', channelId], ['recorder', channelId]).flatMap((id) => this.find(id) ?? []).filter((recording) => recording.pbxId === pbxId)
  }

  /** Recordings that a recorder on this channel is writing, or is about to. */
  onChannel(pbxId: PbxId, channelId: ChannelId): readonly Recording[] {
    return this.#byId.by('recorder', channelId).filter((recording) => recording.pbxId === pbxId)
  }

  /** Recordings that one of these legs asked for, is recorded by, or is heard in now; and those of this call. */
  related(pbxId: PbxId, { legs, callId = null }: { readonly legs: Iterable<ChannelId>; readonly callId?: CallId | null }): readonly Recording[] {
    const words = [...legs].flatMap((leg) => [['recorder', leg], ['asker', leg], ['party', leg]] as const)
    const found = this.#byId.keysBy(...words, ...callId === null ? [] : [['call', callId] as const])
    return found.flatMap((id) => this.find(id) ?? []).filter((recording) => recording.pbxId === pbxId)
  }

  /** Recordings that this channel asked for, and that no recorder writes yet: the leg to record is not there yet. */
  waitingOn(pbxId: PbxId, channelId: ChannelId): readonly Recording[] {
    return this.askedBy(pbxId, channelId).filter(({ segments }) => segments.length === 0)
  }

  async #preview(facts: readonly CaptureFact[]): Promise<Map<RecordingId, Recording>> {
    const next = new Map<RecordingId, Recording>()
    for (const fact of facts.filter(isRecordingFact)) {
      next.set(fact.recordingId, evolve(next.get(fact.recordingId) ?? this.find(fact.recordingId) ?? await this.#ended(fact), fact))
    }
    return next
  }

  /** Of all facts only what became of its files may be told behind the end of a recording. */
  async #ended({ type, recordingId }: RecordingFact): Promise<Recording | null> {
    return type === 'segment-discarded' ? await this.#journal.recording(recordingId) : null
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

/** What facts are about: those about the same wait for each other, and no call waits for another one's. */
function subjectsOf(facts: readonly CaptureFact[]): readonly string[] {
  const recordings = facts.filter(isRecordingFact).map(({ recordingId }) => recordingId)
  const others = facts.map((fact) => ('interactionId' in fact ? `interaction ${fact.interactionId}` : 'channelId' in fact ? `leg ${fact.channelId}` : fact.type))
  return [...new Set(recordings.length > 0 ? recordings : others)].toSorted()
}

function listed(channelId: ChannelId | null): readonly ChannelId[] {
  return channelId === null ? [] : [channelId]
}
