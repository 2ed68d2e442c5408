import { setTimeout as delay } from 'node:timers/promises'
import { isHoldfastError } from '../domain/errors.ts'
import type { CallId, ChannelId } from '../domain/ids.ts'
import type { Recording } from '../domain/recording.ts'
import type { PbxEvent, Transferred } from '../ports/pbx-event.ts'
import { findAgents, hasNameless, hearAgent, nameParties } from './people/agents.ts'
import { AttachedGate } from './rules/attached-gate.ts'
import { withBelievableEnd } from './calls/believable-end.ts'
import type { CaptureContext } from './calls/capture-context.ts'
import { joinCalls, type JoinedCalls, joinsOf, joinTold, legsHeard } from './calls/conversations.ts'
import { FeatureCodes } from './control/feature-codes.ts'
import { Expectations } from './ledger/expectations.ts'
import { Presences } from './calls/presences.ts'
import { ObservationLog } from './ledger/observation.ts'
import { passedOnWith, passOn } from './recorders/pass-on.ts'
import { NativeActs } from './native-acts.ts'
import { endForbidden } from './calls/pause-ends.ts'
import { startPutOff } from './recorders/put-off.ts'
import { Recorder } from './recorders/recorder.ts'
import { type News, reconsider } from './recorders/reconsider.ts'
import { type Handle, HANDLERS } from './event-handlers.ts'

/** The journal did not take what had to be noted: tried again after this, doubled each time up to the limit, until it does. A guess. */
const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 30_000
/** Events whose work is not done yet. Beyond it the next event waits for its reader: the adapter notices, and the dialplan records by itself. */
const MAX_PENDING_EVENTS = 2000

/** Events of one PBX in; decisions, recorders and facts out. What it believes is in the journal before it acts. */
export class CaptureService {
  readonly context: CaptureContext
  readonly recorder: Recorder
  readonly codes = new FeatureCodes()
  readonly observation: ObservationLog
  readonly acts = new NativeActs()
  readonly #gate: AttachedGate
  readonly #stopping = new AbortController()
  #pending = 0
  #roomMade: (() => void) | null = null
  #ready: Promise<void> = Promise.resolve()
  /** When the link went down last, while it is down or what became of the calls is not known yet. */
  lostAt: Date | null = null
  #consuming: Promise<void> | null = null

  constructor(around: Omit<CaptureContext, 'expectations' | 'presences'>) {
    const context = { ...around, expectations: new Expectations(around), presences: new Presences() }
    this.context = context
    this.recorder = new Recorder(context)
    this.observation = new ObservationLog(context)
    this.#gate = new AttachedGate({ schema: () => context.rules.attached, pbxId: context.pbxId, runtime: context.runtime })
  }

  /** What the ledger knows from before. Call once, before the start. @throws HoldfastError `STORE_FAILED` */
  async restore(): Promise<void> {
    await this.context.expectations.restore()
    await this.observation.restore()
  }

  /** Connects the adapter and handles its events until it is disposed. `LiveRecordings.restore` and `restore` must have been called. */
  start(): void {
    this.#consuming = this.#consume()
    this.context.adapter.start()
    this.observation.start()
  }

