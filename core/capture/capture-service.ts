import { setTimeout as delay } from 'node:timers/promises'
import { isHoldfastError } from '../domain/errors.ts'
import type { ChannelId } from '../domain/ids.ts'
import type { Recording } from '../domain/recording.ts'
import type { PbxEvent, Transferred } from '../ports/pbx-event.ts'
import { findAgents, hasNameless, hearAgent, nameAgents, nameParties } from './people/agents.ts'
import { lastWrite } from './recorders/adoption.ts'
import { AttachedGate } from './rules/attached-gate.ts'
import { withBelievableEnd } from './calls/believable-end.ts'
import type { CaptureContext } from './calls/capture-context.ts'
import { endWhatIsOver, joinCalls, type JoinedCalls, joinsOf } from './calls/conversations.ts'
import { armAnswered, armConnected, armRinging } from './recorders/full-time.ts'
import { FeatureCodes } from './control/feature-codes.ts'
import { dropInsurance, settleInsurance, takeNative } from './recorders/insurance.ts'
import { isToBeSilent } from './calls/interaction-pauses.ts'
import { Expectations } from './ledger/expectations.ts'
import { Guard } from './calls/guard.ts'
import { takeUp } from './link-up.ts'
import { openSegment } from './calls/live-recordings.ts'
import { followHearing, legsAround } from './recorders/hearing.ts'
import { ObservationLog } from './ledger/observation.ts'
import { passedOnWith, passOn } from './recorders/pass-on.ts'
import { adoptAct, NativeActs } from './native-acts.ts'
import { agentLeft, endForbidden, forgetPausesOfEndedCalls } from './calls/pause-ends.ts'
import { seatConnected, seatLogin, seatMember, unseatLogin, unseatMember } from './people/pbx-logins.ts'
import { cut } from './recorders/peer-change.ts'
import { pickUp } from './recorders/pick-up.ts'
import { startPutOff } from './recorders/put-off.ts'
import { Recorder } from './recorders/recorder.ts'
import { noteChange } from './rules/note-change.ts'
import { type News, reconsider, spread } from './recorders/reconsider.ts'
import { answerRequest, startConnected, startWaiting } from './recorders/recording-request.ts'

/** The journal did not take what had to be noted: tried again after this, doubled each time up to the limit, until it does. A guess. */
const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 30_000
/** Events whose work is not done yet. Beyond it the next event waits for its reader: the adapter notices, and the dialplan records by itself. */
const MAX_PENDING_EVENTS = 2000

type Handle<T extends PbxEvent['type']> = (service: CaptureService, event: Extract<PbxEvent, { type: T }>) => Promise<void>

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

  constructor(around: Omit<CaptureContext, 'expectations'>) {
    const context = { ...around, expectations: new Expectations(around) }
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
    const allowed = this.#gate.event(told)
    if (allowed === null) return
    const event = withBelievableEnd(this.context, allowed)
    const leaving = event.type === 'hangup' ? tracker.find(event.channelId) : null
    const joins = joinsOf(this.context, event)
    this.#tellWatchers(event)
    hearAgent(this.context, event)
    if (event.type !== 'hangup') tracker.apply(event)
    this.context.expectations.hear(event)
    if (event.type === 'bridge-entered') findAgents(this.context, event.channelId)
    if (event.type !== 'hangup') this.#tellWatchers(event)
    const handle = HANDLERS[event.type] as Handle<PbxEvent['type']> | undefined
    if (event.type === 'link-up') {
      // Events of calls wait until it is known what became of the recordings of before.
      this.#ready = this.#run([this.#linkKey], () => this.#guarded(event, handle))
    } else if (handle !== undefined || joins.length > 0) {
      const ready = this.#ready
      void this.#run(this.#keysOf(event, leaving?.channel.callId), async () => {
        await ready
        for (const joined of joins) await this.#guarded(event, (service) => service.join(joined))
        const settle: Handle<PbxEvent['type']> = ({ context }) => context.expectations.settle(event)
        // That a leg is over needs nobody's work, and what is known of it must not wait for any.
        for (const step of event.type === 'hangup' ? [settle, handle] : [handle, settle]) await this.#guarded(event, step)
      })
    }
    if (event.type === 'transferred') this.#passOn(event)
    if (event.type === 'hangup') tracker.apply(event)
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
    const { live, pauses, pbxId } = this.context
    if (!await joinCalls(this.context, joined)) return
    const interaction = live.interactions.ofCall(pbxId, joined.calls[1])
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

