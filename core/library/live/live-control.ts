import { actsForHerselfAlone, type Requester } from '../../domain/actor.ts'
import type { AuditAction, AuditDraft } from '../../domain/audit-entry.ts'
import { ERROR_CODES, type ErrorCode, HoldfastError, isHoldfastError } from '../../domain/errors.ts'
import type { InteractionId, RecordingId } from '../../domain/ids.ts'
import { isLive } from '../../domain/lifecycle.ts'
import type { Organisation } from '../../domain/organisation.ts'
import type { Recording } from '../../domain/recording.ts'
import { type PauseActor, pauseRefusal } from '../../domain/rules/pause-terms.ts'
import { type CaptureControl, type ControlAction, type ControlAnswer, type ControlCommand, type ControlResult, type ControlTarget as CaptureTarget, isUnconfirmed, type LiveCall, type UnconfirmedNode } from '../../ports/capture-control.ts'
import type { AccessScope, RecordingRepository } from '../../ports/recording-repository.ts'
import { reaches, scopeForControl } from '../access/access.ts'
import { clientOf } from '../access/requester.ts'
import type { AuditWriter } from '../audit/audit-writer.ts'
import { type ControlTarget, findOwnCall, type NamedTarget, notFound, ownCall, startableCalls } from './controlled-calls.ts'
import type { Organisations } from '../people/organisations.ts'
import { withinMs } from '../within-ms.ts'

/** An agent waits for the tone before she lets the customer say the card number. A guess at the patience of both. */
export const CONTROL_DEADLINE_MS = 5000

/** The catalogue is asked for merged interactions beside the command; the answer waits no longer than this for it. A guess: it answers in milliseconds, or hangs. */
const MERGED_PATIENCE_MS = 1000
/** A refusal stands whether or not it can be audited: a log that hangs must not keep somebody from asking again. A guess. */
const AUDIT_PATIENCE_MS = 1000

/** What became of a command for one recording that the requester may see. */
export interface ControlledRecording {
  readonly recording: Recording
  readonly result: ControlResult
}

/** What became of a command: one for each recording that the requester may see, and what other nodes have not confirmed. */
export interface Controlled {
  readonly recordings: readonly ControlledRecording[]
  readonly unconfirmed: readonly UnconfirmedNode[]
}

/** A command that is being carried out. */
interface Order {
  readonly command: Omit<ControlCommand, 'target'>
  readonly target: ControlTarget
  readonly signal: AbortSignal
  /** Whose recordings the requester sees; of an agent, those of her own call. */
  readonly scope: AccessScope
  /** What a scope of units is judged by. */
  readonly organisation: Organisation
  /** Audits that it was not done, or not for all; never fails. */
  readonly tell: (reason: ErrorCode) => Promise<void>
}

const FORBIDDEN_BY_RULE = 'a rule under which this conversation is recorded forbids the pause'

/** As whom the rules know somebody: an administrator is let do what a supervisor is. */
export function personOf(requester: Requester): PauseActor {
  if (requester.role.name === 'integrator') return 'integrator'
  return actsForHerselfAlone(requester) ? 'agent' : 'supervisor'
}

const AUDITED: Readonly<Record<ControlAction, AuditAction>> = { pause: 'recording.pause', resume: 'recording.resume', start: 'recording.start', stop: 'recording.stop' }
/** What is told when nothing is heard of a command in time. */
const NOT_CONFIRMED: Readonly<Record<ControlAction, ErrorCode>> = { pause: 'PAUSE_FAILED', resume: 'PAUSE_FAILED', start: 'START_FAILED', stop: 'STOP_FAILED' }
/** The rule's own no: told once, when it is the answer for everything. */
const REFUSALS: Readonly<Record<ControlAction, ErrorCode | null>> = { pause: 'PAUSE_NOT_ALLOWED', resume: null, start: null, stop: 'STOP_NOT_ALLOWED' }

/** Control of live calls by a requester: permission, what they may see, and the rule's own word; then the capture node does it. */
export class LiveControl {
  readonly #repository: RecordingRepository
  readonly #capture: CaptureControl
  readonly #organisations: Organisations
  readonly #audit: AuditWriter

