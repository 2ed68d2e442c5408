import type { Requester } from '../../domain/actor.ts'
import type { RecordingId } from '../../domain/ids.ts'
import type { Recording } from '../../domain/recording.ts'
import { shownExplanation, type ShownExplanation } from '../../domain/rules/shown-explanation.ts'
import type { PolicyControl } from '../../ports/policy-control.ts'
import type { RecordingRepository } from '../../ports/recording-repository.ts'
import { scopeFor } from '../access/access.ts'
import type { AttachedVisibility } from './attached-visibility.ts'
import type { AuditWriter } from '../audit/audit-writer.ts'
import { explainRecording } from './policy-explain.ts'

/** Why a call was, or was not, recorded, as far as its reader may know. */
export interface RecordingExplanation {
  readonly recording: Recording
  readonly explanation: ShownExplanation
  /** Whether the rules of then, asked again, say what was stored. */
  readonly agreement: 'same' | 'differs'
}

interface Parts {
  readonly repository: Pick<RecordingRepository, 'find' | 'policyText'>
  readonly control: Pick<PolicyControl, 'standing'>
  readonly visibility: AttachedVisibility
  readonly audit: AuditWriter
}

/** Explanations of recordings, and of calls that were not recorded, for whoever may find them. */
export class RecordingExplanations {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /**
   * `null`: not there, or not this requester's. That it was asked stands in the audit before it is shown.
   * @throws HoldfastError `FORBIDDEN`; `POLICY_INVALID` when the rules of then are not kept, or drew with another key; `AUDIT_UNAVAILABLE` (retry)
   */
  async explain(requester: Requester, id: RecordingId): Promise<RecordingExplanation | null> {
    const { repository, control, visibility, audit } = this.#parts
    const recording = await repository.find(id, scopeFor(requester, 'search'))
    if (recording === null) return null
    const explained = await explainRecording(repository, recording, control.standing().policy)
    const { rule, policyVersion, outcome } = recording.decision
    await audit.require(requester, { action: 'recording.explained', object: { type: 'recording', id }, outcome: 'ok', reason: null, details: { rule, policyVersion }, personal: {} })
    const again = explained.decision
    return {
      recording,
      explanation: shownExplanation(explained, visibility.fields(requester, explained.factKeys)),
      agreement: again.rule === rule && again.outcome === outcome ? 'same' : 'differs',
    }
  }
}
