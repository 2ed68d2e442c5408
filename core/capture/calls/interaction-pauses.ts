import { fromApi } from '../../domain/api-client.ts'
import type { CaptureFact, InteractionPaused, LegOfPbx, PauseAsked } from '../../domain/capture-fact.ts'
import type { InteractionId, PbxId, RecordingId } from '../../domain/ids.ts'
import type { Pause, PauseWay, Recording } from '../../domain/recording.ts'
import type { PauseEnd } from '../../domain/rules/pause-terms.ts'
import type { CaptureJournal } from '../../ports/capture-journal.ts'
import type { LiveRecordings } from './live-recordings.ts'

/** The default of the settings. */
const UNKNOWN_LIMIT_MS = 600_000

/** A pause of a whole conversation, from the wish on. */
export type PauseInForce = Omit<InteractionPaused, 'type'>

/** Whose word ends a pause. */
export interface PauseEnding {
  readonly by: string
  readonly how: PauseWay
  readonly at: Date
}

/** What a recorder was told, and did not confirm. */
export type Owed = 'mask' | 'unmask'

interface Departed {
  readonly leg: LegOfPbx
  readonly way: PauseEnd
}

/**
 * Which conversations are paused: journal first, memory after it. A pause outlives the recordings that it silenced, because
 * what is recorded of the same conversation next (the new agent's side, after a transfer) has to be silent, too.
 */
export class InteractionPauses {
  readonly #journal: CaptureJournal
  readonly #live: LiveRecordings
  readonly #inForce = new Map<InteractionId, PauseInForce>()
  readonly #owed = new Map<RecordingId, Owed>()
  readonly #lateMasks = new Set<RecordingId>()
  readonly #departed = new Map<InteractionId, readonly Departed[]>()

  constructor({ journal, live }: { readonly journal: CaptureJournal; readonly live: LiveRecordings }) {
    this.#journal = journal
    this.#live = live
  }

