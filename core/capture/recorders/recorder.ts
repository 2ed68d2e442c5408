import { type AttachedChange, attachedValue } from '../../domain/attached-data.ts'
import type { CaptureFact, RecordingRequested } from '../../domain/capture-fact.ts'
import { isHoldfastError } from '../../domain/errors.ts'
import type { ChannelId, RecordingId } from '../../domain/ids.ts'
import type { Recording, Segment, StateReason } from '../../domain/recording.ts'
import { pauseWays } from '../../domain/rules/pause-terms.ts'
import type { CaptureContext } from '../calls/capture-context.ts'
import { forbidsPauses, isToBeSilent, pausedFromTheBeginning } from '../calls/interaction-pauses.ts'
import { openSegment } from '../calls/live-recordings.ts'
import { tellJoined } from './parties.ts'
import { endForbidden } from '../calls/pause-ends.ts'

/** What is known of a wanted recording before its id. */
export type Wanted = Omit<RecordingRequested, 'type' | 'recordingId' | 'attachedChanges' | 'clockOffsetMs'>

/** What became of a segment that was to begin. */
export type Beginning = 'running' | 'refused' | 'gone' | 'unknown'

/** Looking at a spool file is a stat on a local disk, or one request to the PBX. */
const SPOOL_DEADLINE_MS = 10_000

/** Why there is nothing of a recording that never began. */
const UNBEGUN: Partial<Record<Recording['state'], StateReason>> = { requested: 'never-answered', paused: 'within-pause' }

/** Starts and stops the PBX's recorder for one recording; each step is journalled before it is done. */
export class Recorder {
  readonly #context: CaptureContext

  constructor(context: CaptureContext) {
    this.#context = context
  }