  /** Disposes the adapter and waits for what is under way. Recordings go on: the PBX writes them. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    // First: that the link ends by our own doing would be told as its loss.
    await this.#told('it could not be noted that observation ends', () => this.observation.stop())
    await this.context.adapter[Symbol.asyncDispose]()
    await this.#consuming
    await this.context.serial.idle()
  }

  async #consume(): Promise<void> {
    for await (const event of this.context.adapter.events()) {
      this.accept(event)
      if (this.#pending >= MAX_PENDING_EVENTS) await this.#room()
    }
  }

  async #room(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#roomMade = resolve
    })
  }

  /** Tasks of links belong to no call, and one link's do not wait for another's. */
  get #linkKey(): string {
    return `link ${this.context.pbxId}`
  }

  /** Takes one event, without what must not be known of it. The tracker sees events in their order at once; work on a call follows in the order of that call. */
  accept(told: PbxEvent): void {
    const { tracker } = this.context
    const allowed = this.#gate.event(this.context.told.event(told, (channelId) => tracker.find(channelId)?.channel.endpoint ?? null))
    if (allowed === null) return
    const event = withBelievableEnd(this.context, allowed)
    const leaving = event.type === 'hangup' ? tracker.find(event.channelId) : null
    const joins = joinsOf(this.context, event)
    this.#tellWatchers(event)
    hearAgent(this.context, event)
    if (event.type !== 'hangup') tracker.apply(event)
    this.context.insurances.hear(event, tracker)
    this.context.expectations.hear(event)
    if (event.type === 'bridge-entered') findAgents(this.context, event.channelId)
    if (event.type !== 'hangup') this.#tellWatchers(event)
    const handle = HANDLERS[event.type] as Handle<PbxEvent['type']> | undefined
    if (event.type === 'link-up') {
      // Events of calls wait until it is known what became of the recordings of before.
      this.#ready = this.#run([this.#linkKey], () => this.#guarded(event, handle))
    } else if (handle !== undefined || joins.length > 0) {
      const ready = this.#ready
      const legs = legsHeard(this.context, event)
      void this.#run(this.#keysOf(event, leaving?.channel.callId), async () => {
        await ready
        if (this.context.told.isNeeded(legs)) await this.#guarded(event, (service) => service.joinSites(event, legs))
        for (const joined of joins) await this.#guarded(event, (service) => service.join(joined))
        const settle: Handle<PbxEvent['type']> = ({ context }) => context.expectations.settle(event)
        // That a leg is over needs nobody's work, and what is known of it must not wait for any.
        for (const step of event.type === 'hangup' ? [settle, handle] : [handle, settle]) await this.#guarded(event, step)
      })
    }
    if (event.type === 'transferred') this.#passOn(event)
    if (event.type === 'hangup') tracker.apply(event)
    this.context.presences.hear(event, tracker)
  }

  /** In the order of each recording's own call: the legs that hang up next may be of two calls. */
  #passOn(event: Transferred): void {
    const { context, recorder } = this
    for (const { id: recordingId, callId } of passedOnWith(context, event)) {
      const ready = this.#ready
      void this.#run([`${context.pbxId} ${callId}`], async () => {
        await ready
        await this.#guarded(event, () => passOn(context, recorder, { event, recordingId }))
      })
    }
  }

  /** Two calls are one: what is paused of either is to be silent in both, or in neither where one of them may not be paused. */
  async join(joined: JoinedCalls): Promise<void> {
    if (await joinCalls(this.context, joined)) this.#silenceJoined(joined.calls[1])
  }

  /** As {@link join}, by what another site said of a leg. */
  async joinSites(event: PbxEvent, legs: readonly ChannelId[]): Promise<void> {
    await this.context.told.known(legs)
    if (await joinTold(this.context, event) && 'callId' in event) this.#silenceJoined(event.callId)
  }

  #silenceJoined(callId: CallId): void {
    const { live, pauses, pbxId } = this.context
    const interaction = live.interactions.ofCall(pbxId, callId)
    if (interaction === null || pauses.of(interaction.id) === null) return
    endForbidden(this.context, interaction.id)
    this.settleLate()
  }

  /** They look a moment later, when what is under way now is done. */
  #tellWatchers(event: PbxEvent): void {
    const { tracker, liveChanges, pbxId } = this.context
    if (!('callId' in event)) return
    liveChanges.call(pbxId, event.callId)
    const callId = tracker.find(event.channelId)?.channel.callId ?? event.callId
    if (callId !== event.callId) liveChanges.call(pbxId, callId)
  }

  /** A pause has ended: what was asked for meanwhile begins, and what the rules wanted. */
  resumed(recordings: readonly Recording[]): void {
    const { pbxId, adapter } = this.context
    const own = recordings.filter((recording) => recording.pbxId === pbxId)
    for (const [key, { callId, channelId }] of new Map(own.map((recording) => [`${pbxId} ${recording.callId}`, recording]))) {
      this.#later(key, 'what was asked for during a pause could not begin', () => startPutOff(this.context, this.recorder, own.filter((recording) => recording.callId === callId)))
      this.#reconsider(key, { callId, channelId, at: adapter.now })
    }
  }

  /** Somebody sits elsewhere now: who is heard at that telephone has a name. */
  seatsChanged(): void {
    for (const { callId, id } of this.context.live.ofPbx(this.context.pbxId).filter(hasNameless)) this.#later(`${this.context.pbxId} ${callId}`, 'the person in a recording could not be named', () => nameParties(this.context, id))
  }

  /** The rules have changed: every call that is recorded, or was not to be, is looked at again. */
  rulesChanged(): void {
    const { tracker, live, pbxId, adapter } = this.context
    const at = adapter.now
    const legs = [...tracker.askers().map(({ channel }) => channel), ...live.ofPbx(pbxId)]
    const calls = new Map(legs.map(({ callId, channelId }) => [callId, { callId, channelId }]))
    for (const { callId, channelId } of calls.values()) this.#reconsider(`${pbxId} ${callId}`, { callId, channelId, at })
  }

  #reconsider(key: string, news: News): void {
    this.#later(key, 'a call could not be decided again', () => reconsider(this.context, this.recorder, news))
  }

  #later(key: string, failure: string, work: () => Promise<void>): void {
    void this.#told(failure, () => this.context.serial.run(key, work))
  }

  /** A mask came after it had been given up: queued behind the event that is handled now. */
  settleLate(): void {
    void this.#told('a late mask could not be taken back', () => this.context.pauseControl.settle())
  }

  /** Work that no event waits for. */
  async #told(failure: string, work: () => Promise<void>): Promise<void> {
    const { runtime, pbxId } = this.context
    try {
      await work()
    } catch (error) {
      runtime.metrics.count('holdfast_capture_errors_total', { pbx: pbxId, code: isHoldfastError(error) ? error.code : 'BUG' })
      runtime.log.error({ pbxId, error }, failure)
    }
  }

  /** Live recordings that a recorder on this channel writes. */
  recordingsOn(channelId: ChannelId): readonly Recording[] {
    return this.context.live.onChannel(this.context.pbxId, channelId)
  }

  #keyOf(event: PbxEvent, leavingCallId: string | undefined): string {
    if (!('callId' in event)) return this.#linkKey
    // It waits for commands, which wait for their turn among the work on the call.
    if (event.type === 'code-pressed' || (event.type === 'native-pause' && event.stage === 'over')) return `codes ${this.context.pbxId} ${event.channelId}`
    // A recording keeps its order by its own call, also while a transfer changes the call of its legs.
    const recording = this.recordingsOn(event.channelId)[0] ?? this.context.live.waitingOn(this.context.pbxId, event.channelId)[0]
    return `${this.context.pbxId} ${recording?.callId ?? leavingCallId ?? event.callId}`
  }

  /** What one telephone takes from another is work on two calls. */
  #keysOf(event: PbxEvent, leavingCallId: string | undefined): readonly string[] {
    const key = this.#keyOf(event, leavingCallId)
    return event.type === 'picked-up' ? [...new Set([key, `${this.context.pbxId} ${event.byCallId}`])] : [key]
  }

  async #run(keys: readonly string[], task: () => Promise<void>): Promise<void> {
    this.#pending += 1
    try {
      await this.context.serial.runUnder(keys, task)
    } finally {
      this.#pending -= 1
      this.#roomMade?.()
      this.#roomMade = null
    }
  }

  /** One call's trouble is not another's: said, counted, and the next event is handled. What the journal refused is tried again until it takes it. */
  async #guarded(event: PbxEvent, handle: Handle<PbxEvent['type']> | undefined): Promise<void> {
    const { runtime, pbxId } = this.context
    for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_RETRY_MS)) {
      try {
        await handle?.(this, event)
        return
      } catch (error) {
        runtime.metrics.count('holdfast_capture_errors_total', { pbx: pbxId, code: isHoldfastError(error) ? error.code : 'BUG' })
        runtime.log.error({ pbxId, event: event.type, error }, 'event could not be handled')
        // A dialplan that asked has recorded by itself meanwhile: its question is not answered late.
        if (!isHoldfastError(error, 'STORE_FAILED') || event.type === 'recording-asked' || event.type === 'code-pressed' || this.#stopping.signal.aborted) return
        await delay(waitMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined)
      }
    }
  }
}
