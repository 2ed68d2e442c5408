import { type FromApi, fromApi } from '../../domain/api-client.ts'
import type { Actor } from '../../domain/audit-entry.ts'
import type { CaptureFact, LegOfPbx } from '../../domain/capture-fact.ts'
import { type ErrorCode, HoldfastError, isHoldfastError } from '../../domain/errors.ts'
import type { InteractionId, PbxId, RecordingId } from '../../domain/ids.ts'
import type { PauseWay, Recording } from '../../domain/recording.ts'
import { PAUSE_MEANS, type PauseActor, type PauseRefusal, pauseRefusal } from '../../domain/rules/pause-terms.ts'
import type { ControlResult } from '../../ports/capture-control.ts'
import type { PbxAdapter } from '../../ports/pbx-adapter.ts'
import type { Runtime } from '../../ports/runtime.ts'
import { agentLegs, forbidsPauses, type InteractionPauses, isToBeSilent, pauseAsked, type PauseInForce } from '../calls/interaction-pauses.ts'
import { type LiveRecordings, openSegment } from '../calls/live-recordings.ts'
import { running } from '../recorders/recorder.ts'
import type { SerialByKey } from '../calls/serial.ts'

/** Somebody's wish about a conversation. */
export interface PauseWish extends FromApi {
  readonly by: Actor
  /** As whom the rules know them; `null`: nobody. */
  readonly person: PauseActor | null
  readonly how: PauseWay
  /** The agent's leg from which it was wished; `null`: from no leg, and all agents who are heard stand behind it. */
  readonly leg: LegOfPbx | null
}

interface Parts {
  readonly live: LiveRecordings
  readonly pauses: InteractionPauses
  readonly adapters: ReadonlyMap<PbxId, PbxAdapter>
  readonly serial: SerialByKey
  readonly runtime: Runtime
  /** Of a pause whose rule has no limit of its own. */
  readonly maxDurationMs: number
  /** Told the recordings of each conversation that has sound again: what was put off may begin. */
  readonly resumed: (recordings: readonly Recording[]) => void
}

/** What became of one mask. `gone`: the leg has ended, and with it all sound. */
type Masking =
  | { readonly outcome: 'masked'; readonly recording: Recording; readonly at: Date }
  | { readonly outcome: 'gone'; readonly recording: Recording }
  | { readonly outcome: 'failed'; readonly recording: Recording; readonly error: unknown }

const NOT_CONFIRMED = 'the PBX did not confirm the pause: the recording goes on with sound'
const WITHDRAWN = 'another recording of this conversation could not be silenced: this one goes on with sound, too'

const REFUSED: Readonly<Record<PauseRefusal, string>> = {
  forbidden: 'forbids pauses', 'way-not-allowed': 'allows no pause by this way', 'person-not-allowed': 'allows no pause to this person',
}

/**
 * Pauses and resumes conversations: all their running recordings together, or none. A pause that one of them does not confirm
 * is withdrawn from the others, so that "paused" is told only of a conversation that is silent wherever it is recorded (decision 0013).
 * Over several PBXs it is partial where one has confirmed and another has not: it stays, and the other is asked until it has (decision 0019).
 */
export class PauseControl {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /**
   * Idempotent. One result for each live recording.
   * @param interactions - those that are one conversation now
   * @throws HoldfastError `RECORDING_NOT_ACTIVE`; `STORE_FAILED`
   */
  pause(interactions: readonly InteractionId[], wish: PauseWish): Promise<readonly ControlResult[]> {
    return this.#together(interactions, () => this.#pauseAll(this.#whole(interactions), wish))
  }

  /** Idempotent; what the rule says of pauses keeps nobody from it. Errors as {@link pause}. */
  resume(interactions: readonly InteractionId[], wish: Pick<PauseWish, 'by' | 'how' | 'client'>): Promise<readonly ControlResult[]> {
    return this.#together(interactions, () => this.#resumeAll(this.#whole(interactions), wish))
  }

  /**
   * A pause that stands elsewhere, too (another node asked for it, or confirmed it): it is noted though nothing of it is recorded here, is
   * never withdrawn, and each PBX is asked until it has confirmed. Idempotent; of one that is in force nothing changes.
   * @returns as {@link pause}; `PAUSE_NOT_ALLOWED` for all, and nothing noted, where one recording may not be paused
   * @throws HoldfastError `STORE_FAILED`
   */
  hold(held: readonly PauseInForce[]): Promise<readonly ControlResult[]> {
    const interactions = held.map(({ interactionId }) => interactionId)
    return this.#together(interactions, () => this.#holdAll(held, this.#recordings(interactions)))
  }