  /** What a node that was killed goes on with. Call once, after `LiveRecordings.restore`. */
  async restore(): Promise<void> {
    for (const { type: _, ...pause } of await this.#journal.openPauses()) this.#inForce.set(pause.interactionId, pause)
    for (const recording of this.#live.all()) {
      const pause = this.of(recording.interactionId) === null && isToBeSilent(this, recording) ? recording.pauses.at(-1) : undefined
      if (pause !== undefined) this.#inForce.set(recording.interactionId, pauseOfOne(recording, pause))
    }
  }

  all(): readonly PauseInForce[] {
    return [...this.#inForce.values()]
  }

  /** Of the whole conversation: also one that began under an interaction that is one with this one by now. */
  of(interactionId: InteractionId): PauseInForce | null {
    return this.#inForce.get(interactionId) ?? this.#within(interactionId)[0] ?? null
  }

  /**
   * Of one that is in force nothing changes: who paused first stands behind it.
   * @param together - facts of its recordings that become durable in the same instant
   * @throws HoldfastError `STORE_FAILED`
   */
  async begin(pause: PauseInForce, together: readonly CaptureFact[]): Promise<void> {
    const isNew = this.of(pause.interactionId) === null
    await this.#live.record(...isNew ? [{ type: 'interaction-paused', ...pause } as const] : [], ...together)
    if (isNew) this.#inForce.set(pause.interactionId, pause)
  }

  /** Twice is once. @param together - as in {@link begin} @throws HoldfastError `STORE_FAILED` */
  async end(interactionId: InteractionId, { by, how, at }: PauseEnding, together: readonly CaptureFact[] = []): Promise<void> {
    const open = this.#within(interactionId)
    const ends = open.map((pause) => ({ type: 'interaction-resumed', interactionId: pause.interactionId, by, how, at }) as const)
    if (ends.length + together.length > 0) await this.#live.record(...ends, ...together)
    for (const pause of open) {
      this.#inForce.delete(pause.interactionId)
      this.#departed.delete(pause.interactionId)
    }
  }

  /** Notes by which way a leg left, the first that is told; gives the way of the last when none is left, and then once. */
  legLeft(interactionId: InteractionId, leg: LegOfPbx, way: PauseEnd): PauseEnd | null {
    const before = this.#departed.get(interactionId) ?? []
    if (before.some((departed) => isSameLeg(departed.leg, leg))) return null
    const departed = [...before, { leg, way }]
    this.#departed.set(interactionId, departed)
    const isLast = this.of(interactionId)?.legs.every((each) => departed.some((gone) => isSameLeg(gone.leg, each))) ?? false
    return isLast ? way : null
  }

  #within(interactionId: InteractionId): readonly PauseInForce[] {
    return this.all().filter((pause) => this.#live.interactions.isSame(pause.interactionId, interactionId))
  }

  /** The PBX has not done for this recording what it was told: it is told again until it has. */
  owe(recordingId: RecordingId, what: Owed): void {
    this.#owed.set(recordingId, what)
  }

  owed(recordingId: RecordingId): Owed | null {
    return this.#owed.get(recordingId) ?? null
  }

  settled(recordingId: RecordingId): void {
    this.#owed.delete(recordingId)
  }

  /** A mask was given up, and never answered: the PBX may still carry it out. */
  mayStillMask(recordingId: RecordingId): void {
    this.#lateMasks.add(recordingId)
  }

  /** Whether a mask that is told now may be one that was given up. */
  isLateMask(recordingId: RecordingId): boolean {
    return this.#lateMasks.has(recordingId)
  }

  forgetAllBut(live: readonly Recording[]): void {
    const ids = new Set(live.map(({ id }) => id))
    for (const id of [...this.#owed.keys(), ...this.#lateMasks]) {
      if (ids.has(id)) continue
      this.#owed.delete(id)
      this.#lateMasks.delete(id)
    }
  }
}

/** A journal of an earlier version knows pauses of recordings alone: they end by a limit, too. */
function pauseOfOne({ interactionId, pbxId }: Recording, { by, how, askedAt, effectiveAt, limitMs }: Pause): PauseInForce {
  return { interactionId, pbxId, by, how, legs: [], limitMs: limitMs ?? UNKNOWN_LIMIT_MS, endsWith: [], at: effectiveAt ?? askedAt }
}

/**
 * Whether the PBX is to write silence for a recording: its conversation is paused, or it is itself, and nobody has asked to go on.
 * Never for one that may not be paused, however the pause came to its conversation.
 */
export function isToBeSilent(pauses: InteractionPauses, recording: Recording): boolean {
  if (forbidsPauses(recording)) return false
  if (pauses.of(recording.interactionId) !== null) return true
  return recording.state === 'paused' && recording.pauses.at(-1)?.resumeAskedAt === null
}

/** Whether what was asked for has to wait for the end of a pause before its first recorder runs. */
export function isPutOff(pauses: InteractionPauses, recording: Recording): boolean {
  return recording.segments.length === 0 && isToBeSilent(pauses, recording)
}

/** Whether what is wanted now has to wait for the end of a pause. */
export function isHeldBack(pauses: InteractionPauses, wanted: Pick<Recording, 'interactionId' | 'decision'>): boolean {
  return !forbidsPauses(wanted) && pauses.of(wanted.interactionId) !== null
}

/** One such recording, and its whole conversation is not paused (decision 0013). */
export function forbidsPauses({ decision }: Pick<Recording, 'decision'>): boolean {
  return decision.terms.pause.type === 'forbidden'
}

/** What a recording knows of the pause within which it was asked for: it is silent from its first frame, if it has any. */
export function pausedFromTheBeginning(pause: PauseInForce, { recordingId, pbxId, at: askedAt }: { readonly recordingId: RecordingId; readonly pbxId: PbxId; readonly at: Date }): readonly CaptureFact[] {
  // What the dialplan recorded by itself may be older than the pause. Another PBX's clock is no measure.
  const at = pause.pbxId === pbxId && pause.at > askedAt ? pause.at : askedAt
  return [
    pauseAsked(pause, { recordingId, at }),
    { type: 'pause-effective', recordingId, at },
  ]
}

/** That a recording is to be silent, by the word of whoever paused. */
export function pauseAsked(pause: Pick<PauseInForce, 'by' | 'how' | 'limitMs' | 'client'>, { recordingId, at }: { readonly recordingId: RecordingId; readonly at: Date }): PauseAsked {
  const { by, how, limitMs } = pause
  return { type: 'pause-asked', recordingId, by, how, limitMs, at, ...fromApi(pause) }
}

/** Agents that are heard in these recordings now: who stands behind a pause of theirs. */
export function agentLegs(recordings: readonly Recording[]): readonly LegOfPbx[] {
  const legs = recordings.flatMap(({ pbxId, parties }) => parties.filter(({ side, toAt }) => side === 'agent' && toAt === null).map(({ channelId }) => ({ pbxId, channelId })))
  return legs.filter((leg, index) => legs.findIndex((other) => isSameLeg(other, leg)) === index)
}

function isSameLeg(one: LegOfPbx, other: LegOfPbx): boolean {
  return one.pbxId === other.pbxId && one.channelId === other.channelId
}
