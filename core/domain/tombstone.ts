import type { Recording, StateReason } from './recording.ts'
import type { Decision } from './rules/decision.ts'

/**
 * What stays of a recording that was destroyed: its id, its times, its rule, and the partitions by which it is still found.
 * No number, no name, no attached data, nothing that somebody typed.
 */
export function tombstoneOf(recording: Recording, reason: Extract<StateReason, 'retention' | 'deleted'>): Recording {
  return {
    ...recording,
    state: 'purged',
    reason,
    caller: { number: null, name: null },
    callee: { number: null, name: null },
    agent: null,
    queue: null,
    decision: withoutPersons(recording.decision),
    labels: [],
    ruleLabels: [],
    announcement: null,
    attached: {},
    attachedChanges: [],
    segments: [],
    pauses: [],
    demands: [],
    parties: [],
    transfers: [],
    media: null,
    findings: [],
  }
}

/** Accounts of quotas may be kept by caller, and a lot is drawn over what the call brought. */
function withoutPersons(decision: Decision): Decision {
  const { occasion, at, interactionId, direction, pbx, site } = decision.input
  return {
    ...decision,
    input: { occasion, at, interactionId, direction, pbx, site, caller: null, callee: null, dialled: null, attached: {}, extensions: [], queue: null, agent: null, businessUnit: null, customerType: null, language: null },
    labels: [],
    draws: [],
    quotas: [],
    accounts: [],
  }
}
