import type { Requester, Role } from '../domain/actor.ts'
import type { AuditAction, AuditDraft } from '../domain/audit-entry.ts'
import { type ErrorCode, HoldfastError, isHoldfastError } from '../domain/errors.ts'
import type { InteractionId, RecordingId } from '../domain/ids.ts'
import { isLive } from '../domain/lifecycle.ts'
import type { Recording } from '../domain/recording.ts'
import { type PauseActor, pauseRefusal } from '../domain/rules/pause-terms.ts'
import type { CaptureControl, ControlAction, ControlCommand, ControlResult } from '../ports/capture-control.ts'
import type { AccessScope, RecordingRepository } from '../ports/recording-repository.ts'
import { reaches, scopeFor } from './access.ts'
import type { AuditWriter } from './audit-writer.ts'

/** An agent waits for the tone before she lets the customer say the card number. A guess at the patience of both. */
export const CONTROL_DEADLINE_MS = 5000

/** The catalogue is asked for merged interactions beside the command; the answer waits no longer than this for it. A guess: it answers in milliseconds, or hangs. */
const MERGED_PATIENCE_MS = 1000
/** A refusal stands whether or not it can be audited: a log that hangs must not keep somebody from asking again. A guess. */
const AUDIT_PATIENCE_MS = 1000

/** What a requester may name. */
export type ControlTarget = Extract<ControlCommand['target'], { readonly recordingId: RecordingId } | { readonly interactionId: InteractionId }>

/** What became of a command for one recording that the requester may see. */
export interface ControlledRecording {
  readonly recording: Recording
  readonly result: ControlResult
}

/** A command that is being carried out. */
interface Order {
  readonly command: Omit<ControlCommand, 'target'>
  readonly target: ControlTarget
  readonly signal: AbortSignal
  /** Audits that it was not done, or not for all; never fails. */
  readonly tell: (reason: ErrorCode) => Promise<void>
}

const FORBIDDEN_BY_RULE = 'the rule under which it is recorded forbids the pause'

/** As whom the rules of pauses know a role: an administrator is let do what a supervisor is. */
const PERSONS: Readonly<Record<Role, PauseActor>> = { administrator: 'supervisor', supervisor: 'supervisor', 'compliance-officer': 'supervisor', integrator: 'integrator' }

const AUDITED: Readonly<Record<ControlAction, AuditAction>> = { pause: 'recording.pause', resume: 'recording.resume', start: 'recording.start', stop: 'recording.stop' }

/** Pause and resume by a requester: permission, what they may see, and the rule's own word; then the capture node does it. */
export class LiveControl {
  readonly #repository: RecordingRepository
  readonly #capture: CaptureControl
  readonly #audit: AuditWriter

  constructor({ repository, capture, audit }: { readonly repository: RecordingRepository; readonly capture: CaptureControl; readonly audit: AuditWriter }) {
    this.#repository = repository
    this.#capture = capture
    this.#audit = audit
  }

  /**
   * Idempotent. One answer for each live recording of the target that the requester may see; refusals are audited here,
   * what was done is audited where it was done. What the capture node knows as live never waits for the catalogue.
   * @throws HoldfastError `FORBIDDEN`; `RECORDING_NOT_FOUND`; `INTERACTION_NOT_FOUND`; `RECORDING_NOT_ACTIVE`; `PAUSE_NOT_ALLOWED`; `PAUSE_FAILED` (retry)
   */
  async control(requester: Requester, action: ControlAction, target: ControlTarget): Promise<readonly ControlledRecording[]> {
    const tell = (reason: ErrorCode): Promise<void> => this.#tellRefusal(requester, AUDITED[action], { target, reason })
    try {
      const scope = scopeFor(requester, 'control')
      // Not tied to the client's connection: a pause that was asked for happens, whether or not somebody waits for the answer.
      const order: Order = { command: { action, by: requester.actor, person: PERSONS[requester.role], how: 'api' }, target, signal: AbortSignal.timeout(CONTROL_DEADLINE_MS), tell }
      const live = await this.#capture.live(target)
      const results = live.some((recording) => reaches(scope, recording))
        ? await this.#sendNow(order, live)
        : await this.#send(order, await this.#catalogued(target, scope))
      if (results.length > 0 && results.every((result) => result.outcome === 'failed' && result.message === FORBIDDEN_BY_RULE)) throw new HoldfastError('PAUSE_NOT_ALLOWED', FORBIDDEN_BY_RULE)
      const seen = await this.#seen(results, { live, scope })
      const unseenFailure = results.some((result) => result.outcome === 'failed' && !seen.some(({ recording }) => recording.id === result.recordingId))
      // Whoever asked for silence must not believe in it while a recording that they may not see goes on with sound.
      if (action === 'pause' && unseenFailure) throw new HoldfastError('PAUSE_FAILED', 'a part of this conversation goes on being recorded')
      return seen
    } catch (error) {
      if (isHoldfastError(error)) await withinMs(AUDIT_PATIENCE_MS, tell(error.code), undefined)
      throw error
    }
  }

