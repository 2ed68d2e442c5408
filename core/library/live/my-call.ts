import type { Requester } from '../../domain/actor.ts'
import type { Desk } from '../../domain/desk.ts'
import { HoldfastError } from '../../domain/errors.ts'
import type { InteractionId } from '../../domain/ids.ts'
import type { Pause, Recording } from '../../domain/recording.ts'
import { onDemandRefusal } from '../../domain/rules/on-demand-terms.ts'
import { type PauseActor, pauseRefusal } from '../../domain/rules/pause-terms.ts'
import type { RecordingTerms } from '../../domain/rules/rule.ts'
import type { CaptureControl, LiveCall } from '../../ports/capture-control.ts'
import type { DeskRegister } from '../../ports/desk-register.ts'
import { desksOf } from '../../domain/seat.ts'
import { scopeForControl } from '../access/access.ts'
import { type Authentication, OVER } from '../sign-in/authentication.ts'
import { personOf } from './live-control.ts'
import type { OpenFeeds } from './open-feeds.ts'

export const MY_CALL_STATES = ['no-call', 'not-recorded', 'waiting', 'recording', 'paused', 'stopped'] as const
/** Of the call that somebody has now. `waiting`: asked for, and begins when it may. `paused` only when nothing of it is recorded with sound. */
export type MyCallState = (typeof MY_CALL_STATES)[number]

/** What may be done now, by the rule and by what goes on. */
export interface Allowed {
  readonly pause: boolean
  readonly resume: boolean
  readonly start: boolean
  readonly stop: boolean
}

/** One recording of it. */
export type MyRecording = Pick<Recording, 'id' | 'side' | 'state' | 'reason' | 'startedAt' | 'endedAt'>

/** The recording of the call that somebody has now, as her desk shows it. */
export interface MyCall {
  readonly state: MyCallState
  /** Since when; `null` without a call. */
  readonly since: Date | null
  readonly interactionId: InteractionId | null
  readonly callBeganAt: Date | null
  /** Where she sits, as far as it is known. */
  readonly desks: readonly Desk[]
  /** What runs, and what was stopped by hand in this call. */
  readonly recordings: readonly MyRecording[]
  readonly pauses: readonly Pause[]
  /** When the pause ends by itself; `null` when none is in force. */
  readonly pauseEndsAt: Date | null
  /** When it was warned that this comes near; `null` before. */
  readonly pauseWarnedAt: Date | null
  readonly allowed: Allowed
}

interface Parts {
  readonly capture: CaptureControl
  readonly desks: DeskRegister
  readonly authentication: Authentication
  readonly feeds: OpenFeeds
}

const NOTHING: Allowed = { pause: false, resume: false, start: false, stop: false }

/** "My current recording": from the capture node's own view, within the turn in which it changes; the catalogue is not asked. */
export class MyCalls {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** @throws HoldfastError `FORBIDDEN` */
  async now(requester: Requester): Promise<MyCall> {
    scopeForControl(requester)
    const { binding } = requester
    const { capture, desks } = this.#parts
    const open = await desks.seats()
    if (binding === null) return noCall([])
    const known = binding.agent === null ? [] : desksOf(open, binding.agent)
    const sitsAt = known.length > 0 ? known : binding.desks
    const [call] = await capture.calls({ owner: binding })
    return call === undefined ? noCall(sitsAt) : viewOf(call, personOf(requester), sitsAt)
  }

  /**
   * The state now, and each time that it changes, until the signal.
   * @throws HoldfastError `FORBIDDEN`; `RATE_LIMITED`; `UNAUTHENTICATED` once the requester's token is over
   */
  async *watch(requester: Requester, signal: AbortSignal): AsyncGenerator<MyCall, void> {
    scopeForControl(requester)
    const { capture, authentication, feeds } = this.#parts
    using _feed = feeds.open(requester.actor.id)
    // Listens before it looks: what changes in between is not lost.
    const changes = capture.changes(requester.binding ?? { agent: null, desks: [] }, signal)
    let told = await this.now(requester)
    yield told
    for await (const _ of changes) {
      const still = await authentication.again(requester, 'lately')
      if (still === null) throw new HoldfastError('UNAUTHENTICATED', OVER)
      const next = await this.now(still)
      if (JSON.stringify(next) === JSON.stringify(told)) continue
      told = next
      yield told
    }
  }
}