  constructor({ repository, capture, organisations, audit }: { readonly repository: RecordingRepository; readonly capture: CaptureControl; readonly organisations: Organisations; readonly audit: AuditWriter }) {
    this.#organisations = organisations
    this.#repository = repository
    this.#capture = capture
    this.#audit = audit
  }

  /**
   * Idempotent. One answer for each live recording of the target that the requester may see, and one for each node that did not confirm; refusals are audited here,
   * what was done is audited where it was done. What the capture node knows as live never waits for the catalogue.
   * An agent reaches her own calls while they go on, and is told of others as if they were not there.
   * @throws HoldfastError `FORBIDDEN`; `RECORDING_NOT_FOUND`; `INTERACTION_NOT_FOUND`; `NO_LIVE_CALL`; `RECORDING_NOT_ACTIVE`;
   * `PAUSE_NOT_ALLOWED`; `START_NOT_ALLOWED`; `STOP_NOT_ALLOWED`; `PAUSE_FAILED`, `START_FAILED`, `STOP_FAILED` (retry)
   */
  async control(requester: Requester, action: ControlAction, target: ControlTarget): Promise<Controlled> {
    const tell = (reason: ErrorCode): Promise<void> => this.#tellRefusal(requester, AUDITED[action], { target, reason })
    try {
      const scope = scopeForControl(requester)
      // Not tied to the client's connection: a pause that was asked for happens, whether or not somebody waits for the answer.
      const signal = AbortSignal.timeout(CONTROL_DEADLINE_MS)
      const organisation = await this.#organisations.for(scope)
      const order: Order = { command: { action, by: requester.actor, person: personOf(requester), how: 'api', client: clientOf(requester) }, target, signal, scope, organisation, tell }
      const isOwn = actsForHerselfAlone(requester) || 'current' in target
      const call = await (isOwn ? ownCall(this.#capture, requester, target) : findOwnCall(this.#capture, requester, target))
      return call === null ? await this.#controlReached(order) : await this.#controlOwn(order, call)
    } catch (error) {
      if (isHoldfastError(error)) await withinMs(AUDIT_PATIENCE_MS, tell(error.code), undefined)
      throw error
    }
  }

  /** A call of her own: everything that is recorded of it is hers as long as it goes on. */
  async #controlOwn(order: Order, call: LiveCall): Promise<Controlled> {
    const { target, command } = order
    const whole: CaptureTarget = { channel: { pbxId: call.pbxId, channelId: call.channelId } }
    const own = call.recordings.length > 0 ? call.recordings : call.elsewhere
    const live = 'recordingId' in target ? own.filter(({ id }) => id === target.recordingId) : own
    const hers: Order = { ...order, scope: { type: 'all' } }
    if (command.action === 'start') return await this.#told(hers, await this.#command({ ...command, target: whole }, order.signal), live)
    if (live.length === 0) throw new HoldfastError('RECORDING_NOT_ACTIVE', 'nothing of it is recorded now')
    const [now, later] = await Promise.all([
      this.#send(hers, live, 'recordingId' in target ? target : whole),
      'recordingId' in target || call.interactionId === null ? [] : withinMs(MERGED_PATIENCE_MS, this.#sendToMerged(hers, call.interactionId, live), []),
    ])
    return await this.#told(hers, [...now, ...later], live)
  }

  /** What the requester reaches by role and partitions. */
  async #controlReached(order: Order): Promise<Controlled> {
    const { command, target, scope, organisation } = order
    if ('current' in target) throw new HoldfastError('NO_LIVE_CALL', 'this token belongs to nobody who has calls')
    if (command.action === 'start') return await this.#start(order, target)
    const live = await this.#capture.live(target)
    const reached = meant(order, live)
    const results = live.some((recording) => reaches(scope, recording, organisation))
      ? await this.#sendNow(order, { live: reached, whole: reached.length === live.length ? target : null }, target)
      : await this.#sendTo(order, await this.#catalogued(order, target), target)
    return await this.#told(order, results, live)
  }

  async #start(order: Order, target: NamedTarget): Promise<Controlled> {
    const calls = await startableCalls({ capture: this.#capture, repository: this.#repository }, { target, scope: order.scope, organisation: order.organisation })
    const results = await Promise.all(calls.map(({ pbxId, channelId }) => this.#command({ ...order.command, target: { channel: { pbxId, channelId } } }, order.signal)))
    return await this.#told(order, results.flat(), [])
  }

  /** What became of it, as far as it may be seen; thrown when that is one refusal for all. */
  async #told(order: Order, answers: readonly ControlAnswer[], live: readonly Recording[]): Promise<Controlled> {
    const { command: { action } } = order
    const unconfirmed = answers.filter(isUnconfirmed)
    const results = onceEach(answers.filter((answer) => !isUnconfirmed(answer))).map((result) => said(action, result))
    const refusal = REFUSALS[action]
    const [first] = results
    if (unconfirmed.length === 0 && first?.outcome === 'failed' && results.every((result) => result.outcome === 'failed' && result.code === refusal)) throw new HoldfastError(first.code, first.message)
    const seen = await this.#seen(results, live, order)
    const unseenFailure = results.some((result) => result.outcome === 'failed' && !seen.some(({ recording }) => recording.id === result.recordingId))
    // Whoever asked for silence must not believe in it while a recording that they may not see goes on with sound.
    if ((action === 'pause' || action === 'stop') && unseenFailure) throw new HoldfastError(NOT_CONFIRMED[action], 'a part of this conversation goes on being recorded')
    return { recordings: seen, unconfirmed }
  }

  /** The target's live recordings as the catalogue has them, seen or not: the rules of those that are not seen count too. */
  async #catalogued(order: Order, target: NamedTarget): Promise<readonly Recording[]> {
    const { scope } = order
    const seen = 'recordingId' in target ? await this.#one(target.recordingId, scope) : await this.#allOf(target.interactionId, scope)
    if (!seen.some((recording) => isLive(recording.state))) throw new HoldfastError('RECORDING_NOT_ACTIVE', 'nothing of it is recorded now')
    const all = 'recordingId' in target ? seen : await this.#allOf(target.interactionId, { type: 'all' })
    return meant(order, all.filter((recording) => isLive(recording.state)))
  }

  async #one(id: RecordingId, scope: AccessScope): Promise<readonly Recording[]> {
    const recording = await this.#repository.find(id, scope)
    if (recording === null) throw notFound({ recordingId: id })
    return [recording]
  }

  async #allOf(id: InteractionId, scope: AccessScope): Promise<readonly Recording[]> {
    const found = await this.#repository.findInteraction(id, scope)
    if (found === null || found.recordings.length === 0) throw notFound({ interactionId: id })
    return found.recordings
  }