  /**
   * Ends the pause of a conversation of which one recording may not be paused: it joined, or began, after somebody had paused. Twice is once.
   * @returns whether there was one; while the link is down it is not ended yet
   */
  async endForbidden(interactionId: InteractionId): Promise<boolean> {
    const { live, pauses, runtime } = this.#parts
    if (pauses.of(interactionId) === null || !live.ofInteraction(interactionId).some(forbidsPauses)) return false
    await this.#together([interactionId], async () => {
      const pause = pauses.of(interactionId)
      if (pause === null) return
      await this.#resumeAll(this.#whole([interactionId]), { by: { type: 'system', id: 'pause-forbidden' }, how: 'system' })
      if (pauses.of(interactionId) !== null) return
      runtime.metrics.count('holdfast_pauses_forbidden_total', { pbx: pause.pbxId })
      runtime.log.warn({ interactionId, by: pause.by }, 'a pause has ended: a recording of its conversation may not be paused')
    })
    return true
  }

  /** Brings about what was wished and not confirmed, while the link is up: called every so often. */
  async settle(): Promise<void> {
    const { live, pauses } = this.#parts
    pauses.forgetAllBut(live.all())
    // One call's PBX that does not answer is no other call's business.
    await Promise.all(live.all().filter((recording) => this.#isOpen(recording)).map(({ id, interactionId }) => this.#together([interactionId], async () => {
      const recording = live.find(id)
      if (recording !== null && this.#isOpen(recording)) await this.#settleOne(recording)
    })))
  }

  /** In the order of all calls that the conversation consists of. */
  #together<T>(interactions: readonly InteractionId[], work: () => Promise<T>): Promise<T> {
    const keys = [...new Set(this.#recordings(interactions).map(({ pbxId, callId }) => `${pbxId} ${callId}`))]
    return this.#parts.serial.runUnder(keys, work)
  }

  /** Each recording once, though its interaction is one with another by now. */
  #recordings(interactions: readonly InteractionId[]): readonly Recording[] {
    return [...new Set(interactions.flatMap((id) => this.#parts.live.ofInteraction(id)))]
  }

  /** With those that are one with them by now. */
  #whole(interactions: readonly InteractionId[]): readonly InteractionId[] {
    return [...new Set([...interactions, ...this.#recordings(interactions).map(({ interactionId }) => interactionId)])]
  }

  async #pauseAll(interactions: readonly InteractionId[], wish: PauseWish): Promise<readonly ControlResult[]> {
    const { pauses, runtime } = this.#parts
    const recordings = this.#recordings(interactions)
    if (recordings.length === 0) throw nothingRecorded()
    const refusal = refusalOf(recordings, wish) ?? this.#unreachable(recordings)
    if (refusal !== null) return recordings.map(({ id }) => failed(id, refusal.code, refusal.message))
    const loud = recordings.filter((recording) => !this.#isSilent(recording))
    if (loud.length === 0) return recordings.map(already)
    const begun = interactions.filter((id) => pauses.of(id) === null)
    for (const interactionId of interactions) await this.#note(interactionId, loud, wish)
    const maskings = await Promise.all(loud.map((recording) => this.#mask(recording)))
    const unsilenced = maskings.filter((masking) => masking.outcome === 'failed')
    for (const { recording, error } of unsilenced) this.#tellFailure(recording, error)
    const withdrawn = unsilenced.length > 0 && !isPartial(maskings) ? begun : []
    if (unsilenced.length > 0 && withdrawn.length === 0) this.#tellPartial(unsilenced)
    for (const interactionId of withdrawn) await pauses.end(interactionId, { by: 'not-confirmed', how: 'system', at: this.#nowOf(recordings[0]?.pbxId) })
    const results = await Promise.all(maskings.map((masking) => withdrawn.includes(masking.recording.interactionId) ? this.#withdraw(masking) : this.#believe(masking)))
    const fresh = new Set(begun.map((id) => pauses.of(id)).filter((pause) => pause !== null))
    for (const { pbxId } of fresh) runtime.metrics.count('holdfast_pauses_total', { pbx: pbxId, way: wish.how })
    return [...recordings.filter((recording) => !loud.includes(recording)).map(already), ...results.flatMap((result) => result ?? [])]
  }

  async #holdAll(held: readonly PauseInForce[], recordings: readonly Recording[]): Promise<readonly ControlResult[]> {
    if (recordings.some(forbidsPauses)) return recordings.map(({ id }) => failed(id, 'PAUSE_NOT_ALLOWED', 'a rule under which this conversation is recorded forbids pauses'))
    const loud = recordings.filter((recording) => !this.#isSilent(recording))
    for (const [index, pause] of held.entries()) {
      await this.#parts.pauses.begin(pause, index > 0 ? [] : loud.map(({ id: recordingId, pbxId }) => pauseAsked(pause, { recordingId, at: this.#nowOf(pbxId) })))
    }
    const maskings = await Promise.all(loud.map((recording) => this.#mask(recording)))
    for (const { recording, error } of maskings.filter((masking) => masking.outcome === 'failed')) this.#tellFailure(recording, error)
    const results = await Promise.all(maskings.map((masking) => this.#believe(masking)))
    return [...recordings.filter((recording) => !loud.includes(recording)).map(already), ...results.flatMap((result) => result ?? [])]
  }

  /** The wish of the conversation and of its recordings, in one instant, before the PBX is asked. */
  async #note(interactionId: InteractionId, loud: readonly Recording[], wish: PauseWish): Promise<void> {
    const { live, pauses } = this.#parts
    const pause = pauses.of(interactionId) ?? this.pauseOf(live.ofInteraction(interactionId), wish)
    if (pause === null) return
    await pauses.begin(pause, loud.filter((recording) => recording.interactionId === interactionId).map((recording) => (
      pauseAsked({ by: wish.by.id, how: wish.how, limitMs: pause.limitMs, ...fromApi(wish) }, { recordingId: recording.id, at: this.#nowOf(recording.pbxId) })
    )))
  }

  /** `null`: nothing of it is recorded any more. */
  async #believe(masking: Masking): Promise<ControlResult | null> {
    const { live, pauses } = this.#parts
    const { recording: { id, pbxId } } = masking
    if (live.find(id) === null || masking.outcome === 'gone') return null
    if (masking.outcome === 'failed') {
      // The pause is older than this wish, or another PBX has confirmed it: it stays, and is asked of this PBX again.
      await live.record({ type: 'pause-failed', recordingId: id, at: this.#nowOf(pbxId) })
      return failed(id, 'PAUSE_FAILED', `PBX ${pbxId}: ${NOT_CONFIRMED}`)
    }
    await live.record({ type: 'pause-effective', recordingId: id, at: masking.at })
    pauses.settled(id)
    return { recordingId: id, outcome: 'done', effectiveAt: masking.at }
  }

  /** All or none. What was silenced for some milliseconds has sound again, and so has what never answered: it may be silent. */
  async #withdraw({ recording, outcome }: Masking): Promise<ControlResult | null> {
    const { live, pauses, runtime } = this.#parts
    const { id: recordingId } = recording
    if (live.find(recordingId) === null || outcome === 'gone') return null
    await this.#sound(recording).catch((error: unknown) => {
      pauses.owe(recordingId, 'unmask')
      runtime.log.error({ recordingId, error }, 'an unconfirmed pause could not be withdrawn yet')
    })
    await live.record({ type: 'pause-failed', recordingId, at: this.#nowOf(recording.pbxId) })
    return failed(recordingId, 'PAUSE_FAILED', outcome === 'failed' ? NOT_CONFIRMED : WITHDRAWN)
  }

  async #resumeAll(interactions: readonly InteractionId[], wish: Pick<PauseWish, 'by' | 'how' | 'client'>): Promise<readonly ControlResult[]> {
    const { by, how } = wish
    const { pauses, runtime } = this.#parts
    const recordings = this.#recordings(interactions)
    const open = new Set(interactions.map((id) => pauses.of(id)).filter((pause) => pause !== null))
    if (recordings.length === 0 && open.size === 0) throw nothingRecorded()
    const silent = recordings.filter(({ state }) => state === 'paused')
    const unreachable = this.#unreachable(silent)
    if (unreachable !== null) return recordings.map(({ id }) => failed(id, unreachable.code, unreachable.message))
    for (const interactionId of interactions) {
      const own = silent.filter((recording) => recording.interactionId === interactionId)
      await pauses.end(interactionId, { by: by.id, how, at: this.#nowOf(pauses.of(interactionId)?.pbxId) },
        own.map(({ id: recordingId, pbxId }) => resumeAsked(wish, { recordingId, at: this.#nowOf(pbxId) })))
    }
    const results = [...recordings.filter((recording) => !silent.includes(recording)).map(resumedAlready), ...await Promise.all(silent.map((recording) => this.#resumeOne(recording)))]
    for (const { pbxId } of open) runtime.metrics.count('holdfast_pauses_ended_total', { pbx: pbxId, by: how })
    this.#parts.resumed(recordings)
    return results
  }

  async #resumeOne(recording: Recording): Promise<ControlResult> {
    const { live, runtime } = this.#parts
    const { id: recordingId } = recording
    try {
      const at = await this.#sound(recording)
      if (live.find(recordingId) !== null) await live.record({ type: 'resume-effective', recordingId, at })
      return { recordingId, outcome: 'done', effectiveAt: at }
    } catch (error) {
      // Asked again until it is confirmed, or the call is over.
      if (!isHoldfastError(error)) throw error
      runtime.log.error({ recordingId, error }, 'resume not confirmed')
      return failed(recordingId, error.code, error.message)
    }
  }

  /** The wish stands in the journal; the facts of the recording follow what the PBX confirms, so that trying for minutes leaves one line. */
  async #settleOne(recording: Recording): Promise<void> {
    const { live, pauses, runtime } = this.#parts
    const { id: recordingId, interactionId } = recording
    const pause = pauses.of(interactionId)
    try {
      if (!isToBeSilent(pauses, recording)) {
        const at = await this.#sound(recording)
        if (recording.state === 'paused') await live.record({ type: 'resume-effective', recordingId, at })
        if (recording.state === 'paused') this.#parts.resumed([recording])
        return
      }
      const segment = openSegment(recording)
      const { at } = segment === null ? { at: this.#nowOf(recording.pbxId) } : await this.#adapter(recording).mask(running(segment))
      if (recording.state !== 'paused' && pause !== null) await live.record(pauseAsked(pause, { recordingId, at }))
      await live.record({ type: 'pause-effective', recordingId, at })
      pauses.settled(recordingId)
      runtime.log.info({ recordingId }, 'a pause that was not confirmed at first is in force')
    } catch (error) {
      if (!isHoldfastError(error)) throw error
      this.#tellFailure(recording, error)
    }
  }

  /** Whether the PBX has not done yet what is wished. */
  #isOpen(recording: Recording): boolean {
    const { pauses, adapters } = this.#parts
    if (adapters.get(recording.pbxId)?.linkState !== 'up') return false
    if (isToBeSilent(pauses, recording)) return !this.#isSilent(recording)
    return recording.state === 'paused' || pauses.owed(recording.id) === 'unmask'
  }

  #isSilent(recording: Recording): boolean {
    const pause = recording.pauses.at(-1)
    return recording.state === 'paused' && pause?.effectiveAt != null && pause.resumeAskedAt === null && this.#parts.pauses.owed(recording.id) !== 'mask'
  }

  async #mask(recording: Recording): Promise<Masking> {
    const segment = openSegment(recording)
    // Nothing of it is written now: what is, later, begins when the pause is over.
    if (segment === null) return { outcome: 'masked', recording, at: this.#nowOf(recording.pbxId) }
    try {
      const { at } = await this.#adapter(recording).mask(running(segment))
      return { outcome: 'masked', recording, at }
    } catch (error) {
      if (isHoldfastError(error, 'CHANNEL_GONE')) return { outcome: 'gone', recording }
      if (isHoldfastError(error, 'PBX_TIMEOUT')) this.#parts.pauses.mayStillMask(recording.id)
      return { outcome: 'failed', recording, error }
    }
  }

  async #sound(recording: Recording): Promise<Date> {
    const segment = openSegment(recording)
    const { at } = segment === null ? { at: this.#nowOf(recording.pbxId) } : await this.#adapter(recording).unmask(running(segment))
    this.#parts.pauses.settled(recording.id)
    return at
  }

  /** What is silent stays so: the sites that did not confirm are asked until they have. */
  #tellPartial(unsilenced: readonly Masking[]): void {
    const { runtime } = this.#parts
    const pbxIds = [...new Set(unsilenced.map(({ recording }) => recording.pbxId))]
    for (const pbx of pbxIds) runtime.metrics.count('holdfast_pauses_partial_total', { pbx })
    runtime.log.error({ pbxIds, interactionId: unsilenced[0]?.recording.interactionId }, 'a pause is confirmed by some PBXs and not by these: their recordings go on with sound until they are')
  }

  #tellFailure({ id: recordingId, pbxId }: Recording, error: unknown): void {
    const { runtime } = this.#parts
    runtime.metrics.count('holdfast_pauses_failed_total', { pbx: pbxId })
    runtime.log.error({ recordingId, error }, 'pause not confirmed')
  }

  /** The pause of a conversation by this wish, with what the rules of its recordings say of pauses. `null` without recordings. */
  pauseOf(recordings: readonly Recording[], { by, how, leg, ...asked }: Omit<PauseWish, 'person'>): PauseInForce | null {
    const [first] = recordings
    if (first === undefined) return null
    const { interactionId, pbxId } = first
    const terms = recordings.map(({ decision }) => decision.terms.pause)
    const legs = agentLegs(recordings)
    const own = legs.filter((each) => each.pbxId === leg?.pbxId && each.channelId === leg.channelId)
    return {
      interactionId, pbxId, by: by.id, how,
      at: this.#nowOf(pbxId),
      legs: own.length > 0 ? own : legs,
      limitMs: Math.min(...terms.map((pause) => (pause.type === 'allowed' ? pause.maxDurationMs : null) ?? this.#parts.maxDurationMs)),
      endsWith: [...new Set(terms.flatMap((pause) => pause.type === 'allowed' ? pause.endsWith : []))],
      ...fromApi(asked),
    }
  }

  /** Nothing is noted as asked that cannot be said to any PBX. One of several that is away keeps nobody from silencing the others. */
  #unreachable(recordings: readonly Recording[]): HoldfastError | null {
    const { adapters } = this.#parts
    const running = recordings.filter((recording) => openSegment(recording) !== null)
    const isDown = running.length > 0 && running.every(({ pbxId }) => adapters.get(pbxId)?.linkState !== 'up')
    return isDown ? new HoldfastError('PBX_UNREACHABLE', 'the link to the PBX is down') : null
  }

  #adapter({ pbxId }: Recording): PbxAdapter {
    const adapter = this.#parts.adapters.get(pbxId)
    if (adapter === undefined) throw new HoldfastError('PBX_UNKNOWN', 'no PBX of this name is configured', { pbxId })
    return adapter
  }

  #nowOf(pbxId: PbxId | undefined): Date {
    const adapter = pbxId === undefined ? undefined : this.#parts.adapters.get(pbxId)
    return adapter?.now ?? this.#parts.runtime.clock.now()
  }
}

/** Whether one PBX confirmed for all that it records, while another did not. */
function resumeAsked(wish: Pick<PauseWish, 'by' | 'how' | 'client'>, { recordingId, at }: { readonly recordingId: RecordingId; readonly at: Date }): CaptureFact {
  return { type: 'resume-asked', recordingId, by: wish.by.id, how: wish.how, at, ...fromApi(wish) }
}

function isPartial(maskings: readonly Masking[]): boolean {
  const failing = new Set(maskings.filter(({ outcome }) => outcome === 'failed').map(({ recording }) => recording.pbxId))
  return failing.size > 0 && maskings.some(({ outcome, recording }) => outcome === 'masked' && openSegment(recording) !== null && !failing.has(recording.pbxId))
}

/** Why nobody may pause this conversation so; one recording that goes on with sound makes every other silence worthless. */
function refusalOf(recordings: readonly Recording[], { how, person }: PauseWish): HoldfastError | null {
  const way = PAUSE_MEANS.find((means) => means === how)
  if (way === undefined) return null
  for (const { decision: { rule, terms } } of recordings) {
    const refusal = pauseRefusal(terms.pause, { way, by: person })
    if (refusal !== null) return new HoldfastError('PAUSE_NOT_ALLOWED', `rule ${rule} ${REFUSED[refusal]}`)
  }
  return null
}

function nothingRecorded(): HoldfastError {
  return new HoldfastError('RECORDING_NOT_ACTIVE', 'nothing of this call is being recorded now')
}

function already(recording: Recording): ControlResult {
  return { recordingId: recording.id, outcome: 'already', effectiveAt: recording.pauses.at(-1)?.effectiveAt ?? recording.startedAt }
}

function resumedAlready(recording: Recording): ControlResult {
  return { recordingId: recording.id, outcome: 'already', effectiveAt: recording.pauses.at(-1)?.resumedAt ?? recording.startedAt }
}

function failed(recordingId: Recording['id'], code: ErrorCode, message: string): ControlResult {
  return { recordingId, outcome: 'failed', code, message }
}