function noCall(desks: readonly Desk[]): MyCall {
  return { state: 'no-call', since: null, interactionId: null, callBeganAt: null, desks, recordings: [], pauses: [], pauseEndsAt: null, pauseWarnedAt: null, allowed: NOTHING }
}

function viewOf(call: LiveCall, person: PauseActor, desks: readonly Desk[]): MyCall {
  const { state, since } = stateOf(call)
  const conversation = [...call.recordings, ...call.elsewhere]
  const running = conversation.filter((recording) => recording.state === 'recording')
  const paused = conversation.filter((recording) => recording.state === 'paused')
  return {
    state, since, desks,
    interactionId: call.interactionId,
    callBeganAt: call.beganAt,
    recordings: [...call.recordings, ...call.stopped].map(({ id, side, state: of, reason, startedAt, endedAt }) => ({ id, side, state: of, reason, startedAt, endedAt })),
    pauses: conversation[0]?.pauses ?? [],
    pauseEndsAt: call.pauseEndsAt,
    pauseWarnedAt: earliest(paused.flatMap(({ pauses }) => pauses.at(-1)?.warnedAt ?? [])),
    allowed: {
      // One rule that says no refuses the pause of the whole conversation.
      pause: running.length > 0 && running.every(({ decision }) => pauseRefusal(decision.terms.pause, { way: 'api', by: person }) === null),
      resume: paused.length > 0,
      start: allows(call.decision?.terms, 'start', person) && !isWhole(call),
      stop: call.recordings.some(({ decision, side }) => allows(decision.terms, 'stop', person) && (call.wanting?.sides.includes(side) !== true || allows(call.wanting.terms, 'stop', person))),
    },
  }
}

/** Sound that is recorded goes before silence: nobody is to believe in a pause while one side goes on. */
function stateOf({ recordings: own, elsewhere, stopped, beganAt }: LiveCall): { readonly state: MyCallState; readonly since: Date } {
  const recordings = [...own, ...elsewhere]
  const running = recordings.filter(({ state }) => state === 'recording')
  if (running.length > 0) return { state: 'recording', since: earliest(running.map((recording) => recording.pauses.at(-1)?.resumedAt ?? recording.startedAt)) ?? beganAt }
  const paused = recordings.filter(({ state }) => state === 'paused')
  if (paused.length > 0) return { state: 'paused', since: latest(paused.flatMap(({ pauses }) => pauses.at(-1)?.effectiveAt ?? [])) ?? beganAt }
  if (recordings.length > 0) return { state: 'waiting', since: earliest(recordings.map(({ requestedAt }) => requestedAt)) ?? beganAt }
  if (stopped.length > 0) return { state: 'stopped', since: latest(stopped.flatMap(({ endedAt }) => endedAt ?? [])) ?? beganAt }
  return { state: 'not-recorded', since: beganAt }
}

/** Whether every side that would be started runs already. */
function isWhole({ decision, recordings }: LiveCall): boolean {
  const sides = decision === null || decision.sides.length === 0 ? ['source'] : decision.sides
  return sides.every((side) => recordings.some((recording) => recording.side === side))
}

function allows(terms: RecordingTerms | undefined, action: 'start' | 'stop', by: PauseActor): boolean {
  return terms !== undefined && onDemandRefusal(terms, action, { way: 'api', by }) === null
}

function earliest(times: readonly Date[]): Date | null {
  return times.length === 0 ? null : new Date(Math.min(...times.map((time) => time.getTime())))
}

function latest(times: readonly Date[]): Date | null {
  return times.length === 0 ? null : new Date(Math.max(...times.map((time) => time.getTime())))
}
