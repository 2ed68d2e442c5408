import { actsForHerselfAlone, type Requester } from '../../domain/actor.ts'
import type { AuditDraft } from '../../domain/audit-entry.ts'
import { HoldfastError, isHoldfastError } from '../../domain/errors.ts'
import type { InteractionId, RecordingId } from '../../domain/ids.ts'
import type { Organisation } from '../../domain/organisation.ts'
import type { Recording } from '../../domain/recording.ts'
import { accessKeys } from '../../domain/rules/attached-schema.ts'
import type { AttachedControl, AttachedOutcome } from '../../ports/attached-control.ts'
import type { CaptureControl, LiveCall } from '../../ports/capture-control.ts'
import type { PolicyControl } from '../../ports/policy-control.ts'
import type { AccessScope, RecordingRepository } from '../../ports/recording-repository.ts'
import { mustBeKnownNow, reaches, scopeForControl } from '../access/access.ts'
import { clientOf } from '../access/requester.ts'
import { ownCall } from './controlled-calls.ts'
import type { Organisations } from '../people/organisations.ts'
import { withinMs } from '../within-ms.ts'
import type { AuditNote, AuditWriter } from '../audit/audit-writer.ts'

/** A journal's line and a decision take milliseconds; a recorder that begins because of them waits for the PBX. A guess. */
export const ATTACH_DEADLINE_MS = 5000

/** A guess at how long somebody at a desk waits for an answer that is there already. */
const AUDIT_PATIENCE_MS = 1000

/** Whose call it is about: of a recording, also one that was not made, or an interaction. */
export type AttachedTarget = { readonly recordingId: RecordingId } | { readonly interactionId: InteractionId }

/** What is to be attached. */
export interface AttachedValue {
  readonly key: string
  readonly value: string
}

/** What became of it. */
export interface AttachedAnswer {
  readonly kept: AttachedOutcome['kept']
  /** What is recorded of the call now, as far as the requester may see it. */
  readonly recordings: readonly Recording[]
}

interface Parts {
  readonly capture: CaptureControl
  readonly attached: AttachedControl
  readonly repository: Pick<RecordingRepository, 'find' | 'findInteraction'>
  readonly policy: Pick<PolicyControl, 'standing'>
  readonly organisations: Organisations
  readonly audit: AuditWriter
}

