import { attachedValue, PARTITIONS_KEY } from '../attached-data.ts'
import { parsePartitionList } from '../partition.ts'
import type { RecordAction, RecordedSide } from '../policy.ts'
import { type Decider, type Decision, type DialplanWord, dialplanWord } from './decision.ts'
import { type DecisionInput, withFactsOfKeys } from './decision-input.ts'
import type { Draw } from './draw.ts'
import { sceneOf } from './holds.ts'
import { accountsAsked, type Hearing, judge } from './judge.ts'
import { pauseRight } from './pause-terms.ts'
import type { Policy } from './policy.ts'
import type { QuotaCounts, QuotaUse } from './quota.ts'
import { NEVER_TERMS, type NeverRule, NO_RULE, type Rule } from './rule.ts'

const NOTHING_COUNTED: QuotaCounts = new Map()

/**
 * What becomes of a call: `never` rules first, then the first rule that takes it; without one the dialplan's request is obeyed.
 * Pure: clock and counts come in, and the answer can be made again from what it holds.
 * @param counts - interactions on the accounts that {@link countsNeeded} names; one that is missing counts as none
 */
export function decide(policy: Policy, input: DecisionInput, counts: QuotaCounts = NOTHING_COUNTED): Decision {
  const hearing = hearingOf(policy, input, counts)
  const draws: Draw[] = []
  const quotas: QuotaUse[] = []
  for (const [index, rule] of [...policy.never, ...policy.rules].entries()) {
    const verdict = judge(rule, hearing)
    if ('draw' in verdict && verdict.draw !== null) draws.push(verdict.draw)
    if ('quotas' in verdict) quotas.push(...verdict.quotas)
    if (verdict.type === 'takes') return decided({ rule, index, draws, quotas }, hearing)
  }
  return decided({ rule: NO_RULE, index: policy.never.length + policy.rules.length, draws, quotas }, hearing)
}

/** The accounts whose counts have to be fetched before this call is decided; empty for a policy without quotas. */
export function countsNeeded(policy: Policy, input: DecisionInput): readonly string[] {
  return accountsAsked(hearingOf(policy, input, NOTHING_COUNTED))
}

/** The call as the rules see it. */
export function hearingOf(policy: Policy, input: DecisionInput, counts: QuotaCounts): Hearing {
  return { policy, scene: sceneOf(withFactsOfKeys(input, policy.factKeys)), counts }
}

interface Found {
  readonly rule: Rule | NeverRule
  /** Among `never` and `rules` in turn. */
  readonly index: number
  readonly draws: readonly Draw[]
  readonly quotas: readonly QuotaUse[]
}

function decided({ rule, index, draws, quotas }: Found, { policy, scene: { input } }: Hearing): Decision {
  const asked = dialplanWord(input)
  const { sides, sidesBy } = sidesOf(rule, asked)
  const named = parsePartitionList(attachedValue(input.attached, PARTITIONS_KEY) ?? '')
  const terms = 'terms' in rule ? rule.terms : NEVER_TERMS
  return {
    outcome: sides.length > 0 ? 'record' : 'do-not-record',
    sides,
    rule: rule.name,
    policyVersion: policy.version,
    partitions: [...new Set([...named.partitions, ...('partitions' in rule ? rule.partitions : [])])],
    pause: pauseRight(terms.pause),
    input,
    decider: deciderOf(rule),
    asked,
    sidesBy,
    labels: 'labels' in rule ? rule.labels : [],
    terms,
    lookedAt: policy.lookedAt[index] ?? [],
    draws,
    quotas,
    accounts: sides.length === 0 ? [] : [...new Set(quotas.filter((use) => use.rule === rule.name).map(({ key }) => key))],
    partitionsRefused: named.refused,
  }
}

function deciderOf(rule: Rule | NeverRule): Decider {
  if (!('record' in rule)) return 'never'
  return rule === NO_RULE ? 'no-rule' : 'rule'
}

const SIDES: Record<Exclude<RecordAction, 'as-asked'>, readonly RecordedSide[]> = {
  source: ['source'],
  destination: ['destination'],
  both: ['source', 'destination'],
  no: [],
}

const ASKED_SIDES: Record<DialplanWord, readonly RecordedSide[] | null> = {
  source: ['source'],
  destination: ['destination'],
  no: [],
  nothing: null,
  unreadable: null,
}

/** The dialplan's word goes before the rule's, unless the rule overrules it; `as-asked` has no word of its own. */
function sidesOf(rule: Rule | NeverRule, asked: DialplanWord): Pick<Decision, 'sides' | 'sidesBy'> {
  if (!('record' in rule)) return { sides: [], sidesBy: 'rule' }
  const byDialplan = ASKED_SIDES[asked]
  if (rule.record === 'as-asked') return { sides: byDialplan ?? [], sidesBy: 'dialplan' }
  if (rule.dialplan === 'obeyed' && byDialplan !== null) return { sides: byDialplan, sidesBy: 'dialplan' }
  return { sides: SIDES[rule.record], sidesBy: 'rule' }
}

