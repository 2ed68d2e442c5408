import type { Requester } from '../domain/actor.ts'
import type { AuditAction, AuditDraft } from '../domain/audit-entry.ts'
import { type ErrorCode, HoldfastError, isHoldfastError } from '../domain/errors.ts'
import type { InteractionId, RecordingId } from '../domain/ids.ts'
import { isLive } from '../domain/lifecycle.ts'
import type { Recording } from '../domain/recording.ts'
import type { CaptureControl, ControlCommand, ControlResult } from '../ports/capture-control.ts'
import type { AccessScope, RecordingRepository } from '../ports/recording-repository.ts'
import { scopeFor, scopeOf } from './access.ts'
import type { AuditWriter } from './audit-writer.ts'

/** An agent waits for the tone before she lets the customer say the card number. A guess at the patience of both. */
export const CONTROL_DEADLINE_MS = 5000

export type ControlAction = ControlCommand['action']
export type ControlTarget = ControlCommand['target']

/** What became of a command for one recording that the requester may see. */
export interface ControlledRecording {
  readonly recording: Recording
  readonly result: ControlResult
}

const FORBIDDEN_BY_RULE = 'the rule under which it is recorded forbids the pause'

const AUDITED: Readonly<Record<ControlAction, AuditAction>> = { pause: 'recording.pause', resume: 'recording.resume' }

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
   * what was done is audited where it was done.
   * @throws HoldfastError `FORBIDDEN`; `RECORDING_NOT_FOUND`; `INTERACTION_NOT_FOUND`; `RECORDING_NOT_ACTIVE`; `PAUSE_NOT_ALLOWED`; `PAUSE_FAILED` (retry)
   */
  async control(requester: Requester, action: ControlAction, target: ControlTarget): Promise<readonly ControlledRecording[]> {
    try {
      const live = await this.#liveOf(target, scopeFor(requester, 'control'))
      const results = await this.#send(requester, action, { target, live })
      return await this.#seen(results, scopeOf(requester))
    } catch (error) {
      if (isHoldfastError(error)) await this.#tellRefusal(requester, AUDITED[action], { target, reason: error.code })
      throw error
    }
  }

  /** The target's live recordings, seen or not: the rules of those that are not seen count too. */
  async #liveOf(target: ControlTarget, scope: AccessScope): Promise<readonly Recording[]> {
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

  /** One command for the whole target where that reaches what it must and no more; else one for each recording that may be paused. */
  async #send(requester: Requester, action: ControlAction, { target, live }: { readonly target: ControlTarget; readonly live: readonly Recording[] }): Promise<readonly ControlResult[]> {
    const command = { action, by: requester.actor, how: 'api' } as const
    // Not tied to the client's connection: a pause that was asked for happens, whether or not somebody waits for the answer.
    const signal = AbortSignal.timeout(CONTROL_DEADLINE_MS)
    const forbidden = action === 'pause' ? live.filter(({ decision }) => decision.pause === 'forbidden') : []
    if (forbidden.length === live.length) throw new HoldfastError('PAUSE_NOT_ALLOWED', FORBIDDEN_BY_RULE, { rule: forbidden[0]?.decision.rule ?? null })
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

  async #seen(results: readonly ControlResult[], scope: AccessScope): Promise<readonly ControlledRecording[]> {
    const found = await Promise.all(results.map(async (result) => ({ recording: await this.#repository.find(result.recordingId, scope), result })))
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