/** Attached data of live calls, set over the API. Whoever may control a call may tell what it is about. */
export class AttachedSettings {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /**
   * Idempotent. An agent reaches her own calls while they go on. A key that the requester may not see may be set all the same, and the answer does not tell what was there before.
   * @throws HoldfastError `FORBIDDEN`; `RECORDING_NOT_FOUND`; `INTERACTION_NOT_FOUND`; `NO_LIVE_CALL`; `ATTACHED_REFUSED`; `ATTACHED_FAILED` (retry)
   */
  async set(requester: Requester, target: AttachedTarget, { key, value }: AttachedValue): Promise<AttachedAnswer> {
    mustBeKnownNow(requester)
    try {
      const scope = scopeForControl(requester)
      this.#refuseAccessKey(requester, key)
      const isOwn = actsForHerselfAlone(requester)
      const calls = isOwn ? [await ownCall(this.#parts.capture, requester, target)] : await this.#calls(target, scope)
      const signal = AbortSignal.timeout(ATTACH_DEADLINE_MS)
      const outcomes = await Promise.all(calls.map(({ pbxId, channelId }) => this.#parts.attached.attach({ pbxId, channelId, key, value, by: requester.actor, client: clientOf(requester) }, signal)))
      for (const [index, outcome] of outcomes.entries()) await this.#tellUnrecorded(requester, { call: calls[index], key, outcome })
      return { kept: outcomes.some(({ kept }) => kept === 'masked') ? 'masked' : 'whole', recordings: await this.#recordings(calls, isOwn ? OWN : scope) }
    } catch (error) {
      if (isHoldfastError(error)) await this.#tell(requester, { object: objectOf(target), outcome: 'refused', reason: error.code, details: { key: key.slice(0, MAX_KEY_SHOWN) }, personal: {} })
      throw error
    }
  }

  /** Keys by which recordings find their hearers: from those alone whom no partition narrows. */
  #refuseAccessKey({ reach, role }: Requester, key: string): void {
    if (reach === 'all' || !accessKeys(this.#parts.policy.standing().policy.factKeys).includes(key)) return
    throw new HoldfastError('FORBIDDEN', `key: ${key} decides who may hear a recording, and this token reaches only a part of them`, { field: 'key', role: role.name })
  }

  /** What goes on, as the capture node knows it; what only the catalogue knows of it (a call that is not recorded, a merge) after that. */
  async #calls(target: AttachedTarget, scope: AccessScope): Promise<readonly LiveCall[]> {
    const { capture, organisations } = this.#parts
    const organisation = await organisations.for(scope)
    const known = (await capture.calls(target)).filter((call) => reachesCall(scope, call, organisation))
    if (known.length > 0) return known
    const recordings = await this.#catalogued(target, scope)
    const legs = new Map(recordings.map(({ pbxId, channelId }) => [`${pbxId} ${channelId}`, { pbxId, channelId }]))
    const found = (await Promise.all([...legs.values()].map((channel) => capture.calls({ channel })))).flat()
    const calls = [...new Map(found.map((call) => [`${call.pbxId} ${call.callId}`, call])).values()]
    if (calls.length === 0) throw new HoldfastError('NO_LIVE_CALL', 'the call is over')
    return calls
  }

  async #catalogued(target: AttachedTarget, scope: AccessScope): Promise<readonly Recording[]> {
    const { repository } = this.#parts
    if ('recordingId' in target) {
      const recording = await repository.find(target.recordingId, scope)
      if (recording === null) throw new HoldfastError('RECORDING_NOT_FOUND', 'there is no such recording', { recordingId: target.recordingId })
      return [recording]
    }
    const found = await repository.findInteraction(target.interactionId, scope)
    if (found === null || found.recordings.length === 0) throw new HoldfastError('INTERACTION_NOT_FOUND', 'there is no such interaction', { interactionId: target.interactionId })
    return found.recordings
  }

  /** Where recordings noted it, their facts tell the audit. */
  async #tellUnrecorded(requester: Requester, { call, key, outcome }: { readonly call: LiveCall | undefined; readonly key: string; readonly outcome: AttachedOutcome }): Promise<void> {
    if (outcome.noted.length > 0 || call === undefined) return
    const object: AuditDraft['object'] = { type: 'interaction', id: call.interactionId ?? call.callId }
    await this.#tell(requester, { object, outcome: 'ok', reason: null, details: { key, pbxId: call.pbxId }, personal: { [`attached.${key}`]: outcome.value } })
  }

  /** What was done stands, and so does a refusal: neither waits for an audit that hangs. */
  async #tell(requester: Requester, note: Omit<AuditNote, 'action'>): Promise<void> {
    await withinMs(AUDIT_PATIENCE_MS, this.#parts.audit.attempt(requester, { action: 'attached.set', ...note }), undefined)
  }

  async #recordings(calls: readonly LiveCall[], scope: AccessScope): Promise<readonly Recording[]> {
    const organisation = await this.#parts.organisations.for(scope)
    const now = (await Promise.all(calls.map(({ pbxId, channelId }) => this.#parts.capture.calls({ channel: { pbxId, channelId } })))).flat()
    const recordings = now.flatMap((call) => call.recordings).filter((recording) => reaches(scope, recording, organisation))
    return [...new Map(recordings.map((recording) => [recording.id, recording])).values()]
  }
}

/** Of her own call an agent sees what is recorded, and as long as it goes on. */
const OWN: AccessScope = { type: 'all' }
/** Longest word of a stranger that goes into the audit as a key. */
const MAX_KEY_SHOWN = 64

/** A call of which nothing is recorded lies where its decision would have put it. */
function reachesCall(scope: AccessScope, { recordings, decision }: LiveCall, organisation: Organisation): boolean {
  return recordings.length > 0 ? recordings.some((recording) => reaches(scope, recording, organisation)) : decision !== null && reaches(scope, decision)
}

function objectOf(target: AttachedTarget): AuditDraft['object'] {
  return 'recordingId' in target ? { type: 'recording', id: target.recordingId } : { type: 'interaction', id: target.interactionId }
}