const HANDLERS: { readonly [T in PbxEvent['type']]?: Handle<T> } = {
  'link-up': async (service, event) => {
    const { context } = service
    context.runtime.metrics.gauge('holdfast_pbx_link_up', 1, { pbx: context.pbxId })
    await takeUp(service, event)
    service.lostAt = null
  },
  'link-down': async (service, { at }) => {
    const { context } = service
    service.lostAt = at
    await service.observation.lost(at, 'link-down')
    service.acts.clear()
    context.runtime.metrics.gauge('holdfast_pbx_link_up', 0, { pbx: context.pbxId })
    context.runtime.log.warn({ pbxId: context.pbxId }, 'PBX link down: running recordings go on, new ones are recorded natively')
  },
  'recording-asked': ({ context, recorder }, event) => answerRequest(context, recorder, event),
  'native-recording': async ({ context, recorder }, event) => {
    await takeNative(context, recorder, event)
    const isOver = context.tracker.find(event.channelId) === null
    const unseen = isOver ? context.live.onChannel(context.pbxId, event.channelId).filter(({ origin }) => origin === 'native') : []
    for (const recording of unseen) await recorder.ended(recording, 'ended-unseen', await lastWrite(context, recording) ?? event.at)
    await endWhatIsOver(context, event)
  },
  'native-pause': async (service, event) => {
    if (event.stage === 'begins') service.acts.begins(event)
    else if (event.stage === 'over') await service.codes.follow(service.context, event)
    else await adoptAct(service, event)
  },
  'code-pressed': ({ context, codes }, event) => codes.press(context, event),
  'dial-began': async ({ context, recorder }, event) => {
    await startWaiting(context, recorder, event)
    await armRinging(context, recorder, event)
  },
  'picked-up': ({ context, recorder }, event) => pickUp(context, recorder, event),
  'channel-answered': async (service, { channelId, at }) => {
    for (const recording of service.recordingsOn(channelId)) {
      await service.context.live.record({ type: 'answered', recordingId: recording.id, at })
    }
    await followHearing(service.context, service.recorder, { legs: [channelId], at })
    await armAnswered(service.context, service.recorder, { channelId, at })
  },
  'bridge-entered': async ({ context, recorder }, { channelId, callId, bridgeId, at }) => {
    await followHearing(context, recorder, { legs: legsAround(context, channelId, bridgeId), at })
    await startConnected(context, recorder, channelId)
    await reconsider(context, recorder, { callId, channelId, at })
    await armConnected(context, recorder, { channelId, at })
    await settleInsurance(context, recorder, channelId)
  },
  'bridge-left': async ({ context, recorder }, { channelId, bridgeId, at }) => {
    await followHearing(context, recorder, { legs: legsAround(context, channelId, bridgeId), at })
  },
  transferred: async ({ context }, event) => {
    for (const leg of [event.by, event.consultation]) if (leg !== null) agentLeft(context, leg.channelId, 'transfer')
    // What this leg dials from now on is another route, which has to ask for a recording of its own; it may have asked before we are told.
    if (event.kind === 'blind') context.wishes.forgetUntil(event.channelId, context.tracker.routeSince(event.channelId, event.at) ?? event.at)
    await Promise.resolve()
  },
  'recorder-muted': async (service, { channelId, muted }) => {
    // A mask that was given up and never answered is carried out after all: nobody wants this silence any more.
    const { pauses } = service.context
    const late = service.recordingsOn(channelId).filter((recording) => muted !== 'none' && pauses.isLateMask(recording.id) && !isToBeSilent(pauses, recording))
    for (const { id } of late) pauses.owe(id, 'unmask')
    if (late.length > 0) service.settleLate()
    await Promise.resolve()
  },
  'attached-changed': async ({ context, recorder }, event) => {
    const { change, at } = event
    await noteChange(context, event, (recordingId) => ({ type: 'attached-changed', recordingId, change, at }))
    await nameAgents(context, event)
    spread(context, event)
    await reconsider(context, recorder, event)
  },
  announced: async ({ context }, { callId, announcement, at }) => {
    for (const recording of context.live.ofPbx(context.pbxId).filter((candidate) => candidate.callId === callId)) {
      await context.live.record({ type: 'announced', recordingId: recording.id, announcement, at })
    }
  },
  'recorder-stopped': async (service, { channelId, at }) => {
    const { context, recorder } = service
    for (const recording of service.recordingsOn(channelId)) {
      // Our own stop closed its segment before the PBX was told; a segment that is open and older was stopped by somebody else.
      const segment = openSegment(recording)
      if (segment === null || segment.recorderId === null || segment.startedAt >= at || service.acts.isUnderWayOn(channelId) || context.ownStops.take(channelId)) continue
      context.runtime.metrics.count('holdfast_recorders_stopped_by_others_total', { pbx: context.pbxId })
      context.runtime.log.warn({ recordingId: recording.id, at }, 'a recorder was stopped on the PBX by somebody else: another begins')
      await cut(context, recorder, { recording, segment })
    }
  },
  'queue-connected': async (service, event) => {
    const { channelId, agentChannelId, queue, at } = event
    const { live, pbxId } = service.context
    const concerned = [...service.recordingsOn(channelId), ...service.recordingsOn(agentChannelId), ...live.waitingOn(pbxId, channelId)]
    for (const recording of concerned.filter((candidate) => candidate.queue !== queue)) await live.record({ type: 'queue-known', recordingId: recording.id, queue, at })
    await reconsider(service.context, service.recorder, event)
    await seatConnected(service.context, event)
  },
  'queue-member-added': ({ context }, event) => seatMember(context, event),
  'queue-member-removed': ({ context }, event) => unseatMember(context, event),
  'agent-logged-in': ({ context }, event) => seatLogin(context, event),
  'agent-logged-out': ({ context }, event) => unseatLogin(context, event),
  hangup: async (service, { channelId, callId, at }) => {
    const { live, wishes, ownStops, pbxId } = service.context
    wishes.forget(channelId)
    ownStops.forget(channelId)
    service.codes.forget(channelId)
    // Its recordings end, whatever becomes of the rest.
    const guard = new Guard(service.context, 'what a leg left behind could not be settled')
    await guard.run({ channelId }, () => dropInsurance(service.context, service.recorder, { channelId, at }))
    for (const act of service.acts.leftBy(channelId)) await guard.run({ channelId: act.channelId }, () => adoptAct(service, act))
    await guard.run({ channelId }, () => followHearing(service.context, service.recorder, { legs: [channelId], at }))
    guard.rethrow()
    live.forgetStopped(pbxId, channelId)
    for (const recording of [...service.recordingsOn(channelId), ...live.waitingOn(pbxId, channelId)]) {
      await service.recorder.ended(recording, 'hangup', at)
    }
    await endWhatIsOver(service.context, { callId, at })
    agentLeft(service.context, channelId, 'agent-hangup')
    await forgetPausesOfEndedCalls(service.context)
  },
}
