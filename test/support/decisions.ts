import { parseInteractionId, parsePbxId } from '../../core/domain/ids.ts'
import type { Decision } from '../../core/domain/rules/decision.ts'
import type { DecisionInput } from '../../core/domain/rules/decision-input.ts'
import { NEVER_TERMS, NO_RULE } from '../../core/domain/rules/rule.ts'

/** A decision to record the customer's side, but for what is given. */
export function decisionWith({ input, ...given }: Partial<Omit<Decision, 'input'>> & { readonly input?: Partial<DecisionInput> } = {}): Decision {
  return {
    outcome: 'record', sides: ['source'], rule: 'everything', policyVersion: 'a1b2', partitions: [], pause: 'allowed',
    decider: 'rule', asked: 'nothing', sidesBy: 'rule', labels: [], terms: given.pause === 'forbidden' ? { ...NO_RULE.terms, pause: NEVER_TERMS.pause } : NO_RULE.terms, lookedAt: [], draws: [], quotas: [], accounts: [], partitionsRefused: 0,
    ...given,
    input: {
      interactionId: parseInteractionId('i-1'), occasion: 'route', at: new Date('2026-03-02T08:00:00.000Z'), attached: {}, caller: '100', callee: '200', dialled: '200', extensions: [],
      direction: 'inbound', queue: null, agent: null, businessUnit: null, customerType: null, language: null, pbx: parsePbxId('pbx-1'), site: null,
      ...input,
    },
  }
}