  /** The target's live recordings as the catalogue has them, seen or not: the rules of those that are not seen count too. */
  async #catalogued(target: ControlTarget, scope: AccessScope): Promise<readonly Recording[]> {
    const seen = 'recordingId' in target ? await this.#one(target.recordingId, scope) : await this.#allOf(target.interactionId, scope)
    if (!seen.some((recording) => isLive(recording.state))) throw new HoldfastError('RECORDING_NOT_ACTIVE', 'nothing of it is recorded now')
    const all = 'recordingId' in target ? seen : await this.#allOf(target.interactionId, { type: 'all' })
    return all.filter((recording) => isLive(recording.state))
  }

  async #one(id: RecordingId, scope: AccessScope): Promise<readonly Recording[]> {
    const recording = await this.#repository.find(id, scope)
    if (recording === null) throw new HoldfastError('RECORDING_NOT_FOUND', 'there is no such recording', { recordingId: id })
    return [recording]
  }

  async #allOf(id: InteractionId, scope: AccessScope): Promise<readonly Recording[]> {
    const found = await this.#repository.findInteraction(id, scope)
    if (found === null || found.recordings.length === 0) throw new HoldfastError('INTERACTION_NOT_FOUND', 'there is no such interaction', { interactionId: id })
    return found.recordings
  }

  /** The command is on its way before the catalogue is asked for what was merged into the interaction. */
  async #sendNow(order: Order, live: readonly Recording[]): Promise<readonly ControlResult[]> {
    const { target } = order
    const [now, later] = await Promise.all([
      this.#send(order, live),
      'recordingId' in target ? [] : withinMs(MERGED_PATIENCE_MS, this.#sendToMerged(order, target.interactionId), []),
    ])
    return [...now, ...later]
  }

  async #sendToMerged(order: Order, interactionId: InteractionId): Promise<readonly ControlResult[]> {
    try {
      const found = await this.#repository.findInteraction(interactionId, { type: 'all' })
      // What was made under this very id the capture node knows better: it may have ended since.
      const others = found?.recordings.filter((recording) => isLive(recording.state) && recording.interactionId !== interactionId) ?? []
      return others.length === 0 ? [] : await this.#send(order, others)
    } catch (error) {
      if (!isHoldfastError(error)) throw error
      // What was made under this id is being paused; that the rest was not looked for is told, and the answer does not claim it.
      await order.tell(error.code)
      return []
    }
  }

  /** One command for the whole target where that reaches what it must and no more; else one for each recording that may be paused. */
  async #send({ command, target, signal }: Order, live: readonly Recording[]): Promise<readonly ControlResult[]> {
    const forbidden = command.action === 'pause' ? live.filter(({ decision }) => pauseRefusal(decision.terms.pause, { way: 'api', by: command.person }) !== null) : []
    // A recording keeps the interaction under which it was made: after a merge the capture node knows it by that one.
    if (forbidden.length === 0 && live.every(({ interactionId }) => 'recordingId' in target || interactionId === target.interactionId)) return this.#command({ ...command, target }, signal)
    const allowed = live.filter((recording) => !forbidden.includes(recording))
    const done = await Promise.all(allowed.map(({ id }) => this.#commandOne({ ...command, target: { recordingId: id } }, id, signal)))
    return [...done.flat(), ...forbidden.map(({ id }) => failed(id, 'PAUSE_NOT_ALLOWED', FORBIDDEN_BY_RULE))]
  }

  /** One that has ended meanwhile must not hide what became of the others. */
  async #commandOne(command: ControlCommand, id: RecordingId, signal: AbortSignal): Promise<readonly ControlResult[]> {
    try {
      return await this.#command(command, signal)
    } catch (error) {
      if (!isHoldfastError(error)) throw error
      return [failed(id, error.code, error.message)]
    }
  }

  async #command(command: ControlCommand, signal: AbortSignal): Promise<readonly ControlResult[]> {
    try {
      return await this.#capture.control(command, signal)
    } catch (error) {
      if (isHoldfastError(error) || !signal.aborted) throw error
      throw new HoldfastError('PAUSE_FAILED', 'the PBX did not confirm in time', { deadlineMs: CONTROL_DEADLINE_MS }, { cause: error })
    }
  }

  /** Each recording as it is after the command: from the capture node where that knows it. */
  async #seen(results: readonly ControlResult[], { live, scope }: { readonly live: readonly Recording[]; readonly scope: AccessScope }): Promise<readonly ControlledRecording[]> {
    const found = await Promise.all(results.map(async (result) => {
      const [now] = await this.#capture.live({ recordingId: result.recordingId })
      const known = now ?? live.find(({ id }) => id === result.recordingId)
      const recording = known ?? await this.#repository.find(result.recordingId, scope)
      return { recording: recording !== null && reaches(scope, recording) ? recording : null, result }
    }))
    return found.filter((controlled): controlled is ControlledRecording => controlled.recording !== null)
  }

  async #tellRefusal(requester: Requester, action: AuditAction, { target, reason }: { readonly target: ControlTarget; readonly reason: ErrorCode }): Promise<void> {
    const object: AuditDraft['object'] = 'recordingId' in target ? { type: 'recording', id: target.recordingId } : { type: 'interaction', id: target.interactionId }
    await this.#audit.attempt(requester, { action, object, outcome: 'refused', reason, details: {}, personal: {} })
  }
}

function failed(recordingId: RecordingId, code: ErrorCode, message: string): ControlResult {
  return { recordingId, outcome: 'failed', code, message }
}

/** What the work gives, or `late` when it takes longer; the work goes on. */
async function withinMs<T>(ms: number, work: Promise<T>, late: T): Promise<T> {
  const waiting = Promise.withResolvers<T>()
  const timer = setTimeout(() => waiting.resolve(late), ms)
  try {
    return await Promise.race([work, waiting.promise])
  } finally {
    clearTimeout(timer)
  }
}