  /** Mints the id and journals the request, and with it whatever else belongs to the same instant. */
  async request(wanted: Wanted, together: (recordingId: RecordingId) => readonly CaptureFact[] = () => [], attachedChanges: readonly AttachedChange[] = this.#attachedBy(wanted)): Promise<RecordingId> {
    const { journal, live, pauses, expectations, adapter, runtime } = this.#context
    const recordingId = await journal.mintRecordingId(wanted.at)
    const others = together(recordingId)
    expectations.want(wanted, others)
    const isDeclined = others.some((fact) => fact.type === 'recording-declined' && fact.recordingId === recordingId)
    const pause = isDeclined ? null : pauses.of(wanted.interactionId)
    await live.record(
      { type: 'interaction-opened', interactionId: wanted.interactionId, at: wanted.at },
      { ...wanted, type: 'recording-requested', recordingId, attachedChanges, clockOffsetMs: Math.round(adapter.now.getTime() - runtime.clock.now().getTime()) },
      ...pause === null || forbidsPauses(wanted) ? [] : pausedFromTheBeginning(pause, { recordingId, pbxId: wanted.pbxId, at: wanted.at }),
      ...others,
    )
    if (pause !== null) endForbidden(this.#context, wanted.interactionId)
    return recordingId
  }

  /** Where the data of its decision came from. */
  #attachedBy({ channelId, decision: { input } }: Wanted): readonly AttachedChange[] {
    const changes = [...this.#context.tracker.find(channelId)?.attachedBy.values() ?? []]
    return changes.filter(({ key, value }) => attachedValue(input.attached, key) === value).toSorted((a, b) => a.at.getTime() - b.at.getTime())
  }

  /** The fact that must be durable before the PBX is asked for a segment. */
  opening(segment: { readonly recordingId: RecordingId; readonly index: number; readonly channelId: ChannelId }, at: Date): CaptureFact {
    return { type: 'segment-opened', ...segment, files: this.#context.adapter.segmentFiles(segment), at }
  }

  /**
   * Asks the PBX for a segment that was journalled by {@link opening}; tells whether it runs.
   * `gone`: the leg ended before; its hangup follows. `unknown`: the link broke before the answer; the next resynchronisation finds out.
   */
  async begin(segment: { readonly recordingId: RecordingId; readonly index: number; readonly channelId: ChannelId }): Promise<Beginning> {
    const { adapter, live, runtime, pbxId } = this.#context
    const { recordingId, index } = segment
    try {
      const { recorderId, at } = await adapter.startSegment(segment)
      await this.maskWithin(segment, recorderId)
      await live.record({ type: 'segment-started', recordingId, index, recorderId, at }, ...this.#answered(segment, at))
      await tellJoined(this.#context, { recordingId, at })
      runtime.metrics.count('holdfast_segments_started_total', { pbx: pbxId })
      void this.tellPauseWays(segment.channelId)
      return 'running'
    } catch (error) {
      if (isHoldfastError(error, 'PBX_UNREACHABLE') || isHoldfastError(error, 'PBX_TIMEOUT')) {
        runtime.log.warn({ recordingId, pbxId, error }, 'recorder start not confirmed')
        return adapter.linkState === 'up' ? await this.#lookFor(segment) : 'unknown'
      }
      if (isHoldfastError(error, 'CHANNEL_GONE')) {
        // Not a failure yet: the dialplan may have recorded by itself what we came too late for.
        runtime.log.info({ recordingId, pbxId }, 'the leg to record is gone')
        return 'gone'
      }
      if (!isHoldfastError(error, 'PBX_REFUSED')) throw error
      runtime.log.error({ recordingId, pbxId, error }, 'recorder start refused')
      runtime.metrics.count('holdfast_segments_refused_total', { pbx: pbxId })
      return 'refused'
    }
  }

  /** The dialplan has to know how this leg may be paused when we are away: what every recording of it allows. Never fails, and nobody waits for it. */
  async tellPauseWays(channelId: ChannelId): Promise<void> {
    const { adapter, live, runtime, pbxId, pauseWays: ways } = this.#context
    const recordings = live.onChannel(pbxId, channelId)
    try {
      await adapter.tellPauseWays(channelId, ways.filter((way) => recordings.every(({ decision }) => pauseWays(decision.terms.pause).includes(way))))
    } catch (error) {
      const isForeseen = isHoldfastError(error)
      if (!isForeseen) runtime.metrics.count('holdfast_capture_errors_total', { pbx: pbxId, code: 'BUG' })
      runtime.log[isForeseen ? 'debug' : 'error']({ pbxId, channelId, error }, 'the dialplan was not told how this leg may be paused')
    }
  }

  /**
   * A recorder that runs while its conversation is paused begins with sound: it is masked before anything else is done. Ingest
   * silences what slipped in, and what came until a mask that failed was made good.
   */
  async maskWithin({ recordingId, channelId }: { readonly recordingId: RecordingId; readonly channelId: ChannelId }, recorderId: string | null): Promise<void> {
    const { adapter, live, pauses, runtime, pbxId } = this.#context
    const recording = live.find(recordingId)
    if (recording === null || !isToBeSilent(pauses, recording)) return
    try {
      await adapter.mask({ channelId, recorderId })
    } catch (error) {
      if (!isHoldfastError(error)) throw error
      pauses.owe(recordingId, 'mask')
      runtime.metrics.count('holdfast_pauses_failed_total', { pbx: pbxId })
      runtime.log.error({ recordingId, error }, 'a recorder that began during a pause could not be masked')
    }
  }

  /** Journals and begins the next segment of a recording on this channel. */
  async startSegment(recording: Recording, channelId: ChannelId): Promise<Beginning> {
    const segment = { recordingId: recording.id, index: recording.segments.length, channelId }
    await this.#context.live.record(this.opening(segment, this.#context.adapter.now))
    return await this.begin(segment)
  }

  /** Sound can come no more: the channel is gone, or somebody stopped it. */
  async ended(recording: Recording, reason: StateReason, at: Date): Promise<void> {
    const segment = openSegment(recording)
    const facts: CaptureFact[] = segment === null ? [] : [{ type: 'segment-closed', recordingId: recording.id, index: segment.index, at }]
    const last: CaptureFact = recording.segments.length === 0
      ? { type: 'recording-declined', recordingId: recording.id, reason: reason === 'stopped-on-demand' ? reason : UNBEGUN[recording.state] ?? reason, at }
      : { type: 'recording-stopped', recordingId: recording.id, reason, at }
    await this.#context.live.record(...facts, last)
    if (reason === 'ended-unseen') await this.#context.expectations.endedUnseen(recording, at)
    this.#context.runtime.log.info({ recordingId: recording.id, reason }, 'recording ended')
  }

  /** The segment could not be started: said, alarmed, never silent. */
  async failed(recordingId: RecordingId, reason: StateReason): Promise<void> {
    const { live, adapter, runtime, pbxId } = this.#context
    await live.record({ type: 'recording-failed', recordingId, reason, at: adapter.now })
    runtime.metrics.count('holdfast_recordings_failed_total', { pbx: pbxId, reason })
  }

  /** The link is up, so that no resynchronisation is going to tell: the file does. */
  async #lookFor({ recordingId, index }: { readonly recordingId: RecordingId; readonly index: number }): Promise<Beginning> {
    const { source, live, runtime } = this.#context
    const segment = live.find(recordingId)?.segments[index]
    if (segment === undefined || await source.stat(segment.files.received, AbortSignal.timeout(SPOOL_DEADLINE_MS)) === null) return 'refused'
    await live.record({ type: 'segment-started', recordingId, index, recorderId: null, at: segment.startedAt })
    runtime.log.info({ recordingId }, 'the recorder runs: its file is there')
    return 'running'
  }

  #answered(segment: { readonly recordingId: RecordingId; readonly channelId: ChannelId }, startedAt: Date): readonly CaptureFact[] {
    const answeredAt = this.#context.tracker.find(segment.channelId)?.channel.answeredAt ?? null
    return answeredAt === null ? [] : [{ type: 'answered', recordingId: segment.recordingId, at: answeredAt < startedAt ? answeredAt : startedAt }]
  }
}

/** The segment never ran, or another has all that it had: see `isVoid`. */
export function withdrawn(recordingId: RecordingId, { index, startedAt }: Segment): CaptureFact {
  return { type: 'segment-closed', recordingId, index, at: startedAt }
}

/** A running segment as the adapter's commands want it. */
export function running(segment: Segment): { readonly channelId: ChannelId; readonly recorderId: string | null } {
  return { channelId: segment.channelId, recorderId: segment.recorderId }
}