  /** The command is on its way before the catalogue is asked for what was merged into the interaction. */
  async #sendNow(order: Order, { live, whole }: { readonly live: readonly Recording[]; readonly whole: CaptureTarget | null }, target: NamedTarget): Promise<readonly ControlAnswer[]> {
    const [now, later] = await Promise.all([
      this.#send(order, live, whole),
      'recordingId' in target ? [] : withinMs(MERGED_PATIENCE_MS, this.#sendToMerged(order, target.interactionId, live), []),
    ])
    return [...now, ...later]
  }

  async #sendToMerged(order: Order, interactionId: InteractionId, live: readonly Recording[]): Promise<readonly ControlAnswer[]> {
    try {
      const found = await this.#repository.findInteraction(interactionId, { type: 'all' })
      // What was made under this very id the capture node knows better: it may have ended since.
      const others = found?.recordings.filter((recording) => isLive(recording.state) && recording.interactionId !== interactionId && !live.some(({ id }) => id === recording.id)) ?? []
      const also = meant(order, others)
      return also.length === 0 ? [] : await this.#send(order, also, null)
    } catch (error) {
      if (!isHoldfastError(error)) throw error
      // What was made under this id is being paused; that the rest was not looked for is told, and the answer does not claim it.
      await order.tell(error.code)
      return []
    }
  }

  /** Of what the capture node does not know as live under the target itself, each recording is sent for itself. */
  async #sendTo(order: Order, live: readonly Recording[], target: NamedTarget): Promise<readonly ControlAnswer[]> {
    const isWhole = 'recordingId' in target || (order.command.action !== 'stop' && live.every(({ interactionId }) => interactionId === target.interactionId))
    return await this.#send(order, live, isWhole ? target : null)
  }

  /**
   * One command for the whole where that reaches what it must and no more; else one for each recording. A conversation of which one
   * recording may not be paused is not paused at all: the others would be silent for nothing (decision 0013).
   */
  async #send({ command, signal }: Order, live: readonly Recording[], whole: CaptureTarget | null): Promise<readonly ControlAnswer[]> {
    const isForbidden = command.action === 'pause' && live.some(({ decision }) => pauseRefusal(decision.terms.pause, { way: 'api', by: command.person }) !== null)
    if (isForbidden) return live.map(({ id }) => failed(id, 'PAUSE_NOT_ALLOWED', FORBIDDEN_BY_RULE))
    if (whole !== null) return this.#command({ ...command, target: whole }, signal)
    const done = await Promise.all(live.map(({ id }) => this.#commandOne({ ...command, target: { recordingId: id } }, id, signal)))
    return done.flat()
  }

  /** One that has ended meanwhile must not hide what became of the others. */
  async #commandOne(command: ControlCommand, id: RecordingId, signal: AbortSignal): Promise<readonly ControlAnswer[]> {
    try {
      return await this.#command(command, signal)
    } catch (error) {
      if (!isHoldfastError(error)) throw error
      return [failed(id, error.code, error.message)]
    }
  }

  async #command(command: ControlCommand, signal: AbortSignal): Promise<readonly ControlAnswer[]> {
    try {
      return await this.#capture.control(command, signal)
    } catch (error) {
      const isUnheard = isHoldfastError(error, 'PBX_TIMEOUT') || isHoldfastError(error, 'PBX_UNREACHABLE')
      if (!isUnheard && (isHoldfastError(error) || !signal.aborted)) throw error
      throw new HoldfastError(NOT_CONFIRMED[command.action], 'the PBX did not confirm in time', { deadlineMs: CONTROL_DEADLINE_MS }, { cause: error })
    }
  }

  /** Each recording as it is after the command: from the capture node where that knows it. */
  async #seen(results: readonly ControlResult[], live: readonly Recording[], { scope, organisation }: Order): Promise<readonly ControlledRecording[]> {
    const found = await Promise.all(results.map(async (result) => {
      const [now] = await this.#capture.live({ recordingId: result.recordingId })
      const known = now ?? live.find(({ id }) => id === result.recordingId)
      const recording = known ?? await this.#repository.find(result.recordingId, scope)
      return { recording: recording !== null && reaches(scope, recording, organisation) ? recording : null, result }
    }))
    return found.filter((controlled): controlled is ControlledRecording => controlled.recording !== null)
  }

  async #tellRefusal(requester: Requester, action: AuditAction, { target, reason }: { readonly target: ControlTarget; readonly reason: ErrorCode }): Promise<void> {
    await this.#audit.attempt(requester, { action, object: objectOf(target), outcome: 'refused', reason, details: {}, personal: {} })
  }
}

/** A pause is worth nothing unless the whole conversation is silent; a stop ends what the requester reaches, and nothing besides. */
function meant({ command, scope, organisation }: Order, live: readonly Recording[]): readonly Recording[] {
  return command.action === 'stop' ? live.filter((recording) => reaches(scope, recording, organisation)) : live
}

const WEIGHT: Readonly<Record<ControlResult['outcome'], number>> = { failed: 0, done: 1, waiting: 2, already: 3 }

/** A command for one recording is answered for its whole conversation: of several answers for one, what failed counts, then what was done. */
function onceEach(answers: readonly ControlResult[]): readonly ControlResult[] {
  const byId = new Map<RecordingId, ControlResult>()
  for (const answer of answers) {
    const known = byId.get(answer.recordingId)
    if (known === undefined || WEIGHT[answer.outcome] < WEIGHT[known.outcome]) byId.set(answer.recordingId, answer)
  }
  return [...byId.values()]
}

function objectOf(target: ControlTarget): AuditDraft['object'] {
  if ('current' in target) return { type: 'query', id: 'current-call' }
  return 'recordingId' in target ? { type: 'recording', id: target.recordingId } : { type: 'interaction', id: target.interactionId }
}

/** An operator's code says nothing to who asked: it did not come about. */
function said(action: ControlAction, result: ControlResult): ControlResult {
  return result.outcome === 'failed' && ERROR_CODES[result.code].audience === 'operator' ? { ...result, code: NOT_CONFIRMED[action], message: 'the PBX did not confirm' } : result
}

function failed(recordingId: RecordingId, code: ErrorCode, message: string): ControlResult {
  return { recordingId, outcome: 'failed', code, message }
}
